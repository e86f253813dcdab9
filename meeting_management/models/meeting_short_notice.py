"""A notice with less lead than the kind of meeting asks for is marked, and needs a reason (NT-2)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MeetingMeeting(models.Model):
    """Whoever schedules says why it is so late; urgent meetings are only marked.

    An application that was in time and is approved late needs no reason of the approver: that it was approved late is
    the reason, and stands on the meeting by itself.
    """

    _inherit = "meeting.meeting"

    _reason_verbs = ("refuse", "cancel", "submit")

    short_notice_reason = fields.Text(readonly=True, copy=False, tracking=True)
    would_be_short = fields.Boolean(
        compute="_compute_would_be_short",
        help="Scheduled now, the notice would be later than this kind of meeting asks.",
    )

    @api.depends("state", "notice_deadline")
    def _compute_would_be_short(self):
        now = fields.Datetime.now()
        for meeting in self:
            deadline = meeting.notice_deadline
            meeting.would_be_short = meeting.state in ("draft", "submitted") and bool(deadline and deadline < now)

    def _refuse_kept_fields(self, names):
        """Why a notice was late is evidence: it is asked for when the meeting is scheduled."""
        names = list(names)
        if "short_notice_reason" in names:
            raise AccessError(
                self.env._("The reason of a short notice is asked for when the meeting is submitted or scheduled.")
            )
        return super()._refuse_kept_fields(names)

    def action_submit(self, reason=None):
        """See above; asks for the reason where it is missing.

        :returns: the dialogue that asks for the reason of a short notice, if that is missing
        :raises UserError: it is missing for one of several meetings
        """
        self._demand("submit")
        reason = (reason or "").strip()
        short = self.filtered(lambda meeting: meeting.would_be_short and not meeting.is_urgent)
        if short and not reason:
            if len(self) == 1:
                return self.env["meeting.reason.wizard"]._open(
                    self, "submit", self.env._("Short notice: why is it so late?")
                )
            raise UserError(
                self.env._(
                    "The notice of “%(meeting)s” would be later than the %(lead)s ahead that this kind of meeting asks "
                    "for, so a reason is needed. Open the meeting and submit it there.",
                    meeting=short[0].display_name,
                    lead=short[0]._notice_lead(),
                )
            )
        # sudo: closed to direct writes; the organiser was checked by the predicate
        (self - short).filtered("short_notice_reason").sudo()._write_plan({"short_notice_reason": False})
        short.sudo()._write_plan({"short_notice_reason": reason})
        return super().action_submit()

    def _after_transition(self, origin):
        """In time when it was applied for, late when it was decided: the record says so by itself."""
        res = super()._after_transition(origin)
        if self.state == "scheduled" and self.is_short_notice and not (self.is_urgent or self.short_notice_reason):
            zone = self.with_context(tz=self._notification_default_tz())
            if self.submitted_at and origin == "submitted":
                reason = self.env._(
                    "Submitted in time, on %(submitted)s; decided only on %(decided)s.",
                    submitted=zone._notice_moment(self.submitted_at),
                    decided=zone._notice_moment(self.scheduled_at),
                )
            else:
                reason = self.env._("Scheduled only on %s.", zone._notice_moment(self.scheduled_at))
            self.sudo()._write_plan({"short_notice_reason": reason})  # sudo: closed to direct writes; a fact
        return res

    def _notice_values_notice(self, detail):
        return {**super()._notice_values_notice(detail), "short_reason": self.short_notice_reason}
