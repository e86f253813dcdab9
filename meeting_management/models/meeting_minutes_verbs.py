"""What people do with minutes, each deed with the predicate that admits it."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .meeting_clock import one_deed


class MeetingMinutes(models.Model):
    _inherit = "meeting.minutes"

    _verbs = ("submit", "approve", "send_back", "publish", "correct", "archive_minutes", "mark_read")
    _reason_verbs = ("send_back", "correct")

    can_submit = fields.Boolean(compute="_compute_can")
    can_approve = fields.Boolean(compute="_compute_can")
    can_send_back = fields.Boolean(compute="_compute_can")
    can_publish = fields.Boolean(compute="_compute_can")
    can_correct = fields.Boolean(compute="_compute_can")
    can_archive_minutes = fields.Boolean(compute="_compute_can")
    can_mark_read = fields.Boolean(compute="_compute_can")

    # ------------------------------------------------------------------ predicates

    def _is_keeper(self):
        """Whether the user keeps these minutes: their minute taker, the chair, or a secretary who may edit them."""
        user = self.env.user
        return user in (self.minute_taker_id | self.chair_id) or (
            self.is_editable and user.has_group("meeting_management.group_secretary")
        )

    def _refusal_keeper(self, deed):
        if not self._is_keeper():
            return AccessError(
                self.env._(
                    "Only the minute taker %(taker)s, the chair %(chair)s or a secretary may %(deed)s these "
                    "minutes. Ask one of them.",
                    taker=self.minute_taker_id.name or "–",
                    chair=self.chair_id.name or "–",
                    deed=deed,
                )
            )
        return None

    def _refusal_reviewer(self):
        """MN-3: the chair or the named reviewer decides; nobody passes his own draft unless he is the chair."""
        user = self.env.user
        if user not in (self.reviewer_id | self.chair_id):
            return AccessError(
                self.env._(
                    "Only the reviewer %(reviewer)s or the chair %(chair)s decides on these minutes. Ask one of them.",
                    reviewer=self.reviewer_id.name or "–",
                    chair=self.chair_id.name or "–",
                )
            )
        if user == self.minute_taker_id and user != self.chair_id:
            return AccessError(
                self.env._(
                    "You wrote these minutes, so somebody else has to review them. Ask the chair %s.",
                    self.chair_id.name or "–",
                )
            )
        return None

    def _refusal_submit(self):
        return self._refusal_wrong_state("draft") or (
            None
            if self.is_editable
            else AccessError(
                self.env._(
                    "Only those who write these minutes may submit them. Ask the minute taker %s.",
                    self.minute_taker_id.name or "–",
                )
            )
        )

    def _refusal_approve(self):
        return self._refusal_wrong_state("in_review") or self._refusal_reviewer()

    def _refusal_send_back(self):
        return self._refusal_wrong_state("in_review", "approved") or self._refusal_reviewer()

    def _refusal_publish(self):
        return self._refusal_wrong_state("approved") or self._refusal_keeper(self.env._("publish"))

    def _refusal_correct(self):
        return self._refusal_wrong_state("published") or self._refusal_keeper(self.env._("correct"))

    def _refusal_archive_minutes(self):
        return self._refusal_wrong_state("published") or self._refusal_keeper(self.env._("archive"))

    def _refusal_mark_read(self):
        if not self.version:
            return UserError(self.env._("These minutes are not published yet: there is nothing to confirm as read."))
        if not self._my_participation():
            return AccessError(self.env._("Only participants of the meeting confirm that they have read the minutes."))
        if self.has_read:
            return UserError(self.env._("You have already confirmed that you read version %s.", self.version))
        return None

    # ------------------------------------------------------------------ verbs

    @one_deed
    def action_submit(self):
        """draft → in_review (MN-3).

        :raises ValidationError: when neither the introduction nor any topic says anything."""
        self._demand("submit")
        for minutes in self:
            minutes._check_not_empty()
            # sudo: the predicate admitted the writer; the dates below are facts that no client may set
            minutes = minutes.sudo()
            minutes.write(
                {
                    "submitted_at": fields.Datetime.now(),
                    "review_round": minutes.review_round + 1,
                    "review_remarks": False,
                }
            )
            minutes._transition("in_review")
            minutes._void_notices("minutes_due")
            minutes._notify(f"minutes_review:{minutes.review_round}", minutes.reviewer_id.partner_id)

    @one_deed
    def action_approve(self):
        """in_review → approved; the clock for publication starts (MN-3, MN-4)."""
        self._demand("approve")
        now = fields.Datetime.now()
        for (
            minutes
        ) in self.sudo():  # sudo: a reviewer decides without being a writer of the text; the predicate admitted him
            minutes.write(
                {
                    "approved_at": now,
                    "approved_by_id": self.env.uid,
                    "publish_due_at": minutes.meeting_id._count_hours(
                        minutes.minute_taker_id, now, minutes.meeting_id.publish_due_hours
                    ),
                }
            )
            minutes._transition("approved")
            minutes._notify(f"minutes_approved:{minutes.review_round}", minutes.minute_taker_id.partner_id)

    @one_deed
    def action_send_back(self, reason=None):
        """in_review or approved → draft with remarks (MN-3). Without a reason, asks for it first."""
        self._demand("send_back")
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "send_back", self.env._("Send Back With Remarks"))
        for minutes in self.sudo():  # sudo: as in action_approve
            minutes.write(
                {
                    "review_remarks": reason,
                    "approved_at": False,
                    "approved_by_id": False,
                    "publish_due_at": False,
                    "due_at": minutes._next_draft_due(),
                }
            )
            minutes._transition("draft")
            self.env["meeting.reason.wizard"]._log(minutes, self.env._("Sent back with remarks:"), reason)
            minutes._notify(f"minutes_sent_back:{minutes.review_round}", minutes.minute_taker_id.partner_id)
        return True

    @one_deed
    def action_publish(self):
        """approved → published: an unchangeable version, everybody told, tasks handed out (MN-4, MN-5, MN-7).

        :raises ValidationError: when a task lacks its owner, supervisor or deadline."""
        self._demand("publish")
        for minutes in self:
            # sudo: a keeper may not read every task he hands out by publishing; nothing of them is shown
            tasks = minutes.sudo().meeting_id.action_item_ids.filtered("is_waiting")
            tasks._check_assignable()
            # sudo: the keeper was admitted by the predicate; version and dates are facts that no client may set
            minutes = minutes.sudo()
            minutes.write(
                {"published_at": fields.Datetime.now(), "published_by_id": self.env.uid, "version": minutes.version + 1}
            )
            minutes._transition("published")
            minutes.env["meeting.minutes.revision"]._snapshot(minutes)
            tasks._assign()
            minutes._tell_readers()

    @one_deed
    def action_correct(self, reason=None):
        """published → draft: the next publication is a new version (MN-7). Without a reason, asks for it first."""
        self._demand("correct")
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "correct", self.env._("Correct Published Minutes"))
        for minutes in self.sudo():  # sudo: as in action_publish
            minutes.write(
                {
                    "correction_reason": reason,
                    "submitted_at": False,
                    "approved_at": False,
                    "approved_by_id": False,
                    "publish_due_at": False,
                    "due_at": minutes._next_draft_due(),
                }
            )
            minutes._transition("draft")
            self.env["meeting.reason.wizard"]._log(
                minutes, self.env._("Correction of version %s:", minutes.version), reason
            )
        return True

    def _next_draft_due(self):
        """MN-2: a draft that is worked on again is due after the same time, from now on."""
        meeting = self.meeting_id
        return meeting._count_hours(self.minute_taker_id, fields.Datetime.now(), meeting.minutes_due_hours)

    def action_archive_minutes(self):
        """published → archived: from now on nothing about these minutes changes (MN-8)."""
        self._demand("archive_minutes")
        for minutes in self.sudo():  # sudo: as in action_publish
            minutes.archived_at = fields.Datetime.now()
            minutes._transition("archived")

    def action_mark_read(self):
        """The user confirms having read the latest version (MN-4)."""
        self._demand("mark_read")
        self._mark_read()

    def _mark_read(self):
        """Record that the user has seen the latest version; nothing happens for whoever is no participant."""
        for minutes in self:
            mine = minutes._my_participation()
            if minutes.version and mine.minutes_read_version < minutes.version:
                # mine is sudo: a participant's own row, and only these fields of it
                mine.write(
                    {
                        "minutes_read_at": fields.Datetime.now(),
                        "minutes_read_version": minutes.version,
                        "minutes_unread": False,
                    }
                )

    def action_open_meeting(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.meeting",
            "res_id": self.meeting_id.id,
            "view_mode": "form",
        }

    def action_open_revisions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Versions"),
            "res_model": "meeting.minutes.revision",
            "view_mode": "list,kanban,form",
            "domain": [("minutes_id", "=", self.id)],
        }

    def _my_participation(self):
        """The user's own participant row (sudo: his own, found by his own partner)."""
        return self.sudo().meeting_id.participant_ids.filtered(lambda p: p.partner_id == self.env.user.partner_id)[:1]

    def _check_not_empty(self):
        texts = [
            self.introduction,
            self.closing,
            *self.sudo().meeting_id.agenda_item_ids.mapped("notes"),
            *self.sudo().meeting_id.agenda_item_ids.mapped("conclusion"),
        ]
        if not any(text and text.striptags().strip() for text in texts):
            raise ValidationError(
                self.env._(
                    "The minutes of “%s” are empty. Write what was discussed and agreed under the topics, then "
                    "submit them.",
                    self.name,
                )
            )
