"""What the set-up decides: ports, disk, mirrors, clusters, requirements, which templates to drop."""

import shutil
import socket

import pytest

from devkit import fetch, log, odoo, postgres, system, templates, theirs
from devkit.base import Stop


def test_a_taken_port_is_refused_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Stop, match=f"--port {port + 1}"):
            system.check_port("127.0.0.1", port)
    system.check_port("127.0.0.1", port)


def test_an_unknown_address_is_refused():
    with pytest.raises(Stop, match="--host"):
        system.check_port("no such host", 8069)


def test_a_full_disk_is_refused_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr(system, "STATE", tmp_path)
    with pytest.raises(Stop, match="1.0 GB left"):
        system.check_disk(free=2**30)
    system.check_disk(free=system.NEEDED_GB * 2**30)


def test_another_system_than_debian_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert system.missing_packages(["postgresql"]) == []
    with pytest.raises(Stop, match="only on Debian.*--odoo"):
        system.require_debian("Odoo", "name yours with --odoo.")


def test_missing_packages_without_root_name_the_command(monkeypatch):
    monkeypatch.setattr(system, "missing_packages", lambda names: ["chromium"])
    monkeypatch.setattr(system, "as_root", lambda: None)
    with pytest.raises(Stop, match="apt-get install chromium"):
        system.install_packages(["chromium", "postgresql"])


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (
            "http://mirror/debian/ bookworm-updates\nhttp://mirror/debian-security/ bookworm-security\n"
            "http://mirror/debian/ bookworm\n",
            ("http://mirror/debian", "bookworm"),
        ),
        ("https://packages/other stable-x\n", None),
        ("", None),
    ],
)
def test_mirror_is_the_machines_own(targets, expected):
    assert fetch.mirror(targets) == expected


def test_clusters_that_run_come_first_then_the_newest():
    text = (
        "13 main 5432 down postgres /var/lib/postgresql/13/main /log\n"
        "15 main 5433 online postgres /var/lib/postgresql/15/main /log\n"
        "17 main 5434 down postgres /var/lib/postgresql/17/main /log\n"
        "18 main 5435 down,binaries_missing postgres /var/lib/postgresql/18/main /log\n"
    )
    assert [(c["version"], c["port"], c["online"]) for c in postgres.parse_clusters(text)] == [
        ("15", "5433", True),
        ("17", "5434", False),
        ("13", "5432", False),
    ]
    assert postgres.parse_clusters("") == []


def test_requirements_can_be_freed_of_their_versions():
    assert odoo.unpinned("# why\nbabel==2.18.0\npypdf==7.1.0\n") == "# why\nbabel\npypdf\n"


def test_every_requirement_is_pinned_and_pypdf2_is_not_among_them():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (odoo.ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
        assert all("==" in line for line in lines)
        assert not [line for line in lines if line.lower().startswith("pypdf2")]


def test_python_of_a_program_comes_from_its_first_line(tmp_path):
    program = tmp_path / "odoo"
    program.write_text("#!/opt/odoo/bin/python3 -s\nimport odoo\n")
    assert odoo.interpreter(program) == "/opt/odoo/bin/python3"
    program.write_text("#!/bin/sh\n")
    with pytest.raises(Stop, match="--odoo"):
        odoo.interpreter(program)
    with pytest.raises(Stop, match="does not exist"):
        odoo.interpreter(tmp_path / "absent")


def test_a_folder_without_odoo_is_refused(tmp_path):
    with pytest.raises(Stop, match="does not exist"):
        odoo.Odoo(tmp_path)


def test_addons_are_folders_with_a_manifest_and_dependencies_are_others(tmp_path):
    for name, depends in (
        ("meeting_management", ["mail"]),
        ("meeting_management_project", ["meeting_management", "project"]),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__manifest__.py").write_text(repr({"depends": depends}))
    (tmp_path / "meeting_management_draft").mkdir()
    assert odoo.addons(tmp_path) == ["meeting_management", "meeting_management_project"]
    assert odoo.dependencies(tmp_path) == ["mail", "project"]
    assert odoo.dependencies(tmp_path, ["meeting_management"]) == ["mail"]


def test_old_templates_go_per_checkout_and_all_of_a_checkout_that_is_gone():
    stamps = [(f"a{i}", "/a", True, i) for i in range(5)] + [("b", "/b", True, 0), ("c", "/c", False, 9)]
    assert sorted(templates.outdated(stamps, kept=3)) == ["a0", "a1", "c"]


@pytest.mark.parametrize(
    ("name", "process"),
    [
        ("mm_a1b2c3_run_test_123", 123),
        ("mm_a1b2c3_run_test_123-gw0", 123),
        ("mm_a1b2c3_run_odoo_9", 9),
        ("mm_a1b2c3_run_i18n_12", 12),
        ("meeting", None),
    ],
)
def test_run_databases_name_their_process(name, process):
    assert templates.owner(name) == process


LOG = """\
2026-01-01 10:00:00,000 12 INFO db odoo.modules.loading: loading
2026-01-01 10:00:00,000 12 WARNING db odoo.addons.other: theirs
2026-01-01 10:00:01,000 12 WARNING db odoo.fields: unknown parameter 'states'
2026-01-01 10:00:02,000 12 ERROR db odoo.schema: no constraint
Traceback (most recent call last):
  psycopg2.errors.SyntaxError
2026-01-01 10:00:03,000 12 INFO db odoo.registry: loaded
"""


def test_problems_of_a_log_are_warnings_and_errors_with_their_traceback_but_the_known():
    warning, error = log.problems(LOG, known=["odoo.addons.other: theirs"])
    assert "unknown parameter" in warning
    assert error.endswith("psycopg2.errors.SyntaxError")
    assert len(log.problems(LOG)) == 3
    assert log.problems("") == []


def test_failed_tests_of_odoo_become_tags():
    text = (
        "2026-01-01 10:00:00,000 1 ERROR db odoo.addons.portal.tests.test_tours: FAIL: TestUi.test_01_portal\n"
        "2026-01-01 10:00:00,000 1 ERROR db odoo.addons.mail.tests.discuss.test_rtc: ERROR: TestRtc.test_join\n"
        "2026-01-01 10:00:00,000 1 ERROR db odoo.tests.suite: ERROR: setUpClass (odoo.addons.hr.tests.test_hr.TestHr)\n"
        "2026-01-01 10:00:00,000 1 ERROR db odoo.tests.result: 1 failed, 2 error(s) of 27 tests when loading\n"
    )
    assert theirs.failed(text) == ["/hr:TestHr", "/mail:TestRtc.test_join", "/portal:TestUi.test_01_portal"]
    assert theirs.summary(text) == (1, 2, 27)
    assert theirs.summary("killed") is None
