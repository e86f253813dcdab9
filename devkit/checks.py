"""./dev test, lint, gate, bench."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from . import leftovers, peer, postgres, templates
from . import odoo as odoo_module
from .base import LOG, ROOT, Stop, child_environment, run, say, step
from .log import problems
from .odoo import addons, dependencies
from .setup import own_database, ready
from .translate import missing_files, untranslated

NOT_OURS = (
    "attribute-string-redundant",  # labels are written out, so that translators find them
    "consider-merging-classes-inherited",  # a chapter says what a meeting gains from it
    "manifest-required-author",
    "method-required-super",  # rows of evidence refuse every write
    "missing-readme",
    "missing-return",  # computes return nothing
    "no-search-all",  # a list of companies is short
    "no-wizard-in-models",  # what a dialogue of Odoo's gains stands with its chapter
    "super-method-mismatch",  # the door past a guard calls the guarded method's parent
)
"""Checks of pylint-odoo that contradict a decision of this house, each with the decision."""


def gate(options):
    """Install, update, uninstall, with and without demo data, and the core alone: a warning of ours fails."""
    odoo = ready(options, tests=False)
    everything, core = addons(), addons()[:1]
    failures = _pass(odoo, "without demo data", templates.base(odoo), everything)
    failures += _pass(odoo, "with demo data", templates.base(odoo, demo=True), everything, uninstall=True)
    if len(everything) > 1:
        failures += _pass(odoo, "without glue addons", templates.base(odoo, needed=dependencies(names=core)), core)
    if failures:
        raise Stop("\n".join(failures) + f"\nThe gate is shut: see the lines above; the logs are in {LOG}.")
    say("The gate is open: installed, updated, uninstalled and installed again without a warning or anything left.")
    return 0


def _pass(odoo, kind, parent, names, uninstall=False):
    """Failures of installing and updating the addons on a copy of a base."""
    database = f"{postgres.PREFIX}run_gate_{os.getpid()}"
    with own_database(lambda: postgres.clone(parent, database) or database):
        before = leftovers.objects(database)
        for title, flag in (("Install", "-i"), ("Update", "-u")):
            failures = _load(odoo, database, f"{title} {kind}", flag, names)
            if failures:
                return failures
        return _uninstall(odoo, database, names, before) if uninstall else []


def _load(odoo, database, title, flag, names):
    """Failures of one start of the server that installs or updates the addons."""
    log = f"gate-{title}".lower().replace(" ", "-")
    with step(title):
        code, out = odoo.run(flag, ",".join(names), "--log-level=warn", database=database, log=log, check=False)
    found = problems(out)
    return [f"--- {title}, exit code {code}:\n" + ("\n".join(found) or out[-3000:])] if code or found else []


def _uninstall(odoo, name, names, before):
    """Failures of taking the addons out and putting them in again; no word of any meeting may outlive them (CF-1)."""
    leftovers.plant(name)
    with step("Uninstall"):
        code, out = run(
            *odoo.command("module", "uninstall", "-c", odoo.config(), "-d", name, *names),
            log="gate-uninstall",
            check=False,
        )
    found = problems(out)
    rows = postgres.sql("SELECT module || '.' || name FROM ir_model_data WHERE module ^@ 'meeting_management'", name)
    left = sorted({row[0] for row in rows} | leftovers.objects(name) - before)
    failures = [f"--- Uninstall, exit code {code}:\n" + ("\n".join(found) or out[-3000:])] if code or found else []
    if left:
        failures.append("--- Left behind by the uninstallation: " + ", ".join(left[:20]))
    words = leftovers.words(name)
    postgres.sql("UPDATE ir_module_module SET demo = FALSE", name)  # the demo company's people are still there
    failures += _load(odoo, name, "Install again", "-i", names)
    words += leftovers.words(name)
    if words:
        failures.append("--- Words about meetings outlived the addon:\n" + "\n".join(words[:20]))
    return failures


def lint(options):
    """Ruff, pylint-odoo, OCA's checks, well-formed XML, complete translations."""
    odoo = odoo_module.get(options.odoo).ensure(tests=True)
    tool = odoo.venv / "bin"
    folders = [ROOT / name for name in addons()]
    paths = [
        path for path in (*folders, ROOT / "tests", ROOT / "bench", ROOT / "devkit", ROOT / "dev") if path.exists()
    ]
    checks = [
        ("ruff", [tool / "ruff", "check", "--no-cache", *(["--fix"] if options.fix else []), *paths]),
        (
            "pylint-odoo",
            [
                tool / "pylint",
                "--rcfile=/dev/null",
                "--load-plugins=pylint_odoo",
                "-d",
                "all",
                "-e",
                "odoolint",
                "-d",
                ",".join(NOT_OURS),
                "--valid-odoo-versions=19.0",
                "--score=n",
                *folders,
            ],
        ),
        (
            "oca-checks-odoo-module",
            [
                tool / "oca-checks-odoo-module",
                "--disable=missing-readme,file-not-used,xml-header-wrong,xml-field-numeric-without-eval",
                *folders,
            ],
        ),
    ]
    translations = sorted(path for folder in folders for path in folder.glob("i18n/*.po*"))
    if translations:
        checks.append(("oca-checks-po", [tool / "oca-checks-po", *translations]))
    failed = []
    for title, command in checks:
        with step(title):
            code, out = run(*command, log=f"lint-{title}", check=False, cwd=ROOT)
        if code:
            failed.append(title)
            say(out.strip())
    for title, findings in (
        ("XML", xml_errors(folders)),
        ("translations", missing_files(folders) + untranslated(odoo, translations)),
    ):
        if findings:
            failed.append(title)
            say("\n".join(findings))
    if failed:
        raise Stop(f"These checks found something: {', '.join(failed)}.")
    say("Nothing found.")
    return 0


def xml_errors(folders):
    """Files that are not well-formed XML, each with the place."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.xml")):
            try:
                ElementTree.parse(path)
            except ElementTree.ParseError as error:
                found.append(f"{path.relative_to(folder.parent)}: not well-formed: {error}")
    return found


def bench(options):
    """Run bench/<name>.py, or all of them, each on a database of its own, beside one with its peer."""
    odoo = ready(options)
    folder = ROOT / "bench"
    names = options.names or sorted(path.stem for path in folder.glob("[!_]*.py"))
    absent = [name for name in names if not (folder / f"{name}.py").exists()]
    if absent or not names:
        raise Stop(f"There is no bench/{(absent or ['*'])[0]}.py: ./dev bench takes the name of a file in bench/.")
    code = 0
    for bench_name in names:
        with (
            own_database(lambda: templates.clone_for_run(odoo, "bench")) as name,
            peer.own(odoo, bench_name) as of_peer,
        ):
            say(f"\n== {bench_name} ==")
            environment = {**odoo.environment(), "BENCH_DB": name, "PYTHONPATH": str(ROOT), **of_peer}
            if options.sizes:
                environment["BENCH_SIZES"] = " ".join(map(str, options.sizes))
            done = subprocess.run(
                [str(odoo.python), str(folder / f"{bench_name}.py")], cwd=ROOT, env=child_environment(environment)
            )
            code = code or done.returncode
    return code


def test(options):
    """Every test, or those named, through pytest on a database of its own; all of them in two processes, each with a
    copy of that database."""
    odoo = ready(options)
    arguments = list(options.arguments)
    everything = all(word.startswith("-") for word in arguments)
    if everything or not all("tests/toolchain" in word or word.startswith("-") for word in arguments):
        templates.template(odoo)
    if everything and (os.cpu_count() or 1) > 1 and not any(word.startswith("-n") for word in arguments):
        arguments += ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    sys.stdout.flush()
    return subprocess.run(
        [str(odoo.python), "-m", "pytest", *arguments],
        cwd=ROOT,
        env=child_environment({"ODOO": str(odoo.chosen)} if odoo.chosen else None),
    ).returncode
