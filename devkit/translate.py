"""./dev i18n, and the completeness of translations."""

import re
from pathlib import Path

from . import templates
from .base import ROOT, run, say, step
from .odoo import addons, dependencies
from .setup import own_database, ready

COUNT = """
import sys, polib
for name in sys.argv[1:]:
    for entry in polib.pofile(name):
        if not entry.obsolete and (entry.fuzzy or not entry.translated()):
            print(f"{name}:{entry.linenum}: {'fuzzy' if entry.fuzzy else 'untranslated'}: {entry.msgid[:70]!r}")
"""


def missing_files(folders):
    """Addons that have no Chinese at all."""
    absent = [folder.name for folder in folders if not (folder / "i18n/zh_CN.po").exists()]
    return [f"{name}/i18n/zh_CN.po: is missing, ./dev i18n makes it" for name in absent]


def untranslated(odoo, translations):
    """Entries of the .po files without a translation, or with a doubtful one."""
    files = [path for path in translations if path.suffix == ".po"]
    return run(odoo.python, "-c", COUNT, *files, log="lint-translations")[1].splitlines() if files else []


MERGE = """
import sys, polib
pot_name, po_name, prune, known = sys.argv[1], sys.argv[2], sys.argv[3] == "prune", sys.argv[4:]
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
theirs = {}
for name in known:
    for entry in polib.pofile(name):
        if entry.translated() and not entry.obsolete:
            theirs.setdefault(entry.msgid, entry.msgstr)
for entry in po:
    if not entry.obsolete and not entry.msgstr and entry.msgid in theirs:
        entry.msgstr = theirs[entry.msgid]
place = {(entry.msgctxt, entry.msgid): number for number, entry in enumerate(pot)}
po.sort(key=lambda entry: (place.get((entry.msgctxt, entry.msgid), len(place)), entry.msgid))
po.save(po_name)
"""


def i18n(options):
    """Export the terms of each of our addons and merge them into its Chinese file; translations are kept."""
    odoo = ready(options, tests=True)
    known = translations_of(odoo, [*templates.STANDARD, *dependencies()]) if options.fill else []
    with own_database(lambda: templates.clone_for_run(odoo, "terms")) as name:
        for addon in addons():
            with step(f"Exporting the terms of {addon}"):
                run(
                    *odoo.command("i18n", "export", addon, "-c", odoo.config(), "-d", name, "-l", "pot"),
                    log="i18n-export",
                )
            folder = ROOT / addon / "i18n"
            pot, po = folder / f"{addon}.pot", folder / "zh_CN.po"
            if pot.exists():
                settle(pot)
                run(odoo.python, "-c", MERGE, pot, po, "prune" if options.prune else "keep", *known, log="i18n-merge")
                missing = untranslated(odoo, [po])
                say(f"{addon}: {len(missing)} terms lack a translation" + (f", e.g. {missing[0]}" if missing else "."))
    return 0


def translations_of(odoo, names):
    """The Chinese files of standard addons, in the order given."""
    code = (
        f"import odoo.addons\nfrom odoo.modules.module import get_module_path\nprint(*map(get_module_path, {names!r}))"
    )
    folders = run(odoo.python, "-c", code, log="module-paths", env=odoo.environment())[1].split()
    return [f"{folder}/i18n/zh_CN.po" for folder in dict.fromkeys(folders) if Path(f"{folder}/i18n/zh_CN.po").exists()]


def settle(pot):
    """Take the dates out of a .pot file, so that an export without news changes nothing."""
    text = re.sub(r'^"(POT-Creation-Date|PO-Revision-Date): .*\\n"\n', "", pot.read_text(), flags=re.M)
    pot.write_text(text)
