"""Damage: recorded with the person responsible, who is told and comments, then decided (RM-12)."""

from odoo.exceptions import AccessError, UserError

from tests.rooms_upkeep.common import UpkeepCommon


class TestDamage(UpkeepCommon):
    def damage(self, **vals):
        values = {
            "name": "Screen scratched",
            "room_id": self.maple.id,
            "equipment_id": self.projector.id,
            "partner_id": self.member.partner_id.id,
            **vals,
        }
        return self.env["meeting.damage"].with_user(self.room_manager).create(values)

    def test_assessed_commented_settled(self):
        """RM-12: the person is told at each step; his comment reaches those who decide; what is decided stays."""
        damage = self.damage()
        self.assertEqual(self.rows("damage_reported", damage).partner_id, self.member.partner_id)
        with self.assertRaisesRegex(UserError, "amounts to"):
            damage.action_assess()
        damage.estimated = 800
        damage.action_assess()
        self.assertEqual((damage.state, damage.decided), ("assessed", 800))
        damage.with_user(self.member).message_post(body="It was scratched before", message_type="comment")
        told = self.rows("damage_comment", damage).partner_id
        self.assertEqual(told, self.maple._deciders().partner_id)
        damage.decided = 300
        damage.action_settle()
        self.assertEqual((damage.state, damage.decided_by_id), ("settled", self.room_manager))
        with self.assertRaises(UserError):
            damage.decided = 500
        self.send()
        mine = self.rows("damage_", damage).filtered(lambda row: row.partner_id == self.member.partner_id)
        self.assertEqual(mine.mapped("state"), ["sent"] * 3)

    def test_waived_with_a_reason(self):
        """RM-12"""
        damage = self.damage()
        self.assertEqual(damage.action_waive()["res_model"], "meeting.reason.wizard")
        damage.action_waive(reason="Wear of many years")
        self.assertEqual((damage.state, damage.decision), ("waived", "Wear of many years"))
        with self.assertRaises(UserError):
            damage.unlink()

    def test_a_guest_is_told_by_mail(self):
        """RM-12: a person without an account."""
        damage = self.damage(partner_id=self.guest.id)
        self.send()
        self.assertEqual(self.rows("damage_reported", damage).state, "sent")

    def test_no_closed_meeting_is_named(self):
        """CF-5"""
        meeting = self.schedule(self.make_meeting(level="secret", room_id=self.maple.id))
        self.assertFalse(self.damage(booking_id=meeting._current_booking().id).booking_id)

    def test_roles(self):
        """RM-12: role × operation: room managers keep it, the person reads his own, others see nothing."""
        damage = self.damage()
        values = {"name": "Chair", "room_id": self.maple.id, "partner_id": self.outsider.partner_id.id}
        self.assertMatrix(
            "meeting.damage",
            damage,
            values,
            {
                self.member: {"read"},
                self.outsider: set(),
                self.manager: set(),
                self.room_manager: {"read", "write", "unlink", "create"},
            },
        )
        self.assertFalse(damage.with_user(self.other_company_user()).has_access("read"))
        for verb in ("action_assess", "action_settle", "action_waive"):
            with self.assertRaises(UserError):
                getattr(damage.with_user(self.member), verb)()
        with self.assertRaises(AccessError):
            damage.with_user(self.outsider).message_post(body="I was there", message_type="comment")
