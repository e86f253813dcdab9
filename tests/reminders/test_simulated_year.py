"""A year in the life of two hundred people: the ledger is, row by row, what a second reckoning owes (RE-1 to RE-4).

The life is made up from a fixed seed. Everything is real but the drawing of PDFs: the documents and their verbs, the
engine, the jobs, the messages. `MEETINGS` in the environment makes it longer than the default.
"""

import heapq
import logging
import os
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from unittest.mock import patch

from freezegun import freeze_time
from odoo.addons.meeting_management.models.meeting_reminder import parse_step

from tests.reminders.oracle import stored
from tests.reminders.year_changes import YearChanges
from tests.reminders.year_company import YearCompany
from tests.reminders.year_meetings import YearMeetings
from tests.reminders.year_outcome import YearOutcome
from tests.reminders.year_rooms import YearRooms

_logger = logging.getLogger(__name__)

MEETINGS = int(os.environ.get("MEETINGS", "20"))
SEED = int(os.environ.get("SEED", "2026"))
BEGIN, END = datetime(2026, 1, 5), datetime(2027, 2, 15)


class TestSimulatedYear(YearRooms, YearMeetings, YearOutcome, YearChanges, YearCompany):
    def test_a_year(self):
        """RE-1, RE-2, RE-3: every row of the ledger (document, duty, rule, number, person, moment) and what became of
        it; nobody gets a step twice, nothing leaves before its time, every row that left has one message."""
        report = type(self.env["ir.actions.report"])
        with (
            freeze_time(BEGIN) as self.frozen,
            patch.object(report, "_meeting_pdf", lambda *_args, **_kwargs: b"%PDF-1.4"),
            patch.object(report, "_meeting_html", lambda *_args, **_kwargs: "<p>Minutes</p>"),
        ):
            self.found(Random(SEED))
            self.agenda, self.order = [], count()
            self.bookings, self.limits, self.paused = {}, {}, Counter()
            self.fill_the_year()
            self.live()
            self.compare()
            self.compare_clocks()

    # -- the clock on the wall ----------------------------------------------------------------------------------

    def at(self, moment, deed, *args):
        heapq.heappush(self.agenda, (moment.replace(microsecond=0), next(self.order), deed, args))

    def after(self, low, high, deed, *args):
        """At some moment between `low` and `high` hours from now, to the second."""
        seconds = self.chance.uniform(low, high) * 3600
        self.at(self.oracle.now + timedelta(seconds=seconds), deed, *args)

    def live(self):
        """Deeds in order of time; the jobs run after each, whenever a limit passes and some times a day."""
        while self.agenda and self.agenda[0][0] < END:
            self.now = self.agenda[0][0]
            self.frozen.move_to(self.now)
            self.oracle.now = self.now
            self.env.cr._now = self.now
            while self.agenda and self.agenda[0][0] == self.now:
                _moment, _number, deed, args = heapq.heappop(self.agenda)
                deed(*args)
            self.run_jobs()

    def run_jobs(self):
        self.oracle.watch()
        self.oracle.send()
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT EXISTS (SELECT FROM meeting_notification WHERE state = 'pending' AND due <= %(now)s)
                   OR EXISTS (SELECT FROM meeting_clock WHERE state = 'running' AND escalate_at <= %(now)s)
                   OR EXISTS (SELECT FROM meeting_clock WHERE needs_plan)""",
            {"now": self.now},
        )
        if not self.env.cr.fetchone()[0]:
            return
        clocks, ledger = self.env["meeting.clock"], self.env["meeting.notification"]
        while late := clocks._lock_late(200):
            late._escalate()
        while marked := clocks._lock_marked(200):
            marked._follow_again()
        while rows := ledger._lock_due(200):
            rows._send()

    def nothing(self):
        """The jobs run by themselves."""

    # -- what is going to happen --------------------------------------------------------------------------------

    def fill_the_year(self):
        day = BEGIN
        while day < END:
            for hour in (0.5, 2, 7.25, 13):
                self.at(day + timedelta(hours=hour), self.nothing)
            day += timedelta(days=1)
        for _number in range(MEETINGS):
            self.at(self.some_moment(340), self.plan_meeting)
        scale = max(MEETINGS // 2, 10)
        for _number in range(scale):
            self.at(self.some_moment(390), self.take_leave)
        self.fill_rooms(scale)
        for _number in range(12):
            self.at(self.some_moment(390), self.change_superior)
        for _number in range(8):
            self.at(self.some_moment(390), self.leave_the_company)
        for _number in range(24):
            self.at(self.some_moment(390), self.change_a_rule)
        self.at(self.some_moment(200), self.lose_an_address)
        for day in (date(2026, 7, 13), date(2026, 8, 20), date(2026, 11, 6)):
            self.at(stored("Asia/Shanghai", day - timedelta(days=1), 16), self.typhoon, day)
        self.oracle.now = BEGIN

    def some_moment(self, within):
        seconds = self.chance.randrange(int(within) * 86400)
        return BEGIN + timedelta(seconds=seconds)

    def some_people(self, number, but=()):
        here = [person for person in self.people if person.here and person not in but]
        return self.chance.sample(here, number)

    def maybe(self, share):
        return self.chance.random() < share

    # -- the second reckoning is told ---------------------------------------------------------------------------

    def actor(self, *people):
        return next((person for person in people if person.here), None)

    def tell(self, *docs):
        for doc in docs:
            if doc not in self.oracle.docs:
                self.oracle.docs.append(doc)
        self.oracle.follow(*docs)

    def env_of(self, person):
        return self.env(user=person.user)

    def own(self, record, person):
        return record.with_env(self.env_of(person))

    # -- the books are compared ---------------------------------------------------------------------------------

    def expected(self):
        """dict of readable key → (due, state)"""
        found = {}
        for doc in self.oracle.docs:
            for clock in doc.clocks.values():
                for (step, rule, number, person, again), row in clock.rows.items():
                    key = (
                        doc.record._name,
                        doc.record.id,
                        clock.kind,
                        clock.key,
                        step,
                        rule,
                        number,
                        again,
                        person.name,
                    )
                    found[key] = (row.due, row.state)
        return found

    def kept(self):
        """The same of the ledger, and the rows."""
        self.env.flush_all()
        self.env.invalidate_all()
        clocks = {clock.id: clock for clock in self.env["meeting.clock"].search([])}
        found, rows = {}, self.env["meeting.notification"].with_context(active_test=False).search([])
        for row in rows:
            parsed = parse_step(row.step)
            if parsed:
                step, clock_id, rule, number = parsed
                clock, again = clocks[clock_id], row.step.partition("@")[2]
                key = (row.res_model, row.res_id, clock.kind, clock.key, step, rule, number, again, row.partner_id.name)
                found[key] = (row.due, row.state, row)
        return found

    def compare(self):
        expected, kept = self.expected(), self.kept()
        differences = [
            f"{key}: expected {expected.get(key)}, found {kept.get(key, ())[:2] or None}"
            for key in sorted(expected.keys() | kept.keys())
            if expected.get(key) != (kept[key][:2] if key in kept else None)
        ]
        states = Counter(state for _due, state, _row in kept.values())
        steps = Counter(key[4] for key, (_due, state, _row) in kept.items() if state == "sent")
        _logger.info("%s documents, %s rows: %s; sent: %s", len(self.oracle.docs), len(kept), states, steps)
        self.assertFalse(differences, f"{len(differences)} of {len(kept)} rows:\n" + "\n".join(differences[:40]))
        self.assertGreater(len(kept), MEETINGS * 20)
        self.assertLessEqual({"sent", "void", "failed"}, set(states))
        self.assertLessEqual({"loan_due", "loan_over", "loan_late", "round_due"}, set(steps))
        self.assertGreaterEqual(len(steps), 14, "the year was too quiet to prove anything")
        self.look_at_messages([row for _due, state, row in kept.values() if state == "sent"])

    def look_at_messages(self, rows):
        """RE-3: one message, one copy, not before its time, and never the same words for the same moment again."""
        rows = self.env["meeting.notification"].union(*rows)
        self.assertFalse(rows.filtered(lambda row: row.sent_at < row.due or not row.mail_message_id))
        self.env.cr.execute(
            """SELECT n.id FROM meeting_notification n LEFT JOIN mail_notification m
                   ON m.mail_message_id = n.mail_message_id AND m.res_partner_id = n.partner_id
                WHERE n.id = ANY(%s) GROUP BY n.id HAVING count(m.id) <> 1""",
            [rows.ids],
        )
        self.assertFalse(self.env.cr.fetchall(), "each row that left has one copy")
        self.env.cr.execute(
            """SELECT count(*), count(DISTINCT (mail_message_id, partner_id)),
                      count(DISTINCT (res_model, res_id, step, partner_id)),
                      count(DISTINCT (res_model, res_id, split_part(step, '@', 1), partner_id, due))
                 FROM meeting_notification WHERE id = ANY(%s)""",
            [rows.ids],
        )
        self.assertEqual(set(self.env.cr.fetchone()), {len(rows)}, "nobody gets the same step twice")
