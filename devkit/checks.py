"""./dev lint, gate, i18n, bench, test-odoo."""
import contextlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from . import odoo as odoo_module
from . import postgres, templates
from .base import ROOT, Stop, child_environment, run, say, step
from .odoo import addons
from .system import PDF

TESTS = [*PDF, "chromium"]

# Lines of Odoo's own, each as narrow as it can be.
KNOWN = [
    r"Running as user 'root' is a security risk",
]
PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def problems(output, known=KNOWN):
    """WARNING and ERROR entries of an Odoo log, each with its traceback, without the known ones."""
    entries, current = [], None
    for line in output.splitlines():
        if re.match(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ [A-Z]+ ", line):
            current = [line] if PROBLEM.match(line) else None
            if current:
                entries.append(current)
        elif current is not None and len(current) < 40:
            current.append(line)
    texts = ["\n".join(entry) for entry in entries]
    return [text for text in texts if not any(re.search(pattern, text) for pattern in known)]


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


def gate(options):
    """Install, update and uninstall, with and without demo data: a warning or an error of ours fails."""
    odoo = ready(options, tests=False)
    failures = []
    for demo in (False, True):
        parent = templates.base(odoo, demo)
        name = f"{postgres.PREFIX}run_gate_{os.getpid()}"
        with own_database(lambda name=name, parent=parent: postgres.clone(parent, name) or name):
            kind = "with demo data" if demo else "without demo data"
            ours = ",".join(addons())
            for title, arguments in (("Install", ["-i", ours]), ("Update", ["-u", ours])):
                with step(f"{title} {kind}"):
                    code, out = odoo.run(*arguments, "--log-level=warn", database=name, log=f"gate-{title.lower()}", check=False)
                found = problems(out)
                if code or found:
                    failures.append(f"--- {title} {kind}, exit code {code}:\n" + ("\n".join(found) or out[-3000:]))
                    break
            else:
                if not demo:
                    failures += _uninstall(odoo, name, ours)
    if failures:
        raise Stop("\n".join(failures) + "\nThe gate is shut: see the lines above; the logs are in .dev/log.")
    say("The gate is open: installed, updated and uninstalled without a warning.")
    return 0


def _uninstall(odoo, name, ours):
    with step("Uninstall"):
        code, out = run(*odoo.command("module", "uninstall", "-c", odoo.config(), "-d", name, *ours.split(",")),
                        log="gate-uninstall", check=False)
    found = problems(out)
    left = postgres.sql("SELECT module || '.' || name FROM ir_model_data WHERE module LIKE 'meeting\\_management%'", name)
    left += postgres.sql("SELECT tablename FROM pg_tables WHERE tablename LIKE 'meeting\\_%'", name)
    failures = [f"--- Uninstall, exit code {code}:\n" + ("\n".join(found) or out[-3000:])] if code or found else []
    if left:
        failures.append("--- Left behind by the uninstallation: " + ", ".join(row[0] for row in left[:20]))
    return failures


def lint(options):
    """Ruff, pylint-odoo, OCA's checks, well-formed XML, complete translations."""
    odoo = odoo_module.ensure(options.odoo, tests=True, packages=())
    tool = odoo.venv / "bin"
    folders = [ROOT / name for name in addons()]
    paths = [path for path in (*folders, ROOT / "tests", ROOT / "bench", ROOT / "devkit", ROOT / "dev") if path.exists()]
    checks = [
        ("ruff", [tool / "ruff", "check", "--no-cache", *(["--fix"] if options.fix else []), *paths]),
        ("pylint-odoo", [tool / "pylint", "--rcfile=/dev/null", "--load-plugins=pylint_odoo", "-d", "all", "-e", "odoolint",
                         "-d", "manifest-required-author,missing-readme", "--valid-odoo-versions=19.0", "--score=n",
                         *folders]),
        ("oca-checks-odoo-module", [tool / "oca-checks-odoo-module", "--disable=missing-readme,file-not-used",
                                    *folders]),
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
    for title, findings in (("XML", xml_errors(folders)), ("translations", untranslated(odoo, translations))):
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


COUNT = """
import sys, polib
for name in sys.argv[1:]:
    for entry in polib.pofile(name):
        if not entry.obsolete and (entry.fuzzy or not entry.translated()):
            print(f"{name}:{entry.linenum}: {'fuzzy' if entry.fuzzy else 'untranslated'}: {entry.msgid[:70]!r}")
"""


def untranslated(odoo, translations):
    """Entries of the .po files without a translation, or with a doubtful one."""
    files = [path for path in translations if path.suffix == ".po"]
    return run(odoo.python, "-c", COUNT, *files, log="lint-translations")[1].splitlines() if files else []


MERGE = """
import sys, polib
pot_name, po_name, prune = sys.argv[1], sys.argv[2], sys.argv[3] == "prune"
pot = polib.pofile(pot_name, wrapwidth=78)
try:
    po = polib.pofile(po_name, wrapwidth=78)
except OSError:
    po = polib.POFile(wrapwidth=78)
    po.metadata = {**pot.metadata, "Language": "zh_CN", "Plural-Forms": "nplurals=1; plural=0;"}
po.merge(pot)
for entry in list(po):
    if entry.obsolete and (prune or not entry.msgstr):
        po.remove(entry)
po.save(po_name)
"""


def i18n(options):
    """Export the terms of each of our addons and merge them into its Chinese file; translations are kept."""
    odoo = ready(options, tests=True)
    with own_database(lambda: templates.clone_for_run(odoo, "i18n")) as name:
        for addon in addons():
            with step(f"Exporting the terms of {addon}"):
                run(*odoo.command("i18n", "export", addon, "-c", odoo.config(), "-d", name, "-l", "pot"), log="i18n-export")
            folder = ROOT / addon / "i18n"
            pot, po = folder / f"{addon}.pot", folder / "zh_CN.po"
            if pot.exists():
                settle(pot)
                run(odoo.python, "-c", MERGE, pot, po, "prune" if options.prune else "keep", log="i18n-merge")
                missing = untranslated(odoo, [po])
                say(f"{addon}: {len(missing)} terms lack a translation" + (f", e.g. {missing[0]}" if missing else "."))
    return 0


def settle(pot):
    """Take the dates out of a .pot file, so that an export without news changes nothing."""
    text = re.sub(r'^"(POT-Creation-Date|PO-Revision-Date): .*\\n"\n', "", pot.read_text(), flags=re.M)
    pot.write_text(text)


def bench(options):
    """Run bench/<name>.py, or all of them, each on a database of its own named by BENCH_DB."""
    odoo = ready(options)
    folder = ROOT / "bench"
    names = options.names or sorted(path.stem for path in folder.glob("[!_]*.py"))
    absent = [name for name in names if not (folder / f"{name}.py").exists()]
    if absent or not names:
        raise Stop(f"There is no bench/{(absent or ['*'])[0]}.py: ./dev bench takes the name of a file in bench/.")
    code = 0
    for bench_name in names:
        with own_database(lambda bench_name=bench_name: templates.clone_for_run(odoo, "bench")) as name:
            say(f"\n== {bench_name} ==")
            environment = {**odoo.environment(), "BENCH_DB": name, "PYTHONPATH": str(ROOT)}
            done = subprocess.run([str(odoo.python), str(folder / f"{bench_name}.py")], cwd=ROOT,
                                  env=child_environment(environment))
            code = code or done.returncode
    return code


def test_odoo(options):
    """Odoo's own tests of the addons ours builds on, with ours installed (or, to compare, without)."""
    odoo = ready(options)
    tags = options.tags or ["/calendar", "/hr", "/mail", "/portal"]
    modules = ",".join(sorted({re.sub(r"[/:.].*", "", tag.lstrip("/")) for tag in tags}))

    def make():
        if not options.without_addon:
            return templates.clone_for_run(odoo, "odoo")
        name = f"{postgres.PREFIX}run_odoo_{os.getpid()}"
        postgres.clone(templates.base(odoo), name)
        return name

    with own_database(make) as name, step(f"Odoo's tests {' '.join(tags)} (may take an hour)"):
        _code, out = run(*odoo.command("server", "-c", odoo.config(), "-d", name, "-u", modules, "--stop-after-init",
                                       "--http-port=0", f"--test-tags={','.join(tags)}", "--max-cron-threads=0"),
                         log="test-odoo", check=False)
    say("\n".join(line for line in out.splitlines() if re.search(r" (FAIL|ERROR): |tests in |failed, ", line)))
    return 0 if re.search(r"\b0 failed, 0 error", out) else 1


def test(options):
    """Every test, or those named, through pytest on a database of its own."""
    odoo = ready(options)
    templates_needed = not options.arguments or not all("tests/toolchain" in word or word.startswith("-")
                                                        for word in options.arguments)
    if templates_needed:
        templates.template(odoo)
    sys.stdout.flush()
    return subprocess.run([str(odoo.python), "-m", "pytest", *options.arguments], cwd=ROOT,
                          env=child_environment({"ODOO": str(odoo.chosen)} if odoo.chosen else None)).returncode
