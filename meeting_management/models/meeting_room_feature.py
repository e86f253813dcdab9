from odoo import fields, models


class MeetingRoomFeature(models.Model):
    """What a room offers: projector, video system, whiteboard … (RM-1, RM-9)."""

    _name = "meeting.room.feature"
    _description = "Room Feature"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()

    _name_unique = models.Constraint("UNIQUE (name)", "A room feature with this name exists already.")
