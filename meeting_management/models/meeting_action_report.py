"""What the owner reports on a task: one row per report, never changed afterwards (RS-4)."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MeetingActionReport(models.Model):
    """A progress report or the result report of a task. Written once, by the wizard; read by whoever reads the task."""

    _name = "meeting.action.report"
    _description = "Task Report"
    _order = "id desc"
    _rec_name = "kind"

    action_item_id = fields.Many2one(
        "meeting.action.item", "Task", required=True, readonly=True, ondelete="restrict", index=True
    )
    kind = fields.Selection(
        [("progress", "Progress"), ("result", "Result")], default="progress", required=True, readonly=True
    )
    author_id = fields.Many2one("res.users", "Reported By", required=True, readonly=True)
    percentage = fields.Integer("Progress (%)", required=True, readonly=True, aggregator="max")
    text = fields.Text("What Was Done", required=True, readonly=True)
    problems = fields.Text(readonly=True)
    help_needed = fields.Text(readonly=True)

    _percentage_range = models.Constraint(
        "CHECK (percentage BETWEEN 0 AND 100)", "Progress is a percentage between 0 and 100."
    )

    def write(self, vals):
        raise UserError(self.env._("A report stays as it was handed in. Hand in another one to say what has changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise UserError(self.env._("A report stays as it was handed in and cannot be deleted."))
