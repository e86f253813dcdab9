"""What the journeys about ways of telling share: a fixed week, people with wishes, the whole job."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import SUPERUSER_ID
from odoo.addons.meeting_management.models.meeting_reminder import parse_step

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class ChannelCommon(NoticeCommon, OutcomeCommon):
    """The week of Monday, 3 March 2031; everybody lives in Shanghai."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.summaries = cls.env["meeting.summary"].with_user(SUPERUSER_ID)

    @staticmethod
    def shanghai(day, hour, minute=0):
        """:return: that time of that day of March 2031 in Shanghai, as UTC"""
        return datetime(2031, 3, day, hour, minute) - timedelta(hours=8)

    def at(self, day, hour, minute=0):
        return freeze_time(self.shanghai(day, hour, minute))

    def run_job(self):
        """All that the job does, without its commits."""
        self.env.flush_all()
        self.ledger._note_failed_copies()
        self.ledger._owe_summaries()
        while rows := self.ledger._lock_due(200):
            rows._send()

    def rows(self, record, step=None, partner=None):
        """``remind:15`` stands for the reminder a quarter of an hour before the start."""
        kind, _colon, minutes = (step or "").partition(":")
        if kind != "remind" or not minutes:
            return super().rows(record, step, partner)
        unit = {"minutes": 1, "hours": 60, "days": 1440}
        rows = super().rows(record, kind, partner)
        rules = {row: self.env["meeting.reminder.rule"].browse(parse_step(row.step)[2]).exists() for row in rows}
        return rows.filtered(lambda row: rules[row] and rules[row].number * unit[rules[row].unit] == int(minutes))

    def plan(self, day, hour, minute=0, **vals):
        """A meeting of that moment, scheduled on Monday at noon, whose notices have left."""
        with self.at(3, 12):
            meeting = self.schedule(self.make_meeting(start=self.shanghai(day, hour, minute), **vals))
            self.deliver()
        return meeting

    def evening(self, day):
        """The job, in the evening: no morning summary is due, the reminders of the day leave or are kept."""
        with self.at(day, 17):
            self.run_job()

    def wish(self, user, **vals):
        user.with_user(user).write({f"meeting_{name}": value for name, value in vals.items()})

    def state(self, record, step, user):
        row = self.rows(record, step, user.partner_id)
        return row.state, row.held_for or False
