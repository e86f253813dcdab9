"""A link with a token opens no file of a meeting that is not public, a bundle only what one may read (CF-1).

Odoo hands out such links with every file in a conversation. They work for weeks, for whoever holds them: somebody taken
off the list, a stranger to whom one was forwarded. Here the person counts, not the link; guests have their own page.
"""

from odoo import models


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(self, xmlid=None, res_model="ir.attachment", res_id=None, access_token=None, field=None):
        if access_token and res_model == "ir.attachment" and res_id:
            if self.env["ir.attachment"].browse(res_id)._is_confidential():
                access_token = None
        return super()._find_record(xmlid, res_model, res_id, access_token, field=field)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _is_confidential(self):
        """Whether this file belongs to a meeting that is not public, to what is under it, or to a message about it."""
        # sudo: where the file belongs is asked by the system, and answered to it alone
        file = self.sudo().exists()
        if file.res_model == "meeting.agreement.signature":
            return True
        document = file._log_document()
        if not document and file.res_model == "mail.message" and file.res_id:
            message = self.env["mail.message"].sudo().browse(file.res_id).exists()  # sudo: as above
            if message.res_id and hasattr(self.env.get(message.model or ""), "_log_content"):
                document = self.env[message.model].sudo().browse(message.res_id).exists()  # sudo: as above
        if not document:
            return False
        return document._log_meeting().level != "public" or bool("level" in document and document.level != "public")

    def _to_http_stream(self):
        """The last step of every route. Where several files are bundled Odoo checks no right and relies on their fields
        being read as the user; but whoever has looked up as superuser where a file belongs, as we do, has read them.
        """
        if not self.env.su:
            self.check_access("read")
        return super()._to_http_stream()

    def _has_attachments_ownership(self, attachment_tokens):
        """Whoever uploaded a file holds a token for it for good; of these files he has to be a reader still."""
        if not all(file.sudo(False).has_access("read") for file in self if file._is_confidential()):
            return False
        return super()._has_attachments_ownership(attachment_tokens)
