"""The morning summary: one per person and day, of what is his, and only if there is something to say (RE-1 to RE-3)."""

import threading
from datetime import date
from unittest.mock import patch

import pytz
from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import html2plaintext, mute_logger

from tests.channels.common import ChannelCommon


class TestMorning(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.remind_before(1440)
        self.wish(self.member, summary=True)

    def text(self, user):
        mail = self.mails(user.partner_id, "summary")[-1:] or self.mails(user.partner_id, "摘要")[-1:]
        return html2plaintext(mail.body_html or "")

    def of(self, user):
        return self.summaries.search([("user_id", "=", user.id), ("kind", "=", "morning")])

    def test_what_stands_in_it(self):
        """Today's meetings, what waits for me, what is overdue, and what was kept for it."""
        minutes = self.held()
        task = self.task(minutes, name="Print the offer", deadline="2031-03-04", meeting_id=minutes.meeting_id.id)
        self.publish(minutes)
        today = self.plan(6, 10, name="Meeting of today")
        self.plan(7, 10, name="Meeting of tomorrow", chair_id=self.chair.id)
        self.evening(5)
        with self.at(6, 8, 30):
            self.run_job()
        text = self.text(self.member)
        self.assertIn("Thursday, March 6, 2031", text)
        self.assertIn("10:00", text)
        head, _sep, rest = text.partition("To answer")
        self.assertIn("Meeting of today", head)
        self.assertNotIn("Meeting of tomorrow", head)
        self.assertIn("Meeting of tomorrow", rest)
        self.assertIn("Print the offer", rest)
        self.assertIn("Pressing", rest)
        self.assertIn("Reminder before the meeting", rest.partition("Kept for this summary")[2])
        self.assertEqual(task.owner_id, self.member)
        row = self.rows(today, "remind:1440", self.member.partner_id)
        own = self.rows(self.of(self.member), "summary")
        self.assertEqual((row.state, own.state), ("sent", "sent"))
        self.assertEqual(row.mail_message_id, own.mail_message_id, "NT-1: proven by the summary's own message")
        self.assertEqual(row.delivery, "queued")

    def test_once_a_day(self):
        """RE-3: however often and late the job runs."""
        self.plan(6, 10)
        for hour, minute in ((8, 29), (8, 30), (8, 30), (9, 0), (12, 0)):
            with self.at(6, hour, minute):
                self.run_job()
            self.assertEqual(len(self.of(self.member)), 0 if minute == 29 else 1)
        self.assertEqual(len(self.mails(self.member.partner_id, "summary")), 1)
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.summaries.create(
                {"kind": "morning", "user_id": self.member.id, "company_id": self.company.id, "day": date(2031, 3, 6)}
            )
        self.assertIn("once_a_day", str(caught.exception))

    def test_nobody_else_gets_one(self):
        self.plan(6, 10)
        with self.at(6, 9):
            self.run_job()
        self.assertEqual(self.summaries.search([("kind", "=", "morning")]).user_id, self.member)

    def test_nothing_to_say_nothing_sent(self):
        with self.at(6, 9):
            self.run_job()
        row = self.rows(self.of(self.member), "summary")
        self.assertEqual((row.state, row.reason), ("void", "nothing"))
        self.assertFalse(self.mails(self.member.partner_id, "summary"))

    def test_too_late_in_the_day_is_no_morning(self):
        """The server was down: at four in the afternoon nobody needs it."""
        self.plan(6, 17)
        with self.at(6, 16):
            self.run_job()
        self.assertFalse(self.of(self.member))

    def test_in_the_person_s_language_and_time_zone(self):
        self.member.write({"lang": "zh_CN", "tz": "America/New_York"})
        self.plan(6, 23, name="Evening in Shanghai")  # 10:00 in New York
        with self.at(6, 21):  # 08:00 in New York
            self.run_job()
            self.assertFalse(self.of(self.member))
        with self.at(6, 21, 30):
            self.run_job()
        mail = self.mails(self.member.partner_id)[-1]
        self.assertIn("2031年3月6日", mail.subject)
        self.assertIn("10:00", html2plaintext(mail.body_html))

    def test_on_days_of_work_only(self):
        """His working calendar, its holidays and his time off; who has none is told every day."""
        self.plan(8, 10)
        for day, expected in ((7, 1), (8, 1)):
            with self.at(day, 9):
                self.run_job()
            rows = self.ledger.search(
                [("res_model", "=", "meeting.summary"), ("res_id", "in", self.of(self.member).ids)]
            )
            self.assertEqual(len(rows), expected, "none on a Saturday")
        self.assertEqual(self.member._meeting_next_summary(self.shanghai(7, 9), self.tz()), self.shanghai(10, 8, 30))
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.member.employee_id.resource_id.id,
                "calendar_id": self.member.employee_id.resource_calendar_id.id,
                "date_from": self.shanghai(10, 0),
                "date_to": self.shanghai(11, 0),
            }
        )
        self.assertEqual(self.member._meeting_next_summary(self.shanghai(7, 9), self.tz()), self.shanghai(11, 8, 30))
        self.member.employee_id.resource_calendar_id = False
        self.assertEqual(self.member._meeting_next_summary(self.shanghai(7, 9), self.tz()), self.shanghai(8, 8, 30))

    def tz(self):
        return pytz.timezone("Asia/Shanghai")

    def test_closed_meetings_are_named_by_a_neutral_word(self):
        """CF-1: a summary stays with its reader when his right to read ends."""
        for level in ("participants", "secret"):
            meeting = self.plan(6, 10 if level == "secret" else 14, name=f"Takeover {level}", level=level)
            self.sign_agreements(meeting)
        self.evening(5)
        with self.at(6, 9):
            self.run_job()
        mail = self.mails(self.member.partner_id, "summary")
        self.assertEqual(len(mail), 1)
        self.assertNotIn("Takeover", mail.subject + mail.body_html + (mail.mail_message_id.body or ""))
        self.assertIn("Confidential", mail.body_html)
        self.assertIn("10:00", mail.body_html)

    def test_what_he_may_not_read_does_not_stand_in_it(self):
        """CF-1: not even neutrally; he was taken off the list after the reminder had been kept for him."""
        meeting = self.plan(6, 10, name="Takeover", level="participants")
        self.evening(5)
        with self.at(5, 18):
            self.participant(meeting, self.member.partner_id).with_user(self.convener).unlink()
        with self.at(6, 9):
            self.run_job()
        self.assertFalse(self.mails(self.member.partner_id, "summary"))
        self.assertEqual(self.rows(meeting, "remind:1440", self.member.partner_id).state, "void")

    def test_its_reader_alone_reads_it(self):
        """CF-6: neither an administrator of meetings nor one of the system, in no table."""
        self.plan(6, 10, name="Spring offer")
        with self.at(6, 9):
            self.run_job()
        summary, technician = self.of(self.member), self.env.ref("base.user_admin")
        mail = self.mails(self.member.partner_id, "summary")
        self.assertIn("Spring offer", summary.with_user(self.member).body)
        for stranger in (self.manager, technician, self.outsider):
            self.env.invalidate_all()
            self.assertFalse(self.env["meeting.summary"].with_user(stranger).search([]))
            with self.assertRaises(AccessError):
                summary.with_user(stranger).read(["day"])
            with self.assertRaises(AccessError):
                mail.with_user(stranger).read(["body_html"])
            with self.assertRaises(AccessError):
                mail.mail_message_id.with_user(stranger).read(["body"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(summary.with_user(self.member).has_access(operation))

    def test_a_summary_that_fails_keeps_nothing_back(self):
        """RE-4: it is tried again, and what it was to carry leaves by itself in the end."""
        meeting = self.plan(7, 10)
        self.evening(6)
        with self.patch_my_day(), self.assertLogs("odoo.addons.meeting_management", "WARNING"):
            for hour, minute in ((8, 30), (8, 41), (9, 45)):
                with self.at(7, hour, minute):
                    self.run_job()
            own = self.rows(self.of(self.member), "summary")
            self.assertEqual((own.state, own.attempts, own.retry_at), ("failed", 3, False))
            row = self.rows(meeting, "remind:1440", self.member.partner_id)
            self.assertEqual(row.state, "pending")
        self.assertEqual(row.held_until, self.shanghai(7, 8, 30))
        with self.at(7, 11, 31):
            self.assertIn(row, self.ledger._lock_due(200), "it waits no longer")

    def patch_my_day(self):
        def broken(day):
            raise ValueError("a section that nobody filled")

        return patch.object(type(self.env["meeting.my.day"]), "get", broken)

    def test_what_breaks_the_making_of_summaries_stops_no_notice(self):
        """RE-4"""
        meeting = self.schedule(self.make_meeting())

        def broken(*args):
            raise ValueError("a calendar without a time zone")

        with (
            patch.object(type(self.summaries), "_due_mornings", broken),
            self.assertLogs("odoo.addons.meeting_management", "WARNING"),
        ):
            self.run_job()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})

    def test_an_inbox_gets_it_as_well(self):
        self.member.notification_type = "inbox"
        self.plan(6, 10, name="Spring offer")
        with self.at(6, 9):
            self.run_job()
        row = self.rows(self.of(self.member), "summary")
        self.assertEqual(row.delivery, "inbox")
        message = row.mail_message_id.with_user(self.member)
        self.assertIn("Spring offer", message.body)
        self.assertTrue(message.needaction)

    def test_days_without_news_leave_no_trace(self):
        with self.at(6, 9):
            self.run_job()
        empty = self.of(self.member)
        self.env.cr.execute("UPDATE meeting_summary SET create_date = '2020-01-01' WHERE id = %s", [empty.id])
        self.env.invalidate_all()
        self.summaries._gc_unsent()
        self.assertFalse(empty.exists())

    def test_the_job_wakes_for_the_next_morning(self):
        with self.at(6, 12):
            self.assertEqual(self.summaries._next_moment(), self.shanghai(7, 8, 30))
        with self.at(6, 7):
            self.assertEqual(self.summaries._next_moment(), self.shanghai(6, 8, 30))
        self.wish(self.member, summary=False)
        self.assertIsNone(self.summaries._next_moment())


class TestTwoServers(BaseCase):
    """Real transactions: two servers owe the same morning at the same moment (RE-3)."""

    def test_one_summary(self):
        registry = Registry(get_db_name())
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            admin = env.ref("base.user_admin")
            rows = [(admin.id, admin.company_id.id, fields.Date.today())]
        barrier, made, errors = threading.Barrier(3, timeout=20), [], []

        def server():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    cr.execute("SELECT count(*) FROM meeting_summary")
                    barrier.wait()
                    made.append(len(env["meeting.summary"]._insert("morning", rows)))
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=server) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with registry.cursor() as cr:
            cr.execute("DELETE FROM meeting_summary RETURNING user_id")
            self.assertEqual(len(cr.fetchall()), 1)
        self.assertEqual(
            (sum(made), [type(error).__name__ for error in errors if "serialize" not in str(error)]), (1, [])
        )
