"""What Odoo's mail tells about our documents to people who may not read them: nothing (CF-1).

Three tables of the mail system know no rules of the document: who follows it, who was notified of a message (with its
subject line), and who gets the next message by e-mail. Each is closed here for every document of ours.
"""

from odoo import models
from odoo.fields import Domain

PREFIX = "meeting."


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        """Followers of a document of ours are shown to its readers; otherwise they would be the list of its
        participants."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain)
            for name in self._guarded_models():
                # active_test: an archived document keeps its secrets
                readable = self.env[name].with_context(active_test=False)._search([])
                domain &= Domain("res_model", "!=", name) | Domain("res_id", "in", readable)
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _guarded_models(self):
        """:return: our models with a chatter whose readers are listed record by record."""
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith(PREFIX)
            and not model._abstract
            and "reader_keys" in model._fields
            and "message_follower_ids" in model._fields
        ]


class MeetingAccessMixin(models.AbstractModel):
    _inherit = "meeting.access.mixin"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Messages of the chatter go to those who may read the document now.

        A follower who left the list of participants still follows; a colleague who is mentioned may not be on it. Who
        has no account gets a message only if its author named him.
        """
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        users = self.env["res.users"].browse([person["uid"] for person in recipients if person["uid"]])
        readers = set(self._readers_by_keys(users).ids) if self else set(users.ids)
        named = set((msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids)
        return [
            person for person in recipients if (person["uid"] in readers if person["uid"] else person["id"] in named)
        ]
