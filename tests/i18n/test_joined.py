"""Enumerations and joined sentences read as their language writes them: in Chinese with 、 ， and ；."""

import re
from pathlib import Path

from odoo.addons.meeting_management.models.meeting_joined import clauses, sentences
from odoo.exceptions import ValidationError

from devkit.odoo import addons
from tests.rooms.common import RoomsCommon

ROOT = Path(__file__).resolve().parents[2]
ALONE = re.compile(r"""(?<!SQL\()["'][,;] ["'](\)?\.join| *\))|_\(["'][,;] ["']\)|\bjoin\(["'][,;] ["']\)""")
TEXTS = (".py", ".xml", ".js")


class TestJoined(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["meeting_management"], ["zh_CN"])
        cls.chinese = cls.env(context={**cls.env.context, "lang": "zh_CN"})

    def test_both_languages(self):
        parts = ["甲", "乙", "丙"]
        self.assertEqual((clauses(self.env, parts), sentences(self.env, parts)), ("甲, 乙, 丙", "甲; 乙; 丙"))
        self.assertEqual((clauses(self.chinese, parts), sentences(self.chinese, parts)), ("甲，乙，丙", "甲；乙；丙"))
        for join in (clauses, sentences):
            self.assertEqual((join(self.env, []), join(self.env, iter(["甲 %s"]))), ("", "甲 %s"))

    def test_on_the_screen(self):
        """RE-1, MT-7, RM-1: a rule of reminding, days of a series, and why a room cannot be had."""
        texts = [self.env["meeting.reminder.rule"].with_env(self.chinese).search([], limit=1).sentence]
        series = self.env["meeting.series"].with_env(self.chinese)
        rhythm = {"unit": "week", "interval": 1, "mon": True, "wed": True, "fri": True}
        texts.append(series.new({"type_id": self.weekly.id, "start_time": 9, **rhythm})._sentence("09:00"))
        with self.assertRaises(ValidationError) as refused:
            room = self.make_room("橡树", 1, needs_approval=False).with_env(self.chinese)
            self.book(room, self.days_ahead(1, 1), self.days_ahead(1, 3))
            room._demand_bookable(self.days_ahead(1, 2), self.days_ahead(1, 4), headcount=5)
        texts.append(str(refused.exception))
        for text in texts:
            self.assertFalse(re.search(r"[,;]", text), text)
        self.assertIn("、", texts[1])
        self.assertIn("；", texts[2])

    def test_nowhere_a_lone_separator(self):
        """What users read is joined by `format_list`, or by these two: a separator alone stays half-width."""
        found = [
            f"{path.relative_to(ROOT)}: {line.strip()}"
            for addon in addons(ROOT)
            for path in sorted((ROOT / addon).rglob("*"))
            if path.suffix in TEXTS and "lib" not in path.parts
            for line in path.read_text().splitlines()
            if ALONE.search(line)
        ]
        self.assertFalse(found)
