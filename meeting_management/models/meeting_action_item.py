"""Tasks that come out of a meeting: goal, completion standard, owner, deadline, and acceptance by somebody else.

assigned → acknowledged → in_progress → submitted → accepted; on the way back: returned, refused, cancelled.
A task is written while the minutes are; its owner hears of it when they are published, or at once with "Assign Now".
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

STATES = [
    ("assigned", "Assigned"),
    ("acknowledged", "Acknowledged"),
    ("in_progress", "In Progress"),
    ("submitted", "Result Submitted"),
    ("returned", "Returned"),
    ("accepted", "Result Accepted"),
    ("refused", "Refused by Owner"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("assigned", "acknowledged", "in_progress", "submitted", "returned", "refused")
CLOSED_STATES = ("accepted", "cancelled")


class MeetingActionItem(models.Model):
    """One task (RS-1, RS-2, RS-4, RS-6).

    Read by whoever reads the meeting, and by owner, assistants and supervisor; written by those who run the meeting.
    The owner and the supervisor act through verbs only.
    """

    _name = "meeting.action.item"
    _description = "Meeting Task"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "meeting.state.mixin",
        "meeting.access.mixin",
        "meeting.notification.subject",
    ]
    _order = "deadline, id"
    _mail_post_access = "read"

    _transitions = {
        "assigned": ("acknowledged", "refused", "cancelled"),
        "acknowledged": ("in_progress", "submitted", "assigned", "cancelled"),
        "in_progress": ("submitted", "assigned", "cancelled"),
        "submitted": ("accepted", "returned", "cancelled"),
        "returned": ("in_progress", "submitted", "assigned", "cancelled"),
        "refused": ("assigned", "cancelled"),
        "accepted": (),
        "cancelled": (),
    }
    # Written by the verbs only: whoever could write them from outside would report or accept in another's name.
    _facts = frozenset(
        (
            "number",
            "assign_round",
            "assigned_at",
            "acknowledged_at",
            "started_at",
            "start_due",
            "progress",
            "submit_round",
            "submitted_at",
            "result",
            "result_attachment_ids",
            "accepted_at",
            "accepted_by_id",
            "refusal_reason",
            "return_remarks",
            "cancel_reason",
        )
    )

    name = fields.Char("Task", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False, index=True)
    state = fields.Selection(
        STATES, default="assigned", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    meeting_id = fields.Many2one("meeting.meeting", required=True, ondelete="restrict", index=True)
    agenda_item_id = fields.Many2one(
        "meeting.agenda.item",
        compute="_compute_agenda_item_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('meeting_id', '=', meeting_id)]",
    )
    resolution_id = fields.Many2one(
        "meeting.resolution", ondelete="restrict", index="btree_not_null", domain="[('meeting_id', '=', meeting_id)]"
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)

    goal = fields.Text(help="What is to be reached.")
    standard = fields.Text("Completion Standard", help="By what the supervisor will recognise that the task is done.")
    urgency = fields.Selection(
        [("normal", "Normal"), ("urgent", "Urgent")], default="normal", required=True, tracking=True
    )
    start_date = fields.Date("Planned Start")
    deadline = fields.Date(index=True, tracking=True)
    owner_id = fields.Many2one("res.users", index=True, tracking=True, domain="[('share', '=', False)]")
    assistant_ids = fields.Many2many(
        "res.users",
        "meeting_action_item_assistant_rel",
        "action_item_id",
        "user_id",
        "Assistants",
        domain="[('share', '=', False)]",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        compute="_compute_supervisor_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Accepts the result or returns it. Never the owner.",
    )
    department_id = fields.Many2one(
        "hr.department", "Owner's Department", compute="_compute_department_id", store=True, index="btree_not_null"
    )

    assign_round = fields.Integer(readonly=True, copy=False)
    assigned_at = fields.Datetime("Assigned On", readonly=True, copy=False)
    is_waiting = fields.Boolean("Not Handed Out Yet", compute="_compute_is_waiting", search="_search_is_waiting")
    start_due = fields.Date(
        "Start By",
        readonly=True,
        copy=False,
        help="The last day on which work has to have started, in working days after publication (meeting type).",
    )
    acknowledged_at = fields.Datetime("Acknowledged On", readonly=True, copy=False)
    started_at = fields.Datetime("Started On", readonly=True, copy=False)
    progress = fields.Integer("Progress (%)", readonly=True, copy=False, aggregator="avg", tracking=True)
    report_ids = fields.One2many("meeting.action.report", "action_item_id", "Reports", readonly=True)
    submit_round = fields.Integer(readonly=True, copy=False)
    submitted_at = fields.Datetime("Submitted On", readonly=True, copy=False)
    result = fields.Text(readonly=True, copy=False)
    result_attachment_ids = fields.Many2many(
        "ir.attachment",
        "meeting_action_item_evidence_rel",
        "action_item_id",
        "attachment_id",
        "Evidence",
        readonly=True,
        copy=False,
    )
    accepted_at = fields.Datetime("Accepted On", readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    refusal_reason = fields.Text("Why the Owner Refused", readonly=True, copy=False)
    return_remarks = fields.Text("What Is Missing", readonly=True, copy=False)
    cancel_reason = fields.Text("Why It Was Cancelled", readonly=True, copy=False)
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")
    hint = fields.Char(compute="_compute_hint", help="What the user has to know before he goes on.")
    is_late_start = fields.Boolean("Late Start", compute="_compute_is_overdue", search="_search_is_late_start")

    _progress_range = models.Constraint(
        "CHECK (progress BETWEEN 0 AND 100)", "Progress is a percentage between 0 and 100."
    )
    _open_idx = models.Index("(deadline, owner_id) WHERE state NOT IN ('accepted', 'cancelled')")

    # ------------------------------------------------------------------ computes

    @api.depends("resolution_id")
    def _compute_agenda_item_id(self):
        for task in self:
            task.agenda_item_id = task.resolution_id.agenda_item_id or task.agenda_item_id

    @api.depends("meeting_id", "owner_id")
    def _compute_supervisor_id(self):
        """The chair accepts; where he owns the task himself, the convener does."""
        for task in self:
            if task.supervisor_id and task.supervisor_id != task.owner_id:
                continue
            # sudo: an owner without access to the meeting may be the one whose row is recomputed; two
            # names he sees anyway
            meeting = task.meeting_id.sudo()
            task.supervisor_id = (meeting.chair_id - task.owner_id) or (meeting.convener_id - task.owner_id)

    @api.depends("owner_id", "company_id")
    def _compute_department_id(self):
        for task in self:
            # sudo: the department of a colleague is public within the company, hr.employee itself is not
            task.department_id = task.sudo().owner_id.with_company(task.company_id).employee_id.department_id

    @api.depends("state", "assigned_at")
    def _compute_is_waiting(self):
        for task in self:
            task.is_waiting = task.state == "assigned" and not task.assigned_at

    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "assigned") & Domain("assigned_at", "=", False)

    @api.depends("state", "deadline", "start_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for task in self:
            task.is_overdue = bool(task.state in OPEN_STATES and task.deadline and task.deadline < today)
            task.is_late_start = bool(
                task.state in ("assigned", "acknowledged") and task.start_due and task.start_due < today
            )

    @api.depends("state", "deadline", "start_due", "assigned_at")
    @api.depends_context("lang", "tz")
    def _compute_hint(self):
        for task in self:
            task.hint = False
            if task.is_overdue:
                task.hint = self.env._(
                    "This task is overdue: its deadline was %s.", format_date(self.env, task.deadline)
                )
            elif task.is_late_start:
                task.hint = self.env._("Work should have started by %s.", format_date(self.env, task.start_due))
            elif task.is_waiting and task._origin:
                task.hint = self.env._(
                    "The owner does not know of this task yet: it is handed out when the minutes are published, "
                    "or with “Assign Now”."
                )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", OPEN_STATES) & Domain("deadline", "<", fields.Date.context_today(self))

    def _search_is_late_start(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", ("assigned", "acknowledged")) & Domain(
            "start_due", "<", fields.Date.context_today(self)
        )

    @api.depends(
        "owner_id", "assistant_ids", "supervisor_id", "assigned_at", "meeting_id.reader_keys", "meeting_id.editor_keys"
    )
    def _compute_access_keys(self):
        for task in self:
            readers, editors = task._origin_keys()
            readers |= editors | set(task.supervisor_id.ids)
            if task.assigned_at:  # until it is handed out, a task is a note in a draft
                readers |= set((task.owner_id | task.assistant_ids).ids)
            task.editor_keys = sorted(editors)
            task.reader_keys = sorted(readers)

    def _origin_keys(self):
        """:return: (readers, editors) of what the task came out of, two sets of keys"""
        return set(self.meeting_id.reader_keys or ()), set(self.meeting_id.editor_keys or ())

    @api.depends("name")
    def _compute_display_name(self):
        """See the mixin: masked for who may not read it."""
        return super()._compute_display_name()

    def _masked_name(self):
        return self.env._("Confidential task")

    # ------------------------------------------------------------------ constraints and CRUD

    @api.constrains("owner_id", "supervisor_id")
    def _check_supervisor(self):
        for task in self:
            if task.owner_id and task.owner_id == task.supervisor_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot accept their own work: “%(task)s” needs a supervisor who is not its "
                        "owner. Choose somebody else.",
                        person=task.owner_id.name,
                        task=task.name,
                    )
                )

    @api.constrains("start_date", "deadline")
    def _check_dates(self):
        for task in self:
            if task.start_date and task.deadline and task.deadline < task.start_date:
                raise ValidationError(
                    self.env._("“%s” would end before it starts. Choose a deadline after the planned start.", task.name)
                )

    @api.constrains("meeting_id", "agenda_item_id", "resolution_id")
    def _check_meeting(self):
        for task in self:
            # Naming something hidden must not become a way of learning its name.
            for origin in (task.meeting_id, task.agenda_item_id, task.resolution_id):
                origin.sudo(False).check_access("read")
            if (task.agenda_item_id.meeting_id or task.meeting_id) != task.meeting_id or (
                task.resolution_id.meeting_id or task.meeting_id
            ) != task.meeting_id:
                raise ValidationError(
                    self.env._(
                        "“%s” names an agenda item or a resolution of another meeting. Choose one of this meeting.",
                        task.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_facts(vals)
            if not vals.get("meeting_id") and vals.get("resolution_id"):
                vals["meeting_id"] = self.env["meeting.resolution"].browse(vals["resolution_id"]).meeting_id.id
            meeting = self.env["meeting.meeting"].browse(vals.get("meeting_id"))
            vals["number"] = self.env["ir.sequence"]._meeting_next("meeting.action.item", meeting.company_id)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_facts(vals)
        if not self.env.su:
            if "meeting_id" in vals:
                raise UserError(
                    self.env._("A task stays with the meeting it came from. Create it again under the other meeting.")
                )
            self._refuse_late_change(vals)
        result = super().write(vals)
        if "deadline" in vals:
            self.filtered("assigned_at")._follow_deadline()
        return result

    def _refuse_facts(self, vals):
        if not self.env.su and self._facts & vals.keys():
            raise AccessError(
                self.env._(
                    "Progress, results and acceptance of a task are recorded by the system. Use the buttons of "
                    "the form."
                )
            )

    def _refuse_late_change(self, vals):
        """Closed tasks stay as they are; an owner who has taken a task on does not lose it behind his back."""
        for task in self:
            if task.state in CLOSED_STATES:
                raise UserError(
                    self.env._(
                        "“%s” is closed and stays as it was. Create a new task for what is still to do.", task.name
                    )
                )
            if (
                "owner_id" in vals
                and not task.is_waiting
                and task.state != "refused"
                and vals["owner_id"] != task.owner_id.id
            ):
                raise UserError(
                    self.env._(
                        "“%(task)s” is already with %(owner)s. Press Take Back first; then choose another owner "
                        "and assign it again.",
                        task=task.name,
                        owner=task.owner_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_assigned(self):
        for task in self:
            if task.assign_round:
                raise UserError(
                    self.env._(
                        "“%s” has been handed out and stays on record. Cancel it with a reason instead.", task.name
                    )
                )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    action_item_ids = fields.One2many("meeting.action.item", "meeting_id", "Tasks")
    action_item_count = fields.Integer("Number of Tasks", compute="_compute_action_item_count")
    open_action_item_count = fields.Integer("Open Tasks", compute="_compute_action_item_count")

    @api.depends("action_item_ids.state")
    def _compute_action_item_count(self):
        counts = self.env["meeting.action.item"]._read_group(
            [("meeting_id", "in", self.ids)], ["meeting_id", "state"], ["__count"]
        )
        for meeting in self:
            mine = [(state, count) for record, state, count in counts if record == meeting._origin]
            meeting.action_item_count = sum(count for _state, count in mine)
            meeting.open_action_item_count = sum(count for state, count in mine if state in OPEN_STATES)

    def action_open_tasks(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_action_item_tracking_action")
        action["domain"] = [("meeting_id", "=", self.id)]
        action["context"] = {"default_meeting_id": self.id}
        return action


class MeetingAgendaItem(models.Model):
    _inherit = "meeting.agenda.item"

    action_item_ids = fields.One2many("meeting.action.item", "agenda_item_id", "Tasks")
