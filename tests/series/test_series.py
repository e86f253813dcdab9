"""A series begets meetings; they can be moved, cancelled and changed without losing the series (MT-1, MT-5)."""

from datetime import datetime

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date, mute_logger

from tests.common import MeetingCommon

NOW = "2026-03-02 00:00:00"  # a Monday, 08:00 in Shanghai


@freeze_time(NOW)
class SeriesCommon(MeetingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.meeting_series_horizon_days = 28

    def make_series(self, user=None, **vals):
        values = {
            "name": "Sales weekly", "type_id": self.weekly.id, "words": "every Tuesday 14:00", "tz": "Asia/Shanghai",
            "start_date": "2026-03-02", "chair_id": self.chair.id, "minute_taker_id": self.minute_taker.id,
            "participant_ids": [Command.set((self.member.partner_id | self.guest).ids)], **vals,
        }  # fmt: skip
        return self.env["meeting.series"].with_user(user or self.convener).create(values)

    def meetings(self, series):
        return self.env["meeting.meeting"].search([("series_id", "=", series.id)], order="start")


@freeze_time(NOW)
class TestSeries(SeriesCommon):
    def test_a_series_creates_its_meetings_ahead(self):
        """MT-1: up to the horizon, with everything the series says, as drafts; a second run adds nothing."""
        series = self.make_series(room_id=self.maple.id, duration=1.5)
        meetings = self.meetings(series)
        self.assertEqual(meetings.mapped("start"), [datetime(2026, 3, day, 6) for day in (3, 10, 17, 24)])
        meeting = meetings[0]
        self.assertEqual(meeting.state, "draft")
        self.assertEqual(
            (meeting.convener_id, meeting.chair_id, meeting.minute_taker_id),
            (self.convener, self.chair, self.minute_taker),
        )
        self.assertEqual((meeting.room_id, meeting.duration, meeting.department_id), (self.maple, 1.5, self.sales))
        self.assertEqual(meeting.department_ids, self.sales)
        self.assertEqual(
            {line.partner_id: line.role for line in meeting.participant_ids},
            {self.member.partner_id: "required", self.guest: "required", self.chair.partner_id: "chair",
             self.minute_taker.partner_id: "minute_taker"},
        )  # fmt: skip
        self.assertFalse(series._generate())
        self.assertEqual((series.meeting_count, series.draft_count, series.next_meeting_id), (4, 4, meetings[0]))
        self.assertEqual(series.next_start, meetings[0].start)
        self.assertEqual(str(series.generated_until), "2026-03-30")

    def test_people_and_agenda_of_the_type_by_default(self):
        """MT-3: no own list means the standing participants; the agenda follows the length of the series."""
        self.reception.participant_ids = [
            Command.create({"kind": "person", "partner_id": self.boss.partner_id.id, "role": "observer"})
        ]
        series = self.make_series(type_id=self.reception.id, participant_ids=False, duration=2.0)
        meeting = self.meetings(series)[0]
        self.assertEqual(self.participant(meeting, self.boss.partner_id).role, "observer")
        self.assertEqual(meeting.agenda_item_ids.mapped("minutes"), [5, 72, 24])

    def test_a_moved_or_cancelled_meeting_keeps_its_place(self):
        """MT-5: generation never repeats or rewrites it."""
        series = self.make_series()
        first, second, third, fourth = self.meetings(series)
        self.schedule(first)
        first.with_user(self.convener)._reschedule({"start": datetime(2026, 3, 5, 2)}, "Client came")
        second.with_user(self.convener).action_cancel()
        third.with_user(self.convener).start = datetime(2026, 3, 18, 2)
        series._generate()
        series.action_generate()
        self.assertEqual(self.meetings(series), first | second | third | fourth)
        self.assertEqual((first.start, first.occurrence_at), (datetime(2026, 3, 5, 2), datetime(2026, 3, 3, 6)))
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            fourth.with_user(self.convener).unlink()
        copied = first.with_user(self.convener).copy()
        self.assertFalse(copied.series_id)

    def test_the_database_keeps_one_meeting_per_day_of_the_series(self):
        """MT-5: whatever two servers do at once."""
        series = self.make_series()
        first = self.meetings(series)[0]
        for name in ("occurrence_at", "occurrence_date"):
            self.env.cr.execute(
                "SELECT 1 FROM pg_constraint WHERE conrelid = 'meeting_meeting'::regclass AND contype = 'u' "
                "AND pg_get_constraintdef(oid) = %s",
                [f"UNIQUE (series_id, {name})"],
            )
            self.assertTrue(self.env.cr.fetchone(), name)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError), self.env.cr.savepoint():
            self.env["meeting.meeting"].create(
                {"name": "Twin", "type_id": self.weekly.id, "series_id": series.id, 
                 "occurrence_date": first.occurrence_date,
                 "occurrence_at": first.occurrence_at}
            )  # fmt: skip

    def test_new_settings_reach_drafts_and_nothing_else(self):
        """MT-5: in place; announced meetings and what was changed by hand stay, and the form says how many."""
        series = self.make_series()
        first, second, third, fourth = meetings = self.meetings(series)
        self.schedule(first)
        third.with_user(self.convener).room_id = self.cedar
        series.write({"name": "Sales round", "room_id": self.maple.id, "start_time": 15.0})
        self.assertEqual(self.meetings(series), meetings)
        self.assertEqual(meetings.mapped("name"), ["Sales weekly"] + 3 * ["Sales round"])
        self.assertEqual(meetings.mapped("room_id.name"), ["Maple", "Cedar"])
        self.assertEqual((first.room_id, third.room_id), (self.env["meeting.room"], self.cedar))
        self.assertEqual([meeting.start.hour for meeting in meetings], [6, 7, 7, 7])
        self.assertEqual(second.occurrence_at, second.start)
        self.assertIn("3 draft(s) changed, 0 removed, 0 created", series.last_change)
        self.assertIn(f"{format_date(series.env, '2026-03-03')} (Scheduled)", series.last_change)
        series.write({"participant_ids": [Command.unlink(self.guest.id), Command.link(self.boss.partner_id.id)]})
        self.assertNotIn(self.guest, second.participant_ids.partner_id)
        self.assertIn(self.boss.partner_id, second.participant_ids.partner_id)
        self.assertIn(self.guest, first.participant_ids.partner_id)
        series.chair_id = self.boss
        self.assertEqual((second.chair_id, first.chair_id), (self.boss, self.chair))
        self.assertEqual(self.participant(second, self.boss.partner_id).role, "chair")
        self.assertFalse(self.participant(second, self.chair.partner_id))

    def test_a_new_type_brings_its_agenda_and_keeps_the_people_of_the_series(self):
        """MT-5"""
        series = self.make_series()
        series.type_id = self.reception
        meeting = self.meetings(series)[1]
        self.assertEqual(meeting.type_id, self.reception)
        self.assertEqual(len(meeting.agenda_item_ids), 3)
        self.assertEqual(meeting.participant_ids.partner_id,
                         (self.member | self.chair | self.minute_taker).partner_id | self.guest)  # fmt: skip

    def test_a_new_rhythm_drops_untouched_drafts_and_reports_the_others(self):
        """MT-5"""
        series = self.make_series()
        first, second, third, fourth = self.meetings(series)
        self.schedule(first)
        second.with_user(self.convener).agenda_item_ids = [Command.create({"name": "Prices", "minutes": 10})]
        third.with_user(self.member).sudo().message_post(body="I bring the figures", message_type="comment")
        series.words = "every Wednesday 14:00"
        self.assertFalse(fourth.exists())
        self.assertTrue((first | second | third).exists())
        self.assertEqual(len(self.meetings(series)), 3 + 4)
        self.assertIn("1 removed, 4 created", series.last_change)
        for day, state in (("2026-03-03", "Scheduled"), ("2026-03-10", "Draft"), ("2026-03-17", "Draft")):
            self.assertIn(f"{format_date(series.env, day)} ({state})", series.last_change)

    def test_archiving_stops_the_series(self):
        """MT-5: untouched drafts go, what was announced stays; back again, they return."""
        series = self.make_series()
        first = self.meetings(series)[0]
        self.schedule(first)
        series.action_archive()
        self.assertEqual(self.meetings(series), first)
        self.assertFalse(series._generate())
        series.action_unarchive()
        self.assertEqual(len(self.meetings(series)), 4)

    def test_a_series_with_history_is_archived_not_deleted(self):
        """MT-5"""
        series = self.make_series()
        self.schedule(self.meetings(series)[0])
        with self.assertRaisesRegex(UserError, "Archive"):
            series.unlink()
        other = self.make_series(name="Never met")
        drafts = self.meetings(other)
        other.unlink()
        self.assertFalse(drafts.exists())

    def test_the_daily_job_plans_every_series(self):
        """MT-1: a failing series tells its convener and stops no other; two runs create nothing twice."""
        series, broken = self.make_series(), self.make_series(name="Broken")
        cron = self.env.ref("meeting_management.cron_series_generate")
        with freeze_time("2026-03-16 00:00:00"):
            self.minute_taker.active = False
            (series | broken).flush_recordset()
            self.env.cr.execute(
                "UPDATE meeting_series SET minute_taker_id = %s WHERE id = %s", [self.chair.id, series.id]
            )
            series.invalidate_recordset()
            with self.enter_registry_test_mode():
                self.assertIs(cron.method_direct_trigger(), True)
                self.assertIs(cron.method_direct_trigger(), True)
        self.assertEqual(len(self.meetings(series)), 6)
        self.assertEqual(len(self.meetings(broken)), 4)
        todo = broken.activity_ids
        self.assertEqual(todo.user_id, self.convener)
        self.assertIn("Taker Tang", todo.note)

    def test_a_date_announced_series_creates_nothing_by_itself(self):
        """MT-1: "monthly, date announced"."""
        series = self.make_series(words="monthly, date announced")
        self.assertEqual(series.sentence, "On dates that are announced")
        self.assertFalse(self.meetings(series))

    def test_the_job_submits_each_meeting_for_its_convener(self):
        """MT-1, AP-1, NT-1: n days before; with his rights, through his approvals."""
        series = self.make_series(type_id=self.reception.id, notice_days_before=2)
        first, second = self.meetings(series)[:2]
        self.run_submit()
        self.assertEqual((first.state, second.state), ("submitted", "draft"))
        self.assertEqual(first.current_approver_id, self.approver)
        with freeze_time("2026-03-09 00:00:00"):
            self.run_submit()
        self.assertEqual(second.state, "submitted")

    def test_what_cannot_be_submitted_stays_a_draft_and_is_told(self):
        """MT-1: the convener gets a "To do" with the reason, once; when the cause is gone, the job goes on."""
        series = self.make_series(room_id=self.maple.id, notice_days_before=2)
        first = self.meetings(series)[0]
        booking = (
            self.env["meeting.booking"]
            .with_user(self.outsider)
            .create(
                {
                    "name": "Training",
                    "user_id": self.outsider.id,
                    "room_id": self.maple.id,
                    "start": first.start,
                    "stop": first.stop,
                }
            )
        )
        self.run_submit()
        self.run_submit()
        self.assertEqual(first.state, "draft")
        self.assertEqual(len(first.activity_ids), 1)
        self.assertEqual(first.activity_ids.user_id, self.convener)
        self.assertIn("Maple", first.activity_ids.note)
        booking.action_cancel()
        self.run_submit()
        self.assertEqual(first.state, "scheduled")
        self.assertFalse(first.activity_ids)
        self.assertEqual(first.booking_ids.filtered(lambda b: b.state == "confirmed").room_id, self.maple)

    def run_submit(self):
        with self.enter_registry_test_mode():
            self.assertIs(self.env.ref("meeting_management.cron_series_submit").method_direct_trigger(), True)

    def test_a_hundred_meetings_cost_few_queries(self):
        """MT-1: queries do not grow with the number of meetings (PERFORMANCE section 2)."""

        def cost(days, act):
            self.company.meeting_series_horizon_days = days
            series = self.make_series(words="every day 8:00", name=f"Shift {days}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            act(series)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.company.meeting_series_horizon_days = 10
        self.make_series(words="every day 8:00", name="Warm up")
        counts = []
        for days in (20, 100):
            self.company.meeting_series_horizon_days = days
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.make_series(words="every day 8:00", name=f"New {days}")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 15, "INSERTs come in portions of a hundred lines or so")
        for act in (lambda s: s.write({"name": "Shift"}), lambda s: s.write({"start_time": 8.5})):
            few, many = cost(20, act), cost(100, act)
            self.assertLessEqual(many, few + 15, "meetings and their time limits are written in portions")


@freeze_time(NOW)
class TestSeriesAccess(SeriesCommon):
    """Who reads and maintains a series (CF-1)."""

    def test_role_by_level(self):
        """CF-1: role × level, read and write."""
        for level, readers, editors in [
            (
                "public",
                "convener chair minute_taker secretary manager member outsider",
                "convener chair minute_taker secretary manager",
            ),
            (
                "internal",
                "convener chair minute_taker secretary manager",
                "convener chair minute_taker secretary manager",
            ),
            ("participants", "convener chair minute_taker", "convener chair minute_taker"),
            ("secret", "convener chair minute_taker", "convener chair minute_taker"),
        ]:
            self.weekly.level = level
            series = self.make_series(name=f"Round {level}")
            for name in (
                "convener",
                "chair",
                "minute_taker",
                "secretary",
                "manager",
                "member",
                "outsider",
                "hr",
                "room_manager",
            ):
                user = getattr(self, name)
                mine = series.with_user(user)
                expected = name in readers.split() or level == "public"
                with self.subTest(level=level, user=name):
                    self.assertEqual(mine.has_access("read"), expected)
                    self.assertEqual(bool(mine.search([("id", "=", series.id)])), expected)
                    self.assertEqual(mine.has_access("write"), name in editors.split())
                    self.assertEqual(mine.display_name, series.name if expected else "Confidential series")

    def test_nobody_puts_a_meeting_into_a_series_by_hand(self):
        """MT-5: a stray meeting in the place of an occurrence would keep the real one from being created."""
        series = self.make_series()
        with self.assertRaises(AccessError):
            self.make_meeting(self.outsider, chair_id=self.outsider.id, series_id=series.id)
        meeting = self.make_meeting()
        with self.assertRaises(AccessError):
            meeting.with_user(self.convener).series_id = series
        with self.assertRaises(AccessError):
            self.make_series(self.outsider, convener_id=self.convener.id)

    def test_the_chatter_of_a_series_tells_its_readers_only(self):
        """CF-1: who is mentioned and may not read the series gets no message of it."""
        self.weekly.level = "participants"
        series = self.make_series()
        series.message_subscribe((self.chair | self.outsider).partner_id.ids)
        message = series.message_post(body="New time", subtype_xmlid="mail.mt_comment")
        told = message.sudo().notification_ids.res_partner_id
        self.assertIn(self.chair.partner_id, told)
        self.assertNotIn(self.outsider.partner_id, told)

    def test_counts_show_only_what_one_may_read(self):
        """CF-1: an outsider learns nothing of drafts."""
        series = self.make_series()
        self.schedule(self.meetings(series)[1])
        seen = series.with_user(self.outsider)
        self.assertEqual((seen.meeting_count, seen.draft_count), (1, 0))
        self.assertEqual(seen.next_meeting_id, self.meetings(series)[1])
        self.assertEqual(seen.next_start, self.meetings(series)[1].start)

    def test_who_may_not_convene_has_no_series(self):
        """MT-3"""
        self.weekly.convener_department_ids = self.finance
        with self.assertRaisesRegex(ValidationError, "may not convene"):
            self.make_series()

    def test_another_company_sees_nothing(self):
        """Each company has its own series."""
        series = self.make_series()
        other = self.env["res.company"].create({"name": "Other"})
        self.outsider.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(series.with_user(self.outsider).has_access("read"))
