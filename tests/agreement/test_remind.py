"""Asking for signatures: the notice, one click of the organiser, a reminder before the meeting, My Day (CF-2, RE-1)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError

from tests.notice.common import NoticeCommon


class TestRemind(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.schedule(cls.make_meeting(name="Merger", level="secret", place="Hotel Lotus"))
        cls.line = cls.meeting.participant_ids.filtered(lambda line: line.user_id == cls.member)

    def day(self, user):
        return {section["key"]: section for section in self.env["meeting.my.day"].with_user(user).get()["sections"]}

    def test_the_notice_reaches_whoever_may_not_read_yet(self):
        """NT-1, CF-2: time, place and what to do; nothing of the content."""
        self.deliver()
        row = self.rows(self.meeting, "notice", self.member.partner_id)
        self.assertEqual(row.state, "sent")
        mail = self.mails(self.member.partner_id)
        self.assertIn("Hotel Lotus", mail.body_html)
        self.assertIn("sign the confidentiality agreement", mail.body_html)
        self.assertIn("Sign and answer", mail.body_html)
        self.assertIn(f"/mail/view?model=meeting.meeting&amp;res_id={self.meeting.id}", mail.body_html)
        self.assertNotIn("Merger", mail.body_html + mail.subject)

    def test_an_inbox_has_the_way_in_its_text(self):
        """CF-2: who reads notices in Odoo has no button."""
        self.member.notification_type = "inbox"
        self.deliver()
        body = self.rows(self.meeting, "notice", self.member.partner_id).mail_message_id.body
        self.assertIn(f"/mail/view?model=meeting.meeting&amp;res_id={self.meeting.id}", body)
        self.assertNotIn("Merger", body)

    def test_one_click_reminds_the_missing(self):
        """CF-2: once within the hour, however often it is pressed; who has signed hears nothing."""
        self.sign_agreements(self.meeting, self.chair.partner_id)
        organiser = self.meeting.with_user(self.convener)
        self.assertTrue(organiser.can_remind_to_sign)
        self.assertEqual((organiser.agreement_signed_count, organiser.agreement_missing_count), (1, 3))
        organiser.action_remind_to_sign()
        organiser.action_remind_to_sign()
        rows = self.rows(self.meeting, "sign")
        self.assertEqual(rows.partner_id, self.member.partner_id | self.minute_taker.partner_id | self.guest)
        self.assertEqual(len(rows), 3)
        self.deliver()
        mail = self.mails(self.member.partner_id)[-1]
        self.assertIn("Read and sign", mail.body_html)
        self.assertNotIn("Merger", mail.body_html)
        self.env.cr.execute(
            "UPDATE meeting_notification SET create_date = create_date - interval '61 minutes' WHERE id = ANY(%s)",
            [rows.ids],
        )
        self.env.invalidate_all()
        organiser.action_remind_to_sign()
        self.assertEqual(len(self.rows(self.meeting, "sign")), 6)

    def test_who_may_remind(self):
        """CF-2: role × verb."""
        for user in (self.member, self.outsider, self.secretary, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.meeting.with_user(user).action_remind_to_sign()
        self.assertFalse(self.rows(self.meeting, "sign"))
        self.sign_agreements(self.meeting)
        with self.assertRaises(UserError):
            self.meeting.with_user(self.convener).action_remind_to_sign()

    def test_who_signs_meanwhile_is_not_reminded(self):
        """RE-3: asked again when the message leaves."""
        self.meeting.with_user(self.convener).action_remind_to_sign()
        self.sign_agreements(self.meeting, self.member.partner_id)
        self.deliver()
        self.assertEqual(self.rows(self.meeting, "sign", self.member.partner_id).state, "void")
        self.assertEqual(self.rows(self.meeting, "sign", self.guest).state, "sent")

    def test_the_day_before(self):
        """RE-1: “agreement unsigned”, moving with the meeting."""
        row = self.rows(self.meeting, "unsigned", self.member.partner_id)
        self.assertEqual(row.due, self.meeting.start - timedelta(hours=24))
        self.meeting._reschedule({"start": self.days_ahead(9)}, "Later")
        row = self.rows(self.meeting, "unsigned", self.member.partner_id)
        self.assertEqual((row.due, row.state), (self.meeting.start - timedelta(hours=24), "pending"))
        self.deliver()
        with freeze_time(row.due + timedelta(minutes=1)):
            self.sign_agreements(self.meeting, self.chair.partner_id)
            self.deliver()
        self.assertEqual(row.state, "sent")
        self.assertEqual(self.rows(self.meeting, "unsigned", self.chair.partner_id).state, "void")
        open_meeting = self.schedule(self.make_meeting(level="participants"))
        self.assertFalse(self.rows(open_meeting, "unsigned"))

    def test_my_day_leads_to_the_agreement(self):
        """CF-2, NT-3: time and place, sign, answer; then the meeting itself."""
        section = self.day(self.member)["sign"]
        card = section["cards"][0]
        self.assertEqual((card["title"], card["place"]), ("Confidential meeting", "Hotel Lotus"))
        self.assertEqual(card["when"], fields.Datetime.to_string(self.meeting.start))
        self.assertEqual(card["url"], f"/meeting/agreement/{self.line.id}")
        self.assertEqual(
            [button["method"] for button in card["buttons"]],
            ["action_open_agreement", "action_accept", "action_decline"],
        )
        self.assertNotIn("answer", self.day(self.member))
        self.assertEqual(self.day(self.chair)["sign"]["cards"][0]["title"], self.meeting.display_name)
        self.assertNotIn("sign", self.day(self.outsider))
        self.sign_agreements(self.meeting, self.member.partner_id)
        self.env.invalidate_all()
        day = self.day(self.member)
        self.assertNotIn("sign", day)
        self.assertEqual(day["answer"]["cards"][0]["title"], "Merger")

    def test_whoever_reads_the_list_may_read_this_too(self):
        """AT-3, CF-2: HR reads lines of held meetings without reading the meetings."""
        meeting = self.hold(self.schedule(self.make_meeting(level="internal")))
        self.env.invalidate_all()
        line = self.participant(meeting, self.member.partner_id).with_user(self.hr)
        self.assertEqual(line.read(["agreement_state"])[0]["agreement_state"], False)

    def test_the_list_of_participants_shows_it(self):
        """CF-2: who has and who has not signed, for the organiser."""
        self.sign_agreements(self.meeting, self.member.partner_id)
        states = {
            line.partner_id: line.agreement_state for line in self.meeting.with_user(self.convener).participant_ids
        }
        self.assertEqual(states[self.member.partner_id], "signed")
        self.assertEqual(states[self.guest], "missing")
        action = self.meeting.with_user(self.convener).action_open_signatures()
        found = self.env[action["res_model"]].with_user(self.convener).search(action["domain"])
        self.assertEqual(found.partner_id, self.member.partner_id)
