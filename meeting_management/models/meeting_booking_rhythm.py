"""A room on a rhythm without a meeting: every Tuesday's training, the choir on Thursdays (RM-1, MT-1, MT-5)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .meeting_joined import sentences
from .meeting_rhythm_mixin import RHYTHM_FIELDS

WHEN = (*RHYTHM_FIELDS, "words", "tz", "holiday_rule", "start_date", "end_type", "end_date", "count", "active")


class MeetingBookingRhythm(models.Model):
    """定期预订. Books its room up to the company's horizon: where it is free, and lists the days on which it is not.

    Who may: everybody reads and makes his own; room managers maintain all. A later change reaches the bookings ahead,
    never those that have begun, nor those that somebody moved or cancelled by hand.
    """

    _name = "meeting.booking.rhythm"
    _description = "Regular Booking"
    _inherit = ["meeting.rhythm.mixin", "meeting.strike.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _followed_fields = frozenset((*WHEN, "name", "room_id", "duration", "headcount"))

    name = fields.Char("Use", required=True, tracking=True, help="Everybody can read it on the room's schedule.")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Booked by", required=True, index=True, default=lambda self: self.env.user, tracking=True
    )
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="restrict", tracking=True)
    duration = fields.Float("Length", required=True, default=1.0, help="In hours; it may go past midnight.")
    headcount = fields.Integer("People")
    booking_ids = fields.One2many("meeting.booking", "rhythm_id", "Bookings", readonly=True)
    booked_count = fields.Integer("Booked Ahead", compute="_compute_ahead")
    missed_ids = fields.Many2many("meeting.booking", string="Not to Be Had", compute="_compute_ahead")

    _duration_positive = models.Constraint(
        "CHECK (duration > 0 AND duration <= 24)", "A room is booked for more than zero minutes and at most a day."
    )

    @api.depends("booking_ids.state", "booking_ids.start")
    def _compute_ahead(self):
        now = fields.Datetime.now()
        for rhythm in self:
            ahead = rhythm.booking_ids.filtered(lambda booking: booking.start > now)
            rhythm.missed_ids = ahead.filtered(lambda booking: booking.state == "rejected").sorted("start")
            rhythm.booked_count = len(ahead.filtered(lambda booking: booking.state in ("requested", "confirmed")))

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rhythms = super().create(vals_list)
        rhythms._generate()
        return rhythms

    def write(self, vals):
        if not self.env.su and "user_id" in vals:
            raise AccessError(self.env._("Who booked cannot be changed. Make a new regular booking."))
        res = super().write(vals)
        if self._followed_fields & vals.keys():
            for rhythm in self:
                rhythm._follow()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether one of its bookings has begun, of which the register keeps what became
        if self.sudo().booking_ids.filtered(lambda booking: booking.start <= fields.Datetime.now()):
            raise UserError(self.env._("It has been used and stands in the register. Archive it instead."))

    def unlink(self):
        self.check_access("unlink")
        self._unlink_except_used()
        # sudo: whoever may delete it gives its rooms back
        self.sudo().booking_ids._drop_ahead()
        return super().unlink()

    def action_view_bookings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action")
        return {
            **action,
            "view_mode": "list,calendar,kanban,form",
            "views": [(False, "list"), (False, "calendar"), (False, "kanban"), (False, "form")],
            "domain": [("rhythm_id", "=", self.id)],
            "context": {"create": False},
        }

    # -- ahead --------------------------------------------------------------------------------------------------

    def _generate(self):
        """Book every occurrence up to the horizon that was never booked; of a day that cannot be had, say why."""
        for rhythm in self.filtered("active"):
            horizon = fields.Date.context_today(rhythm) + timedelta(days=rhythm.company_id.meeting_series_horizon_days)
            # sudo: bookings in the name of whoever books regularly; each is checked as if he made it by hand
            Booking = self.env["meeting.booking"].sudo()
            known = set(Booking.search([("rhythm_id", "=", rhythm.id)]).mapped("occurrence_date"))
            missing = [o for o in rhythm._occurrences_until(horizon).values() if o.date not in known]
            rhythm.room_id._lock_for_booking()
            bookings = Booking.create([rhythm._prepare_booking(occurrence) for occurrence in missing])
            for booking in bookings:
                booking._book_or_say_why()
            # one message for the whole rhythm: the others stand beside it in the queue
            bookings.filtered(lambda booking: booking.state == "requested")[:1]._ask_deciders()
        self.invalidate_recordset(["booking_ids", "booked_count", "missed_ids"])

    def _prepare_booking(self, occurrence):
        return {
            "name": self.name,
            "room_id": self.room_id.id,
            "user_id": self.user_id.id,
            "headcount": self.headcount,
            "start": occurrence.start,
            "stop": occurrence.start + timedelta(minutes=round(self.duration * 60)),
            "rhythm_id": self.id,
            "occurrence_date": occurrence.date,
            "occurrence_at": occurrence.start,
        }

    def _follow(self):
        """Bring what is ahead in line; the past, and what was changed by hand, stays."""
        self.ensure_one()
        now = fields.Datetime.now()
        horizon = fields.Date.context_today(self) + timedelta(days=self.company_id.meeting_series_horizon_days)
        plan = self._occurrences_until(horizon) if self.active else {}
        # sudo: the rhythm was written by whoever may
        ahead = self.sudo().booking_ids.filtered(
            lambda booking: booking.start > now and booking.start == booking.occurrence_at
        )
        for booking in ahead.filtered(lambda booking: booking.state in ("requested", "confirmed", "rejected")):
            occurrence = plan.get(booking.occurrence_date)
            wanted = self._prepare_booking(occurrence) if occurrence else {}
            kept = wanted and booking.state != "rejected"
            if kept and (booking.room_id.id, booking.start, booking.stop) == (
                wanted["room_id"],
                wanted["start"],
                wanted["stop"],
            ):
                booking.write({"name": self.name, "headcount": self.headcount})
            else:
                booking._drop_ahead()
        self._generate()

    def _cron_generate(self):
        """Daily: book up to the horizon."""
        cron = self.env["ir.cron"]
        todo = self.search([("unit", "!=", "announced")])
        cron._commit_progress(remaining=len(todo))
        for rhythm in todo:
            if rhythm.try_lock_for_update():
                rhythm._generate()
            if not cron._commit_progress(1):
                break

    # -- unused -------------------------------------------------------------------------------------------------

    def _no_show_domain(self):
        return [("rhythm_id", "=", self._origin.id), ("release_cause", "=", "no_show")]

    def _strike_users(self):
        return self.user_id


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    rhythm_id = fields.Many2one(
        "meeting.booking.rhythm", readonly=True, copy=False, index="btree_not_null", ondelete="cascade"
    )
    occurrence_date = fields.Date("Day of the Rhythm", readonly=True, copy=False)
    occurrence_at = fields.Datetime("Planned Start", readonly=True, copy=False)

    _once_per_day = models.Constraint(
        "UNIQUE (rhythm_id, occurrence_date)", "This day of the rhythm is booked already."
    )

    def _is_made_by_hand(self):
        return not self.rhythm_id and super()._is_made_by_hand()

    def _recurring(self):
        # sudo: as in the chapter on series
        return self.sudo().rhythm_id or super()._recurring()

    def _book_or_say_why(self):
        """One day of a rhythm: confirmed, asked for, or listed with the reason why it cannot be had."""
        try:
            with self._attempt():
                self._demand_available()
                if not self._needs_decision():
                    self._hold()
        except ValidationError:
            refusals = self.room_id._refusals(
                self.start, self.stop, self.headcount, user=self._booker(), except_booking=self
            )
            self._transition("rejected", reason=sentences(self.env, refusals) or self.env._("Taken a moment ago"))

    def _ask_deciders(self):
        for booking in self:
            booking._tell("room_request", booking.room_id._deciders().partner_id)

    def _drop_ahead(self):
        """These were never used and leave no trace."""
        self.filtered(lambda booking: booking.state in ("requested", "held", "confirmed"))._transition("cancelled")
        self.unlink()

    def take_alternative(self, room_id, start, stop):
        """The day of a rhythm stays one of it, in another room or at another time."""
        if not self.rhythm_id or self.state != "rejected":
            return super().take_alternative(room_id, start, stop)
        self.ensure_one()
        miss = self.sudo()  # sudo: the list of missed days is kept by the system
        if self.env.user != self.user_id:
            raise AccessError(self.env._("Only whoever booked chooses what to take instead."))
        values = {"rhythm_id": miss.rhythm_id.id, "occurrence_date": miss.occurrence_date}
        name, headcount = miss.name, miss.headcount
        miss.unlink()
        taken = self.env["meeting.booking"].create(
            {"name": name, "headcount": headcount, "room_id": room_id, "start": start, "stop": stop}
        )
        taken.sudo().write(values)  # sudo: as above
        return {"message": self.env._("%s is booked for that day.", taken.room_id.name), "action": False}


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [*super()._sections(), self._strike_section("meeting.booking.rhythm", "user_id")]
