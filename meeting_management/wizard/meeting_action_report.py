"""The dialogue in which an owner reports progress or hands in the result of a task."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class MeetingActionReportWizard(models.TransientModel):
    """Collects a report (RS-4) or a result with its evidence (RS-6); the task checks person and moment itself."""

    _name = "meeting.action.report.wizard"
    _description = "Report on a Task"

    action_item_id = fields.Many2one("meeting.action.item", "Task", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection([("progress", "Progress"), ("result", "Result")], required=True, readonly=True)
    goal = fields.Text(compute="_compute_task")
    standard = fields.Text("Completion Standard", compute="_compute_task")
    percentage = fields.Integer("Progress (%)")
    text = fields.Text("What Was Done")
    problems = fields.Text()
    help_needed = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    @api.depends("action_item_id")
    @api.depends_context("uid")
    def _compute_task(self):
        """What the task asks for, by the reader's own rights: a related field would take what the system has in its
        cache for whatever task a client names."""
        for wizard in self:
            task = wizard.action_item_id.sudo(False)._filtered_access("read")
            wizard.goal, wizard.standard = task.goal, task.standard

    @api.model
    def _open(self, task, kind):
        """Return the action that opens the dialogue for `task`."""
        task.ensure_one()
        wizard = self.create({"action_item_id": task.id, "kind": kind, "percentage": task.progress})
        title = self.env._("Report Progress") if kind == "progress" else self.env._("Hand In the Result")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Hand the report in.

        :raises ValidationError: when the text is missing or the percentage is none"""
        self.ensure_one()
        self.action_item_id.check_access("read")
        if not (self.text or "").strip():
            raise ValidationError(self.env._("Please write what was done: the supervisor judges by it."))
        if not 0 <= self.percentage <= 100:
            raise ValidationError(self.env._("Progress is a percentage between 0 and 100, not %s.", self.percentage))
        values = {"text": self.text.strip(), "problems": self.problems, "help_needed": self.help_needed}
        if self.kind == "progress":
            self.action_item_id._report({**values, "percentage": self.percentage})
        else:
            self.action_item_id._submit_result(values, self._own_uploads())
        return {"type": "ir.actions.act_window_close"}

    def _own_uploads(self):
        """The files that will follow the task's access: only those the user has just uploaded here himself.

        :raises AccessError: when a client names somebody else's file or a file of another record"""
        for attachment in self.attachment_ids:
            fresh = attachment.res_model in (False, self._name) and attachment.create_uid == self.env.user
            if not fresh:
                raise AccessError(
                    self.env._(
                        "“%s” belongs to another record. Upload the file here instead of linking it.", attachment.name
                    )
                )
        return self.attachment_ids
