"""The signed confidentiality agreement on paper (CF-2)."""

from odoo import api, models


class AgreementDocument(models.AbstractModel):
    _name = "report.meeting_management.report_agreement"
    _inherit = "meeting.document"
    _description = "Signed Confidentiality Agreement"
    _document_model = "meeting.agreement.signature"

    @api.model
    def _document(self, signature, tz):
        meeting = signature.meeting_id
        return {
            "signature": signature,
            "meeting": meeting,
            "company": meeting.company_id,
            "number": meeting.number,
            "when": self._when(meeting, tz),
            "drawn": f"data:image/png;base64,{signature.drawn.decode()}" if signature.drawn else False,
            "employer": signature.partner_id.commercial_company_name
            if signature.partner_id.commercial_partner_id != signature.partner_id
            else False,
        }
