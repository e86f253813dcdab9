"""Giving way: a booking loses its room to a higher one, others are held for it, and everyone touched is told (RM-4)."""

from odoo import api, fields, models

from ..said import time_said

HELD = 2
"""How many rooms are held for whoever had to give up his."""


class MeetingBooking(models.Model):
    """Only a manager of the room displaces, with a reason, by confirming a request of a higher class. Who displaced
    whom how often stands in the register."""

    _inherit = "meeting.booking"

    release_cause = fields.Selection(selection_add=[("displaced", "Gave way")])
    displaced_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False, index="btree_not_null")
    displaced_for_id = fields.Many2one(
        "meeting.booking", "Gave Way to", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    def _give_way(self, winner, user, reason):
        for booking in self:
            booking._transition(
                "released",
                release_cause="displaced",
                reason=reason,
                displaced_by_id=user.id,
                displaced_for_id=winner.id,
            )
        self.flush_recordset()

    def _offer_others(self, user):
        """Hold the best of what would do, where the manager may say so, and tell whoever has to choose."""
        for booking in self:
            minutes = booking.company_id.meeting_hold_minutes
            until = fields.Datetime.add(fields.Datetime.now(), minutes=minutes)
            offers = booking._offers(8) if minutes else []
            chosen = []
            for offer in sorted(offers, key=lambda offer: bool(offer["notes"])):  # those that lack nothing first
                room = offer["room"]
                clash = any(
                    other["room"] == room and other["start"] < offer["stop"] and offer["start"] < other["stop"]
                    for other in chosen
                )
                consent = not room.needs_approval or user in room._deciders()
                if consent and not clash and offer["kind"] != "shorter" and len(chosen) < HELD:
                    chosen.append(offer)
            holds = booking._keep_instead(chosen, until)
            booking._after_displaced(holds)

    def _after_displaced(self, holds):
        """Whoever booked chooses; people of a meeting are told once: where it is now, or that it has no place."""
        if self.meeting_id.room_id == self.room_id:
            self.meeting_id._write_plan({"room_id": False})
        if not holds:
            self._tell_people(self.env["meeting.room"])
        self._tell("room_displaced", self._booker().partner_id)

    def _tell_people(self, room):
        meeting = self.meeting_id
        if meeting.state in ("scheduled", "in_progress"):
            meeting._notify_change({"room_id": (self.room_id, room)}, self.reason)

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.release_cause == "expired" and self.state == "released":
            # sudo: whoever takes the room next need not be able to read for whom it was held
            self.sudo().held_for_id._after_hold_over()
        return res

    def _after_hold_over(self):
        """The last of the rooms held went back and none was taken: now the people have to know that there is none."""
        if self.hold_ids.filtered(lambda hold: hold.state == "held" or hold.state == "confirmed"):
            return
        if not self.meeting_id.room_id:
            self._tell_people(self.env["meeting.room"])
            self._tell("room_hold_over", self._booker().partner_id)

    def _after_taken(self):
        """The meeting goes where the room is; its people are told what changed, once."""
        super()._after_taken()
        meeting = self.meeting_id
        if not meeting:
            return
        before = {"start": meeting.start, "stop": meeting.stop, "room_id": self.held_for_id.room_id}
        length = (self.stop - self.start).total_seconds() / 3600
        meeting._write_plan({"start": self.start, "duration": length, "room_id": self.room_id.id})
        moved = {name: (old, meeting[name]) for name, old in before.items() if meeting[name] != old}
        meeting._after_reschedule(moved, self.held_for_id.reason)

    # -- what is said -------------------------------------------------------------------------------------------

    def _notification_values(self, step):
        if step not in ("room_displaced", "room_hold_over"):
            return super()._notification_values(step)
        room = self.room_id.name
        if step == "room_hold_over":
            title = self.env._("No room is held for you any more")
            return {"subject": title, "heading": title, "instead": self._offer_texts(), "room": room}
        title = self.env._("%s had to be given to another meeting", room)
        holds = self._live_holds()
        tz = self.env.context.get("tz")
        Finder = self.env["meeting.room.finder"]
        return {
            "subject": title,
            "heading": title,
            "badge": (self.env._("Choose another room"), "warning"),
            "button": self.env._("Choose"),
            "reason": self.reason,
            "decided_by": self.displaced_by_id.name,
            "until": holds and time_said(self.env, min(holds.mapped("held_until")), tz),
            "held": [Finder._offer_text(self._hold_offer(hold)) for hold in holds],
            "instead": [] if holds else self._offer_texts(),
        }

    def _hold_offer(self, hold):
        """A room held, with what it lacks of what is needed, as the finder tells of rooms."""
        missing = self._features_needed() - hold.room_id.feature_ids
        notes = [hold.room_id._sentence_features(missing)] if missing else []
        return {
            **{"room": hold.room_id, "start": hold.start, "stop": hold.stop},
            **{"notes": notes, "needs_approval": False},
        }

    def _notification_url(self, step):
        if step in ("room_displaced", "room_hold_over") and self.meeting_id:
            return self.meeting_id._notification_url(step)
        return super()._notification_url(step)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    held_booking_ids = fields.Many2many("meeting.booking", compute="_compute_held_booking_ids", string="Held for You")

    @api.depends("booking_ids.state")
    def _compute_held_booking_ids(self):
        now = fields.Datetime.now()
        for meeting in self:
            meeting.held_booking_ids = meeting.booking_ids.filtered(
                lambda booking: booking.state == "held" and booking.held_until > now
            )

    def _room_released_sentence(self, booking):
        if booking.release_cause == "no_show":
            return super()._room_released_sentence(booking)
        lost = booking.held_for_id or booking
        return self.env._(
            "%(room)s had to be given to another meeting: %(reason)s",
            room=lost.room_id.name,
            reason=lost.reason or "",
        )


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [self._held_section(), *super()._sections()]

    def _held_section(self):
        """Rooms held for me or for a meeting I run, in place of one that was given to others."""
        meetings = self.env["meeting.meeting"].search(
            [
                *(("room_id", "=", False), ("state", "=", "scheduled")),
                *("|", ("convener_id", "=", self.env.uid), ("chair_id", "=", self.env.uid)),
            ]
        )
        names = {meeting.id: meeting.name for meeting in meetings}
        return self._section(
            "held",
            self.env._("Your room was given to others: choose another"),
            "fa-exchange",
            self.env["meeting.booking"],
            [
                ("state", "=", "held"),
                ("held_until", ">", fields.Datetime.now()),
                "|",
                ("meeting_id", "in", meetings.ids),
                "&",
                ("meeting_id", "=", False),
                ("user_id", "=", self.env.uid),
            ],
            "start, id",
            lambda hold: self._card(
                hold,
                names.get(hold._bare_meeting_id()) or hold.name,
                hold.start,
                place=f"{hold.location_id.name} · {hold.room_id.name}",
                note=self.env._(
                    "Held until %s",
                    time_said(self.env, hold.held_until),
                ),
                late=True,
                buttons=[self._button("action_take", self.env._("Take"), primary=True)],
            ),
        )


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "room_displaced": self.env._("Room given to another meeting"),
            "room_hold_over": self.env._("Room held in vain"),
        }
