"""The command line, the table of logins, and what a database's note tells."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from devkit import checks, cli, peer, people, serve, translate
from devkit.base import ROOT, Stop


def test_run_has_defaults_and_refuses_nonsense(capsys):
    options = cli.parse(["run"])
    assert (options.port, options.host, options.db, options.lang, options.fresh) == (
        8069,
        "127.0.0.1",
        None,
        None,
        False,
    )
    for words in (["run", "--port", "99999"], ["run", "--port", "http"], ["run", "--lang", "fr_FR"], ["dance"], []):
        with pytest.raises(SystemExit) as refusal:
            cli.parse(words)
        assert refusal.value.code == 2
    capsys.readouterr()


def test_words_for_pytest_go_through_in_order():
    words = ["tests/rooms", "-k", "double and booking", "-x", "--odoo-log-level=info", "--odoo-http"]
    assert cli.parse(["test", *words]).arguments == words
    assert cli.parse(["test", "--odoo", "/src/odoo", "-x"]).odoo == "/src/odoo"


def test_a_benchmark_takes_sizes():
    assert cli.parse(["bench", "rooms", "-s", "1000", "--size", "5000"]).sizes == [1000, 5000]
    assert cli.parse(["bench"]).sizes is None


def test_a_benchmark_goes_on_without_its_peer(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(peer, "STATE", tmp_path)
    no_network = SimpleNamespace(python="/bin/false")
    assert peer.fetch(no_network, "rooms") is None
    assert "Going on without the peer." in capsys.readouterr().out
    assert peer.fetch(no_network, "reading") is None  # it asks for none
    assert capsys.readouterr().out == ""
    with peer.own(no_network, "rooms") as environment:
        assert environment == {}


def test_other_commands_refuse_unknown_words(capsys):
    with pytest.raises(SystemExit):
        cli.parse(["lint", "--fast"])
    assert "--fast" in capsys.readouterr().err


def test_a_stop_is_printed_as_it_is_and_fails(monkeypatch, capsys):
    def refuse(options):
        raise Stop("Port 8069 is taken: choose another.")

    monkeypatch.setattr(serve, "serve", refuse)
    assert cli.main(["run"]) == 1
    assert capsys.readouterr().err.strip() == "Port 8069 is taken: choose another."


def test_interruption_and_full_disk_have_their_sentences(monkeypatch, capsys):
    for error, code, word in ((KeyboardInterrupt(), 130, "goes on"), (OSError(28, "No space"), 1, "disk is full")):

        def fail(options, error=error):
            raise error

        monkeypatch.setattr(serve, "serve", fail)
        assert cli.main(["run"]) == code
        assert word in capsys.readouterr().err


def test_help_names_every_command():
    done = subprocess.run([sys.executable, str(ROOT / "dev"), "--help"], capture_output=True, text=True, check=True)
    for name in ("run", "test", "shell", "lint", "gate", "i18n", "bench", "test-odoo"):
        assert f"\n    {name}" in done.stdout


def test_logins_come_from_the_demo_data_or_are_the_administrators(tmp_path):
    assert people.logins(root=tmp_path) == [("Administrator", "admin", "admin", "")]
    demo = tmp_path / "meeting_management/demo"
    demo.mkdir(parents=True)
    (demo / "logins.csv").write_text("role,login,password,language\n主持人,chair,secret,zh_CN\n", encoding="utf-8-sig")
    assert people.logins(root=tmp_path) == [("主持人", "chair", "secret", "zh_CN")]
    assert people.logins(demo=False, root=tmp_path) == [("Administrator", "admin", "admin", "")]


def test_the_table_is_aligned_with_chinese_in_it():
    lines = people.table([("主持人", "chair", "chair", "zh_CN"), ("HR", "hr", "hr", "en_US")]).splitlines()
    assert {
        people.width(line[: line.index(login)]) for line, login in zip(lines[1:], ("chair", "hr"), strict=True)
    } == {10}


def test_only_our_own_notes_are_read():
    written = serve.note("/state", "abc", ["meeting_management"], None, True)
    assert serve.read_note(written)["content"] == "abc"
    for text in ("", "a database of mine", "[]", "null", '{"by": "me"}'):
        assert serve.read_note(text) is None


def test_xml_that_is_not_well_formed_is_found(tmp_path):
    folder = tmp_path / "meeting_management"
    folder.mkdir()
    (folder / "good.xml").write_text("<odoo/>")
    assert checks.xml_errors([folder]) == []
    (folder / "bad.xml").write_text("<odoo>")
    (found,) = checks.xml_errors([folder])
    assert found.startswith("meeting_management/bad.xml: not well-formed")


def test_an_export_without_news_changes_nothing(tmp_path):
    pot = tmp_path / "a.pot"
    header = 'msgid ""\nmsgstr ""\n"POT-Creation-Date: %s\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    texts = set()
    for date in ("2026-01-01 10:00+0000", "2026-02-02 10:00+0000"):
        pot.write_text(header % date)
        translate.settle(pot)
        texts.add(pot.read_text())
    assert len(texts) == 1 and "charset=UTF-8" in texts.pop()


def test_an_addon_without_chinese_is_found(tmp_path):
    with_chinese, without = tmp_path / "meeting_management", tmp_path / "meeting_management_project"
    (with_chinese / "i18n").mkdir(parents=True)
    (with_chinese / "i18n/zh_CN.po").touch()
    without.mkdir()
    (found,) = translate.missing_files([with_chinese, without])
    assert found.startswith("meeting_management_project/i18n/zh_CN.po")


def test_merging_keeps_translations_and_adds_new_terms(tmp_path):
    pot, po = tmp_path / "a.pot", tmp_path / "zh_CN.po"
    entry = 'msgid "%s"\nmsgstr "%s"\n\n'
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    pot.write_text(header + entry % ("Room", "") + entry % ("Minutes", ""))
    po.write_text(header + entry % ("Room", "会议室") + entry % ("Gone", "旧"))
    for prune, keeps_gone in (("keep", True), ("prune", False)):
        subprocess.run([sys.executable, "-c", translate.MERGE, str(pot), str(po), prune], check=True)
        text = po.read_text()
        assert "会议室" in text and 'msgid "Minutes"' in text and ("旧" in text) == keeps_gone
    found = subprocess.run([sys.executable, "-c", translate.COUNT, str(po)], capture_output=True, text=True, check=True)
    assert found.stdout.count("untranslated") == 1 and "Minutes" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], True),
        (["tests/toolchain"], False),
        (["tests/toolchain/test_base.py::test_x"], False),
        (["tests/toolchain", "tests/rooms"], True),
        (["tests"], True),
    ],
)
def test_a_database_is_made_only_for_tests_that_need_one(arguments, needed, request):
    conftest = next(
        plugin for plugin in request.config.pluginmanager.get_plugins() if getattr(plugin, "needs_database", None)
    )
    arguments = [str(Path(ROOT, argument)) for argument in arguments]
    assert conftest.needs_database(arguments) == needed
