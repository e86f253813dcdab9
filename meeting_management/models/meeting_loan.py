"""Things kept in a room and lent against a register (RM-11)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..said import moment_said


class MeetingEquipment(models.Model):
    _inherit = "meeting.equipment"

    is_lendable = fields.Boolean("Can Be Lent")
    loan_days = fields.Integer("Due Back After", default=3, help="Days, from the moment it is handed out (RM-11).")
    loan_ids = fields.One2many("meeting.loan", "equipment_id", "Loans", groups="meeting_management.group_room_manager")
    is_lent = fields.Boolean("Lent", compute="_compute_loan", search="_search_is_lent")
    lent_until = fields.Datetime("Due Back", compute="_compute_loan")
    holder_id = fields.Many2one(
        "res.partner", "Who Has It", compute="_compute_loan", groups="meeting_management.group_room_manager"
    )

    _lent_singly = models.Constraint(
        "CHECK (NOT is_lendable OR quantity = 1)",
        "What is lent is registered piece by piece: enter one record for each, with a quantity of 1.",
    )
    _loan_days_positive = models.Constraint("CHECK (loan_days > 0)", "A thing is lent for a day at least.")

    def _compute_loan(self):
        # sudo: that a thing is out, and until when, everybody may know; who has it is for room managers (see the field)
        loans = self.env["meeting.loan"].sudo().search([("equipment_id", "in", self.ids), ("state", "=", "lent")])
        current = {loan.equipment_id.id: loan for loan in loans}
        for device in self:
            loan = current.get(device.id, loans.browse())
            device.is_lent = bool(loan)
            device.lent_until = loan.due
            device.holder_id = loan.partner_id

    def _search_is_lent(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as in `_compute_loan`
        lent = self.env["meeting.loan"].sudo().search([("state", "=", "lent")]).equipment_id
        return [("id", "in" if True in value else "not in", lent.ids)]

    def action_lend(self):
        """Open a new loan of this thing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lend %s", self.name),
            "res_model": "meeting.loan",
            "views": [(False, "form")],
            "context": {"default_equipment_id": self.id},
        }


class MeetingLoan(models.Model):
    """Loan (借用登记). Room managers hand out and take back; the borrower sees his own loans.

    The database keeps a thing from being lent twice. Whether a loan is overdue follows from the clock.
    """

    _name = "meeting.loan"
    _description = "Loan"
    _inherit = ["meeting.room.care"]
    _order = "due desc, id desc"

    _transitions = {"lent": ("returned",), "returned": ()}
    _verbs = ("take_back",)
    _kept_fields = frozenset(("returned_at", "condition", "lent_by_id"))

    equipment_id = fields.Many2one(
        "meeting.equipment",
        "Thing",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_lendable", "=", True)],
    )
    room_id = fields.Many2one(related="equipment_id.room_id", store=True, precompute=True)
    partner_id = fields.Many2one("res.partner", "Borrower", required=True, index=True, ondelete="restrict")
    purpose = fields.Char("Use", help="What it is needed for.")
    lent_at = fields.Datetime("Lent On", required=True, default=fields.Datetime.now)
    due = fields.Datetime(
        "Due Back", compute="_compute_due", store=True, readonly=False, required=True, precompute=True
    )
    lent_by_id = fields.Many2one("res.users", "Handed Out by", readonly=True, default=lambda self: self.env.user)
    photo = fields.Image("Photo When Lent", max_width=1920, max_height=1920)
    returned_at = fields.Datetime("Returned On", readonly=True, copy=False)
    condition = fields.Selection(
        [("intact", "Intact"), ("damaged", "Damaged or lost")], "State on Return", readonly=True, copy=False
    )
    photo_back = fields.Image("Photo When Returned", max_width=1920, max_height=1920, copy=False)
    note = fields.Text("Remarks")
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue")
    state = fields.Selection(
        [("lent", "Lent"), ("returned", "Given Back")],
        required=True,
        default="lent",
        readonly=True,
        copy=False,
        index=True,
    )
    can_take_back = fields.Boolean(compute="_compute_can")

    _once = models.UniqueIndex("(equipment_id) WHERE state = 'lent'", "This thing is lent already. Take it back first.")
    _due_after_lent = models.Constraint("CHECK (due > lent_at)", "A thing is due back after it was lent.")

    @api.depends("equipment_id", "lent_at")
    def _compute_due(self):
        for loan in self:
            days = loan.equipment_id.loan_days or 3
            loan.due = (loan.lent_at or fields.Datetime.now()) + timedelta(days=days)

    @api.depends("due", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for loan in self:
            loan.is_overdue = loan.state == "lent" and bool(loan.due) and loan.due < now

    @api.depends("equipment_id.name", "partner_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = " · ".join(filter(None, (loan.equipment_id.name, loan.partner_id.name)))

    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        for loan in loans:
            if not loan.equipment_id.is_lendable:
                raise UserError(self.env._("%s is not lent. Allow it on the device first.", loan.equipment_id.name))
            loan._tell("loan_out", loan.partner_id)
        return loans

    @api.ondelete(at_uninstall=False)
    def _unlink_except_register(self):
        raise UserError(self.env._("Loans stay in the register. Take the thing back instead."))

    # -- verbs --------------------------------------------------------------------------------------------------

    def _refusal_take_back(self):
        return self._refusal_wrong_state("lent") or self._refusal_not_keeper()

    def action_take_back(self):
        """It came back intact."""
        self._demand("take_back")
        self._take_back("intact")

    def action_take_back_damaged(self):
        """It came back damaged, or not at all: a damage record opens, with the borrower as the person responsible.

        :returns: the action that opens it
        """
        self._demand("take_back")
        self.ensure_one()
        self._take_back("damaged")
        damage = self.env["meeting.damage"].create(
            {
                "name": self.env._("%s came back damaged", self.equipment_id.name),
                "room_id": self.room_id.id,
                "equipment_id": self.equipment_id.id,
                "partner_id": self.partner_id.id,
                "loan_id": self.id,
                "photo": self.photo_back,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.damage",
            "res_id": damage.id,
            "views": [(False, "form")],
        }

    def _take_back(self, condition):
        # sudo: the keeper was checked; state, moment and condition are all that changes
        self.sudo()._transition("returned", returned_at=fields.Datetime.now(), condition=condition)
        self.flush_recordset()  # the thing may be lent again at once

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        self.env["meeting.notification"]._void(self, ["loan_out"])
        return res

    # -- what is said -------------------------------------------------------------------------------------------

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        return partners if self.state == "lent" else partners.browse()

    def _notification_allowed(self, step, partners):
        """The borrower is told whether or not he has an account."""
        return super()._notification_allowed(step, partners) | (partners & self.partner_id)

    def _notification_facts(self):
        return [
            (self.env._("Thing"), self.equipment_id.name),
            *super()._notification_facts(),
            (self.env._("Borrower"), self.partner_id.name),
            (
                self.env._("Due back"),
                moment_said(self.env, self.due),
            ),
        ]

    def _notification_values(self, step):
        kind = step.partition(":")[0]
        thing = self.equipment_id.name
        until = moment_said(self.env, self.due)
        title, badge = {
            "loan_out": (self.env._("You have borrowed %s", thing), (self.env._("Lent"), "info")),
            "loan_due": (
                self.env._("Please bring back %(thing)s by %(time)s", thing=thing, time=until),
                (self.env._("Due soon"), "warning"),
            ),
            "loan_over": (self.env._("Please bring back %s", thing), (self.env._("Overdue"), "danger")),
            "loan_late": (self.env._("%s has not come back", thing), (self.env._("Overdue"), "danger")),
        }[kind]
        return {"subject": title, "heading": title, "badge": badge}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "loan_out": self.env._("Thing lent"),
            "loan_due": self.env._("Reminder: loan due"),
            "loan_over": self.env._("Reminder: loan overdue"),
            "loan_late": self.env._("Report: loan overdue"),
        }


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        now = fields.Datetime.now()
        return [
            *super()._sections(),
            self._section(
                "loans",
                self.env._("To bring back"),
                "fa-reply",
                self.env["meeting.loan"],
                [("state", "=", "lent"), ("partner_id", "=", self.env.user.partner_id.id)],
                "due",
                lambda loan: {
                    **self._card(loan, loan.equipment_id.name, loan.due, late=loan.due < now),
                    "place": loan.room_id.name,
                },
            ),
        ]
