"""Servers for `test_killed_job.py`: real processes on the database named by the first argument.

It loads the addon once, makes the rows that are due (so many as the second argument says), prints their ids, and then
does as each line on its standard input says: `start HOURS` forks a process that runs the sending job until nothing is
due, with a clock that is wrong by so many hours, and prints its number; `wait NUMBER` prints how that process ended.
"""

import os
import sys
from datetime import datetime, timedelta
from unittest.mock import patch

import odoo.api
from odoo import fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.sql_db import close_all
from odoo.tools import config


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def owe(env, count):
    """Reminders of ten meetings, in two languages, due three hours ago."""
    partners = env["res.partner"].create(
        [
            {"name": f"Guest {n}", "email": f"g{n}@x.example", "lang": ("en_US", "zh_CN")[n % 2]}
            for n in range(count // 10)
        ]
    )
    kind = env["meeting.type"].create({"name": "Killed"})
    meetings = env["meeting.meeting"].create(
        [
            {
                "name": f"Meeting {n}",
                "convener_id": env.ref("base.user_admin").id,
                "type_id": kind.id,
                "start": fields.Datetime.now() + timedelta(days=20),
                "participant_ids": [Command.create({"partner_id": partner.id}) for partner in partners],
            }
            for n in range(10)
        ]
    )
    due = fields.Datetime.now() - timedelta(hours=3)
    rows = env["meeting.notification"]._queue(meetings, "link:1", partners, due=due)
    return ",".join(map(str, rows.ids))


def send(registry, hours):
    off = timedelta(hours=hours)
    wrong = staticmethod(lambda *_args: (datetime.now() + off).replace(microsecond=0))
    with patch.object(fields.Datetime, "now", wrong):
        while True:
            with registry.cursor() as cr:
                ledger = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})["meeting.notification"]
                ledger._cron_send(limit=8)
                if not ledger._count_due():
                    return


def fork(registry, hours):
    """A process of its own with connections of its own."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        send(registry, hours)
        code = 0
    finally:
        os._exit(code)


def main(database, count):
    config.parse_config(["-d", database, "--no-http", "--log-level=error", "--db_maxconn=4"])
    registry = Registry(database)
    with registry.cursor() as cr:
        say(owe(odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {"tracking_disable": True}), int(count)))
    close_all()
    for line in sys.stdin:
        word, number = line.split()
        if word == "start":
            say(fork(registry, float(number)))
        else:
            say(os.waitstatus_to_exitcode(os.waitpid(int(number), 0)[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
