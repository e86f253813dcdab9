"""Another Odoo process on the same database: opens its sessions, waits for the word, and asks for a room.

Started by ``test_race.py`` as ``python -m tests.rooms.race_worker``; reads one JSON line, says “ready”, waits for a
second line, answers with one JSON line of outcomes.
"""

import json
import logging
import sys
from datetime import datetime, timedelta

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from tests.rooms.racing import race


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    order = json.loads(sys.stdin.readline())
    config.parse_config(["-c", order["config"], "-d", order["database"], "--addons-path", order["addons"]])
    logging.disable(logging.ERROR)  # refused inserts are what this is about
    registry = Registry(order["database"])

    def go():
        say("ready")
        sys.stdin.readline()

    with registry.cursor() as cr:  # as a server that has been asked before: its caches are full
        env = api.Environment(cr, order["user"], {"lang": "en_US"})
        start = datetime.fromisoformat(order["starts"][0])
        env["meeting.booking"].create(
            {"name": "Before", "room_id": order["room"], "start": start, "stop": start + timedelta(hours=1)}
        )
        env.flush_all()
        cr.rollback()
    starts = [datetime.fromisoformat(text) for text in order["starts"]]
    outcome = race(registry, order["user"], order["room"], starts, go)
    say(json.dumps(outcome))


main()
