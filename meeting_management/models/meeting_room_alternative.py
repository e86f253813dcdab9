"""When nothing fits: what would do nearly as well, scored (RM-1). After Indico: |Δstart| + 0.2·Δlength + distance."""

from bisect import bisect_left
from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import fields, models
from pytz import utc

from .meeting_room_finder import STEP

LENGTH_WEIGHT = 0.2
"""A minute less costs a fifth of a minute later."""
PERSON, FEATURE, PLACE, SECOND_ROOM = 60, 60, 30, 30
"""What a person who cannot come, a lacking feature, another place, a second room cost, in minutes of delay."""
SHORTEST = timedelta(minutes=15)
SHARES = (0.75, 0.5)
"""How much of the length is offered at least."""
SQUEEZE = 0.75
"""A room counts as nearly large enough from this share of the seats."""
PER_KIND, SHOWN = 3, 8


class Candidate(NamedTuple):
    """What would do, as it is weighed: hundreds are, a few are offered."""

    score: float
    start: Any
    rooms: Any
    kind: str
    length: Any
    notes: Any
    """A function that says what is not as wanted."""


class MeetingRoomFinder(models.AbstractModel):
    _inherit = "meeting.room.finder"

    def _alternatives(self, look):
        """At most eight, the best first: another time or day, shorter, another room, two rooms together."""
        return [self._offer(look, *candidate) for candidate in self._candidates(look)]

    def _candidates(self, look):
        """The same, before the words are found for them."""
        found = [
            *self._other_times(look),
            *self._shorter_times(look),
            *self._other_rooms(look),
            *self._two_rooms(look),
        ]
        found.sort(key=lambda candidate: (candidate.score, candidate.start, candidate.rooms.ids))
        count, shown = defaultdict(int), []
        for candidate in found:
            count[candidate.kind] += 1
            if count[candidate.kind] <= PER_KIND:
                shown.append(candidate)
        return shown[:SHOWN]

    # -- the score ----------------------------------------------------------------------------------------------

    def _shift(self, look, start):
        """Minutes between ``start`` and the nearest moment that was asked for; a day later is as good as its clock."""
        shifts, search = look.known.setdefault("shift", {}), look.search
        if start not in shifts:
            local = utc.localize(start).astimezone(search.zone).date()
            days = timedelta(days=(local - search.day).days)
            first, last = (moment + days for moment in search.wanted)
            shifts[start] = (abs(days) + max(first - start, start - last, timedelta())).total_seconds() / 60
        return shifts[start]

    def _price(self, look, rooms, start, length):
        """How far this is from what was wanted: minutes of delay, or what weighs as much; 0 is perfect."""
        return round(
            self._shift(look, start)
            + LENGTH_WEIGHT * (look.search.length - length).total_seconds() / 60
            + self._fixed_price(look, rooms)
            + PERSON * len(look.clashes(start, length)),
            1,
        )

    def _fixed_price(self, look, rooms):
        """What these rooms cost at any time."""
        prices, search = look.known.setdefault("price", {}), look.search
        if rooms._ids not in prices:
            missing = search.features and search.features - rooms.feature_ids
            elsewhere = search.location and any(room.location_id != search.location for room in rooms)
            prices[rooms._ids] = (
                abs(sum(rooms.mapped("capacity")) - search.people)
                + FEATURE * len(missing)
                + PLACE * bool(elsewhere)
                + SECOND_ROOM * (len(rooms) - 1)
            )
        return prices[rooms._ids]

    def _offer(self, look, score, start, rooms, kind, length, notes):
        notes = list(notes())
        if look.search.location and any(room.location_id != look.search.location for room in rooms):
            notes.append(self.env._("in %s", rooms[0].location_id.name))
        return {
            "kind": kind,
            "rooms": [self._brief(room) for room in rooms],
            "start": fields.Datetime.to_string(start),
            "stop": fields.Datetime.to_string(start + length),
            "score": score,
            "notes": notes,
            "clashes": look.clashes(start, length),
        }

    def _nearest(self, look, starts):
        """These moments, the nearest to what was wanted first."""
        return sorted(starts, key=lambda start: (self._shift(look, start), start))

    def _best(self, look, room, starts, length):
        """``(price, start)`` of the best start at which the room is free, or ``None``; ``starts`` the nearest first."""
        best, least = None, self._fixed_price(look, room)
        for start in starts:
            if best and self._shift(look, start) + least > best[0]:
                break
            if self._is_free(look, room, start, length):
                candidate = (self._price(look, room, start, length), start)
                best = min(best, candidate) if best else candidate
        return best

    # -- four ways out ------------------------------------------------------------------------------------------

    def _suitable(self, look):
        """Rooms of the wanted place that only the time stands against."""
        if "suitable" not in look.known:
            look.known["suitable"] = look.rooms.filtered(lambda room: self._is_suitable(look, room))
        return look.known["suitable"]

    def _is_suitable(self, look, room):
        place = look.search.location
        return (not place or room.location_id == place) and not room._has(self._demand(look), room._fixed_causes)

    def _other_times(self, look):
        """The same, earlier or later that day, or on one of the next days."""
        search = look.search
        for offset, starts in enumerate(self._days(search)):
            starts = self._nearest(look, [start for start in starts if start not in search.starts])
            for room in self._suitable(look):
                best = self._best(look, room, starts, search.length)
                if best:
                    kind = "day" if offset else "shift"
                    yield Candidate(*best, room, kind, search.length, list)

    def _shorter_times(self, look):
        """Within the wanted time, but shorter."""
        search = look.search
        lengths = {int(search.length * share / STEP) * STEP for share in SHARES}
        for length in sorted(length for length in lengths if SHORTEST <= length < search.length):
            room_to_move = int((search.length - length) / STEP)
            starts = {start + STEP * number for start in search.starts for number in range(room_to_move + 1)}
            starts = self._nearest(look, starts)
            note = self.env._(
                "%(length)s minutes instead of %(wanted)s",
                length=round(length.total_seconds() / 60),
                wanted=round(search.length.total_seconds() / 60),
            )
            for room in self._suitable(look):
                best = self._best(look, room, starts, length)
                if best:
                    yield Candidate(*best, room, "shorter", length, lambda note=note: [note])

    def _other_rooms(self, look):
        """A room that lacks something, is nearly large enough, or lies elsewhere, at the wanted time."""
        search, demand = look.search, self._demand(look)
        starts = self._nearest(look, search.starts)
        for room in look.rooms:
            found = room._found(demand, room._fixed_causes)
            elsewhere = search.location and room.location_id != search.location
            bearable = {cause for cause, _what in found} <= {"seats", "features"}
            if not bearable or room.capacity < SQUEEZE * search.people or not (found or elsewhere):
                continue
            if not self._will_do(search, room):
                continue
            best = self._best(look, room, starts, search.length)
            if best:

                def notes(room=room, found=found):
                    return [room._sentence(*item) for item in found]

                yield Candidate(*best, room, "room", search.length, notes)

    def _will_do(self, search, room):
        """Whoever books for himself may make do with less; a meeting gets no room without its seats and devices."""
        meeting = search.meeting
        return not meeting or (room.capacity >= meeting.headcount and not meeting.feature_ids - room.feature_ids)

    def _two_rooms(self, look):
        """Two rooms of one place that are too small alone and together have seats and features, at the wanted time."""
        search = look.search
        if search.meeting:
            return  # it has one room, and everybody has to fit into that
        demand = self._demand(look)._replace(headcount=0, features=search.features.browse())
        small = look.rooms.filtered(
            lambda room: (
                room.capacity < search.people
                and (not search.location or room.location_id == search.location)
                and not room._has(demand, room._fixed_causes)
            )
        )
        best = {}
        for start in search.starts:
            for rooms in small.grouped("location_id").values():
                free = rooms.filtered(lambda room, start=start: self._is_free(look, room, start))
                for pair in self._pairs(search, free.sorted("capacity")):
                    price = self._price(look, pair, start, search.length)
                    if pair not in best or price < best[pair][0]:
                        best[pair] = (price, start)
        for pair, (price, start) in sorted(best.items(), key=lambda item: item[1])[:PER_KIND]:

            def notes(pair=pair):
                return [self.env._("%s seats together", sum(pair.mapped("capacity")))]

            yield Candidate(price, start, pair, "two_rooms", search.length, notes)

    def _pairs(self, search, rooms):
        """For each room, the smallest other one that makes the two large enough; ``rooms`` from small to large."""
        capacities = rooms.mapped("capacity")
        for position, room in enumerate(rooms):
            partner = bisect_left(capacities, search.people - room.capacity, lo=position + 1)
            for other in rooms[partner : partner + 5]:
                if not search.features - room.feature_ids - other.feature_ids:
                    yield room | other
                    break
