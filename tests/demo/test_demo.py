"""The demo company can be made on any day, and leaves everybody something to do."""

import csv
from pathlib import Path

from freezegun import freeze_time
from odoo.tests import TransactionCase
from odoo.tools.misc import file_path


class TestDemo(TransactionCase):
    def test_the_company_lives(self):
        """Every person of the login table has a meeting in sight; every phase of life is shown."""
        self.env["meeting.demo"]._populate()
        rows = list(csv.DictReader(Path(file_path("meeting_management/demo/logins.csv")).open(encoding="utf-8")))
        for row in rows:
            user = self.env["res.users"].search([("login", "=", row["login"])])
            with self.subTest(login=row["login"]):
                self.assertTrue(user)
                self.assertTrue(self.env["meeting.meeting"].with_user(user).search_count([]))
        states = set(self.env["meeting.meeting"].search([]).mapped("state"))
        self.assertLessEqual({"draft", "submitted", "scheduled", "held"}, states)
        self.assertEqual(self.env["meeting.minutes"].search_count([("state", "=", "published")]), 1)
        day = self.env["meeting.my.day"]
        secret = self.env["meeting.meeting"].search([("level", "=", "secret")])
        self.assertEqual((secret.agreement_signed_count, secret.agreement_missing_count), (2, 1))
        for login, section in (
            ("wang", "approve"),
            ("wang", "sign"),
            ("chen", "returned"),
            ("sun", "answer"),
            ("wu", "rooms"),
        ):
            user = self.env["res.users"].search([("login", "=", login)])
            keys = [found["key"] for found in day.with_user(user).get()["sections"]]
            self.assertIn(section, keys)

    @freeze_time("2026-12-31 15:55:00")
    def test_at_midnight_of_new_year_s_eve(self):
        """Weekends, month and year ends do not break it."""
        self.env["meeting.demo"]._populate()
        self.assertGreater(self.env["meeting.meeting"].search_count([]), 9)
