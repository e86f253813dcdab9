"""Resolutions: what a meeting decided under an agenda item, numbered, and carried out through tasks."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

STATES = [
    ("proposed", "Proposed"),
    ("adopted", "Adopted"),
    ("rejected", "Rejected"),
    ("deferred", "Deferred"),
    ("superseded", "Superseded"),
]


class MeetingResolution(models.Model):
    """One decision of a meeting (RS-1). Whoever reads the meeting reads it; whoever edits the meeting edits it."""

    _name = "meeting.resolution"
    _description = "Meeting Resolution"
    _inherit = ["meeting.masked.name", "mail.thread", "meeting.state.mixin"]
    _order = "meeting_id desc, sequence, id"
    _mail_post_access = "read"

    _transitions = {
        "proposed": ("adopted", "rejected", "deferred"),
        "deferred": ("adopted", "rejected"),
        "adopted": ("superseded",),
        "rejected": (),
        "superseded": (),
    }
    _verbs = ("adopt", "reject", "defer", "supersede")

    name = fields.Char("Resolution", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False, index=True)
    sequence = fields.Integer(default=10)
    state = fields.Selection(
        STATES, default="proposed", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    meeting_id = fields.Many2one("meeting.meeting", required=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)
    agenda_item_id = fields.Many2one(
        "meeting.agenda.item",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('meeting_id', '=', meeting_id)]",
    )
    text = fields.Html("Wording", help="The exact words that were decided.")
    decided_at = fields.Datetime("Decided On", readonly=True, copy=False)
    superseded_by_id = fields.Many2one(
        "meeting.resolution", ondelete="restrict", copy=False, domain="[('id', '!=', id), ('state', '=', 'adopted')]"
    )
    action_item_ids = fields.One2many("meeting.action.item", "resolution_id", "Tasks")
    action_item_count = fields.Integer("Number of Tasks", compute="_compute_action_item_count")

    can_adopt = fields.Boolean(compute="_compute_can")
    can_reject = fields.Boolean(compute="_compute_can")
    can_defer = fields.Boolean(compute="_compute_can")
    can_supersede = fields.Boolean(compute="_compute_can")

    @api.depends("action_item_ids")
    def _compute_action_item_count(self):
        counts = dict(
            self.env["meeting.action.item"]._read_group(
                [("resolution_id", "in", self.ids)], ["resolution_id"], ["__count"]
            )
        )
        for resolution in self:
            resolution.action_item_count = counts.get(resolution._origin, 0)

    @api.depends("number", "name")
    def _compute_display_name(self):
        """Tasks carry it, and tasks are read by owners who may not read the meeting: see the mixin."""
        for resolution in self:
            resolution.display_name = f"{resolution.number or ''} {resolution.name or ''}".strip()
        self._mask_display_name()

    def _masked_name(self):
        return self.env._("Confidential resolution")

    @api.constrains("meeting_id", "agenda_item_id")
    def _check_agenda_item(self):
        for resolution in self:
            # Naming something hidden must not become a way of learning its name.
            resolution.sudo(False).meeting_id.check_access("read")
            resolution.sudo(False).agenda_item_id.check_access("read")
            if resolution.agenda_item_id.meeting_id != resolution.meeting_id:
                raise ValidationError(
                    self.env._(
                        "The resolution “%s” belongs to an agenda item of another meeting. Choose an item of "
                        "this meeting.",
                        resolution.name,
                    )
                )

    @api.constrains("superseded_by_id")
    def _check_superseded_by(self):
        for resolution in self:
            successor = resolution.superseded_by_id
            if not successor:
                continue
            successor.sudo(False).check_access("read")
            if successor == resolution or successor.state != "adopted":
                raise ValidationError(
                    self.env._("“%s” can only be superseded by another resolution that was adopted.", resolution.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("meeting_id") and vals.get("agenda_item_id"):
                vals["meeting_id"] = self.env["meeting.agenda.item"].browse(vals["agenda_item_id"]).meeting_id.id
            meeting = self.env["meeting.meeting"].browse(vals.get("meeting_id"))
            vals["number"] = self.env["ir.sequence"]._meeting_next("meeting.resolution", meeting.company_id)
        meetings = self.env["meeting.meeting"].browse(
            [vals["meeting_id"] for vals in vals_list if vals.get("meeting_id")]
        )
        meetings._refuse_frozen_minutes()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what only a verb may write, and any change of wording once the minutes are approved (MN-8)."""
        if not self.env.su and {"number", "decided_at", "meeting_id"} & vals.keys():
            raise AccessError(self.env._("Number, date and meeting of a resolution are recorded by the system."))
        if {"name", "text", "agenda_item_id"} & vals.keys():
            self.meeting_id._refuse_frozen_minutes()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self.meeting_id._refuse_frozen_minutes()
        for resolution in self:
            if resolution.state != "proposed":
                raise UserError(
                    self.env._(
                        "The resolution “%s” has been decided and stays on record. Supersede it by another one.",
                        resolution.name,
                    )
                )

    def _refusal_verb(self, states):
        refusal = self._refusal_wrong_state(*states)
        if refusal:
            return refusal
        if not self.meeting_id.is_editable:
            return AccessError(
                self.env._("Only those who run the meeting record its decisions. Ask the chair or the minute taker.")
            )
        return None

    def _refusal_adopt(self):
        return self._refusal_verb(("proposed", "deferred"))

    def _refusal_reject(self):
        return self._refusal_verb(("proposed", "deferred"))

    def _refusal_defer(self):
        return self._refusal_verb(("proposed",))

    def _refusal_supersede(self):
        return self._refusal_verb(("adopted",))

    def _decide(self, verb, target):
        self._demand(verb)
        # sudo: the predicate admitted the user; the date of a decision is a fact that no client may set
        decided = self.sudo()
        decided.write({"decided_at": fields.Datetime.now()})
        decided._transition(target)

    def action_adopt(self):
        self._decide("adopt", "adopted")

    def action_reject(self):
        self._decide("reject", "rejected")

    def action_defer(self):
        self._decide("defer", "deferred")

    def action_supersede(self):
        """adopted → superseded; names its successor first, if there is one."""
        self._demand("supersede")
        self.sudo()._transition("superseded")  # sudo: the predicate admitted the user
        # The date of the original decision stays.

    def action_open_tasks(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_action_item_tracking_action")
        action["domain"] = [("resolution_id", "=", self.id)]
        action["context"] = {"default_resolution_id": self.id, "default_meeting_id": self.meeting_id.id}
        return action


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    resolution_ids = fields.One2many("meeting.resolution", "meeting_id", "Resolutions")
    resolution_count = fields.Integer("Number of Resolutions", compute="_compute_resolution_count")

    @api.depends("resolution_ids")
    def _compute_resolution_count(self):
        counts = dict(
            self.env["meeting.resolution"]._read_group([("meeting_id", "in", self.ids)], ["meeting_id"], ["__count"])
        )
        for meeting in self:
            meeting.resolution_count = counts.get(meeting._origin, 0)

    def action_open_resolutions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_resolution_action")
        action["domain"] = [("meeting_id", "=", self.id)]
        action["context"] = {"default_meeting_id": self.id}
        return action


class MeetingAgendaItem(models.Model):
    _inherit = "meeting.agenda.item"

    resolution_ids = fields.One2many("meeting.resolution", "agenda_item_id", "Resolutions")
