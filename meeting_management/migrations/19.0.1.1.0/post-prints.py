"""Published texts and PDFs move from the version, where every reader could open them whole, into prints that are shown
through the version, for each reader."""

import base64

from odoo import SUPERUSER_ID, api
from odoo.tools import sql


def migrate(cr, version):
    if not sql.column_exists(cr, "meeting_minutes_revision", "body"):
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT id, body FROM meeting_minutes_revision WHERE body IS NOT NULL ORDER BY id")
    bodies = dict(cr.fetchall())
    files = env["ir.attachment"].search(
        [("res_model", "=", "meeting.minutes.revision"), ("res_id", "in", list(bodies))], order="id"
    )
    rows = {}
    for file in files:
        lang = file.description or env.company.partner_id.lang or "en_US"
        rows.setdefault((file.res_id, lang), file.raw)
    for revision_id in bodies.keys() - {revision_id for revision_id, _lang in rows}:
        rows[revision_id, env.company.partner_id.lang or "en_US"] = False
    env["meeting.minutes.print"].create(
        [
            {
                "revision_id": revision_id,
                "lang": lang,
                "html": bodies[revision_id],
                "pdf": content and base64.b64encode(content),
            }
            for (revision_id, lang), content in rows.items()
        ]
    )
    env.flush_all()
    files.unlink()
    cr.execute("ALTER TABLE meeting_minutes_revision DROP COLUMN body")
