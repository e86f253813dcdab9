"""A fault in a meeting room is repaired as any other: by a maintenance request (RM-10)."""

from odoo import api, fields, models
from odoo.tools import plaintext2html


class MeetingFault(models.Model):
    """Each report opens a request; whichever of the two is finished first finishes the other.

    The request says what the report says, which everybody may read, and nothing of any meeting (CF-5).
    """

    _inherit = "meeting.fault"

    request_id = fields.Many2one(
        "maintenance.request", "Maintenance Request", readonly=True, copy=False, index="btree_not_null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        faults = super().create([{name: vals[name] for name in vals if name != "request_id"} for vals in vals_list])
        for fault in faults:
            # sudo: whoever reports need not be able to open requests, nor read them
            fault.sudo().request_id = fault.sudo()._open_request()
        return faults

    def _open_request(self):
        """:returns: the new request; none where no maintenance team works for the company of the room"""
        team = self.env["maintenance.team"].search([("company_id", "in", [self.company_id.id, False])], limit=1)
        return team and self.env["maintenance.request"].create(
            {
                "name": self.env._("%(room)s: %(fault)s", room=self.room_id.name, fault=self.display_name),
                "description": plaintext2html(self.description or self.name),
                "company_id": self.company_id.id,
                "maintenance_team_id": team.id,
                "owner_user_id": self.user_id.id,
                "user_id": self.technician_id.id,
            }
        )

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        request = self.sudo().request_id  # sudo: the request follows the report, whoever closes it
        if self.state == "repaired" and request and not request.stage_id.done:
            request.stage_id = self.env["maintenance.stage"].sudo().search([("done", "=", True)], limit=1)
        elif self.state == "cancelled" and request:
            request.archive = True
        return res

    def action_view_request(self):
        """Open the request, for those who may read it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "maintenance.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }
