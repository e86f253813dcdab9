"""The proof of notice on paper: who was notified, how, and what became of it (NT-1, NT-6)."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_list


class NoticeProofDocument(models.AbstractModel):
    """Printed by whoever may edit the meeting, like the ledger it is drawn from."""

    _name = "report.meeting_management.report_notice_proof"
    _inherit = "meeting.document"
    _description = "Proof of Notice on Paper"
    _document_model = "meeting.meeting"

    @api.model
    def _get_report_values(self, docids, data=None):
        """:raises AccessError: the user may read but not edit one of the meetings"""
        meetings = self.env["meeting.meeting"].browse(docids).exists()
        meetings.check_access("read")
        for meeting in meetings:
            if not meeting.is_editable:
                raise AccessError(
                    self.env._(
                        "Only those who may edit the meeting can prove who was notified. Ask the convener or the "
                        "secretariat."
                    )
                )
        return super()._get_report_values(docids, data)

    @api.model
    def _document(self, meeting, tz):
        found = self.env["meeting.meeting"].browse(meeting.id)._notice_proof()
        rows = found.sudo()  # sudo: names of the recipients, and marks of records whose rows the reader was just given
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "number": meeting.number,
            "when": self._when(meeting, tz),
            "where": self._where(meeting),
            "rows": rows,
            "counts": meeting._notice_proof_counts(rows),
            "deadline": self.env._(
                "the notice had to be out by %(time)s, %(lead)s ahead",
                time=meeting.with_context(tz=tz)._notice_moment(meeting.notice_deadline),
                lead=self.env["meeting.notification"]._format_minutes(meeting.notice_lead_hours * 60),
            ),
            "excused": format_list(
                self.env,
                rows.filtered(lambda row: row.attendance_state == "not_notified").partner_id.mapped("name"),
            ),
        }
