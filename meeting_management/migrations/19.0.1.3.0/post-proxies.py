"""Whoever was confirmed as a proxy for a meeting to come is on its list from now on, and so is invited (PT-2)."""

from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    lines = env["meeting.participant"].search(
        [
            ("proxy_partner_id", "!=", False),
            ("meeting_id.state", "=", "scheduled"),
            ("meeting_id.start", ">", fields.Datetime.now()),
        ]
    )
    for line in lines:
        if line.proxy_partner_id not in line.meeting_id.participant_ids.partner_id:
            line.meeting_id._stand_in(line.proxy_partner_id, line.partner_id)
