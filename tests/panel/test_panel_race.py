"""The same tap, and rival taps, at the same moment on several servers (RM-3)."""

import threading
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger


class TestPanelRace(BaseCase):
    """With real transactions and commits, through the retrying that the web server does."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            place = env["meeting.location"].create({"name": "Race"})
            room = env["meeting.room"].create({"name": "Race", "location_id": place.id})
            worker = env["hr.employee"].create({"name": "Race", "barcode": "RACE1"})
            panel = env["meeting.room.panel"].create({"room_id": room.id, "lang": "en_US"})
            self.ids = {"panel": panel.id, "room": room.id, "location": place.id, "employee": worker.id}
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM meeting_room_panel_throttle WHERE address LIKE %s", (f"%:{self.ids['panel']}",))
            cr.execute("DELETE FROM meeting_booking WHERE room_id = %s", (self.ids["room"],))
            cr.execute("DELETE FROM meeting_room_panel WHERE id = %s", (self.ids["panel"],))
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["meeting.room"].browse(self.ids["room"]).unlink()
            env["meeting.location"].browse(self.ids["location"]).unlink()
            env["hr.employee"].browse(self.ids["employee"]).unlink()

    def tap(self, nonces, badge="RACE1"):
        """One thread for each nonce; :return: what each of them was told, and how many bookings there are"""
        barrier, outcomes = threading.Barrier(len(nonces)), []

        def act(env, nonce):
            panel = env["meeting.room.panel"].browse(self.ids["panel"])._on_screen()
            return panel._act(nonce, "book", {"minutes": "15", "purpose": "talk", "badge": badge})

        def session(nonce):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1")
                barrier.wait(10)
                outcomes.append(retrying(partial(act, env, nonce), env)[0])

        threads = [threading.Thread(target=session, args=(nonce,)) for nonce in nonces]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM meeting_booking WHERE room_id = %s", (self.ids["room"],))
            return sorted(outcomes), cr.fetchone()[0]

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_the_same_tap_four_times(self):
        """RM-3: it is done once, and each is told so."""
        self.assertEqual(self.tap(["the-same-tap"] * 4), (["done"] * 4, 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_four_taps(self):
        """RM-3: one gets the room, the others read why not."""
        outcomes, count = self.tap([f"tap-number-{number}" for number in range(4)])
        self.assertEqual((outcomes, count), (["done", "refused", "refused", "refused"], 1))

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_no_guess_is_free(self):
        """RM-5: wrong badges at the same moment are all counted."""
        self.tap([f"tap-number-{number}" for number in range(4)], badge="WRONG")
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT failures FROM meeting_room_panel_throttle WHERE address = %s", (f"panel:{self.ids['panel']}",)
            )
            self.assertEqual(cr.fetchone()[0], 4)
