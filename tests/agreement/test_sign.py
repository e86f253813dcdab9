"""Before a secret meeting everybody signs; who has not sees nothing of it (CF-2)."""

import base64
from io import BytesIO

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from PIL import Image

from tests.notice.common import NoticeCommon


def png(size=(120, 40)):
    buffer = BytesIO()
    Image.new("RGBA", size, (0, 0, 0, 0)).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


class TestSign(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.schedule(
            cls.make_meeting(
                name="Merger",
                level="secret",
                place="Hotel Lotus",
                agenda_item_ids=[Command.create({"name": "Merger price"})],
            )
        )
        cls.line = cls.meeting.participant_ids.filtered(lambda line: line.user_id == cls.member)
        cls.env.flush_all()

    def shown(self, lang="en_US"):
        return self.meeting.agreement_id._shown(lang)["hash"]

    def sign(self, line=None, **vals):
        line = line or self.line
        return (
            line.with_user(line.user_id or self.env.user)
            .sudo()
            ._sign(**{"shown": self.shown(), "name": line.partner_id.name, "ip_address": "192.0.2.9", **vals})
        )

    def test_who_has_not_signed_sees_nothing(self):
        """CF-2: the meeting, its name and what is under it open with the signature, at once and to nobody else."""
        records = {
            "meeting.meeting": self.meeting,
            "meeting.participant": self.line,
            "meeting.agenda.item": self.meeting.agenda_item_ids,
        }
        for model, record in records.items():
            mine = record.with_user(self.member)
            self.assertFalse(mine.has_access("read"), model)
            self.assertFalse(mine.search([("id", "in", record.ids)]), model)
        self.assertEqual(self.meeting.with_user(self.member).sudo().display_name, "Confidential meeting")
        self.sign()
        self.env.invalidate_all()
        for model, record in records.items():
            self.assertTrue(record.with_user(self.member).has_access("read"), model)
            self.assertTrue(record.with_user(self.member).search([("id", "in", record.ids)]), model)
        self.assertFalse(self.meeting.with_user(self.outsider).has_access("read"))

    def test_officers_read_and_are_asked_all_the_same(self):
        """CF-2: convener, chair and minute taker read anyway; their signature is missing like everybody's."""
        for user in (self.convener, self.chair, self.minute_taker):
            self.assertTrue(self.meeting.with_user(user).has_access("read"))
        mine = self.meeting.with_user(self.chair)
        self.assertTrue(mine.must_sign)
        self.assertIn(self.chair, self.meeting._waiting_to_sign().user_id)
        self.sign_agreements(self.meeting, self.chair.partner_id)
        mine.invalidate_recordset()
        self.assertFalse(mine.must_sign)

    def test_other_levels_ask_for_nothing(self):
        """CF-2: role × level; only a secret meeting is signed for."""
        for level in ("public", "internal", "participants"):
            meeting = self.schedule(self.make_meeting(level=level))
            self.assertTrue(meeting.with_user(self.member).has_access("read"))
            self.assertFalse(meeting.needs_agreement)
            with self.assertRaises(UserError):
                self.participant(meeting, self.member.partner_id)._sign(self.shown(), "Member Ma")

    def test_a_signature_is_evidence(self):
        """CF-2: the very words, their check sum and language, the name typed, when, from where, by which login."""
        signature = self.sign(name="  Member   Ma ", drawn=png(), user_agent="Browser")
        self.assertEqual(signature.name, "Member Ma")
        self.assertEqual(signature.text_hash, self.shown())
        self.assertEqual(str(signature.body), str(self.meeting.agreement_id.body))
        self.assertEqual((signature.user_id, signature.ip_address, signature.lang), (self.member, "192.0.2.9", "en_US"))
        self.assertTrue(signature.drawn)
        document = signature._document()
        self.assertTrue(document.raw.startswith(b"%PDF"))
        self.assertEqual(self.sign(name="Somebody Else"), signature, "signing again changes nothing")

    def test_what_is_signed_is_what_was_shown(self):
        """CF-2"""
        with self.assertRaises(UserError):
            self.sign(shown="0" * 64)
        for name in ("", " ", "x", None, "x" * 101):
            with self.assertRaises(ValidationError):
                self.sign(name=name)
        for drawn in (
            "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            png((3000, 10)),
            "data:image/svg+xml;base64,PHN2Zz4=",
        ):
            with self.assertRaises(ValidationError):
                self.sign(drawn=drawn)
        self.assertFalse(self.meeting.agreement_signature_ids)

    def test_forged_signatures(self):
        """CF-2: nobody creates, changes or deletes one over RPC; no verb signs for somebody else."""
        signature = self.sign()
        vals = {
            "meeting_id": self.meeting.id,
            "partner_id": self.chair.partner_id.id,
            "agreement_id": self.meeting.agreement_id.id,
            "title": "x",
            "body": "x",
            "lang": "en_US",
            "text_hash": "x",
            "name": "x",
            "signed_at": "2026-01-01",
            "signed_through": "login",
        }
        for user in (self.member, self.convener, self.chair, self.manager, self.env.ref("base.user_admin")):
            rows = self.env["meeting.agreement.signature"].with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    rows.create(vals)
                with self.assertRaises(UserError):
                    rows.browse(signature.id).write({"name": "Other"})
                with self.assertRaises(UserError):
                    rows.browse(signature.id).unlink()
                with self.assertRaises(AccessError):
                    self.meeting.with_user(user).write({"agreement_signature_ids": [Command.create(vals)]})
        with self.assertRaises(UserError):
            signature.sudo().write({"name": "Other"})
        with self.assertRaises(UserError):
            signature.sudo().unlink()
        public = [name for name in dir(type(self.line)) if "sign" in name and not name.startswith("_")]
        self.assertNotIn("sign", public)
        self.assertEqual({name for name in public if "agreement" in name}, set())

    def test_roles_and_operations(self):
        """CF-2: signature and PDF are read by the signer and by the meeting's organisers; role × operation."""
        signature = self.sign()
        document = signature._document()
        readers = {self.member, self.convener, self.chair, self.minute_taker}
        everybody = readers | {
            self.outsider,
            self.secretary,
            self.manager,
            self.room_manager,
            self.hr,
            self.approver,
            self.env.ref("base.user_admin"),
        }
        for user in everybody:
            for record in (signature, document):
                mine = record.with_user(user)
                with self.subTest(user=user.login, model=record._name):
                    self.assertEqual(mine.has_access("read"), user in readers)
                    self.assertEqual(bool(mine.search([("id", "=", record.id)])), user in readers)
                    for operation in ("write", "unlink"):
                        self.assertFalse(mine.has_access(operation), operation)
        self.sign_agreements(self.meeting, self.chair.partner_id)
        other = self.meeting.agreement_signature_ids.filtered(lambda row: row.partner_id == self.chair.partner_id)
        self.assertFalse(other.with_user(self.member).has_access("read"), "a participant sees his own only")

    def test_who_joins_later_signs_too(self):
        """CF-2"""
        self.sign_agreements(self.meeting)
        self.assertFalse(self.meeting._waiting_to_sign())
        self.meeting.with_user(self.convener).participant_ids = [
            Command.create({"partner_id": self.outsider.partner_id.id})
        ]
        self.assertFalse(self.meeting.with_user(self.outsider).has_access("read"))
        self.sign_agreements(self.meeting)
        self.env.invalidate_all()
        self.assertTrue(self.meeting.with_user(self.outsider).has_access("read"))

    def test_who_is_taken_off_keeps_nothing_but_his_signature(self):
        """CF-1, CF-2: and need not sign again when he comes back."""
        signature = self.sign()
        self.line.with_user(self.convener).unlink()
        self.env.invalidate_all()
        self.assertFalse(self.meeting.with_user(self.member).has_access("read"))
        self.assertTrue(signature.with_user(self.member).has_access("read"))
        self.meeting.with_user(self.convener).participant_ids = [
            Command.create({"partner_id": self.member.partner_id.id})
        ]
        self.env.invalidate_all()
        self.assertTrue(self.meeting.with_user(self.member).has_access("read"))

    def test_made_secret_afterwards(self):
        """CF-2: whoever could read before, cannot until he signs, and is asked to at once."""
        meeting = self.schedule(self.make_meeting(level="participants"))
        self.deliver()
        self.assertTrue(meeting.with_user(self.member).has_access("read"))
        meeting.with_user(self.convener)._write_plan({"level": "secret"})
        self.assertTrue(meeting.agreement_id)
        self.env.invalidate_all()
        self.assertFalse(meeting.with_user(self.member).has_access("read"))
        self.assertTrue(meeting.with_user(self.convener).has_access("read"))
        self.assertEqual(self.rows(meeting, "sign").partner_id, meeting.participant_ids.partner_id)

    def test_answering_needs_no_signature(self):
        """NT-3, CF-2: his own row answers although he may not read it; nobody answers for him."""
        mine = self.line.with_user(self.member)
        mine.action_tentative()
        self.assertEqual((self.line.response, self.line.response_via), ("tentative", "web"))
        wizard = self.env["meeting.reason.wizard"].with_user(self.member).browse(mine.action_decline()["res_id"])
        wizard.reason = "On a trip"
        wizard.action_confirm()
        self.assertEqual((self.line.response, self.line.response_reason), ("declined", "On a trip"))
        mine.action_accept()
        self.assertEqual(self.line.response, "accepted")
        for user in (self.outsider, self.manager):
            with self.assertRaises(AccessError):
                self.line.with_user(user).action_tentative()
        chair_line = self.participant(self.meeting, self.chair.partner_id)
        with self.assertRaises(AccessError):
            chair_line.with_user(self.member).action_accept()
        draft = self.make_meeting(level="secret")
        with self.assertRaises(UserError):
            self.participant(draft, self.member.partner_id).with_user(self.member).action_accept()

    def test_minutes_open_with_the_signature(self):
        """CF-2: without it neither materials nor minutes."""
        meeting = self.schedule(self.make_meeting(level="secret"))
        self.sign_agreements(meeting, meeting.participant_ids.partner_id - self.member.partner_id - self.guest)
        meeting._waiting_to_sign()
        line = self.participant(meeting, self.member.partner_id)
        self.env["meeting.minutes"].flush_model()
        minutes = self.env["meeting.minutes"].sudo().create({"meeting_id": meeting.id, "introduction": "<p>x</p>"})
        minutes.sudo().write({"version": 1})
        self.assertFalse(minutes.with_user(self.member).has_access("read"))
        line.with_user(self.member).sudo()._sign(self.shown(), "Member Ma")
        self.env.invalidate_all()
        self.assertTrue(minutes.with_user(self.member).has_access("read"))

    def test_history_asks_nobody(self):
        """CF-2, MN-8: a meeting held before this system was never announced by it."""
        history = self.make_meeting(user=self.manager, level="secret", state="held", start=self.days_ahead(-30))
        self.assertFalse(history.agreement_id)
        self.assertTrue(history.with_user(self.member).has_access("read"))
