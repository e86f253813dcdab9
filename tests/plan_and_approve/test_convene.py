"""Convening, applying and approving."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.common import MeetingCommon


class TestConvene(MeetingCommon):
    def test_a_weekly_meeting_is_scheduled_at_once(self):
        """MT-3, AP-1: an approval-free type needs no application."""
        meeting = self.make_meeting(room_id=self.maple.id)
        meeting.action_submit()
        self.assertEqual(meeting.state, "scheduled")
        self.assertTrue(meeting.number)
        self.assertEqual(meeting.booking_ids.state, "confirmed")

    def test_the_convener_is_not_asked_whether_he_comes(self):
        """NT-3: convening answers for oneself; everybody else is asked, and one may still decline."""
        meeting = self.make_meeting(
            participant_ids=[
                Command.create({"partner_id": self.convener.partner_id.id}),
                Command.create({"partner_id": self.member.partner_id.id}),
            ]
        )
        own, other = (self.participant(meeting, user.partner_id) for user in (self.convener, self.member))
        self.assertEqual(own.response, "pending", "a draft asks nobody")
        self.schedule(meeting)
        self.assertEqual((own.response, own.response_via), ("accepted", "convener"))
        self.assertEqual(other.response, "pending")
        waiting = self.env["meeting.my.day"].with_user(self.convener).get()["sections"]
        self.assertNotIn("answer", [section["key"] for section in waiting])
        own.with_user(self.convener).action_decline("Called away")
        self.assertEqual(own.response, "declined")

    def test_a_reception_takes_two_approvals_in_order(self):
        """AP-1, AP-2: manager first, then general management; the last yes schedules."""
        meeting = self.make_meeting(type_id=self.reception.id, room_id=self.maple.id)
        meeting.action_submit()
        self.assertEqual(meeting.state, "submitted")
        self.assertEqual(meeting.current_approver_id, self.approver)
        with self.assertRaises(AccessError):
            meeting.with_user(self.boss).action_approve()
        meeting.with_user(self.approver).action_approve()
        self.assertEqual(meeting.current_approver_id, self.boss)
        meeting.with_user(self.boss).action_approve()
        self.assertEqual(meeting.state, "scheduled")
        self.assertEqual(meeting.approval_ids.mapped("state"), ["approved", "approved"])

    def test_columns_of_the_kanban(self):
        """AP-1: by state, in the order of a meeting's life, and none empty: a phone shows one column at a time."""
        meetings = self.env["meeting.meeting"]
        groups = meetings.web_read_group([("id", "=", self.make_meeting().id)], ["state"])["groups"]
        self.assertEqual([group["state"] for group in groups], ["draft"])
        self.assertEqual(meetings._expand_states(["held", "cancelled", "draft"], []), ["draft", "held", "cancelled"])
