"""Clocks run from the moment something is owed until it is done; who may read the document reads them (RE-1, RE-2)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command, Date, Datetime
from odoo.tools import SQL

from tests.reminders.test_rules import RuleCommon
from tests.reminders.test_working_time import WorkingTimeCommon, at


class TestClocks(RuleCommon, WorkingTimeCommon):
    def states(self, record):
        clocks = (
            self.env["meeting.clock"]
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
        )
        return {clock.kind: clock.state for clock in clocks}

    def written_at(self, record, moment):
        """The database has its own clock; a record is written when it says."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE %s SET create_date = %s WHERE id = %s", SQL.identifier(record._table), moment, record.id)
        )
        record.invalidate_recordset(["create_date"])

    def test_a_savepoint_within_a_deed(self):
        """RE-1: what a verb does in a savepoint, as publishing does, lets no clock run ahead of its end."""
        meeting = self.schedule(self.make_meeting())
        clock = self.clock(meeting, "meeting")
        before, later = clock.due, meeting.start + timedelta(hours=3)
        with self.env["meeting.clock"]._together():
            with self.env.cr.savepoint():
                meeting._write_plan({"start": later})
            self.assertEqual(clock.due, before)
        self.assertEqual(clock.due, later)

    # -- a life -------------------------------------------------------------------------------------------------

    def test_from_the_application_to_the_start(self):
        """AP-1, NT-2, NT-3: notice, each approver in turn, answers; each stops when it is done."""
        meeting = self.make_meeting(type_id=self.reception.id)
        lead = self.clock(meeting, "notice_lead")
        self.assertEqual((lead.due, lead.user_id), (meeting.notice_deadline, self.convener))
        meeting.action_submit()
        first = self.clock(meeting, "approval")
        self.assertEqual((first.user_id, first.state), (self.approver, "running"))
        meeting.with_user(self.approver).action_approve()
        second = self.clock(meeting, "approval")
        self.assertEqual((first.state, second.user_id), ("done", self.boss))
        self.assertEqual(lead.state, "running")
        meeting.with_user(self.boss).action_approve()
        self.assertEqual(
            self.states(meeting), {"notice_lead": "done", "approval": "done", "meeting": "running", "answer": "running"}
        )
        for line in meeting.participant_ids:
            line._answer("accepted")
        self.assertEqual(self.clock(meeting, "answer").state, "done")
        meeting.with_user(self.convener).participant_ids = [Command.create({"partner_id": self.outsider.partner_id.id})]
        self.assertEqual(self.clock(meeting, "answer").state, "running", "somebody new has to answer")

    def test_a_notice_that_goes_out_late(self):
        """NT-2: the clock of the notice says so, and the organiser was warned."""
        meeting = self.make_meeting()
        lead = self.clock(meeting, "notice_lead")
        self.assertEqual(self.waiting(meeting, "limit_soon").partner_id, self.convener.partner_id)
        self.assertLess(self.waiting(meeting, "limit_soon").due, lead.due)
        with freeze_time(meeting.notice_deadline - timedelta(minutes=1)):
            self.deliver()
        with freeze_time(meeting.notice_deadline + timedelta(hours=1)):
            self.schedule(meeting)
        self.assertEqual((lead.state, meeting.is_short_notice), ("late", True))

    def test_decisions_are_due_in_the_approvers_working_time(self):
        """RE-3: 16 hours of an approver who is away on Tuesday, over National Day."""
        self.leave("Trip", "2026-09-29 00:00", "2026-09-29 23:59", user=self.approver)
        with freeze_time(at("2026-09-28 16:00")):
            meeting = self.make_meeting(type_id=self.reception.id, start=at("2026-10-20 09:00"))
            meeting.action_submit()
            clock = self.clock(meeting, "approval")
            # Monday 2 h, Wednesday 7.5 h, Thursday, 8 October, 6.5 h
            self.assertEqual(clock.due, at("2026-10-08 17:00"))
            self.assertEqual(clock.left_text, "2 working days left")
            self.leave("Another trip", "2026-10-08 00:00", "2026-10-08 23:59", user=self.approver)
            self.watch()
            self.assertEqual(clock.due, at("2026-10-09 17:00"), "time off that is entered later moves it")

    def test_a_decision_ends_what_the_approver_owes(self):
        """RE-1, RM-2: also while the meeting still waits for its room; he is reminded no more."""
        self.maple.write({"needs_approval": True, "manager_ids": [Command.set(self.room_manager.ids)]})
        meeting = self.make_meeting(type_id=self.reception.id, room_id=self.maple.id)
        meeting.action_submit()
        clock = self.clock(meeting, "approval")
        while step := meeting._pending_approval():
            meeting.with_user(step.approver_id).action_approve()
        self.assertEqual((meeting.state, self.clock(meeting, "approval").state), ("submitted", "done"))
        self.assertEqual(clock.state, "done")
        self.assertFalse(self.waiting(meeting, "approval_waiting"))

    def test_minutes(self):
        """MN-2, MN-3, MN-4"""
        minutes = self.held()
        draft = self.clock(minutes, "minutes_draft")
        self.assertEqual((draft.due, draft.user_id), (minutes.due_at, self.minute_taker))
        with freeze_time(minutes.due_at + timedelta(hours=2)):
            minutes.action_submit()
            self.assertEqual(draft.state, "late")
            review = self.clock(minutes, "minutes_review")
            self.assertEqual(review.user_id, self.chair)
            minutes.with_user(self.chair).action_send_back("The second topic is missing")
            self.assertEqual(review.state, "done")
            again = self.clock(minutes, "minutes_draft")
            self.assertEqual((again.state, again.due), ("running", Datetime.now() + timedelta(hours=24)))
            minutes.action_submit()
            minutes.with_user(self.chair).action_approve()
            self.assertEqual(self.clock(minutes, "publication").due, minutes.publish_due_at)
            minutes.action_publish()
        self.assertEqual(self.clock(minutes, "publication").state, "done")
        reading = self.clock(minutes, "minutes_read")
        self.assertEqual((reading.state, reading.due), ("running", minutes.published_at + timedelta(hours=72)))
        for user in (self.member, self.chair, self.minute_taker):
            minutes.with_user(user).action_mark_read()
        self.assertEqual(reading.state, "done")

    def test_minutes_in_working_time(self):
        """MN-2, RE-3: where the type counts so, over the weekend."""
        self.weekly.minutes_in_working_time = True
        self.weekly.minutes_due_hours = 8
        meeting = self.schedule(self.make_meeting(start=at("2027-03-05 16:00")))
        with freeze_time(at("2027-03-05 16:00")):
            meeting.with_user(self.chair).action_start()
        with freeze_time(at("2027-03-05 17:00")):
            meeting.with_user(self.chair).action_end()
        self.assertEqual(meeting.minutes_ids.due_at, at("2027-03-08 17:30"))
        self.assertTrue(self.clock(meeting.minutes_ids, "minutes_draft").is_working)

    def test_another_minute_taker_owes_the_draft(self):
        minutes = self.held()
        minutes.meeting_id.with_user(self.chair).minute_taker_id = self.member
        self.assertEqual(self.clock(minutes, "minutes_draft").user_id, self.member)
        self.assertEqual(self.waiting(minutes, "minutes_overdue").partner_id, self.member.partner_id)

    def test_a_task(self):
        """RS-2, RS-3, RS-4, RS-6"""
        task = self.task(self.held())
        self.assertFalse(self.states(task), "not handed out, not owed")
        task.action_assign()
        self.assertEqual(
            self.states(task), {"task_acknowledge": "running", "task_start": "running", "task_due": "running"}
        )
        task.with_user(self.member).action_acknowledge()
        self.assertEqual(self.clock(task, "task_acknowledge").state, "done")
        task.with_user(self.member)._report({"percentage": 10, "text": "Begun"})
        report = self.clock(task, "task_report")
        self.assertEqual((self.clock(task, "task_start").state, report.state), ("done", "running"))
        first = report.due
        later = task.with_user(self.member)._report({"percentage": 10, "text": "Going on"})
        self.written_at(later, Datetime.now() + timedelta(days=3))
        task._follow_clocks()
        self.assertGreater(report.due, first, "each report winds it again")
        task.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
        self.assertEqual((report.state, self.clock(task, "task_due").state), ("done", "done"))
        acceptance = self.clock(task, "acceptance")
        self.assertEqual((acceptance.user_id, acceptance.state), (self.chair, "running"))
        task.with_user(self.chair).action_return("The colour is wrong")
        self.assertEqual((acceptance.state, self.clock(task, "task_due").state), ("done", "running"))

    def test_a_task_taken_back_or_cancelled_is_nobodys_fault(self):
        """RS-2"""
        task = self.task(self.held())
        task.action_assign()
        task.with_user(self.convener).action_take_back()
        self.assertEqual(set(self.states(task).values()), {"dropped"})
        task.with_user(self.convener).action_assign()
        self.assertEqual(self.clock(task, "task_due").key, "2")
        task.with_user(self.member).action_refuse("Not mine")
        self.assertEqual(
            (self.clock(task, "task_acknowledge").state, self.clock(task, "task_due").state), ("done", "dropped")
        )

    def test_a_deadline_that_moves(self):
        """RS-7"""
        task = self.task(self.held(), deadline=Date.today() + timedelta(days=30))
        task.action_assign()
        clock = self.clock(task, "task_due")
        self.assertEqual(pytz_day(clock.due), task.deadline + timedelta(days=1))
        task.with_user(self.convener).deadline = Date.today() + timedelta(days=40)
        self.assertEqual(pytz_day(clock.due), task.deadline + timedelta(days=1))

    def test_a_room_request(self):
        """RM-2: due in working hours, and before it begins at any rate."""
        with freeze_time(at("2026-09-28 16:00")):
            booking = (
                self.env["meeting.booking"]
                .with_user(self.member)
                .create(
                    {
                        "name": "Talk",
                        "room_id": self.cedar.id,
                        "start": at("2026-10-20 09:00"),
                        "stop": at("2026-10-20 10:00"),
                    }
                )
            )
            self.written_at(booking, at("2026-09-28 16:00"))
            booking._follow_clocks()
            clock = self.clock(booking, "booking")
            self.assertEqual(clock.due, at("2026-09-29 16:30"))
            self.assertEqual(set(self.waiting(booking).partner_id), {self.room_manager.partner_id})
            with freeze_time(at("2026-09-30 10:00")):
                self.deliver()
            self.assertTrue(self.mails(self.room_manager.partner_id, "Overdue: Room request to be decided"))
            booking.with_user(self.room_manager).action_confirm()
        self.assertEqual(clock.state, "done")

    def test_deleted_with_its_document(self):
        meeting = self.make_meeting()
        clock = self.clock(meeting, "notice_lead")
        meeting.unlink()
        self.assertFalse(clock.exists())

    def test_history_owes_nothing(self):
        """What was held before this system winds no clock."""
        self.env["meeting.meeting"].with_user(self.manager).create(
            {"name": "Old", "type_id": self.weekly.id, "state": "held", "start": "2020-01-06 01:00:00"}
        )
        self.assertFalse(self.env["meeting.clock"].sudo().search([("started", "<", "2020-12-31")]))

    # -- pausing ------------------------------------------------------------------------------------------------

    def test_paused_and_resumed(self):
        """The time that was left is left again, counted as the clock counts; meanwhile nobody is reminded."""
        with freeze_time(at("2026-09-21 09:00")):
            meeting = self.make_meeting(type_id=self.reception.id, start=at("2026-10-20 09:00"))
            meeting.action_submit()
        clock = self.clock(meeting, "approval")
        self.assertEqual(clock.due, at("2026-09-23 10:00"))
        with freeze_time(at("2026-09-22 09:00")):
            clock.with_user(self.convener).action_pause()
            clock.invalidate_recordset()
            self.assertEqual((clock.tone, clock.left_text), ("paused", "Paused, 8 working hours left"))
            self.assertFalse(self.waiting(meeting, "approval_waiting"))
            self.assertEqual(set(self.rows(meeting, "approval_waiting").mapped("reason")), {"paused"})
            with self.assertRaises(UserError):
                clock.with_user(self.convener).action_pause()
        with freeze_time(at("2026-09-28 13:30")):  # Monday after: Tuesday to Friday and Monday morning stood still
            meeting._follow_clocks()
            self.assertFalse(self.waiting(meeting, "approval_waiting"), "still paused")
            clock.with_user(self.convener).action_resume()
            clock.invalidate_recordset()
            self.assertEqual(clock.due, at("2026-09-29 14:30"))
            self.assertEqual(clock.left_text, "8 working hours left")
            self.assertTrue(self.waiting(meeting, "approval_waiting"))
            meeting._follow_clocks()
            self.assertEqual(clock.due, at("2026-09-29 14:30"), "the pause stays counted")
            with self.assertRaises(UserError):
                clock.with_user(self.convener).action_resume()

    def test_a_paused_draft_moves_the_date_on_the_minutes(self):
        """MN-2: one limit, in one place."""
        minutes = self.held()
        clock, due = self.clock(minutes, "minutes_draft"), minutes.due_at
        with freeze_time(due - timedelta(hours=5)):
            clock.with_user(self.chair).action_pause()
        with freeze_time(due + timedelta(hours=5)):
            clock.with_user(self.chair).action_resume()
        self.assertEqual(
            (minutes.due_at, clock.due, clock.pause_hours), (due + timedelta(hours=10), due + timedelta(hours=10), 0)
        )
        self.assertEqual(min(self.waiting(minutes, "minutes_overdue").mapped("due")), due + timedelta(hours=10))

    def test_who_may_pause(self):
        """CF-6: those who run the document; not whoever owes it, not a reader."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        clock = self.clock(meeting, "approval")
        for user in (self.approver, self.outsider, self.member):
            with self.subTest(user.login), self.assertRaises(UserError):
                clock.with_user(user).action_pause()
        self.assertTrue(clock.with_user(self.secretary).can_pause)
        self.assertFalse(clock.with_user(self.approver).can_pause)

    # -- faces --------------------------------------------------------------------------------------------------

    def test_calm_soon_over(self):
        """The same words and colours everywhere, in the measure the clock counts in."""
        minutes = self.held()
        clock = self.clock(minutes, "minutes_draft")
        due = minutes.due_at
        for before, tone, text in (
            (timedelta(hours=23), "calm", "23 hours left"),
            (timedelta(hours=6), "soon", "6 hours left"),
            (timedelta(minutes=1), "soon", "1 minute left"),
            (-timedelta(hours=3), "over", "3 hours over"),
            (-timedelta(hours=24), "over", "1 day over"),
            (-timedelta(days=3), "over", "3 days over"),
        ):
            with freeze_time(due - before):
                clock.invalidate_recordset()
                minutes.invalidate_recordset()
                self.assertEqual((clock.tone, clock.left_text), (tone, text))
                face = minutes.with_user(self.minute_taker).clock_data[0]
                self.assertEqual((face["tone"], face["text"], face["owed_by"]), (tone, text, "Taker Tang"))
        with freeze_time(due + timedelta(days=2)):
            minutes.action_submit()
        self.assertEqual(clock.left_text, "2 days late")
        self.assertEqual([face["kind"] for face in minutes.clock_data], ["minutes_review"])
        action = minutes.action_open_clocks()
        self.assertEqual(
            set(self.env["meeting.clock"].search(action["domain"]).mapped("kind")), {"minutes_draft", "minutes_review"}
        )

    def test_on_my_day(self):
        """RE-1: the card shows the limit that I owe, not one that others do."""
        meeting = self.schedule(self.make_meeting())
        day = self.env["meeting.my.day"].with_user(self.member).get()
        card = next(section for section in day["sections"] if section["key"] == "answer")["cards"][0]
        self.assertEqual((card["clock"]["kind"], card["clock"]["tone"]), ("answer", "calm"))
        self.participant(meeting, self.member.partner_id).with_user(self.member).action_accept()
        self.env.invalidate_all()
        agenda = self.env["meeting.my.day"].with_user(self.member).get()["agenda"]["cards"]
        self.assertFalse([card for card in agenda if card["clock"]])

    # -- rights -------------------------------------------------------------------------------------------------

    def test_whoever_reads_the_document_reads_its_clocks(self):
        """CF-1: role × level × document; search and check agree; nobody writes."""
        documents = []
        for level in ("public", "internal", "participants", "secret"):
            draft = self.make_meeting(level=level, name=f"{level} draft")
            meeting = self.schedule(self.make_meeting(level=level, start=self.days_ahead(9), name=level))
            minutes = self.held(level=level, start=self.days_ahead(8))
            task = self.task(minutes, owner_id=self.outsider.id)
            task.action_assign()
            documents += [draft, meeting, minutes, task]
        booking = (
            self.env["meeting.booking"]
            .with_user(self.member)
            .create(
                {"name": "x", "room_id": self.cedar.id, "start": self.days_ahead(3), "stop": self.days_ahead(3, hour=3)}
            )
        )
        tried = 0
        for document in [*documents, booking]:
            clocks = (
                self.env["meeting.clock"]
                .sudo()
                .search([("res_model", "=", document._name), ("res_id", "=", document.id)])
            )
            self.assertTrue(clocks)
            for user in (
                self.convener,
                self.member,
                self.boss,
                self.outsider,
                self.secretary,
                self.manager,
                self.hr,
                self.env.ref("base.user_admin"),
            ):
                mine = clocks.sudo(False).with_user(user)
                reads = document.with_user(user).has_access("read")
                tried += 1
                with self.subTest(document=document.sudo().display_name, login=user.login):
                    self.env.invalidate_all()
                    self.assertEqual(mine.has_access("read"), reads)
                    self.assertEqual(mine.search([("id", "in", clocks.ids)]), mine if reads else mine.browse())
                    if reads:
                        self.assertEqual(mine[0].subject_name, document.with_user(user).display_name)
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(mine.has_access(operation))
        self.assertGreater(tried, 100)
        portal = self.env["res.users"].create(
            {"name": "Po", "login": "po", "group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        self.assertFalse(self.env["meeting.clock"].with_user(portal).has_access("read"))

    def test_clocks_of_another_company(self):
        """Multi-company: the document's rule and the clock's own."""
        branch = self.env["res.company"].create({"name": "Branch"})
        self.convener.company_ids |= branch
        meeting = self.make_meeting(company_id=branch.id)
        clock = self.clock(meeting, "notice_lead")
        self.assertEqual(clock.company_id, branch)
        theirs = self.env["meeting.clock"].with_user(self.convener)
        self.assertFalse(theirs.with_context(allowed_company_ids=self.company.ids).search([("id", "=", clock.id)]))
        self.assertTrue(theirs.with_context(allowed_company_ids=branch.ids).search([("id", "=", clock.id)]))


def pytz_day(moment):
    """The date of a moment in Shanghai."""
    return (moment + timedelta(hours=8)).date()
