"""What one meeting leaves comes back in the next: topics, parked points, open tasks, the date (AG-5, AG-6, RS-10,
MT-6)."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date

from tests.common import MeetingCommon

MIGRATIONS = Path(__file__).resolve().parents[2] / "meeting_management" / "migrations"


class NextMeetingCommon(MeetingCommon):
    def setUp(self):
        super().setUp()
        self.company.meeting_series_horizon_days = 8
        self.series = (
            self.env["meeting.series"]
            .with_user(self.convener)
            .create(
                {
                    **{"name": "Sales weekly", "type_id": self.weekly.id, "words": "every day 14:00"},
                    **{"tz": "Asia/Shanghai", "start_date": Date.today() + timedelta(days=3)},
                    **{"chair_id": self.chair.id, "minute_taker_id": self.minute_taker.id},
                    "participant_ids": [Command.set(self.member.partner_id.ids)],
                }
            )
        )
        ahead = self.env["meeting.meeting"].search([("series_id", "=", self.series.id)], order="start", limit=3)
        self.first, self.second, self.third = ahead.with_user(self.convener)
        for meeting in ahead:
            meeting.level = "internal"

    def run_meeting(self, meeting, reached=1):
        """Discuss its first topics, leave the others."""
        if meeting.state == "draft":
            self.schedule(meeting)
        with freeze_time(meeting.start):
            chair = meeting.with_user(self.chair)
            chair.action_start()
            for item in chair.agenda_item_ids[:reached]:
                item.action_discuss()
        with freeze_time(meeting.stop):
            chair.action_end()
        return meeting

    def topics(self, meeting, *names, **vals):
        return (
            self.env["meeting.agenda.item"]
            .with_user(self.convener)
            .create(
                [
                    {"meeting_id": meeting.id, "name": name, "sequence": 10 + n, "minutes": 10, **vals}
                    for n, name in enumerate(names)
                ]
            )
        )

    def names(self, meeting):
        return meeting.agenda_item_ids.sorted(lambda item: (item.sequence, item.id)).mapped("name")

    def task(self, meeting, **vals):
        """A task of this meeting, handed out."""
        values = {"name": "Print the offer", "meeting_id": meeting.id, "owner_id": self.member.id, **vals}
        values.setdefault("deadline", Date.today() + timedelta(days=30))
        task = self.env["meeting.action.item"].with_user(self.minute_taker).create(values)
        task.action_assign()
        return task


class TestCarryOver(NextMeetingCommon):
    def test_what_was_not_reached_stands_on_the_next_draft(self):
        """AG-6: by itself, before the closing topics, with its documents, and once."""
        first = self.topics(self.first, "Prices", "Stock", "Travel")
        self.topics(self.second, "Actions", kind="actions")
        self.topics(self.second, "New car")
        file = self.env["ir.attachment"].with_user(self.convener).create({"name": "stock.txt", "raw": b"12 boxes"})
        first[1].attachment_ids = file
        self.run_meeting(self.first)
        self.assertEqual(first.mapped("state"), ["discussed", "not_reached", "not_reached"])
        self.assertEqual(self.names(self.second), ["Stock", "Travel", "Actions", "New car"])
        stock = self.second.agenda_item_ids.filtered(lambda item: item.name == "Stock")
        self.assertEqual((stock.left_at, stock.state), (self.first.start, "planned"))
        self.assertEqual(stock.attachment_ids.mapped("raw"), [b"12 boxes"])
        self.assertEqual(stock.attachment_ids.res_id, stock.id)
        self.assertNotEqual(stock.attachment_ids, file)
        self.assertFalse(self.second.left_topic_ids)
        self.assertFalse(self.third.left_topic_ids)

    def test_standing_topics_come_back_by_themselves(self):
        """AG-6: the opening that nobody opened is no topic that was left."""
        self.topics(self.first, "Prices", "Opening", kind="opening")
        self.run_meeting(self.first, reached=0)
        self.assertFalse(self.second.agenda_item_ids)
        self.assertFalse(self.second.left_topic_ids)

    def test_an_announced_meeting_is_not_changed_behind_its_back(self):
        """AG-6, AG-4: the organisers see what was left; one click carries it over, with the reason."""
        self.schedule(self.second)
        self.topics(self.first, "Prices", "Stock")
        self.run_meeting(self.first)
        self.assertFalse(self.second.agenda_item_ids)
        self.env.invalidate_all()
        self.assertEqual(self.second.left_topic_ids.mapped("name"), ["Stock"])
        self.assertTrue(self.second.can_carry_over)
        self.assertFalse(self.second.with_user(self.member).can_carry_over)
        with self.assertRaises(AccessError):
            self.second.with_user(self.member).action_carry_over()
        self.second.action_carry_over()
        self.assertEqual(self.names(self.second), ["Stock"])
        self.assertIn("Not reached on", self.second.agenda_item_ids.late_reason)
        with self.assertRaises(UserError):
            self.second.action_carry_over()

    def test_no_longer_needed(self):
        """AG-6: a topic that has settled itself comes back nowhere; its own meeting keeps it."""
        self.schedule(self.second)
        self.topics(self.first, "Prices", "Stock")
        self.run_meeting(self.first)
        left = self.second.left_topic_ids
        with self.assertRaises(AccessError):
            left.with_user(self.member).action_let_go()
        left.action_let_go()
        self.assertFalse(self.second.left_topic_ids)
        self.assertEqual(left.state, "not_reached")

    def test_a_carried_topic_that_is_deleted_is_left_again(self):
        """AG-6: nothing is lost by a click."""
        self.topics(self.first, "Prices", "Stock")
        self.run_meeting(self.first)
        self.second.agenda_item_ids.unlink()
        self.assertEqual(self.second.left_topic_ids.mapped("name"), ["Stock"])

    def test_after_an_update(self):
        """AG-6: what was not reached long ago is not asked about again, what the last meeting left is."""
        self.schedule(self.second)
        self.schedule(self.third)
        old = self.topics(self.first, "Prices", "Stock")[1]
        self.run_meeting(self.first)
        new = self.env["meeting.agenda.item"].create({"meeting_id": self.second.id, "name": "Travel"})
        self.run_meeting(self.second, reached=0)
        self.assertFalse(self.third.agenda_item_ids)
        self.env.flush_all()
        script = spec_from_file_location("migration", MIGRATIONS / "19.0.1.4.0" / "post-left-topics.py")
        module = module_from_spec(script)
        script.loader.exec_module(module)
        module.migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual((old.is_let_go, new.is_let_go), (True, False))
        self.assertEqual(self.third.left_topic_ids, new.with_user(self.convener))

    def test_parked_points(self):
        """AG-6: what has nothing to do with the topic is written down while the meeting runs, and comes back."""
        self.topics(self.first, "Prices")
        self.schedule(self.first)
        chair = self.first.with_user(self.chair)
        with self.assertRaises(UserError):
            chair.action_park()
        with freeze_time(self.first.start):
            chair.action_start()
            with self.assertRaises(AccessError):
                self.first.with_user(self.member).action_park()
            action = chair.action_park()
            point = chair.env[action["res_model"]].with_context(**action["context"]).create({"name": "Parking lots"})
        with freeze_time(self.first.stop):
            chair.action_end()
        self.assertEqual(point.state, "parked")
        self.assertEqual(self.names(self.second), ["Prices", "Parking lots"])
        document = self.env["report.meeting_management.report_minutes"]._document(self.first.sudo().minutes_ids, "UTC")
        self.assertIn("Parking lots", document["not_reached"].mapped("name"))


class TestConfidential(NextMeetingCommon):
    def test_nothing_goes_where_others_learn_of_it(self):
        """CF-1, AG-6: other people, a lower level, a closed topic: then a person decides, and it stays as closed."""
        self.topics(self.first, "Prices", "Stock")
        closed = self.topics(self.first, "Wages", level="participants")
        self.second.participant_ids = [Command.create({"partner_id": self.guest.id})]
        self.run_meeting(self.first)
        self.assertFalse(self.second.agenda_item_ids)
        self.assertEqual(set(self.second.left_topic_ids.mapped("name")), {"Stock", "Wages"})
        self.second.action_carry_over()
        carried = self.second.agenda_item_ids.filtered(lambda item: item.name == "Wages")
        self.assertEqual(carried.level, "participants")
        self.assertEqual(closed.state, "not_reached")

    def test_a_closed_topic_never_moves_by_itself(self):
        """CF-1: among the same people neither."""
        self.topics(self.first, "Prices", "Stock")
        self.topics(self.first, "Wages", level="participants")
        self.run_meeting(self.first)
        self.assertEqual(self.names(self.second), ["Stock"])

    def test_from_a_stricter_meeting(self):
        """CF-1, CF-3: what is carried over by hand is closed to all but the participants; documents stay behind."""
        self.first.level = "participants"
        topic = self.topics(self.first, "Prices", "Stock")[1]
        topic.attachment_ids = (
            self.env["ir.attachment"].with_user(self.convener).create({"name": "stock.txt", "raw": b"12 boxes"})
        )
        self.run_meeting(self.first)
        self.assertFalse(self.second.agenda_item_ids)
        self.second.action_carry_over()
        self.assertEqual(self.second.agenda_item_ids.level, "participants")
        self.assertFalse(self.second.agenda_item_ids.attachment_ids)

    def test_a_reader_of_the_next_meeting_learns_nothing_of_one_he_may_not_read(self):
        """CF-1: the same fields, asked for by others, show their own view: here nothing."""
        self.first.level = "participants"
        self.topics(self.first, "Prices", "Stock")
        self.run_meeting(self.first)
        task = self.task(self.first)
        colleague = self.make_user("colleague", "Colleague Ke", self.sales)
        self.second.participant_ids = [Command.create({"partner_id": colleague.partner_id.id})]
        self.schedule(self.second)
        self.env.invalidate_all()
        self.assertEqual(self.second.open_task_ids, task)
        self.assertEqual(self.second.left_topic_ids.mapped("name"), ["Stock"])
        mine = self.second.with_user(colleague)
        self.assertFalse(mine.open_task_ids)
        self.assertFalse(mine.left_topic_ids)
        with freeze_time(self.second.start):
            self.topics(self.second.sudo(), "Follow-up", kind="follow_up", late_reason="Standing")
            self.second.with_user(self.chair).action_start()
            item = self.second.with_user(self.chair).agenda_item_ids.filtered(lambda one: one.kind == "follow_up")
            item.action_discuss()
        self.assertNotIn("Print the offer", str(item.notes))

    def test_names_cannot_be_tried_out(self):
        """CF-1: a meeting that somebody may not read cannot be named as the one before."""
        secret = self.make_meeting(level="participants", name="Merger", start=self.days_ahead(2))
        mine = self.make_meeting(user=self.outsider, chair_id=self.outsider.id, minute_taker_id=self.outsider.id)
        with self.assertRaises(ValidationError):
            mine.follows_id = secret
        with self.assertRaises(ValidationError):
            mine.follows_id = mine


class TestOpenTasks(NextMeetingCommon):
    def test_open_tasks_return(self):
        """RS-10, AG-5: with the meeting, until they are accepted; what was not handed out yet is not among them."""
        self.run_meeting(self.first)
        task = self.task(self.first)
        self.env["meeting.action.item"].with_user(self.minute_taker).create(
            {"name": "Not yet", "meeting_id": self.first.id, "owner_id": self.member.id}
        )
        done = self.task(self.first, name="Done already")
        done.with_user(self.minute_taker).action_cancel(reason="Not needed")
        self.env.invalidate_all()
        self.assertEqual(self.second.open_task_ids, task)
        self.assertEqual(self.third.open_task_ids, task)
        self.assertFalse(self.first.open_task_ids)

    def test_the_minute_taker_finds_them_listed(self):
        """AG-5: turning to the follow-up fills its empty notes once; what was written stays."""
        self.run_meeting(self.first)
        self.task(self.first)
        items = self.topics(self.second, "Follow-up", "Follow-up of others", kind="follow_up")
        items[1].sudo().notes = "<p>Written before</p>"
        self.schedule(self.second)
        with freeze_time(self.second.start):
            self.second.with_user(self.chair).action_start()
            items.with_user(self.chair)[0].action_discuss()
            items.with_user(self.chair)[1].action_discuss()
        for word in ("Print the offer", "Member Ma", "Assigned, 0%"):
            self.assertIn(word, str(items[0].notes))
        self.assertEqual(str(items[1].notes), "<p>Written before</p>")


class TestPlanNext(NextMeetingCommon):
    def test_a_series_knows_its_next_date(self):
        """MT-6: at the close the date is there for the chair to announce, and “Next Meeting” opens that meeting."""
        self.run_meeting(self.first)
        self.assertEqual(self.first.next_start, self.second.start)
        self.assertEqual(self.first.with_user(self.chair).action_plan_next()["res_id"], self.second.id)

    def test_a_single_meeting_begets_the_next(self):
        """MT-6, AG-6: the same people, the agenda of the type, what was left; a second click opens the same draft."""
        meeting = self.make_meeting(level="internal", type_id=self.reception.id)
        self.topics(meeting, "Stock", "Travel", kind="decision", late_reason="x")
        with self.assertRaises(UserError):
            meeting.action_plan_next()
        self.run_meeting(meeting, reached=0)
        with self.assertRaises(AccessError):
            meeting.with_user(self.member).action_plan_next()
        action = meeting.action_plan_next()
        following = self.env["meeting.meeting"].browse(action["res_id"])
        self.assertEqual((following.follows_id, following.state, following.name), (meeting, "draft", meeting.name))
        self.assertEqual(following.start, meeting.start + timedelta(weeks=1))
        self.assertEqual(following.participant_ids.partner_id, meeting.participant_ids.partner_id)
        self.assertEqual(self.names(following), ["Opening", "Proposal", "Stock", "Travel", "Actions"])
        self.assertEqual(meeting.action_plan_next()["res_id"], following.id)

    def test_a_reader_takes_nothing_away(self):
        """AG-6: whoever plans a meeting of his own after it sees what was left; it stays there for the organisers."""
        meeting = self.make_meeting(level="public")
        self.topics(meeting, "Prices", "Stock")
        mine = self.make_meeting(
            user=self.member, level="public", start=self.days_ahead(8), chair_id=self.member.id,
            minute_taker_id=self.member.id, participant_ids=False,
        )  # fmt: skip
        self.schedule(meeting)
        mine.follows_id = meeting
        self.run_meeting(meeting)
        self.assertFalse(mine.agenda_item_ids)
        self.assertFalse(meeting.next_start)
        self.env.invalidate_all()
        self.assertEqual(mine.left_topic_ids.mapped("name"), ["Stock"])
        self.assertFalse(mine.can_carry_over)
        with self.assertRaises(UserError):
            mine.action_carry_over()
        following = self.env["meeting.meeting"].browse(meeting.action_plan_next()["res_id"])
        self.assertNotEqual(following, mine)
        self.assertIn("Stock", self.names(following))

    def test_the_date_the_chair_announced(self):
        """MT-6"""
        meeting = self.run_meeting(self.make_meeting())
        meeting.next_start = self.days_ahead(21)
        following = self.env["meeting.meeting"].browse(meeting.action_plan_next()["res_id"])
        self.assertEqual(following.start, self.days_ahead(21))
