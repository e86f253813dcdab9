"""The text of the agreement: versions, who keeps them, and that what was published stays as it is (CF-2)."""

import psycopg2.errors
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from tests.common import MeetingCommon


class TestAgreementText(MeetingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.default = cls.env.ref("meeting_management.meeting_agreement_default")
        cls.Agreement = cls.env["meeting.agreement"].with_user(cls.manager)

    def publish(self, **vals):
        agreement = self.Agreement.create({"name": "House rules", "body": "<p>I keep silent.</p>", **vals})
        agreement.action_publish()
        return agreement

    def test_every_company_starts_with_one(self):
        """CF-2: a secret meeting can be called at once, with sensible words."""
        self.assertEqual((self.default.state, self.default.version), ("published", 1))
        self.assertIn("keep secret", self.default.body)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.env["meeting.agreement"]._current(other), self.default)

    def test_a_new_version_replaces_the_old(self):
        """CF-2: by a button; the text goes on from the last one, and there is one draft at a time."""
        agreement = self.publish()
        draft = self.Agreement.browse(agreement.action_new_version()["res_id"])
        self.assertEqual((draft.version, draft.state, draft.body), (2, "draft", agreement.body))
        self.assertEqual(agreement.action_new_version()["res_id"], draft.id)
        draft.body = "<p>I keep silent for ever.</p>"
        draft.action_publish()
        self.assertEqual((agreement.state, draft.state), ("replaced", "published"))
        third = self.Agreement.browse(agreement.action_new_version()["res_id"])
        self.assertEqual((third.version, third.body), (3, draft.body))

    def test_a_published_version_never_changes(self):
        """CF-2: not by the administrator, not by the system, not in another language, and not past the program."""
        agreement = self.publish()
        draft = self.Agreement.browse(agreement.action_new_version()["res_id"])
        draft.action_publish()
        self.env["res.lang"]._activate_lang("zh_CN")
        for record in (agreement, draft, draft.sudo()):
            for vals in (
                {"body": "<p>Nothing</p>"},
                {"name": "Other"},
                {"company_id": self.company.id},
                {"version": 9},
                {"published_at": False},
            ):
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    record.write(vals)
            with self.assertRaises(UserError):
                record.update_field_translations("body", {"zh_CN": {"I keep silent.": "我说"}})
            with self.assertRaises(UserError):
                record.unlink()
        self.env.flush_all()
        for statement in (
            "UPDATE meeting_agreement SET body = jsonb_build_object('en_US', '<p>x</p>') WHERE id = %s",
            "UPDATE meeting_agreement SET name = jsonb_set(name, '{en_US}', '\"x\"') WHERE id = %s",
            "UPDATE meeting_agreement SET state = 'draft' WHERE id = %s",
            "UPDATE meeting_agreement SET version = 7 WHERE id = %s",
            "DELETE FROM meeting_agreement WHERE id = %s",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [agreement.id])

    def test_a_language_may_come_later(self):
        """The translation of a shipped text is read when the language is switched on."""
        self.publish()
        agreement = self.publish(name="Later")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE meeting_agreement SET body = body || jsonb_build_object('zh_CN', '<p>我保密。</p>') WHERE id = %s",
            [agreement.id],
        )
        agreement.invalidate_recordset()
        shown = agreement._shown("zh_CN")
        self.assertEqual((shown["lang"], str(shown["body"])), ("zh_CN", "<p>我保密。</p>"))
        self.assertNotEqual(shown["hash"], agreement._shown("en_US")["hash"])
        self.assertEqual(agreement._shown("fr_FR")["lang"], "en_US")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE meeting_agreement SET body = body || jsonb_build_object('zh_CN', '<p>?</p>') WHERE id = %s",
                [agreement.id],
            )

    def test_roles_and_operations(self):
        """CF-2, CF-6: role × operation; drafts are the administrators' own."""
        published, draft = self.publish(), self.Agreement.create({"name": "Draft", "body": "<p>?</p>"})
        roles = {
            self.manager: ({"read", "write", "create", "unlink"}, {"read", "write", "create", "unlink"}),
            self.secretary: ({"read"}, set()),
            self.convener: ({"read"}, set()),
            self.outsider: ({"read"}, set()),
            self.room_manager: ({"read"}, set()),
            self.hr: ({"read"}, set()),
        }
        for user, (on_published, on_draft) in roles.items():
            for operation in ("read", "write", "create", "unlink"):
                for record, allowed in ((published, on_published), (draft, on_draft)):
                    with self.subTest(user=user.login, operation=operation, state=record.state):
                        self.assertEqual(record.with_user(user).has_access(operation), operation in allowed)
        for verb in ("action_publish", "action_new_version"):
            with self.assertRaises(AccessError):
                getattr(published.with_user(self.secretary), verb)() if verb == "action_new_version" else getattr(
                    draft.with_user(self.secretary), verb
                )()

    def test_versions_are_not_forged(self):
        """CF-2: number, origin and publication follow from the buttons."""
        for vals in (
            {"version": 5},
            {"origin_id": self.default.id},
            {"published_at": "2020-01-01"},
            {"state": "published"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.Agreement.create({"name": "x", "body": "<p>x</p>", **vals})
        draft = self.Agreement.create({"name": "x", "body": "<p>x</p>"})
        with self.assertRaises(AccessError):
            draft.write({"state": "published"})
        with self.assertRaises(AccessError):
            draft.write({"version": 4})

    def test_an_empty_text_is_not_published(self):
        with self.assertRaises(UserError):
            self.publish(body="<p><br></p>")

    def test_which_one_a_meeting_asks_for(self):
        """CF-2: the type's, in its latest version; else the company's own; else the common one. Fixed at the notice."""
        own = self.publish(name="Own", company_id=self.company.id)
        special = self.publish(name="Special", sequence=900)
        first = self.schedule(self.make_meeting(level="secret"))
        self.assertEqual(first.agreement_id, own)
        self.weekly.agreement_id = special
        newer = self.Agreement.browse(special.action_new_version()["res_id"])
        newer.action_publish()
        second = self.schedule(self.make_meeting(level="secret"))
        self.assertEqual(second.agreement_id, newer)
        self.assertEqual(first.agreement_id, own)
        self.assertFalse(self.schedule(self.make_meeting(level="participants")).agreement_id)

    def test_no_agreement_no_secret_meeting(self):
        """CF-2: said when it is applied for, with the way out; not even the system announces one without."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE meeting_agreement SET state = 'replaced'")
        self.env.invalidate_all()
        for kind in (self.weekly, self.reception):
            with self.assertRaises(UserError) as refused:
                self.make_meeting(level="secret", type_id=kind.id).action_submit()
            self.assertIn("Agreements", str(refused.exception))
        meeting = self.schedule(self.make_meeting(level="internal"))
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE meeting_meeting SET level = 'secret' WHERE id = %s", [meeting.id])

    def test_the_requirement_is_nobodys_to_write(self):
        """CF-2: neither the chair nor an administrator waives it."""
        meeting = self.schedule(self.make_meeting(level="secret"))
        for user in (self.convener, self.chair, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError):
                meeting.with_user(user).write({"agreement_id": False})
        self.assertFalse(meeting.copy().agreement_id)
