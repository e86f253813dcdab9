"""What is held back, for whom, and until when: wishes bend no duty and make nothing late (RE-3, NT-5)."""

from datetime import datetime, timedelta

import pytz
from odoo.addons.meeting_management.models.res_users_preferences import quiet_until
from odoo.fields import Command
from odoo.tests import BaseCase

from tests.channels.common import ChannelCommon

SHANGHAI, NEW_YORK = pytz.timezone("Asia/Shanghai"), pytz.timezone("America/New_York")


class TestQuietHours(BaseCase):
    def test_across_midnight(self):
        for hour, expected in ((21.99, None), (22, 31), (23.5, 31), (24, 31), (30.9, 31), (31, None), (36, None)):
            now = datetime(2031, 3, 3) - timedelta(hours=8) + timedelta(hours=hour)
            end = quiet_until(now, SHANGHAI, 22.0, 7.0)
            self.assertEqual(end, expected and datetime(2031, 3, 3) + timedelta(hours=expected - 8), hour)

    def test_within_a_day_and_not_at_all(self):
        noon = datetime(2031, 3, 3, 4, 30)
        self.assertEqual(quiet_until(noon, SHANGHAI, 12.0, 14.0), datetime(2031, 3, 3, 6))
        self.assertIsNone(quiet_until(noon, SHANGHAI, 13.0, 14.0))
        self.assertIsNone(quiet_until(noon, SHANGHAI, 8.0, 8.0))

    def test_the_night_the_clocks_change(self):
        """New York, 9 March 2031: 02:00 becomes 03:00; seven o'clock is seven o'clock."""
        self.assertEqual(quiet_until(datetime(2031, 3, 9, 4), NEW_YORK, 22.0, 7.0), datetime(2031, 3, 9, 11))


class TestHold(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.remind_before(1440, 15)

    def test_quiet_hours_hold_a_duty_too(self):
        """Nothing rings at night; in the morning it is there. Others are told at once."""
        meeting = self.plan(6, 10)
        self.wish(self.member, quiet=True)
        with self.at(4, 23):
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
            row = self.rows(meeting, "cancel", self.member.partner_id)
            self.assertEqual((row.state, row.held_for, row.held_until), ("pending", "quiet", self.shanghai(5, 7)))
            self.assertEqual(self.state(meeting, "cancel", self.chair), ("sent", False))
            self.assertFalse(self.mails(self.member.partner_id, "Cancelled"))
        with self.at(5, 6, 59):
            self.run_job()
            self.assertEqual(row.state, "pending")
        with self.at(5, 7):
            self.run_job()
        self.assertEqual(row.state, "sent")
        self.assertEqual(len(self.mails(self.member.partner_id, "Cancelled")), 1)

    def test_what_would_be_late_leaves_in_the_night(self):
        """Its meeting starts before the quiet hours end."""
        meeting = self.plan(5, 6, 30)
        self.wish(self.member, quiet=True)
        with self.at(5, 6, 15):
            self.run_job()
        self.assertEqual(self.state(meeting, "remind:15", self.member), ("sent", False))

    def test_a_meeting_moved_away_from_the_night_is_told_in_the_night(self):
        """NT-5: otherwise he would come for the time it had before."""
        meeting = self.plan(5, 6, 30)
        self.wish(self.member, quiet=True)
        with self.at(4, 23):
            meeting.with_user(self.convener)._reschedule({"start": self.shanghai(7, 10)}, "Later")
            self.run_job()
        self.assertEqual(self.state(meeting, "change", self.member), ("sent", False))

    def test_time_zones_are_the_person_s(self):
        self.member.tz = "America/New_York"
        meeting = self.plan(6, 10)
        self.wish(self.member, quiet=True)
        with self.at(4, 12):  # 23:00 of the evening before in New York
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
        row = self.rows(meeting, "cancel", self.member.partner_id)
        self.assertEqual((row.state, row.held_until), ("pending", datetime(2031, 3, 4, 12)))

    def test_a_summary_holds_no_duty(self):
        """Notice, change, cancellation and request for approval come at once; a reminder waits."""
        self.wish(self.member, summary=True)
        self.wish(self.approver, summary=True)
        with self.at(4, 9):
            asked = self.make_meeting(type_id=self.reception.id, start=self.shanghai(10, 9))
            asked.with_user(self.convener).action_submit()
            self.run_job()
        self.assertEqual(self.state(asked, "approval", self.approver), ("sent", False))
        meeting = self.plan(6, 10)
        self.assertEqual(self.state(meeting, "notice", self.member), ("sent", False))
        self.evening(5)
        row = self.rows(meeting, "remind:1440", self.member.partner_id)
        self.assertEqual((row.state, row.held_for, row.held_until), ("pending", "summary", self.shanghai(6, 8, 30)))
        self.assertEqual(self.state(meeting, "remind:1440", self.chair), ("sent", False))
        with self.at(5, 18):
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
        self.assertEqual(self.state(meeting, "cancel", self.member), ("sent", False))
        self.assertEqual((row.state, row.reason), ("void", "cancelled"))

    def test_what_is_about_to_begin_waits_for_no_summary(self):
        self.wish(self.member, summary=True)
        meeting = self.plan(6, 10)
        with self.at(6, 9, 45):
            self.run_job()
        self.assertEqual(self.state(meeting, "remind:15", self.member), ("sent", False))

    def test_a_company_names_more_that_leaves_at_once(self):
        self.company.meeting_at_once_kind_ids = self.env["meeting.message.kind"].search([("code", "=", "remind")])
        self.wish(self.member, summary=True)
        meeting = self.plan(6, 10)
        with self.at(5, 10):
            self.run_job()
        self.assertEqual(self.state(meeting, "remind:1440", self.member), ("sent", False))

    def test_other_wishes_release_what_the_old_ones_held(self):
        self.wish(self.member, summary=True)
        meeting = self.plan(6, 10)
        with self.at(5, 17):
            self.run_job()
            self.wish(self.member, summary=False)
            self.run_job()
        self.assertEqual(self.state(meeting, "remind:1440", self.member), ("sent", False))

    def test_a_reminder_that_moved_with_its_meeting_forgets_the_old_hold(self):
        """What was taken back and is owed anew is looked at anew."""
        self.wish(self.member, summary=True)
        meeting = self.plan(7, 10)
        with self.at(6, 17):
            self.run_job()
            self.assertEqual(self.state(meeting, "remind:1440", self.member), ("pending", "summary"))
            meeting.with_user(self.convener)._reschedule({"start": self.shanghai(13, 10)}, "Later")
        row = self.rows(meeting, "remind:1440", self.member.partner_id)
        self.assertEqual((row.state, row.held_until, row.due), ("pending", False, self.shanghai(12, 10)))

    def test_the_job_wakes_when_the_hold_ends(self):
        meeting = self.plan(12, 10)
        self.wish(self.member, quiet=True)
        with self.at(4, 23):
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
            self.ledger._wake_for_next()
            self.env.cr.precommit.run()
        job = self.env.ref("meeting_management.ir_cron_send_notifications")
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", job.id)])
        self.assertIn(self.shanghai(5, 7), triggers.mapped("call_at"))

    def test_wishes_cost_nothing_per_recipient(self):
        """PERFORMANCE section 6"""
        counts = []
        for number in (3, 30):
            users = self.env["res.users"].browse()
            for index in range(number):
                users |= self.make_user(f"w{number}-{index}", f"W {index}")
            users.write({"meeting_quiet": True, "meeting_quiet_from": 0, "meeting_quiet_to": 1})
            with self.at(4, 12):
                meeting = self.make_meeting(
                    name=f"For {number}",
                    start=self.shanghai(20, 9),
                    participant_ids=[Command.create({"partner_id": user.partner_id.id}) for user in users],
                )
                self.schedule(meeting)
                self.env.flush_all()
                for user in users:
                    user._meeting_principals()  # kept by the server from then on
                self.env.invalidate_all()
                rows = self.ledger._lock_due(200)
                before = self.env.cr.sql_log_count
                rows._send()
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
