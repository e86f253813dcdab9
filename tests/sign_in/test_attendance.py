"""Signing in, and what follows from the log (AT-1, AT-2)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError

from tests.common import MeetingCommon


class TestAttendance(MeetingCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting(duration=2))
        self.meeting.sudo().participant_ids.notified_at = self.meeting.scheduled_at
        self.line = self.participant(self.meeting, self.member.partner_id)

    def at(self, minutes):
        """The clock at so many minutes after the announced start."""
        return freeze_time(self.meeting.start + timedelta(minutes=minutes))

    def state(self, partner):
        return self.participant(self.meeting, partner).attendance_state

    def test_a_meeting_with_every_kind_of_attendance(self):
        """AT-2: on time, late, left early, both, on leave, represented, absent are told apart."""
        people = {name: self.make_user(name, name.title()) for name in ("early", "both", "leave", "proxy", "gone")}
        for user in people.values():
            self.meeting.write({"participant_ids": [(0, 0, {"partner_id": user.partner_id.id})]})
        self.meeting.sudo().participant_ids.notified_at = self.meeting.scheduled_at
        secretary = self.meeting.with_user(self.minute_taker)

        def line(user):
            return self.participant(secretary, user.partner_id)

        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
            (line(self.chair) + line(people["early"])).action_sign_in()
        with self.at(4):
            line(self.minute_taker).action_sign_in()
        with self.at(20):
            (line(self.member) + line(people["both"])).action_sign_in()
            line(people["leave"]).action_mark_excused()
            line(people["proxy"]).action_mark_represented()
        with self.at(60):
            (line(people["early"]) + line(people["both"])).action_sign_out()
        self.assertEqual(self.state(people["gone"].partner_id), "expected")
        with self.at(120):
            self.meeting.with_user(self.chair).action_end()
        self.assertEqual(
            {
                user.login: self.state(user.partner_id)
                for user in (self.chair, self.minute_taker, self.member, *people.values())
            },
            {
                "chair": "present",
                "taker": "present",
                "member": "late",
                "early": "left_early",
                "both": "late_left_early",
                "leave": "excused",
                "proxy": "represented",
                "gone": "absent",
            },
        )
        self.assertEqual(line(self.member).late_minutes, 20)
        self.assertEqual(self.meeting.present_count, 5)

    def test_signing_in_oneself(self):
        """AT-1: from a quarter of an hour before the start, once, for oneself, marked as personal."""
        mine = self.meeting.with_user(self.member)
        with self.at(-20), self.assertRaises(UserError):
            mine.action_sign_in()
        with self.at(-10):
            said = mine.action_sign_in()["params"]
            self.assertEqual((said["type"], said["message"]), ("success", "You are signed in, on time."))
            with self.assertRaises(UserError):
                mine.action_sign_in()
        self.assertEqual(self.line.attendance_ids.method, "self")
        self.assertEqual(self.line.attendance_state, "present")
        with self.at(0), self.assertRaises(AccessError):
            self.meeting.with_user(self.outsider).action_sign_in()

    def test_signing_in_late_says_so(self):
        """AT-2: the person learns at once what the list will say of him."""
        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
        with self.at(20):
            said = self.meeting.with_user(self.member).action_sign_in()["params"]
        self.assertEqual((said["type"], said["message"]), ("warning", "You are signed in, 20 minutes late."))

    def test_the_secretary_s_list_only(self):
        """AT-1: where the type says so, nobody signs in himself."""
        self.weekly.allow_self_sign_in = False
        with self.at(0), self.assertRaises(UserError):
            self.meeting.with_user(self.member).action_sign_in()

    def test_who_was_never_notified_is_not_absent(self):
        """NT-6"""
        self.line.sudo().notified_at = False
        self.hold(self.meeting, present=self.chair.partner_id)
        self.assertEqual(self.state(self.member.partner_id), "not_notified")
        self.assertEqual(self.state(self.guest), "absent")

    def test_a_late_opening_makes_nobody_late(self):
        """AT-2: who came before the chair opened is on time."""
        with self.at(25):
            self.meeting.with_user(self.chair).action_start()
            self.line.with_user(self.chair).action_sign_in()
        self.assertEqual(self.line.attendance_state, "present")

    def test_the_quorum(self):
        """LV-4: counts the required participants; a proxy stands for whom he replaces."""
        self.meeting.quorum_percent = 100
        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
            people = self.meeting.participant_ids.with_user(self.chair)
            people.filtered(lambda line: line.role in ("chair", "minute_taker")).action_sign_in()
            self.assertFalse(self.meeting.is_quorate)
            self.line.with_user(self.chair).action_mark_represented()
        self.assertTrue(self.meeting.is_quorate)

    def test_a_proxy_who_stays_away_makes_no_quorum(self):
        """LV-4, PT-2: whom somebody named stands for him once he is there himself."""
        self.meeting.quorum_percent = 100
        line = self.line.with_user(self.chair)
        line.proxy_partner_id = self.outsider.partner_id
        line.action_mark_represented()
        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
            people = self.meeting.participant_ids.with_user(self.chair)
            people.filtered(lambda line: line.role in ("chair", "minute_taker")).action_sign_in()
            self.assertFalse(self.meeting.is_quorate)
            self.participant(self.meeting, self.outsider.partner_id).with_user(self.chair).action_sign_in()
        self.assertTrue(self.meeting.is_quorate)

    def test_everybody_else_is_present(self):
        """AT-1: one click for the rest of the list; a second click adds nothing."""
        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
            self.line.with_user(self.chair).action_mark_excused()
            self.meeting.with_user(self.chair).action_sign_in_all()
            self.meeting.with_user(self.chair).action_sign_in_all()
        self.assertEqual(len(self.meeting.attendance_ids), 3)
        with self.assertRaises(UserError):
            self.participant(self.meeting, self.guest).with_user(self.chair).action_mark_absent()

    def test_intervals_do_not_overlap(self):
        """AT-1: the log is evidence."""
        with self.at(0):
            self.line.with_user(self.chair).action_sign_in()
            with self.assertRaises(ValidationError):
                self.env["meeting.attendance"].with_user(self.chair).create({"participant_id": self.line.id})

    def test_a_paper_list_entered_later(self):
        """AT-1: after the meeting, entered people count from its start; absence can be excused."""
        self.hold(self.meeting, present=self.chair.partner_id)
        self.line.with_user(self.minute_taker).action_sign_in()
        self.assertEqual(self.line.signed_in_at, self.meeting.actual_start)
        with self.assertRaises(AccessError):
            self.participant(self.meeting, self.guest).with_user(self.member).action_sign_in()

    def test_the_agenda_runs(self):
        """LV-2, LV-5, AG-6: opening a topic finishes the one before; at the end the rest was not reached."""
        items = self.env["meeting.agenda.item"].create(
            [{"meeting_id": self.meeting.id, "name": name, "sequence": n} for n, name in enumerate(("A", "B", "C"))]
        )
        with self.assertRaises(UserError):
            items[0].with_user(self.chair).action_discuss()
        with self.at(0):
            self.meeting.with_user(self.chair).action_start()
            items[0].with_user(self.chair).action_discuss()
        with self.at(30):
            items[1].with_user(self.chair).action_discuss()
        with self.at(50):
            self.meeting.with_user(self.chair).action_end()
        self.assertEqual(items.mapped("state"), ["discussed", "discussed", "not_reached"])
        self.assertEqual(items.mapped("minutes_used"), [30, 20, 0])
