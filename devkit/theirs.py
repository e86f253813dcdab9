"""./dev test-odoo: Odoo's own tests, with our addons installed."""

import os
import re

from . import postgres, templates
from .base import Stop, run, say, step
from .setup import own_database, ready

TAGS = ["/calendar", "/hr", "/mail", "/portal"]


def failed(output):
    """Tags of the tests that failed, from Odoo's log."""
    tests = re.findall(r"odoo\.addons\.(\w+)\.tests\.\S+: (?:FAIL|ERROR): (\w+\.\w+)", output)
    classes = re.findall(r"ERROR: setUpClass \(odoo\.addons\.(\w+)\.tests\.\S*?(\w+)\)", output)
    return sorted({f"/{addon}:{name}" for addon, name in tests + classes})


def summary(output):
    """(failed, errors, all) as Odoo counts them, or None when it never came to the end."""
    match = re.search(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", output)
    return tuple(map(int, match.groups())) if match else None


def test_odoo(options):
    """Run them; those that fail run again without our addons, and only the others count as failures.

    :raises Stop: when our addons break a test.
    """
    odoo = ready(options)
    tags = options.tags or TAGS
    with step(f"Odoo's tests {' '.join(tags)} with our addons"):
        with_ours = _run(odoo, tags, lambda: templates.clone_for_run(odoo, "odoo"), "test-odoo")
    counts, broken = summary(with_ours), failed(with_ours)
    if not counts:
        raise Stop(f"{with_ours[-3000:]}\nOdoo's tests did not come to an end.")
    say(f"{counts[2]} tests, {len(broken)} failed.")
    if broken:
        with step("Those that failed, without our addons"):
            without = _run(odoo, broken, lambda: _bare(odoo), "test-odoo-without")
        alone = set(failed(without))
        say(
            "\n".join(
                f"  {tag}: {'fails without our addons too' if tag in alone else 'BROKEN BY OURS'}" for tag in broken
            )
        )
        if set(broken) - alone:
            raise Stop("Our addons break tests of Odoo: see above, and test-odoo.log.")
    return 0


def _bare(odoo):
    name = f"{postgres.PREFIX}run_odoo_{os.getpid()}"
    postgres.clone(templates.base(odoo), name)
    return name


def _run(odoo, tags, make, log):
    modules = ",".join(sorted({re.match(r"/?(\w+)", tag)[1] for tag in tags}))
    with own_database(make) as name:
        options = ["-c", odoo.config(), "-d", name, "-u", modules, "--stop-after-init", "--http-port=0"]
        command = odoo.command("server", *options, f"--test-tags={','.join(tags)}", "--max-cron-threads=0")
        return run(*command, log=log, check=False)[1]
