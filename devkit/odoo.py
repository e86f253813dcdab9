"""The Odoo 19 tree and the virtual environment; running Odoo."""

import ast
import functools
import os
import re
import shlex
import shutil
from pathlib import Path

from .base import LOG, ROOT, STATE, Stop, digest, digest_tree, lock, run, step, write
from .fetch import TREE, unpack
from .system import base_python, check_disk


def addons(root=ROOT):
    """Names of our addons: the core first, then each glue addon that exists."""
    return sorted(path.parent.name for path in root.glob("meeting_management*/__manifest__.py"))


def manifest(name, root=ROOT):
    return ast.literal_eval((root / name / "__manifest__.py").read_text())


def dependencies(root=ROOT, names=None):
    """The standard addons ours stand on (or those of ours that are named)."""
    ours = addons(root)
    return sorted({need for name in names or ours for need in manifest(name, root).get("depends", [])} - set(ours))


def addons_hash(root=ROOT):
    return digest_tree(*(root / name for name in addons(root)))


UNAVAILABLE = "No matching distribution|ResolutionImpossible|Failed building wheel|Failed to build"


class Odoo:
    """Where Odoo and its Python are: `python`, `program` (a file for that Python), `packages` (parent of `odoo/`)."""

    def __init__(self, chosen=None):
        self.chosen = chosen
        self.own_python = None  # of a program that brings its packages along
        if not chosen:
            self.packages, self.program = TREE / "usr/lib/python3/dist-packages", TREE / "usr/bin/odoo"
        else:
            folder = chosen if chosen.is_dir() else chosen.parent
            self.packages, self.program = folder, (folder / "odoo-bin" if chosen.is_dir() else chosen)
            if not (folder / "odoo/cli").is_dir():
                self.packages, self.own_python = None, interpreter(self.program)
        kind = f"-{digest(chosen)[:8]}" if chosen else ""
        self.venv = STATE / f"venv{kind}"
        self.python = self.venv / "bin/python"

    @functools.cached_property
    def version(self):
        if not self.chosen:
            return (TREE / "VERSION").read_text().strip()
        _code, out = run(self.python, self.program, "--version", log="odoo-version")
        return out.strip().splitlines()[-1]

    def ensure(self, tests=False):
        """Unpack and install what is missing; `tests` adds what tests and checks need."""
        with lock("setup"):
            if not self.chosen and not (TREE / "VERSION").exists():
                check_disk()
                unpack()
            self._ensure_venv("requirements.txt")
            if tests:
                self._ensure_venv("requirements-dev.txt")
        if self.chosen and "19.0" not in self.version:
            raise Stop(
                f"{self.chosen} is {self.version}, and the addon is made for Odoo 19.0: name another with --odoo."
            )
        return self

    def _ensure_venv(self, name):
        listed = ROOT / name
        stamp = self.venv / f".{name}-{digest(listed.read_bytes())[:10]}"
        if stamp.exists():
            return
        if not (self.venv / ".made").exists():
            self._make_venv()
        pip = [self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r"]
        with step(f"Installing Python packages of {name}"):
            free = STATE / f"unpinned-{name}"
            write(free, unpinned(listed.read_text()))
            if self.own_python:  # what it has stays in its version
                run(*pip, free, log="pip")
            else:
                code, out = run(*pip, listed, log="pip", check=False)
                if code:  # a version that this Python or index does not have: take what they have
                    run(*pip, free if re.search(UNAVAILABLE, out) else listed, log="pip")
        stamp.touch()

    def _make_venv(self):
        check_disk()
        python = base_python(self.own_python)
        with step("Making the virtual environment"):
            shutil.rmtree(self.venv, ignore_errors=True)
            run(python, "-m", "venv", self.venv)
            lines = [self.packages]
            if self.own_python:
                _code, out = run(self.own_python, "-c", "import sys; print(*sys.path, sep='\\n')", log="python-path")
                folders = [folder for folder in out.splitlines() if folder.endswith("-packages")]
                lines = [f"import site; site.addsitedir({folder!r})" for folder in folders]
            site = next((self.venv / "lib").glob("python3*/site-packages"))
            (site / "odoo-tree.pth").write_text("".join(f"{line}\n" for line in lines))
            (self.venv / ".made").touch()

    def config(self):
        """The configuration file of this checkout; nothing is read from the user's home."""
        path = STATE / "conf" / f"{digest(ROOT)[:8]}.conf"
        settings = {"addons_path": ROOT, "data_dir": STATE / "data", "http_interface": "127.0.0.1", "list_db": False}
        text = "[options]\n" + "".join(f"{key} = {value}\n" for key, value in settings.items())
        if not path.exists() or path.read_text() != text:
            write(path, text)
        (STATE / "data").mkdir(parents=True, exist_ok=True)
        return path

    def environment(self):
        return {"ODOO_RC": str(self.config())}

    def command(self, *arguments):
        """The command line that runs Odoo with the arguments."""
        return [self.python, self.program, *arguments]

    def run(self, *arguments, database, log, check=True, stdin=None, env=None):
        """Run the server's one-shot command on a database; (code, output)."""
        return run(
            *self.command(
                "server" if stdin is None else "shell",
                "-c",
                self.config(),
                "-d",
                database,
                "--no-http",
                *(["--stop-after-init", "--max-cron-threads=0"] if stdin is None else []),
                *arguments,
            ),
            log=log,
            check=check,
            stdin=stdin,
            env=env,
            cwd=ROOT,
        )

    def script(self, code, database, log="odoo-script"):
        """Run Python in Odoo's shell, with `env`, and commit.

        :raises Stop: when it raises.
        """
        done = "devkit: done"
        body = f"{code}\nenv.cr.commit()\nprint({done!r})\n"
        out = self.run("--shell-interface=python", "--log-level=warn", database=database, log=log, stdin=body)[1]
        if done not in out:
            raise Stop(f"{out[-3000:]}\nA set-up script failed in Odoo; all of its output is in {LOG}/{log}.log.")
        return out


def unpinned(text):
    return re.sub(r"==\S+", "", text)


def interpreter(program):
    """The Python that runs a program, from its first line."""
    if not program.is_file():
        raise Stop(f"{program} does not exist: give --odoo the folder of an Odoo 19 source tree, or its program.")
    with program.open("rb") as handle:
        first = handle.readline(200).decode(errors="replace").strip()
    words = shlex.split(first[2:]) if first.startswith("#!") else []
    if words and Path(words[0]).name == "env":
        words = [shutil.which(words[1]) or words[1]] if len(words) > 1 else []
    if not words or "python" not in words[0]:
        raise Stop(f"{program} is no Python program: give --odoo the folder of an Odoo 19 source tree, or its program.")
    return words[0]


def get(chosen=None):
    """The Odoo to use: named on the command line, by ODOO, or our own copy."""
    chosen = chosen or os.environ.get("ODOO")
    if not chosen:
        return Odoo()
    path = Path(chosen).expanduser()
    if not path.exists() and "/" not in chosen and shutil.which(chosen):
        path = Path(shutil.which(chosen))
    return Odoo(Path(os.path.abspath(path)))
