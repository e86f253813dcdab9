from odoo.tools import SQL

from . import controllers
from . import demo
from . import log_privacy
from . import models
from . import report
from . import wizard

log_privacy.install()


def uninstall_hook(env):
    """Take away what stands in the way of the addon's leaving, and what would not go with its models.

    The guards of evidence refuse every deletion; types that meetings have, and kinds of to-dos that to-dos have, could
    not be deleted one by one as Odoo does before it drops the tables. Sequences, and each year's of the database, stay.
    """
    env["meeting.access.log"]._drop_guard()
    env["meeting.agreement"]._drop_guard()
    env["mail.activity"].with_context(active_test=False).search([("res_model", "=like", "meeting.%")]).unlink()
    sequences = env["ir.sequence"].with_context(active_test=False).search([("code", "=like", "meeting.%")])
    sequences.date_range_ids.unlink()
    sequences.unlink()
    tables = [model._table for name, model in env.registry.items() if name.startswith("meeting.")]
    links = env.execute_query(
        SQL(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
            " WHERE contype = 'f' AND relname IN %s",
            tuple(tables),
        )
    )
    for table, constraint in links:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint)))
