"""What is owed of a task: that it is acknowledged, begun, reported on, done and accepted (RS-2 to RS-4, RS-6)."""

from odoo import api, fields, models

from .meeting_clock import MeetingClock as Clock

NOT_HANDED_IN = ("assigned", "acknowledged", "in_progress", "returned")


class MeetingType(models.Model):
    _inherit = "meeting.type"

    acknowledge_hours = fields.Integer(
        "Acknowledge Within", default=8, help="Working hours within which an owner answers for his task. 0: no limit."
    )
    report_days = fields.Integer(
        "Report Every", default=5, help="Working days after which the owner of a task reports again. 0: not asked for."
    )
    acceptance_hours = fields.Integer(
        "Accept Within", default=16, help="Working hours within which a result is accepted or returned. 0: no limit."
    )

    _task_times_positive = models.Constraint(
        "CHECK (acknowledge_hours >= 0 AND report_days >= 0 AND acceptance_hours >= 0)",
        "Times for tasks cannot be negative; 0 means no limit.",
    )


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    _day_kinds = Clock._day_kinds | {"task_start", "task_report", "task_due"}

    @api.model
    def _kinds(self):
        one = {"model": "meeting.action.item", "before": "limit_soon", "after": "limit_over", "escalates": True}
        return super()._kinds() | {
            "task_acknowledge": {
                "label": self.env._("Task to be acknowledged"),
                "due": self.env._("the task has to be acknowledged"),
                "start": self.env._("the task was assigned"),
                "pausable": True,
                **one,
            },
            "task_start": {
                "label": self.env._("Task to be started"),
                "due": self.env._("work on the task has to have begun"),
                "start": self.env._("the task was assigned"),
                **one,
                "after": "task_start",
            },
            "task_report": {
                "label": self.env._("Progress to be reported"),
                "due": self.env._("the next report is due"),
                "start": self.env._("the last report"),
                "pausable": True,
                **one,
            },
            "task_due": {
                "label": self.env._("Task to be done"),
                "due": self.env._("the task is due"),
                "start": self.env._("the task was assigned"),
                **one,
                "before": "task_due",
                "after": "task_overdue",
            },
            "acceptance": {
                "label": self.env._("Result to be accepted"),
                "due": self.env._("acceptance of the result is due"),
                "start": self.env._("the result was handed in"),
                "pausable": True,
                **one,
            },
        }


class MeetingActionItem(models.Model):
    _name = "meeting.action.item"
    _inherit = ["meeting.action.item", "meeting.clock.mixin"]

    _clock_fields = frozenset(
        (
            *("state", "assigned_at", "started_at", "start_due", "deadline", "progress", "owner_id", "supervisor_id"),
            *("assistant_ids", "urgency", "submitted_at"),
        )
    )

    def _clocks(self, time):
        """A task due on a day is late when that day has ended where its owner works."""
        kind = self.meeting_id.type_id
        company = self.company_id
        if self.state == "submitted" and kind.acceptance_hours:
            worker = time.worker(self.supervisor_id, company)
            due = time.add_hours(worker, self.submitted_at, kind.acceptance_hours)
            owed = {"kind": "acceptance", "key": self.submit_round, "user": self.supervisor_id, "working": True}
            return [{**owed, "started": self.submitted_at, "due": due}]
        if not self.assigned_at or self.state not in NOT_HANDED_IN:
            return []
        owner = time.worker(self.owner_id, company)
        mine = {"key": self.assign_round, "user": self.owner_id, "started": self.assigned_at}
        duties = []
        if self.state == "assigned" and kind.acknowledge_hours:
            due = time.add_hours(owner, self.assigned_at, kind.acknowledge_hours)
            duties.append({"kind": "task_acknowledge", "due": due, "working": True, **mine})
        if self.state in ("assigned", "acknowledged") and self.start_due:
            duties.append({"kind": "task_start", "due": time.end_of_day(owner, self.start_due), **mine})
        if self.state in ("in_progress", "returned") and kind.report_days:
            last = max(self.report_ids.mapped("create_date"), default=self.started_at or self.assigned_at)
            day = time.day_of(owner, time.day_after(owner, last, kind.report_days))
            report = {**mine, "started": last, "working": True}
            duties.append({"kind": "task_report", "due": time.end_of_day(owner, day), **report})
        if self.deadline:
            duties.append({"kind": "task_due", "due": time.end_of_day(owner, self.deadline), **mine})
        return duties

    def _clock_users(self):
        return self.owner_id | self.supervisor_id

    def _clock_type(self):
        return self.meeting_id.type_id

    def _clock_people(self, clock, role):
        if role == "supervisor":
            return self.supervisor_id.partner_id
        if role == "assistants":
            return self.assistant_ids.partner_id
        return self.meeting_id._clock_officers(role) or super()._clock_people(clock, role)

    def _clock_supervisors(self, clock):
        return self.supervisor_id - clock.user_id

    def _clock_is_dropped(self, clock):
        """Taken back, refused or cancelled: it was not met, and nobody was late."""
        given_up = self.state == "refused" and clock.kind != "task_acknowledge"
        return self.state == "cancelled" or not self.assigned_at or given_up
