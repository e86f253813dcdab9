"""Reminders before the meeting and for answers that are missing: when they are due, and how they move with it (RE-1,
NT-3)."""

from datetime import timedelta

from odoo import fields, models


class MeetingType(models.Model):
    _inherit = "meeting.type"

    answer_remind_hours = fields.Integer(
        "Answer Reminder",
        default=4,
        help="Hours before the answer is due at which those who have not answered are reminded. 0: not at all.",
    )
    approval_remind_hours = fields.Integer(
        "Approval Reminder",
        default=24,
        help="Hours after which an approver who has not decided is reminded. 0: not at all.",
    )

    _reminder_hours_positive = models.Constraint(
        "CHECK (answer_remind_hours >= 0 AND approval_remind_hours >= 0)",
        "Hours of a reminder cannot be negative; 0 switches it off.",
    )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _plan_reminders(self):
        """Bring the reminders in line with the meeting's present time and people; call it as often as you like.

        Those not sent yet move with the meeting. One that was sent for another time is owed anew. None is planned for
        the past.
        """
        ledger = self.env["meeting.notification"].sudo()  # sudo: see `_queue_rows`
        now = fields.Datetime.now()
        ledger._void(self, ["remind", "answer", "unanswered"], reason="moved")
        sent = {
            (row.res_id, row.step, row.partner_id.id): row.due
            for row in ledger.search_fetch(
                [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "in", ("sent", "failed"))],
                ["res_id", "step", "partner_id", "due"],
            )
        }
        rows = []
        for meeting in self.filtered(lambda meeting: meeting.state == "scheduled"):
            for step, partner_ids, due in meeting._reminders():
                if due <= now:
                    continue
                for partner_id in partner_ids:
                    key = (meeting.id, step, partner_id)
                    if sent.get(key) == due:
                        continue
                    rows.append(
                        (meeting, f"{step}@{meeting.start:%Y%m%d%H%M}" if key in sent else step, partner_id, due)
                    )
        ledger._queue_rows(rows, revive=True)

    def _reminders(self):
        """:return: list of (step, partner ids, due) as the type of meeting wants them."""
        self.ensure_one()
        people = self.participant_ids.partner_id.ids
        kind = self.type_id.sudo()  # sudo: the times of a type, which every employee may read
        reminders = [
            (f"remind:{line.minutes_before}", people, self.start - timedelta(minutes=line.minutes_before))
            for line in kind.reminder_ids
        ]
        if self.answer_deadline:
            reminders.append(("unanswered", self.convener_id.partner_id.ids, self.answer_deadline))
            if kind.answer_remind_hours:
                reminders.append(("answer", people, self.answer_deadline - timedelta(hours=kind.answer_remind_hours)))
        return reminders
