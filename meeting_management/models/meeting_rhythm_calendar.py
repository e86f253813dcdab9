"""From a rhythm to moments: local time, working days and public holidays (MT-1)."""

from collections import namedtuple
from datetime import datetime, timedelta
from itertools import islice

import pytz
from odoo import fields, models

Occurrence = namedtuple("Occurrence", "date at start")
"""``date``: local day by the rhythm; ``at``: its moment (UTC); ``start``: the same, or later because of a holiday."""


class WorkDays:
    """Which days a company works, and which moments fall on its public holidays; read year by year."""

    def __init__(self, rhythm):
        self.rhythm = rhythm
        # sudo: the company's working days and public holidays are no secret within it; nobody's own leave is read.
        self.company = rhythm.company_id.sudo()
        self.calendar = self.company.resource_calendar_id
        self.attendance = {}
        self.holidays = {}

    def is_workday(self, day):
        """Somebody works on this weekday, and at the hour of the rhythm no public holiday is on."""
        if day.year not in self.attendance:
            self.attendance[day.year] = self._read_attendance(day.year)
        works = self.attendance[day.year]
        return (day in works if works is not None else day.weekday() < 5) and not self.is_holiday(
            self.rhythm._moment(day)
        )

    def is_holiday(self, moment):
        """:param datetime moment: UTC"""
        if moment.year not in self.holidays:
            self.holidays[moment.year] = self._read_holidays(moment.year)
        return any(start <= moment <= stop for start, stop in self.holidays[moment.year])

    def _read_attendance(self, year):
        if not self.calendar:
            return None
        zone = pytz.timezone(self.calendar.tz or "UTC")
        first, last = (zone.localize(datetime(y, 1, 1)) for y in (year, year + 1))
        intervals = self.calendar._work_intervals_batch(first, last, compute_leaves=False)[False]
        return {start.date() for start, _stop, _attendance in intervals}

    def _read_holidays(self, year):
        leaves = self.company.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", [False, self.calendar.id]),
                ("company_id", "in", [False, self.company.id]),
                ("date_from", "<", datetime(year + 1, 1, 1)),
                ("date_to", ">=", datetime(year, 1, 1)),
            ],
            ["date_from", "date_to"],
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]


class MeetingRhythmMixin(models.AbstractModel):
    _inherit = "meeting.rhythm.mixin"

    def _moment(self, day):
        """``day`` at the local time of the rhythm, in UTC. A time that the clock change skips comes an hour later."""
        zone = pytz.timezone(self.tz or "UTC")
        local = datetime(day.year, day.month, day.day) + timedelta(minutes=round(self.start_time * 60))
        return zone.normalize(zone.localize(local)).astimezone(pytz.utc).replace(tzinfo=None)

    def _occurrences(self):
        """Yield every :class:`Occurrence` from the first day on, ascending, up to the end that was set.

        On a public holiday, and for a numbered day of the month on any day off, ``holiday_rule`` decides. A day that
        would be moved onto or past the next one is left out.
        """
        self.ensure_one()
        if not (self.unit and self.start_date) or (self.unit == "week" and not self._rhythm().weekdays):
            return
        work = WorkDays(self)
        by_number = self.unit not in ("day", "week") and self.month_by == "date"
        dates = self._rhythm().dates(self.start_date, work.is_workday)
        day, number = next(dates, None), 0
        while day and not (self.end_type == "until" and self.end_date and day > self.end_date):
            if self.end_type == "count" and number >= self.count:
                return
            following = next(dates, None)
            at = start = self._moment(day)
            if self.holiday_rule != "keep" and (not work.is_workday(day) if by_number else work.is_holiday(at)):
                start = self._moved(day, following, work) if self.holiday_rule == "move" else None
            if start:
                number += 1
                yield Occurrence(day, at, start)
            day = following

    def _moved(self, day, following, work):
        """The next working day after ``day``, at the same time, if it comes before the next occurrence."""
        for days in range(1, 32):
            later = day + timedelta(days=days)
            if following and later >= following:
                return None
            if work.is_workday(later):
                return self._moment(later)
        return None

    def _next_occurrences(self, number):
        """The next ones from now."""
        now = fields.Datetime.now()
        return list(islice((occurrence for occurrence in self._occurrences() if occurrence.start > now), number))

    def _occurrences_until(self, last):
        """``{date: Occurrence}`` of those still to come, up to the local day ``last``."""
        now = fields.Datetime.now()
        plan = {}
        for occurrence in self._occurrences():
            if occurrence.date > last:
                break
            if occurrence.start > now:
                plan[occurrence.date] = occurrence
        return plan
