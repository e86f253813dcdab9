"""Rooms, and the reasons why one cannot be had (RM-1, RM-15)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_datetime, format_list, format_time
from pytz import timezone


class MeetingRoom(models.Model):
    """A meeting room. Everybody reads and books it; the room manager maintains it.

    ``_refusals`` is the only place that knows why a room cannot be booked; there is one method per cause, and each
    sentence names the cause and, where there is one, the way out.
    """

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
        own_bookings = self.env["meeting.booking"].search([("meeting_id", "=", context.get("book_except") or 0)])
        for room in self:
            room.display_name = room.name
            if start and stop and start < stop and room.id:
                refusals = room._refusals(start, stop, context.get("book_headcount") or 0, except_booking=own_bookings)
                note = refusals[0] if refusals else self.env._("%s seats, free", room.capacity)
                room.display_name = f"{room.name} — {note}"

    @api.depends("booking_ids.state", "booking_ids.start", "booking_ids.stop")
    def _compute_is_free_now(self):
        now = fields.Datetime.now()
        bookings = self.env["meeting.booking"].search(
            [
                ("room_id", "in", self.ids),
                ("state", "in", self.env["meeting.booking"]._holding_states),
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
                    "Free until %s", format_time(self.env, booking.start, time_format="short")
                )
            else:
                room.next_booking = self.env._(
                    "Taken until %s", format_time(self.env, booking.stop, time_format="short")
                )

    # -- why not ------------------------------------------------------------------------------------------------

    def _refusals(self, start, stop, headcount=0, features=None, user=None, except_booking=None):
        """Every reason why this room cannot be booked for the period, as sentences in the user's language.

        :param datetime start: UTC, naive; ``stop`` likewise, later than ``start``
        :param int headcount: people expected, 0 where unknown
        :param features: ``meeting.room.feature`` records that are needed
        :param user: who books (default: the current user)
        :param except_booking: ``meeting.booking`` records that do not count, being one's own
        """
        self.ensure_one()
        causes = (
            self._refusal_archived(),
            self._refusal_seats(headcount),
            self._refusal_features(features),
            self._refusal_faulty(features),
            self._refusal_department(user or self.env.user),
            self._refusal_closed(start, stop),
            self._refusal_blocked(start, stop),
            self._refusal_taken(start, stop, except_booking),
        )
        return [cause for cause in causes if cause]

    def _demand_bookable(self, start, stop, **details):
        """:raises ValidationError: the room cannot be had; the message lists every cause."""
        refusals = self._refusals(start, stop, **details) if start < stop else []  # the database explains the rest
        if refusals:
            raise ValidationError(
                self.env._(
                    "%(room)s cannot be booked for %(start)s: %(causes)s. Choose another room or another time.",
                    room=self.name,
                    start=format_datetime(self.env, start, dt_format="short"),
                    causes="; ".join(refusals),
                )
            )

    def _refusal_archived(self):
        return not self.active and self.env._("no longer in use")

    def _refusal_seats(self, headcount):
        return headcount > self.capacity and self.env._(
            "too small, %(seats)s seats for %(people)s people", seats=self.capacity, people=headcount
        )

    def _refusal_features(self, features):
        missing = (features or self.env["meeting.room.feature"]) - self.feature_ids
        return missing and self.env._("lacks %s", format_list(self.env, missing.mapped("name")))

    def _refusal_department(self, user):
        if not self.department_ids:
            return None
        # sudo: reads only which departments the booking person belongs to, which the person knows.
        mine = user.sudo().employee_ids.department_id
        if mine and mine.filtered_domain([("id", "child_of", self.department_ids.ids)]):
            return None
        return self.env._("reserved to %s", format_list(self.env, self.department_ids.mapped("name")))

    def _refusal_closed(self, start, stop):
        calendar = self.opening_calendar_id
        if not calendar:
            return None
        zone = timezone(self.location_id.tz or "UTC")
        begin, end = (timezone("UTC").localize(moment).astimezone(zone) for moment in (start, stop))
        # sudo: opening hours of a room are public; plain users may read calendars, not every resource behind them.
        intervals = calendar.sudo()._work_intervals_batch(begin, end, tz=zone)[False]
        open_time = sum((till - since for since, till, _rec in intervals), timedelta())
        return open_time < end - begin and self.env._("closed at that time (%s)", calendar.name)

    def _refusal_blocked(self, start, stop):
        blocking = self.env["meeting.room.blocking"].search(
            [("room_id", "=", self.id), ("start", "<", stop), ("stop", ">", start)], limit=1
        )
        return blocking and self.env._("blocked: %s", blocking.name)

    def _refusal_taken(self, start, stop, except_booking=None):
        domain = [
            ("room_id", "=", self.id),
            ("state", "in", self.env["meeting.booking"]._holding_states),
            ("hold_start", "<", stop + timedelta(minutes=self.clean_minutes)),
            ("hold_stop", ">", start - timedelta(minutes=self.prepare_minutes)),
        ]
        if except_booking:
            domain.append(("id", "not in", except_booking.ids))
        rival = self.env["meeting.booking"].search(domain, order="start", limit=1)
        return rival and self.env._(
            "taken from %(start)s to %(stop)s",
            start=format_time(self.env, rival.start, time_format="short"),
            stop=format_time(self.env, rival.stop, time_format="short"),
        )

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
        # sudo: room managers are named on the room; the group's members are needed to address the request to somebody.
        return self.manager_ids or self.env.ref("meeting_management.group_room_manager").sudo().user_ids

    def action_view_bookings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action")
        return {**action, "domain": [("room_id", "=", self.id)], "context": {"default_room_id": self.id}}
