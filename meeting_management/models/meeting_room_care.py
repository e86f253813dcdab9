"""What everything that keeps rooms in order has in common: faults, rounds, loans, damage (RM-5 to RM-12)."""

from odoo import fields, models
from odoo.exceptions import AccessError


class MeetingRoomCare(models.AbstractModel):
    """A record about a room, with a life of its own, that can tell people about itself.

    It carries public facts only, as bookings do (CF-5): none of these models names a meeting or who convenes it.
    """

    _name = "meeting.room.care"
    _description = "Care of a Room"
    _inherit = ["meeting.state.mixin", "meeting.notification.subject"]

    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True)

    def _is_keeper(self):
        """Whether the current user looks after the room."""
        return self.env.su or self.room_id._is_kept_by(self.env.user)

    def _refusal_not_keeper(self):
        if self._is_keeper():
            return None
        return AccessError(self.env._("Only those who look after %s may do this.", self.room_id.name))

    # -- telling people -----------------------------------------------------------------------------------------

    def _tell(self, step, partners, due=None):
        self.env["meeting.notification"]._queue(self, step, partners, due)

    def _notification_meeting(self):
        """None: the message stays within public facts."""
        return self.env["meeting.meeting"]

    def _notification_level(self):
        return "public"

    def _notification_default_tz(self):
        return self.room_id.location_id.tz

    def _notification_facts(self):
        return [(self.env._("Room"), f"{self.room_id.location_id.name} · {self.room_id.name}")]


class MeetingOpenPaper(models.AbstractModel):
    """What is printed of it carries nothing secret: neither watermark nor access log."""

    _name = "meeting.open.paper"
    _description = "Document Without Secrets"

    def _notification_level(self):
        return "public"

    def _logged(self):
        return self.browse()


class MeetingRoom(models.Model):
    _name = "meeting.room"
    _inherit = ["meeting.room", "meeting.open.paper"]

    def _is_kept_by(self, user):
        """Whether ``user`` looks after this room: every room manager does, and who is named on the room."""
        return user.has_group("meeting_management.group_room_manager") or user in self.manager_ids
