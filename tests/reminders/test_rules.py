"""Rules become rows of the ledger, and rows follow rules, clocks and people (RE-1 to RE-3)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class RuleCommon(NoticeCommon, OutcomeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.rules = cls.env["meeting.reminder.rule"]

    def waiting(self, record, step=None, partner=None):
        return self.rows(record, step, partner).filtered(lambda row: row.state == "pending")

    def clock(self, record, kind):
        return (
            self.env["meeting.clock"]
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id), ("kind", "=", kind)])
            .sorted("id")[-1:]
        )

    def watch(self):
        """What the watching job does, without its commits."""
        clocks = self.env["meeting.clock"].sudo()
        while late := clocks._lock_late(50):
            late._escalate()
        while marked := clocks._lock_marked(50):
            marked._follow_again()


class TestRules(RuleCommon):
    # -- which rules hold ---------------------------------------------------------------------------------------

    def test_shipped_rules_cover_every_duty(self):
        """RE-1, RE-2: nothing that can be owed is without a reminder."""
        shipped = set(self.rules.search([("type_id", "=", False)]).mapped("kind"))
        self.assertEqual(shipped, set(self.env["meeting.clock"]._kinds()))
        for rule in self.rules.search([]):
            self.assertTrue(rule.step and rule.role_ids and rule.sentence, rule.kind)
            self.assertTrue(self.env.ref(f"meeting_management.notice_{rule.step}"))

    def test_lines_of_a_type_replace_the_common_ones(self):
        """RE-1: for that duty alone."""
        self.remind_before(45)
        meeting = self.schedule(self.make_meeting())
        partner = self.member.partner_id
        self.assertEqual(
            self.waiting(meeting, "remind", partner).mapped("due"), [meeting.start - timedelta(minutes=45)]
        )
        self.assertTrue(self.waiting(meeting, "answer", partner), "another duty keeps the common rules")
        other = self.schedule(self.make_meeting(name="Other", type_id=self.reception.id))
        self.assertEqual(len(self.waiting(other, "remind", partner)), 3)

    def test_no_reminder_at_all(self):
        """RE-1: a type may want none."""
        self.rules.create({"type_id": self.weekly.id, "kind": "meeting", "never": True})
        meeting = self.schedule(self.make_meeting())
        self.assertFalse(self.rows(meeting, "remind"))

    def test_lines_of_a_company(self):
        """RE-1: they stand between the type's and the common ones; another company's do not count."""
        branch = self.env["res.company"].create({"name": "Branch"})
        for company, minutes in ((self.company, 20), (branch, 30)):
            self.reminder(
                "meeting", "participants", type_id=False, company_id=company.id, number=minutes, unit="minutes"
            )
        meeting = self.schedule(self.make_meeting())
        rows = self.waiting(meeting, "remind", self.member.partner_id)
        self.assertEqual(rows.mapped("due"), [meeting.start - timedelta(minutes=20)])
        self.remind_before(5)
        self.watch()
        rows = self.waiting(meeting, "remind", self.member.partner_id)
        self.assertEqual(rows.mapped("due"), [meeting.start - timedelta(minutes=5)])

    def test_conditions(self):
        """RE-1: only if urgent, only unless confidential."""
        for condition, urgent, level, expected in (
            ("urgent", True, "public", True),
            ("urgent", False, "public", False),
            ("calm", True, "public", False),
            ("calm", False, "public", True),
            ("open", False, "internal", True),
            ("open", False, "participants", False),
        ):
            with self.subTest(condition=condition, urgent=urgent, level=level):
                self.weekly.reminder_rule_ids.unlink()
                self.reminder("meeting", "participants", condition=condition)
                meeting = self.schedule(self.make_meeting(is_urgent=urgent, level=level))
                self.assertEqual(bool(self.waiting(meeting, "remind")), expected)

    # -- moments ------------------------------------------------------------------------------------------------

    def test_repeated(self):
        """RE-2: every N units, M times, before and after."""
        self.reminder("meeting", "chair", number=3, unit="hours", every=1, repeat=5)
        meeting = self.schedule(self.make_meeting())
        dues = sorted(self.waiting(meeting, "remind", self.chair.partner_id).mapped("due"))
        self.assertEqual(dues, [meeting.start - timedelta(hours=hours) for hours in (3, 2, 1, 0)])
        self.reminder("minutes_draft", "debtor", timing="after", number=1, unit="hours", every=2, repeat=2)
        minutes = self.held()
        dues = sorted(self.waiting(minutes, "minutes_overdue").mapped("due"))
        self.assertEqual(dues, [minutes.due_at + timedelta(hours=hours) for hours in (1, 3, 5)])

    def test_after_the_beginning(self):
        """RE-2"""
        self.reminder("minutes_read", "debtor", timing="start", number=2, unit="hours")
        minutes = self.publish(self.held())
        rows = self.waiting(minutes, "unread")
        self.assertEqual(set(rows.mapped("due")), {minutes.published_at + timedelta(hours=2)})

    def test_nothing_is_planned_for_the_past(self):
        """RE-3: a rule that comes late owes what is still to come."""
        meeting = self.schedule(self.make_meeting())
        with freeze_time(meeting.start - timedelta(minutes=50)):
            self.remind_before(1440, 60, 10)
            self.watch()
            rows = self.waiting(meeting, "remind", self.member.partner_id)
            self.assertEqual(rows.mapped("due"), [meeting.start - timedelta(minutes=10)])

    def test_a_reminder_before_the_limit_is_not_sent_after_it(self):
        """RE-3: one after it is sent late rather than never."""
        self.reminder("minutes_draft", "debtor", timing="before", number=1, unit="hours")
        self.reminder("minutes_draft", "debtor", timing="after", number=1, unit="hours")
        minutes = self.held()
        self.deliver()
        with freeze_time(minutes.due_at + timedelta(days=3)):
            self.deliver()
        self.assertEqual(self.rows(minutes, "limit_soon").state, "void")
        self.assertEqual(self.rows(minutes, "minutes_overdue").state, "sent")

    # -- who ----------------------------------------------------------------------------------------------------

    def test_recipients_by_role(self):
        """RE-2: whoever owes it, and the others the rule names, each in his own words where there are any."""
        self.reminder(
            "answer",
            "debtor",
            "convener",
            "chair",
            "minute_taker",
            "secretary",
            "participants",
            timing="after",
            number=0,
        )
        meeting = self.schedule(self.make_meeting())
        answer = self.waiting(meeting, "answer").partner_id
        self.assertEqual(answer, meeting.participant_ids.partner_id)
        self.assertEqual(
            self.waiting(meeting, "unanswered").partner_id,
            (self.convener | self.secretary | self.manager).partner_id
            | self.env.ref("meeting_management.group_secretary").all_user_ids.partner_id
            - meeting.participant_ids.partner_id,
        )
        secret = self.schedule(self.make_meeting(level="participants"))
        self.assertNotIn(self.secretary.partner_id, self.rows(secret).partner_id, "CF-1")

    def test_who_no_longer_owes_it_gets_nothing(self):
        """RE-3: asked again when the message leaves."""
        self.reminder("minutes_read", "debtor", "convener", timing="after", number=0, unit="hours")
        minutes = self.publish(self.held())
        minutes.with_user(self.member).action_mark_read()
        with freeze_time(minutes.published_at + timedelta(hours=73)):
            self.deliver()
        states = {row.partner_id: row.state for row in self.rows(minutes, "unread")}
        self.assertEqual(states[self.member.partner_id], "void")
        self.assertEqual(states[self.chair.partner_id], "sent")
        self.assertEqual(states[self.convener.partner_id], "sent", "his role owes it to him, read or not")

    def test_task_roles(self):
        """RE-2, RS-4: owner, assistants, supervisor, the owner's superior."""
        self.reminder("task_due", "debtor", "assistants", "supervisor", "superior", timing="after", number=1)
        task = self.task(self.held(), assistant_ids=[Command.link(self.boss.id)])
        task.action_assign()
        people = (self.member | self.boss | self.chair | self.convener).partner_id
        self.assertEqual(self.waiting(task, "task_overdue").partner_id, people)

    # -- following ----------------------------------------------------------------------------------------------

    def test_planning_again_changes_nothing(self):
        """RE-3: the ledger is a function of the facts; the same rows, the same moments, no write."""
        meeting = self.schedule(self.make_meeting())
        before = [(row.id, row.step, row.due, row.state, row.write_date) for row in self.rows(meeting)]
        for _again in range(2):
            with freeze_time(Datetime.now() + timedelta(minutes=1)):
                meeting._follow_clocks()
        self.env.invalidate_all()
        self.assertEqual([(row.id, row.step, row.due, row.state, row.write_date) for row in self.rows(meeting)], before)

    def test_a_rule_that_changes_moves_what_is_open(self):
        """RE-1: in batches by the job; what has left stays as it was."""
        self.remind_before(2880, 60)
        meeting = self.schedule(self.make_meeting())
        partner = self.member.partner_id
        with freeze_time(meeting.start - timedelta(minutes=2870)):
            self.deliver()
        rule = self.weekly.reminder_rule_ids.filtered(lambda rule: rule.unit == "minutes")
        with freeze_time(meeting.start - timedelta(minutes=2860)):
            rule.number = 30
            self.assertTrue(self.clock(meeting, "meeting").needs_plan)
            self.watch()
        rows = self.rows(meeting, "remind", partner)
        self.assertEqual(
            sorted((row.state, row.due) for row in rows),
            [("pending", meeting.start - timedelta(minutes=30)), ("sent", meeting.start - timedelta(minutes=2880))],
        )
        with freeze_time(meeting.start - timedelta(minutes=2850)):
            rule.unlink()
            self.watch()
        self.assertFalse(self.waiting(meeting, "remind", partner))
        self.assertEqual(self.env["meeting.clock"].sudo().search_count([("needs_plan", "=", True)]), 0)

    def test_archived_and_turned_off(self):
        self.remind_before(60)
        meeting = self.schedule(self.make_meeting())
        self.weekly.reminder_rule_ids.action_archive()
        self.watch()
        self.assertEqual(len(self.waiting(meeting, "remind", self.member.partner_id)), 3, "the common rules hold again")

    def test_owed_anew_after_a_move(self):
        """RE-3: sent for one moment, owed for another under a key of its own, once each."""
        self.remind_before(60)
        meeting = self.schedule(self.make_meeting())
        first, partner = meeting.start, self.member.partner_id
        with freeze_time(first - timedelta(minutes=55)):
            self.deliver()
            meeting._reschedule({"start": first + timedelta(days=2)}, "Later")
        with freeze_time(first + timedelta(days=2, minutes=-55)):
            self.deliver()
            self.deliver()
        steps = self.rows(meeting, "remind", partner).filtered(lambda row: row.state == "sent").mapped("step")
        self.assertEqual(
            [step.partition("@")[2] for step in steps], ["", f"{first + timedelta(days=2, hours=-1):%Y%m%d%H%M}"]
        )

    def test_cancelled_rows_say_so(self):
        meeting = self.schedule(self.make_meeting())
        meeting.action_cancel("No client")
        rows = self.rows(meeting, "remind") | self.rows(meeting, "answer")
        self.assertEqual(set(rows.mapped("state")), {"void"})
        self.assertEqual(set(rows.mapped("reason")), {"cancelled"})
        self.assertEqual(self.clock(meeting, "answer").state, "dropped")

    def test_a_person_who_leaves_the_list(self):
        meeting = self.schedule(self.make_meeting())
        self.participant(meeting, self.member.partner_id).with_user(self.convener).unlink()
        self.assertFalse(self.waiting(meeting, "remind", self.member.partner_id))

    def test_a_broken_document_stops_no_other(self):
        """RE-4: one rule that cannot be planned leaves the others planned."""
        broken, healthy = self.schedule(self.make_meeting()), self.schedule(self.make_meeting(name="Healthy"))
        self.rules.create({"type_id": self.weekly.id, "kind": "meeting", "never": True})
        original = type(broken)._clocks

        def clocks(meeting, time):
            if meeting.id == broken.id:
                raise ValueError("broken")
            return original(meeting, time)

        self.patch(type(broken), "_clocks", clocks)
        with self.assertLogs("odoo.addons.meeting_management", "WARNING"):
            self.watch()
        self.assertFalse(self.waiting(healthy, "remind"))
        self.assertFalse(self.env["meeting.clock"].sudo().search_count([("needs_plan", "=", True)]))

    def test_one_and_fifty_meetings_cost_the_same_queries(self):
        """PERFORMANCE section 6: planning does not grow with the number of documents."""
        counts = []
        for number in (1, 50):
            meetings = self.env["meeting.meeting"].union(
                *(self.schedule(self.make_meeting(name=f"{number}-{index}")) for index in range(number))
            )
            self.remind_before(60 + number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            meetings._follow_clocks()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self.waiting(meetings[-1:], "remind", self.member.partner_id)), 1)
        self.assertLessEqual(counts[1], counts[0] + 6, counts)

    def test_the_job_itself(self):
        """RE-3: by way of the real cron, woken by the change of a rule."""
        meeting = self.schedule(self.make_meeting())
        self.remind_before(30)
        job = self.env.ref("meeting_management.ir_cron_watch_clocks")
        with self.enter_registry_test_mode():
            self.assertIs(job.method_direct_trigger(), True)
        self.env.invalidate_all()
        self.assertEqual(len(self.waiting(meeting, "remind", self.member.partner_id)), 1)

    # -- screens and rights -------------------------------------------------------------------------------------

    def test_sentences(self):
        """RE-1: each rule reads as people say it."""
        for vals, roles, words in (
            (
                {"kind": "task_due", "number": 1, "working": True},
                ("debtor",),
                "1 day before the task is due, to whoever owes it, in working time",
            ),
            (
                {"kind": "meeting", "number": 15, "unit": "minutes"},
                ("participants",),
                "15 minutes before the meeting begins, to all participants",
            ),
            (
                {"kind": "answer", "timing": "after", "number": 0},
                ("convener", "chair"),
                "When the answer is due, to the convener and the chair",
            ),
            (
                {"kind": "approval", "timing": "start", "number": 2, "unit": "hours", "every": 4, "repeat": 2},
                ("debtor",),
                "2 hours after the approver was asked, to whoever owes it, then every 4 hours, 2 times",
            ),
            (
                {"kind": "task_due", "timing": "after", "number": 0, "unit": "hours", "every": 4, "repeat": 1},
                ("debtor",),
                "When the task is due, to whoever owes it, once more after 4 hours",
            ),
            (
                {"kind": "minutes_draft", "timing": "after", "number": 1, "escalate": True, "escalate_number": 2},
                ("debtor",),
                "1 day after the draft of the minutes is due, to whoever owes it, "
                "to the superiors after every 2 days more",
            ),
        ):
            self.assertEqual(self.make_rule(vals, roles).sentence, words)
        never = self.rules.create({"type_id": self.weekly.id, "kind": "meeting", "never": True})
        self.assertEqual(never.sentence, "Start of the meeting: nobody is reminded")

    def make_rule(self, vals, roles):
        vals = dict(vals)
        return self.reminder(vals.pop("kind"), *roles, **vals)

    def test_rules_that_make_no_sense_are_refused(self):
        for vals, roles in (
            ({"kind": "meeting", "timing": "after"}, ("participants",)),
            ({"kind": "agreement", "timing": "start"}, ("debtor",)),
            ({"kind": "answer"}, ()),
            ({"kind": "answer", "timing": "after", "escalate": True}, ("debtor",)),
            ({"kind": "task_due", "timing": "before", "escalate": True}, ("debtor",)),
        ):
            with self.subTest(**vals), self.assertRaises(ValidationError):
                self.make_rule(vals, roles)
        for vals in ({"number": -1}, {"repeat": 31}, {"every": 0}, {"escalate_levels": 0}):
            with self.subTest(**vals), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.make_rule({"kind": "task_due", **vals}, ("debtor",))
                self.env.flush_all()

    def test_the_screens(self):
        """CF-6: the list, and the tab on the type with what else holds."""
        with Form(self.rules.with_user(self.manager)) as form:
            form.kind = "task_due"
            form.role_ids.add(self.env.ref("meeting_management.reminder_role_debtor"))
        self.assertEqual(form.record.step, "task_due")
        kind = self.weekly.with_user(self.manager)
        self.assertIn("1 hour before the meeting begins", kind.common_rule_text)
        with Form(kind) as form, form.reminder_rule_ids.new() as line:
            line.kind = "meeting"
            line.number = 2
            line.role_ids.add(self.env.ref("meeting_management.reminder_role_chair"))
        self.assertNotIn("before the meeting begins, to all participants", kind.common_rule_text)
        copied = kind.copy()
        self.assertEqual(copied.reminder_rule_ids.mapped("number"), [2])

    def test_channels_are_known_to_the_ledger(self):
        """RE-1: another chapter sends them."""
        self.weekly.reminder_rule_ids.unlink()
        self.reminder("meeting", "participants", channel="sms")
        meeting = self.schedule(self.make_meeting())
        self.assertEqual(set(self.waiting(meeting, "remind").mapped("channel")), {"sms"})
        self.assertEqual(set(self.rows(meeting, "notice").mapped("channel")), {"preference"})

    def test_role_and_operation(self):
        """CF-6: rules are kept by administrators; the list of recipients by nobody; everybody reads both."""
        for model, keeper in (("meeting.reminder.rule", self.manager), ("meeting.reminder.role", None)):
            for user in (self.member, self.secretary, self.room_manager, self.hr, self.manager):
                records = self.env[model].with_user(user)
                self.assertTrue(records.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, login=user.login, operation=operation):
                        self.assertEqual(records.has_access(operation), user == keeper)
        with self.assertRaises(AccessError):
            self.rules.search([], limit=1).with_user(self.member).number = 3

    def test_rules_of_another_company_are_not_shown(self):
        """RE-1: multi-company."""
        branch = self.env["res.company"].create({"name": "Branch"})
        rule = self.reminder("meeting", "participants", type_id=False, company_id=branch.id)
        self.assertNotIn(rule, self.rules.with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            rule.with_user(self.manager).read(["number"])

    def test_a_fixed_date_is_not_paused(self):
        meeting = self.schedule(self.make_meeting())
        with self.assertRaises(UserError):
            self.clock(meeting, "answer").with_user(self.convener).action_pause()


class TestFacts(RuleCommon):
    """What the ledger must not lose, and must not invent."""

    def test_an_edit_while_the_job_is_late_loses_nothing(self):
        """RE-3: late rather than never, whatever happens to the document in between."""
        self.reminder("minutes_draft", "debtor", timing="after", number=1, unit="hours")
        minutes = self.held()
        with freeze_time(minutes.due_at + timedelta(hours=1, minutes=5)):
            minutes.sudo().urgency = "urgent"
            self.assertEqual(len(self.waiting(minutes, "minutes_overdue")), 1)
            self.deliver()
        self.assertEqual(self.rows(minutes, "minutes_overdue").state, "sent")

    def test_another_superior_is_told_instead(self):
        """RE-2: reminders to superiors follow the organisation chart."""
        self.reminder("task_due", "superior", timing="after", number=1)
        task = self.task(self.held())
        task.action_assign()
        self.assertEqual(self.waiting(task, "task_overdue").partner_id, self.convener.partner_id)
        self.member.employee_id.parent_id = self.boss.employee_id
        self.watch()
        self.assertEqual(self.waiting(task, "task_overdue").partner_id, self.boss.partner_id)

    def test_no_limit_for_a_state_of_affairs_that_never_was(self):
        """RE-2: a verb that changes several facts leaves one clock per duty, and one that was met stays met."""
        minutes = self.held()
        task = self.task(minutes)
        task.action_assign()
        task.with_user(self.member).action_refuse("No time")
        task.with_user(self.minute_taker).owner_id = self.outsider
        task.with_user(self.minute_taker).action_assign()
        clocks = self.env["meeting.clock"].sudo().search([("res_model", "=", task._name), ("res_id", "=", task.id)])
        first = clocks.filtered(lambda clock: clock.key == "1")
        self.assertEqual(first.user_id, self.member)
        self.assertEqual(first.filtered(lambda clock: clock.kind == "task_acknowledge").state, "done")
        self.approve(minutes)
        keys = self.env["meeting.clock"].sudo().search([("res_model", "=", minutes._name), ("res_id", "=", minutes.id)])
        self.assertEqual(
            sorted(keys.mapped(lambda clock: (clock.kind, clock.key))),
            [("minutes_draft", ""), ("minutes_review", "1"), ("publication", "1")],
        )

    def test_a_mark_forgets_nothing_that_is_not_written_yet(self):
        """RE-3: marked, planned, and marked again in one transaction."""
        task = self.task(self.held())
        task.action_assign()
        clock = self.clock(task, "task_due")
        clock._mark([("kind", "=", "task_due")])
        clock.needs_plan = False
        clock._mark([("kind", "=", "task_due")])
        self.env.flush_all()
        self.assertTrue(clock.needs_plan)
