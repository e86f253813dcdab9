"""What stays undone goes to superiors: the chain, who is passed over, what is said, and when it ends (RE-2, CF-1)."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.fields import Command, Datetime

from tests.reminders.test_rules import RuleCommon


class TestEscalation(RuleCommon):
    """Tasks of the member: Sales East under Sales; his superior is the convener, then the approver, then the boss."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.make_user("head", "Head Hu", cls.east, manager=cls.approver)
        cls.east.manager_id = cls.head.employee_id
        cls.rules.search([("escalate", "=", True)]).escalate = False  # only what each test is about
        cls.reminder(
            "task_due", "debtor", timing="after", number=0, escalate=True, escalate_number=1, escalate_levels=5
        )

    def late(self, **vals):
        task = self.task(self.held(**vals.pop("meeting", {})), **vals)
        task.action_assign()
        self.deliver()
        return task

    def told(self, task, days):
        """Run the jobs each day after the deadline; the superiors told, in order."""
        due = self.clock(task, "task_due").due
        told = []
        for day in range(1, days + 1):
            with freeze_time(due + timedelta(days=day, minutes=5)):
                self.watch()
                self.deliver()
            told += [
                row.partner_id.user_ids
                for row in self.rows(task, "escalated")
                if row.partner_id.user_ids not in told and row.state == "sent"
            ]
        return told

    def test_supervisor_head_superiors(self):
        """RE-2: one after the other, each after the interval, and each once."""
        task = self.late()
        self.assertEqual(self.told(task, 8), [self.chair, self.head, self.approver, self.boss, self.convener])
        clock = self.clock(task, "task_due")
        self.assertEqual((clock.escalation_level, clock.escalate_at), (5, False))
        levels = {row.step.rpartition(".")[2]: row.due for row in self.rows(task, "escalated")}
        self.assertEqual(len(levels), 5)
        due = clock.due
        for level, moment in levels.items():
            self.assertGreaterEqual(moment, due + timedelta(days=int(level)))

    def test_levels_end_it(self):
        self.weekly.reminder_rule_ids.filtered("escalate").escalate_levels = 2
        self.assertEqual(self.told(self.late(), 6), [self.chair, self.head])

    def test_who_is_away_is_passed_over(self):
        """RE-2, PT-3: on leave now; without a login; archived."""
        task = self.late()
        due = self.clock(task, "task_due").due
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Trip",
                "resource_id": self.head.employee_id.resource_id.id,
                "date_from": due,
                "date_to": due + timedelta(days=2, hours=12),
            }
        )
        self.approver.active = False
        self.assertEqual(self.told(task, 2), [self.chair, self.boss])

    def test_a_circle_in_the_chart_ends(self):
        """RE-2: never in a circle, never to whoever owes it."""
        self.approver.employee_id.parent_id = self.head.employee_id
        self.head.employee_id.parent_id = self.approver.employee_id
        self.assertEqual(self.told(self.late(), 8), [self.chair, self.head, self.approver, self.convener])

    def test_an_owner_who_heads_his_department(self):
        """RE-2: then his own superior is next."""
        self.east.manager_id = self.member.employee_id
        self.assertEqual(self.told(self.late(), 3)[:2], [self.chair, self.convener])

    def test_what_is_said(self):
        """RE-2: to the superior what, whose and how late; to the owner to whom it went, and on the record as well."""
        task = self.late()
        self.told(task, 1)
        mail = self.mails(self.chair.partner_id, "For your attention")
        self.assertEqual(mail.subject, "For your attention: Task to be done – Print the offer")
        for words in ("Member Ma", "1 day over", "Task to be done"):
            self.assertIn(words, mail.body_html)
        mail = self.mails(self.member.partner_id, "Reported to your superiors")
        self.assertIn("Reported to Chair Cheng on", mail.body_html)
        face = next(face for face in task.with_user(self.member).clock_data if face["kind"] == "task_due")
        self.assertIn("Reported to Chair Cheng on", face["superiors"])

    def test_done_is_done(self):
        """RE-2: it ends when the duty does; what has not left is taken back."""
        task = self.late()
        due = self.clock(task, "task_due").due
        with freeze_time(due + timedelta(days=1, minutes=5)):
            self.watch()
            task.with_user(self.member).action_acknowledge()
            task.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
            self.deliver()
        self.assertEqual(self.rows(task, "escalated").state, "void")
        self.assertEqual(self.told(task, 4), [])

    def test_who_may_not_read_it_hears_nothing(self):
        """CF-1: superiors outside a closed meeting are passed over; its convener and chair are told instead."""
        outside = (self.head | self.approver | self.boss).partner_id
        for level in ("participants", "secret"):
            with self.subTest(level):
                minutes = self.held(level=level)
                task = self.task(minutes)
                task.action_assign()
                self.deliver()
                self.assertEqual(self.told(task, 5), [self.chair, self.convener])
                self.assertFalse(self.rows(task).partner_id & outside)
                mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", outside.ids)])
                self.assertNotIn("Print the offer", " ".join(mails.mapped("body_html") + mails.mapped("subject")))
                for mail in self.mails(self.chair.partner_id):
                    self.assertNotIn("Print the offer", mail.subject)

    def test_an_application_that_waits(self):
        """RE-2, CF-1: the approver's superiors may not read a draft, so its convener learns that it waits."""
        self.reminder(
            "approval", "debtor", type_id=self.reception.id, timing="after", number=0, unit="hours", escalate=True
        )
        self.reception.step_ids[1:].unlink()
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        with freeze_time(self.clock(meeting, "approval").due + timedelta(days=1, minutes=5)):
            self.watch()
            self.deliver()
        self.assertEqual(self.rows(meeting, "escalated").partner_id, self.convener.partner_id)
        self.assertEqual(self.rows(meeting, "escalated_owner").partner_id, self.approver.partner_id)

    def test_overdue_long_since_is_not_flooded(self):
        """RE-3: a rule that comes late begins one interval from now, not with everything at once."""
        self.weekly.reminder_rule_ids.filtered("escalate").unlink()
        task = self.late()
        clock = self.clock(task, "task_due")
        with freeze_time(clock.due + timedelta(days=90)):
            self.reminder("task_due", "debtor", timing="after", number=0, escalate=True)
            self.watch()
            self.assertFalse(self.rows(task, "escalated"))
            self.assertEqual(clock.escalate_at, Datetime.now() + timedelta(days=1))

    def test_a_deadline_that_moves_takes_it_along(self):
        task = self.late()
        clock = self.clock(task, "task_due")
        self.told(task, 1)
        with freeze_time(clock.due + timedelta(days=1, minutes=10)):
            task.with_user(self.convener).deadline = task.deadline + timedelta(days=20)
            self.assertGreater(clock.escalate_at, clock.due)
            self.watch()
        self.assertEqual(clock.escalation_level, 1)

    def test_one_that_breaks_stops_no_other(self):
        """RE-4: it is tried again later."""
        first, second = self.late(), self.late(meeting={"start": self.days_ahead(8)}, name="Second")
        Task = type(first)
        original = Task._clock_supervisors

        def supervisors(task, clock):
            if task.id == first.id:
                raise ValueError("broken chart")
            return original(task, clock)

        due = self.clock(first, "task_due").due
        with (
            patch.object(Task, "_clock_supervisors", supervisors),
            freeze_time(due + timedelta(days=1, minutes=5)),
            self.assertLogs("odoo.addons.meeting_management", "WARNING"),
        ):
            self.watch()
        self.assertTrue(self.rows(second, "escalated"))
        self.assertFalse(self.rows(first, "escalated"))
        with freeze_time(due + timedelta(days=1, hours=2)):
            self.watch()
        self.assertTrue(self.rows(first, "escalated"))

    def test_the_job_wakes_when_it_is_time(self):
        """RE-3: a trigger stands at the moment the first superior is to be told."""
        task = self.late()
        job = self.env.ref("meeting_management.ir_cron_watch_clocks")
        with self.enter_registry_test_mode():
            self.assertIs(job.method_direct_trigger(), True)
        self.env.invalidate_all()
        moments = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", job.id)]).mapped("call_at")
        self.assertTrue([moment for moment in moments if moment <= self.clock(task, "task_due").escalate_at])

    def test_departments_above(self):
        """RE-2: where nobody has a superior on the chart, the heads of the departments above are told."""
        for user in (self.member, self.head, self.approver):
            user.employee_id.parent_id = False
        top = self.env["hr.department"].create({"name": "Division", "manager_id": self.boss.employee_id.id})
        self.sales.parent_id = top
        self.assertEqual(self.told(self.late(), 4), [self.chair, self.head, self.approver, self.boss])

    def test_assistants_are_not_superiors(self):
        task = self.late(assistant_ids=[Command.link(self.outsider.id)])
        self.assertNotIn(self.outsider, self.told(task, 8))

    def test_planning_again_puts_it_off_no_further(self):
        """RE-3: a rule that comes late begins one interval from then, however often the task is edited meanwhile; and
        a job that ran late leaves an interval between two superiors, edits or not."""
        self.weekly.reminder_rule_ids.filtered("escalate").unlink()
        task = self.late()
        clock = self.clock(task, "task_due")
        late = clock.due + timedelta(days=90)
        with freeze_time(late):
            self.reminder("task_due", "debtor", timing="after", number=0, escalate=True)
            self.watch()
        for hours in (5, 10, 20):
            with freeze_time(late + timedelta(hours=hours)):
                task.with_user(self.convener).urgency = "urgent" if hours == 10 else "normal"
                self.assertEqual(clock.escalate_at, late + timedelta(days=1))
        with freeze_time(late + timedelta(days=1, hours=6)):
            self.watch()
            self.assertEqual(clock.escalation_level, 1)
            task.with_user(self.convener).urgency = "urgent"
            self.assertEqual(clock.escalate_at, late + timedelta(days=2, hours=6))

    def test_owed_again_begins_with_those_not_told_yet(self):
        """RE-2: a result that is returned is owed again; the owner is told each time that it went up."""
        task = self.late()
        self.assertEqual(self.told(task, 1), [self.chair])
        with freeze_time(self.clock(task, "task_due").due + timedelta(days=1, hours=2)):
            task.with_user(self.member).action_acknowledge()
            task.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
            task.with_user(self.chair).action_return("A page is missing")
        self.assertEqual(self.told(task, 3)[1:2], [self.head])
        told = self.rows(task, "escalated_owner").filtered(lambda row: row.state == "sent")
        self.assertEqual(len(told), len(self.rows(task, "escalated").filtered(lambda row: row.state == "sent")))
