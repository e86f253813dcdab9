"""Meetings to come that were moved before: answers are due, and the notice is judged, from the move (NT-2, NT-3).

The ledger knows when each change of time was told. What has been held keeps the judgement of its day.
"""

from odoo import SUPERUSER_ID, api, fields


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    to_come = [("state", "=", "scheduled"), ("start", ">", fields.Datetime.now()), ("moved_at", "=", False)]
    for meeting in env["meeting.meeting"].search(to_come):
        changes = meeting.notice_changes or {}
        moves = [int(number) for number, change in changes.items() if meeting._asks_anew(change["fields"])]
        if not moves:
            continue
        step = f"change:{max(moves)}"
        told = [("res_model", "=", meeting._name), ("res_id", "=", meeting.id), ("step", "=", step)]
        row = env["meeting.notification"].search(told, order="create_date", limit=1)
        if not row:
            continue
        meeting._write_plan({"moved_at": row.create_date})
        needed = meeting.is_short_notice and not meeting.is_urgent
        meeting._write_plan({"short_notice_reason": needed and changes[str(max(moves))]["reason"]})
