"""People without an account: what their page shows, and the links that lead to it (PT-4)."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    def _guest_url(self, step="link"):
        """:return: a new personal link, to be put into a message to this person and nowhere else. It stops working a
        day after the meeting, when the person is taken off the list, and when a new link is asked for."""
        self.ensure_one()
        return f"{self.get_base_url()}/meeting/answer/{self.env['meeting.guest.token']._issue(self, step)}"

    def _guest_refusal(self):
        """:return: why this person cannot answer any more, in his language, or None."""
        self.ensure_one()
        if self.meeting_id.state == "cancelled":
            return self.env._("This meeting was cancelled. You need not do anything.")
        if self.meeting_id.state not in ("scheduled", "in_progress") or self.meeting_id.stop < fields.Datetime.now():
            return self.env._("This meeting is over. Answers are no longer taken.")
        return None

    def _needs_code(self):
        """Whether a link alone does not show this person's page (CF-2)."""
        return self.meeting_id._agreement_required()

    def _masked_email(self):
        """:return: enough of the address for its owner to recognise it: g***@client.example"""
        address = self._guest_address() or ""
        name, _at, domain = address.partition("@")
        return f"{name[:1]}***@{domain}" if domain else ""

    def _guest_agenda(self):
        """:return: the topics this person's page shows, of a meeting that is open to him"""
        return self.meeting_id._topics_for(self.partner_id).sorted("sequence")

    def _guest_documents(self):
        """:return: the documents of these topics that are not collected yet (CF-3): what the download gives out, asked
        anew each time"""
        documents = self._guest_agenda().attachment_ids.filtered(lambda file: file.type == "binary")
        return documents - documents._collected()

    def _guest_minutes(self):
        """:return: the minutes of this meeting if this person may read a version of them, or no record"""
        minutes = self.meeting_id.minutes_ids.filtered("version")[:1]
        return minutes if self.meeting_id._is_announced() and not self._must_sign() else minutes.browse()

    def _guest_values(self, stage):
        """:param str stage: "sign" or "open"
        :return: dict for the page; until the agreement is signed no more than title, time and place (CF-1, CF-2)"""
        self.ensure_one()
        meeting = self.meeting_id
        answered = self.response_at and meeting._notice_moment(self.response_at)
        values = {
            "guest_name": self.partner_id.name,
            "title": meeting.name if stage == "open" or self.is_guest else self.env._("Confidential meeting"),
            "facts": meeting._notice_facts(admitted=stage == "open"),
            "purpose": False,
            "agenda": [],
            "preparation": False,
            "confidentiality": meeting._confidentiality_reminder(),
            "response": self.response,
            "response_label": dict(self._fields["response"]._description_selection(self.env))[self.response],
            "response_reason": self.response_reason,
            "answered": answered,
            "answer_by": meeting._notice_answer_by(),
            "refusal": self._guest_refusal(),
            "agreement": False,
            "signature": False,
            "minutes": False,
        }
        if stage == "sign":
            # sudo: the text every participant of this meeting is asked to sign
            agreement = meeting.sudo().agreement_id
            values["agreement"] = not self._refusal_sign() and agreement._shown(self.env.lang)
            return values
        return values | {
            "purpose": meeting.purpose,
            "agenda": self._guest_agenda_values(),
            "preparation": meeting.preparation,
            "signature": self._guest_signature(),
            "minutes": self._guest_minutes_values(),
            "documents_unread": self._materials_unread(),
            "documents_read": self.materials_state == "read",
        }

    def _guest_agenda_values(self):
        documents = self._guest_documents()
        return [
            {
                "name": item.name,
                "presenter": item.presenter_id.name,
                "late": item.late_reason,
                "minutes": item.minutes,
                "goal": item.goal,
                "documents": item.attachment_ids & documents,
            }
            for item in self._guest_agenda()
        ]

    def _own_signature(self):
        """:return: this person's signature under the agreement of this meeting, or no record"""
        # sudo: his own
        meeting = self.meeting_id.sudo()
        return meeting.agreement_signature_ids.filtered(
            lambda row: row.partner_id == self.partner_id and row.agreement_id == meeting.agreement_id
        )

    def _guest_signature(self):
        signature = self._own_signature()
        return signature and {"name": signature.name, "at": self.meeting_id._notice_moment(signature.signed_at)}

    def _guest_minutes_values(self):
        minutes = self._guest_minutes()
        return minutes and {
            "number": minutes.number,
            "version": minutes.version,
            "published": self.meeting_id._notice_moment(minutes.published_at),
            "read": self.minutes_read_version >= minutes.version,
            "reason": minutes.version > 1
            and not is_html_empty(minutes.correction_reason)
            and minutes.correction_reason,
        }

    def _confirm_minutes_read(self):
        """This person has read the latest version (MN-4). The caller has established that it is he who says so."""
        minutes = self._guest_minutes()
        if minutes and self.minutes_read_version < minutes.version:
            # sudo: closed to direct writes; his own row, as `meeting.minutes._mark_read` keeps it
            self.sudo().write(
                {
                    "minutes_read_at": fields.Datetime.now(),
                    "minutes_read_version": minutes.version,
                    "minutes_unread": False,
                }
            )

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
            self.env["meeting.guest.token"]._revoke(line)
            step = line.meeting_id._next_steps("link", line.partner_id)[line.partner_id.id]
            ledger._queue(line.meeting_id, step, line.partner_id)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_guest_buttons(self, step, partner):
        line = self.participant_ids.filtered(lambda line: line.partner_id == partner)
        kind = step.partition("@")[0].partition(":")[0]
        if not line or kind in ("cancel", "removed"):
            return []
        url = line._guest_url(step)
        if line._must_sign():
            label = self.env._("Sign and answer") if line.response == "pending" else self.env._("Read and sign")
            return [{"label": label, "url": url, "primary": True}]
        if kind in ("notice", "answer", "link") or (kind == "change" and line.response == "pending"):
            return [
                {"label": self.env._("Accept"), "url": f"{url}?answer=accepted", "primary": True},
                {"label": self.env._("Decline"), "url": f"{url}?answer=declined", "primary": False},
            ]
        return [{"label": self.env._("View meeting"), "url": url, "primary": True}]

    def _after_reschedule(self, moved, reason):
        res = super()._after_reschedule(moved, reason)
        self.env["meeting.guest.token"]._follow(self)
        return res
