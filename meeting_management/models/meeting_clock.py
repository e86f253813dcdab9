"""One notion of time for everything somebody owes: a clock runs from the moment he owes it to the moment it is done.

This is the clock: its kinds, who may read it, how it counts. How clocks follow the facts of their documents stands in
`meeting_clock_follow.py`, pausing, and what people see, in `meeting_clock_face.py`.
"""

import functools
from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import frozendict, ormcache

LATER = WeakKeyDictionary()
"""Cursor → {model: ids} of documents whose clocks follow at the end of a deed. Not among what waits for the end of the
transaction: a savepoint within the deed empties that."""


def one_deed(verb):
    """Decorates a verb that changes several facts: clocks follow when all of them are written, so that none starts or
    stops for a state of affairs that never was."""

    @functools.wraps(verb)
    def wrapper(self, *args, **kwargs):
        with self.env["meeting.clock"]._together():
            return verb(self, *args, **kwargs)

    return wrapper


class MeetingClock(models.Model):
    """时限. A duty with a limit: what is owed, by whom, since when, until when, and whether it was met (RE-1, RE-2).

    `base_due` is what the document's own facts give; `due` is that and `pause_hours`, counted as the clock counts.
    While it is paused (`paused_at`) nothing is reminded of. Pauses belong to one run: a clock that begins anew
    (`started` moved, or it had stopped) forgets those that are over, and one that still lasts counts from there. A
    clock that is no longer owed has stopped: in time if that was at `due` or before, or while it was paused, else late;
    one whose document was cancelled is dropped and counts as neither.

    Read by whoever may read the document it belongs to, and by nobody else (CF-1); written by the module's own code.
    """

    _name = "meeting.clock"
    _inherit = ["meeting.mixin.document", "meeting.mixin.unsigned"]
    _description = "Time Limit"
    _order = "due, id"
    _rec_name = "kind"

    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", required=True, readonly=True)
    kind = fields.Selection(selection="_selection_kind", string="Duty", required=True, readonly=True)
    key = fields.Char(
        required=True, readonly=True, default="", help="Tells apart several rounds of one duty of one document."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    type_id = fields.Many2one("meeting.type", "Meeting Type", readonly=True, ondelete="set null")
    user_id = fields.Many2one(
        "res.users", "Owed By", readonly=True, index="btree_not_null", help="Empty where several people owe it."
    )
    is_working = fields.Boolean("In Working Time", readonly=True)
    started = fields.Datetime("Since", required=True, readonly=True)
    due = fields.Datetime("Due By", required=True, readonly=True)
    base_due = fields.Datetime(required=True, readonly=True)
    soon_at = fields.Datetime("Warn From", readonly=True)
    paused_at = fields.Datetime("Paused On", readonly=True)
    pause_hours = fields.Float(
        "Hours Paused", readonly=True, help="How long it stood still in all, in working hours where it counts those."
    )
    stopped_at = fields.Datetime("Stopped On", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "In time"), ("late", "Late"), ("dropped", "Dropped")],
        "Status",
        required=True,
        readonly=True,
        default="running",
    )
    needs_plan = fields.Boolean(readonly=True)

    _day_kinds = frozenset()
    """Duties that are due on a day: the midnight that ends it is said as that day."""

    _once = models.Constraint("UNIQUE(res_model, res_id, kind, key)", "This clock is running already.")
    _running_idx = models.Index("(kind, due) WHERE state = 'running'")
    _needs_plan_idx = models.Index("(id) WHERE needs_plan")

    # -- kinds --------------------------------------------------------------------------------------------------

    @api.model
    def _kinds(self):
        """Every kind of duty; a chapter adds its own with `super()`.

        :return: dict kind → dict with

            model     the model of the document it belongs to
            label     what the duty is called, a noun
            due       the limit as an event, for sentences: “the task is due”
            start     the beginning as an event: “the task was assigned”
            before    the ledger's step (and QWeb view `notice_<step>`) for reminders before the limit
            after     the same for reminders after it, and after the beginning; None where there are none
            others    instead of the step `after`, for recipients who do not owe it themselves
            pausable  whether those who run it may pause the clock
            escalates whether one person owes it, who has superiors
            shown     False for a moment that is no duty, like the start of a meeting
            typed     False where the document has no meeting type whose own rules could hold
        """
        return {}

    @api.model
    @ormcache("self.env.lang")
    def _all_kinds(self):
        """:return: what :meth:`_kinds` says, with the words of the current language; not to be changed"""
        return frozendict({kind: frozendict(facts) for kind, facts in self._kinds().items()})

    @api.model
    def _selection_kind(self):
        return [(kind, facts["label"]) for kind, facts in self._all_kinds().items()]

    def _facts(self):
        return self._all_kinds().get(self.kind) or {}

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = self._all_kinds()
        for clock in self:
            clock.display_name = kinds.get(clock.kind, {}).get("label", clock.kind)

    # -- who may read -------------------------------------------------------------------------------------------

    @api.model
    def _readable(self):
        """:return: domain of the clocks whose document the current user may read"""
        domain = Domain.FALSE
        for name in self._models():
            documents = self.env[name].with_context(active_test=False)
            if documents.has_access("read"):
                domain |= Domain("res_model", "=", name) & Domain("res_id", "in", documents._search([]))
        return domain

    @api.model
    def _models(self):
        """:return: names of the models whose documents have clocks"""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if not model._abstract and issubclass(model, self.env.registry["meeting.clock.mixin"])
        )

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        rest = (self - result[0] if result else self).filtered("id")
        if self.env.su or not rest:
            return result
        # sudo: which of these rows belong to documents the user may read; only the rows asked for come back
        open_ids = self.sudo().search(Domain("id", "in", rest.ids) & self.sudo(False)._readable())._ids
        hidden = rest.filtered(lambda clock: clock.id not in open_ids)
        if not hidden:
            return result
        return (result[0] | hidden, result[1]) if result else (hidden, self._make_hidden_error)

    def _make_hidden_error(self):
        return AccessError(
            self.env._("This time limit belongs to a document that you may not open. Ask the convener of the meeting.")
        )

    def _subject(self):
        """:return: the document, as superuser"""
        self.ensure_one()
        # sudo: handed to code of ours that asks the document's rules as the reader
        return self.env[self.res_model].sudo().browse(self.res_id)

    # -- following the facts ------------------------------------------------------------------------------------

    @api.model
    @contextmanager
    def _together(self):
        """Within this block facts of many documents change; their clocks follow once, at its end."""
        cr = self.env.cr
        if cr in LATER:  # somebody further out does it
            yield
            return
        LATER[cr] = defaultdict(set)
        try:
            yield
        finally:
            changed = LATER.pop(cr)
        for model, ids in changed.items():
            self.env[model].browse(sorted(ids)).exists()._follow_clocks()

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            vals["started"] = vals.get("started") or now
            vals["soon_at"] = self._soon(vals["started"], vals["due"])
        return super().create(vals_list)

    @api.model
    def _soon(self, started, due):
        """:return: from when a limit is near: in its last quarter, at most a day and at least a quarter of an hour
        before"""
        quarter = (due - started) / 4
        return due - min(max(quarter, timedelta(minutes=15)), timedelta(days=1))

    def _take(self, vals, time):
        """Take over what the document says by now.

        :return: self if anything changed
        """
        changes = {}
        for name in ("user_id", "type_id", "company_id"):
            if self[name].id != vals[name]:
                changes[name] = vals[name]
        if self.is_working != vals["is_working"]:
            changes["is_working"] = vals["is_working"]
        if vals["started"] and self.started != vals["started"]:
            changes["started"] = vals["started"]
        if self.base_due != vals["base_due"]:
            changes["base_due"] = vals["base_due"]
        if self.state != "running":
            changes.update(state="running", stopped_at=False, escalation_level=0, escalate_at=False)
        if {"state", "started"} & changes.keys() and (self.pause_hours or self.paused_at):
            changes["pause_hours"] = 0.0
            changes["paused_at"] = self.paused_at and max(self.paused_at, vals["started"] or self.paused_at)
        if not changes and not (self.pause_hours and self.is_working):
            return self.browse()
        before = self.due
        self.write(changes)
        self._set_due(time)  # also where nothing but a holiday has come into a pause
        return self if changes or self.due != before else self.browse()

    def _set_due(self, time):
        """The limit follows from the document's facts and the pauses."""
        self.due = self._add_hours(time, self.base_due, self.pause_hours) if self.pause_hours else self.base_due
        self.soon_at = self._soon(self.started, self.due)

    def _worker(self, time):
        return time.worker(self.user_id, self.company_id)

    def _add_hours(self, time, moment, hours):
        if self.is_working:
            return time.add_hours(self._worker(time), moment, hours)
        return moment + timedelta(hours=hours)

    def _hours_between(self, time, start, stop):
        """:return: hours as this clock counts them"""
        if self.is_working:
            return time.hours_between(self._worker(time), start, stop)
        return (stop - start).total_seconds() / 3600

    def _stop(self, dropped):
        now = fields.Datetime.now()
        late = not self.paused_at and now > self.due
        self.write(
            {
                "state": "dropped" if dropped else "late" if late else "done",
                "stopped_at": now,
                "paused_at": False,
                "needs_plan": False,
                "escalate_at": False,
            }
        )
