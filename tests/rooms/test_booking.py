"""Booking rooms: reasons and approval. Sessions that race for one room: ``test_race.py``."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from tests.common import MeetingCommon


class TestBooking(MeetingCommon):
    def book(self, room, user=None, day=7, **vals):
        start = self.days_ahead(day)
        values = {"name": "Training", "room_id": room.id, "start": start, "stop": start + timedelta(hours=1), **vals}
        return self.env["meeting.booking"].with_user(user or self.member).create(values)

    def test_a_slip_in_the_year(self):
        """RM-1: nobody takes a room for a year by a typing error; what was typed can be corrected."""
        with self.assertRaisesRegex(ValidationError, "would last 366 days"):
            self.book(self.maple, stop=self.days_ahead(7 + 366))

    def test_a_free_room_is_confirmed_at_once(self):
        """RM-1, RM-2"""
        self.assertEqual(self.book(self.maple).state, "confirmed")

    def test_every_reason_is_named(self):
        """RM-1, RM-15: too small, lacking, closed, blocked, taken, reserved to another department, out of use."""
        start = self.days_ahead(7)
        stop = start + timedelta(hours=1)
        projector = self.env["meeting.room.feature"].create({"name": "Projector"})
        self.book(self.maple)
        self.maple.write(
            {
                "department_ids": [Command.link(self.finance.id)],
                "blocking_ids": [Command.create({"name": "Painting", "start": start, "stop": stop})],
                "opening_calendar_id": self.env["resource.calendar"]
                .create({"name": "Never", "attendance_ids": [Command.clear()]})
                .id,
            }
        )
        causes = "; ".join(self.maple.with_user(self.member)._refusals(start, stop, headcount=99, features=projector))
        for words in (
            "too small",
            "lacks Projector",
            "reserved to Finance",
            "closed",
            "blocked: Painting",
            "taken from",
        ):
            self.assertIn(words, causes)
        self.maple.active = False
        self.assertIn("no longer in use", self.maple._refusals(start, stop))

    def test_opening_hours_count_in_the_rooms_time_zone(self):
        """RM-15: 09:00 to 10:00 in Shanghai is within office hours, 19:00 is not."""
        calendar = self.env["resource.calendar"].create({"name": "Office", "tz": "Asia/Shanghai"})
        self.maple.opening_calendar_id = calendar
        monday = self.days_ahead(7)
        monday -= timedelta(days=monday.weekday())
        monday += timedelta(days=7)
        self.assertFalse(self.maple._refusals(monday, monday + timedelta(hours=1)))
        evening = monday.replace(hour=11)
        self.assertIn("closed", self.maple._refusals(evening, evening + timedelta(hours=1))[0])

    def test_neighbours_and_buffers(self):
        """RM-5, RM-8: back to back is fine; cleaning time blocks the room."""
        self.book(self.maple)
        later = self.days_ahead(7) + timedelta(hours=1)
        self.book(self.maple, start=later, stop=later + timedelta(hours=1))
        self.maple.clean_minutes = 15
        noon = later + timedelta(hours=1)
        self.book(self.maple, start=noon, stop=noon + timedelta(hours=1))
        evening = noon + timedelta(hours=1)
        with self.assertRaises(ValidationError):
            self.book(self.maple, start=evening, stop=evening + timedelta(hours=1))

    def test_the_room_manager_decides(self):
        """RM-2: a request waits; only the room's manager confirms or rejects, with a reason."""
        booking = self.book(self.cedar)
        self.assertEqual(booking.state, "requested")
        with self.assertRaises(AccessError):
            booking.action_confirm()
        rival = self.book(self.cedar, user=self.outsider)
        rival.with_user(self.room_manager).action_reject(reason="Taken by the training")
        self.assertEqual((rival.state, rival.reason), ("rejected", "Taken by the training"))
        booking.with_user(self.room_manager).action_confirm()
        self.assertEqual(booking.state, "confirmed")

    def test_several_at_once(self):
        """RM-2, RM-3: the manager confirms what he has picked, or nothing where he has picked nothing."""
        several = self.book(self.cedar) | self.book(self.cedar, day=8)
        several.with_user(self.room_manager).action_confirm()
        self.assertEqual(several.mapped("state"), ["confirmed", "confirmed"])
        several.browse().with_user(self.room_manager).action_confirm()

    def test_the_manager_is_asked_and_the_asker_told(self):
        """RM-2, RE-3: one message each; a secret meeting's request tells the room and the time only."""
        meeting = self.make_meeting(level="secret", room_id=self.cedar.id, name="Merger")
        meeting.action_submit()
        booking = self.book(self.cedar, day=9)
        rows = self.env["meeting.notification"].search([("step", "=", "room_request")])
        self.assertEqual(rows.mapped("partner_id"), self.room_manager.partner_id)
        self.assertEqual(len(rows), 2)
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()
        self.assertEqual(set(rows.mapped("state")), {"sent"})
        said = " ".join(str(message.body) for message in rows.sudo().mail_message_id)
        self.assertIn("Cedar", said)
        self.assertNotIn("Merger", said)
        self.assertNotIn(self.convener.name, said)
        booking.with_user(self.room_manager).action_reject(reason="Painting that day")
        answer = self.env["meeting.notification"].search([("step", "=", "room_decided")])
        self.assertEqual(answer.partner_id, self.member.partner_id)

    def test_what_is_held_cannot_be_shortened(self):
        """RM-3: nobody holds less than he books, so that a second booking could slip in."""
        start = self.days_ahead(7)
        sliver = {"hold_start": start, "hold_stop": start + timedelta(minutes=1)}
        booking = self.book(self.maple, **sliver)
        for user in (self.member, self.room_manager):
            with self.assertRaises(AccessError):
                booking.with_user(user).write(sliver)
        self.assertEqual((booking.hold_start, booking.hold_stop), (booking.start, booking.stop))
        with self.assertRaises(ValidationError):
            self.book(self.maple, user=self.outsider, start=start + timedelta(minutes=30))

    def test_what_is_over_stays_in_the_register(self):
        """RM-6: nobody books, moves or cancels what has passed, but the room's manager who corrects it."""
        with self.assertRaises(UserError):
            self.book(self.maple, day=-1)
        coming, over = self.book(self.maple), self.book(self.maple, user=self.room_manager, day=-1)
        mine = self.book(self.maple, day=8)
        with freeze_time(mine.stop + timedelta(minutes=1)):
            self.assertFalse(mine.can_cancel)
            for deed in (
                mine.action_cancel,
                lambda: mine.write({"start": self.days_ahead(20), "stop": mine.stop}),
                lambda: mine.write({"name": "Party"}),
            ):
                with self.assertRaises(UserError):
                    deed()
            mine.with_user(self.room_manager).action_cancel()
        with self.assertRaises(UserError):
            coming.write({"start": over.start - timedelta(hours=9), "stop": over.stop - timedelta(hours=9)})
        self.assertEqual((coming.state, over.state, mine.state), ("confirmed", "confirmed", "cancelled"))

    def test_figures_of_the_register_are_nobodys_to_write(self):
        """RM-6, RM-13: neither how long a room was used, nor to which company or place the booking counts."""
        booking = self.book(self.maple)
        for vals in ({"use_hours": 0}, {"company_id": False}, {"location_id": False}):
            with self.assertRaises(AccessError):
                booking.write(vals)

    def test_a_booking_names_its_purpose(self):
        """RM-1"""
        with self.assertRaises(UserError):
            self.book(self.maple, name=" ")

    def test_a_meeting_waits_for_its_room(self):
        """RM-2, NT-1: no notice leaves without its room; the room's manager is the last to say yes."""
        meeting = self.make_meeting(room_id=self.cedar.id)
        meeting.action_submit()
        self.assertEqual(meeting.state, "submitted")
        booking = meeting.booking_ids.with_user(self.room_manager)
        booking.action_confirm()
        self.assertEqual(meeting.state, "scheduled")

    def test_a_refused_room_returns_the_meeting(self):
        """RM-2, AP-3"""
        meeting = self.make_meeting(room_id=self.cedar.id)
        meeting.action_submit()
        meeting.booking_ids.with_user(self.room_manager).action_reject(reason="Repair")
        self.assertEqual(meeting.state, "draft")
        self.assertIn("Repair", meeting.refusal_reason)
        self.assertEqual(meeting.room_id, self.cedar)

    def test_a_confidential_booking_tells_nothing(self):
        """CF-5: neither subject nor people, not even as author of the row."""
        meeting = self.schedule(self.make_meeting(level="secret", room_id=self.maple.id))
        booking = meeting.booking_ids.with_user(self.outsider)
        values = booking.read()[0]
        self.assertEqual(booking.display_name, "Maple: Reserved")
        self.assertNotIn(meeting.name, str(values))
        self.assertNotIn(self.convener.name, str(values))

    def test_bookings_of_meetings_are_steered_by_the_meeting(self):
        """RM-3"""
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        for user in (self.convener, self.room_manager):
            booking = meeting.booking_ids.with_user(user)
            with self.assertRaises(UserError):
                booking.action_cancel()
            with self.assertRaises(UserError):
                booking.write({"start": self.days_ahead(8)})

    def test_rescheduling_moves_the_room(self):
        """MT-5, NT-5: the booking follows; answers start anew; another's slot is refused and nothing moves."""
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        line = self.participant(meeting, self.member.partner_id)
        line.with_user(self.member).action_accept()
        self.book(self.maple, day=9)
        wizard = (
            self.env["meeting.reschedule"]
            .with_user(self.convener)
            .create({"meeting_id": meeting.id, "start": self.days_ahead(9), "reason": "Client is late"})
        )
        self.assertIn("taken", wizard.room_warning)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            wizard.action_confirm()
        wizard.start = self.days_ahead(10)
        wizard.action_confirm()
        self.assertEqual(meeting.booking_ids.start, self.days_ahead(10))
        self.assertEqual((meeting.start, line.response), (self.days_ahead(10), "pending"))

    def test_cancelling_gives_the_room_back(self):
        """MT-5"""
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        meeting.action_cancel(reason="Client cancelled")
        self.assertEqual((meeting.state, meeting.booking_ids.state), ("cancelled", "cancelled"))
        self.assertEqual(self.book(self.maple).state, "confirmed")

    def test_a_meeting_that_ends_early_frees_the_room(self):
        """RM-6"""
        from freezegun import freeze_time

        meeting = self.schedule(self.make_meeting(room_id=self.maple.id, duration=2))
        with freeze_time(meeting.start):
            meeting.with_user(self.chair).action_start()
        with freeze_time(meeting.start + timedelta(minutes=30)):
            meeting.with_user(self.chair).action_end()
        self.assertEqual(meeting.booking_ids.state, "finished")
        self.assertEqual(meeting.booking_ids.stop, meeting.start + timedelta(minutes=30))

    def test_the_database_keeps_the_promise(self):
        """RM-3: the exclusion constraint is there."""
        self.env.cr.execute(
            "SELECT 1 FROM pg_constraint WHERE conname = 'meeting_booking_no_overlap' AND contype = 'x'"
        )
        self.assertTrue(self.env.cr.fetchone())

    def test_roles_and_operations(self):
        """RM-15: everybody reads rooms and bookings, the room manager maintains, one books for oneself only."""
        booking = self.book(self.maple)
        table = {
            self.outsider: ("read",),
            self.member: ("read", "write", "create", "unlink"),
            self.room_manager: ("read", "write", "create", "unlink"),
            self.manager: ("read",),
        }
        for user, allowed in table.items():
            for operation in ("read", "write", "create", "unlink"):
                with self.subTest(login=user.login, operation=operation):
                    self.assertEqual(booking.with_user(user).has_access(operation), operation in allowed)
        for model in ("meeting.room", "meeting.location", "meeting.room.feature", "meeting.room.blocking"):
            for user in (self.outsider, self.member, self.secretary, self.hr):
                self.assertTrue(self.env[model].with_user(user).has_access("read"))
                self.assertFalse(self.env[model].with_user(user).has_access("write"))
            for user in (self.room_manager, self.manager):
                self.assertTrue(self.env[model].with_user(user).has_access("write"))
