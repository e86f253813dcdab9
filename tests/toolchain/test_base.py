"""Hashes, paths, locks, and the sentences for failures."""

import subprocess
import sys

import pytest

from devkit import base


def test_hash_tells_apart_parts_that_join_to_the_same_text():
    assert base.digest("ab", "c") != base.digest("a", "bc")
    assert base.digest("a", b"b") == base.digest("a", "b")


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "meeting_management"
    (folder / "models").mkdir(parents=True)
    (folder / "models/room.py").write_text("x = 1\n")
    return folder


def test_hash_of_files_changes_with_content_and_with_names(addon):
    before = base.digest_tree(addon)
    (addon / "models/room.py").write_text("x = 2\n")
    changed = base.digest_tree(addon)
    (addon / "models/room.py").rename(addon / "models/hall.py")
    assert len({before, changed, base.digest_tree(addon)}) == 3


def test_hash_of_files_ignores_compiled_files_and_where_the_folder_is(addon, tmp_path):
    before = base.digest_tree(addon)
    (addon / "__pycache__").mkdir()
    (addon / "__pycache__/room.pyc").write_bytes(b"compiled")
    assert base.digest_tree(addon) == before
    moved = tmp_path / "elsewhere" / addon.name
    moved.parent.mkdir()
    addon.rename(moved)
    assert base.digest_tree(moved) == before


def test_linked_worktrees_share_the_state_of_the_main_checkout(tmp_path):
    main, linked = tmp_path / "main", tmp_path / "linked"
    (main / ".git/worktrees/linked").mkdir(parents=True)
    linked.mkdir()
    (linked / ".git").write_text(f"gitdir: {main}/.git/worktrees/linked\n")
    assert base.state_of(linked, {}) == base.state_of(main, {}) == main / ".dev"
    assert base.state_of(main, {"MEETING_DEV": str(tmp_path / "other")}) == tmp_path / "other"


def test_a_submodule_is_a_checkout_of_its_own(tmp_path):
    (tmp_path / ".git").write_text("gitdir: ../.git/modules/meeting\n")
    assert base.main_checkout(tmp_path) == tmp_path


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1", "package manager"),
        ("E: dpkg was interrupted, you must manually run 'dpkg --configure -a'", "dpkg --configure -a"),
        ("Err:1 ... Temporary failure resolving 'mirror'", "network"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 111]", "network"),
        ("E: Unable to locate package postgresql", "/etc/apt"),
        ('connection to server on socket "/var/run/.s.PGSQL.5432" failed: No such file or directory', "PGHOST"),
        ("FATAL: sorry, too many clients already", "max_connections"),
        ("mkdir: Permission denied", "sudo"),
    ],
)
def test_known_causes_become_one_sentence(output, word):
    sentence = base.explain(f"Reading lists...\n{output}\nmore")
    assert word in sentence and "\n" not in sentence and sentence.endswith(".")


def test_unknown_causes_stay_unexplained():
    assert base.explain("IndentationError: unexpected indent") is None


def test_a_failing_program_stops_us_with_its_last_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "LOG", tmp_path)
    with pytest.raises(base.Stop, match="(?s)boom.*all of its output is in"):
        base.run(sys.executable, "-c", "raise SystemExit('boom')", log="failing")
    assert base.run(sys.executable, "-c", "print(input())", stdin="said", log="echo") == (0, "said\n")
    assert "exit 1" in (tmp_path / "failing.log").read_text()


def test_a_missing_program_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "LOG", tmp_path)
    with pytest.raises(base.Stop, match="`no-such-program` is missing"):
        base.run("no-such-program")


def test_programs_we_start_see_no_database_of_the_user(monkeypatch):
    monkeypatch.setenv("PGDATABASE", "production")
    assert "PGDATABASE" not in base.child_environment()


def test_a_lock_keeps_another_process_out(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "STATE", tmp_path)
    code = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    attempt = [sys.executable, "-c", code, str(tmp_path / "lock/door")]
    with base.lock("door"):
        assert subprocess.run(attempt, stderr=subprocess.DEVNULL).returncode
        with base.lock("door", wait=False) as held:
            assert not held
    assert not subprocess.run(attempt).returncode


def test_a_program_we_run_keeps_the_lock_when_we_are_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "STATE", tmp_path)
    monkeypatch.setattr(base, "LOG", tmp_path)
    with base.lock("door"):
        _code, out = base.run(sys.executable, "-c", "import os; print(*os.listdir('/proc/self/fd'))")
        assert len(out.split()) > 3 and str(base._held[0]) in out.split()
    assert base._held == []


def test_writing_leaves_no_half_file(tmp_path):
    target = tmp_path / "conf/odoo.conf"
    base.write(target, "one")
    base.write(target, "two")
    assert [path.name for path in target.parent.iterdir()] == ["odoo.conf"] and target.read_text() == "two"
