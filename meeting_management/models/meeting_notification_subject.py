"""What a document must be able to say so that the ledger can tell people about it."""

from odoo import models


class MeetingNotificationSubject(models.AbstractModel):
    """Hooks of a subject of notices. Every document with an access list of its own is one; a chapter overrides what it
    needs.

    All hooks run as superuser, in the recipient's language (`lang`) and time zone (`tz`) of the context.
    """

    _name = "meeting.notification.subject"
    _description = "Subject of Notices"

    def _notification_meeting(self):
        """:return: the meeting whose level of confidentiality and whose rules govern the message, or no record."""
        self.ensure_one()
        if self._name == "meeting.meeting":
            return self
        return self.meeting_id if "meeting_id" in self._fields else self.env["meeting.meeting"]

    def _notification_ledger_meeting(self):
        """:return: the meeting with which the rows of the ledger are read, or no record where that is nobody's secret.
        A booking's message says nothing of its meeting, but who gets it may."""
        return self._notification_meeting()

    def _notification_company(self):
        """:return: the company in whose name the message is sent, or no record."""
        return self._notification_meeting().company_id

    def _notification_level(self):
        """:return: confidentiality level that governs the message: the document's own if it has one, otherwise the
        meeting's."""
        return self.level if "level" in self._fields else self._notification_meeting().level

    def _notification_facts(self):
        """:return: list of (label, text): the meeting's time and place, and more where the level allows it."""
        meeting = self._notification_meeting()
        return meeting._notice_facts() if meeting else []

    def _notification_default_tz(self):
        """:return: time zone for people who have none of their own."""
        company = self._notification_meeting().company_id or self.env.company
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _notification_values(self, step):
        """:return: dict for the QWeb view of `step`; its keys stand at the head of
        notification_templates_layout.xml. None where there is nothing to say (any more)."""
        self.ensure_one()
        return {"subject": self.display_name, "heading": self.display_name}

    def _notification_audience(self, partner):
        """:return: what recipients must have in common to get the same text, as something hashable; None where all
        get the same"""
        return None

    def _notification_values_for(self, values, audience):
        """:return: the values of a step with what this audience may know besides"""
        return values

    def _notification_url(self, step):
        """:return: where the button of a person with an account leads."""
        self.ensure_one()
        return f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"

    def _notification_guest_buttons(self, step, partner):
        """:return: list of dict(label, url, primary) for a person without an account, who can follow personal links
        alone (PT-4)."""
        return []

    def _notification_attachments(self, step):
        """:return: list of (file name, bytes) to go with the message."""
        return []

    def _notification_still_due(self, step, partners):
        """Asked when the message is about to leave: who of `partners` still needs it? (He may have answered
        meanwhile.)"""
        return partners

    def _notification_allowed(self, step, partners):
        """Asked when the message is about to leave: who of `partners` may learn of it (CF-1)?

        A user must be able to read the subject. Who has no account must be a participant of the meeting.
        """
        self.ensure_one()
        users = partners.user_ids.filtered(lambda user: user.active and not user.share)
        allowed = self._readers_among(users).partner_id
        guests = partners - users.partner_id
        if guests:
            allowed |= self._notification_meeting().participant_ids.partner_id & guests
        return allowed & partners

    def _readers_among(self, users):
        """:return: those of `users` who may read this document by the rules: the same keys, looked up without a query
        per user."""
        self.ensure_one()
        if "reader_keys" not in self._fields:
            return users.filtered(lambda user: self.with_user(user).has_access("read"))
        return self._readers_by_keys(users)

    def _notification_sent(self, step, rows):
        """Called on all subjects whose message `step` has left just now, with the rows of the ledger."""
