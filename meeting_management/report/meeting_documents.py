"""What our printed documents need to know: one dictionary per document, in the reader's language and time zone."""

from odoo import api, models
from odoo.tools import format_date, format_datetime, format_list, format_time

from ..models.meeting_joined import clauses


class MeetingDocument(models.AbstractModel):
    """Common ground of all documents: who may print, language, time zone, style."""

    _name = "meeting.document"
    _description = "Printed Meeting Document"
    _document_model = None

    @api.model
    def _get_report_values(self, docids, data=None):
        """Called by Odoo for the PDF and for the HTML preview alike.

        :raises AccessError: when the user may not read one of the records; nothing has been read until then"""
        records = self.env[self._document_model].browse(docids).exists()
        records.check_access("read")
        tz = self._timezone(records[:1])
        report = self.env["ir.actions.report"]
        return {
            "docs": records,
            "css": report._meeting_stylesheet("document.css"),
            "screen_css": report._meeting_stylesheet("document_screen.css"),
            "html_lang": (self.env.lang or "en_US").replace("_", "-"),
            "as_date": lambda day: format_date(self.env, day) if day else "",
            "as_time": lambda moment: format_datetime(self.env, moment, tz=tz, dt_format="short") if moment else "",
            "as_hour": lambda moment: format_time(self.env, moment, tz=tz, time_format="short") if moment else "",
            # sudo: a document shows names (people, room, company) that its reader sees there but cannot
            # open one by one;
            # that he may read the document itself was checked above
            "documents": [self._document(record.sudo(), tz) for record in records],
            "tz_name": tz,
        }

    @api.model
    def _timezone(self, record):
        user = self.env.user
        # sudo: the company's time zone
        return self.env.context.get("tz") or user.tz or record.sudo().company_id.resource_calendar_id.tz or "UTC"

    @api.model
    def _document(self, record, tz):
        """Return what the template of one record needs, a dictionary. Each document has its own."""
        return {}

    @api.model
    def _when(self, meeting, tz):
        """Return the time of a meeting as one line: date, start to stop, zone."""
        start, stop = meeting.actual_start or meeting.start, meeting.actual_stop or meeting.stop
        return meeting.with_context(tz=tz)._notice_when(start, stop)

    @api.model
    def _topics(self, meeting):
        """Return the topics (sudo) of a meeting in their order, without those closed to the reader (CF-1)."""
        # searched, not read through the meeting: what is cached there is shared with code that runs for the reader;
        # sudo: the document was checked; closed topics are taken out here
        topics = self.env["meeting.agenda.item"].sudo().search([("meeting_id", "=", meeting.id)])
        return topics._for_reader(self.env)

    @api.model
    def _where(self, meeting):
        places = (meeting.room_id.name, meeting.place, meeting.video_url)
        return clauses(meeting.env, filter(None, places))


class SignInSheetDocument(models.AbstractModel):
    """The printable sign-in sheet (MN-5, AT-1)."""

    _name = "report.meeting_management.report_sign_in_sheet"
    _inherit = "meeting.document"
    _description = "Sign-in Sheet"
    _document_model = "meeting.meeting"

    @api.model
    def _document(self, meeting, tz):
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "number": meeting.number,
            "when": self._when(meeting, tz),
            "where": self._where(meeting),
            "rows": meeting.participant_ids.sorted(lambda p: (p.role_order, p.partner_id.name or "")),
            "blank_rows": range(5),
        }


class NoticeSheetDocument(models.AbstractModel):
    """The notice on paper: subject, time, place, agenda, what to prepare, confidentiality reminder (NT-1)."""

    _name = "report.meeting_management.report_notice_sheet"
    _inherit = "meeting.document"
    _description = "Meeting Notice"
    _document_model = "meeting.meeting"

    @api.model
    def _document(self, meeting, tz):
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "number": meeting.number,
            "when": self._when(meeting, tz),
            "where": self._where(meeting),
            "items": self._topics(meeting),
            "people": format_list(self.env, meeting.participant_ids.partner_id.mapped("name")),
            "confidentiality": meeting._confidentiality_reminder(),
        }


class TrackingDocument(models.AbstractModel):
    """The tracking table on paper: every chosen task with start, deadline, owner, progress, state (RS-5)."""

    _name = "report.meeting_management.report_tracking"
    _inherit = "meeting.document"
    _description = "Tracking Table"
    _document_model = "meeting.action.item"

    @api.model
    def _get_report_values(self, docids, data=None):
        values = super()._get_report_values(docids, data)
        tasks = values["docs"]
        # sudo: as in the parent; a meeting's display name is masked for its real reader all the same
        # (meeting_mixin_access)
        values["documents"] = [
            {
                "company": tasks.sudo().company_id[:1],
                "number": False,
                "tasks": tasks.sudo(),
                "meeting_names": {task.id: task.meeting_id.display_name for task in tasks.sudo()},
            }
        ]
        return values
