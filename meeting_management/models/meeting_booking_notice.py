"""What a booking tells people: its room's managers that a request waits, whoever asked what was decided (RM-2)."""

from odoo import api, models

from ..said import moment_said


class MeetingBooking(models.Model):
    """Bookings carry public facts only, and so do their messages: who uses the room for a confidential meeting, and for
    what, stands in neither (CF-5).
    """

    _name = "meeting.booking"
    _inherit = ["meeting.booking", "meeting.notification.subject"]

    @api.model_create_multi
    def create(self, vals_list):
        bookings = super().create(vals_list)
        for booking in bookings.filtered(
            lambda booking: (
                booking.state == "requested"
                and booking.room_id.needs_approval
                and (booking.meeting_id or booking._is_made_by_hand())
                and not booking.held_for_id
            )
        ):
            booking._tell("room_request", booking.room_id._deciders().partner_id)
        return bookings

    def _after_transition(self, origin):
        """Whoever asked for a room without a meeting is told; a meeting tells its own people."""
        res = super()._after_transition(origin)
        if origin == "requested":
            self.env["meeting.notification"]._void(self, ["room_request"])
            asked = self.room_id.needs_approval and not self.meeting_id and self.state in ("confirmed", "rejected")
            if asked and self.user_id != self.env.user:
                self._tell("room_decided", self.user_id.partner_id)
        return res

    def _tell(self, step, partners):
        self.env["meeting.notification"]._queue(self, step, partners)

    # -- what is said -------------------------------------------------------------------------------------------

    def _notification_meeting(self):
        """None: the message stays within the booking's public facts."""
        return self.env["meeting.meeting"]

    def _notification_ledger_meeting(self):
        return self.meeting_id

    def _notification_level(self):
        return "public"

    def _notification_default_tz(self):
        return self.location_id.tz

    def _notification_facts(self):
        tz = self.env.context.get("tz")
        moments = (self.start, self.stop)
        times = " – ".join(moment_said(self.env, moment, tz) for moment in moments)
        facts = [
            (self.env._("Room"), f"{self.location_id.name} · {self.room_id.name}"),
            (self.env._("When"), times),
            (self.env._("Use"), self.name or self.env._("Reserved")),
            (self.env._("People"), str(self.headcount) if self.headcount else ""),
            (self.env._("Booked by"), self.user_id.name),
        ]
        return [(label, text) for label, text in facts if text]

    def _notification_still_due(self, step, partners):
        if step == "room_request" and self.state != "requested":
            return partners.browse()
        return super()._notification_still_due(step, partners)

    def _notification_values(self, step):
        room = self.room_id.name
        if step == "room_request":
            title = self.env._("%s is asked for", room)
            return {"subject": title, "heading": title, "button": self.env._("Decide")}
        title = (
            self.env._("%s is confirmed", room) if self.state == "confirmed" else self.env._("%s cannot be had", room)
        )
        return {"subject": title, "heading": title, "reason": self.reason}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "room_request": self.env._("Room requested"),
            "room_decided": self.env._("Room decided"),
        }
