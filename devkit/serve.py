"""./dev run and ./dev shell: a database with demo data, kept up to date with the addon's files."""
import csv
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

from . import odoo as odoo_module
from . import postgres, templates
from .base import ROOT, STATE, Stop, child_environment, lock, main_checkout, replace_me, run, say, step
from .odoo import addons, addons_hash
from .system import PDF, check_port

NOTE = "made by ./dev"


def default_database():
    """`meeting`, or a name of its own for a linked worktree."""
    return "meeting" if main_checkout(ROOT) == ROOT else f"meeting_{postgres.safe_name(ROOT.name)}"


def note(state, content, installed, language, demo):
    return json.dumps({"by": NOTE, "state": str(state), "content": content, "addons": installed, "language": language,
                       "demo": demo})


def read_note(text):
    """What we noted on a database, or None when it is not ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("by") == NOTE else None


def logins(demo=True, root=ROOT):
    """(role, login, password, language) of the people one may log in as."""
    path = root / "meeting_management/demo/logins.csv"
    if not demo or not path.exists():
        return [("Administrator", "admin", "admin", "")]
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return [tuple((row.get(key) or "").strip() for key in ("role", "login", "password", "language"))
                for row in csv.DictReader(handle)]


def width(text):
    """Columns a text takes on a terminal: Chinese characters take two."""
    import unicodedata
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows):
    rows = [("Role", "Login", "Password", "Language"), *rows]
    widths = [max(width(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  " + "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()
                     for row in rows)


def prepare(options):
    """Set everything up and bring the database to the addon's present content; returns (odoo, database)."""
    odoo = odoo_module.ensure(options.odoo, packages=PDF)
    postgres.ensure_server()
    name = options.db or default_database()
    with lock(f"database-{postgres.safe_name(name)}"):
        known = read_note(postgres.comment(name)) if postgres.exists(name) else None
        if postgres.exists(name):
            if not known:
                raise Stop(f"The database {name} exists and was not made by ./dev: choose another name with --db.")
            if known["state"] != str(STATE):
                raise Stop(f"The database {name} belongs to another checkout ({known['state']}): choose another with --db.")
        demo = not options.no_demo
        if options.fresh or not known or known["demo"] != demo and options.no_demo:
            _create(odoo, name, options.lang, demo)
        else:
            options.no_demo = not known["demo"]
            _update(odoo, name, known, options.lang)
    return odoo, name


def _create(odoo, name, language, demo):
    parent = templates.base(odoo, demo)
    new = f"{name}_new"
    with step(f"Installing {' '.join(addons())} in the database {name}"):
        postgres.clone(parent, new)
        odoo.run("-i", ",".join(addons()), "--log-level=warn", database=new, log="install")
        _finish(odoo, new, language, demo)
        postgres.drop(name)
        postgres.rename(new, name)
    postgres.comment(name, note(STATE, addons_hash(), addons(), language, demo))


def _update(odoo, name, known, language):
    content = addons_hash()
    language = language or known["language"]
    if known["content"] != content or known["addons"] != addons():
        with step(f"Updating the addon in the database {name}"):
            fresh = sorted(set(addons()) - set(known["addons"]))
            code, out = odoo.run("-u", ",".join(addons()), *(["-i", ",".join(fresh)] if fresh else []), "--log-level=warn",
                                 database=name, log="update", check=False)
            if code:
                raise Stop(f"{out[-3000:]}\nThe update failed: correct the addon, or start over with ./dev run --fresh.")
    elif language == known["language"]:
        return
    _finish(odoo, name, language, known["demo"])
    postgres.comment(name, note(STATE, content, addons(), language, known["demo"]))


def _finish(odoo, database, language, demo):
    """Assets ready before the first visitor comes; people's language as asked for."""
    people = [row[1] for row in logins(demo)] + ["admin"]
    script = templates.BUNDLES
    if language:
        script += (f"users = env['res.users'].search([('login', 'in', {people!r})])\n"
                   f"users.write({{'lang': {language!r}}})\nenv['res.lang']._activate_lang({language!r})\n")
    odoo.script(script, database, log="finish")


def serve(options):
    """Set up, start the server, say where it is and who may log in, and stay until interrupted."""
    check_port(options.host, options.port)
    odoo, name = prepare(options)
    log = STATE / "log" / f"server-{options.port}.log"
    command = odoo.command("server", "-c", odoo.config(), "-d", name, f"--db-filter=^{name}$", "--no-database-list",
                           f"--http-interface={options.host}", f"--http-port={options.port}", "--max-cron-threads=1",
                           *(["--dev=xml,reload"] if options.dev else []), *options.arguments)
    with step("Starting the server"), log.open("w") as output:
        server = subprocess.Popen([str(part) for part in command], stdout=output, stderr=output, cwd=ROOT,
                                  stdin=subprocess.DEVNULL, env=child_environment())
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
                raise Stop(f"{log.read_text()[-3000:]}\nThe login page answers {error.code}: the log is {log}.") from None
        if time.monotonic() > ended:
            raise Stop(f"The server does not answer after {limit} s: its log is {log}.")
        time.sleep(0.3)


def check_logins(address, database, people):
    """Log in as each of them, and load the web client's page.

    :raises Stop: naming those who cannot.
    """
    refused = []
    for _role, login, password, _language in people:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        body = json.dumps({"params": {"db": database, "login": login, "password": password}}).encode()
        request = urllib.request.Request(f"{address}/web/session/authenticate", body, {"Content-Type": "application/json"})
        with opener.open(request, timeout=60) as answer:
            uid = (json.load(answer).get("result") or {}).get("uid")
        if not uid:
            refused.append(login)
            continue
        with opener.open(f"{address}/odoo", timeout=60) as answer:
            answer.read()
    if refused:
        raise Stop(f"These people of the table cannot log in: {', '.join(refused)}.")
    say(f"Logged in as each of the {len(people)}.")


def shell(options):
    """Odoo's shell on the database of ./dev run."""
    odoo, name = prepare(options)
    replace_me(odoo.command("shell", "-c", odoo.config(), "-d", name, "--no-http", "--shell-interface=python",
                            *options.arguments))
