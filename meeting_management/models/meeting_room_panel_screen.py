"""What a door panel shows: the public schedule of its room, in its words and on its clock (RM-6, CF-5)."""

from datetime import datetime, time, timedelta

from babel.dates import format_date
from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse
from pytz import timezone, utc

from .meeting_room_refusal import Demand

LENGTHS = (15, 30, 45, 60)
"""Minutes for which a room can be booked at its door, besides “until the next use”."""
LONGEST = timedelta(hours=4)
"""“Until the next use” is offered up to this length."""
EXTENSIONS = (15, 30)


class MeetingRoomPanel(models.Model):
    _inherit = "meeting.room.panel"

    def _on_screen(self, lang=None):
        """The panel in the language somebody chose on its screen, on the clocks of the place."""
        installed = dict(self.env["res.lang"].get_installed())
        return self.with_context(
            lang=next((code for code in (lang, self.lang) if code in installed), "en_US"),
            tz=self._zone().zone,
            allowed_company_ids=self.company_id.ids,
        )

    def _zone(self):
        return timezone(self.location_id.tz or "UTC")

    def _screen(self):
        """Everything the screen draws, ready for JSON. The same facts give the same answer, whenever they are asked:
        what changes from second to second (what is on now, how long still) the screen works out itself.

        :returns: moments are seconds since 1970
        """
        room, now = self.room_id, fields.Datetime.now()
        if not room.active:
            return {"closed": self.env._("This room is no longer in use."), **self._frame(now)}
        items = self._items(now)
        facts = room._facts(now, now + LONGEST)
        return {
            **self._frame(now),
            "room": room.name,
            "code": room.code or "",
            "place": room.location_id.name,
            "seats": self.env._("%s seats", room.capacity),
            "items": items,
            "offers": self._offers(now, items, facts) if self.allows_booking and not room.needs_approval else [],
            "note": self.env._("Bookings of this room need consent: please book it in the system.")
            if self.allows_booking and room.needs_approval
            else "",
            "tap": room.tap_check_in,
            "purposes": self._purposes(),
            "faults": room._door_faults(),
            "soon": self.soon_minutes * 60,
            "rest": [round(self.rest_from * 60), round(self.rest_until * 60)],
            "words": self._words(),
        }

    def _frame(self, now):
        local = utc.localize(now).astimezone(self._zone())
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        others = [code for code in codes if code != self.env.lang and code in ("zh_CN", "en_US")]
        return {
            "lang": self.env.lang,
            "other": {"code": others[0], "name": {"zh_CN": "中文", "en_US": "English"}[others[0]]} if others else None,
            "offset": round(local.utcoffset().total_seconds()),
            "date": format_date(local.date(), format="full", locale=babel_locale_parse(self.env.lang)),
        }

    def _clock(self, moment):
        return utc.localize(moment).astimezone(self._zone()).strftime("%H:%M")

    # -- the day ------------------------------------------------------------------------------------------------

    def _items(self, now):
        """Bookings and blockings that are not over yet, until midnight at the place, in order."""
        local = utc.localize(now).astimezone(self._zone())
        midnight = self._zone().localize(datetime.combine(local.date() + timedelta(days=1), time(0)))
        till = midnight.astimezone(utc).replace(tzinfo=None)
        bookings = self.env["meeting.booking"].search(
            Domain(self.env["meeting.booking"]._holding_domain())
            & Domain([("room_id", "=", self.room_id.id), ("hold_stop", ">", now), ("hold_start", "<", till)])
        )
        blockings = self.env["meeting.room.blocking"].search(
            [("room_id", "=", self.room_id.id), ("stop", ">", now), ("start", "<", till)]
        )
        items = [self._booking_item(booking, now) for booking in bookings]
        items += [self._blocking_item(blocking) for blocking in blockings]
        return sorted(items, key=lambda item: (item["start"], item["stop"]))

    def _period(self, start, stop, hold_start=None, hold_stop=None):
        seconds = {"start": start, "stop": stop, "hold_start": hold_start or start, "hold_stop": hold_stop or stop}
        return {
            **{name: int(utc.localize(moment).timestamp()) for name, moment in seconds.items()},
            "from": self._clock(start),
            "to": self._clock(stop),
        }

    def _booking_item(self, booking, now):
        reserved = self.env._("Reserved")
        shown = self.shows_details
        return {
            **self._period(booking.start, booking.stop, booking.hold_start, booking.hold_stop),
            "id": booking.id,
            "title": (shown and booking.name) or reserved,
            "who": (shown and (booking.user_id.name or booking.door_employee_id.name)) or "",
            "opens": int(utc.localize(booking._check_in_opens()).timestamp()) if booking._door_checkable() else 0,
            "in_use": booking.state == "checked_in",
            "extend": self._extensions(booking) if booking.start <= now < booking.stop else [],
        }

    def _blocking_item(self, blocking):
        return {
            **self._period(blocking.start, blocking.stop),
            "id": 0,
            "title": blocking.name if self.shows_details else self.env._("Out of use"),
            "who": "",
            "opens": 0,
            "in_use": False,
            "extend": [],
        }

    # -- what is offered ----------------------------------------------------------------------------------------

    def _can_have(self, start, stop, facts):
        room = self.room_id
        demand = Demand(start, stop, 0, self.env["meeting.room.feature"], facts)
        return not room._has(demand, room._time_causes)

    def _offers(self, now, items, facts):
        """``[{minutes, label}]``: for how long the room could be booked now, by the predicate that booking asks."""
        offers = [
            {"minutes": minutes, "label": self.env._("%s min", minutes)}
            for minutes in LENGTHS
            if self._can_have(now, now + timedelta(minutes=minutes), facts)
        ]
        stop = self._until_next(now, items)
        if stop and self._can_have(now, stop, facts):
            offers.append({"minutes": "next", "label": self.env._("until %s", self._clock(stop))})
        return offers

    def _until_next(self, now, items=None):
        """The moment at which a booking from now on must be out, cleaning included, or ``None`` where it is not worth
        while or too far off to be meant."""
        items = self._items(now) if items is None else items
        coming = [item["hold_start"] for item in items if item["start"] > utc.localize(now).timestamp()]
        if not coming:
            return None
        stop = datetime.fromtimestamp(min(coming), utc).replace(tzinfo=None)
        stop -= timedelta(minutes=self.room_id.clean_minutes)
        return stop if timedelta(minutes=5) <= stop - now <= LONGEST else None

    def _extensions(self, booking):
        room = self.room_id
        facts = room._facts(booking.stop, booking.stop + timedelta(minutes=max(EXTENSIONS)), except_booking=booking)
        return [
            minutes
            for minutes in EXTENSIONS
            if self._can_have(booking.stop, booking.stop + timedelta(minutes=minutes), facts)
        ]

    # -- what it says of this moment, for the first picture and for browsers without scripts --------------------

    def _moment(self, screen):
        """:returns: ``{"state": "free", "soon" or "taken", "word", "until", "title", "who"}``"""
        words, now = screen["words"], utc.localize(fields.Datetime.now()).timestamp()
        current = next((item for item in screen["items"] if item["start"] <= now < item["stop"]), None)
        coming = next((item for item in screen["items"] if item["start"] > now), None)
        if current:
            until = words["until"].replace("%s", current["to"])
            return {"state": "taken", "word": words["taken"], "until": until, **self._about(current)}
        held = any(item["hold_start"] <= now < item["hold_stop"] for item in screen["items"])
        near = bool(coming) and coming["start"] - now <= screen["soon"]
        until = words["free_until" if near or held else "until"]
        until = until.replace("%s", coming["from"]) if coming else words["rest_of_day"]
        word = words["soon"] if near else words["held"] if held else words["free"]
        about = self._about(coming) if near else {"title": "", "who": ""}
        return {"state": "soon" if near or held else "free", "word": word, "until": until, **about}

    def _about(self, item):
        return {"title": item["title"], "who": item["who"]}

    # -- words --------------------------------------------------------------------------------------------------

    def _purposes(self):
        """``[{key, label}]``: what rooms are used for at short notice (RM-1: a booking names its purpose)."""
        purposes = {
            "talk": self.env._("Short meeting"),
            "call": self.env._("Video or phone call"),
            "client": self.env._("Visitors"),
            "interview": self.env._("Interview"),
        }
        return [{"key": key, "label": label} for key, label in purposes.items()]

    def _words(self):
        """Every word that the screen may need in this language, also while there is no connection."""
        return {
            "free": self.env._("Free"),
            "soon": self.env._("Taken Soon"),
            "taken": self.env._("Taken"),
            "held": self.env._("Being Tidied"),
            "until": self.env._("until %s"),
            "free_until": self.env._("free until %s"),
            "rest_of_day": self.env._("for the rest of the day"),
            "left": self.env._("%s min left"),
            "in": self.env._("in %s min"),
            "today": self.env._("Today"),
            "nothing": self.env._("No more bookings today"),
            "next": self.env._("Next"),
            "book": self.env._("Book Now"),
            "check_in": self.env._("Check In"),
            "extend": self.env._("Extend"),
            "end": self.env._("End Now"),
            "fault": self.env._("Report a Fault"),
            "plus": self.env._("+%s min"),
            "how_long": self.env._("For how long?"),
            "what_for": self.env._("What for?"),
            "what_broken": self.env._("What does not work?"),
            "who": self.env._("Who are you?"),
            "badge": self.env._("Hold your badge to the reader, or enter your PIN."),
            "badge_name": self.env._("Hold your badge to the reader, or enter name and PIN."),
            "name": self.env._("Name or badge number"),
            "pin": self.env._("PIN"),
            "continue": self.env._("Continue"),
            "cancel": self.env._("Cancel"),
            "ok": self.env._("OK"),
            "back": self.env._("Delete"),
            "wait": self.env._("One moment …"),
            "offline": self.env._("No connection since %s"),
            "not_sent": self.env._("No connection. Look at the screen before you try again."),
            "free_end": self.env._("The room is free for others at once."),
        }
