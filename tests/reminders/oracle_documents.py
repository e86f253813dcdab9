"""Documents as the second reckoning knows them: their facts, what is owed of them, and who may read them (CF-1)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.reminders.oracle import Department, Person


@dataclass(eq=False)
class Kind:
    """A meeting type: the hours that count."""

    id: int
    level: str = "public"
    approval: int = 16
    review: int = 16
    unread: int = 72
    draft: int = 24
    publish: int = 48
    in_working_time: bool = False
    start_within: int = 3
    acknowledge: int = 8
    report: int = 5
    acceptance: int = 16
    lead: int = 24
    answer: int = 24


class Document:
    """What every document answers for itself: `kind` (its type), `level`, `urgent`, `clocks`, and the following."""

    def debtors(self, clock):
        return {clock.owner} if clock.owner else set()

    def candidates(self, clock):
        return self.debtors(clock)

    def people(self, clock, role):
        if role == "superior":
            boss = clock.owner.superior if clock.owner and clock.owner.employed else None
            return {boss} if boss else set()
        return set()

    def supervisors(self, clock):
        return []

    def last_resort(self):
        return []

    def guests(self):
        return set()

    def unsigned(self):
        return set()

    def declined(self):
        return set()

    def gave_up(self, clock):
        return False


@dataclass(eq=False)
class Meeting(Document):
    kind: Kind
    convener: Person
    chair: Person
    taker: Person
    start: datetime
    stop: datetime
    created: datetime
    level: str
    urgent: bool
    departments: list
    secretaries: list
    answers: dict = field(default_factory=dict)  # person → answer
    signed: set = field(default_factory=set)
    state: str = "draft"
    scheduled: datetime | None = None
    moved: datetime | None = None
    approvals: list = field(default_factory=list)  # [id, approver, state, asked on]
    clocks: dict = field(default_factory=dict)

    def duties(self, oracle):
        deadline = self.start - timedelta(hours=self.kind.lead)
        if self.state in ("draft", "submitted") and self.start > oracle.now:
            yield "notice_lead", "", self.convener, min(self.created, deadline), deadline
        if self.state == "submitted" and (pending := self.pending()):
            number, approver, _state, asked = pending
            due = oracle.worker(approver).hours_later(asked, timedelta(hours=self.kind.approval))
            yield "approval", number, approver, asked, due
        if self.state == "scheduled":
            told = self.moved or self.scheduled
            yield "meeting", "", None, told, self.start
            if "pending" in self.answers.values():
                yield "answer", "", None, told, min(told + timedelta(hours=self.kind.answer), self.start)
            if self.unsigned():
                yield "agreement", "", None, told, self.start

    def pending(self):
        return next((step for step in self.approvals if step[2] == "pending"), None)

    def debtors(self, clock):
        answers = self.answers.items()
        return {
            "meeting": lambda: {person for person, answer in answers if answer != "declined"},
            "answer": lambda: {person for person, answer in answers if answer == "pending"},
            "agreement": self.unsigned,
        }.get(clock.kind, lambda: super(Meeting, self).debtors(clock))()

    def candidates(self, clock):
        return set(self.answers) if clock.kind in ("meeting", "answer", "agreement") else super().candidates(clock)

    def people(self, clock, role):
        return self.officers(role) or super().people(clock, role)

    def officers(self, role):
        if role == "participants":
            return set(self.answers)
        if role == "secretary" and self.level in ("public", "internal"):
            return {person for person in self.secretaries if person.here}
        officer = {"convener": self.convener, "chair": self.chair, "minute_taker": self.taker}.get(role)
        return {officer} if officer else set()

    def last_resort(self):
        return [self.convener, self.chair]

    def announced(self):
        return self.state in ("scheduled", "in_progress", "held", "closed") or self.scheduled is not None

    def runs_it(self, person):
        if person in (self.convener, self.chair, self.taker):
            return True
        return person.secretary and self.level in ("public", "internal")

    def in_departments(self, person):
        return bool(person.department) and any(place in self.departments for place in person.department.path())

    def readable(self, person):
        if self.runs_it(person) or person in [step[1] for step in self.approvals if step[2] != "void"]:
            return True
        if not self.announced():
            return False
        if self.level == "public" or (self.level == "internal" and self.in_departments(person)):
            return True
        return person in self.answers and (self.level != "secret" or person in self.signed)

    def guests(self):
        return {person for person in self.answers if not person.user}

    def unsigned(self):
        if self.level != "secret" or not self.scheduled:
            return set()
        return set(self.answers) - self.signed

    def declined(self):
        return {person for person, answer in self.answers.items() if answer == "declined"}

    def gave_up(self, clock):
        return self.state == "cancelled"


class Outcome(Document):
    """What came out of a meeting."""

    def __init__(self, meeting):
        self.meeting, self.kind, self.clocks = meeting, meeting.kind, {}

    @property
    def level(self):
        return self.meeting.level

    def people(self, clock, role):
        return self.meeting.officers(role) or super().people(clock, role)

    def last_resort(self):
        return self.meeting.last_resort()

    def guests(self):
        return self.meeting.guests()

    def unsigned(self):
        return self.meeting.unsigned()

    def gave_up(self, clock):
        return self.state == "cancelled"


class Minutes(Outcome):
    def __init__(self, meeting, ended, due):
        super().__init__(meeting)
        self.state, self.round, self.version, self.ended, self.due = "draft", 0, 0, ended, due
        self.submitted = self.approved = self.publish_due = self.published = None
        self.unread, self.urgent = set(), meeting.urgent

    def duties(self, oracle):
        taker, chair = self.meeting.taker, self.meeting.chair
        if self.state == "draft":
            again = self.round or self.version
            yield "minutes_draft", self.round or "", taker, None if again else self.ended, self.due
        elif self.state == "in_review":
            due = oracle.worker(chair).hours_later(self.submitted, timedelta(hours=self.kind.review))
            yield "minutes_review", self.round, chair, self.submitted, due
        elif self.state == "approved":
            yield "publication", self.round, taker, self.approved, self.publish_due
        elif self.waiting():
            due = self.published + timedelta(hours=self.kind.unread)
            yield "minutes_read", self.version, None, self.published, due

    def debtors(self, clock):
        return self.waiting() if clock.kind == "minutes_read" else super().debtors(clock)

    def candidates(self, clock):
        if clock.kind == "minutes_read":
            return {person for person in self.meeting.answers if person.user and person.here}
        return super().candidates(clock)

    def waiting(self):
        """Who has to read them and has a login."""
        return {person for person in self.unread if person.here}

    def readable(self, person):
        if self.meeting.runs_it(person):
            return True
        internal = self.meeting.level == "internal" and self.meeting.in_departments(person)
        return bool(self.version) and (self.meeting.readable(person) or internal)


class Task(Outcome):
    def __init__(self, meeting, owner, supervisor, assistants, deadline, urgent):
        super().__init__(meeting)
        self.owner, self.supervisor, self.assistants, self.deadline = owner, supervisor, assistants, deadline
        self.state, self.round, self.submissions, self.urgent = "assigned", 0, 0, urgent
        self.assigned = self.start_due = self.started = self.submitted = None
        self.reports = []

    def duties(self, oracle):
        kind = self.kind
        if self.state == "submitted":
            due = oracle.worker(self.supervisor).hours_later(self.submitted, timedelta(hours=kind.acceptance))
            yield "acceptance", self.submissions, self.supervisor, self.submitted, due
        if not self.assigned or self.state not in ("assigned", "acknowledged", "in_progress", "returned"):
            return
        mine = oracle.worker(self.owner)
        if self.state == "assigned":
            due = mine.hours_later(self.assigned, timedelta(hours=kind.acknowledge))
            yield "task_acknowledge", self.round, self.owner, self.assigned, due
        if self.state in ("assigned", "acknowledged"):
            yield "task_start", self.round, self.owner, self.assigned, mine.midnight_after(self.start_due)
        if self.state in ("in_progress", "returned"):
            last = max(self.reports, default=self.started or self.assigned)
            due = mine.midnight_after(mine.date(mine.work_begins(last, kind.report)))
            yield "task_report", self.round, self.owner, last, due
        yield "task_due", self.round, self.owner, self.assigned, mine.midnight_after(self.deadline)

    def people(self, clock, role):
        if role == "supervisor":
            return {self.supervisor}
        return set(self.assistants) if role == "assistants" else super().people(clock, role)

    def supervisors(self, clock):
        return [] if self.supervisor is clock.owner else [self.supervisor]

    def readable(self, person):
        if self.meeting.readable(person) or person is self.supervisor:
            return True
        return bool(self.assigned) and (person is self.owner or person in self.assistants)

    def gave_up(self, clock):
        refused = self.state == "refused" and clock.kind != "task_acknowledge"
        return self.state == "cancelled" or not self.assigned or refused


class Booking(Document):
    """A room that was asked for."""

    kind = None

    def __init__(self, meeting, deciders, hours, created):
        self.meeting, self.deciders, self.hours, self.created = meeting, deciders, hours, created
        self.start, self.state, self.clocks = meeting.start, "requested", {}

    @property
    def level(self):
        return self.meeting.level

    @property
    def urgent(self):
        return self.meeting.urgent

    def duties(self, oracle):
        if self.state == "requested":
            due = oracle.worker(None).hours_later(self.created, timedelta(hours=self.hours))
            due = min(due, self.start)
            yield "booking", "", None, min(self.created, due), due

    def debtors(self, clock):
        return set(self.deciders)

    def people(self, clock, role):
        return {self.meeting.convener} if role == "requester" and self.meeting.level == "public" else set()

    def readable(self, person):
        return True

    def gave_up(self, clock):
        return self.state in ("cancelled", "released")


__all__ = ["Booking", "Department", "Kind", "Meeting", "Minutes", "Person", "Task"]
