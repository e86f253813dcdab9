"""Names of what is under a meeting, and of its files, are shown to its readers only (CF-1).

The framework reads names as superuser in two places: for a many2one of a record one may read, and, in debug mode, in
the text of the very error that refuses a record. The second would list every topic and participant to any employee.
"""

from odoo import api, models

from .mail_privacy import PREFIX


class MeetingParticipant(models.Model):
    _name = "meeting.participant"
    _inherit = ["meeting.masked.name", "meeting.participant"]


class MeetingApproval(models.Model):
    _name = "meeting.approval"
    _inherit = ["meeting.masked.name", "meeting.approval"]


class MeetingAttendance(models.Model):
    _name = "meeting.attendance"
    _inherit = ["meeting.masked.name", "meeting.attendance"]


class MeetingMinutesRevision(models.Model):
    _name = "meeting.minutes.revision"
    _inherit = ["meeting.masked.name", "meeting.minutes.revision"]


class MeetingActionReport(models.Model):
    _name = "meeting.action.report"
    _inherit = ["meeting.masked.name", "meeting.action.report"]


class MeetingAgreementSignature(models.Model):
    _name = "meeting.agreement.signature"
    _inherit = ["meeting.masked.name", "meeting.agreement.signature"]


class MeetingNotification(models.Model):
    _name = "meeting.notification"
    _inherit = ["meeting.masked.name", "meeting.notification"]


class IrFilters(models.Model):
    """What somebody searches meetings for is his own, as its record rule says; so is the name he saved it under."""

    _inherit = "ir.filters"

    @api.depends_context("uid")
    def _compute_display_name(self):
        super()._compute_display_name()
        # sudo: looks up what the filters are for; no more than the filters themselves comes back
        ours = self.filtered("id").sudo().filtered(lambda row: (row.model_id or "").startswith(PREFIX))
        ours = self.browse(ours.ids).sudo(False)
        for row in ours - ours._filtered_access("read"):
            self.browse(row.id).display_name = self.env._("Confidential")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.depends_context("uid")
    def _compute_display_name(self):
        """File names of ours, and of messages; those of other documents stay as they are."""
        super()._compute_display_name()
        # sudo: looks up what the files belong to; no more than the files themselves comes back
        ours = self.sudo().filtered(
            lambda file: file.id and file.res_id and (file.res_model or "").startswith((PREFIX, "mail."))
        )
        if not ours:
            return
        ours = self.browse(ours.ids).sudo(False)
        for file in ours - ours._filtered_access("read"):
            self.browse(file.id).display_name = self.env._("Confidential")
