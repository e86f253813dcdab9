"""紧急查阅: two people, a reason, an end, and the chair knows (CF-6)."""

from datetime import datetime

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from tests.notice.common import NoticeCommon
from tests.secrets.common import SecretsCommon

REASON = "A complaint is being investigated."


class BreakGlassCommon(SecretsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting = cls.secret_meeting()

    def ask(self, user=None, meeting=None, **vals):
        meeting = meeting or self.meeting
        values = {"reference": meeting.number, "reason": REASON, **vals}
        return self.env["meeting.break.glass"].with_user(user or self.auditor).create(values)

    def granted(self, user=None, by=None, meeting=None):
        glass = self.ask(user, meeting)
        glass.with_user(by or self.auditor2).action_grant()
        self.forget()
        return glass

    def may_read(self, user, record=None):
        """Search and check agree, by test."""
        self.forget()
        record = (record if record is not None else self.meeting).with_user(user)
        found = bool(record.search([("id", "in", record.ids)]))
        self.assertEqual(record.has_access("read"), found)
        return found


class TestAsking(BreakGlassCommon):
    def test_by_number_or_id_without_the_name(self):
        """CF-6: whoever asks learns nothing but that the meeting exists."""
        for reference in (self.meeting.number, f" {self.meeting.number} ", str(self.meeting.id)):
            glass = self.ask(reference=reference)
            self.assertEqual(glass.sudo().meeting_id, self.meeting)
            self.forget()
            shown = glass.read() + glass.web_read({"meeting_id": {"fields": {"display_name": {}}}})
            self.assertNotIn("Phoenix", str(shown))
            self.assertFalse(self.may_read(self.auditor))

    def test_only_confidential_meetings_of_ones_companies(self):
        """CF-6: an unknown number, an open meeting and another company's meeting read the same."""
        public = self.secret_meeting(level="internal")
        other = self.env["res.company"].create({"name": "Other"})
        self.auditor2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for user, reference in (
            (self.auditor, "MTG/none"),
            (self.auditor, "99999999999999"),
            (self.auditor, " "),
            (self.auditor, public.number),
            (self.auditor2, self.meeting.number),
        ):
            with self.subTest(reference), self.assertRaisesRegex(ValidationError, "no confidential meeting"):
                self.ask(user, reference=reference)
        with self.assertRaises(ValidationError):
            self.ask(reason=" ")

    def test_role_by_operation(self):
        """CF-6: auditors and administrators ask; nobody changes or deletes a request."""
        glass = self.ask()
        readers = {self.auditor, self.auditor2, self.manager, self.chair}
        askers = {self.auditor, self.auditor2, self.manager}
        for user in readers | {self.convener, self.minute_taker, self.member, self.outsider, self.secretary, self.hr}:
            mine = glass.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(mine.has_access("read"), user in readers)
                self.assertEqual(bool(mine.search([("id", "=", mine.id)])), user in readers)
                self.assertEqual(mine.browse().has_access("create"), user in askers)
                for operation in ("write", "unlink"):
                    self.assertFalse(mine.has_access(operation))
                if user not in askers:
                    with self.assertRaises(AccessError):
                        self.ask(user)

    def test_other_companies(self):
        """CF-6: authority ends at one's own companies."""
        glass, other = self.ask(), self.env["res.company"].create({"name": "Other"})
        self.auditor2.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        theirs = glass.with_user(self.auditor2).with_context(allowed_company_ids=other.ids)
        self.assertFalse(theirs.has_access("read"))
        self.assertFalse(theirs.search([]))
        with self.assertRaises(AccessError):
            theirs.action_grant()

    def test_the_facts_are_not_sent(self):
        """CF-6: forged values of a request are ignored or refused, an administrator's too."""
        forged = {
            "requester_id": self.auditor2.id,
            "decided_by_id": self.auditor2.id,
            "expires_at": datetime(2099, 1, 1),
            "meeting_id": self.secret_meeting().id,
            "state": "granted",
        }
        for user in (self.auditor, self.manager):
            glass = self.ask(user, **forged)
            self.assertEqual(
                (glass.requester_id, glass.state, glass.sudo().meeting_id, glass.decided_by_id, glass.expires_at),
                (user, "requested", self.meeting, self.env["res.users"], False),
            )
        for values in ({"state": "granted"}, {"expires_at": datetime(2099, 1, 1)}, {"requester_id": self.auditor2.id}):
            for user in (self.auditor, self.auditor2, self.manager, self.env.ref("base.user_admin")):
                with self.subTest(values=values, login=user.login), self.assertRaises(AccessError):
                    glass.with_user(user).write(values)
        for values in ({"state": "granted"}, {"meeting_id": self.meeting.id}, {"reason": "x"}):
            with self.assertRaises(AccessError):
                glass.sudo().write(values)
        with self.assertRaises(UserError):
            glass.sudo().unlink()
        with self.assertRaises(AccessError):
            get_public_method(glass, "_go")
        with self.assertRaises(AccessError):
            self.meeting.with_user(self.convener).write(
                {"break_glass_ids": [Command.update(glass.id, {"state": "granted"})]}
            )

    def test_who_reads_already_need_not_ask(self):
        """CF-6"""
        self.chair.group_ids = [Command.link(self.env.ref("meeting_management.group_auditor").id)]
        with self.assertRaisesRegex(UserError, "already"):
            self.ask(self.chair)

    def test_a_meeting_asked_for_is_kept(self):
        """CF-6: evidence is not deleted with a draft."""
        draft = self.make_meeting(level="secret")
        self.ask(reference=str(draft.id))
        with self.assertRaisesRegex(UserError, "emergency"):
            draft.with_user(self.convener).unlink()

    def test_he_takes_no_copy_along(self):
        """CF-6: a copy would be his own, and stay when the access ends."""
        self.granted()
        self.assertTrue(self.may_read(self.auditor))
        with self.assertRaisesRegex(AccessError, "cannot be copied"):
            self.meeting.with_user(self.auditor).copy()
        self.assertTrue(self.meeting.with_user(self.chair).copy())


class TestTwoPeople(BreakGlassCommon):
    def test_nobody_grants_his_own_request(self):
        """CF-6: not the person, not his second login, not without the authority."""
        for user in (self.auditor, self.manager):
            glass = self.ask(user)
            self.assertFalse(glass.can_grant)
            with self.assertRaises(AccessError):
                glass.action_grant()
            with self.assertRaises(AccessError):
                glass.sudo().action_grant()
        alias = self.env["res.users"].create(
            {"name": "Auditor Ao again", "login": "alias", "group_ids": [Command.set(self.auditor2.group_ids.ids)]}
        )
        glass = self.ask()
        alias.sudo().partner_id = self.auditor.partner_id
        with self.assertRaises(AccessError):
            glass.with_user(alias).action_grant()
        for user in (self.chair, self.member, self.outsider, self.secretary, self.env.ref("base.user_root")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                glass.with_user(user).sudo(False).action_grant()
        self.assertFalse(self.may_read(self.auditor))

    @mute_logger("odoo.sql_db")
    def test_the_database_wants_two_people(self):
        """CF-6: even superuser SQL does not grant to oneself, or for good."""
        glass = self.ask()
        for by, end in ((self.auditor.id, "2099-01-01"), (self.auditor2.id, None)):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
                self.env.cr.execute(
                    """UPDATE meeting_break_glass SET state = 'granted', decided_by_id = %s, expires_at = %s
                    WHERE id = %s""",
                    [by, end, glass.id],
                )

    def test_a_subordinate_does_not_grant(self):
        """CF-6: who reports to the requester, at any distance, could be told to."""
        middle = self.convener.employee_id.sudo()
        self.auditor2.employee_id.sudo().parent_id = middle
        middle.parent_id = self.auditor.employee_id.sudo()
        glass = self.ask()
        self.assertFalse(glass.with_user(self.auditor2).can_grant)
        with self.assertRaisesRegex(AccessError, "superior"):
            glass.with_user(self.auditor2).action_grant()
        glass.with_user(self.manager).action_grant()
        self.assertEqual(glass.state, "granted")
        theirs = self.ask(self.auditor2)  # the other way round is nobody's order
        theirs.with_user(self.auditor).action_grant()
        self.assertEqual(theirs.state, "granted")

    def test_refusing_and_withdrawing(self):
        """CF-6: refused with a reason, withdrawn by the requester; neither can be granted afterwards."""
        glass = self.ask()
        action = glass.with_user(self.manager).action_refuse()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        wizard.reason = "Ask the convener."
        wizard.action_confirm()
        self.assertEqual((glass.state, glass.refusal_reason), ("refused", "Ask the convener."))
        other = self.ask()
        with self.assertRaises(AccessError):
            other.with_user(self.auditor2).action_withdraw()
        other.action_withdraw()
        for done in (glass, other):
            with self.assertRaises(UserError):
                done.with_user(self.auditor2).action_grant()
        self.assertFalse(self.may_read(self.auditor))
        self.assertEqual(
            self.entries(self.meeting).mapped("event"), ["glass_asked", "glass_refused", "glass_asked", "glass_ended"]
        )


    def test_it_waits_on_my_day(self):
        """CF-6: of those who may decide, not of the requester, not of anybody else."""
        self.ask()
        for user, shown in ((self.auditor2, True), (self.manager, True), (self.auditor, False), (self.outsider, False)):
            sections = self.env["meeting.my.day"].with_user(user).get()["sections"]
            cards = [card for section in sections if section["key"] == "break_glass" for card in section["cards"]]
            self.assertEqual(len(cards), int(shown))
            self.assertNotIn("Phoenix", str(cards))


class TestReading(BreakGlassCommon):
    def test_reads_and_never_edits(self):
        """CF-6: the meeting and what is under it, by level and operation."""
        for level in ("participants", "secret"):
            minutes = self.held(level=level)
            task, resolution = self.task(minutes), self.resolution(minutes)
            meeting, revision = minutes.meeting_id, self.publish(minutes).revision_ids
            parts = (meeting.participant_ids, meeting.agenda_item_ids, minutes, revision, task, resolution)
            records = (meeting, *parts)
            before = [self.may_read(self.auditor, record) for record in records]
            self.assertEqual(before, [False] * len(records))
            self.granted(meeting=meeting)
            for record in records:
                with self.subTest(level=level, model=record._name):
                    self.assertTrue(self.may_read(self.auditor, record))
                    self.assertFalse(self.may_read(self.auditor2, record))
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(record.with_user(self.auditor).has_access(operation))
            with self.assertRaises(AccessError):
                meeting.with_user(self.auditor).write({"purpose": "x"})
            for record in (meeting, minutes, task):
                record.with_user(self.member).message_post(body="A participant may comment")
                with self.assertRaises(AccessError):
                    record.with_user(self.auditor).message_post(body="x")

    def test_one_meeting_only(self):
        """CF-6"""
        other = self.secret_meeting()
        self.granted()
        self.assertTrue(self.may_read(self.auditor))
        self.assertFalse(self.may_read(self.auditor, other))

    def test_ends_on_time_without_a_job(self):
        """CF-6: exact at the moment of asking, from caches that nobody has cleared."""
        self.company.meeting_break_glass_hours = 2
        with freeze_time("2026-03-02 08:00:00") as clock:
            glass = self.granted()
            self.assertEqual(glass.expires_at, datetime(2026, 3, 2, 10, 0))
            self.assertTrue(self.may_read(self.auditor))
            clock.move_to("2026-03-02 09:59:59")
            self.assertTrue(self.may_read(self.auditor))
            clock.move_to("2026-03-02 10:00:00")
            self.assertFalse(self.may_read(self.auditor))
            self.assertFalse(glass.is_active)
            self.assertEqual(glass.state, "granted")
            self.env["meeting.break.glass"].sudo()._cron_expire()
            self.assertEqual(glass.state, "expired")
            self.assertFalse(self.may_read(self.auditor))
        self.assertEqual(len(self.entries(self.meeting, "glass_expired")), 1)

    def test_ended_early(self):
        """CF-6: by the requester or the authority; not by the chair, who may be the one looked into."""
        for user in (self.auditor, self.auditor2):
            glass = self.granted()
            with self.assertRaises(AccessError):
                glass.with_user(self.chair).action_end()
            glass.with_user(user).action_end()
            self.assertFalse(self.may_read(self.auditor))

    def test_ends_with_the_authority(self):
        """CF-6: who is no auditor any more reads no more."""
        self.granted()
        self.assertTrue(self.may_read(self.auditor))
        self.auditor.group_ids = [Command.unlink(self.env.ref("meeting_management.group_auditor").id)]
        self.assertFalse(self.may_read(self.auditor))

    def test_lowered_to_internal_the_key_is_void(self):
        """CF-6: the table of rights decides by level."""
        self.granted()
        self.meeting.with_user(self.chair).action_change_level("internal", "declassified")
        self.assertFalse(self.may_read(self.auditor))

    def test_keys_cost_no_query(self):
        """CF-6: a user's keys come from a cache, grants included, until one changes."""
        self.granted()
        for user in (self.auditor, self.member):
            user._meeting_principals()
            with self.assertQueryCount(0):
                self.assertTrue(user._meeting_principals())

    def test_keys_collide_with_nothing(self):
        """CF-6: not with users, departments, everybody or the secretariat; and they fit the column."""
        before = self.auditor._meeting_principals()
        glass = self.granted()
        [key] = self.auditor._meeting_principals() - before
        self.assertEqual(key, glass._key())
        self.assertTrue(-(2**31) < key < -(2**30))
        self.assertIn(key, self.meeting.sudo().reader_keys)
        self.assertNotIn(key, self.meeting.sudo().editor_keys)

    def test_each_reading_is_on_record(self):
        """CF-4, CF-6: as a reading and as a use of emergency access, for “participants only” too."""
        for level in ("participants", "secret"):
            meeting = self.secret_meeting(level=level)
            self.granted(meeting=meeting)
            self.read_as(self.auditor, meeting, "purpose")
            self.read_as(self.member, meeting, "purpose")
            self.assertEqual(len(self.entries(meeting, "opened", self.auditor)), 1)
            self.assertEqual(len(self.entries(meeting, "glass_used", self.auditor)), 1)
            self.assertEqual(len(self.entries(meeting, "opened", self.member)), 1 if level == "secret" else 0)
            self.assertFalse(self.entries(meeting, "glass_used", self.member))

    def test_locked_out(self):
        """CF-6: while the meeting is locked from inside nobody asks, grants or reads."""
        granted, waiting = self.granted(), self.ask(self.manager)
        with freeze_time(self.meeting.start):
            granted.sudo()._go("ended")
            granted = self.granted()
            self.meeting.with_user(self.chair).action_start()
            self.assertTrue(self.may_read(self.auditor))
            self.meeting.with_user(self.chair).action_lock()
            self.assertFalse(self.may_read(self.auditor))
            with self.assertRaisesRegex(UserError, "locked"):
                waiting.with_user(self.auditor2).action_grant()
            with self.assertRaisesRegex(UserError, "locked"):
                self.ask(self.auditor2)
            self.meeting.with_user(self.chair).action_unlock()
            self.assertTrue(self.may_read(self.auditor))


class TestTheChairIsTold(BreakGlassCommon, NoticeCommon):
    def test_at_once_and_twice(self):
        """CF-6: when it is asked for and when it is granted, without a word of the meeting."""
        glass = self.granted()
        partner = self.chair.partner_id
        self.assertEqual(self.rows(self.meeting, "glass_asked").partner_id, partner)
        self.assertEqual(self.rows(self.meeting, "glass_granted").partner_id, partner)
        self.assertEqual(self.rows(self.meeting, "glass_open").partner_id, self.auditor.partner_id)
        self.deliver()
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", partner.ids)])
        texts = [str(mail.body_html) for mail in mails if "Auditor Ao" in str(mail.body_html)]
        self.assertEqual(len(texts), 2)
        for text in texts:
            self.assertNotIn("Phoenix", text)
            self.assertNotIn(REASON, text)
        self.assertTrue(glass.with_user(self.chair).has_access("read"))
        self.assertEqual(self.rows(self.meeting, "glass_open").state, "sent")

    def test_participants_only_tells_the_reason(self):
        """CF-6: below “secret” the notice carries reason and end."""
        meeting = self.secret_meeting(level="participants")
        self.granted(meeting=meeting)
        self.deliver()
        mails = self.env["mail.mail"].sudo().search([("recipient_ids", "in", self.chair.partner_id.ids)])
        self.assertEqual(len([mail for mail in mails if REASON in str(mail.body_html)]), 2)
        self.assertEqual({row.state for row in self.rows(meeting, "glass_granted")}, {"sent"})
