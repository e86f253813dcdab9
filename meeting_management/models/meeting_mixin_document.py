"""A row about a document that it names by model and number, as ledger, clocks and access log do."""

from odoo import models


class MeetingMixinDocument(models.AbstractModel):
    """Leads from the row to the document. The owning model has the fields `res_model` and `res_id`."""

    _name = "meeting.mixin.document"
    _description = "Row About a Document"

    def action_open_document(self):
        """Open what the row is about; the reader's own rights decide whether it shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
