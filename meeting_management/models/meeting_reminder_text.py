"""What a reminder says: the duty, its limit, how late it is, and which superior has been told (RE-2)."""

from odoo import models

from .meeting_reminder import parse_step

LIMITS = ("limit_soon", "limit_over")
ESCALATIONS = ("escalated", "escalated_owner")


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _with_limit(self, step, values):
        """Add what the views show of the clock behind a reminder (`notice_part_limit`)."""
        clock, _rule = self._notification_clock(step)
        if clock:
            clock = clock.with_env(self.env)
            values["limit"] = {
                "label": clock.display_name,
                "due": clock.due_text,
                "text": clock.left_text,
                "owner": clock.user_id.name,
                "escalated": clock.escalation_text,
            }
        return values

    def _limit_values(self, step):
        """The values of the steps that serve every kind of duty."""
        kind = parse_step(step)[0]
        clock, _rule = self._notification_clock(step)
        clock = clock.with_env(self.env)
        words = {"duty": clock.display_name, "name": self._limit_name()}
        over = (self.env._("Overdue"), "danger")
        texts = {
            "limit_soon": (
                self.env._("Due soon: %(duty)s – %(name)s", **words),
                self.env._("Something of a confidential meeting is due soon and waits for you."),
                (self.env._("Due soon"), "warning"),
            ),
            "limit_over": (
                self.env._("Overdue: %(duty)s – %(name)s", **words),
                self.env._("Something of a confidential meeting is overdue and waits for you."),
                over,
            ),
            "escalated": (
                self.env._("For your attention: %(duty)s – %(name)s", **words),
                self.env._("Something that one of your people owes to a confidential meeting is overdue."),
                over,
            ),
            "escalated_owner": (
                self.env._("Reported to your superiors: %(duty)s – %(name)s", **words),
                self.env._("Something that you owe to a confidential meeting is overdue and was reported."),
                over,
            ),
        }
        subject, neutral, badge = texts[kind]
        return {"subject": subject, "heading": subject, "neutral": neutral, "badge": badge}

    def _limit_name(self):
        return self.name


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_values(self, step):
        parsed = parse_step(step)
        if parsed and parsed[0] in (*LIMITS, *ESCALATIONS):
            return self._with_limit(step, {**self._limit_values(step), "author": self.company_id.partner_id})
        return self._with_limit(step, super()._notification_values(step))


class MeetingMinutes(models.Model):
    _inherit = "meeting.minutes"

    def _notification_values(self, step):
        parsed = parse_step(step)
        if parsed and parsed[0] in (*LIMITS, *ESCALATIONS):
            return self._with_limit(step, {**self._limit_values(step), "button": self.env._("Open the minutes")})
        return self._with_limit(step, super()._notification_values(step))


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    def _notification_values(self, step):
        parsed = parse_step(step)
        if parsed and parsed[0] in (*LIMITS, *ESCALATIONS):
            return self._with_limit(step, {**self._limit_values(step), "button": self.env._("Open the task")})
        return self._with_limit(step, super()._notification_values(step))


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _notification_values(self, step):
        parsed = parse_step(step)
        if parsed and parsed[0] in LIMITS:
            return self._with_limit(step, {**self._limit_values(step), "button": self.env._("Decide")})
        return super()._notification_values(step)

    def _limit_name(self):
        """Public facts only (CF-5)."""
        return self.room_id.name


class MeetingInspectionRound(models.Model):
    _inherit = "meeting.inspection.round"

    def _notification_values(self, step):
        parsed = parse_step(step)
        if parsed and parsed[0] in (*LIMITS, *ESCALATIONS):
            return self._with_limit(step, {**self._limit_values(step), "button": self.env._("Open the list")})
        return super()._notification_values(step)


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {
            "limit_soon": self.env._("Reminder: due soon"),
            "limit_over": self.env._("Reminder: overdue"),
            "escalated": self.env._("Report to a superior"),
            "escalated_owner": self.env._("Told that it was reported to a superior"),
        }
