"""What changes around the meetings of the simulated year: leave, holidays, superiors, addresses, rules."""

from datetime import timedelta


class YearChanges:
    """Deeds of the simulated year, mixed into it."""

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
