"""The queue of a room manager: what waits, since when, who else wants the same, and what a yes does to them (RM-2)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_list


class MeetingBooking(models.Model):
    """A yes to one of several is a no to the others: the manager sees whom he rejects, and they learn why and what is
    free instead."""

    _inherit = "meeting.booking"

    rival_count = fields.Integer("Others Want It", compute="_compute_rival_count")

    @api.depends("state", "room_id", "start", "stop")
    def _compute_rival_count(self):
        """Other requests for the same time, in one query for the whole list."""
        self.rival_count = 0
        waiting = self.filtered(lambda booking: booking.state == "requested" and isinstance(booking.id, int))
        if not waiting:
            return
        self.flush_model(["state", "room_id", "hold_start", "hold_stop"])
        rows = self.env.execute_query(
            SQL(
                """SELECT mine.id, count(*) FROM meeting_booking mine JOIN meeting_booking other
                       ON other.room_id = mine.room_id AND other.id != mine.id AND other.state = 'requested'
                      AND tsrange(other.hold_start, other.hold_stop) && tsrange(mine.hold_start, mine.hold_stop)
                    WHERE mine.id IN %s GROUP BY mine.id""",
                tuple(waiting.ids),
            )
        )
        counts = dict(rows)
        for booking in waiting:
            booking.rival_count = counts.get(booking.id, 0)

    def action_view_rivals(self):
        """The request and all others for that time, side by side."""
        self.ensure_one()
        rivals = self | self._rivals("requested", *self._holding_states)
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action_queue")
        return {
            **action,
            "name": self.env._("Who wants %s", self.room_id.name),
            "domain": [("id", "in", rivals.ids)],
            "context": {},
        }

    def _known_name(self):
        """The use of the room as far as the current user may know it: “Reserved” where that is not at all."""
        meeting = self.env["meeting.meeting"].search([("id", "=", self._bare_meeting_id())])
        return meeting.name or self.name or self.env._("Reserved")

    def action_confirm(self):
        """Yes (RM-2). Where others are touched, the manager sees first whom.

        :returns: the dialogue that lists them
        :raises UserError: several at once, of which some are disputed
        """
        self._demand("confirm")
        disputed = self.filtered(lambda booking: booking._rivals("requested") or booking._holders())
        if not disputed:
            return super().action_confirm()
        if len(self) > 1:
            raise UserError(
                self.env._(
                    "Others want these rooms at the same time, so each of these needs a decision of its own. Open them "
                    "one by one: %s",
                    format_list(self.env, disputed.mapped("display_name")),
                )
            )
        return self.env["meeting.booking.decision"]._open(disputed)

    def _confirm_over(self, reason):
        """Yes to this one, no to the others: lower bookings are displaced, other requests rejected, all with a reason.

        :raises UserError: a booking is displaced without a reason
        :raises ValidationError: a booking of an equal or higher class, or one in use, holds the room
        """
        self._demand("confirm")
        self.ensure_one()
        reason = (reason or "").strip()
        # Other rooms are held for those displaced, whichever suit: all are locked first and in one order (RM-3).
        self.env["meeting.room"].search([])._lock_for_booking()
        self.room_id._release_lapsed()
        holders = self._holders()
        firm = holders.filtered(lambda holder: not self._outranks(holder))
        if firm:
            raise ValidationError(
                self.env._(
                    "%(room)s is held by %(names)s, which this request does not go before. Reject the request, or ask "
                    "for another time.",
                    room=self.room_id.name,
                    names=format_list(self.env, [holder._known_name() for holder in firm]),
                )
            )
        if holders and not reason:
            raise UserError(self.env._("Say why this meeting goes before: those who lose the room will read it."))
        rivals = self._rivals("requested")
        # sudo: the decider was checked; states and reasons of the bookings of his room are all that changes
        booking = self.sudo()
        holders.sudo()._give_way(booking, self.env.user, reason)
        booking._hold()
        rivals.sudo()._lose(reason)
        holders.sudo()._offer_others(self.env.user)

    def _lose(self, reason):
        """Somebody else got the room."""
        for booking in self:
            words = booking.env._("Given to another request.")
            booking._transition("rejected", reason=reason or words)


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _room_section(self):
        """How many want the same stands on the card, beside its age."""
        section = super()._room_section()
        bookings = self.env["meeting.booking"].browse([card["id"] for card in section["cards"]])
        for card, booking in zip(section["cards"], bookings, strict=True):
            notes = [self.env._("Asks for a room that is taken, with precedence")] if booking.asks_precedence else []
            if booking.rival_count:
                notes.append(self.env._("%s more want it at that time", booking.rival_count))
            card["note"] = " · ".join(notes) or card["note"]
        return section
