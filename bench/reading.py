"""The list of 80 meetings out of 100,000 with the rights of ordinary people, against the superuser's, the plain rule
that spells the same rights out over participants and departments, and bare SQL.

Seeds by SQL, from a fixed seed, 100,000 meetings with 8 participants each in 21 departments of 500 people, twice: a
closed house (0.1 % of the meetings public, the rest for participants and department) and an open one (60 % public).
Three readers: an employee, the head of a division with its departments below, somebody who takes part in little.
Left out: HTTP, rendering.
"""

import random

from _measure import compare

from devkit.benchmark import environment

MEETINGS, PEOPLE, PARTICIPANTS, DEPARTMENTS = 100_000, 500, 8, 21


def company(env):
    """:return: (users, ids of their departments, the three readers by name)"""
    Department = env["hr.department"]
    division = Department.create({"name": "Division"})
    departments = division | Department.create(
        [{"name": f"Department {n}", "parent_id": division.id if n < 5 else False} for n in range(1, DEPARTMENTS)]
    )
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {"name": f"Person {n}", "login": f"person{n}", "group_ids": [(6, 0, env.ref("base.group_user").ids)]}
                for n in range(PEOPLE)
            ]
        )
    )
    homes = [departments.ids[n % DEPARTMENTS] for n in range(PEOPLE)]
    env["hr.employee"].create(
        [
            {"name": user.name, "user_id": user.id, "department_id": home}
            for user, home in zip(users, homes, strict=True)
        ]
    )
    # the outsider belongs to a department that convenes nothing and is drawn for few meetings
    aside = Department.create({"name": "Aside"})
    users[-1].employee_id.department_id = aside
    return users, homes, {"employee": users[7], "division head": users[0], "outsider": users[-1]}


def seed(env, public, users, homes, kind):
    """Fill the tables with meetings, a share of ``public`` of them open to everybody."""
    rng = random.Random(7)
    rows, lines = [], []
    for number in range(1, MEETINGS + 1):
        people = rng.sample(range(PEOPLE - 1), PARTICIPANTS)
        if rng.random() < 0.001:
            people[-1] = PEOPLE - 1
        level = "public" if rng.random() < public else "internal"
        department = homes[people[0]]
        keys = {users.ids[person] for person in people} | ({0} if level == "public" else {-department})
        rows.append((number, level, users.ids[people[0]], department, sorted(keys)))
        lines += [(number, users[person].partner_id.id, users.ids[person]) for person in people]
    cr = env.cr
    cr.execute("DROP TABLE IF EXISTS seed, seed_line")
    cr.execute("CREATE TEMP TABLE seed (n int, level varchar, uid int, department int, keys int4[])")
    cr.execute("CREATE TEMP TABLE seed_line (n int, partner int, uid int)")
    for table, values in (("seed", rows), ("seed_line", lines)):
        for first in range(0, len(values), 5000):
            part = values[first : first + 5000]
            places = ", ".join(["%s"] * len(part))
            cr.execute(f"INSERT INTO {table} VALUES {places}", part)  # noqa: S608 - names of our own two tables
    cr.execute("DELETE FROM meeting_participant")
    cr.execute("DELETE FROM meeting_meeting")
    cr.execute(
        """INSERT INTO meeting_meeting (id, name, number, type_id, company_id, state, level, minutes_reviewer,
                                        convener_id, chair_id, department_id, start, stop, duration,
                                        reader_keys, editor_keys)
           SELECT n, 'Meeting ' || n, 'M-' || n, %s, %s, 'scheduled', level, 'chair', uid, uid, department,
                  '2026-01-01'::timestamp + n * interval '5 min',
                  '2026-01-01'::timestamp + n * interval '5 min' + interval '1 hour', 1, keys, ARRAY[uid]
             FROM seed""",
        (kind.id, env.company.id),
    )
    cr.execute(
        """INSERT INTO meeting_participant (meeting_id, partner_id, user_id, role, response)
           SELECT n, partner, uid, 'required', 'pending' FROM seed_line"""
    )
    cr.execute("ANALYZE meeting_meeting")
    cr.execute("ANALYZE meeting_participant")
    env.invalidate_all()


COLUMNS = {
    "number": {},
    "name": {},
    "type_id": {"fields": {"display_name": {}}},
    "start": {},
    "state": {},
    "level": {},
}


def cases(env, user):
    Meeting = env["meeting.meeting"]
    keys = sorted(user._meeting_principals())
    plain = [
        "|",
        "|",
        ("level", "=", "public"),
        ("participant_ids.user_id", "=", user.id),
        ("department_id", "child_of", user.employee_id.department_id.id),
    ]

    def bare():
        where = "WHERE reader_keys && %s::int4[]"
        env.cr.execute(
            f"SELECT id, number, name, type_id, start, state, level FROM meeting_meeting {where} "  # noqa: S608
            "ORDER BY start DESC, id DESC LIMIT 80",
            (keys,),
        )
        env.cr.fetchall()
        env.cr.execute(f"SELECT count(*) FROM (SELECT 1 FROM meeting_meeting {where} LIMIT 10001) t", (keys,))  # noqa: S608
        env.cr.fetchall()

    return {
        "superuser": lambda: Meeting.web_search_read([], COLUMNS, limit=80, count_limit=10001),
        "with our rules": lambda: Meeting.with_user(user).web_search_read([], COLUMNS, limit=80, count_limit=10001),
        "plain rule spelt out": lambda: Meeting.web_search_read(plain, COLUMNS, limit=80, count_limit=10001),
        "bare SQL, the reader's keys": bare,
    }


def main():
    with environment() as env:
        users, homes, readers = company(env)
        kind = env["meeting.type"].create({"name": "Bench"})
        env.flush_all()
        for house, public in (("closed house, 0.1 % public", 0.001), ("open house, 60 % public", 0.6)):
            seed(env, public, users, homes, kind)
            for name, user in readers.items():
                seen = env["meeting.meeting"].with_user(user).search_count([])
                compare(f"{house}: {name} may read {seen:,} of {MEETINGS:,}", env, cases(env, user))
            first = env["meeting.meeting"].with_user(readers["employee"]).search([], limit=80)
            compare(
                f"{house}: access check of 80 records",
                env,
                {
                    "superuser reads 80": lambda first=first: first.sudo().read(["name"]),
                    "employee is checked and reads 80": lambda first=first: first.read(["name"]),
                },
            )


if __name__ == "__main__":
    main()
