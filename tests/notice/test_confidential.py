"""What leaves the house about a confidential meeting (CF-1, CF-6)."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.notice.common import NoticeCommon


class TestConfidential(NoticeCommon):
    def make_secret(self, level="secret", **vals):
        return self.make_meeting(
            **{
                "name": "Merger with Jade",
                "level": level,
                "purpose": "Merger papers",
                "preparation": "Read the merger file",
                "place": "Hotel Lotus",
                "video_url": "https://video.example/merger",
                "agenda_item_ids": [Command.create({"name": "Merger price"})],
                **vals,
            }
        )

    def all_mails(self):
        return self.env["mail.mail"].sudo().search([("model", "=", "meeting.meeting")])

    def test_mail_header_is_neutral(self):
        """The subject line travels in the clear and shows on locked screens."""
        for level, neutral in (("public", False), ("internal", False), ("participants", True), ("secret", True)):
            before = self.all_mails()
            self.schedule(self.make_secret(level))
            self.deliver()
            for mail in self.all_mails() - before:
                self.assertEqual("Merger" not in mail.subject, neutral, level)
                if neutral:
                    self.assertIn("Confidential meeting notice", mail.subject)

    def test_secret_in_every_message_of_its_life(self):
        """Only time, place and the way to it; not the subject, agenda, link, chair or anybody's words."""
        self.member.notification_type = "inbox"
        meeting = self.make_secret(type_id=self.reception.id, level="secret")
        meeting.action_submit()
        self.deliver()
        meeting.with_user(self.approver).action_refuse("The merger is off")
        self.deliver()
        self.schedule(meeting)
        self.deliver()
        meeting._reschedule({"start": self.days_ahead(9)}, "Merger partner is late")
        self.deliver()
        self.participant(meeting, self.minute_taker.partner_id)
        self.participant(meeting, self.guest).with_user(self.convener).unlink()
        meeting.action_cancel("No merger")
        self.deliver()
        mails = self.all_mails()
        self.assertGreater(len(mails), 8)
        for text in (
            mails.mapped("body_html") + mails.mapped("subject") + self.rows(meeting).mail_message_id.mapped("body")
        ):
            self.assertNotIn("erger", text)
            self.assertNotIn("Chair Cheng", text)
        self.assertFalse(mails.attachment_ids)
        self.assertIn("Hotel Lotus", self.mails(self.chair.partner_id)[-1].body_html)
        self.assertIn("/meeting/answer/", self.mails(self.guest)[0].body_html)

    def test_participants_only_has_its_content_inside(self):
        """The header is neutral; inside, those who take part read what they need."""
        self.schedule(self.make_secret("participants"))
        self.deliver()
        mail = self.mails(self.member.partner_id)
        self.assertIn("Merger price", mail.body_html)

    def test_who_may_no_longer_read_is_not_told(self):
        """CF-1: asked again when the message leaves."""
        meeting = self.schedule(self.make_secret())
        # sudo: the row disappears behind the hooks' back, as in a merge of contacts
        self.env.cr.execute(
            "DELETE FROM meeting_participant WHERE id = %s", [self.participant(meeting, self.member.partner_id).id]
        )
        self.env.invalidate_all()
        meeting.sudo()._compute_access_keys()
        self.deliver()
        row = self.rows(meeting, "notice", self.member.partner_id)
        self.assertEqual((row.state, row.reason), ("void", "no_access"))
        self.assertFalse(self.mails(self.member.partner_id))

    def test_messages_are_read_by_their_recipients_alone(self):
        meeting = self.schedule(self.make_secret("internal"))
        self.deliver()
        messages = self.rows(meeting).mail_message_id
        mine = self.rows(meeting, "notice", self.member.partner_id).mail_message_id
        self.assertEqual(self.env["mail.message"].with_user(self.member).search([("id", "in", messages.ids)]), mine)
        for user in (self.outsider, self.manager):
            Message = self.env["mail.message"].with_user(user)
            self.assertFalse(
                Message.search([("id", "in", messages.ids), ("subject", "ilike", "merger")])
                if user == self.outsider
                else False
            )
            with self.assertRaises(AccessError):
                Message.browse(self.rows(meeting, "notice", self.chair.partner_id).mail_message_id.ids).read(["body"])

    def test_roles_and_operations_on_the_ledger(self):
        """NT-1, CF-6: read by the meeting's editors, and by administrators as far as they may read the meeting;
        written by nobody."""
        meetings = {
            level: self.schedule(self.make_secret(level)) for level in ("public", "internal", "participants", "secret")
        }
        rows = {level: self.rows(meeting)[:1] for level, meeting in meetings.items()}
        readers = {
            "convener": ("public", "internal", "participants", "secret"),
            "chair": ("public", "internal", "participants", "secret"),
            "minute_taker": ("public", "internal", "participants", "secret"),
            "secretary": ("public", "internal"),
            "manager": ("public", "internal"),
            "member": (),
            "outsider": (),
            "room_manager": (),
            "hr": (),
            "approver": (),
        }
        for role, levels in readers.items():
            user = getattr(self, role)
            Ledger = self.env["meeting.notification"].with_user(user)
            for level, row in rows.items():
                with self.subTest(role=role, level=level):
                    row = Ledger.browse(row.id)
                    self.assertEqual(bool(Ledger.search([("id", "=", row.id)])), level in levels)
                    self.assertEqual(row.has_access("read"), level in levels)
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(row.has_access(operation))
                    with self.assertRaises(AccessError):
                        row.write({"state": "sent"})
                    with self.assertRaises(AccessError):
                        row.unlink()
                    with self.assertRaises(AccessError):
                        row.copy()
            with self.assertRaises(AccessError):
                Ledger.create(
                    {
                        "res_model": "meeting.meeting",
                        "res_id": meetings["public"].id,
                        "step": "notice",
                        "partner_id": user.partner_id.id,
                        "due": "2026-01-01",
                    }
                )
        self.assertEqual(meetings["public"].with_user(self.member).notice_count, 0)
        self.assertGreater(meetings["public"].with_user(self.secretary).notice_count, 0)

    def test_the_list_of_changes_is_closed(self):
        """A forged list would put words into an official notice."""
        meeting = self.schedule(self.make_meeting())
        for user in (self.convener, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                meeting.with_user(user).write({"notice_changes": {"1": {"fields": {"place": ["a", "b"]}}}})
            with self.assertRaises(AccessError):
                meeting.with_user(user).read(["notice_changes"])

    def test_rows_of_the_mail_system_tell_nothing(self):
        """CF-1: Odoo shows to every employee who was notified, with the subject line; not of our documents."""
        meeting = self.schedule(self.make_secret("internal"))
        self.deliver()
        copies = (
            self.env["mail.notification"]
            .sudo()
            .search([("mail_message_id", "in", self.rows(meeting).mail_message_id.ids)])
        )
        self.assertEqual(len(copies), 4)
        for user in (self.outsider, self.manager, self.env.ref("base.user_admin")):
            Copy = self.env["mail.notification"].with_user(user)
            self.assertFalse(Copy.search([("id", "in", copies.ids)]))
            self.assertFalse(Copy.search([("mail_message_id.subject", "ilike", "merger")]))
            with self.assertRaises(AccessError):
                Copy.browse(copies.ids).read(["res_partner_id"])
        self.assertEqual(
            self.env["mail.notification"].with_user(self.member).search([("id", "in", copies.ids)]).res_partner_id,
            self.member.partner_id,
        )

    def test_notifications_of_other_documents_stay_visible(self):
        partner = self.env["res.partner"].create({"name": "Client"})
        message = partner.message_notify(partner_ids=self.member.partner_id.ids, body="Hello", subject="Hello")
        Copy = self.env["mail.notification"].with_user(self.outsider)
        self.assertTrue(Copy.search([("mail_message_id", "=", message.id)]))

    def test_followers_are_not_a_list_of_participants(self):
        """CF-1"""
        meeting = self.sign_agreements(self.schedule(self.make_secret()))
        meeting.message_subscribe(meeting.participant_ids.partner_id.ids)
        for user, seen in (
            (self.member, True),
            (self.convener, True),
            (self.outsider, False),
            (self.manager, False),
            (self.env.ref("base.user_admin"), False),
        ):
            Followers = self.env["mail.followers"].with_user(user)
            found = Followers.search([("res_model", "=", meeting._name), ("res_id", "=", meeting.id)])
            self.assertEqual(bool(found), seen, user.name)
            if not seen:
                hidden = meeting.sudo().message_follower_ids.ids
                with self.assertRaises(AccessError):
                    Followers.browse(hidden).read(["partner_id"])
        client = self.env["res.partner"].create({"name": "Client"})
        client.message_subscribe(self.member.partner_id.ids)
        self.assertTrue(
            self.env["mail.followers"]
            .with_user(self.outsider)
            .search([("res_model", "=", "res.partner"), ("res_id", "=", client.id)])
        )

    def test_the_chatter_reaches_readers_only(self):
        """CF-1: not the follower who left the list, not the colleague who is mentioned, not a guest who happens to
        follow."""
        meeting = self.sign_agreements(self.schedule(self.make_secret()))
        self.deliver()
        everybody = self.member.partner_id | self.outsider.partner_id | self.chair.partner_id | self.guest
        meeting.message_subscribe(everybody.ids)
        self.participant(meeting, self.member.partner_id).with_user(self.convener).unlink()
        self.deliver()
        before = self.all_mails()
        for named in (self.env["res.partner"], self.outsider.partner_id):
            meeting.with_user(self.convener).message_post(
                body="The merger price", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=named.ids
            )
        told = (self.all_mails() - before).recipient_ids
        self.assertEqual(told, self.chair.partner_id)
        meeting.with_user(self.convener).message_post(
            body="Welcome", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.guest.ids
        )
        self.assertIn(self.guest, (self.all_mails() - before).recipient_ids, "named by the author on purpose")
