"""Reminders before the meeting, and for answers that are missing (RE-1, RE-3, NT-3)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.fields import Command

from tests.notice.common import NoticeCommon


class TestReminders(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.remind_before(1440, 60, 15)
        self.partner = self.member.partner_id

    def make(self, **vals):
        meeting = self.schedule(self.make_meeting(**{"answer_hours": 48, **vals}))
        self.deliver()
        return meeting

    def run_at(self, moment):
        with freeze_time(moment):
            self.deliver()

    def reminded(self):
        return self.mails(self.partner, "In ").mapped("subject")

    def test_before_the_start_as_the_type_says(self):
        """RE-1: a day, an hour, a quarter of an hour before; each once, however often the job runs (RE-3)."""
        meeting = self.make()
        self.assertFalse(self.reminded())
        expected = []
        for minutes, words in ((1440, "In 1 day"), (60, "In 1 hour"), (15, "In 15 minutes")):
            moment = meeting.start - timedelta(minutes=minutes)
            self.run_at(moment - timedelta(minutes=1))
            self.assertEqual(self.reminded(), expected)
            expected.append(f"{words}: Spring offer")
            for again in range(3):
                self.run_at(moment + timedelta(seconds=again))
            self.assertEqual(self.reminded(), expected)

    def test_late_is_better_than_never_but_not_after_the_start(self):
        """RE-3: the job was down; it catches up while it makes sense."""
        meeting = self.make()
        self.run_at(meeting.start - timedelta(minutes=5))
        self.assertEqual(len(self.reminded()), 3)
        other = self.make(name="Missed")
        self.run_at(other.start + timedelta(minutes=5))
        self.assertFalse(self.mails(self.partner, "Missed").filtered(lambda mail: mail.subject.startswith("In ")))
        self.assertEqual(set(self.rows(other, "remind", self.partner).mapped("state")), {"void"})

    def test_nothing_for_the_past(self):
        """A meeting tomorrow morning has no reminder for yesterday."""
        start = self.days_ahead(7)
        with freeze_time(start - timedelta(minutes=30)):
            meeting = self.schedule(self.make_meeting(start=start))
        self.assertEqual(self.rows(meeting, "remind", self.partner).mapped("due"), [start - timedelta(minutes=15)])

    def test_reminders_move_with_the_meeting(self):
        meeting = self.make()
        old, new = meeting.start, self.days_ahead(10)
        meeting._reschedule({"start": new}, "Client is late")
        self.assertEqual(
            set(self.rows(meeting, "remind", self.partner).mapped("due")),
            {new - timedelta(minutes=minutes) for minutes in (1440, 60, 15)},
        )
        self.assertEqual(len(self.rows(meeting, "remind", self.partner)), 3, "the same rows")
        self.run_at(old - timedelta(minutes=10))
        self.assertFalse(self.reminded())

    def test_a_reminder_for_the_new_time_after_one_for_the_old(self):
        """RE-3: once per time; the hour before the new time is another hour."""
        meeting = self.make()
        self.run_at(meeting.start - timedelta(hours=20))
        self.assertEqual(self.reminded(), ["In 1 day: Spring offer"])
        later = self.days_ahead(10)
        with freeze_time(meeting.start - timedelta(hours=19)):
            meeting._reschedule({"start": later}, "Client is late")
        self.run_at(later - timedelta(hours=24))
        self.run_at(later - timedelta(hours=23))
        self.assertEqual(self.reminded(), ["In 1 day: Spring offer"] * 2)

    def test_moved_near_and_away_again(self):
        """A reminder dropped because its moment had passed is owed again."""
        meeting = self.make()
        with freeze_time(meeting.start - timedelta(days=3)):
            meeting._reschedule({"start": meeting.start - timedelta(days=3) + timedelta(minutes=30)}, "At once")
            self.assertEqual(
                self.rows(meeting, "remind", self.partner).filtered(lambda r: r.state == "pending").mapped("due"),
                [meeting.start - timedelta(minutes=15)],
            )
            meeting._reschedule({"start": self.days_ahead(12)}, "No, later")
        self.assertEqual(set(self.rows(meeting, "remind", self.partner).mapped("state")), {"pending"})

    def test_who_declined_is_left_in_peace(self):
        meeting = self.make()
        self.participant(meeting, self.partner).with_user(self.member).action_decline("On a trip")
        self.run_at(meeting.start - timedelta(minutes=10))
        self.assertFalse(self.reminded())
        self.assertTrue(self.mails(self.chair.partner_id, "In 15 minutes"))

    def test_cancelled_or_begun(self):
        cancelled, begun = self.make(name="Cancelled one"), self.make(name="Begun one")
        cancelled.action_cancel("No client")
        with freeze_time(begun.start - timedelta(minutes=16)):
            begun.with_user(self.chair).action_start()
        self.run_at(begun.start - timedelta(minutes=1))
        self.assertFalse(self.reminded())

    def test_who_has_not_answered(self):
        """NT-3, RE-1: a reminder before the answer is due; then the convener reads who is missing."""
        self.member.lang = "en_US"
        meeting = self.make()
        self.participant(meeting, self.chair.partner_id).with_user(self.chair).action_accept()
        self.run_at(meeting.answer_deadline - timedelta(hours=4))
        self.assertTrue(self.mails(self.partner, "Will you attend?"))
        self.assertFalse(self.mails(self.chair.partner_id, "Will you attend?"))
        self.assertIn("/meeting/answer/", self.mails(self.guest, "Will you attend?").body_html)
        self.participant(meeting, self.partner).with_user(self.member).action_accept()
        self.run_at(meeting.answer_deadline)
        self.run_at(meeting.answer_deadline + timedelta(hours=1))
        mail = self.mails(self.convener.partner_id, "No answer from 2")
        self.assertEqual(len(mail), 1)
        for name, missing in (("Guest Gu", True), ("Taker Tang", True), ("Member Ma", False), ("Chair Cheng", False)):
            self.assertEqual(name in mail.body_html, missing or name == "Chair Cheng", name)

    def test_everybody_answered(self):
        meeting = self.make()
        for line in meeting.participant_ids:
            line._answer("accepted")
        self.run_at(meeting.answer_deadline + timedelta(hours=1))
        self.assertFalse(self.mails(self.convener.partner_id))
        self.assertFalse(self.mails(self.partner, "Will you attend?"))

    def test_who_joins_later_is_reminded_too(self):
        meeting = self.make()
        meeting.participant_ids = [Command.create({"partner_id": self.outsider.partner_id.id})]
        self.run_at(meeting.start - timedelta(minutes=10))
        self.assertTrue(self.mails(self.outsider.partner_id, "In 15 minutes"))

    def test_length_of_time_in_words(self):
        ledger = self.env["meeting.notification"]
        for minutes, words in (
            (1, "1 minute"),
            (15, "15 minutes"),
            (60, "1 hour"),
            (120, "2 hours"),
            (90, "90 minutes"),
            (1440, "1 day"),
            (10080, "7 days"),
        ):
            self.assertEqual(ledger._format_minutes(minutes), words)
