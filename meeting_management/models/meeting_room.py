"""Rooms (RM-15). Why one cannot be had stands in ``meeting_room_refusal``."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..said import time_said


class MeetingRoom(models.Model):
    """A meeting room. Everybody reads and books it; the room manager maintains it."""

    _name = "meeting.room"
    _description = "Meeting Room"
    _inherit = ["mail.thread", "image.mixin"]
    _order = "sequence, capacity, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char("Number", help="As written on the door.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    location_id = fields.Many2one("meeting.location", required=True, index=True, check_company=True, tracking=True)
    capacity = fields.Integer("Seats", required=True, default=8, tracking=True)
    layout = fields.Selection(
        [
            ("boardroom", "Boardroom"),
            ("u_shape", "U-shape"),
            ("classroom", "Classroom"),
            ("theatre", "Theatre"),
            ("lounge", "Lounge"),
        ],
        default="boardroom",
    )
    feature_ids = fields.Many2many("meeting.room.feature", string="Features")
    description = fields.Text(translate=True, help="What people should know: how to get there, how to use the devices.")

    needs_approval = fields.Boolean(
        "Needs Approval",
        tracking=True,
        help="Bookings wait until a room manager confirms them; other rooms are confirmed at once.",
    )
    manager_ids = fields.Many2many(
        "res.users",
        string="Room Managers",
        domain=[("share", "=", False)],
        help="Who decides on requests for this room. Empty: everybody in the group Room Manager.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Reserved to Departments",
        help="Only people of these departments, and the departments below them, may book. Empty: everybody.",
    )
    opening_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening Hours",
        help="Bookings must lie within these working hours. Empty: open at all times.",
    )
    prepare_minutes = fields.Integer("Preparation", help="Minutes kept free before each booking to set the room up.")
    clean_minutes = fields.Integer("Cleaning", help="Minutes kept free after each booking to tidy and clean.")

    blocking_ids = fields.One2many("meeting.room.blocking", "room_id", string="Blockings")
    booking_ids = fields.One2many("meeting.booking", "room_id", string="Bookings")
    is_free_now = fields.Boolean(compute="_compute_is_free_now", string="Free Now")
    next_booking = fields.Char(compute="_compute_is_free_now", string="Occupation")

    _capacity_positive = models.Constraint("CHECK (capacity > 0)", "A room needs at least one seat.")
    _buffers_positive = models.Constraint(
        "CHECK (prepare_minutes >= 0 AND clean_minutes >= 0)", "Preparation and cleaning take zero minutes or more."
    )

    @api.depends("name", "capacity")
    @api.depends_context("lang", "book_start", "book_stop", "book_headcount", "book_except", "uid")
    def _compute_display_name(self):
        """While a room is being chosen, say beside its name how many seats it has and why it cannot be had."""
        context = self.env.context
        start = fields.Datetime.to_datetime(context.get("book_start"))
        stop = fields.Datetime.to_datetime(context.get("book_stop"))
        refusals, known = {}, self.filtered(lambda room: isinstance(room.id, int))
        if known and start and stop and start < stop:
            own_bookings = self.env["meeting.booking"].search([("meeting_id", "=", context.get("book_except") or 0)])
            headcount = context.get("book_headcount") or 0
            refusals = known._refusals_by_room(start, stop, headcount, except_booking=own_bookings)
        for room in self:
            room.display_name = room.name
            if room in refusals:
                note = refusals[room][0] if refusals[room] else self.env._("%s seats, free", room.capacity)
                room.display_name = f"{room.name} — {note}"

    @api.depends("booking_ids.state", "booking_ids.start", "booking_ids.stop")
    def _compute_is_free_now(self):
        now = fields.Datetime.now()
        bookings = self.env["meeting.booking"].search(
            [
                ("room_id", "in", self.ids),
                *self.env["meeting.booking"]._holding_domain(),
                ("stop", ">", now),
                ("start", "<", now + timedelta(hours=24)),
            ],
            order="start",
        )
        first = {}
        for booking in bookings:
            first.setdefault(booking.room_id, booking)
        for room in self:
            booking = first.get(room)
            room.is_free_now = not booking or booking.start > now
            if not booking:
                room.next_booking = self.env._("Free for the next 24 hours")
            elif room.is_free_now:
                room.next_booking = self.env._(
                    "Free until %s",
                    time_said(self.env, booking.start),
                )
            else:
                room.next_booking = self.env._(
                    "Taken until %s",
                    time_said(self.env, booking.stop),
                )

    # -- locks --------------------------------------------------------------------------------------------------

    def _lock_for_booking(self):
        """Make rivals for these rooms queue up here, before the exclusion constraint would let them deadlock."""
        if self.ids:
            self.env.cr.execute(
                SQL("SELECT id FROM meeting_room WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", tuple(self.ids))
            )

    # -- actions ------------------------------------------------------------------------------------------------

    def _deciders(self):
        """The users who confirm or reject bookings of this room (RM-2)."""
        self.ensure_one()
        return self._deciders_by_room()[self]

    def _deciders_by_room(self):
        """``{room: users}``; see :meth:`_deciders`."""
        # sudo: room managers are named on the room; the group's members are needed to address the request to somebody.
        group = self.env.ref("meeting_management.group_room_manager").sudo().user_ids
        return {room: room.manager_ids or group for room in self}

    def action_view_bookings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action")
        return {**action, "domain": [("room_id", "=", self.id)], "context": {"default_room_id": self.id}}
