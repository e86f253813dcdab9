"""The checklist on leaving a room: tick, write down what is missing, sign (RM-7)."""

from odoo import api, fields, models


class MeetingLeavingWizard(models.TransientModel):
    _name = "meeting.leaving.wizard"
    _description = "Leave a Room"

    booking_id = fields.Many2one("meeting.booking", required=True, readonly=True, ondelete="cascade")
    room_id = fields.Many2one(related="booking_id.room_id")
    line_ids = fields.One2many("meeting.leaving.wizard.line", "wizard_id", "Checklist")
    missing = fields.Char("Missing Items", help="What was there before and is not any more.")
    note = fields.Text("Remarks")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards.filtered(lambda wizard: not wizard.line_ids):
            wizard.line_ids = [
                fields.Command.create({"name": item.name})
                for item in wizard.booking_id.room_id.leaving_template_id.line_ids
            ]
        return wizards

    def action_tick_all(self):
        self.ensure_one()
        self.line_ids.is_done = True
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.env._("Leaving %s", self.room_id.name),
            "views": [(False, "form")],
            "target": "new",
        }

    def action_sign(self):
        """Sign what was ticked; the booking checks who may."""
        self.ensure_one()
        items = [(line.name, line.is_done) for line in self.line_ids]
        self.booking_id._sign_leaving(items, (self.missing or "").strip(), self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_report_fault(self):
        return self.booking_id.action_report_fault()


class MeetingLeavingWizardLine(models.TransientModel):
    _name = "meeting.leaving.wizard.line"
    _description = "Item to Tick"

    wizard_id = fields.Many2one("meeting.leaving.wizard", required=True, ondelete="cascade")
    name = fields.Char("Item", required=True, readonly=True)
    is_done = fields.Boolean("Done")
