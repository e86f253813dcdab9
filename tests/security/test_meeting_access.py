"""Who may read and edit a meeting and what is under it: role × level × operation (CF-1)."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.common import MeetingCommon

# Who may read an announced meeting of Sales with one participant of Sales East, by level.
READERS = {
    "public": {"convener", "chair", "taker", "member", "outsider", "colleague", "secretary", "manager", "rooms", "hr"},
    "internal": {"convener", "chair", "taker", "member", "colleague", "secretary", "manager"},
    "participants": {"convener", "chair", "taker", "member"},
    "secret": {"convener", "chair", "taker", "member"},
}
EDITORS = {
    "public": {"convener", "chair", "taker", "secretary", "manager"},
    "internal": {"convener", "chair", "taker", "secretary", "manager"},
    "participants": {"convener", "chair", "taker"},
    "secret": {"convener", "chair", "taker"},
}


class TestMeetingAccess(MeetingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("colleague", "Colleague Ke", cls.east)
        cls.people = {
            user.login: user
            for user in (
                cls.convener,
                cls.chair,
                cls.minute_taker,
                cls.member,
                cls.outsider,
                cls.colleague,
                cls.secretary,
                cls.manager,
                cls.room_manager,
                cls.hr,
            )
        }
        cls.meetings = {level: cls.schedule(cls.make_meeting(level=level, name=f"Plan {level}")) for level in READERS}
        cls.sign_agreements(cls.meetings["secret"])
        cls.env.flush_all()

    def _records(self, meeting):
        meeting = meeting.sudo()
        item = self.env["meeting.agenda.item"].create({"meeting_id": meeting.id, "name": "Topic"})
        row = self.env["meeting.attendance"].create({"participant_id": meeting.participant_ids[0].id})
        return {
            "meeting.meeting": meeting,
            "meeting.participant": meeting.participant_ids[0],
            "meeting.agenda.item": item,
            "meeting.attendance": row,
        }

    def test_reading_follows_the_level(self):
        """CF-1: search and check agree for every role and level, on the meeting and on what is under it."""
        for level, meeting in self.meetings.items():
            records = self._records(meeting)
            for login, user in self.people.items():
                for model, record in records.items():
                    with self.subTest(level=level, login=login, model=model):
                        mine = record.with_user(user)
                        entitled = login in READERS[level]
                        self.assertEqual(mine.has_access("read"), entitled)
                        self.assertEqual(bool(mine.search([("id", "=", record.id)])), entitled)

    def test_editing_follows_the_level(self):
        """CF-1: only organisers write; the secretariat does up to the level “internal”."""
        for level, meeting in self.meetings.items():
            records = self._records(meeting)
            for login, user in self.people.items():
                for model, record in records.items():
                    for operation in ("write", "create", "unlink"):
                        with self.subTest(level=level, login=login, model=model, operation=operation):
                            self.assertEqual(record.with_user(user).has_access(operation), login in EDITORS[level])

    def test_a_draft_is_the_organisers_business(self):
        """CF-1: before it is announced, participants and colleagues do not see even a public meeting."""
        draft = self.make_meeting(level="public")
        for login, user in self.people.items():
            with self.subTest(login=login):
                self.assertEqual(draft.with_user(user).has_access("read"), login in EDITORS["public"])

    def test_hr_reads_attendance_without_the_subject(self):
        """AT-3, CF-1: who attended an internal meeting that was held; not what it was about, and no secret ones."""
        for level, readable in (("internal", True), ("secret", False)):
            meeting = self.meetings[level]
            lines = meeting.participant_ids.with_user(self.hr)
            self.assertFalse(lines.has_access("read"))
            self.hold(meeting)
            self.env.invalidate_all()
            self.assertEqual(lines.has_access("read"), readable)
            self.assertEqual(bool(lines.search([("meeting_id", "=", meeting.id)])), readable)
            self.assertEqual(meeting.attendance_ids.with_user(self.hr).has_access("read"), readable)
            self.assertFalse(meeting.with_user(self.hr).has_access("read"))
            self.assertFalse(lines.has_access("write"))
        internal = self.meetings["internal"].participant_ids.with_user(self.hr)[0]
        self.assertEqual(internal.read(["meeting_id"])[0]["meeting_id"][1], "Confidential meeting")

    def test_a_removed_participant_reads_no_more(self):
        """CF-1: reading rights end with the participation."""
        meeting = self.meetings["secret"]
        self.participant(meeting, self.member.partner_id).with_user(self.convener).unlink()
        self.assertFalse(meeting.with_user(self.member).has_access("read"))
        self.assertFalse(meeting.with_user(self.member).search([("id", "=", meeting.id)]))

    def test_moving_to_another_department_changes_what_one_reads(self):
        """CF-1: departments are expanded on the user's side, at once."""
        meeting = self.meetings["internal"]
        self.assertFalse(meeting.with_user(self.outsider).has_access("read"))
        self.outsider.employee_id.sudo().department_id = self.east
        self.env.invalidate_all()  # what the next request of the user starts with
        self.assertTrue(meeting.with_user(self.outsider).has_access("read"))
        self.east.sudo().parent_id = self.finance
        self.env.invalidate_all()
        self.assertFalse(meeting.with_user(self.outsider).has_access("read"))

    def test_its_name_does_not_leak(self):
        """CF-1: names through a many2one, and error texts, show a neutral word to whoever may not read."""
        meeting = self.meetings["secret"]
        self.assertEqual(meeting.with_user(self.outsider).sudo().display_name, "Confidential meeting")
        self.assertEqual(meeting.with_user(self.member).sudo().display_name, "Plan secret")
        with self.assertRaises(AccessError) as refused:
            meeting.with_user(self.outsider).with_context(lang=None).read(["name"])
        self.assertNotIn("Plan secret", str(refused.exception))

    def test_keys_are_closed(self):
        """CF-1: the set of principals would tell who takes part."""
        meeting = self.meetings["public"].with_user(self.outsider)
        with self.assertRaises(AccessError):
            meeting.read(["reader_keys"])
        with self.assertRaises(AccessError):
            meeting.search([("reader_keys", "!=", False)])

    def test_a_portal_user_reads_nothing(self):
        """CF-1, PT-4: a guest with a portal login has no access to the models."""
        portal = self.env["res.users"].create(
            {"name": "Portal", "login": "portal", "group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        for model in self._records(self.meetings["public"]):
            self.assertFalse(self.env[model].with_user(portal).has_access("read"))

    def test_another_company_reads_nothing(self):
        """CF-1: a public meeting is public to its company."""
        other = self.env["res.company"].create({"name": "Other"})
        self.outsider.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        meeting = self.meetings["public"].with_user(self.outsider).with_context(allowed_company_ids=other.ids)
        self.assertFalse(meeting.has_access("read"))


class TestForgery(MeetingCommon):
    """State, decisions and evidence cannot be written over RPC, by whomever."""

    def test_nobody_writes_the_state(self):
        """AP-1: the state changes through the door only."""
        meeting = self.make_meeting(type_id=self.reception.id)
        for user in (self.convener, self.manager, self.env.user):
            with self.assertRaises(AccessError):
                meeting.with_user(user).write({"state": "scheduled"})
            with self.assertRaises(AccessError):
                meeting.with_user(user).sudo().write({"state": "scheduled"})
        self.assertEqual(meeting.state, "draft")

    def test_nobody_creates_in_the_middle_of_life(self):
        """AP-1: created meetings begin as drafts; history is imported by an administrator."""
        with self.assertRaises(AccessError):
            self.make_meeting(state="scheduled")
        with self.assertRaises(AccessError):
            self.make_meeting(user=self.manager, state="scheduled")
        with self.assertRaises(AccessError):
            self.make_meeting(state="held")
        self.assertEqual(self.make_meeting(user=self.manager, state="held", start=self.days_ahead(-7)).state, "held")

    def test_nobody_approves_his_own_application(self):
        """AP-1: even where the type names the applicant himself, the superior decides."""
        self.reception.step_ids[0].write({"approver_kind": "user", "user_id": self.approver.id})
        meeting = self.make_meeting(user=self.approver, type_id=self.reception.id)
        meeting.action_submit()
        self.assertEqual(meeting.current_approver_id, self.boss)
        with self.assertRaises(AccessError):
            meeting.with_user(self.approver).action_approve()

    def test_approvals_are_not_written(self):
        """AP-2: rows of decisions are closed to everybody."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        for user in (self.convener, self.approver, self.manager):
            approval = meeting.approval_ids[0].with_user(user)
            for attempt in (
                lambda row=approval: row.write({"state": "approved"}),
                lambda row=approval: row.unlink(),
                lambda row=approval: row.create({"meeting_id": meeting.id, "name": "x", "approver_id": row.env.uid}),
                lambda row=approval: meeting.with_env(row.env).write(
                    {"approval_ids": [Command.update(row.id, {"state": "approved"})]}
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_evidence_is_not_written(self):
        """NT-1, NT-2, AT-2: times of notice, numbers and attendance follow from deeds, even for the organiser."""
        meeting = self.schedule(self.make_meeting())
        line = self.participant(meeting, self.member.partner_id)
        for record, values in (
            (meeting, {"scheduled_at": self.days_ahead(-9)}),
            (meeting, {"number": "MTG-1"}),
            (meeting, {"is_short_notice": False}),
            (meeting, {"current_approver_id": self.convener.id}),
            (line, {"attendance_state": "present"}),
            (line, {"late_minutes": 0}),
            (line, {"signed_in_at": self.days_ahead(1)}),
            (line, {"user_id": self.outsider.id}),
            (line, {"minutes_read_at": self.days_ahead(1)}),
        ):
            for user in (self.convener, self.secretary, self.manager):
                with self.subTest(values=values, login=user.login), self.assertRaises(AccessError):
                    record.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.make_meeting(number="MTG-1")

    def test_answers_are_ones_own(self):
        """NT-3: nobody writes another's answer; the secretary's entry says so."""
        meeting = self.schedule(self.make_meeting())
        line = self.participant(meeting, self.member.partner_id)
        with self.assertRaises(AccessError):
            line.with_user(self.convener).write({"response": "accepted"})
        with self.assertRaises(AccessError):
            line.with_user(self.outsider).action_accept()
        line.with_user(self.secretary).action_accept()
        self.assertEqual((line.response, line.response_via), ("accepted", "secretary"))
        line.with_user(self.member).action_tentative()
        self.assertEqual((line.response, line.response_via), ("tentative", "web"))

    def test_sign_ins_keep_their_author(self):
        """AT-1: whoever records is on record, and “in person” is not for sale."""
        meeting = self.schedule(self.make_meeting())
        line = self.participant(meeting, self.member.partner_id)
        rows = self.env["meeting.attendance"].with_user(self.minute_taker)
        with self.assertRaises(AccessError):
            rows.create({"participant_id": line.id, "method": "self"})
        row = rows.create({"participant_id": line.id, "recorded_by_id": self.chair.id})
        self.assertEqual(row.recorded_by_id, self.minute_taker)
        with self.assertRaises(AccessError):
            row.write({"recorded_by_id": self.chair.id})
