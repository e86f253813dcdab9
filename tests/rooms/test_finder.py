"""Find a Room: what is free, every reason why the rest is not, what would do nearly as well, who can come."""

from datetime import timedelta
from random import Random

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user

from tests.rooms.common import MONDAY, RoomsCommon, hour


class FinderCommon(RoomsCommon):
    def find(self, user=None, **criteria):
        defaults = {"people": 8, "minutes": 90, "day": "2026-03-03", "part": "afternoon", "at": "14:00"}
        finder = self.env["meeting.room.finder"].with_user(user or self.member)
        return finder.find({**defaults, **criteria})

    def room(self, result, room):
        return next(card for card in result["rooms"] if card["id"] == room.id)

    def causes(self, result, room):
        return {reason["cause"]: reason["text"] for reason in self.room(result, room)["reasons"]}

    def offers(self, result, kind):
        return [
            (offer["score"], [room["name"] for room in offer["rooms"]], offer["start"])
            for offer in result["alternatives"]
            if offer["kind"] == kind
        ]


class TestFinder(FinderCommon):
    def test_a_room_for_eight_with_video_on_tuesday_afternoon(self):
        """RM-1, RM-15: free rooms first, the nearest in size at the top; each with the times at which it can be had."""
        self.make_room("Oak", 8, feature_ids=[Command.link(self.video.id)])
        result = self.find(features=self.video.ids)
        self.assertEqual(
            [(card["name"], card["status"]) for card in result["rooms"]][:2], [("Oak", "free"), ("Maple", "free")]
        )
        self.assertEqual([card["spare"] for card in result["rooms"]][:2], [0, 2])
        slots = self.room(result, self.maple)["slots"]
        self.assertEqual(slots[0]["start"], Datetime.to_string(hour(13)))
        self.assertTrue(slots[0]["best"])
        self.assertEqual(slots[0]["stop"], Datetime.to_string(hour(14.5)))
        self.assertEqual(self.causes(result, self.cedar), {"features": "lacks Video link"})
        self.assertFalse(result["alternatives"])

    def test_every_cause_is_named(self):
        """RM-1, RM-15: too small, lacking, reserved, closed, blocked, taken, requested: one sentence each."""
        small = self.make_room("Small", 4)
        bare = self.make_room("Bare", 9)
        theirs = self.make_room("Theirs", 9, feature_ids=self.video, department_ids=self.finance)
        never = self.env["resource.calendar"].create({"name": "Never", "attendance_ids": [Command.clear()]})
        shut = self.make_room("Shut", 9, feature_ids=self.video, opening_calendar_id=never.id)
        painted = self.make_room("Painted", 9, feature_ids=self.video)
        painted.blocking_ids = [Command.create({"name": "Painting", "start": hour(8), "stop": hour(20)})]
        self.book(self.maple, 13, 15)
        self.book(self.maple, 15.5, 17)
        self.cedar.feature_ids = self.video
        self.book(self.cedar, 12, 19)
        result = self.find(features=self.video.ids)
        self.assertEqual(self.causes(result, small)["seats"], "too small, 4 seats for 8 people")
        self.assertEqual(self.causes(result, bare), {"features": "lacks Video link"})
        self.assertEqual(self.causes(result, theirs), {"department": "reserved to Finance"})
        self.assertEqual(self.causes(result, shut), {"closed": "closed at that time (Never)"})
        self.assertEqual(self.causes(result, painted), {"blocked": "blocked: Painting"})
        texts = [reason["text"] for reason in self.room(result, self.maple)["reasons"]]
        self.assertEqual([text.count("taken from") for text in texts], [1, 1], texts)
        self.assertEqual(self.room(result, self.cedar)["status"], "requested")
        self.assertIn("requested by somebody", self.causes(result, self.cedar)["requested"])
        self.maple.active = False
        self.assertNotIn(self.maple.id, [card["id"] for card in self.find()["rooms"]])

    def test_one_definition_for_one_room_and_for_all(self):
        """RM-1: what the form says of one room is what the finder says of it, to the letter."""
        self.book(self.maple, 13, 15)
        self.cedar.blocking_ids = [Command.create({"name": "Painting", "start": hour(14), "stop": hour(16)})]
        result = self.find(part="exact", people=99, features=self.projector.ids)
        for room in self.maple | self.cedar:
            said = room.with_user(self.member)._refusals(hour(14), hour(15.5), 99, self.projector)
            self.assertEqual([reason["text"] for reason in self.room(result, room)["reasons"]], said)
            self.assertGreaterEqual(len(said), 3)

    def test_free_is_what_nothing_stands_against(self):
        """RM-1: the short question has the answer of the long one, device out of order and closed hours included."""
        office = self.env["resource.calendar"].create({"name": "Office", "tz": "Asia/Shanghai"})
        rooms = self.maple | self.cedar
        rooms |= self.make_room("Closed", 9, feature_ids=self.video, opening_calendar_id=office.id)
        rooms |= self.make_room("Broken", 9, feature_ids=self.video)
        device = self.env["meeting.equipment"].create(
            {"name": "Camera", "room_id": rooms[-1].id, "feature_id": self.video.id, "is_essential": True}
        )
        self.env["meeting.fault"].create({"name": "Dark", "room_id": rooms[-1].id, "equipment_id": device.id})
        self.book(self.maple, 14, 15)
        asked = rooms.with_user(self.member)
        for start, features in ((14, self.video), (14, None), (16, self.video), (22, self.video), (22, None)):
            with self.subTest(start=start, features=features):
                details = (hour(start), hour(start + 1), 4, features)
                causes = asked._refusals_by_room(*details)
                self.assertEqual(asked._free(*details), asked.filtered(lambda room, causes=causes: not causes[room]))
        self.assertEqual(asked._free(hour(16), hour(17), 4, self.video), rooms[0] | rooms[2])

    def test_a_chapter_can_add_faults(self):
        """RM-10: another cause is a pair of methods; finder, form and booking all know it."""
        self.patch(type(self.maple), "_refusal_faulty", lambda room, demand: demand.features & room.feature_ids)
        self.assertEqual(
            self.causes(self.find(features=self.video.ids), self.maple), {"faulty": "Video link out of order"}
        )

    def test_preparation_and_cleaning_count(self):
        """RM-8: a room with half an hour of cleaning is not offered right before or after a booking."""
        self.maple.clean_minutes = 30
        self.book(self.maple, 15, 16)
        starts = [slot["start"] for slot in self.room(self.find(people=10), self.maple)["slots"]]
        self.assertEqual(starts, [Datetime.to_string(hour(value)) for value in (13, 16.5)])

    def test_times_that_have_passed_are_not_offered(self):
        """RM-1: at nine in the morning nobody is offered eight o'clock."""
        result = self.find(day="2026-03-02", part="morning", people=10)
        self.assertEqual(self.room(result, self.maple)["slots"][0]["start"], Datetime.to_string(MONDAY))
        gone = self.find(day="2026-03-01")
        self.assertTrue(gone["passed"])
        self.assertEqual({card["status"] for card in gone["rooms"]}, {"refused"})

    def test_input_that_cannot_be_is_refused_kindly(self):
        """RM-1"""
        for wrong in ({"minutes": 0}, {"minutes": 9999}, {"day": "soon"}, {"at": "25:00"}, {"people": -1}):
            with self.subTest(**wrong), self.assertRaises(UserError):
                self.find(**wrong)

    def test_guests_ask_nothing(self):
        """RM-15, CF-5: a portal user learns neither rooms nor whether people are free."""
        portal = new_test_user(self.env, login="visitor", groups="base.group_portal")
        finder = self.env["meeting.room.finder"].with_user(portal)
        for call in (
            lambda: finder.open(),
            lambda: self.find(user=portal),
            lambda: finder.book(self.maple.ids, hour(14), hour(15), "x"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_as_many_queries_for_two_hundred_rooms(self):
        """RM-1: the number of queries depends neither on the number of rooms nor on that of bookings."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.find(people=11, features=self.video.ids, partners=(self.member | self.chair).partner_id.ids)
            return self.env.cr.sql_log_count - before

        rooms = self.env["meeting.room"].create(
            [
                {"name": f"Room {number}", "location_id": self.location.id, "capacity": 9, "feature_ids": self.video}
                for number in range(8)
            ]
        )
        count()
        few = count()
        rooms |= self.env["meeting.room"].create(
            [
                {"name": f"Hall {number}", "location_id": self.location.id, "capacity": 12, "feature_ids": self.video}
                for number in range(190)
            ]
        )
        self.env["meeting.booking"].create(
            [
                {"name": "Busy", "room_id": room.id, "start": hour(value), "stop": hour(value + 1)}
                for room in rooms
                for value in (13, 14, 15, 16)
            ]
        )
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 22)

    def test_as_many_queries_for_many_people(self):
        """PT-5: the number of queries does not depend on how many people have to come, employees or not."""
        office = self.env["resource.calendar"].create({"name": "Office", "tz": "Asia/Shanghai"})
        logins = [new_test_user(self.env, login=f"login{number}", groups="base.group_user") for number in range(6)]
        crowd = [self.make_user(f"crowd{number}", f"Crowd {number}", self.sales) for number in range(12)]
        self.env["hr.employee"].search([]).write({"resource_calendar_id": office.id, "tz": "Asia/Shanghai"})
        partners = self.env["res.users"].union(*crowd, *logins).partner_id

        def count(people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.find(partners=people.ids)
            return self.env.cr.sql_log_count - before

        count(partners)
        self.assertEqual(count(partners), count((crowd[0] | logins[0]).partner_id))


class TestAlternatives(FinderCommon):
    """The only room that would do is taken; the scores are worked out by hand."""

    def setUp(self):
        super().setUp()
        self.cedar.active = False
        self.book(self.maple, 14, 15.5)

    def test_another_time(self):
        """RM-1: 14:00 to 15:30 is taken; 15:30 is 90 minutes off, 12:30 too; two seats to spare: 92."""
        found = self.offers(self.find(part="exact"), "shift")
        self.assertEqual(found[0], (92.0, ["Maple"], Datetime.to_string(hour(12.5))))

    def test_shorter(self):
        """RM-1: taken until 14:30 only: 60 minutes from 14:30 cost 30 + 0.2·30 + 2 = 38; 45 from there, 41."""
        self.env["meeting.booking"].search([("room_id", "=", self.maple.id)]).write({"stop": hour(14.5)})
        found = self.offers(self.find(part="exact"), "shorter")
        at = Datetime.to_string(hour(14.5))
        self.assertEqual(found, [(38.0, ["Maple"], at), (41.0, ["Maple"], at)])
        self.assertEqual(self.offers(self.find(part="exact", minutes=120), "shorter")[0][0], 30 + 0.2 * 30 + 2)

    def test_another_room(self):
        """RM-1: one that is a seat short (1), one that lacks the feature (60 + 1), one in another house (30 + 0)."""
        self.make_room("Short", 7, feature_ids=self.video)
        self.make_room("Bare", 9)
        harbour = self.env["meeting.location"].create({"name": "Harbour", "tz": "Asia/Shanghai"})
        self.make_room("Far", 8, feature_ids=self.video, location_id=harbour.id)
        self.make_room("Far too small", 3, feature_ids=self.video)
        result = self.find(part="exact", features=self.video.ids, location=self.location.id)
        self.assertEqual(
            [(score, rooms) for score, rooms, _start in self.offers(result, "room")],
            [(1.0, ["Short"]), (30.0, ["Far"]), (61.0, ["Bare"])],
        )
        notes = {
            offer["rooms"][0]["name"]: offer["notes"] for offer in result["alternatives"] if offer["kind"] == "room"
        }
        self.assertEqual(notes["Bare"], ["lacks Video link"])
        self.assertEqual(notes["Far"], ["in Harbour"])

    def test_what_is_offered_can_be_had(self):
        """RM-1: a refusal offers no room that is too small as well; a meeting is offered only where it fits."""
        self.make_room("Short", 7, feature_ids=self.video)
        self.make_room("Six", 6)
        oak = self.make_room("Oak", 16)
        self.book(oak, 13, 17)
        with self.assertRaises(ValidationError) as refused:
            self.book(self.make_room("Seven", 7), 14, 15, headcount=8)
        self.assertIn("Free instead: Maple", str(refused.exception))
        self.assertNotIn("seats for 8", str(refused.exception).partition("Free instead")[2])
        people = [self.make_user(f"guest{number}", f"Guest {number}") for number in range(8)]
        meeting = self.make_meeting(start=hour(14), feature_ids=self.video.ids)
        meeting.participant_ids = [Command.create({"partner_id": user.partner_id.id}) for user in people]
        self.assertGreater(meeting.headcount, self.maple.capacity)
        self.assertLess(meeting.headcount, 16)
        result = self.find(
            user=self.convener, people=meeting.headcount, part="exact", features=[], meeting_id=meeting.id
        )
        kinds = {offer["kind"] for offer in result["alternatives"]}
        self.assertFalse(kinds & {"room", "two_rooms"})

    def test_two_rooms_together(self):
        """RM-1: nobody has 14 seats; 8 and 6 have, with the feature in one of them: |14 − 14| + 30 = 30."""
        self.make_room("Eight", 8, feature_ids=self.video)
        self.make_room("Six", 6)
        self.make_room("Five", 5)
        found = self.offers(self.find(part="exact", people=14, features=self.video.ids), "two_rooms")
        self.assertEqual((found[0][0], set(found[0][1])), (30.0, {"Eight", "Six"}))
        names = [set(rooms) for _score, rooms, _start in found]
        self.assertNotIn({"Six", "Five"}, names)

    def test_another_day(self):
        """RM-1: taken all day: Wednesday at the same time is 1440 minutes off; a weekend is never proposed."""
        self.book(self.maple, 8, 14)
        self.book(self.maple, 15.5, 23)
        result = self.find(part="exact")
        self.assertEqual(
            self.offers(result, "day")[0], (1442.0, ["Maple"], Datetime.to_string(hour(14) + timedelta(days=1)))
        )
        friday = self.find(part="exact", day="2026-03-06")
        self.assertEqual(self.room(friday, self.maple)["status"], "free")
        self.book(self.maple, hour(8, MONDAY + timedelta(days=4)), hour(20, MONDAY + timedelta(days=4)))
        found = self.offers(self.find(part="exact", day="2026-03-06"), "day")
        self.assertEqual(found[0][2], Datetime.to_string(hour(14, MONDAY + timedelta(days=7))))

    def test_the_first_three_are_the_first_three_of_all(self):
        """RM-1: a refusal looks no further than it names, and names the same."""
        chance = Random(19)
        rooms = self.maple
        for number in range(24):
            features = self.video.ids if number % 3 else []
            rooms |= self.make_room(f"Room {number}", chance.randint(3, 20), feature_ids=[(6, 0, features)])
        for room in rooms:
            for clock in chance.sample(range(8, 20), 5):
                if room != self.maple or not 13 <= clock < 16:
                    self.book(room, clock, clock + 1)
        finder = self.env["meeting.room.finder"].with_user(self.member)
        for people, features in ((0, None), (6, self.video), (12, None), (19, self.video)):
            with self.subTest(people=people):
                question = (self.maple, hour(14), hour(15), people, None, None, features)
                some = finder._instead(*question)
                self.assertEqual(len(some), 3)
                self.assertEqual(some, finder._instead(*question, limit=1000)[:3])

    def test_one_click_takes_an_alternative(self):
        """RM-1: two rooms are booked together under one purpose, or neither."""
        rooms = self.make_room("Eight", 8) | self.make_room("Six", 6)
        finder = self.env["meeting.room.finder"].with_user(self.member)
        finder.book(rooms.ids, Datetime.to_string(hour(14)), Datetime.to_string(hour(15)), "Fair", 14)
        bookings = self.env["meeting.booking"].search([("room_id", "in", rooms.ids)])
        self.assertEqual(
            (bookings.mapped("name"), bookings.user_id, set(bookings.mapped("state"))),
            (["Fair"] * 2, self.member, {"confirmed"}),
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            finder.book(
                (rooms[0] | self.maple).ids, Datetime.to_string(hour(15)), Datetime.to_string(hour(16)), "Fair", 14
            )
        self.assertEqual(self.env["meeting.booking"].search_count([("name", "=", "Fair")]), 2)


class TestPeople(FinderCommon):
    def people(self, user=None, **criteria):
        result = self.find(user=user, part="exact", partners=self.member.partner_id.ids, **criteria)
        return result["people"][0]["notes"], result

    def event(self, **vals):
        values = {
            "name": "Dentist",
            "start": hour(14),
            "stop": hour(15),
            "partner_ids": [Command.set(self.member.partner_id.ids)],
            **vals,
        }
        return self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(values)

    def test_a_meeting_is_named_only_to_its_readers(self):
        """PT-5, CF-1: “busy” to whoever may not read the meeting, its subject to whoever may."""
        meeting = self.make_meeting(name="Merger talks", level="participants", start=hour(14))
        self.assertFalse(self.people()[0], "a draft nobody was told of keeps nobody busy")
        self.schedule(meeting)
        notes, result = self.people(user=self.outsider)
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes[0].startswith("Member Ma is busy from"))
        self.assertNotIn("Merger", str(result))
        self.assertIn("Merger talks", self.people(user=self.chair)[0][0])

    def test_guests_are_nobody_s_business(self):
        """PT-5, CF-1: whether a client is in the house is told to readers of that meeting alone."""
        self.schedule(self.make_meeting(level="participants", start=hour(14)))
        criteria = {"part": "exact", "partners": self.guest.ids}
        self.assertFalse(self.find(user=self.outsider, **criteria)["people"][0]["notes"])
        self.assertTrue(self.find(user=self.chair, **criteria)["people"][0]["notes"])

    def test_calendar_and_time_off(self):
        """PT-5: an entry marked busy counts, one marked free does not; time off says “away” without its reason."""
        self.event(show_as="free")
        self.assertFalse(self.people()[0])
        self.event()
        self.assertIn("Member Ma is busy", self.people(user=self.outsider)[0][0])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Operation",
                "resource_id": self.member.employee_id.resource_id.id,
                "date_from": hour(0),
                "date_to": hour(24),
            }
        )
        notes, result = self.people(user=self.outsider)
        self.assertIn("Member Ma is away", notes)
        self.assertNotIn("Operation", str(result))
        self.assertNotIn("Dentist", str(result))

    def test_working_hours_and_holidays(self):
        """PT-5: outside one's working hours, in one's own zone, and on the company's holidays."""
        office = self.env["resource.calendar"].create({"name": "Office", "tz": "Asia/Shanghai"})
        self.member.employee_id.write({"resource_calendar_id": office.id, "tz": "Asia/Shanghai"})
        self.assertFalse(self.people()[0])
        self.assertEqual(self.people(at="19:00")[0], ["Member Ma does not work at that time"])
        self.env["resource.calendar.leaves"].create(
            {"name": "Holiday", "calendar_id": office.id, "date_from": hour(0), "date_to": hour(24)}
        )
        self.assertEqual(self.people()[0], ["Member Ma does not work at that time"])

    def test_when_everybody_can_come(self):
        """PT-5: common free stretches, and the start at which nobody is missing is proposed first."""
        self.event(start=hour(13), stop=hour(15))
        result = self.find(people=10, partners=(self.member | self.chair).partner_id.ids)
        self.assertEqual(
            result["common"], [{"start": Datetime.to_string(hour(15)), "stop": Datetime.to_string(hour(18))}]
        )
        best = [slot for slot in self.room(result, self.maple)["slots"] if slot["best"]]
        self.assertEqual([(slot["start"], slot["clashes"]) for slot in best], [(Datetime.to_string(hour(15)), [])])

    def test_a_clash_asks_for_alternatives(self):
        """PT-5: the room is free and a person is not: a time at which both are is proposed."""
        self.event()
        result = self.find(part="exact", partners=self.member.partner_id.ids)
        self.assertEqual(self.room(result, self.maple)["slots"][0]["clashes"][0][:17], "Member Ma is busy")
        self.assertEqual(self.offers(result, "shift")[0][0], 60.0 + 2)

    def test_the_form_tells_while_planning(self):
        """PT-5: the draft says who cannot come; the meeting itself is no clash."""
        meeting = self.make_meeting(start=hour(14))
        self.assertFalse(meeting.people_warning)
        self.event()
        meeting.invalidate_recordset()
        self.assertIn("Member Ma is busy", meeting.people_warning)


class TestTake(FinderCommon):
    def test_opened_from_a_meeting(self):
        """RM-1: the meeting's values and people fill in the search; one click gives it room and time."""
        meeting = self.make_meeting(start=hour(14), duration=1.5)
        finder = self.env["meeting.room.finder"].with_user(self.convener)
        criteria = finder.open(meeting.id)["criteria"]
        self.assertEqual(
            (criteria["people"], criteria["minutes"], criteria["day"], criteria["part"], criteria["at"]),
            (meeting.headcount, 90, "2026-03-03", "exact", "14:00"),
        )
        self.assertEqual(set(criteria["partners"]), set(meeting.participant_ids.partner_id.ids))
        finder.take(meeting.id, self.maple.ids, Datetime.to_string(hour(15)), Datetime.to_string(hour(16)))
        self.assertEqual((meeting.room_id, meeting.start, meeting.duration), (self.maple, hour(15), 1.0))

    def test_an_announced_meeting_asks_why(self):
        """MT-5, NT-5: the dialogue opens with the new room and time, and moves nothing by itself."""
        meeting = self.schedule(self.make_meeting(start=hour(14), room_id=self.maple.id))
        oak = self.make_room("Oak", 9)
        finder = self.env["meeting.room.finder"].with_user(self.convener)
        action = finder.take(meeting.id, oak.ids, Datetime.to_string(hour(15)), Datetime.to_string(hour(17)))["action"]
        wizard = (
            self.env["meeting.reschedule"]
            .with_user(self.convener)
            .with_context(**action["context"])
            .create({"reason": "More room"})
        )
        self.assertEqual((wizard.room_id, wizard.start, wizard.duration), (oak, hour(15), 2.0))
        self.assertEqual(meeting.room_id, self.maple)
        wizard.action_confirm()
        self.assertEqual(
            (meeting.room_id, meeting.booking_ids.filtered(lambda b: b.state == "confirmed").room_id), (oak, oak)
        )

    def test_others_meetings_are_left_alone(self):
        """CF-1, RM-1: neither opened nor given another room by somebody who may not read or edit them."""
        secret = self.make_meeting(level="secret", start=hour(14))
        finder = self.env["meeting.room.finder"].with_user(self.outsider)
        for call in (
            lambda: finder.open(secret.id),
            lambda: self.find(user=self.outsider, meeting_id=secret.id),
            lambda: finder.take(secret.id, self.maple.ids, Datetime.to_string(hour(15)), Datetime.to_string(hour(16))),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_second_room_gives_no_convener_away(self):
        """CF-5: beside a confidential meeting no booking stands in its convener's name."""
        meeting = self.make_meeting(level="secret", start=hour(14))
        rooms = self.maple | self.make_room("Six", 6)
        finder = self.env["meeting.room.finder"].with_user(self.convener)
        with self.assertRaises(UserError):
            finder.take(meeting.id, rooms.ids, Datetime.to_string(hour(14)), Datetime.to_string(hour(15)))
        self.assertFalse(self.env["meeting.booking"].search([("room_id", "in", rooms.ids)]))

    def test_plan_a_meeting(self):
        """RM-1: a draft with room, time and people; the type is asked for."""
        finder = self.env["meeting.room.finder"].with_user(self.convener)
        period = (Datetime.to_string(hour(14)), Datetime.to_string(hour(16)))
        with self.assertRaises(UserError):
            finder.plan(self.maple.ids, *period, "Offer", False)
        action = finder.plan(self.maple.ids, *period, "Offer", self.weekly.id, self.member.partner_id.ids)
        meeting = self.env["meeting.meeting"].browse(action["res_id"])
        self.assertEqual(
            (meeting.name, meeting.room_id, meeting.duration, meeting.state), ("Offer", self.maple, 2.0, "draft")
        )
        self.assertIn(self.member.partner_id, meeting.participant_ids.partner_id)

    def test_what_was_looked_for_is_booked(self):
        """RM-1, RM-10: a room found “with a video link” is booked or planned with it, so that a fault is told."""
        finder = self.env["meeting.room.finder"].with_user(self.convener)
        period = (Datetime.to_string(hour(14)), Datetime.to_string(hour(15)))
        wanted = (self.video | self.projector).ids  # an alternative that lacks the projector
        finder.book(self.maple.ids, *period, "Call", 4, wanted)
        booking = self.env["meeting.booking"].search([("room_id", "=", self.maple.id)])
        self.assertEqual((booking.state, booking.feature_ids), ("confirmed", self.video))
        later = (Datetime.to_string(hour(16)), Datetime.to_string(hour(17)))
        action = finder.plan(self.maple.ids, *later, "Offer", self.weekly.id, [], wanted)
        meeting = self.env["meeting.meeting"].browse(action["res_id"])
        self.assertEqual(meeting.feature_ids, self.video)
        self.assertEqual(finder.open(meeting.id)["criteria"]["features"], self.video.ids)

    def test_a_booking_names_its_purpose(self):
        """RM-1"""
        with self.assertRaises(UserError):
            self.env["meeting.room.finder"].with_user(self.member).book(
                self.maple.ids, Datetime.to_string(hour(14)), Datetime.to_string(hour(15)), "  "
            )
