"""Requests for rooms that need approval: who waits, who else wants the same, and what a yes does to the others."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from tests.rooms.common import RoomsCommon, hour


class TestQueue(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.birch = cls.make_room("Birch", 20)

    def told(self, record, step):
        return self.env["meeting.notification"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("step", "=like", f"{step}%")]
        )

    def letter(self, row):
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()
        self.assertEqual(row.state, "sent", row.error)
        return str(row.sudo().mail_message_id.body)

    def decide(self, booking):
        action = booking.with_user(self.room_manager).action_confirm()
        return self.env[action["res_model"]].with_user(self.room_manager).browse(action["res_id"])

    def test_rivals_side_by_side(self):
        """RM-2, CF-5: the manager sees whom he would reject, as far as he may know it; nobody else reads his list."""
        secret = self.make_meeting(level="secret", name="Merger", start=hour(10), room_id=self.cedar.id)
        secret.action_submit()
        booking = self.book(self.cedar, 10, 11)
        self.assertEqual(booking.rival_count, 1)
        queue = self.env["meeting.booking"].browse(
            booking.with_user(self.room_manager).action_view_rivals()["domain"][0][2]
        )
        self.assertEqual(queue, booking | secret.booking_ids)
        wizard = self.decide(booking)
        self.assertEqual(
            wizard.line_ids.mapped(lambda line: (line.name, line.outcome)),
            [("Training", "wins"), ("Reserved", "rejected")],
        )
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.outsider).read(["name"])
        self.assertEqual((booking.state, secret.state), ("requested", "submitted"))

    def test_a_yes_rejects_the_others_with_alternatives(self):
        """RM-2: rejected with the reason, told once, with what is free instead; one click takes it."""
        rival = self.book(self.cedar, 10.5, 11.5, user=self.member)
        meeting = self.make_meeting(start=hour(10), room_id=self.cedar.id)
        meeting.action_submit()
        booking = self.book(self.cedar, 10, 11)
        wizard = self.decide(booking)
        wizard.reason = "First come"
        wizard.action_confirm()
        self.assertEqual((booking.state, rival.state, rival.reason), ("confirmed", "rejected", "First come"))
        self.assertEqual(meeting.state, "draft")
        self.assertIn("First come", meeting.refusal_reason)
        (row,) = self.told(rival, "room_decided")
        self.assertEqual(row.partner_id, self.member.partner_id)
        self.assertIn("Birch", self.letter(row))
        (refused,) = self.told(meeting, "refused")
        self.assertIn("Birch", self.letter(refused))
        offer = rival.with_user(self.member).alternative_data[0]
        self.assertIn("Maple", offer["text"])
        self.assertFalse(rival.with_user(self.outsider).alternative_data)
        rival.with_user(self.member).take_alternative(offer["room"], offer["start"], offer["stop"])
        taken = self.env["meeting.booking"].search([("room_id", "=", self.maple.id)])
        self.assertEqual((taken.state, taken.user_id, taken.start), ("confirmed", self.member, hour(10.5)))

    def test_what_is_offered_has_what_was_asked_for(self):
        """RM-1, RM-10: rooms that lack nothing come first; the booking that is taken still names what it needs."""
        oak = self.make_room("Oak", 14, feature_ids=self.projector.ids)
        self.cedar.feature_ids = self.projector
        needs = {"headcount": 12, "feature_ids": self.projector.ids, "needs_technician": True}
        booking = self.book(self.cedar, 10, 11, user=self.member, **needs)
        booking.with_user(self.room_manager).action_reject(reason="Closed for a visit")
        mine = booking.with_user(self.member)
        offer = mine.alternative_data[0]
        self.assertEqual(offer["room"], oak.id)
        mine.take_alternative(offer["room"], offer["start"], offer["stop"])
        taken = self.env["meeting.booking"].search([("room_id", "=", oak.id)])
        self.assertEqual((taken.state, taken.feature_ids, taken.needs_technician), ("confirmed", self.projector, True))
        self.assertFalse(mine.alternative_data)
        with self.assertRaises(UserError):  # a second click books no second room
            mine.take_alternative(self.birch.id, offer["start"], offer["stop"])
        taken.with_user(self.member).action_cancel()
        self.assertTrue(mine.alternative_data)
        with self.assertRaises(UserError):
            booking.with_user(self.outsider).take_alternative(self.birch.id, offer["start"], offer["stop"])

    def test_only_deciders_decide(self):
        """RM-2: neither with the dialogue of another nor past it."""
        booking = self.book(self.cedar, 10, 11)
        self.book(self.cedar, 10, 11, user=self.member)
        wizard = self.decide(booking)
        with self.assertRaises(AccessError):
            wizard.with_user(self.member).action_confirm()
        with self.assertRaises(AccessError):
            booking.with_user(self.member)._confirm_over("Mine")

    def test_several_disputed_requests_at_once(self):
        """RM-2: a yes that touches others is given one by one; the sentence names those, and nothing is decided."""
        rivals = self.book(self.cedar, 10, 11) | self.book(self.cedar, 10.5, 11.5, user=self.member)
        quiet = self.book(self.cedar, 15, 16)
        both = (rivals | quiet).with_user(self.room_manager)
        with self.assertRaisesRegex(UserError, "one by one"):
            both.action_confirm()
        self.assertEqual(set(both.mapped("state")), {"requested"})

    def test_the_age_of_a_request(self):
        """RM-2: a clock runs from the request until it is decided; My Day tells how many want the same."""
        booking = self.book(self.cedar, 10, 11)
        self.book(self.cedar, 10, 11, user=self.member)
        self.assertTrue(booking.with_user(self.room_manager).clock_data)
        sections = self.env["meeting.my.day"].with_user(self.room_manager).get()["sections"]
        cards = next(section["cards"] for section in sections if section["key"] == "rooms")
        self.assertIn("1 more want it", next(card["note"] for card in cards if card["id"] == booking.id))

    def test_a_refusal_names_what_is_free(self):
        """RM-1: the sentence ends with rooms or times that would do."""
        self.book(self.maple, 10, 11)
        with self.assertRaises(UserError) as refused:
            self.book(self.maple, 10, 11, user=self.member)
        self.assertIn("taken from", str(refused.exception))
        self.assertIn("Free instead: Birch", str(refused.exception))
        self.assertIn("Cedar", str(refused.exception))

    # -- opened and closed --------------------------------------------------------------------------------------

    def test_a_room_that_is_opened_settles_its_queue(self):
        """RM-2: the oldest lawful request is confirmed, rivals are rejected with alternatives, each is told."""
        first = self.make_meeting(start=hour(10), room_id=self.cedar.id)
        first.action_submit()
        second = self.book(self.cedar, 10, 11)
        other = self.book(self.cedar, 13, 14, user=self.member)
        crowd = self.book(self.cedar, 15, 16)
        self.env["meeting.room.blocking"].create(
            {"room_id": self.cedar.id, "name": "Painting", "start": hour(15), "stop": hour(16)}
        )
        with Form(self.cedar.with_user(self.room_manager)) as form:
            form.needs_approval = False
        self.assertEqual((first.state, first.booking_ids.state), ("scheduled", "confirmed"))
        self.assertEqual([second.state, other.state, crowd.state], ["rejected", "confirmed", "rejected"])
        self.assertIn("earlier request", second.reason)
        self.assertEqual(crowd.reason, "blocked: Painting")
        self.assertEqual(self.told(second, "room_decided").partner_id, self.outsider.partner_id)
        self.assertEqual(self.told(other, "room_decided").partner_id, self.member.partner_id)
        self.assertIn("Birch", self.letter(self.told(second, "room_decided")))

    def test_a_room_that_is_closed_tells_its_managers(self):
        """RM-2: what is confirmed stays; what waits for another reason is now theirs to decide."""
        self.weekly.step_ids = [
            Command.create({"sequence": 1, "name": "Boss", "approver_kind": "user", "user_id": self.boss.id})
        ]
        confirmed = self.book(self.maple, 10, 11)
        meeting = self.make_meeting(start=hour(13), room_id=self.maple.id)
        meeting.action_submit()
        request = meeting.booking_ids
        self.assertFalse(self.told(request, "room_request"))
        self.maple.with_user(self.room_manager).write({"needs_approval": True})
        self.assertEqual((confirmed.state, request.state), ("confirmed", "requested"))
        self.assertIn(self.room_manager.partner_id, self.told(request, "room_request").partner_id)
        meeting.with_user(self.boss).action_approve()
        self.assertEqual(meeting.state, "submitted")
        request.with_user(self.room_manager).action_confirm()
        self.assertEqual(meeting.state, "scheduled")
