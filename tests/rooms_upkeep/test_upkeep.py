"""Cleaning, rounds, tests, technicians, check-in and out, the leaving checklist (RM-5 to RM-9, AG-7)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from psycopg2 import IntegrityError

from tests.common import MONDAY
from tests.rooms_upkeep.common import UpkeepCommon


@freeze_time(MONDAY)
class TestCleaning(UpkeepCommon):
    def plan(self, **vals):
        values = {"room_ids": self.needs(self.maple), "words": "every Friday 18:00", "tz": "Asia/Shanghai", **vals}
        return self.env["meeting.cleaning.plan"].with_user(self.room_manager).create(values)

    def test_cleaning_blocks_four_weeks_ahead(self):
        """RM-8: each Friday at six the room is blocked, and says why; the plan is placed once."""
        plan = self.plan()
        self.assertEqual(len(plan.blocking_ids), 4)
        first = min(plan.blocking_ids.mapped("start"))
        self.assertEqual(first, MONDAY + timedelta(days=4, hours=9))
        plan._place()
        self.assertEqual(len(plan.blocking_ids), 4)
        with self.assertRaisesRegex(ValidationError, "Deep cleaning"):
            self.book(start=first)

    def test_it_moves_around_bookings(self):
        """RM-8: later that day, earlier where that is nearer, the next day, or it says that there is no time."""
        evening = MONDAY + timedelta(days=4, hours=9)
        self.book(start=evening, hours=1)
        plan = self.plan()
        self.assertEqual(min(plan.blocking_ids.mapped("start")), evening + timedelta(hours=1))
        self.book(room=self.linden, start=evening, hours=3)
        plan.room_ids = self.linden
        moved = min(plan.blocking_ids.mapped("start"))
        self.assertEqual(moved, evening - timedelta(hours=1))
        plan.write({"flex_hours": 0})
        self.assertEqual(min(plan.blocking_ids.mapped("start")), evening + timedelta(days=1))
        plan.active = False
        for day in (1, 2):
            self.book(room=self.linden, start=evening + timedelta(days=day))
        plan.write({"active": True, "minutes": 30})
        self.assertIn("Linden", plan.problem)
        self.assertEqual(len(plan.blocking_ids), 3)

    def test_an_ended_plan_gives_the_room_back(self):
        """RM-8"""
        plan = self.plan()
        plan.active = False
        self.assertFalse(self.maple.blocking_ids)
        with self.assertRaises(AccessError):
            self.env["meeting.cleaning.plan"].with_user(self.member).create({"room_ids": self.needs(self.maple)})


@freeze_time(MONDAY)
class TestRounds(UpkeepCommon):
    def round(self):
        (self.maple | self.linden).write({"inspection_weekday": "0", "inspector_id": self.technician.id})
        self.env["meeting.inspection.round"]._cron_make_rounds()
        return self.env["meeting.inspection.round"].search([("kind", "=", "weekly")])

    def test_one_list_each_monday(self):
        """RM-9: all rooms of the day on one list, made once; the inspector is told and reminded."""
        rnd = self.round()
        self.env["meeting.inspection.round"]._cron_make_rounds()
        self.assertEqual(len(self.env["meeting.inspection.round"].search([("kind", "=", "weekly")])), 1)
        self.assertEqual((rnd.user_id, rnd.line_count), (self.technician, 4))
        self.assertEqual(set(rnd.line_ids.room_id), {self.maple, self.linden})
        self.assertEqual(self.rows("round_open", rnd).partner_id, self.technician.partner_id)
        self.assertEqual(self.rows("round_due", rnd).due, rnd.due - timedelta(hours=1))
        keys = [section["key"] for section in self.env["meeting.my.day"].with_user(self.technician).get()["sections"]]
        self.assertIn("rounds", keys)
        with freeze_time(MONDAY + timedelta(days=1)):
            self.env["meeting.inspection.round"]._cron_make_rounds()
        self.assertEqual(len(self.env["meeting.inspection.round"].search([("kind", "=", "weekly")])), 1)

    def test_tick_to_the_end(self):
        """RM-9: not in order opens a fault; the last tick closes the round and takes back the reminder."""
        rnd = self.round()
        lines = rnd.line_ids.with_user(self.technician)
        bad = lines.filtered(lambda line: line.equipment_id == self.projector)
        action = bad.action_not_ok()
        fault = self.env["meeting.fault"].browse(action["res_id"])
        self.assertEqual((fault.equipment_id, fault.user_id, self.projector.state), (
            self.projector, self.technician, "faulty"))  # fmt: skip
        self.assertEqual(rnd.state, "open")
        (lines - bad).action_ok()
        self.assertEqual((rnd.state, rnd.problem_count, self.camera.last_inspected), (
            "done", 1, MONDAY.date()))  # fmt: skip
        self.assertFalse(self.rows("round", rnd))

    def test_somebody_elses_round(self):
        """RM-9: only the inspector and room managers tick; nobody writes a result."""
        line = self.round().line_ids[0]
        with self.assertRaises(AccessError):
            line.with_user(self.member).action_ok()
        with self.assertRaises(AccessError):
            line.with_user(self.technician).result = "ok"
        line.with_user(self.room_manager).action_ok()
        self.assertEqual((line.result, line.user_id), ("ok", self.room_manager))
        self.assertMatrix(
            "meeting.inspection.round",
            line.round_id,
            {"due": MONDAY + timedelta(days=1), "user_id": self.member.id, "date": "2027-01-01"},
            {self.member: {"read"}, self.room_manager: {"read", "write", "unlink", "create"}},
        )


class TestBeforeMeetings(UpkeepCommon):
    def test_equipment_is_tested_before_important_meetings(self):
        """RM-9, AG-7, RE-1: the technician gets the devices that are needed, due hours before; the test moves along."""
        self.weekly.write({"test_equipment": True, "test_hours": 3})
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id, feature_ids=self.needs(self.projection)))
        test = meeting._current_booking().test_ids
        self.assertEqual((test.user_id, test.line_ids.equipment_id), (self.technician, self.projector))
        self.assertEqual(test.due, meeting.start - timedelta(hours=3))
        later = meeting.start + timedelta(days=1)
        meeting.with_user(self.convener)._reschedule({"start": later}, "The client is late")
        self.assertEqual(test.due, later - timedelta(hours=3))
        self.assertEqual(self.rows("round_due", test).due, test.due - timedelta(hours=1))
        test.line_ids.with_user(self.technician).action_ok()
        self.assertEqual((test.state, bool(self.projector.last_tested)), ("done", True))
        other = self.schedule(self.make_meeting(room_id=self.linden.id, start=self.days_ahead(8)))
        other.with_user(self.convener).action_cancel(reason="No need")
        self.assertEqual(other.booking_ids.test_ids.state, "cancelled")

    def test_a_room_that_nobody_looks_after(self):
        """AG-7: without anybody to test it the meeting is scheduled all the same."""
        self.weekly.test_equipment = True
        self.env.ref("meeting_management.group_room_manager").user_ids = False
        meeting = self.schedule(self.make_meeting(room_id=self.linden.id))
        self.assertEqual((meeting.state, meeting.booking_ids.test_ids.ids), ("scheduled", []))

    def test_other_types_are_not_tested(self):
        """AG-7"""
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        self.assertFalse(meeting.booking_ids.test_ids)


class TestTechnician(UpkeepCommon):
    def test_asked_with_the_booking(self):
        """RM-9: he is asked, comes or declines with a reason, and is asked anew when the time changes."""
        booking = self.book(needs_technician=True)
        self.assertEqual((booking.technician_id, booking.technician_state), (self.technician, "asked"))
        self.assertEqual(self.rows("technician_asked", booking).partner_id, self.technician.partner_id)
        mine = booking.with_user(self.technician)
        self.assertTrue(mine.can_attend)
        mine.action_attend()
        self.assertEqual(booking.technician_state, "coming")
        booking.with_user(self.member).write({"start": booking.start + timedelta(minutes=30)})
        self.assertEqual(booking.technician_state, "asked")
        mine.action_decline_attend(reason="On leave")
        self.assertEqual((booking.technician_state, booking.technician_reason), ("declined", "On leave"))
        told = self.rows("technician_declined", booking).partner_id
        self.assertEqual(told, self.maple._deciders().partner_id)
        booking.with_user(self.room_manager).action_replace_technician(self.outsider)
        self.assertEqual((booking.technician_id, booking.technician_state), (self.outsider, "asked"))

    def test_nobody_answers_for_him(self):
        """RM-9: neither other people nor a direct write."""
        booking = self.book(needs_technician=True)
        with self.assertRaises(AccessError):
            booking.with_user(self.outsider).action_attend()
        with self.assertRaises(AccessError):
            booking.with_user(self.member).write({"technician_state": "coming"})
        self.assertFalse(self.book(start=self.days_ahead(9)).technician_id)

    def test_rooms_that_demand_one(self):
        """RM-9, CF-5: with every booking, also a secret meeting's, which tells the technician room and time alone."""
        self.maple.technician_required = True
        meeting = self.schedule(self.make_meeting(level="secret", name="Merger", room_id=self.maple.id))
        booking = meeting._current_booking()
        self.assertEqual((booking.technician_id, meeting.technician_state), (self.technician, "asked"))
        self.send()
        message = self.rows("technician_asked", booking).sudo().mail_message_id
        self.assertNotIn("Merger", f"{message.subject} {message.body}")
        self.assertNotIn(self.convener.name, str(message.body))


class TestRegister(UpkeepCommon):
    def test_in_and_out(self):
        """RM-5, RM-6: from a quarter before the start; actual times stand in the register, the rest is free again."""
        booking = self.book(hours=2)
        mine = booking.with_user(self.member)
        with freeze_time(booking.start - timedelta(minutes=20)), self.assertRaises(UserError):
            mine.action_check_in()
        with freeze_time(booking.start - timedelta(minutes=10)):
            with self.assertRaises(AccessError):
                booking.with_user(self.outsider).action_check_in()
            mine.action_check_in()
        left = booking.start + timedelta(hours=1)
        with freeze_time(left):
            action = mine.action_check_out()
        self.assertEqual(action["res_model"], "meeting.leaving.wizard")
        self.assertEqual((booking.state, booking.actual_start, booking.actual_stop, booking.stop), (
            "finished", booking.start - timedelta(minutes=10), left, left))  # fmt: skip
        self.assertAlmostEqual(booking.use_hours, 70 / 60)
        self.book(start=left, hours=1)
        with self.assertRaises(AccessError):
            booking.with_user(self.room_manager).write({"actual_stop": booking.stop})

    def test_who_is_gone_before_the_start(self):
        """RM-5, RM-6: whoever came early and left at once keeps nobody out."""
        booking = self.book(hours=2)
        mine = booking.with_user(self.member)
        with freeze_time(booking.start - timedelta(minutes=10)):
            mine.action_check_in()
        with freeze_time(booking.start - timedelta(minutes=5)):
            mine.action_check_out()
            self.assertEqual((booking.state, booking.use_hours), ("finished", 5 / 60))
            self.book(user=self.outsider, start=booking.start + timedelta(minutes=1), hours=1)

    def test_who_checks_out_the_next_day(self):
        """RM-6, RM-13: has used the room until the end of his booking, and is charged for no night."""
        booking = self.book(hours=2)
        with freeze_time(booking.stop + timedelta(hours=20)):
            booking.with_user(self.member).action_check_out()
        self.assertEqual((booking.actual_stop, booking.use_hours), (booking.stop, 2))

    def sign(self, booking, user, done=True, **vals):
        action = booking.with_user(user).action_sign()
        wizard = self.env["meeting.leaving.wizard"].with_user(user).browse(action["res_id"])
        wizard.line_ids.is_done = done
        wizard.write(vals)
        wizard.action_sign()

    def test_the_checklist_is_signed(self):
        """RM-7: by whoever used the room; missing items stand in the register and are told; keepers correct."""
        booking = self.book()
        with freeze_time(booking.start):
            booking.with_user(self.member).action_check_in()
        with freeze_time(booking.stop):
            booking.with_user(self.member).action_check_out()
            with self.assertRaises(AccessError):
                booking.with_user(self.outsider).action_sign()
            self.sign(booking, self.member, missing="Remote control")
            self.assertEqual((booking.leaving_state, booking.leaving_missing, booking.signed_by_id), (
                "incomplete", "Remote control", self.member))  # fmt: skip
            self.assertEqual(len(booking.leaving_line_ids), 5)
            self.assertIn(self.room_manager.partner_id, self.rows("left_untidy", booking).partner_id)
            with self.assertRaises(UserError):
                self.sign(booking, self.member)
            self.sign(booking, self.room_manager)
            self.assertEqual((booking.leaving_state, booking.leaving_missing), ("in_order", False))

    def test_a_meeting_takes_and_leaves_its_room(self):
        """RM-6: its actual times are the meeting's; its organisers sign."""
        meeting = self.hold(self.make_meeting(room_id=self.maple.id))
        booking = meeting._current_booking()
        self.assertEqual((booking.state, booking.actual_start, booking.actual_stop), (
            "finished", meeting.actual_start, meeting.actual_stop))  # fmt: skip
        mine = meeting.with_user(self.convener)
        self.assertTrue(mine.can_sign_leaving)
        self.assertFalse(meeting.with_user(self.member).can_sign_leaving)
        with freeze_time(meeting.stop):
            self.sign(booking, self.convener)
        self.assertEqual(meeting.leaving_state, "in_order")
        with self.assertRaises(UserError):
            booking.with_user(self.convener).action_check_out()

    def test_who_signs_for_a_closed_meeting_is_not_named(self):
        """CF-5: neither in the register nor as the author of any of its rows."""
        meeting = self.hold(self.make_meeting(level="participants", name="Merger", room_id=self.maple.id))
        booking = meeting._current_booking()
        with freeze_time(meeting.stop):
            self.sign(booking, self.convener)
        self.assertEqual((booking.leaving_state, booking.signed_by_id.ids), ("in_order", []))
        authors = booking.write_uid | booking.leaving_line_ids.create_uid | booking.leaving_line_ids.write_uid
        self.assertNotIn(self.convener, authors)
        register = self.env["meeting.booking"].with_user(self.outsider).search_read([("id", "=", booking.id)])
        self.assertNotIn("Merger", repr(register))
        self.assertNotIn(self.convener.name, repr(register))

    def test_who_forgets_to_check_out(self):
        """RM-6: is out at the end of his booking."""
        booking = self.book()
        with freeze_time(booking.start):
            booking.with_user(self.member).action_check_in()
        with freeze_time(booking.stop + timedelta(minutes=90)):
            self.env["meeting.booking"]._cron_finish()
        self.assertEqual((booking.state, booking.actual_stop), ("finished", booking.stop))

    def test_nobody_has_to_check_in(self):
        """RM-6, RM-13: in a room without a check-in window a booking that was not cancelled was used: it is finished
        and charged, without times that nobody entered; where people have to check in, it was not used."""
        self.env["meeting.room.rate"].create({"name": "Inside", "hour_price": 60})
        booking = self.book()
        self.cedar.write({"needs_approval": False, "release_minutes": 20})
        must_check_in = self.book(room=self.cedar)
        with freeze_time(booking.stop + timedelta(days=8)):
            self.env["meeting.booking"]._cron_finish()
        self.assertEqual(booking.state, "confirmed", "nobody is charged for what was over long ago")
        with freeze_time(booking.stop + timedelta(minutes=90)):
            self.env["meeting.booking"]._cron_finish()
        self.assertEqual((booking.state, booking.actual_start, booking.actual_stop), ("finished", False, False))
        self.assertTrue(booking.fee_ids)
        self.assertEqual(must_check_in.state, "confirmed", "the job that releases rooms has the word")

    def test_roles_of_checklists(self):
        """RM-7: role × operation; signed items are nobody's to write."""
        template = self.env.ref("meeting_management.leaving_template_room")
        self.assertMatrix(
            "meeting.leaving.template",
            template,
            {"name": "Hall"},
            {self.member: {"read"}, self.room_manager: {"read", "write", "unlink", "create"}},
        )
        line = self.env["meeting.leaving.line"].create({"booking_id": self.book().id, "name": "Lights"})
        self.assertMatrix(
            "meeting.leaving.line",
            line,
            {"booking_id": line.booking_id.id, "name": "Air"},
            {self.member: {"read"}, self.room_manager: {"read"}, self.manager: {"read"}},
        )

    def test_the_database_knows_time(self):
        """RM-6: nobody leaves before he came."""
        booking = self.book()
        now = fields.Datetime.now()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE meeting_booking SET actual_start = %s, actual_stop = %s WHERE id = %s",
                (now, now - timedelta(hours=1), booking.id),
            )
