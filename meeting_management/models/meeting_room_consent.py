"""A room begins to need approval, or needs it no longer: its queue is settled, and everyone in it is told (RM-2)."""

from odoo import fields, models
from odoo.exceptions import UserError

from .meeting_joined import sentences


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def write(self, vals):
        if "needs_approval" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda room: room.needs_approval != vals["needs_approval"])
        if not vals["needs_approval"]:
            changed._settle_queue()
        res = super().write(vals)
        if vals["needs_approval"]:
            changed._open_queue()
        return res

    def _queue(self):
        """Requests of a time to come, the oldest first."""
        # sudo: whoever sets the rule of the room settles what waits for it; nothing of it is shown
        return (
            self.env["meeting.booking"]
            .sudo()
            .search(
                [("room_id", "in", self.ids), ("state", "=", "requested"), ("start", ">", fields.Datetime.now())],
                order="create_date, id",
            )
        )

    def _settle_queue(self):
        """From now on everybody gets the room at once: the oldest request that can be had is confirmed, what stands
        against it is rejected. Requests for precedence stay: somebody has to decide on them."""
        self._lock_for_booking()
        self._release_lapsed()
        for booking in self._queue().filtered(lambda booking: not booking.asks_precedence):
            try:
                with booking._attempt():
                    booking._hold()
            except UserError:
                booking._lose(booking._why_not_settled())

    def _open_queue(self):
        """From now on its managers decide: they hear of what waits already. What is confirmed stays confirmed."""
        for booking in self._queue():
            booking._follow_clocks()
            booking._tell("room_request", booking.room_id._deciders().partner_id)


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _why_not_settled(self):
        """What stands against a request when its room is opened to everybody: an earlier one, or something else."""
        rivals = self._holders()
        if rivals:
            return self.env._("An earlier request got the room when it was opened to everybody.")
        refusals = self.room_id._refusals(
            self.start, self.stop, self._people_expected(), user=self._booker(), except_booking=self
        )
        return sentences(self.env, refusals) or self.env._("Taken a moment ago")
