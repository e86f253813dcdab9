"""How the people of the demo company are told: their wishes, this morning's summaries, a group robot."""

from datetime import timedelta

import pytz
from odoo import fields, models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _make_channels(self):
        for login, wishes in (
            ("chen", {"meeting_summary": True, "meeting_quiet": True}),
            ("anna", {"meeting_summary": True, "meeting_summary_time": 8.0}),
            ("wang", {"meeting_robot_mention": "WangLei"}),
        ):
            self._user(login).write(wishes)
        self.env.company.meeting_follow_up_user_ids = self._user("zhao")
        self._group_robot()
        self._summaries_of_today()

    def _group_robot(self):
        """Set up, tested once with an address that was mistyped, and still off."""
        sales = self.env["hr.department"].search([("manager_id.user_id", "=", self._user("wang").id)], limit=1)
        robot = self.env["meeting.robot"].create(
            {
                "name": "销售部群 Sales group",
                "kind": "wecom",
                "new_address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo-0000",
                "lang": self._chinese(),
                "audience_department_ids": [Command.set(sales.ids)],
            }
        )
        meetings = self.env["meeting.meeting"].search([("level", "in", ("public", "internal"))], order="start")
        told = meetings.filtered(lambda meeting: meeting._is_announced())[:2]
        outbox = self.env["meeting.robot.message"]
        outbox._owe([(robot, meeting, "notice") for meeting in told])
        now = fields.Datetime.now()
        for message, error in zip(
            outbox.search([("robot_id", "=", robot.id)]), ("93000: invalid webhook url", False), strict=False
        ):
            message.write(
                {
                    "state": "failed" if error else "sent",
                    "error": error,
                    "attempts": 3 if error else 1,
                    "sent_at": False if error else now,
                }
            )

    def _summaries_of_today(self):
        """What the morning would have brought."""
        summaries, ledger = self.env["meeting.summary"], self.env["meeting.notification"]
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(self.env.company._meeting_tz()).date()
        company = self.env.company.id
        mornings = [(self._user(login).id, company, today) for login in ("chen", "anna")]
        monday = today - timedelta(days=today.weekday())
        weekly = [(self._user(login).id, company, monday) for login in ("zhao", "wang", "sun")]
        now = fields.Datetime.now()
        rows = [
            (summary, step, summary.user_id.partner_id.id, now)
            for kind, step, owed in (("morning", "summary", mornings), ("follow_up", "follow_up", weekly))
            for summary in summaries._insert(kind, owed)
        ]
        ledger._queue_rows(rows)._send()
