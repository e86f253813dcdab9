"""The notice goes to everyone, and the ledger proves it (NT-1, NT-2, NT-5)."""

from odoo.fields import Command

from tests.notice.common import NoticeCommon


class TestNotice(NoticeCommon):
    def test_scheduling_notifies_everybody_on_the_list(self):
        """NT-1: nobody is missed; time, place, agenda, preparation are in the mail."""
        meeting = self.make_meeting(
            room_id=self.maple.id,
            preparation="Bring the figures of March",
            agenda_item_ids=[
                Command.create({"name": "Price list", "minutes": 20, "presenter_id": self.member.partner_id.id})
            ],
        )
        self.schedule(meeting)
        people = (self.chair | self.minute_taker | self.member).partner_id | self.guest
        self.assertEqual(self.rows(meeting, "notice").partner_id, people)
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"pending"})
        self.deliver()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})
        for partner in people:
            mail = self.mails(partner)
            self.assertEqual(len(mail), 1, partner.name)
            self.assertEqual(mail.subject, "Meeting notice: Spring offer")
            for text in (
                "Maple",
                "Price list",
                "20 min",
                "Member Ma",
                "Bring the figures of March",
                "China Standard Time",
            ):
                self.assertIn(text, mail.body_html)
        self.assertTrue(all(meeting.participant_ids.mapped("notified_at")))

    def test_only_scheduled_meetings_speak(self):
        """AP-1: before the approval nobody but the approver hears of it."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        self.deliver()
        self.assertEqual(self.rows(meeting).filtered(lambda r: r.state == "sent").partner_id, self.approver.partner_id)
        self.assertFalse(self.mails(self.member.partner_id))
