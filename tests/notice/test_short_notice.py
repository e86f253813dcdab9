"""A short notice is marked, and needs a reason of whoever schedules (NT-2)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError

from tests.notice.common import NoticeCommon


class TestShortNotice(NoticeCommon):
    def soon(self, hours=3, **vals):
        start = (fields.Datetime.now() + timedelta(hours=hours)).replace(microsecond=0)
        return self.make_meeting(start=start, notice_lead_hours=24, **vals)

    def test_the_reason_is_asked_for_and_kept(self):
        """NT-2: in the dialogue of the button; tracked, in the notice, and not to be written otherwise."""
        meeting = self.soon()
        self.assertTrue(meeting.would_be_short)
        dialogue = meeting.action_submit()
        self.assertEqual((dialogue["res_model"], meeting.state), ("meeting.reason.wizard", "draft"))
        wizard = self.env["meeting.reason.wizard"].with_user(self.convener).browse(dialogue["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "The client came early"
        wizard.action_confirm()
        self.assertEqual(meeting.state, "scheduled")
        self.assertTrue(meeting.is_short_notice)
        self.assertEqual(meeting.short_notice_reason, "The client came early")
        self.deliver()
        body = self.mails(self.member.partner_id)[-1].body_html
        self.assertIn("Short notice", body)
        self.assertIn("The client came early", body)
        with self.assertRaises(AccessError):
            meeting.with_user(self.convener).short_notice_reason = "Something else"

    def test_urgent_meetings_are_marked_only(self):
        """NT-2"""
        meeting = self.soon(is_urgent=True)
        self.assertIsNone(meeting.action_submit())
        self.assertEqual(meeting.state, "scheduled")
        self.assertTrue(meeting.is_short_notice)
        self.assertFalse(meeting.short_notice_reason)

    def test_in_time_needs_none(self):
        """NT-2"""
        meeting = self.soon(hours=72)
        self.assertIsNone(meeting.action_submit())
        self.assertFalse(meeting.is_short_notice)

    def test_several_at_once(self):
        """NT-2: where no dialogue can be shown the sentence says what to do."""
        both = self.soon() | self.soon(hours=72, name="Other")
        with self.assertRaisesRegex(UserError, "a reason is needed"):
            both.action_submit()

    def test_approved_late(self):
        """NT-2: it was in time when it was applied for, so the record says by itself why it is late."""
        meeting = self.soon(hours=30, type_id=self.reception.id)
        meeting.notice_lead_hours = 24
        self.assertIsNone(meeting.action_submit())
        with freeze_time(meeting.start - timedelta(hours=2)):
            meeting.with_user(self.approver).action_approve()
            meeting.with_user(self.boss).action_approve()
        self.assertTrue(meeting.is_short_notice)
        self.assertIn("Submitted in time", meeting.short_notice_reason)

    def test_applied_for_again_in_time(self):
        """NT-2: a reason that no longer applies goes."""
        meeting = self.soon(type_id=self.reception.id)
        meeting.action_submit("In a hurry")
        meeting.with_user(self.approver).action_refuse("Not now")
        meeting.with_user(self.convener).start = self.days_ahead(9)
        meeting.with_user(self.convener).action_submit()
        self.assertFalse(meeting.short_notice_reason)
