"""What the ledger really sends about minutes and tasks: every step is drawn, and confidential ones say nothing."""

from freezegun import freeze_time
from odoo.fields import Command

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class TestMessages(NoticeCommon, OutcomeCommon):
    def live_through(self, **vals):
        """Minutes sent back, published, corrected, and tasks that go through every step; then a month passes."""
        minutes = self.held(present=self.chair.partner_id | self.minute_taker.partner_id | self.guest, **vals)
        self.participant(minutes.meeting_id, self.member.partner_id).sudo().mark = "absent"
        self.deliver()
        minutes.department_ids = self.sales
        minutes.action_submit()
        self.deliver()
        minutes.with_user(self.chair).action_send_back(reason="Name the amount")
        self.deliver()
        self.resolution(minutes).action_adopt()
        tasks = [self.task(minutes, assistant_ids=[Command.link(self.boss.id)]) for _number in range(4)]
        self.publish(minutes)
        self.deliver()
        done, refused, withdrawn, cancelled = (task.with_user(self.member) for task in tasks)
        done.action_acknowledge()
        done._report({"percentage": 10, "text": "Begun", "help_needed": "Two more hands"})
        done._submit_result({"text": "Nearly"}, self.env["ir.attachment"])
        self.deliver()
        done.with_user(self.chair).action_return(reason="Not enough")
        self.deliver()
        done._submit_result({"text": "All printed"}, self.env["ir.attachment"])
        done.with_user(self.chair).action_accept()
        refused.action_refuse(reason="No time")
        withdrawn.with_user(self.convener).action_take_back()
        cancelled.with_user(self.convener).action_cancel(reason="Not needed")
        self.deliver()
        minutes.action_correct(reason="Typing error")
        self.publish(minutes)
        self.deliver()
        return minutes, tasks

    def rows_of(self, minutes):
        return self.ledger.search([("meeting_id", "=", minutes.meeting_id.id)]).filtered(
            lambda row: row.res_model in ("meeting.minutes", "meeting.action.item")
        )

    def test_every_step_is_sent(self):
        """RE-2, RE-4, MN-2 to MN-4, RS-2 to RS-6"""
        minutes, _tasks = self.live_through()
        late = self.held(start=self.days_ahead(8))
        open_task = self.task(late, deadline="2031-01-31")
        open_task.action_assign()
        with freeze_time("2031-01-30 20:00:00"):
            self.deliver()
        with freeze_time("2031-02-10 04:00:00"):
            self.deliver()
        rows = self.rows_of(minutes) | self.rows_of(late)
        self.assertFalse(rows.filtered(lambda row: row.state == "failed").mapped("error"))
        sent = {row.step.partition(":")[0] for row in rows.filtered(lambda row: row.state == "sent")}
        self.assertEqual(
            sent,
            {
                "minutes_due",
                "minutes_overdue",
                "limit_over",
                "minutes_review",
                "minutes_sent_back",
                "minutes_approved",
                "publish",
                "publish_absent",
                "publish_copy",
                "unread",
                "task_assigned",
                "task_start",
                "task_due",
                "task_overdue",
                "task_submitted",
                "task_returned",
                "task_accepted",
                "task_refused",
                "task_help",
                "task_withdrawn",
                "task_cancelled",
            },
        )
        labels = self.ledger._step_labels()
        self.assertFalse(sent - labels.keys(), "each step has a name in the ledger")
        body = self.mails(self.member.partner_id, "missed")[-1:].body_html
        for text in ("You could not be at this meeting", "Grant five percent", "Print the offer"):
            self.assertIn(text, body)

    def test_in_chinese(self):
        (self.member | self.chair | self.minute_taker | self.approver | self.boss).partner_id.lang = "zh_CN"
        minutes, tasks = self.live_through(name="春季报价会议")
        rows = self.rows_of(minutes)
        self.assertFalse(rows.filtered(lambda row: row.state == "failed").mapped("error"))
        subjects = self.mails(self.member.partner_id).mapped("subject")
        self.assertTrue(subjects)
        for subject in subjects:
            self.assertRegex(subject, r"[\u4e00-\u9fff]")

    def test_secret_minutes_and_tasks_say_nothing(self):
        """CF-1"""
        minutes, _tasks = self.live_through(level="secret")
        rows = self.rows_of(minutes)
        self.assertFalse(rows.filtered(lambda row: row.state == "failed").mapped("error"))
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "in", rows.mail_message_id.ids)])
        self.assertTrue(mails)
        for mail in mails:
            for word in ("Spring", "Print the offer", "five percent", "Name the amount", "Not enough"):
                self.assertNotIn(word, f"{mail.subject} {mail.body_html}")
