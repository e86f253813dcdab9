"""An adversary's walk: every address of this server, in search of planted strings (CF-1).

The routes come from the routing map itself, so that those of other apps and of later chapters are walked too.
"""

import inspect
import json
import re
import threading
from unittest.mock import patch

from odoo.tests import HttpCase

from tests.security.doors.walk import WalkCase

# Routes that end the session, build assets out of files, or manage whole databases behind the master password.
SKIPPED_ROUTES = re.compile(r"^/(web/session/(logout|destroy)|web/database|web/(assets|bundle|tests|static)|websocket)")


class TestWalkRoutes(WalkCase, HttpCase):
    def test_every_route(self):
        """CF-1: no address of this server, with whatever numbers in it, answers a planted string to a colleague."""
        self.env.flush_all()
        self.authenticate("outsider", "outsider")
        with patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        self.words = self.vocabularies()
        leaks, walked = [], 0
        for rule in rules:
            if SKIPPED_ROUTES.match(rule.rule) or "meeting/answer" in rule.rule:
                continue
            routing = rule.endpoint.routing
            for url, arguments in self.addresses(rule):
                walked += 1
                try:
                    response = self.knock(url, arguments, routing["type"])
                except Exception as error:
                    self.assertNotIn(self.MARK, str(error))
                    continue
                text = f"{response.url} {dict(response.headers)} {response.text}"
                if planted := re.search(rf"{self.MARK}(?: |%20|\+|_)\w.{{,40}}", text):  # not the word we searched for
                    leaks.append(f"{rule.rule} {arguments}: {planted.group()}")
        self.assertGreater(walked, 300)
        self.assertFalse(leaks, "\n".join(leaks[:40]))

    def knock(self, url, arguments, kind):
        if kind == "http":
            return self.url_open(
                url, params={**{k: v if isinstance(v, str | int) else json.dumps(v) for k, v in arguments.items()},
                             "debug": "1"}, timeout=20, allow_redirects=False,
            )  # fmt: skip
        payload = json.dumps({"jsonrpc": "2.0", "method": "call", "id": 0, "params": arguments})
        return self.url_open(url, data=payload, headers={"Content-Type": "application/json"}, timeout=20)

    def addresses(self, rule):
        """The rule filled with numbers of hidden records: once with the meeting, once with an attachment, once with a
        message."""
        for words in self.words:
            path, complete = "", True
            for is_dynamic, part in rule._trace:
                if not is_dynamic:
                    path += part.replace("|", "")
                    continue
                value = words.get(part, words["id"] if self.is_number(rule, part) else None)
                complete &= value is not None
                path += str(value)
            if not complete:
                continue
            arguments = {
                name: words[name]
                for name, parameter in inspect.signature(rule.endpoint).parameters.items()
                if name in words and name not in rule.arguments
            }
            yield path, arguments
            if not rule.arguments and not arguments:
                return

    def is_number(self, rule, argument):
        return type(rule._converters.get(argument)).__name__ in (
            "IntegerConverter",
            "ModelConverter",
            "ModelsConverter",
        )

    def vocabularies(self):
        """What a stranger could know or guess: names of models, and the numbers of a meeting, a file, a message and
        minutes; :return: list of dict word → value"""
        meeting = self.meetings[0]
        message, file, minutes = (
            self.tainted[model][0] for model in ("mail.message", "ir.attachment", "meeting.minutes")
        )
        event = self.env["calendar.event"].search([("formal_meeting_id", "=", meeting.id)], limit=1)
        token = event.attendee_ids[:1].access_token or "x"
        common = {
            "message_id": message,
            "attachment_id": file,
            "attachment_ids": [file],
            "file_ids": str(file),
            "field": "name",
            "filename": "x",
            "filename_field": "name",
            "fields": ["name", "display_name"],
            "converter": "html",
            "token": token,
            "access_token": token,
            "domain": [],
            "method": "read",
            "kwargs": {},
            "lang": "en_US",
            **dict.fromkeys(("search_term", "term", "search"), self.MARK),
        }
        words = []
        for model, number in (
            (meeting._name, meeting.id),
            ("ir.attachment", file),
            ("mail.message", message),
            ("meeting.minutes", minutes),
        ):
            report = "report_minutes" if model == "meeting.minutes" else "report_notice_sheet"
            export = {
                "model": model,
                "ids": [number],
                "domain": [],
                "import_compat": False,
                "fields": [{"name": "display_name", "label": "x"}],
            }
            words.append(
                {
                    **common,
                    **dict.fromkeys(("model", "res_model", "thread_model", "record_model", "model_name"), model),
                    **dict.fromkeys(("id", "res_id", "thread_id", "record_id", "docids"), number),
                    **dict.fromkeys(("ids", "res_ids"), [number]),
                    "reportname": f"meeting_management.{report}",
                    "args": [[number], ["display_name", "name"]],
                    "path": f"{model}/read",
                    "subpath": f"{model}/{number}",
                    "data": json.dumps(export),
                }
            )
        return words
