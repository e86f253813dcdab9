"""Publishing, reading, correcting, archiving."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError

from tests.outcome import OutcomeCommon


class TestPublishAndCorrect(OutcomeCommon):
    def test_everybody_is_told_absentees_individually_departments_copied(self):
        """MN-4"""
        minutes = self.held(present=self.chair.partner_id | self.minute_taker.partner_id | self.guest)
        self.participant(minutes.meeting_id, self.member.partner_id).sudo().mark = "absent"
        minutes.department_ids = self.sales
        self.publish(minutes)
        self.assertEqual(
            self.told(minutes, "publish"), self.chair.partner_id | self.minute_taker.partner_id | self.guest
        )
        self.assertEqual(self.told(minutes, "publish_absent"), self.member.partner_id)
        self.assertEqual(self.told(minutes, "publish_copy"), self.approver.partner_id)

    def test_confidential_minutes_have_no_copies(self):
        """MN-9"""
        minutes = self.held(level="participants")
        minutes.department_ids = self.sales
        self.publish(minutes)
        self.assertFalse(self.told(minutes, "publish_copy"))

    def test_only_keepers_publish(self):
        """MN-4: minute taker, chair, secretary."""
        minutes = self.approve(self.held())
        for user in (self.convener, self.member, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                minutes.with_user(user).action_publish()
        minutes.with_user(self.secretary).action_publish()
        self.assertEqual(minutes.published_by_id, self.secretary)

    def test_unapproved_minutes_are_not_published(self):
        minutes = self.held()
        with self.assertRaises(UserError):
            minutes.action_publish()

    def test_a_version_is_immutable_for_everybody(self):
        """MN-5, MN-7, MN-8"""
        minutes = self.publish(self.held())
        version = minutes.revision_ids
        self.assertEqual(
            (version.version, version.published_by_id, version.approved_by_id), (1, self.minute_taker, self.chair)
        )
        self.assertIn("Everybody compared prices", version.body)
        for user in (self.minute_taker, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                version.with_user(user).check_access("write")
            with self.assertRaises(UserError):
                version.with_user(user).write({"body": "<p>x</p>"})
            with self.assertRaises(UserError):
                version.with_user(user).unlink()
            with self.assertRaises(AccessError):
                version.with_user(user).create(
                    {"minutes_id": minutes.id, "version": 9, "published_at": "2020-01-01", "published_by_id": user.id}
                )
        with self.assertRaises(UserError):
            version.sudo().write({"body": "<p>x</p>"})
        with self.assertRaises(UserError):
            version.sudo().unlink()
        with self.assertRaises(UserError):
            minutes.sudo().unlink()

    def test_a_correction_is_a_new_version_with_a_reason(self):
        """MN-7: the old version stays as it was, and everyone is told again."""
        minutes = self.publish(self.held())
        topic = minutes.meeting_id.agenda_item_ids.with_user(self.minute_taker)
        with self.assertRaises(UserError):
            topic.write({"conclusion": "<p>Six percent.</p>"})
        dialogue = minutes.action_correct()
        wizard = self.env[dialogue["res_model"]].with_user(self.minute_taker).browse(dialogue["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.reason = "Wrong number"
        wizard.action_confirm()
        topic.write({"conclusion": "<p>Six percent.</p>"})
        self.publish(minutes)
        new, old = minutes.revision_ids.sorted("version", reverse=True)
        self.assertEqual((new.version, new.reason, old.version, old.reason), (2, "Wrong number", 1, False))
        self.assertIn("Six percent", new.body)
        self.assertIn("Five percent", old.body)
        self.assertNotIn("Six percent", old.body)
        steps = (
            self.env["meeting.notification"]
            .search(
                [
                    ("res_model", "=", minutes._name),
                    ("res_id", "=", minutes.id),
                    ("partner_id", "=", self.member.partner_id.id),
                ]
            )
            .mapped("step")
        )
        self.assertIn("publish:1", steps)
        self.assertIn("publish:2", steps)

    def test_participants_keep_the_old_version_while_a_correction_is_written(self):
        """MN-7"""
        minutes = self.publish(self.held())
        minutes.action_correct(reason="Wrong number")
        minutes.introduction = "<p>Secret thought of the minute taker</p>"
        version = minutes.revision_ids.with_user(self.member)
        self.assertIn("Five percent", version.body)
        html = self.env["ir.actions.report"].with_user(self.member).with_context(force_report_rendering=True)
        content, _kind = html._render_qweb_pdf("meeting_management.report_minutes", minutes.ids)
        self.assertEqual(content, minutes.revision_ids._pdf_for_user(self.member))

    def test_reading_is_recorded_per_version(self):
        """MN-4"""
        minutes = self.publish(self.held())
        mine = minutes.with_user(self.member)
        row = self.participant(minutes.meeting_id, self.member.partner_id)
        self.assertTrue(mine.can_mark_read)
        mine.action_mark_read()
        self.assertTrue(mine.has_read and row.minutes_read_at)
        self.assertEqual(row.minutes_read_version, 1)
        with self.assertRaises(UserError):
            mine.action_mark_read()
        with self.assertRaises(AccessError):
            minutes.with_user(self.outsider).action_mark_read()
        minutes.action_correct(reason="Typing error")
        self.publish(minutes)
        mine.invalidate_recordset()
        self.assertFalse(mine.has_read)

    def test_opening_the_pdf_counts_as_reading(self):
        """MN-4"""
        minutes = self.publish(self.held())
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        version = minutes.revision_ids
        for user, read in ((self.outsider, False), (self.member, True)):
            action = version.with_user(user).action_open_pdf()
            report.with_user(user)._render_qweb_pdf(action["report_name"], version.ids)
            self.assertEqual(any(minutes.meeting_id.participant_ids.mapped("minutes_read_version")), read)
        self.assertEqual(self.participant(minutes.meeting_id, self.member.partner_id).minutes_read_version, 1)
        self.env["ir.actions.report"].with_user(self.chair).with_context(force_report_rendering=True)._render_qweb_pdf(
            "meeting_management.report_minutes", minutes.ids
        )
        self.assertEqual(self.participant(minutes.meeting_id, self.chair.partner_id).minutes_read_version, 1)

    def test_unread_minutes_are_chased_by_policy(self):
        """MN-4, RE-2"""
        self.weekly.unread_hours = 48
        minutes = self.publish(self.held())
        rows = self.env["meeting.notification"].search([("res_id", "=", minutes.id), ("step", "=like", "unread:%")])
        self.assertEqual(rows.mapped("due"), [minutes.published_at + timedelta(hours=48)] * len(rows))
        minutes.with_user(self.member).action_mark_read()
        still = minutes.sudo()._notification_still_due(rows[0].step, rows.partner_id)
        self.assertNotIn(self.member.partner_id, still)
        self.assertIn(self.chair.partner_id, still)
        minutes.action_correct("A wrong figure")
        self.assertFalse(minutes.sudo()._notification_still_due(rows[0].step, rows.partner_id))

    def test_publishing_waits_for_complete_tasks(self):
        """RS-1: no task without owner, supervisor and deadline leaves the house."""
        minutes = self.approve(self.held())
        task = self.task(minutes, owner_id=False, deadline=False)
        with self.assertRaises(ValidationError) as raised:
            minutes.action_publish()
        self.assertIn("Print the offer", str(raised.exception))
        self.assertFalse(minutes.revision_ids)
        task.with_user(self.minute_taker).write({"owner_id": self.member.id, "deadline": "2040-01-01"})
        minutes.action_publish()
        self.assertTrue(task.assigned_at)

    def test_archived_minutes_never_change(self):
        """MN-8"""
        minutes = self.publish(self.held())
        with self.assertRaises(AccessError):
            minutes.with_user(self.member).action_archive_minutes()
        minutes.action_archive_minutes()
        self.assertEqual(minutes.state, "archived")
        with self.assertRaises(UserError):
            minutes.action_correct(reason="Too late")
        with self.assertRaises(UserError):
            minutes.write({"closing": "<p>x</p>"})

    def test_the_file_closes_after_publication(self):
        minutes = self.held()
        meeting = minutes.meeting_id.with_user(self.chair)
        with self.assertRaises(UserError):
            meeting.action_close()
        self.publish(minutes)
        meeting.invalidate_recordset()
        meeting.action_close()
        self.assertEqual(meeting.state, "closed")
