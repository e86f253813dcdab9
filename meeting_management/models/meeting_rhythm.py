"""The dates of a rhythm (MT-1), by RFC 5545 rules of dateutil; no database here.

RFC 5545 knows weekdays but no working days, so those come in from outside as a predicate.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

WORKDAY = 7
"""Stands beside the weekdays 0 (Monday) to 6 (Sunday)."""
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""Units counted in months, with their length."""

YEARS = relativedelta(years=20)
"""Nobody plans further; it ends the search for a day that never comes, such as a working day where nobody works."""


@dataclass(frozen=True)
class Rhythm:
    """How often and on which days; ``day`` or ``position`` and ``weekday`` count for units of months only."""

    unit: str
    interval: int = 1
    weekdays: tuple = ()
    workdays_only: bool = False
    month_by: str = "weekday"
    day: int = 1
    position: int = 1
    weekday: int = 0
    before_day: int = 0
    period_month: int = 1

    def dates(self, first, is_workday):
        """Yield the dates from ``first`` on, ascending, for twenty years.

        :param date first: anchors the rhythm, e.g. which weeks of "every two weeks" are meant
        :param is_workday: ``date → bool``
        """
        bounds = {"dtstart": _midnight(first), "until": _midnight(first) + YEARS}
        if self.unit == "announced":
            return
        if self.unit == "day":
            for moment in rrule(DAILY, interval=self.interval, **bounds):
                if not self.workdays_only or is_workday(moment.date()):
                    yield moment.date()
        elif self.unit == "week":
            for moment in rrule(WEEKLY, interval=self.interval, byweekday=self.weekdays, **bounds):
                yield moment.date()
        else:
            for day in self._dates_by_month(first, is_workday):
                if day >= first:
                    yield day

    def _dates_by_month(self, first, is_workday):
        span = MONTHS[self.unit]
        # Quarters and half-years are those of the calendar, wherever in them the series begins.
        opening = date(first.year, (first.month - 1) // span * span + 1, 1) + relativedelta(
            months=self.period_month - 1
        )
        by_month = {"interval": self.interval * span, "dtstart": _midnight(opening), "until": _midnight(first) + YEARS}
        if self.month_by == "date":
            # The 31st of a short month is its last day.
            days = range(min(self.day, 28), self.day + 1)
            yield from (moment.date() for moment in rrule(MONTHLY, bymonthday=days, bysetpos=-1, **by_month))
        elif self.weekday == WORKDAY:
            for month in rrule(MONTHLY, bymonthday=1, **by_month):
                length = calendar.monthrange(month.year, month.month)[1]
                numbers = range(1, min(self.before_day or 32, length + 1))
                days = [day for day in (date(month.year, month.month, n) for n in numbers) if is_workday(day)]
                index = self.position if self.position < 0 else self.position - 1
                if -len(days) <= index < len(days):
                    yield days[index]
        else:
            days = range(1, self.before_day or 32)
            rule = rrule(MONTHLY, byweekday=self.weekday, bymonthday=days, bysetpos=self.position, **by_month)
            yield from (moment.date() for moment in rule)


def _midnight(day):
    return datetime(day.year, day.month, day.day)
