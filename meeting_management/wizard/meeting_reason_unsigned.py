"""Whoever declines a meeting that he may not read yet gives his reason all the same (CF-2, NT-3)."""

from odoo import models


class MeetingReasonWizard(models.TransientModel):
    _inherit = "meeting.reason.wizard"

    def action_confirm(self):
        """Whoever declines before he has signed gives his reason without reading the meeting."""
        if self.res_model == "meeting.participant" and self.verb == "decline":
            line = self.env["meeting.participant"].browse(self.res_id).exists()
            if line and line._as_own().env.su and (self.reason or "").strip():
                line.action_decline(**self._deed_values())
                return {"type": "ir.actions.act_window_close"}
        return super().action_confirm()
