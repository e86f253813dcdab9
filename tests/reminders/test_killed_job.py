"""The job is killed again and again, on two servers at once: nothing is lost and nothing is sent twice (RE-3).

Real processes on a database of their own, which is copied from the test database and dropped afterwards.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psycopg2
from freezegun import freeze_time
from odoo.sql_db import close_db, connection_info_for
from odoo.tests.common import BaseCase, get_db_name

from devkit import postgres
from tests.notice.common import NoticeCommon

ROWS = 300
WORKER = Path(__file__).with_name("worker.py")


class TestKilledJob(BaseCase):
    def setUp(self):
        super().setUp()
        source = get_db_name()
        self.name = f"{source}_killed"
        close_db(source)  # a template has no other sessions
        postgres.clone(source, self.name)
        self.addCleanup(postgres.drop, self.name)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(WORKER.parents[2]), *sys.path])}
        self.servers = subprocess.Popen(
            [sys.executable, str(WORKER), self.name, str(ROWS)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(self.end)
        self.rows = [int(number) for number in self.servers.stdout.readline().split(",")]
        self.assertEqual(len(self.rows), ROWS)

    # -- processes ----------------------------------------------------------------------------------------------

    def ask(self, word, number):
        self.servers.stdin.write(f"{word} {number}\n")
        self.servers.stdin.flush()
        return int(self.servers.stdout.readline())

    def end(self):
        self.servers.stdin.close()
        self.servers.wait(timeout=60)
        self.servers.stdout.close()

    def query(self, statement, *values):
        _name, info = connection_info_for(self.name)
        with psycopg2.connect(**info) as connection, connection.cursor() as cr:
            cr.execute(statement, values)
            return cr.fetchall()

    def sent(self):
        return self.query("SELECT count(*) FROM meeting_notification WHERE id = ANY(%s) AND state = 'sent'", self.rows)[
            0
        ][0]

    def test_killed_at_any_point(self):
        """RE-3: two servers, one with a clock an hour behind, one two days ahead; each is killed at random moments and
        started again, until the rest is left to the last pair."""
        chance, kills, progress = Random(7), 0, []
        while self.sent() < ROWS / 2 and kills < 60:
            pair = [self.ask("start", -1), self.ask("start", 48)]
            for process in pair:
                time.sleep(chance.uniform(0.02, 0.5 + kills / 20))
                os.kill(process, signal.SIGKILL)
                kills += self.ask("wait", process) == -signal.SIGKILL
            progress.append(self.sent())
        self.assertGreaterEqual(kills, 4, progress)
        self.assertTrue([count for count in progress if 0 < count < ROWS], f"killed in the middle: {progress}")
        for process in [self.ask("start", -1), self.ask("start", 48)]:
            self.assertEqual(self.ask("wait", process), 0)
        self.look()

    def look(self):
        """Counted by rows, by messages and by mails."""
        self.assertEqual(
            self.query(
                "SELECT state, attempts, count(*) FROM meeting_notification WHERE id = ANY(%s) GROUP BY 1, 2", self.rows
            ),
            [("sent", 1, ROWS)],
        )
        copies = self.query(
            """SELECT count(*), count(DISTINCT (g.res_id, m.res_partner_id)) FROM mail_notification m
                 JOIN mail_message g ON g.id = m.mail_message_id WHERE g.model = 'meeting.meeting'
                  AND g.message_type = 'user_notification'"""
        )
        self.assertEqual(copies, [(ROWS, ROWS)])
        mails = self.query(
            """SELECT count(*), count(DISTINCT (g.res_id, r.res_partner_id)) FROM mail_mail m
                 JOIN mail_message g ON g.id = m.mail_message_id JOIN mail_mail_res_partner_rel r
                   ON r.mail_mail_id = m.id WHERE g.model = 'meeting.meeting'"""
        )
        self.assertEqual(mails, [(ROWS, ROWS)])
        orphans = self.query(
            """SELECT count(*) FROM mail_message g WHERE g.model = 'meeting.meeting' AND g.message_type =
               'user_notification' AND NOT EXISTS (SELECT FROM meeting_notification n WHERE n.mail_message_id = g.id)"""
        )
        self.assertEqual(orphans, [(0,)])


class TestClockJumps(NoticeCommon):
    """The clock on the wall of the server, in one process."""

    def meeting_at(self, start):
        self.remind_before(1440, 60)
        return self.schedule(self.make_meeting(start=start))

    def test_an_hour_back_and_two_days_forward(self):
        """RE-3: what has left stays so when the clock goes back; what was skipped and is too late is not sent."""
        start = self.days_ahead(9)
        meeting = self.meeting_at(start)
        partner = self.member.partner_id
        for moment in (-1440, -1440 - 60, -1440, -1439, -1440 - 60):
            with freeze_time(start + timedelta(minutes=moment + 1)):
                self.deliver()
        sent = self.rows(meeting, "remind", partner).filtered(lambda row: row.state == "sent")
        self.assertEqual(sent.mapped("due"), [start - timedelta(days=1)])
        self.assertEqual(len(self.mails(partner, "In 1 day")), 1)
        with freeze_time(start + timedelta(days=1)):
            self.deliver()
        with freeze_time(start - timedelta(minutes=30)):
            self.deliver()
        rows = self.rows(meeting, "remind", partner)
        self.assertEqual(sorted(rows.mapped("state")), ["sent", "void"])
        self.assertFalse(self.mails(partner, "In 1 hour"))

    def test_nights_of_the_change(self):
        """RE-3: a day before is the same time on the wall, 23 or 25 hours away; it leaves once however often the hour
        passes."""
        self.company.resource_calendar_id.tz = "Europe/Berlin"
        for start, ahead in ((datetime(2027, 3, 28, 8, 0), 23), (datetime(2027, 10, 31, 9, 0), 25)):
            with self.subTest(start), freeze_time(start - timedelta(days=4)):
                meeting = self.meeting_at(start)
                due = start - timedelta(hours=ahead)
                rows = self.rows(meeting, "remind", self.member.partner_id)
                self.assertIn(due, rows.mapped("due"))
                for minutes in (-5, 0, 30, 60, 0, 90):  # the hour comes twice
                    with freeze_time(due + timedelta(minutes=minutes)):
                        self.deliver()
                left = self.rows(meeting, "remind", self.member.partner_id).filtered(lambda row: row.state == "sent")
                self.assertEqual(left.mapped("due"), [due])
                self.assertEqual(left.sent_at, due)
