"""From the end of the meeting to approved minutes."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from tests.outcome import OutcomeCommon


class TestWriteAndReview(OutcomeCommon):
    def test_the_end_of_the_meeting_brings_a_draft_and_a_deadline(self):
        """MN-1, MN-2"""
        minutes = self.held()
        meeting = minutes.meeting_id
        self.assertEqual((minutes.state, minutes.name), ("draft", "Spring offer"))
        self.assertEqual(minutes.due_at, meeting.actual_stop + timedelta(hours=24))
        self.assertIn("Agree on the spring offer", minutes.introduction)
        self.assertRegex(minutes.number, r"^MIN/20\d\d/\d{4}$")
        self.assertEqual(self.told(minutes, "minutes_due"), self.minute_taker.partner_id)
        self.assertEqual(self.told(minutes, "minutes_overdue"), self.minute_taker.partner_id)

    def test_the_deadline_is_the_types(self):
        """MN-2: the hours are policy, not code."""
        self.weekly.minutes_due_hours = 6
        minutes = self.held()
        self.assertEqual(minutes.due_at, minutes.meeting_id.actual_stop + timedelta(hours=6))

    def test_numbers_run_without_gaps_per_company(self):
        """MN-8"""
        first, second = self.held(), self.held(start=self.days_ahead(8))
        self.assertEqual(int(second.number[-4:]), int(first.number[-4:]) + 1)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.env["ir.sequence"]._meeting_next("meeting.minutes", other)[-4:], "0001")

    def test_a_meeting_has_one_set_of_minutes(self):
        minutes = self.held()
        self.assertIsInstance(minutes.meeting_id._refusal_draft_minutes(), UserError)
        action = minutes.meeting_id.with_user(self.minute_taker).action_open_minutes()
        self.assertEqual(action["res_id"], minutes.id)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["meeting.minutes"].create({"meeting_id": minutes.meeting_id.id})

    def test_minutes_of_imported_history_are_drafted_on_demand(self):
        """MN-1: a meeting imported as held gets its draft from those who run it, from nobody else."""
        meeting = (
            self.env["meeting.meeting"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Old",
                    "type_id": self.weekly.id,
                    "state": "held",
                    "start": self.days_ahead(-9),
                    "convener_id": self.convener.id,
                    "chair_id": self.chair.id,
                    "minute_taker_id": self.minute_taker.id,
                }
            )
        )
        self.assertFalse(meeting.minutes_ids)
        with self.assertRaises(AccessError):
            meeting.with_user(self.member).action_open_minutes()
        meeting.with_user(self.minute_taker).action_open_minutes()
        self.assertEqual(meeting.sudo().minutes_ids.state, "draft")

    def test_overdue_drafts_are_found_and_seen(self):
        """MN-2: the computed flag and the search agree."""
        minutes = self.held()
        Minutes = self.env["meeting.minutes"].with_user(self.minute_taker)
        self.assertFalse(minutes.is_overdue)
        self.assertNotIn(minutes, Minutes.search([("is_overdue", "=", True)]))
        with freeze_time(minutes.due_at + timedelta(minutes=1)):
            minutes.invalidate_recordset(["is_overdue"])
            self.assertTrue(minutes.is_overdue)
            self.assertIn(minutes, Minutes.search([("is_overdue", "=", True)]))
            self.assertNotIn(minutes, Minutes.search([("is_overdue", "=", False)]))

    def test_topics_are_written_in_the_minutes_form(self):
        """MN-1, LV-5: nothing is typed twice."""
        minutes = self.held()
        with Form(minutes, view="meeting_management.meeting_minutes_view_form") as form:
            form.closing = "<p>Next week again.</p>"
            with form.agenda_item_ids.edit(0) as topic:
                topic.conclusion = "<p>Six percent.</p>"
        self.assertIn("Six percent", minutes.meeting_id.agenda_item_ids.conclusion)
        self.assertIn("Next week", minutes.closing)

    def test_empty_minutes_are_not_submitted(self):
        minutes = self.held()
        minutes.meeting_id.agenda_item_ids.write({"notes": False, "conclusion": "<p><br></p>", "dissent": False})
        minutes.introduction = False
        with self.assertRaises(ValidationError):
            minutes.action_submit()

    def test_the_chair_reviews(self):
        """MN-3"""
        minutes = self.held()
        minutes.action_submit()
        self.assertEqual(self.told(minutes, "minutes_review"), self.chair.partner_id)
        self.assertFalse(self.told(minutes, "minutes_overdue"))
        with freeze_time("2030-01-07 08:00:00"):
            minutes.with_user(self.chair).action_approve()
        self.assertEqual((minutes.state, minutes.approved_by_id), ("approved", self.chair))
        self.assertEqual(str(minutes.publish_due_at), "2030-01-09 08:00:00")

    def test_the_named_reviewer_decides_without_being_a_writer(self):
        """MN-3"""
        self.weekly.write({"minutes_reviewer": "user", "minutes_reviewer_id": self.outsider.id})
        minutes = self.held()
        minutes.action_submit()
        by_reviewer = minutes.with_user(self.outsider)
        self.assertEqual(by_reviewer.reviewer_id, self.outsider)
        with self.assertRaises(AccessError):
            by_reviewer.write({"introduction": "<p>Mine</p>"})
        by_reviewer.action_approve()
        self.assertEqual(minutes.approved_by_id, self.outsider)

    def test_nobody_else_decides(self):
        """MN-3: not the writer, not the secretary, not an administrator."""
        minutes = self.held()
        minutes.action_submit()
        for user in (self.minute_taker, self.secretary, self.manager, self.convener):
            with self.subTest(user=user.name):
                self.assertFalse(minutes.with_user(user).can_approve)
                with self.assertRaises(AccessError):
                    minutes.with_user(user).action_approve()
                with self.assertRaises(AccessError):
                    minutes.with_user(user).action_send_back(reason="No")

    def test_the_minute_taker_as_reviewer_needs_the_chair(self):
        """MN-3: one may not pass one's own draft, unless one is the chair."""
        self.weekly.write({"minutes_reviewer": "user", "minutes_reviewer_id": self.minute_taker.id})
        minutes = self.held()
        minutes.action_submit()
        with self.assertRaises(AccessError):
            minutes.action_approve()
        minutes.with_user(self.chair).action_approve()

        self.weekly.write({"minutes_reviewer": "chair", "minutes_reviewer_id": False})
        own = self.held(start=self.days_ahead(8), minute_taker_id=self.chair.id).with_user(self.chair)
        own.action_submit()
        own.action_approve()
        self.assertEqual(own.state, "approved")

    def test_sent_back_with_remarks_nothing_is_lost(self):
        """MN-3"""
        minutes = self.held()
        minutes.closing = "<p>Kept.</p>"
        minutes.action_submit()
        dialogue = minutes.with_user(self.chair).action_send_back()
        wizard = self.env[dialogue["res_model"]].with_user(self.chair).browse(dialogue["res_id"])
        wizard.reason = "Name the amount"
        wizard.action_confirm()
        self.assertEqual((minutes.state, minutes.review_remarks), ("draft", "Name the amount"))
        self.assertIn("Kept", minutes.closing)
        self.assertIn("Name the amount", minutes.message_ids[0].body)
        self.assertEqual(self.told(minutes, "minutes_sent_back"), self.minute_taker.partner_id)
        minutes.action_submit()
        self.assertFalse(minutes.review_remarks)
        self.assertEqual(minutes.review_round, 2)

    def test_approved_text_is_frozen_and_names_the_way_out(self):
        """MN-8"""
        minutes = self.approve(self.held())
        topic = minutes.meeting_id.agenda_item_ids.with_user(self.minute_taker)
        for change in (
            lambda: minutes.write({"closing": "<p>x</p>"}),
            lambda: minutes.write({"department_ids": [Command.clear()]}),
            lambda: topic.write({"notes": "<p>x</p>"}),
            lambda: minutes.write({"agenda_item_ids": [Command.update(topic.id, {"conclusion": "<p>x</p>"})]}),
            lambda: topic.create({"meeting_id": topic.meeting_id.id, "name": "New"}),
            lambda: topic.sudo().write({"dissent": "x"}),
        ):
            with self.assertRaises(UserError):
                change()
        minutes.with_user(self.chair).action_send_back(reason="One more change")
        topic.write({"notes": "<p>Now it works.</p>"})

    def test_a_client_cannot_forge_facts(self):
        """State, approval, deadlines and versions are not to be had over RPC, whoever asks."""
        minutes = self.held()
        for values in (
            {"state": "published"},
            {"approved_by_id": self.chair.id},
            {"due_at": "2040-01-01"},
            {"version": 5},
            {"number": "X"},
            {"published_at": "2020-01-01"},
            {"review_remarks": "x"},
            {"meeting_id": minutes.meeting_id.id},
        ):
            for user in (self.minute_taker, self.chair):
                with self.subTest(values=values, user=user.name), self.assertRaises(AccessError):
                    minutes.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.env["meeting.minutes"].with_user(self.manager).create({"meeting_id": self.make_meeting().id})
        with self.assertRaises(AccessError):
            self.participant(minutes.meeting_id, self.member.partner_id).with_user(self.minute_taker).write(
                {"minutes_read_version": 1}
            )
