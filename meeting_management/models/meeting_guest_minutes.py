"""Published minutes in the hands of a guest: the link to them, and what he downloads (PT-4, MN-5)."""

from odoo import models


class MeetingMinutes(models.Model):
    _inherit = "meeting.minutes"

    def _notification_guest_buttons(self, step, partner):
        """A guest reads the published minutes behind a link of his own."""
        line = self.meeting_id.participant_ids.filtered(lambda line: line.partner_id == partner)
        if not line or step.partition(":")[0] not in ("publish", "publish_absent"):
            return super()._notification_guest_buttons(step, partner)
        return [{"label": self.env._("Read the minutes"), "url": line._guest_url(step), "primary": True}]

    def _guest_pdf(self, participant):
        """:return: (file name, bytes) of the published version as this participant may read it"""
        self.ensure_one()
        revision = self.revision_ids.filtered(lambda revision: revision.version == self.version)
        return self._pdf_name(), revision._pdf_for_guest(participant)
