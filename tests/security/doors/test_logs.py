"""The server's log names places in the code, never what a meeting is about (CF-1, CF-6)."""

import logging
from unittest.mock import patch

import psycopg2
from odoo import http
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.exceptions import AccessError, UserError

from tests.security.doors.common import DoorCase
from tests.security.doors.test_mail import REPLY


class Written(logging.Handler):
    """Everything that a log file would hold, tracebacks too."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    @property
    def text(self):
        return "\n".join(self.lines)


class TestLogs(DoorCase):
    def setUp(self):
        super().setUp()
        self.log = Written()
        root = logging.getLogger()
        levels = {
            name: logging.getLogger(name).level for name in ("", "odoo", "odoo.sql_db", "odoo.http", "odoo.addons")
        }
        for name in levels:
            logging.getLogger(name).setLevel(logging.INFO)
            self.addCleanup(logging.getLogger(name).setLevel, levels[name])
        root.addHandler(self.log)
        self.addCleanup(root.removeHandler, self.log)

    def refused(self, function, *args, **kwargs):
        """Let it fail, and log the refusal where Odoo's web server does."""
        try:
            with self.env.cr.savepoint():
                function(*args, **kwargs)
                self.env.flush_all()
        except (UserError, psycopg2.Error) as error:
            http._logger.warning(error)
            return error
        raise AssertionError(f"{function} was not refused")

    def test_the_handler_hears(self):
        """What other apps refuse is logged with its words: the test listens where the server writes."""
        http._logger.warning(UserError("This partner is archived"))
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute("INSERT INTO res_partner_bank (acc_number) VALUES ('DE 1234')")
        self.assertIn("This partner is archived", self.log.text)
        self.assertIn("DE 1234", self.log.text)

    def test_refused_statement(self):
        """The database refuses a row: the log keeps the statement, not its values nor the row quoted in the error."""
        meeting = self.as_user(self.convener, self.meeting)
        self.refused(meeting.write, {"name": self.plant("new name"), "stop": meeting.start})
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO meeting_agenda_item (meeting_id, name) VALUES (%s, %s)", [0, self.plant("O'Neil's topic")]
            )
        self.assertIn("INSERT INTO meeting_agenda_item", self.log.text)
        self.assertNotIn(self.MARK, self.log.text)

    def test_refusals(self):
        """A verb at the wrong moment, a room that is taken, a stranger with and without the developer mode."""
        error = self.refused(self.as_user(self.convener, self.meeting).action_end)
        self.assertIn(self.MARK, str(error), "this refusal names the meeting, or it tests nothing")
        self.assertIn("meeting_management", self.log.text)
        for user in (self.outsider, self.member):
            with self.debug_mode():
                self.assertIsInstance(self.refused(self.as_user(user, self.meeting).write, {"name": "x"}), AccessError)
        self.refused(self.as_user(self.outsider, self.meeting).export_data, ["name"])
        self.assertNotIn(self.MARK, self.log.text)

    def test_mail_that_fails(self):
        """A text that breaks and a mail server that refuses leave nothing of the meeting behind."""
        meeting = self.as_user(self.convener, self.meeting)
        self.env["meeting.notification"]._queue(self.meeting, "cancel", self.member.partner_id)
        subject = type(self.meeting)
        with patch.object(subject, "_notification_values", side_effect=ValueError(self.meeting.name)):
            self.deliver()
        self.assertIn("Notice", self.log.text)
        with patch.object(IrMail_Server, "send_email", side_effect=OSError("refused")):
            meeting.message_post(
                body=self.plant("body"), subject=self.plant("subject"), partner_ids=self.guest.ids, force_send=True
            )
            self.env["mail.mail"].sudo().search([]).send()
        self.assertNotIn(self.MARK, self.log.text)

    def test_mail_that_comes_in(self):
        """An answer by mail to a secret meeting, from a stranger and from a member."""
        for number, sender in enumerate((self.outsider.email, self.member.email), 70):
            self.env["mail.thread"].sudo().message_process(
                "mail.thread", REPLY.format(sender=sender, number=number, message_id=self.message.message_id)
            )
        self.assertIn("Message-Id", self.log.text)
        self.assertNotIn(self.MARK, self.log.text)
