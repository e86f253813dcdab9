"""A clock as people see it, everywhere the same: calm, soon, over; “2 working hours left”, “1 day over”."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..once import once
from ..said import moment_said
from .meeting_working_time import WorkingTime


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    tone = fields.Selection(
        [("calm", "Calm"), ("soon", "Soon"), ("over", "Over"), ("paused", "Paused"), ("stopped", "Stopped")],
        compute="_compute_face",
    )
    left_text = fields.Char("Time Left", compute="_compute_face")
    due_text = fields.Char("Limit", compute="_compute_face", help="A duty that is due on a day is due on its last one.")
    escalation_text = fields.Char("Superiors", compute="_compute_face")
    subject_name = fields.Char("Document", compute="_compute_subject_name")
    can_pause = fields.Boolean(compute="_compute_can_pause")
    can_resume = fields.Boolean(compute="_compute_can_pause")

    @api.depends("state", "due", "paused_at", "stopped_at", "soon_at", "is_working", "escalated_at")
    @api.depends_context("lang", "tz")
    def _compute_face(self):
        now = fields.Datetime.now()
        time = WorkingTime(self.env)
        # sudo: calendars of whoever owes it; what comes out is a length of time
        time.know(self.sudo().user_id, self.sudo().company_id)
        for clock in self:
            clock.tone = clock._tone(now)
            clock.left_text = clock._left_text(now, time)
            clock.due_text = clock._due_text(time)
            # sudo: the name of a superior who was told, for whoever may read the document
            clock.escalation_text = clock.sudo()._escalation_text()

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "lang")
    def _compute_subject_name(self):
        """The name as its own model shows it to the reader: masked for who may not read the document."""
        for model, clocks in self.grouped("res_model").items():
            documents = self.env[model].browse(clocks.mapped("res_id")) if model in self.env else None
            for clock in clocks:
                document = documents and documents.browse(clock.res_id).with_prefetch(documents._ids)
                clock.subject_name = document.display_name if document else False

    def _tone(self, now):
        if self.state != "running":
            return "stopped"
        if self.paused_at:
            return "paused"
        if now > self.due:
            return "over"
        return "soon" if self.soon_at and now >= self.soon_at else "calm"

    def _left_text(self, now, time):
        if self.state == "done":
            return self.env._("In time")
        if self.state == "dropped":
            return self.env._("Dropped")
        moment = self.stopped_at if self.state == "late" else self.paused_at or now
        over = moment > self.due
        length = self._length(moment, time)
        if self.state == "late":
            return self.env._("%s late", length)
        if self.paused_at:
            return self.env._("Paused, %s over", length) if over else self.env._("Paused, %s left", length)
        return self.env._("%s over", length) if over else self.env._("%s left", length)

    def _due_text(self, time):
        """:return: the limit in the reader's way of writing it; of a duty that is due on a day, the last day, as
        whoever owes it counts"""
        if self.kind in self._day_kinds:
            worker = self._worker(time)
            day = time.day_of(worker, self.due - timedelta(seconds=1))
            if time.end_of_day(worker, day) == self.due:
                return format_date(self.env, day)
        tz = self.env.context.get("tz")
        key = (self.env.lang, tz, self.due)
        return once(self.env, "due", key, lambda: moment_said(self.env, self.due, tz))

    def _length(self, moment, time):
        """:return: the time between `moment` and the limit, in words, in the measure the clock counts in"""
        hours = abs(self._hours_between(time, moment, self.due))
        day = time.hours_per_day(self._worker(time)) if self.is_working else 24
        if hours >= 2 * day or (self.is_working and hours == day):
            days = int(hours / day + 1e-6)
            if self.is_working:
                return self.env._("1 working day") if days == 1 else self.env._("%s working days", days)
            return self.env._("%s days", days)
        if hours >= 1:
            hours = int(hours + 1e-6)
            if not self.is_working and hours == 24:
                return self.env._("1 day")
            if self.is_working:
                return self.env._("1 working hour") if hours == 1 else self.env._("%s working hours", hours)
            return self.env._("1 hour") if hours == 1 else self.env._("%s hours", hours)
        minutes = int(hours * 60)
        return self.env._("1 minute") if minutes == 1 else self.env._("%s minutes", minutes)

    def _face(self):
        """:return: what the field widget and My Day show"""
        self.ensure_one()
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self.display_name,
            "tone": self.tone,
            "text": self.left_text,
            "state": self.state,
            "due": self.due_text,
            "owed_by": self.sudo().user_id.name or False,  # sudo: a colleague's name
            "superiors": self.escalation_text or False,
        }

    # -- pausing ------------------------------------------------------------------------------------------------

    def _may_steer(self):
        """Whether the current user runs the document: who does may let a clock of it stand still."""
        subject = self._subject().sudo(False)
        return bool(subject.has_access("read") and subject._clock_may_pause())

    @api.depends("state", "paused_at", "kind")
    @api.depends_context("uid")
    def _compute_can_pause(self):
        for clock in self:
            clock.can_pause = not clock._refusal_pause()
            clock.can_resume = not clock._refusal_resume()

    def _refusal_pause(self):
        if self.state != "running" or self.paused_at:
            return UserError(self.env._("Only a time limit that runs can be paused. Reload the page to see it."))
        return self._refusal_steer()

    def _refusal_resume(self):
        if not self.paused_at:
            return UserError(self.env._("This time limit is not paused. Reload the page to see it."))
        return self._refusal_steer()

    def _refusal_steer(self):
        if not self._facts().get("pausable"):
            return UserError(
                self.env._("“%s” has a fixed date. Move the meeting or the deadline instead.", self.display_name)
            )
        if not self._may_steer():
            return AccessError(self.env._("Only those who run the meeting, or decide on the room, pause its limits."))
        return None

    def action_pause(self):
        """Let the clock stand still: nothing is reminded of, and the time left stays what it is."""
        for clock in self:
            refusal = clock._refusal_pause()
            if refusal:
                raise refusal
        # sudo: clocks are written by nobody over RPC; who may was checked
        clocks = self.sudo()
        clocks.paused_at = fields.Datetime.now()
        clocks._plan()
        clocks._tell_pause(self.env._("The time limit “%s” is paused."))

    def action_resume(self):
        """Let it run again, with the time that was left when it was paused."""
        for clock in self:
            refusal = clock._refusal_resume()
            if refusal:
                raise refusal
        time = WorkingTime(self.env)
        now = fields.Datetime.now()
        for clock in self.sudo():  # sudo: as above
            hours = max(clock._hours_between(time, clock.paused_at, now), 0.0)
            clock.write({"pause_hours": clock.pause_hours + hours, "paused_at": False})
            clock._set_due(time)
            subject = clock._subject()
            due = clock.due
            with self.env["meeting.clock"]._together():
                if subject._clock_moved(clock):
                    clock.write({"base_due": due, "pause_hours": 0.0})
        # sudo: who may pause was asked above; reminders are planned by the system alone
        self.sudo()._plan(time)
        self.sudo()._tell_pause(self.env._("The time limit “%s” runs again."))  # sudo: as above

    def _tell_pause(self, sentence):
        for clock in self:
            subject = clock._subject()
            if "message_ids" in subject._fields:
                subject.message_post(body=sentence % clock.display_name, author_id=self.env.user.partner_id.id)


class MeetingClockMixin(models.AbstractModel):
    _inherit = "meeting.clock.mixin"

    clock_data = fields.Json("Time Limits", compute="_compute_clock_data", help="What is owed here, and until when.")

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_clock_data(self):
        """The clocks that run, the most pressing first, by the reader's own rights; what has stopped is in the list
        that opens from here."""
        kinds = self.env["meeting.clock"]._all_kinds()
        shown = [kind for kind, facts in kinds.items() if facts.get("shown", True)]
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("kind", "in", shown)]
        found = defaultdict(list)
        for clock in self.env["meeting.clock"].search([*domain, ("state", "=", "running")], order="due, id"):
            found[clock.res_id].append(clock._face())
        for record in self:
            record.clock_data = found[record._origin.id]

    def _clock_may_pause(self):
        """Whether the current user may pause a clock of this document, which he may read."""
        return self.is_editable if "is_editable" in self._fields else False

    def action_open_clocks(self):
        """All time limits of this document, also those that have stopped."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_clock_action")
        return {**action, "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)], "target": "new"}


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _clock_may_pause(self):
        return self._is_decider()


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _card(self, record, title, when, **values):
        return {"clock": self._clock_of(record), **super()._card(record, title, when, **values)}

    def _clock_of(self, record):
        """:return: the face of the most pressing limit that I owe here, or False"""
        if "clock_data" not in record._fields:
            return False
        me = self.env.user
        for face in record.clock_data or ():
            # sudo: whether I am among those who owe it
            owed = self.env["meeting.clock"].sudo().browse(face["id"])
            # sudo: as above
            shared = not owed.user_id and me.partner_id in record.sudo()._clock_debtors(owed)
            if owed.user_id == me or shared:
                return face
        return False
