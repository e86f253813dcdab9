"""What is done with a room at its door, the meeting in it follows (RM-5, RM-6, LV-6).

A room held for longer holds its meeting for longer: calendar, “My Day”, attendance and sign-in sheet say the same end.
Nobody is told or asked anew, as at a move: whoever is concerned sits inside. A room given back early does not end a
meeting that its people want to go on with elsewhere; whoever may end it does so with the same badge.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ..said import time_said

UNDER_WAY = ("scheduled", "in_progress")
"""Scheduled as well: the time has come, and nobody has pressed “Start”."""


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _door_extended(self, who):
        super()._door_extended(who)
        # Kept by the system: who extends a room need not edit the meeting, nor know of it (CF-5).
        meeting = self.with_user(SUPERUSER_ID).meeting_id
        if meeting.state in UNDER_WAY and self.stop > meeting.stop:
            meeting._last_until(self.stop, who)

    def _door_left(self, who):
        ended = super()._door_left(who)
        meeting = self.with_user(SUPERUSER_ID).meeting_id  # as above
        if meeting.state not in UNDER_WAY:
            return ended
        user = who if who._name == "res.users" else who.user_id
        own = meeting.with_user(user).with_context(lang=user.lang, tz=user.tz) if user else meeting.browse()
        # he may read it first: what refuses to end it would otherwise tell him of it
        if own and own.has_access("read") and not own._refusal("end"):
            own.action_end()
            return True
        meeting._note_door(
            self.env._("%(person)s gave %(room)s back early.", person=who.name, room=self.room_id.name), who
        )
        return ended


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    room_left_at = fields.Datetime("Room Given Back", compute="_compute_room_left_at")

    @api.depends("state", "start", "booking_ids.state", "booking_ids.actual_stop")
    def _compute_room_left_at(self):
        """Since when a meeting that still runs has no room any more, or False."""
        for meeting in self:
            booking = meeting._current_booking()
            given_back = meeting.state == "in_progress" and booking.state == "finished" and booking.actual_stop
            # before that it stood empty, and the meeting was moved
            meeting.room_left_at = given_back and given_back >= meeting.start and given_back

    def _last_until(self, stop, who):
        """The meeting under way ends later than planned; who is in it knows. Only the facts follow."""
        zone = self.room_id.location_id.tz
        words = {
            name: time_said(self.env, moment, zone)
            for name, moment in (("old", self.stop), ("new", stop))
        }
        length = (stop - self.start).total_seconds() / 3600
        # the line below says it, and who
        self.with_context(mail_notrack=True)._write_plan({"stop": stop, "duration": length})
        self._sync_calendar()
        self.env["meeting.guest.token"]._follow(self)
        self._note_door(
            self.env._(
                "%(person)s extended the use of %(room)s: the meeting ends at %(new)s instead of %(old)s.",
                person=who.name,
                room=self.room_id.name,
                **words,
            ),
            who,
        )

    def _note_door(self, text, who):
        author = who.partner_id if who._name == "res.users" else who.user_id.partner_id or who.work_contact_id
        self.message_post(body=text, author_id=author.id or None)


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [self._end_section(), *super()._sections()]

    def _end_section(self):
        """Meetings of mine that run although their time is over or their room was given back (LV-6)."""
        uid = self.env.uid
        officer = Domain.OR([(name, "=", uid)] for name in ("convener_id", "chair_id", "minute_taker_id"))
        now = fields.Datetime.now()
        running = self.env["meeting.meeting"].search(Domain("state", "=", "in_progress") & officer)
        over = running.filtered(lambda meeting: meeting.room_left_at or meeting.stop <= now)
        return self._section(
            "end",
            self.env._("Meetings to end"),
            "fa-stop-circle-o",
            self.env["meeting.meeting"],
            Domain("id", "in", over.ids),
            "stop",
            lambda meeting: self._meeting_card(
                meeting,
                note=self.env._("The room was given back. If the meeting is over, end it.")
                if meeting.room_left_at
                else self.env._("The planned end has passed. If the meeting is over, end it."),
                buttons=[self._button("action_end", self.env._("End Meeting"), primary=True)]
                if meeting.can_end
                else [],
            ),
        )
