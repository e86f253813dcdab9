"""The list of 80 meetings, with the rights of an ordinary employee, against the superuser's and bare SQL.

Seeds 20,000 meetings with 8 participants each, from a fixed seed, by SQL; 2 % public, 58 % internal, 40 %
for participants only.
Left out: HTTP, rendering.
"""

import random

from _measure import compare

from devkit.benchmark import environment

MEETINGS, PEOPLE, PARTICIPANTS, DEPARTMENTS = 20_000, 200, 8, 20


def seed(env):
    rng = random.Random(7)
    departments = env["hr.department"].create([{"name": f"Department {n}"} for n in range(DEPARTMENTS)])
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
    env["hr.employee"].create(
        [
            {"name": user.name, "user_id": user.id, "department_id": departments[n % DEPARTMENTS].id}
            for n, user in enumerate(users)
        ]
    )
    kind = env["meeting.type"].create({"name": "Bench"})
    env.flush_all()
    meetings, participants = [], []
    for number in range(1, MEETINGS + 1):
        people = rng.sample(range(PEOPLE), PARTICIPANTS)
        draw = rng.random()
        level = "public" if draw < 0.02 else "internal" if draw < 0.6 else "participants"
        keys = {users.ids[person] for person in people}
        department = departments.ids[people[0] % DEPARTMENTS]
        if level == "public":
            keys.add(0)
        elif level == "internal":
            keys.add(-department)
        meetings.append((number, level, users.ids[people[0]], department, sorted(keys)))
        participants += [(number, users[person].partner_id.id, users.ids[person]) for person in people]
    env.cr.execute("CREATE TEMP TABLE seed (n int, level varchar, uid int, department int, keys int4[])")
    env.cr._obj.executemany("INSERT INTO seed VALUES (%s, %s, %s, %s, %s::int4[])", meetings)
    env.cr.execute(
        """INSERT INTO meeting_meeting (name, type_id, company_id, state, level, minutes_reviewer,
        convener_id, chair_id, department_id,
                                        start, stop, duration, reader_keys, editor_keys)
           SELECT 'Meeting ' || n, %s, %s, 'scheduled', level, 'chair', uid, uid, department,
                  '2026-01-01'::timestamp + n * interval '20 min', '2026-01-01'::timestamp + n * interval '20
                  min' + interval '1 hour', 1,
                  keys, ARRAY[uid] FROM seed""",
        (kind.id, env.company.id),
    )
    env.cr.execute("ANALYZE meeting_meeting")
    return users[3]


def main():
    with environment() as env:
        user = seed(env)
        keys = sorted(user._meeting_principals())
        columns = {
            "number": {},
            "name": {},
            "type_id": {"fields": {"display_name": {}}},
            "start": {},
            "state": {},
            "level": {},
        }

        def page(who):
            env["meeting.meeting"].with_user(who).web_search_read([], columns, limit=80, count_limit=10001)

        def bare():
            env.cr.execute(
                "SELECT id, number, name, type_id, start, state, level FROM meeting_meeting WHERE "
                "reader_keys && %s::int4[] "
                "ORDER BY start DESC, id DESC LIMIT 80",
                (keys,),
            )
            env.cr.fetchall()
            env.cr.execute(
                "SELECT count(*) FROM (SELECT 1 FROM meeting_meeting WHERE reader_keys && %s::int4[] LIMIT 10001) t",
                (keys,),
            )
            env.cr.fetchall()

        compare(
            f"80 of {MEETINGS:,} meetings; the employee may read "
            f"{env['meeting.meeting'].with_user(user).search_count([]):,}",
            env,
            {
                "superuser": lambda: page(env.user),
                "employee, with record rules": lambda: page(user),
                "bare SQL, employee's keys": bare,
            },
        )


main()
