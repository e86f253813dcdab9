"""The first screen answers “what do I have to do today?”, to each person his own."""

from tests.common import MeetingCommon


class TestMyDay(MeetingCommon):
    def sections(self, user):
        day = self.env["meeting.my.day"].with_user(user).get()
        return {section["key"]: [card["title"] for card in section["cards"]] for section in day["sections"]}

    def test_each_step_waits_for_the_right_person(self):
        """AP-1, AP-3, NT-3: approval, sending back, answer."""
        meeting = self.make_meeting(type_id=self.reception.id, room_id=self.maple.id, name="Client visit")
        for user in (self.approver, self.convener, self.member):
            self.assertFalse(self.sections(user))
        meeting.action_submit()
        self.assertEqual(self.sections(self.approver)["approve"], ["Client visit"])
        self.assertFalse(self.sections(self.boss))
        meeting.with_user(self.approver).action_refuse(reason="Ask the client first")
        self.assertEqual(self.sections(self.convener)["returned"], ["Client visit"])
        self.schedule(meeting)
        self.assertEqual(self.sections(self.member)["answer"], ["Client visit"])
        meeting.with_user(self.member).action_accept()
        self.assertNotIn("answer", self.sections(self.member))
        self.assertFalse(self.sections(self.outsider))

    def test_room_requests_wait_for_the_room_s_manager(self):
        """RM-2"""
        meeting = self.make_meeting(room_id=self.cedar.id, level="secret", name="Merger")
        meeting.action_submit()
        self.assertEqual(self.sections(self.room_manager)["rooms"], ["Cedar: Reserved"])
        self.assertNotIn("rooms", self.sections(self.member))

    def test_the_coming_week(self):
        """The agenda beside shows my next meetings, not my colleagues'."""
        meeting = self.schedule(self.make_meeting(start=self.days_ahead(2), name="Soon"))
        self.schedule(self.make_meeting(start=self.days_ahead(12), name="Later"))
        for user, titles in ((self.member, ["Soon"]), (self.outsider, [])):
            agenda = self.env["meeting.my.day"].with_user(user).get()["agenda"]
            self.assertEqual([card["title"] for card in agenda["cards"]], titles)
        self.assertEqual(meeting.state, "scheduled")

    def test_the_number_of_queries_does_not_grow(self):
        """Ten meetings to answer cost as many queries as one."""
        day = self.env["meeting.my.day"].with_user(self.member)
        self.schedule(self.make_meeting(start=self.days_ahead(20)))

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            day.get()
            return self.env.cr.sql_log_count - before

        queries()
        one = queries()
        for number in range(9):
            self.schedule(self.make_meeting(start=self.days_ahead(21 + number)))
        self.assertLessEqual(queries(), one + 4)
