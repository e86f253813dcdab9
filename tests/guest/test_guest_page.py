"""A guest without an account sees what is his and answers (PT-4, NT-3)."""

import re
from datetime import timedelta

from freezegun import freeze_time

from tests.guest.common import GuestCommon


class TestGuestPage(GuestCommon):
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

    def post(self, answer, reason="", url=None):
        response = self.press("answer", url=url, response=answer, reason=reason)
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
        self.assertEqual([len(found) for found in links], [1, 1], "one link a message, for both buttons")
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
            self.assertEqual(self.open(f"{self.url}?answer={answer}").status_code, 200)
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
        """PT-4: another site cannot answer in a guest's name."""
        self.open()
        self.assertEqual(self.open(f"{self.page}/answer", data={"response": "accepted"}).status_code, 400)
        self.line.invalidate_recordset()
        self.assertEqual(self.line.response, "pending")

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

    def test_the_calendar_file(self):
        self.open()
        page = self.open(f"{self.page}/event.ics")
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
        view = self.env.ref("meeting_management.guest_part_meeting")
        view.update_field_translations("arch_db", {"zh_CN": {"Agenda": "议程"}})
        page = self.open()
        self.assertIn("议程", page.text)
        self.assertRegex(page.text, r"\d{4}年\d{1,2}月\d{1,2}日")
        self.assertRegex(page.text, r'<html[^>]+lang="zh-CN"')

    def test_documents(self):
        """PT-4, NT-4: the documents of his topics, to save and not to run; no other file of ours."""
        item = self.meeting.agenda_item_ids
        files = self.env["ir.attachment"].with_user(self.convener)
        page = files.create({"name": "prices.html", "raw": b"<script>alert(1)</script>", "mimetype": "text/html"})
        item.attachment_ids = page
        elsewhere = self.schedule(
            self.make_meeting(name="Other", agenda_item_ids=[(0, 0, {"name": "Secret recipe"})], participant_ids=[])
        )
        foreign = files.create({"name": "recipe.txt", "raw": b"salt"})
        elsewhere.agenda_item_ids.attachment_ids = foreign
        self.assertIn("prices.html", self.open().text)
        file = self.open(f"{self.page}/document/{page.id}")
        self.assertEqual(file.content, b"<script>alert(1)</script>")
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", file.headers["Cache-Control"])
        loose = files.create({"name": "loose.txt", "raw": b"loose"})
        for number in (foreign.id, loose.id, 0, 10**9):
            self.assertEqual(self.open(f"{self.page}/document/{number}").status_code, 404, number)
        self.participant(self.meeting, self.guest).with_user(self.convener).unlink()
        self.assertEqual(self.open(f"{self.page}/document/{page.id}").status_code, 410)

    def test_minutes(self):
        """PT-4, MN-4, MN-5: after publication, by a link of their own; reading is confirmed by the reader."""
        self.post("accepted")
        self.assertNotIn("Minutes", self.open().text)
        self.assertEqual(self.open(f"{self.page}/minutes").status_code, 404)
        self.hold(self.meeting)
        minutes = self.meeting.minutes_ids.with_user(self.minute_taker)
        minutes.introduction = "<p>Opened by the chair.</p>"
        minutes.action_submit()
        minutes.with_user(self.chair).action_approve()
        self.assertEqual(self.open(f"{self.page}/minutes").status_code, 404, "not before they are published")
        minutes.action_publish()
        self.deliver()
        mail = self.mails(self.guest, "Minutes")
        link = re.search(r"/meeting/answer/[\w-]+", mail.body_html).group()
        self.new_browser()
        with freeze_time(self.meeting.stop + timedelta(days=5)):
            self.assertIn("I have read the minutes", self.open(link).text)
            self.assertTrue(self.open(f"{self.page}/minutes").content.startswith(b"%PDF"))
            self.line.invalidate_recordset()
            self.assertFalse(self.line.minutes_read_version)
            page = self.press("read", url=link)
        self.assertIn("It is noted", page.text)
        self.line.invalidate_recordset()
        self.assertEqual(self.line.minutes_read_version, 1)
