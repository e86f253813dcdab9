"""Things lent against a register, back within three days, reminded before and after (RM-11)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from tests.common import MONDAY
from tests.rooms_upkeep.common import UpkeepCommon


@freeze_time(MONDAY)
class TestLoans(UpkeepCommon):
    def lend(self, **vals):
        values = {"equipment_id": self.camera.id, "partner_id": self.member.partner_id.id, **vals}
        return self.env["meeting.loan"].with_user(self.room_manager).create(values)

    def test_due_in_three_days(self):
        """RM-11: three days unless the thing says otherwise; everybody sees that it is out, keepers see with whom."""
        loan = self.lend()
        self.assertEqual(loan.due, MONDAY + timedelta(days=3))
        camera = self.camera.with_user(self.room_manager)
        self.assertEqual((camera.is_lent, camera.holder_id, camera.lent_until), (
            True, self.member.partner_id, loan.due))  # fmt: skip
        self.assertIn(self.camera, self.env["meeting.equipment"].search([("is_lent", "=", True)]))
        with self.assertRaises(AccessError):
            self.camera.with_user(self.outsider).read(["holder_id"])
        self.camera.loan_days = 1
        loan.action_take_back()
        self.assertEqual(self.lend().due, MONDAY + timedelta(days=1))

    @mute_logger("odoo.sql_db")
    def test_never_lent_twice(self):
        """RM-11: the database keeps it, whatever happens at the same moment."""
        loan = self.lend()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.lend()
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'meeting_loan_once'")
        self.assertIn("UNIQUE", self.env.cr.fetchone()[0])
        loan.action_take_back()
        self.lend()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.microphones.is_lendable = True
            self.env.flush_all()

    def test_reminders_before_and_after(self):
        """RM-11, RE-1: the day before, at the limit and after it; then the managers; none once it is back."""
        loan = self.lend()
        moments = self.rows("loan_", loan).sorted("due").mapped(lambda row: (row.step.partition(":")[0], row.due))
        day = timedelta(days=1)
        self.assertIn(("loan_due", loan.due - day), moments)
        self.assertEqual([due for kind, due in moments if kind == "loan_over"], [
            loan.due, loan.due + day, loan.due + 3 * day, loan.due + 7 * day])  # fmt: skip
        late = self.rows("loan_late", loan)
        self.assertEqual(set(late.partner_id), set(self.maple._deciders().partner_id))
        self.assertEqual(min(late.mapped("due")), loan.due + 3 * day)
        with freeze_time(loan.due + timedelta(hours=1)):
            self.assertTrue(loan.is_overdue)
            self.send()
            sent = self.rows("loan_over", loan).filtered(lambda row: row.state == "sent")
            self.assertEqual(sent.partner_id, self.member.partner_id)
            loan.invalidate_recordset()
            loan.action_take_back()
        self.assertFalse(self.rows("loan_", loan).filtered(lambda row: row.state == "pending"))

    def test_a_longer_loan_is_reminded_later(self):
        """RM-11: the limit moves, and the reminders with it."""
        loan = self.lend()
        loan.due = MONDAY + timedelta(days=10)
        self.assertEqual(self.rows("loan_due", loan).mapped("due"), [MONDAY + timedelta(days=9)])

    def test_an_outside_borrower_is_told(self):
        """RM-11: a guest without an account is reminded by e-mail."""
        loan = self.lend(partner_id=self.guest.id)
        self.send()
        self.assertEqual(self.rows("loan_out", loan).state, "sent")

    def test_back_damaged(self):
        """RM-11, RM-12: the borrower becomes the person responsible."""
        loan = self.lend()
        action = loan.action_take_back_damaged()
        damage = self.env["meeting.damage"].browse(action["res_id"])
        self.assertEqual((loan.condition, damage.partner_id, damage.equipment_id), (
            "damaged", self.member.partner_id, self.camera))  # fmt: skip

    def test_what_is_not_lent(self):
        """RM-11"""
        with self.assertRaises(UserError):
            self.lend(equipment_id=self.projector.id)

    def test_roles(self):
        """RM-11: role × operation: the borrower reads his own, room managers keep the register, others see nothing."""
        loan = self.lend()
        spare = self.env["meeting.equipment"].create({"name": "Tripod", "room_id": self.maple.id, "is_lendable": True})
        elsewhere = self.other_company_user()
        self.assertMatrix(
            "meeting.loan",
            loan,
            {"equipment_id": spare.id, "partner_id": self.outsider.partner_id.id},
            {
                self.member: {"read"},
                self.outsider: set(),
                self.manager: set(),
                self.room_manager: {"read", "write", "unlink", "create"},
            },
        )
        self.assertFalse(loan.with_user(elsewhere).has_access("read"))
        with self.assertRaises(AccessError):
            loan.with_user(self.member).action_take_back()
        with self.assertRaises(UserError):
            loan.unlink()
        sections = self.env["meeting.my.day"].with_user(self.member).get()["sections"]
        self.assertEqual([card["title"] for section in sections if section["key"] == "loans" for card in section[
            "cards"]], ["Camera"])  # fmt: skip
