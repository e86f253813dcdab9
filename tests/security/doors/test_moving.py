"""Doors of writing: what is one's own, moved into a meeting of others; what is secret, moved out (CF-1)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from tests.security.doors.common import DoorCase


class TestMoving(DoorCase):
    def setUp(self):
        super().setUp()
        self.mine = self.make_meeting(
            user=self.outsider,
            name="My own",
            level="public",
            participant_ids=[Command.create({"partner_id": self.outsider.partner_id.id})],
        )

    def assertStays(self, attempt):
        with self.assertRaisesRegex(UserError, "stays with its meeting"), self.env.cr.savepoint():
            attempt()

    def test_nobody_moves_himself_into_a_meeting(self):
        """CF-1: a participant of one's own meeting, moved into a secret one, would be a reader of it."""
        line = self.participant(self.mine, self.outsider.partner_id)
        own = self.as_user(self.outsider, line)
        for attempt in (
            lambda: own.write({"meeting_id": self.meeting.id}),
            lambda: own.web_save({"meeting_id": self.meeting.id}, {"meeting_id": {}}),
        ):
            self.assertStays(attempt)
        self.assertHidden(self.as_user(self.outsider, self.meeting).read, ["name"])
        self.assertNotIn(self.outsider, self.meeting.participant_ids.user_id)
        own.write({"meeting_id": self.mine.id, "role": "observer"})
        self.assertEqual(line.role, "observer", "saying what is so already hinders nobody")

    def test_nobody_pulls_a_row_over(self):
        """CF-1: nor through the list of one's own meeting."""
        line = self.participant(self.meeting, self.member.partner_id)
        for name, row in (("participant_ids", line), ("agenda_item_ids", self.item)):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(self.outsider, self.mine).write({name: [Command.link(row.id)]})
            self.assertEqual(row.meeting_id, self.meeting)

    def test_who_is_on_a_list_is_not_told_by_trying(self):
        """CF-1: that a person is on it already, told to somebody who may add nobody, would list the participants."""
        for person in (self.member, self.boss):
            for values, context in (
                ({"meeting_id": self.meeting.id}, {}),
                ({}, {"default_meeting_id": self.meeting.id}),
            ):
                lines = self.as_user(self.outsider, "meeting.participant").with_context(**context)
                answer = self.answer(lines.create, {"partner_id": person.partner_id.id, **values})
                self.assertIn("AccessError", answer)
        answer = self.answer(self.as_user(self.outsider, "meeting.agenda.item").create, {
            "meeting_id": self.meeting.id, "name": "x", "minutes": -1})  # fmt: skip
        self.assertIn("AccessError", answer)

    def test_topics_stay(self):
        """CF-1: none is planted in a secret meeting, and an organiser publishes none by moving it."""
        item = self.env["meeting.agenda.item"].with_user(self.outsider).create(
            {"meeting_id": self.mine.id, "name": "Planted"}
        )  # fmt: skip
        self.assertStays(lambda: self.as_user(self.outsider, item).write({"meeting_id": self.meeting.id}))
        public = self.make_meeting(user=self.minute_taker, level="public")
        self.assertStays(lambda: self.as_user(self.minute_taker, self.item).write({"meeting_id": public.id}))
        self.assertStays(
            lambda: self.as_user(self.minute_taker, public).write({"agenda_item_ids": [Command.link(self.item.id)]})
        )

    def test_minutes_stay(self):
        """CF-1: minutes of a secret meeting, moved to a public one, would be read by everybody once published."""
        self.hold(self.meeting)
        minutes = self.meeting.minutes_ids
        public = self.make_meeting(user=self.minute_taker, level="public")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.as_user(self.minute_taker, minutes).write({"meeting_id": public.id})
        self.assertEqual(minutes.meeting_id, self.meeting)

    def test_a_closed_topic_keeps_what_is_under_it(self):
        """CF-1: a task or resolution filed anew under an open topic would be read by all; the other way is free."""
        meeting = self.make_meeting(
            user=self.outsider,
            level="public",
            agenda_item_ids=[
                Command.create({"name": "Wages", "level": "participants"}),
                Command.create({"name": "Canteen"}),
            ],
        )
        closed, opened = meeting.agenda_item_ids
        rows = self.env["meeting.resolution"].with_user(self.minute_taker), self.env["meeting.action.item"].with_user(
            self.minute_taker
        )
        for model in rows:
            row = model.create({"name": "More", "meeting_id": meeting.id, "agenda_item_id": opened.id})
            row.agenda_item_id = closed
            for values in ({"agenda_item_id": opened.id}, {"agenda_item_id": False}):
                with self.assertRaisesRegex(UserError, "stays with its topic"), self.env.cr.savepoint():
                    row.write(values)
            row.write({"agenda_item_id": closed.id, "name": "More again"})
        task = row
        other = rows[0].create({"name": "Menu", "meeting_id": meeting.id, "agenda_item_id": opened.id})
        with self.assertRaisesRegex(UserError, "stays with its topic"), self.env.cr.savepoint():
            task.resolution_id = other

    def test_a_copy_is_no_less_closed(self):
        """CF-1: who runs a meeting may copy it, but not into the open; who takes part keeps no copy."""
        with self.assertRaises(AccessError):
            self.as_user(self.member, self.meeting).copy()
        copy = self.as_user(self.convener, self.meeting).copy({"level": "public"})
        self.assertEqual(copy.level, "secret")
        open_one = self.as_user(self.outsider, self.mine).copy({"level": "internal"})
        self.assertEqual(open_one.level, "internal")

    def test_a_form_tells_nothing_of_what_it_names(self):
        """CF-1: state and time of a meeting, its chair as supervisor: computed for a form that is not saved."""
        names = {"fields": {"display_name": {}}}
        draft = self.make_meeting(level="secret")
        for meeting in (self.meeting, draft):
            for model, spec in (
                ("meeting.participant", {"meeting_state": {}, "start": {}, "stop": {}}),
                ("meeting.agenda.item", {"meeting_state": {}}),
                ("meeting.action.item", {"supervisor_id": names}),
            ):
                for values, context in (
                    ({"meeting_id": meeting.id}, {}),
                    ({"meeting_id": {"id": meeting.id}}, {}),
                    ({}, {"default_meeting_id": meeting.id}),
                ):
                    forms = self.as_user(self.outsider, model).with_context(**context)
                    with self.assertRaises(AccessError):
                        forms.onchange(values, list(values), spec)
        form = self.as_user(self.convener, "meeting.action.item").onchange(
            {"meeting_id": self.meeting.id}, ["meeting_id"], {"supervisor_id": names}
        )
        self.assertEqual(form["value"]["supervisor_id"]["id"], self.chair.id, "organisers are not hindered")
