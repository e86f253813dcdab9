"""What is done with a room at its door, the meeting in it follows (RM-5, RM-6, LV-6, CF-5)."""

from datetime import timedelta

from freezegun import freeze_time

from tests.common import MONDAY
from tests.panel.common import PanelCommon


class TestMeetingAtTheDoor(PanelCommon):
    """A meeting in Maple from 9:05 to 10:05; it is 9:35 unless another time is said."""

    def setUp(self):
        super().setUp()
        self.tablet()

    def running(self, level="public"):
        meeting = self.meeting_at_the_door(level)
        with freeze_time(meeting.start):
            meeting.with_user(self.chair).action_start()
        clock = freeze_time(MONDAY + timedelta(minutes=35))
        clock.start()
        self.addCleanup(clock.stop)
        return meeting

    def at_the_door(self, deed, meeting, **values):
        return self.deed(deed, booking=str(meeting.sudo().booking_ids.id), **values)

    def day(self, user):
        sections = self.env["meeting.my.day"].with_user(user).get()["sections"]
        return next((section["cards"] for section in sections if section["key"] == "end"), [])

    def events(self, meeting):
        return self.env["calendar.event"].sudo().search([("formal_meeting_id", "=", meeting.id)])

    def lines(self, meeting):
        return str(meeting.sudo().message_ids.mapped("body"))

    # -- extend -------------------------------------------------------------------------------------------------

    def test_extended(self, level="public"):
        """RM-5: the meeting ends with its room, everywhere; who did it stands in its log."""
        meeting = self.running(level)
        self.assertEqual(
            self.at_the_door("extend", meeting, minutes="15", badge="BADGE3"), ("done", "Maple is yours until 10:20.")
        )
        stop, inside = MONDAY + timedelta(minutes=80), meeting.sudo()
        self.assertEqual((inside.stop, inside.duration, inside.booking_ids.stop), (stop, 1.25, stop))
        self.assertEqual(set(inside.participant_ids.mapped("stop")), {stop})
        self.assertEqual(set(self.events(meeting).mapped("stop")), {stop})
        self.assertIn("Convener Chen extended the use of Maple: the meeting ends at 10:20", self.lines(meeting))

    def test_extended_behind_a_closed_door(self):
        """CF-5: the same for a secret meeting; the panel goes on saying that the room is reserved."""
        self.test_extended("secret")
        for word in ("Merger", "Convener"):
            self.assertNotIn(word, str(self.screen()))

    def test_nobody_is_told_or_asked_anew(self):
        """NT-3, NT-5: they sit inside; nor is it short notice."""
        meeting = self.running()
        line = self.participant(meeting, self.member.partner_id).sudo()
        line._answer("accepted")
        before = self.env["meeting.notification"].sudo().search_count([("meeting_id", "=", meeting.id)])
        self.at_the_door("extend", meeting, minutes="30", badge="BADGE3")
        self.assertEqual(
            self.env["meeting.notification"].sudo().search_count([("meeting_id", "=", meeting.id)]), before
        )
        self.assertEqual(line.response, "accepted")
        self.assertFalse(meeting.moved_at)
        self.assertFalse(meeting.sudo().notice_changes)

    def test_by_the_rooms_manager(self):
        """CF-5: he extends what is reserved; the meeting's log names him, and he reads nothing of it."""
        meeting = self.running("secret")
        self.assertEqual(self.at_the_door("extend", meeting, minutes="15", badge="BADGE4")[0], "done")
        self.assertEqual(meeting.sudo().stop, MONDAY + timedelta(minutes=80))
        self.assertIn("Rooms Rong", self.lines(meeting))
        self.assertFalse(meeting.with_user(self.room_manager).has_access("read"))

    def test_refused(self):
        """RM-5: where the room cannot be had the meeting keeps its end."""
        meeting = self.running()
        self.use(40, 70, user=self.member)
        self.assertEqual(self.at_the_door("extend", meeting, minutes="15", badge="BADGE3")[0], "refused")
        self.assertEqual(meeting.stop, MONDAY + timedelta(minutes=65))

    def test_never_opened(self):
        """RM-5: the time has come, and nobody pressed “Start”: it lasts longer all the same."""
        meeting = self.meeting_at_the_door()
        with freeze_time(MONDAY + timedelta(minutes=35)):
            self.at_the_door("extend", meeting, minutes="15", badge="BADGE3")
        self.assertEqual((meeting.state, meeting.stop), ("scheduled", MONDAY + timedelta(minutes=80)))

    # -- end ----------------------------------------------------------------------------------------------------

    def test_ended_by_who_may(self, level="public"):
        """LV-6, RM-6: the convener ends the meeting with the same badge."""
        meeting = self.running(level)
        self.assertEqual(
            self.at_the_door("end", meeting, badge="BADGE3"),
            ("done", "Thank you. The meeting is ended, and Maple is free for others now."),
        )
        now, inside = MONDAY + timedelta(minutes=35), meeting.sudo()
        self.assertEqual((inside.state, inside.actual_stop), ("held", now))
        booking = inside.booking_ids
        self.assertEqual((booking.state, booking.actual_stop, booking.stop), ("finished", now, now))

    def test_ended_behind_a_closed_door(self):
        """LV-6, CF-5: the same; who keeps the register does not become known by it."""
        self.test_ended_by_who_may("secret")
        self.assertEqual(self.bookings().write_uid, self.env.ref("base.user_root"))

    def test_given_back_by_others(self):
        """LV-6, RM-6, CF-5: the meeting goes on; its people, and nobody else, are reminded to end it."""
        meeting = self.running("secret")
        self.assertFalse(self.day(self.convener))
        outcome, answer = self.at_the_door("end", meeting, badge="BADGE4")
        self.assertEqual((outcome, answer), ("done", "Thank you. Maple is free for others now."))
        self.assertEqual((meeting.sudo().state, meeting.sudo().booking_ids.state), ("in_progress", "finished"))
        self.assertEqual(meeting.sudo().room_left_at, MONDAY + timedelta(minutes=35))
        self.assertIn("Rooms Rong gave Maple back early.", self.lines(meeting))
        for user in (self.convener, self.chair, self.minute_taker):
            [card] = self.day(user)
            self.assertEqual(card["title"], "Merger with Polaris")
            self.assertIn("was given back", card["note"])
            self.assertEqual([button["method"] for button in card["buttons"]], ["action_end"])
        for user in (self.member, self.room_manager, self.secretary):
            self.assertFalse(self.day(user))
        with freeze_time(MONDAY + timedelta(minutes=50)):
            meeting.with_user(self.chair).action_end()
        booking = meeting.sudo().booking_ids
        self.assertEqual(meeting.sudo().actual_stop, MONDAY + timedelta(minutes=50))
        self.assertEqual(booking.actual_stop, MONDAY + timedelta(minutes=35), "the register knows better")
        self.assertFalse(self.day(self.chair))

    def test_moved_after_nobody_came(self):
        """LV-6: given back before anybody had begun, and held later: it has its room, and nothing is to be ended."""
        meeting = self.meeting_at_the_door()
        with freeze_time(MONDAY + timedelta(minutes=15)):
            self.at_the_door("end", meeting, badge="BADGE3")
            meeting.with_user(self.convener)._reschedule({"start": MONDAY + timedelta(hours=4)}, "Nobody came")
        with freeze_time(meeting.start):
            meeting.with_user(self.chair).action_start()
            self.assertFalse(self.day(self.chair))

    def test_the_log_is_not_open_to_who_stands_in_it(self):
        """CF-5: the room's manager is the author of a line in a secret meeting's log, and does not find it."""
        meeting = self.running("secret")
        self.at_the_door("extend", meeting, minutes="15", badge="BADGE4")
        author = ("author_id", "=", self.room_manager.partner_id.id)
        line = self.env["mail.message"].sudo().search([author, ("model", "=", meeting._name)])
        self.assertTrue(line)
        self.assertFalse(line.with_user(self.room_manager).search([("id", "in", line.ids)]))
        self.assertFalse(line.with_user(self.room_manager).has_access("read"))

    def test_across_midnight(self):
        """RM-5: from 23:00 to 24:00, and a quarter of an hour longer."""
        meeting = self.schedule(self.make_meeting(start=MONDAY + timedelta(hours=14), room_id=self.maple.id))
        with freeze_time(MONDAY + timedelta(hours=14, minutes=50)):
            self.assertEqual(self.at_the_door("extend", meeting, minutes="15", badge="BADGE3")[0], "done")
        self.assertEqual(meeting.stop, MONDAY + timedelta(hours=15, minutes=15))

    def test_guessed(self):
        """RM-5, LV-6: numbers tried one after the other end nobody's meeting."""
        meeting = self.running("secret")
        for number in range(20):
            self.at_the_door("end", meeting, pin=f"{number:04}")
        self.assertEqual(self.at_the_door("end", meeting, pin="3333")[0], "unknown")
        self.assertEqual(meeting.sudo().state, "in_progress")

    def test_forgotten(self):
        """LV-6: a meeting that runs past its end waits on the first screen of who runs it."""
        meeting = self.running()
        with freeze_time(meeting.stop):
            [card] = self.day(self.chair)
            self.assertIn("planned end has passed", card["note"])
            self.assertFalse(self.day(self.member))
