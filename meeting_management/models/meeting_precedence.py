"""Important, urgent and reception meetings go before: they may ask for a room that a lower booking holds (RM-4)."""

from odoo import api, fields, models


class MeetingPrecedence(models.Model):
    """优先级. The order of the list is the order of precedence: a class may take a room from those below it, never from
    itself or from those above. Everybody reads it, administrators order it.
    """

    _name = "meeting.precedence"
    _description = "Precedence"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100, help="The first in the list goes before all others.")
    type_ids = fields.One2many("meeting.type", "precedence_id", "Meeting Types")

    _name_unique = models.Constraint("UNIQUE (name)", "This class of precedence exists already.")

    def _rank(self):
        """The place in the order of precedence, 1 being the first; what has no class counts as the last one."""
        return (self or self.search([], order="sequence desc", limit=1)).sequence


class MeetingType(models.Model):
    _inherit = "meeting.type"

    precedence_id = fields.Many2one(
        "meeting.precedence",
        default=lambda self: self.env.ref("meeting_management.precedence_normal", raise_if_not_found=False),
        ondelete="restrict",
        tracking=True,
        help="Meetings of this type may ask for a room that a meeting of a lower class, or a plain booking, holds. "
        "The room's manager decides.",
    )

    @api.model
    def _seed_precedence(self):
        """Once, when the classes arrive: shipped receptions and urgent types get theirs, all others the normal one."""
        everything = self.with_context(active_test=False, tracking_disable=True)
        receptions = everything.browse()
        for name in ("new_client", "return_visit", "key_account", "communication"):
            found = self.env.ref(f"meeting_management.meeting_type_reception_{name}", raise_if_not_found=False)
            receptions |= found or receptions
        management = self.env.ref("meeting_management.meeting_type_management", raise_if_not_found=False)
        urgent = everything.search([("is_urgent", "=", True)])
        for kinds, name in (
            (everything.search([("precedence_id", "=", False)]), "normal"),
            (management or everything.browse(), "important"),
            (receptions, "reception"),
            (urgent, "urgent"),
        ):
            kinds.precedence_id = self.env.ref(f"meeting_management.precedence_{name}")


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    asks_precedence = fields.Boolean(
        "Asks for Precedence",
        readonly=True,
        copy=False,
        help="Somebody else holds the room; the room's manager decides whether this meeting goes before.",
    )

    def _rank(self):
        # sudo: a number to compare; the type of a confidential meeting is not told
        return self.sudo().meeting_id.type_id.precedence_id._rank()

    def _outranks(self, other):
        """Equal or higher classes cannot be displaced, nor can what has begun."""
        return self._rank() < other._rank() and other.state in ("confirmed", "held") and self._is_ahead(other)

    def _is_ahead(self, other):
        return other.start > fields.Datetime.now()

    def _rivals(self, *states):
        """:return: other bookings of this room whose time, buffers included, meets this one's; lapsed ones left out"""
        self.ensure_one()
        return self.search(
            [
                ("id", "not in", self.ids),
                ("room_id", "=", self.room_id.id),
                ("hold_start", "<", self.hold_stop),
                ("hold_stop", ">", self.hold_start),
                ("state", "in", states),
                "|",
                ("release_at", "=", False),
                ("release_at", ">", fields.Datetime.now()),
            ],
            order="create_date, id",
        )

    def _holders(self):
        return self._rivals(*self._holding_states)

    def _demand_requestable(self):
        """A meeting of a higher class may ask for a room that only lower bookings hold."""
        holders = self._holders()
        if holders and all(self._outranks(holder) for holder in holders) and self._only_taken():
            self.asks_precedence = True
            if not self.room_id.needs_approval:
                self._tell("room_request", self.room_id._deciders().partner_id)
            return None
        return super()._demand_requestable()

    def _only_taken(self):
        """Whether nothing but other bookings stands in the way."""
        refusals = self.room_id._refusals(
            self.start, self.stop, self._people_expected(), user=self._booker(), except_booking=self | self._holders()
        )
        return not refusals

    def _needs_decision(self):
        return self.asks_precedence or super()._needs_decision()


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    @api.depends("type_id")
    def _compute_room_warning(self):
        """Who may ask all the same is told so."""
        super()._compute_room_warning()
        for meeting in self.filtered("room_warning"):
            rank = meeting.type_id.precedence_id._rank()
            holders = self.env["meeting.booking"].search(
                [
                    ("room_id", "=", meeting.room_id.id),
                    ("hold_start", "<", meeting.stop),
                    ("hold_stop", ">", meeting.start),
                    *self.env["meeting.booking"]._holding_domain(),
                ]
            )
            if holders and all(rank < holder._rank() and holder.state == "confirmed" for holder in holders):
                meeting.room_warning += ". " + self.env._(
                    "This kind of meeting goes before what is booked there: apply all the same, and the room's manager "
                    "decides."
                )
