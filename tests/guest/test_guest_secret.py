"""A guest of a secret meeting: a code, a signature, and only then what it is about (CF-2, PT-4)."""

import io
import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tools.pdf import PdfReader

from tests.guest.common import GuestCommon


class TestGuestSecret(GuestCommon):
    def setUp(self):
        super().setUp()
        self.codes = self.catch_codes()
        self.document = (
            self.env["ir.attachment"].with_user(self.convener).create({"name": "merger.txt", "raw": b"merger price"})
        )
        self.meeting = self.schedule(
            self.make_meeting(
                name="Merger with Jade",
                level="secret",
                purpose="Merger papers",
                preparation="Read the merger file",
                place="Hotel Lotus",
                video_url="https://video.example/room7",
                agenda_item_ids=[Command.create({"name": "Merger price", "attachment_ids": self.document.ids})],
            )
        )
        self.line = self.participant(self.meeting, self.guest)
        self.url = self.path(self.line)

    def verify(self):
        self.press("code", url=self.url)
        return self.press("verify", page=self.page, code=self.codes[-1][1])

    def sign(self, page=None, **values):
        shown = self.meeting.agreement_id._shown("en_US")["hash"]
        return self.press(
            "sign", page=page or self.page, **{"shown": shown, "name": "Gu Guest", "agree": "1", **values}
        )

    def test_a_forwarded_link_shows_nothing(self):
        """CF-2: not even time, place, company or whose it is; only where the code goes."""
        page = self.open()
        self.assertEqual(page.status_code, 200)
        self.assertIn("g***@client.example", page.text)
        for text in ("erger", "Hotel Lotus", "Guest Gu", "guest@client", "keep secret"):
            self.assertNotIn(text, page.text)
        for part in ("event.ics", f"document/{self.document.id}", "minutes", "agreement"):
            answer = self.open(f"{self.page}/{part}", allow_redirects=False)
            self.assertEqual(answer.status_code, 303, part)
        self.press("answer", page=self.page, response="accepted")
        self.sign()
        self.assertEqual(self.line.response, "pending")
        self.assertFalse(self.meeting.agreement_signature_ids)
        self.assertFalse(self.codes, "opening a page mails nothing")

    def test_from_the_mail_to_the_documents(self):
        """CF-2, PT-4: code, then subject and agreement; signed, then topics and documents. One may answer unsigned."""
        self.deliver()
        mail = self.mails(self.guest)
        self.assertIn("Sign and answer", mail.body_html)
        link = re.search(r"/meeting/answer/[\w-]+", mail.body_html).group()
        page = self.press("code", url=link)
        self.assertIn("A code was sent to", page.text)
        self.assertEqual(self.codes[-1][0], "guest@client.example")
        page = self.press("verify", page=self.page, code=f" {self.codes[-1][1][:3]} {self.codes[-1][1][3:]} ")
        for text in ("Merger with Jade", "Hotel Lotus", "I keep secret what I learn"):
            self.assertIn(text, page.text)
        for text in ("Merger price", "merger.txt", "Merger papers", "Read the merger file", "room7", "Chair Cheng"):
            self.assertNotIn(text, page.text)
        self.assertEqual(self.open(f"{self.page}/document/{self.document.id}", allow_redirects=False).status_code, 303)
        self.press("answer", page=self.page, response="tentative")
        self.assertEqual(self.line.response, "tentative")
        self.assertIn("Please tick", self.sign(agree="").text)
        self.assertIn("full name", self.sign(name=" ").text)
        page = self.sign()
        self.assertIn("you have signed", page.text)
        for text in ("Merger price", "merger.txt", "Merger papers", "https://video.example/room7", "Chair Cheng"):
            self.assertIn(text, page.text)
        self.assertEqual(self.open(f"{self.page}/document/{self.document.id}").content, b"merger price")
        self.assertTrue(self.open(f"{self.page}/agreement").content.startswith(b"%PDF"))
        signature = self.meeting.agreement_signature_ids
        self.assertEqual(
            (signature.name, signature.partner_id, signature.signed_through), ("Gu Guest", self.guest, "link")
        )
        self.assertFalse(signature.user_id)
        self.assertTrue(signature.ip_address)

    def test_a_pdf_carries_the_guest_s_name(self):
        """CF-3: on each page of what he is handed, account or not."""
        pdf = self.env["ir.actions.report"]._meeting_pdf("<html><body>Merger price</body></html>")
        self.document.write({"raw": pdf, "mimetype": "application/pdf"})
        self.verify()
        self.sign()
        content = self.open(f"{self.page}/document/{self.document.id}").content
        text = PdfReader(io.BytesIO(content), strict=False).pages[0].extract_text()
        self.assertIn("Merger price", text)
        self.assertIn("Guest Gu", text)

    def test_what_a_guest_opens_is_logged_in_his_name(self):
        """CF-4: page and document, by somebody without an account."""
        self.verify()
        self.sign()
        self.open(self.page)
        self.open(f"{self.page}/document/{self.document.id}")
        self.env.invalidate_all()
        entries = self.env["meeting.access.log"].sudo().search([("meeting_ref", "=", self.meeting.id)])
        found = {(entry.event, entry.res_model, entry.partner_ref, entry.person, entry.user_ref) for entry in entries}
        guest = (self.guest.id, "Guest Gu", 0)
        self.assertLessEqual(
            {("opened", "meeting.meeting", *guest), ("downloaded", "ir.attachment", *guest)}, found
        )

    def test_a_locked_meeting_shuts_out_who_is_not_in_the_room(self):
        """CF-1: the page closes with the door, and opens when the guest is signed in."""
        self.verify()
        self.sign()
        start = self.meeting.start
        with freeze_time(start):
            self.meeting.with_user(self.chair).action_start()
            self.meeting.with_user(self.chair).action_lock()
        page = self.open(self.page)
        self.assertEqual(page.status_code, 403)
        self.assertIn("locked from inside", page.text)
        for text in ("erger", "Hotel Lotus"):
            self.assertNotIn(text, page.text)
        file = self.open(f"{self.page}/document/{self.document.id}", allow_redirects=False)
        self.assertEqual(file.status_code, 303)
        with freeze_time(start):
            self.line.with_user(self.minute_taker).action_sign_in()
        self.assertIn("Merger price", self.open(self.page).text)

    def test_collected_materials_are_not_offered(self):
        """CF-3: the page of the meeting stays, its documents go."""
        self.verify()
        self.sign()
        self.assertIn("merger.txt", self.open(self.page).text)
        self.meeting.sudo().materials_until = "2026-01-01"
        page = self.open(self.page)
        self.assertIn("Merger price", page.text)
        self.assertNotIn("merger.txt", page.text)
        self.assertEqual(self.open(f"{self.page}/document/{self.document.id}").status_code, 404)

    def test_another_browser_asks_for_a_code_again(self):
        """CF-2: what was verified is the browser, not the link."""
        self.verify()
        self.sign()
        self.assertIn("Merger price", self.open(self.page).text)
        self.new_browser()
        self.assertNotIn("erger", self.open().text)
        self.new_browser()
        self.press("code", url=self.url)
        code = self.codes[-1][1]
        self.new_browser()
        page = self.press("verify", url=self.url, code=code)
        self.assertNotIn("erger", page.text, "a code serves the browser that asked for it")

    def test_the_verification_ends(self):
        """CF-2"""
        self.verify()
        with freeze_time(self.env.cr.now() + timedelta(hours=5)):
            self.assertEqual(self.open(self.page).status_code, 403)
            self.assertNotIn("erger", self.open().text)

    def test_a_code_is_short_lived_and_works_once(self):
        """CF-2: ten minutes, five tries, one use; a new one ends the old one."""
        self.press("code", url=self.url)
        first = self.codes[-1][1]
        with freeze_time(self.env.cr.now() + timedelta(minutes=11)):
            self.assertIn("no longer valid", self.press("verify", page=self.page, code=first).text)
        self.press("code", page=self.page)
        second = self.codes[-1][1]
        wrong = "000000" if "000000" not in (first, second) else "111111"
        if first != second:
            self.assertIn("not the code", self.press("verify", page=self.page, code=first).text)
        for _attempt in range(3):
            self.assertIn("not the code", self.press("verify", page=self.page, code=wrong).text)
        self.press("verify", page=self.page, code=wrong)
        self.assertIn("no longer valid", self.press("verify", page=self.page, code=second).text, "after five tries")
        self.press("code", page=self.page)
        self.assertIn("Merger", self.press("verify", page=self.page, code=self.codes[-1][1]).text)
        code = self.env["meeting.guest.code"].sudo().search([], limit=1)
        self.assertTrue(code.spent)
        self.assertNotIn(self.codes[-1][1], code.code_hash)

    def test_codes_are_not_a_way_to_flood_a_mailbox(self):
        """PT-4: five an hour; and guesses count against the address."""
        for _attempt in range(5):
            self.press("code", url=self.url)
        page = self.press("code", url=self.url)
        self.assertIn("Several codes", page.text)
        self.assertEqual(len(self.codes), 5)
        with freeze_time(self.env.cr.now() + timedelta(minutes=61)):
            self.press("code", url=self.url)
        self.assertEqual(len(self.codes), 6)

    def test_a_revoked_link_ends_the_verified_page(self):
        """PT-4: replay after revoking, taking off the list, cancelling."""
        self.verify()
        self.sign()
        self.line.with_user(self.convener).action_renew_guest_link()
        for path in (self.page, f"{self.page}/document/{self.document.id}", self.url):
            page = self.open(path)
            self.assertEqual(page.status_code, 410, path)
            self.assertNotIn("erger", page.text)

    def test_off_the_list(self):
        """CF-1: nothing of the meeting is told to whoever is no longer on its list."""
        self.verify()
        self.sign()
        self.line.with_user(self.convener).unlink()
        for path in (f"/meeting/guest/{self.line.id}", self.url):
            page = self.open(path)
            self.assertEqual(page.status_code, 410)
            self.assertNotIn("erger", page.text)

    def test_cancelled(self):
        """NT-5, CF-2: it says so, and asks for no signature any more."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.verify().text).group(1)
        self.meeting.action_cancel("No merger")
        page = self.open(self.page)
        self.assertIn("was cancelled", page.text)
        self.assertNotIn("I keep secret", page.text)
        shown = self.meeting.agreement_id._shown("en_US")["hash"]
        late = {"csrf_token": token, "shown": shown, "name": "Gu Guest", "agree": "1"}
        self.assertEqual(self.open(f"{self.page}/sign", data=late).status_code, 200)
        self.assertFalse(self.meeting.agreement_signature_ids)

    def test_the_minutes_of_a_secret_meeting(self):
        """CF-2, MN-9: by a new link, behind code and signature."""
        self.hold(self.meeting)
        minutes = self.meeting.minutes_ids.with_user(self.minute_taker)
        minutes.introduction = "<p>Merger agreed.</p>"
        minutes.action_submit()
        minutes.with_user(self.chair).action_approve()
        minutes.action_publish()
        self.deliver()
        mail = self.mails(self.guest)[-1]
        self.assertNotIn("erger", mail.body_html)
        link = re.search(r"/meeting/answer/[\w-]+", mail.body_html).group()
        self.assertEqual(self.open(f"{self.page}/minutes").status_code, 403)
        self.assertNotIn("erger", self.open(link).text)
        self.press("code", page=self.page)
        self.press("verify", page=self.page, code=self.codes[-1][1])
        self.assertTrue(self.open(f"{self.page}/minutes").content.startswith(b"%PDF"))

    def test_the_mail_with_the_code(self):
        """CF-2: neutral, in both languages, gone when it is sent."""
        self.codes_patch.stop()
        sent = []
        server = type(self.env["ir.mail_server"])
        for lang, word in (("en_US", "It is valid for ten minutes"), ("zh_CN", "")):
            self.guest.lang = lang
            with (
                patch.object(server, "_disable_send", lambda _self: False),
                patch.object(server, "_connect__", lambda _self, *args, **kw: None),
                patch.object(server, "send_email", lambda _self, message, *args, **kw: sent.append(message) or "<id>"),
            ):
                page = self.press("code", url=self.url)
            self.assertIn("A code was sent", page.text) if lang == "en_US" else None
            body = sent[-1].get_body(("html",)).get_content()
            self.assertRegex(body, r"\b\d{6}\b")
            self.assertIn(word, body)
            self.assertNotIn("erger", body + sent[-1]["Subject"])
            self.assertEqual(sent[-1]["To"], "guest@client.example")
        self.assertFalse(self.env["mail.mail"].sudo().search([("email_to", "=", "guest@client.example")]))
        self.assertFalse(self.env["mail.message"].sudo().search([("body", "ilike", "valid for ten minutes")]))
