"""The first page of a PDF, which the chatter shows as a picture, is logged like the file (CF-4)."""

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.http import request


class MeetingAttachment(AttachmentController):
    def _get_pdf_first_page_response(self, attachment):
        request.env["meeting.access.log"]._note(attachment.sudo(False), "downloaded")
        return super()._get_pdf_first_page_response(attachment)
