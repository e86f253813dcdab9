"""The meeting itself: plan, level of confidentiality, life cycle. Later chapters add what belongs to them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list

from .meeting_policy_mixin import copied_from_type
from .meeting_working_time import WorkingTime


class MeetingMeeting(models.Model):
    """A formal meeting, from application to archive.

    Who may: convener, chair and minute taker edit it, the secretariat too unless it is for participants only or
    secret. Before it is scheduled only they and the approvers see it; then its participants do, and by level the
    departments concerned or everybody (CF-1). Records under a meeting follow these rules.
    """

    _name = "meeting.meeting"
    _description = "Meeting"
    _inherit = [
        "meeting.state.mixin",
        "meeting.access.mixin",
        "meeting.policy.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "start desc, id desc"
    _mail_post_access = "read"

    _transitions = {
        "draft": ("submitted", "scheduled", "cancelled"),
        "submitted": ("draft", "scheduled", "cancelled"),
        "scheduled": ("in_progress", "cancelled"),
        "in_progress": ("held",),
        "held": ("closed",),
        "closed": (),
        "cancelled": (),
    }
    _history_states = ("held", "closed", "cancelled")
    _verbs = (
        *("submit", "withdraw", "approve", "refuse", "cancel", "reschedule", "start", "end", "close", "sign_in"),
        *("change_level", "lock", "unlock", "plan_next", "park"),
    )
    _reason_verbs = ("refuse", "cancel")
    _kept_fields = frozenset(
        (
            "number",
            "scheduled_at",
            "submitted_at",
            "refusal_reason",
            "cancel_reason",
            "current_approver_id",
            "notice_deadline",
            "is_short_notice",
            "answer_deadline",
            "person_hours",
            "is_locked",
        )
    )
    _announced_states = ("scheduled", "in_progress", "held", "closed")
    _plan_fields = frozenset(
        ("start", "stop", "duration", "room_id", "place", "video_url", "type_id", "level", "company_id")
    )

    # what
    number = fields.Char(readonly=True, copy=False, index="trigram", help="Given when the meeting is scheduled.")
    name = fields.Char("Subject", required=True, tracking=True, index="trigram")
    type_id = fields.Many2one("meeting.type", required=True, index=True, ondelete="restrict", tracking=True)
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    purpose = fields.Text(**copied_from_type("purpose"))
    preparation = fields.Text("To Prepare", **copied_from_type("preparation"))
    is_urgent = fields.Boolean("Urgent", **copied_from_type("is_urgent"))
    color = fields.Integer(related="type_id.color")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for approval"),
            ("scheduled", "Scheduled"),
            ("in_progress", "In progress"),
            ("held", "Held"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )
    cancel_reason = fields.Text(readonly=True, copy=False)

    # who
    convener_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    chair_id = fields.Many2one(
        "res.users",
        compute="_compute_chair_id",
        store=True,
        readonly=False,
        tracking=True,
        index=True,
        domain=[("share", "=", False)],
    )
    minute_taker_id = fields.Many2one(
        "res.users",
        compute="_compute_minute_taker_id",
        store=True,
        readonly=False,
        tracking=True,
        index=True,
        domain=[("share", "=", False)],
    )
    department_id = fields.Many2one(
        "hr.department",
        string="Organising Department",
        compute="_compute_department_id",
        store=True,
        readonly=False,
        index=True,
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments Concerned",
        compute="_compute_department_ids",
        store=True,
        readonly=False,
        help="May read an internal meeting and get a copy of its minutes.",
    )

    # when
    start = fields.Datetime(required=True, tracking=True, index=True, default=lambda self: self._default_start())
    duration = fields.Float("Length", compute="_compute_duration", store=True, readonly=False, help="In hours.")
    stop = fields.Datetime(
        "End", compute="_compute_stop", inverse="_inverse_stop", store=True, readonly=False, tracking=True
    )
    scheduled_at = fields.Datetime("Scheduled on", readonly=True, copy=False)
    notice_deadline = fields.Datetime(compute="_compute_notice", store=True)
    is_short_notice = fields.Boolean("Short Notice", compute="_compute_notice", store=True)
    answer_deadline = fields.Datetime(compute="_compute_notice", store=True)
    actual_start = fields.Datetime(copy=False)
    actual_stop = fields.Datetime("Actual End", copy=False)

    # policy: copied from the type, then the meeting's own
    level = fields.Selection(tracking=True, index=True, **copied_from_type("level"))
    notice_lead_hours = fields.Integer(**copied_from_type("notice_lead_hours"))
    answer_hours = fields.Integer(**copied_from_type("answer_hours"))
    sign_in_minutes = fields.Integer(**copied_from_type("sign_in_minutes"))
    grace_minutes = fields.Integer(**copied_from_type("grace_minutes"))
    quorum_percent = fields.Integer(**copied_from_type("quorum_percent"))
    minutes_due_hours = fields.Integer(**copied_from_type("minutes_due_hours"))
    publish_due_hours = fields.Integer(**copied_from_type("publish_due_hours"))
    start_within_days = fields.Integer(**copied_from_type("start_within_days"))
    minutes_reviewer = fields.Selection(**copied_from_type("minutes_reviewer"))
    minutes_reviewer_id = fields.Many2one(**copied_from_type("minutes_reviewer_id"))

    _subject_length = models.Constraint(
        "CHECK (char_length(name) <= 200)",
        "The subject is longer than 200 characters. Keep the subject short and put the rest into the purpose.",
    )
    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "The meeting must end after it starts. Correct the start, the end or the length."
    )
    _not_too_long = models.Constraint(
        "CHECK (stop <= start + interval '10 days')",
        "A meeting lasts ten days at most. Split it into several meetings.",
    )

    # -- defaults and computes ----------------------------------------------------------------------------------

    @api.model
    def _default_start(self):
        """The first full hour of the company's working time, at least as far away as its notice lead time."""
        soonest = fields.Datetime.now() + timedelta(hours=self.env.company.meeting_notice_lead_hours)
        calculator = WorkingTime(self.env)
        return calculator.next_hour(calculator.worker(False, self.env.company), soonest)

    @api.model
    def _expand_states(self, states, domain):
        """The columns of the kanban in the order of a meeting's life, none of them empty: on a phone one fills the
        screen, and an empty “Draft” would hide that there are meetings."""
        return [state for state, __ in self._fields["state"].selection if state in states]

    @api.depends("type_id", "convener_id")
    def _compute_chair_id(self):
        """A new convener of what was applied for does not bring in whomever the type names by now."""
        for meeting in self:
            if meeting.state == "draft" or not meeting.chair_id:
                meeting.chair_id = meeting.type_id.chair_id or meeting.chair_id or meeting.convener_id

    @api.depends("type_id", "convener_id")
    def _compute_minute_taker_id(self):
        for meeting in self:
            if meeting.state == "draft" or not meeting.minute_taker_id:
                kind = meeting.type_id
                meeting.minute_taker_id = kind.minute_taker_id or meeting.minute_taker_id or meeting.convener_id

    @api.depends("convener_id")
    def _compute_department_id(self):
        for meeting in self:
            # sudo: the department of an employee is public within the company.
            meeting.department_id = meeting.convener_id.sudo().employee_id.department_id or meeting.department_id

    @api.depends("type_id", "department_id")
    def _compute_department_ids(self):
        for meeting in self:
            meeting.department_ids = meeting.type_id.department_ids | meeting.department_id

    @api.depends("type_id")
    def _compute_duration(self):
        for meeting in self:
            meeting.duration = meeting.type_id.duration or meeting.duration or 1.0

    @api.depends("start", "duration")
    def _compute_stop(self):
        for meeting in self:
            meeting.stop = self._stop_from(meeting.start, meeting.duration)

    def _inverse_stop(self):
        for meeting in self:
            if meeting.start and meeting.stop and meeting.stop != meeting._stop_from(meeting.start, meeting.duration):
                meeting.duration = (meeting.stop - meeting.start).total_seconds() / 3600

    @api.model
    def _stop_from(self, start, duration):
        return start and start + timedelta(minutes=round(duration * 60))

    @api.onchange("stop")
    def _onchange_stop(self):
        self._inverse_stop()

    @api.onchange("type_id")
    def _onchange_type_id(self):
        if self.type_id and not self.name:
            self.name = self.type_id.name

    @api.depends("start", "notice_lead_hours", "scheduled_at", "answer_hours")
    def _compute_notice(self):
        """NT-2, NT-3: until when the notice must be out and be answered; the answer is due before the start
        at any rate."""
        for meeting in self:
            meeting.notice_deadline = meeting.start and meeting.start - timedelta(hours=meeting.notice_lead_hours)
            announced = meeting._announced_at()
            meeting.is_short_notice = bool(
                announced and meeting.notice_deadline and announced > meeting.notice_deadline
            )
            meeting.answer_deadline = (
                min(announced + timedelta(hours=meeting.answer_hours), meeting.start)
                if announced and meeting.start
                else False
            )

    def _announced_at(self):
        """:return: when people were told the time that the meeting has now, or False"""
        return self.scheduled_at

    # -- constraints --------------------------------------------------------------------------------------------

    @api.constrains("type_id", "convener_id")
    def _check_may_convene(self):
        for meeting in self:
            if not meeting.type_id._may_convene(meeting.convener_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s may not convene “%(type)s”; that is for: %(departments)s. Choose another type, "
                        "or ask "
                        "one of these departments to convene it.",
                        person=meeting.convener_id.name,
                        type=meeting.type_id.name,
                        departments=format_list(self.env, meeting.type_id.convener_department_ids.mapped("name")),
                    )
                )

    @api.constrains("chair_id", "minute_taker_id", "convener_id")
    def _check_officers(self):
        for meeting in self:
            if meeting.state not in ("draft", "submitted", "scheduled"):
                continue
            for user in meeting.convener_id | meeting.chair_id | meeting.minute_taker_id:
                if not user.active or user.share:
                    raise ValidationError(
                        self.env._(
                            "%s has no active login here and cannot convene, chair or take minutes. Choose a "
                            "colleague.",
                            user.name,
                        )
                    )

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._ensure_officers_take_part()
        return meetings

    def write(self, vals):
        """What was applied for or announced changes only by withdrawing or rescheduling, closed meetings never.

        :raises UserError: with the way to change it
        """
        for meeting in self:
            meeting._refuse_frozen(vals)
        self._write_plan(vals)
        if {"chair_id", "minute_taker_id"} & vals.keys():
            self._ensure_officers_take_part()
        return True

    def _write_plan(self, vals):
        """Write past the guard of :meth:`write`; the caller of an announced plan tells everyone.

        The end goes with the start into one UPDATE, or a flush between the two would break the check on the order.
        """
        if "stop" in vals or not {"start", "duration"} & vals.keys():
            return super().write(vals)
        for meeting in self:
            start = fields.Datetime.to_datetime(vals.get("start", meeting.start))
            stop = self._stop_from(start, vals.get("duration", meeting.duration))
            super(MeetingMeeting, meeting).write({**vals, "stop": stop})
        return True

    def _refuse_frozen(self, vals):
        if self.state == "draft" or "state" in vals:
            return
        if self.state in ("closed", "cancelled"):
            if any(name in self._fields and not name.startswith(("message_", "activity_")) for name in vals):
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s and stays as it is. Convene a new meeting instead.",
                        name=self.display_name,
                        state=self._state_label(self.state),
                    )
                )
            return
        changed = [
            name
            for name in self._plan_fields & vals.keys()
            if self._fields[name].convert_to_write(self[name], self)
            != self._fields[name].convert_to_write(
                self._fields[name].convert_to_record(self._fields[name].convert_to_cache(vals[name], self), self), self
            )
        ]
        if not changed:
            return
        labels = format_list(self.env, [self._fields[name]._description_string(self.env) for name in sorted(changed)])
        if self.state == "submitted":
            raise UserError(
                self.env._(
                    "The application is being decided, so its plan (%s) cannot change. Withdraw it first, then "
                    "submit it again.",
                    labels,
                )
            )
        raise UserError(
            self.env._("The plan (%s) was announced. Use “Reschedule”: it moves the room and tells everyone.", labels)
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for meeting in self:
            if meeting.state not in ("draft", "cancelled") or meeting.scheduled_at:
                raise UserError(
                    self.env._(
                        "“%s” is part of the company's records and cannot be deleted. Cancel it if it is not to be "
                        "held.",
                        meeting.display_name,
                    )
                )

    @api.depends("name", "number")
    def _compute_display_name(self):
        """See the mixin: masked for who may not read it."""
        super()._compute_display_name()
