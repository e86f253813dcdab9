"""The room board: rooms × hours, everything of a day or a week in one call (RM-1, RM-3, CF-5)."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from pytz import timezone, utc

from ..said import moment_said

SPANS = (1, 7)


class MeetingRoomBoard(models.AbstractModel):
    """Shows who holds which room when, and moves bookings.

    Who may: every employee reads; the server decides on every move, with the rules of bookings and meetings. Bookings
    carry nothing private; a meeting's subject stands on the board only for whoever may read that meeting.
    """

    _name = "meeting.room.board"
    _description = "Room Board"

    # -- reading ------------------------------------------------------------------------------------------------

    @api.model
    @api.readonly
    def get(self, day=False, days=1):
        """Everything that the board draws. Filters are the client's: they hide rows, they ask for nothing.

        Each place keeps its own days: they begin at midnight there, and have 23 or 25 hours when its clocks change.

        :param day: the first day, as a date string; False: today, as the first place counts. ``days``: 1 or 7
        :returns: ``{"day", "now", "places": [{id, name, tz, days: [{date, start, stop}]}], "rooms", "bookings",
            "blockings", "features"}``; moments are UTC strings
        """
        self.env["meeting.room"].check_access("read")
        self.env["meeting.booking"].check_access("read")
        rooms, days = self.env["meeting.room"], days if days in SPANS else 1
        shown = ("code", "needs_approval", "manager_ids", "feature_ids")
        rooms = rooms.search_fetch([], [*rooms._judged_fields, *shown])
        places = rooms.location_id.sorted()
        day = self._demand_day(day) if day else self._today(places[:1])
        frame = {"day": fields.Date.to_string(day), "now": fields.Datetime.to_string(fields.Datetime.now())}
        if not places:
            return {**frame, "places": [], "rooms": [], "bookings": [], "blockings": [], "features": []}
        places = {place: self._days(place, day, days) for place in places}
        since = min(spans[0][0] for spans in places.values())
        till = max(spans[-1][1] for spans in places.values())
        hours, closed = rooms._open_periods(since, till), {}
        for room in rooms:  # those with the same hours in the same place share the list
            key = hours.get(room.id), room.location_id
            if key not in closed:
                since_there, till_there = places[key[1]][0][0], places[key[1]][-1][1]
                closed[key] = self._strings(self._closed(key[0], since_there, till_there)) if key[0] else []
        return {
            **frame,
            "places": [
                {"id": place.id, "name": place.name, "tz": place.tz or "UTC", "days": self._strings(spans, "date")}
                for place, spans in places.items()
            ],
            "rooms": [self._room(room, closed[hours.get(room.id), room.location_id]) for room in rooms],
            "bookings": self._bookings(rooms, since, till),
            "blockings": self._blockings(rooms, since, till),
            "features": self.env["meeting.room.feature"].search_read([], ["name"]),
        }

    def _today(self, place):
        return utc.localize(fields.Datetime.now()).astimezone(timezone(place.tz or self.env.user.tz or "UTC")).date()

    def _demand_day(self, day):
        try:
            date = fields.Date.to_date(day)
        except ValueError:
            date = None
        if not date or not 2000 <= date.year <= 2999:
            raise UserError(self.env._("The board needs a date, such as 2026-03-02."))
        return date

    def _days(self, place, day, days):
        """``[(start, stop, date)]`` in UTC of that many days as the place counts them."""
        zone = timezone(place.tz or "UTC")
        edges = [
            zone.localize(datetime.combine(day + timedelta(days=number), time(0))).astimezone(utc).replace(tzinfo=None)
            for number in range(days + 1)
        ]
        dates = [fields.Date.to_string(day + timedelta(days=number)) for number in range(days)]
        return list(zip(edges[:-1], edges[1:], dates, strict=True))

    def _strings(self, rows, name=None):
        """``{"start", "stop"}`` of each row as strings, its third item under ``name``."""
        return [
            {
                "start": fields.Datetime.to_string(row[0]),
                "stop": fields.Datetime.to_string(row[1]),
                **({name: row[2]} if name else {}),
            }
            for row in rows
        ]

    def _room(self, room, closed):
        return {
            "id": room.id,
            "name": room.name,
            "code": room.code or "",
            "place": room.location_id.id,
            "capacity": room.capacity,
            "features": room.feature_ids.ids,
            "needs_approval": room.needs_approval,
            "closed": closed,
        }

    def _closed(self, hours, since, till):
        """What is left of the window outside the opening hours."""
        edges = [since]
        for start, stop in hours.rows:
            edges += [min(max(start, since), till), min(max(stop, since), till)]
        edges.append(till)
        return [(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True) if start < stop]

    def _bookings(self, rooms, since, till):
        """Requested and held bookings, with the times kept free around them, and what the reader may do with each."""
        Booking = self.env["meeting.booking"]
        rows = self._booking_rows(rooms, since, till)
        own = {row["id"]: row.pop("meeting_id") for row in rows}
        titles, movable = self._meetings([number for number in own.values() if number])
        # What the rules of writing and the guard of a booking say, asked for all at once; of another's booking only
        # where the reader decides on the room.
        decided = {room.id for room, users in rooms._deciders_by_room().items() if self.env.user in users}
        mine = [
            row["id"]
            for row in rows
            if not own[row["id"]]
            and row["state"] in ("requested", "confirmed")
            and (row["user_id"] == self.env.uid or row["room"] in decided)
        ]
        writable = set(Booking.browse(mine)._filtered_access("write")._ids)
        users = self.env["res.users"].browse({row["user_id"] for row in rows if row["user_id"]})
        names = {user.id: user.name for user in users}
        states = dict(Booking._fields["state"]._description_selection(self.env))
        reserved = self.env._("Reserved")
        for row in rows:
            number, meeting, row["people"] = row["id"], own[row["id"]], row["people"] or 0
            row["state_label"] = states[row["state"]]
            row["title"] = titles.get(meeting) or row["name"] or reserved
            row["who"] = names.get(row.pop("user_id"), "")
            row["meeting"] = meeting if meeting in titles else False
            row["movable"] = meeting in movable if meeting else number in writable
            del row["name"]
        return rows

    def _booking_rows(self, rooms, since, till):
        """The facts of the bookings, moments as strings: thousands of rows, so they are not made into records.

        ``_search`` puts the reader's rules into the query; the fields are those that everybody reads. A meeting is a
        bare number, for which the caller asks the meeting's rules.
        """
        Booking = self.env["meeting.booking"]
        columns = {
            **{"id": "id", "room": "room_id", "state": "state", "name": "name", "people": "headcount"},
            **{"user_id": "user_id", "meeting_id": "meeting_id"},
        }
        moments = ("start", "stop", "hold_start", "hold_stop")
        rows = []
        for kind in (Booking._holding_domain(), [("state", "=", "requested")]):
            query = Booking._search([("room_id", "in", rooms.ids), *kind])
            query.add_where(Booking._touching_sql(since, till))
            selected = [Booking._field_to_sql(query.table, name, query) for name in columns.values()]
            selected += [
                SQL("to_char(%s, 'YYYY-MM-DD HH24:MI:SS')", Booking._field_to_sql(query.table, name, query))
                for name in moments
            ]
            rows += self.env.execute_query(query.select(*selected))
        found = [dict(zip((*columns, *moments), row, strict=True)) for row in rows]
        return sorted(found, key=lambda row: (row["start"], row["id"]))

    def _meetings(self, meeting_ids):
        """``({id: subject} of those the reader may read, ids of those he may reschedule)``, by the ordinary rules."""
        if not meeting_ids:
            return {}, set()
        Meeting = self.env["meeting.meeting"]
        readable = Meeting.search_fetch([("id", "in", meeting_ids)], ["name"])
        movable = Meeting.search([("id", "in", readable.ids), ("state", "=", "scheduled"), ("is_editable", "=", True)])
        return {meeting.id: meeting.name for meeting in readable}, set(movable.ids)

    def _blockings(self, rooms, since, till):
        return [
            {
                "id": blocking.id,
                "room": blocking.room_id.id,
                "name": blocking.name,
                "start": fields.Datetime.to_string(blocking.start),
                "stop": fields.Datetime.to_string(blocking.stop),
            }
            for blocking in self.env["meeting.room.blocking"].search_fetch(
                [("room_id", "in", rooms.ids), ("start", "<", till), ("stop", ">", since)],
                ["name", "room_id", "start", "stop"],
            )
        ]

    # -- moving -------------------------------------------------------------------------------------------------

    @api.model
    def move(self, booking_id, room_id, start):
        """Move a booking to another room or time, its length kept. A meeting's room moves with its meeting.

        :returns: ``{"message", "action"}``: the sentence that says where it is now, or the dialogue that asks why a
            meeting is moved
        :raises UserError: it may not be moved, or not there; nothing has changed then
        """
        booking = self.env["meeting.booking"].browse(booking_id).exists()
        if not booking:
            raise UserError(self.env._("This booking is gone. The board shows what is there now."))
        booking.check_access("read")
        Finder = self.env["meeting.room.finder"]
        start = fields.Datetime.to_datetime(start)
        room, start, stop = Finder._chosen([room_id], start, start and start + (booking.stop - booking.start))
        meeting = self.env["meeting.meeting"].search([("id", "=", booking._bare_meeting_id())])
        if booking._bare_meeting_id():
            if meeting.state != "scheduled" or not meeting.is_editable:
                raise UserError(
                    self.env._(
                        "This room is held for a meeting. Only whoever organises it can move it, once it is scheduled."
                    )
                )
            self._demand_room(room, start, stop, booking, meeting)
            return Finder.take(meeting.id, room.ids, start, stop)
        booking.check_access("write")
        values = {"room_id": room.id} if room != booking.room_id else {}
        booking.write({**values, "start": start, "stop": stop})
        booking.flush_recordset()
        where = {"room": room.name, "when": moment_said(self.env, start, room.location_id.tz)}
        return {"message": self.env._("Moved to %(room)s, %(when)s.", **where), "action": False}

    def _demand_room(self, room, start, stop, booking, meeting):
        """Say at once that the room cannot be had, before somebody writes a reason for the move."""
        room._demand_bookable(
            start, stop, headcount=meeting.headcount, user=meeting.convener_id, except_booking=booking
        )


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _bare_meeting_id(self):
        """The number of the meeting this room is held for, read past nothing: the caller asks the meeting's rules."""
        self.ensure_one()
        # sudo: a number alone; whoever may not read the meeting gets nothing for it.
        return self.sudo().meeting_id.id
