"""Who may read and who may edit a meeting: the table of rights with this meeting's people filled in (CF-1)."""

from odoo import api, models
from odoo.exceptions import AccessError

from .meeting_mixin_access import EVERYONE, SECRETARIAT
from .meeting_permission_table import ADMITTED, ANNOUNCED, DRAFT, EDITS, READS


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    @api.depends(
        "level",
        "state",
        "scheduled_at",
        "convener_id",
        "chair_id",
        "minute_taker_id",
        "minutes_reviewer_id",
        "participant_ids.user_id",
        "department_ids",
        "approval_ids.approver_id",
        "approval_ids.state",
    )
    def _compute_access_keys(self):
        """The table of rights (meeting_permission_table), with this meeting's people filled in."""
        for meeting in self:
            keys, level, stages = meeting._role_keys(), meeting.level, meeting._stages_reached()
            meeting.reader_keys = set().union(*(keys[role] for role, by in READS.items() if by.get(level) in stages))
            meeting.editor_keys = set().union(*(keys[role] for role, by in EDITS.items() if by.get(level)))

    def _role_keys(self):
        """:return: dict role of the table → set of keys of those who have it in this meeting"""
        self.ensure_one()
        # sudo: approvals and participants of any meeting count, whoever triggered the recomputation.
        meeting = self.sudo()
        approvals = meeting.approval_ids.filtered(lambda approval: approval.state != "void")
        return {
            "officer": set((meeting.convener_id | meeting.chair_id | meeting.minute_taker_id).ids),
            "approver": set(approvals.approver_id.ids),
            "reviewer": set(meeting.minutes_reviewer_id.ids),
            "participant": set(meeting._admitted_participants().user_id.ids),
            "secretariat": {SECRETARIAT},
            "department": {-department for department in meeting.department_ids.ids},
            "everyone": {EVERYONE},
        }

    def _admitted_participants(self):
        """:return: the participants who have met every condition of this meeting's level (CF-2); a chapter that sets
        conditions takes out who has not"""
        return self.participant_ids

    def _stages_reached(self):
        """:return: the stages of the table that this meeting has reached"""
        return {DRAFT, ANNOUNCED, ADMITTED} if self._is_announced() else {DRAFT}

    def _is_announced(self):
        """Whether people beyond its organisers have been told of this meeting."""
        return self.state in self._announced_states or (self.state == "cancelled" and bool(self.scheduled_at))

    def _confidentiality_reminder(self):
        """What the notice and the minutes of a meeting that is not public remind of (NT-1, LV-1), or ``False``."""
        if self.level == "public":
            return False
        return self.company_id.meeting_confidentiality_text or self.env._(
            "What is said and handed out in this meeting is confidential. Do not pass it on, photograph or record it."
        )

    def _is_organiser(self):
        """Whether the current user may steer this meeting: the same definition as the record rules use."""
        return self.sudo(False).is_editable

    def _refusal_not_organiser(self):
        if self._is_organiser():
            return None
        return AccessError(self.env._("Only the convener, the chair, the minute taker or the secretariat may do this."))
