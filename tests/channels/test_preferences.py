"""A person says how he wants to be told, and nobody else says it for him (RE-3)."""

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from tests.channels.common import ChannelCommon

FIELDS = (
    "meeting_summary",
    "meeting_summary_time",
    "meeting_quiet",
    "meeting_quiet_from",
    "meeting_quiet_to",
    "meeting_robot_mention",
    "meeting_sms",
)


class TestPreferences(ChannelCommon):
    def test_everybody_sets_his_own(self):
        self.wish(
            self.member, summary=True, summary_time=7.5, quiet=True, quiet_from=21, quiet_to=6, robot_mention="ma"
        )
        self.assertEqual(self.member.with_user(self.member).read(FIELDS)[0]["meeting_summary_time"], 7.5)

    def test_usual_is_what_it_always_was(self):
        """Single messages, at any hour, no text messages."""
        mine = self.member.with_user(self.member).read(FIELDS)[0]
        self.assertFalse(mine["meeting_summary"] or mine["meeting_quiet"] or mine["meeting_sms"])
        self.assertEqual((mine["meeting_summary_time"], mine["meeting_quiet_from"]), (8.5, 22.0))
        self.assertEqual(self.member._meeting_wishes(), {})

    def test_nobody_sets_or_reads_another_s(self):
        """CF-6: neither a colleague, nor the convener, nor an administrator of meetings."""
        for other in (self.convener, self.manager, self.boss):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.member.with_user(other).write({"meeting_summary": True})
            for name in FIELDS:
                self.env.invalidate_all()
                with self.subTest(who=other.login, field=name), self.assertRaises(AccessError):
                    self.member.with_user(other).read([name])

    def test_hours_lie_within_a_day(self):
        for name in ("meeting_summary_time", "meeting_quiet_from", "meeting_quiet_to"):
            for value in (-1, 24):
                with (
                    self.assertRaises(Exception) as caught,
                    mute_logger("odoo.sql_db"),
                    self.env.cr.savepoint(),
                ):
                    self.member.with_user(self.member).write({name: value})
                    self.env.flush_all()
                self.assertIn("meeting_hours", str(caught.exception))

    def test_both_dialogues_show_them_to_whoever_they_belong_to(self):
        """Odoo's own dialogue of preferences, and the one in the menu of Meetings."""
        action = self.env["res.users"].with_user(self.member).action_meeting_preferences()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.users", self.member.id))
        for view_id in (action["views"][0][0], self.env.ref("base.view_users_form_simple_modif").id):
            view = self.env["res.users"].with_user(self.member).get_view(view_id, "form")
            tree = etree.fromstring(view["arch"])
            self.assertEqual(tree.get("edit"), "1", "whoever may not edit users edits himself")
            shown = {node.get("name") for node in tree.iter("field")}
            self.assertLessEqual(set(FIELDS), shown)
        with Form(
            self.member.with_user(self.member), view="meeting_management.res_users_view_form_preferences"
        ) as form:
            form.meeting_quiet = True
        self.assertTrue(self.member.meeting_quiet)

    def test_the_menu_is_there_for_everybody(self):
        menu = self.env.ref("meeting_management.menu_meeting_preferences")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(self.member)._visible_menu_ids())

    def test_kinds_have_names_in_the_reader_s_language(self):
        """What policy makes a duty is marked, and found by its name."""
        kinds = self.env["meeting.message.kind"].with_user(self.member)
        labels = self.env["meeting.notification"]._step_labels()
        self.assertEqual(set(kinds.search([]).mapped("code")), set(labels) - {"summary", "follow_up", "sms"})
        notice = kinds.search([("display_name", "ilike", "meeting notice")])
        self.assertEqual((notice.mapped("code"), notice.is_duty), (["notice"], True))
        duty = set(kinds.search([("is_duty", "=", True)]).mapped("code"))
        for code in ("notice", "change", "cancel", "approval", "sign"):
            self.assertIn(code, duty)
        self.assertFalse(kinds._is_duty("task_due"))
        self.assertTrue(kinds._is_duty("escalate_manager"))
        with self.assertRaises(AccessError):
            kinds.search([], limit=1).write({"code": "mine"})

    def test_company_adds_to_the_duties(self):
        kind = self.env["meeting.message.kind"].search([("code", "=", "task_due")])
        self.assertFalse(self.company._meeting_leaves_at_once("task_due"))
        self.company.meeting_at_once_kind_ids = kind
        self.assertTrue(self.company._meeting_leaves_at_once("task_due"))
