"""Whom the minutes are sent to, and what their notices say. Sending is the notification chapter's business."""

from odoo import models

# Attendance states of people who were not in the room; they are told individually (MN-4).
ABSENT_STATES = ("absent", "excused", "represented")


class MeetingMinutes(models.Model):
    _inherit = "meeting.minutes"

    def _notify(self, step, partners):
        """Queue one notice of these minutes; nobody is told about what he did himself."""
        self.ensure_one()
        partners -= self.env.user.partner_id
        if partners:
            self.env["meeting.notification"]._queue(self, step, partners)

    def _void_notices(self, *steps):
        self.env["meeting.notification"]._void(self, list(steps))

    def _tell_readers(self):
        """Tell every participant, absentees in their own words, and the departments copied (MN-4, MN-7).

        The step carries the version, since the ledger sends each step to each person once."""
        self.ensure_one()
        participants = self.meeting_id.participant_ids
        participants.filtered("user_id").minutes_unread = True
        absent = participants.filtered(lambda p: p.attendance_state in ABSENT_STATES)
        copied = self._copied_partners() - participants.partner_id
        notice = self.env["meeting.notification"]
        notice._queue(self, f"publish:{self.version}", (participants - absent).partner_id)
        notice._queue(self, f"publish_absent:{self.version}", absent.partner_id)
        notice._queue(self, f"publish_copy:{self.version}", copied)

    def _copied_partners(self):
        """Heads of the departments copied. Confidential minutes have no copies (MN-9)."""
        if self.meeting_id.level not in ("public", "internal"):
            return self.env["res.partner"]
        managers = self.department_ids.manager_id
        return managers.user_id.partner_id | managers.filtered(lambda m: not m.user_id).work_contact_id

    def _reader_languages(self):
        """Languages the published PDF is made in: the publisher's, then those of the participants."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        wanted = [self.env.user.lang, *self.meeting_id.participant_ids.partner_id.mapped("lang")]
        return list(dict.fromkeys(lang for lang in wanted if lang in installed)) or installed[:1]

    def _pdf_name(self, lang=None, languages=()):
        suffix = f" {lang}" if len(languages) > 1 else ""
        version = f" v{self.version}" if self.version else ""
        return f"{self.number} {self.name}{version}{suffix}.pdf".replace("/", "-")

    def _meeting_stored_pdf(self, report_name):
        """Return the published PDF where printing means the valid version; None where the user works on a draft.

        A participant who prints it has read it (MN-4)."""
        self.ensure_one()
        if not self.version or self._is_drafted_by_user() or report_name != "meeting_management.report_minutes":
            return None
        self._mark_read()
        valid = self.revision_ids.filtered(lambda revision: revision.version == self.version)
        return valid._pdf_for_user(self.env.user)

    # ------------------------------------------------------------------ what the ledger asks

    def _notification_still_due(self, step, partners):
        kind, _sep, detail = step.partition(":")
        none = partners.browse()
        if kind == "minutes_due":
            return partners if self.state == "draft" and not self.submitted_at else none
        if kind == "minutes_review":
            return partners if self.state == "in_review" and detail == str(self.review_round) else none
        return super()._notification_still_due(step, partners)

    def _notification_values(self, step):
        kind = step.partition(":")[0]
        name = self.name
        texts = {
            "minutes_due": (
                self.env._("Please write the minutes: %s", name),
                self.env._("The minutes of a meeting are yours to write."),
                None,
            ),
            "minutes_overdue": (
                self.env._("Minutes overdue: %s", name),
                self.env._("The minutes of a meeting are overdue."),
                (self.env._("Overdue"), "danger"),
            ),
            "minutes_review": (
                self.env._("Please review the minutes: %s", name),
                self.env._("Minutes wait for your review."),
                None,
            ),
            "minutes_approved": (
                self.env._("Minutes approved, please publish: %s", name),
                self.env._("Your minutes were approved."),
                (self.env._("Approved"), "success"),
            ),
            "minutes_sent_back": (
                self.env._("Minutes sent back: %s", name),
                self.env._("Your minutes were sent back with remarks."),
                (self.env._("Sent back"), "warning"),
            ),
            "publish": (self.env._("Minutes: %s", name), self.env._("The minutes of a meeting are published."), None),
            "publish_absent": (
                self.env._("Minutes of the meeting you missed: %s", name),
                self.env._("The minutes of a meeting are published."),
                None,
            ),
            "publish_copy": (
                self.env._("Minutes for your department: %s", name),
                self.env._("The minutes of a meeting are published."),
                None,
            ),
            "unread": (
                self.env._("Please read the minutes: %s", name),
                self.env._("Minutes wait to be read by you."),
                (self.env._("Not read yet"), "warning"),
            ),
        }
        headline, neutral, badge = texts[kind]
        if kind.startswith("publish"):
            if self.version > 1:
                badge = (self.env._("Corrected, version %s", self.version), "warning")
            elif self.urgency == "urgent":
                badge = (self.env._("Urgent"), "danger")
        participants = self.meeting_id.participant_ids
        return {
            "subject": headline,
            "heading": headline,
            "neutral": neutral,
            "badge": badge,
            "button": self.env._("Open the minutes"),
            "minutes": self,
            "is_corrected": self.version > 1,
            "resolutions": self.meeting_id.resolution_ids.filtered(lambda r: r.state == "adopted"),
            "tasks": self.meeting_id.action_item_ids.filtered(lambda task: task.state != "cancelled"),
            "absent": participants.filtered(lambda p: p.attendance_state in ABSENT_STATES),
        }


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {
            "minutes_due": self.env._("Minutes to be written"),
            "minutes_overdue": self.env._("Reminder: minutes overdue"),
            "minutes_review": self.env._("Minutes to be reviewed"),
            "minutes_approved": self.env._("Minutes approved"),
            "minutes_sent_back": self.env._("Minutes sent back"),
            "publish": self.env._("Minutes published"),
            "publish_absent": self.env._("Minutes published (to absentees)"),
            "publish_copy": self.env._("Minutes published (copy)"),
            "unread": self.env._("Reminder: minutes unread"),
            "task_assigned": self.env._("Task assigned"),
            "task_start": self.env._("Reminder: task not started"),
            "task_due": self.env._("Reminder: task due soon"),
            "task_overdue": self.env._("Reminder: task overdue"),
            "task_submitted": self.env._("Result to be accepted"),
            "task_returned": self.env._("Result returned"),
            "task_accepted": self.env._("Result accepted"),
            "task_refused": self.env._("Task refused"),
            "task_help": self.env._("Help needed with a task"),
            "task_withdrawn": self.env._("Task taken back"),
            "task_cancelled": self.env._("Task cancelled"),
        }
