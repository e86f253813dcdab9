"""Kinds of meeting: every policy of a kind of meeting has its home here (MT-3)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list


class MeetingType(models.Model):
    """A kind of meeting with its purpose, people, agenda, approval and deadlines (MT-3, MT-4).

    Everybody reads, administrators maintain. Meetings copy what they must keep when the type is chosen, so a later
    change here touches no meeting that exists.
    """

    _name = "meeting.type"
    _description = "Meeting Type"
    _inherit = ["meeting.policy.mixin", "mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short mark used in searches and exports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", help="Empty: the type is offered in every company.")
    purpose = fields.Text(translate=True, help="Why this kind of meeting is held; copied to the meeting.")
    preparation = fields.Text(
        "To Prepare", translate=True, help="What participants bring or prepare; stands in the notice."
    )
    duration = fields.Float("Normal Length", required=True, default=1.0, help="In hours.")
    is_urgent = fields.Boolean("Urgent", help="Called outside the rhythm; a short notice is expected.")
    allow_self_sign_in = fields.Boolean(
        "People Sign in Themselves", default=True, help="Otherwise only the secretary's list counts."
    )

    level = fields.Selection(default="public")
    minutes_reviewer = fields.Selection(default="chair")

    convener_department_ids = fields.Many2many(
        "hr.department",
        "meeting_type_convener_department_rel",
        string="May Be Convened by",
        help="Departments whose people may convene it. Empty: everybody.",
    )
    chair_id = fields.Many2one("res.users", string="Usual Chair", domain=[("share", "=", False)])
    minute_taker_id = fields.Many2one("res.users", string="Usual Minute Taker", domain=[("share", "=", False)])
    department_ids = fields.Many2many(
        "hr.department",
        "meeting_type_department_rel",
        string="Departments Concerned",
        help="May read internal meetings, and get a copy of the minutes.",
    )
    participant_ids = fields.One2many("meeting.type.participant", "type_id", "Standing Participants", copy=True)
    agenda_ids = fields.One2many("meeting.type.agenda", "type_id", "Usual Agenda", copy=True)
    step_ids = fields.One2many("meeting.type.step", "type_id", "Approval Steps", copy=True)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    meeting_count = fields.Integer(compute="_compute_meeting_count", string="Meetings")

    _duration_positive = models.Constraint(
        "CHECK (duration > 0 AND duration <= 240)", "A meeting lasts more than zero minutes and at most ten days."
    )

    @api.model
    def default_get(self, fields_list):
        """New types start from the company's policy."""
        values = super().default_get(fields_list)
        company = self.env.company
        for name in fields_list:
            if f"meeting_{name}" in company._fields and name in self._fields and not values.get(name):
                values[name] = company[f"meeting_{name}"]
        return values

    @api.depends("step_ids")
    def _compute_needs_approval(self):
        for kind in self:
            kind.needs_approval = bool(kind.step_ids)

    def _compute_meeting_count(self):
        counts = dict(self.env["meeting.meeting"]._read_group([("type_id", "in", self.ids)], ["type_id"], ["__count"]))
        for kind in self:
            kind.meeting_count = counts.get(kind, 0)

    @api.constrains("agenda_ids")
    def _check_agenda_shares(self):
        for kind in self:
            total = sum(kind.agenda_ids.mapped("share"))
            if total > 100:
                raise ValidationError(
                    self.env._(
                        "The agenda of “%(type)s” takes %(total)s %% of the time. Lower the shares to 100 %% at most.",
                        type=kind.name,
                        total=round(total),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: counts meetings of any level so that none loses its type; only the names of types come back.
        used = self.env["meeting.meeting"].sudo().search([("type_id", "in", self.ids)]).type_id
        if used:
            raise UserError(
                self.env._(
                    "Meetings of these types exist: %s. Archive the types instead, then nobody can choose them "
                    "any more.",
                    format_list(self.env, used.mapped("name")),
                )
            )

    # -- who may convene (MT-3) ---------------------------------------------------------------------------------

    def _may_convene(self, user):
        """Whether ``user`` belongs to the departments that may convene this type, or is of the secretariat."""
        self.ensure_one()
        if not self.convener_department_ids or user.has_group("meeting_management.group_secretary"):
            return True
        # sudo: reads only the user's own department.
        mine = user.sudo().employee_ids.department_id
        return bool(mine.filtered_domain([("id", "child_of", self.convener_department_ids.ids)]))

    # -- what a meeting gets ------------------------------------------------------------------------------------

    def _prepare_agenda_values(self, duration):
        """Agenda items for a meeting of ``duration`` hours: minutes by share of the time (AG-3)."""
        return [line._prepare_item_values(duration) for line in self.agenda_ids]

    def _standing_participants(self, department):
        """``{res.partner: role}`` of the people this type always invites; ``department`` is the organising one."""
        people = {}
        for line in self.participant_ids:
            for partner in line._partners(department):
                people.setdefault(partner, line.role)
        return people

    def action_view_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_meeting_action")
        return {**action, "domain": [("type_id", "=", self.id)], "context": {"default_type_id": self.id}}
