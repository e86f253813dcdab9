"""Figures of meetings in Odoo's own digest mail (EV-3, CF-1)."""

from odoo import fields, models
from odoo.fields import Domain

OPEN_LEVELS = ("public", "internal")
COUNTED = (
    "Counts meetings up to the level “internal” that the reader of the digest may read: no figure tells that a "
    "confidential meeting took place."
)


class DigestDigest(models.Model):
    """A digest leaves the house by e-mail and stays with its reader. So confidential meetings are counted for nobody,
    not even for those who took part, and of the others each reader's figures count what he may read."""

    _inherit = "digest.digest"

    kpi_meeting_held = fields.Boolean("Meetings Held", help=COUNTED)
    kpi_meeting_held_value = fields.Integer(compute="_compute_meeting_figures", export_string_translation=False)
    kpi_meeting_minutes_on_time = fields.Boolean("Minutes Published on Time", help=COUNTED)
    kpi_meeting_minutes_on_time_value = fields.Integer(
        compute="_compute_meeting_figures", export_string_translation=False
    )
    kpi_meeting_task_done = fields.Boolean("Meeting Tasks Completed", help=COUNTED)
    kpi_meeting_task_done_value = fields.Integer(compute="_compute_meeting_figures", export_string_translation=False)
    kpi_meeting_task_overdue = fields.Boolean("Meeting Tasks Overdue", help=COUNTED)
    kpi_meeting_task_overdue_value = fields.Integer(compute="_compute_meeting_figures", export_string_translation=False)

    def _compute_meeting_figures(self):
        """Each under the rights of the user of the environment, who is the reader when a digest is sent."""
        start, end, _companies = self._get_kpi_compute_parameters()
        env = self.sudo(False).env  # even where Odoo computes as superuser
        for digest in self:
            company = digest.company_id or self.env.company
            counted = Domain("company_id", "=", company.id)
            below = counted & Domain("meeting_id.level", "in", OPEN_LEVELS)
            # a task or minutes under a topic that is closed more tightly than its meeting are as confidential as it
            tasks = below & (Domain("agenda_item_id", "=", False) | Domain("agenda_item_id.level", "=", False))
            digest.kpi_meeting_held_value = env["meeting.meeting"].search_count(
                counted
                & Domain("level", "in", OPEN_LEVELS)
                & Domain("state", "in", ("held", "closed"))
                & Domain("actual_stop", ">=", start)
                & Domain("actual_stop", "<", end)
            )
            minutes = env["meeting.minutes"].search(
                below & Domain("published_at", ">=", start) & Domain("published_at", "<", end)
            )
            digest.kpi_meeting_minutes_on_time_value = len(
                minutes.filtered(lambda text: not text.publish_due_at or text.published_at <= text.publish_due_at)
            )
            digest.kpi_meeting_task_done_value = env["meeting.action.item"].search_count(
                tasks
                & Domain("state", "=", "accepted")
                & Domain("accepted_at", ">=", start)
                & Domain("accepted_at", "<", end)
            )
            last_day = fields.Datetime.to_datetime(end).date()
            digest.kpi_meeting_task_overdue_value = env["meeting.action.item"].search_count(
                tasks
                & Domain("assigned_at", "!=", False)
                & Domain("deadline", "<", last_day)
                & Domain("state", "!=", "cancelled")
                & (Domain("accepted_at", "=", False) | Domain("accepted_at", ">=", end))
            )

    def _compute_kpis_actions(self, company, user):
        menu = f"?menu_id={self.env.ref('meeting_management.menu_meeting_root').id}"
        return super()._compute_kpis_actions(company, user) | {
            "kpi_meeting_held": f"meeting_management.meeting_meeting_action{menu}",
            "kpi_meeting_task_done": f"meeting_management.meeting_action_item_tracking_action{menu}",
            "kpi_meeting_task_overdue": f"meeting_management.meeting_action_item_tracking_action{menu}",
        }
