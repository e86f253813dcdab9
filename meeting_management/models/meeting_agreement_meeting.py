"""Which agreement a meeting requires, who has signed it, and that nobody is let in before (CF-2)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_permission_table import ADMITTED, READS


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    agreement_id = fields.Many2one(
        "meeting.agreement",
        "Confidentiality Agreement",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The version that was in force when the meeting was announced as secret.",
    )
    agreement_signature_ids = fields.One2many(
        "meeting.agreement.signature", "meeting_id", "Signed Agreements", readonly=True
    )
    agreement_signed_count = fields.Integer("Signed", compute="_compute_agreement_count")
    agreement_missing_count = fields.Integer("Not Signed", compute="_compute_agreement_count")
    needs_agreement = fields.Boolean(compute="_compute_agreement_count")
    must_sign = fields.Boolean(compute="_compute_must_sign", help="Whether my own signature is missing.")

    # Nothing secret is announced without saying what has to be signed first; imported history was never announced.
    _secret_has_agreement = models.Constraint(
        "CHECK (level <> 'secret' OR scheduled_at IS NULL OR agreement_id IS NOT NULL)",
        "A secret meeting needs a published confidentiality agreement before it can be announced.",
    )

    def _refuse_kept_fields(self, names):
        """Which version was in force when the meeting was announced is evidence."""
        names = list(names)
        if "agreement_id" in names:
            raise AccessError(
                self.env._("Which agreement a meeting requires follows from its type and the time of its notice.")
            )
        return super()._refuse_kept_fields(names)

    # -- the requirement ----------------------------------------------------------------------------------------

    def _requires_agreement_at(self, level):
        """Whether the table of rights lets participants in only after they have met a condition."""
        return READS["participant"].get(level) == ADMITTED

    def _agreement_required(self):
        """Whether participants of this meeting have to sign before they see anything of it."""
        meeting = self.sudo()  # sudo: whether there is one
        return bool(meeting.agreement_id) and self._requires_agreement_at(meeting.level)

    def _write_plan(self, vals):
        """Whatever makes the meeting a secret one that people are told of fixes what they sign."""
        fresh = self.browse()
        if {"state", "level"} & vals.keys():
            for meeting in self:
                if meeting._fix_agreement(vals.get("state", meeting.state), vals.get("level", meeting.level)):
                    fresh |= meeting
        res = super()._write_plan(vals)
        for meeting in fresh:
            if "state" not in vals:  # it became secret after people had been told of it
                meeting._ask_to_sign(meeting._waiting_to_sign())
        return res

    def _fix_agreement(self, state, level):
        """Store the version in force, if this state and level require one and none is stored yet.

        :returns: whether one was stored
        :raises UserError: none is published
        """
        told = state in ("submitted", "scheduled") or (self._is_announced() and bool(self.scheduled_at))
        if not told or not self._requires_agreement_at(level) or self.sudo().agreement_id:  # sudo: whether there is one
            return False
        agreement = self.env["meeting.agreement"]._current(self.company_id, self.type_id.agreement_id)
        if not agreement:
            raise UserError(
                self.env._(
                    "A secret meeting needs a confidentiality agreement, and none is published. Ask a meeting "
                    "administrator to publish one under Configuration ▸ Agreements."
                )
            )
        if state == "submitted":  # nobody is told yet; only made sure that the approvers do not decide in vain
            return False
        # sudo: the field is closed to everybody; it takes no decision, and the caller's rights are checked with `vals`
        super(MeetingMeeting, self.sudo())._write_plan({"agreement_id": agreement.id})
        return True

    # -- who has signed -----------------------------------------------------------------------------------------

    def _signed_partners(self):
        """:return: the people who signed the version this meeting requires"""
        # sudo: whether somebody signed; the signatures themselves stay with signer and organisers
        meeting = self.sudo()
        rows = meeting.agreement_signature_ids.filtered(lambda row: row.agreement_id == meeting.agreement_id)
        return rows.partner_id

    def _waiting_to_sign(self):
        """:return: the participants whose signature is missing"""
        self.ensure_one()
        if not self._agreement_required():
            return self.env["meeting.participant"]
        signed = self._signed_partners()
        return self.participant_ids.filtered(lambda line: line.partner_id not in signed)

    @api.depends("agreement_id", "agreement_signature_ids.partner_id", "agreement_signature_ids.agreement_id")
    def _compute_access_keys(self):
        """See the table of rights: here is what its answer depends on besides."""
        return super()._compute_access_keys()

    def _admitted_participants(self):
        """At a level with conditions only who has signed; for history that was never announced here there is none."""
        admitted = super()._admitted_participants()
        if not self._requires_agreement_at(self.level) or (not self.agreement_id and not self.scheduled_at):
            return admitted
        signed = self._signed_partners()
        return admitted.filtered(lambda line: line.partner_id in signed)

    @api.depends("level", "agreement_id", "agreement_signature_ids", "participant_ids.partner_id")
    def _compute_agreement_count(self):
        for meeting in self:
            meeting.needs_agreement = meeting._agreement_required()
            missing = len(meeting._waiting_to_sign())
            meeting.agreement_missing_count = missing
            meeting.agreement_signed_count = len(meeting.participant_ids) - missing if meeting.needs_agreement else 0

    @api.depends("level", "agreement_id", "agreement_signature_ids", "participant_ids.partner_id", "state")
    @api.depends_context("uid")
    def _compute_must_sign(self):
        for meeting in self:
            mine = meeting._waiting_to_sign().filtered(lambda line: line.partner_id == self.env.user.partner_id)
            meeting.must_sign = bool(mine) and meeting.state != "cancelled"

    def action_open_signatures(self):
        """The signed agreements of this meeting."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_agreement_signature_action")
        return {**action, "domain": [("meeting_id", "=", self.id)]}

    def action_open_agreement(self):
        """To the page where I sign."""
        return self._my_participation().action_open_agreement()


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    agreement_state = fields.Selection(
        [("missing", "Not signed"), ("signed", "Signed")],
        "Confidentiality Agreement",
        compute="_compute_agreement_state",
    )

    @api.depends("partner_id", "meeting_id.level", "meeting_id.agreement_id", "meeting_id.agreement_signature_ids")
    def _compute_agreement_state(self):
        for meeting, lines in self.grouped("meeting_id").items():
            if not meeting._agreement_required():
                lines.agreement_state = False
                continue
            signed = meeting._signed_partners()
            for line in lines:
                line.agreement_state = "signed" if line.partner_id._origin in signed else "missing"

    def _must_sign(self):
        """Whether this person sees nothing of his meeting before he signs."""
        self.ensure_one()
        return self.agreement_state == "missing"

    # -- what a person may do before he may read ----------------------------------------------------------------

    def _as_own(self):
        """:return: these lines, as superuser if all of them are the user's own and he has been told of the meetings:
        then he may answer although he may not read the meeting yet"""
        # sudo: whose line it is, and whether its meeting was announced; he learns nothing of others' lines
        lines = self.sudo()
        own = all(line.user_id == self.env.user and line.meeting_id._is_announced() for line in lines)
        return lines if own else self

    def action_accept(self):
        return super(MeetingParticipant, self._as_own()).action_accept()

    def action_tentative(self):
        return super(MeetingParticipant, self._as_own()).action_tentative()

    def action_decline(self, reason=None):
        return super(MeetingParticipant, self._as_own()).action_decline(reason=reason)

    def action_open_agreement(self):
        """To the page where I read and sign the agreement, and answer; it checks whose line it is."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/meeting/agreement/{self.id}", "target": "self"}

    @api.model
    def _own_line_of(self, record):
        """:return: the current user's line in the meeting a document belongs to, as superuser, if he has been told of
        that meeting"""
        # sudo: finds the user's own line only
        record = record.sudo().exists()
        meeting = record._notification_meeting() if record and hasattr(record, "_notification_meeting") else None
        if not meeting or not meeting._is_announced():
            return self.sudo().browse()
        return meeting.participant_ids.filtered(lambda line: line.partner_id == self.env.user.partner_id)
