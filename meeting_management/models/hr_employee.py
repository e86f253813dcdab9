"""From a person to the person's meetings: the smart button on the employee's form."""

from odoo import api, fields, models


class MeetingEmployeeMixin(models.AbstractModel):
    """Counts and opens the meetings of an employee, as far as the reader may read them."""

    _name = "meeting.employee.mixin"
    _description = "Employee with Meetings"

    meeting_participation_count = fields.Integer(
        "Formal Meetings", compute="_compute_meeting_participation_count", compute_sudo=False
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_meeting_participation_count(self):
        counts = dict(
            self.env["meeting.participant"]._read_group([("employee_id", "in", self.ids)], ["employee_id"], ["__count"])
        )
        by_id = {employee.id: count for employee, count in counts.items()}
        for employee in self:
            employee.meeting_participation_count = by_id.get(employee.id, 0)

    def action_view_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_participant_action")
        return {**action, "domain": [("employee_id", "=", self.id)], "context": {}, "display_name": self.name}


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "meeting.employee.mixin"]


class HrEmployeePublic(models.Model):
    _name = "hr.employee.public"
    _inherit = ["hr.employee.public", "meeting.employee.mixin"]
