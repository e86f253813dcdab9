"""Reminders that stood on meeting types become rules, and no administrator's value is lost."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from odoo.fields import Datetime

from tests.reminders.test_rules import RuleCommon

SCRIPT = (
    Path(__file__).resolve().parents[2]
    / "meeting_management" / "migrations" / "19.0.1.2.0" / "post-reminder-rules.py"
)  # fmt: skip


class TestMigration(RuleCommon):
    def setUp(self):
        """A database of the version before: its table, its columns, its rows in the ledger."""
        super().setUp()
        self.usual = self.weekly.copy({"name": "Usual"})
        self.own = self.weekly.copy({"name": "Own"})
        self.silent = self.weekly.copy({"name": "Silent"})
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("CREATE TABLE meeting_type_reminder (id serial, type_id int, minutes_before int)")
        rows = [(self.usual.id, m) for m in (1440, 60, 15)] + [(self.own.id, m) for m in (2880, 90)]
        cr.executemany("INSERT INTO meeting_type_reminder (type_id, minutes_before) VALUES (%s, %s)", rows)
        cr.execute(
            """ALTER TABLE meeting_type ADD COLUMN answer_remind_hours int DEFAULT 4,
                ADD COLUMN approval_remind_hours int DEFAULT 24, ADD COLUMN agreement_remind_hours int DEFAULT 24,
                ADD COLUMN task_reminder_days int DEFAULT 1"""
        )
        cr.execute(
            """UPDATE meeting_type SET answer_remind_hours = 6, approval_remind_hours = 48, agreement_remind_hours = 12,
                task_reminder_days = 3 WHERE id = %s""",
            [self.own.id],
        )
        cr.execute(
            """UPDATE meeting_type SET answer_remind_hours = 0, approval_remind_hours = 0, agreement_remind_hours = 0,
                task_reminder_days = 0 WHERE id = %s""",
            [self.silent.id],
        )

    def migrate(self):
        spec = spec_from_file_location("post_reminder_rules", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def sentences(self, kind, duty):
        return kind.reminder_rule_ids.filtered(lambda rule: rule.kind == duty).mapped("sentence")

    def test_values_survive(self):
        """RE-1: what differs from the common rules becomes lines of the type; what equals them does not."""
        self.migrate()
        self.assertFalse(self.usual.reminder_rule_ids)
        self.assertEqual(
            sorted(self.sentences(self.own, "meeting")),
            [
                "2 days before the meeting begins, to all participants",
                "90 minutes before the meeting begins, to all participants",
            ],
        )
        for duty, expected in (
            ("answer", "6 hours before the answer is due, to whoever owes it"),
            ("approval", "2 days after the approver was asked, to whoever owes it"),
            ("agreement", "12 hours before the meeting begins, to whoever owes it"),
            ("task_due", "3 days before the task is due, to whoever owes it and the assistants, in working time"),
        ):
            self.assertIn(expected, self.sentences(self.own, duty))
        self.assertIn("When the answer is due, to the convener", self.sentences(self.own, "answer"), "the rest stays")
        self.assertEqual(self.sentences(self.silent, "meeting"), ["Start of the meeting: nobody is reminded"])
        self.assertEqual(self.sentences(self.silent, "agreement"), ["Agreement to be signed: nobody is reminded"])
        self.assertEqual(self.sentences(self.silent, "answer"), ["When the answer is due, to the convener"])

    def test_types_that_ship_keep_their_own_old_lines(self):
        """A company that changed the reminders of a shipped type finds its own again, not the shipped ones."""
        shift = self.env.ref("meeting_management.meeting_type_shift_handover")
        self.env.cr.execute(
            "INSERT INTO meeting_type_reminder (type_id, minutes_before) VALUES (%s, 5), (%s, 30)", [shift.id] * 2
        )
        self.migrate()
        self.assertEqual(sorted(shift.reminder_rule_ids.mapped("number")), [5, 30])

    def test_what_is_open_gets_clocks_and_new_rows(self):
        """RE-3: rows of the old planners are taken back, each reminder is owed once."""
        meeting = self.schedule(self.make_meeting(type_id=self.own.id))
        minutes = self.held(start=self.days_ahead(8))
        task = self.task(minutes)
        task.action_assign()
        self.env["meeting.clock"].sudo().search([]).unlink()
        self.env.cr.execute("DELETE FROM meeting_notification WHERE step ~ '[.]'")
        partner = self.member.partner_id
        old = self.ledger._queue(meeting, "remind:60", partner, due=meeting.start - timedelta(hours=1))
        sent = self.ledger._queue(meeting, "remind:2880", partner, due=Datetime.now() - timedelta(hours=1))
        sent.state = "sent"
        self.migrate()
        self.assertEqual((old.state, sent.state), ("void", "sent"))
        self.assertEqual(
            set(self.waiting(meeting, "remind", partner).mapped("due")),
            {meeting.start - timedelta(days=2), meeting.start - timedelta(minutes=90)},
        )
        self.assertEqual(self.clock(minutes, "minutes_draft").due, minutes.due_at)
        self.assertTrue(self.waiting(task, "task_overdue"))

    def test_twice_does_no_harm(self):
        """An upgrade that is run again finds its own rules, and nothing is owed twice."""
        meeting = self.schedule(self.make_meeting(type_id=self.own.id))
        self.migrate()
        before = self.waiting(meeting).mapped("step")
        self.migrate()
        self.assertEqual(len(self.waiting(meeting)), len(before))
        self.assertEqual(len(self.sentences(self.own, "meeting")), 2)
