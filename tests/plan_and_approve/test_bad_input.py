"""Bad input is refused clearly, and nothing is lost."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from tests.common import MeetingCommon


class TestBadInput(MeetingCommon):
    def assertRefused(self, words, call, kind=UserError):
        with self.assertRaises(kind) as refused:
            call()
        self.assertIn(words, str(refused.exception))

    @mute_logger("odoo.sql_db")
    def test_stop_before_start(self):
        """MT-5"""
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.make_meeting(stop=self.days_ahead(6)).flush_recordset()

    def test_no_participants(self):
        """PT-1"""
        meeting = self.make_meeting()
        meeting.participant_ids.unlink()
        self.assertRefused("Nobody is invited", meeting.action_submit)

    def test_in_the_past(self):
        """NT-2"""
        meeting = self.make_meeting(start=self.days_ahead(-3))
        self.assertRefused("in the past", meeting.action_submit)
        self.assertEqual(meeting.state, "draft")

    def test_a_guest_without_address(self):
        """NT-1: a notice that cannot be delivered is found before it is sent."""
        self.guest.email = False
        self.assertRefused("Guest Gu", self.make_meeting().action_submit)

    def test_an_employee_without_login_gets_the_notice_by_mail(self):
        """PT-1: without a login one can take part, not chair."""
        employee = self.env["hr.employee"].create({"name": "Driver Deng", "work_email": "deng@company.example"})
        meeting = self.make_meeting(participant_ids=[Command.create({"partner_id": employee.work_contact_id.id})])
        meeting.action_submit()
        line = self.participant(meeting, employee.work_contact_id)
        self.assertEqual((meeting.state, line.employee_id, line.is_guest), ("scheduled", employee, False))

    def test_an_archived_chair(self):
        """PT-2"""
        meeting = self.make_meeting()
        self.chair.sudo().active = False
        self.assertRefused("Chair Cheng", lambda: self.make_meeting(chair_id=self.chair.id))
        self.assertEqual(meeting.chair_id, self.chair)

    @mute_logger("odoo.sql_db")
    def test_an_endless_subject(self):
        """NT-1"""
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.make_meeting(name="x" * 10000).flush_recordset()

    def test_html_in_names_stays_text(self):
        """NT-1"""
        meeting = self.schedule(self.make_meeting(name="<b>Bold</b> & <script>alert(1)</script>"))
        message = meeting.message_post(body=f"About {meeting.name}")
        self.assertNotIn("<script>", message.body)

    def test_a_room_too_small(self):
        """RM-1: the refusal names the cause and keeps the draft."""
        self.maple.capacity = 2
        meeting = self.make_meeting(room_id=self.maple.id)
        self.assertIn("too small", meeting.room_warning)
        self.assertRefused("too small", meeting.action_submit, ValidationError)
        self.assertEqual((meeting.state, meeting.room_id), ("draft", self.maple))

    def test_two_applications_approved_for_one_room(self):
        """AP-2, RM-3: the second approval is refused; the application stays to be decided."""
        first = self.make_meeting(type_id=self.reception.id, room_id=self.maple.id)
        second = self.make_meeting(type_id=self.reception.id, room_id=self.maple.id, name="Rival")
        (first + second).action_submit()
        (first + second).with_user(self.approver).action_approve()
        first.with_user(self.boss).action_approve()
        with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
            second.with_user(self.boss).action_approve()
        self.assertIn("taken", str(refused.exception))
        self.assertEqual((first.state, second.state), ("scheduled", "submitted"))
        self.assertEqual(second.current_approver_id, self.boss)

    def test_history_is_not_deleted(self):
        """MN-8"""
        meeting = self.hold(self.make_meeting())
        self.assertRefused("cannot be deleted", meeting.with_user(self.manager).unlink)
        self.assertRefused("stays on the list", meeting.participant_ids[0].unlink)

    def test_an_announced_plan_moves_by_rescheduling_only(self):
        """NT-5"""
        meeting = self.schedule(self.make_meeting())
        self.assertRefused("Reschedule", lambda: meeting.write({"start": self.days_ahead(9)}))
        meeting.write({"start": meeting.start, "purpose": "Still the same time"})

    def test_an_applicant_withdraws_before_he_changes_the_plan(self):
        """AP-3"""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        self.assertRefused("Withdraw", lambda: meeting.write({"start": self.days_ahead(9)}))
        meeting.action_withdraw()
        meeting.start = self.days_ahead(9)
        self.assertEqual(meeting.state, "draft")

    def test_a_type_not_ones_to_convene(self):
        """MT-3"""
        self.weekly.convener_department_ids = self.finance
        self.assertRefused("may not convene", self.make_meeting, ValidationError)

    def test_a_user_without_employee_convenes(self):
        """PT-1: a login without an employee record works; only steps that need a superior cannot be found."""
        loner = self.env["res.users"].create(
            {
                "name": "Loner",
                "login": "loner",
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
                "email": "l@x.example",
            }
        )
        self.assertEqual(self.schedule(self.make_meeting(user=loner)).state, "scheduled")
        application = self.make_meeting(user=loner, type_id=self.reception.id)
        self.assertRefused("Nobody can decide", application.action_submit, ValidationError)
        self.company.meeting_fallback_approver_id = self.boss
        application.action_submit()
        self.assertEqual(application.current_approver_id, self.boss)

    def test_planning_in_the_form(self):
        """MT-3, AG-3: choosing the type fills in the rest; a longer meeting stretches the agenda."""
        with Form(self.env["meeting.meeting"].with_user(self.convener)) as form:
            form.type_id = self.reception
            self.assertEqual(form.name, "Reception")
            self.assertEqual(form.duration, 1.5)
            with form.participant_ids.new() as line:
                line.partner_id = self.guest
        meeting = form.record
        self.assertEqual(meeting.agenda_item_ids.mapped("minutes"), [5, 54, 18])
        self.assertEqual(meeting.participant_ids.partner_id, self.convener.partner_id | self.guest)
        meeting.duration = 2
        self.assertEqual(meeting.agenda_item_ids.mapped("minutes"), [5, 72, 24])
        self.assertEqual((meeting.stop - meeting.start).total_seconds(), 7200)

    def test_an_outsider_submits_nothing(self):
        """AP-1"""
        meeting = self.make_meeting()
        with self.assertRaises(AccessError):
            meeting.with_user(self.outsider).action_submit()
