"""Approvers, reviewers, owners and supervisors act from the mail (AP-3, MN-3, MN-4, RS-2, RS-4, RS-6)."""

import re

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.answering.common import AnsweringCommon


class TestDecide(AnsweringCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.make_meeting(type_id=self.reception.id)
        self.meeting.action_submit()
        self.found = self.links(self.meeting, "approval", self.approver.partner_id)

    def test_approve(self):
        """AP-2, AP-3: the next step is asked; the first link says what was decided, the second one does not work
        either."""
        self.assertEqual(list(self.found), ["Approve", "Send back"])
        answer = self.go(self.found["Approve"])
        self.assertIn("Approved.", answer.text)
        self.assertEqual(self.meeting.current_approver_id, self.boss)
        first = self.meeting.sudo().approval_ids.filtered(lambda row: row.approver_id == self.approver)
        self.assertEqual((first.state, first.write_uid), ("approved", self.approver))
        late = self.open(self.found["Send back"])
        self.assertIn("Meanwhile it was approved", late.text)
        self.assertIn("Approver An", late.text)
        meeting = self.meeting.sudo().with_context(tz="Asia/Shanghai", lang="en_US")
        decided = self.meeting.sudo().approval_ids.filtered("decided_at").decided_at
        clock = fields.Datetime.context_timestamp(meeting, decided).strftime("%-I:%M")
        self.assertIn(clock, late.text, "in the reader's time zone, counted once")
        self.assertNotIn("nonce", late.text)

    def test_send_back_needs_a_reason(self):
        """AP-3: and returns the application to its author."""
        self.go(self.found["Send back"])
        self.assertEqual(self.meeting.state, "submitted")
        self.go(self.found["Send back"], reason="Too long")
        self.assertEqual((self.meeting.state, self.meeting.refusal_reason), ("draft", "Too long"))

    def test_a_link_of_the_first_application_does_not_decide_on_the_second(self):
        """AP-3: the same person, the same verb, the same meeting, but another application."""
        text = self.open(self.found["Approve"]).text
        self.meeting.with_user(self.approver).action_refuse("Shorter, please")
        self.meeting.with_user(self.convener).write({"duration": 1.0})
        self.meeting.with_user(self.convener).action_submit()
        self.assertEqual(self.meeting.current_approver_id, self.approver)
        self.send(self.found["Approve"], text)
        self.assertEqual(self.meeting.state, "submitted")
        self.assertEqual(self.meeting.current_approver_id, self.approver)
        self.assertIn("Nothing left to do here", self.open(self.found["Approve"]).text)
        fresh = self.links(self.meeting, "approval", self.approver.partner_id)
        self.go(fresh["Approve"])
        self.assertEqual(self.meeting.current_approver_id, self.boss)

    def test_taken_back(self):
        """AP-3: an approver who is no longer asked may not read the draft, and learns nothing."""
        self.meeting.with_user(self.convener).action_withdraw()
        page = self.open(self.found["Approve"])
        self.assertEqual(page.status_code, 410)
        self.assertNotIn("Spring offer", page.text)

    def test_minutes(self):
        """MN-3, MN-4: approve, send back, and confirm as read."""
        minutes = self.held(start=self.days_ahead(8))
        minutes.action_submit()
        found = self.links(minutes, "minutes_review", self.chair.partner_id)
        self.go(found["Send back"], reason="Who said so?")
        self.assertEqual(minutes.state, "draft")
        minutes.action_submit()
        self.assertIn("Nothing left to do here", self.open(found["Approve"]).text)
        self.go(self.links(minutes, "minutes_review", self.chair.partner_id)["Approve"])
        self.assertEqual(minutes.state, "approved")
        self.assertEqual(minutes.sudo().approved_by_id, self.chair)
        minutes.action_publish()
        read = self.links(minutes, "publish", self.member.partner_id)
        self.go(read["I have read the minutes"])
        line = self.participant(minutes.meeting_id, self.member.partner_id)
        self.assertEqual(line.minutes_read_version, 1)
        self.assertIn("already confirmed", self.open(read["I have read the minutes"]).text)


class TestTasks(AnsweringCommon):
    def setUp(self):
        super().setUp()
        minutes = self.held()
        self.job = self.task(minutes, supervisor_id=self.chair.id)
        self.publish(minutes)
        self.found = self.links(self.job, "task_assigned", self.member.partner_id)

    def test_acknowledge(self):
        """RS-2"""
        self.assertEqual(list(self.found), ["Acknowledge", "Refuse"])
        self.go(self.found["Acknowledge"])
        self.assertEqual(self.job.state, "acknowledged")
        late = self.open(self.found["Refuse"])
        self.assertIn("Meanwhile it was acknowledged", late.text)

    def test_refuse(self):
        """RS-2: with a reason."""
        self.assertIn("Please give a reason", self.go(self.found["Refuse"], reason="").text)
        self.go(self.found["Refuse"], reason="On leave")
        self.assertEqual((self.job.state, self.job.refusal_reason), ("refused", "On leave"))

    def test_report(self):
        """RS-4: percentage and text; the link works again for the next report, the form of the first does not."""
        self.job.with_user(self.member).action_acknowledge()
        path = self.link(self.job, "report", self.member, "task_due")
        text = self.open(path).text
        self.assertIn("Please write what was done", self.send(path, text, percentage="40", text=" ").text)
        text = self.open(path).text
        self.assertIn("between 0 and 100", self.send(path, text, percentage="140", text="Half").text)
        text = self.open(path).text
        self.send(path, text, percentage="40%", text="Draft is printed", help_needed="Paper")
        self.send(path, text, percentage="40%", text="Draft is printed", help_needed="Paper")
        report = self.job.sudo().report_ids
        self.assertEqual(len(report), 1)
        self.assertEqual((report.percentage, report.text, report.author_id), (40, "Draft is printed", self.member))
        self.assertEqual(self.job.state, "in_progress")
        self.go(path, percentage="60", text="Two thirds")
        self.assertEqual(self.job.sudo().report_ids[0].percentage, 60)

    def test_judge(self):
        """RS-6: the supervisor returns the result, then accepts it; his first link does not accept the second."""
        member = self.job.with_user(self.member)
        member.action_acknowledge()
        member._submit_result({"text": "Done"}, self.env["ir.attachment"])
        found = self.links(self.job, "task_submitted", self.chair.partner_id)
        self.go(found["Return"], reason="Prices are missing")
        self.assertEqual(self.job.state, "returned")
        member._submit_result({"text": "Done again"}, self.env["ir.attachment"])
        self.go(self.links(self.job, "task_submitted", self.chair.partner_id)["Accept the result"])
        self.assertEqual(self.job.state, "accepted")
        self.assertIn("Meanwhile the result was accepted", self.open(found["Accept the result"]).text)

    def test_assistants_report_and_strangers_do_not(self):
        """RS-4: a link in the name of somebody who has no part in the task does nothing."""
        self.job.with_user(self.member).action_acknowledge()
        path = self.link(self.job, "report", self.outsider, "task_due")
        page = self.open(path)
        self.assertNotIn('name="nonce"', page.text)
        self.assertFalse(self.job.sudo().report_ids)


class TestSecret(AnsweringCommon):
    def test_nothing_shows_without_a_login(self):
        """CF-1, CF-4: at closed levels the page is neutral until its owner has logged in; the log has it then."""
        for number, level in enumerate(("participants", "secret"), 8):
            with self.subTest(level=level):
                meeting = self.make_meeting(name="Project Phoenix", level=level, start=self.days_ahead(number))
                self.sign_agreements(self.schedule(meeting), self.member.partner_id)
                line = self.participant(meeting, self.member.partner_id)
                path = self.link(meeting, "accept", self.member)
                self.authenticate(None, None)
                page = self.open(path)
                self.assertIn("Please log in", page.text)
                self.assertNotIn("Phoenix", page.text)
                self.assertNotIn('name="nonce"', page.text)
                self.authenticate("member", "member")
                self.go(path)
                self.assertEqual(line.response, "accepted")
                logged = (
                    self.env["meeting.access.log"]
                    .sudo()
                    .search(
                        [("meeting_ref", "=", meeting.id), ("user_ref", "=", self.member.id), ("event", "=", "opened")]
                    )
                )
                self.assertEqual(bool(logged), level == "secret")

    def test_logging_in_leads_back_to_the_page(self):
        """CF-1: in the same browser, by way of the usual form."""
        meeting = self.schedule(self.make_meeting(name="Project Phoenix", level="participants"))
        path = self.link(meeting, "accept", self.member)
        neutral = self.open(path)
        [redirect] = re.findall(r'href="(/web/login\?redirect=/meeting/link/\d+)"', neutral.text)
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open(redirect).text).group(1)
        page = self.open(
            redirect,
            data={
                "csrf_token": token,
                "login": "member",
                "password": "memberxx",
                "redirect": redirect.partition("=")[2],
            },
        )
        self.assertIn("Project Phoenix", page.text)
        self.send(path, page.text)
        self.assertEqual(self.participant(meeting, self.member.partner_id).response, "accepted")

    def test_who_has_not_signed_gets_no_verbs(self):
        """CF-2: signing comes first."""
        meeting = self.schedule(self.make_meeting(name="Phoenix", level="secret"))
        self.assertFalse(self.links(meeting, "notice", self.member.partner_id))


class TestMaterials(AnsweringCommon):
    def setUp(self):
        super().setUp()
        file = self.env["ir.attachment"].with_user(self.convener).create({"name": "Prices.txt", "raw": b"1"})
        self.meeting = self.make_meeting(
            agenda_item_ids=[Command.create({"name": "Prices", "attachment_ids": [Command.link(file.id)]})]
        )
        self.schedule(self.meeting)

    def test_confirm_by_link_and_on_the_meeting(self):
        """NT-4: who has not read is seen; a document that comes later is unread again."""
        found = self.links(self.meeting, "notice", self.member.partner_id)
        page = self.open(found["I have read the documents"])
        self.assertIn("Prices.txt", page.text)
        self.assertEqual(self.meeting.materials_unread_count, 4)
        self.go(found["I have read the documents"])
        self.env.invalidate_all()
        line = self.participant(self.meeting, self.member.partner_id)
        self.assertEqual(line.materials_state, "read")
        self.meeting.with_user(self.chair).action_confirm_materials()
        self.assertEqual(self.meeting.materials_unread_count, 2)
        self.assertNotIn("Member Ma", self.meeting.materials_unread_names)
        self.assertFalse(self.meeting.with_user(self.chair).can_confirm_materials)
        self.assertFalse(self.meeting.with_user(self.outsider).can_confirm_materials)
        with self.later(minutes=5):
            late = self.env["ir.attachment"].with_user(self.convener).create({"name": "Later.txt", "raw": b"2"})
            self.env.cr.execute(
                "UPDATE ir_attachment SET create_date = create_date + interval '5 min' WHERE id = %s", [late.id]
            )
            self.meeting.agenda_item_ids.sudo().attachment_ids = [Command.link(late.id)]
        self.env.invalidate_all()
        self.assertEqual(line.materials_state, "unread")

    def test_a_guest_confirms_on_his_page(self):
        """NT-4, PT-4"""
        self.line = self.participant(self.meeting, self.guest)
        self.url = self.path(self.line)
        self.assertIn("I have read the documents", self.open(self.url).text)
        self.press("materials", url=self.url)
        self.env.invalidate_all()
        self.assertEqual(self.line.materials_state, "read")
        self.assertIn("You have confirmed that you read the documents", self.open(self.page).text)

    def test_nobody_confirms_for_another(self):
        """NT-4: not even the secretary."""
        line = self.participant(self.meeting, self.member.partner_id)

        with self.assertRaises(AccessError):
            line.with_user(self.secretary).materials_read_at = self.meeting.start
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.secretary).action_confirm_materials()

    def test_my_day(self):
        """NT-4: it waits on My Day until it is confirmed."""
        sections = self.env["meeting.my.day"].with_user(self.member).get()["sections"]
        self.assertIn("materials", [section["key"] for section in sections])
        self.meeting.with_user(self.member).action_confirm_materials()
        sections = self.env["meeting.my.day"].with_user(self.member).get()["sections"]
        self.assertNotIn("materials", [section["key"] for section in sections])
