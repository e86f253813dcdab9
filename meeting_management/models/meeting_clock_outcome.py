"""What is owed after a meeting: minutes written, reviewed, published and read (MN-2 to MN-4)."""

from odoo import api, fields, models


class MeetingType(models.Model):
    _inherit = "meeting.type"

    minutes_in_working_time = fields.Boolean(
        "Minutes in Working Time",
        help="The hours for the draft and for publication are working hours of the minute taker, without nights, "
        "weekends and holidays.",
    )
    review_hours = fields.Integer(
        "Review Within", default=16, help="Working hours within which minutes are reviewed. 0: no limit."
    )

    _review_hours_positive = models.Constraint(
        "CHECK (review_hours >= 0)", "The time for a review cannot be negative; 0 means no limit."
    )


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _kinds(self):
        one = {"model": "meeting.minutes", "before": "limit_soon", "pausable": True, "escalates": True}
        return super()._kinds() | {
            "minutes_draft": {
                "label": self.env._("Minutes to be written"),
                "due": self.env._("the draft of the minutes is due"),
                "start": self.env._("the meeting ended"),
                "after": "minutes_overdue",
                **one,
            },
            "minutes_review": {
                "label": self.env._("Minutes to be reviewed"),
                "due": self.env._("the review of the minutes is due"),
                "start": self.env._("the minutes were submitted"),
                "after": "limit_over",
                **one,
            },
            "publication": {
                "label": self.env._("Minutes to be published"),
                "due": self.env._("publication of the minutes is due"),
                "start": self.env._("the minutes were approved"),
                "after": "limit_over",
                **one,
            },
            "minutes_read": {
                "model": "meeting.minutes",
                "label": self.env._("Minutes to be read"),
                "due": self.env._("the minutes have to be read"),
                "start": self.env._("the minutes were published"),
                "before": "limit_soon",
                "after": "unread",
            },
        }


class MeetingMinutes(models.Model):
    _name = "meeting.minutes"
    _inherit = ["meeting.minutes", "meeting.clock.mixin"]

    _clock_fields = frozenset(
        ("state", "due_at", "submitted_at", "approved_at", "publish_due_at", "published_at", "version", "urgency")
    )

    def _clocks(self, time):
        kind = self.type_id
        by_hours = {"working": kind.minutes_in_working_time}
        if self.state == "draft" and self.due_at:
            owed = {"kind": "minutes_draft", "key": self.review_round, "user": self.minute_taker_id}
            started = False if self.review_round or self.version else self.meeting_id.actual_stop
            return [{**owed, "started": started, "due": self.due_at, **by_hours}]
        if self.state == "in_review" and kind.review_hours and self.submitted_at:
            owed = {"kind": "minutes_review", "key": self.review_round, "user": self.reviewer_id, "working": True}
            worker = time.worker(self.reviewer_id, self.company_id)
            due = time.add_hours(worker, self.submitted_at, kind.review_hours)
            return [{**owed, "started": self.submitted_at, "due": due}]
        if self.state == "approved" and self.publish_due_at:
            owed = {"kind": "publication", "key": self.review_round, "user": self.minute_taker_id}
            return [{**owed, "started": self.approved_at, "due": self.publish_due_at, **by_hours}]
        if self.state in ("published", "archived") and kind.unread_hours and self._waiting_to_read():
            due = fields.Datetime.add(self.published_at, hours=kind.unread_hours)
            return [{"kind": "minutes_read", "key": self.version, "started": self.published_at, "due": due}]
        return []

    def _waiting_to_read(self):
        """:return: participants with a login who were asked to read the latest version and have not (MN-4)"""
        return self.meeting_id.participant_ids.filtered(lambda line: line.user_id and line.minutes_unread)

    def _clock_users(self):
        return self.minute_taker_id | self.reviewer_id

    def _clock_type(self):
        return self.type_id

    def _clock_debtors(self, clock):
        return self._waiting_to_read().partner_id if clock.kind == "minutes_read" else super()._clock_debtors(clock)

    def _clock_candidates(self, clock):
        if clock.kind == "minutes_read":
            return self.meeting_id.participant_ids.filtered("user_id").partner_id
        return super()._clock_candidates(clock)

    def _clock_people(self, clock, role):
        return self.meeting_id._clock_officers(role) or super()._clock_people(clock, role)

    def _clock_moved(self, clock):
        """Draft and publication have their limits on the minutes."""
        name = {"minutes_draft": "due_at", "publication": "publish_due_at"}.get(clock.kind)
        if name:
            self[name] = clock.due
        return bool(name)
