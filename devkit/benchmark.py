"""For the files in bench/, which run under Odoo's Python: the environment of the database ./dev bench made for them."""

import contextlib
import os


@contextlib.contextmanager
def environment(uid=1, database=None):
    """An `odoo.api.Environment` on the benchmark's database; what is not committed is rolled back at the end."""
    import odoo.api
    import odoo.modules.registry
    from odoo.tools import config

    database = database or os.environ["BENCH_DB"]
    if config["db_name"] != [database]:
        config.parse_config(["-c", os.environ["ODOO_RC"], "-d", database, "--no-http", "--log-level=warn"])
    with odoo.modules.registry.Registry(database).cursor() as cr:
        yield odoo.api.Environment(cr, uid, {})
        cr.rollback()
