"""Faults: reported in two taps, bookings warned and offered another room, told when it works again (RM-9, RM-10)."""

import re

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from tests.rooms_upkeep.common import UpkeepCommon

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class TestFaults(UpkeepCommon):
    def test_from_report_to_repair(self):
        """RM-10: the state of the device follows the report; technician and reporter are told, once each."""
        fault = self.report(photo=PIXEL)
        self.assertEqual((self.projector.state, fault.technician_id, fault.user_id), (
            "faulty", self.technician, self.member))  # fmt: skip
        self.assertEqual(self.rows("fault_new", fault).partner_id, self.technician.partner_id)
        fault.with_user(self.technician).action_start()
        self.assertEqual(self.projector.state, "repair")
        self.assertIn("Projector", self.maple.fault_text)
        fault.with_user(self.technician).solution = "New lamp"
        fault.with_user(self.technician).action_repair()
        self.assertEqual((self.projector.state, self.maple.has_fault), ("working", False))
        self.assertEqual((fault.repaired_by_id, bool(fault.repaired_at)), (self.technician, True))
        self.assertEqual(self.rows("fault_done", fault).partner_id, self.member.partner_id)

    def test_only_some_may_repair(self):
        """RM-10: repairs are recorded by technician or keepers; the reporter takes back what nobody has begun."""
        fault = self.report()
        for verb in ("action_start", "action_repair"):
            with self.assertRaises(AccessError):
                getattr(fault.with_user(self.outsider), verb)()
        self.assertEqual((fault.with_user(self.member).can_cancel, fault.with_user(self.outsider).can_cancel), (
            True, False))  # fmt: skip
        with self.assertRaises(AccessError):
            fault.with_user(self.room_manager).state = "repaired"
        with self.assertRaises(AccessError):
            fault.with_user(self.member).technician_id = self.member
        self.assertEqual(self.report(self.microphones, technician_id=self.member.id).technician_id.ids, [])
        fault.with_user(self.room_manager).action_start()
        with self.assertRaises(UserError):
            fault.with_user(self.member).action_cancel(reason="My mistake")
        with self.assertRaises(UserError):
            fault.with_user(self.room_manager).unlink()

    def test_a_device_of_another_room_is_refused(self):
        """RM-10"""
        with self.assertRaises(ValidationError):
            self.report(room_id=self.linden.id)

    def test_later_bookings_that_need_it_are_warned(self):
        """RM-10: once per fault and booking; who does not need it, or comes from another room, hears nothing."""
        needing = self.book(feature_ids=self.needs(self.projection))
        self.book(start=self.days_ahead(8))
        self.book(room=self.linden, feature_ids=self.needs(self.projection))
        fault = self.report(user=self.outsider)
        fault._warn_bookings()
        row = self.rows("faulty")
        self.assertEqual((row.res_model, row.res_id, row.partner_id), (
            "meeting.booking", needing.id, self.member.partner_id))  # fmt: skip
        self.send()
        said = str(row.sudo().mail_message_id.body)
        self.assertIn("Projector is faulty in Maple", f"{row.sudo().mail_message_id.subject} {said}")
        self.assertNotIn("Cedar", said)  # too slow: it needs consent

    def test_another_free_room_is_offered_and_taken(self):
        """RM-10: a room with the same feature that is free; one tap moves the booking."""
        booking = self.book(feature_ids=self.needs(self.projection))
        self.report()
        warning = booking.with_user(self.member).room_trouble
        self.assertIn("Projector out of order", warning)
        self.assertIn("Linden", warning)
        self.assertNotIn("Cedar", warning)
        booking.with_user(self.member).action_take_other_room()
        self.assertEqual((booking.room_id, booking.room_trouble), (self.linden, False))
        late = self.book(start=self.days_ahead(9), feature_ids=self.needs(self.sound))
        self.report(self.microphones, quantity=2)
        with self.assertRaises(UserError):
            late.with_user(self.member).action_take_other_room()

    def test_a_room_that_has_to_be_asked_for_is_named_at_last(self):
        """RM-10: where no room is had at once, the warning names those that need consent, and moves nobody there."""
        self.cedar.feature_ids = self.sound
        booking = self.book(feature_ids=self.needs(self.sound)).with_user(self.member)
        self.report(self.microphones, quantity=2)
        self.assertIn("Cedar (needs approval)", booking.room_trouble)
        with self.assertRaisesRegex(UserError, "Cedar"):
            booking.action_take_other_room()
        self.assertEqual(booking.room_id, self.maple)

    def test_when_it_works_again_the_warned_are_told(self):
        """RM-10: only those whose warning has left; what still waits is taken back."""
        self.book(feature_ids=self.needs(self.projection))
        fault = self.report()
        fault.with_user(self.technician).action_repair()
        self.assertFalse(self.rows("faulty"))
        self.assertFalse(self.rows("mended"))
        second = self.report()
        self.send()
        self.assertEqual(self.rows(f"faulty:{second.id}").state, "sent")
        second.with_user(self.technician).action_repair()
        row = self.rows("mended")
        self.assertEqual(row.partner_id, self.member.partner_id)
        self.send()
        self.assertEqual(row.state, "sent")

    def test_one_of_two_does_not_fail_the_room(self):
        """RM-9: stock counts; the feature fails with the last working piece, and never with a device of no account."""
        booking = self.book(feature_ids=self.needs(self.sound))
        self.report(self.microphones)
        self.assertEqual((self.microphones.working_quantity, booking.room_trouble), (1, False))
        self.report(self.microphones)
        self.assertIn("Microphones", booking.with_user(self.member).room_trouble)
        self.projector.is_essential = False
        self.report(self.projector)
        self.assertFalse(self.maple._failing(self.projection))

    def test_who_books_now_is_refused_with_the_cause(self):
        """RM-1, RM-10: a new booking that needs the device is told why; what is booked is not lost."""
        before = self.book(feature_ids=self.needs(self.projection))
        self.report()
        with self.assertRaisesRegex(ValidationError, "Projector out of order"):
            self.book(start=self.days_ahead(9), feature_ids=self.needs(self.projection))
        self.book(start=self.days_ahead(10))
        before.with_user(self.member).write({"stop": before.stop.replace(minute=30)})
        self.assertEqual(before.state, "confirmed")
        self.assertIn(
            "Projector out of order",
            self.maple._refusals(self.days_ahead(9), self.days_ahead(9, hour=2), features=self.projection),
        )

    def test_a_meeting_ends_in_a_room_that_failed(self):
        """RM-10: the fault warns the convener of the meeting; it stops neither start nor end."""
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id, feature_ids=self.needs(self.projection)))
        self.report(user=self.outsider)
        row = self.rows("faulty")
        self.assertEqual((row.res_model, row.meeting_id, row.partner_id), (
            "meeting.meeting", meeting, self.convener.partner_id))  # fmt: skip
        self.assertIn("Linden", meeting.with_user(self.convener).room_trouble)
        action = meeting.with_user(self.convener).action_take_other_room()
        self.assertEqual(action["context"]["default_room_id"], self.linden.id)
        self.hold(meeting)
        self.assertEqual(meeting.state, "held")

    def test_a_closed_meeting_stays_closed(self):
        """CF-5: who reports from a secret meeting is not tied to its booking, and its warning tells nothing."""
        meeting = self.make_meeting(
            level="secret", name="Merger", room_id=self.maple.id, feature_ids=self.needs(self.projection)
        )
        self.schedule(meeting)
        booking = meeting._current_booking()
        self.assertFalse(booking.feature_ids)
        fault = self.report(user=self.chair, booking_id=booking.id)
        self.assertFalse(fault.booking_id)
        self.send()
        row = self.rows("faulty")
        self.assertEqual(row.state, "sent")
        message = row.sudo().mail_message_id
        self.assertNotIn("Merger", f"{message.subject} {message.body}")
        own = self.report(user=self.member, booking_id=self.book(start=self.days_ahead(9)).id)
        self.assertTrue(own.booking_id)

    def test_roles(self):
        """RM-9, RM-10: role × operation on devices and faults; other companies see neither."""
        fault = self.report()
        elsewhere = self.other_company_user()
        self.assertMatrix(
            "meeting.equipment",
            self.camera,
            {"name": "Board", "room_id": self.maple.id},
            {
                self.outsider: {"read"},
                self.technician: {"read"},
                self.room_manager: {"read", "write", "unlink", "create"},
                elsewhere: set(),
            },
        )
        values = {"name": "Broken", "room_id": self.maple.id}
        self.assertMatrix(
            "meeting.fault",
            fault,
            values,
            {
                self.member: {"read", "write", "create"},
                self.outsider: {"read", "create"},
                self.technician: {"read", "write", "create"},
                self.room_manager: {"read", "write", "unlink", "create"},
            },
        )
        self.assertFalse(fault.with_user(elsewhere).has_access("read"))
        with self.assertRaises(AccessError):
            self.report(user=self.outsider, user_id=self.member.id)

    def test_rooms_each_have_an_address(self):
        """RM-10: tokens differ, also for rooms of earlier versions; the label is a PDF with the code."""
        rooms = self.env["meeting.room"].search([])
        self.env.cr.execute("ALTER TABLE meeting_room DROP CONSTRAINT meeting_room_token_unique")
        self.env.cr.execute("UPDATE meeting_room SET token = NULL")
        rooms._init_column("token")
        rooms.invalidate_recordset(["token"])
        self.assertEqual(len(set(rooms.mapped("token"))), len(rooms))
        report = self.env["ir.actions.report"].with_user(self.room_manager).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("meeting_management.report_room_label", self.maple.ids)
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))
        html = report._meeting_html("meeting_management.report_room_label", self.maple)
        self.assertRegex(html, r'src="data:image/png;base64,[A-Za-z0-9+/=]{300,}"')


@tagged("-at_install", "post_install")
class TestRoomPage(UpkeepCommon, HttpCase):
    def test_scan_choose_send(self):
        """RM-10: behind the code at the door, an employee picks the device and sends; strangers find nothing."""
        url = f"/meeting/room/{self.maple.token}"
        self.assertIn("/web/login", self.url_open(url, allow_redirects=False).headers.get("Location", ""))
        self.authenticate("member", "member")
        page = self.url_open(url).text
        self.assertIn("Projector", page)
        self.assertEqual(self.url_open("/meeting/room/nowhere").status_code, 404)
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        answer = self.url_open(
            f"{url}/fault", data={"csrf_token": csrf, "device": str(self.projector.id), "words": "Flickers"}
        )
        self.assertIn("Thank you", answer.text)
        fault = self.env["meeting.fault"].search([("equipment_id", "=", self.projector.id)])
        self.assertEqual((fault.name, fault.user_id), ("Flickers", self.member))
        self.assertIn("text-bg-danger", answer.text)

    def test_guests_and_other_companies_find_nothing(self):
        """RM-10, CF-1"""
        elsewhere = self.other_company_user()
        self.authenticate(elsewhere.login, elsewhere.login)
        self.assertEqual(self.url_open(f"/meeting/room/{self.maple.token}").status_code, 404)


class TestFaultClock(UpkeepCommon):
    def test_a_warning_in_vain_is_not_sent(self):
        """RM-10, RE-3: repaired, moved or over meanwhile, nobody is bothered."""
        booking = self.book(feature_ids=self.needs(self.projection))
        self.report()
        with freeze_time(booking.stop):
            self.send()
        self.assertEqual(self.env["meeting.notification"].search([("step", "=like", "faulty%")]).state, "void")
