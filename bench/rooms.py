"""200 rooms and ten thousand bookings: which are free, the finder's whole answer, the board's whole window.

The limit is the one SQL statement that lists the free rooms of an hour; everything else is a multiple of it.
Left out: HTTP and the browser.
"""

from datetime import datetime, timedelta
from random import Random

from _measure import compare

from devkit.benchmark import environment

MONDAY = datetime(2030, 1, 7)
ROOMS, DAYS = 200, 14


def main():
    with environment() as env:
        chance = Random(19)
        location = env["meeting.location"].create({"name": "Bench", "tz": "UTC"})
        env["meeting.room"].search([]).active = False
        features = env["meeting.room.feature"].create([{"name": f"Bench {number}"} for number in range(4)])
        office = env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        rooms = env["meeting.room"].create(
            [
                {
                    "name": f"Room {number}",
                    "location_id": location.id,
                    "capacity": chance.randint(4, 30),
                    "feature_ids": [(6, 0, chance.sample(features.ids, 2))],
                    "opening_calendar_id": office.id if number % 2 else False,
                }
                for number in range(ROOMS)
            ]
        )
        rows = []
        for room in rooms:
            for day in range(DAYS):
                for hour in chance.sample(range(8, 18), 4):
                    start = MONDAY + timedelta(days=day, hours=hour)
                    rows.append((room.id, location.id, env.company.id, start, start + timedelta(hours=1)))
        env.cr.executemany(
            "INSERT INTO meeting_booking "
            "(name, state, room_id, location_id, company_id, start, stop, hold_start, hold_stop) "
            "VALUES ('Busy', 'confirmed', %s, %s, %s, %s, %s, %s, %s)",
            [(*row, row[3], row[4]) for row in rows],
        )
        env.cr.execute("ANALYZE meeting_booking")
        users = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": f"Person {number}",
                        "login": f"person{number}",
                        "email": f"p{number}@x.example",
                        "tz": "UTC",
                        "group_ids": [(6, 0, env.ref("base.group_user").ids)],
                    }
                    for number in range(12)
                ]
            )
        )
        mine = env(user=users[0])
        noon = MONDAY + timedelta(hours=14)

        def bare():
            env.cr.execute(
                "SELECT id FROM meeting_room WHERE active AND id NOT IN (SELECT room_id FROM meeting_booking "
                "WHERE state IN ('confirmed', 'checked_in', 'finished') "
                "AND tsrange(hold_start, hold_stop) && tsrange(%s, %s))",
                (noon, noon + timedelta(hours=1)),
            )
            env.cr.fetchall()

        def find(**criteria):
            defaults = {
                "people": 12,
                "minutes": 90,
                "day": "2030-01-07",
                "part": "afternoon",
                "features": features[:1].ids,
            }
            mine["meeting.room.finder"].find({**defaults, **criteria})

        compare(
            f"{ROOMS} rooms, {len(rows)} bookings",
            env,
            {
                "bare SQL: free rooms of one hour": bare,
                "every refusal of every room, one hour": lambda: rooms.with_env(mine)._refusals_by_room(
                    noon, noon + timedelta(hours=1), 12
                ),
                "finder: an afternoon": find,
                "finder: an afternoon, 12 people": lambda: find(partners=users.partner_id.ids),
                "finder: nothing fits, alternatives": lambda: find(people=200),
                "finder: all taken, alternatives": lambda: find(minutes=480, part="day"),
                "board: one day": lambda: mine["meeting.room.board"].get("2030-01-07", 1),
                "board: one week": lambda: mine["meeting.room.board"].get("2030-01-07", 7),
            },
            runs=5,
        )


main()
