"""A guest of a closed meeting is reached at the address he was invited at (PT-4, CF-1).

Contacts are edited by many people. Whoever enters his own address with a guest's contact would get the guest's mails,
links and codes, or a portal login in the guest's name. So the address is kept when the invitation is made; another one
counts when an organiser sends to it again.
"""

from odoo import api, fields, models
from odoo.tools import email_normalize

from .meeting_participant import MeetingParticipant as Participant
from .meeting_permission_table import is_stricter


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    _facts = Participant._facts | {"invited_email"}

    invited_email = fields.Char(
        "Invited at", readonly=True, copy=False, help="Messages about a confidential meeting go to this address only."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._keep_address()
        return lines

    def _keep_address(self):
        """The present address is the one an organiser means."""
        # sudo: closed to direct writes; the caller invites, or sends again
        for line in self.sudo().filtered("is_guest"):
            address = email_normalize(line.partner_id.email) or False
            if line.invited_email != address:
                line.invited_email = address

    def _guest_address(self):
        """:return: the normalized address of this person for what is confidential, or ``False``"""
        return self.invited_email or email_normalize(self.partner_id.email) or False

    def _is_elsewhere(self):
        """Whether the contact of this guest of a closed meeting has another address by now."""
        closed = is_stricter(self.meeting_id.level, "internal")
        return bool(closed and self.is_guest and self._guest_address() != email_normalize(self.partner_id.email))

    def _is_login_unproven(self, user):
        """Whether this portal login of a guest of a closed meeting was made after the invitation: then it has to show
        that it belongs to the person invited."""
        if not user.share or not is_stricter(self.meeting_id.level, "internal"):
            return False
        return user.create_date > self.create_date or self._is_elsewhere()

    def action_renew_guest_link(self):
        res = super().action_renew_guest_link()
        self._keep_address()
        return res


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _after_transition(self, origin):
        """Whoever announces a meeting has its list before him."""
        if self.state == "scheduled":
            self.participant_ids._keep_address()
        return super()._after_transition(origin)


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_goes_elsewhere(self, partner):
        """Whether this person was invited to the meeting, a closed one, at another address than he has now."""
        meeting = self._notification_meeting()
        lines = meeting.participant_ids if meeting else meeting
        return any(line._is_elsewhere() for line in lines if line.partner_id == partner)


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def action_send_again(self):
        """Sent again means that the address is right."""
        res = super().action_send_again()
        for row in self.filtered(lambda row: row.res_model == "meeting.meeting"):
            meeting = self.env[row.res_model].browse(row.res_id)
            meeting.participant_ids.filtered(lambda line, row=row: line.partner_id == row.partner_id)._keep_address()
        return res
