"""Rivals for one hour of one room (RM-3): how long they wait, in one server and in two; the test asserts who wins.

Two houses: the room alone, and among 200 with a thousand bookings, where every loser is told what else is free. “At the
lock” is the longest that anybody stood at the room's row; “alone” is one session without rivals: that many times it is
what a server of one process computes before the last is served. Left out: HTTP.
"""

import os
import statistics
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

from odoo.modules.registry import Registry
from odoo.tools import config, mute_logger
from rooms import ROOMS, Ours

from devkit.benchmark import environment
from tests.rooms.racing import race, race_servers

TIMES = ("median", "p95", "slowest", "at lock")
RIVALS = (1, 2, 4, 8, 16, 32)


@contextmanager
def watched(registry):
    """How long each session stands at the lock of the room."""
    Booking, waits, guard = registry["meeting.booking"], [], threading.Lock()
    ordinary = Booking._claim_rooms

    def lock(self):
        began = time.monotonic()
        try:
            ordinary(self)
        finally:
            with guard:
                waits.append(time.monotonic() - began)

    Booking._claim_rooms = lock
    try:
        yield waits
    finally:
        Booking._claim_rooms = ordinary


def line(house, servers, outcome, at_lock=None):
    waits = sorted(outcome["waits"])
    p95 = waits[min(len(waits) - 1, int(len(waits) * 0.95))]
    lock = f"{max(at_lock):9.2f}" if at_lock else f"{'':9}"
    print(
        f"{house:22} {servers:7} {len(waits):7} {outcome['booked']:4} {statistics.median(waits):9.2f} {p95:9.2f} "
        f"{waits[-1]:9.2f} {lock}",
        flush=True,
    )
    if outcome["broken"] or outcome["booked"] != 1:
        raise SystemExit(f"the race broke: {outcome}")


def main():
    with environment() as env:
        ours = Ours(env)
        ours.fill(1_000)
        user, room, database = ours.users[0].id, ours.rooms[0].id, env.cr.dbname
        registry, start = Registry(database), Ours.free()
        print(f"\n{'seconds':22} {'servers':>7} {'rivals':>7} {'won':>4}", *map("{:>9}".format, TIMES))
        week = 0
        for house in ("the room alone", f"among {ROOMS} rooms"):
            (ours.rooms[1:]).active = house != "the room alone"
            env.cr.commit()
            for rivals in RIVALS:
                week += 1
                with watched(registry) as waits, mute_logger("odoo.sql_db", "odoo.service.model"):
                    outcome = race(registry, user, room, [start + timedelta(days=7 * week)] * rivals)
                line(house, 1, outcome, waits)
            for rivals in (16, 32):
                week += 1
                order = {
                    **{"config": os.environ["ODOO_RC"], "database": database, "user": user, "room": room},
                    "addons": ",".join(config["addons_path"]),
                    "starts": [(start + timedelta(days=7 * week)).isoformat()] * (rivals // 2),
                }
                line(house, 2, race_servers(order))


main()
