"""The job: once, on time, whatever breaks (RE-3, RE-4)."""

import threading
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from tests.notice.common import NoticeCommon


class TestJob(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting())

    def row(self, partner=None):
        return self.rows(self.meeting, "notice", partner or self.member.partner_id)

    def test_the_job_itself_commits_and_wakes_again(self):
        """By way of the real cron: its progress, its commits, its trigger for the next reminder."""
        self.remind_before(60)
        other = self.schedule(self.make_meeting(name="Other"))
        job = self.env.ref("meeting_management.ir_cron_send_notifications")
        with self.enter_registry_test_mode():
            self.assertIs(job.method_direct_trigger(), True)
        self.env.invalidate_all()
        self.assertEqual(
            set((self.rows(self.meeting, "notice") | self.rows(other, "notice")).mapped("state")), {"sent"}
        )
        moments = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", job.id)]).mapped("call_at")
        self.assertIn(min(self.ledger.search([("state", "=", "pending")]).mapped("due")), moments)
        with self.enter_registry_test_mode():
            self.assertIs(job.method_direct_trigger(), True)
        self.assertEqual(len(self.mails(self.member.partner_id)), 2)
        self.assertEqual(
            len(
                self.env["ir.cron.trigger"]
                .sudo()
                .search([("cron_id", "=", job.id), ("call_at", ">", fields.Datetime.now())])
            ),
            1,
        )

    def test_queueing_twice_owes_once(self):
        """RE-3: the database keeps it to one."""
        partners = self.meeting.participant_ids.partner_id
        self.assertFalse(self.ledger._queue(self.meeting, "notice", partners))
        self.deliver()
        self.assertFalse(self.ledger._queue(self.meeting, "notice", partners))
        self.deliver()
        self.assertEqual(len(self.mails(self.member.partner_id)), 1)

    def test_queueing_takes_the_same_few_queries_for_one_and_for_a_thousand(self):
        """PERFORMANCE section 6"""
        partners = self.env["res.partner"].create(
            [{"name": f"Person {number}", "email": f"p{number}@x.example"} for number in range(1000)]
        )
        self.env.flush_all()
        for count in (1, 1000):
            # one INSERT; the rest wakes the job, once per transaction
            with self.assertQueryCount(4):
                rows = self.ledger._queue(self.meeting, f"task_due:{count}", partners[:count])
            self.assertEqual(len(rows), count)

    def test_sending_takes_the_same_queries_whatever_the_number_of_people(self):
        """PERFORMANCE section 6: nothing is looked up per recipient."""
        self.deliver()
        counts = []
        for number in (5, 50):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"P{number}-{index}", "email": f"p{number}-{index}@x.example", "lang": "en_US"}
                    for index in range(number)
                ]
            )
            meeting = self.make_meeting(
                name=f"For {number}", participant_ids=[Command.create({"partner_id": p.id}) for p in partners]
            )
            self.schedule(meeting)
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self.ledger._lock_due(200)
            before = self.env.cr.sql_log_count
            rows._send()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_sending_takes_the_same_queries_whatever_the_number_of_meetings(self):
        """PERFORMANCE section 6: what the texts need is read for all meetings at once."""
        self.deliver()
        counts = []
        for number in (5, 30):
            for index in range(number):
                self.schedule(self.make_meeting(name=f"{number}-{index}"))
            self.env.flush_all()
            self.env.invalidate_all()
            rows = self.ledger._lock_due(200)
            before = self.env.cr.sql_log_count
            rows._send()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), 4 * number)
            self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_reminding_takes_the_same_queries_whatever_the_number_of_meetings(self):
        """PERFORMANCE section 6: each reminder hangs on a clock of its own; clocks and rules are read at once."""
        self.remind_before(60)
        counts = []
        for number in (5, 30):
            start = self.days_ahead(9 + number)
            meetings = [self.schedule(self.make_meeting(name=f"{number}-{n}", start=start)) for n in range(number)]
            self.deliver()
            with freeze_time(start - timedelta(minutes=59)):
                self.deliver()  # whatever else has fallen due by then
                wanted = self.ledger.browse()
                for meeting in meetings:
                    wanted |= self.rows(meeting, "remind")
                self.assertEqual(set(wanted.mapped("state")), {"sent"})
                wanted.write({"state": "pending"})
                self.env.flush_all()
                self.env.invalidate_all()
                rows = self.ledger._lock_due(200)
                before = self.env.cr.sql_log_count
                rows._send()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(rows, wanted.sorted(lambda row: (row.due, row.id)))
                self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertLessEqual(counts[1], counts[0] + 5, counts)

    def test_a_text_that_breaks_the_transaction_stops_nobody_else(self):
        """RE-4: an error of the database, not of Python."""
        other = self.schedule(self.make_meeting(name="Healthy"))
        broken = self.meeting
        original = type(broken)._notice_values_notice

        def values(meeting, detail):
            if meeting.id == broken.id:
                meeting.env.cr.execute("SELECT 1 / 0")
            return original(meeting, detail)

        with (
            patch.object(type(broken), "_notice_values_notice", values),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.meeting_management", "WARNING"),
        ):
            self.deliver()
        self.assertEqual(set(self.rows(broken, "notice").mapped("reason")), {"render"})
        self.assertEqual(set(self.rows(other, "notice").mapped("state")), {"sent"})

    def test_one_without_an_address_does_not_hold_up_the_others(self):
        """RE-4: the failure is visible, with its cause."""
        for email in (False, "no address"):
            self.guest.email = email
            meeting = self.make_meeting()
            self.schedule_past_checks(meeting)
            self.deliver()
            row = self.rows(meeting, "notice", self.guest)
            self.assertEqual((row.state, row.reason, row.retry_at), ("failed", "no_email", False))
            self.assertEqual(set((self.rows(meeting, "notice") - row).mapped("state")), {"sent"})
            self.assertEqual(self.participant(meeting, self.guest).notice_state, "failed")
            self.assertFalse(self.participant(meeting, self.guest).notified_at, "NT-6: he is not held absent")
            self.assertEqual(meeting.with_user(self.convener).notice_failed_count, 1)

    def schedule_past_checks(self, meeting):
        """The address was lost after the meeting was planned."""
        email, self.guest.email = self.guest.email, "guest@client.example"
        self.schedule(meeting)
        self.guest.email = email

    def test_mended_and_sent_again(self):
        self.guest.email = False
        self.deliver()
        row = self.row(self.guest)
        with self.assertRaises(UserError):
            self.row().with_user(self.convener).action_send_again()
        for user in (self.member, self.outsider):
            with self.assertRaises(AccessError):
                row.with_user(user).action_send_again()
        self.guest.email = "guest@client.example"
        row.with_user(self.convener).action_send_again()
        self.deliver()
        self.assertEqual((row.state, row.reason, row.attempts), ("sent", False, 1))
        self.assertEqual(len(self.mails(self.guest)), 1)

    def test_a_broken_text_is_tried_three_times_with_growing_pauses(self):
        """RE-4: and stops nobody else."""
        other = self.schedule(self.make_meeting(name="Healthy"))
        broken = self.meeting
        original = type(broken)._notice_values_notice

        def values(meeting, detail):
            if meeting.id == broken.id:
                raise ValueError("a field nobody filled")
            return original(meeting, detail)

        start = fields.Datetime.now()
        pauses = []
        with (
            patch.object(type(broken), "_notice_values_notice", values),
            self.assertLogs("odoo.addons.meeting_management", "WARNING"),
        ):
            moment = start
            for attempt in (1, 2, 3):
                with freeze_time(moment):
                    self.deliver()
                row = self.row()
                self.assertEqual((row.state, row.reason, row.attempts), ("failed", "render", attempt))
                self.assertIn("a field nobody filled", row.error)
                pauses.append(row.retry_at and row.retry_at - moment)
                moment = row.retry_at or moment
        self.assertEqual(set(self.rows(other, "notice").mapped("state")), {"sent"})
        self.assertTrue(pauses[0] < pauses[1] and pauses[2] is False, pauses)
        with freeze_time(moment + timedelta(days=2)):
            self.deliver()
        self.assertEqual(self.row().attempts, 3)

    def test_a_letter_the_mail_system_refuses_is_found_among_many(self):
        """RE-4: the batch breaks, its good letters leave all the same."""
        other = self.schedule(self.make_meeting(name="Healthy"))
        Mail = type(self.env["mail.mail"])
        create = Mail.create

        def picky(mails, vals_list):
            messages = mails.env["mail.message"].browse([vals["mail_message_id"] for vals in vals_list])
            if self.meeting.id in messages.mapped("res_id"):
                raise ValueError("refused by the mail system")
            return create(mails, vals_list)

        with patch.object(Mail, "create", picky), self.assertLogs("odoo.addons.meeting_management", "WARNING"):
            self.deliver()
        self.assertEqual(set(self.rows(self.meeting, "notice").mapped("state")), {"failed"})
        self.assertEqual(set(self.rows(other, "notice").mapped("state")), {"sent"})

    def failed_copy(self, status, failure_type):
        self.deliver()
        copy = (
            self.env["mail.notification"]
            .sudo()
            .search(
                [
                    ("mail_message_id", "=", self.row().mail_message_id.id),
                    ("res_partner_id", "=", self.member.partner_id.id),
                ]
            )
        )
        self.assertEqual(len(copy.mail_mail_id.recipient_ids), 1, "each person has a copy of his own")
        copy.mail_mail_id.write({"state": "exception"})
        copy.write(
            {"notification_status": status, "failure_type": failure_type, "failure_reason": "550 mailbox unavailable"}
        )
        self.row().invalidate_recordset()
        self.deliver()
        return self.row()

    def test_a_mail_server_that_was_down_is_tried_again(self):
        """RE-4: only the copy that did not leave."""
        row = self.failed_copy("exception", "mail_smtp")
        self.assertEqual((row.state, row.reason, row.error), ("failed", "delivery", "550 mailbox unavailable"))
        self.assertTrue(row.retry_at)
        with freeze_time(row.retry_at):
            self.deliver()
        self.assertEqual(row.state, "sent")
        self.assertEqual(sorted(self.mails(self.member.partner_id).mapped("state")), ["cancel", "outgoing"])
        self.assertEqual(len(self.mails(self.chair.partner_id)), 1)

    def test_an_address_that_does_not_exist_is_not_tried_again(self):
        for status, failure, reason in (("bounce", "mail_bounce", "bounce"),):
            row = self.failed_copy(status, failure)
            self.assertEqual((row.state, row.reason, row.retry_at), ("failed", reason, False))
            self.assertEqual(row.delivery, "bounced")
            self.assertEqual(self.participant(self.meeting, self.member.partner_id).notice_state, "failed")

    def test_who_left_the_company_gets_nothing(self):
        self.member.active = False
        self.member.partner_id.active = False
        self.deliver()
        self.assertEqual((self.row().state, self.row().reason), ("void", "archived"))

    def test_no_row_is_ever_left_due(self):
        """Otherwise the job would run for ever."""
        self.guest.email = False
        self.deliver()
        self.assertFalse(self.ledger._lock_due(10))


class TestTwoServers(BaseCase):
    """Real transactions: two servers run the job at the same moment (RE-3)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partners = env["res.partner"].create(
                [{"name": f"Guest {n}", "email": f"g{n}@x.example"} for n in range(60)]
            )
            kind = env["meeting.type"].create({"name": "Two servers"})
            meeting = env["meeting.meeting"].create(
                {
                    "name": "Two servers",
                    "convener_id": env.ref("base.user_admin").id,
                    "type_id": kind.id,
                    "start": fields.Datetime.now() + timedelta(days=2),
                    "participant_ids": [Command.create({"partner_id": partner.id}) for partner in partners],
                }
            )
            rows = env["meeting.notification"]._queue(meeting, "link:1", partners)
            self.ids = {"partners": partners.ids, "meeting": meeting.id, "kind": kind.id, "rows": rows.ids}
        self.addCleanup(self.clean_up)

    def clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT mail_message_id FROM meeting_notification WHERE id = ANY(%s)", [self.ids["rows"]])
            messages = [row[0] for row in cr.fetchall() if row[0]]
            cr.execute("DELETE FROM meeting_notification WHERE id = ANY(%s)", [self.ids["rows"]])
            cr.execute("DELETE FROM mail_mail WHERE mail_message_id = ANY(%s)", [messages])
            cr.execute("DELETE FROM mail_message WHERE id = ANY(%s)", [messages])
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["meeting.meeting"].browse(self.ids["meeting"]).unlink()
            env["meeting.type"].browse(self.ids["kind"]).unlink()
            env["res.partner"].browse(self.ids["partners"]).unlink()

    def test_each_row_is_sent_once(self):
        barrier = threading.Barrier(3, timeout=20)
        errors = []

        def server():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    cr.execute("SELECT count(*) FROM meeting_notification")  # both snapshots are open
                    barrier.wait()
                    env["meeting.notification"]._cron_send(limit=7)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=server) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(errors)
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, attempts, count(*) FROM meeting_notification WHERE id = ANY(%s) GROUP BY 1, 2",
                [self.ids["rows"]],
            )
            self.assertEqual(cr.fetchall(), [("sent", 1, 60)])
            cr.execute(
                """SELECT max(n) FROM (SELECT count(*) AS n FROM mail_notification m JOIN mail_message g ON g.id =
                m.mail_message_id WHERE g.model = 'meeting.meeting' AND g.res_id = %s GROUP BY m.res_partner_id) AS
                copies""",
                [self.ids["meeting"]],
            )
            self.assertEqual(cr.fetchone(), (1,))
