"""Confirming a booking while the register grows: ours with every check, notice and board, against bare SQL.

The limit is what the promise costs alone: the lock of the room and one INSERT under the exclusion constraint, one
savepoint around it. Other sizes: ``BENCH_SIZES=1000000 ./dev bench confirming`` (filling a million takes minutes).
Left out: COMMIT, HTTP; the register is filled by one statement, its rows belong to nobody.
"""

import os
from datetime import datetime, timedelta

from _measure import compare
from odoo.exceptions import ValidationError

from devkit.benchmark import environment

MONDAY = datetime(2030, 1, 7)
ROOMS = 200


def fill(env, room_ids, location, number):
    """``number`` bookings of an hour, one after the other in each room, beginning in the past of MONDAY."""
    each = number // ROOMS
    env.cr.execute(
        """INSERT INTO meeting_booking
               (name, state, room_id, location_id, company_id, start, stop, hold_start, hold_stop)
           SELECT 'Busy', 'confirmed', room, %s, %s, moment, moment + interval '1 hour', moment,
                  moment + interval '1 hour'
             FROM unnest(%s) AS room, generate_series(1, %s) AS hours,
                  LATERAL (SELECT %s::timestamp - hours * interval '1 hour') AS at(moment)""",
        (location.id, env.company.id, room_ids, each, MONDAY),
    )
    env.cr.execute("ANALYZE meeting_booking")


def main():
    for number in map(int, os.environ.get("BENCH_SIZES", "1000 100000").split()):
        with environment() as env:
            location = env["meeting.location"].create({"name": "Bench", "tz": "UTC"})
            rooms = env["meeting.room"].create(
                [{"name": f"Room {n}", "location_id": location.id, "capacity": 10} for n in range(ROOMS)]
            )
            fill(env, rooms.ids, location, number)
            user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": "Booker",
                        "login": "booker",
                        "email": "b@x.example",
                        "group_ids": [(6, 0, env.ref("base.group_user").ids)],
                    }
                )
            )
            mine, room, start = env(user=user), rooms[0], MONDAY + timedelta(hours=9)

            def bare(env=env, room=room, location=location, start=start):
                with env.cr.savepoint(flush=False):
                    env.cr.execute("SELECT id FROM meeting_room WHERE id = %s FOR NO KEY UPDATE", (room.id,))
                    env.cr.execute(
                        """INSERT INTO meeting_booking
                               (name, state, room_id, location_id, company_id, start, stop, hold_start, hold_stop)
                           VALUES ('Bare', 'confirmed', %s, %s, %s, %s, %s, %s, %s)""",
                        (
                            *(room.id, location.id, env.company.id),
                            *(start, start + timedelta(hours=1), start, start + timedelta(hours=1)),
                        ),
                    )

            def ours(mine=mine, room=room, start=start):
                mine["meeting.booking"].create(
                    {"name": "Ours", "room_id": room.id, "start": start, "stop": start + timedelta(hours=1)}
                )

            def refused(mine=mine, room=room):
                try:
                    with mine.cr.savepoint(flush=False):
                        mine["meeting.booking"].create(
                            {
                                "name": "Late",
                                "room_id": room.id,
                                "start": MONDAY - timedelta(hours=1),
                                "stop": MONDAY,
                            }
                        )
                except ValidationError:
                    mine.transaction.clear()

            compare(
                f"{number} bookings in {ROOMS} rooms",
                env,
                {
                    "bare SQL: lock and insert": bare,
                    "ours: book and confirm": ours,
                    "ours: refused, with offers": refused,
                },
                runs=7,
            )


main()
