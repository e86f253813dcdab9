"""What can be done to minutes and tasks by link: decide, confirm, acknowledge, report, judge (MN-3, MN-4, RS-2, RS-4,
RS-6)."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

REPORTING = ("acknowledged", "in_progress", "returned")


class MeetingMinutes(models.Model):
    _inherit = "meeting.minutes"

    _link_verbs = ("approve", "send_back", "mark_read")

    def _link_offers(self, kind, user):
        if kind == "minutes_review" and self.state == "in_review":
            return [("approve", self.env._("Approve")), ("send_back", self.env._("Send back"))]
        if kind in ("publish", "publish_absent", "unread") and not self._must_sign(user):
            line = self.meeting_id.participant_ids.filtered(lambda line: line.user_id == user)
            if line and line.minutes_read_version < self.version:
                return [("mark_read", self.env._("I have read the minutes"))]
        return []

    def _must_sign(self, user):
        return user.partner_id in self.meeting_id._waiting_to_sign().partner_id

    def _link_occasion(self, verb):
        return str(self.version if verb == "mark_read" else self.review_round)

    def _link_words(self, verb):
        return {
            "approve": {
                "question": self.env._("You approve these minutes. They can be published then."),
                "button": self.env._("Approve"),
                "done": self.env._("Approved. The minute taker is told to publish them."),
            },
            "send_back": {
                "question": self.env._("You send the minutes back to be corrected."),
                "button": self.env._("Send back"),
                "done": self.env._("Sent back. The minute taker reads your remarks."),
                "style": "danger",
                "reason": "required",
                "reason_label": self.env._("What has to be corrected?"),
                "missing": self.env._("Please write your remarks: the minute taker corrects by them."),
            },
            "mark_read": {
                "question": self.env._("You confirm that you have read these minutes."),
                "button": self.env._("I have read the minutes"),
                "done": self.env._("It is noted that you have read the minutes."),
            },
        }[verb]

    def _link_meanwhile(self, verb):
        if verb == "approve" and self.approved_at and self.state in ("approved", "published", "archived"):
            # sudo: who approved, which every reader of the minutes sees on them
            name = self.sudo().approved_by_id.name
            return self.env._("Meanwhile they were approved: %s.", self._own_words(name, self.approved_at))
        if verb == "mark_read" and self.has_read:
            return self.env._("You have already confirmed that you read version %s.", self.version)
        return super()._link_meanwhile(verb)

    def _link_content(self):
        return {**super()._link_content(), "title": f"{self.number or ''} {self.name}".strip()}


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    _link_verbs = ("acknowledge", "refuse", "report", "accept", "return")

    def _link_offers(self, kind, user):
        if kind == "task_submitted" and self.state == "submitted":
            return [("accept", self.env._("Accept the result")), ("return", self.env._("Return"))]
        if kind not in ("task_assigned", "task_start", "task_due", "task_overdue", "task_returned"):
            return []
        if self.state == "assigned" and self.owner_id == user:
            return [("acknowledge", self.env._("Acknowledge")), ("refuse", self.env._("Refuse"))]
        if self.state in REPORTING and user in (self.owner_id | self.assistant_ids):
            return [("report", self.env._("Report progress"))]
        return []

    def _link_occasion(self, verb):
        return str(self.submit_round if verb in ("accept", "return") else self.assign_round)

    def _link_expiry(self, verb):
        if verb == "report":
            return fields.Datetime.now() + timedelta(days=60)
        return super()._link_expiry(verb)

    def _link_words(self, verb):
        return {
            "acknowledge": {
                "question": self.env._("You take this task on."),
                "button": self.env._("Acknowledge"),
                "done": self.env._("The task is yours. Report progress by reply to its mails, or here."),
            },
            "refuse": {
                "question": self.env._("You refuse this task. It goes back to those who run the meeting."),
                "button": self.env._("Refuse"),
                "done": self.env._("Refused. Those who run the meeting read your reason."),
                "style": "danger",
                "reason": "required",
                "reason_label": self.env._("Why can you not take it on?"),
                "missing": self.env._("Please give a reason: another owner is found by it."),
            },
            "report": {
                "question": self.env._("You report how far the task is."),
                "button": self.env._("Report"),
                "done": self.env._("Your report is in. Thank you."),
                "percentage": self.progress,
                "repeatable": True,
            },
            "accept": {
                "question": self.env._("You accept the result. The task is done."),
                "button": self.env._("Accept the result"),
                "done": self.env._("Accepted. Everybody concerned is told."),
            },
            "return": {
                "question": self.env._("You return the result to its owner."),
                "button": self.env._("Return"),
                "done": self.env._("Returned. The owner reads what is missing."),
                "style": "danger",
                "reason": "required",
                "reason_label": self.env._("What is missing?"),
                "missing": self.env._("Please write what is missing: the owner works by it."),
            },
        }[verb]

    def _link_do(self, verb, values):
        if verb != "report":
            return super()._link_do(verb, values)
        return self._report({name: values.get(name) for name in ("percentage", "text", "problems", "help_needed")})

    def _link_meanwhile(self, verb):
        # sudo: names and times that every reader of the task sees on it
        task = self.sudo()
        if task.state == "accepted":
            return self.env._(
                "Meanwhile the result was accepted: %s.", self._own_words(task.accepted_by_id.name, task.accepted_at)
            )
        if verb in ("acknowledge", "refuse") and task.owner_id != self.env.user:
            return self.env._("Meanwhile the task is with %s.", task.owner_id.name or "–")
        if verb in ("acknowledge", "refuse") and task.acknowledged_at and task.state != "refused":
            return self.env._(
                "Meanwhile it was acknowledged: %s.", self._own_words(task.owner_id.name, task.acknowledged_at)
            )
        return super()._link_meanwhile(verb)

    def _link_content(self):
        # sudo: dates and words of a task the reader may read, which the caller has checked
        task = self.sudo()
        facts = [
            (self._fields["goal"]._description_string(self.env), task.goal),
            (self._fields["standard"]._description_string(self.env), task.standard),
            (self._fields["owner_id"]._description_string(self.env), task.owner_id.name),
            (self._fields["supervisor_id"]._description_string(self.env), task.supervisor_id.name),
            (
                self._fields["deadline"]._description_string(self.env),
                task.deadline and format_date(self.env, task.deadline),
            ),
        ]
        if task.state == "submitted":
            facts.append((self._fields["result"]._description_string(self.env), task.result))
        return {"title": task.name, "facts": [fact for fact in facts if fact[1]], "text": False}
