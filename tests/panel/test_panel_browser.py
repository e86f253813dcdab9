"""The tablet in Chromium: it shows, it is tapped, it loses the network and finds it again (RM-5, RM-6)."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.meeting_management.controllers.door_panel import DoorPanel
from odoo.fields import Datetime
from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser
from odoo.tools import mute_logger
from werkzeug.exceptions import ServiceUnavailable

from tests.common import MeetingCommon
from tests.panel.common import PanelCommon

PATIENCE = 15


class TestPanelInTheBrowser(HttpCase, MeetingCommon):
    """With the real clock, as the tablet has its own."""

    browser_size = "1024x600"

    def setUp(self):
        super().setUp()
        self.outsider.employee_id.write({"barcode": "BADGE1", "pin": "1111"})
        panel = self.env["meeting.room.panel"].create(
            {"room_id": self.maple.id, "lang": "en_US", "rest_from": 0, "rest_until": 0}
        )
        self.panel = panel
        self.path = PanelCommon.link(panel)
        self.env.flush_all()
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        self.browser._websocket_request("Network.enable")
        self.browser._websocket_request("Fetch.disable")  # answers would come past the emulated network

    def ask(self, expression):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": expression, "returnByValue": True}
        )
        return answer["result"].get("value")

    def wait_for(self, expression):
        end = time.monotonic() + PATIENCE
        while not self.ask(expression):
            self.assertLess(time.monotonic(), end, f"{expression}\n{self.ask('document.body.innerText')}")
            time.sleep(0.1)

    def press(self, text):
        button = f"[].filter.call(document.querySelectorAll('button'), b => b.textContent === {text!r})[0]"
        self.wait_for(f"!!{button} && !{button}.disabled")
        self.ask(f"{button}.click()")

    def test_who_booked_before_the_room_was_closed_checks_in(self):
        """RM-5, RM-8: a blocking over a booking hides neither the booking nor its button."""
        now = Datetime.now()
        room = {"room_id": self.maple.id}
        times = {"start": now + timedelta(minutes=5), "stop": now + timedelta(minutes=50)}
        self.env["meeting.booking"].with_user(self.outsider).create({"name": "Training", **room, **times})
        times = {"start": now - timedelta(minutes=30), "stop": now + timedelta(minutes=90)}
        self.env["meeting.room.blocking"].create({"name": "Painting", **room, **times})
        self.env.flush_all()
        with self.allow_requests(browser=self.browser), mute_logger("odoo.tests.common"):
            self.browser.navigate_to(self.base_url() + self.path)
            self.wait_for("document.getElementById('title').textContent === 'Painting'")
            self.press("Check In")
            # Ten minutes later, as the tablet's clock goes, the booking itself is what is on. In one go: the next
            # answer of the server sets the clock right again.
            title, listed = self.ask(
                "(function () { var real = Date.now; Date.now = function () { return real() + 600000; };"
                " document.dispatchEvent(new Event('mousedown'));"
                " return ['title', 'list'].map(function (id) { return document.getElementById(id).innerText; }); }())"
            )
            self.assertEqual(title, "Training")
            self.assertIn("Painting", listed)

    def network(self, works):
        self.browser._websocket_request(
            "Network.emulateNetworkConditions",
            params={"offline": not works, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )
        self.ask("window.dispatchEvent(new Event('online'))")  # asks at once, instead of in 20 seconds

    def test_a_day_at_the_door(self):
        """RM-5, RM-6: book with name and PIN, lose the network, keep the picture, find it again, leave early."""
        with self.allow_requests(browser=self.browser), mute_logger("odoo.tests.common"):
            self.browser.navigate_to(self.base_url() + self.path)
            self.wait_for("document.body.className === 'free'")
            self.press("Book Now")
            self.press("Continue")
            self.ask("document.querySelector('#sheet input').value = 'outsider'")
            for digit in "1112":
                self.press(digit)
            self.press("OK")
            self.wait_for("/Not recognised/.test(document.getElementById('sheet').innerText)")
            self.ask("document.querySelector('#sheet input').value = 'outsider'")
            for digit in "1111":
                self.press(digit)
            self.press("OK")
            self.wait_for("/Maple is yours/.test(document.getElementById('sheet').innerText)")
            self.press("OK")
            self.wait_for("document.body.className === 'taken'")
            self.assertIn("Outsider Ou", self.ask("document.getElementById('who').textContent"))

            self.network(False)
            self.wait_for("/No connection since \\d\\d:\\d\\d/.test(document.getElementById('net').textContent)")
            self.assertEqual(self.ask("document.getElementById('who').textContent"), "Outsider Ou", "the last known")
            self.assertRegex(self.ask("document.getElementById('left').textContent"), r"\d+ min left")
            self.assertEqual(
                self.ask("[].filter.call(document.querySelectorAll('#deeds button'), b => !b.disabled).length"), 0
            )
            # an hour later, still without network: the tablet works out itself that the room is free
            self.ask("var real = Date.now; Date.now = function () { return real() + 3600000; }; 0")
            self.wait_for("/^free/.test(document.body.className)")
            self.ask("Date.now = real; 0")
            self.wait_for("/^taken/.test(document.body.className)")

            self.network(True)
            self.wait_for("document.getElementById('net').textContent === ''")
            self.press("End Now")
            # a badge reader types like a keyboard
            self.ask(
                "['B','A','D','G','E','1','Enter'].forEach(k => document.dispatchEvent(new KeyboardEvent('keydown', "
                "{key: k, keyCode: k === 'Enter' ? 13 : k.charCodeAt(0), bubbles: true}))); 0"
            )
            self.wait_for("/free for others now/.test(document.getElementById('sheet').innerText)")
            self.wait_for("/^free/.test(document.body.className)")
        self.env.invalidate_all()
        booking = self.env["meeting.booking"].search([("room_id", "=", self.maple.id)])
        self.assertEqual((booking.state, booking.user_id), ("finished", self.outsider))
        self.assertLess(booking.stop, Datetime.now() + timedelta(minutes=1))

    def test_it_starts_without_a_server(self):
        """RM-5: switched on while the server is away, the tablet shows its last picture, and since when; revoked, it
        keeps none."""
        start, stop = Datetime.now() - timedelta(minutes=5), Datetime.now() + timedelta(minutes=40)
        self.env["meeting.booking"].with_user(self.outsider).create(
            {"name": "Training", "room_id": self.maple.id, "start": start, "stop": stop}
        )
        self.env.flush_all()

        def away(*_args, **_kw):
            raise ServiceUnavailable

        with self.allow_requests(browser=self.browser), mute_logger("odoo.tests.common"):
            self.browser.navigate_to(self.base_url() + self.path)
            self.wait_for("!!navigator.serviceWorker.controller")
            self.browser.navigate_to(self.base_url() + "/meeting/door")  # kept from now on
            self.wait_for("document.body.className === 'taken'")
            with patch.multiple(DoorPanel, _token=away, _wait=away):  # every page of the panel asks one of these
                for path in ("/meeting/door", self.path):
                    self.browser.navigate_to("about:blank")
                    self.browser.navigate_to(self.base_url() + path)
                    self.wait_for("/No connection since/.test((document.getElementById('net') || {}).textContent)")
                    self.assertEqual(self.ask("document.getElementById('who').textContent"), "Outsider Ou")
            self.panel.action_revoke()
            self.env.flush_all()
            self.browser.navigate_to(self.base_url() + "/meeting/door")
            self.wait_for("document.body.className === 'problem'")
            with patch.object(DoorPanel, "_token", away):
                self.browser.navigate_to(self.base_url() + "/meeting/door")
                self.wait_for("!document.getElementById('state')")
