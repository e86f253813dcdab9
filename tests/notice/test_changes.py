"""Changes, cancellation, people leaving: everyone touched is told, once, what changed (NT-5)."""

from odoo.fields import Command

from tests.notice.common import NoticeCommon


class TestChanges(NoticeCommon):
    def setUp(self):
        super().setUp()
        self.meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        self.partner = self.member.partner_id

    def told(self):
        self.deliver()
        return self.mails(self.partner, "Changed")

    def test_old_and_new_time_and_place(self):
        self.deliver()
        self.meeting._reschedule(
            {"start": self.days_ahead(9, hour=3), "room_id": False, "place": "Hotel Jade"}, "Client is late"
        )
        mail = self.told()
        self.assertEqual(len(mail), 1)
        for text in (
            "09:00" if "09:00" in mail.body_html else "9:00",
            "11:00",
            "Maple",
            "Hotel Jade",
            "Client is late",
        ):
            self.assertIn(text, mail.body_html)
        self.assertIn("SEQUENCE:1", mail.attachment_ids.raw.decode())
        self.deliver()
        self.assertEqual(len(self.mails(self.partner, "Changed")), 1)

    def test_several_changes_before_the_job_runs_are_one_notice(self):
        self.deliver()
        self.meeting._reschedule({"start": self.days_ahead(8)}, "First idea")
        self.meeting._reschedule({"start": self.days_ahead(9)}, "Second idea")
        self.meeting._reschedule({"room_id": False, "place": "Hotel Jade"}, "Third idea")
        mail = self.told()
        self.assertEqual(len(mail), 1)
        for day, told in ((7, True), (8, False), (9, True)):
            # the old and the last time, not the one in between
            self.assertEqual(f"{self.days_ahead(day):%B %-d, %Y}" in mail.body_html, told, day)

    def test_a_change_taken_back_is_not_told(self):
        self.deliver()
        self.meeting._reschedule({"start": self.days_ahead(8)}, "A slip")
        self.meeting._reschedule({"start": self.days_ahead(7)}, "Back")
        self.assertFalse(self.told())

    def test_each_later_change_is_a_notice_of_its_own(self):
        self.deliver()
        for number, day in enumerate((8, 9, 8), 1):
            self.meeting._reschedule({"start": self.days_ahead(day)}, "Again")
            self.assertEqual(len(self.told()), number)
        self.assertEqual(
            self.rows(self.meeting, "change", self.partner).mapped("step"), ["change:1", "change:2", "change:3"]
        )

    def test_who_has_not_read_the_notice_yet_gets_it_with_the_new_facts(self):
        """One mail, not a notice and its correction."""
        self.meeting._reschedule({"place": "Hotel Jade", "room_id": False}, "Client wishes")
        self.assertFalse(self.told())
        mail = self.mails(self.partner)
        self.assertEqual(len(mail), 1)
        self.assertIn("Hotel Jade", mail.body_html)

    def test_cancelling(self):
        self.deliver()
        self.meeting.action_cancel("Client fell ill")
        self.deliver()
        for partner in self.meeting.participant_ids.partner_id:
            mail = self.mails(partner, "Cancelled: Spring offer")
            self.assertEqual(len(mail), 1)
            self.assertIn("Client fell ill", mail.body_html)
            self.assertIn("STATUS:CANCELLED", mail.attachment_ids.raw.decode())
        self.assertNotIn("/meeting/answer/", self.mails(self.guest, "Cancelled").body_html)
        self.assertFalse(self.rows(self.meeting).filtered(lambda row: row.state == "pending"))

    def test_cancelled_before_anybody_was_told(self):
        """Who has heard nothing of the meeting hears nothing of its end."""
        self.meeting.action_cancel("A slip")
        self.deliver()
        self.assertFalse(self.mails(self.partner))
        self.assertEqual(set(self.rows(self.meeting, "notice").mapped("reason")), {"cancelled"})

    def test_taken_off_the_list(self):
        self.deliver()
        self.participant(self.meeting, self.partner).with_user(self.convener).unlink()
        self.deliver()
        self.assertEqual(len(self.mails(self.partner, "No longer a participant")), 1)
        self.meeting._reschedule({"start": self.days_ahead(9)}, "Client is late")
        self.assertFalse(self.told(), "no longer his business")

    def test_taken_off_and_put_back(self):
        for times in (1, 2):
            self.deliver()
            self.participant(self.meeting, self.partner).with_user(self.convener).unlink()
            self.deliver()
            self.assertEqual(len(self.mails(self.partner, "No longer a participant")), times)
            self.meeting.participant_ids = [Command.create({"partner_id": self.partner.id})]
            self.deliver()
            self.assertEqual(len(self.mails(self.partner, "Meeting notice")), times + 1)

    def test_taken_off_before_he_was_told(self):
        self.participant(self.meeting, self.partner).with_user(self.convener).unlink()
        self.deliver()
        self.assertFalse(self.mails(self.partner))
