"""Minutes and tasks of the simulated year, from the draft to what is accepted."""

from datetime import timedelta

from odoo.fields import Command

from tests.reminders.oracle import stored, wall
from tests.reminders.oracle_documents import Task


class YearOutcome:
    """Deeds of the simulated year, mixed into it."""

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
