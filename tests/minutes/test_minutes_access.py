"""Who reads and writes minutes, versions and resolutions, by role and level."""

from odoo.exceptions import AccessError, UserError

from tests.outcome import OutcomeCommon

ROLES = ("convener", "chair", "minute_taker", "member", "secretary", "manager", "outsider", "boss")


class TestMinutesAccess(OutcomeCommon):
    """MN-9, CF-1, CF-6. `boss` works in the organising department without taking part."""

    DRAFT = {
        "public": {"convener", "chair", "minute_taker", "secretary", "manager"},
        "internal": {"convener", "chair", "minute_taker", "secretary", "manager"},
        "participants": {"convener", "chair", "minute_taker"},
        "secret": {"convener", "chair", "minute_taker"},
    }
    PUBLISHED = {
        "public": set(ROLES),
        "internal": {"convener", "chair", "minute_taker", "member", "secretary", "manager", "boss"},
        "participants": {"convener", "chair", "minute_taker", "member"},
        "secret": {"convener", "chair", "minute_taker", "member"},
    }

    def assert_table(self, record, operation, expected):
        """The rule must give the same answer when one record is checked and when all are searched."""
        for role in ROLES:
            user = getattr(self, role)
            theirs = record.with_user(user)
            with self.subTest(role=role, operation=operation, model=record._name, level=record._name):
                self.assertEqual(theirs.has_access(operation), role in expected)
                if operation == "read":
                    self.assertEqual(bool(theirs.search([("id", "=", record.id)])), role in expected)

    def test_role_level_operation(self):
        for level in self.DRAFT:
            with self.subTest(level=level):
                minutes = self.held(level=level, start=self.days_ahead(7 + list(self.DRAFT).index(level)))
                self.assert_table(minutes, "read", self.DRAFT[level])
                self.assert_table(minutes, "write", self.DRAFT[level])
                resolution = self.resolution(minutes)
                self.publish(minutes)
                self.assert_table(minutes, "read", self.PUBLISHED[level])
                self.assert_table(minutes, "write", self.DRAFT[level])
                self.assert_table(minutes.revision_ids, "read", self.PUBLISHED[level])
                self.assert_table(minutes.revision_ids, "write", set())
                self.assert_table(minutes.revision_ids, "unlink", set())
                self.assert_table(resolution, "read", self.PUBLISHED[level])
                self.assert_table(resolution, "write", self.DRAFT[level])
                for role in ROLES:
                    self.assertFalse(minutes.with_user(getattr(self, role)).has_access("create"))

    def test_departments_copied_read_internal_minutes(self):
        """MN-4, MN-9"""
        minutes = self.held(level="internal")
        minutes.department_ids |= self.finance
        self.publish(minutes)
        self.assertTrue(minutes.with_user(self.outsider).has_access("read"))

    def test_the_pdf_and_its_file_follow_the_minutes(self):
        """MN-9, CF-1"""
        minutes = self.publish(self.held(level="secret"))
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for user in (self.outsider, self.secretary, self.manager):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    report.with_user(user)._render_qweb_pdf("meeting_management.report_minutes", minutes.ids)
                with self.assertRaises(AccessError):
                    report.with_user(user)._render_qweb_html("meeting_management.report_minutes", minutes.ids)
                with self.assertRaises(AccessError):
                    report.with_user(user)._render_qweb_pdf(
                        "meeting_management.report_sign_in_sheet", minutes.meeting_id.ids
                    )
                with self.assertRaises(AccessError):
                    minutes.revision_ids.with_user(user).action_open_pdf()
        pdf = report.with_user(self.member)._render_qweb_pdf(
            "meeting_management.report_minutes_version", minutes.revision_ids.ids
        )[0]
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_stored_prints_are_nobodys(self):
        """CF-1, MN-8: the text before anything is taken out of it for a reader, and its file, open to no one."""
        minutes = self.publish(self.held(level="public"))
        prints = minutes.revision_ids.sudo().print_ids
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", prints._name), ("res_id", "in", prints.ids), ("res_field", "=", "pdf")])
        )
        self.assertTrue(files)
        for role in (*ROLES, "admin"):
            user = self.env.ref("base.user_admin") if role == "admin" else getattr(self, role)
            with self.subTest(role=role):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(prints.with_user(user).has_access(operation))
                self.assertFalse(files.with_user(user).has_access("read"))
                with self.assertRaises(AccessError):
                    minutes.revision_ids.with_user(user).read(["print_ids"])
        with self.assertRaises(UserError):
            prints.write({"html": "forged"})
        with self.assertRaises(UserError):
            prints.unlink()

    def test_names_are_masked(self):
        """CF-1: names read as superuser by the framework say nothing to whoever may not read the record."""
        minutes = self.held(level="secret")
        resolution = self.resolution(minutes)
        for record in (minutes, resolution):
            self.assertNotIn("Spring", record.with_user(self.outsider).sudo().display_name)
            self.assertNotIn("Grant", record.with_user(self.outsider).sudo().display_name)
            self.assertFalse(
                record.with_user(self.outsider).name_search("Spring")
                or record.with_user(self.outsider).name_search("Grant")
            )

    def test_a_hidden_meeting_is_not_learned_by_naming_it(self):
        """CF-1: creating a resolution or a task under a hidden meeting fails before anything can be read."""
        minutes = self.held(level="secret")
        item = minutes.meeting_id.agenda_item_ids
        with self.assertRaises(AccessError):
            self.env["meeting.resolution"].with_user(self.outsider).create(
                {"name": "x", "meeting_id": minutes.meeting_id.id, "agenda_item_id": item.id}
            )
        with self.assertRaises(AccessError):
            self.env["meeting.action.item"].with_user(self.outsider).create(
                {"name": "x", "meeting_id": minutes.meeting_id.id}
            )

    def test_leaving_the_list_ends_the_access(self):
        minutes = self.publish(self.held(level="participants"))
        self.assertTrue(minutes.with_user(self.member).has_access("read"))
        self.participant(minutes.meeting_id, self.member.partner_id).sudo().partner_id = self.boss.partner_id
        self.assertFalse(minutes.with_user(self.member).has_access("read"))
        self.assertTrue(minutes.with_user(self.boss).has_access("read"))
