"""Odoo 19 out of Debian's archive, unpacked into .dev/odoo."""

import re
import shutil
from pathlib import Path

from .base import STATE, Stop, run, step, write
from .system import require_debian

UNSTABLE = ["odoo-19", "fonts-montserrat"]
# From the machine's own release: unstable's Font Awesome is another major version, whose icons Odoo does not know.
STABLE = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
TREE = STATE / "odoo"


def mirror(indextargets):
    """(address, release) of the Debian mirror among `apt-get indextargets` lines "address release", or None."""
    for line in indextargets.splitlines():
        address, release = (line.split() + ["", ""])[:2]
        if re.search(r"/debian/?$", address) and re.fullmatch(r"[a-z]+", release):
            return address.rstrip("/"), release
    return None


def unpack():
    """Fetch Odoo through an apt state of our own (the system's is not touched) and unpack it into .dev/odoo."""
    require_debian("Odoo", "give the folder or program of your own Odoo 19 with --odoo PATH (or ODOO=PATH).")
    fields = "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"
    found = mirror(run("apt-get", "indextargets", "--no-release-info", *fields)[1])
    if not found or not Path(KEYRING).exists():
        raise Stop(
            "No Debian mirror is configured in /etc/apt, so Odoo cannot be fetched: give your own Odoo 19 with"
            " --odoo PATH (or ODOO=PATH)."
        )
    address, release = found
    apt, partial = STATE / "apt", STATE / "odoo.partial"
    for folder in (apt / "lists/partial", apt / "archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    write(
        apt / "sources.list",
        "".join(f"deb [signed-by={KEYRING}] {address} {suite} main\n" for suite in ("sid", release)),
    )
    options = [
        f"Dir::Etc::SourceList={apt}/sources.list",
        "Dir::Etc::SourceParts=-",
        f"Dir::State::Lists={apt}/lists",
        f"Dir::Cache={apt}",
        "Dir::State::status=/dev/null",
        "Acquire::Languages=none",
        "APT::Sandbox::User=root",
        "APT::Update::Error-Mode=any",
    ]
    get = ["apt-get", "-q", *(word for option in options for word in ("-o", option))]
    with step("Fetching Odoo 19"):
        run(*get, "update", log="apt-odoo-update")
        wanted = [f"{name}/sid" for name in UNSTABLE] + [f"{name}/{release}" for name in STABLE]
        run(*get, "download", *wanted, log="apt-odoo-download", cwd=apt / "archives")
    with step("Unpacking Odoo 19"):
        shutil.rmtree(partial, ignore_errors=True)
        for name in UNSTABLE + STABLE:
            package = max((apt / "archives").glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
            run("dpkg-deb", "-x", package, partial, log="dpkg-deb")
            if name == "odoo-19":
                write(partial / "VERSION", run("dpkg-deb", "-f", package, "Version")[1].strip())
        shutil.rmtree(TREE, ignore_errors=True)
        partial.rename(TREE)
        shutil.rmtree(apt, ignore_errors=True)
