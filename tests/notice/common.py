"""What the journeys about notices share: run the job inside the test, look at the mails it left."""

from odoo import SUPERUSER_ID

from tests.common import MeetingCommon


class NoticeCommon(MeetingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env["res.users"].search([]).partner_id.write({"lang": "en_US"})
        cls.guest.lang = "en_US"
        cls.ledger = cls.env["meeting.notification"].with_user(SUPERUSER_ID)

    def deliver(self):
        """What the job does, without its commits."""
        self.ledger._note_failed_copies()
        while rows := self.ledger._lock_due(200):
            rows._send()

    def rows(self, record, step=None, partner=None):
        """Rows of the ledger about a record; `step` by its kind or its full key."""
        self.env.flush_all()
        rows = self.ledger.search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
        if step:
            rows = rows.filtered(lambda row: step in (row.step, row.step.partition(":")[0]))
        return rows.filtered(lambda row: row.partner_id == partner) if partner else rows

    def mails(self, partner, text=None):
        """E-mails waiting for a person, newest last; `text` must stand in the subject line."""
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)], order="id")
        return mails.filtered(lambda mail: text in mail.subject) if text else mails
