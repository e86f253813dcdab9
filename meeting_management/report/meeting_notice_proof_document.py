"""The proof of notice on paper: who was notified, how, and what became of it (NT-1, NT-6)."""

from odoo import api, models
from odoo.exceptions import AccessError


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
        rows = self.env["meeting.meeting"].browse(meeting.id)._notice_proof()
        return {
            "meeting": meeting,
            "company": meeting.company_id,
            "number": meeting.number,
            "when": self._when(meeting, tz),
            "where": self._where(meeting),
            # sudo: names of the recipients, and marks of records whose rows the reader was just given
            "rows": rows.sudo(),
            "counts": meeting._notice_proof_counts(rows.sudo()),
            "lead": self.env["meeting.notification"]._format_minutes(meeting.notice_lead_hours * 60),
            "excused": rows.sudo().filtered(lambda row: row.attendance_state == "not_notified").partner_id.mapped("name"),
        }
