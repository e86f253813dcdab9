"""Secret PDF files that somebody uploaded are handed out with the reader's name and the time on each page, so that a
copy tells whose it was (CF-3)."""

import logging
from io import BytesIO

from markupsafe import escape
from odoo import models
from odoo.exceptions import AccessError
from odoo.tools.pdf import PdfReader, PdfWriter

from .meeting_access_logged import FILE_FIELDS

_logger = logging.getLogger(__name__)

SHEET = """<!DOCTYPE html><html><head><style>
@page {{ size: {width}pt {height}pt; margin: 0 }}
div {{ position: fixed; left: -25%; width: 150%; top: 45%; text-align: center; transform: rotate(-32deg);
       font: {size}pt sans-serif; color: rgba(160, 30, 30, 0.22) }}
</style></head><body><div>{text}</div></body></html>"""


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _is_marked(self):
        """Whether this file goes out with the reader's name on it: a PDF under something secret, handed to anybody but
        the one who uploaded it and so has it anyway."""
        # sudo: what kind of file it is and what it belongs to; the caller has checked the reader
        file = self.sudo()
        if (file.mimetype or "") != "application/pdf" or file.create_uid == self.env.user:
            return False
        document = file._log_document()
        if not document:
            return False
        topic = "agenda_item_id" in document and document.agenda_item_id
        if document._name == "meeting.agenda.item":
            topic = document
        return (topic._effective_level() if topic else document._log_meeting().level) == "secret"

    def _to_http_stream(self):
        """The last step of every route that serves a file. The marked one is made for this reader at this moment, and
        sent in one piece."""
        stream = super()._to_http_stream()
        content = self._is_marked() and self._marked_content()
        if content:
            stream.type, stream.data, stream.size = "data", content, len(content)
            stream.path = stream.last_modified = None
            stream.etag = stream.conditional = stream.public = False
        return stream

    def _marked_content(self):
        """:return: this PDF for the current reader, or ``None`` for a file that is no sound PDF or has a password"""
        reader = self.env.user.partner_id
        if self.env.user.share:  # a guest's page says who he is; for colleagues their login does, whatever is sent
            reader = reader.browse(self.env.context.get("meeting_reader_id") or reader.id)
        person = reader.sudo()  # sudo: his own name, on his own copy
        report = self.env["ir.actions.report"]
        text = report._meeting_reader_mark(person.name, person.tz)
        try:
            return self._with_mark(self.sudo().raw, text)  # sudo: as in _is_marked
        except Exception as error:  # noqa: BLE001 - whatever a broken file makes the library raise; it is logged, and the reader gets what he may read
            _logger.info("File %s could not be marked: %s", self.id, type(error).__name__)
            return None

    def _with_mark(self, content, text):
        source, target, sheets = PdfReader(BytesIO(content), strict=False), PdfWriter(), {}
        for number in range(source.getNumPages()):
            target.addPage(source.getPage(number))
            page = target.getPage(number)
            # a sheet as large as the page reaches, from the zero point on, however the page lies
            size = tuple(round(float(edge)) for edge in page.mediaBox[2:])
            if size not in sheets:
                sheets[size] = self._mark_sheet(*size, text)
            page.mergePage(sheets[size].getPage(0))
        result = BytesIO()
        target.write(result)
        return result.getvalue()

    def _mark_sheet(self, width, height, text):
        html = SHEET.format(width=width, height=height, size=max(8, min(width, height) // 28), text=escape(text))
        return PdfReader(BytesIO(self.env["ir.actions.report"]._meeting_pdf(html)), strict=False)

    # -- the ways past the stream -------------------------------------------------------------------------------

    def _refuse_unmarked(self):
        """:raises AccessError: the bare content of a file that goes out marked"""
        if not self.env.su and any(file._is_marked() for file in self):
            raise AccessError(
                self.env._("This file belongs to a secret meeting and carries its reader's name. Download it instead.")
            )

    def _read_format(self, fnames, load="_classic_read"):
        if not self.env.context.get("bin_size") and not FILE_FIELDS.isdisjoint(fnames):
            self._refuse_unmarked()
        return super()._read_format(fnames, load)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if any(path and path[0] in FILE_FIELDS for path in fields):
            self._refuse_unmarked()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def copy_data(self, default=None):
        self._refuse_unmarked()
        return super().copy_data(default)
