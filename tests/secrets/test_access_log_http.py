"""The access log through the server: read-only requests, refusals that roll back, files (CF-4)."""

import json

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from tests.secrets.common import SecretsCommon


class TestOverHttp(SecretsCommon, HttpCase):
    def call(self, model, method, ids, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"params": {"model": model, "method": method, "args": [ids, *args], "kwargs": kwargs}}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    @mute_logger("odoo.http")
    def test_a_read_only_request_is_repeated_and_logged(self):
        """CF-4: the client reads by read-only requests; what is secret is not handed out without its entry."""
        meeting = self.secret_meeting()
        self.authenticate("member", "member")
        for _twice in range(2):
            answer = self.call("meeting.meeting", "web_read", meeting.ids, specification={"name": {}, "purpose": {}})
            self.assertEqual(answer["result"][0]["name"], "Project Phoenix")
        [entry] = self.entries(meeting, "opened", self.member)
        self.assertEqual(entry.address, "127.0.0.1")

    @mute_logger("odoo.http")
    def test_a_refusal_outlives_its_rollback(self):
        """CF-4: the error undoes the transaction; the attempt stays on record, with the address."""
        meeting = self.secret_meeting()
        self.authenticate("outsider", "outsider")
        answer = self.call("meeting.meeting", "web_read", meeting.ids, specification={"name": {}})
        self.assertIn("AccessError", answer["error"]["data"]["name"])
        self.authenticate("member", "member")
        answer = self.call("meeting.meeting", "write", meeting.ids, {"purpose": "x"})
        self.assertIn("AccessError", answer["error"]["data"]["name"])
        entries = self.entries(meeting, "refused")
        self.assertEqual(
            [(entry.person, entry.detail) for entry in entries], [("Outsider Ou", "Reading"), ("Member Ma", "Changing")]
        )
        self.assertEqual(set(entries.mapped("address")), {"127.0.0.1"})

    @mute_logger("odoo.http")
    def test_files(self):
        """CF-4: a file is logged by whatever route it leaves, and so is the attempt."""
        meeting = self.secret_meeting()
        file = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"secret", "res_model": "meeting.meeting", "res_id": meeting.id}
        )
        self.authenticate("member", "member")
        self.assertEqual(self.url_open(f"/web/content/{file.id}").content, b"secret")
        self.assertEqual(len(self.entries(file, "downloaded", self.member)), 1)
        self.authenticate("outsider", "outsider")
        self.assertNotIn(b"secret", self.url_open(f"/web/content/{file.id}").content)
        self.assertEqual(len(self.entries(file, "refused", self.outsider)), 1)
