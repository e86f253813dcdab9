"""Every run gets its own database, copied from a template that holds the addon of this very content."""

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from devkit import odoo as devkit_odoo  # noqa: E402
from devkit import postgres, templates  # noqa: E402
from devkit.base import Stop  # noqa: E402

LONG = (
    "tests/reminders/test_simulated_year.py",
    "tests/security/test_walk",
    "tests/security/test_matrix.py",
    "tests/reminders/test_killed_job.py",
    "tests/rooms/test_race.py",
    "tests/rooms/test_property.py",
    "tests/whole_life/",
)
"""What takes a minute and more."""


def needs_database(arguments, root=ROOT):
    """Whether any of the paths given on the command line (none: all of them) may hold tests of the addon."""
    paths = [Path(argument.partition("::")[0]).resolve() for argument in arguments]
    return not paths or any((root / "tests" / "toolchain") not in (path, *path.parents) for path in paths)


def pytest_collection_modifyitems(items):
    """The longest files first: two processes end together when short ones come last."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@contextmanager
def own_files(original, name):
    """Give a process's copy of the database its own files, as hard links.

    pytest-odoo lets all processes share those of the original. At the end of each class Odoo deletes the files its own
    database does not know, so one process would lose what another has just written.
    """
    if name != original:
        postgres.link_files(original, name)
    try:
        yield
    finally:
        if name != original:
            shutil.rmtree(postgres.filestore(name), ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["odoo_database"] = node.config.option.odoo_database


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_cmdline_main(config):
    run = None
    is_worker = hasattr(config, "workerinput")
    if is_worker:  # one of several processes of one run: it copies the run's database for itself
        config.option.odoo_database = config.workerinput["odoo_database"]
        config.option.odoo_config = os.environ.get("ODOO_RC")
        sys.modules["pytest_odoo"]._shared_filestore = own_files
    if not config.option.odoo_database and not is_worker and needs_database(config.option.file_or_dir or []):
        try:
            postgres.ensure_server()
            odoo = devkit_odoo.get()
            run = templates.clone_for_run(odoo)
        except Stop as stop:
            raise pytest.UsageError(str(stop)) from None
        config.option.odoo_database = run
        config.option.odoo_config = str(odoo.config())
        os.environ["ODOO_RC"] = str(odoo.config())
        os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    if config.option.odoo_database:
        from odoo.tests.common import BaseCase

        BaseCase.test_tags = {"standard", "post_install"}  # top-level tests have no module to take them from
        BaseCase.test_module = "tests"
    try:
        return (yield)
    finally:
        if run:
            from odoo.sql_db import close_all

            close_all()
            postgres.drop(run)
