"""A room closed over coming bookings: seen before, told to whoever booked, unsaid when it goes (RM-1, RM-8, CF-5)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from tests.rooms_upkeep.common import UpkeepCommon

DAY = timedelta(days=1)


class BlockingCommon(UpkeepCommon):
    def block(self, start=None, hours=3, room=None, user=None, name="Painting"):
        start = start or self.days_ahead(7)
        return (
            self.env["meeting.room.blocking"]
            .with_user(user or self.room_manager)
            .create(
                {
                    "room_id": (room or self.maple).id,
                    "name": name,
                    "start": start,
                    "stop": start + timedelta(hours=hours),
                }
            )
        )

    def sent(self, step):
        """The letter of the only row of that step, after the job has run."""
        self.send()
        row = self.rows(step)
        self.assertEqual((len(row), row.state), (1, "sent"), step)
        return f"{row.sudo().mail_message_id.subject} {row.sudo().mail_message_id.body}"


class TestBlockingForm(BlockingCommon):
    def test_who_enters_it_sees_what_it_touches(self):
        """RM-1, CF-5: number, times and bookers while typing, nothing of closed meetings; what is over or elsewhere
        does not count."""
        booking = self.book()
        secret = self.make_meeting(level="secret", room_id=self.maple.id, start=self.days_ahead(7, hour=3))
        self.schedule(secret)
        self.book(room=self.linden)
        self.book(start=self.days_ahead(8))
        self.book(start=self.days_ahead(7, hour=7)).with_user(self.member).action_cancel()
        with Form(self.env["meeting.room.blocking"].with_user(self.room_manager)) as form:
            form.name = "Painting"
            form.room_id = self.maple
            form.start = self.days_ahead(7)
            form.stop = self.days_ahead(7, hour=10)
            self.assertEqual(form.touched_text, "2 coming bookings fall into this time.")
            self.assertEqual([(line.title, line.user_id) for line in form.touched_booking_ids[:]], [
                ("Training", self.member), ("Reserved", self.env["res.users"])])  # fmt: skip
            form.start = self.days_ahead(7, hour=2)
            self.assertEqual(form.touched_count, 1)
            form.start = self.days_ahead(7)
        blocking = form.save()
        action = blocking.action_view_touched()
        blocked = [("is_room_blocked", "=", True)]
        Booking = self.env["meeting.booking"].with_user(self.room_manager)
        found = Booking.search([*action["domain"], *blocked])
        self.assertEqual(found, booking | secret._current_booking())
        self.assertFalse(Booking.search([("is_room_blocked", "=", False), ("id", "in", found.ids)]))
        with freeze_time(self.days_ahead(7, hour=12)):
            self.assertFalse(Booking.search(blocked))
            blocking.invalidate_recordset()
            self.assertEqual(blocking.touched_count, 0)

    def test_a_closed_meeting_keeps_its_name_and_people(self):
        """CF-5: neither list nor banner of a room manager tells whose meeting it is, or which rooms would seat it."""
        meeting = self.schedule(self.make_meeting(level="secret", name="Merger", room_id=self.maple.id))
        blocking = self.block()
        booking = blocking.touched_booking_ids
        self.assertEqual((booking.title, booking.user_id.ids, booking.headcount), ("Reserved", [], 0))
        self.assertIn("Painting", booking.room_trouble)
        self.assertNotIn("Free at that time", booking.room_trouble)
        with self.assertRaises(AccessError):
            booking.action_take_other_room()
        self.assertEqual(self.rows("blocked").partner_id, meeting.convener_id.partner_id)
        said = self.sent("blocked")
        self.assertNotIn("Merger", said)
        self.assertIn("confidential", said)

    def test_only_who_keeps_rooms_blocks_them(self):
        """RM-15: everybody reads blockings, managers and room managers write them."""
        blocking = self.block()
        vals = {"room_id": self.maple.id, "name": "X", "start": self.days_ahead(9), "stop": self.days_ahead(10)}
        everything = {"read", "write", "create", "unlink"}
        self.assertMatrix(
            "meeting.room.blocking",
            blocking,
            vals,
            {
                self.room_manager: everything,
                self.manager: everything,
                self.member: {"read"},
                self.other_company_user(): set(),
            },
        )

    def test_nobody_closes_a_room_of_another_company(self):
        """RM-15, CF-5: neither at once nor by moving a blocking there; nor does he learn who is in it."""
        stranger, booking = self.other_company_user(), self.book()
        theirs = {"company_id": stranger.company_id.id}
        place = self.env["meeting.location"].create({"name": "Elsewhere", "tz": "Asia/Shanghai", **theirs})
        room = self.env["meeting.room"].create({"name": "Far", "location_id": place.id, "capacity": 3, **theirs})
        blocking = self.block(room=room, user=stranger)
        for deed in (
            lambda: self.block(user=stranger),
            lambda: blocking.write({"room_id": self.maple.id}),
            lambda: room.with_user(stranger).write(
                {"blocking_ids": [Command.update(blocking.id, {"room_id": self.maple.id})]}
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                deed()
        self.assertFalse(self.rows("blocked"))
        typed = blocking.new({"room_id": self.maple.id, "start": booking.start, "stop": booking.stop})
        self.assertEqual((typed.touched_count, typed.touched_booking_ids.ids), (0, []))

    def test_as_many_queries_for_one_as_for_many(self):
        """RM-1: what a list of blockings touches is asked once."""
        for number in range(6):
            self.book(start=self.days_ahead(7 + number))
        blockings = self.block() | self.block(start=self.days_ahead(8))
        many = blockings | self.block(start=self.days_ahead(9)) | self.block(start=self.days_ahead(10))
        counts = []
        many.mapped("touched_count")
        for some in (blockings, many):
            self.env.invalidate_all()
            some.mapped("name")
            before = self.env.cr.sql_log_count
            self.assertEqual(some.mapped("touched_count"), [1] * len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


class TestBlockingWarns(BlockingCommon):
    def test_whoever_booked_is_told_once(self):
        """RM-1, RM-8: one message with reason, period and rooms that are free; widening it tells only the others."""
        self.book()
        later = self.book(user=self.outsider, start=self.days_ahead(7, hour=4))
        blocking = self.block()
        self.assertEqual(self.rows("blocked").partner_id, self.member.partner_id)
        said = self.sent("blocked")
        for text in ("Maple is closed at your time", "Painting", "12:00", "Linden"):
            self.assertIn(text, said)
        self.assertNotIn("Cedar", said)
        blocking.stop = self.days_ahead(7, hour=6)
        blocking.name = "Painting the ceiling"
        rows = self.rows(f"blocked:{blocking.id}")
        self.assertEqual(rows.partner_id, self.member.partner_id | self.outsider.partner_id)
        self.assertEqual(rows.filtered(lambda row: row.state == "pending").res_id, later.id)

    def test_by_whatever_door_it_comes_in(self):
        """RM-8: on the room's form, by import, by moving another room's blocking here."""
        booking = self.book()
        start = fields.Datetime.to_string(booking.start)
        stop = fields.Datetime.to_string(booking.stop)
        self.maple.with_user(self.room_manager).blocking_ids = [
            Command.create({"name": "Form", "start": start, "stop": stop})
        ]
        Blocking = self.env["meeting.room.blocking"].with_user(self.room_manager).with_context(tz="UTC")
        columns = ["room_id/.id", "name", "start", "stop"]
        self.assertFalse(Blocking.load(columns, [[str(self.maple.id), "Load", start, stop]])["messages"])
        self.block(room=self.linden).room_id = self.maple
        self.assertEqual(len(self.rows("blocked", booking)), 3)

    def test_another_room_is_taken_with_one_click(self):
        """RM-1, RM-10: the banner names what is free; one tap moves the booking, and nothing more is said."""
        booking = self.book().with_user(self.member)
        blocking = self.block()
        self.assertRegex(booking.room_trouble, r"Maple is closed then: Painting \(.*\)\. Free at that time: Linden\.")
        booking.action_take_other_room()
        self.assertEqual((booking.room_id, booking.room_trouble), (self.linden, False))
        blocking.unlink()
        self.send()
        self.assertFalse(self.rows("usable"))
        self.assertFalse(self.rows("blocked"))

    def test_a_meeting_is_warned_through_its_convener(self):
        """RM-8, PT-5: on the meeting, with the dialogue that moves it."""
        meeting = self.make_meeting(room_id=self.maple.id, video_url="https://video.example/1")
        self.schedule(meeting)
        meeting = meeting.with_user(self.convener)
        self.block()
        row = self.rows("blocked")
        self.assertEqual((row.res_model, row.res_id, row.partner_id), (
            "meeting.meeting", meeting.id, self.convener.partner_id))  # fmt: skip
        self.assertRegex(meeting.room_trouble, "Maple is closed then: Painting .*Linden")
        context = meeting.action_take_other_room()["context"]
        with Form(self.env["meeting.reschedule"].with_user(self.convener).with_context(**context)) as dialogue:
            self.assertEqual((dialogue.start, dialogue.duration, dialogue.room_id), (
                meeting.start, meeting.duration, self.linden))  # fmt: skip
            self.assertEqual(dialogue.video_url, meeting.video_url)
            dialogue.reason = "Painting"
        self.assertIn("Linden", self.sent("blocked"))

    def test_a_request_is_told_a_cleaning_is_placed_around_what_is_held(self):
        """RM-8: a plan goes around confirmed bookings, so it warns nobody but whoever still waits for an answer."""
        evening = self.days_ahead(7, hour=10)
        held = self.book(start=evening)
        asked = self.book(room=self.cedar, start=evening, user=self.outsider)
        plan = self.env["meeting.cleaning.plan"].with_user(self.room_manager)
        words = f"every {evening:%A} 18:00"
        plan = plan.create({"room_ids": self.needs(self.maple, self.cedar), "words": words, "tz": "Asia/Shanghai"})
        self.assertFalse(self.rows("blocked", held))
        self.assertEqual(self.rows("blocked").res_id, asked.id)
        plan.unlink()
        self.assertFalse(self.rows("blocked"))

    def test_who_has_no_login_is_counted_and_not_told(self):
        """RM-8: a room taken at the door by somebody without an account: nobody else gets the message in his place."""
        worker = self.env["hr.employee"].create({"name": "Worker Wei"})
        booking = self.book()
        booking.sudo().write({"user_id": False, "door_employee_id": worker.id})
        self.assertEqual(self.block().touched_booking_ids, booking)
        self.assertFalse(self.rows("blocked"))

    def test_who_comes_all_the_same_checks_in(self):
        """RM-5, RM-14: a blocking takes nobody's booking away."""
        booking = self.book().with_user(self.member)
        self.block()
        with freeze_time(booking.start):
            booking.invalidate_recordset(["can_check_in"])
            self.assertTrue(booking.can_check_in)
            booking.action_check_in()
        self.assertEqual(booking.state, "checked_in")


class TestBlockingGoes(BlockingCommon):
    def test_the_warned_hear_that_it_is_gone(self):
        """RM-8: removed, moved to another day or room: whose warning has left is told, the others are not."""
        for undo in (
            lambda blocking: blocking.unlink(),
            lambda blocking: blocking.write({"stop": blocking.stop + DAY, "start": blocking.start + DAY}),
            lambda blocking: blocking.write({"room_id": self.linden.id}),
        ):
            unsent = self.book(start=self.days_ahead(9))
            blocking = self.block(start=self.days_ahead(9), hours=1)
            undo(blocking)
            self.assertFalse(self.rows("blocked", unsent) | self.rows("usable", unsent))
            unsent.action_cancel()
            booking = self.book()
            blocking = self.block(hours=1)
            self.sent(f"blocked:{blocking.id}")
            undo(blocking)
            row = self.rows("usable", booking)
            self.assertEqual(row.partner_id, self.member.partner_id)
            self.assertIn("Maple can be used again at your time", self.sent(row.step))
            booking.action_cancel()

    def test_not_while_it_is_closed_for_another_reason(self):
        """RM-8: of two blockings one goes: the room is still closed, and nobody says otherwise."""
        self.book()
        first, second = self.block(), self.block(name="New carpet")
        self.send()
        first.unlink()
        self.assertFalse(self.rows("usable"))
        second.unlink()
        self.assertEqual(len(self.rows("usable")), 1)
        third = self.block(name="Lamps")
        self.send()
        self.assertFalse(self.rows("usable"))  # closed again before it left
        self.assertEqual(self.rows(f"blocked:{third.id}").state, "sent")

    def test_what_moved_meanwhile_hears_nothing(self):
        """RM-8: moved before the blocking goes, or before the message leaves."""
        early, late = self.book(), self.book(start=self.days_ahead(7, hour=2), user=self.outsider)
        blocking = self.block()
        self.send()
        early.with_user(self.member).room_id = self.linden
        blocking.unlink()
        row = self.rows("usable")
        self.assertEqual(row.res_id, late.id)
        late.with_user(self.outsider).room_id = self.linden
        self.send()
        self.assertEqual(row.state, "void")

    def test_closed_open_closed_again(self):
        """RM-8: whoever was told that it is open hears that it is closed again, and so on."""
        booking = self.book()
        blocking = self.block()
        self.send()
        tail = f"{blocking.id}:{booking._told_place()}"
        there, away = blocking.start, blocking.start + timedelta(hours=2)
        blocking.start = away
        blocking.start = there
        self.assertFalse(self.rows("usable"))  # nothing had been said yet
        self.assertEqual(len(self.rows("blocked")), 1)
        blocking.start = away
        self.send()
        blocking.start = there
        self.sent(f"blocked:{tail}@1")
        blocking.start = away
        self.sent(f"usable:{tail}@1")

    def test_it_follows_who_made_way(self):
        """RM-1, RM-8: whoever moved to another day or room hears of it where the same blocking comes after him."""
        booking = self.book(user=self.outsider, start=self.days_ahead(7, hour=2))
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        blocking = self.block()
        self.send()
        booking.write({"start": booking.start + DAY, "stop": booking.stop + DAY})
        meeting.with_user(self.convener)._reschedule({"room_id": self.linden.id}, "Painting")
        blocking.stop += DAY
        self.assertEqual(self.rows("blocked", booking).mapped("state"), ["pending", "sent"])
        self.assertEqual(self.rows("blocked", meeting).mapped("state"), ["sent"])
        blocking.room_id = self.linden
        self.assertEqual(self.rows("blocked", booking).mapped("state"), ["sent"])
        self.assertEqual(self.rows("blocked", meeting).mapped("state"), ["pending", "sent"])
        self.send()
        self.assertIn("Linden is closed", self.rows("blocked", meeting)[0].sudo().mail_message_id.subject)

    def test_back_and_forth_beside_another(self):
        """RM-8: while the room is closed for another reason as well, a blocking that wanders tells nobody anything."""
        self.book()
        first, _second = self.block(), self.block(name="New carpet")
        self.send()
        there = first.start
        for _time in range(3):
            first.start = there + timedelta(hours=2)
            first.start = there
            self.send()
        self.assertEqual(len(self.rows("blocked")), 2)
        self.assertFalse(self.rows("usable"))

    def test_as_many_queries_for_many_that_are_unsaid(self):
        """RM-8: a blocking that goes before its warnings have left takes them back at once."""
        counts = []
        for number in (2, 12):
            start = self.days_ahead(20 + number)
            for hour in range(number):
                self.book(start=start + timedelta(hours=hour))
            blocking = self.block(start=start, hours=number)
            self.assertEqual(len(self.rows(f"blocked:{blocking.id}:")), number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            blocking.start = start + timedelta(hours=number - 0.5)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.rows(f"blocked:{blocking.id}:")), 1)
        self.assertLessEqual(counts[1], counts[0])

    def test_what_has_begun_stays_on_record(self):
        """RM-8: the history of the room says when it was closed and why; its end is what can be moved."""
        booking = self.book(start=self.days_ahead(7, hour=3))
        blocking = self.block()
        self.send()
        with self.assertRaises(UserError):
            blocking.action_end()
        with freeze_time(self.days_ahead(7, hour=2)):
            with self.assertRaisesRegex(UserError, "history of the room"):
                blocking.unlink()
            blocking.invalidate_recordset()
            blocking.action_end()
            self.assertEqual(blocking.stop, fields.Datetime.now())
            self.assertEqual(self.rows("usable").res_id, booking.id)
        self.block(start=self.days_ahead(8)).unlink()

    def test_a_warning_in_vain_is_not_sent(self):
        """RE-3: over before the job ran."""
        booking = self.book()
        self.block()
        with freeze_time(booking.stop):
            self.send()
        self.assertEqual(self.env["meeting.notification"].search([("step", "=like", "blocked:%")]).state, "void")
