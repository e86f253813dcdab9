"""Resolutions: numbered, decided by those who run the meeting, superseded but never lost."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from tests.outcome import OutcomeCommon


class TestResolutions(OutcomeCommon):
    def test_numbered_under_its_topic_and_split_into_tasks(self):
        """RS-1"""
        minutes = self.held()
        resolution = self.resolution(minutes)
        self.assertRegex(resolution.number, r"^RES/20\d\d/\d{4}$")
        task = self.task(minutes, resolution_id=resolution.id)
        self.assertEqual(task.agenda_item_id, resolution.agenda_item_id)
        self.assertEqual(
            (resolution.action_item_count, minutes.meeting_id.resolution_count, minutes.meeting_id.action_item_count),
            (1, 1, 1),
        )

    def test_decided_by_those_who_run_the_meeting(self):
        resolution = self.resolution(self.held())
        for user in (self.member, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                resolution.with_user(user).action_adopt()
        resolution.action_defer()
        resolution.with_user(self.chair).action_adopt()
        self.assertEqual(resolution.state, "adopted")
        self.assertTrue(resolution.decided_at)
        with self.assertRaises(UserError):
            resolution.action_reject()

    def test_state_and_number_cannot_be_forged(self):
        resolution = self.resolution(self.held())
        for values in ({"state": "adopted"}, {"number": "X"}, {"decided_at": "2020-01-01"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                resolution.with_user(self.chair).write(values)
        with self.assertRaises(AccessError):
            self.resolution(resolution.meeting_id.minutes_ids, state="adopted")
        self.assertNotEqual(self.resolution(resolution.meeting_id.minutes_ids, number="MINE").number, "MINE")

    def test_wording_is_frozen_with_the_minutes(self):
        """MN-8"""
        minutes = self.held()
        resolution = self.resolution(minutes)
        resolution.action_adopt()
        self.publish(minutes)
        for change in (
            lambda: resolution.write({"text": "<p>x</p>"}),
            lambda: resolution.sudo().write({"name": "x"}),
            lambda: resolution.unlink(),
            lambda: self.resolution(minutes),
        ):
            with self.assertRaises(UserError):
                change()
        resolution.with_user(self.chair).action_supersede()
        self.assertEqual(resolution.state, "superseded")

    def test_superseded_by_an_adopted_one_only(self):
        minutes = self.held()
        old, new = self.resolution(minutes), self.resolution(minutes, name="Grant six percent")
        old.action_adopt()
        with self.assertRaises(ValidationError):
            old.superseded_by_id = new
        new.action_adopt()
        old.superseded_by_id = new
        with self.assertRaises(ValidationError):
            old.superseded_by_id = old

    def test_decided_resolutions_stay(self):
        resolution = self.resolution(self.held())
        resolution.action_adopt()
        with self.assertRaises(UserError):
            resolution.unlink()

    def test_topic_of_another_meeting_is_refused(self):
        first, second = self.held(), self.held(start=self.days_ahead(9))
        with self.assertRaises(ValidationError):
            self.resolution(first, agenda_item_id=second.meeting_id.agenda_item_ids.id)

    def test_written_under_the_topic_while_it_is_discussed(self):
        """LV-5, RS-1: the topic's form takes the decision and the task in the same breath."""
        item = self.held().meeting_id.agenda_item_ids.with_user(self.minute_taker)
        with Form(item, view="meeting_management.meeting_agenda_item_view_form") as form:
            with form.resolution_ids.new() as resolution:
                resolution.name = "Grant five percent"
            with form.action_item_ids.new() as task:
                task.name = "Print the offer"
                task.owner_id = self.member
                task.deadline = "2031-01-31"
        self.assertEqual(item.resolution_ids.meeting_id, item.meeting_id)
        self.assertEqual(
            (item.action_item_ids.meeting_id, item.action_item_ids.supervisor_id), (item.meeting_id, self.chair)
        )
