"""The whole set-up in one call, and databases for the time of a check."""

import contextlib

from . import odoo as odoo_module
from . import postgres
from .system import PDF

TESTS = [*PDF, "chromium"]


def ready(options, tests=True):
    odoo = odoo_module.ensure(options.odoo, tests=tests, packages=TESTS if tests else PDF)
    postgres.ensure_server()
    return odoo


@contextlib.contextmanager
def own_database(make):
    """A database for the time of a check."""
    name = make()
    try:
        yield name
    finally:
        postgres.drop(name)
