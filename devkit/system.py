"""The machine: Debian packages, disk, ports."""

import os
import shutil
import socket
import sys
from pathlib import Path

from .base import STATE, Stop, run, step

PDF = ["fonts-noto-cjk", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
NEEDED_GB = 4


def check_disk(free=None):
    """:raises Stop: when the set-up would not fit."""
    STATE.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(STATE).free if free is None else free
    if free < NEEDED_GB * 2**30:
        raise Stop(
            f"The set-up needs {NEEDED_GB} GB and the disk has {free / 2**30:.1f} GB left: free some space first."
        )


def check_port(host, port):
    """:raises Stop: when nobody could listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise Stop(f"This user may not listen on port {port}: choose one above 1023 with --port.") from None
    except socket.gaierror:
        raise Stop(f"The address {host} is unknown here: give --host an address of this machine.") from None
    except OSError:
        raise Stop(
            f"Port {port} on {host} is taken: stop the program that uses it, or choose another with --port {port + 1}."
        ) from None


def is_debian():
    return bool(shutil.which("dpkg-query") and shutil.which("apt-get"))


def as_root():
    """The prefix that makes a command run as root.

    :raises Stop: when there is no way.
    """
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        if run("sudo", "-n", "true", check=False)[0] == 0:
            return ["sudo", "-n"]
        if sys.stdin.isatty() and os.system("sudo -v") == 0:
            return ["sudo", "-n"]
    return None


def missing_packages(names):
    """Which of the Debian packages are not installed."""
    if not is_debian():
        return []
    _code, out = run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names, check=False)
    installed = {line.split()[0] for line in out.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def install_packages(names):
    """Install what is missing of the Debian packages."""
    missing = missing_packages(names)
    if not missing:
        return
    prefix = as_root()
    if prefix is None:
        raise Stop(
            "This user is neither root nor has sudo: ask an administrator to run"
            f" `apt-get install {' '.join(missing)}`, then run the same command again."
        )
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    with step(f"Installing Debian packages: {' '.join(missing)}"):
        install = [*apt, "install", "--no-install-recommends", *missing]
        code, _out = run(*install, log="apt-install", check=False)
        if code:  # lists absent or stale
            run(*apt, "update", log="apt-update")
            run(*install, log="apt-install")


def require_debian(what, instead):
    """:raises Stop: on another system than Debian, with what the user can do himself."""
    if not is_debian():
        raise Stop(f"{what} can be set up only on Debian and its kin: {instead}")


def has_module(python, name):
    return run(python, "-c", f"import {name}", check=False)[0] == 0


def base_python(wanted=None):
    """A Python able to make virtual environments (the wanted one, if any); Debian's is completed if it has to be."""
    candidates = [wanted] if wanted else [sys.executable, "/usr/bin/python3"]
    for candidate in candidates:
        if Path(candidate).exists() and has_module(candidate, "ensurepip, venv, ctypes, sqlite3"):
            return candidate
    require_debian("Virtual environments", "install Python's venv and ensurepip modules, then run this again.")
    install_packages(["python3-venv"])
    return wanted or "/usr/bin/python3"
