"""Group robots: what a group hears, once, and what it never hears (NT-1, NT-5, RE-3, RE-4, CF-1)."""

import json
import threading
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name

from tests.channels.common import ChannelCommon
from tests.channels.robot_server import RobotServer


class RobotCommon(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.server = RobotServer()
        self.addCleanup(self.server.close)
        self.env["ir.config_parameter"].sudo().set_param("meeting_management.robot_private_hosts", "127.0.0.1")
        self.startPatcher(patch.object(type(self.env["meeting.robot"]), "_plain_http_allowed", lambda robot: True))
        self.outbox = self.env["meeting.robot.message"].with_user(SUPERUSER_ID)

    def make_robot(self, kind="wecom", **vals):
        values = {"name": f"Group {kind}", "kind": kind, "new_address": self.server.url(), "active": True, **vals}
        return self.env["meeting.robot"].create(values)

    def post(self):
        """What the job does, without its commits; :return: what arrived"""
        before, aside = len(self.server.received), set()
        while message := self.outbox._take(aside):
            if text := message._guarded_text():
                error = message.robot_id._post(text)
                if error:
                    aside.add(message.robot_id.id)
                message._settle(error)
        return self.server.received[before:]

    def owed(self, record=None):
        self.env.flush_all()
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)] if record else []
        return self.outbox.search(domain, order="id")


class TestGroups(RobotCommon):
    def test_a_notice_is_said_once(self):
        """NT-1, RE-3: whatever the number of people, runs, and latecomers."""
        robot = self.make_robot()
        meeting = self.schedule(self.make_meeting(name="Spring offer", level="public"))
        self.deliver()
        [got] = self.post()
        text = got["body"]["markdown"]["content"]
        for piece in ("Meeting notice: Spring offer", "China Standard Time", "mail/view?model=meeting.meeting"):
            self.assertIn(piece, text)
        meeting.with_user(self.convener).participant_ids = [Command.create({"partner_id": self.boss.partner_id.id})]
        meeting.participant_ids.filtered(lambda line: line.partner_id == self.boss.partner_id).with_user(
            self.convener
        ).unlink()
        meeting.with_user(self.convener).participant_ids = [Command.create({"partner_id": self.boss.partner_id.id})]
        self.deliver()
        self.assertFalse(self.post())
        self.assertEqual((robot.message_count, robot.failed_count), (1, 0))

    def test_changes_and_cancellation(self):
        """NT-5: with what changed."""
        self.make_robot()
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        self.post()
        meeting.with_user(self.convener)._reschedule({"start": meeting.start + timedelta(days=1)}, "Later")
        self.deliver()
        [change] = self.post()
        self.assertIn("→", change["body"]["markdown"]["content"])
        meeting.with_user(self.convener).action_cancel("Not needed")
        self.deliver()
        [cancel] = self.post()
        self.assertIn("Cancelled", cancel["body"]["markdown"]["content"])

    def test_all_three_kinds(self):
        """Signed where they sign, in the robot's own language."""
        self.server.answers = [{"errcode": 0, "code": 0}]
        for kind in ("wecom", "dingtalk", "feishu"):
            self.make_robot(kind, new_secret=False if kind == "wecom" else "SEC", lang="zh_CN")
        self.schedule(self.make_meeting(level="public"))
        self.deliver()
        received = self.post()
        self.assertEqual(len(received), 3)
        for got in received:
            text = json.dumps(got["body"], ensure_ascii=False)
            self.assertIn("会议通知", text)
        _wecom, dingtalk, feishu = received
        self.assertIn("sign", dingtalk["query"])
        self.assertIn("sign", feishu["body"])
        self.assertEqual(set(self.owed().mapped("state")), {"sent"})

    def test_people_are_mentioned_by_the_name_they_gave(self):
        self.wish(self.member, robot_mention="MaMember")
        self.make_robot()
        self.schedule(self.make_meeting(level="public"))
        self.deliver()
        [got] = self.post()
        self.assertIn("<@MaMember>", got["body"]["markdown"]["content"])

    def test_only_what_was_chosen(self):
        """Kinds, meeting types, departments, company; and nothing that is between the system and one person."""
        kinds = self.env["meeting.message.kind"]
        self.make_robot(kind_ids=[Command.set(kinds.search([("code", "=", "cancel")]).ids)])
        self.make_robot(type_ids=[Command.set(self.reception.ids)])
        self.make_robot(department_ids=[Command.set(self.finance.ids)])
        other = self.env["res.company"].create({"name": "Other"})
        self.make_robot(company_id=other.id)
        self.make_robot(active=False)
        everything = self.make_robot(kind_ids=[Command.set(kinds.search([]).ids)])
        wanted = self.make_robot(department_ids=[Command.set(self.sales.ids)])
        meeting = self.schedule(self.make_meeting(level="public"))
        self.assertIn(self.sales, meeting.department_ids)
        self.deliver()
        self.assertEqual(self.owed().robot_id, everything | wanted)
        self.assertEqual(set(self.owed().mapped("step")), {"notice"})

    def test_requests_for_approval_are_never_said_to_a_group(self):
        kinds = self.env["meeting.message.kind"].search([])
        self.make_robot(kind_ids=[Command.set(kinds.ids)])
        self.make_meeting(level="public", type_id=self.reception.id).with_user(self.convener).action_submit()
        self.deliver()
        self.assertFalse(self.owed())

    def test_a_rule_may_ask_for_the_robot(self):
        """The seam of the rules: `_wanted_channels`."""
        cancel = self.env["meeting.message.kind"].search([("code", "=", "cancel")])
        self.make_robot(kind_ids=[Command.set(cancel.ids)])
        rule = patch.object(
            type(self.ledger), "_wanted_channels", lambda rows, profiles: {row.id: {"robot"} for row in rows}
        )
        with rule:
            self.schedule(self.make_meeting(level="public"))
            self.deliver()
        self.assertEqual(self.owed().mapped("step"), ["notice"])

    def test_a_group_hears_it_in_time_whoever_sleeps(self):
        self.make_robot()
        self.wish(self.member, quiet=True, quiet_from=0, quiet_to=23.9)
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        self.assertEqual(len(self.owed(meeting)), 1)


class TestSecrecy(RobotCommon):
    def test_closed_meetings_never(self):
        """CF-1: whatever the settings say, and whatever a rule asks for."""
        self.make_robot(audience_department_ids=[Command.set(self.sales.ids)])
        rule = patch.object(
            type(self.ledger), "_wanted_channels", lambda rows, profiles: {row.id: {"robot"} for row in rows}
        )
        with rule:
            for level in ("participants", "secret"):
                meeting = self.schedule(self.make_meeting(level=level))
                self.deliver()
                self.assertFalse(self.owed(meeting), level)

    def test_the_last_gate(self):
        """CF-1: a message that was owed before the level rose is not sent; nor one that was smuggled in."""
        robot = self.make_robot()
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        meeting.with_user(self.convener).action_change_level("participants", "an offer came in")
        self.assertFalse(self.post())
        self.assertEqual(self.owed(meeting).state, "void")
        other = self.schedule(self.make_meeting(level="participants"))
        self.outbox._owe([(robot, other, "notice")])
        self.assertFalse(self.post())
        self.assertEqual(self.owed(other).state, "void")

    def test_internal_only_where_somebody_vouches(self):
        """CF-1: everybody in the group may read it by himself."""
        meeting = self.schedule(self.make_meeting(level="internal", department_ids=[Command.set(self.sales.ids)]))
        for departments, expected in (
            (self.env["hr.department"], False),
            (self.sales, True),
            (self.east, True),  # below a department concerned
            (self.finance, False),
            (self.sales | self.finance, False),
        ):
            robot = self.make_robot(audience_department_ids=[Command.set(departments.ids)])
            self.assertEqual(robot._may_hear(meeting.sudo()), expected, departments.mapped("name"))
        meeting = self.schedule(self.make_meeting(level="internal", department_ids=[Command.set(self.east.ids)]))
        robot = self.make_robot(audience_department_ids=[Command.set(self.sales.ids)])
        self.assertFalse(robot._may_hear(meeting.sudo()), "people of Sales do not read a meeting of Sales East alone")

    def test_a_topic_closed_more_tightly(self):
        """CF-1: a task that comes from it is as confidential as the topic."""
        kinds = self.env["meeting.message.kind"].search([("code", "=", "task_overdue")])
        robot = self.make_robot(kind_ids=[Command.set(kinds.ids)])
        minutes = self.held(level="public")
        meeting = minutes.meeting_id
        open_task = self.task(minutes)
        closed = self.task(minutes, agenda_item_id=meeting.agenda_item_ids[0].id)
        meeting.agenda_item_ids[0].sudo().level = "participants"
        self.assertTrue(robot._may_hear(open_task.sudo()))
        self.assertFalse(robot._may_hear(closed.sudo()))

    def test_drafts_never(self):
        robot = self.make_robot()
        self.assertFalse(robot._may_hear(self.make_meeting(level="public").sudo()))

    def test_address_and_secret_never_come_out(self):
        """Not to an administrator, not in an export, not in an error; what is shown opens nothing."""
        admin = self.env.ref("base.user_admin")
        robot = self.make_robot("dingtalk", new_secret="SECRETWORD").with_user(admin)
        self.assertTrue(robot.address_shown.endswith("…1234"))
        self.assertTrue(robot.has_secret)
        readable = [name for name, field in robot._fields.items() if robot._has_field_access(field, "read")]
        for answer in (
            robot.read(readable),
            robot.export_data(readable),
            robot.copy_data(),
            robot.fields_get(),
        ):
            self.assertNotIn("secret-key", repr(answer))
            self.assertNotIn("SECRETWORD", repr(answer))
        for name in ("address", "secret"):
            with self.assertRaises(AccessError):
                robot.read([name])
            with self.assertRaises(AccessError):
                robot.search([(name, "ilike", "secret")])
        self.server.answers = [500]
        with self.assertRaises(UserError) as caught:
            robot.action_test()
        self.assertNotIn("secret-key", str(caught.exception))
        copied = robot.copy()
        self.assertFalse(copied.address_shown)
        self.assertFalse(copied.active)

    def test_administrators_of_the_system_only(self):
        """CF-6"""
        robot = self.make_robot()
        for user in (self.member, self.convener, self.secretary, self.manager):
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(robot.with_user(user).has_access(operation), user.login)
                self.assertFalse(self.outbox.with_user(user).has_access(operation), user.login)
        admin = self.env.ref("base.user_admin")
        self.assertTrue(robot.with_user(admin).has_access("write"))
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        message = self.owed(meeting)
        self.assertTrue(message.with_user(admin).has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(message.with_user(admin).has_access(operation))
        meeting.with_user(self.convener).action_change_level("participants", "an offer came in")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(message.with_user(admin).has_access("read"))


class TestFailures(RobotCommon):
    def one(self, **vals):
        robot = self.make_robot(**vals)
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        return robot, self.owed(meeting).filtered(lambda message: message.robot_id == robot)

    def test_refused_then_tried_again_with_growing_pauses_then_shown(self):
        """RE-4"""
        self.server.answers = [{"errcode": 93000, "errmsg": "invalid webhook url"}]
        robot, message = self.one()
        moment, pauses = fields.Datetime.now(), []
        for attempt in (1, 2, 3):
            with freeze_time(moment):
                self.assertEqual(len(self.post()), 1)
            self.assertEqual((message.state, message.attempts), ("failed", attempt))
            self.assertIn("invalid webhook url", message.error)
            pauses.append(message.retry_at and message.retry_at - moment)
            moment = message.retry_at or moment
        self.assertTrue(pauses[0] < pauses[1] and pauses[2] is False, pauses)
        with freeze_time(moment + timedelta(days=3)):
            self.assertFalse(self.post())
        robot.invalidate_recordset()
        self.assertEqual(robot.failed_count, 1)
        self.server.answers = [{"errcode": 0}]
        message.with_user(self.env.ref("base.user_admin")).action_send_again()
        self.assertEqual(len(self.post()), 1)
        self.assertEqual((message.state, message.error, message.attempts), ("sent", False, 1))
        with self.assertRaises(UserError):
            message.action_send_again()

    def test_whatever_goes_wrong_is_noted(self):
        for answer, word in ((500, "500"), (b"<html>", "JSON"), ("redirect", "302"), ({"errcode": 45009}, "45009")):
            self.server.answers = [answer]
            _robot, message = self.one()
            self.post()
            self.assertEqual(message.state, "failed")
            self.assertIn(word, message.error)

    def test_one_bad_robot_stops_neither_the_others_nor_the_mails(self):
        """RE-4"""
        dead = RobotServer()
        dead.close()
        _robot, failing = self.one(new_address=dead.url())
        good = self.make_robot()
        meeting = self.schedule(self.make_meeting(level="public"))
        self.deliver()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})
        self.assertEqual(len(self.post()), 1)
        self.assertEqual(failing.state, "failed")
        self.assertEqual(self.owed(meeting).filtered(lambda m: m.robot_id == good).state, "sent")

    def test_a_text_that_breaks_stops_nobody(self):
        """RE-4"""
        _robot, message = self.one()
        original = type(self.env["meeting.meeting"])._notice_values_notice

        def values(meeting, detail):
            if meeting.id == message.res_id:
                raise ValueError("a field nobody filled")
            return original(meeting, detail)

        healthy = self.schedule(self.make_meeting(name="Healthy", level="public"))
        self.deliver()
        with patch.object(type(self.env["meeting.meeting"]), "_notice_values_notice", values):
            [got] = self.post()
        self.assertIn("Healthy", got["body"]["markdown"]["content"])
        self.assertEqual(message.state, "failed")
        self.assertEqual(self.owed(healthy).state, "sent")

    def test_robots_that_cannot_even_be_asked_stop_no_mail(self):
        """RE-4"""
        self.make_robot()
        meeting = self.schedule(self.make_meeting(level="public"))

        def broken(*args):
            raise ValueError("broken")

        with (
            patch.object(type(self.env["meeting.robot"]), "_wants", broken),
            self.assertLogs("odoo.addons.meeting_management", "WARNING"),
        ):
            self.deliver()
        self.assertEqual(set(self.rows(meeting, "notice").mapped("state")), {"sent"})

    def test_twenty_a_minute(self):
        """What the chat programs let through; the rest follows a minute later."""
        robot = self.make_robot()
        meetings = [self.make_meeting(name=f"M{number}", level="public") for number in range(23)]
        for meeting in meetings:
            self.schedule(meeting)
        self.deliver()
        moment = fields.Datetime.now()
        with freeze_time(moment):
            self.assertEqual(len(self.post()), 20)
            self.outbox._wake_for_next()
        job = self.env.ref("meeting_management.ir_cron_send_robot_messages")
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", job.id)])
        self.assertIn(moment + timedelta(minutes=1), triggers.mapped("call_at"))
        with freeze_time(moment + timedelta(seconds=61)):
            self.assertEqual(len(self.post()), 3)
        self.assertEqual(robot.message_count, 23)

    def test_a_server_that_died_on_the_way(self):
        """RE-3: its message is not lost; while it may still be on its way nobody else sends it."""
        _robot, message = self.one()
        now = fields.Datetime.now()
        with freeze_time(now):
            self.assertEqual(self.outbox._take(), message)
            self.assertEqual(message.state, "sending")
            self.assertFalse(self.post())
        with freeze_time(now + timedelta(minutes=11)):
            self.assertEqual(len(self.post()), 1)
        self.assertEqual((message.state, message.attempts), ("sent", 2))

    def test_no_longer_of_interest(self):
        """A meeting cancelled before the group was told of it: the notice is not sent any more."""
        _robot, message = self.one()
        self.env["meeting.meeting"].browse(message.res_id).with_user(self.convener).action_cancel("Not needed")
        self.assertFalse(self.post())
        self.assertEqual(message.state, "void")

    def test_the_job_itself_commits(self):
        """By way of the real cron."""
        _robot, message = self.one()
        job = self.env.ref("meeting_management.ir_cron_send_robot_messages")
        with self.enter_registry_test_mode():
            self.assertIs(job.method_direct_trigger(), True)
        self.env.invalidate_all()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(self.server.received), 1)


class TestSetUp(RobotCommon):
    def test_off_until_it_is_switched_on(self):
        robot = self.make_robot(active=False)
        self.assertFalse(self.env["meeting.robot"].new({"name": "x"}).active)
        robot.active = True
        with self.assertRaises(ValidationError):
            self.env["meeting.robot"].create({"name": "No address", "active": True})

    def test_test_message(self):
        robot = self.make_robot(active=False, lang="zh_CN").with_user(self.env.ref("base.user_admin"))
        action = robot.action_test()
        self.assertEqual(action["params"]["type"], "success")
        self.assertTrue(robot.tested_at)
        self.assertIn(self.company.name, self.server.received[0]["body"]["markdown"]["content"])
        self.server.answers = [{"errcode": 93000, "errmsg": "invalid webhook url"}]
        with self.assertRaisesRegex(UserError, "invalid webhook url"):
            robot.action_test()
        with self.assertRaises(AccessError):
            robot.with_user(self.manager).action_test()

    def test_addresses_that_are_none(self):
        with patch.object(type(self.env["meeting.robot"]), "_plain_http_allowed", lambda robot: False):
            for address in (self.server.url(), "qyapi.weixin.qq.com/send", "https://", "javascript:alert(1)"):
                with self.assertRaisesRegex(ValidationError, "https://"), self.env.cr.savepoint():
                    self.make_robot(new_address=address)

    def test_plain_http_is_a_matter_of_tests_alone(self):
        from odoo.addons.meeting_management.models.meeting_robot import MeetingRobot

        self.assertFalse(MeetingRobot._plain_http_allowed(self.env["meeting.robot"]))


class TestTwoServers(BaseCase):
    """Real transactions: three servers empty the outbox at the same moment (RE-3)."""

    def setUp(self):
        super().setUp()
        self.server = RobotServer()
        self.addCleanup(self.server.close)
        self.registry = Registry(get_db_name())
        robots, outbox = self.registry["meeting.robot"], self.registry["meeting.robot.message"]
        for target, name, value in (
            (robots, "_plain_http_allowed", lambda robot: True),
            (robots, "_private_hosts", lambda robot: ("127.0.0.1",)),
            (outbox, "_text", lambda message: {"msgtype": "text", "text": {"content": str(message.id)}}),
        ):
            self.startPatcher(patch.object(target, name, value))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            robot = env["meeting.robot"].create({"name": "Shared", "new_address": self.server.url(), "active": True})
            messages = env["meeting.robot.message"].create(
                [
                    {"robot_id": robot.id, "res_model": "res.partner", "res_id": number, "step": "notice"}
                    for number in range(1, 13)
                ]
            )
            self.robot_id, self.ids = robot.id, messages.ids
        self.addCleanup(self.clean_up)

    def clean_up(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM meeting_robot WHERE id = %s", [self.robot_id])

    def test_each_message_arrives_once(self):
        barrier, errors = threading.Barrier(3, timeout=20), []

        def work():
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    cr.execute("SELECT count(*) FROM meeting_robot_message")  # all snapshots are open
                    barrier.wait()
                    env["meeting.robot.message"]._cron_send()
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["meeting.robot.message"]._cron_send()  # what all three left alone
        said = sorted(int(got["body"]["text"]["content"]) for got in self.server.received)
        self.assertEqual((said, errors), (sorted(self.ids), []))
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, attempts, count(*) FROM meeting_robot_message WHERE id = ANY(%s) GROUP BY 1, 2",
                [self.ids],
            )
            self.assertEqual(cr.fetchall(), [("sent", 1, 12)])
