"""A guest without an account sees what is his and answers (PT-4, NT-3)."""

import re
from base64 import urlsafe_b64decode as b64decode
from base64 import urlsafe_b64encode as b64encode
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase
from odoo.tools.misc import hash_sign

from tests.notice.common import NoticeCommon


class TestGuestPage(NoticeCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.meeting = self.make_meeting(
            name="Spring offer",
            purpose="Agree on the price",
            agenda_item_ids=[(0, 0, {"name": "Price list", "minutes": 20})],
        )
        self.schedule(self.meeting)
        self.line = self.participant(self.meeting, self.guest)
        self.url = self.path(self.line)

    def path(self, line, answer=None):
        url = line._guest_url(answer)
        return url[url.index("/meeting/answer/") :]

    def open(self, url=None, **kw):
        self.env.flush_all()
        return self.url_open(url or self.url, **kw)

    def post(self, answer, reason="", url=None):
        page = self.open(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        response = self.open(url, data={"csrf_token": token, "response": answer, "reason": reason})
        self.line.invalidate_recordset()
        return response

    def test_the_mail_leads_to_the_page(self):
        """PT-4: one mail to each guest, with a link of his own."""
        other = self.env["res.partner"].create({"name": "Guest Hu", "email": "hu@client.example"})
        self.meeting.participant_ids = [(0, 0, {"partner_id": other.id, "role": "invited"})]
        self.deliver()
        links = [
            set(re.findall(r"/meeting/answer/[\w-]+", self.mails(partner).body_html)) for partner in (self.guest, other)
        ]
        self.assertEqual(links[0], {self.url})
        self.assertEqual(len(links[1]), 1)
        self.assertNotEqual(links[0], links[1])
        self.assertNotIn("/meeting/answer/", self.mails(self.member.partner_id).body_html, "employees open the meeting")
        self.assertFalse(
            self.env["mail.message"].search([("body", "ilike", "/meeting/answer/")]), "no link in what others can read"
        )

    def test_page_shows_what_is_his(self):
        page = self.open()
        self.assertEqual(page.status_code, 200)
        for text in ("Spring offer", "Price list", "20 min", "Agree on the price", "Guest Gu"):
            self.assertIn(text, page.text)
        self.assertNotIn("Member Ma", page.text, "who else comes is not his to see")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_opening_changes_nothing(self):
        """Mail scanners open links, also those of the buttons."""
        for answer in ("accepted", "declined", "nonsense"):
            self.assertEqual(self.open(self.path(self.line, answer)).status_code, 200)
        self.url_open(self.url, method="HEAD")
        self.line.invalidate_recordset()
        self.assertEqual((self.line.response, self.line.response_at), ("pending", False))

    def test_answers(self):
        page = self.post("accepted")
        self.assertIn("Thank you", page.text)
        self.assertEqual((self.line.response, self.line.response_via), ("accepted", "mail"))
        self.post("tentative", "Perhaps on a trip")
        self.assertEqual((self.line.response, self.line.response_reason), ("tentative", "Perhaps on a trip"))
        page = self.post("declined", "   ")
        self.assertIn("Please give a reason", page.text)
        self.assertEqual(self.line.response, "tentative")
        self.post("declined", "On a trip <b>abroad</b>")
        self.assertEqual((self.line.response, self.line.response_reason), ("declined", "On a trip <b>abroad</b>"))
        self.assertNotIn("<b>abroad", self.open().text, "what a guest types is text")
        self.post("owner")
        self.assertEqual(self.line.response, "declined")

    def test_a_post_without_our_form_is_refused(self):
        self.open()
        self.assertEqual(self.open(data={"response": "accepted"}).status_code, 400)
        self.line.invalidate_recordset()
        self.assertEqual(self.line.response, "pending")

    def test_forged_links(self):
        """A link is a signature over participant and version; nothing in it can be changed."""
        token = self.url.rsplit("/", 1)[1]
        other = self.path(self.participant(self.meeting, self.member.partner_id)).rsplit("/", 1)[1]

        def decode(text):
            return b64decode(text + "=" * (-len(text) % 4))

        forged = [
            token[:30] + ("A" if token[30] != "A" else "B") + token[31:],
            token[:20],
            "x",
            "_" * 400,
            "%FF%FE",
            hash_sign(self.env(su=True), "another scope", [self.line.id, 0]),
            b64encode(decode(token)[:41] + decode(other)[41:]).decode().rstrip("="),
        ]
        for bad in forged:
            for path in (f"/meeting/answer/{bad}", f"/meeting/answer/{bad}/event.ics"):
                page = self.open(path)
                self.assertEqual(page.status_code, 404, path)
                self.assertNotIn("Spring offer", page.text)
                self.assertNotIn("Traceback", page.text)

    def test_the_link_ends_a_day_after_the_meeting(self):
        with freeze_time(self.meeting.stop + timedelta(hours=23)):
            page = self.open()
            self.assertEqual(page.status_code, 200)
            self.assertIn("This meeting is over", page.text)
            self.assertNotIn('csrf_token" value', page.text.split("<form", 1)[-1] if "<form" in page.text else "")
        with freeze_time(self.meeting.stop + timedelta(hours=25)):
            page = self.open()
            self.assertEqual(page.status_code, 410)
            self.assertIn("expired", page.text)
            self.assertNotIn("Spring offer", page.text)

    def test_the_link_moves_with_the_meeting(self):
        """The link in the first mail works for as long as the meeting it is for."""
        self.meeting._reschedule({"start": self.days_ahead(30)}, "Client is late")
        with freeze_time(self.days_ahead(20)):
            self.assertEqual(self.open().status_code, 200)

    def test_a_new_link_replaces_the_old(self):
        with self.assertRaises(AccessError):
            self.line.with_user(self.member).action_renew_guest_link()
        with self.assertRaises(UserError):
            self.participant(self.meeting, self.member.partner_id).with_user(self.convener).action_renew_guest_link()
        self.deliver()
        self.line.with_user(self.convener).action_renew_guest_link()
        self.assertEqual(self.open().status_code, 410)
        self.assertEqual(self.open(self.path(self.line)).status_code, 200)
        self.deliver()
        self.assertIn(self.path(self.line), self.mails(self.guest, "Your new link").body_html)
        self.line.with_user(self.convener).action_renew_guest_link()
        self.deliver()
        self.assertEqual(len(self.mails(self.guest, "Your new link")), 2)

    def test_off_the_list_means_no_page(self):
        self.line.with_user(self.convener).unlink()
        page = self.open()
        self.assertEqual(page.status_code, 410)
        self.assertNotIn("Spring offer", page.text)

    def test_a_cancelled_meeting_says_so(self):
        self.meeting.action_cancel("No client")
        page = self.open()
        self.assertIn("was cancelled", page.text)
        self.assertNotIn('value="accepted"', page.text)

    def test_a_secret_meeting_shows_time_and_place_only(self):
        """CF-1"""
        meeting = self.make_meeting(
            name="Merger with Jade",
            level="secret",
            purpose="Merger papers",
            preparation="Read the merger file",
            place="Hotel",
            video_url="https://video.example/merger",
            agenda_item_ids=[(0, 0, {"name": "Merger price"})],
        )
        self.schedule(meeting)
        path = self.path(self.participant(meeting, self.guest))
        for text in (self.open(path).text, self.open(path + "/event.ics").text):
            self.assertNotIn("erger", text)
            self.assertIn("Hotel", text)
        self.assertIn("Confidential meeting", self.open(path).text)

    def test_the_calendar_file(self):
        page = self.open(self.url + "/event.ics")
        self.assertEqual(page.headers["Content-Type"], "text/calendar; charset=utf-8")
        for text in (
            "BEGIN:VEVENT",
            "SUMMARY:Spring offer",
            "STATUS:CONFIRMED",
            f"DTSTART:{self.meeting.start:%Y%m%dT%H%M%SZ}",
        ):
            self.assertIn(text, page.text)

    def test_page_in_the_guests_language(self):
        """RE-3: date and words in his language."""
        self.guest.lang = "zh_CN"
        view = self.env.ref("meeting_management.guest_answer_page")
        terms = {"Agenda": "议程"}
        view.update_field_translations("arch_db", {"zh_CN": terms})
        page = self.open()
        self.assertIn("议程", page.text)
        self.assertRegex(page.text, r"\d{4}年\d{1,2}月\d{1,2}日")
        self.assertRegex(page.text, r'<html[^>]+lang="zh-CN"')

    def test_the_counter_of_links_is_closed(self):
        for user in (self.convener, self.member, self.secretary):
            with self.assertRaises(AccessError):
                self.line.with_user(user).read(["guest_token_version"])
            with self.assertRaises(AccessError):
                self.line.with_user(user).write({"guest_token_version": 0})
