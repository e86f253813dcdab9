"""Materials are collected after the meeting (CF-3)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from tests.secrets.common import SecretsCommon


class MaterialsCommon(SecretsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.secret_meeting()
        item = cls.meeting.agenda_item_ids
        cls.of_meeting = cls.attach(cls.meeting, "plan.txt")
        cls.of_topic = cls.attach(item, "price.txt")
        cls.photo = cls.attach(item, "machine.png", mimetype="image/png")
        item.sudo().attachment_ids = cls.of_topic | cls.photo
        cls.in_text = cls.attach(item, "sketch.png", mimetype="image/png")
        cls.materials = cls.of_meeting | cls.of_topic | cls.photo
        cls.env.flush_all()

    @classmethod
    def attach(cls, record, name, **vals):
        values = {"name": name, "raw": b"secret", "res_model": record._name, "res_id": record.id, **vals}
        return cls.env["ir.attachment"].sudo().create(values)

    def readable(self, user):
        """Names of the files that a user reads; every way of asking agrees."""
        self.forget()
        files = (self.materials | self.in_text).with_user(user)
        by_check = files._filtered_access("read")
        by_id = files.search([("id", "in", files.ids)])
        by_model = files.search(
            [("res_model", "in", ("meeting.meeting", "meeting.agenda.item")), ("id", "in", files.ids)]
        )
        by_record = files.search([("res_model", "=", "meeting.meeting"), ("res_id", "=", self.meeting.id)])
        by_record |= files.search(
            [("res_model", "=", "meeting.agenda.item"), ("res_id", "in", self.meeting.agenda_item_ids.ids)]
        )
        self.assertEqual(by_check, by_id.sorted("id"))
        self.assertEqual(by_check, by_model.sorted("id"))
        self.assertEqual(by_check, by_record.sorted("id"))
        for file in files:
            if file in by_check:
                self.assertEqual(file.raw, b"secret")
            else:
                with self.assertRaises(AccessError):
                    file.read(["raw"])
                with self.assertRaises(AccessError):
                    file.read(["name"])
        return set(by_check.sudo().mapped("name"))


class TestMaterials(MaterialsCommon):
    def test_days_by_type_and_level(self):
        """CF-3: 14 days for what is secret, none otherwise; the type's own at its level; then the meeting's own."""
        kind = self.env["meeting.type"]
        self.assertEqual([kind.new({"level": level}).materials_days for level in ("public", "secret")], [0, 14])
        self.assertEqual((self.meeting.materials_days, self.make_meeting(level="internal").materials_days), (14, 0))
        self.assertEqual(self.meeting.materials_until, self.meeting.stop + timedelta(days=14))
        self.weekly.write({"level": "secret", "materials_days": 3})
        self.assertEqual(self.make_meeting().materials_days, 3)
        self.assertEqual(self.meeting.materials_days, 14)
        self.meeting.with_user(self.convener).materials_until = self.meeting.stop + timedelta(days=1)
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.member).materials_until = False
        self.assertEqual(self.meeting.materials_until, self.meeting.stop + timedelta(days=1))

    def test_collected_on_time(self):
        """CF-3: to the second, without a job; the organisers keep them, and text keeps its pictures."""
        everything = {"plan.txt", "price.txt", "machine.png", "sketch.png"}
        until = self.meeting.materials_until
        with freeze_time(until - timedelta(seconds=1)):
            for user in (self.member, self.chair):
                self.assertEqual(self.readable(user), everything)
            self.assertFalse(self.readable(self.outsider))
        with freeze_time(until):
            self.assertEqual(self.readable(self.member), {"sketch.png"})
            for user in (self.chair, self.convener, self.minute_taker):
                self.assertEqual(self.readable(user), everything)
            self.assertFalse(self.readable(self.outsider))
            self.forget()
            item = self.meeting.agenda_item_ids.with_user(self.member)
            self.assertEqual(item.web_read({"attachment_ids": {"fields": {"name": {}}}})[0]["attachment_ids"], [])
            self.forget()
            self.assertEqual(len(item.with_user(self.chair).attachment_ids), 2)

    def test_no_limit(self):
        """CF-3: 0 days."""
        self.meeting.with_user(self.convener).materials_days = 0
        self.assertFalse(self.meeting.materials_until)
        with freeze_time(self.meeting.stop + timedelta(days=4000)):
            self.assertIn("plan.txt", self.readable(self.member))

    def test_emergency_access_does_not_bring_them_back(self):
        """CF-3, CF-6: collected is collected."""
        with freeze_time(self.meeting.materials_until):
            glass = (
                self.env["meeting.break.glass"]
                .with_user(self.auditor)
                .create({"reference": self.meeting.number, "reason": "x"})
            )
            glass.with_user(self.auditor2).action_grant()
            self.assertEqual(self.readable(self.auditor), {"sketch.png"})

    def test_minutes_are_no_materials(self):
        """CF-3: their PDFs stay with their readers."""
        minutes = self.publish(self.held(level="secret"))
        with freeze_time(minutes.meeting_id.materials_until + timedelta(days=1)):
            self.forget()
            report = self.env["ir.actions.report"].with_user(self.member).with_context(force_report_rendering=True)
            pdf = report._render_qweb_pdf("meeting_management.report_minutes", minutes.ids)[0]
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_other_files_are_left_alone(self):
        """CF-3: a search for other documents carries no word of it."""
        file = self.attach(self.member.partner_id, "card.txt")
        with freeze_time(self.meeting.materials_until):
            self.assertTrue(
                file.with_user(self.member).search([("res_model", "=", "res.partner"), ("id", "=", file.id)])
            )


class TestRoutes(MaterialsCommon, HttpCase):
    @mute_logger("odoo.http")
    def test_no_route_brings_them_back(self):
        """CF-3: addresses of files and pictures, links with tokens, logged in or not."""
        token = self.photo.generate_access_token()[0]
        raw = self.photo._get_raw_access_token()
        routes = [
            f"/web/content/{self.of_meeting.id}",
            f"/web/content/{self.of_topic.id}?download=1",
            f"/web/image/{self.photo.id}",
            f"/web/content/{self.photo.id}?access_token={token}",
            f"/web/content/{self.photo.id}?access_token={raw}",
            f"/web/content/ir.attachment/{self.photo.id}/raw?access_token={token}",
        ]
        self.authenticate("member", "member")
        for route in routes:
            self.assertEqual(self.url_open(route).content, b"secret", route)
        self.meeting.sudo()._write_plan({"materials_until": self.meeting.create_date - timedelta(days=1)})
        self.env.flush_all()
        for login in ("member", None):
            self.authenticate(login, login)
            for route in routes:
                with self.subTest(login=login, route=route):
                    self.assertNotIn(b"secret", self.url_open(route).content)
        self.authenticate("chair", "chair")
        for route in routes:
            self.assertEqual(self.url_open(route).content, b"secret", route)
