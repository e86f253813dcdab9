"""Personal links: random, hashed, revocable, throttled, and in no log (PT-4)."""

import logging
from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from tests.guest.common import GuestCommon

CLOSED = ("meeting.guest.token", "meeting.guest.code", "meeting.guest.throttle")


class TestGuestLinks(GuestCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting(name="Spring offer"))
        self.line = self.participant(self.meeting, self.guest)
        self.url = self.path(self.line)
        self.token = self.url.rsplit("/", 1)[1]
        self.rows = self.env["meeting.guest.token"].sudo()

    def test_only_a_hash_is_kept(self):
        """PT-4: whoever reads the database cannot make a link of it."""
        row = self.rows.search([("participant_id", "=", self.line.id)])
        self.assertEqual(row.token_hash, sha256(self.token.encode()).hexdigest())
        self.assertGreaterEqual(len(self.token), 43)
        self.assertEqual(row.expires_at, self.meeting.stop + timedelta(days=1))
        self.assertNotEqual(self.path(self.line), self.url, "every message has a link of its own")
        self.env.cr.execute(
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = current_schema() AND table_name LIKE 'meeting\\_guest\\_%%'
                  AND data_type IN ('character varying', 'text')"""
        )
        for table, column in self.env.cr.fetchall():
            found = SQL(
                "SELECT 1 FROM %s WHERE %s LIKE %s", SQL.identifier(table), SQL.identifier(column), f"%{self.token}%"
            )
            self.assertFalse(self.env.execute_query(found), (table, column))

    def test_the_link_is_exchanged_at_once(self):
        """PT-4: the address that stays in the browser carries no secret, and is worth nothing elsewhere."""
        answer = self.open(self.url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(self.page))
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        cookie = answer.headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertNotIn(self.token, cookie)
        page = self.open(self.page)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.token, page.text)
        self.new_browser()
        foreign = self.open(self.page)
        self.assertEqual(foreign.status_code, 403)
        self.assertNotIn("Spring offer", foreign.text)

    def test_the_link_is_in_no_log(self):
        """PT-4: Odoo's server logs the address of every request."""
        with self.assertLogs("werkzeug", level=logging.INFO) as logged:
            self.open(self.url)
            self.open(f"{self.url}?answer=accepted")
            self.open("/meeting/answer/not-a-link")
        text = "\n".join(logged.output)
        self.assertIn("/meeting/answer/***", text)
        self.assertNotIn(self.token, text)
        self.assertNotIn("not-a-link", text)

    def test_forged_links(self):
        """PT-4: nothing but the link itself opens the page; the hash does not either."""
        for bad in (
            self.token[:-1],
            self.token[:-1] + ("A" if self.token[-1] != "A" else "B"),
            sha256(self.token.encode()).hexdigest(),
            str(self.line.id),
            "x",
            "_" * 400,
            "%FF%FE",
        ):
            page = self.open(f"/meeting/answer/{bad}")
            self.assertEqual(page.status_code, 404, bad)
            self.assertNotIn("Spring offer", page.text)
            self.assertNotIn("Traceback", page.text)

    def test_guessing_a_page(self):
        """PT-4: another guest's page, and one that does not exist, look the same."""
        other = self.env["res.partner"].create({"name": "Guest Hu", "email": "hu@client.example"})
        self.meeting.participant_ids = [(0, 0, {"partner_id": other.id, "role": "invited"})]
        self.open(self.url)
        foreign = self.participant(self.meeting, other)
        pages = [self.open(f"/meeting/guest/{number}") for number in (foreign.id, 10**8)]
        self.assertEqual([page.status_code for page in pages], [403, 403])
        self.assertNotIn("Guest Hu", pages[0].text)
        answer = self.press("answer", url=self.url, page=f"/meeting/guest/{foreign.id}", response="accepted")
        self.assertEqual(answer.status_code, 403) if answer else None
        self.assertEqual(foreign.response, "pending")

    def test_a_new_link_replaces_the_old(self):
        """PT-4: what was forwarded is worth nothing, also where the page stands open already."""
        with self.assertRaises(AccessError):
            self.line.with_user(self.member).action_renew_guest_link()
        with self.assertRaises(UserError):
            self.participant(self.meeting, self.member.partner_id).with_user(self.convener).action_renew_guest_link()
        self.deliver()
        self.assertEqual(self.open().status_code, 200)
        self.line.with_user(self.convener).action_renew_guest_link()
        self.assertEqual(self.open(self.page).status_code, 410)
        self.assertEqual(self.open().status_code, 410)
        self.deliver()
        self.assertEqual(len(self.mails(self.guest, "Your new link")), 1)
        self.assertEqual(self.open(self.path(self.line)).status_code, 200)
        self.line.with_user(self.convener).action_renew_guest_link()
        self.deliver()
        self.assertEqual(len(self.mails(self.guest, "Your new link")), 2)

    def test_too_many_wrong_links(self):
        """PT-4: an address that guesses has to wait, whichever server it asks; others do not."""
        self.open()
        for _attempt in range(20):
            self.assertEqual(self.open("/meeting/answer/guess").status_code, 404)
        page = self.open("/meeting/answer/guess")
        self.assertEqual(page.status_code, 429)
        self.assertGreater(int(page.headers["Retry-After"]), 60)
        self.assertEqual(self.open(self.url).status_code, 429)
        self.assertEqual(self.open(self.page).status_code, 200, "who was in already is not thrown out")
        throttle = self.env["meeting.guest.throttle"]
        self.assertFalse(throttle._wait("198.51.100.7"))
        with freeze_time(self.env.cr.now() + timedelta(minutes=16)):
            self.assertEqual(self.open(self.url).status_code, 200)
        for number in range(20):
            throttle._count(f"2001:db8:0:1::{number}")
        self.assertTrue(throttle._wait("2001:db8:0:1:ffff::"), "one subscriber has very many addresses")
        self.assertFalse(throttle._wait("2001:db8:0:2::1"))

    def test_nobody_has_a_right_on_them(self):
        """PT-4, CF-6: role × operation: nobody, nothing."""
        code = self.env["meeting.guest.code"].sudo()
        with patch.object(type(code), "_mail", lambda *args: True):
            code._send(self.line, "nonce")
        self.env["meeting.guest.throttle"]._count("192.0.2.1")
        for user in (
            self.convener,
            self.chair,
            self.member,
            self.secretary,
            self.manager,
            self.env.ref("base.user_admin"),
            self.env.ref("base.public_user"),
        ):
            for name in CLOSED:
                model = self.env[name].with_user(user)
                record = model.sudo().search([], limit=1).with_user(user)
                self.assertTrue(record)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(user=user.login, model=name, operation=operation):
                        self.assertFalse(record.has_access(operation))
                with self.assertRaises(AccessError):
                    model.search([])
        for name, field in (("meeting.guest.token", "token_hash"), ("meeting.guest.code", "code_hash")):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.env.ref("base.user_admin")).search([(field, "!=", False)])

    def test_old_links_are_swept_up(self):
        row = self.rows.search([("participant_id", "=", self.line.id)])
        with freeze_time(row.expires_at + timedelta(days=100)):
            self.rows._gc_old()
            self.assertTrue(row.exists())
        with freeze_time(row.expires_at + timedelta(days=200)):
            self.rows._gc_old()
            self.assertFalse(row.exists())
