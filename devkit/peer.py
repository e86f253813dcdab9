"""Addons of others that a benchmark measures ours against: fetched into a folder and a database of the benchmark's own.

The project does not depend on them. `bench/peers/<name>.txt` lists what `bench/<name>.py` wants, with everything that
these packages need besides Odoo.
"""

import contextlib
import shutil

from . import postgres, templates
from .base import ROOT, STATE, Stop, digest, lock, run, say, step
from .setup import own_database


def fetch(odoo, name):
    """The folder with what bench/<name>.py is measured against, or None where nothing is wanted or can be had."""
    listed = ROOT / "bench/peers" / f"{name}.txt"
    if not listed.exists():
        return None
    folder = STATE / "peers" / digest(listed.read_bytes(), odoo.python)[:10]
    with lock(f"peer-{folder.name}"):
        if folder.exists():
            return folder
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        pip = [odoo.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        try:
            with step(f"Fetching the peer of {name}"):
                # without what they need: Odoo itself is no package there
                run(*pip, "--no-deps", "--target", partial, "-r", listed, log="pip-peer")
        except Stop as stop:
            say(f"{str(stop).splitlines()[-1]}\nGoing on without the peer.")
            return None
        partial.rename(folder)
        return folder


@contextlib.contextmanager
def own(odoo, name):
    """What the benchmark must know of its peer, as environment variables; the peer's database lives as long as this."""
    folder = fetch(odoo, name)
    if not folder:
        yield {}
        return
    addons = folder / "odoo/addons"
    modules = sorted(path.parent.name for path in addons.glob("*/__manifest__.py"))
    environment = {"BENCH_PEER_ADDONS": str(addons), "PYTHONPATH": f"{ROOT}:{folder}"}
    with own_database(lambda: _database(odoo, addons, modules, folder)) as database:
        yield {**environment, "BENCH_PEER_DB": database}


def _database(odoo, addons, modules, folder):
    """A copy of the standard apps with the peer's addons and none of ours."""
    database = templates.run_name("peer")
    with step(f"Installing {' '.join(modules)} into a database of its own"):
        postgres.clone(templates.base(odoo), database)
        odoo.run(
            *("-i", ",".join(modules), "--log-level=warn", f"--addons-path={ROOT},{addons}"),
            database=database,
            log="bench-peer",
            env={"PYTHONPATH": str(folder)},
        )
    return database
