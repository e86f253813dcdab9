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


def dependencies(root=ROOT):
    """The standard addons ours stand on."""
    ours = addons(root)
    return sorted({need for name in ours for need in manifest(name, root).get("depends", [])} - set(ours))


def addons_hash(root=ROOT):
    return digest_tree(*(root / name for name in addons(root)))


class Odoo:
    """Where Odoo and its Python are: `python`, `program` (a file for that Python), `packages` (parent of `odoo/`)."""

    def __init__(self, chosen=None):
        self.chosen = chosen
        kind = ""
        self.system_python = None
        if not chosen:
            self.packages, self.program = TREE / "usr/lib/python3/dist-packages", TREE / "usr/bin/odoo"
        elif chosen.is_dir():
            self.packages, self.program = chosen, chosen / "odoo-bin"
            kind = digest(chosen)[:8]
            if not (chosen / "odoo").is_dir() or not self.program.exists():
                raise Stop(
                    f"{chosen} has no odoo-bin: give --odoo the folder of an Odoo 19 source tree, or its program."
                )
        else:
            self.packages, self.program = None, chosen
            kind = digest(chosen)[:8]
            self.system_python = interpreter(chosen)
        self.venv = STATE / (f"venv-{kind}" if kind else "venv")
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
        stamp = self.venv / f".{name}-{digest_tree_file(listed)}"
        if stamp.exists():
            return
        if not (self.venv / ".made").exists():
            check_disk()
            python = self.system_python or base_python()
            with step("Making the virtual environment"):
                shutil.rmtree(self.venv, ignore_errors=True)
                run(python, "-m", "venv", *(["--system-site-packages"] if self.system_python else []), self.venv)
                if self.packages:
                    site = next((self.venv / "lib").glob("python3*/site-packages"))
                    (site / "odoo-tree.pth").write_text(f"{self.packages}\n")
                (self.venv / ".made").touch()
        pip = [self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        with step(f"Installing Python packages of {name}"):
            code, out = run(*pip, "-r", listed, log="pip", check=False)
            if code and re.search(r"No matching distribution|ResolutionImpossible", out):
                # A pinned version this Python or index does not have: take what it has.
                names = write_names(listed)
                code, out = run(*pip, "-r", names, log="pip", check=False)
            if code:
                run(*pip, "-r", listed, log="pip")
        stamp.touch()

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

    def run(self, *arguments, database, log, check=True, stdin=None):
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


def digest_tree_file(path):
    return digest(path.read_bytes())[:10]


def write_names(listed):
    """A copy of a requirements file without versions."""
    path = STATE / f"unpinned-{listed.name}"
    write(path, unpinned(listed.read_text()))
    return path


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
    return Odoo(Path(chosen).expanduser().resolve() if chosen else None)
