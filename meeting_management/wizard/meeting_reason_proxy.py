"""Whoever declines a meeting may name a colleague who comes instead (PT-2)."""

from odoo import api, fields, models


class MeetingReasonWizard(models.TransientModel):
    _inherit = "meeting.reason.wizard"

    stand_in_ids = fields.Many2many("res.partner", compute="_compute_stand_in_ids")
    proxy_id = fields.Many2one(
        "res.partner",
        "Who Could Come Instead",
        domain="[('id', 'in', stand_in_ids)]",
        help="A colleague of your department, or somebody who reports to you. The organisers confirm it.",
    )

    @api.depends("res_model", "res_id", "verb")
    def _compute_stand_in_ids(self):
        """Of one's own line, or one that the reader may see."""
        for wizard in self:
            wizard.stand_in_ids = False
            if (wizard.res_model, wizard.verb) == ("meeting.participant", "decline"):
                line = self.env["meeting.participant"].browse(wizard.res_id).exists()
                if line and (line._as_own().env.su or line.has_access("read")):
                    wizard.stand_in_ids = line._stand_ins()

    def _deed_values(self):
        return {**super()._deed_values(), **({"proxy_id": self.proxy_id.id} if self.proxy_id else {})}
