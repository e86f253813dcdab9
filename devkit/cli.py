"""The command line of ./dev."""

import argparse
import errno
import sys

from . import checks, serve, setup, theirs, translate
from .base import Stop


def port(text):
    value = int(text)
    if not 0 < value < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return value


def parser():
    top = argparse.ArgumentParser(
        prog="./dev",
        description="Runs, tests and checks Meeting Management for Odoo 19. Each"
        " command first sets up whatever is missing, under .dev/.",
    )
    top.set_defaults(odoo=None, arguments=[])
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, action, text, database=False):
        one = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        one.set_defaults(action=action)
        one.add_argument(
            "--odoo",
            metavar="PATH",
            help="an Odoo 19 of your own: its source tree or its program"
            " (default: the environment's ODOO, else one is fetched)",
        )
        if database:
            one.add_argument("--db", metavar="NAME", help="database (default: meeting)")
            one.add_argument("--lang", choices=["en_US", "zh_CN"], help="language of everybody's screens")
            one.add_argument("--fresh", action="store_true", help="make the database anew")
            one.add_argument("--no-demo", action="store_true", help="without demo data")
        return one

    run = command("run", serve.serve, "start the server, with demo data", database=True)
    run.add_argument("--port", type=port, default=8069, help="(default: 8069)")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    run.add_argument("--dev", action="store_true", help="reload when files change")
    run.add_argument("--check", action="store_true", help="start, log in as everybody of the table, and stop")
    command("shell", serve.shell, "Odoo's Python shell on the database of ./dev run", database=True)
    command("test", checks.test, "run the tests; other arguments go to pytest")
    lint = command("lint", checks.lint, "ruff, pylint-odoo, OCA's checks, XML, translations")
    lint.add_argument("--fix", action="store_true", help="let ruff repair what it can")
    command("gate", checks.gate, "install, update, uninstall: fails on any warning of ours")
    i18n = command("i18n", translate.i18n, "export the terms and merge the Chinese translation")
    i18n.add_argument("--prune", action="store_true", help="forget translations of terms that are gone")
    i18n.add_argument("--fill", action="store_true", help="take Odoo's own words for terms that lack a translation")
    bench = command("bench", checks.bench, "run benchmarks")
    bench.add_argument("names", nargs="*", metavar="NAME")
    bench.add_argument(
        *("-s", "--size"), dest="sizes", type=int, action="append", metavar="ROWS", help="measure this size alone"
    )
    odoo = command(
        "test-odoo", theirs.test_odoo, "Odoo's own tests of calendar, hr, mail, portal with our addons installed"
    )
    odoo.add_argument("tags", nargs="*", metavar="TAG", help="e.g. /calendar:TestCalendar")
    command("setup", lambda options: setup.ready(options) and 0, "only set up what tests need")
    return top


def parse(words):
    """The options; for test, run and shell, words we do not know go through to pytest or Odoo."""
    top = parser()
    options, rest = top.parse_known_args(words)
    if rest and options.command not in ("test", "run", "shell"):
        top.error(f"unknown: {' '.join(rest)}")
    options.arguments = [word for word in rest if word != "--"]
    return options


def main(words):
    options = parse(words)
    try:
        return options.action(options)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: the same command goes on where it was.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1
    except OSError as error:
        if error.errno == errno.ENOSPC:
            print("\nThe disk is full: free some space, then run the same command again.", file=sys.stderr)
            return 1
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            print(
                f"\nThis user may not write {error.filename}: run ./dev as the one who owns the folder.",
                file=sys.stderr,
            )
            return 1
        raise
