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

    def open_events(self):
        """The one entry of a public meeting, which shows everything that the ones above do not."""
        meeting = self.schedule(self.make_meeting(name=self.plant("open"), level="public", start=self.days_ahead(21)))
        return self.env["calendar.event"].sudo().search([("formal_meeting_id", "=", meeting.id)])

    def test_who_attends(self):
        """CF-1: each participant has an entry of his own, so that nobody's attendees list the others."""
        together = self.open_events().attendee_ids
        self.assertGreater(len(self.as_user(self.outsider, together).read(["common_name"])), 1)
        self.assertTrue(self.events())
        for event in self.events():
            self.assertEqual(event.sudo().attendee_ids.partner_id, event.user_id.partner_id)
        found = self.as_user(self.outsider, "calendar.attendee").search([("event_id", "in", self.events().ids)])
        for attendee in found:
            self.assertEqual(len(attendee.event_id.sudo().partner_ids), 1)
        self.assertHidden(found.read, ["display_name", "email", "common_name"])

    def test_the_link_of_an_attendee(self):
        """CF-1: every employee can read the token, and the page behind it needs no login: it shows a neutral word."""
        self.assertIn(self.MARK, self.page("view", self.open_events().attendee_ids[0]))
        attendees = self.events().sudo().attendee_ids
        self.assertTrue(attendees)
        for attendee in attendees:
            for page in ("view", "join_videocall"):
                self.assertNotIn(self.MARK, self.page(page, attendee))

    def page(self, page, attendee):
        """What somebody without a login sees at the address that this attendee's token opens."""
        self.env.flush_all()
        response = self.url_open(
            f"/calendar/meeting/{page}?token={attendee.access_token}&id={attendee.event_id.id}", timeout=30
        )
        return f"{response.url} {response.headers} {response.text}"

    def test_calendar_files(self):
        """CF-1: the file that Odoo makes of an entry, and the one that went with a notice."""
        self.assertShown(self.as_user(self.member, self.open_events())._get_ics_file)
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

    def test_nobody_else_changes_an_entry(self):
        """CF-1: Odoo lets every employee write an entry that is not private, and hang it on any document."""
        free = self.env["calendar.event"].create(
            {"name": "Lunch", "start": self.days_ahead(5), "stop": self.days_ahead(5, 1), "user_id": self.member.id}
        )
        self.as_user(self.outsider, free).name = "Dinner"
        mine = self.events().filtered(lambda event: event.user_id == self.member)
        about = {"res_model_id": self.env["ir.model"]._get_id("meeting.meeting"), "res_id": self.meeting.id}
        for user in (self.outsider, self.technician, self.ex):
            for values in ({"name": "x"}, {"description": "x"}, {"privacy": "public"}, {"user_id": user.id}):
                self.assertIn("Error", self.assertHidden(self.as_user(user, mine).write, values))
            own = {"name": "x", "start": self.days_ahead(5), "stop": self.days_ahead(5, 1), **about}
            entries = self.as_user(user, "calendar.event")
            self.assertIn("Error", self.assertHidden(lambda entries=entries, own=own: entries.create(own).read()))

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
