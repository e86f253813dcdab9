from odoo import fields, models


class MeetingLocation(models.Model):
    """A building or floor with meeting rooms (RM-15). Everybody reads, the room manager maintains."""

    _name = "meeting.location"
    _description = "Meeting Location"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    address = fields.Char(help="Printed on the notice for guests who have to find the way.")
    tz = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["tz"]._description_selection(self.env),
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Opening hours of the rooms are meant in this time zone.",
    )
    room_ids = fields.One2many("meeting.room", "location_id", string="Rooms")
