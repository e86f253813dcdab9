"""The other side of every lock: documents of other apps behave as if this one were not there, at hardly any cost."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.security.doors.common import DoorCase
from tests.security.doors.test_mail import REPLY


class TestOtherApps(DoorCase):
    def setUp(self):
        super().setUp()
        self.convener.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.client = self.env["res.partner"].create({"name": "Client", "email": "client@elsewhere.example"})

    def test_followers_and_mentions(self):
        """Anybody follows a contact and is mentioned on it; everybody sees who follows."""
        self.as_user(self.outsider, self.client).message_subscribe(self.outsider.partner_id.ids)
        self.as_user(self.convener, self.client).message_subscribe((self.member.partner_id | self.client).ids)
        seen = self.as_user(self.hr, "mail.followers").search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.client.id)]
        )
        self.assertEqual(seen.sudo().partner_id, (self.outsider | self.member).partner_id | self.client)
        self.assertEqual(len(seen.read(["display_name", "partner_id"])), 3)
        message = self.as_user(self.convener, self.client).message_post(
            body="Hello", subject="Greeting", message_type="comment", subtype_xmlid="mail.mt_comment",
            partner_ids=self.hr.partner_id.ids,
        )  # fmt: skip
        self.assertEqual(
            message.sudo().notified_partner_ids, (self.outsider | self.member | self.hr).partner_id | self.client
        )

    def test_messages_and_what_is_copied_from_them(self):
        """A recipient reads a message for ever, whatever becomes of the document; administrators see the queue."""
        message = self.client.message_notify(
            partner_ids=(self.outsider | self.hr).partner_id.ids, body="Hello", subject="Greeting"
        )
        self.assertEqual(self.as_user(self.outsider, message).read(["subject"])[0]["subject"], "Greeting")
        for user in (self.outsider, self.technician):
            row = self.as_user(user, message.sudo().notification_ids).read(["mail_message_id", "display_name"])[0]
            self.assertEqual(row["mail_message_id"][1], "Greeting")
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(self.as_user(self.technician, mail).read(["subject"])[0]["subject"], "Greeting")
        free = self.env["mail.mail"].create({"subject": "Free", "body_html": "x", "email_to": "a@b.example"})
        self.assertIn(free, self.as_user(self.technician, "mail.mail").search([("subject", "=", "Free")]))
        values = {"parent_id": message.id, "composition_mode": "comment"}
        answer = self.as_user(self.outsider, "mail.compose.message").onchange(values, ["parent_id"], {"subject": {}})
        self.assertEqual(answer["value"]["subject"], "Greeting")

    def test_tracked_values_and_link_previews(self):
        """Technical administrators read them as before."""
        client = self.client.with_context(tracking_disable=False)
        message = client.message_post(body="x")
        field = self.env["ir.model.fields"]._get("res.partner", "name")
        value = self.env["mail.tracking.value"].create(
            {"field_id": field.id, "mail_message_id": message.id, "new_value_char": "Client"}
        )
        self.assertEqual(self.as_user(self.technician, value).read(["new_value_char"])[0]["new_value_char"], "Client")
        preview = self.env["mail.link.preview"].create({"source_url": "https://odoo.example", "og_title": "Page"})
        self.assertIn(preview, self.as_user(self.technician, "mail.link.preview").search([("og_title", "=", "Page")]))
        # a page linked from a secret meeting, too, is visible where it is linked from elsewhere
        links = self.env["mail.message.link.preview"]
        links.create({"message_id": self.message.id, "link_preview_id": preview.id})
        self.assertFalse(self.as_user(self.technician, "mail.link.preview").search([("og_title", "=", "Page")]))
        links.create({"message_id": message.id, "link_preview_id": preview.id})
        self.assertTrue(self.as_user(self.technician, "mail.link.preview").search([("og_title", "=", "Page")]))

    def test_names_of_files(self):
        """Debug mode goes on naming other documents' files to developers."""
        file = self.env["ir.attachment"].create({"name": "offer.txt", "raw": b"x"})
        self.assertEqual(self.as_user(self.outsider, file).sudo().display_name, "offer.txt")
        with self.debug_mode(), self.assertRaisesRegex(AccessError, "offer.txt"):
            self.as_user(self.outsider, file).read(["name"])
        mine = self.make_file(self.outsider, name="mine.txt")
        self.assertEqual(self.as_user(self.outsider, mine).display_name, "mine.txt")

    def test_mail_that_comes_in(self):
        """Whoever answers a mail about a contact gets into its chatter, as Odoo has it."""
        message = self.client.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        for number, sender in enumerate((self.outsider.email, "nobody@elsewhere.example"), 50):
            before = self.client.message_ids
            self.env["mail.thread"].sudo().message_process(
                "mail.thread", REPLY.format(sender=sender, number=number, message_id=message.message_id)
            )
            self.env.invalidate_all()
            self.assertTrue(self.client.message_ids - before)

    def test_an_open_meeting_is_open(self):
        """A public meeting hinders nobody: everybody follows it, is mentioned, given to-dos, and reads its chatter."""
        meeting = self.schedule(self.make_meeting(level="public"))
        self.as_user(self.outsider, meeting).message_subscribe(self.outsider.partner_id.ids)
        message = self.as_user(self.outsider, meeting).message_post(
            body="May I come?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.hr.partner_id.ids,
        )
        self.assertIn(self.hr.partner_id, message.sudo().notified_partner_ids)
        self.assertTrue(self.as_user(self.room_manager, message).read(["body"]))
        self.assertIn(self.outsider.partner_id, self.as_user(self.hr, meeting).message_follower_ids.partner_id)
        todo = self.as_user(self.convener, meeting).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.outsider.id
        )
        self.assertTrue(self.as_user(self.outsider, todo).read(["res_name"])[0]["res_name"])

    def test_the_cost(self):
        """The chatter of another document pays no query for our rules, and a search of ours one sub-query a model."""
        self.client.message_subscribe(self.member.partner_id.ids)
        for number in range(20):
            self.client.message_post(body=f"Message {number}")
        mine = self.as_user(self.outsider, "mail.message")
        mine.search([("model", "=", "res.partner"), ("res_id", "=", self.client.id)], limit=1)  # warms the caches
        self.env.invalidate_all()
        with self.assertQueryCount(3):  # Odoo's own: find the messages, fetch the one document and check it
            mine.search([("model", "=", "res.partner"), ("res_id", "=", self.client.id)])
        followers = self.as_user(self.outsider, "mail.followers")
        about = [("res_model", "=", "res.partner"), ("res_id", "=", self.client.id)]
        self.assertNotIn("meeting_meeting", str(followers._search(about).select()))
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            followers.search(about)
        with self.assertQueryCount(2):
            followers.search_read(about, ["partner_id"], load=None)
