"""The whole set-up in one call, and databases for the time of a check."""

import contextlib

from . import odoo as odoo_module
from . import postgres
from .system import PDF, install_packages

TESTS = [*PDF, "chromium"]


def ready(options, tests=True):
    """Set everything up; what an administrator may have to help with comes first, before minutes are spent."""
    odoo = odoo_module.get(options.odoo)
    install_packages(TESTS if tests else PDF)
    postgres.ensure_server()
    return odoo.ensure(tests)


@contextlib.contextmanager
def own_database(make):
    """A database for the time of a check."""
    name = make()
    try:
        yield name
    finally:
        postgres.drop(name)
