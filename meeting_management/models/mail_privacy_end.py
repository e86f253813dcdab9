"""When somebody may no longer read a document, what the mail system keeps for him there ends at once (CF-1).

What he may read is asked anew at every look (`mail_privacy`); here goes what would otherwise linger: he follows, he has
to-dos, unread messages are counted for him, and mails to him wait in the queue.
"""

from odoo import models
from odoo.fields import Command, Domain

from .meeting_notification import FAREWELLS


class MeetingAccessMixin(models.AbstractModel):
    _inherit = "meeting.access.mixin"

    # Fields that say who reads; what else does (a department, a group) is asked at every look
    _reader_fields = frozenset(
        (
            "level",
            "convener_id",
            "chair_id",
            "minute_taker_id",
            "minutes_reviewer_id",
            "department_ids",
            "reviewer_id",
            "owner_id",
            "assistant_ids",
            "supervisor_id",
        )
    )

    def write(self, vals):
        res = super().write(vals)
        if self._reader_fields & vals.keys():
            self._let_strangers_go()
        return res

    def _documents_below(self):
        """:return: list of recordsets with a chatter whose readers depend on these records, themselves included"""
        return [self]

    def _let_strangers_go(self, removed=None):
        """End following, to-dos, unread messages and waiting mails of those who may not read these documents.

        :param removed: res.partner just taken off a list; mails wait no longer for those without an account either
        """
        # sudo: whoever changes the readers need not be able to change other people's to-dos; nothing is shown
        for documents in self.sudo()._documents_below():
            about = [("res_model", "=", documents._name), ("res_id", "in", documents.ids)]
            if documents:
                self._end_following(documents, about)
                self._end_activities(documents, about)
                self._end_messages(documents, removed or self.env["res.partner"])
                self._end_scheduled(documents, removed or self.env["res.partner"])

    def _end_following(self, documents, about):
        # sudo: whoever changes the readers need not be able to see who follows; nothing is shown
        followers = self.env["mail.followers"].sudo().search(about)
        gone = followers.browse()
        for follower in followers:
            document = documents.browse(follower.res_id)
            gone |= follower.filtered(lambda row, document=document: not document._may_follow(row.partner_id))
        gone.unlink()

    def _end_activities(self, documents, about):
        """The to-do itself may still have to be done: the convener sees to it."""
        # sudo: as above, of other people's to-dos
        todo = self.env["mail.activity"].sudo().search(about)
        for activity in todo.filtered("user_id"):
            document = documents.browse(activity.res_id)
            if not document._readers_by_rules(activity.user_id):
                meeting = document if "convener_id" in document._fields else document.meeting_id
                if document._readers_by_rules(meeting.convener_id):
                    # quick update: he is not mailed about what somebody else was to do
                    activity.with_context(mail_activity_quick_update=True).user_id = meeting.convener_id
                else:
                    activity.unlink()

    def _end_messages(self, documents, removed):
        """Who has no account and was not removed gets what its author sent to him by name, as always."""
        about = Domain("mail_message_id.model", "=", documents._name) & Domain(
            "mail_message_id.res_id", "in", documents.ids
        )
        # sudo: as above, of other people's messages
        unread = self.env["mail.notification"].sudo().search(about & Domain("is_read", "=", False))
        waiting = self.env["mail.mail"].sudo().search(about & Domain("state", "=", "outgoing"))
        people = unread.res_partner_id | waiting.recipient_ids
        if not people:
            return
        farewells = self._farewells(people, unread.mail_message_id | waiting.mail_message_id)
        for document in documents:
            strangers = people.filtered(
                lambda person, document=document: (
                    person in removed if person.partner_share else not document._may_follow(person)
                )
            )
            for notification in unread:
                message = notification.mail_message_id
                person = notification.res_partner_id
                if message.res_id == document.id and person in strangers and (message, person) not in farewells:
                    notification.is_read = True
            for mail in waiting.filtered(lambda mail, document=document: mail.res_id == document.id):
                gone = mail.recipient_ids.filtered(
                    lambda person, mail=mail, strangers=strangers: (
                        person in strangers and (mail.mail_message_id, person) not in farewells
                    )
                )
                if gone and gone == mail.recipient_ids:
                    mail.state = "cancel"
                    mail.notification_ids.notification_status = "canceled"
                elif gone:
                    mail.recipient_ids = [Command.unlink(person.id) for person in gone]

    def _end_scheduled(self, documents, removed):
        """A message that somebody wrote to be sent later names people who have gone meanwhile."""
        # sudo: as above, of other people's messages
        rows = self.env["mail.scheduled.message"].sudo()
        for row in rows.search([("model", "=", documents._name), ("res_id", "in", documents.ids)]):
            document = documents.browse(row.res_id)
            row.partner_ids -= row.partner_ids.filtered(
                lambda person, document=document: (
                    person in removed if person.partner_share else not document._may_follow(person)
                )
            )

    def _farewells(self, people, messages):
        """:return: set of (message, partner): last words, which do reach people who may not read the document"""
        # sudo: the ledger is closed to who changes the readers; nothing of it is shown
        rows = (
            self.env["meeting.notification"]
            .sudo()
            .search([("partner_id", "in", people.ids), ("mail_message_id", "in", messages.ids)])
        )
        return {(row.mail_message_id, row.partner_id) for row in rows if row.step.partition(":")[0] in FAREWELLS}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _documents_below(self):
        return [*super()._documents_below(), self.minutes_ids, self.resolution_ids, self.action_item_ids]


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    def unlink(self):
        """Who is taken off the list leaves the chatter of the meeting and of what is under it as well."""
        meetings, removed = self.meeting_id, self.partner_id
        res = super().unlink()
        # a meeting that nobody was told of has no readers beyond its organisers
        meetings.exists().filtered(lambda meeting: meeting._is_announced())._let_strangers_go(removed)
        return res
