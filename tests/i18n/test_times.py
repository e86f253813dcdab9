"""Times are told on the clocks of whoever reads them, not of whoever's rights the text is made with (NT-1)."""

import ast
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from devkit.odoo import addons
from tests.rooms.common import RoomsCommon

ROOT = Path(__file__).resolve().parents[2]
FORMATS = {"format_datetime": 2, "format_time": 2}
"""Functions of Odoo that fall back to the zone of the current user; the place of their zone among the arguments."""


class TestTimes(RoomsCommon):
    def test_everywhere_a_zone(self):
        """Letters are made by the superuser: what names no zone would tell his."""
        found = []
        for addon in addons(ROOT):
            for path in sorted((ROOT / addon).rglob("*.py")):
                for node in ast.walk(ast.parse(path.read_text())):
                    name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
                    if name not in FORMATS or "tz" in {keyword.arg for keyword in node.keywords}:
                        continue
                    if len(node.args) <= FORMATS[name]:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
        self.assertFalse(found)

    def test_in_the_letter_about_a_loan(self):
        """RM-11: the borrower reads when he has to bring it back on his own clocks."""
        self.env.ref("base.partner_root").tz = "Europe/Brussels"
        self.member.partner_id.tz = "Asia/Shanghai"
        thing = self.env["meeting.equipment"].create({"name": "Camera", "room_id": self.maple.id, "is_lendable": True})
        due = datetime(2026, 3, 4, 2, 0)
        with freeze_time(due - timedelta(days=1)):
            loan = self.env["meeting.loan"].create(
                {"equipment_id": thing.id, "partner_id": self.member.partner_id.id, "due": due}
            )
        row = self.env["meeting.notification"].sudo().search([("res_model", "=", loan._name)], limit=1)
        with freeze_time(due + timedelta(hours=1)):
            [letter] = row._compose(row.partner_id._notice_profiles())
        text = letter["copies"][self.member.partner_id.id]
        self.assertIn("10:00", text)
        self.assertNotIn("3:00", text)
        self.assertIn("because this concerns you", text)
