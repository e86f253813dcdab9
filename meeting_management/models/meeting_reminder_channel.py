"""A rule of reminding may ask for a text message or for a word in the group chat, besides what each person prefers."""

from odoo import models


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _wanted_channels(self, profiles):
        wanted = super()._wanted_channels(profiles)
        for row in self.filtered(lambda row: row.channel != "preference"):
            wanted[row.id] |= {row.channel}
        return wanted
