"""Raising and lowering the level, and locking a secret meeting from inside (CF-1)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from tests.secrets.common import SecretsCommon

LEVELS = ("public", "internal", "participants", "secret")


class TestLevel(SecretsCommon):
    def test_who_raises_and_who_lowers(self):
        """CF-1: organisers raise, the chair alone lowers; role × direction."""
        for user, raises, lowers in (
            (self.chair, True, True),
            (self.convener, True, False),
            (self.minute_taker, True, False),
            (self.member, False, False),
            (self.secretary, False, False),
            (self.manager, False, False),
            (self.auditor, False, False),
        ):
            for level, allowed in (("secret", raises), ("internal", lowers)):
                meeting = self.secret_meeting(level="participants").with_user(user)
                with self.subTest(login=user.login, level=level):
                    if allowed:
                        meeting.action_change_level(level, "because")
                    else:
                        with self.assertRaises(AccessError):
                            meeting.action_change_level(level, "because")
                    self.assertEqual(meeting.sudo().level, level if allowed else "participants")

    def test_the_field_itself_is_closed(self):
        """CF-1: beyond draft no direct write, by whomever, superuser code included; forged verbs fail too."""
        meetings = {"scheduled": self.secret_meeting(), "held": self.hold(self.secret_meeting())}
        submitted = self.make_meeting(level="secret", type_id=self.reception.id)
        submitted.action_submit()
        for state, meeting in {**meetings, "submitted": submitted}.items():
            self.assertEqual(meeting.state, state)
            for user in (self.chair, self.convener, self.manager, self.env.ref("base.user_admin")):
                reader = user in (self.chair, self.convener)
                with self.subTest(state=state, login=user.login):
                    with self.assertRaises(UserError if reader else AccessError):
                        meeting.with_user(user).write({"level": "public"})
            with self.assertRaises(UserError):
                meeting.sudo().write({"level": "public"})
        meeting = meetings["scheduled"].with_user(self.chair)
        for level in ("top", "secret"):
            with self.assertRaises(UserError):
                meeting.action_change_level(level, "x")

    def test_the_rooms_schedule_forgets(self):
        """CF-1, CF-5: raised, the schedule tells no subject, person or number any more, of rooms given back neither."""
        meeting = self.secret_meeting(level="public", room_id=self.maple.id)
        oak = self.maple.copy({"name": "Oak"})
        meeting._reschedule({"room_id": oak.id}, "larger")
        bookings = meeting.booking_ids.sudo()
        self.assertEqual(bookings.room_id, self.maple | oak)
        self.assertEqual(set(bookings.mapped("name")), {meeting.name})
        for level, people in (("internal", len(meeting.participant_ids)), ("participants", 0), ("secret", 0)):
            meeting.with_user(self.convener).action_change_level(level, "an offer came in")
            self.forget()
            schedule = bookings.with_user(self.outsider).read(["name", "user_id", "headcount", "display_name"])
            self.assertFalse([row for row in schedule if row["name"] or row["user_id"]], level)
            self.assertEqual({row["headcount"] for row in schedule}, {people}, level)
        meeting.with_user(self.chair).action_change_level("public", "it is in the papers")
        self.assertIn(meeting.name, bookings.mapped("name"))

    def test_a_closed_meeting_needs_seats_too(self):
        """RM-1: that the schedule tells no number does not let more people into a room than it seats."""
        self.maple.capacity = 2
        with self.assertRaisesRegex(UserError, "too small"):
            self.secret_meeting(room_id=self.maple.id)

    def test_readers_follow_at_once(self):
        """CF-1: keys, calendar entries and followers, up and down."""
        meeting = self.secret_meeting(level="public")
        meeting.sudo().message_subscribe(self.outsider.partner_id.ids)
        self.assertTrue(meeting.with_user(self.outsider).has_access("read"))
        meeting.with_user(self.convener).action_change_level("secret", "an offer came in")
        self.forget()
        self.assertFalse(meeting.with_user(self.outsider).has_access("read"))
        self.assertNotIn(self.outsider.partner_id, meeting.sudo().message_partner_ids)
        events = self.env["calendar.event"].sudo().search([("formal_meeting_id", "=", meeting.id)])
        self.assertEqual(set(events.mapped("privacy")), {"private"})
        self.assertNotIn("Project Phoenix", events.mapped("name"))
        meeting.with_user(self.chair).action_change_level("public", "signed")
        self.forget()
        self.assertTrue(meeting.with_user(self.outsider).has_access("read"))
        events = self.env["calendar.event"].sudo().search([("formal_meeting_id", "=", meeting.id)])
        self.assertEqual((events.mapped("privacy"), events.mapped("name")), (["public"], ["Project Phoenix"]))

    def test_it_is_on_record(self):
        """CF-4: who, from what to what, and why, in the log; in the chatter without the reason."""
        meeting = self.secret_meeting()
        meeting.with_user(self.chair).action_change_level("participants", "the contract is signed")
        [entry] = self.entries(meeting, "level")
        self.assertEqual(entry.person, "Chair Cheng")
        self.assertEqual(entry.detail, "Secret → Participants only: the contract is signed")
        bodies = "".join(meeting.sudo().message_ids.mapped("body"))
        self.assertIn("Secret → Participants only", bodies)
        self.assertNotIn("contract", bodies)

    def test_a_closed_file_is_declassified(self):
        """CF-1: years later, by the chair; the rest of the file stays shut."""
        meeting = self.hold(self.secret_meeting())
        meeting.sudo()._transition("closed")
        meeting.with_user(self.chair).action_change_level("internal", "ten years over")
        self.assertEqual((meeting.level, meeting.state), ("internal", "closed"))
        with self.assertRaises(UserError):
            meeting.with_user(self.chair).write({"summary": "x"})

    def test_a_draft_is_changed_in_its_form(self):
        """CF-1: nobody has seen it yet; leaving “secret” is logged all the same."""
        draft = self.make_meeting(level="secret")
        with self.assertRaises(UserError):
            draft.action_change_level("public", "x")
        draft.level = "internal"
        self.assertEqual(self.entries(draft, "level").detail, "Secret → Internal to the departments")
        draft.level = "public"
        self.assertEqual(len(self.entries(draft, "level")), 1)

    def test_the_type_changes_no_meeting(self):
        """MT-3, CF-1: also where it is made secret or public later."""
        meetings = {level: self.secret_meeting(level=level) for level in LEVELS}
        for level in LEVELS:
            self.weekly.level = level
            for own, meeting in meetings.items():
                self.assertEqual(meeting.level, own)

    def test_nobody_makes_himself_chair(self):
        """CF-1: otherwise every organiser would lower the level, by a detour; a handover is logged."""
        closed = self.secret_meeting(level="participants")
        for meeting in (self.secret_meeting(), closed, self.hold(self.secret_meeting())):
            for user in (self.convener, self.minute_taker):
                with self.assertRaisesRegex(AccessError, "himself"):
                    meeting.with_user(user).chair_id = user
            meeting.with_user(self.convener).chair_id = self.boss
            [entry] = self.entries(meeting, "chair")
            self.assertEqual((entry.person, entry.detail), ("Convener Chen", "Chair Cheng → Boss Bai"))
            meeting.with_user(self.boss).chair_id = self.convener
        for free in (self.make_meeting(level="secret"), self.secret_meeting(level="internal")):
            free.with_user(self.convener).chair_id = self.convener
            self.assertFalse(self.entries(free, "chair"))

    def test_a_type_brings_no_chair_into_what_was_announced(self):
        """CF-1, CF-6: whoever sets up types would become chair with the next change of convener."""
        meeting = self.secret_meeting()
        meeting.sudo().type_id.write({"chair_id": self.boss.id, "minute_taker_id": self.boss.id})
        meeting.with_user(self.convener).convener_id = self.minute_taker
        self.assertEqual((meeting.chair_id, meeting.minute_taker_id), (self.chair, self.minute_taker))

    def test_a_type_opens_no_series(self):
        """CF-1, CF-6: an administrator who lowers a type's level reads no closed series by it, nor what it makes."""
        kind = self.env["meeting.type"].create({"name": "Board", "level": "participants"})
        series = self.env["meeting.series"].with_user(self.convener).create(
            {
                "name": "Board weekly", "type_id": kind.id, "words": "every Tuesday 14:00", "tz": "Asia/Shanghai",
                "chair_id": self.chair.id, "minute_taker_id": self.minute_taker.id,
            }
        )  # fmt: skip
        self.assertFalse(series.with_user(self.manager).has_access("read"))
        kind.with_user(self.manager).level = "internal"
        self.forget()
        self.assertFalse(series.with_user(self.manager).has_access("read"))
        series.with_user(self.convener).words = "every Monday 14:00"
        meetings = self.env["meeting.meeting"].search([("series_id", "=", series.id)])
        self.assertEqual(set(meetings.mapped("level")), {"participants"})
        kind.with_user(self.manager).level = "secret"
        self.assertEqual(series.level, "secret", "a stricter type closes it further")

    def test_the_dialogue(self):
        """CF-1: asks for both, and is one's own."""
        meeting = self.secret_meeting().with_user(self.chair)
        action = meeting.action_change_level()
        wizard = self.env[action["res_model"]].with_user(self.chair).browse(action["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        with Form(wizard) as form:
            form.level = "internal"
            form.reason = "because"
        self.assertFalse(wizard.with_user(self.convener).has_access("read"))
        wizard.action_confirm()
        self.assertEqual(meeting.level, "internal")


class TestLock(SecretsCommon):
    """A running secret meeting: chair, minute taker and member are in the room, the convener is not."""

    def setUp(self):
        super().setUp()
        self.meeting = self.secret_meeting(minutes_reviewer="user", minutes_reviewer_id=self.boss.id)
        clock = freeze_time(self.meeting.start)
        clock.start()
        self.addCleanup(clock.stop)
        self.late = self.make_user("late", "Late Lai", self.sales)
        self.meeting.with_user(self.convener).write(
            {"participant_ids": [(0, 0, {"partner_id": self.late.partner_id.id})]}
        )
        self.sign_agreements(self.meeting)
        self.meeting.with_user(self.chair).action_start()
        self.line(self.member).with_user(self.minute_taker).action_sign_in()
        self.people = (self.chair, self.minute_taker, self.member, self.convener, self.boss, self.late)

    def line(self, user):
        return self.participant(self.meeting.sudo(), user.partner_id).sudo(False)

    def inside(self):
        """Logins of those who read, by search and check alike, meeting and topic alike."""
        self.forget()
        found = set()
        for user in self.people:
            mine = self.meeting.with_user(user)
            item = self.meeting.sudo().agenda_item_ids[0].sudo(False).with_user(user)
            readable = mine.has_access("read")
            self.assertEqual(bool(mine.search([("id", "=", mine.id)])), readable)
            self.assertEqual(item.has_access("read"), readable)
            self.assertEqual(bool(item.search([("id", "=", item.id)])), readable)
            found |= {user.login} if readable else set()
        return found

    def test_only_those_inside_read(self):
        """CF-1: until it is unlocked."""
        everybody = {"chair", "taker", "member", "convener", "boss", "late"}
        self.assertEqual(self.inside(), everybody)
        self.meeting.with_user(self.chair).action_lock()
        self.assertEqual(self.inside(), {"chair", "taker", "member"})
        self.assertFalse(self.meeting.with_user(self.convener).has_access("write"))
        self.assertTrue(self.meeting.with_user(self.minute_taker).has_access("write"))
        self.meeting.with_user(self.chair).action_unlock()
        self.assertEqual(self.inside(), everybody)
        self.assertEqual(
            self.log.search([("res_id", "=", self.meeting.id)], order="id").mapped("event"), ["locked", "unlocked"]
        )

    def test_coming_and_going(self):
        """CF-1, AT-1: who is signed in reads, who has left does not; nobody lets himself in."""
        self.meeting.with_user(self.chair).action_lock()
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.late).action_sign_in()
        self.line(self.late).with_user(self.minute_taker).action_sign_in()
        self.assertEqual(self.inside(), {"chair", "taker", "member", "late"})
        self.line(self.member).with_user(self.minute_taker).action_sign_out()
        self.assertEqual(self.inside(), {"chair", "taker", "late"})

    def test_the_end_opens_it(self):
        """CF-1: what was locked is open again to those entitled."""
        self.meeting.with_user(self.chair).action_lock()
        self.meeting.with_user(self.minute_taker).action_end()
        self.assertFalse(self.meeting.is_locked)
        self.assertEqual(self.inside(), {"chair", "taker", "member", "convener", "boss", "late"})

    def test_the_chair_alone_locks(self):
        """CF-1: role × verb, and forged writes."""
        for user in (self.convener, self.minute_taker, self.member, self.manager, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.meeting.with_user(user).action_lock()
        for user in (self.chair, self.convener):
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).write({"is_locked": True})
        self.meeting.with_user(self.chair).action_lock()
        for user in (self.minute_taker, self.member):
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_unlock()
        with self.assertRaises(UserError):
            self.meeting.with_user(self.chair).action_lock()

    def test_only_a_running_secret_meeting(self):
        """CF-1"""
        with self.assertRaises(UserError):
            self.secret_meeting().with_user(self.chair).action_lock()
        self.meeting.with_user(self.chair).action_change_level("participants", "x")
        with self.assertRaises(UserError):
            self.meeting.with_user(self.chair).action_lock()

    def test_tasks_agreed_inside_stay_inside(self):
        """CF-1: an absent supervisor sees them when the door opens."""
        self.meeting.with_user(self.chair).action_lock()
        task = self.task(self.env["meeting.minutes"].new({"meeting_id": self.meeting.id}), supervisor_id=self.boss.id)
        self.forget()
        self.assertFalse(task.with_user(self.boss).has_access("read"))
        self.assertTrue(task.with_user(self.member).has_access("read"))
        self.meeting.with_user(self.chair).action_unlock()
        self.forget()
        self.assertTrue(task.with_user(self.boss).has_access("read"))
