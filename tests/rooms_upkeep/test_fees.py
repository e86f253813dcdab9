"""Fees by rate, exemptions, rental to outside parties, and the statement that is published (RM-13)."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from tests.common import MONDAY
from tests.rooms_upkeep.common import UpkeepCommon


@freeze_time(MONDAY)
class TestFees(UpkeepCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rate = cls.env["meeting.room.rate"].create(
            {"name": "Ours", "hour_price": 100, "half_day_price": 300, "minimum": 80}
        )
        cls.tea = cls.env["meeting.room.service"].create({"name": "Tea", "price": 12})

    def use(self, room=None, user=None, start=None, hours=1, used=None):
        """A booking that was checked in and out; ``used`` hours, all of them by default."""
        booking = self.book(room, user, start or MONDAY + timedelta(hours=1), hours)
        with freeze_time(booking.start):
            booking.with_user(booking.user_id).action_check_in()
        with freeze_time(booking.start + timedelta(hours=used or hours)):
            booking.with_user(booking.user_id).action_check_out()
        return booking

    def test_hours_half_days_and_the_minimum(self):
        """RM-13: the cheaper of hours and half-days, and never below the minimum."""
        start = MONDAY
        for hours, amount in ((0.5, 80), (1, 100), (2.5, 250), (4, 300), (4.5, 450), (8, 600)):
            price = self.rate._price(start, start + timedelta(hours=hours), "Asia/Shanghai")
            self.assertEqual(price["amount"], amount, hours)

    def test_peak_hours_count_in_the_rooms_zone(self):
        """RM-13: nine to ten in Shanghai lies within the peak, the evening does not."""
        peak = self.env["resource.calendar"].create(
            {
                "name": "Mornings",
                "tz": "Asia/Shanghai",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {"name": "Peak", "dayofweek": "0", "hour_from": 9, "hour_to": 11, "day_period": "morning"}
                    )
                ],
            }
        )
        self.rate.write({"peak_calendar_id": peak.id, "peak_price": 150, "half_day_price": 0})
        price = self.rate._price(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3), "Asia/Shanghai")
        self.assertEqual((price["peak_hours"], price["amount"]), (1, 250))
        evening = MONDAY + timedelta(hours=9)
        self.assertEqual(self.rate._price(evening, evening + timedelta(hours=1), "Asia/Shanghai")["amount"], 100)

    def test_a_use_is_charged(self):
        """RM-13: to the booker's department, by booked or by actual time; a rate of the room comes first."""
        booking = self.use(hours=2)
        self.assertEqual((booking.fee_ids.amount_due, booking.fee_ids.department_id), (200, self.east))
        self.env["meeting.room.rate"].create(
            {"name": "Linden", "room_id": self.linden.id, "hour_price": 40, "basis": "actual"}
        )
        other = self.use(room=self.linden, hours=2, used=1)
        self.assertEqual((other.fee_ids.hours, other.fee_ids.amount_due), (1, 40))

    @mute_logger("odoo.sql_db")
    def test_once_per_booking_and_one_rate(self):
        """RM-13: the database keeps both."""
        booking = self.use()
        booking._charge()
        self.assertEqual(len(booking.fee_ids), 1)
        for model, values in (
            ("meeting.room.fee", {"booking_id": booking.id}),
            ("meeting.room.rate", {"name": "Again", "hour_price": 1}),
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env[model].create(values)

    def test_exemption_on_request(self):
        """RM-13: asked with a reason by who booked, decided with a reason by who looks after the room."""
        fee = self.use().fee_ids
        with self.assertRaises(AccessError):
            fee.with_user(self.outsider).action_ask(reason="Please")
        fee.with_user(self.member).action_ask(reason="For the union")
        self.assertEqual((fee.state, fee.exemption_reason), ("asked", "For the union"))
        self.assertIn(self.room_manager.partner_id, self.rows("fee_asked", fee).partner_id)
        with self.assertRaises(AccessError):
            fee.with_user(self.member).action_exempt(reason="Why not")
        fee.with_user(self.room_manager).action_refuse(reason="No ground")
        self.assertEqual((fee.state, fee.amount_due), ("open", 100))
        fee.with_user(self.member).action_ask(reason="It was the union's yearly meeting")
        fee.with_user(self.room_manager).action_exempt(reason="Agreed")
        self.assertEqual((fee.state, fee.amount_due, fee.decided_by_id), ("exempt", 0, self.room_manager))
        self.assertEqual(self.rows("fee_decided", fee).partner_id, self.member.partner_id)

    def test_rented_to_a_customer(self):
        """RM-13: its own rate, and services by price lines."""
        self.env["meeting.room.rate"].create({"name": "Others", "audience": "external", "hour_price": 500})
        booking = self.book(user=self.room_manager, start=MONDAY + timedelta(hours=1), hours=2)
        with self.assertRaises(AccessError):
            booking.with_user(self.member).action_rent()
        action = booking.with_user(self.room_manager).action_rent()
        fee = self.env["meeting.room.fee"].with_user(self.room_manager).browse(action["res_id"])
        fee.write(
            {
                "customer_id": self.guest.id,
                "line_ids": [Command.create({"service_id": self.tea.id, "quantity": 10})],
            }
        )
        self.assertEqual((fee.amount_room, fee.amount_services, fee.amount_due), (1000, 120, 1120))
        self.assertFalse(fee.department_id)

    def test_a_rental_that_does_not_take_place(self):
        """RM-13: its price follows the booking, and nothing is charged once the room is given back or refused."""
        self.env["meeting.room.rate"].create({"name": "Others", "audience": "external", "hour_price": 500})
        moved = self.book(user=self.room_manager, start=MONDAY + timedelta(hours=1), hours=2)
        self.linden.needs_approval = True
        refused = self.book(room=self.linden, start=MONDAY + timedelta(hours=1), hours=2)
        for booking in moved | refused:
            action = booking.with_user(self.room_manager).action_rent()
            fee = self.env["meeting.room.fee"].browse(action["res_id"]).with_user(self.room_manager)
            fee.customer_id = self.guest
            self.assertEqual(fee.amount_due, 1000)
        moved.with_user(self.room_manager).write({"stop": moved.stop + timedelta(hours=1)})
        self.assertEqual(moved.fee_ids.amount_due, 1500)
        moved.with_user(self.room_manager).action_cancel()
        refused.with_user(self.room_manager).action_reject(reason="The lift is being repaired")
        self.assertFalse((moved | refused).fee_ids)

    def test_a_closed_meeting_names_nobody(self):
        """CF-5: the fee of a meeting for participants only tells neither person nor department, not even as author."""
        meeting = self.hold(self.make_meeting(level="participants", name="Merger", room_id=self.maple.id))
        fee = meeting.booking_ids.fee_ids
        self.assertEqual((fee.amount_due, fee.user_id.ids, fee.department_id.ids), (100, [], []))
        self.assertNotIn(self.chair, fee.create_uid | fee.write_uid)
        self.assertNotIn("Merger", repr(fee.with_user(self.room_manager).read()))
        self.assertFalse(fee.with_user(self.convener).has_access("read"))

    # -- the statement ------------------------------------------------------------------------------------------

    def statement(self, **vals):
        values = {"date_from": date(2026, 3, 1), "period": "month", **vals}
        return self.env["meeting.fee.statement"].with_user(self.room_manager).create(values)

    def test_publish_and_freeze(self):
        """RM-13: income and spending by room and department; once published nothing of it changes."""
        fee = self.use(hours=2).fee_ids
        exempt = self.use(start=MONDAY + timedelta(hours=5)).fee_ids
        exempt.with_user(self.room_manager).action_exempt(reason="Training of apprentices")
        cost = (
            self.env["meeting.room.cost"]
            .with_user(self.room_manager)
            .create({"name": "Power", "room_id": self.maple.id, "amount": 90})
        )
        fault = self.report()
        fault.with_user(self.room_manager).cost = 60
        fault.with_user(self.technician).action_repair()
        statement = self.statement()
        self.assertEqual(
            (statement.income, statement.exempted, statement.spending, statement.balance), (200, 100, 150, 50)
        )
        self.assertEqual(statement.department_line_ids.mapped("label"), ["Sales East"])
        self.assertFalse(statement.with_user(self.member).has_access("read"))
        with self.assertRaisesRegex(UserError, "ends on"):
            statement.action_publish()
        with freeze_time("2026-04-02"):
            statement.action_publish()
            self.assertEqual((fee.state, exempt.state, cost.statement_id), ("final", "final", statement))
            self.assertTrue(statement.with_user(self.member).line_ids.has_access("read"))
            for change in (
                lambda: statement.write({"note": "Other"}),
                lambda: fee.with_user(self.room_manager).write({"customer_id": self.guest.id}),
                lambda: cost.write({"amount": 1}),
                cost.unlink,
                statement.unlink,
            ):
                with self.assertRaises(UserError):
                    change()
            self.assertEqual(statement.income, 200)

    def test_what_comes_late_goes_into_the_next(self):
        """RM-13: nothing is lost between two statements."""
        self.use()
        first = self.statement()
        with freeze_time("2026-04-02"):
            first.action_publish()
        late = self.use(start=MONDAY + timedelta(hours=7))
        second = self.statement(date_from=date(2026, 4, 1))
        self.assertEqual(second.income, 100)
        with freeze_time("2026-05-02"):
            second.action_publish()
        self.assertEqual((late.fee_ids.statement_id, first.income), (second, 100))

    def test_open_requests_stop_it(self):
        """RM-13"""
        self.use().fee_ids.with_user(self.member).action_ask(reason="Please")
        statement = self.statement()
        with freeze_time("2026-04-02"), self.assertRaisesRegex(UserError, "wait for a decision"):
            statement.action_publish()

    @mute_logger("odoo.sql_db")
    def test_periods_do_not_overlap(self):
        """RM-13: a month within a quarter is refused by the database."""
        self.statement(date_from=date(2026, 1, 1), period="quarter")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.statement()
            self.env.flush_all()

    def test_the_draft_of_last_month_draws_itself_up(self):
        """RM-13: once, for companies that charge."""
        self.use()
        with freeze_time("2026-04-01"):
            self.env["meeting.fee.statement"]._cron_draw_up()
            self.env["meeting.fee.statement"]._cron_draw_up()
        statement = self.env["meeting.fee.statement"].search([])
        self.assertEqual((len(statement), statement.income, statement.state), (1, 100, "draft"))

    def test_on_paper(self):
        """RM-13: a PDF of ours, with both tables."""
        self.use()
        statement = self.statement()
        report = self.env["ir.actions.report"].with_user(self.room_manager).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("meeting_management.report_fee_statement", statement.ids)
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))
        html = report._meeting_html("meeting_management.report_fee_statement", statement)
        for words in ("Statement of March 2026", "Maple", "Sales East", "not published"):
            self.assertIn(words, html)

    def test_roles(self):
        """RM-13: role × operation on rates, services, costs, fees and statements."""
        keeper = {"read", "write", "unlink", "create"}
        fee = self.use().fee_ids
        statement = self.statement()
        cost = self.env["meeting.room.cost"].create({"name": "Power", "room_id": self.maple.id, "amount": 9})
        free = self.book(room=self.linden, start=MONDAY + timedelta(days=1))
        line = self.env["meeting.room.fee.line"].create({"fee_id": fee.id, "service_id": self.tea.id})
        elsewhere = self.other_company_user()
        for model, record, values, others, own in (
            ("meeting.room.rate", self.rate, {"name": "Cedar", "room_id": self.cedar.id}, {"read"}, {"read"}),
            ("meeting.room.service", self.tea, {"name": "Copies", "price": 1}, {"read"}, {"read"}),
            ("meeting.room.cost", cost, {"name": "Air", "room_id": self.maple.id, "amount": 1}, set(), set()),
            ("meeting.room.fee", fee, {"booking_id": free.id}, set(), {"read"}),
            ("meeting.room.fee.line", line, {"fee_id": fee.id, "service_id": self.tea.id}, set(), {"read"}),
            ("meeting.fee.statement", statement, {"date_from": date(2026, 1, 1)}, set(), set()),
        ):
            self.assertMatrix(
                model, record, values, {self.outsider: others, self.member: own, self.room_manager: keeper}
            )
            self.assertFalse(record.with_user(elsewhere).has_access("read"), model)
        figures = statement.line_ids[:1]
        self.assertEqual(
            [figures.with_user(self.room_manager).has_access(name) for name in ("read", "write", "create", "unlink")],
            [True, False, False, False],
        )
