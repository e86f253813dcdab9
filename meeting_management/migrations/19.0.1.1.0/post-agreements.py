"""Secret meetings announced before agreements existed ask for the one in force, so that the database can insist on it.

Their officers read them as before; participants sign once, from My Day or the next notice.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    # a new database publishes the shipped text while it is loaded; an upgrade skips that step
    shipped = env.ref("meeting_management.meeting_agreement_default", raise_if_not_found=False)
    published = env["meeting.agreement"].search_count([("state", "=", "published")], limit=1)
    if shipped and shipped.state == "draft" and not published:
        shipped.action_publish()
    meetings = env["meeting.meeting"].search(
        [("level", "=", "secret"), ("agreement_id", "=", False), ("scheduled_at", "!=", False)]
    )
    for meeting in meetings:
        agreement = env["meeting.agreement"]._current(meeting.company_id, meeting.type_id.agreement_id)
        if agreement:
            cr.execute("UPDATE meeting_meeting SET agreement_id = %s WHERE id = %s", [agreement.id, meeting.id])
    meetings.invalidate_recordset(["agreement_id"])
    meetings._compute_access_keys()
