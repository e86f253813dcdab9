"""The fee for one use of a room, exemptions, and rental to outside parties with services (RM-13)."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date
from pytz import timezone, utc


class MeetingRoomFee(models.Model):
    """Usage fee (使用费) of a booking. No accounting entry is made of it: a glue addon may, from a published statement.

    Room managers see all fees; whoever booked sees his own and asks for an exemption. A booking of a meeting that is
    not public names nobody, and neither does its fee (CF-5). With the statement that publishes it a fee is frozen.
    """

    _name = "meeting.room.fee"
    _description = "Room Fee"
    _inherit = ["meeting.room.care"]
    _order = "date desc, id desc"

    _transitions = {
        "open": ("asked", "exempt", "final"),
        "asked": ("open", "exempt"),
        "exempt": ("final",),
        "final": (),
    }
    _verbs = ("ask", "exempt", "refuse")
    _reason_verbs = ("ask", "exempt", "refuse")
    _kept_fields = frozenset(("exemption_reason", "decision", "decided_by_id", "statement_id"))

    booking_id = fields.Many2one("meeting.booking", required=True, readonly=True, index=True, ondelete="restrict")
    room_id = fields.Many2one(related="booking_id.room_id", store=True, precompute=True)
    user_id = fields.Many2one(related="booking_id.user_id", store=True, index="btree_not_null", string="Booked by")
    department_id = fields.Many2one("hr.department", readonly=True, index="btree_not_null")
    customer_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", help="An outside party that rents."
    )
    date = fields.Date(readonly=True, index=True)
    rate_id = fields.Many2one("meeting.room.rate", readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    hours = fields.Float(readonly=True)
    peak_hours = fields.Float("Peak Hours", readonly=True)
    amount_room = fields.Monetary("Use of the Room", readonly=True)
    line_ids = fields.One2many("meeting.room.fee.line", "fee_id", "Services")
    amount_services = fields.Monetary("Services in All", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary("Total", compute="_compute_amounts", store=True)
    amount_due = fields.Monetary("To Pay", compute="_compute_amounts", store=True, help="Nothing where exempt.")
    is_exempt = fields.Boolean("Exempt", readonly=True, copy=False)
    exemption_reason = fields.Char("Reason for the Request", readonly=True, copy=False)
    decision = fields.Char("Reason of the Decision", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    statement_id = fields.Many2one("meeting.fee.statement", readonly=True, index="btree_not_null", copy=False)
    state = fields.Selection(
        [("open", "Charged"), ("asked", "Exemption requested"), ("exempt", "Exempt"), ("final", "Published")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    can_ask = fields.Boolean(compute="_compute_can")
    can_exempt = fields.Boolean(compute="_compute_can")
    can_refuse = fields.Boolean(compute="_compute_can")

    _once = models.Constraint("UNIQUE (booking_id)", "This booking is charged already.")

    @api.depends("amount_room", "line_ids.amount", "is_exempt")
    def _compute_amounts(self):
        for fee in self:
            fee.amount_services = sum(fee.line_ids.mapped("amount"))
            fee.amount_total = fee.amount_room + fee.amount_services
            fee.amount_due = 0 if fee.is_exempt else fee.amount_total

    @api.depends("room_id.name", "date", "user_id.name", "customer_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for fee in self:
            day = format_date(self.env, fee.date) if fee.date else False
            parts = (fee.room_id.name, day, fee.customer_id.name or fee.user_id.name)
            fee.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        fees = super().create(vals_list)
        fees._recalculate()
        return fees

    def write(self, vals):
        if vals.keys() - {"state", "statement_id"}:
            self._demand_unpublished()
        res = super().write(vals)
        if "customer_id" in vals:
            self._recalculate()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._demand_unpublished()

    def _demand_unpublished(self):
        """:raises UserError: a fee stands in a published statement"""
        final = self.filtered(lambda fee: fee.state == "final")
        if final:
            raise UserError(self.env._("“%s” is published and cannot change any more.", final[0].display_name))

    # -- the amount ---------------------------------------------------------------------------------------------

    def _recalculate(self):
        """Charge by the rate that holds now, for the time that stands in the register."""
        for fee in self.sudo():  # sudo: amounts follow from rate and register; nobody enters them
            booking = fee.booking_id
            room = booking.room_id
            rate = self.env["meeting.room.rate"].sudo()._for_room(room, "external" if fee.customer_id else "internal")
            start, stop = rate._period(booking)
            tz = room.location_id.tz or "UTC"
            price = rate._price(start, stop, tz) if rate else {"hours": booking.use_hours, "peak_hours": 0, "amount": 0}
            # sudo: the department of whoever is named on the public booking; of nobody else
            department = booking.user_id.sudo().employee_ids[:1].department_id
            fee.write(
                {
                    "rate_id": rate.id,
                    "date": utc.localize(stop).astimezone(timezone(tz)).date(),
                    "hours": price["hours"],
                    "peak_hours": price["peak_hours"],
                    "amount_room": price["amount"],
                    "department_id": False if fee.customer_id else department.id,
                }
            )

    # -- exemption ----------------------------------------------------------------------------------------------

    def _refusal_ask(self):
        refusal = self._refusal_wrong_state("open")
        if refusal or self.user_id == self.env.user or self._is_keeper():
            return refusal
        return AccessError(self.env._("Whoever booked the room asks for an exemption."))

    def _refusal_exempt(self):
        return self._refusal_wrong_state("open", "asked") or self._refusal_not_keeper()

    def _refusal_refuse(self):
        return self._refusal_wrong_state("asked") or self._refusal_not_keeper()

    def action_ask(self, reason=None):
        """Ask to be let off the fee, with a reason."""
        return self._with_reason("ask", reason, self.env._("Ask for an exemption"))

    def action_exempt(self, reason=None):
        """Nothing is charged, for a reason."""
        return self._with_reason("exempt", reason, self.env._("Exempt from the fee"))

    def action_refuse(self, reason=None):
        """The fee stays, for a reason."""
        return self._with_reason("refuse", reason, self.env._("Refuse the exemption"))

    def _with_reason(self, verb, reason, title):
        self._demand(verb)
        reason = (reason or "").strip()
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, verb, title)
        for fee in self.sudo():  # sudo: the person was checked; state, reasons and who decided are all that changes
            decided = {"decision": reason, "decided_by_id": self.env.uid}
            if verb == "ask":
                fee._transition("asked", exemption_reason=reason)
                fee._tell("fee_asked", fee.room_id._deciders().partner_id)
            else:
                fee._transition("exempt" if verb == "exempt" else "open", is_exempt=verb == "exempt", **decided)
                if fee.user_id and fee.user_id != self.env.user:
                    fee._tell("fee_decided", fee.user_id.partner_id)
        return None

    def _notification_still_due(self, step, partners):
        return partners if step != "fee_asked" or self.state == "asked" else partners.browse()

    def _notification_values(self, step):
        name = self.display_name
        if step == "fee_asked":
            title = self.env._("An exemption is asked for: %s", name)
            return {"subject": title, "heading": title, "reason": self.exemption_reason, "button": self.env._("Decide")}
        title = self.env._("No fee: %s", name) if self.is_exempt else self.env._("The fee stays: %s", name)
        return {"subject": title, "heading": title, "reason": self.decision}


class MeetingRoomFeeLine(models.Model):
    """A service of a rental. Room managers write it, as long as the fee is not published."""

    _name = "meeting.room.fee.line"
    _description = "Service of a Rental"
    _order = "fee_id, id"

    fee_id = fields.Many2one("meeting.room.fee", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="fee_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one("meeting.room.service", required=True, ondelete="restrict")
    quantity = fields.Float(required=True, default=1)
    price = fields.Monetary(compute="_compute_price", store=True, readonly=False, required=True, precompute=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)

    _numbers_positive = models.Constraint("CHECK (quantity > 0 AND price >= 0)", "Enter a quantity and a price.")

    @api.depends("service_id")
    def _compute_price(self):
        for line in self:
            line.price = line.service_id.price

    @api.depends("quantity", "price")
    def _compute_amount(self):
        for line in self:
            line.amount = line.currency_id.round(line.quantity * line.price) if line.currency_id else 0

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.fee_id._demand_unpublished()
        return lines

    def write(self, vals):
        self.fee_id._demand_unpublished()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.fee_id._demand_unpublished()


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    fee_ids = fields.One2many("meeting.room.fee", "booking_id", "Fee")

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state == "finished":
            self._charge()
        elif self.state in ("rejected", "cancelled") or self.release_cause == "displaced":
            # sudo: whoever gives up a room, or has to, pays nothing for it, nor does whoever was to rent it
            self.sudo().fee_ids.filtered(lambda fee: fee.state != "final").unlink()
        return res

    def _charge(self):
        """The fee of a use, where a rate holds; its author is the system, so that it tells nobody's part (CF-5)."""
        for booking in self.with_user(SUPERUSER_ID):
            if booking.fee_ids:
                booking.fee_ids.filtered(lambda fee: fee.state == "open")._recalculate()
            elif self.env["meeting.room.rate"].sudo()._for_room(booking.room_id, "internal"):
                # sudo: rates are public within the company
                booking.env["meeting.room.fee"].create({"booking_id": booking.id})

    def write(self, vals):
        res = super().write(vals)
        if {"actual_start", "actual_stop", "start", "stop", "room_id"} & vals.keys():
            # sudo: amounts follow the register, and what is rented
            self.sudo().fee_ids.filtered(lambda fee: fee.state == "open")._recalculate()
        return res

    def action_rent(self):
        """Open the fee of this booking, to enter the customer who rents the room and what he is served.

        :raises AccessError: only who looks after the room rents it out
        """
        self.ensure_one()
        refusal = self._refusal_not_decider()
        if refusal:
            raise refusal
        fee = self.fee_ids or self.env["meeting.room.fee"].create({"booking_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.room.fee",
            "res_id": fee.id,
            "views": [(False, "form")],
        }


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "fee_asked": self.env._("Exemption requested"),
            "fee_decided": self.env._("Exemption decided"),
        }
