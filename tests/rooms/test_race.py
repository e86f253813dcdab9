"""Rivals for one room at the same moment: one gets it, the others are told what is free, nobody stands still."""

import os
import sys
from datetime import timedelta

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, new_test_user
from odoo.tools import config, mute_logger

from tests.common import MeetingCommon
from tests.rooms.racing import race, race_servers

RIVALS = (2, 4, 8, 16, 32)


class TestRace(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            location = env["meeting.location"].create({"name": "Race", "tz": "UTC"})
            self.room_id = env["meeting.room"].create({"name": "Race", "location_id": location.id}).id
            self.user_id = new_test_user(env, login="racer", groups="base.group_user").id
            self.location_id = location.id
        self.addCleanup(self.clean)
        self.start = MeetingCommon.days_ahead(30, hour=10)

    def clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM meeting_booking WHERE room_id = %s", (self.room_id,))
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["meeting.room"].browse(self.room_id).unlink()
            env["meeting.location"].browse(self.location_id).unlink()
            user = env["res.users"].browse(self.user_id)
            partner = user.partner_id
            cr.execute("DELETE FROM meeting_notification WHERE partner_id = %s", (partner.id,))
            user.unlink()
            partner.unlink()

    def note(self, text):
        """A measurement for whoever runs the tests with ``-s``; nothing depends on it."""
        sys.stdout.write(f"\n{text}\n")

    def held(self, start):
        """How many bookings hold the room in the hour from ``start``, as another session sees it."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM meeting_booking WHERE room_id = %s AND state = 'confirmed' "
                "AND start < %s AND stop > %s",
                (self.room_id, start + timedelta(hours=1), start),
            )
            return cr.fetchone()[0]

    def assert_one_winner(self, outcome, rivals, start):
        self.assertEqual(outcome["broken"], [])
        self.assertEqual(outcome["deadlocks"], 0)
        self.assertEqual((outcome["booked"], len(outcome["refused"])), (1, rivals - 1), outcome)
        self.assertEqual(self.held(start), 1)
        for sentence in outcome["refused"]:
            self.assertIn("taken", sentence)
            self.assertIn("Free instead: ", sentence)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_slot(self):
        """RM-3: however many ask for the same hour."""
        for day, rivals in enumerate(RIVALS):
            start = self.start + timedelta(days=7 * day)
            with self.subTest(rivals=rivals):
                outcome = race(self.registry, self.user_id, self.room_id, [start] * rivals)
                self.note(f"{rivals} rivals, one slot: slowest {outcome['slowest']:.2f} s")
                self.assert_one_winner(outcome, rivals, start)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_overlapping_slots(self):
        """RM-3: periods that begin ten minutes apart and all meet each other."""
        for day, rivals in enumerate(RIVALS):
            start = self.start + timedelta(days=7 * day + 1)
            starts = [start + timedelta(minutes=10 * (number % 6)) for number in range(rivals)]
            with self.subTest(rivals=rivals):
                outcome = race(self.registry, self.user_id, self.room_id, starts)
                self.note(f"{rivals} rivals, overlapping: slowest {outcome['slowest']:.2f} s")
                self.assert_one_winner(outcome, rivals, starts[0])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_neighbours_do_not_disturb_each_other(self):
        """RM-3, RM-5: hours that follow each other are all had, though their sessions queue at the room."""
        starts = [self.start + timedelta(hours=number) for number in range(8)]
        outcome = race(self.registry, self.user_id, self.room_id, starts)
        self.assertEqual((outcome["booked"], outcome["refused"], outcome["broken"]), (8, [], []))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_an_unused_room_goes_to_one(self):
        """RM-14, RM-3: rivals for a room that nobody came to: all see it free, one gets it."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            unused = env["meeting.booking"].create(
                {
                    "name": "Unused",
                    "room_id": self.room_id,
                    "start": self.start,
                    "stop": self.start + timedelta(hours=1),
                }
            )
            env.flush_all()
            cr.execute(
                "UPDATE meeting_booking SET release_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE id = %s",
                (unused.id,),
            )
        outcome = race(self.registry, self.user_id, self.room_id, [self.start] * 8)
        self.assert_one_winner(outcome, 8, self.start)
        with self.registry.cursor() as cr:
            cr.execute("SELECT state, release_cause FROM meeting_booking WHERE id = %s", (unused.id,))
            self.assertEqual(cr.fetchone(), ("released", "no_show"))

    def test_two_servers(self):
        """RM-3: two Odoo processes on one database, eight sessions each."""
        order = {
            "config": os.environ["ODOO_RC"],
            "database": get_db_name(),
            "addons": ",".join(config["addons_path"]),
            "user": self.user_id,
            "room": self.room_id,
            "starts": [self.start.isoformat()] * 8,
        }
        together = race_servers(order)
        self.note(f"2 servers, 16 rivals: slowest {together['slowest']:.2f} s")
        self.assert_one_winner(together, 16, self.start)
