"""A second reckoning of what the reminder engine owes, from its stated semantics alone (RE-1 to RE-3).

Nothing here calls the addon or Odoo: people, calendars, documents and rules are plain objects, time zones are Python's
own, and the ledger is a dictionary. The sources are the docstrings of `meeting_reminder_rule.py`, `meeting_clock.py`,
`meeting_reminder.py`, `meeting_escalation.py` and `meeting_working_time.py`.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# what is said before the limit, after it, and after it to others than whoever owes it
WORDS = {
    "meeting": ("remind", None, None),
    "notice_lead": ("limit_soon", "limit_over", None),
    "approval": ("limit_soon", "approval_waiting", None),
    "answer": ("answer", "answer", "unanswered"),
    "materials": ("limit_soon", "limit_over", None),
    "agreement": ("unsigned", None, None),
    "minutes_draft": ("limit_soon", "minutes_overdue", None),
    "minutes_review": ("limit_soon", "limit_over", None),
    "publication": ("limit_soon", "limit_over", None),
    "minutes_read": ("limit_soon", "unread", None),
    "task_acknowledge": ("limit_soon", "limit_over", None),
    "task_start": ("limit_soon", "task_start", None),
    "task_report": ("limit_soon", "limit_over", None),
    "task_due": ("task_due", "task_overdue", None),
    "acceptance": ("limit_soon", "limit_over", None),
    "booking": ("limit_soon", "limit_over", None),
}
BEFORE_SIGNING = {"remind", "answer", "unsigned", "unread"}
MOMENT = timedelta(microseconds=1)


def stored(zone, day, hour):
    """A time on the wall as stored: naive, UTC."""
    there = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) + timedelta(hours=hour)
    return there.astimezone(UTC).replace(tzinfo=None)


def wall(zone, moment):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@dataclass(eq=False)
class Calendar:
    zone: str
    hours: tuple  # (from, to) of every working day
    first: datetime
    last: datetime
    holidays: set = field(default_factory=set)
    make_up: set = field(default_factory=set)

    def spans(self):
        """Monday to Friday without holidays, and make-up days, hour by hour of the wall."""
        day, found = self.first, []
        while day <= self.last:
            if day in self.make_up or (day.weekday() < 5 and day not in self.holidays):
                found += [(stored(self.zone, day, a), stored(self.zone, day, b)) for a, b in self.hours]
            day += timedelta(days=1)
        return found


class Worker:
    """The working time of one person, or of the office."""

    def __init__(self, calendar, absences=()):
        self.zone = calendar.zone
        self.spans = calendar.spans()
        for away, back in absences:
            rest = []
            for start, stop in self.spans:
                rest += [(a, b) for a, b in ((start, min(stop, away)), (max(start, back), stop)) if a < b]
            self.spans = rest
        self.starts = [start for start, _stop in self.spans]
        self.stops = [stop for _start, stop in self.spans]
        self.days = {}
        for start in self.starts:
            self.days.setdefault(wall(self.zone, start).date(), start)
        self.dates = sorted(self.days)

    def hours_later(self, moment, length):
        for start, stop in self.spans[bisect_right(self.stops, moment) :]:
            start = max(start, moment)
            if length <= stop - start:
                return start + length
            length -= stop - start
        raise AssertionError("the calendar is too short")

    def hours_earlier(self, moment, length):
        for start, stop in reversed(self.spans[: bisect_left(self.starts, moment)]):
            stop = min(stop, moment)
            if length <= stop - start:
                return stop - length
            length -= stop - start
        raise AssertionError("the calendar is too short")

    def work_begins(self, moment, days):
        """The start of work on the so-many-th working day after (before) that of `moment`."""
        today = wall(self.zone, moment - MOMENT).date()
        if days > 0:
            return self.days[self.dates[bisect_right(self.dates, today) + days - 1]]
        return self.days[self.dates[bisect_left(self.dates, today) + days]]

    def shift(self, moment, number, unit, working, sign):
        if not working:
            if unit != "days":
                return moment + sign * timedelta(**{unit: number})
            there = wall(self.zone, moment) + sign * timedelta(days=number)
            return there.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC).replace(tzinfo=None)
        if unit == "days" and number:
            return self.work_begins(moment, sign * number)
        if not number:
            return self.next_moment(moment) if sign > 0 else self.last_moment(moment)
        length = timedelta(**{unit: number})
        return self.hours_later(moment, length) if sign > 0 else self.hours_earlier(moment, length)

    def next_moment(self, moment):
        return max(self.starts[bisect_right(self.stops, moment)], moment)

    def last_moment(self, moment):
        return min(self.stops[bisect_left(self.starts, moment) - 1], moment)

    def midnight_after(self, day):
        return stored(self.zone, day + timedelta(days=1), 0)

    def date(self, moment):
        return wall(self.zone, moment).date()


@dataclass(eq=False)
class Person:
    """Somebody with a login, or a guest without."""

    name: str
    partner: int
    user: int | None = None
    calendar: Calendar | None = None
    department: "Department | None" = None
    superior: "Person | None" = None
    secretary: bool = False
    here: bool = True
    reachable: bool = True
    absences: list = field(default_factory=list)

    @property
    def employed(self):
        return self.here and self.calendar is not None

    def away(self, moment):
        return self.employed and any(start <= moment < stop for start, stop in self.absences)


@dataclass(eq=False)
class Department:
    head: Person | None = None
    above: "Department | None" = None

    def path(self):
        here = self
        while here:
            yield here
            here = here.above


@dataclass(eq=False)
class Rule:
    id: int
    kind: str
    type: object = None
    company: bool = False
    sequence: int = 10
    active: bool = True
    never: bool = False
    timing: str = "before"
    number: int = 1
    unit: str = "days"
    working: bool = False
    condition: str = "always"
    roles: frozenset = frozenset()
    every: int = 1
    repeat: int = 0
    escalate: bool = False
    escalate_number: int = 1
    escalate_unit: str = "days"
    escalate_levels: int = 3


@dataclass(eq=False)
class Clock:
    doc: object
    kind: str
    key: str
    owner: Person | None
    started: datetime
    due: datetime
    state: str = "running"
    level: int = 0
    escalate_at: datetime | None = None
    escalated_at: datetime | None = None
    told: list = field(default_factory=list)
    rows: dict = field(default_factory=dict)


@dataclass(eq=False)
class Row:
    """Its key: (step, rule, number, person, moment if owed anew)."""

    clock: Clock
    key: tuple
    due: datetime
    state: str = "pending"


class Oracle:
    """Clocks, rules and rows. Documents are told by the test and answer for their own facts."""

    def __init__(self, office):
        self.office, self.rules, self.now = office, [], None
        self.docs, self.workers = [], {}
        self.waiting, self.marked, self.climbing = {}, {}, {}  # used as ordered sets: rows, clocks, clocks

    # -- people -------------------------------------------------------------------------------------------------

    def worker(self, person):
        if person is None or not person.employed:
            calendar, absences = self.office, ()
        else:
            calendar, absences = person.calendar, tuple(person.absences)
        key = (calendar, frozenset(calendar.holidays), absences)
        if key not in self.workers:
            self.workers[key] = Worker(calendar, absences)
        return self.workers[key]

    # -- rules --------------------------------------------------------------------------------------------------

    def holding(self, clock):
        """The type's own lines replace the company's, these the common ones, for this duty."""
        mine = sorted((r for r in self.rules if r.active and r.kind == clock.kind), key=lambda r: (r.sequence, r.id))
        for lines in (
            [rule for rule in mine if rule.type is not None and rule.type is clock.doc.kind],
            [rule for rule in mine if rule.type is None and rule.company],
            [rule for rule in mine if rule.type is None and not rule.company],
        ):
            if lines:
                return [rule for rule in lines if not rule.never]
        return []

    def applies(self, rule, doc):
        if rule.condition == "always":
            return True
        if rule.condition == "open":
            return doc.level in ("public", "internal")
        return doc.urgent == (rule.condition == "urgent")

    def recipients(self, rule, clock, owing):
        """As step → people; who owes it and has another role is told as the one who owes it."""
        before, after, others = WORDS[clock.kind]
        step = before if rule.timing == "before" else after
        owing = set(owing) if "debtor" in rule.roles else set()
        besides = set().union(*(clock.doc.people(clock, role) for role in rule.roles - {"debtor"})) - owing
        found = {step: owing}
        second = (others if rule.timing != "before" else None) or step
        found[second] = found.get(second, set()) | besides
        return found

    def moments(self, rule, clock):
        anchor = clock.started if rule.timing == "start" else clock.due
        sign = -1 if rule.timing == "before" else 1
        numbers = [rule.number + sign * count * rule.every for count in range(rule.repeat + 1)]
        worker = self.worker(clock.owner)
        return [worker.shift(anchor, number, rule.unit, rule.working, sign) for number in numbers if number >= 0]

    # -- following the facts ------------------------------------------------------------------------------------

    def follow(self, *docs):
        for doc in docs:
            wanted = {(kind, str(key)): rest for kind, key, *rest in doc.duties(self)}
            for clock in doc.clocks.values():
                facts = wanted.pop((clock.kind, clock.key), None)
                if facts:
                    self.take(clock, *facts)
                elif clock.state == "running":
                    late = self.now > clock.due
                    clock.state = "dropped" if doc.gave_up(clock) else "late" if late else "done"
                    self.marked.pop(clock, None)
            for (kind, key), (owner, started, due) in wanted.items():
                doc.clocks[kind, key] = Clock(doc, kind, key, owner, started or self.now, due)
            for clock in doc.clocks.values():
                self.plan(clock)

    def take(self, clock, owner, started, due):
        if clock.state != "running":
            clock.state, clock.level, clock.escalate_at = "running", 0, None
        clock.owner, clock.started, clock.due = owner, started or clock.started, due

    def plan(self, clock):
        """What is owed at a moment to come waits; what waits for a moment that is owed no more does not."""
        owed = {}
        if clock.state == "running":
            for rule in self.holding(clock):
                if self.applies(rule, clock.doc):
                    people = self.recipients(rule, clock, clock.doc.candidates(clock))
                    for number, moment in enumerate(self.moments(rule, clock)):
                        for step, everybody in people.items():
                            owed |= {(step, rule.id, number, who): moment for who in everybody}
        left, waiting = {}, set()
        for (*base, _again), row in clock.rows.items():
            base = tuple(base)
            if base[0] in ("escalated", "escalated_owner"):
                continue
            if row.state in ("sent", "failed"):
                left.setdefault(base, set()).add(row.due)
            elif row.state == "pending":
                if owed.get(base) == row.due:
                    waiting.add(base)
                else:
                    self.settle(row, "void")
        for base, moment in owed.items():
            if moment > self.now and base not in waiting and moment not in left.get(base, ()):
                self.owe(clock, (*base, moment.strftime("%Y%m%d%H%M") if base in left else ""), moment)
        self.plan_escalation(clock)

    def owe(self, clock, key, moment):
        row = clock.rows.get(key)
        if not row or row.state == "void":
            row = clock.rows[key] = Row(clock, key, moment)
            self.waiting[row] = True

    def settle(self, row, state):
        row.state = state
        del self.waiting[row]

    # -- superiors ----------------------------------------------------------------------------------------------

    def plan_escalation(self, clock):
        rule = next((rule for rule in self.holding(clock) if rule.escalate), None)
        over = clock.state != "running" or not rule or clock.level >= rule.escalate_levels
        self.climb(clock, None if over or not self.applies(rule, clock.doc) else self.next_level(clock, rule))

    def next_level(self, clock, rule):
        interval = (rule.escalate_unit, rule.working, 1)
        worker = self.worker(clock.owner)
        moment = worker.shift(clock.due, rule.escalate_number * (clock.level + 1), *interval)
        if clock.level:
            moment = max(moment, worker.shift(clock.escalated_at, rule.escalate_number, *interval))
        if moment > self.now:
            return moment
        late = worker.shift(self.now, rule.escalate_number, *interval)
        return min(clock.escalate_at, late) if clock.escalate_at else late

    def chain(self, clock):
        people, above = list(clock.doc.supervisors(clock)), None
        if clock.owner and clock.owner.employed:
            above = self.above(clock.owner, first=True)
        seen = {clock.owner}
        while above and above not in seen:
            seen.add(above)
            people.append(above)
            above = self.above(above)
        return [*people, *clock.doc.last_resort()]

    def above(self, person, first=False):
        heads = [place.head if place.head is not person else None for place in (person.department or NOWHERE).path()]
        order = [heads[0], person.superior] if first else [person.superior, heads[0]]
        return next((one for one in [*order, *heads[1:]] if one), None)

    # -- the jobs -----------------------------------------------------------------------------------------------

    def mark(self, condition):
        for doc in self.docs:
            self.marked |= {c: True for c in doc.clocks.values() if c.state == "running" and condition(c)}

    def watch(self):
        for clock in [clock for clock in self.climbing if clock.escalate_at <= self.now]:
            self.escalate(clock)
        marked, self.marked = self.marked, {}
        self.follow(*dict.fromkeys(clock.doc for clock in marked))

    def escalate(self, clock):
        rule = next((rule for rule in self.holding(clock) if rule.escalate), None)
        self.climb(clock, None)
        superior = next((person for person in self.chain(clock) if self.can_be_told(clock, person)), None)
        if not rule or not superior:
            return
        clock.level += 1
        clock.told.append(superior)
        clock.escalated_at = self.now
        if clock.level < rule.escalate_levels:
            self.climb(clock, self.next_level(clock, rule))
        for step, person in (("escalated", superior), ("escalated_owner", clock.owner)):
            self.owe(clock, (step, rule.id, len(clock.told), person, ""), self.now)

    def can_be_told(self, clock, person):
        new = person is not clock.owner and person not in clock.told
        return new and person.here and person.user and not person.away(self.now) and clock.doc.readable(person)

    def climb(self, clock, moment):
        clock.escalate_at = moment
        self.climbing.pop(clock, None)
        if moment:
            self.climbing[clock] = True

    def send(self):
        for row in [row for row in self.waiting if row.due <= self.now]:
            step, rule_id, _number, person, _again = row.key
            self.settle(row, self.outcome(step, row.clock, rule_id, person))

    def outcome(self, step, clock, rule_id, person):
        doc = clock.doc
        if not person.here or clock.state != "running":
            return "void"
        may = doc.readable(person) if person.user else person in doc.guests()
        if not may and not (step in BEFORE_SIGNING and person in doc.unsigned()):
            return "void"
        if step not in ("escalated", "escalated_owner"):
            rule = next((rule for rule in self.rules if rule.id == rule_id), None)
            if not rule or (rule.timing == "before" and clock.due <= self.now):
                return "void"
            if person not in set().union(*self.recipients(rule, clock, doc.debtors(clock)).values()):
                return "void"
            if step == "remind" and person in doc.declined():
                return "void"
        return "sent" if person.reachable else "failed"


NOWHERE = Department()
