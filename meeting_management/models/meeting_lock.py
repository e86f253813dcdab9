"""Locking from inside: while a secret meeting runs, nobody reads it who is not in the room (CF-1)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MeetingMeeting(models.Model):
    """The chair locks and unlocks, and the end of the meeting unlocks.

    While it is locked the chair, the minute taker and those who have signed in and not left read; absent
    participants, reviewers, approvers, an absent convener and holders of an emergency access do not. Whoever comes
    late is let in by the minute taker, by signing him in.
    """

    _inherit = "meeting.meeting"

    is_locked = fields.Boolean("Locked from Inside", readonly=True, copy=False)
    can_lock = fields.Boolean(compute="_compute_can")
    can_unlock = fields.Boolean(compute="_compute_can")

    @api.depends("is_locked", "level", "chair_id")
    def _compute_can(self):
        return super()._compute_can()

    @api.depends(
        "is_locked",
        "participant_ids.attendance_state",
        "participant_ids.signed_out_at",
        "participant_ids.user_id",
    )
    def _compute_access_keys(self):
        """The table of rights, and of its people only those in the room."""
        res = super()._compute_access_keys()
        for meeting in self.filtered(lambda meeting: meeting._is_shut()):
            inside = set(meeting._people_inside().ids)
            meeting.reader_keys = inside.intersection(meeting.reader_keys)
            meeting.editor_keys = inside.intersection(meeting.editor_keys)
        return res

    def _is_shut(self):
        """Whether only those inside may know what is going on."""
        return self.is_locked and self.state == "in_progress"

    def _people_inside(self):
        """:return: chair, minute taker and the participants with an account who are in the room now"""
        # sudo: who is present counts, whoever triggered the recomputation.
        meeting = self.sudo()
        return meeting.chair_id | meeting.minute_taker_id | meeting._lines_inside().user_id

    def _lines_inside(self):
        """:return: the participants, guests too, who have come in and not left"""
        return self.participant_ids.filtered(
            lambda line: line.attendance_state in self._present_states and not line.signed_out_at
        )

    def _refusal_not_chair(self):
        if self.chair_id == self.env.user:
            return None
        return AccessError(self.env._("Only the chair of the meeting may do this."))

    def _refusal_lock(self):
        refusal = self._refusal_wrong_state("in_progress") or self._refusal_not_chair()
        if refusal:
            return refusal
        if self.level != "secret":
            return UserError(self.env._("Only a secret meeting is locked from inside. Raise its level first."))
        return UserError(self.env._("The meeting is locked already.")) if self.is_locked else None

    def action_lock(self):
        """Shut out everybody who is not in the room."""
        self._demand("lock")
        self._set_locked(True)

    def _refusal_unlock(self):
        if not self.is_locked:
            return UserError(self.env._("The meeting is not locked."))
        return self._refusal_not_chair()

    def action_unlock(self):
        self._demand("unlock")
        self._set_locked(False)

    def _set_locked(self, locked):
        # sudo: the lock is closed to direct writes; the verb, or the end of the meeting, has decided.
        self.sudo().write({"is_locked": locked})
        self.env["meeting.access.log"]._note(self, "locked" if locked else "unlocked")

    def _after_transition(self, origin):
        """A meeting that is over is open again to those entitled."""
        res = super()._after_transition(origin)
        if self.is_locked and self.state != "in_progress":
            self._set_locked(False)
        return res

    def _refusal_sign_in(self):
        """Nobody outside opens the door for himself."""
        if self._is_shut() and not self._is_organiser():
            return UserError(
                self.env._("The meeting is locked from inside. Whoever takes the minutes can let you in.")
            )
        return super()._refusal_sign_in()


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    @api.depends("meeting_id.is_locked", "meeting_id.state")
    def _compute_access_keys(self):
        """Tasks are agreed in the room: until it opens, owner and supervisor outside do not read them."""
        res = super()._compute_access_keys()
        for task in self.filtered(lambda task: task.meeting_id._is_shut()):
            task.reader_keys = set(task.reader_keys).intersection(task.meeting_id.reader_keys)
        return res
