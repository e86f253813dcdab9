"""Rooms of closed meetings: everybody reads the booking, and nothing around it tells who meets there (CF-5, CF-6)."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.fields import Command

from tests.notice.common import NoticeCommon
from tests.rooms.common import RoomsCommon, hour

SCRIPT = Path(__file__).resolve().parents[3] / "meeting_management" / "migrations" / "19.0.1.3.0" / "post-unsigned.py"


class TestRoomsOfClosedMeetings(RoomsCommon, NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maple.release_minutes = 15
        cls.birch = cls.make_room("Birch", 10)
        crisis = cls.env.ref("meeting_management.precedence_urgent")
        cls.urgent = cls.env["meeting.type"].create({"name": "Crisis", "precedence_id": crisis.id})
        cls.technician = cls.make_user("technician", "Technician Te", cls.finance, groups="group_manager")
        cls.technician.write({"group_ids": [Command.link(cls.env.ref("base.group_system").id)]})
        cls.insiders = cls.convener | cls.chair | cls.minute_taker | cls.member

    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(
            self.make_meeting(level="participants", name="Merger", start=hour(10), room_id=self.maple.id)
        )
        self.booking = self.meeting.booking_ids

    def lose_room(self):
        """A higher meeting takes it; another room is held for the convener."""
        crisis = self.make_meeting(self.outsider, type_id=self.urgent.id, start=hour(10), room_id=self.maple.id)
        crisis.action_submit(reason="At once")
        action = crisis.booking_ids.with_user(self.room_manager).action_confirm()
        dialogue = self.env[action["res_model"]].with_user(self.room_manager).browse(action["res_id"])
        dialogue.reason = "The factory stands still"
        dialogue.action_confirm()
        return self.meeting.held_booking_ids.filtered(lambda hold: hold.room_id == self.birch)

    def assertNobodyNamed(self, rows, actor):
        """To an employee no column of these rows, as he reads them, is one of those who meet; `actor` has just done
        something, and his transaction ends."""
        rows.with_user(actor).env.flush_all()
        self.env.invalidate_all()
        for values in rows.with_user(self.outsider).read():
            told = {name: value for name, value in values.items() if isinstance(value, tuple)}
            people = set(self.insiders.ids)
            named = [
                name
                for name, value in told.items()
                if value[0] in people and rows._fields[name].comodel_name == "res.users"
            ]
            self.assertFalse(named, values["display_name"])

    def test_who_takes_a_held_room_stays_unnamed(self):
        """CF-5, RM-4: neither as author nor as editor of any booking; the meeting itself moves in his name."""
        held = self.lose_room()
        self.assertTrue(held)
        held.with_user(self.convener).action_take()
        self.assertEqual((held.state, self.meeting.room_id), ("confirmed", self.birch))
        self.assertNobodyNamed(self.meeting.booking_ids, self.convener)
        mine = self.meeting.participant_ids.filtered(lambda line: line.user_id == self.convener)
        self.assertFalse(mine.filtered(lambda line: line.response == "pending"), "who moves it need not answer anew")

    def test_who_checks_in_stays_unnamed(self):
        """CF-5, RM-5: somebody of the meeting is in the room, and the register does not say who."""
        with freeze_time(hour(10)):
            self.booking.with_user(self.member).action_check_in()
        self.assertEqual(self.booking.state, "checked_in")
        self.assertNobodyNamed(self.booking, self.member)

    def test_who_plans_moves_and_cancels_stays_unnamed(self):
        """CF-5: from the application on, whatever follows from it in the same transaction, and its clocks."""
        self.env.flush_all()
        closed = self.make_meeting(level="participants", name="Merger", start=hour(14), room_id=self.cedar.id)
        closed.action_submit(reason="It came up late")
        request = closed.booking_ids
        clocks = self.env["meeting.clock"].search([("res_model", "=", request._name), ("res_id", "=", request.id)])
        self.assertTrue(clocks)
        self.assertNobodyNamed(request, self.convener)
        self.assertNobodyNamed(clocks, self.convener)
        closed.with_user(self.convener).action_cancel(reason="Not needed")
        self.assertNobodyNamed(request, self.convener)
        self.assertNobodyNamed(clocks, self.convener)
        with freeze_time(self.meeting.start):
            self.meeting.with_user(self.chair).action_start()
            self.assertNobodyNamed(self.booking, self.chair)
            self.meeting.with_user(self.chair).action_end()
            self.assertNobodyNamed(self.booking, self.chair)
            self.booking.with_user(self.chair)._sign_leaving([("Lights off", True)], "", "")
            self.assertNobodyNamed(self.booking, self.chair)
            self.assertNobodyNamed(self.booking.leaving_line_ids, self.chair)

    def test_a_refusal_does_not_count_the_people(self):
        """CF-5, RM-1: who keeps the room learns that it is too small, not for how many."""
        closed = self.make_meeting(level="participants", name="Merger", start=hour(14), room_id=self.cedar.id)
        known = self.make_meeting(level="internal", name="Sales", start=hour(16), room_id=self.cedar.id)
        for meeting in (closed, known):
            meeting.action_submit(reason="It came up late")
        self.cedar.with_user(self.room_manager).capacity = 2
        said = {}
        for meeting in (closed, known):
            with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                meeting.booking_ids.with_user(self.room_manager).action_confirm()
            said[meeting] = str(refused.exception)
        self.assertIn("too small with 2 seats", said[closed])
        self.assertNotIn(f"{closed.headcount} people", said[closed])
        self.assertIn(f"too small, 2 seats for {known.headcount} people", said[known])

    def test_administrators_do_not_learn_who_booked(self):
        """CF-6: what the ledger owes the convener about his room is read with his meeting, by nobody else."""
        self.lose_room()
        bookings = self.meeting.booking_ids
        rows = self.ledger.search([("res_model", "=", "meeting.booking"), ("res_id", "in", bookings.ids)])
        told = rows.filtered(lambda row: row.partner_id == self.convener.partner_id)
        self.assertLessEqual({"room_unused", "room_displaced"}, {row.step.partition(":")[0] for row in told})
        self.env.invalidate_all()
        ledger = self.env["meeting.notification"].with_user(self.manager)
        self.assertFalse(ledger.search([("id", "in", told.ids)]))
        self.assertEqual(
            self.env["meeting.notification"].with_user(self.convener).search([("id", "in", told.ids)]), told
        )

    def test_nor_from_the_mails(self):
        """CF-6: the mail about it is in the queue of the server, which technical administrators look after."""
        self.lose_room()
        self.deliver()
        mails = self.mails(self.convener.partner_id, "had to be given")
        self.assertTrue(mails)
        messages = mails.mail_message_id
        self.env.invalidate_all()
        for model, ids in (("mail.mail", mails.ids), ("mail.message", messages.ids)):
            self.assertFalse(self.env[model].with_user(self.technician).search([("id", "in", ids)]), model)
        # whoever it is for reads it, though he may not read a meeting
        self.assertTrue(self.env["mail.message"].with_user(self.convener).search([("id", "in", messages.ids)]))

    def test_the_room_manager_reads_what_he_is_asked(self):
        """CF-5, RM-2: a request for a closed meeting reaches him, who may not read the meeting."""
        closed = self.make_meeting(level="participants", name="Merger", start=hour(14), room_id=self.cedar.id)
        closed.action_submit(reason="It came up late")
        self.deliver()
        asked = self.mails(self.room_manager.partner_id, "Cedar is asked for").mail_message_id
        self.assertTrue(asked)
        self.env.invalidate_all()
        self.assertEqual(self.env["mail.message"].with_user(self.room_manager).search([("id", "in", asked.ids)]), asked)
        self.assertFalse(self.env["mail.message"].with_user(self.technician).search([("id", "in", asked.ids)]))

    def test_what_was_written_before_is_closed_too(self):
        """CF-5, CF-6: the upgrade takes the names out of the rows that databases have already."""
        rows = self.rows(self.booking, "room_unused")
        self.assertTrue(rows)
        self.env.cr.execute("UPDATE meeting_notification SET meeting_id = NULL WHERE id = ANY(%s)", [rows.ids])
        self.env.cr.execute(
            "UPDATE meeting_booking SET write_uid = %s WHERE id = %s", [self.convener.id, self.booking.id]
        )
        alone = self.book(self.birch, 15, 16)
        self.env.flush_all()
        spec = spec_from_file_location("post_unsigned", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        self.assertEqual(rows.meeting_id, self.meeting)
        self.assertNobodyNamed(self.booking, self.manager)
        self.assertEqual(alone.create_uid, self.outsider, "one's own booking names him, as everybody may know")
