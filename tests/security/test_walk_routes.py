"""An adversary's walk: every address of this server, in search of planted strings (CF-1).

The routes come from the routing map itself, so that those of other apps and of later chapters are walked too; so do the
names of what they are to be told. What a request changes is taken back at once, so that none stands in another's way.
"""

import json
import re
import threading
from unittest.mock import patch

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from tests.security.doors.addresses import Addresses
from tests.security.doors.walk import WalkCase

# Routes that end the session, build assets out of files, manage whole databases behind the master password, or upgrade
# to another protocol, whose messages come from the bus (doors/test_clients.py).
SKIPPED_ROUTES = re.compile(r"^/(web/session/(logout|destroy)|web/database|web/(assets|bundle|tests|static)|websocket)")
# Where a participant meets what is planted: the walk must come upon it there.
SHOWN = {
    "/web/dataset/call_kw",
    "/web/dataset/call_kw/<path:path>",
    "/jsonrpc",
    "/json/1/<path:subpath>",
    "/json/2/<__model__>/<__method__>",
    "/mail/thread/messages",
    "/mail/data",
    "/mail/attachment/zip",
    "/web/content",
    "/web/content/<int:id>",
    "/web/export/csv",
    "/report/<converter>/<reportname>/<docids>",
    "/report/download",
    "/my/meetings",
    "/my/meetings/<int:participant_id>",
    "/meeting/agreement/<int:participant_id>",
    "/meeting/agreement/<int:participant_id>/<string:kind>/<int:number>",
}


class TestWalkRoutes(WalkCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env.ref("base.group_allow_export").user_ids = [
            Command.link(user.id) for user in (self.member, self.outsider, self.ex)
        ]
        people = self.member | self.outsider | self.ex | self.portal
        self.keys = {
            user.login: user.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "x", self.days_ahead(1))
            for user in people
        }
        self.addresses = Addresses(self)
        self.env["ir.config_parameter"].set_param("web.json.enabled", "True")
        self.env.flush_all()
        with patch.object(threading.current_thread(), "dbname", self.env.cr.dbname, create=True):
            self.rules = list(self.env["ir.http"].routing_map().iter_rules())

    def test_a_participant_finds_it(self):
        """The same requests, made by one who takes part, bring planted strings: the walk looks behind these doors."""
        rules = [rule for rule in self.rules if rule.rule in SHOWN]
        with self.cheap_pdf():
            leaks, _stumbled = self.walk(self.member, rules)
        self.assertFalse(SHOWN - {leak[0] for leak in leaks})

    def test_every_route(self):
        """CF-1: no address of this server, with whatever numbers in it, answers a planted string to a colleague."""
        leaks, stumbled = self.walk(self.outsider, self.rules)
        self.assertFalse(leaks, "\n".join(map(str, leaks[:40])))
        self.assertFalse(stumbled, "these routes were not entered: fill in what they ask for")

    def test_every_route_for_others(self):
        """CF-1: nor to who was taken off the list, to a customer with an account, or to anybody without one."""
        for user in (self.ex, self.portal, None):
            rules = self.one_of_each(self.rules)
            if not user or user == self.portal:  # the login is asked for before anything else
                rules = [rule for rule in rules if rule.endpoint.routing["auth"] != "user" or "/my/" in rule.rule]
            leaks, _stumbled = self.walk(user, rules, verbs=1)
            self.assertFalse(leaks, "\n".join(map(str, leaks[:40])))

    def one_of_each(self, rules):
        """:return: of addresses that lead to the same function, the one that says most"""
        found = {}
        for rule in sorted(rules, key=lambda rule: len(rule.arguments)):
            found[tuple(rule.endpoint.routing["routes"])] = rule
        return list(found.values())

    def walk(self, user, rules, verbs=2):
        """
        :param int verbs: 1 to ask a page in one way only, where it can be asked in two
        :return: list of (rule, arguments, what was planted), and dict of the rules that were not entered: answer"""
        leaks, stumbled = [], {}
        for rule in rules:
            if SKIPPED_ROUTES.match(rule.rule):
                continue
            entered = False
            for url, arguments in self.addresses.of(rule, user):
                possible = [
                    verb
                    for verb in ("GET", "POST")
                    if (not rule.methods or verb in rule.methods) and (verb == "POST" or self.is_page(rule))
                ]
                for verb in possible[:verbs]:
                    answer = self.knock(user, rule, verb, url, arguments)
                    # latin1: whatever the bytes are, archives and pictures too
                    text = f"{answer.url} {dict(answer.headers)} {answer.content.decode('latin1')}"
                    if planted := re.search(rf"{self.MARK}(?: |%20|\+|_)\w.{{,40}}", text):  # not what was asked for
                        leaks.append((rule.rule, arguments, planted.group()))
                    refused = re.search(r"missing \d+ required|unexpected keyword|Session expired", text)
                    entered |= answer.status_code != 405 and not refused
                    if refused or answer.status_code == 405:
                        stumbled[rule.rule] = refused.group() if refused else answer.status_code
            if entered:
                stumbled.pop(rule.rule, None)
            else:
                stumbled.setdefault(rule.rule, "no address")
        return leaks, stumbled

    def is_page(self, rule):
        return rule.endpoint.routing["type"] == "http"

    def knock(self, user, rule, verb, url, arguments):
        """One request, whose consequences are undone."""
        self.log_in(user)
        headers = {}
        if user and rule.endpoint.routing["auth"] == "bearer" or "/json/2" in url:
            headers["Authorization"] = f"Bearer {self.keys[user.login] if user else 'x'}"
        debug = "&" if "?" in url else "?"
        with self.env.cr.savepoint() as savepoint, mute_logger("odoo.http", "odoo.sql_db"):
            try:
                if self.is_page(rule):
                    return self.visit(verb, url, arguments, headers)
                if rule.endpoint.routing["type"] == "json2":
                    return self.url_open(url, json=arguments, headers=headers, timeout=30)
                payload = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": arguments}
                return self.url_open(f"{url}{debug}debug=1", json=payload, headers=headers, timeout=30)
            finally:
                savepoint.rollback()

    def log_in(self, user):
        """Once, and again where a request has ended or changed the session."""
        sid = self.opener.cookies.get("session_id")
        if not sid or http.root.session_store.get(sid).uid != (user.id if user else None):
            self.authenticate(user and user.login, user and user.login)

    def visit(self, verb, url, arguments, headers):
        values = {name: v if isinstance(v, str | int) else json.dumps(v) for name, v in arguments.items()}
        if verb == "GET":
            return self.url_open(
                url, params={**values, "debug": "1"}, headers=headers, timeout=30, allow_redirects=False
            )
        files = {"ufile": ("x.txt", b"x", "text/plain")} if "ufile" in values else None
        values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(url, data=values, files=files, headers=headers, timeout=30, allow_redirects=False)
