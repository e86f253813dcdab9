"""A reply to a task's message becomes a report (RS-4), from the right person only (CF-1)."""

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon

MAIL = """Return-Path: <{sender}>
From: {sender}
To: {to}
Subject: Re: task
Message-Id: <reply-{number}@client.example>
In-Reply-To: {message_id}
References: {message_id}
{extra}Content-Type: text/plain; charset=utf-8

{text}

> earlier words
On Monday the system wrote:
quoted 90% of it
"""


class TestReply(OutcomeCommon, NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "company.example"})
        cls.company.alias_domain_id = domain
        cls.company.email = "office@company.example"
        cls.number = 0

    def handed_out(self, level="public"):
        minutes = self.held(level=level)
        task = self.task(minutes, supervisor_id=self.chair.id)
        self.publish(minutes)
        self.deliver()
        return task

    def setUp(self):
        super().setUp()
        self.job = self.handed_out()
        self.job.with_user(self.member).action_acknowledge()
        self.row = self.rows(self.job, "task_assigned", self.member.partner_id)

    def reply(self, text, sender=None, extra="", row=None):
        type(self).number += 1
        before = self.env["mail.mail"].sudo().search([])
        message = (row or self.row).mail_message_id
        self.env["mail.thread"].sudo().message_process(
            "mail.thread",
            MAIL.format(
                sender=sender or self.member.email,
                to="catchall@company.example",
                number=self.number,
                message_id=message.message_id,
                text=text,
                extra=extra,
            ),
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["mail.mail"].sudo().search([]) - before

    def test_replies_come_back_to_us(self):
        """RS-4: where the company has an address for that."""
        self.assertIn("catchall@company.example", self.row.mail_message_id.reply_to)

    def test_with_a_percentage(self):
        """RS-4: the number at the beginning sets the progress; quoted lines are not part of the report."""
        self.reply("60% two suppliers have answered\nthe third will")
        report = self.job.sudo().report_ids
        self.assertEqual((report.percentage, report.author_id), (60, self.member))
        self.assertEqual(report.text, "two suppliers have answered\nthe third will")
        self.assertEqual((self.job.progress, self.job.state), (60, "in_progress"))
        self.assertIn("two suppliers", self.job.message_ids[0].body)

    def test_without_one(self):
        """RS-4: text alone is a report that leaves the progress as it is."""
        self.reply("60%")
        self.reply("Waiting for paper")
        self.assertEqual([row.percentage for row in self.job.sudo().report_ids], [60, 60])
        self.assertEqual(self.job.sudo().report_ids[0].text, "Waiting for paper")

    def test_chinese_percent_sign(self):
        self.reply("80％，已联系供应商")
        self.assertEqual(self.job.progress, 80)
        self.assertEqual(self.job.sudo().report_ids.text, "已联系供应商")

    def test_nobody_elses(self):
        """CF-1: a stranger is refused kindly; a colleague who may read writes a note, no report."""
        mails = self.reply("100% all done", sender="nobody@elsewhere.example")
        self.assertIn("only those who take part", mails.body_html)
        self.reply("100% all done", sender=self.chair.email)
        self.assertFalse(self.job.sudo().report_ids)
        self.assertEqual(self.job.progress, 0)

    def test_a_message_sent_to_somebody_else(self):
        """RS-4: who knows only the address of the owner cannot report for him: the message answered was never his."""
        other = self.handed_out_to_chair()
        row = self.rows(other, "task_assigned", self.chair.partner_id)
        other.sudo().assistant_ids = self.member
        other.with_user(self.chair).action_acknowledge()
        self.reply("50% forged", row=row)
        self.assertFalse(other.sudo().report_ids)

    def handed_out_to_chair(self):
        minutes = self.held(start=self.days_ahead(9))
        task = self.task(minutes, owner_id=self.chair.id, supervisor_id=self.convener.id)
        self.publish(minutes)
        self.deliver()
        return task

    def test_not_before_it_is_acknowledged(self):
        """RS-2: until the owner has taken the task on his reply is a note."""
        fresh = self.handed_out_again()
        row = self.rows(fresh, "task_assigned", self.member.partner_id)
        self.reply("10% begun", row=row)
        self.assertFalse(fresh.sudo().report_ids)
        self.assertIn("begun", fresh.message_ids[0].body)

    def handed_out_again(self):
        minutes = self.held(start=self.days_ahead(10))
        task = self.task(minutes, supervisor_id=self.chair.id)
        self.publish(minutes)
        self.deliver()
        return task

    def test_what_a_machine_answers(self):
        """RS-4: “I am out of office” is no progress, and is not answered."""
        mails = self.reply("I am out of office", extra="Auto-Submitted: auto-replied\n")
        self.assertFalse(self.job.sudo().report_ids)
        self.assertFalse(mails)

    def test_secret_tasks_are_not_answered_by_mail(self):
        """CF-1: kindly, without a word about the content; replies go to no gateway in the first place."""
        minutes = self.held(start=self.days_ahead(11), level="participants", name="Project Phoenix")
        task = self.task(minutes, name="Phoenix price", supervisor_id=self.chair.id)
        self.publish(minutes)
        self.deliver()
        row = self.rows(task, "task_assigned", self.member.partner_id)
        self.assertNotIn("catchall", row.mail_message_id.reply_to)
        task.with_user(self.member).action_acknowledge()
        before = task.sudo().message_ids
        mails = self.reply("60% Phoenix", row=row)
        self.assertIn("does not travel by e-mail", mails.body_html)
        self.assertNotIn("Phoenix", mails.body_html)
        self.assertFalse(task.sudo().report_ids)
        self.assertEqual(task.sudo().message_ids, before)
