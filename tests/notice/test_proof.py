"""Proof of notice: sent, failed, opened, answered; and who was never reached is not held absent (NT-1, NT-6)."""

from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from pypdf import PdfReader

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class TestProof(OutcomeCommon, NoticeCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting(name="Spring offer"))

    def proof(self, partner=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.meeting.with_user(user or self.convener)._notice_proof()
        return rows.filtered(lambda row: row.partner_id == partner) if partner else rows

    def counts(self):
        rows = self.proof()
        return {count["key"]: count["number"] for count in self.meeting._notice_proof_counts(rows)}

    def come_back(self, partner, status="bounce", kind="mail_bounce"):
        """What the mail server says of the copy that left."""
        self.copy(partner).write({"notification_status": status, "failure_type": kind, "failure_reason": "unknown"})
        self.env.flush_all()

    def copy(self, partner):
        message = self.rows(self.meeting, "notice", partner).mail_message_id
        return (
            self.env["mail.notification"]
            .sudo()
            .search([("mail_message_id", "=", message.id), ("res_partner_id", "=", partner.id)])
        )

    def test_one_row_per_participant(self):
        """NT-1: nobody on the list is missed, whatever became of the notice."""
        self.assertEqual(set(self.proof().mapped("outcome")), {"waiting"})
        self.deliver()
        self.assertEqual(self.proof().partner_id, self.meeting.participant_ids.partner_id)
        member = self.proof(self.member.partner_id)
        self.assertEqual((member.outcome, member.way), ("sent", "email"))
        self.assertTrue(member.sent_at)
        self.assertEqual(self.counts(), {"sent": 4, "failed": 0, "opened": 0, "answered": 0, "never": 0})

    def test_by_which_way_and_read_in_the_inbox(self):
        """NT-1"""
        self.member.notification_type = "inbox"
        self.deliver()
        self.assertEqual(self.proof(self.member.partner_id).way, "inbox")
        self.assertFalse(self.proof(self.member.partner_id).opened_at)
        self.copy(self.member.partner_id).mail_message_id.with_user(self.member).set_message_done()
        row = self.proof(self.member.partner_id)
        self.assertEqual((row.outcome, row.opened_how), ("opened", "inbox"))

    def test_opened_in_the_system(self):
        """NT-1: the first time a participant's client shows the meeting; a list that has it among others does not."""
        self.deliver()
        as_member = self.meeting.with_user(self.member)
        as_member.search_read([("id", "=", self.meeting.id)], ["name", "start"])
        self.assertFalse(self.proof(self.member.partner_id).opened_at)
        as_member.web_read({"purpose": {}, "participant_ids": {}})
        row = self.proof(self.member.partner_id)
        self.assertEqual(row.opened_how, "record")
        first = row.opened_at
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            as_member.web_read({"purpose": {}})
        self.assertEqual(self.proof(self.member.partner_id).opened_at, first)

    def test_failed_and_bounced(self):
        """NT-1, RE-4: with the reason."""
        self.deliver()
        self.come_back(self.member.partner_id)
        self.come_back(self.guest, "exception", "mail_email_invalid")
        self.assertEqual(self.proof(self.member.partner_id).outcome, "bounced")
        self.deliver()
        self.assertEqual(self.proof(self.member.partner_id).reason, "bounce")
        self.assertEqual(self.proof(self.guest).outcome, "failed")
        self.assertEqual(self.counts()["failed"], 2)

    def test_answered(self):
        """NT-3: an answer is proof, too, that the notice was seen."""
        self.deliver()
        self.participant(self.meeting, self.member.partner_id).with_user(self.member).action_accept()
        row = self.proof(self.member.partner_id)
        self.assertEqual((row.opened_how, row.response), ("answer", "accepted"))

    def test_filter_and_group(self):
        """NT-1: the database does it."""
        self.deliver()
        proof = self.env["meeting.notice.proof"].with_user(self.convener)
        self.env.flush_all()
        groups = dict(proof._read_group([("meeting_id", "=", self.meeting.id)], ["outcome"], ["__count"]))
        self.assertEqual(groups, {"sent": 4})
        self.convener.group_ids += self.env.ref("base.group_allow_export")
        exported = self.proof().export_data(["partner_id", "outcome", "sent_at"])["datas"]
        self.assertEqual(len(exported), 4)

    def test_who_may_see_it(self):
        """CF-1: whoever may edit the meeting, like the ledger; nobody writes."""
        self.deliver()
        self.assertTrue(self.proof(user=self.secretary))
        for user in (self.member, self.outsider):
            self.assertFalse(self.proof(user=user))
            with self.assertRaises(AccessError):
                self.env["report.meeting_management.report_notice_proof"].with_user(user)._get_report_values(
                    self.meeting.ids
                )
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.env["meeting.notice.proof"].with_user(self.manager).has_access(operation))
        closed = self.schedule(self.make_meeting(level="participants", start=self.days_ahead(9)))
        self.deliver()
        rows = self.env["meeting.notice.proof"].with_user(self.manager).search([("meeting_id", "=", closed.id)])
        self.assertFalse(rows)

    def pdf(self, lang):
        self.convener.lang = lang
        report = self.env["ir.actions.report"].with_user(self.convener).with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("meeting_management.report_notice_proof", self.meeting.ids)
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        return " ".join(text.split())

    def test_on_paper(self):
        """NT-1: in the reader's language."""
        self.deliver()
        text = self.pdf("en_US")
        for words in ("Proof of Notice", "Member Ma", "E-mail", "Sent: 4"):
            self.assertIn(words, text)
        self.assertRegex(self.pdf("zh_CN"), r"\d{4}年")

    # -- absence (NT-6) -----------------------------------------------------------------------------------------

    def state(self, partner):
        return self.participant(self.meeting, partner).attendance_state

    def test_who_was_never_notified_is_not_held_absent(self):
        """NT-6: the ledger tells: a notice that came back has not reached anybody."""
        self.deliver()
        self.come_back(self.member.partner_id)
        self.deliver()
        self.hold(self.meeting, present=self.chair.partner_id)
        self.env.invalidate_all()
        self.assertEqual(self.state(self.member.partner_id), "not_notified")
        self.assertEqual(self.state(self.guest), "absent")
        self.assertEqual(self.meeting.not_notified_names, "Member Ma")
        self.assertIn("never notified, therefore not held absent", self.pdf("en_US"))

    def test_a_notice_that_comes_back_after_the_meeting(self):
        """NT-6: who was held absent is so no longer."""
        self.deliver()
        self.hold(self.meeting, present=self.chair.partner_id)
        self.assertEqual(self.state(self.member.partner_id), "absent")
        self.come_back(self.member.partner_id)
        self.deliver()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.state(self.member.partner_id), "not_notified")

    def test_who_answered_knew_of_it(self):
        """NT-6: whatever the mail server says."""
        self.deliver()
        self.participant(self.meeting, self.member.partner_id).with_user(self.member).action_accept()
        self.come_back(self.member.partner_id)
        self.deliver()
        self.hold(self.meeting, present=self.chair.partner_id)
        self.assertEqual(self.state(self.member.partner_id), "absent")


class TestLinkOpened(NoticeCommon, HttpCase):
    def test_the_page_of_the_link(self):
        """NT-1: opened a while after it was sent it counts; at the moment of arrival it may be a scanner."""
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        url = self.env["meeting.user.link"]._issue(meeting.sudo(), "accept", self.member, "notice")
        self.env["meeting.user.link"]._store_issued()
        row = self.env["meeting.user.link"].sudo().search([("user_id", "=", self.member.id)], limit=1)
        path = url[url.index("/meeting/do/") :]
        self.url_open(path)
        self.env.invalidate_all()
        self.assertFalse(row.opened_at)
        self.env.cr.execute("UPDATE meeting_user_link SET create_date = create_date - interval '5 min'")
        self.url_open(path)
        self.env.invalidate_all()
        self.assertTrue(row.opened_at)
        proof = meeting._notice_proof().filtered(lambda row: row.partner_id == self.member.partner_id)
        self.assertEqual(proof.opened_how, "link")
