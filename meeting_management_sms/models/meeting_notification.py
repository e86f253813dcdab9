"""Text messages: a row of the ledger of its own for each, so that it is sent once and its failure is seen (RE-3, RE-4).

The row ``sms:change:3`` is the text message that goes with ``change:3``. It says when, and of a meeting that is not
confidential what; nothing else travels over the telephone network (CF-1).
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.meeting_management.models.meeting_message_kind import kind_of
from odoo.addons.meeting_management.said import moment_said
from odoo.fields import Command
from odoo.tools import SQL

URGENT = ("change", "cancel")
LONGEST = 140
"""Characters of a text; two short messages in Chinese."""


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    reason = fields.Selection(selection_add=[("no_phone", "The contact has no valid phone number")])

    def _step_labels(self):
        return super()._step_labels() | {"sms": self.env._("Text message")}

    @api.depends("step")
    def _compute_step_label(self):
        texts = self.filtered(lambda row: (row.step or "").startswith("sms:"))
        super(MeetingNotification, self - texts)._compute_step_label()
        for row in texts:
            row.step_label = self.env._(
                "Text message: %s", self.new({"step": row.step.removeprefix("sms:")}).step_label
            )

    def _wanted_channels(self, profiles):
        """Who chose it gets what is urgent as a text message as well."""
        channels = super()._wanted_channels(profiles)
        wishful = self.filtered(lambda row: profiles[row.partner_id.id]["wishes"].get("sms"))
        for row in wishful.filtered(lambda row: kind_of(row.step) in URGENT) | wishful._last_reminders():
            channels[row.id].add("sms")
        return channels

    def _last_reminders(self):
        """:return: those of these rows after which their recipient is not reminded of the meeting again"""
        reminders = self.filtered(lambda row: kind_of(row.step) == "remind")
        if not reminders:
            return reminders
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT r.id FROM meeting_notification r WHERE r.id = ANY(%s) AND NOT EXISTS (
                     SELECT FROM meeting_notification n
                      WHERE n.res_model = r.res_model AND n.res_id = r.res_id AND n.partner_id = r.partner_id
                        AND n.state = 'pending' AND n.step LIKE 'remind:%%' AND n.due > r.due)""",
                reminders.ids,
            )
        )
        return self.browse([row[0] for row in found])

    def _leave_besides(self, channels):
        super()._leave_besides(channels)
        now = fields.Datetime.now()
        wanted = self.filtered(lambda row: "sms" in channels.get(row.id, ()) and row.state == "pending")
        self._queue_rows(
            [(record, f"sms:{row.step}", row.partner_id.id, now) for row, record in wanted._with_subjects()]
        )

    def _send(self):
        texts = self.filtered(lambda row: row.step.startswith("sms:"))
        if texts:
            texts._send_texts()
        return super(MeetingNotification, self - texts)._send()

    def _send_texts(self):
        """Hand these rows to Odoo's queue of text messages."""
        profiles = self.partner_id._notice_profiles()
        subjects = defaultdict(self.browse)
        pairs = self._with_subjects()
        for row, record in pairs:
            subjects[record, row.step] |= row
        (self - self.browse([row.id for row, _record in pairs]))._drop("deleted")
        for (record, step), rows in subjects.items():
            rows._guarded("render", rows._send_text, record, step.removeprefix("sms:"), profiles)

    def _send_text(self, record, step, profiles):
        """One text for each language and time zone among the recipients who are still to be told."""
        groups = defaultdict(self.browse)
        for row in self._still_to_tell(record, step):
            number = row.partner_id._phone_format(fname="phone") if row.partner_id.phone else False
            if not number:
                row._fail("no_phone", retry=False)
                continue
            profile = profiles[row.partner_id.id]
            groups[profile["lang"], profile["tz"] or record._notification_default_tz()] |= row
        company = record._notification_company() or self.env.company
        for (lang, tz), rows in groups.items():
            text = record.with_context(lang=lang, tz=tz)._notification_text(step)
            message = self.env["mail.message"].create(
                {
                    "author_id": company.partner_id.id,
                    "model": record._name,
                    "res_id": record.id,
                    "record_company_id": company.id,
                    "subject": text,
                    "body": text,
                    "message_type": "sms",
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
                    "is_internal": True,
                    "partner_ids": [Command.set(rows.partner_id.ids)],
                }
            )
            self.env["mail.thread"]._notify_thread_by_sms(
                message,
                [{"id": partner_id, "notif": "sms"} for partner_id in rows.partner_id.ids],
                sms_content=text,
                put_in_queue=True,
            )
            rows.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "reason": False,
                    "error": False,
                    "retry_at": False,
                    "mail_message_id": message.id,
                }
            )
            for row in rows:
                row.attempts += 1

    @api.model
    def _hopeless_failures(self):
        return super()._hopeless_failures() | {
            "sms_number_missing",
            "sms_number_format",
            "sms_country_not_supported",
            "sms_registration_needed",
            "sms_credit",
            "sms_acc",
            "sms_invalid_destination",
            "sms_not_allowed",
            "sms_rejected",
        }


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_text(self, step):
        """:return: the text message of a step: who writes, what about, and when; of a confidential meeting when
        alone"""
        meeting = self._notification_meeting()
        company = (self._notification_company() or self.env.company).name
        when = ""
        if meeting.start:
            when = moment_said(self.env, meeting.start)
        if {self._notification_level(), meeting.level} & {"participants", "secret"}:
            subject = self.env["meeting.notification"]._neutral_subject(self, meeting)
            return self.env._("[%(company)s] %(subject)s. Please look into the meeting system.", company=company,
                              subject=subject)  # fmt: skip
        subject = self._notification_values(step)["subject"]
        room = LONGEST - len(company) - len(when)
        if len(subject) > room:
            subject = subject[: max(room - 1, 20)] + "…"
        return self.env._(
            "[%(company)s] %(subject)s (%(when)s)", company=company, subject=subject, when=when
        ) if when else self.env._("[%(company)s] %(subject)s", company=company, subject=subject)  # fmt: skip
