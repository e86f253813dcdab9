from odoo import api, fields, models
from odoo.exceptions import UserError


class MeetingTopicLevelWizard(models.TransientModel):
    """Asks who may know of a topic from now on, and why; person and moment are checked by the topic (CF-1)."""

    _name = "meeting.topic.level.wizard"
    _description = "Change Who May Know of a Topic"

    agenda_item_id = fields.Many2one("meeting.agenda.item", required=True, readonly=True, ondelete="cascade")
    level = fields.Selection(
        [
            ("open", "As the meeting"),
            ("participants", "Participants only"),
            ("secret", "Secret: people admitted by name"),
        ],
        "Confidentiality",
        required=True,
        default="open",
    )
    candidate_ids = fields.Many2many("res.partner", compute="_compute_candidate_ids")
    admitted_ids = fields.Many2many(
        "res.partner",
        "meeting_topic_level_wizard_rel",
        "wizard_id",
        "partner_id",
        string="Admitted",
        help="Participants who may know of this topic, besides convener, chair, minute taker and presenter.",
    )
    reason = fields.Text(help="Kept in the access log, which auditors read.")

    @api.depends("agenda_item_id")
    @api.depends_context("uid")
    def _compute_candidate_ids(self):
        for wizard in self:
            # by the reader's own rights: a client may name any topic here
            item = wizard.agenda_item_id.sudo(False)._filtered_access("read")
            wizard.candidate_ids = item.meeting_id.participant_ids.partner_id

    @api.model
    def _open(self, item):
        """:return: the action that opens the dialogue"""
        wizard = self.create(
            {"agenda_item_id": item.id, "level": item.level or "open", "admitted_ids": item.admitted_ids.ids}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who may know of this topic?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """:raises UserError: the reason is missing, or the topic refuses"""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Please give the reason: auditors read it."))
        admitted = self.admitted_ids if self.level == "secret" else self.env["res.partner"]
        level = False if self.level == "open" else self.level
        self.agenda_item_id.action_change_level(level=level, admitted=admitted, reason=self.reason)
        return {"type": "ir.actions.act_window_close"}
