"""Why a room cannot be had: one definition of each cause, asked of one room or of all at once (RM-1, RM-15)."""

from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_list
from pytz import timezone, utc

from ..once import once
from ..said import moment_said, time_said
from .meeting_joined import sentences


class Demand(NamedTuple):
    """What is asked of rooms: a period (UTC, naive), people, features; and the facts about the rooms."""

    start: Any
    stop: Any
    headcount: int
    features: Any
    facts: dict


class Periods:
    """Periods of one room or person, as rows whose first two items are start and stop; any may overlap."""

    def __init__(self, rows=()):
        self.rows = sorted(rows, key=lambda row: row[:2])
        self._starts = [row[0] for row in self.rows]
        self._reach = []
        for row in self.rows:
            self._reach.append(max(row[1], self._reach[-1]) if self._reach else row[1])
        self._covered = {}

    def first(self, start, stop):
        """The first row that shares time with the period, or ``None``."""
        position = bisect_right(self._reach, start)  # where the reach grows past ``start``, that very row ends later
        return self.rows[position] if position < len(self.rows) and self._starts[position] < stop else None

    def covered(self, start, stop):
        """How much of the period the rows cover; they must not overlap.

        Worked out once: many rooms share their hours.
        """
        if (start, stop) not in self._covered:
            position, covered = bisect_right(self._reach, start), timedelta()
            while position < len(self.rows) and self._starts[position] < stop:
                covered += min(stop, self.rows[position][1]) - max(start, self._starts[position])
                position += 1
            self._covered[start, stop] = covered
        return self._covered[start, stop]


class Unsaid(int):
    """How many people come to a closed meeting: compared with the seats, and told to nobody who only decides on the
    room (CF-5)."""


class MeetingRoom(models.Model):
    """The causes of refusal.

    Each cause is a pair: ``_refusal_<cause>(demand)`` returns what stands in the way, or nothing, without a query, as
    everything it looks at was read for all rooms by :meth:`_facts`; ``_sentence_<cause>(found)`` says it, with the way
    out where there is one. A chapter that brings another cause adds its name to ``_causes``, the pair, and its facts.
    """

    _inherit = "meeting.room"

    _judged_fields = (
        *("active", "name", "capacity", "company_id", "location_id", "opening_calendar_id"),
        *("prepare_minutes", "clean_minutes"),
    )
    """What the causes read of a room itself: whoever searches for rooms to judge fetches it with them."""
    _fixed_causes = ("archived", "seats", "features", "faulty", "department")
    _time_causes = ("closed", "blocked", "taken")
    _cautions = ("requested",)  # may be asked for all the same; whoever decides has more than one request (RM-2)

    # -- asking -------------------------------------------------------------------------------------------------

    def _refusals(self, start, stop, headcount=0, features=None, user=None, except_booking=None):
        """Every reason why this room cannot be booked for the period, as sentences in the user's language.

        :param datetime start: UTC, naive; ``stop`` likewise, later than ``start``
        :param int headcount: people expected, 0 where unknown
        :param features: ``meeting.room.feature`` records that are needed
        :param user: who books (default: the current user)
        :param except_booking: ``meeting.booking`` records that do not count, being one's own
        """
        self.ensure_one()
        return self._refusals_by_room(start, stop, headcount, features, user, except_booking)[self]

    def _refusals_by_room(self, start, stop, headcount=0, features=None, user=None, except_booking=None):
        """``{room: sentences}``; see :meth:`_refusals`. As many queries for one room as for hundreds."""
        demand = self._judge(start, stop, headcount, features, user, except_booking)
        causes = (*self._fixed_causes, *self._time_causes)
        return {room: [room._sentence(*found) for found in room._found(demand, causes)] for room in self}

    def _free(self, start, stop, headcount=0, features=None, user=None, except_booking=None):
        """Those of these rooms that can be booked for the period: the same causes, without their sentences."""
        demand = self._judge(start, stop, headcount, features, user, except_booking)
        causes = (*self._time_causes, *self._fixed_causes)
        return self.browse([room.id for room in self if not room._has(demand, causes)])

    def _judge(self, start, stop, headcount, features, user, except_booking):
        facts = self._facts(start, stop, user, except_booking)
        return Demand(start, stop, headcount, features or self.env["meeting.room.feature"], facts)

    def _found(self, demand, causes):
        """``[(cause, what was found)]`` of one room."""
        found = ((cause, getattr(self, f"_refusal_{cause}")(demand)) for cause in causes)
        return [(cause, what) for cause, what in found if what]

    def _has(self, demand, causes):
        """Whether any of the causes stands in the way of one room."""
        for cause in causes:
            if getattr(self, f"_refusal_{cause}")(demand):
                return True
        return False

    def _sentence(self, cause, found):
        return getattr(self, f"_sentence_{cause}")(found)

    def _demand_bookable(self, start, stop, **details):
        """:raises ValidationError: the room cannot be had; the message lists every cause."""
        refusals = self._refusals(start, stop, **details) if start < stop else []  # the database explains the rest
        if refusals:
            raise ValidationError(
                self.env._(
                    "%(room)s cannot be booked for %(start)s: %(causes)s. Choose another room or another time.",
                    room=self.name,
                    start=moment_said(self.env, start, self.location_id.tz),
                    causes=sentences(self.env, refusals),
                )
                + self._free_instead(start, stop, **details)
            )

    def _free_instead(self, start, stop, **details):
        """:return: a sentence that names what would do, or nothing; see ``meeting_room_instead``"""
        return ""

    # -- facts --------------------------------------------------------------------------------------------------

    def _facts(self, start, stop, user=None, except_booking=None):
        """What the causes look at, between ``start`` and ``stop``, for all these rooms in a handful of queries.

        :returns: ``{name: {room id: Periods}}`` for ``open``, ``blocked``, ``taken``, ``requested``;
            ``{"user": user}``, who books;
            ``{"buffers": {room id: (preparation, cleaning)}}``
        """
        return {
            "user": user or self.env.user,
            "open": self._open_periods(start, stop),
            "blocked": self._blocked_periods(start, stop),
            **self._held_periods(start, stop, except_booking),
        }

    def _departments_of(self, user):
        """:return: ids of the departments that ``user`` belongs to, those above them included"""
        # sudo: reads only which departments the booking person belongs to, which the person knows.
        paths = user.sudo().employee_ids.department_id.mapped("parent_path")
        return frozenset(int(number) for path in paths for number in path.split("/") if number)

    def _open_periods(self, start, stop):
        """Opening hours in the zone of each room's location; rooms that are always open are left out."""
        begin, end = utc.localize(start), utc.localize(stop)
        periods, result = {}, {}
        # sudo: opening hours of a room are public; plain users may read calendars, not every resource behind them.
        for room in self.sudo():
            calendar = room.opening_calendar_id
            zone = room.location_id.tz or "UTC"
            if calendar and (calendar, zone) not in periods:
                tz = timezone(zone)
                hours = calendar._work_intervals_batch(begin.astimezone(tz), end.astimezone(tz), tz=tz)[False]
                periods[calendar, zone] = Periods(
                    (since.astimezone(utc).replace(tzinfo=None), till.astimezone(utc).replace(tzinfo=None))
                    for since, till, _record in hours
                )
            if calendar:
                result[room.id] = periods[calendar, zone]
        return result

    def _blocked_periods(self, start, stop):
        self.env["meeting.room.blocking"].flush_model(["room_id", "start", "stop", "name"])
        rows = defaultdict(list)
        for room_id, *blocking in self.env.execute_query(
            SQL(
                "SELECT room_id, start, stop, name FROM meeting_room_blocking "
                "WHERE room_id = ANY(%s) AND start < %s AND stop > %s",
                self.ids,
                stop,
                start,
            )
        ):
            rows[room_id].append(tuple(blocking))
        return {room_id: Periods(found) for room_id, found in rows.items()}

    def _held_periods(self, start, stop, except_booking=None):
        """Bookings that hold these rooms, and requests that may come to: ``(hold start, hold stop, start, stop)``.

        The range alone finds them, in the index over what holds and in the one over what is requested: how many
        bookings there were before and will be after does not matter (PERFORMANCE: range-only gist).
        """
        Booking = self.env["meeting.booking"]
        Booking.flush_model(["room_id", "state", "start", "stop", "hold_start", "hold_stop", "release_at"])
        buffers = {
            room.id: (timedelta(minutes=room.prepare_minutes), timedelta(minutes=room.clean_minutes)) for room in self
        }
        since = start - max((prepare for prepare, _clean in buffers.values()), default=timedelta())
        till = stop + max((clean for _prepare, clean in buffers.values()), default=timedelta())
        columns = SQL("room_id, hold_start, hold_stop, start, stop")
        touching = Booking._touching_sql(since, till)
        mine = SQL("id != ALL(%s)", list(except_booking._origin.ids) if except_booking else [])
        result = {"taken": defaultdict(list), "requested": defaultdict(list)}
        rows = self.env.execute_query(
            SQL(
                "SELECT 'taken', %(columns)s FROM meeting_booking WHERE %(holding)s AND %(touching)s "
                "AND %(mine)s UNION ALL "
                "SELECT 'requested', %(columns)s FROM meeting_booking WHERE state = 'requested' AND %(touching)s "
                "AND %(mine)s",
                columns=columns,
                holding=Booking._holding_sql(),
                touching=touching,
                mine=mine,
            )
        )
        for kind, room_id, *period in rows:
            if room_id in buffers:
                result[kind][room_id].append(tuple(period))
        periods = {kind: {number: Periods(rows) for number, rows in found.items()} for kind, found in result.items()}
        return {**periods, "buffers": buffers}

    # -- causes -------------------------------------------------------------------------------------------------

    def _refusal_archived(self, demand):
        return not self.active

    def _sentence_archived(self, found):
        return self.env._("no longer in use")

    def _refusal_seats(self, demand):
        return demand.headcount if demand.headcount > self.capacity else None

    def _sentence_seats(self, people):
        if isinstance(people, Unsaid):
            return self.env._("too small with %s seats", self.capacity)
        return self.env._("too small, %(seats)s seats for %(people)s people", seats=self.capacity, people=people)

    def _refusal_features(self, demand):
        return demand.features and demand.features - self.feature_ids

    def _sentence_features(self, missing):
        return self.env._("lacks %s", format_list(self.env, missing.mapped("name")))

    def _refusal_faulty(self, demand):
        """Devices that are needed and out of order: filled in by the chapter that keeps the faults (RM-10)."""
        return None

    def _sentence_faulty(self, devices):
        return self.env._("%s out of order", format_list(self.env, devices.mapped("name")))

    def _refusal_department(self, demand):
        departments, facts = self.department_ids, demand.facts
        if not departments:
            return None
        if "departments" not in facts:  # where no room is reserved nobody asks
            facts["departments"] = self._departments_of(facts["user"])
        return departments if facts["departments"].isdisjoint(departments.ids) else None

    def _sentence_department(self, departments):
        return self.env._("reserved to %s", format_list(self.env, departments.mapped("name")))

    def _refusal_closed(self, demand):
        hours = demand.facts["open"].get(self.id)
        return hours is not None and hours.covered(demand.start, demand.stop) < demand.stop - demand.start

    def _sentence_closed(self, found):
        return self.env._("closed at that time (%s)", self.opening_calendar_id.name)

    def _refusal_blocked(self, demand):
        periods = demand.facts["blocked"].get(self.id)
        return periods and periods.first(demand.start, demand.stop)

    def _sentence_blocked(self, blocking):
        return self.env._("blocked: %s", blocking[2])

    def _refusal_taken(self, demand):
        return self._rival(demand, "taken")

    def _sentence_taken(self, rival):
        return self.env._("taken from %(start)s to %(stop)s", **self._clock(rival))

    def _refusal_requested(self, demand):
        return self._rival(demand, "requested")

    def _sentence_requested(self, rival):
        return self.env._("requested by somebody from %(start)s to %(stop)s", **self._clock(rival))

    def _rival(self, demand, kind):
        """A booking whose time, preparation and cleaning included, meets this demand's own."""
        periods = demand.facts[kind].get(self.id)
        if not periods:
            return None
        prepare, clean = demand.facts["buffers"][self.id]
        return periods.first(demand.start - prepare, demand.stop + clean)

    def _clock(self, rival):
        """On the clocks of the place, as the finder and the board show it."""
        _hold_start, _hold_stop, start, stop = rival
        return {"start": self._clock_text(start), "stop": self._clock_text(stop)}

    def _clock_text(self, moment):
        """Of hundreds of rooms many are taken from the same hour on."""
        tz = self.location_id.tz
        key = (self.env.lang, tz, moment)
        return once(self.env, "clock", key, lambda: time_said(self.env, moment, tz))
