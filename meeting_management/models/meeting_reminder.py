"""The engine of reminders: clocks and rules become rows of the ledger, and rows move with their clocks (RE-1 to RE-4).

A row's key says what it hangs on: ``<step>:<clock>.<rule>.<n>``, with ``@<moment>`` behind it where the message has
been sent for another moment before. Planning is a function of the facts alone: whatever is owed by clocks, rules and
people now, at a moment to come, is waiting in the ledger, and nothing else of the engine's is, but for what is still
owed for a moment that has just passed and waits for the job. It can be called as often as one likes, for one document
or a thousand, at the same number of queries.
"""

import logging
import re
from collections import defaultdict
from datetime import datetime

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from .meeting_working_time import WorkingTime

_logger = logging.getLogger(__name__)

KEY = re.compile(r"^(?P<kind>\w+):(?P<clock>\d+)\.(?P<rule>\d+)\.(?P<n>\d+)(?:@(?P<moment>\d+))?$")
BATCH = 200


def parse_step(step):
    """:return: (kind, clock id, rule id, number) of a key of the engine's, or None for any other"""
    found = KEY.match(step)
    return found and (found["kind"], int(found["clock"]), int(found["rule"]), int(found["n"]))


def alive(record, name):
    """:return: the record, or none where it is gone; no query where the field of this name has been read already"""
    try:
        record[name]  # noqa: B018
    except MissingError:
        return record.browse()
    return record


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    # -- planning -----------------------------------------------------------------------------------------------

    def _plan(self, time=None):
        """Bring the ledger in line with these clocks."""
        if not self:
            return
        self = self.sudo()  # sudo: see `meeting.notification._queue_rows`
        time = time or WorkingTime(self.env)
        holding = self.env["meeting.reminder.rule"]._book()
        time.know(self.user_id, self.company_id)
        for model, clocks in self.grouped("res_model").items():
            subjects = self.env[model].browse(sorted(set(clocks.mapped("res_id")))).exists()
            clocks._plan_model(subjects, holding, time)
        self._plan_escalation(holding, time)

    def _plan_model(self, subjects, holding, time):
        ledger = self.env["meeting.notification"]
        now = fields.Datetime.now()
        alive = set(subjects._ids)
        wanted, reasons = {}, {}
        for clock in self:
            if clock.paused_at or clock.state == "dropped":
                reasons[clock.id] = "paused" if clock.paused_at else "cancelled"
            elif clock.state == "running" and clock.res_id in alive:
                subject = subjects.browse(clock.res_id).with_prefetch(subjects._ids)
                wanted |= clock._owed(subject, holding(clock), time)
        rows = ledger.search_fetch(
            [("res_model", "=", subjects._name), ("res_id", "in", self.mapped("res_id"))],
            ["res_id", "step", "partner_id", "due", "state", "retry_at"],
        )
        stale, left, waiting = defaultdict(ledger.browse), defaultdict(set), set()
        for row in rows:
            parsed = parse_step(row.step)
            if not parsed or parsed[1] not in self._ids or parsed[0] in ("escalated", "escalated_owner"):
                continue
            key = (row.res_id, row.step.partition("@")[0], row.partner_id.id)
            if row.state in ("sent", "failed"):
                left[key].add(row.due)
            if row.state != "pending" and not row.retry_at:
                continue
            if wanted.get(key) == row.due:
                waiting.add(key)
            else:
                reason = "moved" if key in wanted else reasons.get(parsed[1], "superseded")
                stale[reason] |= row
        for reason, gone in stale.items():
            gone.write({"state": "void", "reason": reason, "retry_at": False})
        owed = [
            (
                subjects.browse(key[0]).with_prefetch(subjects._ids),
                f"{key[1]}@{due:%Y%m%d%H%M}" if left[key] else key[1],
                key[2],
                due,
            )
            for key, due in wanted.items()
            if due > now and key not in waiting and due not in left[key]
        ]
        if owed:
            ledger.flush_model()
            ledger._queue_rows(owed, revive=True)

    def _owed(self, subject, rules, time):
        """:return: dict (document id, key, partner id) → moment, past ones included"""
        owed = {}
        for rule in rules:
            if not rule._applies(self, subject):
                continue
            recipients = rule._recipients(self, subject, subject._clock_candidates)
            for number, moment in enumerate(rule._moments(self, time)):
                for step, partners in recipients.items():
                    for partner_id in partners._ids:
                        owed[self.res_id, f"{step}:{self.id}.{rule.id}.{number}", partner_id] = moment
        return owed

    # -- the job ------------------------------------------------------------------------------------------------

    @api.model
    def _cron_watch(self, limit=BATCH):
        """Go to superiors where it is time, and plan anew what a changed rule or calendar touched; `limit` clocks
        between two commits, locked, so that several servers share the work."""
        cron = self.env["ir.cron"]
        self = self.with_user(SUPERUSER_ID)
        while clocks := self._lock_late(limit):
            clocks._escalate()
            if not cron._commit_progress(len(clocks)):
                break
        while clocks := self._lock_marked(limit):
            clocks._follow_again()
            if not cron._commit_progress(len(clocks)):
                break
        self._wake_for_next()
        cron._commit_progress()

    def _follow_again(self):
        """Look at the documents of these clocks anew. One broken document does not hold up the others (RE-4)."""
        try:
            with self.env.cr.savepoint():
                self.needs_plan = False
                for model, clocks in self.grouped("res_model").items():
                    self.env[model].browse(sorted(set(clocks.mapped("res_id")))).exists()._follow_clocks()
        except Exception:
            if len(self) == 1:
                _logger.warning("The reminders of clock %s cannot be planned", self.id, exc_info=True)
                self.invalidate_recordset(flush=False)
                self.needs_plan = False
                return
            for clock in self:
                clock._follow_again()

    @api.model
    def _lock_marked(self, limit):
        return self._lock_where(SQL("needs_plan"), limit)

    @api.model
    def _lock_where(self, condition, limit):
        """:return: clocks that no other worker holds"""
        self.flush_model()
        found = self.env.execute_query(
            SQL("SELECT id FROM meeting_clock WHERE %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED", condition, limit)
        )
        clocks = self.browse([row[0] for row in found])
        clocks.invalidate_recordset(flush=False)
        return clocks

    @api.model
    def _wake_watch(self, moments):
        """Have the watching job run at the first of `moments`; one trigger per transaction."""
        moments = [moment for moment in moments if moment]
        if not moments:
            return
        data = self.env.cr.precommit.data
        if "meeting.clock.wake" not in data:
            self.env.cr.precommit.add(self._flush_wake)
        data["meeting.clock.wake"] = min(*moments, data.get("meeting.clock.wake", datetime.max), datetime.max)

    def _flush_wake(self):
        moment = max(self.env.cr.precommit.data.pop("meeting.clock.wake"), fields.Datetime.now())
        # sudo: waking the job takes no decision and shows nothing
        job = self.env.ref("meeting_management.ir_cron_watch_clocks", raise_if_not_found=False)
        if not job:  # the module is being installed
            return
        job = job.sudo()
        waiting = [("cron_id", "=", job.id), ("call_at", ">", fields.Datetime.now()), ("call_at", "<=", moment)]
        if not self.env["ir.cron.trigger"].sudo().search_count(waiting, limit=1):
            job._trigger(at=moment)


class MeetingReminderRule(models.Model):
    _inherit = "meeting.reminder.rule"

    def _recipients(self, clock, subject, debtors):
        """Who owes it and has another role besides is told as the one who owes it.

        :param debtors: function clock → partners who owe it, now or perhaps
        :return: dict step → partners
        """
        facts = self.env["meeting.clock"]._all_kinds().get(self.kind) or {}
        if not self.step:
            return {}
        codes = set(self.role_ids.mapped("code"))
        nobody = self.env["res.partner"]
        owing = debtors(clock) if "debtor" in codes else nobody
        others = nobody.union(*(subject._clock_people(clock, code) for code in codes - {"debtor"})) - owing
        other_step = (facts.get("others") if self.timing != "before" else None) or self.step
        found = {self.step: owing}
        found[other_step] = found.get(other_step, nobody) | others
        return {step: partners for step, partners in found.items() if partners}


class MeetingNotificationSubject(models.AbstractModel):
    _inherit = "meeting.notification.subject"

    def _notification_clock(self, step):
        """:return: (clock, rule) of a key of the engine's; no records for any other key or where they are gone"""
        # sudo: a public rule, and the limit of a document whose message is being made for its reader
        Clock, Rule = self.env["meeting.clock"].sudo(), self.env["meeting.reminder.rule"].sudo()
        parsed = parse_step(step)
        if not parsed:
            return Clock, Rule
        # sudo: the text of a message about this document; who gets it was asked
        return alive(Clock.browse(parsed[1]), "state"), alive(Rule.browse(parsed[2]), "timing")

    def _notification_still_due(self, step, partners):
        """A reminder leaves as long as its duty is open and its condition holds, to those who still owe it or have the
        role it names."""
        partners = super()._notification_still_due(step, partners)
        parsed = parse_step(step)
        if not parsed:
            return partners
        none = partners.browse()
        clock, rule = self._notification_clock(step)
        if clock.state != "running" or clock.paused_at or clock.res_id != self.id:
            return none
        if parsed[0] in ("escalated", "escalated_owner"):
            return partners
        if not rule or (rule.timing == "before" and clock.due <= fields.Datetime.now()):
            return none
        if not rule._applies(clock, self):
            return none
        recipients = rule._recipients(clock, self, self._clock_debtors)
        return partners & none.union(*recipients.values())


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    reason = fields.Selection(selection_add=[("paused", "The time limit is paused")])
    channel = fields.Selection(
        selection=lambda self: self.env["meeting.reminder.rule"]._fields["channel"]._description_selection(self.env),
        compute="_compute_channel",
        help="What the reminder rule behind this message wants besides the person's own preference.",
    )

    @api.depends("step")
    def _compute_channel(self):
        keys = {row: parse_step(row.step or "") for row in self}
        # sudo: rules are read by every employee
        rules = self.env["meeting.reminder.rule"].sudo().browse({key[2] for key in keys.values() if key}).exists()
        for row, key in keys.items():
            rule = rules.filtered(lambda rule, key=key: key and rule.id == key[2])
            row.channel = rule.channel or "preference"

    def _preload(self):
        super()._preload()
        keys = [key for key in map(parse_step, set(self.mapped("step"))) if key]
        # sudo: the job reads them as superuser for the texts; nobody is shown anything here
        self.env["meeting.clock"].sudo().browse({key[1] for key in keys}).fetch()
        self.env["meeting.reminder.rule"].sudo().browse({key[2] for key in keys}).fetch()  # sudo: see above
