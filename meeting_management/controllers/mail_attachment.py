"""The first page of a PDF, from which the chatter makes a small picture, is logged like the file (CF-4)."""

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.http import request
from werkzeug.exceptions import UnsupportedMediaType


class MeetingAttachment(AttachmentController):
    def _get_pdf_first_page_response(self, attachment):
        file = attachment.sudo(False)
        if file._is_marked():  # the picture is made once for everybody, and the page carries one reader's name (CF-3)
            raise UnsupportedMediaType()
        request.env["meeting.access.log"]._note(file, "downloaded")
        return super()._get_pdf_first_page_response(attachment)
