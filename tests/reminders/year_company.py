"""Two hundred people in Shanghai and Berlin, their calendars, their meeting types and every rule; as records and, for
the second reckoning, as plain objects."""

from datetime import date, timedelta

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tests import TransactionCase

from tests.reminders.oracle import Calendar, Department, Person, stored
from tests.reminders.oracle_documents import Kind
from tests.reminders.oracle_rooms import Oracle, Rule

PEOPLE = 200
FIRST, LAST = date(2025, 11, 1), date(2027, 9, 30)


def days(start, length=1):
    return {start + timedelta(days=number) for number in range(length)}


CHINESE = (
    days(date(2026, 1, 1), 3)
    | days(date(2026, 2, 15), 9)
    | days(date(2026, 4, 4), 3)
    | days(date(2026, 5, 1), 5)
    | days(date(2026, 6, 19), 3)
    | days(date(2026, 9, 25), 3)
    | days(date(2026, 10, 1), 7)
)
MADE_UP = {date(2026, month, day) for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}
GERMAN = {
    date(2026, month, day) for month, day in ((1, 1), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (10, 3), (12, 25))
}


class YearCompany(TransactionCase):
    """`self.oracle` and `self.people` mirror what is created here."""

    def found(self, chance):
        self.chance = chance
        self.env = self.env(
            user=SUPERUSER_ID,
            context={
                **self.env.context,
                **{"lang": "en_US", "tracking_disable": True, "mail_create_nosubscribe": True},
                **{"no_reset_password": True, "mail_notrack": True, "mail_create_nolog": True},
            },
        )
        self.company = self.env.company
        self.env["res.lang"]._activate_lang("en_US")
        self.env["res.lang"]._activate_lang("zh_CN")
        # nothing but the engine's own rows is of interest, and nobody holds messages back
        self.shanghai = self.make_calendar("Shanghai", "Asia/Shanghai", ((9, 12), (13.5, 18)), CHINESE, MADE_UP)
        self.berlin = self.make_calendar("Berlin", "Europe/Berlin", ((8, 12), (13, 17)), GERMAN, set())
        self.company.resource_calendar_id = self.shanghai.record
        self.company.partner_id.tz = "Asia/Shanghai"
        self.oracle = Oracle(self.shanghai)
        self.make_people()
        self.make_kinds()
        self.make_rules()

    def make_calendar(self, name, zone, hours, holidays, make_up):
        calendar = Calendar(zone, hours, FIRST, LAST, set(holidays), set(make_up))
        lines = [
            Command.create(
                {
                    "name": name,
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": "morning" if stop <= 12 else "afternoon",
                }
            )
            for day in range(5)
            for start, stop in hours
        ]
        calendar.record = self.env["resource.calendar"].create(
            {"name": name, "tz": zone, "company_id": self.company.id, "attendance_ids": [Command.clear(), *lines]}
        )
        for kind, chosen in (("leave", holidays), ("other", make_up)):
            self.env["resource.calendar.leaves"].create([self.holiday(calendar, day, kind) for day in sorted(chosen)])
        return calendar

    def holiday(self, calendar, day, kind="leave"):
        return {
            "name": str(day),
            "calendar_id": calendar.record.id,
            "company_id": self.company.id,
            "time_type": kind,
            "date_from": stored(calendar.zone, day, 0),
            "date_to": stored(calendar.zone, day, 24) - timedelta(seconds=1),
        }

    def make_people(self):
        """A managing director, ten departments in three divisions, a head each, a fifth of them in Berlin."""
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Person {number}",
                    "login": f"person{number}",
                    "email": f"person{number}@company.example",
                    "lang": "zh_CN" if number % 5 == 0 else "en_US",
                    "tz": "Europe/Berlin" if number % 5 == 4 else "Asia/Shanghai",
                    "notification_type": "inbox" if number % 10 == 0 else "email",
                    "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                }
                for number in range(PEOPLE)
            ]
        )
        secretariat = self.env.ref("meeting_management.group_secretary")
        users[197:].group_ids = [Command.link(secretariat.id)]
        divisions = self.env["hr.department"].create([{"name": f"Division {n}"} for n in range(3)])
        teams = self.env["hr.department"].create(
            [{"name": f"Team {n}", "parent_id": divisions[n % 3].id} for n in range(10)]
        )
        places = [*divisions, *teams]
        # the first three head the divisions, the next ten the teams, the very last is the director
        home = [places[n] if n < 13 else teams[n % 10] for n in range(PEOPLE)]
        calendars = [self.berlin if number % 5 == 4 else self.shanghai for number in range(PEOPLE)]
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "department_id": home[number].id,
                    "resource_calendar_id": calendars[number].record.id,
                    "tz": calendars[number].zone,
                }
                for number, user in enumerate(users)
            ]
        )
        for number, place in enumerate(places):
            place.manager_id = employees[number]
        director = employees[PEOPLE - 1]
        for number, employee in enumerate(employees):
            team = number - 3 if number < 13 else number % 10
            above = director if number < 3 else employees[team % 3] if number < 13 else employees[3 + team]
            employee.parent_id = above if employee != director and number % 17 else False
        director.parent_id = False
        self.env.flush_all()

        departments = {place: Department() for place in places}
        self.people = [
            Person(user.name, user.partner_id.id, user.id, calendars[number], departments[home[number]])
            for number, user in enumerate(users)
        ]
        by_employee = dict(zip(employees, self.people, strict=True))
        for employee, person in by_employee.items():
            person.employee = employee
            person.superior = by_employee.get(employee.parent_id)
        for place, mirror in departments.items():
            mirror.record = place
            mirror.head = by_employee[place.manager_id]
            mirror.above = departments.get(place.parent_id)
        self.others = []
        for user in secretariat.all_user_ids - users:
            mine = Person(user.name, user.partner_id.id, user.id)
            mine.reachable = bool(user.email) or user.notification_type == "inbox"
            self.others.append(mine)
        by_user = {person.user: person for person in [*self.people, *self.others]}
        self.secretaries = [by_user[user.id] for user in secretariat.all_user_ids]
        for person in self.secretaries:
            person.secretary = True
        guests = self.env["res.partner"].create(
            [{"name": f"Guest {n}", "email": f"guest{n}@client.example", "lang": "en_US"} for n in range(8)]
        )
        self.guests = [Person(guest.name, guest.id) for guest in guests]

    def make_kinds(self):
        """Seven types: by the hour and in working time, with approval, urgent, internal, closed and secret ones."""
        boss = self.people[PEOPLE - 1].user
        step = Command.create({"sequence": 1, "name": "Head", "approver_kind": "department"})
        last = Command.create({"sequence": 2, "name": "Director", "approver_kind": "user", "user_id": boss})
        texts = (
            ({}, []),
            ({"in_working_time": True, "draft": 12, "publish": 20, "lead": 48}, []),
            ({"approval": 8, "answer": 48, "report": 3}, [step]),
            ({"approval": 4, "unread": 24, "acceptance": 8}, [step, last]),
            ({"level": "internal", "review": 6, "start_within": 1}, []),
            ({"level": "participants", "acknowledge": 4, "draft": 6}, []),
            ({"level": "secret", "lead": 12, "answer": 12}, []),
        )
        names = {
            "approval": "approval_hours",
            "review": "review_hours",
            "unread": "unread_hours",
            "draft": "minutes_due_hours",
            "publish": "publish_due_hours",
            "in_working_time": "minutes_in_working_time",
            "start_within": "start_within_days",
            "acknowledge": "acknowledge_hours",
            "report": "report_days",
            "acceptance": "acceptance_hours",
            "lead": "notice_lead_hours",
            "answer": "answer_hours",
            "level": "level",
        }
        self.kinds = []
        for number, (policy, steps) in enumerate(texts):
            kind = Kind(0, **policy)
            values = {column: getattr(kind, name) for name, column in names.items()}
            record = self.env["meeting.type"].create({"name": f"Type {number}", "step_ids": steps, **values})
            kind.id = record.id
            self.kinds.append(kind)
        self.rooms = self.env["meeting.room"].create(
            [
                {
                    "name": f"Room {number}",
                    "location_id": self.env["meeting.location"].create({"name": f"House {number}", "tz": "UTC"}).id,
                    "capacity": 100,
                    "needs_approval": True,
                    "decide_hours": 4 + 4 * number,
                    "manager_ids": [Command.set([self.people[20 + number].user, self.people[40 + number].user])],
                }
                for number in range(3)
            ]
        )

    # -- rules --------------------------------------------------------------------------------------------------

    def make_rules(self):
        """The rules that are shipped, and others that use every word of the form."""
        self.roles = {role.code: role for role in self.env["meeting.reminder.role"].search([])}
        for record in self.env["meeting.reminder.rule"].search([("type_id", "=", False)]):
            self.mirror(record)
        weekly, working, approved, _twice, internal, closed, secret = self.kinds
        after, before, start = {"timing": "after"}, {"timing": "before"}, {"timing": "start"}
        up = {"timing": "after", "escalate": True}
        for kind, duty, roles, vals in (
            (weekly, "meeting", "participants secretary", {"number": 2, "unit": "hours", "every": 1, "repeat": 1}),
            (
                weekly,
                "answer",
                "debtor convener chair",
                {**after, "number": 0, "unit": "hours", "every": 6, "repeat": 3},
            ),
            (weekly, "task_due", "debtor supervisor", {**before, "number": 5, "every": 2, "repeat": 3}),
            (weekly, "task_due", "debtor supervisor superior", {**up, "number": 1, "repeat": 2, "escalate_levels": 6}),
            (weekly, "task_report", "debtor", {**start, "number": 2, "working": True, "every": 2, "repeat": 2}),
            (working, "minutes_draft", "debtor superior", {**up, "number": 30, "unit": "minutes", "working": True}),
            (working, "minutes_draft", "debtor", {**before, "number": 3, "unit": "hours", "working": True}),
            (working, "meeting", "debtor", {"number": 1, "working": True}),
            (working, "notice_lead", "debtor superior", {"number": 6, "unit": "hours", "working": True}),
            (working, "notice_lead", "debtor secretary", {**after, "number": 0, "unit": "hours", "working": True}),
            (approved, "approval", "debtor convener", {**up, "number": 0, "unit": "hours", "repeat": 2, "every": 4}),
            (approved, "minutes_read", "debtor", {**start, "number": 1, "every": 1, "repeat": 3}),
            (internal, "meeting", "participants", {"number": 45, "unit": "minutes", "condition": "open"}),
            (internal, "task_start", "debtor superior", {**up, "number": 0, "working": True, "condition": "calm"}),
            (internal, "task_start", "debtor supervisor", {**up, "number": 1, "unit": "hours", "condition": "urgent"}),
            (closed, "meeting", "participants chair", {"number": 30, "unit": "minutes", "condition": "open"}),
            (closed, "meeting", "convener", {"number": 30, "unit": "minutes"}),
            (closed, "acceptance", "debtor", {**up, "number": 2, "unit": "hours", "working": True}),
            (secret, "agreement", "debtor convener", {"number": 2, "repeat": 4, "every": 12, "unit": "hours"}),
            (secret, "task_acknowledge", "debtor", {**up, "number": 0, "escalate_number": 6, "escalate_unit": "hours"}),
            (None, "booking", "debtor requester", {**after, "number": 0, "unit": "hours", "working": True}),
        ):
            self.add_rule(kind, duty, roles.split(), company=kind is None, **vals)
        self.add_rule(weekly, "publication", [], never=True)

    def add_rule(self, kind, duty, roles, company=False, **vals):
        record = self.env["meeting.reminder.rule"].create(
            {
                "kind": duty,
                "type_id": kind.id if kind else False,
                "company_id": self.company.id if company else False,
                "role_ids": [Command.set([self.roles[code].id for code in roles])],
                **vals,
            }
        )
        return self.mirror(record)

    def mirror(self, record):
        """:return: the plain copy of a rule, entered into the second reckoning"""
        names = ("active", "sequence", "never", "timing", "number", "unit", "working", "condition", "every", "repeat")
        more = ("escalate", "escalate_number", "escalate_unit", "escalate_levels")
        rule = Rule(
            record.id,
            record.kind,
            next((kind for kind in self.kinds if kind.id == record.type_id.id), None),
            bool(record.company_id),
            roles=frozenset(record.role_ids.mapped("code")),
            **{name: record[name] for name in (*names, *more)},
        )
        rule.record = record
        self.oracle.rules.append(rule)
        return rule
