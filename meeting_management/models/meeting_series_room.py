"""The room of a regular meeting: taken ahead where it is free, and a list of the other days (MT-1, RM-1)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MeetingSeries(models.Model):
    _inherit = "meeting.series"

    books_ahead = fields.Boolean(
        "Book the Room Ahead",
        tracking=True,
        help="The room is taken for every meeting as soon as it is planned, not only when it is submitted.",
    )
    unbooked_ids = fields.Many2many(
        "meeting.meeting", string="Without a Room", compute="_compute_unbooked_ids", help="Where the room is not free."
    )

    @api.depends("books_ahead", "room_id")
    def _compute_unbooked_ids(self):
        """By the reader's own rights."""
        for series in self:
            drafts = series._drafts_ahead() if series.books_ahead else self.env["meeting.meeting"]
            series.unbooked_ids = drafts.filtered(lambda meeting: not meeting._current_booking())

    def _drafts_ahead(self):
        return self.env["meeting.meeting"].search(
            [
                ("series_id", "in", self._origin.ids),
                ("state", "=", "draft"),
                ("start", ">", fields.Datetime.now()),
                ("room_id", "!=", False),
            ],
            order="start, id",
        )

    def write(self, vals):
        res = super().write(vals)
        if "books_ahead" in vals:
            # sudo: rooms of drafts that the series made; whoever may edit the series decides about them
            drafts = self.sudo()._drafts_ahead()
            if vals["books_ahead"]:
                drafts._book_ahead()
            else:
                drafts._give_up_ahead()
        return res

    def _generate(self):
        created = super()._generate()
        created.sudo()._book_ahead()  # sudo: as above
        return created


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    alternative_data = fields.Json("What Would Do Instead", compute="_compute_alternative_data")

    @api.depends("room_warning")
    @api.depends_context("uid", "lang", "tz")
    def _compute_alternative_data(self):
        """While planning: what to take with one click where the chosen room cannot be had."""
        Finder = self.env["meeting.room.finder"]
        for meeting in self:
            offers = ()
            if meeting.room_warning and meeting._origin and meeting.is_editable and meeting.room_id:
                plan = (meeting.room_id._origin, meeting.start, meeting.stop, meeting.headcount)
                offers = Finder._instead(*plan, user=meeting.convener_id, meeting=meeting._origin)
            meeting.alternative_data = [
                {
                    "text": Finder._offer_text(offer),
                    "room": offer["room"].id,
                    "start": fields.Datetime.to_string(offer["start"]),
                    "stop": fields.Datetime.to_string(offer["stop"]),
                }
                for offer in offers
            ]

    def take_alternative(self, room_id, start, stop):
        """One click: the draft takes place there."""
        self.ensure_one()
        return self.env["meeting.room.finder"].take(self.id, [room_id], start, stop)

    # -- taken ahead --------------------------------------------------------------------------------------------

    def write(self, vals):
        """The room of a draft that has one ahead moves with it."""
        res = super().write(vals)
        if {"start", "stop", "duration", "room_id"} & vals.keys():
            drafts = self.filtered(lambda meeting: meeting.state == "draft" and meeting.series_id.books_ahead)
            # sudo: the meeting steers its booking, whoever edits the meeting
            drafts.sudo()._follow_ahead()
        return res

    def unlink(self):
        """What was taken ahead goes with the draft."""
        self.check_access("unlink")
        # sudo: as above
        self.sudo().filtered(lambda meeting: meeting.state == "draft" and meeting.series_id)._give_up_ahead()
        return super().unlink()

    def _follow_ahead(self):
        for meeting in self:
            booking = meeting._current_booking()
            if booking and (booking.room_id, booking.start, booking.stop) != (
                meeting.room_id,
                meeting.start,
                meeting.stop,
            ):
                meeting._give_up_ahead()
        self._book_ahead()

    def _give_up_ahead(self):
        for meeting in self:
            meeting._current_booking()._drop_ahead()
        self.invalidate_recordset(["booking_ids"])

    def _book_ahead(self):
        """Take the rooms of these drafts where they are free; the others stand on the list of their series."""
        for meeting in self.filtered("series_id.books_ahead"):
            if meeting._current_booking() or not meeting.room_id or meeting.start <= fields.Datetime.now():
                continue
            try:
                with self.env["meeting.booking"]._attempt():
                    meeting._request_room()
                    meeting.invalidate_recordset(["booking_ids"])
                    booking = meeting._current_booking()
                    if not booking._needs_decision():
                        booking._hold()
            except ValidationError:
                meeting.invalidate_recordset(["booking_ids"])

    def _request_room(self):
        """What was taken ahead need not be asked for again."""
        booking = self._current_booking()
        same = (booking.room_id, booking.start, booking.stop) == (self.room_id, self.start, self.stop)
        if booking.state in ("requested", "confirmed") and same:
            return None
        return super()._request_room()
