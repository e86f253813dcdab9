from odoo import api, fields, models


class MeetingRoomBlocking(models.Model):
    """A time in which a room cannot be booked: repair, deep cleaning, company event (RM-1, RM-8)."""

    _name = "meeting.room.blocking"
    _description = "Room Blocking"
    _order = "start desc, id desc"

    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="room_id.company_id", store=True)
    name = fields.Char("Reason", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "The blocking must end after it starts. Correct one of the two times."
    )

    @api.depends("room_id", "start", "stop", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for blocking in self:
            blocking.display_name = ": ".join(filter(None, (blocking.room_id.name, blocking.name)))

    def write(self, vals):
        """:raises AccessError: it would close a room of a company that is not one's own"""
        res = super().write(vals)
        if "room_id" in vals:  # Odoo asks the rules before a change; the company comes with the room
            self.check_access("write")
        return res
