"""A task due on a day is due on that day: said alike on its card, its time limit and in its mail (RS-3, RE-2)."""

from datetime import timedelta

from dateutil.relativedelta import WE, relativedelta
from freezegun import freeze_time
from odoo.fields import Date, Datetime
from odoo.tools import format_date

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class TestDueDay(NoticeCommon, OutcomeCommon):
    def setUp(self):
        super().setUp()
        self.member.tz = "Asia/Shanghai"
        wednesday = relativedelta(days=20, weekday=WE)  # the next morning is no weekend, on which mails would wait
        self.deadline = Date.today() + wednesday
        minutes = self.held()
        self.work = self.task(minutes, deadline=self.deadline)
        self.publish(minutes)
        self.work.with_user(self.member).action_acknowledge()
        found = self.env["meeting.clock"].search([("res_model", "=", self.work._name), ("res_id", "=", self.work.id)])
        self.clocks = {clock.kind: clock for clock in found}

    def test_on_the_time_limit(self):
        """RS-3, RE-2: the date, in whatever zone it is read; a limit in hours keeps its time."""
        said = format_date(self.env, self.deadline)
        for tz in ("Asia/Shanghai", "America/New_York", "Pacific/Auckland"):
            due = self.clocks["task_due"].with_context(tz=tz)
            due.invalidate_recordset(["due_text"])
            self.assertEqual(due.due_text, said)
            self.assertEqual(due._face()["due"], said)
        self.assertEqual(self.clocks["task_start"].due_text, format_date(self.env, self.work.start_due))
        self.assertIn(":", self.clocks["task_acknowledge"].due_text)

    def test_in_the_mail(self):
        """RE-2: the reminder's limit and the task's deadline are one and the same day."""
        clock = self.clocks["task_due"]
        rule = self.env["meeting.reminder.rule"].search([("kind", "=", "task_due")], limit=1)
        late = clock.due + timedelta(hours=9)
        with freeze_time(late):
            step = f"task_overdue:{clock.id}.{rule.id}.0"
            self.ledger._queue_rows([(self.work, step, self.member.partner_id.id, Datetime.now())])
            self.deliver()
        body = self.mails(self.member.partner_id, "Overdue")[-1].body_html
        self.assertEqual(body.count(format_date(self.env, self.deadline)), 2, "limit and deadline")
        self.assertNotIn(format_date(self.env, self.deadline + timedelta(days=1)), body)
        self.assertNotIn("12:00", body)

    def test_on_my_day(self):
        """RS-3: on its last day it is not late yet."""
        for days, late in ((0, False), (1, True)):
            with freeze_time(self.clocks["task_due"].due + timedelta(days=days, hours=-1)):
                today = self.env["meeting.my.day"].with_user(self.member).with_context(tz="Asia/Shanghai").get()
                cards = [card for section in today["sections"] for card in section["cards"]]
                card = next(card for card in cards if (card["model"], card["id"]) == (self.work._name, self.work.id))
                self.assertEqual(card["late"], late)
                self.assertIn(format_date(self.env, self.deadline), card["note"])
