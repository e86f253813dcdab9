"""The second reckoning beyond meetings: things lent, devices inspected, clocks that stand still, rules with a
condition of their own (RE-1 to RE-3, RM-9, RM-11).

Like `oracle.py` it calls neither the addon nor Odoo. The sources are the docstrings of `meeting_clock.py`,
`meeting_clock_face.py`, `meeting_clock_upkeep.py` and `meeting_reminder_condition.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.reminders import oracle
from tests.reminders.oracle import WORDS, Clock, Person
from tests.reminders.oracle_documents import Document

WORDS |= {"loan": ("loan_due", "loan_over", "loan_late"), "inspection": ("round_due", "limit_over", None)}
IN_WORKING_TIME = {"approval", "minutes_review", "task_acknowledge", "task_report", "acceptance", "booking"}
BY_THE_TYPE = {"minutes_draft", "publication"}
PAUSABLE = IN_WORKING_TIME | BY_THE_TYPE
ESCALATIONS = ("escalated", "escalated_owner")
NOTHING = timedelta()


@dataclass(eq=False)
class Rule(oracle.Rule):
    own: object = None  # function document → whether the rule's own condition holds


@dataclass(eq=False)
class Pause:
    """What stood still of one clock: `length` as the clock counts, `since` while it lasts."""

    base: datetime
    length: timedelta = NOTHING
    since: datetime | None = None


class Oracle(oracle.Oracle):
    def __init__(self, office):
        super().__init__(office)
        self.pauses = {}

    # -- conditions of one's own --------------------------------------------------------------------------------

    def applies(self, rule, doc):
        if not super().applies(rule, doc):
            return False
        return rule.own is None or (doc.level in ("public", "internal") and rule.own(doc))

    def outcome(self, step, clock, rule_id, person):
        rule = next((rule for rule in self.rules if rule.id == rule_id), None)
        asked = rule and step not in ESCALATIONS
        if self.is_paused(clock) or (asked and not self.applies(rule, clock.doc)):
            return "void"
        return super().outcome(step, clock, rule_id, person)

    def escalate(self, clock):
        rule = next((rule for rule in self.holding(clock) if rule.escalate), None)
        if rule and not self.applies(rule, clock.doc):
            self.climb(clock, None)
        else:
            super().escalate(clock)

    # -- pauses -------------------------------------------------------------------------------------------------

    def is_paused(self, clock):
        return clock in self.pauses and self.pauses[clock].since is not None

    def pause(self, clock):
        self.pauses.setdefault(clock, Pause(clock.due)).since = self.now
        self.plan(clock)

    def resume(self, clock):
        """It runs again with the time that was left. Draft and publication have their limits on the minutes: these
        are put off, and the pause is forgotten."""
        pause = self.pauses[clock]
        pause.length += self.length(clock, pause.since)
        pause.since = None
        clock.due = self.put_off(clock)
        if clock.kind in BY_THE_TYPE:
            setattr(clock.doc, {"minutes_draft": "due", "publication": "publish_due"}[clock.kind], clock.due)
            del self.pauses[clock]
        self.plan(clock)

    def length(self, clock, since):
        if not self.in_working_time(clock):
            return self.now - since
        spans = ((max(start, since), min(stop, self.now)) for start, stop in self.worker(clock.owner).spans)
        return sum((stop - start for start, stop in spans if start < stop), NOTHING)

    def put_off(self, clock):
        pause = self.pauses[clock]
        if not pause.length:
            return pause.base
        if self.in_working_time(clock):
            return self.worker(clock.owner).hours_later(pause.base, pause.length)
        return pause.base + pause.length

    def in_working_time(self, clock):
        if clock.kind in BY_THE_TYPE:
            return clock.doc.kind.in_working_time
        return clock.kind in IN_WORKING_TIME

    def follow(self, *docs):
        """A clock that stops while it is paused was in time."""
        for doc in docs:
            paused = [clock for clock in doc.clocks.values() if self.is_paused(clock)]
            super().follow(doc)
            for clock in paused:
                if clock.state != "running":
                    self.pauses[clock].since = None
                    clock.state = "done" if clock.state == "late" else clock.state

    def take(self, clock, owner, started, due):
        pause = self.pauses.get(clock)
        begins_anew = clock.state != "running" or (started and started != clock.started)
        super().take(clock, owner, started, due)
        if not pause:
            return
        if begins_anew:
            pause.length = NOTHING
            pause.since = pause.since and max(pause.since, started or pause.since)
        pause.base = due
        clock.due = self.put_off(clock)

    def plan(self, clock):
        if clock.state != "running" or not self.is_paused(clock):
            super().plan(clock)
            return
        for row in clock.rows.values():
            if row.state == "pending" and row.key[0] not in ESCALATIONS:
                self.settle(row, "void")
        self.climb(clock, None)


@dataclass(eq=False)
class Room:
    managers: list

    def keepers(self):
        return {person for person in self.managers if person.here}


class Care(Document):
    """Something about a room: public, of no meeting and no type."""

    kind, level, urgent = None, "public", False

    def people(self, clock, role):
        if role == "keepers":
            return set().union(*(room.keepers() for room in self.rooms))
        return super().people(clock, role)


class Loan(Care):
    """The borrower owes it, with a login or without."""

    def __init__(self, room, borrower, lent, due):
        self.rooms, self.borrower, self.lent, self.due = [room], borrower, lent, due
        self.state, self.clocks = "lent", {}

    def duties(self, oracle):
        if self.state == "lent":
            owner = self.borrower if self.borrower.user and self.borrower.here else None
            yield "loan", "", owner, self.lent, self.due

    def debtors(self, clock):
        return {self.borrower}

    def readable(self, person):
        return person is self.borrower or person in self.rooms[0].managers

    def guests(self):
        return {self.borrower}


class Round(Care):
    """The inspector owes it; everybody may read it."""

    def __init__(self, rooms, inspector, created, due):
        self.rooms, self.inspector, self.created, self.due = rooms, inspector, created, due
        self.state, self.clocks = "open", {}

    def duties(self, oracle):
        if self.state == "open":
            yield "inspection", "", self.inspector, min(self.created, self.due), self.due

    def readable(self, person):
        return True


__all__ = ["PAUSABLE", "Clock", "Loan", "Oracle", "Person", "Room", "Round", "Rule"]
