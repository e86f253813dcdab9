"""Databases made once and copied: a base per set of standard addons, a template per content of our addons."""

import os
import re

from . import postgres
from .base import ROOT, STATE, digest, lock, say, step, write
from .log import problems
from .odoo import addons, addons_hash, dependencies
from .postgres import PREFIX

KEPT = 3
STANDARD = ["base", "web", "mail", "calendar", "hr", "portal"]
BESIDE = ["rating"]
"""Apps ours do not need but whose doors are tested, installed beside them in the test database."""
STAMPS = STATE / "templates"

# Debian's tree lacks one file that mail's assets name; every page would log an error. Only in our databases:
# in the manifest this would take a real file away elsewhere.
PREPARE = """
from odoo.tools.misc import file_path
lost = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
try:
    file_path(lost)
except FileNotFoundError:
    if not env["ir.asset"].search([("path", "=", lost)]):
        env["ir.asset"].create({"name": "file absent from this tree", "bundle": "web.assets_backend",
                                "directive": "remove", "path": lost})
"""
LANGUAGES = "en_US,zh_CN"  # the first is what people speak unless said otherwise
BUNDLES = "env['ir.qweb']._pregenerate_assets_bundles()\n"


def _mark(name):
    """Note that a template is in use by this checkout."""
    write(STAMPS / name, str(ROOT))


def outdated(stamps, kept=KEPT):
    """Names to drop among (name, checkout, checkout exists, time of last use): all but the newest of each checkout."""
    seen, old = {}, []
    for name, checkout, alive, _used in sorted(stamps, key=lambda stamp: -stamp[3]):
        seen[checkout] = seen.get(checkout, 0) + 1
        if not alive or seen[checkout] > kept:
            old.append(name)
    return old


def owner(name):
    """The process a run's database belongs to, or None."""
    match = re.search(r"_run_[a-z0-9]+_(\d+)", name)
    return int(match[1]) if match else None


def sweep():
    """Drop templates no longer wanted, and databases left by work that failed or died."""
    for kind, kept in (("tpl", KEPT), ("base", 2 * KEPT)):
        stamps = []
        for path in STAMPS.glob(f"{PREFIX}{kind}_*"):
            checkout = path.read_text() if kind == "tpl" else str(ROOT)
            stamps.append((path.name, checkout, os.path.isdir(checkout), path.stat().st_mtime))
        for name in outdated(stamps, kept):
            with lock(name):
                postgres.drop(name)
                (STAMPS / name).unlink(missing_ok=True)
    for name in postgres.databases(PREFIX):
        if name.endswith("_new"):
            with lock(name.removesuffix("_new"), wait=False) as free:
                if free:
                    postgres.drop(name)
    for name in postgres.databases(f"{PREFIX}run_"):
        if owner(name) and not os.path.exists(f"/proc/{owner(name)}"):
            postgres.drop(name)


def base(odoo, demo=False, needed=None):
    """Name of the base template: standard addons (those ours need) in Chinese and English, made if absent."""
    modules = sorted({*STANDARD, *(needed or dependencies())})
    key = digest(odoo.version, demo, LANGUAGES, PREPARE, *modules)[:10]
    name = f"{PREFIX}base_{'demo_' if demo else ''}{key}"
    if not postgres.exists(name):
        with lock(name):
            if not postgres.exists(name):
                new = f"{name}_new"
                postgres.drop(new)
                with step(f"Making the base database ({'with' if demo else 'without'} demo data): {' '.join(modules)}"):
                    odoo.run(
                        "-i",
                        ",".join(modules),
                        f"--load-language={LANGUAGES}",
                        *(["--with-demo"] if demo else []),
                        "--log-level=warn",
                        database=new,
                        log="base-template",
                    )
                    odoo.script(PREPARE + BUNDLES, new)
                    postgres.rename(new, name)
    _mark(name)
    return name


def template(odoo):
    """Name of the template with our addons of this very content, without demo data; made if absent."""
    parent = base(odoo)
    with lock("template-of-" + digest(ROOT)[:8]):
        while True:
            content = addons_hash()
            name = f"{PREFIX}tpl_{digest(parent, content, BUNDLES, *BESIDE)[:12]}"
            with lock(name):
                if postgres.exists(name):
                    break
                found = _make(odoo, parent, f"{name}_new")
                if content == addons_hash():
                    postgres.rename(f"{name}_new", name)
                    for problem in found[:10]:
                        say(problem)
                    break
            say("The addon's files changed meanwhile: once more.")
        _mark(name)
        sweep()
    return name


def _make(odoo, parent, new):
    """Install our addons into a copy of the base; returns what the log complains about."""
    with step(f"Installing {' '.join(addons())} into a new test database"):
        postgres.clone(parent, new)
        out = odoo.run("-i", ",".join(addons() + BESIDE), "--log-level=warn", database=new, log="test-template")[1]
        odoo.script(BUNDLES, new)
    return problems(out)


def run_name(label):
    """Name of a database of this process, by which `sweep` sees whether it still lives."""
    return f"{PREFIX}run_{label}_{os.getpid()}"


def clone_for_run(odoo, label="test"):
    """A database for one run, copied from the template; the caller drops it."""
    name = run_name(label)
    source = template(odoo)
    with lock(source):
        postgres.clone(source, name)
        _mark(source)
    return name
