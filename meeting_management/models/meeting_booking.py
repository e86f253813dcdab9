"""Who holds which room when. Public facts only: everybody may read bookings, so nothing private stands in them."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_list
from psycopg2.errors import ExclusionViolation

LONGEST_DAYS = 31
"""A room taken for longer is not booked but blocked."""


class MeetingBooking(models.Model):
    """A room held for a period (RM-1 to RM-3).

    The database keeps the promise of RM-3: an exclusion constraint over the periods of bookings that hold their room.
    Python takes a lock on the room first, so that rivals wait for each other instead of running into a deadlock, and
    explains a refusal. ``hold_start``/``hold_stop`` include the room's preparation and cleaning.

    Who may: everybody reads and asks for a room; the room's managers confirm, reject and release; whoever booked
    cancels. A booking that belongs to a meeting is steered by the meeting alone.
    """

    _name = "meeting.booking"
    _description = "Room Booking"
    _inherit = ["meeting.state.mixin", "meeting.mixin.unsigned"]
    _order = "start desc, id desc"

    _transitions = {
        "requested": ("confirmed", "held", "rejected", "cancelled"),
        "held": ("confirmed", "cancelled", "released"),
        "confirmed": ("checked_in", "finished", "cancelled", "released"),
        "checked_in": ("finished", "cancelled"),
        "finished": (),
        "rejected": (),
        "cancelled": (),
        "released": (),
    }
    _holding_states = ("held", "confirmed", "checked_in", "finished")
    _verbs = ("confirm", "reject", "cancel", "check_in", "take")
    _reason_verbs = ("reject",)
    _kept_fields = frozenset(
        (
            *("hold_start", "hold_stop", "actual_start", "release_at", "release_cause", "series_id", "department_id"),
            *("held_until", "held_for_id", "asks_precedence", "displaced_by_id", "displaced_for_id"),
            "instead_of_id",
            *("rhythm_id", "occurrence_date", "occurrence_at", "company_id", "location_id", "use_hours"),
        )
    )

    name = fields.Char("Use", help="What the room is used for. Everybody can read it on the room's schedule.")
    title = fields.Char("Used For", compute="_compute_title", help="“Reserved” where no purpose may be read.")
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True, precompute=True)
    location_id = fields.Many2one(related="room_id.location_id", store=True, precompute=True)
    user_id = fields.Many2one("res.users", string="Booked by", index=True)
    headcount = fields.Integer("People")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    hold_start = fields.Datetime(compute="_compute_hold", store=True, required=True, precompute=True)
    hold_stop = fields.Datetime(compute="_compute_hold", store=True, required=True, precompute=True)
    meeting_id = fields.Many2one("meeting.meeting", index="btree_not_null", ondelete="restrict", readonly=True)
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("held", "Held"),
            ("confirmed", "Confirmed"),
            ("checked_in", "In use"),
            ("finished", "Finished"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
            ("released", "Released"),
        ],
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        index=True,
    )
    reason = fields.Char(readonly=True, copy=False, help="Why the room was refused or given to somebody else.")
    can_confirm = fields.Boolean(compute="_compute_can")
    can_reject = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "The booking must end after it starts. Correct one of the two times."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(room_id, room_id, '[]') WITH &&, tsrange(hold_start, hold_stop) WITH &&) "
        "WHERE (state IN ('held', 'confirmed', 'checked_in', 'finished'))",
        "This room is already taken at that time. Choose another room or another time.",
    )
    _hold_range_index = models.Index(
        "USING gist (tsrange(hold_start, hold_stop)) WHERE state IN ('held', 'confirmed', 'checked_in', 'finished')"
    )
    _requested_range_index = models.Index("USING gist (tsrange(hold_start, hold_stop)) WHERE state = 'requested'")

    @api.depends("start", "stop", "room_id")
    def _compute_hold(self):
        """The buffers in force when the period is set; a later change of the room moves no booking that exists."""
        for booking in self:
            booking.hold_start = booking.start and booking.start - timedelta(minutes=booking.room_id.prepare_minutes)
            booking.hold_stop = booking.stop and booking.stop + timedelta(minutes=booking.room_id.clean_minutes)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_title(self):
        for booking in self:
            booking.title = booking.name or self.env._("Reserved")

    @api.depends("title", "room_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for booking in self:
            booking.display_name = ": ".join(filter(None, (booking.room_id.name, booking.title)))

    @api.constrains("start", "stop")
    def _check_length(self):
        """:raises ValidationError: a slip in month or year would take the room from everybody"""
        for booking in self:
            days = (booking.stop - booking.start).days
            if days > LONGEST_DAYS:
                raise ValidationError(
                    self.env._(
                        "This booking would last %(days)s days; at most %(limit)s can be booked at once. Correct its "
                        "end, or block the room where it is closed for longer.",
                        days=days,
                        limit=LONGEST_DAYS,
                    )
                )

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A booking made by hand names its purpose and is confirmed at once where the room needs no approval (RM-2).

        :raises ValidationError: the room cannot be had, with every cause
        :raises UserError: no purpose is given
        """
        # What is held follows from the period alone: a shorter one, given by hand, would let two meetings into a room.
        closed = ("hold_start", "hold_stop") if self.env.su else self._kept_fields
        vals_list = [{name: vals[name] for name in vals if name not in closed} for vals in vals_list]
        vals_list = [vals if vals.get("meeting_id") else {"user_id": self.env.uid, **vals} for vals in vals_list]
        bookings = super().create(vals_list)
        for booking in bookings.filtered(lambda booking: booking._is_made_by_hand()):
            if not (booking.name or "").strip():
                raise UserError(self.env._("Rooms are for meetings: say what you need %s for.", booking.room_id.name))
            booking._demand_to_come(booking.stop)
            if booking.room_id.needs_approval:
                booking._demand_available()
            else:
                booking._hold()
        return bookings

    def write(self, vals):
        """Period and room of a booking that holds its room change by re-booking only; ownership never changes."""
        if not self.env.su and {"meeting_id", "user_id", "reason"} & vals.keys():
            raise AccessError(self.env._("Who booked, and for which meeting, cannot be changed. Make a new booking."))
        if {"name", "headcount"} & vals.keys():
            for booking in self:
                booking._demand_to_come(booking.stop)
        if {"room_id", "start", "stop"} & vals.keys():
            if not self.env.su:
                for booking in self:
                    if booking.meeting_id:
                        raise UserError(
                            self.env._(
                                "This booking belongs to a meeting. Reschedule the meeting, and the room follows."
                            )
                        )
                    refusal = booking._refusal_wrong_state("requested", "confirmed") or booking._refusal_not_mine()
                    if refusal:
                        raise refusal
                    booking._demand_to_come(booking.stop)
                    booking._demand_to_come(fields.Datetime.to_datetime(vals.get("stop")) or booking.stop)
                    booking._demand_consent(self.env["meeting.room"].browse(vals.get("room_id")))
            rooms = self.env["meeting.room"].browse(vals.get("room_id")).union(self.room_id)
            rooms._lock_for_booking()
            rooms._release_lapsed()
            for booking in self.filtered(lambda booking: booking.state in ("requested", "confirmed")):
                booking._demand_available({name: vals[name] for name in ("room_id", "start", "stop") if name in vals})
        res = super().write(vals)
        if vals.get("state") in self._holding_states:
            self.flush_recordset(["state"])  # whoever lost the room learns it before all that follows is done in vain
        return res

    def _demand_to_come(self, stop):
        """What is over stands in the register: nobody adds to it, or takes from it, but who keeps it (RM-6).

        :raises UserError: the period that ends at ``stop`` has passed
        """
        refusal = self._refusal_over(stop)
        if refusal:
            raise refusal

    def _refusal_over(self, stop):
        if self.env.su or stop > fields.Datetime.now() or self._is_decider():
            return None
        return UserError(
            self.env._(
                "This time has passed, and the usage register stays as it is. Only a manager of %s corrects it.",
                self.room_id.name,
            )
        )

    def _demand_consent(self, room):
        """A confirmed booking does not slip into a room whose manager was never asked (RM-2).

        :raises UserError: the room needs the consent of somebody else
        """
        if (
            room
            and room != self.room_id
            and room.needs_approval
            and self.state == "confirmed"
            and self.env.user not in room._deciders()
        ):
            raise UserError(
                self.env._(
                    "%(room)s needs the consent of its manager (%(people)s). Cancel this booking and ask for that "
                    "room.",
                    room=room.name,
                    people=format_list(self.env, room._deciders().mapped("name")),
                )
            )

    def _unsigned(self):
        """What is booked for a meeting, by whatever deed of its people."""
        # sudo: only whether there is a meeting
        return self.sudo().filtered("meeting_id")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if any(booking.state not in ("requested", "rejected", "cancelled") for booking in self):
            raise UserError(
                self.env._(
                    "A booking that held its room stays in the usage register. Cancel it instead of deleting it."
                )
            )

    # -- verbs --------------------------------------------------------------------------------------------------

    def _refusal_not_mine(self):
        if self.env.user == self.user_id or self._is_decider():
            return None
        return AccessError(self.env._("Only whoever booked the room, or its manager, may change this booking."))

    def _is_decider(self):
        return self.env.user in self.room_id._deciders()

    def _refusal_not_decider(self):
        if self._is_decider():
            return None
        return AccessError(self.env._("Only a manager of %s decides on its requests.", self.room_id.name))

    def _refusal_confirm(self):
        return self._refusal_wrong_state("requested") or self._refusal_not_decider()

    def _refusal_reject(self):
        return self._refusal_wrong_state("requested") or self._refusal_not_decider()

    def _refusal_cancel(self):
        if self.meeting_id:
            return UserError(self.env._("This booking belongs to a meeting. Change or cancel the meeting instead."))
        refusal = self._refusal_wrong_state("requested", "confirmed") or self._refusal_not_mine()
        if refusal or self.state == "requested":
            return refusal
        return self._refusal_over(self.stop)

    def action_confirm(self):
        """The room manager says yes (RM-2)."""
        self._demand("confirm")
        # sudo: the decider was checked; the state is all that changes.
        self.sudo()._hold()

    def action_reject(self, reason=None):
        """The room manager says no and why.

        :raises UserError: no reason is given
        """
        self._demand("reject")
        if not (reason or "").strip():
            return self.env["meeting.reason.wizard"]._open(self, "reject", self.env._("Reject the booking"))
        # sudo: the decider was checked; state and reason are all that changes.
        self.sudo()._transition("rejected", reason=reason.strip())

    def action_cancel(self):
        """Whoever booked gives the room back."""
        self._demand("cancel")
        # sudo: ownership was checked; the state is all that changes.
        self.sudo()._transition("cancelled")

    # -- business -----------------------------------------------------------------------------------------------

    def _hold(self):
        """Confirm: from now on nobody else gets the room for this period.

        :raises ValidationError: somebody else holds it; found by looking first (with all causes) or, when both asked
            at the same moment, by the database.
        """
        if not self:
            return
        for booking in self:  # before the lock: while it is held this transaction sees no more than now
            booking._demand_available()
        try:
            self._claim_rooms()
        except ExclusionViolation:
            raise self[:1]._taken_meanwhile() from None
        self._transition("confirmed")

    def _claim_rooms(self):
        """Lock the rooms and try, in one statement, whether the database lets these bookings in.

        Whoever loses stands at the lock no longer than the database takes, gives it back before he is told what is free
        instead, and keeps what he has read. Whoever wins holds the locks until his transaction ends.

        :raises ExclusionViolation: somebody else was faster
        """
        self.env.flush_all()
        lapsed = self.room_id._lapsed_bookings()
        with self._attempt() if lapsed else self.env.cr.savepoint(flush=False):
            if lapsed:
                self.room_id._lock_for_booking()
                self.room_id._release_lapsed()
            self.env.cr.execute(
                SQL(
                    "WITH room AS (SELECT id FROM meeting_room WHERE id IN %s ORDER BY id FOR NO KEY UPDATE) "
                    "UPDATE meeting_booking SET state = 'confirmed' FROM room "
                    "WHERE meeting_booking.id IN %s AND room_id = room.id",
                    tuple(self.room_id.ids),
                    tuple(self.ids),
                ),
                log_exceptions=False,
            )

    @contextmanager
    def _attempt(self):
        """Within this block something may be refused, and then leaves no trace; locks taken in it are given back.

        A plain savepoint would send what waits for the end of the transaction, such as the news for open boards.
        """
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                yield
                self.env.flush_all()
        except Exception:
            self.env.transaction.clear()
            raise

    def _taken_meanwhile(self):
        """:return: what to say when the database knows of a rival that this transaction cannot see yet"""
        return ValidationError(
            self.env._(
                "%s was taken by somebody else a moment ago. Choose another room or another time.", self.room_id.name
            )
        )

    def _is_made_by_hand(self):
        """Whether a person books this room, for himself, now; other bookings follow what they belong to."""
        return not self.meeting_id

    def _demand_requestable(self):
        """:raises ValidationError: the room cannot even be asked for, with every cause"""
        self._demand_available()

    def _needs_decision(self):
        """Whether somebody has to say yes before the room is had (RM-2)."""
        return self.room_id.needs_approval

    def _demand_available(self, plan=None):
        """Explain why the room cannot be had; ``plan`` holds new values of ``room_id``, ``start`` or ``stop``.

        :raises ValidationError: with every cause
        """
        self.ensure_one()
        plan = plan or {}
        room = self.env["meeting.room"].browse(plan["room_id"]) if "room_id" in plan else self.room_id
        room._demand_bookable(
            fields.Datetime.to_datetime(plan.get("start", self.start)),
            fields.Datetime.to_datetime(plan.get("stop", self.stop)),
            headcount=self._people_expected(),
            user=self._booker(),
            except_booking=self,
        )

    def _people_expected(self):
        """How many people the room must seat."""
        return self.headcount

    def _booker(self):
        """For whom the room is booked: decides whether a room reserved to departments may be had."""
        return self.user_id or self.env.user
