"""查阅记录: what is logged, who reads it, and that nobody changes it (CF-4)."""

from datetime import datetime, timedelta

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from tests.secrets.common import SecretsCommon

OLD = datetime.now() - timedelta(days=4 * 366)


class TestWhatIsLogged(SecretsCommon):
    def test_opening_a_secret_meeting(self):
        """CF-4: who, what, when; once per ten minutes."""
        meeting = self.secret_meeting()
        with freeze_time("2026-03-02 08:00:00"):
            self.read_as(self.member, meeting, "name", "purpose")
            self.read_as(self.member, meeting, "purpose")
        [entry] = self.entries(meeting, "opened")
        self.assertEqual(
            (entry.user_ref, entry.person, entry.meeting_ref, entry.meeting_number, entry.company_ref, entry.date),
            (
                self.member.id,
                "Member Ma",
                meeting.id,
                meeting.number,
                meeting.company_id.id,
                datetime(2026, 3, 2, 8, 0),
            ),
        )
        with freeze_time("2026-03-02 08:11:00"):
            self.read_as(self.member, meeting, "purpose")
            self.read_as(self.chair, meeting, "purpose")
        self.assertEqual(self.entries(meeting, "opened").mapped("person"), ["Member Ma", "Member Ma", "Chair Cheng"])

    def test_every_way_of_opening(self):
        """CF-4: form, read without fields, search_read, copy; superuser code opens nothing."""
        spec = {"name": {}, "purpose": {}}
        for open_it in (
            lambda meeting: meeting.web_read(spec),
            lambda meeting: meeting.read(),
            lambda meeting: meeting.search_read([("id", "=", meeting.id)]),
            lambda meeting: meeting.web_search_read([("id", "=", meeting.id)], spec),
            lambda meeting: meeting.copy_data(),
        ):
            meeting = self.secret_meeting()
            open_it(meeting.with_user(self.member))
            self.assertEqual(len(self.entries(meeting, "opened", self.member)), 1)
        meeting = self.secret_meeting()
        meeting.with_user(self.member).sudo().read(["purpose"])
        self.assertFalse(self.entries(meeting))

    def test_the_conversation(self):
        """CF-4: the chatter alone is read like the meeting, by its own route and by the table of messages."""
        for read_it in (
            lambda meeting, messages: messages._message_fetch(None, thread=meeting),
            lambda meeting, messages: messages.search_read(
                [("model", "=", meeting._name), ("res_id", "=", meeting.id)], ["body"]
            ),
        ):
            for level, entries in (("secret", 1), ("participants", 0)):
                meeting = self.secret_meeting(level=level)
                meeting.message_post(body="Phoenix talk", message_type="comment", subtype_xmlid="mail.mt_comment")
                self.forget()
                read_it(meeting.with_user(self.member), self.env["mail.message"].with_user(self.member))
                self.assertEqual(len(self.entries(meeting, "opened", self.member)), entries)

    def test_content_is_not_grouped(self):
        """CF-4: nor gathered into a figure, nor along a path from elsewhere; lists are grouped as ever."""
        meeting = self.secret_meeting(purpose="Phoenix purpose")
        mine = self.env["meeting.meeting"].with_user(self.member)
        for model, groups, figures in (
            (mine, ["purpose"], ["__count"]),
            (mine, [], ["purpose:array_agg"]),
            (self.env["meeting.participant"].with_user(self.member), ["meeting_id.purpose"], ["__count"]),
        ):
            with self.assertRaisesRegex(AccessError, "not grouped"):
                model.formatted_read_group([], groups, figures)
        self.assertIn(
            meeting.id, [row["chair_id"] and meeting.id for row in mine.formatted_read_group([], ["chair_id"])]
        )

    def test_an_export_along_a_path(self):
        """CF-4: from a record that is not itself logged into the content of the meeting."""
        meeting = self.secret_meeting(purpose="Phoenix purpose", room_id=self.maple.id)
        self.member.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        booking = self.env["meeting.booking"].search([("meeting_id", "=", meeting.id)]).with_user(self.member)
        self.assertIn("Phoenix purpose", str(booking.export_data(["meeting_id/purpose"])))
        self.assertEqual(len(self.entries(meeting, "opened", self.member)), 1)

    def test_lists_write_nothing_and_cost_nothing(self):
        """CF-4: a list is not an opening, and asks the database nothing for the log."""
        meeting = self.secret_meeting()
        columns = {"name": {}, "number": {}, "start": {}, "level": {}, "state": {}, "chair_id": {"fields": {}}}
        mine = self.env["meeting.meeting"].with_user(self.member)
        mine.web_search_read([], columns)
        self.forget()
        queries = []
        execute = self.env.cr.execute
        self.patch(self.env.cr, "execute", lambda query, *a, **k: (queries.append(str(query)), execute(query, *a, **k)))
        mine.web_search_read([], columns)
        self.assertFalse([query for query in queries if "access_log" in query])
        self.assertFalse(self.entries(meeting))
        others = self.secret_meeting() | self.secret_meeting() | meeting
        others.with_user(self.member).web_read({**columns, "purpose": {}})
        self.assertEqual(len([query for query in queries if "INSERT INTO meeting_access_log" in query]), 1)
        self.assertEqual(len(self.entries(others, "opened")), 3)

    def test_other_levels_are_not_logged(self):
        """CF-4: only what is secret."""
        for level in ("public", "internal", "participants"):
            meeting = self.secret_meeting(level=level)
            self.read_as(self.member, meeting, "purpose")
            self.env["meeting.access.log"].with_user(self.member)._note(meeting.with_user(self.member), "printed")
            self.assertFalse(self.entries(meeting))

    def test_what_is_under_it(self):
        """CF-4: topics, minutes, versions, decisions, tasks with their reports, files."""
        minutes = self.held(level="secret")
        resolution, task = self.resolution(minutes), self.task(minutes)
        self.publish(minutes)
        item = minutes.meeting_id.agenda_item_ids[0]
        file = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"x", "res_model": "meeting.agenda.item", "res_id": item.id}
        )
        for record, field in (
            (item, "notes"),
            (resolution, "text"),
            (task, "standard"),
            (minutes.revision_ids, "body"),
            (minutes, "document"),
        ):
            with self.subTest(model=record._name):
                self.read_as(self.member, record, field)
                self.assertEqual(len(self.entries(record, "opened", self.member)), 1)
        self.read_as(self.member, file, "raw")
        self.assertEqual(self.entries(file, "downloaded").meeting_ref, minutes.meeting_id.id)

    def test_parts_are_opened_with_their_whole(self):
        """CF-4: a form with ten topics is one opening, not eleven."""
        meeting = self.secret_meeting()
        meeting.with_user(self.member).web_read({"purpose": {}, "agenda_item_ids": {"fields": {"notes": {}}}})
        self.assertEqual(self.entries(user=self.member).mapped("res_model"), ["meeting.meeting"])

    def test_exporting(self):
        """CF-4: an export takes away what a list shows, so every field counts."""
        meeting = self.secret_meeting()
        self.env.ref("base.group_allow_export").user_ids = [Command.link(self.member.id)]
        meeting.with_user(self.member).export_data(["name"])
        self.assertEqual(len(self.entries(meeting, "exported", self.member)), 1)
        with self.assertRaises(AccessError):
            meeting.with_user(self.outsider).export_data(["name"])

    def test_guests_are_named(self):
        """CF-4, PT-4: who has no account is logged by his contact."""
        meeting = self.secret_meeting()
        self.log._note(meeting, "opened", partner=self.guest)
        [entry] = self.entries(meeting)
        self.assertEqual((entry.person, entry.partner_ref, entry.user_ref), ("Guest Gu", self.guest.id, 0))

    def test_a_deleted_meeting_keeps_its_log(self):
        """CF-4: rows refer by number, so nothing blocks and nothing vanishes."""
        meeting = self.make_meeting(level="secret")
        self.read_as(self.chair, meeting, "purpose")
        number = meeting.id
        meeting.with_user(self.convener).unlink()
        [entry] = self.log.search([("meeting_ref", "=", number)])
        self.assertFalse(entry.with_user(self.auditor).document)
        self.env.cr.execute(
            "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = 'meeting_access_log'::regclass"
        )
        self.assertFalse(self.env.cr.fetchall())


class TestRefused(SecretsCommon):
    def setUp(self):
        super().setUp()
        for hooks in (self.env.cr.postrollback, self.env.cr.postcommit):
            hooks.clear()
            self.addCleanup(hooks.clear)

    def attempt(self, run):
        with self.assertRaises(AccessError):
            run()

    def test_attempts_wait_for_the_end_of_the_transaction(self):
        """CF-4: written by a cursor of their own after a rollback, once per minute and attempt."""
        meeting = self.secret_meeting()
        self.attempt(lambda: self.read_as(self.outsider, meeting, "name"))
        self.attempt(lambda: self.read_as(self.outsider, meeting, "name"))
        self.attempt(lambda: meeting.with_user(self.member).write({"purpose": "x"}))
        self.assertFalse(self.entries(meeting, "refused"))
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
            self.env.cr.postcommit.run()
        entries = self.entries(meeting, "refused")
        self.assertEqual(
            [(entry.person, entry.detail) for entry in entries], [("Outsider Ou", "Reading"), ("Member Ma", "Changing")]
        )

    def test_a_caught_error_is_logged_too(self):
        """CF-4: the transaction goes on and commits."""
        meeting = self.secret_meeting()
        self.attempt(lambda: self.read_as(self.outsider, meeting, "name"))
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
            self.env.cr.postrollback.run()
        self.assertEqual(len(self.entries(meeting, "refused")), 1)

    def test_asking_is_not_trying(self):
        """CF-4: programs ask whether one may; that is no attempt. Other levels are not logged."""
        meeting, other = self.secret_meeting(), self.secret_meeting(level="participants")
        self.assertFalse(meeting.with_user(self.outsider).has_access("read"))
        meeting.with_user(self.outsider).search([])
        self.attempt(lambda: self.read_as(self.outsider, other, "name"))
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        self.assertFalse(self.entries(event="refused"))

    def test_a_broken_log_breaks_nothing(self):
        """CF-4: the person is refused as always, and the server's own log keeps the attempt."""
        meeting = self.secret_meeting()
        self.attempt(lambda: self.read_as(self.outsider, meeting, "name"))
        self.patch(self.registry, "cursor", lambda *args, **kwargs: 1 / 0)
        with self.assertLogs("odoo.addons.meeting_management.models.meeting_access_log_door", "ERROR"):
            self.env.cr.postrollback.run()


class TestEvidence(SecretsCommon):
    """Append-only for everybody."""

    def setUp(self):
        super().setUp()
        self.meeting = self.secret_meeting()
        self.read_as(self.member, self.meeting, "purpose")
        self.entry = self.entries(self.meeting)

    def test_nobody_writes_through_the_orm(self):
        """CF-4, CF-6: role × operation, administrators and superuser code included."""
        people = (self.member, self.chair, self.secretary, self.manager, self.auditor, self.env.ref("base.user_admin"))
        for user in people:
            for operation in ("create", "write", "unlink"):
                self.assertFalse(self.log.with_user(user).has_access(operation), (user.login, operation))
        for log in (*(self.entry.with_user(user) for user in people), self.entry.sudo()):
            for attempt in (
                lambda log=log: log.create({"date": OLD, "event": "opened"}),
                lambda log=log: log.write({"person": "Nobody"}),
                lambda log=log: log.unlink(),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses(self):
        """CF-4: UPDATE, DELETE and TRUNCATE by raw SQL."""
        for statement in (
            "UPDATE meeting_access_log SET person = 'Nobody'",
            "UPDATE meeting_access_log SET date = '2001-01-01'",
            "DELETE FROM meeting_access_log",
            "TRUNCATE meeting_access_log",
            "TRUNCATE meeting_access_log CASCADE",
        ):
            with self.subTest(statement), self.assertRaises(psycopg2.errors.RaiseException), self.cr.savepoint():
                self.env.cr.execute(statement)
        self.assertEqual(self.entries(self.meeting).person, "Member Ma")

    def insert(self, date, company):
        self.env.cr.execute(
            "INSERT INTO meeting_access_log (date, person, event, company_ref) VALUES (%s, 'Old Hand', 'opened', %s)",
            [date, company.id],
        )

    def test_entries_end_after_the_companys_years(self):
        """CF-4: the daily job removes what is older than the period, of each company, and says so."""
        other = self.env["res.company"].create({"name": "Other", "meeting_log_years": 10})
        for company in (self.company, other):
            self.insert(OLD, company)
        self.assertEqual(self.log._purge(), (1, 0))
        self.assertEqual(self.log.search([("person", "=", "Old Hand")]).company_ref, other.id)
        purged = self.log.search([("event", "=", "purged")])
        self.assertEqual((purged.company_ref, purged.person), (self.company.id, "System"))
        self.assertTrue(self.entry.exists())

    def test_the_job_goes_on_in_batches(self):
        """CF-4"""
        for _count in range(3):
            self.insert(OLD, self.company)
        self.assertEqual(self.log._purge(limit=2), (2, 1))
        self.assertEqual(self.log._purge(limit=2), (1, 0))

    @mute_logger("odoo.sql_db")
    def test_the_period_is_a_year_at_least(self):
        """CF-4: by the setting and, should that be tampered with, by the trigger; a change is logged."""
        with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            self.company.meeting_log_years = 0
            self.env.flush_all()
        self.env.invalidate_all()
        settings = self.env["res.config.settings"].create({"meeting_log_years": 1})
        settings.execute()
        [change] = self.log.search([("event", "=", "retention")])
        self.assertEqual((change.detail, change.company_ref), ("3 → 1 years", self.company.id))
        self.env.cr.execute("ALTER TABLE res_company DROP CONSTRAINT res_company_meeting_log_years_positive")
        self.env.cr.execute("UPDATE res_company SET meeting_log_years = 0")
        self.insert(datetime.now() - timedelta(days=300), self.company)
        with self.assertRaises(psycopg2.errors.RaiseException), self.cr.savepoint():
            self.env.cr.execute("DELETE FROM meeting_access_log WHERE person = 'Old Hand'")

    def test_the_guard_leaves_with_the_addon(self):
        """CF-4: nothing of it stays in the database after an uninstall."""
        self.env["meeting.access.log"]._drop_guard()
        self.env.cr.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'meeting_access_log'::regclass AND NOT tgisinternal"
        )
        self.assertFalse(self.env.cr.fetchall())
        self.env["meeting.access.log"].init()
        self.env.cr.execute("SELECT 1 FROM pg_proc WHERE proname = 'meeting_access_log_guard'")
        self.assertTrue(self.env.cr.fetchall())


class TestReaders(SecretsCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.secret_meeting()
        self.read_as(self.member, self.meeting, "purpose")
        self.entry = self.entries(self.meeting)

    def test_who_reads_the_log(self):
        """CF-4, CF-6: auditors, and the chair of his own meeting; search and check agree."""
        people = {
            self.auditor: True,
            self.chair: True,
            self.convener: False,
            self.minute_taker: False,
            self.member: False,
            self.outsider: False,
            self.secretary: False,
            self.manager: False,
            self.env.ref("base.user_admin"): False,
        }
        other = self.secret_meeting(chair_id=self.boss.id)
        self.read_as(self.member, other, "purpose")
        for user, readable in people.items():
            with self.subTest(user.login):
                mine = self.entry.with_user(user)
                self.assertEqual(mine.has_access("read"), readable)
                self.assertEqual(bool(mine.search([("id", "=", mine.id)])), readable)
                self.assertEqual(self.entries(other).with_user(user).has_access("read"), user == self.auditor)
                if self.meeting.with_user(user).has_access("read"):
                    self.assertEqual(bool(self.meeting.with_user(user).access_log_count), readable)

    def test_auditors_do_not_thereby_read(self):
        """CF-6: neither the meeting nor its name, in any column."""
        values = self.entry.with_user(self.auditor).read()[0]
        self.assertEqual(values["document"], "Confidential")
        self.assertNotIn("Phoenix", str(values))
        self.assertFalse(self.meeting.with_user(self.auditor).has_access("read"))
        self.assertEqual(self.entry.with_user(self.chair).document, self.meeting.with_user(self.chair).display_name)
        groups = self.log.with_user(self.auditor).formatted_read_group([], ["res_model", "person"], ["__count"])
        self.assertNotIn("Phoenix", str(groups))

    def test_other_companies(self):
        """CF-4: an auditor reads the logs of his own companies."""
        other = self.env["res.company"].create({"name": "Other"})
        self.auditor2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        theirs = self.entry.with_user(self.auditor2).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.has_access("read"))
        self.assertFalse(theirs.search([]))

    def test_reading_the_log_is_not_opening(self):
        """CF-4: showing the name of a document to its chair writes nothing."""
        self.entry.with_user(self.chair).read()
        self.assertEqual(len(self.entries(self.meeting)), 1)

    def test_from_the_log_to_the_document(self):
        """CF-4: opening it from there follows one's own rights."""
        action = self.entry.with_user(self.auditor).action_open_document()
        with self.assertRaises(AccessError):
            self.env[action["res_model"]].with_user(self.auditor).browse(action["res_id"]).read(["purpose"])
        action = self.meeting.with_user(self.chair).action_open_access_log()
        self.assertEqual(self.log.with_user(self.chair).search(action["domain"]), self.entry)

    def test_no_door_over_rpc(self):
        """CF-4: nobody notes what did not happen."""
        for name in ("_note", "_insert", "_purge", "_note_refused", "_drop_guard"):
            with self.assertRaises(AccessError):
                get_public_method(self.log, name)
