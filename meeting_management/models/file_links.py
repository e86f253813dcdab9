"""How files leave the server: to who may read them now, whatever link he holds or bundle he asks for (CF-1, CF-3).

Odoo hands out such tokens to whoever reads a file, for its content, its thumbnail, and to change it; they are valid for
weeks whatever becomes of the reader, and open the file without a login. Who was taken off the list would keep them.
"""

from odoo import models

from .meeting_user_link import CLOSED_LEVELS


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _find_record(self, xmlid=None, res_model="ir.attachment", res_id=None, access_token=None, field=None):
        """The one place in which every address of a file, or of its picture, looks at the token."""
        record = super()._find_record(xmlid, res_model, res_id, access_token, field)
        if access_token and record._name == "ir.attachment" and record._link_is_over():
            # sudo(False): refused, and logged, as the person who asks
            self.env["meeting.access.log"]._note_refused(record.sudo(False), "read")
            raise self.env["mail.message"]._make_privacy_error()
        return record


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _link_is_over(self):
        """Whether a token is not enough for one of these files: it is under a document of ours that the person who is
        logged in may not read, or, where nobody is, whose content must not leave without a login.

        Guests have pages of their own, which do not come here. In mails from open meetings pictures and large files
        are such links, and they work.
        """
        # sudo: where the files belong, and how closed that is; only yes or no comes back
        ours = self.sudo().filtered(lambda file: file._link_document())
        mine = self.browse(ours.ids).sudo(False)
        if self.env.user._is_public():
            return bool(mine._collected()) or any(file._document_level() in CLOSED_LEVELS for file in ours)
        return mine._filtered_access("read") != mine

    def _link_document(self):
        """:return: the document of ours, as superuser, that the file or its message belongs to, or no meeting"""
        # sudo: where a file belongs is asked by the system, and answered to it alone
        file = self.sudo()
        if file.res_model != "mail.message" or not file.res_id:
            return self._log_document()
        message = file.env["mail.message"].browse(file.res_id).exists()
        model = self.env.get(message.model) if message.model else None
        if model is None or not hasattr(model, "_log_content") or not message.res_id:
            return file.env["meeting.meeting"]
        return file.env[message.model].browse(message.res_id).exists()

    def _document_level(self):
        """:return: level that governs the file: of its topic, if that is closed more tightly, or of the meeting"""
        document = self._link_document()
        if document._name == "meeting.action.report":
            document = document.action_item_id
        topic = document["agenda_item_id"] if "agenda_item_id" in document else self.env["meeting.agenda.item"]
        topic = document if document._name == topic._name else topic
        return topic._effective_level() if topic else document._log_meeting().level

    def _to_http_stream(self):
        """The last step of every route. Where several files are bundled Odoo checks no right and relies on their fields
        being read as the user; but whoever has looked up as superuser where a file belongs, as we do, has read them.
        """
        if not self.env.su:
            self.check_access("read")
        return super()._to_http_stream()

    def _has_attachments_ownership(self, attachment_tokens):
        """Nor does a token let somebody delete a file, or take it along into a message of his own."""
        return not self.exists()._link_is_over() and super()._has_attachments_ownership(attachment_tokens)
