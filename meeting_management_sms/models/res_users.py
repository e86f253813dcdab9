"""Whether a person wants what is urgent as a text message too."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    meeting_sms = fields.Boolean(
        "Text Message When Urgent",
        groups="base.group_erp_manager",
        help="A change, a cancellation and the last reminder before a meeting also come as a text message to my phone "
        "number.",
    )

    def _meeting_preferences(self):
        return (*super()._meeting_preferences(), "meeting_sms")

    def _meeting_wishes(self):
        wishes = super()._meeting_wishes()
        if self.sudo().meeting_sms:  # sudo: as in the parent
            wishes["sms"] = True
        return wishes
