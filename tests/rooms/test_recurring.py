"""A room again and again: booked where it is free, the other days listed with what would do instead."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from tests.rooms.common import TUESDAY, RoomsCommon, hour

WEEK = timedelta(weeks=1)


class TestRecurring(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.birch = cls.make_room("Birch", 10)

    def make_rhythm(self, user=None, **vals):
        """Four Tuesdays at ten, Shanghai time."""
        return (
            self.env["meeting.booking.rhythm"]
            .with_user(user or self.member)
            .create(
                {
                    "name": "Choir",
                    "room_id": self.maple.id,
                    "unit": "week",
                    "mon": False,
                    "tue": True,
                    "start_time": 10.0,
                    "tz": "Asia/Shanghai",
                    "start_date": TUESDAY.date(),
                    "end_type": "count",
                    "count": 4,
                    "holiday_rule": "keep",
                    **vals,
                }
            )
        )

    def starts(self, rhythm, *states):
        found = rhythm.booking_ids.filtered(lambda booking: booking.state in (states or ("confirmed",)))
        return sorted(found.mapped("start"))

    # -- booked, and not ----------------------------------------------------------------------------------------

    def test_booked_where_free_and_the_rest_listed(self):
        """RM-1, MT-1: each day that cannot be had says why, and one click takes what would do."""
        self.book(self.maple, hour(10) + WEEK, hour(11) + WEEK)
        rhythm = self.make_rhythm()
        self.assertEqual(self.starts(rhythm), [hour(10), hour(10) + 2 * WEEK, hour(10) + 3 * WEEK])
        miss = rhythm.missed_ids
        self.assertEqual((miss.start, rhythm.booked_count), (hour(10) + WEEK, 3))
        self.assertIn("taken from", miss.reason)
        offer = miss.alternative_data[0]
        with self.assertRaises(AccessError):
            miss.with_user(self.outsider).take_alternative(offer["room"], offer["start"], offer["stop"])
        miss.take_alternative(offer["room"], offer["start"], offer["stop"])
        self.assertFalse(rhythm.missed_ids)
        self.assertEqual((rhythm.booked_count, len(rhythm.booking_ids)), (4, 4))
        rhythm._generate()
        self.assertEqual(len(rhythm.booking_ids), 4)

    def test_a_room_that_needs_approval_is_asked_for_once(self):
        """RM-2: all days wait in the queue, its manager hears of the rhythm once."""
        rhythm = self.make_rhythm(room_id=self.cedar.id)
        self.assertEqual(set(rhythm.booking_ids.mapped("state")), {"requested"})
        rows = self.env["meeting.notification"].search(
            [("step", "=", "room_request"), ("res_id", "in", rhythm.booking_ids.ids)]
        )
        self.assertEqual((len(rows), rows.partner_id), (1, self.room_manager.partner_id))

    def test_a_later_change_never_touches_the_past(self):
        """MT-5: what has begun stays; so do a day that was moved by hand and one that was given back."""
        rhythm = self.make_rhythm(count=6)
        first, second, moved, given, *_rest = rhythm.booking_ids.sorted("start")
        moved.write({"start": moved.start + timedelta(hours=5), "stop": moved.stop + timedelta(hours=5)})
        given.action_cancel()
        by_hand = moved.start
        with freeze_time(hour(10.5) + WEEK):
            rhythm.write({"start_time": 14.0, "name": "Big choir"})
        self.assertEqual((first.start, second.start, second.name), (hour(10), hour(10) + WEEK, "Choir"))
        self.assertEqual((moved.start, given.state), (by_hand, "cancelled"))
        self.assertEqual(
            self.starts(rhythm), [hour(10), hour(10) + WEEK, by_hand, hour(14) + 4 * WEEK, hour(14) + 5 * WEEK]
        )
        with freeze_time(hour(10.5) + WEEK):
            rhythm.active = False
        self.assertEqual(self.starts(rhythm), [hour(10), hour(10) + WEEK, by_hand])

    def test_a_new_name_moves_nothing(self):
        """MT-5: bookings whose time and room are the same stay the same records."""
        rhythm = self.make_rhythm()
        before = rhythm.booking_ids
        rhythm.name = "Small choir"
        self.assertEqual((rhythm.booking_ids, set(before.mapped("name"))), (before, {"Small choir"}))

    def test_the_person_and_the_register_are_kept(self):
        """RM-6: one books for oneself; what was used cannot be deleted."""
        rhythm = self.make_rhythm()
        with self.assertRaises(AccessError):
            rhythm.user_id = self.outsider
        for operation, allowed in (("read", True), ("write", False), ("unlink", False)):
            self.assertEqual(rhythm.with_user(self.outsider).has_access(operation), allowed, operation)
            self.assertTrue(rhythm.with_user(self.room_manager).has_access(operation), operation)
        with self.assertRaises(AccessError):
            self.make_rhythm(self.outsider, user_id=self.member.id)
        with freeze_time(hour(12)), self.assertRaises(UserError):
            rhythm.unlink()
        rhythm.unlink()
        self.assertEqual(self.book(self.maple, 10, 11).state, "confirmed")

    def test_unused_again_and_again(self):
        """RM-14: three in a row ask whoever books; ending gives the rest back."""
        self.maple.release_minutes = 15
        rhythm = self.make_rhythm(count=5)
        for number in range(3):
            with freeze_time(hour(10.5) + number * WEEK), self.enter_registry_test_mode():
                self.env.ref("meeting_management.ir_cron_release_rooms").method_direct_trigger()
        self.assertEqual((rhythm.strike_count, rhythm.activity_ids.user_id), (3, self.member))
        with freeze_time(hour(11) + 2 * WEEK):
            rhythm.action_end_series()
        self.assertEqual((rhythm.active, self.starts(rhythm)), (False, []))

    # -- clocks -------------------------------------------------------------------------------------------------

    def test_across_midnight(self):
        """RM-1: ten at night until two; the next morning meets no booking, the small hours do."""
        rhythm = self.make_rhythm(start_time=22.0, duration=4.0)
        booking = rhythm.booking_ids.sorted("start")[0]
        self.assertEqual((booking.start, booking.stop), (hour(22), hour(26)))
        self.assertEqual(booking.occurrence_date, date(2026, 3, 3))
        self.assertTrue(self.maple._refusals(hour(25), hour(25.5)))
        self.assertFalse(self.maple._refusals(hour(26), hour(27)))

    def test_when_the_clocks_change(self):
        """MT-1: ten o'clock stays ten o'clock on the wall, and an hour an hour; a night with a change is as long as
        it was booked for."""
        berlin = self.make_rhythm(tz="Europe/Berlin", start_date=date(2026, 3, 24), count=2)
        self.assertEqual(self.starts(berlin), [datetime(2026, 3, 24, 9), datetime(2026, 3, 31, 8)])
        self.assertEqual({booking.stop - booking.start for booking in berlin.booking_ids}, {timedelta(hours=1)})
        night = self.make_rhythm(
            tz="Europe/Berlin",
            tue=False,
            sat=True,
            start_date=date(2026, 3, 28),
            count=1,
            start_time=23.0,
            duration=5.0,
        )
        self.assertEqual(night.booking_ids.start, datetime(2026, 3, 28, 22))
        self.assertEqual(night.booking_ids.stop, datetime(2026, 3, 29, 3))

    def test_in_another_time_zone(self):
        """MT-1: ten in Tokyo is nine in Shanghai, and on another day in New York."""
        tokyo = self.make_rhythm(tz="Asia/Tokyo", count=1)
        self.assertEqual(self.starts(tokyo), [hour(9)])
        new_york = self.make_rhythm(tz="America/New_York", count=1, start_time=20.0)
        self.assertEqual(new_york.booking_ids.occurrence_date, date(2026, 3, 3))
        self.assertEqual(self.starts(new_york), [datetime(2026, 3, 4, 1)])

    # -- regular meetings ---------------------------------------------------------------------------------------

    def make_series(self, **vals):
        return (
            self.env["meeting.series"]
            .with_user(self.convener)
            .create(
                {
                    "name": "Sales weekly",
                    "type_id": self.weekly.id,
                    "unit": "week",
                    "mon": False,
                    "tue": True,
                    "start_time": 10.0,
                    "tz": "Asia/Shanghai",
                    "start_date": TUESDAY.date(),
                    "end_type": "count",
                    "count": 3,
                    "holiday_rule": "keep",
                    "room_id": self.maple.id,
                    "participant_ids": [Command.set(self.member.partner_id.ids)],
                    "books_ahead": True,
                    **vals,
                }
            )
        )

    def meetings(self, series):
        return (
            self.env["meeting.meeting"].with_user(self.convener).search([("series_id", "=", series.id)], order="start")
        )

    def test_a_series_takes_its_room_ahead(self):
        """MT-1, RM-1: where it is free; the other drafts are listed with the reason and what would do instead."""
        self.book(self.maple, hour(10) + WEEK, hour(11) + WEEK)
        series = self.make_series()
        first, second, third = self.meetings(series)
        self.assertEqual(
            [first.booking_state, second.booking_state, third.booking_state], ["confirmed", False, "confirmed"]
        )
        self.assertEqual(series.unbooked_ids, second)
        self.assertIn("taken from", second.room_warning)
        offer = second.alternative_data[0]
        second.take_alternative(offer["room"], offer["start"], offer["stop"])
        series.invalidate_recordset()
        self.assertFalse(series.unbooked_ids)
        self.assertEqual(second.booking_state, "confirmed")
        booking = first.booking_ids
        self.schedule(first)
        self.assertEqual((first.state, first.booking_ids), ("scheduled", booking))

    def test_a_draft_and_its_room_move_together(self):
        """MT-5: a draft that moves, a series that changes, a draft that goes: the room follows."""
        series = self.make_series()
        first, second, third = self.meetings(series)
        second.start = hour(15) + WEEK
        self.assertEqual(second.booking_ids.start, hour(15) + WEEK)
        series.write({"start_time": 11.0})
        self.assertEqual((first.booking_ids.start, third.booking_ids.start), (hour(11), hour(11) + 2 * WEEK))
        series.count = 2
        self.assertEqual(self.book(self.maple, hour(11) + 2 * WEEK, hour(12) + 2 * WEEK).state, "confirmed")
        series.books_ahead = False
        self.assertFalse((first | second).booking_ids)

    def test_a_closed_series_tells_the_schedule_nothing(self):
        """CF-5: rooms taken ahead carry what the level allows."""
        self.weekly.level = "secret"
        series = self.make_series(name="Merger")
        bookings = self.meetings(series).booking_ids
        self.assertEqual(len(bookings), 3)
        shown = str(bookings.with_user(self.outsider).read())
        self.assertNotIn("Merger", shown)
        self.assertNotIn(self.convener.name, shown)
