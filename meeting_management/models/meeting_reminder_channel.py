"""A rule of reminding may ask for a text message or for a word in the group chat, besides what each person prefers."""

from odoo import models

from .meeting_reminder import parse_step


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _wanted_channels(self, profiles):
        wanted = super()._wanted_channels(profiles)
        rules = {row.id: parsed[2] for row in self if (parsed := parse_step(row.step))}
        # sudo: rules are read by every employee; the job that asks need not be one
        asked = self.env["meeting.reminder.rule"].sudo().browse(sorted(set(rules.values()))).exists()
        channels = {rule.id: rule.channel for rule in asked if rule.channel != "preference"}
        for row_id, rule_id in rules.items():
            if rule_id in channels:
                wanted[row_id] |= {channels[rule_id]}
        return wanted
