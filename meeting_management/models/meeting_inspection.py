"""Looking after devices: weekly rounds, and tests before important meetings, ticked off on a phone (RM-9, AG-7)."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date, format_list
from pytz import timezone, utc

from ..said import moment_said

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]
ROUND_ENDS = time(17, 0)
"""Until when a weekly round is to be made, on its day."""


class MeetingInspectionRound(models.Model):
    """Round (巡检): the devices of one or more rooms, each with a line to tick.

    Everybody reads rounds; the person named and room managers tick. A round is done with its last line. A test before
    a meeting names the room's booking, which carries public facts only (CF-5).
    """

    _name = "meeting.inspection.round"
    _description = "Inspection Round"
    _inherit = ["meeting.state.mixin", "meeting.notification.subject"]
    _order = "due desc, id desc"

    _transitions = {"open": ("done", "cancelled"), "done": (), "cancelled": ()}

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [("weekly", "Weekly round"), ("test", "Test before a meeting")], required=True, readonly=True, default="weekly"
    )
    date = fields.Date("Day", required=True, default=fields.Date.context_today)
    due = fields.Datetime("Due By", required=True, help="Until when it is to be done.")
    user_id = fields.Many2one(
        "res.users", "Inspector", required=True, index=True, domain=[("share", "=", False)],
        default=lambda self: self.env.user,
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    booking_id = fields.Many2one("meeting.booking", index="btree_not_null", ondelete="cascade", readonly=True)
    line_ids = fields.One2many("meeting.inspection.line", "round_id", "Lines")
    room_names = fields.Char("Rooms", compute="_compute_progress")
    line_count = fields.Integer(compute="_compute_progress")
    open_count = fields.Integer("To Look at", compute="_compute_progress")
    problem_count = fields.Integer("Not in Order", compute="_compute_progress")
    state = fields.Selection(
        [("open", "In Progress"), ("done", "Done"), ("cancelled", "Cancelled")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    done_at = fields.Datetime("Done On", readonly=True, copy=False)

    _weekly_once = models.UniqueIndex(
        "(company_id, user_id, date) WHERE kind = 'weekly'", "This inspector has a round on that day already."
    )
    _test_once = models.UniqueIndex(
        "(booking_id) WHERE kind = 'test' AND state != 'cancelled'", "The equipment is tested for this booking already."
    )

    @api.depends("kind", "date", "booking_id.start", "booking_id.room_id.name")
    @api.depends_context("lang", "tz")
    def _compute_name(self):
        for rnd in self:
            if rnd.kind == "test" and rnd.booking_id:
                when = moment_said(self.env, rnd.booking_id.start)
                rnd.name = self.env._("Test in %(room)s before %(when)s", room=rnd.booking_id.room_id.name, when=when)
            else:
                rnd.name = self.env._("Round of %s", format_date(self.env, rnd.date) if rnd.date else "")

    @api.depends("line_ids.result", "line_ids.room_id.name")
    @api.depends_context("lang")
    def _compute_progress(self):
        for rnd in self:
            lines = rnd.line_ids
            rnd.room_names = format_list(self.env, lines.room_id.mapped("name"))
            rnd.line_count = len(lines)
            rnd.open_count = len(lines.filtered(lambda line: line.result == "open"))
            rnd.problem_count = len(lines.filtered(lambda line: line.result == "not_ok"))

    @api.model_create_multi
    def create(self, vals_list):
        rounds = super().create(vals_list)
        rounds._tell_inspector()
        return rounds

    def write(self, vals):
        res = super().write(vals)
        if "user_id" in vals:
            self.env["meeting.notification"]._void(self, ["round_open"])
            self._tell_inspector()
        return res

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        self.env["meeting.notification"]._void(self, ["round_open"])
        return res

    # -- what is said -------------------------------------------------------------------------------------------

    def _tell_inspector(self):
        """Whoever has a round to make hears of it at once."""
        now = fields.Datetime.now()
        rows = [(rnd, "round_open", rnd.user_id.partner_id.id, now) for rnd in self if rnd.state == "open"]
        self.env["meeting.notification"]._queue_rows(rows, revive=True)

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if self.state != "open":
            return partners.browse()
        return partners & self.user_id.partner_id if step == "round_open" else partners

    def _notification_meeting(self):
        return self.env["meeting.meeting"]

    def _notification_level(self):
        return "public"

    def _notification_facts(self):
        facts = [
            (self.env._("Rooms"), self.room_names),
            (
                self.env._("Until"),
                moment_said(self.env, self.due),
            ),
        ]
        return [(label, text) for label, text in facts if text]

    def _notification_values(self, step):
        badge = (self.env._("Due soon"), "warning") if step == "round_due" else (self.env._("To inspect"), "info")
        return {"subject": self.name, "heading": self.name, "badge": badge, "button": self.env._("Open the list")}

    # -- making rounds ------------------------------------------------------------------------------------------

    @api.model
    def _cron_make_rounds(self):
        """Each morning: one round for each inspector with all rooms whose weekday it is."""
        rooms = self.env["meeting.room"].search([("inspection_weekday", "!=", False)])
        plan = {}
        for room in rooms:
            today = utc.localize(fields.Datetime.now()).astimezone(timezone(room.location_id.tz or "UTC")).date()
            if room.inspection_weekday == str(today.weekday()):
                key = (room.company_id, room._inspector(), today)
                plan[key] = plan.get(key, room.browse()) | room
        for (company, inspector, day), rooms in plan.items():
            if inspector and not self.search_count(
                [
                    ("kind", "=", "weekly"),
                    ("company_id", "=", company.id),
                    ("user_id", "=", inspector.id),
                    ("date", "=", day),
                ]
            ):
                zone = timezone(rooms[0].location_id.tz or "UTC")
                due = zone.localize(datetime.combine(day, ROUND_ENDS)).astimezone(utc).replace(tzinfo=None)
                self.create(
                    {
                        "company_id": company.id,
                        "user_id": inspector.id,
                        "date": day,
                        "due": due,
                        "line_ids": [fields.Command.create(vals) for room in rooms for vals in room._prepare_lines()],
                    }
                )


class MeetingInspectionLine(models.Model):
    """One device, or a room without devices, to look at. Ticked by its verbs alone."""

    _name = "meeting.inspection.line"
    _description = "Inspection Line"
    _order = "round_id, room_id, id"

    round_id = fields.Many2one(
        "meeting.inspection.round", "Inspection Round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True, index=True)
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="cascade")
    equipment_id = fields.Many2one("meeting.equipment", "Device", index="btree_not_null", ondelete="cascade")
    result = fields.Selection(
        [("open", "To look at"), ("ok", "In order"), ("not_ok", "Not in order")],
        "Finding",
        required=True,
        readonly=True,
        default="open",
        copy=False,
    )
    note = fields.Char()
    fault_id = fields.Many2one("meeting.fault", readonly=True, index="btree_not_null", copy=False)
    user_id = fields.Many2one("res.users", "Looked at by", readonly=True, copy=False)
    checked_at = fields.Datetime("Looked at On", readonly=True, copy=False)

    @api.depends("room_id.name", "equipment_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.room_id.name}: {line.equipment_id.name or self.env._('Room')}"

    def _demand_inspector(self):
        """:raises AccessError: somebody else's round"""
        for line in self:
            if self.env.user != line.round_id.user_id and not line.room_id._is_kept_by(self.env.user):
                raise AccessError(
                    self.env._("%s makes this round. Ask for it, or report a fault.", line.round_id.user_id.name)
                )

    def action_ok(self):
        """In order."""
        self._demand_inspector()
        self._tick("ok")

    def action_not_ok(self):
        """Not in order: a fault is opened, and its form, to say more and take a photo."""
        self.ensure_one()
        self._demand_inspector()
        if not self.fault_id:
            # sudo: the line is the inspector's; the fault itself he reports under his own name
            self.sudo().fault_id = self.env["meeting.fault"].create(
                {
                    "name": self.note or self.env._("Found during inspection"),
                    "room_id": self.room_id.id,
                    "equipment_id": self.equipment_id.id,
                }
            )
        self._tick("not_ok")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is wrong?"),
            "res_model": "meeting.fault",
            "res_id": self.fault_id.id,
            "views": [(self.env.ref("meeting_management.meeting_fault_view_form_report").id, "form")],
            "target": "new",
        }

    def _tick(self, result):
        now = fields.Datetime.now()
        # sudo: the inspector was checked; the tick, and the day on the device, are all that changes
        lines = self.sudo()
        lines.write({"result": result, "user_id": self.env.uid, "checked_at": now})
        for line in lines.filtered("equipment_id"):
            name = "last_tested" if line.round_id.kind == "test" else "last_inspected"
            line.equipment_id[name] = fields.Date.context_today(self)
        for rnd in lines.round_id.filtered(lambda rnd: rnd.state == "open" and not rnd.open_count):
            rnd._transition("done", done_at=now)


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    inspection_weekday = fields.Selection(WEEKDAYS, "Inspected Every", help="Empty: no weekly round.")
    inspector_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], help="Empty: the room's technician, or its first manager."
    )

    def _inspector(self):
        return self.inspector_id or self.technician_id or self._deciders()[:1]

    def _prepare_lines(self, features=None):
        """Lines for the devices of this room, for those of ``features`` where given; one for a room without any."""
        devices = self.equipment_ids
        if features:
            devices = devices.filtered(lambda device: device.feature_id in features) or devices
        return [{"room_id": self.id, "equipment_id": device.id} for device in devices] or [{"room_id": self.id}]


class MeetingType(models.Model):
    _inherit = "meeting.type"

    test_equipment = fields.Boolean(
        "Equipment Is Tested Before", help="The room's technician gets a list to tick before each meeting of this type."
    )
    test_hours = fields.Integer("Tested by", default=2, help="Hours before the start.")

    _test_hours_positive = models.Constraint("CHECK (test_hours >= 0)", "The test cannot be due after the start.")


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    test_ids = fields.One2many("meeting.inspection.round", "booking_id", "Equipment Tests")

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state == "confirmed":
            self._plan_test()
        elif self.state in ("cancelled", "rejected", "released"):
            # sudo: whoever gives the room back ends the test for it
            self.sudo().test_ids.filtered(lambda rnd: rnd.state == "open")._transition("cancelled")
        return res

    def write(self, vals):
        res = super().write(vals)
        if "start" in vals:
            for booking in self.sudo():  # sudo: the test moves with the booking
                booking.test_ids.filtered(lambda rnd: rnd.state == "open").write(booking._prepare_test_moment())
        return res

    def _prepare_test_moment(self):
        # sudo: a number of the type; nothing of the meeting is told
        hours = self.meeting_id.sudo().type_id.test_hours
        due = max(self.start - timedelta(hours=hours), fields.Datetime.now())
        return {"due": due, "date": due.date()}

    def _plan_test(self):
        """The technician gets a list with the devices that the meeting needs (AG-7)."""
        # sudo: whether the type wants a test; the round tells the room and the time of the booking
        meeting = self.meeting_id.sudo()
        if not meeting.type_id.test_equipment:
            return
        room = self.room_id
        devices = room.equipment_ids.technician_id
        user = room.technician_id or (devices if len(devices) == 1 else False) or room._inspector()
        if not user:
            return  # nobody looks after this room: the meeting is not held up by it
        # sudo: whoever schedules orders the test of the devices; it names no meeting's subject
        self.env["meeting.inspection.round"].sudo().create(
            {
                "kind": "test",
                "user_id": user.id,
                "company_id": self.company_id.id,
                "booking_id": self.id,
                **self._prepare_test_moment(),
                "line_ids": [fields.Command.create(vals) for vals in room._prepare_lines(meeting.feature_ids)],
            }
        )


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "round_open": self.env._("Devices to inspect"),
            "round_due": self.env._("Reminder: inspection due"),
        }


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [
            *super()._sections(),
            self._section(
                "rounds",
                self.env._("To inspect"),
                "fa-check-square-o",
                self.env["meeting.inspection.round"],
                [
                    ("state", "=", "open"),
                    ("user_id", "=", self.env.uid),
                    ("due", "<", fields.Datetime.now() + timedelta(days=7)),
                ],
                "due",
                lambda rnd: {
                    **self._card(rnd, rnd.name, rnd.due, late=rnd.due < fields.Datetime.now()),
                    "place": rnd.room_names,
                    "note": self.env._("%(open)s of %(all)s to look at", open=rnd.open_count, all=rnd.line_count),
                },
            ),
        ]
