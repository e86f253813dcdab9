from odoo import fields, models


class ResCompany(models.Model):
    """The company's meeting policy: it seeds new meeting types, which are then the truth (POLICY defaults)."""

    _inherit = "res.company"

    meeting_notice_lead_hours = fields.Integer(
        "Notice Lead Time", default=24, help="Hours before the start by which the notice must be out."
    )
    meeting_answer_hours = fields.Integer(
        "Answer Time", default=24, help="Hours after the notice within which participants answer."
    )
    meeting_sign_in_minutes = fields.Integer(
        "Sign-in Opens", default=15, help="Minutes before the start from which people may sign in."
    )
    meeting_grace_minutes = fields.Integer(
        "Grace", default=5, help="Minutes after the start that do not count as late."
    )
    meeting_minutes_due_hours = fields.Integer(
        "Minutes Draft Due", default=24, help="Hours after the end by which the draft of the minutes is due."
    )
    meeting_publish_due_hours = fields.Integer(
        "Publication Due", default=48, help="Hours after approval by which the minutes are published."
    )
    meeting_start_within_days = fields.Integer(
        "Work Starts Within", default=3, help="Working days after publication within which a task starts."
    )
    meeting_series_horizon_days = fields.Integer(
        "Series Horizon", default=90, help="Days ahead for which occurrences of a series are created."
    )
    meeting_fallback_approver_id = fields.Many2one(
        "res.users",
        "Approver of Last Resort",
        domain=[("share", "=", False)],
        help="Decides where an approval step leads to nobody, or only to the applicant.",
    )
    meeting_confidentiality_text = fields.Text(
        "Confidentiality Reminder",
        translate=True,
        help="Stands in the notice and the minutes of every meeting that is not public to the company. "
        "Empty: the usual words.",
    )

    _meeting_policy_positive = models.Constraint(
        """CHECK (meeting_notice_lead_hours >= 0 AND meeting_answer_hours >= 0 AND meeting_sign_in_minutes >= 0
            AND meeting_grace_minutes >= 0 AND meeting_minutes_due_hours >= 0 AND meeting_publish_due_hours >= 0
            AND meeting_start_within_days >= 0 AND meeting_series_horizon_days >= 0)""",
        "Times of the meeting policy cannot be negative.",
    )
