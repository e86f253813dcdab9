"""What Odoo's mail tells about our documents to people who may not read them: nothing (CF-1).

The tables of the mail system point at a document by its model and number and know little of its rules: a follower, a
recipient, an author or a technical administrator may read them whatever became of his access to the document. Here is
the one definition they all follow; `mail_privacy_copies` and `activity_privacy` apply it to further tables.

In code rather than in record rules, because who may see a row depends on the rules of another model, and because a
search must not even find what it may not show.
"""

from markupsafe import Markup
from odoo import api, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.orm.domains import COLLECTION_TYPES, DomainAnd, DomainCondition

from .meeting_notification import FAREWELLS

PREFIX = "meeting."


class MeetingPrivacyMixin(models.AbstractModel):
    """For a model of another app whose rows tell something of a document: seen by whoever may read the document.

    Rows about other apps' documents, or about none, are left exactly as their own app has them.
    """

    _name = "meeting.privacy.mixin"
    _description = "Rows About Confidential Documents"

    _document_fields = ("model", "res_id")
    """Names of the two fields that point at the document."""
    _through_message = None
    """Name of the many2one to mail.message that points at the document instead, if any."""

    @api.model
    @tools.ormcache()
    def _guarded_models(self):
        """:return: names of our models with a chatter whose readers are listed record by record."""
        return tuple(
            name
            for name, model in self.env.registry.items()
            if name.startswith(PREFIX)
            and not model._abstract
            and "message_follower_ids" in model._fields
            and ("reader_keys" in model._fields or "meeting_id" in model._fields)
        )

    @api.model
    def _disclosed(self):
        """:return: domain of the rows of this model that the current user may see"""
        if self._through_message:
            # any!: whether the user may read the message for other reasons is the business of this table's own rules
            return Domain(self._through_message, "any!", self.env["mail.message"]._disclosed())
        model_field, id_field = self._document_fields
        guarded = self._guarded_models()
        domain = Domain(model_field, "not in", guarded)
        user = self.env.user
        for name in guarded:
            # active_test: an archived document keeps its secrets; companies: the inbox shows those of all of one's own
            documents = self.env[name].with_context(active_test=False, allowed_company_ids=user.company_ids.ids)
            if documents.has_access("read"):
                domain |= Domain(model_field, "=", name) & Domain(id_field, "in", documents._search([]))
        return domain

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            if not self._is_about_others(domain):
                domain &= self._disclosed()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _is_about_others(self, domain):
        """Whether this search asks for rows about other apps' documents alone, as the chatter of any document does: it
        needs no guard and pays for none."""
        if self._through_message:
            return False
        for condition in domain.children if isinstance(domain, DomainAnd) else [domain]:
            if (
                isinstance(condition, DomainCondition)
                and condition.field_expr == self._document_fields[0]
                and condition.operator in ("=", "in")
            ):
                asked = condition.value if isinstance(condition.value, COLLECTION_TYPES) else [condition.value]
                if not set(asked) & set(self._guarded_models()):
                    return True
        return False

    def _check_access(self, operation):
        result = super()._check_access(operation)
        open_rows = (self - result[0] if result else self).filtered("id")
        hidden = open_rows._hidden_rows()
        if not hidden:
            return result
        return (result[0] | hidden, result[1]) if result else (hidden, self._make_privacy_error)

    def _hidden_rows(self):
        """:return: those of these rows that belong to documents the current user may not read"""
        if self.env.su or not self:
            return self.browse()
        # sudo: looks up what the rows are about; no more than the rows themselves comes back
        about = self.sudo().with_context(active_test=False)
        pointers = about[self._through_message] if self._through_message else about
        field = "model" if self._through_message else self._document_fields[0]
        pointers.fetch([field])
        if not set(pointers.mapped(field)) & set(self._guarded_models()):
            return self.browse()
        return self - about.search(Domain("id", "in", self.ids) & self._disclosed()).sudo(False)

    @api.depends_context("uid")
    def _compute_display_name(self):
        """The name of a linked row, and of a row in an error text, is read as superuser; hence the check as the real
        user."""
        super()._compute_display_name()
        for row in self.sudo(False).filtered("id")._hidden_rows():
            self.browse(row.id).display_name = self.env._("Confidential")

    def _make_privacy_error(self):
        return AccessError(
            self.env._(
                "This belongs to a document that you may not open, so it is not shown. If you need it, ask the "
                "convener of the meeting."
            )
        )


class MailFollowers(models.Model):
    """Followers of a document of ours are shown to its readers; otherwise they would be the list of its participants."""

    _name = "mail.followers"
    _inherit = ["meeting.privacy.mixin", "mail.followers"]
    _document_fields = ("res_model", "res_id")


class MailMessage(models.Model):
    """Odoo lets authors and recipients read a message for ever; of ours, only as long as they may read the document."""

    _name = "mail.message"
    _inherit = ["meeting.privacy.mixin", "mail.message"]

    @api.model
    def _disclosed(self):
        """Also what tells somebody that he has no more to do with a document."""
        # sudo: the ledger is closed to the recipients of its messages; only numbers of one's own messages are compared
        farewells = (
            self.env["meeting.notification"]
            .sudo()
            ._search(
                Domain("partner_id", "=", self.env.user.partner_id.id)
                & Domain("mail_message_id", "!=", False)
                & Domain.OR(
                    Domain("step", "=", step) | Domain("step", "=like", f"{step}:%")
                    for step in FAREWELLS
                )
            )
        )
        return super()._disclosed() | Domain("id", "in", farewells.subselect("mail_message_id"))


class MailComposeMessage(models.TransientModel):
    """Answering a message takes over its subject and recipients, which Odoo reads as superuser, saved or not."""

    _inherit = "mail.compose.message"

    def _compute_subject(self):
        self._refuse_hidden_parent()
        return super()._compute_subject()

    def _compute_partner_ids(self):
        self._refuse_hidden_parent()
        return super()._compute_partner_ids()

    def _refuse_hidden_parent(self):
        """:raises AccessError: the user answers a message that he may not read"""
        if hidden := self.parent_id._origin.sudo(False)._hidden_rows():
            raise hidden._make_privacy_error()


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
        named = set((msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids)
        return [
            person for person in recipients if (person["uid"] in readers if person["uid"] else person["id"] in named)
        ]

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only who may read a document of ours, or is a guest of its meeting, follows it."""
        if partner_ids and self._name in self._guarded_names():
            # sudo: whom the caller names is looked up, whatever he may read of contacts
            people = self.env["res.partner"].sudo().browse(partner_ids)
            for document in self:
                followers = people.filtered(document._may_follow).ids
                if followers:
                    super(MailThread, document)._message_subscribe(followers, subtype_ids, customer_ids)
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
