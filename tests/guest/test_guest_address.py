"""A guest of a closed meeting is reached where he was invited, whoever edits his contact meanwhile (PT-4, CF-1)."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import SQL

from tests.guest.common import GuestCommon

ELSEWHERE = "clerk@elsewhere.example"


class TestGuestAddress(GuestCommon):
    def invite(self, level="secret"):
        self.meeting = self.schedule(
            self.make_meeting(
                name="Merger with Jade", level=level, agenda_item_ids=[Command.create({"name": "Merger price"})]
            )
        )
        self.deliver()
        self.line = self.participant(self.meeting, self.guest)
        self.url = self.path(self.line)

    def test_the_code_goes_where_the_invitation_went(self):
        """PT-4: another address entered with the contact opens nothing, until an organiser sends to it."""
        codes = self.catch_codes()
        self.invite()
        self.guest.email = ELSEWHERE
        self.assertIn("g***@client.example", self.press("code", url=self.url).text)
        self.assertEqual([address for address, _code in codes], ["guest@client.example"])
        self.line.with_user(self.convener).action_renew_guest_link()
        self.deliver()
        self.assertTrue(self.mails(self.guest))
        self.press("code", url=self.path(self.line))
        self.assertEqual(codes[-1][0], ELSEWHERE)

    def test_mails_about_it_wait_for_an_organiser(self):
        """CF-1, RE-4: the row says why, and goes when it is sent again; open meetings go wherever the contact is."""
        for level, outcome in (("participants", "failed"), ("internal", "sent")):
            self.guest.email = "guest@client.example"
            self.invite(level)
            self.guest.email = ELSEWHERE
            self.meeting.with_user(self.convener).action_cancel(reason="No time")
            self.deliver()
            [row] = self.rows(self.meeting, "cancel", self.guest)
            self.assertEqual(row.state, outcome, level)
            if outcome == "failed":
                self.assertEqual((row.reason, row.retry_at), ("address_changed", False))
                row.with_user(self.convener).action_send_again()
                self.deliver()
                self.assertEqual(row.state, "sent")

    def test_a_portal_login_made_since(self):
        """PT-4: whoever gives the guest's contact a login of his own is asked for the code; a login from before is
        not."""
        codes = self.catch_codes()
        self.invite("participants")
        user = self.env["res.users"].create(
            {
                "name": "Guest Gu", "login": "gu", "password": "gu-gu-gu-gu", "partner_id": self.guest.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )  # fmt: skip
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE res_users SET create_date = create_date + %s WHERE id = %s", timedelta(minutes=1), user.id)
        )
        self.env.invalidate_all()
        own = f"/my/meetings/{self.line.id}"
        self.authenticate("gu", "gu-gu-gu-gu")
        for address in ("/my/meetings", own, f"{own}/minutes", f"{own}/event.ics"):
            self.assertNotIn("erger", self.open(address).text, address)
        self.press("answer", page=own, response="accepted")
        self.assertEqual(self.line.response, "pending")
        self.press("code", page=own)
        self.assertEqual(codes[-1][0], "guest@client.example")
        self.assertIn("not the code", self.press("verify", page=own, code="x").text)
        self.assertIn("Merger price", self.press("verify", page=own, code=codes[-1][1]).text)
        self.env.cr.execute(
            SQL("UPDATE res_users SET create_date = create_date - %s WHERE id = %s", timedelta(days=1), user.id)
        )
        self.env.invalidate_all()
        self.authenticate("gu", "gu-gu-gu-gu")
        self.assertIn("Merger price", self.open(own).text)
