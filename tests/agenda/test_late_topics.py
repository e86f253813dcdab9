"""The agenda after the notice: added, changed, taken off with a reason (AG-4)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from tests.common import MeetingCommon


class TestLateTopics(MeetingCommon):
    def setUp(self):
        super().setUp()
        self.draft = self.make_meeting(agenda_item_ids=[Command.create({"name": "Prices", "minutes": 10})])
        self.topic = self.draft.agenda_item_ids

    def add(self, **vals):
        self.draft.agenda_item_ids = [Command.create({"name": "Stock", "minutes": 5, **vals})]

    def test_before_the_notice_nothing_is_asked(self):
        """AG-4"""
        self.add()
        self.topic.name = "Prices of spring"
        self.draft.agenda_item_ids[1].unlink()
        self.assertEqual(self.draft.agenda_item_ids.mapped("name"), ["Prices of spring"])

    def test_after_the_notice(self):
        """AG-4: a new topic, another name or presenter needs a reason, order and time do not; all readers see it."""
        self.schedule(self.draft)
        with self.assertRaisesRegex(UserError, "Stock"):
            self.add()
        with self.assertRaisesRegex(UserError, "Reason After the Notice"):
            self.add(late_reason="  ")
        with self.assertRaises(UserError):
            self.topic.presenter_id = self.member.partner_id
        self.topic.write({"minutes": 20, "sequence": 3})
        self.add(late_reason="The supplier has just answered")
        self.topic.write({"name": "Prices of spring", "late_reason": "Autumn is done"})
        self.assertEqual(
            {line["name"]: line["late"] for line in self.draft._notice_agenda()},
            {"Prices of spring": "Autumn is done", "Stock": "The supplier has just answered"},
        )
        sheet = self.env["ir.actions.report"].with_user(self.convener)._meeting_html(
            "meeting_management.report_notice_sheet", self.draft, "en_US"
        )
        self.assertIn("The supplier has just answered", str(sheet))

    def test_taken_off(self):
        """AG-4: with a reason, which the meeting keeps."""
        self.schedule(self.draft)
        with self.assertRaisesRegex(UserError, "Take Off the Agenda"):
            self.topic.unlink()
        with self.assertRaises(AccessError):
            self.topic.with_user(self.member).action_take_off(reason="Boring")
        dialogue = self.topic.action_take_off()
        wizard = self.env[dialogue["res_model"]].with_user(self.convener).browse(dialogue["res_id"])
        wizard.reason = "Settled by mail"
        wizard.action_confirm()
        self.assertFalse(self.topic.exists())
        body = str(self.draft.message_ids.mapped("body"))
        self.assertIn("Prices", body)
        self.assertIn("Settled by mail", body)

    def test_a_closed_topic_leaves_no_word(self):
        """AG-4, CF-1: who was not admitted does not learn that there was one; auditors find the reason."""
        self.topic.level = "participants"
        self.schedule(self.draft)
        before = self.draft.message_ids
        self.topic.action_take_off(reason="Settled")
        self.assertEqual(self.draft.message_ids, before)
        log = self.env["meeting.access.log"].search([("event", "=", "level")], order="id desc", limit=1)
        self.assertIn("Settled", str(log.read()))
