"""The calendar shows formal meetings, lets people answer, and changes nothing (ARCHITECTURE decision 4, CF-1)."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from tests.notice.common import NoticeCommon


class TestCalendarShadow(NoticeCommon):
    def events(self, meeting):
        self.env.flush_all()
        return (
            self.env["calendar.event"]
            .sudo()
            .with_context(active_test=False)
            .search([("formal_meeting_id", "=", meeting.id)])
        )

    def attendee(self, meeting, user):
        return (
            self.events(meeting)
            .attendee_ids.filtered(lambda attendee: attendee.partner_id == user.partner_id)
            .with_user(user)
        )

    def test_nothing_before_it_is_scheduled(self):
        """AP-1: an application is in nobody's calendar."""
        meeting = self.make_meeting(type_id=self.reception.id)
        meeting.action_submit()
        self.assertFalse(self.events(meeting))

    def test_public_meeting_is_one_shared_entry_without_odoo_mails(self):
        meeting = self.schedule(self.make_meeting(room_id=self.maple.id))
        event = self.events(meeting)
        self.assertEqual(len(event), 1)
        self.assertEqual(
            (event.name, event.start, event.stop, event.privacy), (meeting.name, meeting.start, meeting.stop, "public")
        )
        self.assertEqual(event.partner_ids, meeting.participant_ids.partner_id)
        self.assertIn("Maple", event.location)
        self.assertFalse(self.env["mail.mail"].sudo().search([("model", "=", "calendar.event")]))

    def test_confidential_meeting_is_one_neutral_private_entry_each(self):
        """CF-1, CF-5: no subject, place or people, not even for a search."""
        for level in ("internal", "participants", "secret"):
            meeting = self.schedule(
                self.make_meeting(
                    name=f"Merger {level}", level=level, place="Hotel Jade", video_url="https://video.example/merger"
                )
            )
            events = self.events(meeting)
            self.assertEqual(events.user_id, meeting.participant_ids.user_id)
            self.assertEqual(len(events), 3)
            self.assertEqual(set(events.mapped("privacy")), {"private"})
            self.assertTrue(all(event.partner_ids == event.user_id.partner_id for event in events))
            Event = self.env["calendar.event"].with_user(self.outsider)
            for domain in (
                [("name", "ilike", "merger")],
                [("location", "ilike", "jade")],
                [("videocall_location", "ilike", "merger")],
                [("description", "ilike", "merger")],
            ):
                self.assertFalse(Event.search([("id", "in", events.ids), *domain]), domain)
            self.assertEqual(set(Event.browse(events.ids).mapped("display_name")), {"Busy"})
            self.assertFalse(
                Event.browse(events.ids).attendee_ids.filtered(lambda a: "erger" in (a.event_id.display_name or ""))
            )

    def test_the_link_to_the_meeting_is_closed(self):
        """CF-1: nobody finds out through the calendar who takes part in meeting N, not even a technical
        administrator."""
        meeting = self.schedule(self.make_meeting(level="secret"))
        admin = self.env.ref("base.user_admin")
        for user in (self.outsider, self.manager, admin, self.member):
            Event = self.env["calendar.event"].with_user(user)
            with self.assertRaises(AccessError):
                Event.search([("formal_meeting_id", "=", meeting.id)])
            with self.assertRaises(AccessError):
                Event._read_group([], ["formal_meeting_id"])
            with self.assertRaises(AccessError):
                Event.search([("formal_meeting_id.name", "ilike", "S")])
            with self.assertRaises(AccessError):
                Event.browse(self.events(meeting).ids).read(["formal_meeting_id"])
            self.assertNotIn("formal_meeting_id", Event.fields_get())

    def test_own_entry_shows_and_opens_the_meeting(self):
        meeting = self.schedule(self.make_meeting(name="Merger", level="secret"))
        event = self.events(meeting).filtered(lambda event: event.user_id == self.member)
        mine = event.with_user(self.member)
        self.assertEqual((mine.name, mine.display_name), ("Meeting", "Meeting"), "not before he has signed")
        self.sign_agreements(meeting)
        self.env.invalidate_all()
        self.assertEqual(mine.display_name, "Merger")
        self.assertEqual(mine.action_open_formal_meeting()["res_id"], meeting.id)
        for user in (self.outsider, self.manager):
            self.assertFalse(event.with_user(user).is_formal_meeting)
            with self.assertRaises(AccessError):
                event.with_user(user).action_open_formal_meeting()

    def test_dragging_renaming_deleting_is_refused(self):
        """The way out is named; no context key opens the door."""
        meeting = self.schedule(self.make_meeting())
        event = self.events(meeting).with_user(self.convener)
        later = meeting.start + timedelta(hours=2)
        attempts = [
            lambda e: e.write({"start": later, "stop": later + timedelta(hours=1)}),
            lambda e: e.write({"name": "Something else"}),
            lambda e: e.write({"partner_ids": [(3, self.member.partner_id.id)]}),
            lambda e: e.write({"active": False}),
            lambda e: e.write(
                {"recurrency": True, "rrule_type": "weekly", "count": 3, "recurrence_update": "all_events"}
            ),
            lambda e: e.unlink(),
            lambda e: e.action_unlink_event(),
            lambda e: e.action_mass_archive("self_only"),
            lambda e: e.attendee_ids.unlink(),
            lambda e: e.attendee_ids.create({"event_id": e.id, "partner_id": self.outsider.partner_id.id}),
            lambda e: e.attendee_ids[0].write({"partner_id": self.outsider.partner_id.id}),
            lambda e: (
                e.env["calendar.popover.delete.wizard"]
                .create({"calendar_event_id": e.id})
                .action_send_mail_and_delete()
            ),
        ]
        for context in (
            {},
            {
                "dont_notify": True,
                "is_calendar_event_new": True,
                "formal": True,
                "force": True,
                "skip_attendee_notification": True,
            },
        ):
            for number, attempt in enumerate(attempts):
                with self.subTest(number=number), self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                    attempt(event.with_context(**context))
                self.assertIn("Reschedule", str(refused.exception))
        self.assertEqual(event.start, meeting.start)
        self.assertFalse(event.user_can_edit)

    def test_answers_given_in_the_calendar_reach_the_meeting(self):
        """NT-3"""
        for level in ("public", "secret"):
            meeting = self.schedule(self.make_meeting(level=level))
            attendee = self.attendee(meeting, self.member)
            line = self.participant(meeting, self.member.partner_id)
            attendee.do_accept()
            self.assertEqual((line.response, line.response_via), ("accepted", "calendar"))
            self.assertEqual(attendee.state, "accepted")
            attendee.event_id.change_attendee_status("declined", "self_only")
            self.assertEqual((line.response, attendee.state), ("declined", "declined"))
            attendee.write({"state": "tentative"})
            self.assertEqual((line.response, attendee.state), ("tentative", "tentative"))
            attendee.event_id.current_status = "accepted"
            self.assertEqual((line.response, attendee.state), ("accepted", "accepted"))

    def test_nobody_answers_for_another(self):
        """Any employee can read the calendar's token of another, so the logged-out link of the calendar must not
        answer either."""
        meeting = self.schedule(self.make_meeting())
        attendee = self.attendee(meeting, self.member)
        line = self.participant(meeting, self.member.partner_id)
        for forged in (
            attendee.with_user(self.outsider),
            attendee.with_user(self.convener),
            attendee.with_user(self.env.ref("base.public_user")).sudo(),
        ):
            for verb in ("do_accept", "do_decline", "do_tentative"):
                with self.assertRaises(AccessError):
                    getattr(forged, verb)()
        with self.assertRaises(AccessError):
            attendee.with_user(self.outsider).write({"state": "accepted"})
        self.assertEqual((line.response, attendee.state), ("pending", "needsAction"))

    def test_answers_given_elsewhere_show_in_the_calendar(self):
        meeting = self.schedule(self.make_meeting(level="participants"))
        self.participant(meeting, self.member.partner_id).with_user(self.member).action_decline("On a business trip")
        attendee = self.attendee(meeting, self.member)
        self.assertEqual(attendee.state, "declined")
        self.assertEqual(attendee.event_id.sudo().show_as, "free", "who does not come is not busy")
        self.participant(meeting, self.member.partner_id).with_user(self.member).action_accept()
        self.assertEqual((attendee.state, attendee.event_id.sudo().show_as), ("accepted", "busy"))

    def test_rescheduling_moves_the_same_entries(self):
        """NT-5: in place, so that phones update instead of doubling; old answers are asked anew."""
        for level in ("public", "secret"):
            meeting = self.schedule(self.make_meeting(level=level))
            before = self.events(meeting)
            self.attendee(meeting, self.member).do_accept()
            meeting._reschedule({"start": self.days_ahead(9)}, "Client is late")
            after = self.events(meeting)
            self.assertEqual(before, after)
            self.assertEqual(set(after.mapped("start")), {self.days_ahead(9)})
            self.assertEqual(self.attendee(meeting, self.member).state, "needsAction")

    def test_cancelling_takes_it_out_of_the_calendar(self):
        meeting = self.schedule(self.make_meeting())
        meeting.action_cancel("No client")
        self.assertEqual(self.events(meeting).mapped("active"), [False])

    def test_people_who_join_or_leave(self):
        for level in ("public", "secret"):
            meeting = self.schedule(self.make_meeting(level=level))
            meeting.participant_ids = [(0, 0, {"partner_id": self.outsider.partner_id.id})]
            self.assertIn(self.outsider.partner_id, self.events(meeting).partner_ids)
            self.participant(meeting, self.member.partner_id).unlink()
            self.assertNotIn(self.member.partner_id, self.events(meeting).partner_ids)
            self.assertIn(self.outsider.partner_id, self.events(meeting).partner_ids)

    def test_renaming_the_meeting_renames_the_public_entry(self):
        meeting = self.schedule(self.make_meeting())
        meeting.name = "Summer offer"
        self.assertEqual(self.events(meeting).name, "Summer offer")

    def test_imported_history_leaves_the_calendar_alone(self):
        """MT-5: what was held long ago appears in nobody's calendar and notifies nobody."""
        meeting = (
            self.env["meeting.meeting"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Held last year",
                    "type_id": self.weekly.id,
                    "state": "held",
                    "start": self.days_ahead(-300),
                    "chair_id": self.chair.id,
                    "minute_taker_id": self.minute_taker.id,
                    "participant_ids": [(0, 0, {"partner_id": self.member.partner_id.id})],
                }
            )
        )
        self.assertFalse(self.events(meeting))
        self.assertFalse(self.rows(meeting))

    def test_own_entries_of_people_stay_theirs(self):
        """The guards touch formal entries only."""
        with Form(self.env["calendar.event"].with_user(self.member)) as form:
            form.name = "Dentist"
        event = form.save()
        event.name = "Doctor"
        self.assertTrue(event.user_can_edit)
        self.assertFalse(event.is_formal_meeting)
        event.attendee_ids.do_decline()
        event.unlink()
