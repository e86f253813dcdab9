"""Addresses that a mail server refuses: a real server on a real socket, one in twenty refused (RE-4)."""

import socketserver
import threading
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command
from odoo.tools import mute_logger

from tests.channels.common import ChannelCommon


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as Odoo needs. `refused`: recipients answered with `code`; `delivered`: those accepted."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.refused, self.delivered, self.code = set(), [], "550 5.1.1 mailbox unavailable"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        recipients = []
        self.say("220 stand-in")
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250 stand-in")
            elif verb == "RCPT":
                address = word.partition("<")[2].partition(">")[0]
                if address in self.server.refused:
                    self.say(self.server.code)
                else:
                    recipients.append(address)
                    self.say("250 OK")
            elif verb == "DATA":
                self.say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.server.delivered += recipients
                recipients = []
                self.say("250 OK")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 OK")


class TestRefusedAddresses(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.server = MailServer()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Stand-in",
                "smtp_host": "127.0.0.1",
                "smtp_port": self.server.server_address[1],
                "smtp_encryption": "none",
            }
        )
        # Odoo opens no connection in tests unless told to
        self.startPatcher(
            patch.object(type(self.env["ir.mail_server"]), "_disable_send", classmethod(lambda cls: False))
        )
        people = self.env["res.partner"].create(
            [{"name": f"Guest {n}", "email": f"g{n}@client.example", "lang": "en_US"} for n in range(200)]
        )
        self.env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
        self.meeting = self.schedule(
            self.make_meeting(participant_ids=[Command.create({"partner_id": person.id}) for person in people])
        )
        self.people = people
        self.deliver()

    def leave(self):
        mails = self.env["mail.mail"].search([("state", "=", "outgoing")])
        with mute_logger("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server"):
            mails.send(auto_commit=False)

    def notices(self, people):
        return self.rows(self.meeting, "notice").filtered(lambda row: row.partner_id in people)

    def test_one_in_twenty_refused(self):
        """RE-4: of 200 recipients ten; all others leave; those refused are shown with the server's words, tried again,
        then shown for good."""
        bad = self.people[7::20]
        self.server.refused = set(bad.mapped("email"))
        self.leave()
        everybody = self.meeting.participant_ids.partner_id
        self.assertEqual(set(self.server.delivered), set((everybody - bad).mapped("email")))
        moment, pauses = fields.Datetime.now(), []
        for attempt in (1, 2, 3):
            with freeze_time(moment):
                self.ledger._note_failed_copies()
                rows = self.notices(bad)
                self.assertEqual(set(rows.mapped("state")), {"failed"})
                self.assertEqual(set(rows.mapped("reason")), {"delivery"})
                self.assertIn("550", rows[0].error)
                self.assertEqual(self.meeting.with_user(self.convener).notice_failed_count, len(bad))
            retry = rows[0].retry_at
            pauses.append(retry and retry - moment)
            if not retry:
                break
            with freeze_time(retry):
                self.deliver()
                self.leave()
            moment = retry + timedelta(seconds=1)
            self.assertLessEqual(attempt, 3)
        self.assertGreaterEqual(len(pauses), 2, pauses)
        self.assertTrue(pauses[0] < (pauses[1] or timedelta.max) and pauses[-1] is False, pauses)
        self.assertEqual(len(self.server.delivered), len(set(self.server.delivered)), "nobody got it twice")
        self.assertEqual(set(self.notices(everybody - bad).mapped("state")), {"sent"})
        self.server.refused = set()
        self.notices(bad).with_user(self.convener).action_send_again()
        self.deliver()
        self.leave()
        self.assertEqual(set(self.notices(bad).mapped("state")), {"sent"})
        self.assertLessEqual(set(bad.mapped("email")), set(self.server.delivered))

    def test_a_server_that_is_down_for_a_while(self):
        """RE-4: nothing is lost and nothing is sent twice."""
        self.server.shutdown()
        self.server.server_close()
        self.leave()
        with freeze_time(fields.Datetime.now()):
            self.ledger._note_failed_copies()
        rows = self.rows(self.meeting, "notice")
        self.assertEqual(set(rows.mapped("state")), {"failed"})
        self.assertTrue(all(row.retry_at for row in rows))
