"""People without an account: a personal link lets them see what is theirs and answer (PT-4)."""

import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

SCOPE = "meeting_management.guest_answer"
AFTERLIFE = timedelta(days=1)


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    guest_token_version = fields.Integer(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Counts the personal links of this person; only the link of the present version works.",
    )

    def _guest_url(self, answer=None):
        """:return: the personal link. It stops working a day after the meeting, when the person is taken off the list,
        and when a new link is made. `answer` only preselects a button: opening a link never answers, as mail scanners
        open links too."""
        self.ensure_one()
        token = hash_sign(self.env(su=True), SCOPE, [self.id, self.sudo().guest_token_version])
        url = f"{self.get_base_url()}/meeting/answer/{token}"
        return f"{url}?answer={answer}" if answer else url

    @api.model
    def _from_guest_token(self, token):
        """Find whom a link belongs to.

        The end is measured against the meeting as it stands now, so that a link in an old mail lives as long as the
        meeting it is for, and no longer, however often that was moved.

        :return: (participant as superuser or no record, problem or None); problem is "unknown", "revoked" or "expired"
        """
        nobody = self.browse()
        try:
            values = verify_hash_signed(self.env(su=True), SCOPE, token)
        except (ValueError, binascii.Error, UnicodeError, OverflowError):
            values = None
        if not values:
            return nobody, "unknown"
        # sudo: the signature proves that we gave this link to this participant
        line = self.sudo().browse(values[0]).exists()
        if not line or line.guest_token_version != values[1]:
            return nobody, "revoked"
        if line.meeting_id.stop + AFTERLIFE < fields.Datetime.now():
            return nobody, "expired"
        if not line.meeting_id._is_announced():
            return nobody, "unknown"
        return line, None

    def _guest_refusal(self):
        """:return: why this person cannot answer any more, in his language, or None."""
        self.ensure_one()
        if self.meeting_id.state == "cancelled":
            return self.env._("This meeting was cancelled. You need not do anything.")
        if self.meeting_id.state not in ("scheduled", "in_progress") or self.meeting_id.stop < fields.Datetime.now():
            return self.env._("This meeting is over. Answers are no longer taken.")
        return None

    def _guest_values(self):
        """:return: dict for the page: of a secret meeting no more than time and place (CF-1)."""
        self.ensure_one()
        meeting = self.meeting_id
        open_level = meeting.level != "secret"
        answered = self.response_at and meeting._notice_moment(self.response_at)
        return {
            "company": meeting.company_id,
            "guest_name": self.partner_id.name,
            "title": meeting.name if open_level else self.env._("Confidential meeting"),
            "facts": meeting._notice_facts(),
            "purpose": meeting.purpose if open_level else False,
            "agenda": meeting._notice_agenda(meeting._topics_for(self.partner_id)) if open_level else [],
            "preparation": meeting.preparation if open_level else False,
            "confidentiality": meeting._confidentiality_reminder(),
            "response": self.response,
            "response_label": dict(self._fields["response"]._description_selection(self.env))[self.response],
            "response_reason": self.response_reason,
            "answered": answered,
            "answer_by": meeting._notice_answer_by(),
            "refusal": self._guest_refusal(),
        }

    def action_renew_guest_link(self):
        """Make all earlier links of these people worthless and mail them new ones: a mail was forwarded or went astray.

        :raises AccessError: the user may not edit the meeting
        :raises UserError: the person has an account, or the meeting is over
        """
        ledger = self.env["meeting.notification"]
        for line in self:
            if not line.meeting_id.is_editable:
                raise AccessError(
                    self.env._(
                        "Only those who may edit the meeting can renew a guest's link. Ask the convener or the "
                        "secretariat."
                    )
                )
            if line.user_id:
                raise UserError(
                    self.env._(
                        "%s has an account and needs no link: the notice leads to the meeting itself.",
                        line.partner_id.name,
                    )
                )
            if line.meeting_id.state not in ("scheduled", "in_progress"):
                raise UserError(
                    self.env._("“%s” takes no answers now, so nobody needs a new link.", line.meeting_id.display_name)
                )
            # sudo: the counter is closed to everyone; that the user may edit the meeting was checked above
            version = line.sudo().guest_token_version + 1
            line.sudo().guest_token_version = version
            ledger._queue(line.meeting_id, f"link:{version}", line.partner_id)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_guest_buttons(self, step, partner):
        line = self.participant_ids.filtered(lambda line: line.partner_id == partner)
        kind = step.partition("@")[0].partition(":")[0]
        if not line or kind in ("cancel", "removed"):
            return []
        if kind in ("notice", "answer", "link") or (kind == "change" and line.response == "pending"):
            return [
                {"label": self.env._("Accept"), "url": line._guest_url("accepted"), "primary": True},
                {"label": self.env._("Decline"), "url": line._guest_url("declined"), "primary": False},
            ]
        return [{"label": self.env._("View meeting"), "url": line._guest_url(), "primary": True}]
