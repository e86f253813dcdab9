"""Regular meetings: what the meetings of a series have in common (MT-1). Their dates come from the rhythm mixin."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_list

from .meeting_mixin_access import EVERYONE, SECRETARIAT
from .meeting_permission_table import is_stricter
from .meeting_policy_mixin import LEVELS


class MeetingSeries(models.Model):
    """A rhythm that begets ordinary meetings up to the company's horizon (MT-1, MT-5).

    Who may: convener, chair and minute taker maintain their series, the secretariat those of public and internal types.
    Everybody reads series of public types; the meetings themselves have their own readers.
    """

    _name = "meeting.series"
    _description = "Meeting Series"
    _inherit = ["meeting.rhythm.mixin", "meeting.access.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _mail_post_access = "read"

    # what its meetings have in common
    name = fields.Char("Subject", required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    type_id = fields.Many2one("meeting.type", required=True, index=True, ondelete="restrict", tracking=True)
    level = fields.Selection(
        LEVELS, "Confidentiality Level", compute="_compute_level", store=True, help="Of the type when it was chosen."
    )
    color = fields.Integer(related="type_id.color")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    convener_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    chair_id = fields.Many2one(
        "res.users",
        compute="_compute_officers",
        store=True,
        readonly=False,
        tracking=True,
        domain=[("share", "=", False)],
    )
    minute_taker_id = fields.Many2one(
        "res.users",
        compute="_compute_officers",
        store=True,
        readonly=False,
        tracking=True,
        domain=[("share", "=", False)],
    )
    department_id = fields.Many2one(
        "hr.department", string="Organising Department", compute="_compute_department_id", store=True, readonly=False
    )
    participant_ids = fields.Many2many(
        "res.partner",
        "meeting_series_partner_rel",
        string="Participants",
        help="Invited to every meeting of the series. Empty: the standing participants of the type.",
    )
    room_id = fields.Many2one("meeting.room", ondelete="restrict", tracking=True)
    duration = fields.Float(
        "Length", compute="_compute_duration", store=True, readonly=False, help="In hours.", tracking=True
    )
    notice_days_before = fields.Integer(
        "Submit Days Before",
        help="Days before its start on which each meeting is submitted for its convener. 0: somebody submits each one.",
    )

    _duration_positive = models.Constraint(
        "CHECK (duration > 0 AND duration <= 240)", "A meeting lasts more than zero minutes and at most ten days."
    )
    _notice_days_positive = models.Constraint(
        "CHECK (notice_days_before >= 0)", "The number of days before cannot be negative."
    )

    # -- computes -----------------------------------------------------------------------------------------------

    @api.onchange("type_id")
    def _onchange_type_id(self):
        if self.type_id and not self.name:
            self.name = self.type_id.name

    @api.depends("type_id", "convener_id")
    def _compute_officers(self):
        for series in self:
            series.chair_id = series.type_id.chair_id or series.chair_id or series.convener_id
            series.minute_taker_id = series.type_id.minute_taker_id or series.minute_taker_id or series.convener_id

    @api.depends("convener_id")
    def _compute_department_id(self):
        for series in self:
            # sudo: the department of an employee is public within the company.
            series.department_id = series.convener_id.sudo().employee_id.department_id or series.department_id

    @api.depends("type_id")
    def _compute_duration(self):
        for series in self:
            series.duration = series.type_id.duration or series.duration or 1.0

    @api.depends("type_id")
    def _compute_level(self):
        """A type that is opened later opens no series that was planned as a closed one: whoever sets up types would
        read it by that (CF-6)."""
        for series in self:
            series.level = series.type_id.level

    @api.depends("name")
    def _compute_display_name(self):
        """See the mixin: masked for who may not read it."""
        super()._compute_display_name()

    def _masked_name(self):
        return self.env._("Confidential series")

    @api.depends("level", "convener_id", "chair_id", "minute_taker_id")
    def _compute_access_keys(self):
        for series in self:
            editors = set((series.convener_id | series.chair_id | series.minute_taker_id).ids)
            if series.level in ("public", "internal"):
                editors.add(SECRETARIAT)
            series.editor_keys = editors
            series.reader_keys = editors | {EVERYONE} if series.level == "public" else editors

    # -- constraints --------------------------------------------------------------------------------------------

    @api.constrains("type_id", "convener_id")
    def _check_may_convene(self):
        for series in self.filtered("active"):
            if not series.type_id._may_convene(series.convener_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s may not convene “%(type)s”. Choose another type or another convener.",
                        person=series.convener_id.name,
                        type=series.type_id.name,
                    )
                )

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        series = super().create(vals_list)
        series._generate()
        return series

    def write(self, vals):
        """New settings reach the meetings that are still drafts; what was announced or held stays (MT-5)."""
        if not self._followed_fields & vals.keys():
            return super().write(vals)
        before = {series: series._snapshot() for series in self}
        res = super().write(vals)
        for series, snapshot in before.items():
            series._apply_to_future(snapshot)
        return res

    def copy_data(self, default=None):
        default = {"convener_id": self.env.uid, "start_date": fields.Date.context_today(self), **(default or {})}
        return [
            {**vals, "name": vals["name"] if "name" in default else self.env._("%s (copy)", series.name)}
            for series, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        # sudo: counts meetings of any level, so that none loses its series; only names of series come back.
        kept = (
            self.env["meeting.meeting"]
            .sudo()
            .search(
                [
                    ("series_id", "in", self.ids),
                    "|",
                    ("state", "not in", ("draft", "cancelled")),
                    ("scheduled_at", "!=", False),
                ]
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "Meetings of these series were announced or held: %s. Archive the series instead: it "
                    "creates no more meetings.",
                    format_list(self.env, kept.series_id.mapped("name")),
                )
            )

    def unlink(self):
        """Its drafts go with it."""
        # sudo: drafts created by the series itself; whoever may delete the series may delete them.
        drafts = (
            self.env["meeting.meeting"]
            .sudo()
            .search([("series_id", "in", self.ids), ("state", "in", ("draft", "cancelled"))])
        )
        self._unlink_except_history()
        self.check_access("unlink")
        drafts.filtered(lambda meeting: meeting.state == "draft").unlink()
        return super().unlink()


class MeetingType(models.Model):
    _inherit = "meeting.type"

    def write(self, vals):
        """A stricter level closes the series of this type; one that is less strict leaves them as they are."""
        res = super().write(vals)
        if "level" in vals:
            # sudo: closes series that whoever sets up types need not be able to read; nothing of them comes back
            series = self.env["meeting.series"].sudo().with_context(active_test=False)
            for one in series.search([("type_id", "in", self.ids)]):
                if is_stricter(one.type_id.level, one.level):
                    one.level = one.type_id.level
        return res
