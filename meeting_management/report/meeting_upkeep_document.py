"""The label at a room's door (RM-10) and the statement of fees (RM-13) on paper."""

from odoo import api, models
from odoo.tools import format_amount, format_date


class RoomLabelDocument(models.AbstractModel):
    _name = "report.meeting_management.report_room_label"
    _inherit = "meeting.document"
    _description = "Label of a Room"
    _document_model = "meeting.room"

    @api.model
    def _document(self, room, tz):
        return {"room": room, "company": room.company_id, "number": room.code, "qr": room._qr_data()}


class FeeStatementDocument(models.AbstractModel):
    _name = "report.meeting_management.report_fee_statement"
    _inherit = "meeting.document"
    _description = "Statement of Room Fees"
    _document_model = "meeting.fee.statement"

    @api.model
    def _document(self, statement, tz):
        return {
            "statement": statement,
            "company": statement.company_id,
            "number": False,
            "period": f"{format_date(self.env, statement.date_from)} – {format_date(self.env, statement.date_to)}",
            "amount": lambda value: format_amount(self.env, value, statement.currency_id),
        }
