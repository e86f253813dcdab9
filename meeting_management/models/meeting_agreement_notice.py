"""Asking people to sign: in the notice itself, by one click of the organiser, and once more before the meeting (CF-2,
RE-1)."""

from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..told import told

OPEN_STATES = ("scheduled", "in_progress")
PAUSE = timedelta(hours=1)
"""Nobody is asked twice within this time, however often the button is pressed."""

# Messages that a participant gets before he has signed: they say time and place, and that there is news.
BEFORE_SIGNING = frozenset(
    (
        "notice",
        "change",
        "cancel",
        "remind",
        "answer",
        "proxy_ended",
        "sign",
        "unsigned",
        "publish",
        "publish_absent",
        "unread",
    )
)


def _kind(step):
    return step.partition("@")[0].partition(":")[0]


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_allowed(self, step, partners):
        """A participant is told although he may read the meeting only once he has signed; the link leads him there."""
        allowed = super()._notification_allowed(step, partners)
        meeting = self._notification_meeting()
        if meeting and _kind(step) in BEFORE_SIGNING:
            allowed |= meeting._waiting_to_sign().partner_id & partners
        return allowed


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    can_remind_to_sign = fields.Boolean(compute="_compute_can_remind_to_sign")

    @api.depends("state", "agreement_missing_count")
    @api.depends_context("uid")
    def _compute_can_remind_to_sign(self):
        for meeting in self:
            meeting.can_remind_to_sign = bool(meeting.id) and not meeting._refusal_remind_to_sign()

    def _refusal_remind_to_sign(self):
        refusal = self._refusal_wrong_state("scheduled", "in_progress", "held") or self._refusal_not_organiser()
        if refusal or self.agreement_missing_count:
            return refusal
        return UserError(self.env._("Nobody's signature is missing for “%s”.", self.display_name))

    def action_remind_to_sign(self):
        """Ask everybody whose signature is missing; who was asked within the last hour is left alone."""
        self.ensure_one()
        refusal = self._refusal_remind_to_sign()
        if refusal:
            raise refusal
        count = len(self._ask_to_sign(self._waiting_to_sign()))
        if count == 1:
            message = self.env._("One person is asked to sign.")
        elif count:
            message = self.env._("%s people are asked to sign.", count)
        else:
            message = self.env._("All of them were asked less than an hour ago.")
        return told(message, "success" if count else "info")

    def _ask_to_sign(self, lines):
        """:return: the new rows of the ledger"""
        self.ensure_one()
        ledger = self.env["meeting.notification"]
        now = fields.Datetime.now()
        # sudo: looks only for when the caller's own participants were last asked
        recent = ledger.sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("partner_id", "in", lines.partner_id.ids),
                ("step", "=like", "sign%"),
                ("create_date", ">", now - PAUSE),
            ]
        )
        steps = self._next_steps("sign", lines.partner_id - recent.partner_id)
        return ledger._queue_rows([(self, step, partner_id, now) for partner_id, step in steps.items()])

    def _notification_still_due(self, step, partners):
        if _kind(step) == "sign":
            going_on = (*OPEN_STATES, "held", "closed")
            waiting = self._waiting_to_sign().partner_id if self.state in going_on else self.env["res.partner"]
            return partners & waiting
        return super()._notification_still_due(step, partners)

    # -- texts --------------------------------------------------------------------------------------------------

    def _notification_values(self, step):
        """Of a meeting that asks for a signature the notice says so, and the button is called what it does."""
        values = super()._notification_values(step)
        kind = _kind(step)
        if self._agreement_required() and kind in ("notice", "answer"):
            values["neutral"] = Markup("%s %s") % (
                values["neutral"],
                self.env._(
                    "Before you see its topics and documents, please read and sign the confidentiality agreement."
                ),
            )
            values["button"] = self.env._("Sign and answer")
        if kind in BEFORE_SIGNING and self._agreement_required():
            values["inbox_link"] = (values.get("button") or self.env._("Open"), self._notification_url(step))
        return values

    def _notice_values_sign(self, detail):
        return {
            "subject": self.env._("Please sign the confidentiality agreement: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Signature missing"), "warning"),
            "neutral": self.env._(
                "You are invited to a confidential meeting and have not signed the confidentiality agreement yet. "
                "Until you do, its topics, documents and minutes stay closed to you."
            ),
            "button": self.env._("Read and sign"),
        }

    def _notice_values_unsigned(self, detail):
        return self._notice_values_sign(detail)


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {
            "sign": self.env._("Request to sign the confidentiality agreement"),
            "unsigned": self.env._("Reminder: confidentiality agreement unsigned"),
        }


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [self._sign_section()] + super()._sections()

    def _sign_section(self):
        """Agreements that I have not signed: of meetings to come, and of those whose minutes wait for me."""
        me = self.env.user
        # sudo: my own lines in meetings that I may not read yet; of these the card shows time and place
        lines = self.env["meeting.participant"].sudo()
        domain = [
            ("user_id", "=", me.id),
            ("meeting_id.agreement_id", "!=", False),
            ("meeting_id.agreement_signature_ids", "not any", [("partner_id", "=", me.partner_id.id)]),
            "|",
            ("meeting_id.state", "in", OPEN_STATES),
            "&",
            ("meeting_id.state", "in", ("held", "closed")),
            ("minutes_unread", "=", True),
        ]
        levels = [
            level
            for level, _label in self.env["meeting.meeting"]._fields["level"].selection
            if self.env["meeting.meeting"]._requires_agreement_at(level)
        ]
        domain.append(("meeting_id.level", "in", levels))
        return self._section(
            "sign", self.env._("To sign"), "fa-pencil-square-o", lines, domain, "start", self._sign_card
        )

    def _sign_card(self, line):
        meeting = line.meeting_id
        buttons = [self._button("action_open_agreement", self.env._("Read and sign"), primary=True)]
        if line.response == "pending" and meeting.state == "scheduled" and not meeting.sudo(False).is_readable:
            buttons += [
                self._button("action_accept", self.env._("Accept")),
                self._button("action_decline", self.env._("Decline")),
            ]
        return {
            **self._card(line, meeting.display_name, meeting.start, place=meeting.location_text),
            "confidential": True,
            "note": self.env._("Please sign the confidentiality agreement first."),
            "url": f"/meeting/agreement/{line.id}",
            "buttons": buttons,
        }
