"""Text messages: what is urgent, to whoever chose it, saying no secret; failures in the ledger (NT-5, RE-4, CF-1)."""

from unittest.mock import patch

from odoo.addons.sms.tools.sms_api import SmsApi

from tests.channels.common import ChannelCommon


class TestTexts(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.remind_before(1440, 15)
        self.member.partner_id.phone = "+86 138 0013 8000"
        self.wish(self.member, sms=True)

    def texts(self, partner=None):
        domain = [("partner_id", "=", partner.id)] if partner else []
        return self.env["sms.sms"].sudo().search(domain, order="id")

    def leave(self, state="success", **more):
        """Odoo's own job hands them over; the house of the provider answers."""

        def send(api, messages, delivery_reports_url=False):
            self.handed = messages
            return [
                {"uuid": number["uuid"], "state": state, **more}
                for message in messages
                for number in message["numbers"]
            ]

        with patch.object(SmsApi, "_send_sms_batch", send):
            self.env["sms.sms"].sudo().search([("state", "=", "outgoing")])._send()

    def test_change_cancellation_and_last_reminder(self):
        """The notice, and the reminder of the day before, are not urgent."""
        meeting = self.plan(6, 10, name="Spring offer")
        with self.at(5, 10):
            self.run_job()
        self.assertFalse(self.texts())
        with self.at(5, 11):
            meeting.with_user(self.convener)._reschedule({"start": self.shanghai(6, 11)}, "Later")
            self.run_job()
        with self.at(6, 10, 45):
            self.run_job()
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
        self.assertEqual(self.texts().partner_id, self.member.partner_id)
        numbers = {number.replace(" ", "") for number in self.texts().mapped("number")}
        self.assertEqual(numbers, {"+8613800138000"})
        for text, word in zip(self.texts(), ("Changed", "Spring offer", "Cancelled"), strict=True):
            self.assertIn(word, text.body)
            self.assertIn("Spring offer", text.body)
            self.assertIn(self.company.name, text.body)
            self.assertLess(len(text.body), 160)
        self.assertEqual(set(self.rows(meeting, "sms").mapped("state")), {"sent"})

    def test_once(self):
        """RE-3"""
        meeting = self.plan(6, 10)
        with self.at(5, 9):
            meeting.with_user(self.convener).action_cancel("Not needed")
            for _number in range(3):
                self.run_job()
                self.ledger._queue(meeting, "sms:cancel", self.member.partner_id)
        self.assertEqual(len(self.texts()), 1)

    def test_a_closed_meeting_is_not_named(self):
        """CF-1: the telephone network hears when, and nothing else; in the reader's language."""
        self.member.lang = "zh_CN"
        for level in ("participants", "secret"):
            meeting = self.make_meeting(name="Takeover of Polaris", level=level, start=self.days_ahead(7 + len(level)))
            self.sign_agreements(self.schedule(meeting))
            self.deliver()
            meeting.with_user(self.convener).action_cancel("Polaris said no")
            self.run_job()
        self.assertEqual(len(self.texts()), 2)
        for text in self.texts():
            self.assertNotRegex(text.body + (text.mail_message_id.body or ""), "Takeover|Polaris")
            self.assertIn("保密", text.body)

    def test_no_number(self):
        """RE-4: shown, and the mail has left all the same."""
        self.member.partner_id.phone = False
        meeting = self.plan(6, 10)
        with self.at(5, 9):
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
        row = self.rows(meeting, "sms")
        self.assertEqual((row.state, row.reason, row.retry_at), ("failed", "no_phone", False))
        self.assertIn("Notice of cancellation", row.step_label)
        self.assertEqual(self.state(meeting, "cancel", self.member), ("sent", False))
        self.member.partner_id.phone = "+8613800138000"
        row.with_user(self.convener).action_send_again()
        self.run_job()
        self.assertEqual(row.state, "sent")

    def cancelled(self):
        meeting = self.plan(6, 10)
        with self.at(5, 9):
            meeting.with_user(self.convener).action_cancel("Not needed")
            self.run_job()
        return self.rows(meeting, "sms")

    def test_what_the_provider_says_comes_back_to_the_ledger(self):
        row = self.cancelled()
        self.assertEqual(row.delivery, "queued")
        self.leave()
        row.invalidate_recordset()
        self.assertEqual(row.delivery, "delivered")
        self.assertEqual(len(self.handed), 1)

    def test_refused_for_good(self):
        """RE-4: no money, no such number: nobody tries again in vain."""
        row = self.cancelled()
        self.leave("insufficient_credit")
        with self.at(5, 10):
            self.run_job()
        self.assertEqual((row.state, row.reason, row.retry_at), ("failed", "delivery", False))
        self.assertEqual(row.error, "sms_credit")

    def test_a_provider_that_is_down_is_tried_again(self):
        row = self.cancelled()
        self.leave("server_error")
        with self.at(5, 10):
            self.run_job()
        self.assertEqual(row.state, "failed")
        self.assertTrue(row.retry_at)
        with self.at(5, 11):
            self.run_job()
        self.assertEqual(row.state, "sent")
        self.assertEqual(len(self.texts().filtered(lambda text: text.state == "outgoing")), 1)

    def test_who_may_not_read_it_any_more(self):
        """CF-1"""
        meeting = self.plan(6, 10)
        with self.at(5, 9):
            self.ledger._queue(meeting, "sms:change:1", self.outsider.partner_id)
            meeting.with_user(self.convener).action_change_level("participants", "an offer came in")
            self.run_job()
        self.assertEqual(self.rows(meeting, "sms").state, "void")
        self.assertFalse(self.texts(self.outsider.partner_id))
