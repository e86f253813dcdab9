"""What waits for each person stands on his first screen, with the button that settles it."""

from tests.outcome import OutcomeCommon


class TestMyDay(OutcomeCommon):
    def day(self, user):
        sections = self.env["meeting.my.day"].with_user(user).get()["sections"]
        return {section["key"]: section["cards"] for section in sections}

    def press(self, user, key):
        """Press the first button of the first card of a section."""
        card = self.day(user)[key][0]
        return getattr(self.env[card["model"]].with_user(user).browse(card["id"]), card["buttons"][0]["method"])()

    def test_each_step_moves_on_to_the_next_person(self):
        minutes = self.held()
        task = self.task(minutes)
        self.assertIn("minutes_write", self.day(self.minute_taker))
        self.assertNotIn("tasks_new", self.day(self.member))
        minutes.action_submit()
        self.assertNotIn("minutes_write", self.day(self.minute_taker))
        self.press(self.chair, "minutes_review")
        self.press(self.minute_taker, "minutes_publish")
        self.assertEqual(minutes.state, "published")
        self.assertIn("minutes_read", self.day(self.member))
        minutes.with_user(self.member).action_mark_read()
        self.assertNotIn("minutes_read", self.day(self.member))
        self.press(self.member, "tasks_new")
        self.assertEqual(task.state, "acknowledged")
        self.assertIn("tasks_mine", self.day(self.member))
        task.with_user(self.member)._submit_result({"text": "Done"}, self.env["ir.attachment"])
        self.press(self.chair, "tasks_accept")
        self.assertEqual(task.state, "accepted")
        self.assertFalse(self.day(self.outsider))
