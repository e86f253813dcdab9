"""A move is an announcement of its own: answers are due anew, and it may be short notice (NT-2, NT-3, NT-5)."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from tests.notice.common import NoticeCommon

SCRIPT = Path(__file__).resolve().parents[2] / "meeting_management" / "migrations" / "19.0.1.3.0" / "post-moved.py"


class TestMoved(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.first = fields.Datetime.now().replace(microsecond=0)
        with freeze_time(self.first):
            self.meeting = self.schedule(self.make_meeting(notice_lead_hours=24, answer_hours=24))
            self.deliver()
        self.meeting = self.meeting.with_user(self.convener)
        self.line = self.participant(self.meeting, self.member.partner_id)

    def move(self, ahead, reason="Client is late", moment=None, **vals):
        """Three days after the notice, to so much later than then."""
        with freeze_time(moment or self.first + timedelta(days=3)):
            start = fields.Datetime.now() + ahead
            self.meeting._reschedule({"start": start, **vals}, reason)
            self.deliver()
        return start

    def clock(self, kind):
        return self.env["meeting.clock"].search([("res_id", "=", self.meeting.id), ("kind", "=", kind)])

    def test_answers_are_due_anew(self):
        """NT-3: from the move, not from the first notice, whose time is over."""
        self.line.with_user(self.member).action_accept()
        self.move(timedelta(days=9))
        moved = self.first + timedelta(days=3)
        self.assertEqual((self.meeting.moved_at, self.line.response), (moved, "pending"))
        self.assertEqual(self.meeting.answer_deadline, moved + timedelta(hours=24))
        answer = self.clock("answer")
        self.assertEqual((answer.state, answer.started, answer.due), ("running", moved, moved + timedelta(hours=24)))
        self.assertIn("Please answer by", self.mails(self.member.partner_id, "Changed").body_html)
        self.assertFalse(self.meeting.is_short_notice)

    def test_a_move_at_short_notice(self):
        """NT-2: marked, in the notice of change with its reason, and in the proof."""
        self.assertFalse(self.meeting.is_short_notice)
        start = self.move(timedelta(hours=5))
        self.assertTrue(self.meeting.is_short_notice)
        self.assertEqual(self.meeting.short_notice_reason, "Client is late")
        self.assertEqual(self.meeting.answer_deadline, start, "before the start at any rate")
        body = self.mails(self.member.partner_id, "Changed").body_html
        self.assertIn("Short notice", body)
        self.assertIn("Client is late", body)
        self.move(timedelta(days=12), "No, later", self.first + timedelta(days=3, hours=1))
        self.assertEqual((self.meeting.is_short_notice, self.meeting.short_notice_reason), (False, False))

    def test_no_short_move_without_a_reason(self):
        """NT-2: nothing has moved then."""
        before = self.meeting.start
        with self.assertRaisesRegex(UserError, "Say why"), self.env.cr.savepoint():
            self.move(timedelta(hours=5), " ")
        self.meeting.invalidate_recordset()
        self.assertEqual((self.meeting.start, self.meeting.moved_at), (before, False))

    def test_urgent_meetings_are_marked_only(self):
        """NT-2"""
        self.meeting.is_urgent = True
        self.move(timedelta(hours=5))
        self.assertEqual((self.meeting.is_short_notice, self.meeting.short_notice_reason), (True, False))

    def test_another_place_is_no_other_time(self):
        """NT-5: answers stand, and so does the judgement of the notice."""
        self.line.with_user(self.member).action_accept()
        with freeze_time(self.meeting.start - timedelta(hours=2)):
            self.meeting._reschedule({"place": "Hotel Jade", "room_id": False}, "Water damage")
        self.assertEqual((self.meeting.moved_at, self.line.response), (False, "accepted"))
        self.assertFalse(self.meeting.is_short_notice)

    def test_only_the_end_moves(self):
        """NT-3, NT-5: who comes for two hours comes for one; for three he is asked again."""
        self.line.with_user(self.member).action_accept()
        with freeze_time(self.meeting.start - timedelta(hours=2)):
            self.meeting._reschedule({"duration": 0.5}, "Fewer topics")
            self.deliver()
            self.assertEqual((self.meeting.moved_at, self.line.response), (False, "accepted"))
            self.assertNotIn("no longer count", self.mails(self.member.partner_id, "Changed")[-1].body_html)
            self.meeting._reschedule({"duration": 3}, "More topics")
            self.deliver()
        self.assertEqual((self.line.response, self.meeting.is_short_notice), ("pending", True))
        self.assertIn("no longer count", self.mails(self.member.partner_id, "Changed")[-1].body_html)

    def test_the_dialogue(self):
        """MT-5, NT-2: warns while the time is chosen, keeps what was typed when refused, and moves with its button."""
        action = self.meeting.action_reschedule()
        with freeze_time(self.first + timedelta(days=3)):
            dialogue = self.env["meeting.reschedule"].with_user(self.convener).with_context(**action["context"])
            with Form(dialogue) as form:
                self.assertFalse(form.short_warning)
                form.start = fields.Datetime.now() + timedelta(hours=5)
                self.assertIn("less than 1 day ahead", form.short_warning)
                form.reason = " "
            wizard = form.record
            with self.assertRaisesRegex(UserError, "give a reason"):
                wizard.action_confirm()
            self.assertEqual(wizard.start, fields.Datetime.now() + timedelta(hours=5))
            wizard.reason = "Client is late"
            wizard.action_confirm()
            self.assertEqual(self.meeting.start, wizard.start)
        self.assertIn("action_confirm", dialogue.get_view()["arch"])

    def test_dragged_in_a_calendar(self):
        """MT-5: the dialogue comes with the new time and length, and the rest as it is."""
        action = self.meeting.action_reschedule()
        start = self.days_ahead(9)
        context = {**action["context"], "default_start": fields.Datetime.to_string(start), "default_duration": 2.0}
        with Form(self.env["meeting.reschedule"].with_user(self.convener).with_context(**context)) as form:
            form.reason = "Dragged"
        self.assertEqual((form.record.start, form.record.duration), (start, 2.0))
        self.assertEqual(form.record.place, self.meeting.place)

    def test_too_late_to_move(self):
        """MT-5: the dialogue was open when the meeting was called off, or begun: a sentence, nothing moves."""
        action = self.meeting.action_reschedule()
        dialogue = self.env["meeting.reschedule"].with_user(self.convener).with_context(**action["context"])
        wizard = dialogue.create({"reason": "Later", "start": self.days_ahead(9)})
        self.meeting.action_cancel("Not needed")
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertFalse(self.meeting.moved_at)

    def test_nobody_writes_when_it_moved(self):
        """NT-2: over RPC it would rewrite the judgement."""
        with self.assertRaises(AccessError):
            self.meeting.moved_at = self.first
        with self.assertRaises(AccessError):
            self.make_meeting(moved_at=self.first)
        self.move(timedelta(days=40), duration=2)
        copy = self.meeting.copy()
        self.assertEqual((copy.moved_at, copy.stop - copy.start), (False, timedelta(hours=2)))

    def test_meetings_that_were_moved_before_this_version(self):
        """NT-2, NT-3: the upgrade takes the moment from the ledger."""
        self.move(timedelta(hours=5))
        other = self.schedule(self.make_meeting(name="Never moved"))
        self.env.cr.execute(
            """UPDATE meeting_meeting SET moved_at = NULL, is_short_notice = FALSE, short_notice_reason = NULL
                WHERE id = %s""",
            [self.meeting.id],
        )
        told = self.rows(self.meeting, "change")
        self.env.cr.execute(
            "UPDATE meeting_notification SET create_date = %s WHERE id = ANY(%s)",
            [self.first + timedelta(days=3), told.ids],
        )
        self.env.invalidate_all()
        spec = spec_from_file_location("post_moved", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        with freeze_time(self.first + timedelta(days=3, hours=1)):
            script.migrate(self.env.cr, "19.0.1.2.0")
            self.env.invalidate_all()
        self.assertEqual((self.meeting.moved_at, other.moved_at), (self.first + timedelta(days=3), False))
        self.assertEqual((self.meeting.is_short_notice, self.meeting.short_notice_reason), (True, "Client is late"))
