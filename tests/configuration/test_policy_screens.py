"""Administrators configure the policy in the usual screens; employees find their meetings from their own card."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from tests.common import MeetingCommon

POLICY_MODELS = (
    "meeting.type",
    "meeting.type.step",
    "meeting.type.participant",
    "meeting.type.agenda",
    "meeting.reminder.rule",
)


class TestPolicyScreens(MeetingCommon):
    def test_settings_seed_new_types_only(self):
        """MN-2, NT-2: the company's values start a new type; the types that exist keep their own."""
        settings = self.env["res.config.settings"].create(
            {"meeting_minutes_due_hours": 12, "meeting_notice_lead_hours": 48}
        )
        settings.execute()
        fresh = self.env["meeting.type"].with_user(self.manager).create({"name": "Fresh"})
        self.assertEqual((fresh.minutes_due_hours, fresh.notice_lead_hours), (12, 48))
        self.assertEqual(self.weekly.minutes_due_hours, 24)

    def test_a_meeting_keeps_what_its_type_said(self):
        """MT-3: later changes of the type touch no meeting; each value can be set by itself."""
        meeting = self.make_meeting(level="internal")
        self.weekly.write({"grace_minutes": 30, "level": "secret"})
        self.assertEqual((meeting.grace_minutes, meeting.level, meeting.sign_in_minutes), (5, "internal", 15))

    def test_only_administrators_change_the_policy(self):
        """CF-6: role × operation of the policy models."""
        for model in POLICY_MODELS:
            for user in (self.member, self.secretary, self.room_manager, self.hr, self.manager):
                records = self.env[model].with_user(user)
                self.assertTrue(records.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, login=user.login, operation=operation):
                        self.assertEqual(records.has_access(operation), user == self.manager)

    def test_groups_stand_under_permissions(self):
        """CF-6: three privileges; Administrator > Secretary > User, rooms and attendance apart."""
        privileges = {
            "privilege_meeting": {"User", "Secretary", "Administrator"},
            "privilege_meeting_room": {"Room Manager"},
            "privilege_meeting_hr": {"Attendance Officer"},
        }
        for xmlid, names in privileges.items():
            privilege = self.env.ref(f"meeting_management.{xmlid}")
            self.assertEqual(set(privilege.with_context(lang="en_US").group_ids.mapped("name")), names)
        self.assertTrue(self.member.has_group("meeting_management.group_user"))
        self.assertTrue(self.manager.has_group("meeting_management.group_secretary"))
        self.assertFalse(self.manager.has_group("meeting_management.group_room_manager"))

    def test_an_agenda_longer_than_the_meeting(self):
        """AG-3"""
        with self.assertRaises(ValidationError):
            self.reception.write({"agenda_ids": [Command.create({"name": "Too much", "share": 50})]})

    def test_a_type_in_use_is_archived_not_deleted(self):
        """MT-3: even where the administrator may not read the meeting."""
        self.make_meeting(level="secret")
        with self.assertRaises(UserError) as refused:
            self.weekly.with_user(self.manager).unlink()
        self.assertIn("Archive", str(refused.exception))

    def test_standing_participants(self):
        """MT-3: a department with those below it, its head, a job position, a named person, the heads of
        departments."""
        job = self.env["hr.job"].create({"name": "Foreman"})
        self.outsider.employee_id.sudo().job_id = job
        self.weekly.write(
            {
                "participant_ids": [
                    Command.create({"kind": "head", "department_id": self.sales.id}),
                    Command.create({"kind": "department", "department_id": self.east.id}),
                    Command.create({"kind": "job", "job_id": job.id, "role": "observer"}),
                    Command.create({"kind": "person", "partner_id": self.guest.id, "role": "invited"}),
                ]
            }
        )
        meeting = self.env["meeting.meeting"].with_user(self.convener).create({"name": "x", "type_id": self.weekly.id})
        people = {line.partner_id: line.role for line in meeting.participant_ids}
        self.assertEqual(
            people,
            {
                self.approver.partner_id: "required",
                self.member.partner_id: "required",
                self.outsider.partner_id: "observer",
                self.guest: "invited",
                self.convener.partner_id: "chair",
            },
        )
        meeting.type_id = self.reception
        self.assertEqual(meeting.participant_ids.partner_id, self.convener.partner_id)

    def test_from_an_employee_to_the_meetings(self):
        """The smart button counts what its reader may read."""
        self.schedule(self.make_meeting())
        self.sign_agreements(self.schedule(self.make_meeting(level="secret")))
        for user, count in ((self.member, 2), (self.outsider, 1)):
            card = self.env["hr.employee.public"].with_user(user).browse(self.member.employee_id.id)
            self.assertEqual(card.meeting_participation_count, count)
            action = card.action_view_meetings()
            self.assertEqual(self.env["meeting.participant"].with_user(user).search_count(action["domain"]), count)

    def test_the_reminder_of_confidentiality(self):
        """NT-1, LV-1: the company's words, else the usual ones in the reader's language; none for public meetings."""
        secret = self.make_meeting(level="secret")
        self.assertIn("confidential", secret._confidentiality_reminder())
        self.assertIn("保密", secret.with_context(lang="zh_CN")._confidentiality_reminder())
        self.company.meeting_confidentiality_text = "Keep quiet"
        self.assertEqual(secret._confidentiality_reminder(), "Keep quiet")
        self.assertFalse(self.make_meeting()._confidentiality_reminder())

    def test_employees_do_not_configure(self):
        """CF-6"""
        with self.assertRaises(AccessError):
            self.weekly.with_user(self.secretary).name = "Mine"
