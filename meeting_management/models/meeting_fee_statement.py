"""Income and spending of the rooms, published month by month or quarter by quarter (RM-13)."""

from collections import defaultdict

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, format_date, get_lang


class MeetingFeeStatement(models.Model):
    """Statement (收支公示). Room managers draw it up; once published everybody reads it and nobody changes it.

    It tells totals by room and by department, never a single booking. A glue addon that books income and spending
    extends ``_after_transition``.
    """

    _name = "meeting.fee.statement"
    _description = "Statement of Room Fees"
    _inherit = ["meeting.state.mixin", "meeting.open.paper"]
    _order = "date_from desc, id desc"

    _transitions = {"draft": ("published",), "published": ()}
    _verbs = ("publish",)
    _kept_fields = frozenset(("published_at", "published_by_id"))

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")], "Statement of", required=True, default="month"
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(months=1),
    )
    date_to = fields.Date("To", compute="_compute_date_to", store=True, precompute=True)
    note = fields.Text("Remarks")
    line_ids = fields.One2many("meeting.fee.statement.line", "statement_id", "Figures", readonly=True, copy=False)
    room_line_ids = fields.One2many(
        "meeting.fee.statement.line", "statement_id", "By Room", domain=[("kind", "=", "room")], readonly=True
    )
    department_line_ids = fields.One2many(
        "meeting.fee.statement.line",
        "statement_id",
        "By Department",
        domain=[("kind", "=", "department")],
        readonly=True,
    )
    income = fields.Monetary(compute="_compute_totals", store=True)
    exempted = fields.Monetary(compute="_compute_totals", store=True)
    spending = fields.Monetary(compute="_compute_totals", store=True)
    balance = fields.Monetary(compute="_compute_totals", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
    )
    published_at = fields.Datetime("Published On", readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", "Published by", readonly=True, copy=False)
    can_publish = fields.Boolean(compute="_compute_can")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&, daterange(date_from, date_to, '[]') "
        "WITH &&)",
        "There is a statement for a part of this period already.",
    )
    _first_day = models.Constraint(
        "CHECK (EXTRACT(day FROM date_from) = 1)", "A statement begins on the first day of a month."
    )

    @api.depends("date_from", "period")
    @api.depends_context("lang")
    def _compute_name(self):
        for statement in self:
            if not statement.date_from:
                statement.name = self.env._("Statement")
            elif statement.period == "quarter":
                quarter = (statement.date_from.month - 1) // 3 + 1
                statement.name = self.env._(
                    "Statement of quarter %(quarter)s of %(year)s", quarter=quarter, year=statement.date_from.year
                )
            else:
                locale = babel_locale_parse(get_lang(self.env).code)
                month = format_skeleton("yMMMM", statement.date_from, locale=locale)
                statement.name = self.env._("Statement of %s", month)

    @api.depends("date_from", "period")
    def _compute_date_to(self):
        for statement in self:
            months = 3 if statement.period == "quarter" else 1
            statement.date_to = statement.date_from and statement.date_from + relativedelta(months=months, days=-1)

    @api.depends("line_ids.income", "line_ids.exempted", "line_ids.spending")
    def _compute_totals(self):
        for statement in self:
            lines = statement.line_ids.filtered(lambda line: line.kind == "room")
            statement.income = sum(lines.mapped("income"))
            statement.exempted = sum(lines.mapped("exempted"))
            statement.spending = sum(lines.mapped("spending"))
            statement.balance = statement.income - statement.spending

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        statements._collect()
        return statements

    def write(self, vals):
        if vals.keys() - {"state", "published_at", "published_by_id"}:
            self._demand_open()
        res = super().write(vals)
        if {"date_from", "period", "company_id"} & vals.keys():
            self._collect()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._demand_open()

    def _demand_open(self):
        """:raises UserError: a statement is published"""
        for statement in self:
            if statement.state == "published":
                raise UserError(
                    self.env._(
                        "“%s” is published and stays as it is. Put corrections into the next one.", statement.name
                    )
                )

    # -- figures ------------------------------------------------------------------------------------------------

    def _period_domain(self):
        """What falls into the period, and what came too late for the statement that was published before."""
        earlier = self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "published"), ("date_to", "<", self.date_from)],
            order="date_to desc",
            limit=1,
        )
        within = Domain("date", ">=", self.date_from)
        if earlier:
            within |= Domain("date", "<=", earlier.date_to)
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("statement_id", "in", [False, self.id])
            & Domain("date", "<=", self.date_to)
            & within
        )

    def _fees(self):
        return self.env["meeting.room.fee"].search(self._period_domain())

    def _costs(self):
        return self.env["meeting.room.cost"].search(self._period_domain())

    def _collect(self):
        """Draw the figures up anew from fees and costs."""
        for statement in self.sudo():  # sudo: figures follow from fees and costs; nobody enters them
            rows = defaultdict(lambda: {"uses": 0, "hours": 0, "income": 0, "exempted": 0, "spending": 0})
            for fee in statement._fees():
                for key in (("room", fee.room_id.id), ("department", fee.department_id.id, fee.customer_id and True)):
                    row = rows[key]
                    row["uses"] += 1
                    row["hours"] += fee.hours
                    row["income"] += fee.amount_due
                    row["exempted"] += fee.amount_total - fee.amount_due
            for cost in statement._costs():
                rows["room", cost.room_id.id]["spending"] += cost.amount
            lines = []
            for (kind, number, *external), row in rows.items():
                place = {"room_id" if kind == "room" else "department_id": number, "is_external": any(external)}
                lines.append(fields.Command.create({"kind": kind, **place, **row}))
            statement.write({"line_ids": [fields.Command.clear(), *lines]})

    def action_collect(self):
        self._demand_open()
        self._collect()

    # -- publish ------------------------------------------------------------------------------------------------

    def _refusal_publish(self):
        return self._refusal_wrong_state("draft") or (
            None
            if self.env.user.has_group("meeting_management.group_room_manager")
            else UserError(self.env._("Statements are published by room managers."))
        )

    def action_publish(self):
        """From now on everybody reads the figures, and they never change.

        :raises UserError: the period is not over, or exemptions wait for a decision
        """
        self._demand("publish")
        for statement in self:
            if statement.date_to >= fields.Date.context_today(self):
                raise UserError(
                    self.env._("The period ends on %s. Publish after it.", format_date(self.env, statement.date_to))
                )
            asked = statement._fees().filtered(lambda fee: fee.state == "asked")
            if asked:
                raise UserError(
                    self.env._("%s exemptions wait for a decision. Decide on them, then publish.", len(asked))
                )
            statement._collect()
            # sudo: the person was checked; fees and costs are closed with the statement
            fees, costs = statement._fees().sudo(), statement._costs().sudo()
            fees.write({"statement_id": statement.id})
            fees.filtered(lambda fee: fee.state != "final")._transition("final")
            costs.write({"statement_id": statement.id})
            statement.sudo()._transition("published", published_at=fields.Datetime.now(), published_by_id=self.env.uid)

    @api.model
    def _cron_draw_up(self):
        """On the first days of a month, the draft of the last one for each company that charges fees."""
        first = fields.Date.today().replace(day=1) - relativedelta(months=1)
        last = first + relativedelta(months=1, days=-1)
        fees = self.env["meeting.room.fee"]._read_group(
            [("date", ">=", first), ("date", "<=", last)], ["company_id"], ["__count"]
        )
        for company, _count in fees:
            if not self.search_count(
                [("company_id", "=", company.id), ("date_from", "<=", last), ("date_to", ">=", first)]
            ):
                self.create({"company_id": company.id, "period": "month", "date_from": first})


class MeetingFeeStatementLine(models.Model):
    """A figure of a statement; it follows its statement in who may read it."""

    _name = "meeting.fee.statement.line"
    _description = "Figure of a Statement"
    _order = "statement_id, kind desc, income desc, id"

    statement_id = fields.Many2one("meeting.fee.statement", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection([("room", "Room"), ("department", "Department")], required=True)
    room_id = fields.Many2one("meeting.room", ondelete="restrict")
    department_id = fields.Many2one("hr.department", ondelete="restrict")
    is_external = fields.Boolean("Outside Parties")
    label = fields.Char("For", compute="_compute_label")
    uses = fields.Integer()
    hours = fields.Float()
    income = fields.Monetary()
    exempted = fields.Monetary()
    spending = fields.Monetary()

    @api.depends("room_id.name", "department_id.name", "is_external")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            if line.kind == "room":
                line.label = line.room_id.name
            elif line.is_external:
                line.label = self.env._("Outside parties")
            else:
                # sudo: the name of a department, published with the figures
                line.label = line.sudo().department_id.name or self.env._("Not stated")
