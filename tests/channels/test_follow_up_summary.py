"""The periodic summary of follow-up: heads and management, each what he may read (RS-8)."""

from datetime import datetime

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tools import html2plaintext

from tests.channels.common import ChannelCommon


class TestFollowUp(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hr.department"].search([]).write({"manager_id": False})
        cls.sales.manager_id = cls.approver.employee_id
        cls.company.write(
            {"meeting_follow_up_every": "weekly", "meeting_follow_up_user_ids": [Command.set(cls.boss.ids)]}
        )

    def tasks(self, **vals):
        """Two tasks of the member of Sales East, one of them overdue on Monday, 10 March 2031."""
        minutes = self.held(**vals)
        self.task(minutes, deadline="2031-03-05")
        self.task(minutes, deadline="2031-04-05")
        done = self.task(minutes, deadline="2031-04-05")
        self.publish(minutes)
        with self.at(5, 10):
            done.with_user(self.member).action_acknowledge()
            done.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
            done.with_user(self.chair).action_accept()
        self.deliver()

    def told(self, user):
        return self.mails(user.partner_id, "Follow-up of tasks")

    def figures(self, user):
        """:return: list of the figures in the mail, in reading order"""
        return [int(word) for word in html2plaintext(self.told(user).body_html).split() if word.isdigit()]

    def test_monday_morning(self):
        """RS-8: open, overdue and done by department, once, with the way to the tracking table."""
        self.tasks()
        with self.at(10, 8, 29):
            self.run_job()
            self.assertFalse(self.told(self.boss))
        for hour in (8, 9, 20):
            with self.at(10, hour, 31):
                self.run_job()
        for reader in (self.boss, self.approver):
            mail = self.told(reader)
            self.assertEqual(len(mail), 1, reader.name)
            self.assertIn("/odoo/meeting-tracking", mail.body_html)
            self.assertIn("Sales East", mail.body_html)
            self.assertEqual(self.figures(reader)[-3:], [2, 1, 1])
            self.assertIn("03/09/2031", mail.subject)
        for other in (self.convener, self.member, self.manager):
            self.assertFalse(self.told(other), other.name)

    def test_each_counts_what_he_may_read(self):
        """CF-1: figures of a closed meeting are seen by its readers; the head of the department is none."""
        self.tasks(level="participants")
        self.tasks(start=self.days_ahead(8))
        with self.at(10, 9):
            self.run_job()
        self.assertEqual(self.figures(self.boss)[-3:], [2, 1, 1])
        self.assertEqual(self.figures(self.approver)[-3:], [2, 1, 1])

    def test_nothing_to_follow_nothing_sent(self):
        with self.at(10, 9):
            self.run_job()
        self.assertFalse(self.told(self.boss))

    def test_first_of_the_month_or_never(self):
        self.tasks()
        self.company.meeting_follow_up_every = "never"
        with self.at(10, 9):
            self.run_job()
        self.assertFalse(self.told(self.boss))
        self.company.meeting_follow_up_every = "monthly"
        with self.at(10, 9):
            self.run_job()
        self.assertFalse(self.told(self.boss))
        with freeze_time(datetime(2031, 4, 1, 1)):
            self.run_job()
        self.assertEqual(len(self.told(self.boss)), 1)
        self.assertEqual(self.figures(self.boss)[-3:], [2, 1, 1])

    def test_days_late_is_too_late(self):
        """RE-3: after two days the next one will do."""
        self.tasks()
        with self.at(12, 9):
            self.run_job()
        self.assertFalse(self.told(self.boss))
