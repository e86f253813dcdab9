"""What Odoo's mail tells about our documents to people who may not read them: nothing (CF-1).

The tables of the mail system point at a document by its model and number and know little of its rules: a follower, a
recipient, an author or a technical administrator may read them whatever became of his access to the document. Here is
the one definition they all follow; `mail_privacy_copies` and `activity_privacy` apply it to further tables.

In code rather than in record rules, because who may see a row depends on the rules of another model, and because a
search must not even find what it may not show.
"""

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
                told_of = documents._search(self._readable_with(documents))
                domain |= Domain(model_field, "=", name) & Domain(id_field, "in", told_of)
        return domain

    @api.model
    def _readable_with(self, documents):
        """:return: domain of the documents that must hold, besides their own rules, for what was said about them to be
        read by others than its recipients"""
        return Domain.TRUE

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            if not self._is_about_others(domain):
                domain &= self._disclosed()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _is_about_others(self, domain):
        """Whether this search asks for rows about other apps' documents alone, as the chatter of any document does: it
        needs no guard and does not pay for one."""
        for condition in domain.children if isinstance(domain, DomainAnd) else [domain]:
            if not isinstance(condition, DomainCondition) or condition.operator not in ("=", "in"):
                continue
            asked = condition.value if isinstance(condition.value, COLLECTION_TYPES) else [condition.value]
            if not all(isinstance(value, int | str) for value in asked):
                continue
            if condition.field_expr == self._document_fields[0] and not self._through_message:
                if not set(asked) & set(self._guarded_models()):
                    return True
            elif condition.field_expr == "id":
                # sudo: only asked whether any of these rows is about a document of ours
                rows = self.sudo().with_context(active_test=False)
                model_field = f"{self._through_message}.model" if self._through_message else self._document_fields[0]
                ours = Domain("id", "in", asked) & Domain(model_field, "in", self._guarded_models())
                return not rows.search_count(ours, limit=1)
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
    """Followers of a document of ours are shown to its readers; otherwise they would list its participants."""

    _name = "mail.followers"
    _inherit = ["meeting.privacy.mixin", "mail.followers"]
    _document_fields = ("res_model", "res_id")


class MailMessage(models.Model):
    """Odoo lets authors and recipients read a message for ever; of ours, only as long as they may read the document."""

    _name = "mail.message"
    _inherit = ["meeting.privacy.mixin", "mail.message"]

    @api.model
    def _disclosed(self):
        """Also what tells somebody that he has no more to do with a document, and what his own bookings tell him."""
        # sudo: the ledger is closed to the recipients of its messages; only numbers of one's own messages are compared
        farewells = (
            self.env["meeting.notification"]
            .sudo()
            ._search(
                Domain("partner_id", "=", self.env.user.partner_id.id)
                & Domain("mail_message_id", "!=", False)
                & (
                    Domain.OR(Domain("step", "=", step) | Domain("step", "=like", f"{step}:%") for step in FAREWELLS)
                    | Domain("res_model", "=", "meeting.booking")
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
