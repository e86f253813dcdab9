"""The kinds of meeting that the policies name are there, and each can be planned (MT-4)."""

from tests.common import MeetingCommon

NAMED = {
    "department_weekly": "internal", "monthly_summary": "internal", "special_topic": "internal",
    "shift_handover": "internal", "team_meeting": "internal", "management": "participants",
    "reception_new_client": "public", "reception_return_visit": "public", "reception_key_account": "internal",
    "reception_communication": "internal", "after_sales_weekly": "internal", "after_sales_monthly": "internal",
    "cost_purchasing": "participants", "service_quality": "internal", "safety": "internal",
    "finance_analysis": "participants", "human_resources": "participants", "credit_control": "internal",
}  # fmt: skip


class TestNamedTypes(MeetingCommon):
    def test_each_named_type_can_be_planned(self):
        """MT-4, AG-3: purpose, preparation, agenda within the length, people, deadlines, approval."""
        for name, level in NAMED.items():
            kind = self.env.ref(f"meeting_management.meeting_type_{name}")
            with self.subTest(kind.name):
                self.assertEqual(kind.level, level)
                self.assertTrue(kind.purpose and kind.preparation)
                meeting = self.make_meeting(type_id=kind.id, name=kind.name)
                self.assertEqual(len(meeting.agenda_item_ids), len(kind.agenda_ids))
                self.assertGreaterEqual(len(meeting.agenda_item_ids), 3)
                self.assertFalse(meeting.agenda_overrun)
                self.assertGreaterEqual(
                    meeting.agenda_minutes, meeting.duration * 60 * 0.9, "the agenda fills the time"
                )
                self.assertEqual(meeting.level, level)
                self.schedule(meeting)
                self.assertEqual(meeting.state, "scheduled")
                reminders = self.env["meeting.notification"].search_count(
                    [("meeting_id", "=", meeting.id), ("step", "=like", "remind:%"), ("state", "=", "pending")]
                )
                self.assertTrue(reminders, "participants are reminded of it")

    def test_receptions_need_the_manager_then_the_head(self):
        """AP-1, AP-2: client receptions are approved in two steps before anything is sent."""
        for name in (
            "reception_new_client",
            "reception_return_visit",
            "reception_key_account",
            "reception_communication",
        ):
            kind = self.env.ref(f"meeting_management.meeting_type_{name}")
            self.assertEqual(kind.step_ids.mapped("approver_kind"), ["manager", "department"])
        for name in NAMED:
            if not name.startswith("reception"):
                self.assertFalse(self.env.ref(f"meeting_management.meeting_type_{name}").needs_approval)

    def test_standing_participants_need_no_setup(self):
        """MT-3: a department weekly invites the department, a management meeting the heads of all departments."""
        weekly = self.env.ref("meeting_management.meeting_type_department_weekly")
        meeting = self.env["meeting.meeting"].with_user(self.convener).create({"name": "Week 10", "type_id": weekly.id})
        people = meeting.participant_ids.partner_id
        self.assertIn(self.member.partner_id, people, "Sales East belongs to Sales")
        self.assertNotIn(self.outsider.partner_id, people)
        management = self.env.ref("meeting_management.meeting_type_management")
        meeting = (
            self.env["meeting.meeting"].with_user(self.convener).create({"name": "Board", "type_id": management.id})
        )
        self.assertIn(self.approver.partner_id, meeting.participant_ids.partner_id)
        self.assertEqual(meeting.quorum_percent, 67)
