"""Clocks follow facts: what a document owes runs, moves and stops with what the document says.

A document says which duties run now (`_clocks`); whenever one of its facts changes, its clocks are brought in line
(`_follow_clocks`), and with them the reminders that hang on them (`meeting_reminder.py`). Nobody winds a clock by hand;
pausing is the one thing that is done to it (`meeting_clock_face.py`).
"""

from odoo import SUPERUSER_ID, api, models

from .meeting_clock import LATER
from .meeting_working_time import WorkingTime


class MeetingClockMixin(models.AbstractModel):
    """For a document with duties. The owning model says which fields they depend on, and lists them."""

    _name = "meeting.clock.mixin"
    _description = "Document with Time Limits"

    _clock_fields = frozenset()
    """A change of one of these is a reason to look at the clocks."""

    def _running(self, kind):
        """Whether a clock of this kind runs for this document."""
        self.ensure_one()
        # sudo: asked by what follows a fact, whoever changed it
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("kind", "=", kind)]
        return bool(self.env["meeting.clock"].sudo().search_count([*domain, ("state", "=", "running")], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._follow_clocks(born=True)
        return records

    def write(self, vals):
        res = super().write(vals)
        if self._clock_fields & vals.keys():
            self._follow_clocks()
        return res

    def unlink(self):
        # sudo: the clocks of what is deleted go with it
        clocks = self.env["meeting.clock"].sudo().search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        res = super().unlink()
        clocks.unlink()
        return res

    # -- what a document says -----------------------------------------------------------------------------------

    def _clocks(self, time):
        """The duties that run now.

        :param WorkingTime time: the calculator of this batch
        :return: list of dict(kind, due) and optionally key, user (who alone owes it), started (now by default),
            working (counted in working time)
        """
        return []

    def _clock_users(self):
        """:return: everybody who may owe something here, for reading their calendars at once"""
        return self.env["res.users"]

    def _clock_company(self):
        return self.company_id or self.env.company

    def _clock_type(self):
        """:return: the meeting type whose rules hold"""
        return self.env["meeting.type"]

    def _clock_debtors(self, clock):
        """:return: partners who owe it at this moment"""
        return clock.user_id.partner_id

    def _clock_candidates(self, clock):
        """:return: partners who may owe it at any time while it runs; they are planned for, and asked again when a
        message leaves"""
        return self._clock_debtors(clock)

    def _clock_people(self, clock, role):
        """:return: partners who have a role (code of `meeting.reminder.role`) here, other than owing it"""
        if role == "superior":
            return clock.user_id.with_company(clock.company_id).employee_id.parent_id.user_id.partner_id
        return self.env["res.partner"]

    def _clock_is_dropped(self, clock):
        """Whether a clock that stops now was given up with its document, rather than met."""
        return self.state == "cancelled" if "state" in self._fields else False

    def _clock_moved(self, clock):
        """A paused clock runs again with a new limit. A document that has the limit in a field of its own takes it over
        there, so that there is one limit.

        :return: whether it did
        """
        return False

    # -- the engine ---------------------------------------------------------------------------------------------

    def _follow_clocks(self, born=False):
        """Bring clocks and reminders of these documents in line with their facts; call it as often as you like.

        :param bool born: they were created just now and have neither
        """
        if not self:
            return
        later = LATER.get(self.env.cr)
        if later is not None:
            later[self._name].update(self.ids)
            return
        # sudo: clocks follow facts, whoever changed them; they are written by nobody else
        self = self.sudo()
        time = WorkingTime(self.env)
        time.know(self._clock_users(), self._clock_companies())
        wanted = {}
        for record in self:
            for duty in record._clocks(time):
                wanted[record.id, duty["kind"], str(duty.get("key") or "")] = record._prepare_clock(duty)
        # As bookings: their clocks are read by everybody, and name nobody as author (CF-5).
        Clock = self.env["meeting.clock"].with_user(SUPERUSER_ID)
        found = Clock if born else Clock.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        if not wanted and not found:
            return
        touched = Clock
        present = {(clock.res_id, clock.kind, clock.key): clock for clock in found}
        for key, clock in present.items():
            if key in wanted:
                touched |= clock._take(wanted.pop(key), time)
            elif clock.state == "running":
                clock._stop(self.browse(clock.res_id)._clock_is_dropped(clock))
                touched |= clock
        touched |= Clock.create(list(wanted.values()))
        # people may have come or gone although no clock changed: all that run are planned
        (touched | found.filtered(lambda clock: clock.state == "running"))._plan(time)
        self.invalidate_recordset(["clock_data"], flush=False)

    def _clock_companies(self):
        return self.env["res.company"].browse({record._clock_company().id for record in self})

    def _prepare_clock(self, duty):
        return {
            "res_model": self._name,
            "res_id": self.id,
            "kind": duty["kind"],
            "key": str(duty.get("key") or ""),
            "company_id": self._clock_company().id,
            "type_id": self._clock_type().id,
            "user_id": duty["user"].id if duty.get("user") else False,
            "is_working": bool(duty.get("working")),
            "started": duty.get("started"),
            "due": duty["due"],
            "base_due": duty["due"],
        }
