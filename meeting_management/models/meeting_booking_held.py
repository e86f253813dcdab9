"""A room held for somebody who has to choose: for a set time nobody else gets it, then it is free by itself (RM-4)."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

from ..said import time_said


class MeetingBooking(models.Model):
    """Whoever lost his room takes one of those held for him; the others go back at once."""

    _inherit = "meeting.booking"

    held_until = fields.Datetime(readonly=True, copy=False, help="Nobody else gets the room before this moment.")
    held_for_id = fields.Many2one(
        "meeting.booking", "Held in Place of", readonly=True, copy=False, index="btree_not_null", ondelete="cascade"
    )
    hold_ids = fields.One2many("meeting.booking", "held_for_id", "Held Instead", readonly=True)
    release_cause = fields.Selection(selection_add=[("expired", "Nobody took it in time")])
    can_take = fields.Boolean(compute="_compute_can")

    @api.depends("held_until")
    def _compute_release_at(self):
        super()._compute_release_at()

    def _release_moment(self, now):
        return self.held_until if self.state == "held" else super()._release_moment(now)

    def _lapse_cause(self):
        return "expired" if self.state == "held" else super()._lapse_cause()

    def _keep_instead(self, offers, until):
        """Hold these rooms in place of this booking.

        :param offers: as ``meeting.room.finder._instead`` gives them; the caller holds the locks of all rooms
        """
        holds = self.with_user(SUPERUSER_ID).create(
            [
                {
                    "name": self.name,
                    "user_id": self.user_id.id,
                    "headcount": self.headcount,
                    "feature_ids": [fields.Command.set((self.feature_ids & offer["room"].feature_ids).ids)],
                    "needs_technician": self.needs_technician,
                    "meeting_id": self.meeting_id.id,
                    "held_for_id": self.id,
                    "room_id": offer["room"].id,
                    "start": offer["start"],
                    "stop": offer["stop"],
                }
                for offer in offers
            ]
        )
        for hold in holds:
            hold._transition("held", held_until=min(until, hold.start))
        holds.flush_recordset()
        return holds

    def _is_made_by_hand(self):
        return not self.held_for_id and super()._is_made_by_hand()

    def _live_holds(self):
        now = fields.Datetime.now()
        return self.hold_ids.filtered(lambda hold: hold.state == "held" and hold.held_until > now)

    # -- taking one ---------------------------------------------------------------------------------------------

    def _refusal_take(self):
        refusal = self._refusal_wrong_state("held")
        if refusal:
            return refusal
        if self.held_until <= fields.Datetime.now():
            return self._lapsed_error()
        if self._may_take():
            return None
        return AccessError(self.env._("This room is held for somebody else."))

    def _lapsed_error(self):
        return AccessError(
            self.env._(
                "%(room)s was held until %(time)s and is free for everybody now. Book it like any other room.",
                room=self.room_id.name,
                time=time_said(self.env, self.held_until),
            )
        )

    def _may_take(self):
        if self._bare_meeting_id():
            # sudo: only whether the current user edits that meeting comes back
            return self.sudo().meeting_id.sudo(False)._filtered_access("write").is_editable
        return self.env.user == self.user_id

    def action_take(self):
        """This one: it is mine, and the others that were held for me go back."""
        self._demand("take")
        self.ensure_one()
        # sudo: whoever may was checked; states of the rooms held for him are all that changes
        hold = self.sudo()
        origin = hold.held_for_id
        (hold.room_id | origin.hold_ids.room_id)._lock_for_booking()
        (origin.hold_ids - hold).filtered(lambda other: other.state == "held")._transition("cancelled")
        hold._transition("confirmed")
        hold._after_taken()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _after_taken(self):
        """Hook: one of the rooms held was taken."""


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_hold_minutes = fields.Integer(
        "Rooms Are Held",
        default=60,
        help="Minutes for which other rooms are held for whoever had to give up his. 0: none are held.",
    )

    _meeting_hold_positive = models.Constraint(
        "CHECK (meeting_hold_minutes >= 0)", "Rooms cannot be held for less than zero minutes."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_hold_minutes = fields.Integer(related="company_id.meeting_hold_minutes", readonly=False)
