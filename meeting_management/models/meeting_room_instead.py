"""A refused wish never stands alone: what would do instead, as a sentence, a list, or one click (RM-1, RM-2, RM-4)."""

from datetime import timedelta
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from pytz import timezone, utc

from ..said import moment_said, time_said
from .meeting_joined import sentences
from .meeting_room_alternative import Candidate
from .meeting_room_finder import Search

NAMED = 3
"""How many alternatives a sentence or a message names."""


class MeetingRoomFinder(models.AbstractModel):
    _inherit = "meeting.room.finder"

    def _instead(self, room, start, stop, people=0, user=None, meeting=None, features=None, taken=False, limit=NAMED):
        """Single rooms that would do in place of ``room``, the best first: the same time, then near it.

        Nothing in an offer tells who else is busy, or with what: it may stand in a message.

        :param bool taken: the room is taken at that time although this transaction does not see it yet
        :returns: ``[{kind, room, start, stop, score, notes, needs_approval}]``, moments as datetimes
        """
        if start < fields.Datetime.now():
            return []
        meeting = meeting or self.env["meeting.meeting"]
        zone = timezone(room.location_id.tz or "UTC")
        local = utc.localize(start).astimezone(zone)
        look = self._look(
            Search(
                people=people,
                length=min(stop - start, timedelta(days=1)),
                features=features or self.env["meeting.room.feature"],
                location=room.location_id,
                day=local.date(),
                part="exact",
                at=local.time(),
                zone=zone,
                starts=(start,),
                wanted=(start, start),
                partners=meeting.participant_ids.partner_id,
                meeting=meeting,
                user=user or self.env.user,
            )
        )
        # what is offered here is taken as it stands: nobody is asked whether fewer people would do
        look = look._replace(rooms=look.rooms.filtered(lambda each: each.capacity >= people))
        # at one and the same time they differ by what the rooms cost: the first that suit are the best
        rooms = sorted(look.rooms - room, key=lambda other: self._fixed_price(look, other))
        suits = (other for other in rooms if self._is_suitable(look, other) and self._is_free(look, other, start))
        length = stop - start
        found = [
            Candidate(self._price(look, other, start, length), start, other, "room", length, list)
            for other in islice(suits, limit)
        ]
        near = self._nearer(look, found[limit - 1].score) if len(found) >= limit else look
        found += [candidate for candidate in self._candidates(near) if len(candidate.rooms) == 1]
        found = self._varied(sorted(found, key=lambda candidate: candidate.score))
        if taken:
            found = [
                each for each in found if each.rooms != room or each.start + each.length <= start or each.start >= stop
            ]
        return [self._plain_offer(self._offer(look, *candidate)) for candidate in found[:limit]]

    def _nearer(self, look, score):
        """The same search among the rooms that could be had for less than this: with enough that suit, no other room
        comes before them, at whatever time."""
        rooms = look.rooms.filtered(lambda room: self._fixed_price(look, room) < score)
        return look._replace(rooms=rooms, known={name: look.known[name] for name in ("shift", "price")})

    def _varied(self, found):
        """The best of each room first; shorter ones only where nothing of the whole length is left."""
        whole = [candidate for candidate in found if candidate.kind != "shorter"]
        first = {}
        for candidate in whole or found:
            first.setdefault(candidate.rooms, candidate)
        rest = [candidate for candidate in whole or found if first[candidate.rooms] is not candidate]
        return [*first.values(), *rest]

    def _plain_offer(self, offer):
        return {
            "kind": offer["kind"],
            "room": self.env["meeting.room"].browse(offer["rooms"][0]["id"]),
            "start": fields.Datetime.to_datetime(offer["start"]),
            "stop": fields.Datetime.to_datetime(offer["stop"]),
            "score": offer["score"],
            "notes": offer["notes"],
            "needs_approval": offer["rooms"][0]["needs_approval"],
        }

    def _offer_text(self, offer):
        """“Cedar, 3/3/26, 14:00 – 15:00 (lacks Projector)”, on the clocks of the place."""
        room, tz = offer["room"], offer["room"].location_id.tz
        notes = [*offer["notes"], *([self.env._("needs approval")] if offer["needs_approval"] else [])]
        text = self.env._(
            "%(room)s, %(start)s – %(stop)s",
            room=room.name,
            start=moment_said(self.env, offer["start"], tz),
            stop=time_said(self.env, offer["stop"], tz),
        )
        return self.env._("%(offer)s (%(notes)s)", offer=text, notes=sentences(self.env, notes)) if notes else text


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def _free_instead(self, start, stop, headcount=0, features=None, user=None, except_booking=None, taken=False):
        """What else is free, as a sentence to go with a refusal."""
        meeting = except_booking.meeting_id if except_booking else None
        Finder = self.env["meeting.room.finder"]
        offers = Finder._instead(self, start, stop, headcount, user, meeting, features, taken)
        if not offers:
            return ""
        texts = map(Finder._offer_text, offers)
        return "\n" + self.env._("Free instead: %s.", sentences(self.env, texts))


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    instead_of_id = fields.Many2one(
        "meeting.booking", "Taken in Place of", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    instead_ids = fields.One2many("meeting.booking", "instead_of_id", "Taken Instead", readonly=True)
    alternative_data = fields.Json("What Would Do Instead", compute="_compute_alternative_data")

    def _offers(self, limit=NAMED):
        """Alternatives to this booking, by the rights of the current user."""
        self.ensure_one()
        # sudo: the people of the meeting weigh in; an offer names rooms and times alone
        meeting = self.sudo().meeting_id.sudo(self.env.su)
        return self.env["meeting.room.finder"]._instead(
            self.room_id,
            self.start,
            self.stop,
            self._people_expected(),
            self._booker(),
            meeting,
            self._features_needed(),
            limit=limit,
        )

    @api.depends("state", "start", "stop", "room_id", "hold_ids.state", "instead_ids.state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_alternative_data(self):
        """For whoever may take one of them: the booking was refused, or lost, and its time has not passed."""
        Finder = self.env["meeting.room.finder"]
        for booking in self:
            booking.alternative_data = [
                {
                    "text": Finder._offer_text(offer),
                    "room": offer["room"].id,
                    "start": fields.Datetime.to_string(offer["start"]),
                    "stop": fields.Datetime.to_string(offer["stop"]),
                }
                for offer in (booking._offers(5) if booking._wants_alternative() else ())
            ]

    def _wants_alternative(self):
        lost = self.state == "rejected" or self.state == "released"
        if not lost or self.start <= fields.Datetime.now():
            return False
        meeting = self.env["meeting.meeting"].search([("id", "=", self._bare_meeting_id()), ("room_id", "=", False)])
        if self._bare_meeting_id():
            return meeting.is_editable
        live = ("requested", *self._holding_states)
        taken = (self.hold_ids | self.instead_ids).filtered(lambda other: other.state in live and other.state != "held")
        return self.user_id == self.env.user and not taken

    def take_alternative(self, room_id, start, stop):
        """One click: book that room under the same purpose, or give it to the meeting.

        :returns: as ``meeting.room.finder`` does, ``{"message", "action"}``
        """
        self.ensure_one()
        self.check_access("read")
        Finder = self.env["meeting.room.finder"]
        if self._bare_meeting_id():
            return Finder.take(self._bare_meeting_id(), [room_id], start, stop)
        if not self._wants_alternative():
            raise UserError(
                self.env._("For “%s” nothing more is needed: you have a room, or the time has passed.", self.title)
            )
        needs = {"feature_ids": self.feature_ids.ids, "needs_technician": self.needs_technician}
        booking = Finder._book([room_id], start, stop, self.name, self.headcount, **needs)
        booking.sudo().instead_of_id = self  # sudo: kept by the system; whoever took the room chose it in place of this
        return {"message": Finder._booked(booking), "action": False}

    def _taken_meanwhile(self):
        """The same, with what is free instead."""
        details = {"headcount": self._people_expected(), "user": self._booker(), "except_booking": self}
        instead = self.room_id._free_instead(self.start, self.stop, taken=True, **details)
        return ValidationError(str(super()._taken_meanwhile()) + instead)

    def _notification_values(self, step):
        values = super()._notification_values(step)
        if step == "room_decided" and self.state == "rejected":
            values["instead"] = self._offer_texts()
        return values

    def _offer_texts(self):
        return [self.env["meeting.room.finder"]._offer_text(offer) for offer in self._offers()]


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notice_values_refused(self, detail):
        """Where it was the room that was refused, the letter names others."""
        values = super()._notice_values_refused(detail)
        refused = self.booking_ids.filtered(lambda booking: booking.state == "rejected").sorted("id")[-1:]
        if refused and not self._refused_approval():
            values["instead"] = refused._offer_texts()
        return values
