"""Loans and inspections get their clocks; what was planned for them makes way for the reminders of the rules.

The rules themselves come with `data/reminder_rule_data.xml`: they are new there, and what is new is created in old
databases, too. A message of the old planning that is due already leaves as it is; those to come are planned anew.
"""

from odoo import SUPERUSER_ID, api, fields

OLD_STEPS = ["loan_due", "loan_over", "loan_late", "round_due"]
ENGINE_KEY = r"^\w+:\d+\.\d+\.\d+(@\d+)?$"
OPEN = {"meeting.loan": "lent", "meeting.inspection.round": "open"}


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """UPDATE meeting_notification SET state = 'void', reason = 'superseded', retry_at = NULL
            WHERE state = 'pending' AND due > %s AND split_part(step, ':', 1) = ANY(%s) AND step !~ %s""",
        (fields.Datetime.now(), OLD_STEPS, ENGINE_KEY),
    )
    env.invalidate_all()
    for model, state in OPEN.items():
        ids = env[model].search([("state", "=", state)]).ids
        for start in range(0, len(ids), 500):
            env[model].browse(ids[start : start + 500])._follow_clocks()
            env.flush_all()
            env.invalidate_all()
