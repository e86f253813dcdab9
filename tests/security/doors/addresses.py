"""Addresses of this server that name hidden records, made out of its routes."""

import inspect
import json

KINDS = ("document", "minutes", "agreement", "event.ics", "x", "document", "document")
DEEDS = ("answer", "sign", "read", "materials", "verify", "code", "answer")


class Addresses:
    """What a stranger could know or guess: the names of models, and the numbers of a meeting and of what belongs to it.

    Each of ``vocabularies`` tells a route everything in terms of one hidden record.
    """

    def __init__(self, case):
        self.case = case
        self.vocabularies = self.make_vocabularies()

    def of(self, rule, user):
        """:return: iterator of (path, other arguments): the rule filled with each vocabulary, without repetition"""
        known = []
        for words in self.vocabularies:
            path = "".join(
                str(self.value(words, part, number=self.is_number(rule, part))) if is_dynamic else part.replace("|", "")
                for is_dynamic, part in rule._trace
            )
            arguments = {}
            for name, parameter in inspect.signature(rule.endpoint).parameters.items():
                if name in rule.arguments or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                    continue
                if parameter.default is parameter.empty or name in words:
                    arguments[name] = self.value(words, name)
            arguments |= self.peculiar(rule.rule, words, user)
            if (path, arguments) not in known:
                known.append((path, arguments))
                yield path, arguments

    def is_number(self, rule, argument):
        """Whether this part of the path must be one: of an integer, or of a record."""
        return type(rule._converters.get(argument)).__name__ in (
            "IntegerConverter",
            "SignedIntConverter",
            "ModelConverter",
            "ModelsConverter",
        )

    def value(self, words, name, number=False):
        """What is put in for an argument; one without a word of its own gets something by the look of its name."""
        if name in words:
            return words[name]
        if name.endswith("_ids"):
            return [words["id"]]
        return words["id"] if number or name.endswith("_id") else "x"

    def peculiar(self, rule, words, user):
        """What a few routes want to be told in a form of their own."""
        model, number = words["model"], words["id"]
        if rule == "/jsonrpc":
            login = user.login if user else "x"
            password = login.ljust(8, "x")
            cr = self.case.env.cr
            call = [cr.dbname, user.id if user else 1, password, model, "read", [[number]]]
            return {"service": "object", "method": "execute_kw", "args": call}
        if rule.startswith("/json/2/"):
            return {"ids": [number], "fields": words["fields"]}
        if rule == "/report/download":
            return {"data": json.dumps([f"/report/pdf/{words['reportname']}/{number}", "qweb-pdf"]), "context": "{}"}
        if rule in ("/mail/data", "/mail/action"):
            thread = {"thread_model": model, "thread_id": number, "request_list": words["request_list"]}
            return {"fetch_params": [["mail.thread", thread], "init_messaging", "failures", "systray_get_activities"]}
        if rule == "/web/action/load_breadcrumbs":
            return {"actions": [{"resModel": model, "resId": number, "model": model}]}
        if rule == "/my/counters":
            return {"counters": ["meeting_count"]}
        return {}

    def make_vocabularies(self):
        """:return: list of dict word → value"""
        case = self.case
        meeting = case.meetings[0]
        line = case.participant(meeting, case.member.partner_id)
        topic = meeting.agenda_item_ids[0]
        message = meeting.message_ids.filtered(lambda row: case.MARK in (row.body or ""))[:1].id
        file = topic.attachment_ids[0]
        event = case.env["calendar.event"].search(
            [("formal_meeting_id", "=", meeting.id), ("user_id", "=", case.member.id)], limit=1
        )
        link = case.env["meeting.user.link"].search([], limit=1)
        token = event.attendee_ids[:1].access_token
        common = {
            "message_id": message,
            "attachment_id": file.id,
            "attachment": file.id,
            "attachment_ids": file.ids,
            "file_ids": str(file.id),
            "participant_id": line.id,
            "link_id": link.id,
            "number": file.id,
            "partner_id": line.partner_id.id,
            "partner_ids": line.partner_id.ids,
            "employee_id": case.member.employee_id.id,
            "request_list": ["activities", "attachments", "followers", "scheduledMessages", "suggestedRecipients"],
            "filename": "x",
            "filename_field": "name",
            "fields": ["name", "display_name"],
            "converter": "html",
            "token": token,
            "domain": [],
            "method": "read",
            "__method__": "read",
            "kwargs": {},
            "lang": "en_US",
            "country": case.env.ref("base.cn").id,
            "page": 1,
            "size": 16,
            "width": 16,
            "height": 16,
            **dict.fromkeys(("search_term", "term", "search"), case.MARK),
        }
        message = case.env["mail.message"].browse(message)
        records = (meeting, file, message, meeting.minutes_ids, line, event, file)
        found = [
            {**common, **self.about(record), "kind": kind, "deed": deed}
            for record, kind, deed in zip(records, KINDS, DEEDS, strict=True)
        ]
        found[5]["access_token"] = token
        found[6]["access_token"] = file._get_raw_access_token()  # as somebody who may read it would pass it on
        return found

    def about(self, record):
        """:return: the words of one record"""
        model, number = record._name, record.id
        report = "report_minutes" if model == "meeting.minutes" else "report_notice_sheet"
        export = {
            "model": model,
            "ids": [number],
            "domain": [],
            "import_compat": False,
            "fields": [{"name": "display_name", "label": "x"}],
        }
        models = ("model", "res_model", "thread_model", "record_model", "model_name", "__model__")
        return {
            **dict.fromkeys(models, model),
            **dict.fromkeys(("model_names", "model_names_to_fetch"), json.dumps([model])),
            **dict.fromkeys(("id", "res_id", "thread_id", "record_id", "docids"), number),
            **dict.fromkeys(("ids", "res_ids"), [number]),
            "field": "raw" if model == "ir.attachment" else "name",
            "reportname": f"meeting_management.{report}",
            "args": [[number], ["display_name", "body" if model == "mail.message" else "name"]],
            "path": f"{model}/read",
            "subpath": f"{model}/{number}",
            "data": json.dumps(export),
        }
