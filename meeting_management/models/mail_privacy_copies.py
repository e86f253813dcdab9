"""Tables that copy from messages, or count them: what they hold of our documents follows the message (CF-1, CF-6).

Most are open to technical administrators only, who do not thereby read confidential content.
"""

from odoo import api, models
from odoo.fields import Domain


class MailNotification(models.Model):
    _name = "mail.notification"
    _inherit = ["meeting.privacy.mixin", "mail.notification"]
    _through_message = "mail_message_id"


class MailMail(models.Model):
    """The queue of outgoing mail; what became of a notice the organisers see on its own record."""

    _name = "mail.mail"
    _inherit = ["meeting.privacy.mixin", "mail.mail"]
    _through_message = "mail_message_id"


class MailTrackingValue(models.Model):
    _name = "mail.tracking.value"
    _inherit = ["meeting.privacy.mixin", "mail.tracking.value"]
    _through_message = "mail_message_id"


class MailMessageSchedule(models.Model):
    _name = "mail.message.schedule"
    _inherit = ["meeting.privacy.mixin", "mail.message.schedule"]
    _through_message = "mail_message_id"


class MailMessageTranslation(models.Model):
    _name = "mail.message.translation"
    _inherit = ["meeting.privacy.mixin", "mail.message.translation"]
    _through_message = "message_id"


class MailMessageReaction(models.Model):
    _name = "mail.message.reaction"
    _inherit = ["meeting.privacy.mixin", "mail.message.reaction"]
    _through_message = "message_id"


class MailMessageLinkPreview(models.Model):
    _name = "mail.message.link.preview"
    _inherit = ["meeting.privacy.mixin", "mail.message.link.preview"]
    _through_message = "message_id"


class MailLinkPreview(models.Model):
    """Title and address of a page that somebody linked to: shown unless confidential messages alone link to it."""

    _inherit = "mail.link.preview"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            links = self.env["mail.message.link.preview"]._disclosed()
            domain = Domain(domain) & (
                Domain("message_link_preview_ids", "=", False) | Domain("message_link_preview_ids", "any!", links)
            )
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)


class BusBus(models.Model):
    """What is on its way to the clients of the recipients. Whoever gives himself the right to read it sees none of
    ours."""

    _inherit = "bus.bus"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & ~Domain("message", "like", '"meeting.')
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)


class MailPush(models.Model):
    """Texts on their way to somebody's browser. They name the document inside the text; administrators see none about
    ours."""

    _inherit = "mail.push"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & ~Domain("payload", "like", '"meeting.')
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
