"""A room that nobody uses goes back to others; the meeting goes on, and its convener is told."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError

from tests.rooms.common import TUESDAY, RoomsCommon, hour


class TestNoShow(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maple.release_minutes = 15

    def at(self, clock):
        return freeze_time(hour(clock) if isinstance(clock, (int, float)) else clock)

    def run_job(self, name="ir_cron_release_rooms"):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.assertTrue(self.env.ref(f"meeting_management.{name}").method_direct_trigger())

    def make_scheduled(self, **vals):
        vals = {"start": hour(10), "room_id": self.maple.id, **vals}
        return self.schedule(self.make_meeting(**vals))

    # -- query time ---------------------------------------------------------------------------------------------

    def test_free_at_once_though_the_job_is_late(self):
        """RM-14: finder, board, refusals and the room itself count a lapsed booking as gone; nothing was written."""
        booking = self.book(self.maple, 10, 12)
        criteria = {"people": 4, "minutes": 30, "day": "2026-03-03", "part": "exact", "at": "10:30"}

        def seen():
            maple = self.maple.with_user(self.member)
            maple.invalidate_recordset()
            found = self.env["meeting.room.finder"].with_user(self.member).find(criteria)["rooms"]
            bars = self.env["meeting.room.board"].with_user(self.member).get("2026-03-03")["bookings"]
            return (
                next(room["status"] for room in found if room["id"] == maple.id),
                booking.id in [bar["id"] for bar in bars],
                bool(maple._refusals(hour(10.5), hour(11))),
                maple.is_free_now,
            )

        with self.at(10.2):
            self.assertEqual(seen(), ("refused", True, True, False))
        with self.at(10.25):
            self.assertEqual(seen(), ("free", False, False, True))
        self.assertEqual(booking.state, "confirmed")

    def test_the_newcomer_gets_in(self):
        """RM-14, RM-3: his booking releases the unused one in the same transaction, before the constraint looks."""
        meeting = self.make_scheduled(duration=2)
        unused = meeting.booking_ids
        with self.at(10.25):
            newcomer = self.book(self.maple, 10.5, 11.5)
            self.env.flush_all()
        self.assertEqual(newcomer.state, "confirmed")
        self.assertEqual((unused.state, unused.release_cause), ("released", "no_show"))

    def test_a_booking_moves_into_the_unused_time(self):
        """RM-14: moving counts like booking."""
        unused, other = self.book(self.maple, 10, 12), self.book(self.maple, 14, 15)
        with self.at(10.5):
            other.with_user(self.outsider).write({"start": hour(11), "stop": hour(12)})
            self.env.flush_all()
        self.assertEqual((unused.state, other.start), ("released", hour(11)))

    def test_zero_is_off(self):
        """RM-14: a room without the rule keeps its bookings."""
        self.maple.release_minutes = 0
        booking = self.book(self.maple, 10, 12)
        with self.at(11.5):
            self.assertTrue(self.maple._refusals(hour(11), hour(12)))
            self.run_job()
        self.assertEqual(booking.state, "confirmed")

    def test_a_new_rule_leaves_what_has_begun(self):
        """RM-14: the rule holds for what is to come."""
        self.maple.release_minutes = 0
        begun, coming = self.book(self.maple, 10, 12), self.book(self.maple, 14, 15)
        with self.at(11):
            self.maple.release_minutes = 10
        self.assertEqual((begun.release_at, coming.release_at), (False, hour(14) + timedelta(minutes=10)))

    def test_who_books_late_has_the_whole_time(self):
        """RM-14: a room taken at half past, for the hour that runs, is not gone the same moment."""
        with self.at(10.5):
            booking = self.book(self.maple, 10, 12)
        self.assertEqual(booking.release_at, hour(10.75))

    # -- checking in --------------------------------------------------------------------------------------------

    def test_checking_in_keeps_the_room(self):
        """RM-5, RM-14: from 15 minutes before the start until the end; only who booked, or the room's manager."""
        booking = self.book(self.maple, 10, 12)
        with self.at(9.7), self.assertRaises(UserError):
            booking.action_check_in()
        with self.at(9.8):
            with self.assertRaises(AccessError):
                booking.with_user(self.member).action_check_in()
            booking.action_check_in()
        self.assertEqual((booking.state, booking.actual_start, booking.release_at), ("checked_in", hour(9.8), False))
        with self.at(11):
            self.assertTrue(self.maple._refusals(hour(11), hour(12)))
            with self.assertRaises(ValidationError):
                self.book(self.maple, 11, 12)

    def test_signing_in_keeps_the_room(self):
        """RM-14, AT-1: the first participant who signs in speaks for the room."""
        meeting = self.make_scheduled()
        with self.at(10.1):
            meeting.with_user(self.member).action_sign_in()
        self.assertEqual(meeting.booking_ids.state, "checked_in")
        meeting.with_user(self.convener).action_cancel(reason="Fire drill")
        self.assertEqual(meeting.booking_ids.state, "cancelled")

    def test_opening_the_meeting_keeps_the_room(self):
        """RM-14, LV-1"""
        meeting = self.make_scheduled()
        with self.at(10):
            meeting.with_user(self.chair).action_start()
        self.assertEqual((meeting.booking_ids.state, meeting.booking_ids.actual_start), ("checked_in", hour(10)))

    def test_the_button_of_a_meeting(self):
        """RM-14: “I am here” for the people of the meeting and nobody else, on the meeting and on My Day."""
        meeting = self.make_scheduled(level="secret")
        with self.at(9.9):
            self.assertTrue(meeting.with_user(self.convener).can_check_in_room)
            with self.assertRaises(AccessError):
                meeting.booking_ids.with_user(self.outsider).action_check_in()
            day = self.env["meeting.my.day"].with_user(self.convener).get()
            (card,) = next(section for section in day["sections"] if section["key"] == "check_in")["cards"]
            self.assertEqual([button["method"] for button in card["buttons"]], ["action_check_in"])
            others = self.env["meeting.my.day"].with_user(self.outsider).get()["sections"]
            self.assertNotIn("check_in", [section["key"] for section in others])
            meeting.with_user(self.convener).action_check_in_room()
        self.assertEqual(meeting.booking_ids.state, "checked_in")
        # moved after somebody had come: the new time waits for people again
        with self.at(9.95):
            meeting.with_user(self.convener)._reschedule({"start": hour(15)}, "Projector broken")
        self.assertEqual(meeting._current_booking().state, "confirmed")
        self.assertEqual(meeting._current_booking().release_at, hour(15.25))

    # -- told ---------------------------------------------------------------------------------------------------

    def ledger(self, booking, kind):
        return self.env["meeting.notification"].search(
            [("res_model", "=", "meeting.booking"), ("res_id", "=", booking.id), ("step", "=like", f"{kind}%")]
        )

    def test_warned_then_told(self):
        """RM-14, RE-3: one warning shortly before, one message after; the meeting keeps its people and loses its
        room; neither message names a secret meeting."""
        meeting = self.make_scheduled(level="secret", name="Merger")
        booking, people = meeting.booking_ids, meeting.participant_ids
        warning = self.ledger(booking, "room_unused")
        self.assertEqual(warning.partner_id, self.convener.partner_id)
        self.assertEqual((warning.due, warning.state), (hour(10) + timedelta(minutes=10), "pending"))
        with self.at(10.2):
            self.run_job("ir_cron_send_notifications")
        self.assertEqual(warning.state, "sent")
        with self.at(10.5):
            self.run_job()
            self.run_job()
            told = self.ledger(booking, "room_released")
            self.run_job("ir_cron_send_notifications")
        self.assertEqual(len(told), 1)
        self.assertEqual((told.state, told.partner_id), ("sent", self.convener.partner_id))
        for row in warning | told:
            self.assertIn("Maple", row.sudo().mail_message_id.body)
            self.assertNotIn("Merger", str(row.sudo().mail_message_id.body))
        self.assertEqual((meeting.state, meeting.participant_ids), ("scheduled", people))
        self.assertFalse(meeting.room_id)
        self.assertIn("Maple", meeting.with_user(self.convener).room_released)

    def test_no_warning_once_somebody_is_there(self):
        """RM-14: a warning that has not left is taken back; it moves with the booking."""
        booking = self.book(self.maple, 10, 12)
        booking.write({"start": hour(11)})
        rows = self.ledger(booking, "room_unused")
        self.assertEqual(sorted(rows.mapped("state")), ["pending", "void"])
        with self.at(11):
            booking.action_check_in()
        self.assertEqual(set(rows.mapped("state")), {"void"})

    # -- counted ------------------------------------------------------------------------------------------------

    def test_counted_per_person_department_and_series(self):
        """RM-14, CF-5: who booked and his department stand on a public no-show; a secret one names nobody."""
        self.book(self.maple, 10, 11, user=self.member)
        self.make_scheduled(level="secret", start=hour(13))
        self.make_scheduled(start=hour(15))
        with self.at(18):
            self.run_job()
        found = self.env["meeting.booking"].with_user(self.outsider).search([("release_cause", "=", "no_show")])
        self.assertEqual(
            {(booking.user_id, booking.department_id) for booking in found},
            {
                (self.member, self.east),
                (self.convener, self.sales),
                (self.env["res.users"], self.env["hr.department"]),
            },
        )

    def make_series(self, **vals):
        return (
            self.env["meeting.series"]
            .with_user(self.convener)
            .create(
                {
                    "name": "Daily",
                    "type_id": self.weekly.id,
                    "unit": "day",
                    "start_time": 10.0,
                    "tz": "Asia/Shanghai",
                    "start_date": TUESDAY.date(),
                    "end_type": "count",
                    "count": 6,
                    "holiday_rule": "keep",
                    "room_id": self.maple.id,
                    **vals,
                }
            )
        )

    def miss(self, series, number):
        meeting = self.env["meeting.meeting"].search([("series_id", "=", series.id)], order="start")[number]
        meeting.participant_ids = [(0, 0, {"partner_id": self.member.partner_id.id})]
        self.schedule(meeting)
        with self.at(meeting.start + timedelta(minutes=20)):
            self.run_job()
        return meeting

    def test_three_in_a_row_ask_the_convener(self):
        """RM-14: a proposal, never automatic; “keep” begins anew, “end” leaves what was announced."""
        series = self.make_series()
        for number in range(2):
            self.miss(series, number)
        self.assertFalse(series.activity_ids)
        self.miss(series, 2)
        self.assertEqual((series.strike_count, series.no_show_count, series.active), (3, 3, True))
        self.assertEqual(series.activity_ids.user_id, self.convener)
        keys = [s["key"] for s in self.env["meeting.my.day"].with_user(self.convener).get()["sections"]]
        self.assertIn("unused_series", keys)
        with self.assertRaises(AccessError):
            series.with_user(self.outsider).action_end_series()
        series.action_keep_series()
        self.assertEqual((series.strike_count, bool(series.activity_ids), series.active), (0, False, True))
        with self.assertRaises(UserError):
            series.action_end_series()
        for number in (3, 4, 5):
            self.miss(series, number)
        series.action_end_series()
        self.assertFalse(series.active)
        held = self.env["meeting.meeting"].search_count([("series_id", "=", series.id), ("state", "=", "scheduled")])
        self.assertEqual(held, 6)

    def test_one_use_ends_the_row(self):
        """RM-14: in a row means in a row."""
        series = self.make_series()
        self.miss(series, 0)
        self.miss(series, 1)
        meeting = self.env["meeting.meeting"].search([("series_id", "=", series.id)], order="start")[2]
        self.schedule(meeting)
        with self.at(meeting.start):
            meeting.with_user(self.convener).action_check_in_room()
        self.assertEqual(series.strike_count, 0)
        self.miss(series, 3)
        self.assertEqual((series.strike_count, bool(series.activity_ids)), (1, False))

    def test_what_is_counted_cannot_be_forged(self):
        """RM-14: neither the moment nor the cause of a release is written by hand."""
        booking = self.book(self.maple, 10, 12)
        for vals in ({"release_at": False}, {"release_cause": "no_show"}, {"actual_start": hour(10)}):
            with self.assertRaises(AccessError):
                booking.write(vals)
