"""Notice health: what administrators see, when they are warned, and that it tells no secret (RE-3, RE-4, CF-6)."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from tests.notice.common import NoticeCommon


class TestHealth(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.ledger.search([("state", "=", "pending")]).write({"state": "void"})
        self.health = self.env["meeting.notice.health"].with_user(self.manager)
        self.job = self.env.ref("meeting_management.ir_cron_send_notifications").sudo()
        self.incidents = self.env["meeting.notice.incident"].sudo()
        self.manager.notification_type = "inbox"

    def be_late(self, minutes=45, **vals):
        meeting = self.schedule(self.make_meeting(**vals))
        self.rows(meeting, "notice").due = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        return meeting

    def told(self, words):
        """The messages in the administrator's inbox."""
        rows = self.env["mail.notification"].sudo().search([("res_partner_id", "=", self.manager.partner_id.id)])
        return rows.mail_message_id.filtered(lambda message: words in (message.subject or ""))

    def test_everything_has_left(self):
        """RE-4: the empty state."""
        page = self.health.get()
        self.assertEqual((page["problems"], page["backlog"]), ([], {"due": 0, "oldest": None}))
        self.assertEqual(len(page["coming"]), 24)
        self.assertIn(self.job.id, [job["id"] for job in page["jobs"]])
        self.assertTrue(page["jobs"][0]["sends"])
        self.assertIn(self.env.ref("mail.ir_cron_mail_scheduler_action").id, [job["id"] for job in page["jobs"]])

    def test_administrators_only(self):
        """CF-6"""
        for call in (self.health.get, self.health.action_run_now, self.health.action_switch_on):
            with self.assertRaises(AccessError):
                getattr(self.health.with_user(self.secretary), call.__name__)()
        with self.assertRaises(AccessError):
            self.incidents.with_user(self.secretary).check_access("read")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.incidents.with_user(self.manager).sudo(False).has_access(operation))

    def test_late_is_told_once_and_its_end_too(self):
        """RE-3: the administrators hear of it once, however often the watch looks, and when it is over."""
        meeting = self.be_late(10)
        self.health._watch()
        self.assertFalse(self.incidents.search([("kind", "=", "late"), ("ended_at", "=", False)]))
        self.rows(meeting, "notice").due = fields.Datetime.now() - timedelta(minutes=45)
        for _time in range(3):
            self.health.sudo()._cron_watch()
            self.env["meeting.my.day"].with_user(self.manager).get()
        self.assertEqual(len(self.told("are not leaving")), 1)
        page = self.health.get()
        self.assertEqual([problem["kind"] for problem in page["problems"]], ["late"])
        self.assertEqual(page["backlog"]["due"], 4)
        self.deliver()
        for _time in range(2):
            self.health.sudo()._cron_watch()
        self.assertEqual(len(self.told("leaving again")), 1)
        self.assertFalse(self.incidents.search([("ended_at", "=", False)]))

    def test_what_is_held_back_is_not_late(self):
        """RE-3, RE-4: quiet hours and morning summaries alarm nobody; past their end a message is late."""
        meeting = self.be_late(45)
        rows = self.rows(meeting, "notice")
        later = fields.Datetime.now() + timedelta(hours=5)
        for held_for in ("quiet", "summary"):
            rows.write({"held_until": later, "held_for": held_for})
            page = self.health.get()
            self.assertEqual((page["problems"], page["backlog"]), ([], {"due": 0, "oldest": None}))
            self.assertEqual([hour["count"] for hour in page["coming"]][5], len(rows))
        rows.write({"held_until": fields.Datetime.now() - timedelta(minutes=40), "held_for": "quiet"})
        self.assertEqual([problem["kind"] for problem in self.health.get()["problems"]], ["late"])

    def test_the_minutes_are_a_setting(self):
        """RE-4"""
        self.env["res.config.settings"].create({"meeting_notice_late_minutes": 5}).execute()
        self.be_late(10)
        self.assertEqual([problem["kind"] for problem in self.health.get()["problems"]], ["late"])

    def test_switched_off(self):
        """RE-3: noticed although nothing is due; switching on again is one click."""
        self.job.active = False
        sections = self.env["meeting.my.day"].with_user(self.manager).get()["sections"]
        self.assertEqual(sections[0]["key"], "health", "without any job running")
        self.assertEqual(sections[0]["cards"][0]["url"], "/odoo/notice-health")
        self.assertEqual(len(self.told("are not leaving")), 1)
        others = self.env["meeting.my.day"].with_user(self.member).get()["sections"]
        self.assertNotIn("health", [section["key"] for section in others])
        with self.assertRaisesRegex(UserError, "switched off"):
            self.health.action_run_now()
        self.health.action_switch_on()
        self.assertTrue(self.job.active)
        self.assertFalse(self.health.get()["problems"])

    def test_the_mail_queue(self):
        """RE-4: what the ledger has sent may still lie in Odoo's queue."""
        meeting = self.schedule(self.make_meeting())
        self.deliver()
        self.assertEqual(self.health.get()["queue"], {"outgoing": 4, "exception": 0})
        mails = self.env["mail.mail"].sudo().search([("model", "=", meeting._name), ("res_id", "=", meeting.id)])
        self.env.cr.execute(
            "UPDATE mail_mail SET create_date = create_date - interval '2 hours' WHERE id = ANY(%s)", [mails.ids]
        )
        mails.invalidate_recordset()
        self.assertEqual([problem["kind"] for problem in self.health.get()["problems"]], ["queue_late"])
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo().active = False
        self.assertEqual([problem["kind"] for problem in self.health.get()["problems"]], ["queue_off"])

    def test_run_now(self):
        """RE-4: by way of the real job."""
        meeting = self.be_late()
        with self.enter_registry_test_mode():
            self.health.action_run_now()
        self.env.invalidate_all()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})

    def test_failures_by_reason(self):
        """CF-6: all of them are counted; shown are those of meetings the administrator may read."""
        before = sum(failure["count"] for failure in self.health.get()["failures"])
        opened = self.schedule(self.make_meeting(name="Open plan"))
        closed = self.schedule(self.make_meeting(name="Phoenix", level="secret", start=self.days_ahead(9)))
        self.rows(opened, "notice", self.guest)._fail("no_email", retry=False)
        self.rows(closed, "notice", self.guest)._fail("no_email", retry=False)
        failures = self.health.get()["failures"]
        self.assertEqual(sum(failure["count"] for failure in failures), before + 2)
        [mine] = [failure for failure in failures if failure["reason"] == "no_email"]
        self.assertEqual((mine["count"] - mine["mine"], mine["label"]), (1, "The contact has no valid e-mail address"))
        action = self.health.action_open_failures("no_email")
        rows = self.env["meeting.notification"].with_user(self.manager).search(action["domain"])
        self.assertEqual(len(rows), mine["mine"])
        self.assertNotIn(closed, rows.meeting_id)

    def test_no_names(self):
        """CF-6: nothing of any meeting stands on the page, or in what administrators are told."""
        meeting = self.be_late(name="Phoenix", level="secret")
        self.rows(meeting, "notice", self.guest)._fail("render", "Phoenix broke")
        page = json.dumps(self.health.get())
        self.assertNotIn("Phoenix", page)
        self.assertNotIn("Guest Gu", page)
        for message in self.told("are not leaving"):
            self.assertNotIn("Phoenix", f"{message.subject} {message.body}")

    def test_the_coming_hours(self):
        """RE-1: what falls due, by hour."""
        meeting = self.schedule(self.make_meeting())
        self.rows(meeting, "notice").due = fields.Datetime.now() + timedelta(hours=3)
        self.env.flush_all()
        coming = self.health.get()["coming"]
        self.assertEqual(coming[3]["count"], 4)
        self.assertFalse(coming[2]["count"])
