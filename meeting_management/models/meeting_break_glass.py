"""紧急查阅: reading a confidential meeting that one is not entitled to, with reason, granted by another (CF-6).

The request and its life; how a grant opens the meeting stands in `meeting_break_glass_key.py`.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

AUTHORITY = ("meeting_management.group_auditor", "meeting_management.group_manager")
CONFIDENTIAL = ("participants", "secret")


class MeetingBreakGlass(models.Model):
    """One request to read one confidential meeting in an emergency.

    Auditors and administrators ask, naming the meeting by its number, not its subject; another of them grants, who is
    neither the same person nor subordinate to him. The chair is told at both moments and reads the requests for his
    meeting. Every step is in the access log.
    """

    _name = "meeting.break.glass"
    _description = "Emergency Access"
    _inherit = ["meeting.state.mixin"]
    _order = "id desc"
    _rec_name = "reference"

    _transitions = {
        "requested": ("granted", "refused", "withdrawn"),
        "granted": ("ended", "expired"),
        "refused": (),
        "withdrawn": (),
        "ended": (),
        "expired": (),
    }
    _verbs = ("grant", "refuse", "withdraw", "end")
    _reason_verbs = ("refuse",)
    _asked = frozenset(("reference", "reason"))

    reference = fields.Char("Meeting No.", required=True, help="Number or ID of the meeting; its subject is not shown.")
    meeting_id = fields.Many2one("meeting.meeting", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)
    reason = fields.Text(required=True, help="The person who grants it reads this, and so do the chair and auditors.")
    requester_id = fields.Many2one(
        "res.users", "Asked for by", required=True, readonly=True, index=True, ondelete="restrict"
    )
    requested_at = fields.Datetime("Asked on", required=True, readonly=True)
    state = fields.Selection(
        [
            ("requested", "Waiting for a second person"),
            ("granted", "In force"),
            ("refused", "Not Granted"),
            ("withdrawn", "Withdrawn"),
            ("ended", "Ended"),
            ("expired", "Expired"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="requested",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    decided_at = fields.Datetime("Decided on", readonly=True)
    refusal_reason = fields.Text("Why It Was Refused", readonly=True)
    expires_at = fields.Datetime("In Force until", readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    is_active = fields.Boolean("Readable Now", compute="_compute_is_active")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    can_grant = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_end = fields.Boolean(compute="_compute_can")

    _two_people = models.Constraint(
        "CHECK (state <> 'granted' OR decided_by_id <> requester_id)",
        "Nobody grants himself emergency access. Ask a second auditor or administrator.",
    )
    _granted_ends = models.Constraint(
        "CHECK (state <> 'granted' OR expires_at IS NOT NULL)", "An emergency access always has an end."
    )

    @api.depends("reference", "requester_id")
    def _compute_display_name(self):
        for glass in self:
            names = [name for name in (glass.reference, glass.requester_id.name) if name]
            glass.display_name = " · ".join(names) or self.env._("New request")

    @api.depends("state", "expires_at")
    def _compute_is_active(self):
        now = fields.Datetime.now()
        for glass in self:
            glass.is_active = glass.state == "granted" and glass.expires_at > now

    @api.depends("requester_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for glass in self:
            glass.is_mine = glass.requester_id == self.env.user

    # -- asking -------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Ask, in one's own name and now, whatever else is sent.

        :raises AccessError: the user has not the authority
        :raises ValidationError: there is no such confidential meeting
        :raises UserError: the meeting is locked from inside, or open to the user already
        """
        if not self._has_authority(self.env.user):
            raise self._refusal_no_authority()
        values = []
        for vals in vals_list:
            reference, reason = ((vals.get(name) or "").strip() for name in ("reference", "reason"))
            meeting = self._find_meeting(reference)
            refusal = self._refusal_locked(meeting) or self._refusal_open_already(meeting)
            if refusal:
                raise refusal
            if not reason:
                raise ValidationError(self.env._("Please say why this meeting has to be read without invitation."))
            values.append(
                {
                    "reference": reference,
                    "reason": reason,
                    "meeting_id": meeting.id,
                    "requester_id": self.env.uid,
                    "requested_at": fields.Datetime.now(),
                }
            )
        # sudo: the facts of a request are closed to its author; they were put together here.
        requests = super(MeetingBreakGlass, self.sudo()).create(values)
        for request in requests:
            request._tell("glass_asked")
        return requests.sudo(self.env.su)

    @api.model
    def _find_meeting(self, reference):
        """:return: the confidential meeting of the user's companies with this number or id, as superuser"""
        # sudo: it is looked for by a number that the user has; no word of it is shown.
        meetings = self.env["meeting.meeting"].sudo().with_context(active_test=False)
        known = [("company_id", "in", self.env.companies.ids), ("level", "in", CONFIDENTIAL)]
        meeting = meetings.search([("number", "=", reference), *known], limit=1) if reference else meetings
        if not meeting and reference.isdecimal() and int(reference) < 2**31:
            meeting = meetings.search([("id", "=", int(reference)), *known])
        if not meeting:
            raise ValidationError(
                self.env._(
                    "There is no confidential meeting “%s” in your companies. Check the number. Meetings of other "
                    "levels need no emergency access: ask their convener or the secretariat.",
                    reference,
                )
            )
        return meeting

    def _refusal_locked(self, meeting):
        if meeting.is_locked:
            return UserError(
                self.env._("This meeting is in progress and locked from inside. Ask again when it is over.")
            )
        return None

    def _refusal_open_already(self, meeting):
        if meeting.sudo(False).has_access("read"):
            return UserError(self.env._("You may read this meeting already. Open it from the list of meetings."))
        return None

    def write(self, vals):
        """What was asked for and decided stays; the verbs alone go on from there."""
        if (self._asked | {"meeting_id", "requester_id", "requested_at"}) & vals.keys():
            raise AccessError(self.env._("A request for emergency access stays as it was made. Withdraw it instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise UserError(self.env._("Requests for emergency access are evidence and cannot be deleted."))

    # -- who may ------------------------------------------------------------------------------------------------

    @api.model
    def _has_authority(self, user):
        """Whether ``user`` is a person who may ask for emergency access and grant it to others."""
        return user.id != SUPERUSER_ID and any(user.has_group(group) for group in AUTHORITY)

    def _refusal_no_authority(self):
        if self._has_authority(self.env.user):
            return None
        return AccessError(
            self.env._("Emergency access is asked for and granted by auditors and meeting administrators. Ask one.")
        )

    def _refusal_grant(self):
        return (
            self._refusal_wrong_state("requested")
            or self._refusal_no_authority()
            or self._refusal_same_person()
            or self._refusal_subordinate()
            or self._refusal_locked(self.sudo().meeting_id)  # sudo: whether it is locked, for who knows of it
        )

    def _refusal_same_person(self):
        """Two people are needed, not two logins."""
        # sudo: compares who two logins belong to; nothing of it is shown.
        asker, decider = self.requester_id.sudo(), self.env.user.sudo()
        if asker == decider or asker.partner_id == decider.partner_id or asker.employee_ids & decider.employee_ids:
            return AccessError(
                self.env._("Nobody decides on his own request. Ask a second auditor or meeting administrator.")
            )
        return None

    def _refusal_subordinate(self):
        """Who reports to the requester, directly or not, could be told to grant."""
        # sudo: who leads whom is read to decide, not shown.
        leader, above = self.env.user.sudo().employee_ids.parent_id, self.requester_id.sudo().employee_ids
        seen = leader.browse()
        while leader - seen:
            if leader & above:
                return AccessError(
                    self.env._(
                        "%s is your superior, so you cannot be the second person. Somebody independent has to decide.",
                        self.requester_id.name,
                    )
                )
            seen |= leader
            leader = leader.parent_id
        return None

    def _refusal_refuse(self):
        return (
            self._refusal_wrong_state("requested") or self._refusal_no_authority() or self._refusal_same_person()
        )

    def _refusal_withdraw(self):
        wrong = self._refusal_wrong_state("requested")
        if wrong or self.requester_id == self.env.user:
            return wrong
        return AccessError(self.env._("Only the person who asked withdraws the request; others refuse it."))

    def _refusal_end(self):
        """The chair cannot end it: he may be the one who is looked into."""
        wrong = self._refusal_wrong_state("granted")
        if wrong or self.requester_id == self.env.user:
            return wrong
        return self._refusal_no_authority()

    # -- deciding -----------------------------------------------------------------------------------------------

    def action_grant(self):
        """Let the requester read, from now on for the company's number of hours."""
        self._demand("grant")
        now = fields.Datetime.now()
        for glass in self:
            hours = glass.company_id.sudo().meeting_break_glass_hours  # sudo: the company's policy
            glass._go("granted", decided_at=now, expires_at=fields.Datetime.add(now, hours=hours))

    def action_refuse(self, reason=None):
        """:returns: the dialogue that asks for the reason where it is missing"""
        self._demand("refuse")
        if not (reason or "").strip():
            self.ensure_one()
            return self.env["meeting.reason.wizard"]._open(self, "refuse", self.env._("Refuse emergency access"))
        self._go("refused", decided_at=fields.Datetime.now(), refusal_reason=reason.strip())
        return None

    def action_withdraw(self):
        self._demand("withdraw")
        self._go("withdrawn")

    def action_end(self):
        """The reading is done: close it before its time."""
        self._demand("end")
        self._go("ended", ended_at=fields.Datetime.now())

    def action_open_meeting(self):
        """Open the meeting asked for; the rules decide whether it shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.meeting",
            "res_id": self.meeting_id.id,
            "views": [(False, "form")],
        }

    def _go(self, state, **vals):
        if state in ("granted", "refused"):
            vals["decided_by_id"] = self.env.uid
        # sudo: requests are closed to direct writes; the verb has asked who may take this step.
        self.sudo()._transition(state, **vals)

    def _after_transition(self, origin):
        """Keys change at once, and once more when the change is there for everybody to see."""
        res = super()._after_transition(origin)
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
        events = {"granted": "glass_granted", "refused": "glass_refused", "expired": "glass_expired"}
        event = events.get(self.state, "glass_ended")
        if self.state == "granted":
            self._tell(event)
            self.env["meeting.notification"]._queue(
                self.meeting_id, f"glass_open:{self.id}", self.requester_id.partner_id
            )
        else:
            self.env["meeting.access.log"]._note(self.meeting_id, event, self._state_label(self.state))
        return res

    def _tell(self, event):
        """Log a step, and tell the chair of it at once."""
        meeting = self.sudo().meeting_id  # sudo: the log and the chair are told; the requester sees nothing of it
        self.env["meeting.access.log"]._note(meeting, event, self.requester_id.sudo().name)
        chair = (meeting.chair_id or meeting.convener_id).partner_id
        self.env["meeting.notification"]._queue(meeting, f"{event}:{self.id}", chair)

    @api.model
    def _cron_expire(self):
        """Write down, hourly, what has expired; nobody read by it any more anyway."""
        self.search([("state", "=", "granted"), ("expires_at", "<=", fields.Datetime.now())])._go(
            "expired", ended_at=fields.Datetime.now()
        )


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        """An emergency waits for a second person: it stands before everything else."""
        requests = self.env["meeting.break.glass"]
        if not requests._has_authority(self.env.user):
            return super()._sections()
        section = self._section(
            "break_glass",
            self.env._("Emergency access to decide"),
            "fa-exclamation-triangle",
            requests,
            [("state", "=", "requested"), ("requester_id", "!=", self.env.uid)],
            "requested_at",
            lambda request: self._card(
                request,
                self.env._(
                    "%(person)s asks to read %(number)s", person=request.requester_id.name, number=request.reference
                ),
                request.requested_at,
                note=request.reason,
                late=True,
                buttons=[self._button("action_grant", self.env._("Grant"), primary=True)] if request.can_grant else [],
            ),
        )
        return [section, *super()._sections()]
