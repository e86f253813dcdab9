"""Seen from Maintenance: a request that came from a meeting room moves its report along."""

from odoo import fields, models


class MaintenanceRequest(models.Model):
    _inherit = "maintenance.request"

    meeting_fault_ids = fields.One2many("meeting.fault", "request_id", "Fault Report", readonly=True)

    def write(self, vals):
        """A later stage begins the repair, a stage that means “done” ends it."""
        res = super().write(vals)
        if "stage_id" in vals:
            first = self.env["maintenance.stage"].search([], limit=1)
            # sudo: whoever may move the request moves the report with it
            for fault in self.sudo().meeting_fault_ids:
                stage = fault.request_id.stage_id
                if stage.done and fault.state in ("reported", "in_repair"):
                    fault._transition("repaired", repaired_at=fields.Datetime.now(), repaired_by_id=self.env.uid)
                elif stage != first and not stage.done and fault.state == "reported":
                    fault._transition("in_repair", started_at=fields.Datetime.now())
        return res
