"""The lists under a meeting type: approval steps, standing participants, usual agenda."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ROLES = [
    ("chair", "Chair"),
    ("minute_taker", "Minute Taker"),
    ("required", "Required"),
    ("invited", "Invited"),
    ("observer", "Observer"),
    ("proxy", "Proxy"),  # on the list of a meeting alone, in the place of somebody (meeting_proxy_notice)
]

ITEM_KINDS = [
    ("opening", "Opening"),
    ("follow_up", "Follow-up of resolutions"),
    ("review", "Review of indicators"),
    ("discussion", "Discussion"),
    ("decision", "Decision"),
    ("information", "Information"),
    ("actions", "Actions and responsibilities"),
    ("closing", "Closing"),
]


class MeetingTypeStep(models.Model):
    """One level of approval (AP-2). Steps are taken in order; each is decided by one person."""

    _name = "meeting.type.step"
    _description = "Approval Step"
    _order = "sequence, id"

    type_id = fields.Many2one("meeting.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    approver_kind = fields.Selection(
        [
            ("manager", "Manager of the convener"),
            ("department", "Head of the organising department"),
            ("user", "A named person"),
        ],
        string="Decided by",
        required=True,
        default="manager",
    )
    user_id = fields.Many2one("res.users", string="Person", domain=[("share", "=", False)])

    _person_named = models.Constraint(
        "CHECK (approver_kind <> 'user' OR user_id IS NOT NULL)", "Name the person who decides this approval step."
    )

    def _approver(self, convener, department):
        """The user who decides this step for an application of ``convener``, never the convener himself.

        Where the step leads to nobody, or to the convener, the superior above decides, then the company's approver of
        last resort.

        :raises ValidationError: nobody is left who could decide.
        """
        self.ensure_one()
        # sudo: walks up the organisation chart, which is public to employees; only the approver's user comes back.
        employee = convener.sudo().employee_id
        if self.approver_kind == "user":
            chain = self.user_id.sudo().employee_id
            user = self.user_id
        else:
            chain = employee.parent_id if self.approver_kind == "manager" else department.sudo().manager_id
            user = chain.user_id
        seen = set()
        while (not user.active or user == convener) and chain.parent_id and chain.id not in seen:
            seen.add(chain.id)
            chain = chain.parent_id
            user = chain.user_id
        if not user.active or user == convener:
            user = self.env.company.meeting_fallback_approver_id
        if not user.active or user == convener:
            raise ValidationError(
                self.env._(
                    "Nobody can decide the approval step “%(step)s”: %(convener)s has no superior with a login. Ask a "
                    "meeting administrator to name a person on the meeting type, or an approver of last resort "
                    "in the settings.",
                    step=self.name,
                    convener=convener.name,
                )
            )
        return user.sudo(False)


class MeetingTypeParticipant(models.Model):
    """People a type always invites: a department, its head, a job position or a named person (MT-3)."""

    _name = "meeting.type.participant"
    _description = "Standing Participant"
    _order = "sequence, id"

    type_id = fields.Many2one("meeting.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("organiser", "Everybody in the organising department"),
            ("department", "Everybody in a department"),
            ("head", "Head of a department"),
            ("heads", "Heads of all departments"),
            ("job", "Everybody in a job position"),
            ("person", "A named person"),
        ],
        required=True,
        default="person",
        string="Chosen By",
    )
    department_id = fields.Many2one("hr.department", string="Department")
    job_id = fields.Many2one("hr.job", string="Job Position")
    partner_id = fields.Many2one("res.partner", string="Person")
    role = fields.Selection(
        [role for role in ROLES if role[0] not in ("chair", "minute_taker", "proxy")], default="required", required=True
    )

    @api.constrains("kind", "department_id", "job_id", "partner_id")
    def _check_target(self):
        needed = {"department": "department_id", "head": "department_id", "job": "job_id", "person": "partner_id"}
        for line in self:
            field = needed.get(line.kind)
            if field and not line[field]:
                raise ValidationError(
                    self.env._(
                        "Standing participants of “%(type)s”: choose a %(what)s in each line that needs one.",
                        type=line.type_id.name,
                        what=self._fields[field]._description_string(self.env),
                    )
                )

    def _partners(self, department):
        """The partners this line stands for today; ``department`` is the meeting's organising department."""
        self.ensure_one()
        if self.kind == "person":
            return self.partner_id.filtered("active")
        # sudo: who works in which department, as which job, is public to employees; only their work contacts come back.
        staff = self.env["hr.employee"].sudo()
        if self.kind in ("organiser", "department"):
            under = department if self.kind == "organiser" else self.department_id
            staff = staff.search([("department_id", "child_of", under.ids)]) if under else staff
        elif self.kind == "head":
            staff = self.department_id.sudo().manager_id
        elif self.kind == "heads":
            staff = (
                # sudo: departments are public within the company
                self.env["hr.department"].sudo().search([("company_id", "in", [False, self.env.company.id])]).manager_id
            )
        else:
            staff = staff.search([("job_id", "=", self.job_id.id)])
        return staff.filtered("active").work_contact_id.sudo(False)


class MeetingTypeAgenda(models.Model):
    """A line of the usual agenda: a share of the time, or a fixed number of minutes (AG-3)."""

    _name = "meeting.type.agenda"
    _description = "Usual Agenda Item"
    _order = "sequence, id"

    type_id = fields.Many2one("meeting.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char("Topic", required=True, translate=True)
    kind = fields.Selection(ITEM_KINDS, required=True, default="discussion")
    goal = fields.Char(translate=True)
    share = fields.Float("Share (%)", help="Share of the meeting's length.")
    minutes = fields.Integer("Fixed Minutes", help="Used where no share is given.")

    _share_is_percentage = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100 AND minutes >= 0)",
        "A share lies between 0 and 100 %, minutes are not negative.",
    )

    def _prepare_item_values(self, duration):
        return {
            "sequence": self.sequence,
            "name": self.name,
            "kind": self.kind,
            "goal": self.goal,
            "share": self.share,
            "minutes": round(duration * 60 * self.share / 100) if self.share else self.minutes,
        }
