"""Doors of the mail system: followers, messages, mentions, mail that comes in, and copies of them (CF-1, CF-6)."""

import json
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime

from tests.security.doors.common import DoorCase

REPLY = """Return-Path: <{sender}>
From: {sender}
To: catchall@company.example
Subject: Re: hello
Message-Id: <answer-{number}@client.example>
In-Reply-To: {message_id}
References: {message_id}
Content-Type: text/plain; charset=utf-8

Count me in, and tell me more.
"""


class TestMail(DoorCase):
    def copies(self):
        """model → rows that the mail system keeps of the chatter"""
        about = [("mail_message_id", "=", self.message.id)]
        rows = self.env(su=True)
        tracking = rows["mail.tracking.value"].search([("new_value_char", "ilike", self.MARK)])
        return {
            "mail.notification": (rows["mail.notification"].search(about), "mail_message_id"),
            "mail.mail": (rows["mail.mail"].search(about), "body_html"),
            "mail.tracking.value": (tracking, "new_value_char"),
            "mail.message.schedule": (rows["mail.message.schedule"].search(about), "notification_parameters"),
            "mail.message.translation": (
                rows["mail.message.translation"].search([("message_id", "=", self.message.id)]),
                "body",
            ),
            "mail.message.link.preview": (self.message.sudo().message_link_preview_ids, "message_id"),
            "mail.link.preview": (self.message.sudo().message_link_preview_ids.link_preview_id, "og_title"),
            "mail.message": (self.message, "body"),
            "mail.scheduled.message": (
                rows["mail.scheduled.message"].search([("res_id", "=", self.meeting.id)]),
                "body",
            ),
        }

    def test_followers_are_not_the_list_of_participants(self):
        """CF-1 (door 8): of a resolution, which has no readers of its own, as little as of its meeting."""
        minutes, _task = self.outcome(self.meeting)
        resolution = self.meeting.resolution_ids.sudo()
        for document in (self.meeting, minutes, resolution):
            document.sudo().message_subscribe(self.chair.partner_id.ids)
            followers = document.sudo().message_follower_ids
            self.assertTrue(self.as_user(self.chair, followers).read(["partner_id"]))
            for user in (self.outsider, self.technician, self.ex):
                mine = self.as_user(user, "mail.followers")
                about = [("res_model", "=", document._name), ("res_id", "=", document.id)]
                self.assertFalse(mine.search(about))
                self.assertFalse(mine.search_count(about))
                with self.assertRaises(AccessError):
                    self.as_user(user, followers).read(["partner_id"])

    def test_copies_of_messages_and_what_administrators_see_of_them(self):
        """CF-6 (doors 9 and 12): the queue, tracked values, translations, link previews, notifications."""
        for model, (rows, field) in self.copies().items():
            self.assertTrue(rows, model)
            insider = self.convener
            if not self.as_user(insider, model).has_access("read"):
                insider = self.make_user(f"it_{rows.id if len(rows) == 1 else rows[0].id}_{model}", "It Yi")
                insider.group_ids = [Command.link(self.env.ref("base.group_system").id)]
                self.meeting.sudo().minute_taker_id = insider
            self.assertShown(self.as_user(insider, rows).read, [field])
            for user in (self.technician, self.outsider, self.ex):
                with self.subTest(model=model, user=user.login):
                    answer = self.assertHidden(self.as_user(user, rows).read, [field, "display_name"])
                    self.assertIn("AccessError", answer)
                    self.assertNotIn("[{", self.answer(self.as_user(user, model).search_read, [("id", "in", rows.ids)]))

    def test_texts_on_their_way_to_a_browser(self):
        """CF-6: what waits to be pushed; of other documents an administrator sees it as before."""
        rows = self.env(su=True)
        device = rows["mail.push.device"].create(
            {"partner_id": self.chair.partner_id.id, "endpoint": "https://push.example", "keys": "{}"}
        )
        client = rows["res.partner"].create({"name": "Client"})
        for record in (self.meeting, client):
            payload = record.sudo()._notify_by_web_push_prepare_payload(
                record.sudo().message_post(body=self.plant("pushed"))
            )
            rows["mail.push"].create({"mail_push_device_id": device.id, "payload": json.dumps(payload)})
        ours, other = rows["mail.push"].search([("mail_push_device_id", "=", device.id)], order="id")
        self.assertIn(self.MARK, ours.payload)
        self.assertShown(self.as_user(self.technician, other).read, ["payload"])
        self.assertHidden(self.as_user(self.technician, ours).read, ["payload"])
        self.assertEqual(self.as_user(self.technician, "mail.push").search([("payload", "ilike", self.MARK)]), other)

    def test_searching_messages(self):
        """CF-1: neither by words nor through Discuss's own search."""
        about = [("model", "=", self.meeting._name), ("res_id", "=", self.meeting.id)]
        its = self.as_user(self.member, "mail.message")
        self.assertTrue(its.search([*about, ("body", "ilike", self.MARK)]))
        self.assertTrue(its.formatted_read_group(about, ["author_id"], ["__count"]))
        found = its._message_fetch([("model", "=", self.meeting._name)], search_term=self.MARK)
        self.assertShown(found["messages"].mapped, "body")
        for user in (self.outsider, self.technician, self.hr):
            mine = self.as_user(user, "mail.message")
            for domain in ([("body", "ilike", self.MARK)], [("subject", "ilike", self.MARK)], about):
                self.assertFalse(mine.search(domain))
                self.assertFalse(mine.search_count(domain))
            self.assertFalse(mine.formatted_read_group(about, ["author_id"], ["__count"]))
            self.assertHidden(mine._message_fetch, [("model", "=", self.meeting._name)], search_term=self.MARK)

    def test_a_removed_participant_loses_everything_at_once(self):
        """CF-1: followers, to-dos, inbox, messages he was sent or wrote, files, calendar; and is told so neutrally."""
        other = self.secret_meeting("participants", start=self.days_ahead(12))
        self.ex.notification_type = "inbox"
        message = self.talk(other)
        self.deliver()
        mine = self.as_user(self.ex, message)
        self.assertShown(mine.read, ["body"])
        self.assertTrue(self.as_user(self.ex, "mail.activity").search([("res_id", "=", other.id)]))
        self.assertTrue(other.message_partner_ids & self.ex.partner_id)
        self.assertTrue(self.ex.partner_id._get_needaction_count())
        events = self.env["calendar.event"].search([("user_id", "=", self.ex.id)])
        file = message.attachment_ids
        self.assertShown(self.as_user(self.ex, file).read, ["name"])

        self.participant(other, self.ex.partner_id).with_user(self.convener).unlink()

        self.assertFalse(other.message_partner_ids & self.ex.partner_id)
        self.assertFalse(self.env["mail.activity"].search([("user_id", "=", self.ex.id)]))
        self.assertTrue(
            self.env["mail.activity"].search([("res_id", "=", other.id), ("user_id", "=", self.convener.id)])
        )
        self.assertFalse(self.as_user(self.ex, "res.partner").browse(self.ex.partner_id.id)._get_needaction_count())
        self.assertFalse(events.exists())
        own = self.env["mail.message"].search([("author_id", "=", self.ex.partner_id.id), ("res_id", "=", other.id)])
        self.assertTrue(own)
        for record, field in ((message, "body"), (own, "body"), (file, "name"), (other, "name")):
            self.assertHidden(self.as_user(self.ex, record).read, [field])
        self.assertHidden(self.as_user(self.ex, "mail.message").search_read, [])
        waiting = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.ex.partner_id.ids), ("state", "=", "outgoing")]
        )
        self.assertFalse(waiting.filtered(lambda mail: self.MARK in mail.body_html))

        self.deliver()
        farewell = self.rows(other, "removed", self.ex.partner_id).mail_message_id
        told = self.as_user(self.ex, farewell).read(["body", "subject"])[0]
        self.assertIn("no longer on the list", told["body"])
        self.assertNotIn(self.MARK, repr(told))
        self.assertEqual(self.as_user(self.ex, "res.partner").browse(self.ex.partner_id.id)._get_needaction_count(), 1)

    def test_a_removed_participant_is_not_reported_to(self):
        """CF-1: his morning summary, too, is silent about what he may no longer read; of closed meetings it never says
        more than the time."""
        meeting = self.secret_meeting("internal", start=self.days_ahead(12))
        summary = self.env["meeting.summary"].sudo().create(
            {"kind": "morning", "user_id": self.ex.id, "company_id": self.company.id, "day": meeting.start.date()}
        )  # fmt: skip

        def told():
            self.env.flush_all()
            self.env.invalidate_all()
            return summary._notification_values("summary")

        self.assertShown(told)
        self.participant(meeting, self.ex.partner_id).with_user(self.convener).unlink()
        self.assertHidden(told)

    def test_a_removed_guest_gets_no_mail_that_waits(self):
        """CF-1, PT-4: mails in the queue to a guest who was taken off end with it; his farewell leaves, and mails to
        others."""
        others = (self.guest | self.chair.partner_id).ids
        self.as_user(self.convener, self.meeting).message_post(
            body=self.plant("to the guest"), partner_ids=others, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        queue = self.env["mail.mail"].search([("state", "=", "outgoing"), ("recipient_ids", "in", self.guest.ids)])
        self.assertIn(self.MARK, repr(queue.mapped("body_html")))
        self.participant(self.meeting, self.guest).with_user(self.convener).unlink()
        self.deliver()
        left = self.env["mail.mail"].search([("state", "=", "outgoing"), ("recipient_ids", "in", self.guest.ids)])
        self.assertTrue(left, "his farewell")
        self.assertNotIn(self.MARK, repr(left.mapped("body_html")))

    def test_what_was_to_be_sent_later_names_nobody_who_has_gone(self):
        """CF-1: a message written for later reaches neither the guest nor the colleague who was taken off the list."""
        later = self.env["mail.scheduled.message"].with_user(self.convener).create(
            {
                "model": self.meeting._name, "res_id": self.meeting.id, "author_id": self.convener.partner_id.id,
                "body": "x", "scheduled_date": Datetime.now() + timedelta(days=1),
                "partner_ids": [Command.set((self.guest | self.member.partner_id | self.chair.partner_id).ids)],
            }
        )  # fmt: skip
        for partner in (self.guest, self.member.partner_id):
            self.participant(self.meeting, partner).with_user(self.convener).unlink()
        self.assertEqual(later.sudo().partner_ids, self.chair.partner_id)

    def test_a_higher_level_lets_strangers_go(self):
        """CF-1: the departments that followed an internal meeting follow a secret one no longer."""
        meeting = self.make_meeting(level="internal")
        self.boss.employee_id.department_id = self.sales
        self.sign_agreements(self.schedule(meeting))
        meeting.sudo().message_subscribe((self.boss | self.chair).partner_id.ids)
        self.assertIn(self.boss.partner_id, meeting.message_partner_ids)
        meeting.sudo()._write_plan({"level": "secret"})
        self.assertNotIn(self.boss.partner_id, meeting.message_partner_ids)
        self.assertIn(self.chair.partner_id, meeting.message_partner_ids)

    def test_following_is_for_readers(self):
        """CF-1 (door 10): refused for strangers who try themselves, ineffective when somebody else names them."""
        for user in (self.outsider, self.technician, self.ex):
            self.assertFalse(self.as_user(user, self.meeting).message_subscribe(user.partner_id.ids))
            self.as_user(self.convener, self.meeting).message_subscribe(user.partner_id.ids)
            self.assertNotIn(user.partner_id, self.meeting.sudo().message_partner_ids)
            with self.assertRaises(AccessError):
                self.as_user(user, "mail.followers").create(
                    {"res_model": "meeting.meeting", "res_id": self.meeting.id, "partner_id": user.partner_id.id}
                )
        self.as_user(self.member, self.meeting).message_subscribe(self.member.partner_id.ids)
        self.assertIn(self.member.partner_id, self.meeting.sudo().message_partner_ids)

    def test_mentions_tell_nothing(self):
        """CF-1: the stranger who is mentioned gets no message; suggestions are the same whoever takes part."""
        before = self.env["mail.mail"].search([])
        posted = self.as_user(self.convener, self.meeting).message_post(
            body=self.plant("mention"), partner_ids=(self.outsider | self.chair).partner_id.ids, message_type="comment"
        )
        told = posted.sudo().notified_partner_ids | (self.env["mail.mail"].search([]) - before).recipient_ids
        self.assertIn(self.chair.partner_id, told)
        self.assertNotIn(self.outsider.partner_id, told)
        for user in (self.outsider, self.technician):
            self.assertHidden(self.as_user(user, posted).read, ["body"])
            mine = self.as_user(user, "res.partner")
            self.assertEqual(
                repr(mine.get_mention_suggestions("Ma")), repr(mine.with_context(
                    default_model="meeting.meeting", default_res_id=self.meeting.id).get_mention_suggestions("Ma"))
            )  # fmt: skip

    def test_answering_a_message_one_may_not_read(self):
        """CF-1: the composer takes over subject and recipients, saved or not."""
        spec = {"subject": {}, "partner_ids": {"fields": {"display_name": {}}}, "body": {}}
        values = {"parent_id": self.message.id, "composition_mode": "comment"}
        self.assertShown(self.as_user(self.chair, "mail.compose.message").onchange, values, ["parent_id"], spec)
        for user in (self.outsider, self.technician, self.ex):
            answer = self.assertHidden(self.as_user(user, "mail.compose.message").onchange, values, ["parent_id"], spec)
            self.assertNotIn("Chair Cheng", answer)
            alone = {"partner_ids": spec["partner_ids"]}
            mine = self.as_user(user, "mail.compose.message")
            titled = {**values, "subject": "x"}
            self.assertNotIn("Chair Cheng", self.answer(mine.onchange, titled, ["parent_id"], alone))
            self.assertHidden(lambda user=user: self.as_user(user, "mail.compose.message").create(values).subject)

    def test_mail_that_comes_in(self):
        """CF-1: an answer by mail enters the chatter from readers and the meeting's guests; others get a kind refusal
        that tells nothing."""
        guests = self.guest.email
        for number, (sender, enters) in enumerate(
            (
                (self.chair.email, True), (guests, True), (self.outsider.email, False), (self.ex.email, False),
                ("nobody@elsewhere.example", False),
            )
        ):  # fmt: skip
            with self.subTest(sender=sender):
                before, bounces = self.meeting.sudo().message_ids, self.env["mail.mail"].sudo().search([])
                self.env["mail.thread"].sudo().message_process(
                    "mail.thread", REPLY.format(sender=sender, number=number, message_id=self.message.message_id)
                )
                self.env.invalidate_all()
                self.assertEqual(bool(self.meeting.sudo().message_ids - before), enters)
                if not enters:
                    bounce = self.env["mail.mail"].sudo().search([]) - bounces
                    self.assertIn("only those who take part can answer", bounce.body_html)
                    self.assertNotIn(self.MARK, f"{bounce.body_html} {bounce.subject}")
