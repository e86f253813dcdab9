"""Many sessions ask for one room at the same moment, through the path that RPC takes, with real commits."""

import json
import subprocess
import sys
import threading
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

from odoo import api
from odoo.exceptions import ValidationError
from odoo.service.model import retrying
from psycopg2 import errors

LOCK_TIMEOUT = "20s"
"""Far beyond what a session may wait: it turns a standstill into an error."""


def race(registry, user_id, room_id, starts, go=None):
    """One session per start, each for an hour.

    :param go: called once all sessions are open; returns when they shall ask
    :returns: ``{"booked": number, "refused": [sentence], "deadlocks": number, "broken": [error],
        "waits": [seconds of each session], "slowest": seconds}``
    """
    barrier = threading.Barrier(len(starts) + 1)
    result = {"booked": 0, "refused": [], "deadlocks": 0, "broken": [], "waits": []}
    guard = threading.Lock()

    def ask(env, start):
        try:
            env["meeting.booking"].create(
                {"name": "Race", "room_id": room_id, "start": start, "stop": start + timedelta(hours=1)}
            )
            env.flush_all()
        except errors.DeadlockDetected:
            with guard:
                result["deadlocks"] += 1
            raise

    def session(start):
        with registry.cursor() as cr:
            cr.execute("SET lock_timeout = %s", (LOCK_TIMEOUT,))
            cr.commit()
            env = api.Environment(cr, user_id, {"lang": "en_US"})
            cr.execute("SELECT 1")  # the snapshot is taken before anybody asks
            barrier.wait(120)
            began = time.monotonic()
            try:
                retrying(partial(ask, env, start), env)
                with guard:
                    result["booked"] += 1
            except ValidationError as refusal:
                with guard:
                    result["refused"].append(str(refusal))
            except Exception as error:
                with guard:
                    result["broken"].append(repr(error))
            finally:
                with guard:
                    result["waits"].append(time.monotonic() - began)
                cr.rollback()
                cr.execute("RESET lock_timeout")
                cr.commit()

    threads = [threading.Thread(target=session, args=(start,)) for start in starts]
    for thread in threads:
        thread.start()
    if go:
        go()
    barrier.wait(120)
    for thread in threads:
        thread.join(120)
    return {**result, "slowest": max(result["waits"])}


def race_servers(order, number=2):
    """The same in several Odoo processes on one database, which begin together.

    :param dict order: ``config``, ``database``, ``addons``, ``user``, ``room``, ``starts`` of each process
    :returns: as :func:`race`, of all sessions together
    """
    servers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.rooms.race_worker"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(number)
    ]
    try:
        for server in servers:
            server.stdin.write(json.dumps(order) + "\n")
            server.stdin.flush()
        for server in servers:
            if server.stdout.readline() != "ready\n":
                raise RuntimeError("a server of the race did not start")
        for server in servers:
            server.stdin.write("go\n")
            server.stdin.flush()
        outcomes = [json.loads(server.stdout.readline()) for server in servers]
    finally:
        for server in servers:
            server.stdin.close()
            server.wait(60)
            server.stdout.close()
    together = {name: sum(outcome[name] for outcome in outcomes) for name in ("booked", "deadlocks")}
    for name in ("refused", "broken", "waits"):
        together[name] = [item for outcome in outcomes for item in outcome[name]]
    return {**together, "slowest": max(together["waits"])}
