"""By what way, and when, a due row leaves: at once, after the quiet hours, in the morning summary (RE-3, NT-5).

Rules say when a message is due and to whom; here the person's own wishes come in. A duty (`meeting_message_kind`) waits
for no summary, and nothing waits until it is too late.
"""

import logging
from collections import defaultdict
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.tools import SQL

from .meeting_message_kind import VESSELS, kind_of
from .res_users_preferences import quiet_until

_logger = logging.getLogger(__name__)

IMMINENT = timedelta(hours=1)
"""A message waits for a summary that leaves at least this long before what it is about."""
PATIENCE = timedelta(hours=3)
"""How long after the moment of its summary a held row still waits for it; then it leaves by itself. Longer than a
summary that fails is tried again."""


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    held_until = fields.Datetime("Held Until", readonly=True)
    held_for = fields.Selection([("quiet", "Quiet hours"), ("summary", "Morning summary")], "Held For", readonly=True)

    @api.model
    def _sql_ready(self, now):
        """:return: SQL condition of the rows that are to leave now"""
        return SQL(
            """((state = 'pending' AND due <= %(now)s AND (held_until IS NULL
                 OR held_until <= CASE held_for WHEN 'summary' THEN %(patient)s ELSE %(now)s END))
             OR (state = 'failed' AND retry_at <= %(now)s))""",
            now=now,
            patient=now - PATIENCE,
        )

    @api.model
    def _sql_ready_at(self):
        """:return: SQL expression of the moment from which a pending row is to leave"""
        return SQL("greatest(due, held_until + CASE held_for WHEN 'summary' THEN %s ELSE interval '0' END)", PATIENCE)

    def _wanted_channels(self, profiles):
        """By what ways a row leaves besides the message in the inbox or by e-mail, which is the proof of every row.

        The seam for rules and apps: a rule that asks for a channel, and an addon that brings one, extend it.

        :param profiles: see `_notice_profiles`
        :return: dict row id → set of channels, of ``sms`` and ``robot``; ``robot`` says it to the groups that fit
            even where they have not chosen this kind of message
        """
        return {row.id: set() for row in self}

    def _leave_besides(self, channels):
        """Put copies of these rows, which leave now, on their other ways. Extended by the addon that brings a way."""

    # Holding back

    def _hold(self, profiles):
        """Put off what its recipient does not want now.

        :return: the rows that leave now
        """
        now = fields.Datetime.now()
        wishful = self.filtered(lambda row: profiles[row.partner_id.id]["wishes"] and kind_of(row.step) not in VESSELS)
        later, next_summary = defaultdict(list), {}
        for row, record in wishful._with_subjects():
            try:
                hold = row._hold_until(record, profiles[row.partner_id.id], now, next_summary)
            except (ValueError, TypeError, KeyError):  # a wish that cannot be met holds up no message (RE-4)
                _logger.warning("The wishes of the recipient of notice %s were passed over", row.id, exc_info=True)
                continue
            if hold:
                later[hold].append(row.id)
        held = self.browse()
        for (moment, why), ids in later.items():
            rows = self.browse(ids)
            failed = rows.filtered(lambda row: row.state == "failed")
            failed.write({"retry_at": moment})
            (rows - failed).write({"held_until": moment, "held_for": why})
            held |= rows
        if later:
            self._wake([moment for moment, _why in later])
        return self - held

    def _with_subjects(self):
        """:return: list of (row, its document), rows whose document is gone left out"""
        pairs = []
        for model, rows in self.grouped("res_model").items():
            if model in self.env:
                alive = self.env[model].browse(set(rows.mapped("res_id"))).exists()
                pairs += [
                    (row, alive.browse(row.res_id).with_prefetch(alive._ids))
                    for row in rows
                    if row.res_id in alive._ids
                ]
        return pairs

    def _hold_until(self, record, profile, now, next_summary):
        """:return: (moment, reason) until which this row waits, or None

        :param dict next_summary: the moments found so far, by user
        """
        self.ensure_one()
        wishes = profile["wishes"]
        tz = pytz.timezone(profile["tz"] or record._notification_default_tz())
        late = record._notification_late_at(self.step)
        if "quiet" in wishes:
            end = quiet_until(now, tz, *wishes["quiet"])
            if end and not (late and late <= end):
                return end, "quiet"
        if "summary" in wishes and self.state == "pending" and self.held_for != "summary":
            company = record._notification_meeting().company_id or self.env.company
            if company._meeting_leaves_at_once(kind_of(self.step)):
                return None
            user = self.env["res.users"].browse(profile["user_id"])
            if user not in next_summary:
                next_summary[user] = user._meeting_next_summary(now, tz)
            moment = next_summary[user]
            if moment and not (late and late - IMMINENT < moment):
                return moment, "summary"
        return None


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_late_at(self, step):
        """:return: the moment after which this message is of no use: the start of a meeting to come; None without
        one"""
        start = self._notification_meeting().start
        return start if start and start > fields.Datetime.now() else None


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_late_at(self, step):
        """Who is told that a meeting was moved must hear of it before the time it had before."""
        moments = [super()._notification_late_at(step)]
        if kind_of(step) == "change":
            before = ((self.notice_changes or {}).get(step.partition(":")[2]) or {}).get("fields", {}).get("start")
            moments.append(before and fields.Datetime.to_datetime(before[0]))
        if kind_of(step) in ("answer", "unanswered"):
            moments.append(self.answer_deadline)
        now = fields.Datetime.now()
        return min((moment for moment in moments if moment and moment > now), default=None)
