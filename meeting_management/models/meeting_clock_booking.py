"""A room that somebody asked for has to be confirmed or refused in time (RM-2)."""

from odoo import api, fields, models


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    decide_hours = fields.Integer(
        "Decide Within",
        default=8,
        help="Working hours within which a request for this room is decided, before it begins at any rate. "
        "0: no limit.",
    )

    _decide_hours_positive = models.Constraint(
        "CHECK (decide_hours >= 0)", "The time for a decision cannot be negative; 0 means no limit."
    )


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "booking": {
                "model": "meeting.booking",
                "label": self.env._("Room request to be decided"),
                "due": self.env._("the room request has to be decided"),
                "start": self.env._("the room was asked for"),
                "before": "limit_soon",
                "after": "limit_over",
                "pausable": True,
                "typed": False,
            }
        }


class MeetingBooking(models.Model):
    """As bookings, their clocks carry public facts only."""

    _name = "meeting.booking"
    _inherit = ["meeting.booking", "meeting.clock.mixin"]

    _clock_fields = frozenset(("state", "start", "room_id", "asks_precedence"))

    def _clocks(self, time):
        if self.state != "requested" or not self._needs_decision() or not self.room_id.decide_hours:
            return []
        office = time.worker(None, self.company_id)
        due = min(time.add_hours(office, self.create_date, self.room_id.decide_hours), self.start)
        return [{"kind": "booking", "started": min(self.create_date, due), "due": due, "working": True}]

    def _clock_debtors(self, clock):
        return self.room_id._deciders().partner_id

    def _clock_people(self, clock, role):
        return self.user_id.partner_id if role == "requester" else super()._clock_people(clock, role)

    def _clock_is_dropped(self, clock):
        return self.state in ("cancelled", "released")
