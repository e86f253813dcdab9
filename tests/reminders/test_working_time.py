"""Counting in working time by a Chinese calendar: holidays, make-up days, nights, time off, summer time (RE-3)."""

from datetime import date, datetime

import pytz
from freezegun import freeze_time
from odoo.addons.meeting_management.models.meeting_working_time import WorkingTime
from odoo.fields import Command
from odoo.tests import new_test_user

from tests.common import MeetingCommon

SHANGHAI = pytz.timezone("Asia/Shanghai")
NEW_YORK = pytz.timezone("America/New_York")


def at(text, zone=SHANGHAI):
    """A moment as the clock on the wall shows it, as stored."""
    there = datetime.strptime(text, "%Y-%m-%d %H:%M")
    return zone.localize(there).astimezone(pytz.utc).replace(tzinfo=None)


class WorkingTimeCommon(MeetingCommon):
    """9:00–12:00 and 13:30–18:00, Monday to Friday; National Day 2026 from 1 to 7 October, made up for on Saturday,
    10 October."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = ((9.0, 12.0, "morning"), (13.5, 18.0, "afternoon"))
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "Asia/Shanghai",
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"name": "x", "dayofweek": str(day), "hour_from": a, "hour_to": b, "day_period": period}
                        )
                        for day in range(5)
                        for a, b, period in hours
                    ),
                ],
            }
        )
        cls.company.resource_calendar_id = cls.calendar
        for user in (cls.member, cls.chair, cls.minute_taker, cls.approver, cls.convener, cls.boss):
            user.employee_id.resource_calendar_id = cls.calendar
        cls.leave("National Day", "2026-10-01 00:00", "2026-10-07 23:59")
        cls.leave("Make-up day", "2026-10-10 00:00", "2026-10-10 23:59", time_type="other")

    @classmethod
    def leave(cls, name, start, stop, user=None, **vals):
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "calendar_id": cls.calendar.id,
                "company_id": cls.company.id,
                "resource_id": user.employee_id.resource_id.id if user else False,
                "date_from": at(start),
                "date_to": at(stop),
                **vals,
            }
        )


class TestWorkingTime(WorkingTimeCommon):
    def setUp(self):
        super().setUp()
        self.time = WorkingTime(self.env)
        self.office = self.time.worker(None, self.company)

    def shifted(self, start, number, unit, sign=1, worker=None, zone=SHANGHAI, working=True):
        moment = self.time.shift(worker or self.office, at(start, zone), number, unit, working, sign)
        return pytz.utc.localize(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def test_hours_pass_at_work_only(self):
        """RE-3: over lunch, over night, over the weekend, over National Day, on a make-up Saturday."""
        for start, number, unit, expected in (
            ("2026-09-21 11:00", 2, "hours", "2026-09-21 14:30"),
            ("2026-09-21 17:30", 60, "minutes", "2026-09-22 09:30"),
            ("2026-09-21 09:00", 7.5, "hours", "2026-09-21 18:00"),
            ("2026-09-25 17:00", 2, "hours", "2026-09-28 10:00"),
            ("2026-09-30 17:00", 2, "hours", "2026-10-08 10:00"),
            ("2026-10-09 17:00", 2, "hours", "2026-10-10 10:00"),
            ("2026-10-10 17:00", 2, "hours", "2026-10-12 10:00"),
            ("2026-09-22 23:30", 0, "hours", "2026-09-23 09:00"),
            ("2026-09-22 10:10", 0, "hours", "2026-09-22 10:10"),
            ("2026-10-03 10:00", 0, "days", "2026-10-08 09:00"),
        ):
            with self.subTest(start=start, number=number):
                self.assertEqual(self.shifted(start, number, unit), expected)

    def test_the_next_full_hour_at_work(self):
        """A new meeting is proposed while people work: not over lunch, at night, on a holiday."""
        for start, expected in (
            ("2026-09-21 05:10", "2026-09-21 09:00"),
            ("2026-09-21 09:00", "2026-09-21 09:00"),
            ("2026-09-21 09:01", "2026-09-21 10:00"),
            ("2026-09-21 11:20", "2026-09-21 14:00"),
            ("2026-09-21 17:01", "2026-09-22 09:00"),
            ("2026-09-30 17:30", "2026-10-08 09:00"),
            ("2026-10-09 18:00", "2026-10-10 09:00"),
        ):
            with self.subTest(start=start):
                found = self.time.next_hour(self.office, at(start))
                self.assertEqual(pytz.utc.localize(found).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), expected)
        kolkata = pytz.timezone("Asia/Kolkata")
        there = self.office._replace(tz="Asia/Kolkata", calendar_id=False)
        found = self.time.next_hour(there, at("2026-09-21 05:10", kolkata))
        self.assertEqual(found, at("2026-09-21 06:00", kolkata), "clocks half an hour off have full hours of their own")

    def test_a_new_meeting_starts_at_work(self):
        """NT-1: at least as far away as the notice needs, in the company's working time."""
        self.company.meeting_notice_lead_hours = 24
        with freeze_time(at("2026-09-29 19:40")):
            draft = self.env["meeting.meeting"].with_user(self.convener).default_get(["start"])
        self.assertEqual(draft["start"], at("2026-10-08 09:00"))

    def test_hours_before(self):
        """RE-1: the same backwards."""
        for start, number, unit, expected in (
            ("2026-09-21 14:30", 2, "hours", "2026-09-21 11:00"),
            ("2026-10-08 10:00", 2, "hours", "2026-09-30 17:00"),
            ("2026-10-12 10:00", 2, "hours", "2026-10-10 17:00"),
            ("2026-09-22 03:00", 0, "hours", "2026-09-21 18:00"),
        ):
            with self.subTest(start=start, number=number):
                self.assertEqual(self.shifted(start, number, unit, sign=-1), expected)

    def test_days_lead_to_the_start_of_work(self):
        """RS-3: so many working days before or after; midnight belongs to the day that ends."""
        for start, number, sign, expected in (
            ("2026-09-21 15:00", 1, 1, "2026-09-22 09:00"),
            ("2026-09-30 15:00", 1, 1, "2026-10-08 09:00"),
            ("2026-10-09 15:00", 1, 1, "2026-10-10 09:00"),
            ("2026-10-09 15:00", 2, 1, "2026-10-12 09:00"),
            ("2026-10-01 00:00", 1, 1, "2026-10-08 09:00"),
            ("2026-10-08 08:00", 1, -1, "2026-09-30 09:00"),
            ("2026-10-13 00:00", 1, -1, "2026-10-10 09:00"),
            ("2026-09-22 00:00", 1, -1, "2026-09-18 09:00"),
        ):
            with self.subTest(start=start, number=number, sign=sign):
                self.assertEqual(self.shifted(start, number, "days", sign=sign), expected)

    def test_a_make_up_day_with_hours_of_its_own(self):
        """An entry outside the usual hours counts as it stands."""
        self.leave("Night shift", "2026-09-26 19:00", "2026-09-26 21:00", time_type="other")
        time = WorkingTime(self.env)
        office = time.worker(None, self.company)
        self.assertEqual(time.hours_between(office, at("2026-09-26 00:00"), at("2026-09-27 00:00")), 2)
        self.assertEqual(time.hours_between(office, at("2026-10-10 00:00"), at("2026-10-11 00:00")), 7.5)
        self.assertEqual(time.hours_between(office, at("2026-10-11 00:00"), at("2026-10-10 00:00")), -7.5)

    def test_own_time_off_counts_for_its_owner_alone(self):
        """RE-3, PT-3"""
        self.leave("Trip", "2026-09-22 00:00", "2026-09-22 23:59", user=self.member)
        mine = self.time.worker(self.member, self.company)
        self.assertEqual(self.shifted("2026-09-21 17:00", 2, "hours", worker=mine), "2026-09-23 10:00")
        other = self.time.worker(self.chair, self.company)
        self.assertEqual(self.shifted("2026-09-21 17:00", 2, "hours", worker=other), "2026-09-22 10:00")
        self.assertEqual(self.time.away(self.member.employee_id.resource_id.ids, at("2026-09-22 12:00")), {mine[1]})
        self.assertFalse(self.time.away(self.member.employee_id.resource_id.ids, at("2026-09-23 12:00")))

    def test_without_a_schedule_by_the_companys(self):
        """RE-3: an employee without a calendar, a user who is no employee."""
        self.member.employee_id.resource_calendar_id = False
        self.leave("Trip", "2026-09-22 00:00", "2026-09-22 23:59", user=self.member)
        stranger = new_test_user(self.env, login="stranger", groups="base.group_user")
        for user, expected in ((self.member, "2026-09-23 10:00"), (stranger, "2026-09-22 10:00")):
            worker = self.time.worker(user, self.company)
            self.assertEqual(worker.calendar_id, self.calendar.id)
            self.assertEqual(self.shifted("2026-09-21 17:00", 2, "hours", worker=worker), expected)

    def test_another_companys_holiday_is_no_holiday_here(self):
        """RE-3: multi-company."""
        other = self.env["res.company"].create({"name": "Branch"})
        self.leave("Local feast", "2026-09-22 00:00", "2026-09-22 23:59", company_id=other.id, calendar_id=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = %s, calendar_id = NULL WHERE name = 'Local feast'",
            [other.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.shifted("2026-09-21 17:00", 2, "hours"), "2026-09-22 10:00")

    def test_a_zone_with_summer_time(self):
        """RE-3: days keep the time on the wall across the change; working hours are those on the wall."""
        calendar = self.calendar.copy({"tz": "America/New_York"})
        self.member.employee_id.resource_calendar_id = calendar
        self.member.employee_id.resource_id.tz = "America/New_York"
        there = self.time.worker(self.member, self.company)
        for start, number, unit, sign, working, expected in (
            ("2026-03-09 09:00", 2, "days", -1, False, "2026-03-07 09:00"),
            ("2026-03-07 09:00", 1, "days", 1, False, "2026-03-08 09:00"),
            ("2026-03-07 20:00", 12, "hours", 1, False, "2026-03-08 09:00"),
            ("2026-03-06 17:00", 2, "hours", 1, True, "2026-03-09 10:00"),
            ("2026-03-09 09:30", 1, "days", -1, True, "2026-03-06 09:00"),
        ):
            with self.subTest(start=start, number=number, unit=unit):
                self.assertEqual(
                    self.shifted(start, number, unit, sign, worker=there, zone=NEW_YORK, working=working), expected
                )

    def test_where_nobody_ever_works(self):
        """A calendar without hours leads somewhere all the same."""
        self.calendar.attendance_ids.unlink()
        self.env["resource.calendar.leaves"].search([("time_type", "=", "other")]).unlink()
        self.assertEqual(self.shifted("2026-09-21 17:00", 2, "hours"), "2026-09-21 19:00")
        self.assertEqual(self.shifted("2026-09-21 17:00", 2, "days", sign=-1), "2026-09-19 17:00")
        self.assertEqual(self.shifted("2026-09-21 17:00", 0, "days"), "2026-09-21 17:00")

    def test_dates(self):
        self.assertEqual(self.time.end_of_day(self.office, date(2026, 9, 21)), at("2026-09-22 00:00"))
        self.assertEqual(self.time.day_of(self.office, at("2026-09-21 23:59")), date(2026, 9, 21))

    def test_many_people_cost_the_same_queries(self):
        """PERFORMANCE section 6: calendars are read for a batch, not per person."""
        users = [self.make_user(f"u{n}", f"User {n}", self.sales) for n in range(30)]
        for user in users:
            user.employee_id.resource_calendar_id = self.calendar
        counts = []
        for few in (users[:1], users):
            self.env.flush_all()
            self.env.invalidate_all()
            people = self.env["res.users"].union(*few)
            before = self.env.cr.sql_log_count
            time = WorkingTime(self.env)
            time.know(people, self.company)
            for user in people:
                time.add_hours(time.worker(user, self.company), at("2026-09-21 17:00"), 40)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
