"""Doors of the wire: every protocol a client may speak, the chatter's own routes, buses and templates (CF-1, CF-6)."""

import json
import xmlrpc.client

from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from tests.security.doors.common import DoorCase

# Routes that answer readers without a word of the document, too
SILENT = {
    "/mail/message/reaction",
    "/mail/message/translate",
    "/mail/message/update_content",
    "/mail/link_preview",
    "/mail/read_subscription_data",
}


class TestClients(DoorCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env.flush_all()

    def rpc(self, user, url, params, headers=None):
        self.authenticate(user.login, user.login)
        payload = json.dumps({"jsonrpc": "2.0", "method": "call", "id": 0, "params": params})
        with mute_logger("odoo.http", "odoo.sql_db"):
            response = self.url_open(
                url, data=payload, headers={"Content-Type": "application/json", **(headers or {})}, timeout=30
            )
        return f"{dict(response.headers)} {response.text}"

    def test_the_web_client(self):
        """CF-1: names, reading, breadcrumbs, with and without debug mode."""
        calls = (
            ("meeting.meeting", "read", [[self.meeting.id], ["name", "display_name"]], {}),
            ("meeting.meeting", "web_read", [[self.meeting.id]], {"specification": {"name": {}}}),
            ("meeting.meeting", "web_name_search", [], {"name": self.MARK, "specification": {"display_name": {}}}),
            ("meeting.agenda.item", "read", [[self.item.id], ["name", "goal"]], {}),
            ("mail.message", "read", [[self.message.id], ["body"]], {}),
        )
        for model, method, args, kwargs in calls:
            params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
            self.assertIn(f"{self.MARK} ", self.rpc(self.chair, "/web/dataset/call_kw", params))
            for user in (self.outsider, self.technician, self.ex):
                for debug in ("", "?debug=1"):
                    self.authenticate(user.login, user.login, session_extra={"debug": "1" if debug else ""})
                    answer = self.rpc(user, f"/web/dataset/call_kw/{model}/{method}{debug}", params)
                    self.assertNotIn(f"{self.MARK} ", answer)
                    self.assertNotIn("Member Ma", answer)
        crumbs = [{"resModel": "meeting.meeting", "resId": self.meeting.id, "model": "meeting.meeting"}]
        self.assertIn(self.MARK, self.rpc(self.chair, "/web/action/load_breadcrumbs", {"actions": crumbs}))
        for user in (self.outsider, self.ex):
            self.assertNotIn(self.MARK, self.rpc(user, "/web/action/load_breadcrumbs", {"actions": crumbs}))

    def test_scripts(self):
        """CF-1: XML-RPC, JSON-RPC and the JSON API obey the same rules."""
        read = ("meeting.meeting", "read", [[self.meeting.id], ["name"]])
        for user, seen in ((self.chair, True), (self.outsider, False), (self.technician, False), (self.ex, False)):
            password = user.login.ljust(8, "x")  # as `new_test_user` sets it
            with mute_logger("odoo.http"):
                try:
                    answer = repr(
                        self.xmlrpc_object.execute(self.env.cr.dbname, user.id, password, *read[:2], *read[2])
                    )
                except xmlrpc.client.Fault as fault:
                    answer = str(fault)
            self.assertEqual(self.MARK in answer, seen, answer)
            service = {"service": "object", "method": "execute", "args": [
                self.env.cr.dbname, user.id, password, *read[:2], *read[2]]}  # fmt: skip
            self.assertEqual(self.MARK in self.rpc(user, "/jsonrpc", service), seen)
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "x", self.days_ahead(1))
            self.env.flush_all()
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    "/json/2/meeting.meeting/read", json={"ids": [self.meeting.id], "fields": ["name"]},
                    headers={"Authorization": f"Bearer {key}"},
                ).text  # fmt: skip
            self.assertEqual(self.MARK in answer, seen, answer)

    def test_the_routes_of_the_chatter(self):
        """CF-1: thread, messages, recipients, reactions, subtypes; also with the number of a message alone."""
        thread = {"thread_model": "meeting.meeting", "thread_id": self.meeting.id}
        message = {"message_id": self.message.id}
        everything = [
            "activities",
            "attachments",
            "contact_fields",
            "followers",
            "scheduledMessages",
            "suggestedRecipients",
        ]
        calls = (
            ("/mail/thread/messages", thread),
            ("/mail/thread/recipients", {**thread, "message_id": self.message.id}),
            ("/mail/thread/subscribe", {"res_model": "meeting.meeting", "res_id": self.meeting.id,
                                        "partner_ids": [self.outsider.partner_id.id]}),
            ("/mail/data", {"fetch_params": [["mail.thread", {**thread, "request_list": everything}]]}),
            ("/mail/action", {"fetch_params": [["mail.thread", {**thread, "request_list": everything}]]}),
            ("/mail/message/reaction", {**message, "content": "x", "action": "add"}),
            ("/mail/message/translate", message),
            ("/mail/link_preview", message),
            ("/mail/message/update_content", {**message, "update_data": {"body": "x"}}),
            ("/mail/read_subscription_data", {"follower_id": self.meeting.sudo().message_follower_ids[:1].id}),
            ("/mail/inbox/messages", {}),
            ("/mail/history/messages", {}),
            ("/mail/starred/messages", {}),
        )  # fmt: skip
        self.message.with_user(self.minute_taker).toggle_message_starred()
        self.env.flush_all()
        silent = set()
        for url, params in calls:
            shown = self.rpc(self.minute_taker, url, params)
            if not any(word in shown for word in (self.MARK, "Member Ma", "Guest Gu", "Former Fu")):
                silent.add(url)
            for user in (self.outsider, self.technician, self.ex):
                with self.subTest(url=url, user=user.login):
                    answer = self.rpc(user, url, params)
                    self.assertNotIn(self.MARK, answer)
                    if "messages" not in url:  # of no thread at all, Odoo lists whatever else the user may read
                        self.assertNotIn("Member Ma", answer)
                        self.assertNotIn("Guest Gu", answer)
        self.assertEqual(silent, SILENT, "what is behind the others a reader is shown")

    def test_links_in_mails(self):
        """CF-1: the address in a notice takes strangers nowhere."""
        self.authenticate(self.chair.login, self.chair.login)
        for url in (f"/mail/view?model=meeting.meeting&res_id={self.meeting.id}", f"/mail/message/{self.message.id}"):
            landed = self.url_open(url, timeout=30).url
            self.assertRegex(landed, rf"/{self.meeting.id}\b")
        for user in (self.outsider, self.ex, self.portal):
            self.authenticate(user.login, user.login)
            for url in (
                f"/mail/view?model=meeting.meeting&res_id={self.meeting.id}", f"/mail/message/{self.message.id}",
                f"/mail/view?message_id={self.message.id}", f"/odoo/meeting.meeting/{self.meeting.id}?debug=1",
            ):  # fmt: skip
                response = self.url_open(url, timeout=30)
                self.assertNotIn(self.MARK, f"{response.url} {response.headers} {response.text}")

    def test_the_bus(self):
        """CF-1 (door 16): nothing is sent on a channel that is named by a string, which anybody may hear."""
        sent = []
        self.meeting.with_user(self.convener).message_post(body=self.plant("on the bus"), message_type="comment")
        self.env.flush_all()
        self.env.cr.precommit.run()
        for row in self.env["bus.bus"].sudo().search([]):
            if self.MARK in (row.message or ""):
                sent.append(json.loads(row.channel))
        self.assertTrue(sent, "the minute taker's inbox hears of it")
        for channel in sent:
            self.assertNotIsInstance(channel, str)
            self.assertIn(channel[1], ("res.partner", "res.users", "mail.thread", "meeting.meeting"))
        for user in (self.outsider, self.technician):
            self.assertFalse(self.as_user(user, "bus.bus").has_access("read") and self.answer(
                self.as_user(user, "bus.bus").search, [("message", "ilike", self.MARK)]) != "bus.bus()")  # fmt: skip

    def test_templates_run_no_code_of_employees(self):
        """CF-1: one line of code in a mail template would list all meetings past every rule; Odoo lets every employee
        write one unless told otherwise, and so it is told."""
        line = "{{ object.env['meeting.meeting'].sudo().search([]).mapped('name') }}"
        self.assertTrue(self.env["ir.config_parameter"].get_param("mail.restrict.template.rendering"))
        for user in (self.outsider, self.room_manager, self.hr, self.secretary):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                template = self.as_user(user, "mail.template").create(
                    {
                        "name": "x", "subject": line, "model_id": self.env["ir.model"]._get_id("res.partner"),
                    }
                )  # fmt: skip
                template._render_field("subject", self.outsider.partner_id.ids)
            composer = self.as_user(user, "mail.compose.message").create(
                {"model": "res.partner", "res_ids": repr(user.partner_id.ids), "composition_mode": "comment"}
            )
            self.assertHidden(composer._render_template, line, "res.partner", user.partner_id.ids)
        plain = self.as_user(self.outsider, "mail.template").create(
            {"name": "x", "subject": "Hello {{ object.name }}", "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        self.assertIn("Hello", repr(plain._render_field("subject", self.outsider.partner_id.ids)))
