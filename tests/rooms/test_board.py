"""The room board: a day or a week at a glance, moving by hand, and nothing that is not everybody's."""

import json
from datetime import datetime, time, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, new_test_user
from pytz import timezone

from tests.common import MeetingCommon
from tests.rooms.common import RoomsCommon, hour


class BoardCommon(RoomsCommon):
    def board(self, user=None, day="2026-03-03", days=1):
        return self.env["meeting.room.board"].with_user(user or self.outsider).get(day, days)

    def bars(self, user=None, **window):
        return {bar["id"]: bar for bar in self.board(user, **window)["bookings"]}

    def move(self, booking, room, start, user=None):
        board = self.env["meeting.room.board"].with_user(user or self.outsider)
        return board.move(booking.id, room.id, Datetime.to_string(start))


class TestBoard(BoardCommon):
    def test_what_a_day_shows(self):
        """RM-1, RM-8: requested and held, cleaning around them, blockings, closed hours."""
        self.maple.clean_minutes = 15
        office = self.env["resource.calendar"].create({"name": "Office", "tz": "Asia/Shanghai"})
        self.maple.opening_calendar_id = office
        held, asked = self.book(self.maple, 9, 10), self.book(self.cedar, 9, 10)
        self.book(self.maple, 10.5, 11).action_cancel()
        self.cedar.blocking_ids = [Command.create({"name": "Painting", "start": hour(13), "stop": hour(16)})]
        board = self.board()
        bars = {bar["id"]: bar for bar in board["bookings"]}
        self.assertEqual(
            {number: bar["state"] for number, bar in bars.items()}, {held.id: "confirmed", asked.id: "requested"}
        )
        self.assertEqual(bars[held.id]["hold_stop"], Datetime.to_string(hour(10.25)))
        self.assertEqual(
            [(found["room"], found["name"]) for found in board["blockings"]], [(self.cedar.id, "Painting")]
        )
        closed = next(room["closed"] for room in board["rooms"] if room["id"] == self.maple.id)
        self.assertEqual(closed[0], {"start": Datetime.to_string(hour(0)), "stop": Datetime.to_string(hour(8))})
        self.assertEqual(closed[-1]["stop"], Datetime.to_string(hour(24)))

    def test_across_midnight_it_stands_on_both_days(self):
        """RM-3"""
        night = self.book(self.maple, 22, 26)
        self.assertIn(night.id, self.bars(day="2026-03-03"))
        self.assertIn(night.id, self.bars(day="2026-03-04"))
        self.assertNotIn(night.id, self.bars(day="2026-03-05"))
        self.assertIn(night.id, self.bars(day="2026-03-01", days=7))

    def test_days_are_those_of_the_place(self):
        """RM-15: midnight to midnight there; 23 hours when the clocks go forward, 25 when they go back."""
        berlin = self.env["meeting.location"].create({"name": "Berlin", "tz": "Europe/Berlin"})
        self.make_room("Spree", 6, location_id=berlin.id)
        for day, hours in (("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25)):
            places = {place["name"]: place["days"][0] for place in self.board(day=day)["places"]}
            spans = {
                name: (Datetime.to_datetime(span["stop"]) - Datetime.to_datetime(span["start"])) / timedelta(hours=1)
                for name, span in places.items()
            }
            self.assertEqual((spans["Berlin"], spans["Tower"]), (hours, 24), day)
        week = next(place for place in self.board(day="2026-03-23", days=7)["places"] if place["name"] == "Berlin")
        self.assertEqual(
            week["days"][-1], {"date": "2026-03-29", "start": "2026-03-28 23:00:00", "stop": "2026-03-29 22:00:00"}
        )

    def test_a_confidential_meeting_is_reserved(self):
        """CF-5: neither subject nor people for an outsider, by any key of the answer; the subject for its readers."""
        meeting = self.make_meeting(name="Merger talks", level="secret", start=hour(14), room_id=self.maple.id)
        self.schedule(meeting)
        told = json.dumps(self.board(self.outsider))
        for secret in ("Merger", self.convener.name, self.chair.name, self.member.name):
            self.assertNotIn(secret, told)
        bar = self.bars(self.outsider)[meeting.booking_ids.id]
        self.assertEqual((bar["title"], bar["who"], bar["meeting"], bar["movable"]), ("Reserved", "", False, False))
        bar = self.bars(self.convener)[meeting.booking_ids.id]
        self.assertEqual((bar["title"], bar["meeting"], bar["movable"]), ("Merger talks", meeting.id, True))

    def test_guests_see_no_board(self):
        """RM-15, CF-5"""
        portal = new_test_user(self.env, login="visitor", groups="base.group_portal")
        booking = self.book(self.maple, 9, 10)
        with self.assertRaises(AccessError):
            self.board(portal)
        with self.assertRaises(AccessError):
            self.move(booking, self.maple, hour(11), portal)

    def test_as_many_queries_for_two_hundred_rooms(self):
        """RM-3: one call, and as many queries for 200 busy rooms as for ten."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.board()
            return self.env.cr.sql_log_count - before

        def fill(name, number):
            rooms = self.env["meeting.room"].create(
                [
                    {"name": f"{name} {n}", "location_id": self.location.id, "feature_ids": self.video}
                    for n in range(number)
                ]
            )
            self.env["meeting.booking"].with_user(self.outsider).create(
                [
                    {"name": "Busy", "room_id": room.id, "start": hour(value), "stop": hour(value + 1)}
                    for room in rooms
                    for value in (9, 10, 11)
                ]
            )

        self.schedule(self.make_meeting(start=hour(14), room_id=self.maple.id))
        fill("Room", 8)
        count()
        few = count()
        fill("Hall", 190)
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 20)


class TestMove(BoardCommon):
    def test_one_moves_one_s_own(self):
        """RM-3: to another time and room; what others booked stays where it is."""
        booking = self.book(self.maple, 9, 10)
        oak = self.make_room("Oak", 9)
        self.assertIn("Oak", self.move(booking, oak, hour(11))["message"])
        self.assertEqual((booking.room_id, booking.start, booking.stop), (oak, hour(11), hour(12)))
        with self.assertRaises(AccessError):
            self.move(booking, self.maple, hour(9), self.member)
        self.move(booking, self.maple, hour(13), self.room_manager)
        self.assertEqual((booking.room_id, booking.hold_start), (self.maple, hour(13)))

    def test_a_refused_move_says_why_and_changes_nothing(self):
        """RM-3"""
        booking, rival = self.book(self.maple, 9, 10), self.book(self.maple, 11, 12, self.member)
        with self.assertRaisesRegex(ValidationError, "taken from"), self.env.cr.savepoint():
            self.move(booking, self.maple, hour(10.5))
        booking.invalidate_recordset()
        self.assertEqual((booking.start, rival.start), (hour(9), hour(11)))
        with self.assertRaisesRegex(UserError, "passed"):
            self.move(booking, self.maple, hour(-24))

    def test_a_room_with_a_manager_is_not_slipped_into(self):
        """RM-2: a confirmed booking cannot move where the manager was never asked, by board or by form."""
        booking = self.book(self.maple, 9, 10)
        with self.assertRaisesRegex(UserError, "consent"):
            self.move(booking, self.cedar, hour(9))
        with self.assertRaisesRegex(UserError, "consent"):
            booking.with_user(self.outsider).write({"room_id": self.cedar.id})
        self.move(booking, self.cedar, hour(9), self.room_manager)
        self.assertEqual(booking.room_id, self.cedar)

    def test_a_meeting_is_rescheduled_by_its_organisers(self):
        """MT-5, NT-5: dragging opens the dialogue with the new time; nobody else moves it, and taken is taken."""
        meeting = self.schedule(self.make_meeting(start=hour(14), room_id=self.maple.id))
        booking = meeting.booking_ids
        action = self.move(booking, self.maple, hour(16), self.convener)["action"]
        self.assertEqual(action["context"]["default_start"], Datetime.to_string(hour(16)))
        self.assertEqual(meeting.start, hour(14))
        for user in (self.member, self.outsider, self.room_manager):
            with self.assertRaises(UserError):
                self.move(booking, self.maple, hour(16), user)
        self.book(self.maple, 16, 17)
        with self.assertRaisesRegex(ValidationError, "taken"):
            self.move(booking, self.maple, hour(16), self.convener)

    def test_movable_is_what_the_server_accepts(self):
        """RM-3: the board offers to move exactly what a move would succeed with."""
        own = self.book(self.maple, 9, 10)
        finished = self.book(self.maple, 10, 11)
        self.env["meeting.booking"].browse(finished.id).sudo()._transition("finished")
        meeting = self.schedule(self.make_meeting(start=hour(14), room_id=self.maple.id))
        for user in (self.outsider, self.member, self.room_manager, self.convener, self.chair, self.manager):
            bars = self.bars(user)
            for booking in own | finished | meeting.booking_ids:
                with self.subTest(user=user.login, booking=booking.display_name):
                    try:
                        with self.env.cr.savepoint():
                            self.move(booking, self.maple, booking.start + timedelta(hours=3), user)
                            accepted = True
                            raise InterruptedError
                    except InterruptedError:
                        pass
                    except (UserError, AccessError):
                        accepted = False
                    self.env.invalidate_all()
                    self.assertEqual(bars[booking.id]["movable"], accepted)


class TestLive(BoardCommon):
    def told(self):
        """What open boards hear of the transaction so far."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.cr.execute("SELECT channel, message FROM bus_bus WHERE message LIKE '%rooms_changed%' ORDER BY id")
        rows = [(json.loads(channel), json.loads(message)) for channel, message in self.env.cr.fetchall()]
        self.env.cr.execute("DELETE FROM bus_bus WHERE message LIKE '%rooms_changed%'")
        return rows

    def test_boards_hear_the_number_of_the_room_and_nothing_else(self):
        """CF-5, RM-3: one message a transaction, to employees only, whatever was booked."""
        self.told()
        meeting = self.make_meeting(level="secret", start=hour(14), room_id=self.maple.id)
        self.schedule(meeting)
        self.book(self.cedar, 9, 10)
        rows = self.told()
        self.assertEqual(
            [message["payload"] for _channel, message in rows], [{"rooms": sorted((self.maple | self.cedar).ids)}]
        )
        self.assertEqual(rows[0][0][1:], ["res.groups", self.env.ref("base.group_user").id])

    def test_every_visible_change_is_told(self):
        """RM-3: moved (both rooms), cancelled, blocked; a change of headcount is not seen, so not told."""
        booking = self.book(self.maple, 9, 10)
        oak = self.make_room("Oak", 9)
        self.told()
        self.move(booking, oak, hour(11))
        self.assertEqual(self.told()[0][1]["payload"], {"rooms": sorted((self.maple | oak).ids)})
        booking.headcount = 3
        self.assertFalse(self.told())
        booking.with_user(self.outsider).action_cancel()
        self.assertEqual(self.told()[0][1]["payload"], {"rooms": oak.ids})
        oak.blocking_ids = [Command.create({"name": "Painting", "start": hour(13), "stop": hour(16)})]
        self.assertEqual(self.told()[0][1]["payload"], {"rooms": oak.ids})
        oak.blocking_ids.unlink()
        self.assertEqual(self.told()[0][1]["payload"], {"rooms": oak.ids})


class TestBoardInTheBrowser(HttpCase, MeetingCommon):
    """Clicked, dragged and typed in Chromium, tomorrow in Shanghai."""

    def setUp(self):
        super().setUp()
        self.env["meeting.room"].search([("id", "not in", (self.maple | self.cedar).ids)]).active = False
        self.maple.sequence, self.cedar.sequence = 1, 2
        self.member.password = self.member.login
        tomorrow = datetime.now(timezone("Asia/Shanghai")).date() + timedelta(days=1)
        self.day = datetime.combine(tomorrow, time(1))  # nine o'clock in Shanghai, as stored

    def bookings(self, name):
        self.env.invalidate_all()
        return self.env["meeting.booking"].search([("name", "=", name)])

    def start(self, tour):
        self.start_tour("/odoo/room-board", f"meeting_room_board_{tour}", login=self.member.login)

    def test_book_and_move_by_keyboard(self):
        """RM-1, RM-3: arrows, Enter, a purpose; then picked up with M, moved by arrows, put down with Enter."""
        self.start("keyboard")
        booking = self.bookings("Keyboard training")
        self.assertEqual((booking.room_id, booking.state, booking.user_id), (self.maple, "confirmed", self.member))
        self.assertEqual(booking.stop - booking.start, timedelta(hours=1))
        self.assertEqual(booking.start.strftime("%H:%M"), "03:00", "moved from ten to eleven o'clock in Shanghai")

    def test_drag(self):
        """RM-3: dragged over free time it books; dragged along it moves; onto another's it returns with the reason."""
        rival = (
            self.env["meeting.booking"]
            .with_user(self.outsider)
            .create(
                {
                    "name": "Rival",
                    "room_id": self.maple.id,
                    "start": self.day + timedelta(hours=6),
                    "stop": self.day + timedelta(hours=8),
                }
            )
        )
        self.start("drag")
        booking = self.bookings("Dragged training")
        self.assertEqual((booking.room_id, booking.state), (self.maple, "confirmed"))
        self.assertEqual(
            (booking.start, booking.stop - booking.start), (self.day + timedelta(hours=2), timedelta(hours=2))
        )
        self.assertEqual(rival.start, self.day + timedelta(hours=6))
