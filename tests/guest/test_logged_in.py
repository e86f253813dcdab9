"""The same page for people with a login: an employee who has to sign, a guest with a portal account (CF-2, PT-4)."""

from odoo.fields import Command

from tests.guest.common import GuestCommon


class TestLoggedIn(GuestCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(
            self.make_meeting(
                name="Merger with Jade",
                level="secret",
                place="Hotel Lotus",
                agenda_item_ids=[Command.create({"name": "Merger price"})],
            )
        )
        self.line = self.participant(self.meeting, self.member.partner_id)
        self.own = f"/meeting/agreement/{self.line.id}"

    def sign(self, page, **values):
        shown = self.meeting.agreement_id._shown("en_US")["hash"]
        return self.press("sign", page=page, **{"shown": shown, "name": "Ma Member", "agree": "1", **values})

    def portal_user(self, partner=None):
        return self.env["res.users"].create(
            {
                "name": "Guest Gu",
                "login": "gu",
                "password": "gu-gu-gu-gu",
                "partner_id": (partner or self.guest).id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def test_an_employee_signs_and_reads(self):
        """CF-2: from the link in the mail to the agreement, from there to the meeting."""
        self.authenticate("member", "member")
        link = f"/mail/view?model=meeting.meeting&res_id={self.meeting.id}"
        page = self.open(link)
        self.assertTrue(page.url.endswith(self.own), page.url)
        for text in ("Confidential meeting", "Hotel Lotus", "I keep secret what I learn"):
            self.assertIn(text, page.text)
        self.assertNotIn("erger", page.text)
        self.press("answer", page=self.own, response="accepted")
        self.assertEqual((self.line.response, self.line.response_via), ("accepted", "web"))
        page = self.sign(self.own)
        self.assertIn("Merger with Jade", page.text)
        self.assertIn("Open the meeting", page.text)
        signature = self.meeting.agreement_signature_ids
        self.assertEqual((signature.user_id, signature.signed_through), (self.member, "login"))
        self.assertNotIn("/meeting/agreement", self.open(link, allow_redirects=False).headers["Location"])
        self.assertTrue(self.meeting.with_user(self.member).has_access("read"))

    def test_another_ones_page(self):
        """CF-2: numbers are no keys: another's line, a draft's, none at all look the same; nobody signs for him."""
        chair_line = self.participant(self.meeting, self.chair.partner_id)
        draft = self.make_meeting(level="secret")
        self.authenticate("member", "member")
        for number in (chair_line.id, self.participant(draft, self.member.partner_id).id, 10**8):
            for path in ("/meeting/agreement", "/my/meetings"):
                for part in ("", "/event.ics", "/document/1", "/minutes", "/agreement"):
                    page = self.open(f"{path}/{number}{part}")
                    self.assertEqual(page.status_code, 404, (path, number, part))
                    self.assertNotIn("erger", page.text)
        import re

        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open(self.own).text).group(1)
        shown = self.meeting.agreement_id._shown("en_US")["hash"]
        self.open(
            f"/meeting/agreement/{chair_line.id}/sign",
            data={"csrf_token": token, "shown": shown, "name": "Chair Cheng", "agree": "1"},
        )
        self.assertFalse(self.meeting.agreement_signature_ids)
        self.authenticate("outsider", "outsider")
        self.assertEqual(self.open(self.own).status_code, 404)
        redirect = self.open(f"/mail/view?model=meeting.meeting&res_id={self.meeting.id}", allow_redirects=False)
        self.assertNotIn("/meeting/agreement", redirect.headers["Location"])

    def test_without_login_one_is_sent_to_it(self):
        self.assertIn("/web/login", self.open(self.own).url)

    def test_the_portal(self):
        """PT-4: his meetings with their number, and behind each the same page; secret ones unnamed until he signs."""
        self.portal_user()
        other = self.schedule(self.make_meeting(name="Not his", participant_ids=[]))
        spring = self.schedule(self.make_meeting(name="Spring offer"))
        self.make_meeting(name="A draft")
        line = self.participant(self.meeting, self.guest)
        self.authenticate("gu", "gu-gu-gu-gu")
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["meeting_count"]})
        self.assertEqual(counters["meeting_count"], 2)
        self.assertIn("/my/meetings", self.open("/my").text)
        page = self.open("/my/meetings")
        self.assertIn("Spring offer", page.text)
        self.assertIn("Confidential meeting", page.text)
        for text in ("erger", "Not his", "A draft"):
            self.assertNotIn(text, page.text)
        own = f"/my/meetings/{line.id}"
        self.press("answer", page=own, response="accepted")
        self.assertEqual(line.response, "accepted")
        self.assertIn("Merger price", self.sign(own).text)
        self.assertIn("Merger with Jade", self.open("/my/meetings").text)
        self.assertIn("Spring offer", self.open(f"/my/meetings/{self.participant(spring, self.guest).id}").text)
        for foreign in (self.line.id, other.participant_ids[0].id):
            self.assertEqual(self.open(f"/my/meetings/{foreign}").status_code, 404)
        for model in ("meeting.meeting", "meeting.participant", "meeting.agreement.signature", "meeting.agreement"):
            self.assertFalse(
                self.env[model].with_user(self.env["res.users"].search([("login", "=", "gu")])).has_access("read")
            )
