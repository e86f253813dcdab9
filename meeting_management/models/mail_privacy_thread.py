"""Whom the chatter of a document of ours reaches, and from whom it takes mail (CF-1): its readers, and the guests of
its meeting who have no account."""

from collections import defaultdict

from markupsafe import Markup
from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Messages of the chatter go to those who may read the document now.

        A follower who left the list of participants still follows; a colleague who is mentioned may not be on it. Who
        has no account gets a message only if its author named him.
        """
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if self._name not in self._guarded_names():
            return recipients
        users = self.env["res.users"].browse([person["uid"] for person in recipients if person["uid"]])
        readers = set(self._readers_by_rules(users).ids) if self else set(users.ids)
        # sudo: whom the author named; the list goes into sending only
        named = set((msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids)
        return [
            person for person in recipients if (person["uid"] in readers if person["uid"] else person["id"] in named)
        ]

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only who may read a document of ours, or is a guest of its meeting, follows it."""
        if partner_ids and self._name in self._guarded_names():
            # sudo: whom the caller names is looked up, whatever he may read of contacts
            people = self.env["res.partner"].sudo().browse(partner_ids)
            documents = defaultdict(self.browse)  # by their followers: as a rule all have the same
            for document in self:
                documents[tuple(people.filtered(document._may_follow).ids)] |= document
            for followers, alike in documents.items():
                if followers:
                    super(MailThread, alike)._message_subscribe(list(followers), subtype_ids, customer_ids)
            return True
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """A mail reaches the chatter of a document of ours from its readers and guests only: whoever got hold of an
        answerable mail must not get into the conversation by it.
        """
        checked = super()._routing_check_route(message, message_dict, route, raise_exception)
        if not checked or not checked[1] or checked[0] not in self._guarded_names():
            return checked
        # sudo: the gateway has no user of its own yet; who wrote is all that is asked
        document = self.env[checked[0]].sudo().browse(checked[1])
        author = self.env["res.partner"].sudo().browse(message_dict.get("author_id") or ())
        author = author or self.env["mail.thread"].sudo()._partner_find_from_emails_single(
            [message_dict["email_from"]], no_create=True
        )
        if author and document._may_follow(author[:1]):
            return checked
        body = Markup("<p>%s</p>") % self.env._(
            "Your message was not delivered: only those who take part can answer here by e-mail, from the address that "
            "is on record for them. Please write to the sender directly."
        )
        self._routing_create_bounce_email(message_dict["email_from"], body, message)
        return False

    @api.model
    def _guarded_names(self):
        return self.env["mail.followers"]._guarded_models()

    def _may_follow(self, partner):
        """Whether this person may be told what goes on in this document of ours: a reader, or a guest of its meeting
        who has no account."""
        self.ensure_one()
        # sudo: the person is on record with us; whether he may read is all that comes back
        users = partner.sudo().user_ids.filtered(lambda user: user.active and not user.share)
        if users:
            return bool(self._readers_by_rules(users))
        return partner in self._meeting_of_guests().participant_ids.partner_id

    def _meeting_of_guests(self):
        """:return: the meeting, as superuser, whose guests may take part in this document's chatter, or no record"""
        # sudo: only asked who is on its list
        document = self.sudo()
        if self._name == "meeting.meeting":
            return document
        return document.meeting_id if "meeting_id" in self._fields else document.env["meeting.meeting"]

    def _readers_by_rules(self, users):
        """:return: those of ``users`` who may read this document of ours, which may follow the rules of its meeting"""
        self.ensure_one()
        # sudo: whoever causes a message need not read the meeting; only users the caller named come back
        document = self if "reader_keys" in self._fields else self.sudo().meeting_id
        return document._readers_by_keys(users)
