"""For the files in bench/, which run under Odoo's Python: the databases ./dev bench made for them."""

import contextlib
import os


def sizes(*usual):
    """The numbers of rows to measure: those of the command line, else the usual ones."""
    return tuple(map(int, os.environ.get("BENCH_SIZES", "").split())) or usual


def peer():
    """The database with the addons that ours is measured against, or None where they could not be fetched."""
    return os.environ.get("BENCH_PEER_DB")


@contextlib.contextmanager
def environment(uid=1, database=None):
    """An `odoo.api.Environment` on the benchmark's database; what is not committed is rolled back at the end."""
    import odoo.api
    import odoo.modules.registry
    from odoo.tools import config

    if not config["db_name"]:
        theirs = os.environ.get("BENCH_PEER_ADDONS")
        known = ["-c", os.environ["ODOO_RC"], "-d", os.environ["BENCH_DB"], "--no-http", "--log-level=warn"]
        config.parse_config([*known, f"--addons-path={os.getcwd()},{theirs}"] if theirs else known)
    with odoo.modules.registry.Registry(database or os.environ["BENCH_DB"]).cursor() as cr:
        yield odoo.api.Environment(cr, uid, {})
        cr.rollback()
