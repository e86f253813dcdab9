"""./dev run and ./dev shell: a database with demo data, kept up to date with the addon's files."""

import json
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import postgres, templates
from .base import LOG, ROOT, STATE, Stop, child_environment, lock, main_checkout, replace_me, say, step
from .log import problems
from .odoo import addons, addons_hash
from .people import check_logins, logins, table
from .setup import ready
from .system import check_port

NOTE = "made by ./dev"


def default_database():
    """`meeting`, or a name of its own for a linked worktree."""
    return "meeting" if main_checkout(ROOT) == ROOT else f"meeting_{postgres.safe_name(ROOT.name)}"


def note(state, content, installed, language, demo):
    return json.dumps(
        {"by": NOTE, "state": str(state), "content": content, "addons": installed, "language": language, "demo": demo}
    )


def read_note(text):
    """What we noted on a database, or None when it is not ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("by") == NOTE else None


def prepare(options):
    """Set everything up and bring the database to the addon's present content; returns (odoo, database)."""
    odoo = ready(options, tests=False)
    name = options.db or default_database()
    with lock(f"database-{postgres.safe_name(name)}"):
        known = read_note(postgres.comment(name)) if postgres.exists(name) else None
        if postgres.exists(name):
            if not known:
                raise Stop(f"The database {name} exists and was not made by ./dev: choose another name with --db.")
            if known["state"] != str(STATE):
                raise Stop(
                    f"The database {name} belongs to another checkout ({known['state']}): choose another with --db."
                )
        if options.fresh or not known:
            _create(odoo, name, options.lang, not options.no_demo)
        elif options.no_demo and known["demo"]:
            raise Stop(f"The database {name} has demo data: choose another with --db, or make it anew with --fresh.")
        else:
            options.no_demo = not known["demo"]
            _update(odoo, name, known, options.lang)
    return odoo, name


def _create(odoo, name, language, demo):
    parent = templates.base(odoo, demo)
    new, content = f"{name}_new", addons_hash()
    with step(f"Installing {' '.join(addons())} in the database {name}"):
        postgres.clone(parent, new)
        out = odoo.run("-i", ",".join(addons()), "--log-level=warn", database=new, log="install")[1]
        _finish(odoo, new, language, demo)
        postgres.comment(new, note(STATE, content, addons(), language, demo))
        postgres.drop(name)
        postgres.rename(new, name)
    tell(out, "install")


def tell(output, log):
    """Show the warnings and errors of an installation that went through nevertheless."""
    found = problems(output)
    if found:
        say("\n".join(["The installation logged:", *found[:5], f"(all of it: {LOG}/{log}.log)"]))


def _update(odoo, name, known, language):
    content = addons_hash()
    language = language or known["language"]
    if known["content"] != content or known["addons"] != addons():
        with step(f"Updating the addon in the database {name}"):
            fresh = sorted(set(addons()) - set(known["addons"]))
            code, out = odoo.run(
                "-u",
                ",".join(addons()),
                *(["-i", ",".join(fresh)] if fresh else []),
                "--log-level=warn",
                database=name,
                log="update",
                check=False,
            )
            if code:
                raise Stop(
                    f"{out[-3000:]}\nThe update failed: correct the addon, or start over with ./dev run --fresh."
                )
    elif language == known["language"]:
        return
    _finish(odoo, name, language, known["demo"])
    postgres.comment(name, note(STATE, content, addons(), language, known["demo"]))


def _finish(odoo, database, language, demo):
    """Assets ready before the first visitor comes; people's language as asked for."""
    people = [row[1] for row in logins(demo)] + ["admin"]
    script = templates.BUNDLES
    if language:
        script += (
            f"users = env['res.users'].search([('login', 'in', {people!r})])\n"
            f"users.write({{'lang': {language!r}}})\nenv['res.lang']._activate_lang({language!r})\n"
        )
    odoo.script(script, database, log="finish")


def serve(options):
    """Set up, start the server, say where it is and who may log in, and stay until interrupted."""
    check_port(options.host, options.port)
    odoo, name = prepare(options)
    log = LOG / f"server-{options.port}.log"
    command = odoo.command(
        "server",
        "-c",
        odoo.config(),
        "-d",
        name,
        f"--db-filter=^{name}$",
        "--no-database-list",
        f"--http-interface={options.host}",
        f"--http-port={options.port}",
        "--max-cron-threads=1",
        *(["--dev=xml,reload"] if options.dev else []),
        *options.arguments,
    )
    with step("Starting the server"), log.open("w") as output:
        server = subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=output,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            env=child_environment(),
        )
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: server.send_signal(signal.SIGINT))
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(options.host, options.host)
    address = f"http://{host}:{options.port}"
    people = logins(not options.no_demo)
    try:
        _wait(server, address, log)
        say(f"\nMeeting Management runs at {address}/odoo\n\n{table(people)}\n")
        if options.check:
            check_logins(address, name, people)
            return 0
        say(f"Log: {log}. Stop with Ctrl-C; the next start takes seconds.")
        return server.wait()
    except KeyboardInterrupt:
        say("\nStopping.")
        return 0
    finally:
        stop(server)


def stop(server):
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(server, address, log, limit=120):
    ended = time.monotonic() + limit
    while True:
        if server.poll() is not None:
            raise Stop(f"{log.read_text()[-3000:]}\nThe server ended by itself: its log is {log}.")
        try:
            with urllib.request.urlopen(f"{address}/web/login", timeout=30) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError) as error:
            if isinstance(error, urllib.error.HTTPError):
                raise Stop(
                    f"{log.read_text()[-3000:]}\nThe login page answers {error.code}: the log is {log}."
                ) from None
        if time.monotonic() > ended:
            raise Stop(f"The server does not answer after {limit} s: its log is {log}.")
        time.sleep(0.3)


def shell(options):
    """Odoo's shell on the database of ./dev run."""
    odoo, name = prepare(options)
    replace_me(
        odoo.command(
            "shell",
            "-c",
            odoo.config(),
            "-d",
            name,
            "--no-http",
            "--shell-interface=python",
            "--log-level=warn",
            *options.arguments,
        )
    )
