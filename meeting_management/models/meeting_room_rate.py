"""What the use of a room costs (RM-13)."""

from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from pytz import timezone, utc


class MeetingRoomRate(models.Model):
    """Rate (收费标准): by the hour, dearer at peak hours, by the half-day where that is cheaper, and a minimum.

    Room managers maintain rates, everybody reads them. A rate of a room comes before the one for all rooms. For a use
    of ``h`` hours, ``p`` of them at peak:

        ``max(minimum, min((h − p) × hour + p × peak, ⌈h ÷ half-day hours⌉ × half-day))``
    """

    _name = "meeting.room.rate"
    _description = "Room Rate"
    _order = "audience, room_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    room_id = fields.Many2one("meeting.room", index="btree_not_null", check_company=True, help="Empty: every room.")
    audience = fields.Selection(
        [("internal", "Our departments"), ("external", "Outside parties")], "For", required=True, default="internal"
    )
    basis = fields.Selection(
        [("booked", "Booked time"), ("actual", "Actual time")], "Counted by", required=True, default="booked"
    )
    hour_price = fields.Monetary("Per Hour")
    half_day_price = fields.Monetary("Per Half-day", help="0: hours only. Charged where it is cheaper than hours.")
    half_day_hours = fields.Float("Hours of a Half-day", default=4.0)
    peak_calendar_id = fields.Many2one("resource.calendar", "Peak Hours", help="Empty: no hour is dearer.")
    peak_price = fields.Monetary("Per Peak Hour")
    minimum = fields.Monetary()

    _prices_positive = models.Constraint(
        "CHECK (hour_price >= 0 AND half_day_price >= 0 AND peak_price >= 0 AND minimum >= 0 AND half_day_hours > 0)",
        "Prices are zero or more, and a half-day has hours.",
    )
    _once = models.UniqueIndex(
        "(company_id, COALESCE(room_id, 0), audience) WHERE active",
        "There is a rate for this room and these people already. Change or archive it.",
    )

    @api.model
    def _for_room(self, room, audience):
        """:returns: the rate that holds for ``room``, or none"""
        rates = self.search(
            [
                ("company_id", "=", room.company_id.id),
                ("room_id", "in", [room.id, False]),
                ("audience", "=", audience),
            ]
        )
        return rates.filtered("room_id") or rates

    def _period(self, booking):
        """The time that is charged."""
        if self.basis == "actual" and booking.actual_start and booking.actual_stop:
            return booking.actual_start, booking.actual_stop
        return booking.start, booking.stop

    def _peak_hours(self, start, stop, tz):
        if not self.peak_calendar_id:
            return 0.0
        zone = timezone(tz or "UTC")
        begin, end = (utc.localize(moment).astimezone(zone) for moment in (start, stop))
        # sudo: peak hours are published with the rate; nobody's own working time is read
        intervals = self.peak_calendar_id.sudo()._work_intervals_batch(begin, end, tz=zone)[False]
        return sum((till - since for since, till, _record in intervals), timedelta()).total_seconds() / 3600

    def _price(self, start, stop, tz):
        """:returns: ``{hours, peak_hours, amount}`` of a use, amounts in the company's currency"""
        self.ensure_one()
        hours = (stop - start).total_seconds() / 3600
        peak = self._peak_hours(start, stop, tz)
        amount = (hours - peak) * self.hour_price + peak * self.peak_price
        if self.half_day_price:
            amount = min(amount, ceil(round(hours / self.half_day_hours, 4)) * self.half_day_price)
        amount = self.currency_id.round(max(amount, self.minimum))
        return {"hours": hours, "peak_hours": peak, "amount": amount}


class MeetingRoomService(models.Model):
    """What is charged besides the room: tea, technician, copies. Room managers maintain it, everybody reads it."""

    _name = "meeting.room.service"
    _description = "Room Service"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary(required=True)
    unit = fields.Char(translate=True, help="Person, hour, page …")

    _price_positive = models.Constraint("CHECK (price >= 0)", "A price is zero or more.")


class MeetingRoomCost(models.Model):
    """What a room costs the company: energy, cleaning, repairs. Room managers keep it, for the statement."""

    _name = "meeting.room.cost"
    _description = "Room Cost"
    _order = "date desc, id desc"

    name = fields.Char("What For", required=True)
    room_id = fields.Many2one("meeting.room", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="room_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        [
            ("energy", "Energy"),
            ("cleaning", "Cleaning"),
            ("repair", "Repair"),
            ("wear", "Wear and replacement"),
            ("other", "Other"),
        ],
        required=True,
        default="energy",
    )
    amount = fields.Monetary(required=True)
    fault_id = fields.Many2one("meeting.fault", readonly=True, ondelete="restrict", copy=False)
    statement_id = fields.Many2one("meeting.fee.statement", readonly=True, index="btree_not_null", copy=False)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A cost is more than zero.")
    _fault_once = models.UniqueIndex("(fault_id) WHERE fault_id IS NOT NULL", "This repair is entered already.")

    def write(self, vals):
        self.statement_id._demand_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.statement_id._demand_open()


class MeetingFault(models.Model):
    _inherit = "meeting.fault"

    def _after_transition(self, origin):
        """What a repair has cost stands with the costs of the room."""
        res = super()._after_transition(origin)
        fault = self.sudo()  # sudo: a repair may be closed by a technician who does not see costs
        if fault.state == "repaired" and fault.cost:
            self.env["meeting.room.cost"].sudo().create(
                {
                    "name": fault.display_name,
                    "room_id": fault.room_id.id,
                    "kind": "repair",
                    "amount": fault.cost,
                    "fault_id": fault.id,
                }
            )
        return res
