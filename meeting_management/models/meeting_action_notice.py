"""When the people of a task hear of it: clocks in the company's working time, steps, and what each message says."""

from datetime import datetime, time, timedelta

import pytz
from odoo import fields, models

from .meeting_action_item import OPEN_STATES

MORNING = time(9)  # reminders of a day leave at the start of that day's work


class MeetingType(models.Model):
    _inherit = "meeting.type"

    task_reminder_days = fields.Integer(
        "Remind of Tasks (days before)",
        default=1,
        help="Days before a task's deadline at which its owner is reminded; 0 for never.",
    )


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    # ------------------------------------------------------------------ clocks

    def _timezone(self):
        company = self.company_id
        return pytz.timezone(company.resource_calendar_id.tz or company.partner_id.tz or "UTC")

    def _morning(self, day):
        """Return the start of work on `day` in the company's time zone, as naive UTC."""
        return self._timezone().localize(datetime.combine(day, MORNING)).astimezone(pytz.utc).replace(tzinfo=None)

    def _start_due(self, assigned_at):
        """RS-3: the last of the N working days that follow `assigned_at`, by the company's calendar and its holidays.

        :returns: a date, or False where the meeting's policy names no such limit"""
        days = self.meeting_id.start_within_days
        if days <= 0:
            return False
        tz = self._timezone()
        tomorrow = pytz.utc.localize(assigned_at).astimezone(tz).date() + timedelta(days=1)
        calendar = self.company_id.resource_calendar_id
        end = calendar and calendar.plan_days(
            days, tz.localize(datetime.combine(tomorrow, time.min)), compute_leaves=True
        )
        return end.astimezone(tz).date() if end else tomorrow + timedelta(days=days - 1)

    # ------------------------------------------------------------------ steps

    def _notify(self, step, partners):
        """Queue one notice of this task; nobody is told about what he did himself."""
        self.ensure_one()
        self.env["meeting.notification"]._queue(self, step, partners - self.env.user.partner_id)

    def _queue_assignment(self):
        """Tell owner and assistants, and wind the clocks: late start (RS-3), deadline (RE-2)."""
        self.ensure_one()
        queue = self.env["meeting.notification"]._queue
        queue(self, f"task_assigned:{self.assign_round}", (self.owner_id | self.assistant_ids).partner_id)
        if self.start_due:
            queue(
                self,
                f"task_start:{self.assign_round}",
                self.owner_id.partner_id,
                due=self._morning(self.start_due + timedelta(days=1)),
            )
        self._queue_deadline()

    def _queue_deadline(self):
        """The step carries the date: a deadline that moves makes its old reminders void and gets new ones."""
        self.ensure_one()
        queue = self.env["meeting.notification"]._queue
        key = f"{self.assign_round}:{self.deadline}"
        days = self.meeting_id.type_id.task_reminder_days
        remind_at = self._morning(self.deadline - timedelta(days=days))
        if days > 0 and remind_at > fields.Datetime.now():
            queue(self, f"task_due:{key}", (self.owner_id | self.assistant_ids).partner_id, due=remind_at)
        queue(
            self,
            f"task_overdue:{key}",
            (self.owner_id | self.supervisor_id).partner_id,
            due=self._morning(self.deadline + timedelta(days=1)),
        )

    def _follow_deadline(self):
        """The deadline of tasks already handed out has moved: their reminders and their owner's activity follow."""
        for (
            task
        ) in self.sudo():  # sudo: the activity is the owner's; the date was written under the writer's own rights
            if task.state in OPEN_STATES and task.deadline:
                self.env["meeting.notification"]._void(task, ["task_due", "task_overdue"])
                task._queue_deadline()
                task.activity_reschedule(["meeting_management.mail_activity_task"], date_deadline=task.deadline)

    # ------------------------------------------------------------------ what the ledger asks

    def _notification_still_due(self, step, partners):
        kind, _sep, detail = step.partition(":")
        none = partners.browse()
        if kind == "task_assigned":
            return partners if self.state == "assigned" and self.assigned_at else none
        if kind == "task_start":
            return partners if self.state in ("assigned", "acknowledged") and detail == str(self.assign_round) else none
        if kind in ("task_due", "task_overdue"):
            working = self.state in ("assigned", "acknowledged", "in_progress", "returned") and self.assigned_at
            return partners if working and detail == f"{self.assign_round}:{self.deadline}" else none
        if kind == "task_submitted":
            return partners if self.state == "submitted" else none
        return partners

    def _notification_allowed(self, step, partners):
        if step.startswith("task_withdrawn"):
            return partners  # whoever has just lost the task; the message says no more than that
        return super()._notification_allowed(step, partners)

    def _notification_values(self, step):
        """Each step's headline, its neutral sentence for confidential meetings, and the facts the views draw."""
        kind = step.partition(":")[0]
        name = self.name
        texts = {
            "task_assigned": (
                self.env._("Task for you: %s", name),
                self.env._("A task from a meeting has been assigned to you."),
                None,
            ),
            "task_start": (
                self.env._("Not started yet: %s", name),
                self.env._("Work on one of your tasks should have started."),
                "warning",
            ),
            "task_due": (self.env._("Due soon: %s", name), self.env._("One of your tasks is due soon."), "warning"),
            "task_overdue": (self.env._("Overdue: %s", name), self.env._("A task is overdue."), "danger"),
            "task_submitted": (
                self.env._("Please accept the result: %s", name),
                self.env._("The result of a task waits for you."),
                None,
            ),
            "task_returned": (
                self.env._("Result returned: %s", name),
                self.env._("The result of your task was returned."),
                "warning",
            ),
            "task_accepted": (
                self.env._("Done: %s", name),
                self.env._("The result of a task was accepted."),
                "success",
            ),
            "task_refused": (self.env._("Task refused: %s", name), self.env._("An owner refused a task."), "warning"),
            "task_help": (
                self.env._("Help needed: %s", name),
                self.env._("An owner asks for help with a task."),
                "warning",
            ),
            "task_withdrawn": (self.env._("No longer your task: %s", name), self.env._("A task was taken back."), None),
            "task_cancelled": (self.env._("Task cancelled: %s", name), self.env._("A task was cancelled."), None),
        }
        headline, neutral, colour = texts[kind]
        badges = {
            "task_overdue": self.env._("Overdue"),
            "task_start": self.env._("Late start"),
            "task_due": self.env._("Due soon"),
            "task_accepted": self.env._("Result accepted"),
            "task_refused": self.env._("Refused"),
            "task_returned": self.env._("Returned"),
            "task_help": self.env._("Help needed"),
        }
        badge = (badges[kind], colour) if kind in badges else None
        if not badge and self.urgency == "urgent":
            badge = (self.env._("Urgent"), "danger")
        last = self.report_ids.sorted("id")[-1:]
        return {
            "subject": headline,
            "heading": headline,
            "neutral": neutral,
            "badge": badge,
            "button": self.env._("Open the task"),
            "task": self,
            "deadline": self.deadline,
            "start_due": self.start_due,
            "last_report": last,
            "late_days": max((fields.Date.context_today(self) - self.deadline).days, 0) if self.deadline else 0,
        }
