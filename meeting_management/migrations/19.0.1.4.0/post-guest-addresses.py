"""Guests of meetings to come are reached at the address they were invited at: the one they have now (PT-4)."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    lines = env["meeting.participant"].search(
        [("is_guest", "=", True), ("meeting_id.state", "in", ("draft", "submitted", "scheduled", "in_progress"))]
    )
    lines._keep_address()
