"""Counting in working time: the hours of a person's or a company's calendar, without holidays and time off (RE-3).

The hours come from Odoo's working schedules (`resource.calendar`), holidays and time off from its
`resource.calendar.leaves`. Two things are added. An employee without a schedule of his own works by his company's. And
a day of the company that is entered as *Other* time (no person, time type "other") is a make-up working day (调休): it
counts as work, in the hours of the schedule's first working day as far as the entry covers them, or in the entry's own
hours if it covers none.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

import pytz
from odoo.fields import Datetime
from odoo.tools.intervals import Intervals

CHUNK = timedelta(weeks=8)
EPOCH = datetime(1970, 1, 5)
HORIZON = 21
"""Portions of CHUNK that are looked through before a calendar counts as one in which nobody ever works."""
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


class Worker(NamedTuple):
    """Whose time is counted: a calendar, the time off of one resource (or of none), a time zone."""

    calendar_id: int | bool
    resource_id: int | bool
    company_id: int
    tz: str


class WorkingTime:
    """A calculator for one batch: it reads the calendars it is asked about once, eight weeks at a time.

    All moments are naive UTC. Where there is no calendar, every hour counts.
    """

    def __init__(self, env):
        # sudo: whether colleagues work at an hour is public; of their time off nothing but dates computed from it shows
        self.env = env["base"].with_context(active_test=True).sudo().env
        self._workers = {}
        self._spans = {}

    # -- who ----------------------------------------------------------------------------------------------------

    def know(self, users, companies):
        """Read the employees of these users in these companies at once."""
        unknown = [
            (user, company) for company in companies for user in users if (user.id, company.id) not in self._workers
        ]
        if not unknown:
            return
        users = self.env["res.users"].browse({user.id for user, _company in unknown})
        companies = self.env["res.company"].browse({company.id for _user, company in unknown})
        employees = self.env["hr.employee"].search([("user_id", "in", users.ids), ("company_id", "in", companies.ids)])
        found = {(employee.user_id.id, employee.company_id.id): employee for employee in employees}
        for user, company in unknown:
            employee = found.get((user.id, company.id))
            own = self._of_company(company)
            if employee:
                resource = employee.resource_id
                calendar = employee.resource_calendar_id
                own = Worker(calendar.id or own.calendar_id, resource.id, company.id, resource.tz or own.tz)
            self._workers[user.id, company.id] = own

    def worker(self, user, company):
        """:return: whose time counts for `user` in `company`; without an employee, or a user, the company's"""
        company = self.env["res.company"].browse(company.id)
        if not user:
            return self._of_company(company)
        self.know(user, company)
        return self._workers[user.id, company.id]

    def _of_company(self, company):
        key = (False, company.id)
        if key not in self._workers:
            company = self.env["res.company"].browse(company.id)
            calendar = company.resource_calendar_id
            tz = calendar.tz or company.partner_id.tz or "UTC"
            self._workers[key] = Worker(calendar.id, False, company.id, tz)
        return self._workers[key]

    def hours_per_day(self, worker):
        return self.env["resource.calendar"].browse(worker.calendar_id).hours_per_day or 8.0

    # -- when ---------------------------------------------------------------------------------------------------

    def shift(self, worker, moment, number, unit, working, sign):
        """Move `moment` by `number` of `unit` (minutes, hours, days); `sign` is 1 for later, -1 for earlier.

        * Not in working time: minutes and hours elapse; days keep the time of day in the worker's time zone, so that
          a change to summer time does not move it.
        * In working time: minutes and hours are counted within working hours only; a number of days leads to the
          start of work on the so-many-th working day after (before) the day of `moment`, midnight belonging to the day
          that ends; 0 of anything leads to the next (last) moment at which the worker works.
        """
        if not working:
            if unit != "days":
                return moment + sign * timedelta(**{unit: number})
            zone = pytz.timezone(worker.tz)
            there = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None) + sign * timedelta(days=number)
            return zone.localize(there).astimezone(pytz.utc).replace(tzinfo=None)
        if not number:
            return self.next_moment(worker, moment) if sign > 0 else self.last_moment(worker, moment)
        if unit == "days":
            return self.day_after(worker, moment, number) if sign > 0 else self.day_before(worker, moment, number)
        hours = number if unit == "hours" else number / 60
        return self.add_hours(worker, moment, sign * hours)

    def end_of_day(self, worker, day):
        """:return: the midnight that ends this date where the worker is"""
        zone = pytz.timezone(worker.tz)
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
        return zone.localize(midnight).astimezone(pytz.utc).replace(tzinfo=None)

    def day_of(self, worker, moment):
        """:return: the date of `moment` where the worker is"""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(worker.tz)).date()

    def next_moment(self, worker, moment):
        return next((max(start, moment) for start, stop in self._forward(worker, moment) if stop > moment), moment)

    def next_hour(self, worker, moment):
        """:return: the first full hour of the worker's clocks, not before `moment`, in which he works to its end; the
        next full hour where there is none"""
        beginnings = (
            (self._full_hour(worker, max(start, moment)), stop)
            for start, stop in self._forward(worker, moment)
            if stop > moment
        )
        return next((hour for hour, stop in beginnings if hour + HOUR <= stop), self._full_hour(worker, moment))

    @staticmethod
    def _full_hour(worker, moment):
        """Clocks of some zones stand half an hour off."""
        aside = pytz.utc.localize(moment).astimezone(pytz.timezone(worker.tz)).utcoffset() % HOUR
        return EPOCH - (EPOCH - moment - aside) // HOUR * HOUR - aside

    def last_moment(self, worker, moment):
        return next((min(stop, moment) for start, stop in self._backward(worker, moment) if start < moment), moment)

    def add_hours(self, worker, moment, hours):
        """:return: the moment at which that many working hours have passed since (until) `moment`"""
        left = timedelta(hours=abs(hours))
        if hours >= 0:
            for start, stop in self._forward(worker, moment):
                start = max(start, moment)
                if stop > start:
                    if left <= stop - start:
                        return start + left
                    left -= stop - start
            return moment + timedelta(hours=hours)
        for start, stop in self._backward(worker, moment):
            stop = min(stop, moment)
            if stop > start:
                if left <= stop - start:
                    return stop - left
                left -= stop - start
        return moment + timedelta(hours=hours)

    def day_after(self, worker, moment, days):
        today, seen = self.day_of(worker, moment - MOMENT), set()
        for start, _stop in self._forward(worker, moment - MOMENT):
            day = self.day_of(worker, start)
            if day > today and day not in seen:
                seen.add(day)
                if len(seen) == days:
                    return start
        return moment + timedelta(days=days)

    def day_before(self, worker, moment, days):
        today, seen, found = self.day_of(worker, moment - MOMENT), set(), None
        for start, _stop in self._backward(worker, moment):
            day = self.day_of(worker, start)
            if day >= today:
                continue
            if day not in seen and len(seen) == days:
                return found
            seen.add(day)
            found = start
        return moment - timedelta(days=days)

    def hours_between(self, worker, start, stop):
        """:return: working hours from `start` to `stop`, negative where they stand the other way round"""
        if stop < start:
            return -self.hours_between(worker, stop, start)
        total = timedelta()
        for first, last in self._forward(worker, start):
            if first >= stop:
                break
            total += max(min(last, stop) - max(first, start), timedelta())
        return total.total_seconds() / 3600

    def away(self, resource_ids, moment):
        """:return: those of these resources who have time off at this moment"""
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "in", list(resource_ids)),
                ("time_type", "=", "leave"),
                ("date_from", "<=", moment),
                ("date_to", ">", moment),
            ],
            ["resource_id"],
        )
        return set(leaves.resource_id.ids)

    # -- the spans of work --------------------------------------------------------------------------------------

    def _forward(self, worker, moment):
        first = (moment - EPOCH) // CHUNK
        for chunk in range(first, first + HORIZON):
            yield from self._work(worker, chunk)

    def _backward(self, worker, moment):
        first = (moment - EPOCH) // CHUNK
        for chunk in range(first, first - HORIZON, -1):
            yield from reversed(self._work(worker, chunk))

    def _work(self, worker, chunk):
        """:return: sorted list of (start, stop) within the portion `chunk` of time"""
        if (worker, chunk) not in self._spans:
            self._load(worker, chunk)
        return self._spans[worker, chunk]

    def _load(self, worker, chunk):
        """Read this portion for everybody known who works by the same calendar."""
        start = EPOCH + chunk * CHUNK
        if not worker.calendar_id:
            self._spans[worker, chunk] = [(start, start + CHUNK)]
            return
        alike = {
            other
            for other in {*self._workers.values(), worker}
            if (other.calendar_id, other.company_id) == (worker.calendar_id, worker.company_id)
        }
        begin, end = pytz.utc.localize(start), pytz.utc.localize(start + CHUNK)
        calendar = self.env["resource.calendar"].browse(worker.calendar_id)
        resources = self.env["resource.resource"].browse(sorted({other.resource_id for other in alike} - {False}))
        here = [("company_id", "in", (worker.company_id, False))]
        off = calendar._leave_intervals_batch(begin, end, resources, [("time_type", "=", "leave"), *here])
        added = self.env["resource.calendar.leaves"].search(
            [
                ("time_type", "=", "other"),
                ("resource_id", "=", False),
                ("calendar_id", "in", (False, calendar.id)),
                ("date_from", "<", start + CHUNK),
                ("date_to", ">", start),
                *here,
            ]
        )
        nobody = self.env["resource.calendar.attendance"]
        by_zone = defaultdict(list)
        for other in alike:
            by_zone[other.tz].append(other)
        for tz, others in by_zone.items():
            zone = pytz.timezone(tz)
            usual = calendar._attendance_intervals_batch(begin, end, tz=zone)[False]
            spans = [(first, last, nobody) for first, last, _line in usual]
            for entry in added:
                spans += [(*span, nobody) for span in self._make_up(calendar, entry, zone, begin, end)]
            at_work = Intervals(spans)
            for other in others:
                self._spans[other, chunk] = [
                    (first.astimezone(pytz.utc).replace(tzinfo=None), last.astimezone(pytz.utc).replace(tzinfo=None))
                    for first, last, _line in at_work - off[other.resource_id]
                ]

    def _make_up(self, calendar, entry, zone, begin, end):
        """:return: the spans of work that a make-up working day adds"""
        lines = calendar.attendance_ids.filtered(lambda line: not line.display_type and line.day_period != "lunch")
        pattern = lines.filtered(lambda line: line.dayofweek == min(lines.mapped("dayofweek")))
        first, last = (pytz.utc.localize(Datetime.to_datetime(moment)) for moment in (entry.date_from, entry.date_to))
        day, spans = first.astimezone(zone).date(), []
        while day <= last.astimezone(zone).date():
            midnight = datetime.combine(day, datetime.min.time())
            for line in pattern:
                start = zone.localize(midnight + timedelta(hours=line.hour_from))
                stop = zone.localize(midnight + timedelta(hours=line.hour_to))
                if max(start, first) < min(stop, last):
                    spans.append((max(start, first), min(stop, last)))
            day += timedelta(days=1)
        spans = spans or [(first, last)]
        return [(max(a, begin), min(b, end)) for a, b in spans if max(a, begin) < min(b, end)]
