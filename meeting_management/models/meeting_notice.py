"""When a meeting tells people: approval asked, refused, notice, change, cancellation, reminders (NT-1 to NT-5, RE-1,
RE-2).

Only *whom, what kind and when* is decided here, after the facts are written; the texts are in `meeting_notice_text.py`.
"""

from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

OPEN_STATES = ("scheduled", "in_progress")


class MeetingMeeting(models.Model):
    _name = "meeting.meeting"
    _inherit = ["meeting.meeting", "meeting.notification.subject"]

    notification_ids = fields.One2many(
        "meeting.notification", "meeting_id", "Notice Records", readonly=True, copy=False
    )
    notice_count = fields.Integer("Notices", compute="_compute_notice_count")
    notice_failed_count = fields.Integer("Failed Notices", compute="_compute_notice_count")
    # What changed, by number of the notice of change; read by the job alone
    notice_changes = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)

    @api.depends("notification_ids.state")
    @api.depends_context("uid")
    def _compute_notice_count(self):
        """By the reader's own rights: who may not read the ledger sees none."""
        counts = defaultdict(dict)
        for meeting, state, count in self.env["meeting.notification"]._read_group(
            [("meeting_id", "in", self.ids)], ["meeting_id", "state"], ["__count"]
        ):
            counts[meeting.id][state] = count
        for meeting in self:
            meeting.notice_count = sum(counts[meeting._origin.id].values())
            meeting.notice_failed_count = counts[meeting._origin.id].get("failed", 0)

    def action_open_notifications(self):
        """Who was told what and when, and where it failed (NT-1)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_notification_action_meeting")
        return {**action, "domain": [("meeting_id", "=", self.id)]}

    # Moments in the life of a meeting

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        ledger = self.env["meeting.notification"]
        if origin == "submitted":
            ledger._void(self, ["approval"])
        if self.state == "draft" and origin == "submitted" and self.refusal_reason:
            ledger._queue_rows(
                [
                    (self, step, partner_id, fields.Datetime.now())
                    for partner_id, step in self._next_steps("refused", self.convener_id.partner_id).items()
                ]
            )
        elif self.state == "scheduled":
            self._announce(self.participant_ids.partner_id)
            if origin == "submitted" and self.convener_id.partner_id not in self.participant_ids.partner_id:
                ledger._queue(self, "scheduled", self.convener_id.partner_id)
        elif self.state == "cancelled":
            self._announce_cancellation()
        return res

    def _refused_approval(self):
        """:return: the decision behind the present refusal, or no record where it was the room that was refused."""
        # sudo: the applicant sees the reason on the meeting anyway
        refused = self.sudo().approval_ids.filtered(
            lambda approval: approval.state == "refused" and approval.reason == self.refusal_reason
        )
        return refused.sorted("decided_at")[-1:]

    def _announce(self, partners):
        """Send the notice to `partners`. Who was on the list before, left and came back, is told again."""
        self.ensure_one()
        ledger = self.env["meeting.notification"]
        now = fields.Datetime.now()
        steps = self._next_steps("notice", partners)
        ledger._queue_rows([(self, step, partner_id, now) for partner_id, step in steps.items()])

    def _next_steps(self, kind, partners):
        """:return: dict partner id → key for one more message of this kind: ``notice``, then ``notice:2`` …"""
        # sudo: counts rows of this meeting for people the caller deals with anyway
        counts = {
            partner.id: count
            for partner, count in self.env["meeting.notification"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("partner_id", "in", partners.ids),
                    "|",
                    ("step", "=", kind),
                    ("step", "=like", f"{kind}:%"),
                ],
                ["partner_id"],
                ["__count"],
            )
        }
        return {
            partner_id: f"{kind}:{counts[partner_id] + 1}" if counts.get(partner_id) else kind
            for partner_id in partners.ids
        }

    def _told(self, partners):
        """:return: those of `partners` who have been sent a notice; for the others it is still waiting to leave, with
        the facts of then."""
        # sudo: as in `_next_steps`
        waiting = (
            self.env["meeting.notification"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("partner_id", "in", partners.ids),
                    ("state", "=", "pending"),
                    "|",
                    ("step", "=", "notice"),
                    ("step", "=like", "notice:%"),
                ]
            )
        )
        return partners - waiting.partner_id

    def _announce_cancellation(self):
        """NT-5: everyone who was told of the meeting is told that it is off, once; who was not told hears nothing at
        all."""
        ledger = self.env["meeting.notification"]
        told = self._told(self.participant_ids.partner_id) if self.scheduled_at else self.env["res.partner"]
        ledger._void(self, reason="cancelled")
        ledger._queue(self, "cancel", told)

    def _announce_removal(self, partners):
        """`partners` were taken off the list: what was on its way to them is taken back; who had been told is told
        this too."""
        ledger = self.env["meeting.notification"]
        told = self._told(partners)
        ledger._void(self, partners=partners)
        now = fields.Datetime.now()
        ledger._queue_rows(
            [(self, step, partner_id, now) for partner_id, step in self._next_steps("removed", told).items()]
        )

    # Changes (NT-5)

    def _after_reschedule(self, moved, reason):
        res = super()._after_reschedule(moved, reason)
        self._notify_change(moved, reason)
        return res

    def _notify_change(self, changes, reason=False):
        """Tell everyone touched, once, what changed about an announced meeting.

        Changes made while the last notice of change has not left yet are added to it. A change that is undone before
        anybody was told is not told at all.

        :param dict changes: field name → (old value, new value)
        """
        for meeting in self.filtered(lambda meeting: meeting.state in OPEN_STATES):
            meeting._queue_change(
                {name: [meeting._plain(old), meeting._plain(new)] for name, (old, new) in changes.items()}, reason
            )
    @api.model
    def _plain(self, value):
        """:return: a value of a field in a form that JSON keeps and that `_notice_values_change` can show in any
        language."""
        if isinstance(value, datetime):
            return fields.Datetime.to_string(value)
        if isinstance(value, models.BaseModel):
            return [value._name, value.id] if value else False
        return value or False

    def _queue_change(self, changes, reason):
        self.ensure_one()
        ledger = self.env["meeting.notification"]
        meeting = self.sudo()  # sudo: the list of changes is closed to everyone but the job
        history = dict(meeting.notice_changes or {})
        number = len(history)
        unsent = history.get(str(number)) if number and ledger._hold_unsent(self, f"change:{number}") else None
        if unsent is None:
            number += 1
        else:
            merged = {**unsent["fields"], **changes}
            changes = {name: [unsent["fields"].get(name, pair)[0], pair[1]] for name, pair in merged.items()}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        meeting.notice_changes = {**history, str(number): {"fields": changes, "reason": reason or False}}
        if changes:
            ledger._queue(self, f"change:{number}", self._told(self.participant_ids.partner_id))
        else:
            ledger._void(self, [f"change:{number}"])

    # Asked by the job when a message is about to leave

    def _notification_still_due(self, step, partners):
        kind, _sep, detail = step.partition("@")[0].partition(":")
        if kind == "approval":
            pending = self.approval_ids.filtered(lambda a: a.id == int(detail) and a.state == "pending")
            return partners if pending else partners.browse()
        if kind in ("notice", "change"):
            return partners if self.state in OPEN_STATES else partners.browse()
        return super()._notification_still_due(step, partners)

    def _notification_allowed(self, step, partners):
        if step.partition(":")[0] == "removed":  # he knew of the meeting and learns no more than that he need not come
            return partners
        return super()._notification_allowed(step, partners)

    def _notification_sent(self, step, rows):
        """The list of participants shows who was notified, and when (NT-1)."""
        super()._notification_sent(step, rows)
        if step.partition(":")[0] == "notice":
            lines = self.env["meeting.participant"].search(
                [("meeting_id", "in", self.ids), ("partner_id", "in", rows.partner_id.ids)]
            )
            told = {(row.res_id, row.partner_id.id) for row in rows}
            lines.filtered(
                lambda line: (line.meeting_id.id, line.partner_id.id) in told
            ).notified_at = fields.Datetime.now()


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _hold_unsent(self, record, step):
        """Lock the rows of a step as long as none of them has left.

        :return: True if all of them wait and are now held by us, so that their text may still change
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM meeting_notification
                WHERE res_model = %s AND res_id = %s AND step = %s AND state = 'pending' FOR UPDATE SKIP LOCKED""",
                record._name,
                record.id,
                step,
            )
        )
        # sudo: counts rows, shows none
        left = self.sudo().search_count(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("step", "=", step), ("state", "!=", "void")]
        )
        return bool(rows) and left == len(rows)


class MeetingApproval(models.Model):
    _inherit = "meeting.approval"

    def _ask(self):
        """Tell the approver that it is his turn (AP-1)."""
        res = super()._ask()
        for approval in self:
            partner = approval.approver_id.partner_id
            self.env["meeting.notification"]._queue(approval.meeting_id, f"approval:{approval.id}", partner)
        return res


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    notice_state = fields.Selection(
        [("none", "Not notified"), ("pending", "Being sent"), ("sent", "Notified"), ("failed", "Failed")],
        "Notice",
        compute="_compute_notice_state",
    )

    @api.depends("meeting_id.notification_ids.state")
    def _compute_notice_state(self):
        """What became of the last notice to this person; failure of delivery counts (NT-1)."""
        # sudo: who may read the participant may know whether he was told; nothing else of the ledger is shown
        rows = (
            self.env["meeting.notification"]
            .sudo()
            .search(
                [
                    ("meeting_id", "in", self.meeting_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("state", "!=", "void"),
                    "|",
                    ("step", "=", "notice"),
                    ("step", "=like", "notice:%"),
                ],
                order="id",
            )
        )
        last = {(row.meeting_id.id, row.partner_id.id): row for row in rows}
        for line in self:
            row = last.get((line.meeting_id._origin.id, line.partner_id._origin.id))
            if not row:
                line.notice_state = "none"
            elif row.delivery in ("failed", "bounced"):
                line.notice_state = "failed"
            else:
                line.notice_state = row.state

    @api.model_create_multi
    def create(self, vals_list):
        """Who joins after the notice went out gets his at once (NT-1)."""
        lines = super().create(vals_list)
        for meeting, late in lines.grouped("meeting_id").items():
            if meeting.state in OPEN_STATES:
                meeting._announce(late.partner_id)
        return lines

    def unlink(self):
        """Who was told and is taken off the list is told (NT-5)."""
        gone = {
            meeting: lines.partner_id
            for meeting, lines in self.grouped("meeting_id").items()
            if meeting.state in OPEN_STATES
        }
        res = super().unlink()
        for meeting, partners in gone.items():
            meeting._announce_removal(partners)
        return res
