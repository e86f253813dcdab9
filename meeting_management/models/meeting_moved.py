"""A move to another time is an announcement of its own: answers are due anew, and it may be short notice (NT-2, NT-3).

Whoever moves a meeting gives a reason in any case (`meeting.reschedule`); where the notice of the new time is shorter
than this kind of meeting asks for, that reason is the reason of the short notice.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .meeting_clock import one_deed
from .meeting_meeting import MeetingMeeting as Meeting


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    _kept_fields = Meeting._kept_fields | {"moved_at"}

    moved_at = fields.Datetime(
        "Moved on",
        readonly=True,
        copy=False,
        help="When its present time was announced: from then on answers are due, and the notice is judged.",
    )

    @api.depends("moved_at")
    def _compute_notice(self):
        return super()._compute_notice()

    def _announced_at(self):
        return self.moved_at or super()._announced_at()

    def _would_move_short(self, start, stop):
        """Whether moving the meeting to this time now tells people later than its kind asks for (NT-2)."""
        moved = {
            name: (self[name], new) for name, new in (("start", start), ("stop", stop)) if new and self[name] != new
        }
        lead = timedelta(hours=self.notice_lead_hours)
        return bool(start and stop) and self._asks_anew(moved) and start - lead < fields.Datetime.now()

    @one_deed
    def _reschedule(self, vals, reason):
        return super()._reschedule(vals, reason)

    def _after_reschedule(self, moved, reason):
        """:raises UserError: the notice is short and there is no reason"""
        if self._asks_anew(moved):
            # sudo: closed to direct writes; a fact, whoever was entitled to move the meeting
            self.sudo()._write_plan({"moved_at": fields.Datetime.now()})
            reasoned = (reason or "").strip()
            needed = self.is_short_notice and not self.is_urgent
            if needed and not reasoned:
                raise UserError(
                    self.env._(
                        "The new time is announced later than the %s ahead that this kind of meeting asks for. Say "
                        "why, or choose a later time.",
                        self._notice_lead(),
                    )
                )
            self.sudo()._write_plan({"short_notice_reason": needed and reasoned})  # sudo: as above
        return super()._after_reschedule(moved, reason)

    def _notice_values_change(self, detail):
        values = super()._notice_values_change(detail)
        return {**values, "is_short": values["answer_again"] and self.is_short_notice, "lead": self._notice_lead()}


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    @one_deed
    def _after_taken(self):
        """A room held in place of a lost one may have another time, which the meeting takes over."""
        return super()._after_taken()
