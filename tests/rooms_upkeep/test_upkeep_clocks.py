"""Loans and inspections are duties like others: clock, rules, superiors, and an upgrade (RE-1 to RE-3, RM-9, RM-11)."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.fields import Command, Datetime

from tests.common import MONDAY
from tests.rooms_upkeep.common import UpkeepCommon

SCRIPT = (
    Path(__file__).resolve().parents[2]
    / "meeting_management" / "migrations" / "19.0.1.3.0" / "post-upkeep-clocks.py"
)  # fmt: skip
DAY = timedelta(days=1)


@freeze_time(MONDAY)
class TestUpkeepClocks(UpkeepCommon):
    def lend(self, **vals):
        values = {"equipment_id": self.camera.id, "partner_id": self.member.partner_id.id, **vals}
        return self.env["meeting.loan"].with_user(self.room_manager).create(values)

    def inspect(self, **vals):
        lines = [Command.create(line) for line in self.maple._prepare_lines()]
        values = {"user_id": self.technician.id, "due": MONDAY + timedelta(hours=9), "line_ids": lines, **vals}
        return self.env["meeting.inspection.round"].create(values)

    def clock(self, record, user=None):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["meeting.clock"].with_user(user or self.env.user).search(domain)

    def rule(self, kind, role, **vals):
        roles = self.env["meeting.reminder.role"].search([("code", "=", role)])
        return self.env["meeting.reminder.rule"].create({"kind": kind, "role_ids": [Command.set(roles.ids)], **vals})

    # -- clocks -------------------------------------------------------------------------------------------------

    def test_a_loan_has_a_clock(self):
        """RE-1, RM-11: from the moment it was lent to the moment it is back; moved with its limit, late if it was."""
        loan = self.lend()
        clock = self.clock(loan)
        self.assertEqual((clock.kind, clock.user_id, clock.started, clock.due), (
            "loan", self.member, MONDAY, loan.due))  # fmt: skip
        loan.due += DAY
        self.assertEqual(clock.due, loan.due)
        with freeze_time(loan.due + DAY):
            loan.action_take_back()
        self.assertEqual(clock.state, "late")

    def test_an_inspection_has_a_clock(self):
        """RE-1, RM-9: it follows the inspector, and is dropped with its booking."""
        rnd = self.inspect()
        clock = self.clock(rnd)
        self.assertEqual((clock.kind, clock.user_id, clock.due), ("inspection", self.technician, rnd.due))
        rnd.user_id = self.member
        self.assertEqual(clock.user_id, self.member)
        self.assertEqual(self.rows("round_due", rnd).partner_id, self.member.partner_id)
        self.assertIn(self.member.partner_id, self.rows("round_open", rnd).partner_id, "he hears of it at once")
        rnd.line_ids.with_user(self.member).action_ok()
        self.assertEqual(clock.state, "done")
        self.assertFalse(self.rows("round_", rnd).filtered(lambda row: row.state == "pending"))

    def test_given_up_with_its_booking(self):
        """AG-7: a test for a booking that was cancelled was neither met nor missed."""
        rnd = self.inspect(kind="test", booking_id=self.book().id)
        rnd._transition("cancelled")
        self.assertEqual(self.clock(rnd).state, "dropped")

    def test_the_same_face_everywhere(self):
        """RE-1: calm, soon, over, in words; also on My Day."""
        loan = self.lend()
        for moment, tone, text in (
            (MONDAY, "calm", "3 days left"),
            (loan.due - timedelta(hours=2), "soon", "2 hours left"),
            (loan.due + 2 * DAY, "over", "2 days over"),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                [face] = loan.with_user(self.member).clock_data
                self.assertEqual((face["tone"], face["text"], face["label"]), (tone, text, "Thing to be brought back"))
        self.env.invalidate_all()
        sections = {part["key"]: part for part in self.env["meeting.my.day"].with_user(self.member).get()["sections"]}
        self.assertEqual(sections["loans"]["cards"][0]["clock"]["text"], "3 days left")

    def test_who_reads_the_clocks(self):
        """CF-1, RM-11: of a loan its borrower, room managers and whoever is named on the room; of a round everybody."""
        named = self.make_user("named", "Named Ning")
        self.maple.manager_ids = named
        loan, rnd = self.lend(), self.inspect()
        for user in (self.member, self.room_manager, named):
            self.assertTrue(self.clock(loan, user), user.name)
        self.assertFalse(self.clock(loan, self.outsider))
        self.assertFalse(self.clock(loan, self.manager))
        self.assertTrue(self.clock(rnd, self.outsider))
        self.assertFalse(self.clock(rnd, self.other_company_user()))

    # -- reminders ----------------------------------------------------------------------------------------------

    def test_shipped_schedule_of_loans(self):
        """RM-11: the day before, at the limit, one, three and seven days after it; from the third on the keepers."""
        loan = self.lend()
        due = loan.due
        self.assertEqual(self.rows("loan_due", loan).mapped("due"), [due - DAY])
        self.assertEqual(
            sorted(self.rows("loan_over", loan).mapped("due")), [due, due + DAY, due + 3 * DAY, due + 7 * DAY]
        )
        late = self.rows("loan_late", loan)
        self.assertEqual(set(late.mapped("due")), {due + 3 * DAY, due + 7 * DAY})
        self.assertEqual(late.partner_id, self.maple._deciders().partner_id)

    def test_a_borrower_without_an_account_is_reminded(self):
        """RM-11, PT-4: he owes it all the same."""
        loan = self.lend(partner_id=self.guest.id)
        self.assertFalse(self.clock(loan).user_id)
        for step, moment in (("loan_due", loan.due - DAY), ("loan_over", loan.due)):
            with freeze_time(moment + timedelta(minutes=1)):
                self.send()
            row = self.rows(step, loan).filtered(lambda row: row.state == "sent")
            self.assertEqual(row.partner_id, self.guest, step)
            self.assertIn("Camera", row.mail_message_id.subject)

    def test_whoever_is_named_on_the_room_hears_of_it(self):
        """RM-11: a manager named on the room, without the group, is told what he may read."""
        named = self.make_user("named", "Named Ning")
        self.maple.manager_ids = named
        loan = self.lend()
        with freeze_time(loan.due + 3 * DAY + timedelta(minutes=1)):
            self.send()
        row = self.rows("loan_late", loan).filtered(lambda row: row.state == "sent")
        self.assertEqual(row.partner_id, named.partner_id)
        self.assertIn("has not come back", row.mail_message_id.subject)

    def test_another_borrower_is_reminded_instead(self):
        """RE-3: the thing was handed on; the first borrower hears nothing more."""
        loan = self.lend()
        loan.partner_id = self.guest
        self.assertEqual(self.rows("loan_due", loan).partner_id, self.guest)
        self.assertEqual(self.rows("loan_over", loan).partner_id, self.guest)

    def test_a_company_writes_its_own(self):
        """RE-1: hourly for the last three hours, and to the superiors when an inspection is overdue."""
        self.rule("inspection", "debtor", company_id=self.company.id, number=3, unit="hours", repeat=2)
        over = {"timing": "after", "number": 1, "unit": "hours", "escalate": True}
        self.rule("inspection", "keepers", company_id=self.company.id, **over)
        rnd = self.inspect()
        self.technician.employee_id.parent_id = self.chair.employee_id
        hour = timedelta(hours=1)
        self.assertEqual(
            sorted(self.rows("round_due", rnd).mapped("due")), [rnd.due - 3 * hour, rnd.due - 2 * hour, rnd.due - hour]
        )
        self.assertEqual(self.rows("limit_over", rnd).partner_id, self.maple._deciders().partner_id)
        with freeze_time(rnd.due + DAY + hour):
            self.clock(rnd).sudo()._escalate()
            self.send()
        told = self.rows("escalated", rnd).filtered(lambda row: row.state == "sent")
        self.assertEqual(told.partner_id, self.technician.partner_id | self.chair.partner_id)
        self.assertTrue(all("Devices to be inspected" in subject for subject in told.mail_message_id.mapped("subject")))

    def test_no_meeting_type(self):
        """RE-1: a rule of a type would never hold for them."""
        for kind in ("loan", "inspection", "booking"):
            with self.assertRaisesRegex(ValidationError, "no meeting type"):
                self.rule(kind, "debtor", type_id=self.weekly.id)
        self.assertNotIn("Thing to be brought back", self.weekly.common_rule_text)

    def test_a_condition_on_the_thing(self):
        """RE-1: cameras alone."""
        self.rule("loan", "debtor", number=5, unit="hours", own_condition="[('equipment_id.name', '=', 'Camera')]")
        self.rule("loan", "debtor", number=6, unit="hours", own_condition="[('equipment_id.name', '=', 'Tripod')]")
        loan = self.lend()
        self.assertEqual(
            sorted(self.rows("loan_due", loan).mapped("due")), [loan.due - DAY, loan.due - timedelta(hours=5)]
        )

    # -- upgrade ------------------------------------------------------------------------------------------------

    def migrate(self):
        spec = spec_from_file_location("post_upkeep_clocks", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()

    def test_an_old_database(self):
        """RE-3: open loans and rounds get clocks, what was planned for them is taken back and planned anew, what is
        due or has left stays; a second run changes nothing."""
        loan, rnd = self.lend(), self.inspect()
        back = self.lend(equipment_id=self.env["meeting.equipment"].create(
            {"name": "Tripod", "room_id": self.maple.id, "is_lendable": True}).id)  # fmt: skip
        back.action_take_back()
        self.env["meeting.clock"].search([]).unlink()
        self.rows("loan_").unlink()
        self.rows("round_").unlink()
        ledger, borrower = self.env["meeting.notification"], loan.partner_id
        stamp = int(loan.due.timestamp())
        news = ledger._queue(rnd, "round_open", rnd.user_id.partner_id)
        to_come = ledger._queue(loan, f"loan_over:{stamp}-3", borrower, loan.due + 3 * DAY)
        to_come |= ledger._queue(loan, f"loan_due:{stamp}", borrower, loan.due - DAY)
        to_come |= ledger._queue(rnd, "round_due", rnd.user_id.partner_id, rnd.due - timedelta(hours=1))
        due = ledger._queue(loan, f"loan_over:{stamp}-0", borrower, Datetime.now() - timedelta(minutes=5))
        sent = ledger._queue(loan, f"loan_over:{stamp}-1", borrower, Datetime.now() - DAY)
        sent.state = "sent"
        self.migrate()
        self.assertEqual(set(to_come.mapped("state")), {"void"})
        self.assertEqual((news.state, due.state, sent.state), ("pending", "pending", "sent"))
        self.assertEqual((self.clock(loan).due, self.clock(rnd).due), (loan.due, rnd.due))
        self.assertFalse(self.clock(back))
        self.assertEqual(self.rows("loan_due", loan).mapped("due"), [loan.due - DAY])
        self.assertEqual(self.rows("round_due", rnd).mapped("due"), [rnd.due - timedelta(hours=1)])
        before = self.rows("loan_") | self.rows("round_")
        self.migrate()
        self.assertEqual(self.rows("loan_") | self.rows("round_"), before)
        self.send()
        self.assertEqual(due.state, "sent", "a message of before still finds its words")
