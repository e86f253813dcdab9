"""Paths, steps, locks, and running programs."""

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """The work cannot go on; the message is one sentence that says what to do."""


def main_checkout(root):
    """The checkout that owns `root`: itself, or the main one when `root` is a linked git worktree."""
    pointer = Path(root) / ".git"
    if pointer.is_file():
        match = re.match(r"gitdir: (.+)/\.git/worktrees/[^/]+\s*$", pointer.read_text())
        if match and Path(match[1]).is_dir():
            return Path(match[1])
    return Path(root)


def state_of(root, environ=os.environ):
    """Where everything we make is kept; linked worktrees share the main checkout's."""
    return Path(environ.get("MEETING_DEV") or main_checkout(root) / ".dev").resolve()


STATE = state_of(ROOT)
LOG = STATE / "log" / ("" if main_checkout(ROOT) == ROOT else ROOT.name)
_started = time.monotonic()
_held = []  # file descriptors of locks


def say(text=""):
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """One line of progress: seconds since the start, what is done, and how long it took."""
    begun = time.monotonic()
    print(f"[{begun - _started:4.0f} s] {title} ...", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


@contextlib.contextmanager
def lock(name, wait=True):
    """Hold `name` against every other ./dev of this state folder; yields whether we hold it.

    Programs we run inherit it: when we are killed, it is released once the last of them has ended.
    """
    folder = STATE / "lock"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / name, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not wait:
                yield False
                return
            say(f"Waiting for another ./dev that holds '{name}' ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        _held.append(handle.fileno())
        try:
            yield True
        finally:
            _held.remove(handle.fileno())


def digest(*parts):
    """sha1 of strings and bytes, each ended by its length so that no two lists run together."""
    sha = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        sha.update(data + b"\0%d\0" % len(data))
    return sha.hexdigest()


def digest_tree(*folders):
    """sha1 of the files below the folders: relative names and contents; compiled files do not count."""
    parts = []
    for folder in sorted(map(Path, folders)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".pyc", ".pyo"):
                parts += [f"{folder.name}/{path.relative_to(folder)}", path.read_bytes()]
    return digest(*parts)


def write(path, text):
    """Write under a temporary name, then rename: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text)
    temporary.replace(path)


CAUSES = [
    (
        r"No space left on device|could not extend file|disk full",
        "The disk is full: free a few gigabytes (.dev/ can be deleted), then run the same command again.",
    ),
    (
        r"Could not get lock /var/lib|dpkg frontend lock|is another process using it",
        "Another package manager is working: wait until it ends, then run the same command again.",
    ),
    (
        r"dpkg was interrupted",
        "An earlier installation of packages was interrupted: run `dpkg --configure -a` as root, then this again.",
    ),
    (
        r"Temporary failure (in name resolution|resolving)|Could not resolve|Network is unreachable|Could not connect"
        r"|Failed to establish a new connection|Connection timed out|Max retries exceeded|Name or service not known",
        "The network or the package mirror cannot be reached: check the connection (and proxy settings) of apt and pip,"
        " then run the same command again; what is already fetched is kept.",
    ),
    (
        r"Unable to locate package|has no installation candidate",
        "The package mirror does not know a package we need: check the sources in /etc/apt, then run this again.",
    ),
    (
        r"remaining connection slots are reserved|too many clients already",
        "PostgreSQL has no connection left: stop another server or raise max_connections, then run this again.",
    ),
    (
        r"could not connect to server|connection to server .* failed: (Connection refused|No such|timeout|could)",
        "PostgreSQL does not answer: start it, or name a reachable one through PGHOST, PGPORT, PGUSER and PGPASSWORD.",
    ),
    (
        r"Permission denied|Operation not permitted",
        "This user may not do that: run ./dev as root, as a user with sudo, or as the one who owns .dev/.",
    ),
]


def explain(output):
    """The sentence for a known cause found in a program's output, or None."""
    return next((sentence for pattern, sentence in CAUSES if re.search(pattern, output)), None)


def child_environment(extra=None):
    """Environment of every program we start: ours, in UTF-8, asking nothing."""
    environ = dict(
        os.environ, PYTHONUTF8="1", LC_ALL="C.UTF-8", PGCLIENTENCODING="UTF8", DEBIAN_FRONTEND="noninteractive"
    )
    for name in ("PGDATABASE", "PYTHONHOME", "LANGUAGE"):
        environ.pop(name, None)
    return {**environ, **(extra or {})}


def run(*command, log=None, check=True, env=None, cwd=None, stdin=None):
    """Run a program with its output in `<LOG>/<log>.log`; return (code, output).

    :raises Stop: when it fails and `check` is set, with the cause if we know it, else the last lines of its output.
    """
    name = log or Path(str(command[0])).name
    path = LOG / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [str(part) for part in command]
    try:
        done = subprocess.run(
            command,
            input=stdin if stdin is not None else "",
            env=child_environment(env),
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            pass_fds=_held,
            errors="replace",
        )
    except FileNotFoundError:
        raise Stop(f"The program `{command[0]}` is missing: install it, then run the same command again.") from None
    path.write_text(f"$ {' '.join(command)}\n{done.stdout}\nexit {done.returncode}\n")
    if check and done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise Stop(f"{tail}\n{explain(done.stdout) or f'`{name}` failed; all of its output is in {path}.'}")
    return done.returncode, done.stdout


def replace_me(command, env=None):
    """Become `command` in the project's folder; flushes first."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(str(command[0]), [str(part) for part in command], child_environment(env))
