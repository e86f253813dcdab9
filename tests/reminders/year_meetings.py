"""Meetings of the simulated year: planned, decided, announced, moved, held, answered."""

from datetime import timedelta

from odoo.fields import Command

from tests.reminders.oracle import stored, wall
from tests.reminders.oracle_documents import Booking, Meeting, Minutes


class YearMeetings:
    """Deeds of the simulated year, mixed into it."""

    def plan_meeting(self):
        chance = self.chance
        kind = chance.choice(self.kinds)
        convener, chair, taker, *rest = self.some_people(3 + chance.randint(2, 9))
        start = self.some_start(self.now + timedelta(days=chance.randint(2, 16)))
        level = kind.level
        room = chance.choice(self.rooms) if self.maybe(0.25) else None
        if room and any(abs(start - other) < timedelta(hours=3) for other in self.bookings.get(room, ())):
            room = None
        guests = chance.sample([guest for guest in self.guests if guest.reachable], 1) if self.maybe(0.4) else []
        lines = [Command.create({"partner_id": person.partner}) for person in (*rest, *guests)]
        urgent = self.maybe(0.2)
        record = self.env_of(convener)["meeting.meeting"].create(
            {
                "name": f"Meeting {len(self.oracle.docs)}",
                "type_id": kind.id,
                "start": start,
                "chair_id": chair.user,
                "minute_taker_id": taker.user,
                "is_urgent": urgent,
                "room_id": room.id if room else False,
                "participant_ids": lines,
                "agenda_item_ids": [Command.create({"name": "Topic", "minutes": 10})],
            }
        )
        record = record.with_env(self.env)
        departments = [convener.department]
        meeting = Meeting(
            *(kind, convener, chair, taker, start, record.stop, self.now, level, urgent, departments, self.secretaries)
        )
        meeting.record, meeting.room = record, room
        meeting.answers = {self.person(line.partner_id): "pending" for line in record.participant_ids}
        self.tell(meeting)
        self.after(0.2, 40, self.submit, meeting)

    def person(self, partner):
        if not hasattr(self, "by_partner"):
            self.by_partner = {one.partner: one for one in (*self.people, *self.others, *self.guests)}
        return self.by_partner[partner.id]

    def some_start(self, day):
        hour = self.chance.choice((9, 9.5, 10, 11, 14, 15.25, 16))
        zone = self.chance.choice(("Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin"))
        day = wall(zone, day).date()
        while day.weekday() > 4:
            day += timedelta(days=1)
        return stored(zone, day, hour)

    def submit(self, meeting):
        convener = meeting.convener
        if meeting.state != "draft" or not convener.here:
            return
        if meeting.start <= self.now or not all(person.reachable for person in meeting.answers):
            self.cancel(meeting)
            return
        self.own(meeting.record, convener).action_submit(reason="It came up late")
        approvals = meeting.record.approval_ids.sorted("id")
        known = [step[0] for step in meeting.approvals]
        fresh = approvals.filtered(lambda step: step.id not in known).sorted("sequence")
        meeting.approvals += [[step.id, self.person(step.approver_id.partner_id), "waiting", None] for step in fresh]
        booking = None
        if meeting.room:
            deciders = [self.person(user.partner_id) for user in meeting.room.manager_ids]
            booking = Booking(meeting, deciders, meeting.room.decide_hours, self.now)
            booking.record = meeting.record.booking_ids.sorted("id")[-1:]
            self.bookings.setdefault(meeting.room, []).append(meeting.start)
            self.after(1, 80, self.decide_room, booking)
        meeting.booking = booking
        if fresh or booking:
            meeting.state = "submitted"
            self.ask(meeting)
        else:
            self.scheduled(meeting)
        self.tell(meeting, *([booking] if booking else []))

    def ask(self, meeting):
        waiting = next((step for step in meeting.approvals if step[2] == "waiting"), None)
        if waiting:
            waiting[2:] = "pending", self.now
            self.after(1, 96, self.approve, meeting, waiting)

    def approve(self, meeting, step):
        approver = step[1]
        if meeting.state != "submitted" or step[2] != "pending" or not approver.here:
            return
        mine = self.own(meeting.record, approver)
        if meeting.start <= self.now or self.maybe(0.12):
            mine.action_refuse(reason="Not like this")
            step[2] = "refused"
            self.back_to_draft(meeting)
            self.after(2, 30, self.submit, meeting)
        else:
            mine.action_approve()
            step[2] = "approved"
            self.ask(meeting)
            self.schedule_if_ready(meeting)
        self.tell(meeting, *([meeting.booking] if meeting.booking else []))

    def back_to_draft(self, meeting):
        meeting.state = "draft"
        for step in meeting.approvals:
            if step[2] in ("pending", "waiting"):
                step[2] = "void"
        if meeting.booking and meeting.booking.state in ("requested", "confirmed"):
            meeting.booking.state = "cancelled"

    def decide_room(self, booking):
        meeting, decider = booking.meeting, self.actor(*booking.deciders)
        if booking.state != "requested" or not decider:
            return
        mine = self.own(booking.record, decider)
        open_steps = [step for step in meeting.approvals if step[2] in ("pending", "waiting")]
        if self.maybe(0.2) or meeting.start <= self.now:
            mine.action_reject("The fair needs it")
            booking.state = "rejected"
            self.back_to_draft(meeting)
            meeting.room = None
            self.tell(booking, meeting)
            self.own(meeting.record, self.actor(meeting.convener, meeting.chair, meeting.taker)).room_id = False
            self.after(1, 20, self.submit, meeting)
        else:
            mine.action_confirm()
            booking.state = "confirmed"
            if not open_steps:
                self.scheduled(meeting)
        self.tell(booking, meeting)

    def schedule_if_ready(self, meeting):
        open_steps = [step for step in meeting.approvals if step[2] in ("pending", "waiting")]
        if not open_steps and not (meeting.booking and meeting.booking.state == "requested"):
            self.scheduled(meeting)

    def scheduled(self, meeting):
        meeting.state, meeting.scheduled = "scheduled", self.now
        if meeting.answers.get(meeting.convener) == "pending":
            meeting.answers[meeting.convener] = "accepted"
        for person in meeting.answers:
            if self.maybe(0.8):
                self.after(0.2, 60, self.answer, meeting, person)
        for person in meeting.answers if meeting.level == "secret" else ():
            if self.maybe(0.8):
                self.after(0.5, 60, self.sign, meeting, person)
        ahead = (meeting.start - self.now).total_seconds() / 3600
        for share, deed in ((0.2, self.move), (0.08, self.cancel), (0.2, self.invite), (0.1, self.uninvite)):
            if self.maybe(share):
                self.after(0, ahead, deed, meeting)
        self.expect(meeting)

    def expect(self, meeting):
        """The jobs run in time for its reminders, most of the time."""
        for minutes in (1440, 120, 60, 15):
            moment = meeting.start - timedelta(minutes=minutes, seconds=-self.chance.randint(0, 90))
            if moment > self.now and self.maybe(0.9):
                self.at(moment, self.nothing)
        self.at(meeting.start, self.start, meeting, meeting.start)

    def answer(self, meeting, person):
        if meeting.state != "scheduled" or person not in meeting.answers or not (person.user and person.here):
            return
        if not meeting.readable(person):
            return
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        response = self.chance.choice(("accepted", "accepted", "accepted", "tentative", "declined"))
        mine = self.own(line, person)
        if response == "declined":
            mine.action_decline("Another meeting")
        else:
            mine.action_accept() if response == "accepted" else mine.action_tentative()
        meeting.answers[person] = response
        self.tell(meeting)

    def sign(self, meeting, person):
        if meeting.state not in ("scheduled", "in_progress", "held") or person not in meeting.unsigned():
            return
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        shown = meeting.record.agreement_id._shown("en_US")["hash"]
        line.sudo()._sign(shown, person.name, through="login" if person.user else "link", ip_address="192.0.2.1")
        meeting.signed.add(person)
        self.tell(meeting)

    def move(self, meeting):
        if meeting.state != "scheduled" or meeting.room or not meeting.convener.here:
            return
        start = self.some_start(max(meeting.start, self.now) + timedelta(days=self.chance.randint(-2, 6)))
        if start <= self.now or start == meeting.start:
            return
        self.own(meeting.record, meeting.convener)._reschedule({"start": start}, "The client asked for it")
        meeting.start, meeting.stop, meeting.moved = start, meeting.record.stop, self.now
        meeting.answers = {
            person: answer if person is meeting.convener else "pending" for person, answer in meeting.answers.items()
        }
        for person in meeting.answers:
            if self.maybe(0.6):
                self.after(0.2, 40, self.answer, meeting, person)
        self.tell(meeting)
        self.expect(meeting)

    def cancel(self, meeting):
        person = self.actor(meeting.convener, meeting.chair, meeting.taker)
        if meeting.state not in ("draft", "submitted", "scheduled") or not person:
            return
        self.own(meeting.record, person).action_cancel("No client")
        booking = getattr(meeting, "booking", None)
        if booking and booking.state in ("requested", "confirmed"):
            booking.state = "cancelled"
        meeting.state = "cancelled"
        self.tell(meeting, *([booking] if booking else []))

    def invite(self, meeting):
        if meeting.state != "scheduled":
            return
        person = self.some_people(1, but=meeting.answers)[0]
        convener = self.actor(meeting.convener, meeting.chair)
        if convener:
            self.own(meeting.record, convener).participant_ids = [Command.create({"partner_id": person.partner})]
            meeting.answers[person] = "pending"
            self.tell(meeting)
            self.after(0.5, 30, self.answer, meeting, person)
            self.after(0.1, 20, self.sign, meeting, person)

    def uninvite(self, meeting):
        officers = (meeting.convener, meeting.chair, meeting.taker)
        plain = [p for p in meeting.answers if p not in officers and p not in meeting.signed and not p.secretary]
        convener = self.actor(*officers)
        if meeting.state != "scheduled" or len(plain) < 2 or not convener:
            return
        person = self.chance.choice(plain)
        line = meeting.record.participant_ids.filtered(lambda line: line.partner_id.id == person.partner)
        self.own(line, convener).unlink()
        del meeting.answers[person]
        self.tell(meeting)

    def start(self, meeting, planned):
        chair = self.actor(meeting.chair, meeting.taker, meeting.convener)
        if meeting.state != "scheduled" or meeting.start != planned or not chair:
            return
        self.own(meeting.record, chair).action_start()
        meeting.state = "in_progress"
        self.tell(meeting)
        self.at(meeting.stop, self.end, meeting)

    def end(self, meeting):
        chair = self.actor(meeting.chair, meeting.taker, meeting.convener)
        if not chair:
            return
        self.own(meeting.record, chair).action_end()
        meeting.state = "held"
        if meeting.booking and meeting.booking.state == "confirmed":
            meeting.booking.state = "finished"
        meeting.record.agenda_item_ids.with_user(meeting.taker.user if meeting.taker.here else chair.user).write(
            {"notes": "<p>Everybody compared prices.</p>"}
        )
        minutes = Minutes(meeting, self.now, self.draft_due(meeting))
        minutes.record = meeting.record.minutes_ids
        meeting.minutes = minutes
        self.tell(meeting, minutes)
        self.after(2, 70, self.submit_minutes, minutes)
        for _number in range(self.chance.choice((0, 1, 1, 2, 3))):
            self.after(0.2, 1.5, self.make_task, meeting)
