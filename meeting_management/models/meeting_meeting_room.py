"""The room of a meeting, and moving a meeting. The meeting steers its booking; the booking never calls the meeting."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from .meeting_joined import sentences
from .meeting_room_refusal import Unsaid


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    _schedule_fields = ("name", "user_id", "headcount")
    """What a booking may tell of its meeting, depending on the level."""

    room_id = fields.Many2one("meeting.room", index="btree_not_null", tracking=True, ondelete="restrict")
    place = fields.Char("Other Place", help="Where it takes place if not in one of our rooms.", tracking=True)
    video_url = fields.Char("Video Link", tracking=True)
    booking_ids = fields.One2many("meeting.booking", "meeting_id", readonly=True, copy=False)
    booking_state = fields.Selection(
        selection=lambda self: self.env["meeting.booking"]._fields["state"]._description_selection(self.env),
        compute="_compute_booking_state",
        string="Room Booking",
    )
    location_text = fields.Char("Place", compute="_compute_location_text")
    room_warning = fields.Char(compute="_compute_room_warning")
    headcount = fields.Integer("People", compute="_compute_headcount")

    @api.depends("participant_ids.role")
    def _compute_headcount(self):
        """A proxy takes the seat of whom he stands in for."""
        for meeting in self:
            meeting.headcount = len(meeting.participant_ids.filtered(lambda line: line.role != "proxy"))

    @api.depends("booking_ids.state")
    def _compute_booking_state(self):
        for meeting in self:
            meeting.booking_state = meeting._current_booking().state

    @api.depends("room_id", "place", "video_url")
    @api.depends_context("lang")
    def _compute_location_text(self):
        for meeting in self:
            room = meeting.room_id
            where = f"{room.location_id.name} · {room.name}" if room else meeting.place
            meeting.location_text = (
                where or (meeting.video_url and self.env._("Online")) or self.env._("Place to be announced")
            )

    @api.depends("room_id", "start", "stop", "participant_ids", "state", "feature_ids")
    def _compute_room_warning(self):
        """While planning: why the chosen room cannot be had (RM-1)."""
        for meeting in self:
            meeting.room_warning = False
            if (
                meeting.room_id
                and meeting.state == "draft"
                and meeting.start
                and meeting.stop
                and meeting.start < meeting.stop
            ):
                meeting.room_warning = sentences(
                    self.env,
                    meeting.room_id._origin._refusals(
                        meeting.start,
                        meeting.stop,
                        meeting.headcount,
                        meeting.feature_ids,
                        user=meeting.convener_id,
                        except_booking=meeting._origin.booking_ids,
                    ),
                )

    # -- booking ------------------------------------------------------------------------------------------------

    def _bookings(self):
        # Bookings of meetings are kept by the system itself, so that neither their author nor their editor, which
        # everybody can read, gives away who convenes a confidential meeting (CF-5).
        return self.env["meeting.booking"].with_user(SUPERUSER_ID)

    def _current_booking(self):
        live = ("requested", "confirmed", "checked_in", "finished")
        return self.booking_ids.filtered(lambda booking: booking.state in live)[:1].with_user(SUPERUSER_ID)

    def _prepare_booking_values(self):
        """Public facts only: subject and person just where the whole company may know them, and not even how many
        people come where the meeting is for those on the list (CF-5)."""
        public = self.level == "public"
        return {
            "name": self.name if public else False,
            "user_id": self.convener_id.id if public else False,
            "room_id": self.room_id.id,
            "start": self.start,
            "stop": self.stop,
            "headcount": self.headcount if self.level in ("public", "internal") else 0,
        }

    def _request_room(self):
        """Ask for the room of an application.

        :raises ValidationError: the room cannot be had, with every cause
        """
        self.ensure_one()
        if self.room_id:
            booking = self._bookings().create({**self._prepare_booking_values(), "meeting_id": self.id})
            booking._demand_requestable()

    def _waits_for_room(self):
        """Whether a room manager has yet to confirm the room (RM-2)."""
        booking = self._current_booking()
        return booking.state == "requested" and booking._needs_decision()

    def _hold_room(self):
        """Take the room for good, right before the meeting is announced (RM-3)."""
        booking = self._current_booking()
        if booking.state == "requested":
            booking._hold()

    def _release_rooms(self):
        live = ("requested", "held", "confirmed", "checked_in")
        for booking in self.booking_ids.filtered(lambda booking: booking.state in live):
            booking.with_user(SUPERUSER_ID)._transition("cancelled")

    def _finish_room_use(self, now):
        """The meeting is over: the register keeps when, and the rest of the time is free for others (RM-6)."""
        booking = self._current_booking()
        if booking.state in ("confirmed", "checked_in"):
            if booking.start < now < booking.stop:
                booking.write({"stop": now})
            booking._transition("finished")

    def write(self, vals):
        """What the room's schedule tells everybody follows the subject, the convener and the level."""
        res = super().write(vals)
        if {"name", "convener_id", "level"} & vals.keys():
            self._sync_schedule(past="level" in vals)
        return res

    def _sync_schedule(self, past=False):
        """Bring what the rooms' schedule tells everybody in line with the meeting.

        :param bool past: of rooms that were given back, too
        """
        for meeting in self.filtered("booking_ids"):
            public = meeting._prepare_booking_values()
            bookings = meeting.booking_ids if past else meeting._current_booking()
            bookings.with_user(SUPERUSER_ID).write({name: public[name] for name in self._schedule_fields})

    # -- reschedule (MT-5, NT-5) --------------------------------------------------------------------------------

    def action_reschedule(self):
        """The dialogue that moves an announced meeting to another time or place."""
        return self._open_reschedule()

    def _open_reschedule(self, **proposed):
        """:param proposed: what stands in the dialogue instead of what is planned: start, duration, room_id"""
        self._demand("reschedule")
        self.ensure_one()
        context = {"default_meeting_id": self.id}
        if proposed:  # where one part is given the form works out none of the others: the video link would get lost
            plan = {"start": self.start, "duration": self.duration, "room_id": self.room_id.id, **proposed}
            plan |= {"start": fields.Datetime.to_string(plan["start"])}
            plan |= {"place": self.place, "video_url": self.video_url}
            context |= {f"default_{name}": value for name, value in plan.items()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reschedule"),
            "res_model": "meeting.reschedule",
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def _reschedule(self, vals, reason):
        """Move an announced meeting: room first, then the facts, then everyone is told what changed, once.

        :param dict vals: new ``start``, ``duration``, ``room_id``, ``place``, ``video_url``
        :raises ValidationError: the new time has passed or the room cannot be had
        """
        self._demand("reschedule")
        self.ensure_one()
        if vals.get("start", self.start) <= fields.Datetime.now():
            raise ValidationError(self.env._("The new time has passed already. Choose a time to come."))
        tracked = ("start", "stop", "room_id", "place", "video_url")
        before = {name: self[name] for name in tracked}
        room = self.env["meeting.room"].browse(vals.get("room_id", self.room_id.id))
        if room.needs_approval and room != self.room_id and self.env.user not in room._deciders():
            raise ValidationError(
                self.env._(
                    "%(room)s needs the consent of its manager (%(people)s), so an announced meeting cannot "
                    "move there by "
                    "itself. Choose a room that is confirmed at once, or cancel and apply anew.",
                    room=room.name,
                    people=format_list(self.env, room._deciders().mapped("name")),
                )
            )
        self._write_plan(vals)
        moved = {name: (old, self[name]) for name, old in before.items() if self[name] != old}
        if {"start", "stop", "room_id"} & moved.keys():
            self._rebook()
        if moved:
            self._after_reschedule(moved, reason)
        return moved

    def _rebook(self):
        booking = self._current_booking()
        if booking.state in ("requested", "confirmed") and booking.room_id == self.room_id:
            booking.write({"start": self.start, "stop": self.stop})
            return
        self._release_rooms()
        if self.room_id:
            self._bookings().create({**self._prepare_booking_values(), "meeting_id": self.id})
            self.invalidate_recordset(["booking_ids"])
            self._hold_room()

    def _reset_answers(self):
        """Who accepted another time has not accepted this one."""
        # sudo: answers are closed to direct writes; they go back to "no answer" for everybody but the mover himself.
        self.sudo().participant_ids.filtered(lambda line: line.user_id != self.env.user).write(
            {"response": "pending", "response_reason": False, "response_at": False, "response_via": False}
        )

    def _after_reschedule(self, moved, reason):
        """Hook: the facts are written. ``moved`` is ``{field: (old, new)}``. Later chapters tell everyone (NT-5)."""
        if self._asks_anew(moved):
            self._reset_answers()
        self.message_post(body=self.env._("Rescheduled: %s", reason))

    @api.model
    def _asks_anew(self, moved):
        """Whether people have to say again that they come. Who had time for the longer meeting has time for one that
        only ends earlier.

        :param dict moved: field name → (old value, new value)
        """
        old, new = moved.get("stop") or (False, False)
        return "start" in moved or bool(new and new > old)


class MeetingBooking(models.Model):
    """What a booking gains from belonging to a meeting: its decision moves the application on."""

    _inherit = "meeting.booking"

    def _booker(self):
        return self.meeting_id.convener_id or super()._booker()

    def _people_expected(self):
        # sudo: a number of seats to compare with; the booking itself does not tell it where the meeting is closed
        meeting = self.meeting_id.sudo()
        if not meeting:
            return super()._people_expected()
        return meeting.headcount if self.headcount else Unsaid(meeting.headcount)

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        meeting = self.meeting_id
        if origin == "requested" and meeting.state == "submitted":
            if self.state == "confirmed" and self._needs_decision():
                # The room's manager was the last to be asked; a room held by the meeting itself needs no answer.
                meeting._schedule_if_ready()
            elif self.state == "rejected":
                reason = self.env._("%(room)s was refused: %(reason)s", room=self.room_id.name, reason=self.reason)
                meeting._back_to_draft(reason)
                meeting.message_post(body=reason)
        return res
