"""What minutes and tasks put on “My Day”: to write, review, publish, read; to carry out and to accept."""

from odoo import fields, models
from odoo.tools import format_date

from ..said import moment_said


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return super()._sections() + self._minutes_sections() + self._task_sections()

    # -- minutes ------------------------------------------------------------------------------------------------

    def _minutes_sections(self):
        uid = self.env.uid
        return [
            self._minutes_section(
                "minutes_write",
                self.env._("Minutes to write"),
                "fa-pencil",
                [("state", "=", "draft"), ("minute_taker_id", "=", uid)],
                "due_at",
            ),
            self._minutes_section(
                "minutes_review",
                self.env._("Minutes to review"),
                "fa-check-square-o",
                [("state", "=", "in_review"), "|", ("reviewer_id", "=", uid), ("chair_id", "=", uid)],
                "submitted_at",
                verbs=[("approve", self.env._("Approve")), ("send_back", self.env._("Send back"))],
            ),
            self._minutes_section(
                "minutes_publish",
                self.env._("Minutes to publish"),
                "fa-paper-plane-o",
                [("state", "=", "approved"), ("minute_taker_id", "=", uid)],
                "publish_due_at",
                verbs=[("publish", self.env._("Publish"))],
            ),
            self._minutes_section(
                "minutes_read",
                self.env._("Minutes to read"),
                "fa-book",
                [
                    ("state", "in", ("published", "archived")),
                    ("meeting_id.participant_ids", "any", [("user_id", "=", uid), ("minutes_unread", "=", True)]),
                ],
                "published_at desc",
            ),
        ]

    def _minutes_section(self, key, title, icon, domain, order, verbs=()):
        return self._section(
            key,
            title,
            icon,
            self.env["meeting.minutes"],
            domain,
            order,
            lambda minutes: self._minutes_card(minutes, verbs),
        )

    def _minutes_card(self, minutes, verbs):
        due = {"draft": minutes.due_at, "approved": minutes.publish_due_at}.get(minutes.state)
        return self._card(
            minutes,
            minutes.name,
            minutes.meeting_start,
            note=minutes.review_remarks
            or (
                due
                and self.env._(
                    "Due %s", moment_said(self.env, due)
                )
            )
            or minutes.number,
            late=minutes.is_overdue,
            confidential=minutes.sudo().meeting_id.level
            in ("participants", "secret"),  # sudo: a flag of what is his anyway
            buttons=self._verb_buttons(minutes, verbs),
        )

    # -- tasks --------------------------------------------------------------------------------------------------

    def _task_sections(self):
        uid = self.env.uid
        return [
            self._task_section(
                "tasks_new",
                self.env._("Tasks to acknowledge"),
                "fa-hand-paper-o",
                [("state", "=", "assigned"), ("assigned_at", "!=", False), ("owner_id", "=", uid)],
                verbs=[("acknowledge", self.env._("Acknowledge")), ("refuse", self.env._("Refuse"))],
            ),
            self._task_section(
                "tasks_mine",
                self.env._("My tasks"),
                "fa-tasks",
                [
                    ("state", "in", ("acknowledged", "in_progress", "returned")),
                    "|",
                    ("owner_id", "=", uid),
                    ("assistant_ids", "in", uid),
                ],
                verbs=[("report", self.env._("Report")), ("submit_result", self.env._("Hand in"))],
            ),
            self._task_section(
                "tasks_accept",
                self.env._("Results to accept"),
                "fa-check-circle-o",
                [("state", "=", "submitted"), ("supervisor_id", "=", uid)],
                verbs=[("accept", self.env._("Accept Result")), ("return", self.env._("Return"))],
            ),
            self._task_section(
                "tasks_refused",
                self.env._("Refused tasks to give to somebody else"),
                "fa-exchange",
                [("state", "=", "refused"), "|", ("supervisor_id", "=", uid), ("meeting_id.convener_id", "=", uid)],
            ),
        ]

    def _task_section(self, key, title, icon, domain, verbs=()):
        return self._section(
            key,
            title,
            icon,
            self.env["meeting.action.item"],
            domain,
            "deadline",
            lambda task: self._task_card(task, verbs),
        )

    def _task_card(self, task, verbs):
        due = task.deadline and self.env._("Due %s", format_date(self.env, task.deadline))
        return self._card(
            task,
            task.name,
            False,
            place=task.owner_id.name if task.owner_id != self.env.user else False,
            note=task.return_remarks or task.refusal_reason or due or False,
            late=bool(task.deadline and task.deadline < fields.Date.context_today(self)),
            buttons=self._verb_buttons(task, verbs),
        )

    def _verb_buttons(self, record, verbs):
        """Buttons of the verbs that the record admits now; the first is the usual one."""
        return [
            self._button(f"action_{verb}", label, primary=not position)
            for position, (verb, label) in enumerate(verbs)
            if record[f"can_{verb}"]
        ]
