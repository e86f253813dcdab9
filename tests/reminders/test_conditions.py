"""An administrator's own condition decides whether a rule holds, and tells him nothing he may not read (RE-1, CF-1)."""

import re
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form
from odoo.tools import mute_logger

from tests.reminders.test_rules import RuleCommon


class TestConditions(RuleCommon):
    def setUp(self):
        super().setUp()
        self.mine = self.rules.with_user(self.manager)
        self.roles = {role.code: role.id for role in self.env["meeting.reminder.role"].search([])}

    def ask(self, condition, kind="meeting", **vals):
        """A common rule with a condition, 77 minutes before, as its administrator writes it."""
        values = {"kind": kind, "number": 77, "unit": "minutes", "own_condition": condition, **vals}
        return self.mine.create({"role_ids": [Command.link(self.roles["participants"])], **values})

    def by(self, rule, record, state="pending"):
        """Rows that this rule owes."""
        rows = self.rows(record).filtered(lambda row: f".{rule.id}." in row.step)
        return rows.filtered(lambda row: row.state == state)

    # -- it decides ---------------------------------------------------------------------------------------------

    def test_only_where_it_holds(self):
        """RE-1: planned for the meeting the condition fits, not for the other."""
        rule = self.ask("[('name', 'ilike', 'offer')]")
        offer = self.schedule(self.make_meeting(name="Spring offer"))
        other = self.schedule(self.make_meeting(name="Canteen", start=self.days_ahead(9)))
        rows = self.by(rule, offer)
        self.assertEqual(rows.partner_id, offer.participant_ids.partner_id)
        self.assertEqual(set(rows.mapped("due")), {offer.start - timedelta(minutes=77)})
        self.assertFalse(self.by(rule, other))
        self.assertIn("if its own condition holds", rule.sentence)

    def test_one_step_further(self):
        """RE-1: it may ask for the room's and the type's own columns, and for names of people."""
        big = self.ask("[('room_id.capacity', '>=', 10), ('type_id.name', '!=', 'X'), ('chair_id', 'ilike', 'chair')]")
        small = self.ask("[('room_id.capacity', '<', 10)]")
        morning = self.ask("[('start.hour_number', '<', 12)]")
        self.maple.capacity = 12
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        self.assertTrue(self.by(big, meeting))
        self.assertFalse(self.by(small, meeting))
        self.assertEqual(bool(self.by(morning, meeting)), meeting.start.hour < 12)

    def test_a_field_that_changes(self):
        """RE-1: what the condition names is a reason to look again, in both directions."""
        rule = self.ask("[('name', 'ilike', 'offer')]")
        meeting = self.schedule(self.make_meeting(name="Canteen"))
        meeting.name = "Canteen offer"
        self.assertEqual(self.by(rule, meeting).partner_id, meeting.participant_ids.partner_id)
        meeting.name = "Canteen"
        self.assertFalse(self.by(rule, meeting))

    def test_asked_again_when_it_is_due(self):
        """RE-1, RE-3: the room has become too small meanwhile, of which no meeting knows: the message stays away."""
        self.maple.capacity = 12
        rule = self.ask("[('room_id.capacity', '>=', 10)]")
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        waiting = self.by(rule, meeting)
        self.assertTrue(waiting)
        self.maple.capacity = 9
        self.assertEqual(self.by(rule, meeting), waiting, "the meeting's own facts have not changed")
        with freeze_time(meeting.start - timedelta(minutes=76)):
            self.deliver()
        self.assertEqual(set(waiting.mapped("state")), {"void"})

    def test_every_night(self):
        """RE-1: what changed elsewhere is looked at once a night."""
        rule = self.ask("[('room_id.capacity', '>=', 20)]")
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        self.assertFalse(self.by(rule, meeting))
        self.maple.capacity = 30
        self.rules._look_again()
        self.watch()
        self.assertTrue(self.by(rule, meeting))

    def test_superiors_too(self):
        """RE-2: nobody's superior hears of what the condition does not fit."""
        task = self.task(self.held())
        task.action_assign()
        values = {"timing": "after", "escalate": True, "type_id": self.weekly.id, "unit": "days", "number": 0}
        debtor = [Command.link(self.roles["debtor"])]
        self.ask("[('name', 'ilike', 'offer')]", "task_due", role_ids=debtor, **values)
        self.watch()
        clock = self.clock(task, "task_due")
        self.assertTrue(clock.escalate_at)
        task.name = "Print the contract"
        self.assertFalse(clock.escalate_at)

    def test_the_same_answer_for_everybody(self):
        """RE-3: who sets the planning off, in whatever language, does not matter."""
        self.env["res.lang"]._activate_lang("zh_CN")
        rule = self.ask("[('type_id.name', '=', 'Sales Weekly')]")
        self.weekly.with_context(lang="en_US").name = "Sales Weekly"
        self.weekly.with_context(lang="zh_CN").name = "销售周会"
        meeting = self.schedule(self.make_meeting())
        meeting.with_user(self.convener).with_context(lang="zh_CN")._follow_clocks()
        self.assertTrue(self.by(rule, meeting))

    def test_a_condition_that_has_lost_its_field(self):
        """RE-4: it reminds nobody and stops no other rule."""
        rule = self.ask("[('name', 'ilike', 'offer')]")
        self.env.cr.execute(
            "UPDATE meeting_reminder_rule SET own_condition = %s WHERE id = %s", ["[('gone', '=', 1)]", rule.id]
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.meeting_management.models.meeting_reminder_condition"):
            meeting = self.schedule(self.make_meeting(name="Spring offer"))
        self.assertFalse(self.by(rule, meeting))
        self.assertTrue(self.waiting(meeting, "remind"))

    # -- how it is written --------------------------------------------------------------------------------------

    def test_refused_kindly(self):
        """RE-1: what cannot be read, names no field, or compares what cannot be compared."""
        for condition, words in (
            ("[('name', '=', ", "is no condition"),
            ("[('start', '>', context_today())]", "is no condition"),
            ("__import__('os')", "is no condition"),
            ("[('colour', '=', 'red')]", "has no field “colour”"),
            ("[('room_id.colour', '=', 'red')]", "has no field “room_id.colour”"),
            ("[('name', 'resembles', 'red')]", "is no condition"),
            ("[('start', '>', 'soon')]", "“soon” is no date, so “Start” cannot be compared"),
            ("[('start', 'in', ['2026-03-31', '2026-02-30'])]", "“2026-03-31 and 2026-02-30” is no date"),
            ("[('room_id', '>', 'Maple')]", "“Room” cannot be compared with “Maple” in this way"),
        ):
            with self.subTest(condition), self.assertRaisesRegex(ValidationError, words):
                self.ask(condition)

    def test_refused_in_chinese(self):
        """RE-1: not in Odoo's English."""
        mine = self.mine
        self.mine = mine.with_context(lang="zh_CN")
        for condition in ("[('start', '>', 'soon')]", "[('room_id', '>', 'soon')]"):
            with self.assertRaises(ValidationError) as refused, self.env.cr.savepoint():
                self.ask(condition)
            self.assertFalse(re.search(r"[A-Za-z]{2}", re.sub(r"soon|today \+7d", "", str(refused.exception))))

    def test_an_empty_one_is_none(self):
        """The buttons leave an empty list behind."""
        self.assertFalse(self.ask("[]").own_condition)

    def test_another_duty_has_another_document(self):
        """The form drops what does not fit."""
        with Form(self.mine) as form:
            form.kind = "meeting"
            form.role_ids = self.env["meeting.reminder.role"].browse(self.roles["participants"])
            form.own_condition = "[('is_urgent', '=', True)]"
            self.assertEqual(form.subject_model, "meeting.meeting")
            form.kind = "task_due"
            self.assertEqual((form.subject_model, form.own_condition), ("meeting.action.item", False))

    def test_everyone_reads_only_administrators_write(self):
        """CF-6"""
        rule = self.ask("[('is_urgent', '=', True)]")
        self.assertTrue(rule.with_user(self.member).own_condition)
        with self.assertRaises(AccessError):
            rule.with_user(self.member).own_condition = False

    # -- no oracle ----------------------------------------------------------------------------------------------

    def test_confidential_documents_are_not_asked(self):
        """CF-1, CF-6: whether it would hold or not, of a confidential meeting nothing is planned, and the figures of
        the health page are the same."""
        health = self.env["meeting.notice.health"].with_user(self.manager)
        for level in ("participants", "secret"):
            meeting = self.make_meeting(name="Merger", level=level, start=self.soon())
            self.schedule(meeting)
            meeting.flush_recordset()
            counts = []
            for word in ("Merger", "Picnic"):
                rule = self.ask(f"[('name', 'ilike', '{word}')]")
                self.watch()
                self.assertFalse(self.rows(meeting).filtered(lambda row, rule=rule: f".{rule.id}." in row.step))
                counts.append(health._coming())
                rule.unlink()
                self.watch()
            self.assertEqual(counts[0], counts[1], level)

    def soon(self):
        return Datetime.now().replace(microsecond=0) + timedelta(hours=6)

    def test_a_meeting_that_becomes_confidential(self):
        """CF-1: from then on it is asked no more, also not by what waits already."""
        rule = self.ask("[('name', 'ilike', 'offer')]")
        meeting = self.schedule(self.make_meeting(name="Spring offer"))
        waiting = self.by(rule, meeting)
        self.assertTrue(waiting)
        self.env.cr.execute("UPDATE meeting_meeting SET level = 'participants' WHERE id = %s", [meeting.id])
        self.env.invalidate_all()
        with freeze_time(meeting.start - timedelta(minutes=76)):
            self.deliver()
        self.assertEqual(set(waiting.mapped("state")), {"void"})

    def test_what_not_every_administrator_reads(self):
        """CF-1, CF-5: neither topics and documents, nor the meeting behind a booking or a test, nor people's files,
        nor who has borrowed what."""
        for kind, condition in (
            ("meeting", "[('agenda_item_ids.name', 'ilike', 'merger')]"),
            ("meeting", "[('agenda_item_ids', 'ilike', 'merger')]"),
            ("meeting", "[('agenda_item_ids', 'any', [('name', 'ilike', 'merger')])]"),
            ("meeting", "[('participant_ids.partner_id.name', 'ilike', 'chen')]"),
            ("meeting", "[('convener_id.login', 'ilike', 'a')]"),
            ("meeting", "[('convener_id.employee_id.birthday', '<', '1980-01-01')]"),
            ("meeting", "[('convener_id.partner_id.email', 'ilike', 'a')]"),
            ("meeting", "[('reader_keys', '!=', False)]"),
            ("meeting", "[('message_ids', '!=', False)]"),
            ("meeting", "[('room_id.location_id.company_id.name', 'ilike', 'a')]"),
            ("minutes_draft", "[('meeting_id.name', 'ilike', 'merger')]"),
            ("task_due", "[('agenda_item_id', 'ilike', 'merger')]"),
            ("booking", "[('meeting_id.name', 'ilike', 'merger')]"),
            ("booking", "[('meeting_id', '=', 1)]"),
            ("inspection", "[('booking_id.meeting_id.name', 'ilike', 'merger')]"),
            ("loan", "[('partner_id', 'ilike', 'chen')]"),
            ("loan", "[('purpose', 'ilike', 'wedding')]"),
        ):
            with self.subTest(condition), self.assertRaisesRegex(ValidationError, "cannot ask for"):
                vals = {"role_ids": [Command.link(self.roles["debtor"])], "kind": kind}
                self.ask(condition, **vals)

    def test_a_confidential_type(self):
        """CF-1: a rule that would never hold is refused where it can be seen."""
        self.weekly.level = "secret"
        with self.assertRaisesRegex(ValidationError, "confidential"):
            self.ask("[('is_urgent', '=', True)]", type_id=self.weekly.id)

    def test_companies_of_its_author(self):
        """CF-6: nobody asks the meetings of a company he does not work in."""
        branch = self.env["res.company"].sudo().create({"name": "Branch"})
        with self.assertRaises(AccessError):
            self.ask("[('is_urgent', '=', True)]")
        self.assertTrue(self.ask("[('is_urgent', '=', True)]", company_id=self.company.id))
        self.manager.sudo().company_ids += branch
        self.assertTrue(self.ask("[('is_urgent', '=', True)]"))
