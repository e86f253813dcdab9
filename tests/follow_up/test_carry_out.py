"""A task from the meeting to its acceptance."""

import base64
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date

from tests.outcome import OutcomeCommon


class TestCarryOut(OutcomeCommon):
    def assigned(self, **vals):
        minutes = self.held()
        task = self.task(minutes, **vals)
        self.publish(minutes)
        return task.with_user(self.member)

    def answer(self, dialogue, user, **vals):
        """Fill in the dialogue a verb has opened, and confirm it."""
        wizard = self.env[dialogue["res_model"]].with_user(user).browse(dialogue["res_id"])
        wizard.write(vals)
        return wizard.action_confirm()

    def test_owner_hears_of_it_when_the_minutes_are_published(self):
        """RS-1, RS-2"""
        minutes = self.held()
        task = self.task(minutes)
        self.assertTrue(task.is_waiting)
        self.assertFalse(self.told(task, "task_assigned"))
        self.assertFalse(task.with_user(self.member).can_acknowledge)
        with self.assertRaises(UserError):
            task.with_user(self.member).action_acknowledge()
        self.publish(minutes)
        self.assertEqual(self.told(task, "task_assigned"), self.member.partner_id)
        self.assertEqual(task.activity_ids.user_id, self.member)
        self.assertEqual(task.activity_ids.date_deadline, task.deadline)
        self.assertTrue(task.with_user(self.member).can_acknowledge)

    def test_urgent_work_is_assigned_at_once(self):
        minutes = self.held()
        task = self.task(minutes)
        task.action_assign()
        self.assertEqual(self.told(task, "task_assigned"), self.member.partner_id)
        self.publish(minutes)
        self.assertEqual(task.assign_round, 1, "publishing does not assign it again")

    def test_from_acknowledgement_to_acceptance(self):
        """RS-2, RS-4, RS-6"""
        task = self.assigned(assistant_ids=[Command.link(self.boss.id)])
        task.action_acknowledge()
        self.answer(task.action_report(), self.member, percentage=30, text="Printer ordered", help_needed="Budget")
        self.assertEqual((task.state, task.progress, len(task.report_ids)), ("in_progress", 30, 1))
        self.assertIn(self.chair.partner_id, self.told(task, "task_help"))
        helper = task.with_user(self.boss)
        self.answer(helper.action_report(), self.boss, percentage=60, text="Paper bought")
        self.assertEqual(task.report_ids.mapped("author_id"), self.boss | self.member)
        evidence = (
            self.env["ir.attachment"]
            .with_user(self.member)
            .create({"name": "offer.pdf", "datas": base64.b64encode(b"x")})
        )
        self.answer(
            task.action_submit_result(),
            self.member,
            text="500 copies printed",
            attachment_ids=[Command.link(evidence.id)],
        )
        self.assertEqual((task.state, task.progress, task.result), ("submitted", 100, "500 copies printed"))
        self.assertEqual((evidence.res_model, evidence.res_id), ("meeting.action.item", task.id))
        self.assertEqual(self.told(task, "task_submitted"), self.chair.partner_id)
        self.assertTrue(evidence.with_user(self.chair).has_access("read"))
        task.with_user(self.chair).action_accept()
        self.assertEqual((task.state, task.accepted_by_id), ("accepted", self.chair))
        self.assertFalse(task.activity_ids)
        self.assertIn(self.guest, self.told(task, "task_accepted"))
        self.assertIn(self.member.partner_id, self.told(task, "task_accepted"))

    def test_a_result_is_returned_until_it_is_good(self):
        """RS-6"""
        task = self.assigned()
        task.action_acknowledge()
        self.answer(task.action_submit_result(), self.member, text="Done")
        self.answer(task.with_user(self.chair).action_return(), self.chair, reason="No evidence")
        self.assertEqual((task.state, task.return_remarks), ("returned", "No evidence"))
        self.assertLess(task.progress, 100)
        self.assertEqual(self.told(task, "task_returned"), self.member.partner_id)
        self.assertTrue(task.activity_ids)
        self.answer(task.action_submit_result(), self.member, text="With evidence")
        self.assertEqual(task.submit_round, 2)
        task.with_user(self.chair).action_accept()
        self.assertEqual(set(task.report_ids.mapped("text")), {"With evidence", "Done"})

    def test_an_owner_may_refuse_and_somebody_else_gets_it(self):
        """RS-2"""
        task = self.assigned()
        self.answer(task.action_refuse(), self.member, reason="Not my department")
        self.assertEqual((task.state, task.refusal_reason), ("refused", "Not my department"))
        self.assertFalse(task.activity_ids)
        self.assertEqual(self.told(task, "task_refused"), self.chair.partner_id | self.convener.partner_id)
        organiser = task.with_user(self.convener)
        organiser.owner_id = self.boss
        organiser.action_assign()
        self.assertEqual((task.state, task.owner_id, task.assign_round), ("assigned", self.boss, 2))
        self.assertEqual(task.activity_ids.user_id, self.boss)
        task.with_user(self.boss).action_acknowledge()

    def test_taking_a_task_back(self):
        task = self.assigned()
        task.action_acknowledge()
        organiser = task.with_user(self.convener)
        with self.assertRaises(UserError):
            organiser.owner_id = self.boss
        organiser.action_take_back()
        self.assertEqual(self.told(task, "task_withdrawn"), self.member.partner_id)
        self.assertFalse(self.told(task, "task_due"))
        organiser.owner_id = self.boss
        organiser.action_assign()
        self.assertEqual(task.activity_ids.user_id, self.boss)
        self.assertEqual(self.told(task, "task_due"), self.boss.partner_id)

    def test_nobody_accepts_his_own_work(self):
        """RS-6: refused as data, and again as a deed."""
        minutes = self.held()
        with self.assertRaises(ValidationError):
            self.task(minutes, owner_id=self.chair.id, supervisor_id=self.chair.id)
        task = self.task(minutes, owner_id=self.chair.id)
        self.assertEqual(task.supervisor_id, self.convener, "the chair's own task is accepted by the convener")
        self.publish(minutes)
        task = task.with_user(self.chair)
        task.action_acknowledge()
        self.answer(task.action_submit_result(), self.chair, text="Done")
        self.assertFalse(task.can_accept)
        with self.assertRaises(AccessError):
            task.action_accept()

    def test_everybody_does_his_own_part_only(self):
        """RS-2, RS-4, RS-6: verb by verb, everybody else is refused."""
        task = self.assigned()
        owner_verbs = (("assigned", "acknowledge"), ("acknowledged", "report"), ("acknowledged", "submit_result"))
        for state, verb in owner_verbs:
            if task.state != state:
                task.action_acknowledge()
            for user in (self.chair, self.minute_taker, self.outsider, self.manager):
                with self.subTest(verb=verb, user=user.name), self.assertRaises(AccessError):
                    getattr(task.with_user(user), f"action_{verb}")()
        self.answer(task.action_submit_result(), self.member, text="Done")
        for user in (self.member, self.minute_taker, self.convener, self.manager, self.outsider):
            for verb in ("accept", "return"):
                with self.subTest(verb=verb, user=user.name), self.assertRaises(AccessError):
                    getattr(task.with_user(user), f"action_{verb}")()
        for user in (self.member, self.outsider):
            with self.subTest(verb="cancel", user=user.name), self.assertRaises(AccessError):
                task.with_user(user).action_cancel(reason="x")

    def test_reports_and_facts_cannot_be_forged(self):
        """RS-4, RS-6: no client writes progress, results, acceptance, or a report row."""
        task = self.assigned()
        task.action_acknowledge()
        self.answer(task.action_report(), self.member, percentage=10, text="Begun")
        report = task.report_ids
        Report = self.env["meeting.action.report"]
        for user in (self.member, self.chair, self.convener, self.manager):
            with self.subTest(user=user.name):
                for values in (
                    {"state": "accepted"},
                    {"progress": 99},
                    {"accepted_by_id": user.id},
                    {"result": "x"},
                    {"assigned_at": "2020-01-01"},
                ):
                    with self.assertRaises(AccessError):
                        task.with_user(user).write(values)
                with self.assertRaises(AccessError):
                    Report.with_user(user).create(
                        {"action_item_id": task.id, "author_id": self.member.id, "percentage": 100, "text": "x"}
                    )
                with self.assertRaises(UserError):
                    report.with_user(user).write({"percentage": 100})
                with self.assertRaises(UserError):
                    report.with_user(user).unlink()
        with self.assertRaises(UserError):
            report.sudo().write({"text": "x"})
        with self.assertRaises(UserError):
            task.with_user(self.convener).unlink()
        with self.assertRaises(AccessError):
            self.task(task.meeting_id.minutes_ids, progress=50)

    def test_somebody_elses_file_is_not_taken_along_as_evidence(self):
        """CF-1: linking a foreign file must not open it to the task's readers."""
        task = self.assigned()
        task.action_acknowledge()
        foreign = (
            self.env["ir.attachment"]
            .with_user(self.chair)
            .create(
                {
                    "name": "salary.pdf",
                    "datas": "eA==",
                    "res_model": "meeting.meeting",
                    "res_id": task.sudo().meeting_id.id,
                }
            )
        )
        dialogue = task.action_submit_result()
        wizard = self.env[dialogue["res_model"]].with_user(self.member).browse(dialogue["res_id"])
        with self.assertRaises(AccessError):
            wizard.write({"text": "Done", "attachment_ids": [Command.link(foreign.id)]})
            wizard.action_confirm()
        self.assertEqual(foreign.res_model, "meeting.meeting")

    def test_bad_reports_are_refused(self):
        task = self.assigned()
        task.action_acknowledge()
        for vals in (
            {"percentage": 101, "text": "x"},
            {"percentage": -1, "text": "x"},
            {"percentage": 10, "text": "  "},
            {"percentage": 10},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.answer(task.action_report(), self.member, **vals)
        self.assertFalse(task.report_ids)

    def test_dates_and_belonging_are_checked(self):
        minutes = self.held()
        other = self.held(start=self.days_ahead(9))
        with self.assertRaises(ValidationError):
            self.task(minutes, start_date=Date.today() + timedelta(days=31))
        with self.assertRaises(ValidationError):
            self.task(minutes, agenda_item_id=other.meeting_id.agenda_item_ids.id)
        with self.assertRaises(ValidationError):
            self.task(minutes, resolution_id=self.resolution(other).id)
        with self.assertRaises(UserError):
            self.task(minutes).write({"meeting_id": other.meeting_id.id})

    def test_cancelled_with_a_reason_and_closed_for_good(self):
        task = self.assigned()
        self.answer(task.with_user(self.convener).action_cancel(), self.convener, reason="No longer needed")
        self.assertEqual((task.state, task.cancel_reason), ("cancelled", "No longer needed"))
        self.assertEqual(self.told(task, "task_cancelled"), self.member.partner_id)
        self.assertFalse(task.activity_ids)
        with self.assertRaises(UserError):
            task.with_user(self.convener).write({"goal": "More"})
        with self.assertRaises(UserError):
            task.with_user(self.convener).action_cancel(reason="Again")

    def test_overdue_tasks_are_found_and_chased(self):
        """RE-2: flag, search and reminders agree on the date."""
        task = self.assigned(deadline=Date.today() + timedelta(days=10))
        Task = self.env["meeting.action.item"].with_user(self.member)
        rows = self.env["meeting.notification"].search([("res_model", "=", task._name), ("res_id", "=", task.id)])
        overdue = rows.filtered(lambda row: row.step.startswith("task_overdue"))
        self.assertEqual(overdue.partner_id, self.member.partner_id | self.chair.partner_id)
        self.assertGreater(min(overdue.mapped("due")).date(), task.deadline)
        self.assertTrue(task.sudo()._notification_still_due(overdue[0].step, overdue.partner_id))
        with freeze_time(Date.to_string(task.deadline + timedelta(days=1))):
            task.invalidate_recordset(["is_overdue"])
            self.assertTrue(task.is_overdue)
            self.assertIn(task, Task.search([("is_overdue", "=", True)]))
        self.assertNotIn(task, Task.search([("is_overdue", "=", True)]))

        task.with_user(self.convener).deadline = Date.today() + timedelta(days=20)
        self.assertEqual(set(overdue.mapped("state")), {"pending"})
        self.assertGreater(min(overdue.mapped("due")).date(), task.deadline, "a moved deadline takes them along")
        self.assertEqual(task.activity_ids.date_deadline, task.deadline)
        self.assertEqual(self.told(task, "task_overdue"), self.member.partner_id | self.chair.partner_id)

    def test_work_starts_within_working_days(self):
        """RS-3: counted in the company's working time, holidays left out."""
        calendar = self.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": "2031-03-02 16:00:00",
                "date_to": "2031-03-03 15:59:00",
            }
        )
        minutes = self.approve(self.held())
        task = self.task(minutes, deadline="2031-06-30")
        with freeze_time("2031-02-28 03:00:00"):  # a Friday; Monday the 3rd is a holiday
            minutes.action_publish()
        self.assertEqual(Date.to_string(task.start_due), "2031-03-06")
        row = self.env["meeting.notification"].search([("res_id", "=", task.id), ("step", "=like", "task_start:%")])
        self.assertEqual((row.partner_id, str(row.due)), (self.member.partner_id, "2031-03-07 00:00:00"))
        self.assertEqual(task.sudo()._notification_still_due(row.step, row.partner_id), row.partner_id)
        with freeze_time("2031-03-08"):
            task.invalidate_recordset(["is_late_start"])
            self.assertTrue(task.is_late_start)
        task.with_user(self.member).action_acknowledge()
        self.answer(task.with_user(self.member).action_report(), self.member, percentage=5, text="Begun")
        self.assertFalse(task.is_late_start)
        self.assertEqual(row.state, "void")

    def test_the_owners_department_groups_the_tracking_table(self):
        """RS-5"""
        task = self.assigned()
        self.assertEqual(task.department_id, self.east)
        groups = dict(
            self.env["meeting.action.item"]
            .with_user(self.member)
            ._read_group([("id", "=", task.id)], ["department_id"], ["__count"])
        )
        self.assertEqual(groups, {self.east: 1})
        self.member.group_ids += self.env.ref("base.group_allow_export")
        data = task.export_data(["name", "owner_id", "deadline", "progress", "state"])["datas"]
        self.assertEqual(data[0][0], "Print the offer")
