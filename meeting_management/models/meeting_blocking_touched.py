"""What a blocking meets: the coming bookings of its room, seen while it is typed and until they are gone (RM-1, RM-8).

A blocking takes no booking away: whoever booked is warned (``meeting_blocking_notice``) and goes elsewhere, or the
room's manager talks to him.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..said import moment_said, time_said

SHOWN = 40
"""How many bookings the form lists; the button beside it leads to all."""
TOUCHED = ("requested", "held", "confirmed")


class MeetingRoomBlocking(models.Model):
    """Managers and room managers maintain blockings; everybody reads them. What a blocking tells of bookings is what
    the rooms' schedule tells: of a closed meeting time and room, never name or people (CF-5)."""

    _inherit = "meeting.room.blocking"

    touched_booking_ids = fields.Many2many(
        "meeting.booking", string="Bookings Still Here", compute="_compute_touched_booking_ids"
    )
    touched_count = fields.Integer("Bookings in It", compute="_compute_touched_count")
    touched_text = fields.Char("Touched Bookings", compute="_compute_touched_count")
    can_end = fields.Boolean(compute="_compute_can_end")

    @api.depends("room_id", "start", "stop")
    def _compute_touched_booking_ids(self):
        touched = self._touched()
        for blocking in self:
            blocking.touched_booking_ids = touched.get(blocking, self.env["meeting.booking"])[:SHOWN]

    @api.depends("room_id", "start", "stop")
    @api.depends_context("lang")
    def _compute_touched_count(self):
        """Without the records: lists of blockings ask for the number alone."""
        touched = self._touched()
        for blocking in self:
            found = touched.get(blocking, ())
            blocking.touched_count = len(found)
            blocking.touched_text = bool(found) and (
                self.env._("1 coming booking falls into this time.")
                if len(found) == 1
                else self.env._("%s coming bookings fall into this time.", len(found))
            )

    @api.depends("start", "stop")
    def _compute_can_end(self):
        now = fields.Datetime.now()
        for blocking in self:
            known = blocking._origin and blocking.start and blocking.stop
            blocking.can_end = bool(known) and blocking.start < now < blocking.stop

    def _touched(self):
        """``{blocking: coming bookings of its room that share time with it}``, the first to come first; one query,
        however many blockings."""
        known = self.filtered(lambda each: each.room_id and each.start and each.stop and each.start < each.stop)
        if not known:
            return {}
        Booking = self.env["meeting.booking"]
        coming = Booking.search_fetch(
            [
                ("room_id", "in", known.room_id.ids),
                *Booking._touched_domain(),
                ("start", "<", max(known.mapped("stop"))),
                ("stop", ">", min(known.mapped("start"))),
            ],
            ["room_id", "start", "stop"],
            order="start, id",
        )
        by_room = coming.grouped("room_id")
        return {
            blocking: by_room.get(blocking.room_id._origin, Booking).filtered(
                lambda booking, blocking=blocking: booking.start < blocking.stop and booking.stop > blocking.start
            )
            for blocking in known
        }

    def _period_text(self):
        """“3/10/26, 9:00 – 18:00”, in the reader's language and time zone."""
        start, stop = (fields.Datetime.context_timestamp(self, moment) for moment in (self.start, self.stop))
        till = time_said if start.date() == stop.date() else moment_said
        return f"{moment_said(self.env, self.start)} – {till(self.env, self.stop)}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        """:raises UserError: the room was closed then, and its history says why"""
        now = fields.Datetime.now()
        begun = self.filtered(lambda blocking: blocking.start <= now)
        if begun:
            raise UserError(
                self.env._(
                    "“%(blocking)s” has begun and stays in the history of the room. End it where the room can be used "
                    "again; correct its times where they were a mistake.",
                    blocking=begun[0].display_name,
                )
            )

    # -- actions ------------------------------------------------------------------------------------------------

    def action_end(self):
        """The room can be used again earlier than planned.

        :raises UserError: it is not going on
        """
        self.ensure_one()
        if not self.can_end:
            raise UserError(self.env._("Only a blocking that is going on can be ended. Change its times instead."))
        self.stop = fields.Datetime.now()

    def action_view_touched(self):
        """All bookings that are still in it, for whoever helps them to another room."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action")
        return {
            **action,
            "name": self.env._("Bookings in the Way of “%s”", self.display_name),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("room_id", "=", self.room_id.id), ("start", "<", self.stop), ("stop", ">", self.start)],
            "context": {"search_default_blocked": 1},
        }


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    is_room_blocked = fields.Boolean(
        "In a Blocked Room", compute="_compute_is_room_blocked", search="_search_is_room_blocked"
    )

    @api.model
    def _touched_domain(self):
        """Bookings to come, or going on without anybody in the room, that a blocking would meet."""
        now = fields.Datetime.now()
        return [
            ("state", "in", TOUCHED),
            ("stop", ">", now),
            *("|", ("release_at", "=", False), ("release_at", ">", now)),
        ]

    def _blockings_by_booking(self):
        """``{booking: blockings of its room at its time}``; none where nobody comes any more. One query for all."""
        Blocking = self.env["meeting.room.blocking"]
        coming = self.filtered(lambda booking: booking.room_id and booking.start and booking._is_coming(*TOUCHED))
        if not coming:
            return {}
        found = Blocking.search(
            [
                ("room_id", "in", coming.room_id.ids),
                ("start", "<", max(coming.mapped("stop"))),
                ("stop", ">", min(coming.mapped("start"))),
            ],
            order="start, id",
        )
        by_room = found.grouped("room_id")
        result = defaultdict(Blocking.browse)
        for booking in coming:
            result[booking] = by_room.get(booking.room_id._origin, Blocking).filtered(
                lambda blocking, booking=booking: blocking.start < booking.stop and blocking.stop > booking.start
            )
        return result

    def _blockings(self):
        self.ensure_one()
        return self._blockings_by_booking().get(self, self.env["meeting.room.blocking"])

    @api.depends("room_id", "start", "stop", "state")
    def _compute_is_room_blocked(self):
        blockings = self._blockings_by_booking()
        for booking in self:
            booking.is_room_blocked = bool(blockings.get(booking))

    def _search_is_room_blocked(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["meeting.room.blocking"].flush_model(["room_id", "start", "stop"])

        def blocked(_model, alias, _query):
            booking = SQL.identifier(alias)
            return SQL(
                "EXISTS (SELECT FROM meeting_room_blocking AS b WHERE b.room_id = %(booking)s.room_id "
                "AND b.start < %(booking)s.stop AND b.stop > %(booking)s.start)",
                booking=booking,
            )

        found = Domain(self._touched_domain()) & Domain.custom(to_sql=blocked)
        return found if True in value else ~found

    def _troubles(self, needs=False):
        said = [
            self.env._(
                "%(room)s is closed then: %(reason)s (%(period)s).",
                room=self.room_id.name,
                reason=blocking.name,
                period=blocking._period_text(),
            )
            for blocking in self._blockings()
        ]
        return [*said, *super()._troubles(needs)]
