"""A blocking tells whoever booked that the room is closed then, and when it can be used again after all (RM-1, RM-8).

One row of the ledger per blocking and place of the booking: ``blocked:<blocking>:<room>:<start>``, and ``usable:…``
where it went away again. Where it came back after that was said, the next pair is ``…@1``. Who moved out of its way is
told anew where it follows him.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list

from .meeting_blocking_touched import TOUCHED
from .meeting_message_kind import kind_of

KINDS = ("blocked", "usable")
PLACE = frozenset(("room_id", "start", "stop"))


def _tail(blocking, booking):
    """``5:7:202603020100``: what follows the kind in a step."""
    return f"{blocking.id}:{booking._told_place()}"


def _parts(step):
    """``(5, "7:202603020100")`` of ``usable:5:7:202603020100@1``: the blocking, and the place of the booking then."""
    number, _colon, place = step.partition("@")[0].partition(":")[2].partition(":")
    return int(number), place


class MeetingRoomBlocking(models.Model):
    _inherit = "meeting.room.blocking"

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever booked the room for that time is told, once."""
        blockings = super().create(vals_list)
        blockings._tell({})
        return blockings

    def write(self, vals):
        """Whoever is met now is told; who was warned and is met no longer hears that, too."""
        if not PLACE & vals.keys():
            return super().write(vals)
        # sudo: finds whom to tell; each is told about his own booking alone, through the ledger
        before = self.sudo()._touched()
        res = super().write(vals)
        self._tell(before)
        return res

    def unlink(self):
        # sudo: as in `write`
        before = self.sudo()._touched()
        res = super().unlink()
        self.browse()._tell(before)
        return res

    def _tell(self, before):
        """Bring what people are told in line with what the blockings meet now.

        :param before: ``{blocking: bookings it met so far}``; of those that are gone, too
        """
        # what depends on blockings is not stored: forgetting it costs less than a look at every booking of the room
        self.env["meeting.booking"].invalidate_model(["room_trouble", "is_room_blocked"], flush=False)
        self.env["meeting.meeting"].invalidate_model(["room_trouble"], flush=False)
        # sudo: as in `write`
        after = self.sudo()._touched()
        none = self.env["meeting.booking"]
        entered = [
            (blocking, booking)
            for blocking, bookings in after.items()
            for booking in bookings - before.get(blocking, none)
        ]
        left = [
            (blocking, booking)
            for blocking, bookings in before.items()
            for booking in bookings - after.get(blocking, none)
        ]
        self._warn(entered)
        self._tell_usable(left)

    def _warn(self, pairs):
        told = self._told(pairs)
        now = fields.Datetime.now()
        rows, unsaid = [], []
        for blocking, booking in pairs:
            subject, partner, tail = booking._warned_subject(), booking._warned_partner(), _tail(blocking, booking)
            news = told[f"usable:{tail}", subject]
            unsaid += news.filtered(lambda row: row.state in ("pending", "failed"))
            rounds = len(news.filtered(lambda row: row.state == "sent"))
            if partner:
                rows.append((subject, f"blocked:{tail}{f'@{rounds}' if rounds else ''}", partner.id, now))
        self._take_back(unsaid)
        self.env["meeting.notification"]._queue_rows(rows, revive=True)

    def _tell_usable(self, pairs):
        """A warning that has not left stays away; who got his hears the good news, unless the room is closed to him for
        another reason."""
        told = self._told(pairs)
        # sudo: as in `write`
        bookings = self.env["meeting.booking"].sudo().union(*(booking for _blocking, booking in pairs))
        still = bookings._blockings_by_booking()
        now = fields.Datetime.now()
        rows, unsaid = [], []
        for blocking, booking in pairs:
            subject = booking._warned_subject()
            for row in told[f"blocked:{_tail(blocking, booking)}", subject]:
                if row.state != "sent":
                    unsaid.append(row)
                elif not still.get(booking):
                    rows.append((subject, row.step.replace("blocked", "usable"), row.partner_id.id, now))
        self._take_back(unsaid)
        self.env["meeting.notification"]._queue_rows(rows, revive=True)

    @api.model
    def _take_back(self, rows):
        """What has not left is not said: at once for all who wait for the same, be they hundreds."""
        alike = defaultdict(set)
        for row in rows:
            alike[row.res_model].add(row)
        for model, some in alike.items():
            subjects = self.env[model].browse({row.res_id for row in some})
            self.env["meeting.notification"]._void(subjects, list({row.step for row in some}))

    def _told(self, pairs):
        """``{(step without its round, subject): rows of the ledger}``: a query per kind of subject."""
        # sudo: the ledger of the messages that this very chapter owed
        Ledger = self.env["meeting.notification"].sudo()
        result = defaultdict(Ledger.browse)
        steps = {f"{kind}:{blocking.id}" for blocking, _booking in pairs for kind in KINDS}
        about = Domain.OR(Domain("step", "=like", f"{step}:%") for step in sorted(steps))
        subjects = [booking._warned_subject() for _blocking, booking in pairs]
        for model in {subject._name for subject in subjects}:
            ids = [subject.id for subject in subjects if subject._name == model]
            for row in Ledger.search(Domain("res_model", "=", model) & Domain("res_id", "in", ids) & about):
                record = self.env[model].sudo().browse(row.res_id)  # sudo: as above, of what that row speaks
                result[row.step.partition("@")[0], record] |= row
        return result


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _warned_subject(self):
        """Of what a warning speaks: the meeting, whose people move it; a room merely held is nothing but itself."""
        return self.meeting_id if self.meeting_id and self.state != "held" else self

    def _warned_partner(self):
        """Nobody for a room that an employee without a login took at the door: the blocking's count still shows it."""
        return (self.meeting_id.convener_id or self.user_id).partner_id

    def _told_place(self):
        return f"{self.room_id.id}:{self.start:%Y%m%d%H%M}"

    def _block_news(self, step):
        """Whether the room is closed, or open again, for this booking, as the message says."""
        number, place = _parts(step)
        if place != self._told_place():
            return False
        blockings = self._blockings()
        if kind_of(step) == "blocked":
            return number in blockings.ids
        return self._is_coming(*TOUCHED) and not blockings

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if kind_of(step) in KINDS:
            return partners if self._block_news(step) else partners.browse()
        return partners

    def _notification_values(self, step):
        if kind_of(step) in KINDS:
            return self._block_values(step)
        return super()._notification_values(step)

    def _block_values(self, step):
        """What the message says; of the booking it tells time and room only."""
        room = self.room_id.name
        if kind_of(step) == "usable":
            title = self.env._("%s can be used again at your time", room)
            neutral = self.env._("The room of a confidential meeting can be used again.")
            badge = (self.env._("Room open again"), "success")
            return {"subject": title, "heading": title, "badge": badge, "neutral": neutral}
        blocking = self.env["meeting.room.blocking"].browse(_parts(step)[0])
        title = self.env._("%s is closed at your time", room)
        names = self._names_instead()
        values = {
            "subject": title,
            "heading": title,
            "badge": (self.env._("Room closed"), "warning"),
            "neutral": self.env._("The room of a confidential meeting is closed at that time."),
            "reason": f"{blocking.name}\n{blocking._period_text()}",
            "rooms": format_list(self.env, names) if names else False,
        }
        # a room held in place of another is not changed: its person takes one of the others
        return values if self.state == "held" else {**values, "button": self.env._("Choose another room")}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if kind_of(step) in KINDS:
            booking = self._notice_booking()
            return partners if booking and booking._block_news(step) else partners.browse()
        return partners

    def _notice_values_blocked(self, detail):
        return {**self._notice_booking()._block_values(f"blocked:{detail}"), "author": self.company_id.partner_id}

    def _notice_values_usable(self, detail):
        return {**self._notice_booking()._block_values(f"usable:{detail}"), "author": self.company_id.partner_id}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "blocked": self.env._("Warning: room closed"),
            "usable": self.env._("Room can be used again"),
        }
