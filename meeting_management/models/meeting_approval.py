"""Application and approval (AP-1, AP-2, AP-3, AP-5)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list


class MeetingApproval(models.Model):
    """One row per step and application: who decides, and what he decided.

    Nobody creates, writes or deletes rows, not even the approver: decisions are taken on the meeting, which checks who
    decides and writes here. A row is evidence and is never deleted.
    """

    _name = "meeting.approval"
    _description = "Meeting Approval"
    _order = "meeting_id, round desc, sequence, id"

    meeting_id = fields.Many2one("meeting.meeting", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    round = fields.Integer(default=1, readonly=True, help="Counts the applications of one meeting.")
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Step", required=True, readonly=True)
    approver_id = fields.Many2one("res.users", required=True, index=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("pending", "To decide"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("void", "Void"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    decided_at = fields.Datetime(readonly=True)
    reason = fields.Text(readonly=True)

    _one_pending_index = models.UniqueIndex(
        "(meeting_id) WHERE state = 'pending'", "Only one approval step of a meeting can be open at a time."
    )

    def _ask(self):
        """It is this approver's turn. Later chapters tell him."""
        # the decision before is written first, or the two rows would meet in the index of the one open step
        self.flush_model(["state"])
        for approval in self:
            approval.state = "pending"


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    approval_ids = fields.One2many("meeting.approval", "meeting_id", readonly=True, copy=False)
    needs_approval = fields.Boolean(related="type_id.needs_approval")
    refusal_reason = fields.Text("Sent Back", readonly=True, copy=False, help="Why the application came back.")
    submitted_at = fields.Datetime(readonly=True, copy=False)
    current_approver_id = fields.Many2one(
        "res.users", string="Waits for", compute="_compute_current_approver_id", store=True, index="btree_not_null"
    )
    can_submit = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")
    can_approve = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")

    @api.depends("approval_ids.state", "approval_ids.approver_id")
    def _compute_current_approver_id(self):
        for meeting in self:
            meeting.current_approver_id = meeting._pending_approval().approver_id

    def _pending_approval(self):
        # sudo: read by the predicate for whoever looks at the meeting; the step itself is shown by its own rule.
        return self.sudo().approval_ids.filtered(lambda approval: approval.state == "pending")[:1]

    # -- submit -------------------------------------------------------------------------------------------------

    def _refusal_submit(self):
        return (
            self._refusal_wrong_state("draft")
            or self._refusal_not_organiser()
            or self._refusal_in_the_past()
            or self._refusal_incomplete()
        )

    def _refusal_in_the_past(self):
        if self.start > fields.Datetime.now():
            return None
        return ValidationError(
            self.env._(
                "“%s” would start in the past. Choose a time to come; meetings already held are imported.",
                self.display_name,
            )
        )

    def _refusal_incomplete(self):
        if not self.participant_ids:
            return ValidationError(self.env._("Nobody is invited to “%s”. Add participants first.", self.display_name))
        if not self.chair_id or not self.minute_taker_id:
            return ValidationError(self.env._("Name who chairs “%s” and who takes the minutes.", self.display_name))
        unreachable = self.participant_ids.filtered(
            lambda participant: not participant.user_id and not participant.email
        )
        if unreachable:
            return ValidationError(
                self.env._(
                    "The notice cannot reach %s: there is neither a login nor an e-mail address. Add an "
                    "address to the contact.",
                    format_list(self.env, unreachable.partner_id.mapped("name")),
                )
            )
        return None

    def action_submit(self):
        """Apply to convene; where the type needs no approval and the room none either, the meeting is
        scheduled at once.

        :raises ValidationError: a fact is missing or the room cannot be had
        """
        self._demand("submit")
        for meeting in self:
            meeting._request_room()
            approvals = meeting._create_approvals()
            if approvals or meeting._waits_for_room():
                meeting._transition("submitted", submitted_at=fields.Datetime.now(), refusal_reason=False)
                approvals[:1]._ask()
            else:
                meeting._schedule_if_ready()

    def _create_approvals(self):
        """Rows of a new round, all waiting."""
        self.ensure_one()
        # sudo: counts the rounds so far; a number comes back
        number = max(self.sudo().approval_ids.mapped("round"), default=0) + 1
        values = [
            {
                "meeting_id": self.id,
                "round": number,
                "sequence": index,
                "name": step.name,
                "approver_id": step.with_company(self.company_id)._approver(self.convener_id, self.department_id).id,
            }
            for index, step in enumerate(self.type_id.step_ids, 1)
        ]
        # sudo: nobody may create approvals; the organiser was checked, and the approvers come from the type.
        return self.env["meeting.approval"].sudo().create(values)

    def _refusal_withdraw(self):
        return self._refusal_wrong_state("submitted") or self._refusal_not_organiser()

    def action_withdraw(self):
        """The applicant takes the application back to correct it; nothing typed is lost."""
        self._demand("withdraw")
        for meeting in self:
            meeting._back_to_draft(False)

    def _back_to_draft(self, reason):
        # sudo: voids the steps that can no longer be decided; who may was checked by the verb.
        self.sudo().approval_ids.filtered(lambda approval: approval.state in ("pending", "waiting")).write(
            {"state": "void"}
        )
        self._release_rooms()
        self._transition("draft", refusal_reason=reason)

    # -- decide -------------------------------------------------------------------------------------------------

    def _refusal_approve(self):
        refusal = self._refusal_wrong_state("submitted")
        if refusal:
            return refusal
        if self.env.user == self.convener_id:
            return AccessError(
                self.env._("Nobody approves his own application. Wait for %s.", self.current_approver_id.name)
            )
        pending = self._pending_approval()
        if not pending or pending.approver_id != self.env.user:
            return AccessError(
                self.env._("This step is decided by %s.", pending.approver_id.name)
                if pending
                else self.env._("The application is approved; only the room has yet to be confirmed.")
            )
        return None

    def _refusal_refuse(self):
        return self._refusal_approve()

    def action_approve(self):
        """The approver says yes; the last yes schedules the meeting, room first.

        :raises ValidationError: the room was taken meanwhile; the application stays as it was
        """
        self._demand("approve")
        for meeting in self:
            # sudo: that this user decides this step was checked just now; the organiser's side follows from it.
            meeting = meeting.sudo()
            meeting._pending_approval().write({"state": "approved", "decided_at": fields.Datetime.now()})
            following = meeting.approval_ids.filtered(lambda approval: approval.state == "waiting").sorted("sequence")[
                :1
            ]
            if following:
                following._ask()
            else:
                meeting._schedule_if_ready()

    def action_refuse(self, reason=None):
        """The approver says no and why; the application returns to its author with everything typed (AP-3).

        :returns: the dialogue that asks for the reason where it is missing
        """
        self._demand("refuse")
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "refuse", self.env._("Send back the application"))
        # sudo: that this user decides this step was checked just now.
        meeting = self.sudo()
        meeting._pending_approval().write({"state": "refused", "decided_at": fields.Datetime.now(), "reason": reason})
        meeting._back_to_draft(reason)
        meeting.message_post(
            body=self.env._("Sent back by %(user)s: %(reason)s", user=self.env.user.name, reason=reason)
        )
        return None

    # -- schedule -----------------------------------------------------------------------------------------------

    def _schedule_if_ready(self):
        """Schedule once every step is approved and the room is held: no notice leaves without its room."""
        self.ensure_one()
        # sudo: whether a step is open, whoever decides
        if self.sudo().approval_ids.filtered(lambda approval: approval.state in ("pending", "waiting")):
            return False
        if self._waits_for_room():
            return False
        if self.start <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "“%s” can no longer be scheduled: its start has passed. Send it back so that a new time is chosen.",
                    self.display_name,
                )
            )
        self._hold_room()
        # sudo: numbers are drawn from a sequence that plain users may not touch.
        number = self.number or self.env["ir.sequence"].sudo().with_company(self.company_id).next_by_code(
            "meeting.meeting"
        )
        self._transition("scheduled", scheduled_at=fields.Datetime.now(), number=number, refusal_reason=False)
        return True
