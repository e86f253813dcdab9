"""From an answer of the finder, or a place on the board, to a booking, a planned meeting, or the room of a meeting."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..said import moment_said


class MeetingRoomFinder(models.AbstractModel):
    """Every verb works with the rights of who presses the button: bookings and meetings check as they do anywhere."""

    _inherit = "meeting.room.finder"

    def _chosen(self, room_ids, start, stop):
        """:raises UserError: no room, or no sensible period, was chosen"""
        self._demand_employee()
        rooms = self.env["meeting.room"].browse(room_ids or []).exists()
        rooms.check_access("read")
        start, stop = fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(stop)
        if not rooms or not start or not stop or start >= stop:
            raise UserError(self.env._("Choose a room and a period that ends after it starts."))
        if start < fields.Datetime.now().replace(second=0, microsecond=0):
            raise UserError(self.env._("This time has passed already. Choose a time to come."))
        return rooms, start, stop

    @api.model
    def book(self, room_ids, start, stop, purpose, people=0, feature_ids=(), needs_technician=False):
        """Book one room, or several together, under a purpose (RM-1).

        :param feature_ids: what is needed; each room is asked for as much of it as it offers, so that whoever booked is
            warned when it fails (RM-10)
        :returns: a sentence that says what came of it
        :raises ValidationError: a room cannot be had; none is booked then
        """
        return self._booked(self._book(room_ids, start, stop, purpose, people, feature_ids, needs_technician))

    def _book(self, room_ids, start, stop, purpose, people=0, feature_ids=(), needs_technician=False):
        rooms, start, stop = self._chosen(room_ids, start, stop)
        single = len(rooms) == 1
        features = self.env["meeting.room.feature"].browse(feature_ids).exists()
        return self.env["meeting.booking"].create(
            [
                {
                    "name": (purpose or "").strip(),
                    "room_id": room.id,
                    "start": start,
                    "stop": stop,
                    # people spread over several rooms: each holds as many as it can
                    "headcount": people if single else min(people, room.capacity),
                    "feature_ids": [fields.Command.set((features & room.feature_ids).ids)],
                    "needs_technician": needs_technician,
                }
                for room in rooms
            ]
        )
    def _booked(self, bookings):
        """:return: the sentence that says what came of it"""
        rooms = bookings.room_id
        names = format_list(self.env, rooms.mapped("name"))
        when = moment_said(self.env, bookings[:1].start, rooms[:1].location_id.tz)
        if all(booking.state == "confirmed" for booking in bookings):
            return self.env._("%(rooms)s is yours on %(when)s.", rooms=names, when=when)
        return self.env._(
            "%(rooms)s is requested for %(when)s. You are told when the room's manager has decided.",
            rooms=names,
            when=when,
        )

    @api.model
    def plan(self, room_ids, start, stop, subject, type_id, partner_ids=(), feature_ids=()):
        """Plan a meeting in that room: a draft with its people, to be completed and submitted.

        :returns: the action that opens the draft
        """
        rooms, start, stop = self._chosen(room_ids, start, stop)
        kind = self.env["meeting.type"].browse(type_id or []).exists()
        if not kind:
            raise UserError(self.env._("Choose the type of the meeting: it decides about approval, notice and agenda."))
        room = rooms.sorted("capacity")[-1]
        features = self.env["meeting.room.feature"].browse(feature_ids).exists()
        meeting = self.env["meeting.meeting"].create(
            {
                "name": (subject or "").strip() or kind.name,
                "type_id": kind.id,
                "start": start,
                "duration": (stop - start).total_seconds() / 3600,
                "room_id": room.id,
                "feature_ids": [fields.Command.set((features & room.feature_ids).ids)],
            }
        )
        missing = self.env["res.partner"].browse(partner_ids).exists() - meeting.participant_ids.partner_id
        meeting.participant_ids = [fields.Command.create({"partner_id": partner.id}) for partner in missing]
        return self._open_meeting(meeting)

    @api.model
    def take(self, meeting_id, room_ids, start, stop):
        """Give a meeting this room and time: a draft at once, an announced one through “Reschedule”, with a reason.

        Of two rooms the larger becomes the meeting's; the other is booked beside it, in one's own name, for a meeting
        that everybody may know of.

        :returns: ``{"message", "action"}``, either may be False
        """
        rooms, start, stop = self._chosen(room_ids, start, stop)
        meeting = self.env["meeting.meeting"].browse(meeting_id).exists()
        meeting.check_access("read")
        main = rooms.sorted("capacity")[-1:]
        duration = (stop - start).total_seconds() / 3600
        if rooms - main and meeting.level != "public":
            raise UserError(
                self.env._("A second room would show who convenes a meeting that is not public. Choose a single room.")
            )
        if meeting.state == "scheduled":
            action = meeting._open_reschedule(start=start, duration=duration, room_id=main.id)
            return {"message": False, "action": {**action, "views": [[False, "form"]]}}
        meeting.check_access("write")
        meeting.write({"room_id": main.id, "start": start, "duration": duration})
        message = self.env._("“%(meeting)s” takes place in %(room)s.", meeting=meeting.name, room=main.name)
        if rooms - main:
            message = self.env._(
                "“%(meeting)s” takes place in %(room)s. The second room is booked on its own: if the meeting moves, "
                "move it too.",
                meeting=meeting.name,
                room=main.name,
            )
            self.book((rooms - main).ids, start, stop, self.env._("Together with %s", main.name), meeting.headcount)
        return {"message": message, "action": False}

    def _open_meeting(self, meeting):
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.meeting",
            "res_id": meeting.id,
            "views": [[False, "form"]],
        }


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def action_find_room(self):
        """Find a Room, with the values and people of this meeting."""
        self.ensure_one()
        return {
            **self.env["ir.actions.client"]._for_xml_id("meeting_management.meeting_room_finder_action"),
            "context": {"meeting_id": self.id},
        }
