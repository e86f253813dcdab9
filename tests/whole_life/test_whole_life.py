"""The whole life of one meeting, clicked in Chromium by everybody whose turn it is."""

from datetime import datetime, timedelta

from odoo.tests import HttpCase

from tests.common import MeetingCommon


class TestWholeLife(HttpCase, MeetingCommon):
    def act(self, user, tour):
        user.sudo().password = user.login
        self.start_tour("/odoo/my-day", f"meeting_life_{tour}", login=user.login)
        self.env.invalidate_all()

    def test_from_application_to_closed_tasks(self):
        """AP-1, AP-2, NT-3, RM-1, AT-1, LV-5, MN-2, MN-3, MN-4, RS-1, RS-2, RS-6: one meeting, nine people's clicks."""
        self.remind_before(60, kind=self.reception)
        self.act(self.convener, "apply")
        meeting = self.env["meeting.meeting"].search([("name", "=", "Visit of a new client")])
        self.assertEqual(
            (meeting.state, meeting.room_id, meeting.convener_id), ("submitted", self.maple, self.convener)
        )
        self.act(self.approver, "approve")
        self.act(self.boss, "approve")
        self.assertEqual((meeting.state, meeting.booking_ids.state), ("scheduled", "confirmed"))
        self.act(self.member, "answer")
        self.assertEqual(self.participant(meeting, self.member.partner_id).response, "accepted")
        meeting._write_plan({"start": datetime.now().replace(microsecond=0) + timedelta(minutes=5)})
        self.act(self.chair, "hold")
        self.assertEqual(meeting.state, "held")
        self.act(self.minute_taker, "write_minutes")
        self.act(self.chair, "review")
        self.act(self.minute_taker, "publish")
        task = meeting.action_item_ids
        self.assertEqual((task.owner_id, task.supervisor_id, task.state), (self.member, self.chair, "assigned"))
        self.assertTrue(meeting.minutes_ids.revision_ids)
        self.act(self.member, "work")
        self.act(self.chair, "accept")
        self.assertEqual(task.state, "accepted")
        self.act(self.secretary, "archive")
        self.assertEqual((meeting.minutes_ids.state, meeting.state), ("archived", "closed"))
