"""Raising and lowering the level of confidentiality once a meeting has been applied for (CF-1)."""

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_calendar import SHOWN_STATES
from .meeting_permission_table import is_stricter


class MeetingMeeting(models.Model):
    """While a meeting is a draft its level is a plan: nobody beyond its organisers has seen anything, so they set the
    field; only leaving “secret” is logged. From the application on the level changes by a verb, with a reason: raised
    by any organiser, since that takes rights away, lowered by the chair alone, who answers for the meeting's secrets.
    This holds for good: a closed file may be declassified, or shut, years later. So that the rule is worth something,
    nobody makes himself chair of a closed meeting, and who becomes it is logged.
    """

    _inherit = "meeting.meeting"

    can_change_level = fields.Boolean(compute="_compute_can")

    def write(self, vals):
        """Leaving “secret” is remembered even of a draft; so is who takes over the chair of a closed meeting.

        :raises AccessError: somebody makes himself chair of a closed meeting
        """
        if not {"level", "chair_id"} & vals.keys():
            return super().write(vals)
        secret = self.filtered(lambda meeting: meeting.level == "secret")
        chairs = {
            meeting: meeting.chair_id
            for meeting in self
            if meeting.state != "draft" and is_stricter(meeting.level, "internal")
        }
        if not self.env.su and vals.get("chair_id") == self.env.uid and set(chairs.values()) - {self.env.user}:
            raise AccessError(
                self.env._(
                    "Nobody makes himself chair of a confidential meeting, because its chair decides who learns of it. "
                    "Let the present chair hand over to you, or another organiser name you."
                )
            )
        res = super().write(vals)
        for meeting in secret.filtered(lambda meeting: meeting.level != "secret"):
            meeting._note_level("secret")
        for meeting, before in chairs.items():
            if meeting.chair_id != before:
                detail = f"{before.sudo().name} → {meeting.chair_id.sudo().name}"  # sudo: two names, for auditors
                self.env["meeting.access.log"]._note(meeting, "chair", detail)
        return res

    def _refusal_change_level(self):
        if self.state == "draft":
            return UserError(self.env._("The level of a draft is changed in its form."))
        return self._refusal_not_organiser()

    def _refusal_level(self, level):
        """Why the user may not set this level, or ``None``."""
        if level not in dict(self._fields["level"].selection):
            return UserError(self.env._("Choose one of the levels of confidentiality."))
        if level == self.level:
            return UserError(
                self.env._("The meeting has the level “%s” already. Choose another one.", self._level_label(level))
            )
        if is_stricter(self.level, level) and self.chair_id != self.env.user:
            return AccessError(
                self.env._(
                    "Only the chair lowers the level, because more people will read the meeting then. Ask %s.",
                    self.chair_id.name,
                )
            )
        return None

    def action_change_level(self, level=None, reason=None):
        """Change the level of a meeting beyond draft.

        :param str level: the new level
        :param str reason: why, for the access log; nothing of what the meeting is about
        :returns: the dialogue that asks for both where one is missing
        """
        self._demand("change_level")
        self.ensure_one()
        reason = (reason or "").strip()
        if not level or not reason:
            return self.env["meeting.level.wizard"]._open(self, level)
        refusal = self._refusal_level(level)
        if refusal:
            raise refusal
        before = self.level
        # sudo: a closed meeting stays as it is but for its level; person and moment were asked above.
        self.sudo()._write_plan({"level": level})
        self._note_level(before, reason)
        self._sync_level(before)
        return None

    def _level_label(self, level):
        return dict(self._fields["level"]._description_selection(self.env)).get(level, level)

    def _note_level(self, before, reason=None):
        change = f"{self._level_label(before)} → {self._level_label(self.level)}"
        self.env["meeting.access.log"]._note(self, "level", f"{change}: {reason}" if reason else change)

    def _sync_level(self, before):
        """Bring in line what took over the level, rooms and calendar; keys and followers follow by themselves."""
        self._sync_schedule(past=True)
        if self.state in SHOWN_STATES:
            self._sync_calendar()
        self.message_post(
            body=Markup("<b>%s</b><br/>%s → %s")
            % (
                self.env._("Confidentiality level changed"),
                self._level_label(before),
                self._level_label(self.level),
            ),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
