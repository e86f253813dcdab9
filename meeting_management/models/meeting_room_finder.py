"""Find a Room: “for 12, with a video system, Tuesday afternoon, 90 minutes” (RM-1, RM-15, PT-5)."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from pytz import timezone, utc

from .meeting_room_refusal import Demand

PARTS = {"day": (8, 20), "morning": (8, 12), "afternoon": (13, 18)}
"""Parts of a day, in hours of the place; “exact” is a clock time."""
STEP = timedelta(minutes=15)
DAYS_AHEAD = 6
"""How many days after the wanted one are looked at for alternatives."""
SLOTS_SHOWN, REASONS_SHOWN = 12, 4


class Search(NamedTuple):
    """What is looked for, checked; ``starts`` are the moments (UTC) at which it may begin, those past left out, and
    ``wanted`` the first and the last that were asked for."""

    people: int
    length: timedelta
    features: Any
    location: Any
    day: date
    part: str
    at: time
    zone: Any
    starts: tuple
    wanted: tuple
    partners: Any
    meeting: Any
    user: Any


class Look(NamedTuple):
    """A search with everything it is judged by: all rooms and their facts, all people and their busy times."""

    search: Search
    rooms: Any
    facts: dict
    busy: dict
    clashes: Any
    """``clashes(start, length)``: sentences about who cannot come then, worked out once."""
    known: dict
    """What else was worked out for this search already."""


class MeetingRoomFinder(models.AbstractModel):
    """Answers one question in one call and books the answer.

    Who may: every employee; he books in his own name, and takes a room for a meeting that he may edit.
    """

    _name = "meeting.room.finder"
    _description = "Find a Room"

    # -- the question -------------------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def open(self, meeting_id=False):
        """What the screen starts with: the choices, and values taken from a meeting where one is given.

        :returns: ``{"criteria", "features", "locations", "types", "meeting"}``
        """
        self._demand_employee()
        here = timezone(self.env.user.tz or "UTC")
        now = utc.localize(fields.Datetime.now()).astimezone(here)
        day = now.date() + timedelta(days=int(now.hour >= 17))
        criteria = {
            **{"people": 4, "minutes": 60, "day": fields.Date.to_string(day), "part": "day", "at": "09:00"},
            **{"features": [], "location": False, "partners": [], "meeting_id": False},
        }
        meeting = self.env["meeting.meeting"].browse(meeting_id or []).exists()
        if meeting:
            meeting.check_access("read")
            zone = self._zone(meeting.room_id.location_id)
            start = utc.localize(meeting.start).astimezone(zone)
            criteria.update(
                people=meeting.headcount,
                minutes=round((meeting.stop - meeting.start).total_seconds() / 60),
                day=fields.Date.to_string(start.date()),
                part="exact",
                at=start.strftime("%H:%M"),
                features=meeting.feature_ids.ids,
                location=meeting.room_id.location_id.id,
                partners=meeting.participant_ids.partner_id.ids,
                meeting_id=meeting.id,
            )
        return {
            "criteria": criteria,
            "features": self.env["meeting.room.feature"].search_read([], ["name"]),
            "locations": self.env["meeting.location"].search_read([], ["name", "tz"]),
            "types": self.env["meeting.type"].search_read([], ["name"]),
            "meeting": {"id": meeting.id, "name": meeting.name} if meeting else False,
        }

    def _demand_employee(self):
        """:raises AccessError: a guest or portal user asks"""
        self.env["meeting.room"].check_access("read")
        self.env["meeting.booking"].check_access("read")

    def _read(self, criteria):
        """The criteria that came from the screen, as a :class:`Search`.

        :raises UserError: something in them cannot be
        """
        meeting = self.env["meeting.meeting"].browse(criteria.get("meeting_id") or []).exists()
        meeting.check_access("read")
        location = self.env["meeting.location"].browse(criteria.get("location") or []).exists()
        features = self.env["meeting.room.feature"].browse(criteria.get("features") or []).exists()
        partners = self.env["res.partner"].browse(criteria.get("partners") or []).exists()
        location.check_access("read")
        partners.check_access("read")
        people, minutes = int(criteria.get("people") or 0), int(criteria.get("minutes") or 0)
        if not 0 <= people <= 100000 or not 5 <= minutes <= 24 * 60:
            raise UserError(
                self.env._(
                    "A room is had for at least five minutes and at most a day. Correct the length or the people."
                )
            )
        try:
            day = fields.Date.to_date(criteria.get("day"))
            at = time.fromisoformat(criteria.get("at") or "09:00").replace(tzinfo=None)
        except (TypeError, ValueError):
            day = None
        if not day or not 2000 <= day.year <= 2999:
            raise UserError(self.env._("Name the day as a date and the time as hours and minutes, such as 14:30."))
        part = criteria.get("part") if criteria.get("part") in (*PARTS, "exact") else "day"
        length = timedelta(minutes=minutes)
        zone = self._zone(location)
        starts = [self._moment(day, at, zone)] if part == "exact" else self._starts(day, part, length, zone)
        starts = starts or [self._moment(day, time(PARTS[part][0]), zone)]  # longer than that part of the day
        return Search(
            people=people,
            length=length,
            features=features,
            location=location,
            day=day,
            part=part,
            at=at,
            zone=zone,
            starts=tuple(start for start in starts if start >= fields.Datetime.now()),
            wanted=(starts[0], starts[-1]),
            partners=partners,
            meeting=meeting,
            user=meeting.convener_id or self.env.user,
        )

    def _zone(self, location):
        """In which zone “afternoon” is meant: the chosen place's, else that of all places if they share one."""
        zones = set((location or self.env["meeting.location"].search([])).mapped("tz"))
        return timezone(zones.pop() if len(zones) == 1 else self.env.user.tz or "UTC")

    def _starts(self, day, part, length, zone):
        """The moments, a quarter of an hour apart, at which something of this length fits into that part of the day."""
        since, till = (self._moment(day, time(hour), zone) for hour in PARTS[part])
        return [since + STEP * number for number in range(int((till - since - length) / STEP) + 1)]

    @api.model
    def _moment(self, day, clock, zone):
        return zone.localize(datetime.combine(day, clock)).astimezone(utc).replace(tzinfo=None)

    # -- the answer ---------------------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def find(self, criteria):
        """Rooms, free ones first, the others with every reason; who cannot come; what else would do.

        :param dict criteria: ``people``, ``minutes``, ``day``, ``part``, ``at``, and ids: ``features``, ``location``,
            ``partners``, ``meeting_id``
        :returns: ``{"zone", "rooms", "people", "common", "alternatives"}``; moments are UTC strings
        """
        self._demand_employee()
        search = self._read(criteria)
        look = self._look(search)
        there = look.rooms.filtered(lambda room: not search.location or room.location_id == search.location)
        look.known["photos"] = self._with_photo(there)
        look.known["layouts"] = dict(there._fields["layout"]._description_selection(self.env))
        rooms = [self._room(room, look) for room in there]
        rooms.sort(key=lambda room: room["order"])
        good = any(slot["clashes"] == [] for room in rooms if room["status"] == "free" for slot in room["slots"])
        return {
            "zone": search.zone.zone,
            "passed": not search.starts,
            "rooms": rooms,
            "people": self._people(look),
            "common": self._common(look),
            "alternatives": [] if good else self._alternatives(look),
        }

    def _look(self, search):
        """Read everything the search and its alternatives are judged by, in a constant number of queries."""
        since = self._moment(search.day, time(0), search.zone)
        till = self._moment(search.day + timedelta(days=DAYS_AHEAD + 1), time(0), search.zone) + search.length
        rooms = self.env["meeting.room"]
        shown = ("code", "layout", "sequence", "needs_approval")
        rooms = rooms.search_fetch([], [*rooms._judged_fields, *shown, "feature_ids", "department_ids"])
        facts = rooms._facts(since, till, user=search.user, except_booking=search.meeting.booking_ids)
        busy = self.env["meeting.people.time"]._busy(search.partners, since, till, except_meeting=search.meeting)
        known = {}

        def clashes(start, length=search.length):
            if (start, length) not in known:
                known[start, length] = self._clash_sentences(search, busy, start, start + length)
            return known[start, length]

        return Look(search, rooms, facts, busy, clashes, {})

    def _with_photo(self, rooms):
        """Ids of those that have one; the pictures themselves stay where they are."""
        domain = [("res_model", "=", rooms._name), ("res_field", "=", "image_128"), ("res_id", "in", rooms.ids)]
        # sudo: whether these rooms, which the reader may read, have a photo; nothing of it
        return set(self.env["ir.attachment"].sudo().search_fetch(domain, ["res_id"]).mapped("res_id"))

    def _demand(self, look, start=None, length=None):
        """What is asked of a room if it begins then; without ``start``, for the causes that know no time."""
        key = ("demand", start, length)
        if key not in look.known:
            search = look.search
            stop = start and start + (length or search.length)
            look.known[key] = Demand(start, stop, search.people, search.features, look.facts)
        return look.known[key]

    def _is_free(self, look, room, start, length=None):
        return not room._has(self._demand(look, start, length), room._time_causes)

    def _clash_sentences(self, search, busy, start, stop):
        People = self.env["meeting.people.time"]
        found = ((person, People._clash(busy.get(person.id, {}), start, stop)) for person in search.partners)
        return [People._sentence(person, clash, search.zone.zone) for person, clash in found if clash]

    def _room(self, room, look):
        """One room's card: what it is, when it can be had, or every reason why not."""
        search = look.search
        reasons = room._found(self._demand(look), room._fixed_causes)
        free = (start for start in search.starts if self._is_free(look, room, start))
        starts = [*islice(free, 1)] if reasons else [*free]  # of a room that will not do, whether there is any
        slots = [] if reasons else self._slots(room, look, starts)
        if slots:
            is_requested = all(slot["requested"] for slot in slots)
            status = "requested" if is_requested else "free"
            reasons = self._found_in_time(room, look, room._cautions) if is_requested else []
        else:
            status = "refused"
            reasons += [] if starts else self._found_in_time(room, look, room._time_causes)
        spare = room.capacity - search.people
        fewest = min((len(slot["clashes"]) for slot in slots), default=0)
        return {
            **self._brief(room),
            "layout": look.known["layouts"].get(room.layout, ""),
            "features": [
                {"id": feature.id, "name": feature.name, "wanted": feature in search.features}
                for feature in room.feature_ids
            ],
            "has_photo": room.id in look.known["photos"],
            "spare": spare,
            "status": status,
            "reasons": [{"cause": cause, "text": room._sentence(cause, what)} for cause, what in reasons],
            "slots": slots,
            "order": [("free", "requested", "refused").index(status), fewest, abs(spare), room.sequence, room.id],
        }

    def _brief(self, room):
        return {
            **{"id": room.id, "name": room.name, "code": room.code or ""},
            **{"place": room.location_id.name, "capacity": room.capacity, "needs_approval": room.needs_approval},
        }

    def _slots(self, room, look, starts):
        """When the room can be had, in order of time; of many those without a clash, on the hour or half past."""
        slots = [
            {
                **self._period(look, start),
                "clashes": look.clashes(start),
                "requested": room._has(self._demand(look, start), room._cautions),
                "best": False,
            }
            for start in starts
        ]
        if not slots:
            return []

        def rank(slot):
            return len(slot["clashes"]), slot["requested"]

        best = min(slots, key=lambda slot: (*rank(slot), slot["start"]))
        best["best"] = True
        for minutes in ("00 15 30 45", "00 30", "00"):
            shown = [slot for slot in slots if slot["best"] or slot["start"][14:16] in minutes.split()]
            if len(shown) <= SLOTS_SHOWN:
                break
        shown = sorted(shown, key=lambda slot: (*rank(slot), slot["start"]))[:SLOTS_SHOWN]
        return sorted(shown, key=lambda slot: slot["start"])

    def _period(self, look, start):
        texts = look.known.setdefault("period", {})
        if start not in texts:
            stop = start + look.search.length
            texts[start] = {"start": fields.Datetime.to_string(start), "stop": fields.Datetime.to_string(stop)}
        return texts[start]

    def _found_in_time(self, room, look, causes):
        """What stands in the way at any of the starts, each once."""
        found = {}
        for start in look.search.starts:
            for item in room._found(self._demand(look, start), causes):
                found.setdefault(item)
                if len(found) == REASONS_SHOWN:
                    return list(found)
        return list(found)

    # -- people (PT-5) ------------------------------------------------------------------------------------------

    def _people(self, look):
        """Who is not free all the time that is looked at, and why, as far as anybody may know."""
        search, People = look.search, self.env["meeting.people.time"]
        if not search.starts:
            return []
        first, last = search.starts[0], search.starts[-1] + search.length
        result = []
        for person in search.partners:
            rows = [
                busy
                for periods in look.busy.get(person.id, {}).values()
                for busy in periods.rows
                if busy.start < last
                and busy.stop > first
                # a lunch break within a long afternoon is no news
                and (busy.kind != "off" or search.part == "exact" or busy.start <= first and busy.stop >= last)
            ]
            texts = dict.fromkeys(
                People._sentence(person, busy, search.zone.zone) for busy in sorted(rows)[:REASONS_SHOWN]
            )
            result.append({"id": person.id, "name": person.name, "notes": list(texts)})
        return result

    def _common(self, look):
        """Stretches in which everybody can come: of the wanted part of the day, else of the first day that has any."""
        search = look.search
        if not search.partners:
            return []
        for starts in (search.starts, *self._days(search)):
            stretches = []
            for start in starts:
                if look.clashes(start):
                    continue
                if stretches and start <= stretches[-1][1]:
                    stretches[-1][1] = start + search.length
                else:
                    stretches.append([start, start + search.length])
            if stretches:
                return [
                    {"start": fields.Datetime.to_string(start), "stop": fields.Datetime.to_string(stop)}
                    for start, stop in stretches[:5]
                ]
        return []

    def _days(self, search):
        """For the wanted day and each of the following: the moments at which something of this length can begin.

        Weekends are left out unless the wanted day is on one.
        """
        for offset in range(DAYS_AHEAD + 1):
            day = search.day + timedelta(days=offset)
            if offset == 0 or day.weekday() < 5 or search.day.weekday() >= 5:
                extra = [self._moment(day, search.at, search.zone)] if search.part == "exact" else []
                starts = {*self._starts(day, "day", search.length, search.zone), *extra}
                now = fields.Datetime.now()
                yield tuple(sorted(start for start in starts if start >= now))
