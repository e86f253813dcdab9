"""Devices and things kept in a room: what they provide, in which state they are, who answers for them (RM-9)."""

from odoo import api, fields, models
from odoo.tools import format_list


class MeetingEquipment(models.Model):
    """Equipment (设备). Everybody reads it, to book a room and to report a fault; room managers maintain it.

    ``state`` is never entered: it follows from the faults that are open. A room lacks a feature while none of the
    essential devices that provide it works (:meth:`MeetingRoom._failing`).
    """

    _name = "meeting.equipment"
    _description = "Room Equipment"
    _inherit = ["image.mixin"]
    _order = "room_id, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True)
    feature_id = fields.Many2one(
        "meeting.room.feature",
        "Provides",
        index="btree_not_null",
        help="The feature of the room that this device provides. Who books the room for it is warned when it fails.",
    )
    is_essential = fields.Boolean(
        "Essential", default=True, help="The room lacks the feature while this device is out of order."
    )
    quantity = fields.Integer(required=True, default=1)
    serial = fields.Char("Inventory Number", copy=False)
    department_id = fields.Many2one(
        "hr.department", "Responsible Department", help="Who repairs it. Its head is told of faults."
    )
    technician_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Who repairs and tests it. Empty: the head of the responsible department, or the room's managers.",
    )
    note = fields.Text(translate=True, help="How to use it, what belongs to it.")
    last_tested = fields.Date(readonly=True, copy=False)
    last_inspected = fields.Date(readonly=True, copy=False)

    fault_ids = fields.One2many("meeting.fault", "equipment_id", "Faults")
    open_fault_count = fields.Integer(compute="_compute_state", store=True)
    working_quantity = fields.Integer("Working", compute="_compute_state", store=True)
    state = fields.Selection(
        [("working", "Working"), ("faulty", "Faulty"), ("repair", "Out for repair")],
        compute="_compute_state",
        store=True,
        index=True,
    )

    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "Enter at least one piece.")

    @api.depends("quantity", "fault_ids.state", "fault_ids.quantity")
    def _compute_state(self):
        for device in self:
            faults = device.fault_ids.filtered(lambda fault: fault.state in ("reported", "in_repair"))
            device.open_fault_count = len(faults)
            device.working_quantity = max(device.quantity - sum(faults.mapped("quantity")), 0)
            states = set(faults.mapped("state"))
            device.state = "faulty" if "reported" in states else "repair" if states else "working"

    @api.depends("name", "room_id.name")
    @api.depends_context("show_room")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for device in self:
            room = device.room_id.name if self.env.context.get("show_room") else ""
            device.display_name = f"{room}: {device.name}" if room else device.name

    def _carers(self):
        """Partners who are told that it is faulty or has to be looked at."""
        self.ensure_one()
        # sudo: the head of a department has a user, whom the message is addressed to; nothing of him is shown
        head = self.department_id.sudo().manager_id.user_id
        return (self.technician_id or head or self.room_id._deciders()).partner_id

    def action_report_fault(self):
        return self.room_id._open_fault_form({"default_equipment_id": self.id})

    def action_view_faults(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_fault_action")
        return {**action, "domain": [("equipment_id", "=", self.id)], "context": {"default_equipment_id": self.id}}


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    equipment_ids = fields.One2many("meeting.equipment", "room_id", "Equipment")
    equipment_count = fields.Integer(compute="_compute_equipment_count")
    fault_text = fields.Char("Out of Order", compute="_compute_fault_text", help="Devices that do not work now.")
    has_fault = fields.Boolean(compute="_compute_fault_text", search="_search_has_fault")

    @api.depends("equipment_ids")
    def _compute_equipment_count(self):
        for room in self:
            room.equipment_count = len(room.equipment_ids)

    @api.depends("equipment_ids.state", "equipment_ids.name")
    @api.depends_context("lang")
    def _compute_fault_text(self):
        for room in self:
            faulty = room.equipment_ids.filtered(lambda device: device.state != "working")
            room.has_fault = bool(faulty)
            room.fault_text = bool(faulty) and self.env._(
                "Out of order: %s", format_list(self.env, faulty.mapped("name"))
            )

    def _search_has_fault(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("equipment_ids", "any" if True in value else "not any", [("state", "!=", "working")])]

    def action_view_equipment(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_equipment_action")
        return {**action, "domain": [("room_id", "=", self.id)], "context": {"default_room_id": self.id}}
