"""Doors of the calendar: entries, attendees and their links, calendar files (CF-1, CF-5)."""

from odoo.tests import HttpCase

from tests.security.doors.common import DoorCase


class TestCalendar(DoorCase, HttpCase):
    def events(self):
        return self.env["calendar.event"].sudo().search([("formal_meeting_id", "=", self.meeting.id)])

    def test_an_entry_says_nothing(self):
        """CF-1: in the participant's own calendar it has the meeting's name; in everybody else's eyes it is neutral."""
        mine = self.events().filtered(lambda event: event.user_id == self.member)
        self.assertShown(self.as_user(self.member, mine).read, ["display_name"])
        fields = [
            name
            for name, field in mine._fields.items()
            if not field.groups and (field.relational or field.type in ("char", "text", "html", "reference"))
        ]
        for user in (self.outsider, self.technician, self.ex):
            for name in fields:
                self.assertHidden(self.as_user(user, mine).read, [name])
            for link in ("formal_meeting_id", "formal_meeting_id.name"):
                answer = self.answer(self.as_user(user, "calendar.event").search_count, [(link, "!=", False)])
                self.assertIn("Error", answer)
                self.assertIn("Error", self.answer(self.as_user(user, mine).read, ["formal_meeting_id"]))

    def test_who_attends(self):
        """CF-1: each participant has an entry of his own, so that nobody's attendees list the others."""
        for event in self.events():
            self.assertEqual(event.sudo().attendee_ids.partner_id, event.user_id.partner_id)
        found = self.as_user(self.outsider, "calendar.attendee").search([("event_id", "in", self.events().ids)])
        for attendee in found:
            self.assertEqual(len(attendee.event_id.sudo().partner_ids), 1)
        self.assertHidden(found.read, ["display_name", "email", "common_name"])

    def test_the_link_of_an_attendee(self):
        """CF-1: every employee can read the token, and the page behind it needs no login: it shows a neutral word."""
        for attendee in self.events().sudo().attendee_ids:
            for page in ("view", "join_videocall"):
                url = f"/calendar/meeting/{page}?token={attendee.access_token}&id={attendee.event_id.id}"
                response = self.url_open(url, timeout=30)
                self.assertNotIn(self.MARK, f"{response.url} {response.headers} {response.text}")

    def test_calendar_files(self):
        """CF-1: the file that Odoo makes of an entry, and the one that went with a notice."""
        for user in (self.outsider, self.technician, self.ex):
            self.assertHidden(self.as_user(user, self.events())._get_ics_file)
        inner = self.secret_meeting("participants", start=self.days_ahead(9))
        self.deliver()
        file = self.rows(inner, "notice").mail_message_id.attachment_ids
        self.assertTrue(file)
        self.assertShown(self.as_user(self.member, file).read, ["raw"])
        for user in (self.outsider, self.technician):
            self.assertHidden(self.as_user(user, file).read, ["raw", "index_content", "name"])
        self.remove_ex(inner)
        self.assertHidden(self.as_user(self.ex, file).read, ["raw", "index_content"])

    def test_the_rooms_calendar(self):
        """CF-5: the public schedule shows "Reserved"; neither author nor editor gives the convener away."""
        booking = self.meeting.booking_ids
        for user in (self.outsider, self.room_manager, self.ex):
            row = self.as_user(user, booking).read()[0]
            self.assertEqual(row["display_name"], "Maple: Reserved")
            self.assertFalse(row["user_id"])
            for name in ("create_uid", "write_uid"):
                self.assertNotIn(row[name][0], self.meeting.participant_ids.user_id.ids)
            self.assertNotIn(self.MARK, repr(row))
