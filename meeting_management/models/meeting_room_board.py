"""The room board: rooms × hours, everything of a day or a week in one call (RM-1, RM-3, CF-5)."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from pytz import timezone, utc

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
        rooms, days = self.env["meeting.room"].search([]), days if days in SPANS else 1
        places = rooms.location_id.sorted()
        day = self._demand_day(day) if day else self._today(places[:1])
        frame = {"day": fields.Date.to_string(day), "now": fields.Datetime.to_string(fields.Datetime.now())}
        if not places:
            return {**frame, "places": [], "rooms": [], "bookings": [], "blockings": [], "features": []}
        places = {place: self._days(place, day, days) for place in places}
        since = min(spans[0][0] for spans in places.values())
        till = max(spans[-1][1] for spans in places.values())
        hours = rooms._open_periods(since, till)
        return {
            **frame,
            "places": [
                {"id": place.id, "name": place.name, "tz": place.tz or "UTC", "days": self._strings(spans, "date")}
                for place, spans in places.items()
            ],
            "rooms": [self._room(room, hours.get(room.id), *places[room.location_id]) for room in rooms],
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

    def _room(self, room, hours, *days):
        return {
            "id": room.id,
            "name": room.name,
            "code": room.code or "",
            "place": room.location_id.id,
            "capacity": room.capacity,
            "features": room.feature_ids.ids,
            "needs_approval": room.needs_approval,
            "closed": self._strings(self._closed(hours, days[0][0], days[-1][1])) if hours is not None else [],
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
        bookings = Booking.search_fetch(
            [
                ("room_id", "in", rooms.ids),
                *Booking._holding_domain("requested"),
                ("hold_start", "<", till),
                ("hold_stop", ">", since),
            ],
            [
                *("name", "room_id", "state", "start", "stop", "hold_start", "hold_stop"),
                *("user_id", "meeting_id", "headcount"),
            ],
            order="start, id",
        )
        own = {booking.id: booking._bare_meeting_id() for booking in bookings}
        titles, movable = self._meetings([number for number in own.values() if number])
        # What the rules of writing and the guard of a booking say, asked for all at once.
        writable = bookings._filtered_access("write")
        decides = {room: self.env.user in users for room, users in writable.room_id._deciders_by_room().items()}
        states = dict(Booking._fields["state"]._description_selection(self.env))
        return [
            {
                "id": booking.id,
                "room": booking.room_id.id,
                "state": booking.state,
                "state_label": states[booking.state],
                "title": titles.get(own[booking.id]) or booking.name or self.env._("Reserved"),
                "who": booking.user_id.name or "",
                "people": booking.headcount,
                "meeting": own[booking.id] if own[booking.id] in titles else False,
                "start": fields.Datetime.to_string(booking.start),
                "stop": fields.Datetime.to_string(booking.stop),
                "hold_start": fields.Datetime.to_string(booking.hold_start),
                "hold_stop": fields.Datetime.to_string(booking.hold_stop),
                "movable": own[booking.id] in movable
                if own[booking.id]
                else booking in writable
                and booking.state in ("requested", "confirmed")
                and (booking.user_id == self.env.user or decides[booking.room_id]),
            }
            for booking in bookings
        ]

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
        where = {"room": room.name, "when": format_datetime(self.env, start, tz=room.location_id.tz, dt_format="short")}
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
