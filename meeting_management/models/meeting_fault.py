"""Faults: reported on the spot by whoever notices, repaired by who is responsible (RM-10)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class MeetingFault(models.Model):
    """Fault report (报修单).

    Who may: everybody reads faults and reports them under his own name; who looks after the room, the technician and
    the head of the responsible department start and finish the repair; the reporter takes his report back while nobody
    has begun.
    """

    _name = "meeting.fault"
    _description = "Fault Report"
    _inherit = ["meeting.room.care"]
    _order = "id desc"

    _transitions = {
        "reported": ("in_repair", "repaired", "cancelled"),
        "in_repair": ("repaired", "cancelled"),
        "repaired": (),
        "cancelled": (),
    }
    _verbs = ("start", "repair", "cancel")
    _reason_verbs = ("cancel",)
    _kept_fields = frozenset(("started_at", "repaired_at", "repaired_by_id", "reason"))

    name = fields.Char("What Is Wrong", required=True, help="In a few words: no picture, no sound, broken handle …")
    description = fields.Text("Details")
    equipment_id = fields.Many2one(
        "meeting.equipment",
        "Device",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('room_id', '=?', room_id)]",
        help="Empty: the room itself, such as its light or its door.",
    )
    room_id = fields.Many2one(compute="_compute_room_id", store=True, readonly=False, precompute=True)
    quantity = fields.Integer("Pieces", default=1, help="How many pieces of the device do not work.")
    booking_id = fields.Many2one(
        "meeting.booking", "Noticed During", index="btree_not_null", ondelete="set null", readonly=True
    )
    photo = fields.Image(max_width=1920, max_height=1920)
    user_id = fields.Many2one(
        "res.users", "Reported by", required=True, readonly=True, index=True, default=lambda self: self.env.user
    )
    technician_id = fields.Many2one(
        "res.users",
        compute="_compute_technician_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
    )
    state = fields.Selection(
        [
            ("reported", "Reported"),
            ("in_repair", "In repair"),
            ("repaired", "Repaired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="reported",
        readonly=True,
        copy=False,
        index=True,
    )
    solution = fields.Text("What Was Done", copy=False)
    cost = fields.Monetary("Cost of Repair", copy=False, groups="meeting_management.group_room_manager")
    currency_id = fields.Many2one(related="company_id.currency_id")
    started_at = fields.Datetime("Repair Begun", readonly=True, copy=False)
    repaired_at = fields.Datetime("Repaired On", readonly=True, copy=False)
    repaired_by_id = fields.Many2one("res.users", "Repaired by", readonly=True, copy=False)
    reason = fields.Char("Reason of Cancellation", readonly=True, copy=False)
    can_start = fields.Boolean(compute="_compute_can")
    can_repair = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "At least one piece is out of order.")
    _cost_positive = models.Constraint("CHECK (cost >= 0)", "The cost of a repair cannot be negative.")

    @api.depends("equipment_id")
    def _compute_room_id(self):
        for fault in self:
            fault.room_id = fault.equipment_id.room_id or fault.room_id

    @api.depends("equipment_id")
    def _compute_technician_id(self):
        for fault in self:
            fault.technician_id = fault.equipment_id.technician_id or fault.technician_id

    @api.depends("name", "equipment_id.name", "room_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for fault in self:
            place = fault.equipment_id.name or fault.room_id.name
            fault.display_name = f"{place}: {fault.name}" if place else fault.name

    @api.constrains("equipment_id", "room_id")
    def _check_room(self):
        for fault in self:
            if fault.equipment_id and fault.equipment_id.room_id != fault.room_id:
                raise ValidationError(
                    self.env._(
                        "%(device)s is kept in %(room)s. Report the fault for that room.",
                        device=fault.equipment_id.name,
                        room=fault.equipment_id.room_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_closed_booking(vals) for vals in vals_list]
        if not self._names_technicians():
            vals_list = [{name: vals[name] for name in vals if name != "technician_id"} for vals in vals_list]
        faults = super().create(vals_list)
        for fault in faults:
            fault._tell("fault_new", fault._menders())
            fault._warn_bookings()
        return faults

    def _without_closed_booking(self, vals):
        """A report is public: it does not tell who sat in a meeting that is not (CF-5)."""
        # sudo: compares two public facts of the booking, whether it has a meeting and tells who convenes it
        booking = self.env["meeting.booking"].sudo().browse(vals.get("booking_id"))
        return {**vals, "booking_id": False} if booking.meeting_id and not booking.user_id else vals

    def write(self, vals):
        """:raises AccessError: a reporter makes himself the technician"""
        if "technician_id" in vals and not self._names_technicians():
            raise AccessError(self.env._("Room managers decide who repairs it."))
        return super().write(vals)

    def _names_technicians(self):
        return self.env.su or self.env.user.has_group("meeting_management.group_room_manager")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        if any(fault.state != "cancelled" for fault in self):
            raise UserError(self.env._("Faults stay on record. Cancel a report that was a mistake."))

    # -- verbs --------------------------------------------------------------------------------------------------

    def _menders(self):
        """Partners who have to see to it."""
        return self.technician_id.partner_id or (
            self.equipment_id._carers() if self.equipment_id else self.room_id._deciders().partner_id
        )

    def _refusal_not_mender(self):
        # sudo: whether the user heads the department that is responsible, which he knows
        head = self.equipment_id.department_id.sudo().manager_id.user_id
        if self._is_keeper() or self.env.user in (self.technician_id | head):
            return None
        return AccessError(
            self.env._("Repairs are recorded by the technician, or by those who look after %s.", self.room_id.name)
        )

    def _refusal_start(self):
        return self._refusal_wrong_state("reported") or self._refusal_not_mender()

    def _refusal_repair(self):
        return self._refusal_wrong_state("reported", "in_repair") or self._refusal_not_mender()

    def _refusal_cancel(self):
        if self.state == "reported" and self.user_id == self.env.user:
            return None
        return self._refusal_wrong_state("reported", "in_repair") or self._refusal_not_mender()

    def action_start(self):
        """Somebody sees to it."""
        self._demand("start")
        # sudo: the person was checked; state and moment are all that changes
        self.sudo()._transition("in_repair", started_at=fields.Datetime.now())

    def action_repair(self):
        """It works again; everybody who was warned is told."""
        self._demand("repair")
        # sudo: the person was checked; state, moment and person are all that changes
        self.sudo()._transition("repaired", repaired_at=fields.Datetime.now(), repaired_by_id=self.env.uid)

    def action_cancel(self, reason=None):
        """It was no fault, or was reported twice.

        :returns: the dialogue that asks for the reason where it is missing
        """
        self._demand("cancel")
        if not (reason or "").strip():
            return self.env["meeting.reason.wizard"]._open(self, "cancel", self.env._("Cancel the report"))
        # sudo: the person was checked; state and reason are all that changes
        self.sudo()._transition("cancelled", reason=reason.strip())

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state in ("repaired", "cancelled"):
            self.env["meeting.notification"]._void(self, ["fault_new"])
            if self.user_id != self.env.user:
                self._tell("fault_done", self.user_id.partner_id)
            self._tell_mended()
        return res


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    fault_ids = fields.One2many("meeting.fault", "room_id", "Faults")

    def _open_fault_form(self, defaults):
        """The small form in which a fault is reported in two taps."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report a Fault"),
            "res_model": "meeting.fault",
            "view_mode": "form",
            "views": [(self.env.ref("meeting_management.meeting_fault_view_form_report").id, "form")],
            "target": "new",
            "context": {"default_room_id": self.id, **defaults},
        }

    def action_report_fault(self):
        self.ensure_one()
        return self._open_fault_form({})


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def action_report_fault(self):
        self.ensure_one()
        return self.room_id._open_fault_form({"default_booking_id": self.id})


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def action_report_fault(self):
        """The report names the room's booking, never the meeting."""
        self.ensure_one()
        self.check_access("read")
        return self.room_id._open_fault_form({"default_booking_id": self._current_booking().id})
