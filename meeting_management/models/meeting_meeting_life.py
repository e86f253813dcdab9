"""The steps of a meeting's life that belong to its organisers: cancel, start, end, close, copy."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_permission_table import is_stricter


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    summary = fields.Text(help="What the chair sums up at the close: decisions, tasks, next date.", copy=False)
    next_start = fields.Datetime("Next Meeting", help="Announced by the chair at the close.", copy=False)
    person_hours = fields.Float(compute="_compute_person_hours", store=True, help="People × length.", aggregator="sum")

    can_cancel = fields.Boolean(compute="_compute_can")
    can_reschedule = fields.Boolean(compute="_compute_can")
    can_start = fields.Boolean(compute="_compute_can")
    can_end = fields.Boolean(compute="_compute_can")
    can_close = fields.Boolean(compute="_compute_can")

    @api.depends("duration", "participant_ids.role")
    def _compute_person_hours(self):
        for meeting in self:
            meeting.person_hours = meeting.duration * meeting.headcount

    # -- cancel -------------------------------------------------------------------------------------------------

    def _refusal_cancel(self):
        return self._refusal_wrong_state("draft", "submitted", "scheduled") or self._refusal_not_organiser()

    def action_cancel(self, reason=None):
        """Call the meeting off; once it was announced, with a reason that everyone is told (NT-5, MT-5).

        :returns: the dialogue that asks for the reason where one is needed and missing
        """
        self._demand("cancel")
        reason = (reason or "").strip()
        if not reason and any(meeting.state != "draft" for meeting in self):
            self.ensure_one()
            return self.env["meeting.reason.wizard"]._open(self, "cancel", self.env._("Cancel the meeting"))
        for meeting in self:
            meeting._release_rooms()
            meeting._transition("cancelled", cancel_reason=reason or False)

    # -- hold ---------------------------------------------------------------------------------------------------

    def _refusal_reschedule(self):
        return self._refusal_wrong_state("scheduled") or self._refusal_not_organiser()

    def _refusal_start(self):
        return self._refusal_wrong_state("scheduled") or self._refusal_not_organiser() or self._refusal_too_early()

    def _refusal_too_early(self):
        """A meeting is opened on its day; somebody who clicks the wrong one a week ahead is stopped."""
        now = fields.Datetime.now()
        if (self.start - now).total_seconds() <= max(self.sign_in_minutes, 60) * 60:
            return None
        return UserError(
            self.env._(
                "It is too early to open “%s”. If it takes place sooner than announced, reschedule it first.",
                self.display_name,
            )
        )

    def action_start(self):
        """The chair opens the meeting (LV-1). Opened after the announced end, the announced start is taken as
        actual."""
        self._demand("start")
        now = fields.Datetime.now()
        for meeting in self:
            meeting._transition("in_progress", actual_start=meeting.start if now > meeting.stop else now)

    def _refusal_end(self):
        return self._refusal_wrong_state("in_progress") or self._refusal_not_organiser()

    def action_end(self):
        """The chair closes the meeting (LV-6): times are fixed, the room is given back, the minutes begin."""
        self._demand("end")
        now = fields.Datetime.now()
        for meeting in self:
            late_entry = meeting.actual_start and meeting.actual_start == meeting.start and now > meeting.stop
            meeting._finish_room_use(now)
            meeting._transition("held", actual_stop=meeting.stop if late_entry else now)

    # -- close --------------------------------------------------------------------------------------------------

    def _refusal_close(self):
        return self._refusal_wrong_state("held") or self._refusal_not_organiser()

    def action_close(self):
        """The file is complete. Later chapters refuse while minutes or tasks are open."""
        self._demand("close")
        self._transition("closed")

    # -- copy ---------------------------------------------------------------------------------------------------

    def copy_data(self, default=None):
        """A copy is a new draft of the person who copies, at the default time and as long as the original.

        :raises AccessError: of a meeting for participants only, or a secret one, by somebody who does not run it: the
            copy would stay his when he no longer takes part (CF-1)
        """
        for meeting in self.filtered(lambda meeting: is_stricter(meeting.level, "internal")):
            if not self.env.su and not meeting._is_organiser():
                raise AccessError(
                    self.env._(
                        "A confidential meeting is copied by its organisers only. Plan a new one, or ask the convener."
                    )
                )
        default = {"convener_id": self.env.uid, "start": self._default_start(), **(default or {})}
        copies = []
        for meeting, vals in zip(self, super().copy_data(default), strict=True):
            if "stop" not in default:
                vals.pop("stop", None)  # follows from the start and the length
            if "name" not in default:
                vals["name"] = self.env._("%s (copy)", meeting.name)[:200]
            if is_stricter(meeting.level, vals.get("level", meeting.level)):
                vals["level"] = meeting.level  # copying is no way to lower the level of what was written
            copies.append(vals)
        return copies
