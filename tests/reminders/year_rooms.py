"""What else happens in the simulated year: things are lent, devices inspected, limits stand still for a while, and
rules ask documents whether they hold (RE-1 to RE-3, RM-9, RM-11)."""

from datetime import timedelta

from odoo.fields import Command

from tests.reminders.oracle_documents import Booking, Task
from tests.reminders.oracle_rooms import PAUSABLE, Loan, Room, Round

NAMES = ("Print the offer", "Print the contract")


class YearRooms:
    """Deeds of the simulated year, mixed into it; `fill_rooms` puts them on its agenda."""

    def make_rules(self):
        """Besides: more about inspections, and conditions on a column that changes, on one of the room, and across
        all levels."""
        super().make_rules()
        after = {"timing": "after", "number": 0, "unit": "hours", "working": True}
        up = {"escalate": True, "escalate_number": 4, "escalate_unit": "hours"}
        self.add_rule(None, "inspection", ["debtor"], company=True, number=1, unit="hours")
        self.add_rule(None, "inspection", ["debtor", "keepers"], company=True, every=2, repeat=1, **after, **up)
        weekly, _working, approved, *_rest = self.kinds
        for kind, duty, roles, condition, own, vals in (
            (
                *(weekly, "task_due", ["debtor", "supervisor"], "[('name', 'ilike', 'OFFER')]"),
                *(lambda task: task.name == NAMES[0], {"number": 3, "repeat": 2, "every": 1}),
            ),
            (
                *(approved, "meeting", ["participants"], "[('room_id.capacity', '>=', 50)]"),
                *(lambda meeting: meeting.room is not None, {"number": 3, "unit": "hours"}),
            ),
            (
                *(None, "task_report", ["debtor"], "[('urgency', '=', 'urgent')]"),
                *(lambda task: task.urgent, {**after, **up, "every": 8, "repeat": 1}),
            ),
        ):
            rule = self.add_rule(kind, duty, roles, company=kind is None, own_condition=condition, **vals)
            rule.own = own

    def fill_rooms(self, number):
        self.make_things()
        for _number in range(number):
            self.at(self.some_moment(360), self.lend)
            self.at(self.some_moment(360), self.inspect)
        for _number in range(4 * number):
            self.at(self.some_moment(390), self.pause)
            self.at(self.some_moment(390), self.rename)

    def make_things(self):
        """Two things in each room that can be lent."""
        self.kept_rooms = [Room([self.person(user.partner_id) for user in room.manager_ids]) for room in self.rooms]
        for mirror, room in zip(self.kept_rooms, self.rooms, strict=True):
            mirror.record, mirror.lent = room, set()
            mirror.things = self.env["meeting.equipment"].create(
                [{"name": f"Camera {n}", "room_id": room.id, "is_lendable": True, "loan_days": 3} for n in range(2)]
            )

    def may_leave(self, person):
        """One of a room's managers stays: what becomes of a room without any is told elsewhere."""
        return all(room.keepers() != {person} for room in self.kept_rooms)

    # -- loans --------------------------------------------------------------------------------------------------

    def lend(self, borrower=None):
        """To somebody who brings it back some day, or to `borrower`, who does not."""
        rooms = [room for room in self.kept_rooms if len(room.lent) < len(room.things)]
        if not rooms:
            return
        room, comes_back = self.chance.choice(rooms), not borrower
        free = [thing for thing in room.things if thing not in room.lent]
        borrower = borrower or self.somebody()
        record = self.env["meeting.loan"].create({"equipment_id": free[0].id, "partner_id": borrower.partner})
        room.lent.add(free[0])
        loan = Loan(room, borrower, self.now, self.now + timedelta(days=3))
        loan.record = record
        self.tell(loan)
        if comes_back:
            if self.maybe(0.4):
                self.after(10, 120, self.lend_longer, loan)
            if self.maybe(0.2):
                self.after(10, 120, self.hand_thing_on, loan)
            self.after(20, 24 * 16, self.take_thing_back, loan)

    def somebody(self):
        guests = [guest for guest in self.guests if guest.reachable]
        return self.chance.choice(guests) if self.maybe(0.3) else self.some_people(1)[0]

    def lend_longer(self, loan):
        if loan.state == "lent":
            loan.due += timedelta(hours=self.chance.randint(5, 120))
            loan.record.due = loan.due
            self.tell(loan)

    def hand_thing_on(self, loan):
        if loan.state == "lent":
            loan.borrower = self.somebody()
            loan.record.partner_id = loan.borrower.partner
            self.tell(loan)

    def take_thing_back(self, loan):
        keeper = self.chance.choice(sorted(loan.rooms[0].keepers(), key=lambda person: person.partner))
        self.own(loan.record, keeper).action_take_back()
        loan.rooms[0].lent.discard(loan.record.equipment_id)
        loan.state = "returned"
        self.tell(loan)

    # -- inspections --------------------------------------------------------------------------------------------

    def inspect(self):
        rooms = self.chance.sample(self.kept_rooms, 2)
        inspector = self.some_people(1)[0]
        due = self.now + timedelta(minutes=self.chance.randint(90, 3600))
        record = self.env["meeting.inspection.round"].create(
            {
                "user_id": inspector.user,
                "due": due,
                "date": due.date(),
                "line_ids": [Command.create({"room_id": room.record.id}) for room in rooms],
            }
        )
        rnd = Round(rooms, inspector, self.now, due)
        rnd.record = record
        self.tell(rnd)
        if self.maybe(0.3):
            self.after(0.5, 40, self.put_off_round, rnd)
        if self.maybe(0.3):
            self.after(0.5, 40, self.hand_round_on, rnd)
        self.after(1, 120, self.finish_round, rnd)

    def put_off_round(self, rnd):
        if rnd.state == "open":
            rnd.due = self.now + timedelta(minutes=self.chance.randint(30, 3000))
            rnd.record.due = rnd.due
            self.tell(rnd)

    def hand_round_on(self, rnd):
        if rnd.state == "open":
            rnd.inspector = self.some_people(1)[0]
            rnd.record.user_id = rnd.inspector.user
            self.tell(rnd)

    def finish_round(self, rnd):
        if rnd.state == "open" and rnd.inspector.here:
            self.own(rnd.record.line_ids, rnd.inspector).action_ok()
            rnd.state = "done"
            self.tell(rnd)

    # -- limits that stand still --------------------------------------------------------------------------------

    def pause(self):
        clocks = [clock for doc in self.oracle.docs for clock in doc.clocks.values()]
        clocks = [one for one in clocks if one.state == "running" and one.kind in PAUSABLE]
        clocks = [one for one in clocks if not self.oracle.is_paused(one)]
        if not clocks:
            return
        rare = self.chance.choice(sorted({clock.kind for clock in clocks}))
        clock = self.chance.choice([clock for clock in clocks if clock.kind == rare])
        mine = self.steered(clock)
        if mine and mine.can_pause:
            mine.action_pause()
            self.oracle.pause(clock)
            self.paused[rare, self.oracle.in_working_time(clock)] += 1
            self.after(2, 90, self.resume, clock)

    def resume(self, clock):
        mine = self.steered(clock)
        if self.oracle.is_paused(clock) and mine and mine.can_resume:
            mine.action_resume()
            self.oracle.resume(clock)

    def steered(self, clock):
        """:return: the record, as somebody who runs the document or decides on the room, or None"""
        meeting = clock.doc if not hasattr(clock.doc, "meeting") else clock.doc.meeting
        runs = (meeting.convener, meeting.chair, meeting.taker)
        person = self.actor(*(clock.doc.deciders if isinstance(clock.doc, Booking) else runs))
        return person and self.own(self.record_of(clock), person)

    def record_of(self, clock):
        document = clock.doc.record
        return self.env["meeting.clock"].search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("kind", "=", clock.kind),
                ("key", "=", clock.key),
            ]
        )

    # -- what rules ask for -------------------------------------------------------------------------------------

    def rename(self):
        tasks = [
            doc for doc in self.oracle.docs if isinstance(doc, Task) and doc.state not in ("accepted", "cancelled")
        ]
        if not tasks:
            return
        task = self.chance.choice(tasks)
        runner = self.actor(task.meeting.taker, task.meeting.chair, task.meeting.convener)
        if runner:
            task.name = NAMES[task.name == NAMES[0]]
            self.own(task.record, runner).name = task.name
            self.tell(task)

    # -- the books are compared ---------------------------------------------------------------------------------

    def compare_clocks(self):
        """RE-1: every clock has the limit and the end that the second reckoning gives it."""
        differences, kept = [], {}
        for record in self.env["meeting.clock"].search([]):
            kept[record.res_model, record.res_id, record.kind, record.key] = (record.state, record.due)
        for doc in self.oracle.docs:
            for clock in doc.clocks.values():
                key = (doc.record._name, doc.record.id, clock.kind, clock.key)
                found = kept.pop(key, None)
                if found != (clock.state, clock.due):
                    differences.append(f"{key}: expected {clock.state} {clock.due}, found {found}")
        self.assertFalse(differences, f"{len(differences)} clocks:\n" + "\n".join(differences[:40]))
        self.assertFalse(kept, "clocks that nobody owes")
        self.assertGreaterEqual(len(self.paused), 4, "too little stood still to prove anything")
        self.assertEqual({working for _kind, working in self.paused}, {True, False})
