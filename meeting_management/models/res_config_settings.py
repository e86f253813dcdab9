from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_notice_lead_hours = fields.Integer(related="company_id.meeting_notice_lead_hours", readonly=False)
    meeting_answer_hours = fields.Integer(related="company_id.meeting_answer_hours", readonly=False)
    meeting_sign_in_minutes = fields.Integer(related="company_id.meeting_sign_in_minutes", readonly=False)
    meeting_grace_minutes = fields.Integer(related="company_id.meeting_grace_minutes", readonly=False)
    meeting_minutes_due_hours = fields.Integer(related="company_id.meeting_minutes_due_hours", readonly=False)
    meeting_publish_due_hours = fields.Integer(related="company_id.meeting_publish_due_hours", readonly=False)
    meeting_start_within_days = fields.Integer(related="company_id.meeting_start_within_days", readonly=False)
    meeting_series_horizon_days = fields.Integer(related="company_id.meeting_series_horizon_days", readonly=False)
    meeting_fallback_approver_id = fields.Many2one(related="company_id.meeting_fallback_approver_id", readonly=False)
    meeting_confidentiality_text = fields.Text(related="company_id.meeting_confidentiality_text", readonly=False)
