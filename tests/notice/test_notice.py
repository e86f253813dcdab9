"""The notice goes to everyone, and the ledger proves it (NT-1, NT-2, AP-1, AP-3)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
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
        self.assertEqual(set(meeting.participant_ids.mapped("notice_state")), {"pending"})
        self.deliver()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})
        for partner in people:
            mail = self.mails(partner)
            self.assertEqual(len(mail), 1, partner.name)
            self.assertEqual(mail.subject, "Meeting notice: Spring offer")
            self.assertEqual(mail.email_from, self.convener.partner_id.email_formatted)
            for text in (
                "Maple",
                "Price list",
                "20 min",
                "Member Ma",
                "Bring the figures of March",
                "China Standard Time",
            ):
                self.assertIn(text, mail.body_html)
            self.assertIn("SUMMARY:Spring offer", mail.attachment_ids.raw.decode())
        self.assertTrue(all(meeting.participant_ids.mapped("notified_at")))
        self.assertEqual(set(meeting.participant_ids.mapped("notice_state")), {"sent"})

    def test_the_job_wakes_at_once(self):
        """Nobody waits for the next round of the clock."""
        Trigger = self.env["ir.cron.trigger"].sudo()
        job = self.env.ref("meeting_management.ir_cron_send_notifications")
        before = Trigger.search([("cron_id", "=", job.id)])
        self.schedule(self.make_meeting())
        self.env.cr.precommit.run()
        new = Trigger.search([("cron_id", "=", job.id)]) - before
        self.assertEqual(len(new), 1)
        self.assertLessEqual(new.call_at, fields.Datetime.now())

    def test_people_with_the_inbox_get_the_inbox(self):
        """As everywhere in Odoo: each person's own choice of inbox or e-mail counts."""
        self.member.notification_type = "inbox"
        meeting = self.schedule(self.make_meeting(purpose="Agree on the price"))
        self.deliver()
        self.assertFalse(self.mails(self.member.partner_id))
        row = self.rows(meeting, "notice", self.member.partner_id)
        self.assertEqual((row.state, row.delivery), ("sent", "inbox"))
        message = self.env["mail.message"].with_user(self.member).search([("needaction", "=", True)])
        self.assertEqual(message, row.mail_message_id)
        self.assertIn("Agree on the price", message.body)
        self.assertEqual((message.model, message.res_id), (meeting._name, meeting.id))
        self.assertEqual(self.rows(meeting, "notice", self.guest).delivery, "queued")
        message.set_message_done()
        row.invalidate_recordset()
        self.assertEqual(row.delivery, "read")

    def test_notices_stay_out_of_the_chatter(self):
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        self.assertFalse(meeting.message_ids.filtered(lambda m: m.message_type == "user_notification" and m.is_thread))

    def test_each_reads_his_language_and_time_zone(self):
        """RE-3"""
        self.member.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
        self.chair.write({"lang": "en_US", "tz": "America/New_York"})
        self.env.ref("meeting_management.notice_notice").update_field_translations(
            "arch_db", {"zh_CN": {"Agenda": "议程"}}
        )
        self.schedule(self.make_meeting(agenda_item_ids=[Command.create({"name": "Price list"})]))
        self.deliver()
        chinese, english = self.mails(self.member.partner_id).body_html, self.mails(self.chair.partner_id).body_html
        self.assertIn("议程", chinese)
        self.assertRegex(chinese, r"\d{4}年\d{1,2}月\d{1,2}日")
        self.assertIn("09:00", chinese)
        self.assertIn("中国标准时间", chinese)
        self.assertIn("Agenda", english)
        self.assertIn("8:00", english)
        self.assertIn("Eastern Standard Time" if "Standard" in english else "Eastern Daylight Time", english)

    def test_a_text_is_rendered_once_for_all_who_read_it_alike(self):
        """PERFORMANCE section 6: one message per language and time zone, one copy per person."""
        self.member.lang = "zh_CN"
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        messages = self.rows(meeting, "notice").mail_message_id
        self.assertEqual(len(messages), 3, "Chinese in Shanghai, English in Shanghai, English of the guest")

    def test_a_short_notice_is_marked(self):
        """NT-2"""
        self.schedule(self.make_meeting(notice_lead_hours=24 * 30))
        self.deliver()
        self.assertIn("Short notice", self.mails(self.member.partner_id).body_html)
        self.schedule(self.make_meeting(name="In time", notice_lead_hours=24))
        self.deliver()
        self.assertNotIn("Short notice", self.mails(self.member.partner_id, "In time").body_html)

    def test_confidentiality_reminder(self):
        """NT-1: in every notice that is not public."""
        self.company.meeting_confidentiality_text = "Keep this to yourself"
        for level, reminded in (("public", False), ("internal", True), ("participants", True)):
            self.schedule(self.make_meeting(name=f"Level {level}", level=level))
            self.deliver()
            mail = self.mails(self.member.partner_id)[-1]
            self.assertEqual("Keep this to yourself" in mail.body_html, reminded, level)

    def test_who_joins_later_is_told_at_once(self):
        """NT-1"""
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        meeting.participant_ids = [Command.create({"partner_id": self.outsider.partner_id.id})]
        self.deliver()
        self.assertEqual(len(self.mails(self.outsider.partner_id, "Meeting notice")), 1)
        self.assertEqual(len(self.mails(self.member.partner_id)), 1, "the others are left in peace")

    def test_application_and_refusal(self):
        """AP-1, AP-3, AP-5: the approver reads the cost; the applicant reads the reason."""
        meeting = self.make_meeting(type_id=self.reception.id, purpose="New client")
        meeting.action_submit()
        self.deliver()
        mail = self.mails(self.approver.partner_id, "Please approve: Spring offer")
        for text in ("Convener Chen", "New client", "person-hours", "6"):
            self.assertIn(text, mail.body_html)
        self.assertFalse(self.mails(self.boss.partner_id), "not his turn yet")
        meeting.with_user(self.approver).action_approve()
        self.deliver()
        self.assertTrue(self.mails(self.boss.partner_id, "Please approve"))
        meeting.with_user(self.boss).action_refuse("Too many people")
        self.deliver()
        mail = self.mails(self.convener.partner_id, "Application returned")
        self.assertIn("Too many people", mail.body_html)
        self.assertIn("Boss Bai", mail.body_html)
        meeting.action_submit()
        meeting.with_user(self.approver).action_refuse("Still too many")
        self.deliver()
        self.assertEqual(len(self.mails(self.convener.partner_id, "Application returned")), 2)

    def test_a_question_that_was_answered_is_not_asked(self):
        """AP-1: approved before the job ran; withdrawn before it ran."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        meeting.action_withdraw()
        self.deliver()
        self.assertFalse(self.mails(self.approver.partner_id))
        meeting.action_submit()
        meeting.with_user(self.approver).action_approve()
        self.deliver()
        self.assertFalse(self.mails(self.approver.partner_id))

    def test_a_slow_approver_is_reminded_once(self):
        """RE-2: after the hours the type names; nobody is reminded of what he decided."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        self.deliver()
        self.assertEqual(len(self.mails(self.approver.partner_id)), 1)
        for hours in (23, 25, 30):
            with freeze_time(fields.Datetime.now() + timedelta(hours=hours)):
                self.deliver()
            self.assertEqual(len(self.mails(self.approver.partner_id, "Still waiting")), int(hours > 24), hours)
        meeting.with_user(self.approver).action_approve()
        with freeze_time(fields.Datetime.now() + timedelta(hours=48)):
            self.deliver()
        self.assertEqual(len(self.mails(self.approver.partner_id, "Still waiting")), 1)

    def test_the_applicant_learns_of_the_approval(self):
        meeting = self.make_meeting(type_id=self.reception.id)
        self.schedule(meeting)
        self.deliver()
        self.assertTrue(self.mails(self.convener.partner_id, "Approved: Spring offer"))
