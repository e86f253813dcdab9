"""Every term our addons export has a Chinese translation that keeps its placeholders and its mark-up."""

import io
import re
from collections import Counter
from pathlib import Path

import polib
from odoo.tests import TransactionCase
from odoo.tools.translate import trans_export

from devkit.odoo import addons

ROOT = Path(__file__).resolve().parents[2]

PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[sdf%]|\{[a-z_.]*\}|\{\{.*?\}\}")
TAG = re.compile(r"</?[a-z][^<>]*>")
READ_ATTRIBUTE = re.compile(r'\b(title|alt|placeholder|aria-label|data-tooltip|string)="[^"]*"')
HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff”’）][,;:?!](?!\w)|[\u4e00-\u9fff][.(]|\"[\u4e00-\u9fff]|[\u4e00-\u9fff]\"(?![\s/>])"
)
GAP = re.compile(r"[\u4e00-\u9fff] +[0-9]|[0-9] +[\u4e00-\u9fff]|[\u4e00-\u9fff] +[\u4e00-\u9fff]")

WORDS = {
    "Meeting Type": "会议类型",
    "Series": "例会系列",
    "Convener": "召集人",
    "Chair": "主持人",
    "Minute Taker": "记录员",
    "Participant": "参会人",
    "Observer": "列席",
    "Proxy": "代会人",
    "Agenda Item": "议题",
    "Meeting notice": "会议通知",
    "Sign-in": "签到",
    "On leave": "请假",
    "Minutes": "会议纪要",
    "Resolution": "决议",
    "Task": "任务",
    "Owner": "责任人",
    "Assistants": "协助人",
    "Supervisor": "监督人",
    "Tracking Table": "跟踪表",
    "Room": "会议室",
    "Confidentiality Level": "密级",
}
"""Words fixed for the whole project, labels and code alike."""


class TestTerms(TransactionCase):
    """The files against what Odoo itself exports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms, cls.chinese = {}, {}
        for addon in addons(ROOT):
            buffer = io.BytesIO()
            if not trans_export(False, [addon], buffer, "po", cls.env):
                continue
            cls.terms[addon] = [entry.msgid for entry in polib.pofile(buffer.getvalue().decode())]
            path = ROOT / addon / "i18n" / "zh_CN.po"
            cls.chinese[addon] = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}

    def pairs(self):
        """(where, term, translation) of every term that has a translation."""
        for addon, terms in self.terms.items():
            for term in terms:
                entry = self.chinese[addon].get(term)
                if entry and entry.msgstr:
                    yield addon, term, entry.msgstr

    def assertNone(self, faults, message):
        self.assertFalse(faults, f"{message}\n" + "\n".join(map(str, faults[:40])))

    def test_our_addons_have_terms(self):
        self.assertIn("meeting_management", self.terms)
        self.assertGreater(len(self.terms["meeting_management"]), 1000)

    def test_each_term_is_translated(self):
        missing = []
        for addon, terms in self.terms.items():
            for term in terms:
                entry = self.chinese[addon].get(term)
                if not entry or entry.obsolete or entry.fuzzy or not entry.msgstr.strip():
                    missing.append((addon, term[:100]))
        self.assertNone(missing, "Without a Chinese translation; run ./dev i18n and fill in i18n/zh_CN.po:")

    def test_nothing_is_left_in_english(self):
        same = [(addon, term) for addon, term, text in self.pairs() if text == term and re.search("[A-Za-z]", term)]
        self.assertNone(same, "The translation repeats the English source:")

    def test_placeholders_are_kept(self):
        wrong = [
            (term, text)
            for _addon, term, text in self.pairs()
            if Counter(PLACEHOLDER.findall(term)) != Counter(PLACEHOLDER.findall(text))
        ]
        self.assertNone(wrong, "Placeholders differ:")

    def test_plain_placeholders_keep_their_order(self):
        """“%s … %s” is filled from left to right."""
        wrong = [term for _addon, term, text in self.pairs() if term.count("%s") > 1 and text.count("%s") > 1]
        self.assertNone(wrong, "More than one %s: name them, so that a translation may put them into its own order:")

    def test_markup_is_kept(self):
        def tags(text):
            return Counter(READ_ATTRIBUTE.sub(r"\1", tag) for tag in TAG.findall(text))

        wrong = [(term, text) for _addon, term, text in self.pairs() if tags(term) != tags(text)]
        self.assertNone(wrong, "Tags differ:")

    def test_punctuation_is_chinese(self):
        wrong = []
        for _addon, term, text in self.pairs():
            plain = TAG.sub("|", text)
            if not term.startswith(("'", "object.")) and (HALF_WIDTH.search(plain) or GAP.search(plain)):
                wrong.append((term[:60], text))
        self.assertNone(wrong, "Half-width punctuation, or a gap, in Chinese text:")

    def test_words_are_used_as_agreed(self):
        entries = self.chinese["meeting_management"]
        self.assertEqual({word: entries[word].msgstr for word in WORDS}, WORDS)
