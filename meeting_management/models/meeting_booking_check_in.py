"""“I am here”: whoever uses the room says so, by hand, by opening the meeting, or by signing in (RM-5, RM-14)."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..said import time_said


class MeetingBooking(models.Model):
    """Who may: whoever booked the room, its managers, and the people of the meeting it is booked for."""

    _inherit = "meeting.booking"

    actual_start = fields.Datetime("Actual In", readonly=True, copy=False)
    can_check_in = fields.Boolean(compute="_compute_can")

    def _uses_room(self):
        """Whether the current user is one of those for whom the room is booked, or looks after it."""
        return self.env.user == self.user_id or self._is_decider()

    def _refusal_check_in(self):
        refusal = self._refusal_wrong_state("confirmed")
        if refusal:
            return refusal
        if not self._uses_room():
            return AccessError(
                self.env._("Only the people for whom %s is booked, or its manager, check in.", self.room_id.name)
            )
        now, opens = fields.Datetime.now(), self._check_in_opens()
        if opens <= now < self.stop:
            return None
        return UserError(
            self.env._(
                "You can check in to %(room)s from %(start)s to %(stop)s.",
                room=self.room_id.name,
                start=time_said(self.env, opens),
                stop=time_said(self.env, self.stop),
            )
        )

    def _check_in_opens(self):
        return self.start - timedelta(minutes=self.room_id.check_in_minutes)

    def action_check_in(self):
        """I am here: the room stays mine."""
        self._demand("check_in")
        # sudo: the person was checked; state and moment are all that changes
        self.sudo()._check_in()

    def _check_in(self, moment=None):
        self._transition("checked_in", actual_start=moment or fields.Datetime.now())
