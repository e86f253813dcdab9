"""Reminders that stood on meeting types become rules, with the values that administrators gave them; what is open gets
its clocks. Rows of the old planners that have not left are taken back; the new ones take their place.
"""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

DEFAULT_BEFORE = {1440, 60, 15}
OLD_STEPS = ["remind", "answer", "unanswered", "unsigned", "approval_waiting", "minutes_overdue", "unread"]
OLD_STEPS += ["task_start", "task_due", "task_overdue"]

# column of a type → (value that equals the common rule, duty, timing, unit, working time, roles)
HOURS = {
    "answer_remind_hours": (4, "answer", "before", "hours", False, ("debtor",)),
    "approval_remind_hours": (24, "approval", "start", "hours", False, ("debtor",)),
    "agreement_remind_hours": (24, "agreement", "before", "hours", False, ("debtor",)),
    "task_reminder_days": (1, "task_due", "before", "days", True, ("debtor", "assistants")),
}


def _split(minutes):
    for unit, size in (("days", 1440), ("hours", 60)):
        if minutes % size == 0:
            return minutes // size, unit
    return minutes, "minutes"


def _column_exists(cr, table, column):
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s", (table, column))
    return bool(cr.fetchone())


def _own_rules(env, kind, type_id):
    """The common rules for a duty, as lines of this type: so that one of them can be replaced and the rest stay."""
    common = env["meeting.reminder.rule"].search(
        [("kind", "=", kind), ("type_id", "=", False), ("company_id", "=", False)]
    )
    return common and env["meeting.reminder.rule"].concat(*(rule.copy({"type_id": type_id}) for rule in common))


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    Rule = env["meeting.reminder.rule"]
    role = {role.code: role.id for role in env["meeting.reminder.role"].search([])}

    def rule(type_id, kind, timing, number, unit, working, roles):
        Rule.create(
            {
                "type_id": type_id,
                "kind": kind,
                "timing": timing,
                "number": number,
                "unit": unit,
                "working": working,
                "role_ids": [Command.set([role[code] for code in roles])],
            }
        )

    types = env["meeting.type"].with_context(active_test=False).search([])
    # what this version ships for the types it ships does not count: their own old lines do
    types.reminder_rule_ids.unlink()
    if _column_exists(cr, "meeting_type_reminder", "minutes_before"):
        cr.execute(
            """SELECT type_id, array_agg(minutes_before ORDER BY minutes_before DESC) FROM meeting_type_reminder
                GROUP BY type_id"""
        )
        before = dict(cr.fetchall())
        for kind in types:
            lines = before.get(kind.id, [])
            if set(lines) == DEFAULT_BEFORE:
                continue
            for minutes in lines:
                number, unit = _split(minutes)
                rule(kind.id, "meeting", "before", number, unit, False, ("participants",))
            if not lines:
                Rule.create({"type_id": kind.id, "kind": "meeting", "never": True})
    for column, (usual, duty, timing, unit, working, roles) in HOURS.items():
        if not _column_exists(cr, "meeting_type", column):
            continue
        cr.execute(f"SELECT id, {column} FROM meeting_type WHERE {column} IS DISTINCT FROM %s", (usual,))  # noqa: S608
        for type_id, value in cr.fetchall():
            own = _own_rules(env, duty, type_id)
            own.filtered(lambda one, timing=timing: one.timing == timing).unlink()
            if value:
                rule(type_id, duty, timing, value, unit, working, roles)
            elif not own.exists():
                Rule.create({"type_id": type_id, "kind": duty, "never": True})
    cr.execute(
        """UPDATE meeting_notification SET state = 'void', reason = 'superseded', retry_at = NULL
            WHERE (state = 'pending' OR (state = 'failed' AND retry_at IS NOT NULL))
              AND split_part(split_part(step, '@', 1), ':', 1) = ANY(%s)""",
        (OLD_STEPS,),
    )
    env.invalidate_all()
    cr.execute(
        "UPDATE meeting_approval a SET asked_at = m.submitted_at FROM meeting_meeting m WHERE a.meeting_id = m.id"
    )
    open_documents = {
        "meeting.meeting": [("state", "in", ("draft", "submitted", "scheduled"))],
        "meeting.minutes": [("state", "!=", "archived")],
        "meeting.action.item": [("state", "not in", ("accepted", "cancelled"))],
        "meeting.booking": [("state", "=", "requested")],
    }
    for model, domain in open_documents.items():
        ids = env[model].search(domain).ids
        for start in range(0, len(ids), 500):
            env[model].browse(ids[start : start + 500])._follow_clocks()
            env.flush_all()
            env.invalidate_all()
