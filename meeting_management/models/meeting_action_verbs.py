"""What people do with a task, each deed with the predicate that admits it."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list

from .meeting_action_item import OPEN_STATES
from .meeting_clock import one_deed

ACTIVITY = "meeting_management.mail_activity_task"


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    _verbs = ("assign", "take_back", "acknowledge", "refuse", "report", "submit_result", "accept", "return", "cancel")
    _reason_verbs = ("refuse", "return", "cancel")

    can_assign = fields.Boolean(compute="_compute_can")
    can_take_back = fields.Boolean(compute="_compute_can")
    can_acknowledge = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")
    can_report = fields.Boolean(compute="_compute_can")
    can_submit_result = fields.Boolean(compute="_compute_can")
    can_accept = fields.Boolean(compute="_compute_can")
    can_return = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    # ------------------------------------------------------------------ predicates

    def _refusal_waiting(self):
        if self.is_waiting:
            return UserError(
                self.env._(
                    "“%s” has not been handed out yet: that happens when the minutes are published, or with "
                    "Assign Now.",
                    self.name,
                )
            )
        return None

    def _refusal_owner(self, helpers=False):
        people = self.owner_id | self.assistant_ids if helpers else self.owner_id
        if self.env.user not in people:
            return AccessError(
                self.env._(
                    "“%(task)s” is a task of %(owner)s: only the owner does this.",
                    task=self.name,
                    owner=self.owner_id.name or "–",
                )
            )
        return None

    def _refusal_runner(self):
        if not self.is_editable and self.env.user != self.supervisor_id:
            return AccessError(
                self.env._(
                    "Only those who run the meeting, or the supervisor %s, may do this. Ask one of them.",
                    self.supervisor_id.name or "–",
                )
            )
        return None

    def _refusal_supervisor(self):
        """RS-6: the supervisor or the chair accepts, and never the owner."""
        # sudo: the chair's name, which the owner may see on the minutes; the meeting itself may be closed to
        # a supervisor
        chair = self.sudo().meeting_id.chair_id
        user = self.env.user
        if user == self.owner_id:
            return AccessError(self.env._("You own “%s”, so somebody else has to accept it.", self.name))
        if user not in (self.supervisor_id | chair):
            return AccessError(
                self.env._(
                    "Only the supervisor %(supervisor)s or the chair %(chair)s judges the result of “%(task)s”. "
                    "Ask one of them.",
                    supervisor=self.supervisor_id.name or "–",
                    chair=chair.name or "–",
                    task=self.name,
                )
            )
        return None

    def _refusal_assign(self):
        refusal = self._refusal_wrong_state("assigned", "refused") or self._refusal_runner()
        if not refusal and self.state == "assigned" and self.assigned_at:
            return UserError(
                self.env._("“%(task)s” is already with %(owner)s.", task=self.name, owner=self.owner_id.name)
            )
        return refusal

    def _refusal_take_back(self):
        if self.state == "assigned" and self.assigned_at:
            return self._refusal_runner()
        return self._refusal_wrong_state("acknowledged", "in_progress", "returned") or self._refusal_runner()

    def _refusal_acknowledge(self):
        return self._refusal_wrong_state("assigned") or self._refusal_waiting() or self._refusal_owner()

    def _refusal_refuse(self):
        return self._refusal_wrong_state("assigned") or self._refusal_waiting() or self._refusal_owner()

    def _refusal_report(self):
        return self._refusal_wrong_state("acknowledged", "in_progress", "returned") or self._refusal_owner(helpers=True)

    def _refusal_submit_result(self):
        return self._refusal_wrong_state("acknowledged", "in_progress", "returned") or self._refusal_owner()

    def _refusal_accept(self):
        return self._refusal_wrong_state("submitted") or self._refusal_supervisor()

    def _refusal_return(self):
        return self._refusal_wrong_state("submitted") or self._refusal_supervisor()

    def _refusal_cancel(self):
        return self._refusal_wrong_state(*OPEN_STATES) or self._refusal_runner()

    # ------------------------------------------------------------------ verbs

    def action_assign(self):
        """Hand the task out now, without waiting for the minutes; after a refusal, to whoever is its owner by now."""
        self._demand("assign")
        self._check_assignable()
        self._assign()

    @one_deed
    def action_take_back(self):
        """Take the task from its owner, so that it can go to somebody else."""
        self._demand("take_back")
        for (
            task
        ) in self.sudo():  # sudo: a supervisor does it without being a writer of the task; the predicate admitted him
            former = task.owner_id
            task._close_activities()
            if task.state != "assigned":
                task._transition("assigned")
            task.write({"assigned_at": False, "acknowledged_at": False, "start_due": False})
            task._notify(f"task_withdrawn:{task.assign_round}", former.partner_id)
            task.message_unsubscribe(former.partner_id.ids)

    def _check_assignable(self):
        """:raises ValidationError: naming every task that lacks an owner, a supervisor or a deadline."""
        lacking = []
        for task in self:
            missing = [
                task._fields[name]._description_string(self.env)
                for name in ("owner_id", "supervisor_id", "deadline")
                if not task[name]
            ]
            if missing:
                lacking.append(
                    self.env._("• %(task)s: %(missing)s", task=task.name, missing=format_list(self.env, missing))
                )
        if lacking:
            raise ValidationError(
                self.env._(
                    "These tasks cannot be handed out yet. Fill in what is missing, or delete the task:\n%s",
                    "\n".join(lacking),
                )
            )

    @one_deed
    def _assign(self):
        """Hand the tasks out: tell the owners, give each an activity, start the clocks (RS-1, RS-3).

        Access has been checked by the verb that calls this (Assign Now, or publishing the minutes)."""
        now = fields.Datetime.now()
        for (
            task
        ) in self.sudo():  # sudo: the clocks are facts no client may set, and the activity belongs to somebody else
            if task.state == "refused":
                task._transition("assigned")
            task.write(
                {
                    "assigned_at": now,
                    "assign_round": task.assign_round + 1,
                    "start_due": task._start_due(now),
                    "refusal_reason": False,
                }
            )
            # The ledger tells the owner; the activity's own mail would tell him twice.
            task.with_context(mail_activity_quick_update=True).activity_schedule(
                ACTIVITY, task.deadline, summary=task.name, user_id=task.owner_id.id
            )
            task._queue_assignment()

    @one_deed
    def action_acknowledge(self):
        """The owner takes the task on (RS-2)."""
        self._demand("acknowledge")
        for task in self.sudo():  # sudo: the owner's own answer on his own task
            task.acknowledged_at = fields.Datetime.now()
            task._transition("acknowledged")

    @one_deed
    def action_refuse(self, reason=None):
        """The owner refuses (RS-2); the task goes back to those who run the meeting. Without a reason, asks for it."""
        self._demand("refuse")
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "refuse", self.env._("Refuse the Task"))
        for task in self.sudo():  # sudo: the owner's own answer on his own task
            task.refusal_reason = reason
            task._transition("refused")
            task._close_activities()
            self.env["meeting.reason.wizard"]._log(task, self.env._("Refused by the owner:"), reason)
            task._notify(
                f"task_refused:{task.assign_round}", (task.supervisor_id | task.meeting_id.convener_id).partner_id
            )
        return True

    def action_report(self):
        """Ask the owner or an assistant for a progress report (RS-4)."""
        self._demand("report")
        return self.env["meeting.action.report.wizard"]._open(self, "progress")

    def action_submit_result(self):
        """Ask the owner for the result report with its evidence (RS-6)."""
        self._demand("submit_result")
        return self.env["meeting.action.report.wizard"]._open(self, "result")

    @one_deed
    def _report(self, values):
        """Record a progress report; the first one starts the work.

        :param values: fields of `meeting.action.report`"""
        self._demand("report")
        self.ensure_one()
        task = self.sudo()  # sudo: owner and assistants report on their own task; the predicate admitted them
        report = task.env["meeting.action.report"].create(
            {**values, "action_item_id": task.id, "author_id": self.env.uid, "kind": "progress"}
        )
        task.progress = report.percentage
        if task.state != "in_progress":
            task.started_at = task.started_at or fields.Datetime.now()
            task._transition("in_progress")
        if report.help_needed:
            task._notify(f"task_help:{report.id}", (task.supervisor_id | task.meeting_id.convener_id).partner_id)
        return report

    @one_deed
    def _submit_result(self, values, attachments):
        """Record the result report and its evidence, and ask the supervisor to judge it.

        :param attachments: files the owner uploaded; they follow the task's access from now on"""
        self._demand("submit_result")
        self.ensure_one()
        task = self.sudo()  # sudo: the owner's own result; the predicate admitted him
        report = task.env["meeting.action.report"].create(
            {**values, "percentage": 100, "action_item_id": task.id, "author_id": self.env.uid, "kind": "result"}
        )
        attachments.sudo().write(
            {"res_model": task._name, "res_id": task.id}
        )  # the wizard checked that they are the owner's
        task.write(
            {
                "progress": 100,
                "result": report.text,
                "result_attachment_ids": [fields.Command.set(attachments.ids)],
                "submitted_at": fields.Datetime.now(),
                "submit_round": task.submit_round + 1,
                "return_remarks": False,
                "started_at": task.started_at or fields.Datetime.now(),
            }
        )
        task._transition("submitted")
        task._notify(f"task_submitted:{task.submit_round}", task.supervisor_id.partner_id)
        return report

    def action_accept(self):
        """The supervisor or the chair accepts the result; all participants are told (RS-6)."""
        self._demand("accept")
        for task in self.sudo():  # sudo: a supervisor judges without being a writer of the task
            task.write({"accepted_at": fields.Datetime.now(), "accepted_by_id": self.env.uid})
            task._transition("accepted")
            task._close_activities()
            people = task.meeting_id.participant_ids.partner_id | (task.owner_id | task.assistant_ids).partner_id
            task._notify("task_accepted", people)

    @one_deed
    def action_return(self, reason=None):
        """The supervisor or the chair returns the result with remarks. Without remarks, asks for them first."""
        self._demand("return")
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "return", self.env._("Return the Result"))
        for task in self.sudo():  # sudo: as in action_accept
            task.write({"return_remarks": reason, "progress": min(task.progress, 99)})
            task._transition("returned")
            self.env["meeting.reason.wizard"]._log(task, self.env._("Result returned:"), reason)
            task._notify(f"task_returned:{task.submit_round}", task.owner_id.partner_id)
        return True

    def action_cancel(self, reason=None):
        """Those who run the meeting give the task up, with a reason. Without one, asks for it first."""
        self._demand("cancel")
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "cancel", self.env._("Cancel the Task"))
        for task in self.sudo():  # sudo: as in action_take_back
            task.cancel_reason = reason
            task._transition("cancelled")
            task._close_activities()
            self.env["meeting.notification"]._void(task)
            self.env["meeting.reason.wizard"]._log(task, self.env._("Cancelled:"), reason)
            if task.assigned_at:
                task._notify("task_cancelled", (task.owner_id | task.assistant_ids).partner_id)
        return True

    def _close_activities(self):
        """The owner's activity is done when the task is accepted, and gone when the task leaves him otherwise."""
        if self.state == "accepted":
            self.activity_feedback([ACTIVITY])
        else:
            self.activity_unlink([ACTIVITY])
