"""What is owed before a meeting: notice, approval, answers, materials, signatures (NT-2 to NT-4, RE-1)."""

from odoo import api, fields, models

from .meeting_working_time import WorkingTime


class MeetingType(models.Model):
    _inherit = "meeting.type"

    approval_hours = fields.Integer(
        "Decide Within", default=16, help="Working hours within which an approver decides. 0: no limit."
    )

    _approval_hours_positive = models.Constraint(
        "CHECK (approval_hours >= 0)", "The time for a decision cannot be negative; 0 means no limit."
    )


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "meeting": {
                "model": "meeting.meeting",
                "label": self.env._("Start of the meeting"),
                "due": self.env._("the meeting begins"),
                "start": self.env._("the meeting was scheduled or moved"),
                "before": "remind",
                "shown": False,
            },
            "notice_lead": {
                "model": "meeting.meeting",
                "label": self.env._("Notice to be sent"),
                "due": self.env._("the notice has to be out"),
                "start": self.env._("the meeting was drafted"),
                "before": "limit_soon",
                "after": "limit_over",
            },
            "approval": {
                "model": "meeting.meeting",
                "label": self.env._("Application to be decided"),
                "due": self.env._("the application has to be decided"),
                "start": self.env._("the approver was asked"),
                "before": "limit_soon",
                "after": "approval_waiting",
                "pausable": True,
                "escalates": True,
            },
            "answer": {
                "model": "meeting.meeting",
                "label": self.env._("Invitation to be answered"),
                "due": self.env._("the answer is due"),
                "start": self.env._("the meeting was announced, or moved"),
                "before": "answer",
                "after": "answer",
                "others": "unanswered",
            },
            "materials": {
                "model": "meeting.meeting",
                "label": self.env._("Materials to be read"),
                "due": self.env._("the materials have to be read"),
                "start": self.env._("the materials were sent"),
                "before": "limit_soon",
                "after": "limit_over",
            },
            "agreement": {
                "model": "meeting.meeting",
                "label": self.env._("Agreement to be signed"),
                "due": self.env._("the meeting begins"),
                "start": self.env._("the meeting was announced, or moved"),
                "before": "unsigned",
            },
        }


class MeetingMeeting(models.Model):
    _name = "meeting.meeting"
    _inherit = ["meeting.meeting", "meeting.clock.mixin"]

    _clock_fields = frozenset(
        (
            *("state", "start", "notice_lead_hours", "answer_hours", "scheduled_at", "convener_id", "chair_id"),
            *("moved_at", "minute_taker_id", "type_id", "level", "is_urgent", "agreement_id", "company_id"),
        )
    )

    def write(self, vals):
        res = super().write(vals)
        if {"chair_id", "minute_taker_id", "minutes_reviewer", "minutes_reviewer_id"} & vals.keys():
            # sudo: who owes the minutes follows from who runs the meeting
            self.sudo().minutes_ids._follow_clocks()
        return res

    def _clocks(self, time):
        now = fields.Datetime.now()
        company = self.company_id
        duties = []
        if self.state in ("draft", "submitted") and self.notice_lead_hours and self.start > now:
            duties.append(
                {
                    "kind": "notice_lead",
                    "user": self.convener_id,
                    "started": min(self.create_date, self.notice_deadline),
                    "due": self.notice_deadline,
                }
            )
        pending = self._pending_approval() if self.state == "submitted" else self.env["meeting.approval"]
        if pending and self.type_id.approval_hours:
            asked = pending.asked_at or self.submitted_at or now
            due = time.add_hours(time.worker(pending.approver_id, company), asked, self.type_id.approval_hours)
            duties.append(
                {
                    "kind": "approval",
                    "key": pending.id,
                    "user": pending.approver_id,
                    "started": asked,
                    "due": due,
                    "working": True,
                }
            )
        if self.state == "scheduled":
            told = {"started": self._announced_at()}
            duties.append({"kind": "meeting", "due": self.start, **told})
            if self.answer_deadline and self._pending_answers():
                duties.append({"kind": "answer", "due": self.answer_deadline, **told})
            if self._waiting_to_sign():
                duties.append({"kind": "agreement", "due": self.start, **told})
            if self._waiting_to_read():
                duties.append({"kind": "materials", "due": self.start, **told})
        return duties

    def _pending_answers(self):
        return self.participant_ids.filtered(lambda line: line.response == "pending")

    def _waiting_to_read(self):
        """:return: participants who have yet to confirm that they read the materials (NT-4). Nobody here: the chapter
        that records the reading says who."""
        return self.env["meeting.participant"]

    def _clock_users(self):
        return self.convener_id | self.current_approver_id

    def _clock_type(self):
        return self.type_id

    def _clock_debtors(self, clock):
        lines = {
            "meeting": lambda: self.participant_ids.filtered(lambda line: line.response != "declined"),
            "answer": self._pending_answers,
            "agreement": self._waiting_to_sign,
            "materials": self._waiting_to_read,
        }.get(clock.kind)
        return lines().partner_id if lines else super()._clock_debtors(clock)

    def _clock_candidates(self, clock):
        if clock.kind in ("meeting", "answer", "agreement", "materials"):
            return self.participant_ids.partner_id
        return super()._clock_candidates(clock)

    def _clock_people(self, clock, role):
        return self._clock_officers(role) or super()._clock_people(clock, role)

    def _clock_officers(self, role):
        """:return: partners who have this role, as far as the meeting itself knows"""
        if role == "participants":
            return self.participant_ids.partner_id
        if role == "secretary" and self.level in ("public", "internal"):
            secretaries = self.env.ref("meeting_management.group_secretary").all_user_ids
            return secretaries.filtered(lambda user: self.company_id in user.company_ids).partner_id
        name = {"convener": "convener_id", "chair": "chair_id", "minute_taker": "minute_taker_id"}.get(role)
        return self[name].partner_id if name else self.env["res.partner"]

    def _notification_still_due(self, step, partners):
        """Who has declined need not be told when it begins."""
        partners = super()._notification_still_due(step, partners)
        if step.startswith("remind:"):
            partners -= self.participant_ids.filtered(lambda line: line.response == "declined").partner_id
        return partners

    def _follow_list(self):
        """Somebody came or went."""
        self.filtered(lambda meeting: meeting.state == "scheduled")._follow_clocks()
        # sudo: who has to read published minutes follows from the list, whoever changed it
        self.filtered(lambda meeting: meeting.state in ("held", "closed")).sudo().minutes_ids._follow_clocks()

    def _follow_answers(self):
        """Somebody answered: the clock stops with the last answer, and no single one costs a look at all reminders."""
        for meeting in self.filtered(lambda meeting: meeting.state == "scheduled"):
            # sudo: whether an answer is missing, whoever gave one
            if meeting._running("answer") != bool(meeting.sudo()._pending_answers()):
                meeting._follow_clocks()

    def _follow_reading(self):
        """Somebody read the minutes, or has to read them: as with answers."""
        for minutes in self.sudo().minutes_ids:  # sudo: as above
            if minutes._running("minutes_read") != bool(minutes._waiting_to_read()):
                minutes._follow_clocks()

    def _count_hours(self, user, start, hours):
        """:return: the moment `hours` after `start`, in the working time of `user` where the type counts so"""
        self.ensure_one()
        if not self.type_id.sudo().minutes_in_working_time:  # sudo: a policy that every employee may read
            return fields.Datetime.add(start, hours=hours)
        time = WorkingTime(self.env)
        return time.add_hours(time.worker(user, self.company_id), start, hours)


class MeetingApproval(models.Model):
    _inherit = "meeting.approval"

    asked_at = fields.Datetime("Asked On", readonly=True)

    def _ask(self):
        res = super()._ask()
        self.asked_at = fields.Datetime.now()
        self.meeting_id._follow_clocks()
        return res

    def write(self, vals):
        """A decision ends what its approver owes, also while the meeting still waits for its room."""
        res = super().write(vals)
        if "state" in vals:
            self.meeting_id._follow_clocks()
        return res


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.meeting_id._follow_list()
        return lines

    def unlink(self):
        meetings = self.meeting_id
        res = super().unlink()
        meetings._follow_list()
        return res

    def write(self, vals):
        res = super().write(vals)
        if "response" in vals:
            self.meeting_id._follow_answers()
        if {"minutes_read_version", "minutes_unread"} & vals.keys():
            self.meeting_id._follow_reading()
        return res


class MeetingAgreementSignature(models.Model):
    _inherit = "meeting.agreement.signature"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        # sudo: whether anybody's signature is missing yet
        for meeting in rows.meeting_id.sudo():
            if not meeting._waiting_to_sign():
                meeting._follow_clocks()
        return rows
