"""Damage: what happened, who answers for it, what is paid (RM-12)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class MeetingDamage(models.Model):
    """Damage record (损坏赔偿). Room managers keep it; the person responsible reads his own and comments on it."""

    _name = "meeting.damage"
    _description = "Damage"
    _inherit = ["meeting.room.care", "mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    _transitions = {
        "reported": ("assessed", "waived"),
        "assessed": ("settled", "waived"),
        "settled": (),
        "waived": (),
    }
    _verbs = ("assess", "settle", "waive")
    _reason_verbs = ("waive",)
    _kept_fields = frozenset(("decision", "decided_by_id", "decided_at"))

    name = fields.Char("What Happened", required=True)
    description = fields.Text()
    equipment_id = fields.Many2one(
        "meeting.equipment",
        "Device",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('room_id', '=?', room_id)]",
    )
    booking_id = fields.Many2one("meeting.booking", index="btree_not_null", ondelete="set null")
    loan_id = fields.Many2one("meeting.loan", readonly=True, index="btree_not_null", ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Person Responsible", required=True, index=True, ondelete="restrict")
    date = fields.Date(required=True, default=fields.Date.context_today)
    photo = fields.Image(max_width=1920, max_height=1920)
    currency_id = fields.Many2one(related="company_id.currency_id")
    estimated = fields.Monetary("Estimated Damage")
    decided = fields.Monetary("Compensation", help="What the person pays.")
    decision = fields.Char("Reason of the Decision", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_at = fields.Datetime("Decided at", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("reported", "Reported"),
            ("assessed", "Assessed"),
            ("settled", "Settled"),
            ("waived", "Waived"),
        ],
        required=True,
        default="reported",
        readonly=True,
        copy=False,
        index=True,
    )
    can_assess = fields.Boolean(compute="_compute_can")
    can_settle = fields.Boolean(compute="_compute_can")
    can_waive = fields.Boolean(compute="_compute_can")

    _amounts_positive = models.Constraint(
        "CHECK (estimated >= 0 AND decided >= 0)", "Damage and compensation are zero or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        damages = super().create([self.env["meeting.fault"]._without_closed_booking(vals) for vals in vals_list])
        for damage in damages:
            damage._tell("damage_reported", damage.partner_id)
        return damages

    def write(self, vals):
        """What was decided stays as it was decided."""
        decided = self.filtered(lambda damage: damage.state in ("settled", "waived"))
        if decided and {"estimated", "decided", "partner_id", "name", "date"} & vals.keys():
            raise UserError(self.env._("“%s” is decided. Record a new one if there is more.", decided[0].name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(damage.state != "reported" for damage in self):
            raise UserError(self.env._("Damage that was assessed stays on record. Waive it instead."))

    # -- verbs --------------------------------------------------------------------------------------------------

    def _refusal_assess(self):
        return self._refusal_wrong_state("reported") or self._refusal_not_keeper()

    def _refusal_settle(self):
        return self._refusal_wrong_state("assessed") or self._refusal_not_keeper()

    def _refusal_waive(self):
        return self._refusal_wrong_state("reported", "assessed") or self._refusal_not_keeper()

    def action_assess(self):
        """The damage is estimated; the person is told and may comment.

        :raises UserError: the estimate is missing
        """
        self._demand("assess")
        for damage in self:
            if not damage.estimated:
                raise UserError(self.env._("Enter what the damage amounts to, then assess it."))
            if not damage.decided:
                damage.decided = damage.estimated
        self._transition("assessed")

    def action_settle(self):
        """The compensation is decided and paid."""
        self._demand("settle")
        self._decide("settled", False)

    def action_waive(self, reason=None):
        """Nothing has to be paid.

        :returns: the dialogue that asks for the reason where it is missing
        """
        self._demand("waive")
        if not (reason or "").strip():
            return self.env["meeting.reason.wizard"]._open(self, "waive", self.env._("Waive the compensation"))
        self._decide("waived", reason.strip())

    def _decide(self, state, reason):
        # sudo: the keeper was checked; who decided, when and why is all that is kept
        self.sudo()._transition(state, decision=reason, decided_by_id=self.env.uid, decided_at=fields.Datetime.now())

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        self._tell(f"damage_{self.state}", self.partner_id)
        return res

    # -- comments and messages ----------------------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_vals):
        """What the person responsible writes reaches those who decide."""
        res = super()._message_post_after_hook(message, msg_vals)
        if message.author_id == self.partner_id:
            self._tell(f"damage_comment:{message.id}", self.room_id._deciders().partner_id - self.partner_id)
        return res

    def _notification_allowed(self, step, partners):
        """The person responsible is told whether or not he has an account."""
        return super()._notification_allowed(step, partners) | (partners & self.partner_id)

    def _notification_facts(self):
        def amount(value):
            return format_amount(self.env, value, self.currency_id) if value else ""

        facts = [
            *super()._notification_facts(),
            (self.env._("What happened"), self.name),
            (self.env._("Estimated damage"), amount(self.estimated)),
            (self.env._("Compensation"), amount(self.decided) if self.state in ("assessed", "settled") else ""),
        ]
        return [(label, text) for label, text in facts if text]

    def _notification_values(self, step):
        kind = step.partition(":")[0]
        title = {
            "damage_reported": self.env._("Damage was recorded in your name: %s", self.name),
            "damage_assessed": self.env._("Damage was assessed: %s", self.name),
            "damage_settled": self.env._("Damage is settled: %s", self.name),
            "damage_waived": self.env._("Nothing has to be paid: %s", self.name),
            "damage_comment": self.env._(
                "%(person)s comments: %(damage)s", person=self.partner_id.name, damage=self.name
            ),
        }[kind]
        return {
            "subject": title,
            "heading": title,
            "reason": self.decision if kind == "damage_waived" else False,
            "hint": kind in ("damage_reported", "damage_assessed"),
        }


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "damage_reported": self.env._("Damage recorded"),
            "damage_assessed": self.env._("Damage assessed"),
            "damage_settled": self.env._("Damage settled"),
            "damage_waived": self.env._("Compensation waived"),
            "damage_comment": self.env._("Comment on damage"),
        }
