"""Web push as Odoo does it, for messages that the ledger writes in batches (CF-1)."""

import json

from tests.channels.common import ChannelCommon


class TestPush(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        config = cls.env["ir.config_parameter"].sudo()
        config.set_param("mail.web_push_vapid_private_key", "private")
        config.set_param("mail.web_push_vapid_public_key", "public")
        for user in (cls.member, cls.chair):
            cls.env["mail.push.device"].sudo().create(
                {
                    "partner_id": user.partner_id.id,
                    "endpoint": f"https://push.example/{user.login}",
                    "keys": json.dumps({"p256dh": "x", "auth": "y"}),
                }
            )
        cls.member.notification_type = "inbox"

    def pushes(self, user):
        found = self.env["mail.push"].sudo().search([("mail_push_device_id.partner_id", "=", user.partner_id.id)])
        return [json.loads(push.payload) for push in found]

    def test_who_reads_in_odoo_is_pushed(self):
        """As Odoo's own `_notify_thread` does: the inbox, not e-mail; once per device; no network in the job."""
        meeting = self.schedule(self.make_meeting(name="Spring offer"))
        self.deliver()
        [payload] = self.pushes(self.member)
        self.assertIn("Meeting notice: Spring offer", payload["title"])
        self.assertEqual(payload["options"]["data"], {"model": "meeting.meeting", "res_id": meeting.id})
        self.assertIn("Convener Chen", payload["title"])
        self.assertIn("Chair Cheng", payload["options"]["body"])
        self.assertFalse(self.pushes(self.chair), "he reads his mail elsewhere")
        self.deliver()
        self.assertEqual(len(self.pushes(self.member)), 1)

    def test_same_as_odoo_itself_would_push(self):
        """Odoo, asked to notify of the same message, adds a push for the same people."""
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        message = self.rows(meeting, "notice", self.member.partner_id).mail_message_id
        thread = self.env["mail.thread"].with_context(lang="en_US")
        people = [
            {"id": user.partner_id.id, "active": True, "notif": user.notification_type}
            for user in (self.member, self.chair)
        ]
        self.assertEqual(
            set(thread._notify_get_recipients_for_extra_notifications(message, people)),
            {user.partner_id.id for user in (self.member, self.chair) if self.pushes(user)},
        )

    def test_a_closed_meeting_shows_nothing_on_a_screen(self):
        """CF-1: no subject, no name, no content."""
        for number, level in enumerate(("participants", "secret")):
            meeting = self.make_meeting(
                name="Takeover of Polaris", level=level, purpose="Price", start=self.days_ahead(9 + number)
            )
            self.sign_agreements(self.schedule(meeting))
            self.deliver()
        payloads = self.pushes(self.member)
        self.assertGreaterEqual(len(payloads), 2)
        for payload in payloads:
            text = json.dumps(payload, ensure_ascii=False)
            for word in ("Takeover", "Polaris", "Price", self.convener.name, self.chair.name):
                self.assertNotIn(word, text)
            self.assertIn("onfidential", text)

    def test_without_keys_or_devices_nothing_is_looked_up_per_person(self):
        self.env["mail.push.device"].sudo().search([]).unlink()
        self.schedule(self.make_meeting())
        self.deliver()
        self.assertFalse(self.env["mail.push"].sudo().search_count([]))

    def test_odoo_s_own_job_delivers_them(self):
        from unittest.mock import patch

        self.schedule(self.make_meeting())
        self.deliver()
        with patch("odoo.addons.mail.models.mail_push.push_to_end_point") as post:
            self.env["mail.push"]._push_notification_to_endpoint()
        self.assertEqual(post.call_args.kwargs["device"]["endpoint"], "https://push.example/member")
        self.assertFalse(self.pushes(self.member))
