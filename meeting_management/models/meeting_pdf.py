"""PDF: WeasyPrint draws our own QWeb templates, with page numbers, running heads and Chinese fonts (MN-5).

wkhtmltopdf, Odoo's usual way, is dead upstream, loses headers on Debian and garbles Chinese text when it is copied.
Reports of other addons keep their usual way.
"""

import base64
import logging
import re
from collections import OrderedDict
from io import BytesIO

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open, format_datetime

# WeasyPrint reports each of its seven steps, for every document.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
logging.getLogger("fontTools").setLevel(logging.WARNING)

PREFIX = "meeting_management.report_"
LOCAL_IMAGE = re.compile(r"""(<img\b[^>]*?\bsrc=)(["'])(?:https?://[^/"']+)?/web/image/(\d+)[^"']*\2""", re.IGNORECASE)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """One PDF per record for our own reports, so that page numbers start again with each of them.

        :raises AccessError: when the user may not read one of the records"""
        report = self._get_report(report_ref)
        if not report.report_name.startswith(PREFIX):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        records = self.env[report.model].browse(res_ids or ()).exists()
        records.check_access("read")
        if not records:
            raise UserError(self.env._("There is nothing to print: choose at least one record."))
        self.env["meeting.access.log"]._note(records, "printed")
        groups = [records] if report.report_name == f"{PREFIX}tracking" else list(records)
        streams = OrderedDict()
        for group in groups:
            content = group._meeting_stored_pdf(report.report_name) if hasattr(group, "_meeting_stored_pdf") else None
            if not content:
                watermark = self._meeting_watermark(group, self.env.user.name, self.env.user.tz)
                content = self._meeting_pdf(self._meeting_html(report.report_name, group), watermark)
            streams[group[0].id] = {"stream": BytesIO(content), "attachment": None}
        return streams

    @api.model
    def _meeting_html(self, report_name, records, lang=None):
        """Return the HTML page of one of our reports, as text, in `lang` or in the reader's language."""
        report = self.with_context(
            lang=lang or self.env.user.lang or "en_US", tz=self.env.user.tz or self.env.context.get("tz")
        )
        html = report._render_qweb_html(report_name, records.ids)[0]
        return "<!DOCTYPE html>" + (html.decode() if isinstance(html, bytes) else str(html)).lstrip()

    @api.model
    def _meeting_watermark(self, records, name, tz=None):
        """:return: what stands across each page of a secret document, so that a copy tells whose it was (CF-3): the
        reader's name and the time; or None"""
        # sudo: only whether one of them is secret; the caller has checked the reader
        if not any(record.sudo()._notification_level() == "secret" for record in records):
            return None
        return self._meeting_reader_mark(name, tz)

    @api.model
    def _meeting_reader_mark(self, name, tz=None):
        """:return: the reader's name and the time, as they stand across a page"""
        now = format_datetime(self.env, fields.Datetime.now(), tz=tz or "UTC", dt_format="short")
        return f"{name} · {now}"

    @api.model
    def _meeting_pdf(self, html, watermark=None):
        """Draw an HTML page as PDF. Nothing is fetched from anywhere: pictures are put into the page before.

        :param watermark: text across each page
        :returns: bytes
        :raises UserError: when WeasyPrint or its system libraries are missing; names what to install"""
        try:
            from weasyprint import HTML  # slow to load and needs system libraries: only where a PDF is drawn
            from weasyprint.urls import URLFetcher
        except (ImportError, OSError) as error:
            raise UserError(
                self.env._(
                    "PDF documents cannot be drawn on this server: %s\nInstall the Python package weasyprint and "
                    "the libraries "
                    "libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0.",
                    error,
                )
            ) from error
        if watermark:
            mark = Markup('<div class="watermark">%s</div>') % watermark
            html = html.replace("</body>", f"{mark}</body>", 1)
        page = HTML(string=self._meeting_inline_images(html), url_fetcher=URLFetcher(allowed_protocols=["data"]))
        return page.write_pdf()

    @api.model
    def _meeting_inline_images(self, html):
        """Put pictures of ours into the page itself, as far as the user may read them; others are left out."""

        def inline(match):
            attachment = self.env["ir.attachment"].browse(int(match[3])).exists()
            if (
                not attachment
                or not attachment.has_access("read")
                or not (attachment.mimetype or "").startswith("image/")
            ):
                return match[0]
            content = base64.b64encode(attachment.raw).decode()
            return f"{match[1]}{match[2]}data:{attachment.mimetype};base64,{content}{match[2]}"

        return LOCAL_IMAGE.sub(inline, html)

    @api.model
    def _meeting_stylesheet(self, name):
        with file_open(f"meeting_management/report/{name}") as stylesheet:
            return Markup(stylesheet.read())  # our own file; escaped quotes would break its rules
