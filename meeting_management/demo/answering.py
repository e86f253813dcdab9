"""Notices on their way: opened, answered, come back; documents to read; a meeting called at short notice."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_stories(self):
        super()._make_stories()
        self._short_notice()

    def _reception_coming(self):
        """Its notices have left: one came back, some were opened; there is a document to read, which one has read."""
        super()._reception_coming()
        meeting = self.env["meeting.meeting"].search([("name", "like", "北辰物流")], limit=1)
        chen = self._user("chen")
        document = (
            self.env["ir.attachment"]
            .with_user(chen)
            .create({"name": "北辰物流 采购需求 Polaris requirements.txt", "raw": "120 台 units, 2027 Q1"})
        )
        topic = meeting.with_user(chen).agenda_item_ids[:1]
        topic.attachment_ids = [Command.link(document.id)]
        self._tell_everyone(meeting)
        meeting.notification_ids.filtered("sent_at").sent_at = fields.Datetime.now() - timedelta(hours=2)
        self._come_back(meeting, self._guest("mueller"))
        now = fields.Datetime.now()
        for login, minutes in (("sun", 40), ("wang", 55)):
            line = meeting.participant_ids.filtered(lambda line, login=login: self._is(line, [login]))
            line.opened_at = now - timedelta(minutes=minutes)
        meeting.with_user(self._user("wang")).action_confirm_materials()

    def _come_back(self, meeting, partner):
        """The notice to this person bounced."""
        row = meeting.notification_ids.filtered(lambda row: row.partner_id == partner and row.step == "notice")
        row.write({"state": "failed", "reason": "bounce", "error": "550 5.1.1 user unknown", "attempts": 1})

    def _short_notice(self):
        """This evening or tomorrow morning, with the reason why it is so late."""
        meeting = self._plan(
            "sun",
            "after_sales_weekly",
            "客户投诉处理 Complaint of a key client",
            fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=6),
            ["guo", "anna"],
            place="客户现场 At the client's",
            minute_taker_id=self._user("guo").id,
        )
        meeting.action_submit(
            reason="客户今早投诉，须当天答复。 The client complained today and wants an answer today."
        )
        self._decide(meeting)
