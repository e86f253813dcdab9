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
from odoo.fields import Command

from tests.reminders.oracle import stored, wall
from tests.reminders.oracle_documents import Booking, Meeting, Minutes, Task
from tests.reminders.year_company import YearCompany
from tests.reminders.year_rooms import YearRooms

_logger = logging.getLogger(__name__)

MEETINGS = int(os.environ.get("MEETINGS", "20"))
SEED = int(os.environ.get("SEED", "2026"))
BEGIN, END = datetime(2026, 1, 5), datetime(2027, 2, 15)


class TestSimulatedYear(YearRooms, YearCompany):
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

    # -- meetings -----------------------------------------------------------------------------------------------

    def plan_meeting(self):
        chance = self.chance
        kind = chance.choice(self.kinds)
        convener, chair, taker, *rest = self.some_people(3 + chance.randint(2, 9))
        start = self.some_start(self.now + timedelta(days=chance.randint(2, 16)))
        level = kind.level
        room = chance.choice(self.rooms) if self.maybe(0.25) else None
        if room and any(abs(start - other) < timedelta(hours=3) for other in self.bookings.get(room, ())):
            room = None
        guests = chance.sample([guest for guest in self.guests if guest.reachable], 1) if self.maybe(0.4) else []
        lines = [Command.create({"partner_id": person.partner}) for person in (*rest, *guests)]
        urgent = self.maybe(0.2)
        record = self.env_of(convener)["meeting.meeting"].create(
            {
                "name": f"Meeting {len(self.oracle.docs)}",
                "type_id": kind.id,
                "start": start,
                "chair_id": chair.user,
                "minute_taker_id": taker.user,
                "is_urgent": urgent,
                "room_id": room.id if room else False,
                "participant_ids": lines,
                "agenda_item_ids": [Command.create({"name": "Topic", "minutes": 10})],
            }
        )
        record = record.with_env(self.env)
        departments = [convener.department]
        meeting = Meeting(
            *(kind, convener, chair, taker, start, record.stop, self.now, level, urgent, departments, self.secretaries)
        )
        meeting.record, meeting.room = record, room
        meeting.answers = {self.person(line.partner_id): "pending" for line in record.participant_ids}
        self.tell(meeting)
        self.after(0.2, 40, self.submit, meeting)

    def person(self, partner):
        if not hasattr(self, "by_partner"):
            self.by_partner = {one.partner: one for one in (*self.people, *self.others, *self.guests)}
        return self.by_partner[partner.id]

    def some_start(self, day):
        hour = self.chance.choice((9, 9.5, 10, 11, 14, 15.25, 16))
        zone = self.chance.choice(("Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin"))
        day = wall(zone, day).date()
        while day.weekday() > 4:
            day += timedelta(days=1)
        return stored(zone, day, hour)

    def submit(self, meeting):
        convener = meeting.convener
        if meeting.state != "draft" or not convener.here:
            return
        if meeting.start <= self.now or not all(person.reachable for person in meeting.answers):
            self.cancel(meeting)
            return
        self.own(meeting.record, convener).action_submit(reason="It came up late")
        approvals = meeting.record.approval_ids.sorted("id")
        known = [step[0] for step in meeting.approvals]
        fresh = approvals.filtered(lambda step: step.id not in known).sorted("sequence")
        meeting.approvals += [[step.id, self.person(step.approver_id.partner_id), "waiting", None] for step in fresh]
        booking = None
        if meeting.room:
            deciders = [self.person(user.partner_id) for user in meeting.room.manager_ids]
            booking = Booking(meeting, deciders, meeting.room.decide_hours, self.now)
            booking.record = meeting.record.booking_ids.sorted("id")[-1:]
            self.bookings.setdefault(meeting.room, []).append(meeting.start)
            self.after(1, 80, self.decide_room, booking)
        meeting.booking = booking
        if fresh or booking:
            meeting.state = "submitted"
            self.ask(meeting)
        else:
            self.scheduled(meeting)
        self.tell(meeting, *([booking] if booking else []))

    def ask(self, meeting):
        waiting = next((step for step in meeting.approvals if step[2] == "waiting"), None)
        if waiting:
            waiting[2:] = "pending", self.now
            self.after(1, 96, self.approve, meeting, waiting)

    def approve(self, meeting, step):
        approver = step[1]
        if meeting.state != "submitted" or step[2] != "pending" or not approver.here:
            return
        mine = self.own(meeting.record, approver)
        if meeting.start <= self.now or self.maybe(0.12):
            mine.action_refuse(reason="Not like this")
            step[2] = "refused"
            self.back_to_draft(meeting)
            self.after(2, 30, self.submit, meeting)
        else:
            mine.action_approve()
            step[2] = "approved"
            self.ask(meeting)
            self.schedule_if_ready(meeting)
        self.tell(meeting, *([meeting.booking] if meeting.booking else []))

    def back_to_draft(self, meeting):
        meeting.state = "draft"
        for step in meeting.approvals:
            if step[2] in ("pending", "waiting"):
                step[2] = "void"
        if meeting.booking and meeting.booking.state in ("requested", "confirmed"):
            meeting.booking.state = "cancelled"

    def decide_room(self, booking):
        meeting, decider = booking.meeting, self.actor(*booking.deciders)
        if booking.state != "requested" or not decider:
            return
        mine = self.own(booking.record, decider)
        open_steps = [step for step in meeting.approvals if step[2] in ("pending", "waiting")]
        if self.maybe(0.2) or meeting.start <= self.now:
            mine.action_reject("The fair needs it")
            booking.state = "rejected"
            self.back_to_draft(meeting)
            meeting.room = None
            self.tell(booking, meeting)
            self.own(meeting.record, self.actor(meeting.convener, meeting.chair, meeting.taker)).room_id = False
            self.after(1, 20, self.submit, meeting)
        else:
            mine.action_confirm()
            booking.state = "confirmed"
            if not open_steps:
                self.scheduled(meeting)
        self.tell(booking, meeting)

    def schedule_if_ready(self, meeting):
        open_steps = [step for step in meeting.approvals if step[2] in ("pending", "waiting")]
        if not open_steps and not (meeting.booking and meeting.booking.state == "requested"):
            self.scheduled(meeting)

    def scheduled(self, meeting):
        meeting.state, meeting.scheduled = "scheduled", self.now
        if meeting.answers.get(meeting.convener) == "pending":
            meeting.answers[meeting.convener] = "accepted"
        for person in meeting.answers:
            if self.maybe(0.8):
                self.after(0.2, 60, self.answer, meeting, person)
        for person in meeting.answers if meeting.level == "secret" else ():
            if self.maybe(0.8):
                self.after(0.5, 60, self.sign, meeting, person)
        ahead = (meeting.start - self.now).total_seconds() / 3600
        for share, deed in ((0.2, self.move), (0.08, self.cancel), (0.2, self.invite), (0.1, self.uninvite)):
            if self.maybe(share):
                self.after(0, ahead, deed, meeting)
        self.expect(meeting)

    def expect(self, meeting):
        """The jobs run in time for its reminders, most of the time."""
        for minutes in (1440, 120, 60, 15):
            moment = meeting.start - timedelta(minutes=minutes, seconds=-self.chance.randint(0, 90))
            if moment > self.now and self.maybe(0.9):
                self.at(moment, self.nothing)
        self.at(meeting.start, self.start, meeting, meeting.start)

    def answer(self, meeting, person):
        if meeting.state != "scheduled" or person not in meeting.answers or not (person.user and person.here):
            return
        if not meeting.readable(person):
            return
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        response = self.chance.choice(("accepted", "accepted", "accepted", "tentative", "declined"))
        mine = self.own(line, person)
        if response == "declined":
            mine.action_decline("Another meeting")
        else:
            mine.action_accept() if response == "accepted" else mine.action_tentative()
        meeting.answers[person] = response
        self.tell(meeting)

    def sign(self, meeting, person):
        if meeting.state not in ("scheduled", "in_progress", "held") or person not in meeting.unsigned():
            return
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        shown = meeting.record.agreement_id._shown("en_US")["hash"]
        line.sudo()._sign(shown, person.name, through="login" if person.user else "link", ip_address="192.0.2.1")
        meeting.signed.add(person)
        self.tell(meeting)

    def move(self, meeting):
        if meeting.state != "scheduled" or meeting.room or not meeting.convener.here:
            return
        start = self.some_start(max(meeting.start, self.now) + timedelta(days=self.chance.randint(-2, 6)))
        if start <= self.now or start == meeting.start:
            return
        self.own(meeting.record, meeting.convener)._reschedule({"start": start}, "The client asked for it")
        meeting.start, meeting.stop, meeting.moved = start, meeting.record.stop, self.now
        meeting.answers = {
            person: answer if person is meeting.convener else "pending" for person, answer in meeting.answers.items()
        }
        for person in meeting.answers:
            if self.maybe(0.6):
                self.after(0.2, 40, self.answer, meeting, person)
        self.tell(meeting)
        self.expect(meeting)

    def cancel(self, meeting):
        person = self.actor(meeting.convener, meeting.chair, meeting.taker)
        if meeting.state not in ("draft", "submitted", "scheduled") or not person:
            return
        self.own(meeting.record, person).action_cancel("No client")
        booking = getattr(meeting, "booking", None)
        if booking and booking.state in ("requested", "confirmed"):
            booking.state = "cancelled"
        meeting.state = "cancelled"
        self.tell(meeting, *([booking] if booking else []))

    def invite(self, meeting):
        if meeting.state != "scheduled":
            return
        person = self.some_people(1, but=meeting.answers)[0]
        convener = self.actor(meeting.convener, meeting.chair)
        if convener:
            self.own(meeting.record, convener).participant_ids = [Command.create({"partner_id": person.partner})]
            meeting.answers[person] = "pending"
            self.tell(meeting)
            self.after(0.5, 30, self.answer, meeting, person)
            self.after(0.1, 20, self.sign, meeting, person)

    def uninvite(self, meeting):
        officers = (meeting.convener, meeting.chair, meeting.taker)
        plain = [p for p in meeting.answers if p not in officers and p not in meeting.signed and not p.secretary]
        convener = self.actor(*officers)
        if meeting.state != "scheduled" or len(plain) < 2 or not convener:
            return
        person = self.chance.choice(plain)
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        self.own(line, convener).unlink()
        del meeting.answers[person]
        self.tell(meeting)

    def start(self, meeting, planned):
        chair = self.actor(meeting.chair, meeting.taker, meeting.convener)
        if meeting.state != "scheduled" or meeting.start != planned or not chair:
            return
        self.own(meeting.record, chair).action_start()
        meeting.state = "in_progress"
        self.tell(meeting)
        self.at(meeting.stop, self.end, meeting)

    def end(self, meeting):
        chair = self.actor(meeting.chair, meeting.taker, meeting.convener)
        if not chair:
            return
        self.own(meeting.record, chair).action_end()
        meeting.state = "held"
        if meeting.booking and meeting.booking.state == "confirmed":
            meeting.booking.state = "finished"
        meeting.record.agenda_item_ids.with_user(meeting.taker.user if meeting.taker.here else chair.user).write(
            {"notes": "<p>Everybody compared prices.</p>"}
        )
        minutes = Minutes(meeting, self.now, self.draft_due(meeting))
        minutes.record = meeting.record.minutes_ids
        meeting.minutes = minutes
        self.tell(meeting, minutes)
        self.after(2, 70, self.submit_minutes, minutes)
        for _number in range(self.chance.choice((0, 1, 1, 2, 3))):
            self.after(0.2, 1.5, self.make_task, meeting)

    # -- minutes ------------------------------------------------------------------------------------------------

    def draft_due(self, meeting):
        return self.count_hours(meeting, meeting.kind.draft)

    def count_hours(self, meeting, hours):
        length = timedelta(hours=hours)
        if meeting.kind.in_working_time:
            return self.oracle.worker(meeting.taker).hours_later(self.now, length)
        return self.now + length

    def submit_minutes(self, minutes):
        meeting = minutes.meeting
        writer = self.actor(meeting.taker, meeting.chair, meeting.convener)
        if minutes.state != "draft" or not writer:
            return
        self.own(minutes.record, writer).action_submit()
        minutes.submitted, minutes.state, minutes.round = self.now, "in_review", minutes.round + 1
        self.tell(minutes)
        self.after(1, 60, self.review, minutes, minutes.round)

    def review(self, minutes, number):
        chair = minutes.meeting.chair
        if minutes.state != "in_review" or minutes.round != number or not chair.here:
            return
        mine = self.own(minutes.record, chair)
        if self.maybe(0.25):
            mine.action_send_back("Names are missing")
            minutes.state, minutes.due = "draft", self.draft_due(minutes.meeting)
            self.after(1, 50, self.submit_minutes, minutes)
        else:
            mine.action_approve()
            minutes.state, minutes.approved = "approved", self.now
            minutes.publish_due = self.count_hours(minutes.meeting, minutes.kind.publish)
            self.after(1, 90, self.publish, minutes)
        self.tell(minutes)

    def publish(self, minutes):
        meeting = minutes.meeting
        keeper = self.actor(meeting.taker, meeting.chair)
        if minutes.state != "approved" or not keeper:
            return
        self.own(minutes.record, keeper).action_publish()
        minutes.state, minutes.published, minutes.version = "published", self.now, minutes.version + 1
        minutes.unread = {person for person in meeting.answers if person.user and person.here}
        tasks = [task for task in self.tasks_of(meeting) if task.state == "assigned" and not task.assigned]
        for task in tasks:
            self.assigned(task)
        self.tell(minutes, *tasks)
        for person in minutes.unread:
            if self.maybe(0.75):
                self.after(0.5, 140, self.read, minutes, person)
        if self.maybe(0.12):
            self.after(5, 150, self.correct, minutes)

    def read(self, minutes, person):
        if minutes.state != "published" or person not in minutes.unread or not person.here:
            return
        if minutes.readable(person):
            self.own(minutes.record, person).action_mark_read()
            minutes.unread.discard(person)
            self.tell(minutes)

    def correct(self, minutes):
        keeper = self.actor(minutes.meeting.taker, minutes.meeting.chair)
        if minutes.state != "published" or not keeper:
            return
        self.own(minutes.record, keeper).action_correct("A figure was wrong")
        minutes.state, minutes.due = "draft", self.draft_due(minutes.meeting)
        self.tell(minutes)
        self.after(1, 40, self.submit_minutes, minutes)

    # -- tasks --------------------------------------------------------------------------------------------------

    def tasks_of(self, meeting):
        return [doc for doc in self.oracle.docs if isinstance(doc, Task) and doc.meeting is meeting]

    def make_task(self, meeting):
        taker = self.actor(meeting.taker, meeting.convener, meeting.chair)
        if not taker:
            return
        owner, helper = self.some_people(2, but=(meeting.chair, meeting.convener))
        assistants = [helper] if self.maybe(0.3) else []
        deadline = wall("Asia/Shanghai", self.now).date() + timedelta(days=self.chance.randint(4, 45))
        urgent = self.maybe(0.3)
        record = self.env_of(taker)["meeting.action.item"].create(
            {
                "name": "Print the offer",
                "meeting_id": meeting.record.id,
                "owner_id": owner.user,
                "supervisor_id": meeting.chair.user,
                "assistant_ids": [Command.set([one.user for one in assistants])],
                "deadline": deadline,
                "urgency": "urgent" if urgent else "normal",
            }
        )
        task = Task(meeting, owner, meeting.chair, assistants, deadline, urgent)
        task.record, task.name = record.with_env(self.env), "Print the offer"
        self.tell(task)
        if self.maybe(0.3):
            self.after(0.5, 20, self.assign, task)
        self.after(24, 30 * 24, self.change_deadline if self.maybe(0.3) else self.nobody_cares, task)
        if self.maybe(0.06):
            self.after(24, 40 * 24, self.cancel_task, task)
        if self.maybe(0.08):
            self.after(24, 20 * 24, self.take_back, task)

    def nobody_cares(self, task):
        """Most deadlines stay."""

    def assign(self, task):
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        if task.assigned or task.state not in ("assigned", "refused") or not runner:
            return
        self.own(task.record, runner).action_assign()
        self.assigned(task)
        self.tell(task)

    def assigned(self, task):
        task.state, task.assigned, task.round = "assigned", self.now, task.round + 1
        office = self.oracle.worker(None)
        task.start_due = office.date(office.work_begins(self.now, task.kind.start_within))
        if self.maybe(0.85):
            self.after(1, 60, self.acknowledge, task, task.round)

    def acknowledge(self, task, number):
        if task.state != "assigned" or task.round != number or not task.assigned or not task.owner.here:
            return
        mine = self.own(task.record, task.owner)
        if self.maybe(0.1):
            mine.action_refuse("No time")
            task.state = "refused"
            self.tell(task)
            self.after(5, 50, self.hand_on, task)
            return
        mine.action_acknowledge()
        task.state = "acknowledged"
        self.tell(task)
        if self.maybe(0.9):
            self.after(2, 150, self.report, task, number)
        late = self.chance.randint(-4, 12)
        self.at(stored("Asia/Shanghai", task.deadline + timedelta(days=late), 15), self.hand_in, task, number)

    def hand_on(self, task):
        """After a refusal, or when it was taken back: to somebody else."""
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        free = task.state == "refused" or (task.state == "assigned" and not task.assigned)
        if not free or not runner:
            return
        task.owner = self.some_people(1, but=(task.meeting.chair, task.meeting.convener, *task.assistants))[0]
        self.own(task.record, runner).owner_id = task.owner.user
        self.own(task.record, runner).action_assign()
        self.assigned(task)
        self.tell(task)

    def take_back(self, task):
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        open_states = ("assigned", "acknowledged", "in_progress", "returned")
        if task.state not in open_states or not task.assigned or not runner:
            return
        self.own(task.record, runner).action_take_back()
        task.state, task.assigned, task.start_due = "assigned", None, None
        self.tell(task)
        self.after(1, 50, self.hand_on, task)

    def cancel_task(self, task):
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        if task.state in ("accepted", "cancelled") or not runner:
            return
        self.own(task.record, runner).action_cancel("No longer needed")
        task.state = "cancelled"
        self.tell(task)

    def change_deadline(self, task):
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        if task.state in ("accepted", "cancelled") or not runner:
            return
        task.deadline += timedelta(days=self.chance.choice((-3, 5, 14)))
        self.own(task.record, runner).deadline = task.deadline
        self.tell(task)

    def working(self, task, number):
        return (
            task.state in ("acknowledged", "in_progress", "returned")
            and task.round == number
            and bool(task.assigned)
            and task.owner.here
        )

    def report(self, task, number):
        if not self.working(task, number):
            return
        self.own(task.record, task.owner)._report({"percentage": 40, "text": "Half the pages"})
        task.reports.append(self.now)
        task.started, task.state = task.started or self.now, "in_progress"
        self.tell(task)
        self.after(24, 24 * 12, self.report, task, number)

    def hand_in(self, task, number):
        if not self.working(task, number):
            return
        mine = self.own(task.record, task.owner)
        mine._submit_result({"text": "Done"}, mine.env["ir.attachment"])
        task.reports.append(self.now)
        task.started = task.started or self.now
        task.submitted, task.submissions, task.state = self.now, task.submissions + 1, "submitted"
        self.tell(task)
        self.after(1, 90, self.judge, task)

    def judge(self, task):
        if task.state != "submitted" or not task.supervisor.here:
            return
        mine = self.own(task.record, task.supervisor)
        if self.maybe(0.3):
            mine.action_return("The last page is missing")
            task.state = "returned"
            self.after(10, 200, self.hand_in, task, task.round)
        else:
            mine.action_accept()
            task.state = "accepted"
        self.tell(task)

    # -- people and rules ---------------------------------------------------------------------------------------

    def take_leave(self):
        person = self.some_people(1)[0]
        if self.maybe(0.5):  # of somebody who owes something
            owners = [c.owner for doc in self.oracle.docs for c in doc.clocks.values() if c.state == "running"]
            person = self.chance.choice([one for one in owners if one and one.here] or [person])
        start = (self.now + timedelta(days=self.chance.choice((0, 0, 1, 3, 9)))).replace(minute=0, second=0)
        stop = start + timedelta(hours=self.chance.choice((4, 30, 60, 24 * 7)))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": person.employee.resource_id.id,
                "calendar_id": person.calendar.record.id,
                "company_id": self.company.id,
                "date_from": start,
                "date_to": stop,
            }
        )
        person.absences.append((start, stop))
        self.oracle.mark(lambda clock: clock.owner is person)

    def typhoon(self, day):
        """A day off for all of Shanghai, announced the day before."""
        self.env["resource.calendar.leaves"].create(self.holiday(self.shanghai, day))
        self.shanghai.holidays.add(day)
        self.oracle.mark(lambda clock: True)

    def change_superior(self):
        person, above = self.some_people(2)
        person.employee.parent_id = above.employee
        person.superior = above
        self.oracle.mark(lambda clock: clock.owner is person)

    def leave_the_company(self):
        """Login, contact and employee are archived; who reported to him reports to nobody for now."""
        person = self.chance.choice([one for one in self.people[13:197] if one.here and self.may_leave(one)])
        person.employee.with_context(no_wizard=True).action_archive()
        user = self.env["res.users"].browse(person.user)
        user.active = False
        user.partner_id.active = False
        person.here = False
        orphans = [one for one in self.people if one.superior is person]
        for orphan in orphans:
            orphan.superior = None
        self.oracle.mark(lambda clock: clock.owner is person or clock.owner in orphans)

    def lose_an_address(self):
        """A guest cannot be reached any more, who has just borrowed something."""
        guest = self.chance.choice(self.guests)
        self.lend(guest)
        self.env["res.partner"].browse(guest.partner).email = False
        guest.reachable = False

    def change_a_rule(self):
        rule = self.chance.choice([rule for rule in self.oracle.rules if not rule.never])
        before = rule.kind
        change = self.chance.choice(("number", "number", "archive", "delete", "add", "repeat", "levels", "sequence"))
        if change == "number":
            self.edit(rule, number=self.chance.choice((0, 1, 2, 3)))
        elif change == "archive":
            self.edit(rule, active=not rule.active)
        elif change == "repeat":
            self.edit(rule, repeat=self.chance.randint(0, 3), every=self.chance.randint(1, 4))
        elif change == "levels":
            self.edit(rule, escalate_levels=self.chance.randint(1, 6), escalate_number=self.chance.randint(1, 3))
        elif change == "sequence":
            self.edit(rule, sequence=self.chance.randint(1, 20))
        elif change == "delete":
            rule.record.unlink()
            self.oracle.rules.remove(rule)
        else:
            kind, roles = self.chance.choice(self.kinds), ["debtor", "chair"]
            self.add_rule(kind, "task_due", roles, number=self.chance.randint(1, 4), repeat=1)
            before = "task_due"
        self.oracle.mark(lambda clock: clock.kind == before)

    def edit(self, rule, **vals):
        rule.record.write(vals)
        for name, value in vals.items():
            setattr(rule, name, value)

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
