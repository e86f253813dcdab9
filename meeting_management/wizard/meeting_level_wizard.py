from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.meeting_policy_mixin import LEVELS


class MeetingLevelWizard(models.TransientModel):
    """Asks for the new level and the reason; person and moment are checked by the meeting (CF-1)."""

    _name = "meeting.level.wizard"
    _description = "Change the Confidentiality Level"

    meeting_id = fields.Many2one("meeting.meeting", required=True, readonly=True, ondelete="cascade")
    old_level = fields.Selection(LEVELS, "Present Level", readonly=True)
    level = fields.Selection(LEVELS, "New Level")
    reason = fields.Text(help="Kept in the access log, which auditors read.")

    @api.model
    def _open(self, meeting, level=None):
        """:return: the action that opens the dialogue"""
        wizard = self.create({"meeting_id": meeting.id, "old_level": meeting.level, "level": level or False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the confidentiality level"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """:raises UserError: level or reason is missing, or the meeting refuses"""
        self.ensure_one()
        if not self.level or not (self.reason or "").strip():
            raise UserError(self.env._("Please choose the new level and give the reason: auditors read it."))
        self.meeting_id.action_change_level(level=self.level, reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
