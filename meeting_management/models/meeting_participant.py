"""Who takes part, in which role, and what he answered (PT-1, PT-4, NT-3)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_type_line import ROLES


class MeetingParticipant(models.Model):
    """A person on the list of a meeting: employee, user or outside guest, the contact being the common ground.

    Organisers add and remove people; each answers for himself; the secretary may enter an answer given by telephone.
    The row carries the meeting's start and stop, so that a person's busy time is one indexed query.
    """

    _name = "meeting.participant"
    _description = "Meeting Participant"
    _order = "meeting_id, role_order, id"
    _rec_names_search = ["partner_id", "meeting_id"]
    _facts = frozenset(
        (
            "response",
            "response_reason",
            "response_at",
            "response_via",
            "notified_at",
            "user_id",
            "employee_id",
            "is_guest",
            "signed_in_at",
            "signed_out_at",
            "late_minutes",
            "attendance_state",
            "minutes_read_at",
            "materials_read_at",
            "opened_at",
        )
    )

    meeting_id = fields.Many2one("meeting.meeting", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    meeting_state = fields.Selection(related="meeting_id.state", string="Meeting Status")
    start = fields.Datetime(related="meeting_id.start", store=True)
    stop = fields.Datetime(related="meeting_id.stop", store=True)
    partner_id = fields.Many2one("res.partner", string="Person", required=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", compute="_compute_person", store=True, index="btree_not_null")
    employee_id = fields.Many2one("hr.employee", compute="_compute_person", store=True, index="btree_not_null")
    department_id = fields.Many2one("hr.department", compute="_compute_person", store=True)
    is_guest = fields.Boolean("Guest", compute="_compute_person", store=True, help="Has no login of this company.")
    email = fields.Char(related="partner_id.email")
    from_type = fields.Boolean(help="Came with the meeting type; goes when another type is chosen.", copy=False)
    role = fields.Selection(ROLES, compute="_compute_role", store=True, readonly=False, required=True, precompute=True)
    role_order = fields.Integer(compute="_compute_role_order", store=True)

    response = fields.Selection(
        [
            ("pending", "No answer"),
            ("accepted", "Accepted"),
            ("tentative", "Tentative"),
            ("declined", "Declined"),
        ],
        string="Answer",
        required=True,
        default="pending",
        readonly=True,
        copy=False,
    )
    response_reason = fields.Char("Reason", readonly=True, copy=False)
    response_at = fields.Datetime("Answered on", readonly=True, copy=False)
    response_via = fields.Selection(
        [
            ("web", "Web client"),
            ("mail", "E-mail link"),
            ("calendar", "Calendar"),
            ("secretary", "Secretary"),
            ("convener", "By convening"),
        ],
        string="Answered through",
        readonly=True,
        copy=False,
    )
    notified_at = fields.Datetime("Notified on", readonly=True, copy=False)
    minutes_read_at = fields.Datetime("Minutes Read on", readonly=True, copy=False)
    is_me = fields.Boolean(compute="_compute_is_me")

    _once_per_meeting = models.Constraint(
        "UNIQUE (meeting_id, partner_id)", "This person is on the list of the meeting already."
    )
    _person_time_index = models.Index("(partner_id, start)")

    # -- computes -----------------------------------------------------------------------------------------------

    @api.depends("partner_id", "partner_id.user_ids.active", "partner_id.user_ids.share", "partner_id.employee_ids")
    def _compute_person(self):
        people = {}
        for participant in self:
            key = (participant.partner_id, participant.meeting_id.company_id)
            if key not in people:
                people[key] = self._person_of(*key)
            user, employee = people[key]
            participant.user_id = user
            participant.employee_id = employee
            participant.department_id = employee.department_id
            participant.is_guest = not user and not employee

    def _person_of(self, partner, company):
        """(login, employee) of a contact, the employee of ``company`` first; either may be empty."""
        # sudo: which login and which employee a contact has is public to employees; nothing else is read.
        partner = partner.sudo()
        user = partner.user_ids.filtered(lambda user: user.active and not user.share)[:1]
        staff = partner.employee_ids
        employee = (
            staff.filtered(lambda employee: employee.company_id == company)[:1] or staff[:1] or user.employee_ids[:1]
        )
        return user, employee

    @api.depends("partner_id", "meeting_id.chair_id", "meeting_id.minute_taker_id")
    def _compute_role(self):
        """Chair and minute taker are named on the meeting; here they are only shown."""
        for participant in self:
            meeting = participant.meeting_id
            if participant.partner_id and participant.partner_id == meeting.chair_id.partner_id:
                participant.role = "chair"
            elif participant.partner_id and participant.partner_id == meeting.minute_taker_id.partner_id:
                participant.role = "minute_taker"
            elif participant.role in (False, "chair", "minute_taker"):
                participant.role = "required"

    @api.depends("role")
    def _compute_role_order(self):
        order = {role: position for position, (role, _label) in enumerate(ROLES)}
        for participant in self:
            participant.role_order = order.get(participant.role, 9)

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_me(self):
        for participant in self:
            participant.is_me = participant.user_id == self.env.user

    @api.depends("partner_id")
    def _compute_display_name(self):
        for participant in self:
            participant.display_name = participant.partner_id.name or ""

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Answers are given, not typed in: only an Administrator who imports history creates rows that have one."""
        history = self.env.su or self.env.user.has_group("meeting_management.group_manager")
        if not history and any(
            vals.get(name) not in (None, False, "pending") for vals in vals_list for name in self._facts
        ):
            raise AccessError(
                self.env._("Each participant answers for himself. Invite the person; the answer follows.")
            )
        participants = super().create(vals_list)
        for meeting in participants.meeting_id:
            meeting._refuse_closed_list()
        return participants

    def write(self, vals):
        if not self.env.su and self._facts & vals.keys():
            raise AccessError(
                self.env._("Answers and attendance are given with the buttons, so that it is known who gave them.")
            )
        if not self.env.su and "partner_id" in vals and any(p.meeting_id._is_announced() for p in self):
            raise UserError(self.env._("This person was invited. Remove the line and add the other person instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for participant in self:
            participant.meeting_id._refuse_closed_list()
            if participant.meeting_id.state in ("in_progress", "held"):
                raise UserError(
                    self.env._(
                        "%s was invited and stays on the list. Record the absence instead.", participant.partner_id.name
                    )
                )

    # -- answers (NT-3) -----------------------------------------------------------------------------------------

    def _refusal_answer(self):
        self.ensure_one()
        if self.meeting_id.state not in ("scheduled", "in_progress"):
            return UserError(self.env._("Answers are possible from the notice to the end of the meeting."))
        if self.user_id != self.env.user and not self.meeting_id._is_organiser():
            return AccessError(self.env._("Each participant answers for himself."))
        return None

    def _answer_checked(self, response, reason=False):
        for participant in self:
            refusal = participant._refusal_answer()
            if refusal:
                raise refusal
            via = "web" if participant.user_id == self.env.user else "secretary"
            participant._answer(response, reason, via)

    def action_accept(self):
        """I take part."""
        self._answer_checked("accepted")

    def action_tentative(self):
        """I do not know yet."""
        self._answer_checked("tentative")

    def action_decline(self, reason=None):
        """I cannot come; the reason is asked for, because the convener plans with it.

        :returns: the dialogue that asks for the reason where it is missing
        """
        self.ensure_one()
        refusal = self._refusal_answer()
        if refusal:
            raise refusal
        if not (reason or "").strip():
            return self.env["meeting.reason.wizard"]._open(self, "decline", self.env._("Decline the meeting"))
        self._answer_checked("declined", reason.strip())
        return None

    _reason_verbs = ("decline",)

    def _answer(self, response, reason=False, via="web"):
        """Write an answer. The caller has established that the person himself, or the secretary, gives it."""
        # sudo: answers are closed to direct writes; who answers was established by the caller.
        self.sudo().write(
            {
                "response": response,
                "response_reason": reason,
                "response_via": via,
                "response_at": fields.Datetime.now(),
            }
        )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    participant_ids = fields.One2many(
        "meeting.participant", "meeting_id", compute="_compute_participant_ids", store=True, readonly=False, copy=True
    )
    participant_count = fields.Integer(compute="_compute_participant_count")
    accepted_count = fields.Integer("Accepted", compute="_compute_participant_count")
    pending_count = fields.Integer("Not Answered", compute="_compute_participant_count")
    my_participant_id = fields.Many2one("meeting.participant", compute="_compute_my_participant_id")
    my_response = fields.Selection(
        selection=lambda self: self.env["meeting.participant"]._fields["response"]._description_selection(self.env),
        compute="_compute_my_participant_id",
        string="My Answer",
    )
    can_answer = fields.Boolean(compute="_compute_my_participant_id")

    @api.depends("type_id", "department_id")
    def _compute_participant_ids(self):
        """The standing participants of the type; whoever was added by hand stays (MT-3)."""
        for meeting in self:
            if meeting.state != "draft":
                continue
            standing = meeting.type_id._standing_participants(meeting.department_id)
            present = meeting.participant_ids.partner_id
            gone = meeting.participant_ids.filtered(
                lambda line, people=standing: line.from_type and line.partner_id not in people
            )
            meeting.participant_ids = [fields.Command.delete(line.id) for line in gone] + [
                fields.Command.create({"partner_id": partner.id, "role": role, "from_type": True})
                for partner, role in standing.items()
                if partner not in present
            ]

    @api.depends("participant_ids.response")
    def _compute_participant_count(self):
        for meeting in self:
            responses = meeting.participant_ids.mapped("response")
            meeting.participant_count = len(responses)
            meeting.accepted_count = responses.count("accepted")
            meeting.pending_count = responses.count("pending")

    @api.depends_context("uid")
    @api.depends("participant_ids.user_id", "participant_ids.response", "state")
    def _compute_my_participant_id(self):
        for meeting in self:
            mine = meeting.participant_ids.filtered(lambda line: line.user_id == self.env.user)[:1]
            meeting.my_participant_id = mine
            meeting.my_response = mine.response
            meeting.can_answer = bool(mine) and meeting.state == "scheduled"

    def _ensure_officers_take_part(self):
        """The chair and the minute taker are on the list, in their roles."""
        # sudo: who has just handed the chair over edits no more; the rows follow from what he was allowed to write.
        for meeting in self.sudo():
            missing = (meeting.chair_id | meeting.minute_taker_id).partner_id - meeting.participant_ids.partner_id
            if missing and meeting.state not in ("closed", "cancelled"):
                meeting.participant_ids = [fields.Command.create({"partner_id": partner.id}) for partner in missing]

    def _after_transition(self, origin):
        """Who convenes a meeting comes to it, if he is on the list: nobody asks him whether he accepts."""
        res = super()._after_transition(origin)
        if self.state == "scheduled":
            own = self.participant_ids.filtered(lambda line: line.user_id == self.convener_id)
            own.filtered(lambda line: line.response == "pending")._answer("accepted", via="convener")
        return res

    def _refuse_closed_list(self):
        if self.state in ("closed", "cancelled") and not (
            self.env.su or self.env.user.has_group("meeting_management.group_manager")
        ):
            raise UserError(
                self.env._(
                    "“%(name)s” is %(state)s; its list of participants stays as it is.",
                    name=self.display_name,
                    state=self._state_label(self.state),
                )
            )

    def _my_participation(self):
        """My own row.

        :raises UserError: I am not on the list
        """
        self.ensure_one()
        mine = self.my_participant_id
        if not mine:
            raise UserError(
                self.env._("You are not on the list of “%s”. Ask the convener to invite you.", self.display_name)
            )
        return mine

    def action_accept(self):
        return self._my_participation().action_accept()

    def action_tentative(self):
        return self._my_participation().action_tentative()

    def action_decline(self):
        return self._my_participation().action_decline()
