"""Links that do one thing: scanners, replays, other people, time, rights (NT-3, AP-3, RE-3)."""

import logging
import re
from datetime import timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo.addons.meeting_management.models import meeting_secret_link
from odoo.exceptions import AccessError
from odoo.tools import SQL

from tests.answering.common import AnsweringCommon


class TestLinks(AnsweringCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting(name="Spring offer", type_id=self.weekly.id))
        self.line = self.participant(self.meeting, self.member.partner_id)
        self.found = self.links(self.meeting, "notice", self.member.partner_id)

    def test_the_mail_offers_what_is_asked(self):
        """NT-3: accept and decline, each a link of its own; a guest's link is another kind."""
        self.assertEqual(list(self.found), ["Accept", "Decline"])
        other = self.links(self.meeting, "notice", self.chair.partner_id)
        self.assertFalse(set(other.values()) & set(self.found.values()))

    def test_scanners_that_open_everything(self):
        """NT-3: ten GETs and ten HEADs of every link, and of the pages behind, change nothing but the time of use."""
        arriving = patch(f"{meeting_secret_link.__name__}.SCANNERS", timedelta(hours=1))  # however slow this machine
        arriving.start()
        self.addCleanup(arriving.stop)
        for path in self.found.values():
            for _time in range(10):
                self.assertEqual(self.open(path).status_code, 200)
                self.assertEqual(self.open(path, method="HEAD").status_code, 200)
                page = f"/meeting/link/{self.row_of(path).id}"
                self.assertEqual(self.open(page).status_code, 200)
                self.assertEqual(self.open(page, method="HEAD").status_code, 200)
        self.assertEqual(self.line.response, "pending")
        self.assertFalse(any(self.row_of(path).done_at for path in self.found.values()))
        self.assertFalse(any(self.row_of(path).opened_at for path in self.found.values()), "opened as it arrived")

    def test_accept(self):
        """NT-3: the page says what will happen, the button does it in the person's own name."""
        page = self.open(self.found["Accept"])
        self.assertIn("Spring offer", page.text)
        self.assertIn("You accept", page.text)
        self.assertIn("Member Ma", page.text)
        answer = self.go(self.found["Accept"])
        self.assertIn("You have accepted", answer.text)
        self.assertEqual((self.line.response, self.line.response_via), ("accepted", "mail"))
        self.assertEqual(self.line.write_uid, self.member)

    def test_decline_needs_a_reason(self):
        """NT-3: without one the form comes back."""
        answer = self.go(self.found["Decline"], reason=" ")
        self.assertIn("Please give a reason", answer.text)
        self.assertEqual(self.line.response, "pending")
        self.go(self.found["Decline"], reason="Abroad")
        self.assertEqual((self.line.response, self.line.response_reason), ("declined", "Abroad"))

    def test_a_replayed_post(self):
        """NT-3: the same form sent again does nothing more; the answer given in between stays."""
        text = self.open(self.found["Accept"]).text
        self.send(self.found["Accept"], text)
        self.line.with_user(self.member).action_tentative()
        again = self.send(self.found["Accept"], text)
        self.assertEqual(again.status_code, 200)
        self.assertEqual(self.line.response, "tentative")

    def test_a_post_without_the_page(self):
        """NT-3: neither a foreign nonce nor another browser's form acts."""
        text = self.open(self.found["Accept"]).text
        forged = re.sub(r'name="nonce" value="[^"]+"', 'name="nonce" value="forged"', text)
        self.send(self.found["Accept"], forged)
        self.assertEqual(self.line.response, "pending")
        self.new_browser()
        self.assertEqual(self.open(f"/meeting/link/{self.row_of(self.found['Accept']).id}").status_code, 403)
        token = re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)
        with patch("odoo.http.Request.validate_csrf", return_value=True):
            answer = self.open(
                f"/meeting/link/{self.row_of(self.found['Accept']).id}", data={"csrf_token": token, "nonce": "x"}
            )
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.line.response, "pending")

    def test_somebody_elses_link(self):
        """NT-3: a colleague who is logged in and to whom the mail was forwarded cannot act by it, nor read by it."""
        self.authenticate("outsider", "outsider")
        page = self.open(self.found["Accept"])
        self.assertIn("for somebody else", page.text)
        self.assertNotIn("Spring offer", page.text)
        self.assertNotIn("nonce", page.text)
        with patch("odoo.http.Request.validate_csrf", return_value=True):
            self.open(f"/meeting/link/{self.row_of(self.found['Accept']).id}", data={"nonce": "x"})
        self.assertEqual(self.line.response, "pending")

    def test_only_a_hash_is_kept_and_no_log_has_it(self):
        """PT-4: for users as for guests."""
        token = self.found["Accept"].rsplit("/", 1)[1]
        self.assertEqual(self.row_of(self.found["Accept"]).token_hash, sha256(token.encode()).hexdigest())
        found = SQL("SELECT 1 FROM meeting_user_link WHERE meeting_user_link::text LIKE %s", f"%{token}%")
        self.assertFalse(self.env.execute_query(found))
        with self.assertLogs("werkzeug", level=logging.INFO) as logged:
            answer = self.open(self.found["Accept"], allow_redirects=False)
            self.open("/meeting/do/not-a-link")
        self.assertNotIn(token, "\n".join(logged.output))
        self.assertNotIn("not-a-link", "\n".join(logged.output))
        self.assertEqual((answer.status_code, answer.headers["Referrer-Policy"]), (303, "no-referrer"))
        self.assertNotIn(token, answer.headers["Location"])

    def test_nobody_reads_the_links(self):
        """CF-6"""
        for user in (self.manager, self.member, self.env.ref("base.user_admin")):
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(self.env["meeting.user.link"].with_user(user).has_access(operation))
            with self.assertRaises(AccessError):
                self.row_of(self.found["Accept"]).with_user(user).read(["token_hash"])

    def test_guessing_is_slowed_down(self):
        """PT-4: the same patience as with guests' links."""
        for number in range(20):
            self.assertEqual(self.open(f"/meeting/do/guess{number}").status_code, 404)
        self.assertEqual(self.open(self.found["Accept"]).status_code, 429)

    def test_expired(self):
        """NT-3: an hour after the end of the meeting."""
        row = self.row_of(self.found["Accept"])
        row.expires_at = self.meeting.start.replace(year=2020)
        page = self.open(self.found["Accept"])
        self.assertEqual(page.status_code, 410)
        self.assertIn("has expired", page.text)
        self.assertNotIn("Spring offer", page.text)

    def test_revoked_or_archived(self):
        """CF-6: a link ends with the account, and when it is revoked; also one whose page is open."""
        text = self.open(self.found["Accept"]).text
        self.member.action_archive()
        self.assertEqual(self.send(self.found["Accept"], text).status_code, 410)
        self.assertEqual(self.open(self.found["Accept"]).status_code, 410)
        self.member.action_unarchive()
        self.row_of(self.found["Accept"]).revoked = True
        self.assertEqual(self.open(self.found["Accept"]).status_code, 410)
        self.assertEqual(self.line.response, "pending")

    def test_who_was_taken_off_the_list(self):
        """CF-1: of a meeting he may not read any more the link tells nothing."""
        closed = self.schedule(self.make_meeting(name="Closed circle", level="participants", start=self.days_ahead(9)))
        path = self.link(closed, "accept", self.member)
        self.participant(closed, self.member.partner_id).with_user(self.convener).unlink()
        self.authenticate("member", "member")
        page = self.open(path)
        self.assertEqual(page.status_code, 410)
        self.assertNotIn("Closed circle", page.text)

    def test_what_has_become_of_it_meanwhile(self):
        """NT-5: a link of a meeting that was called off says so; pressing the open page does nothing either."""
        text = self.open(self.found["Accept"]).text
        self.meeting.with_user(self.convener).action_cancel("No quorum")
        page = self.send(self.found["Accept"], text)
        self.assertIn("This meeting was cancelled", page.text)
        self.assertIn("Nothing left to do here", page.text)
        self.assertEqual(self.line.response, "pending")
