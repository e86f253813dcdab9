"""A room that nobody uses is free for others: at query time first, in the register a little later (RM-14).

``release_at`` is the moment from which a booking holds its room no longer unless somebody has checked in. Whoever asks
whether a room is free leaves lapsed bookings out, so that nobody waits for the job; whoever takes the room releases
them in the same transaction, under the lock of the room, so that the exclusion constraint lets him in.
"""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

BATCH = 200


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    check_in_minutes = fields.Integer(
        "Check-in Opens", default=15, help="Minutes before the start from which the room may be entered."
    )
    release_minutes = fields.Integer(
        "Released After",
        default=lambda self: self.env.company.meeting_release_minutes,
        tracking=True,
        help="Minutes after the start: if nobody has checked in or signed in by then, the room is free for others. "
        "0: never.",
    )

    _check_in_positive = models.Constraint(
        "CHECK (check_in_minutes >= 0 AND release_minutes >= 0)",
        "The minutes for checking in cannot be negative; 0 means that the room is never released.",
    )

    def write(self, vals):
        """What has begun goes on under the rule it began with; what is to come follows the new one."""
        res = super().write(vals)
        if "release_minutes" in vals:
            # sudo: a rule of the room, applied to everybody's bookings of it
            Booking = self.env["meeting.booking"].sudo()
            coming = Booking.search(
                [("room_id", "in", self.ids), ("state", "=", "confirmed"), ("start", ">", fields.Datetime.now())]
            )
            self.env.add_to_compute(Booking._fields["release_at"], coming)
            coming._after_release_set()
        return res

    def _lapsed_bookings(self):
        """Bookings of these rooms to which nobody has come, although their moment has passed."""
        Booking = self.env["meeting.booking"].with_user(SUPERUSER_ID)
        return Booking.search([("room_id", "in", self.ids), ("release_at", "<=", fields.Datetime.now())])

    def _release_lapsed(self):
        """Give these rooms back where nobody has come; the caller holds their lock and is about to book."""
        lapsed = self._lapsed_bookings()
        lapsed._release()
        lapsed.flush_recordset()  # gone from the register before the next one asks for its place in it


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    release_at = fields.Datetime(
        "Released At",
        compute="_compute_release_at",
        store=True,
        precompute=True,
        copy=False,
        help="From this moment the room is free for others, unless somebody has checked in.",
    )
    release_cause = fields.Selection(
        [("no_show", "No-show")], "Released Because", readonly=True, copy=False, index=True
    )
    department_id = fields.Many2one(
        "hr.department", compute="_compute_department_id", store=True, index="btree_not_null"
    )

    _release_index = models.Index("(release_at) WHERE release_at IS NOT NULL")

    @api.depends("state", "start", "room_id")
    def _compute_release_at(self):
        """Whoever confirms a booking that has begun already has the whole time to come; a later change of the room's
        rule touches what is to come (see the room)."""
        now = fields.Datetime.now()
        for booking in self:
            booking.release_at = booking._release_moment(now)

    def _release_moment(self, now):
        minutes = self.room_id.release_minutes
        if self.state != "confirmed" or not minutes or not self.start:
            return False
        return max(self.start, now) + timedelta(minutes=minutes)

    @api.depends("user_id")
    def _compute_department_id(self):
        """Of the person whom the schedule names; where it names nobody, there is no department either (CF-5)."""
        for booking in self:
            # sudo: the department of an employee is public within the company
            booking.department_id = booking.user_id.sudo().employee_id.department_id

    # -- who holds a room now -----------------------------------------------------------------------------------

    @api.model
    def _holding_domain(self, *more_states):
        """:return: domain of the bookings that hold their room at this moment, or are in one of ``more_states``"""
        return [
            ("state", "in", (*more_states, *self._holding_states)),
            "|",
            ("release_at", "=", False),
            ("release_at", ">", fields.Datetime.now()),
        ]

    @api.model
    def _holding_sql(self):
        """The same for a query over ``meeting_booking``; flush ``state`` and ``release_at`` first."""
        return SQL(
            "state IN %s AND (release_at IS NULL OR release_at > %s)", self._holding_states, fields.Datetime.now()
        )

    @api.model
    def _touching_sql(self, since, till):
        """Bookings whose time, preparation and cleaning included, meets the period, for a query over
        ``meeting_booking`` of either what holds its room or what is requested: each of the two has an index for it."""
        return SQL("tsrange(hold_start, hold_stop) && tsrange(%s, %s)", since, till)

    # -- giving it back -----------------------------------------------------------------------------------------

    def _release(self):
        """The moment has passed and nobody came."""
        for booking in self:
            booking._transition("released", release_cause=booking._lapse_cause())

    def _lapse_cause(self):
        return "no_show"

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        self._after_release_set()
        return res

    def write(self, vals):
        res = super().write(vals)
        if {"start", "room_id"} & vals.keys():
            self._after_release_set()
        return res

    def _after_release_set(self):
        """Hook: ``release_at`` of these bookings may have changed."""

    @api.model
    def _cron_release(self):
        """Give back what nobody uses. A booking that somebody is just checking into is left to him."""
        cron = self.env["ir.cron"]
        lapsed = self.search([("release_at", "<=", fields.Datetime.now())], order="release_at, id", limit=BATCH)
        cron._commit_progress(remaining=len(lapsed))
        for booking in lapsed:
            booking = booking.try_lock_for_update().filtered_domain([("release_at", "<=", fields.Datetime.now())])
            booking._release()
            if not cron._commit_progress(1):
                break


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_release_minutes = fields.Integer(
        "Unused Rooms",
        default=0,
        help="Minutes after the start after which a room that nobody uses is free for others; seeds new rooms. "
        "0: never.",
    )
    meeting_release_warn_minutes = fields.Integer(
        "Warning", default=5, help="Minutes before the release at which whoever booked is warned. 0: no warning."
    )
    meeting_no_show_limit = fields.Integer(
        "No-shows in a Row",
        default=3,
        help="After so many the convener is asked whether the series should end. 0: never.",
    )

    _meeting_release_positive = models.Constraint(
        "CHECK (meeting_release_minutes >= 0 AND meeting_release_warn_minutes >= 0 AND meeting_no_show_limit >= 0)",
        "Minutes and numbers of the rule for unused rooms cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_release_minutes = fields.Integer(related="company_id.meeting_release_minutes", readonly=False)
    meeting_release_warn_minutes = fields.Integer(related="company_id.meeting_release_warn_minutes", readonly=False)
    meeting_no_show_limit = fields.Integer(related="company_id.meeting_no_show_limit", readonly=False)
