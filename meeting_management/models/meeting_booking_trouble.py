"""A booked room that will not be as hoped: whoever booked is warned, and takes another with one click (RM-1, RM-10).

What is wrong with it is the business of other chapters: a device that failed (``meeting_fault_room``), a blocking
(``meeting_blocking_touched``). Each adds its sentence to ``_troubles``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

COMING = ("requested", "confirmed")


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def _free_instead_of(self, booking, limit=3, asked=False):
        """Up to ``limit`` other rooms of the company that could be had for this booking, the nearest first: at once, or
        those whose manager has to be ``asked``."""
        self.ensure_one()
        self = self._origin  # while a booking is being typed its room is a copy
        features, people = booking._features_needed(), booking._people_expected()
        rooms = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("capacity", ">=", people),
                ("needs_approval", "=", asked),
            ]
        )
        free = rooms._free(booking.start, booking.stop, people, features, booking._booker(), booking)
        return free.sorted(lambda room: (room.location_id != self.location_id, room.capacity, room.id))[:limit]


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    room_trouble = fields.Char("Trouble with the Room", compute="_compute_room_trouble")

    @api.depends("room_id", "start", "stop", "state")
    @api.depends_context("lang", "tz", "uid")
    def _compute_room_trouble(self):
        for booking in self:
            said = booking._troubles()
            # what a meeting needs, and so what would do instead, is told on the meeting alone (CF-5)
            free = [] if booking.meeting_id or not said else [booking._free_sentence()]
            booking.room_trouble = booking._one_after_another([*said, *free])

    def _is_coming(self, *more_states):
        """Whether the room is still wanted: what is over, or given back, is nobody's trouble."""
        self.ensure_one()
        coming = self.state in COMING or self.state in more_states
        return coming and bool(self.stop) and self.stop > fields.Datetime.now()

    def _troubles(self, needs=False):
        """Sentences that say what is wrong with the room at that time.

        :param bool needs: of what a meeting needs, too, for those who may read the meeting
        """
        self.ensure_one()
        return []

    def _one_after_another(self, sentences):
        """The sentences as one text, with a space between them where the language has one."""
        text = False
        for sentence in sentences:
            text = self.env._("%(text)s %(sentence)s", text=text, sentence=sentence) if text else sentence
        return text

    def _free_sentence(self):
        names = self._names_instead()
        if names:
            return self.env._("Free at that time: %s.", format_list(self.env, names))
        return self.env._("No other room is free at that time.")

    def _names_instead(self):
        """Other rooms to name: where none is had at once, those whose manager has to be asked."""
        rooms = self.room_id._free_instead_of(self)
        if rooms:
            return rooms.mapped("name")
        asked = self.room_id._free_instead_of(self, asked=True)
        return [f"{room.name} ({self.env._('needs approval')})" for room in asked]

    def action_take_other_room(self):
        """Move to the nearest room that is free and has what is needed.

        :raises UserError: there is none
        """
        self.ensure_one()
        if self.meeting_id:
            return self.meeting_id.action_take_other_room()
        rooms = self.room_id._free_instead_of(self, limit=1)
        if not rooms:
            names = self._names_instead()
            if names:
                free = format_list(self.env, names)
                raise UserError(self.env._("Somebody has to be asked for the rooms that are free: %s.", free))
            raise UserError(
                self.env._("No other room that has what you need is free at that time. Choose another time, or wait.")
            )
        self.write({"room_id": rooms.id})
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    room_trouble = fields.Char("Trouble with the Room", compute="_compute_room_trouble")

    @api.depends("room_id", "booking_ids.state", "start", "stop")
    @api.depends_context("lang", "tz", "uid")
    def _compute_room_trouble(self):
        for meeting in self:
            # sudo: a sentence of public facts about the room, for a reader of the meeting
            booking = meeting._current_booking().with_env(self.env).sudo()
            said = booking._troubles(needs=True) if booking else []
            meeting.room_trouble = bool(said) and booking._one_after_another([*said, booking._free_sentence()])

    def action_take_other_room(self):
        """The dialogue that moves the meeting, with the nearest free room that has what it needs."""
        rooms = self.room_id._free_instead_of(self._current_booking(), limit=1)
        return self._open_reschedule(room_id=rooms.id) if rooms else self._open_reschedule()

    def _notice_booking(self):
        """The booking of which a notice about the meeting's room speaks."""
        return self._current_booking().with_env(self.env)
