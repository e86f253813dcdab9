"""PostgreSQL: the user's own through PG* variables, or Debian's cluster, found or started; and its databases."""

import os
import re
import shutil

from .base import STATE, Stop, digest, run, step
from .system import as_root, install_packages, is_debian

CHOSEN = ("PGHOST", "PGPORT", "PGUSER", "PGSERVICE", "PGPASSWORD", "PGPASSFILE", "PGHOSTADDR")
PREFIX = f"mm_{digest(STATE)[:6]}_"  # two checkouts on one server keep apart


def parse_clusters(text):
    """`pg_lsclusters -h` as dicts, the running ones first, then the newest version."""
    rows = [line.split() for line in text.splitlines() if len(line.split()) >= 4 and "binaries_missing" not in line]
    clusters = [dict(version=r[0], name=r[1], port=r[2], online=r[3].startswith("online")) for r in rows]
    return sorted(clusters, key=lambda c: (not c["online"], -float(c["version"])))


def _answer():
    return run("psql", "-XAtqd", "postgres", "-c", "SELECT 1", check=False, log="psql-probe")


def ensure_server():
    """Make PostgreSQL reachable with a role that may create databases; leaves PGHOST and PGPORT in our environment."""
    if any(os.environ.get(name) for name in CHOSEN):
        if not shutil.which("psql"):
            install_packages(["postgresql-client"])
        code, out = _answer()
        if code:
            raise Stop(
                f"{out.strip()}\nThe PostgreSQL named by your PG* variables does not answer or refuses us:"
                " correct them, or unset them to use Debian's own server."
            )
        return
    if not is_debian():
        raise Stop(
            "This is not Debian: start PostgreSQL yourself and name it through PGHOST, PGPORT, PGUSER, PGPASSWORD."
        )
    install_packages(["postgresql"])
    clusters = parse_clusters(run("pg_lsclusters", "-h")[1])
    if not clusters:
        raise Stop(
            "PostgreSQL has no cluster here: make one with `pg_createcluster 15 main` as root, then run this again."
        )
    cluster = clusters[0]
    os.environ.update(PGHOST="/var/run/postgresql", PGPORT=cluster["port"])
    if cluster["online"] and not _answer()[0]:
        return
    prefix = as_root()
    if prefix is None:
        start = f"`pg_ctlcluster {cluster['version']} {cluster['name']} start` and "
        raise Stop(
            f"PostgreSQL {cluster['version']} is not ready for this user, who is neither root nor has sudo: ask an"
            f" administrator for {'' if cluster['online'] else start}`sudo -u postgres createuser --createdb {user()}`,"
            " or name another server through PGHOST, PGPORT, PGUSER and PGPASSWORD."
        )
    if not cluster["online"]:
        with step(f"Starting PostgreSQL {cluster['version']} on port {cluster['port']}"):
            code, out = run(*prefix, "pg_ctlcluster", cluster["version"], cluster["name"], "start", check=False)
            if code not in (0, 2):  # 2: already running
                raise Stop(
                    f"{out.strip()}\nPostgreSQL did not start: read /var/log/postgresql, or name another server"
                    " through PG* variables."
                )
    if _answer()[0]:
        with step(f"Creating the PostgreSQL role {user()}"):
            become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else ["sudo", "-n", "-u", "postgres"]
            run(*become, "createuser", "--createdb", user(), cwd="/", check=False, log="createuser")
            code, out = _answer()
            if code:
                raise Stop(
                    f"{out.strip()}\nPostgreSQL refuses the role {user()}: name a server and a role that may"
                    " create databases through PGHOST, PGPORT, PGUSER and PGPASSWORD."
                )


def user():
    import pwd

    return os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name


def sql(statement, database="postgres", check=True, **values):
    """Rows of a statement as lists of strings; psql puts the values in, as :'name' (text) or :"name" (identifier)."""
    variables = [word for name, value in values.items() for word in ("-v", f"{name}={value}")]
    code, out = run(
        "psql",
        "-XAtqd",
        database,
        "-v",
        "ON_ERROR_STOP=1",
        "-F",
        "\x1f",
        *variables,
        "-f",
        "-",
        stdin=statement,
        check=check,
        log="psql",
    )
    return [line.split("\x1f") for line in out.splitlines()] if not code else []


def databases(prefix=""):
    """Names of the databases that begin so."""
    return [row[0] for row in sql("SELECT datname FROM pg_database ORDER BY 1") if row[0].startswith(prefix)]


def exists(name):
    return name in databases(name)


def comment(name, text=None):
    """The note kept on a database, or set it."""
    if text is not None:
        sql("COMMENT ON DATABASE :\"name\" IS :'text'", name=name, text=text)
        return text
    rows = sql(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = :'name'", name=name
    )
    return rows[0][0] if rows else ""


def filestore(name):
    return STATE / "data" / "filestore" / name


def drop(name):
    """Drop a database and its files, sessions or not."""
    sql('DROP DATABASE IF EXISTS :"name" WITH (FORCE)', name=name)
    shutil.rmtree(filestore(name), ignore_errors=True)


def link_files(source, target):
    """Give a database the files of another as hard links (Odoo never rewrites a stored file)."""
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)


def clone(source, target):
    """Copy a database and its files."""
    drop(target)
    sql('CREATE DATABASE :"target" TEMPLATE :"source"', target=target, source=source)
    link_files(source, target)


def rename(source, target):
    """Rename a database and its files; the files first, so that the name appears when all is there."""
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        filestore(source).rename(filestore(target))
    sql('ALTER DATABASE :"source" RENAME TO :"target"', source=source, target=target)


def safe_name(text):
    """`text` made fit for a database's name."""
    return re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")[:40]
