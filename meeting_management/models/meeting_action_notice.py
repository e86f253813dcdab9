"""What the people of a task are told, and by when work on it has to begin. Its reminders are the engine's business."""

from odoo import fields, models

from .meeting_action_item import OPEN_STATES
from .meeting_working_time import WorkingTime


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    # ------------------------------------------------------------------ dates

    def _start_due(self, assigned_at):
        """RS-3: the last of the N working days that follow `assigned_at`, by the company's calendar and its holidays.

        :returns: a date, or False where the meeting's policy names no such limit"""
        days = self.meeting_id.start_within_days
        if days <= 0:
            return False
        time = WorkingTime(self.env)
        office = time.worker(None, self.company_id)
        return time.day_of(office, time.day_after(office, assigned_at, days))

    # ------------------------------------------------------------------ steps

    def _notify(self, step, partners):
        """Queue one notice of this task; nobody is told about what he did himself."""
        self.ensure_one()
        self.env["meeting.notification"]._queue(self, step, partners - self.env.user.partner_id)

    def _queue_assignment(self):
        """Tell owner and assistants; their limits follow the facts of the task by themselves."""
        self.ensure_one()
        people = (self.owner_id | self.assistant_ids).partner_id
        self.env["meeting.notification"]._queue(self, f"task_assigned:{self.assign_round}", people)

    def _follow_deadline(self):
        """The deadline of tasks already handed out has moved: their owner's activity follows."""
        for (
            task
        ) in self.sudo():  # sudo: the activity is the owner's; the date was written under the writer's own rights
            if task.state in OPEN_STATES and task.deadline:
                task.activity_reschedule(["meeting_management.mail_activity_task"], date_deadline=task.deadline)

    # ------------------------------------------------------------------ what the ledger asks

    def _notification_still_due(self, step, partners):
        kind = step.partition(":")[0]
        none = partners.browse()
        if kind == "task_assigned":
            return partners if self.state == "assigned" and self.assigned_at else none
        if kind == "task_submitted":
            return partners if self.state == "submitted" else none
        return super()._notification_still_due(step, partners)

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
            "task_refused": self.env._("Refused by the owner"),
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
