"""A higher meeting may take the room of a lower booking: its manager decides, with a reason, and holds another."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError

from tests.rooms.common import MONDAY, RoomsCommon, hour


class TestPrecedence(RoomsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = cls.env.ref
        cls.urgent = cls.env["meeting.type"].create(
            {"name": "Crisis", "precedence_id": ref("meeting_management.precedence_urgent").id}
        )
        cls.visit = cls.env["meeting.type"].create(
            {"name": "Visit", "precedence_id": ref("meeting_management.precedence_reception").id}
        )
        cls.birch, cls.elm = cls.make_room("Birch", 10), cls.make_room("Elm", 12)
        cls.rival = cls.make_user("rival", "Rival Ren", cls.sales, manager=cls.approver)

    def told(self, record, step):
        return self.env["meeting.notification"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("step", "=like", f"{step}%")]
        )

    def weekly_at(self, clock=10, **vals):
        return self.schedule(self.make_meeting(start=hour(clock), room_id=self.maple.id, **vals))

    def apply(self, kind=None, clock=10, **vals):
        meeting = self.make_meeting(
            self.rival,
            name="Crisis",
            type_id=(kind or self.urgent).id,
            start=hour(clock),
            room_id=self.maple.id,
            chair_id=self.rival.id,
            minute_taker_id=self.rival.id,
            participant_ids=[],
            **vals,
        )
        meeting.action_submit(reason="At once")
        return meeting

    def give(self, meeting, reason="The factory stands still", user=None):
        booking = meeting.booking_ids.with_user(user or self.room_manager)
        action = booking.action_confirm()
        wizard = self.env[action["res_model"]].with_user(user or self.room_manager).browse(action["res_id"])
        wizard.reason = reason
        wizard.action_confirm()

    # -- who goes before whom -----------------------------------------------------------------------------------

    def test_a_higher_meeting_may_ask_for_a_taken_room(self):
        """RM-4: even where the room is confirmed at once, its manager decides; until then nothing moves."""
        weekly = self.weekly_at()
        draft = self.make_meeting(self.rival, type_id=self.urgent.id, start=hour(10), room_id=self.maple.id)
        self.assertIn("goes before", draft.room_warning)
        crisis = self.apply()
        request = crisis.booking_ids
        self.assertEqual((crisis.state, request.state, request.asks_precedence), ("submitted", "requested", True))
        self.assertIn(self.room_manager.partner_id, self.told(request, "room_request").partner_id)
        self.assertEqual(weekly._current_booking().state, "confirmed")
        sections = self.env["meeting.my.day"].with_user(self.room_manager).get()["sections"]
        self.assertIn("rooms", [section["key"] for section in sections])

    def test_equals_and_higher_cannot_be_displaced(self):
        """RM-4: an urgent meeting keeps its room against another urgent one, and against a reception."""
        self.weekly_at(type_id=self.urgent.id)
        for kind in (self.urgent, self.visit, self.weekly):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.apply(kind)

    def test_nobody_displaces_what_has_begun(self):
        """RM-4"""
        self.weekly_at(duration=3)
        with freeze_time(hour(10.5)), self.assertRaises(ValidationError):
            self.apply(clock=11)

    def test_the_order_is_the_companys(self):
        """RM-4: the administrator's order decides, not ours."""
        self.weekly_at(type_id=self.urgent.id)
        self.visit.precedence_id.with_user(self.manager).sequence = 1
        self.assertEqual(self.apply(self.visit).state, "submitted")
        with self.assertRaises(AccessError):
            self.visit.precedence_id.with_user(self.room_manager).sequence = 2

    def test_only_the_room_manager_and_only_with_a_reason(self):
        """RM-4"""
        self.weekly_at()
        crisis = self.apply()
        with self.assertRaises(AccessError):
            crisis.booking_ids.with_user(self.rival).action_confirm()
        with self.assertRaises(UserError):
            self.give(crisis, reason=" ")
        self.assertEqual(crisis.state, "submitted")

    # -- giving way ---------------------------------------------------------------------------------------------

    def test_the_displaced_meeting_gets_rooms_held(self):
        """RM-4: the best others are held for an hour, the convener is told at once, its people when it is settled."""
        weekly = self.weekly_at()
        lost, people = weekly.booking_ids, weekly.participant_ids
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()
        crisis = self.apply()
        self.give(crisis)
        self.assertEqual((crisis.state, crisis._current_booking().state), ("scheduled", "confirmed"))
        self.assertEqual(
            (lost.state, lost.release_cause, lost.reason), ("released", "displaced", "The factory stands still")
        )
        self.assertEqual((lost.displaced_by_id, lost.displaced_for_id), (self.room_manager, crisis.booking_ids))
        holds = weekly.held_booking_ids
        self.assertEqual(holds.room_id, self.birch | self.elm)
        self.assertEqual(set(holds.mapped("held_until")), {MONDAY.replace(hour=MONDAY.hour + 1)})
        self.assertEqual(
            (weekly.state, weekly.participant_ids, weekly.room_id), ("scheduled", people, self.env["meeting.room"])
        )
        self.assertEqual(self.told(lost, "room_displaced").partner_id, self.convener.partner_id)
        self.assertFalse(self.told(weekly, "change"))
        self.assertIn("The factory stands still", weekly.with_user(self.convener).room_released)
        # held means held, for everybody
        with self.assertRaises(ValidationError):
            self.book(self.birch, 10, 11)
        with self.assertRaises(AccessError):
            holds[0].with_user(self.outsider).action_take()
        holds.filtered(lambda hold: hold.room_id == self.birch).with_user(self.convener).action_take()
        self.assertEqual((weekly.room_id, weekly._current_booking().state), (self.birch, "confirmed"))
        self.assertEqual(self.book(self.elm, 10, 11).state, "confirmed")
        changes = self.told(weekly, "change")
        self.assertEqual(len(changes), len(changes.partner_id))
        self.assertIn(self.member.partner_id, changes.partner_id)
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()
        said = str(changes.filtered(lambda row: row.partner_id == self.member.partner_id).sudo().mail_message_id.body)
        self.assertIn("Maple", said)
        self.assertIn("Birch", said)

    def test_what_nobody_takes_is_free_again(self):
        """RM-4, RM-14: at query time; the people learn then, once, that their meeting has no room."""
        weekly = self.weekly_at()
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()
        self.give(self.apply())
        holds = weekly.held_booking_ids
        with freeze_time(hour(9.5, MONDAY)):
            self.assertTrue(self.birch._refusals(hour(10), hour(11)))
        with freeze_time(hour(10.5, MONDAY)):
            self.assertEqual(self.book(self.birch, 10, 11).state, "confirmed")
        self.assertEqual(set(holds.mapped("release_cause")), {False, "expired"})
        self.assertFalse(self.told(weekly, "change"))
        with freeze_time(hour(11, MONDAY)), self.enter_registry_test_mode():
            self.assertTrue(self.env.ref("meeting_management.ir_cron_release_rooms").method_direct_trigger())
        self.assertEqual(set(holds.mapped("state")), {"released"})
        rows = self.told(weekly, "change")
        self.assertEqual(len(rows), len(rows.partner_id))
        self.assertIn(self.member.partner_id, rows.partner_id)

    def test_a_plain_booking_gives_way_too(self):
        """RM-4: whoever booked takes one of the rooms held for him with one click."""
        booking = self.book(self.maple, 10, 11, user=self.member)
        self.give(self.apply())
        self.assertEqual((booking.state, booking.release_cause), ("released", "displaced"))
        hold = booking.hold_ids[:1]
        section = next(
            section
            for section in self.env["meeting.my.day"].with_user(self.member).get()["sections"]
            if section["key"] == "held"
        )
        self.assertIn(hold.id, [card["id"] for card in section["cards"]])
        hold.with_user(self.member).action_take()
        self.assertEqual((hold.state, hold.user_id, hold.name), ("confirmed", self.member, "Training"))

    def test_what_was_needed_is_needed_in_the_other_room(self):
        """RM-4, RM-9, RM-10: equipment and technician go with the booking that had to give way."""
        (self.birch | self.elm).technician_id = self.secretary
        self.elm.feature_ids = self.video
        needs = {"feature_ids": self.video.ids, "needs_technician": True}
        booking = self.book(self.maple, 10, 11, user=self.member, **needs)
        self.give(self.apply())
        hold = booking.hold_ids.filtered(lambda hold: hold.room_id == self.elm)
        self.assertEqual(hold, booking.hold_ids.sorted("id")[0])  # Birch is nearer in size, and lacks the link
        hold.with_user(self.member).action_take()
        self.assertEqual((hold.state, hold.feature_ids), ("confirmed", self.video))
        self.assertEqual((hold.technician_id, hold.technician_state), (self.secretary, "asked"))

    def test_a_secret_meeting_that_gives_way_tells_nothing(self):
        """CF-5: the manager sees “Reserved”; neither booking nor the rooms held for it carry more."""
        weekly = self.weekly_at(level="secret", name="Merger")
        crisis = self.apply()
        action = crisis.booking_ids.with_user(self.room_manager).action_confirm()
        lines = self.env[action["res_model"]].with_user(self.room_manager).browse(action["res_id"]).line_ids
        self.assertIn(("Reserved", "gives_way"), lines.mapped(lambda line: (line.name, line.outcome)))
        self.give(crisis)
        shown = str((weekly.booking_ids | weekly.held_booking_ids).with_user(self.outsider).read())
        self.assertNotIn("Merger", shown)
        self.assertNotIn(self.convener.name, shown)

    def test_counted_per_person(self):
        """RM-4: who displaced whom stands in the register and is written by nobody."""
        self.weekly_at()
        self.give(self.apply())
        rows = self.env["meeting.booking"]._read_group(
            [("release_cause", "=", "displaced")], ["displaced_by_id", "user_id"], ["__count"]
        )
        self.assertEqual(rows, [(self.room_manager, self.convener, 1)])
        booking = self.book(self.elm, 15, 16)
        for vals in ({"displaced_by_id": self.member.id}, {"held_until": hour(1)}, {"asks_precedence": True}):
            with self.assertRaises(AccessError):
                booking.write(vals)

    def test_cancelling_lets_the_held_rooms_go(self):
        """RM-4, MT-5"""
        weekly = self.weekly_at()
        self.give(self.apply())
        weekly.with_user(self.convener).action_cancel(reason="Not worth it")
        self.assertEqual(self.book(self.birch, 10, 11).state, "confirmed")
