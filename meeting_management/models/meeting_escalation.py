"""When a duty stays undone: to the supervisor, the head of the department, and up the organisation chart (RE-2)."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..said import moment_said
from .meeting_working_time import WorkingTime

_logger = logging.getLogger(__name__)

PAUSE_AFTER_ERROR = timedelta(hours=1)


class MeetingClock(models.Model):
    """Going to superiors is a fact of the clock: how far it went, to whom and when.

    Level k is reached at ``WorkingTime.shift(W, due, k × interval)`` of the first rule in force that goes to superiors,
    and never sooner than one interval after level k - 1. Where that has passed already when it is planned, it is
    reached one interval from then; planning again puts it off no further. Then the next person of the chain who has
    not been told yet, is not away, has a login and may read the document is told, and whoever owes it is told that he
    was. Where the chain ends, the meeting's convener is told, then its chair; after that nobody. It ends when the duty
    is done, or at the levels of the rule.
    """

    _inherit = "meeting.clock"

    escalation_level = fields.Integer(readonly=True)
    escalate_at = fields.Datetime("Goes to Superiors On", readonly=True)
    escalated_at = fields.Datetime("Superiors Told On", readonly=True)
    escalated_user_id = fields.Many2one("res.users", "Last Superior Told", readonly=True)
    escalated_user_ids = fields.Many2many(
        "res.users", "meeting_clock_escalated_rel", "clock_id", "user_id", "Superiors Told", readonly=True
    )

    _escalate_idx = models.Index("(escalate_at) WHERE state = 'running' AND escalate_at IS NOT NULL")

    def _plan_escalation(self, holding, time):
        """Set when the next superior is told."""
        moments = []
        for clock in self:
            clock.escalate_at = clock._next_escalation(holding(clock), time)
            moments.append(clock.escalate_at)
        self._wake_watch(moments)

    def _next_escalation(self, rules, time):
        """:return: the moment, or False"""
        rule = next((rule for rule in rules if rule.escalate), None)
        if self.state != "running" or self.paused_at or not rule or self.escalation_level >= rule.escalate_levels:
            return False
        if not rule._applies(self, self._subject()):
            return False
        now = fields.Datetime.now()
        moment = self._escalation_moment(rule, time, self.due, self.escalation_level + 1)
        if self.escalation_level:
            moment = max(moment, self._escalation_moment(rule, time, self.escalated_at, 1))
        if moment <= now:
            later = self._escalation_moment(rule, time, now, 1)
            moment = min(self.escalate_at, later) if self.escalate_at else later
        return moment

    def _escalation_moment(self, rule, time, start, count):
        number = rule.escalate_number * count
        return time.shift(self._worker(time), start, number, rule.escalate_unit, rule.working, 1)

    # -- the job ------------------------------------------------------------------------------------------------

    @api.model
    def _lock_late(self, limit):
        return self._lock_where(
            SQL("state = 'running' AND paused_at IS NULL AND escalate_at <= %s", fields.Datetime.now()), limit
        )

    @api.model
    def _wake_for_next(self):
        [(moment,)] = self.env.execute_query(
            SQL("SELECT min(escalate_at) FROM meeting_clock WHERE state = 'running' AND escalate_at IS NOT NULL")
        )
        self._wake_watch([moment])

    def _escalate(self):
        """Tell the next superior of each; one that breaks is tried again later and stops no other (RE-4)."""
        holding = self.env["meeting.reminder.rule"]._book()
        for clock in self:
            try:
                with self.env.cr.savepoint():
                    clock._escalate_one(holding(clock))
            except Exception:
                _logger.warning("Clock %s cannot go to superiors", clock.id, exc_info=True)
                clock.invalidate_recordset(flush=False)
                clock.escalate_at = fields.Datetime.now() + PAUSE_AFTER_ERROR

    def _escalate_one(self, rules):
        now = fields.Datetime.now()
        rule = next((rule for rule in rules if rule.escalate), None)
        subject = self._subject().exists()
        superior = rule and subject and rule._applies(self, subject) and self._next_superior(subject, now)
        if not superior:
            self.escalate_at = False
            return
        self.write(
            {
                "escalation_level": self.escalation_level + 1,
                "escalate_at": False,
                "escalated_at": now,
                "escalated_user_id": superior.id,
                "escalated_user_ids": [fields.Command.link(superior.id)],
            }
        )
        self.escalate_at = self._next_escalation(rules, WorkingTime(self.env))
        # a duty that was met and is owed again begins anew with those who have not been told: the people count
        key = f"{self.id}.{rule.id}.{len(self.escalated_user_ids)}"
        ledger = self.env["meeting.notification"]
        ledger._queue(subject, f"escalated:{key}", superior.partner_id)
        ledger._queue(subject, f"escalated_owner:{key}", self.user_id.partner_id)

    # -- the chain ----------------------------------------------------------------------------------------------

    def _next_superior(self, subject, moment):
        """:return: the next user to be told, or no record"""
        told = self.escalated_user_ids | self.user_id
        chain = self._chain(subject)
        fallback = self._chain_end(subject)
        candidates = [user for user in [*chain, *fallback] if user not in told]
        away = self._away(self.env["res.users"].union(*candidates), moment)
        for user in candidates:
            if user.active and not user.share and user not in away and user in subject._readers_among(user):
                return user
        return self.env["res.users"]

    def _chain(self, subject):
        """:return: list of users above whoever owes it: the supervisor named on the document, the head of the
        department, then superiors, as far as the organisation chart goes and never in a circle"""
        users = list(subject._clock_supervisors(self))
        employee = self.user_id.with_company(self.company_id).employee_id
        above, seen = self._above(employee, first=True), set(employee.ids)
        while above and above.id not in seen:
            seen.add(above.id)
            users.append(above.user_id)
            above = self._above(above)
        return [user for user in dict.fromkeys(users) if user]

    @api.model
    def _above(self, employee, first=False):
        """The next employee up: of whoever owes it the head of his department, of a superior his own superior; where
        there is none the other of the two, then the head of the department above."""
        head = employee.department_id.manager_id - employee
        order = [head, employee.parent_id] if first else [employee.parent_id, head]
        department = employee.department_id.parent_id
        seen = set()
        while department and department.id not in seen:
            seen.add(department.id)
            order.append(department.manager_id - employee)
            department = department.parent_id
        return next((one for one in order if one), employee.browse())

    def _chain_end(self, subject):
        meeting = subject._notification_meeting()
        return [meeting.convener_id, meeting.chair_id] if meeting else []

    def _away(self, users, moment):
        """:return: those of these users who have time off at this moment"""
        employees = self.env["hr.employee"].search(
            [("user_id", "in", users.ids), ("company_id", "=", self.company_id.id)]
        )
        resources = WorkingTime(self.env).away(employees.resource_id.ids, moment)
        return employees.filtered(lambda employee: employee.resource_id.id in resources).user_id

    def _escalation_text(self):
        """:return: to whom and when it went, in words, or False"""
        self.ensure_one()
        if not self.escalated_user_id:
            return False
        return self.env._(
            "Reported to %(person)s on %(date)s",
            person=self.escalated_user_id.name,
            date=moment_said(self.env, self.escalated_at),
        )


class MeetingClockMixin(models.AbstractModel):
    _inherit = "meeting.clock.mixin"

    def _clock_supervisors(self, clock):
        """:return: users whom the document itself names as supervising this duty, before anybody of the organisation
        chart"""
        return self.env["res.users"]
