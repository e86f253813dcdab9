"""A tablet at Maple's door, and people with badges and PINs before it."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from odoo.fields import Command, Datetime
from odoo.tests import HttpCase
from odoo.tests.common import Opener

from tests.rooms.common import RoomsCommon


class PanelCommon(RoomsCommon, HttpCase):
    """It is Monday, nine o'clock in Shanghai; the clock stands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number, user in enumerate((cls.outsider, cls.member, cls.convener, cls.room_manager), start=1):
            user.employee_id.write({"barcode": f"BADGE{number}", "pin": f"{number}{number}{number}{number}"})
        cls.worker = cls.env["hr.employee"].create(
            {"name": "Worker Wei", "barcode": "BADGE9", "pin": "9999", "department_id": cls.sales.id}
        )
        cls.panel = cls.make_panel(cls.maple)

    @classmethod
    def make_panel(cls, room, **vals):
        return cls.env["meeting.room.panel"].with_user(cls.room_manager).create({"room_id": room.id, **vals})

    @staticmethod
    def link(panel):
        """:return: the path of a new link"""
        return urlsplit(panel.action_new_link()["context"]["default_url"]).path

    def open(self, url="/meeting/door", **kw):
        self.env.flush_all()
        response = self.url_open(url, **kw)
        self.env.invalidate_all()
        return response

    def tablet(self, panel=None):
        """A fresh browser that has opened a fresh link of the panel; :return: the page"""
        self.opener = Opener(self)
        page = self.open(self.link(panel or self.panel))
        self.assertEqual(page.status_code, 200)
        given = re.search(r'id="data">(.*?)</script>', page.text, re.S).group(1)
        self.key = json.loads(given)["key"]
        return page

    def screen(self, **headers):
        response = self.open("/meeting/door/state", headers=headers)
        self.assertEqual(response.status_code, 200)
        return response.json()

    def tap(self, deed, nonce=None, key=None, **values):
        """:return: the response to one tap"""
        self.taps = getattr(self, "taps", 0) + 1
        body = {"nonce": nonce or f"{self.id()[-20:].replace('.', '-')}-{self.taps}", "deed": deed, **values}
        headers = {"Content-Type": "application/json", "X-Door-Key": self.key if key is None else key}
        return self.open("/meeting/door/do", data=json.dumps(body), headers=headers)

    def deed(self, deed, **values):
        """:return: (outcome, answer)"""
        response = self.tap(deed, **values)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()["outcome"], response.json()["answer"]

    def use(self, since=-10, till=50, user=None, room=None, **vals):
        """A booking from so many minutes ago to so many minutes from now."""
        now = Datetime.now()
        return self.book(
            room or self.maple, now + timedelta(minutes=since), now + timedelta(minutes=till), user=user, **vals
        )

    def bookings(self, room=None):
        return self.env["meeting.booking"].search([("room_id", "=", (room or self.maple).id)])

    def meeting_at_the_door(self, level="public", starts_in=5, **vals):
        """A scheduled meeting in Maple that begins in some minutes, agreements signed."""
        meeting = self.make_meeting(
            name="Merger with Polaris",
            level=level,
            start=Datetime.now() + timedelta(minutes=starts_in),
            room_id=self.maple.id,
            participant_ids=[Command.create({"partner_id": self.member.partner_id.id})],
            **vals,
        )
        self.schedule(meeting)
        self.sign_agreements(meeting)
        return meeting
