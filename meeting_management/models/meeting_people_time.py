"""When people can come: other meetings, the calendar, time off, working hours (PT-5)."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from pytz import timezone, utc

from ..said import time_said
from .meeting_joined import sentences
from .meeting_room_refusal import Periods

NOTHING = Periods()
LONGEST = timedelta(days=10)  # no meeting is longer, by constraint: bounds the index scan from below


class Busy(NamedTuple):
    """Why somebody cannot come; ``title`` only where the reader may know it."""

    start: Any
    stop: Any
    kind: str
    title: Any = False


class MeetingPeopleTime(models.AbstractModel):
    """Tells when people are busy, and never with what, unless the reader may read that meeting.

    Who may: employees ask about employees. Of outside guests only those meetings count that the reader may read, so
    that nobody learns that a client is in the house.
    """

    _name = "meeting.people.time"
    _description = "People's Time"

    _kinds = ("away", "meeting", "busy", "off")
    """From the weightiest: time off, another meeting, a calendar entry, outside working hours."""

    def _busy(self, partners, start, stop, except_meeting=None):
        """``{partner id: {kind: Periods of Busy}}`` between two moments, in a handful of queries for all people."""
        if not partners:
            return {}
        staff = self._staff(partners)
        rows = defaultdict(lambda: defaultdict(list))
        sources = (
            self._in_meetings(partners, staff, start, stop, except_meeting),
            self._in_calendar(staff, start, stop),
            self._away(staff, start, stop),
            self._off_hours(staff, start, stop),
        )
        for source in sources:
            for partner_id, busy in source:
                rows[partner_id][busy.kind].append(busy)
        return {number: {kind: Periods(found) for kind, found in by_kind.items()} for number, by_kind in rows.items()}

    def _clash(self, busy, start, stop):
        """The weightiest thing that keeps somebody from coming, or ``None``; ``busy`` is one person's."""
        for kind in self._kinds:
            found = busy.get(kind, NOTHING).first(start, stop)
            if found:
                return found
        return None

    def _sentence(self, partner, clash, tz=False):
        """“Anna is away”: what anybody may know, in the reader's language, on the clocks of ``tz`` or his own."""
        tz = tz or self.env.context.get("tz")
        name = partner.name
        if clash.kind == "away":
            return self.env._("%s is away", name)
        if clash.kind == "off":
            return self.env._("%s does not work at that time", name)
        when = {
            "name": name,
            "start": time_said(self.env, clash.start, tz),
            "stop": time_said(self.env, clash.stop, tz),
        }
        if clash.title:
            return self.env._("%(name)s is in “%(title)s” from %(start)s to %(stop)s", title=clash.title, **when)
        return self.env._("%(name)s is busy from %(start)s to %(stop)s", **when)

    # -- sources ------------------------------------------------------------------------------------------------

    def _staff(self, partners):
        """``{partner id: employee or empty}`` of those who work here.

        The employees come as superuser, all of one batch: of them only the resource, the company and the working hours
        are read, which colleagues see in Odoo's calendar too, and never a reason for being away.
        """
        # sudo: which login and which employee a contact has is public to employees; nothing else is read.
        users = self.env["res.users"].sudo()
        users = users.search_fetch([("partner_id", "in", partners.ids), ("share", "=", False)], ["partner_id"])
        by_contact = [("work_contact_id", "in", partners.ids)]
        by_login = [("user_id", "in", users.ids), ("company_id", "in", self.env.companies.ids)]
        nobody = self.env["hr.employee"].sudo()  # sudo: see above
        employees = nobody.search_fetch(
            Domain.OR([by_contact, by_login]), ["work_contact_id", "user_id", "resource_id", "company_id"]
        )
        result = dict.fromkeys(users.partner_id.ids, nobody)
        ranked = [(employee.user_id.partner_id.id, employee) for employee in reversed(employees)]
        ranked += [(employee.work_contact_id.id, employee) for employee in reversed(employees)]
        result.update((number, employee) for number, employee in ranked if number in partners._ids)
        return result

    def _in_meetings(self, partners, staff, start, stop, except_meeting):
        """Announced meetings: before that nobody was told of them."""
        if not partners:
            return
        Participant = self.env["meeting.participant"]
        Participant.flush_model(["partner_id", "start", "stop", "response", "meeting_id"])
        self.env["meeting.meeting"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT line.partner_id, line.start, line.stop, line.meeting_id
                     FROM meeting_participant line JOIN meeting_meeting meeting ON meeting.id = line.meeting_id
                    WHERE line.partner_id IN %s AND line.start < %s AND line.start > %s AND line.stop > %s
                      AND line.response != 'declined' AND meeting.state IN ('scheduled', 'in_progress')
                      AND meeting.id != %s""",
                tuple(partners.ids),
                stop,
                start - LONGEST,
                start,
                except_meeting._origin.id if except_meeting and except_meeting._origin else 0,
            )
        )
        # The reader's own rights decide whose subject he sees, even where the caller computes as superuser.
        Meeting = self.env["meeting.meeting"].sudo(False)
        readable = Meeting.search_fetch([("id", "in", list({row[3] for row in rows}))], ["name"]) if rows else Meeting
        titles = {meeting.id: meeting.name for meeting in readable}
        for partner_id, since, till, meeting_id in rows:
            if partner_id in staff or meeting_id in titles:
                yield partner_id, Busy(since, till, "meeting", titles.get(meeting_id, False))

    def _in_calendar(self, staff, start, stop):
        """Entries that people marked as busy; those that mirror a formal meeting were counted with the meeting."""
        if not staff:
            return
        self.env["calendar.event"].flush_model(["start", "stop", "active", "show_as", "formal_meeting_id"])
        self.env["calendar.attendee"].flush_model(["event_id", "partner_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT attendee.partner_id, event.start, event.stop
                     FROM calendar_attendee attendee JOIN calendar_event event ON event.id = attendee.event_id
                    WHERE attendee.partner_id IN %s AND attendee.state != 'declined' AND event.active
                      AND event.show_as = 'busy' AND event.formal_meeting_id IS NULL
                      AND event.start < %s AND event.stop > %s""",
                tuple(staff),
                stop,
                start,
            )
        )
        for partner_id, since, till in rows:
            yield partner_id, Busy(since, till, "busy")

    def _away(self, staff, start, stop):
        """Time off of the person, and days on which the whole company is off. The reason stays with those concerned."""
        employees = {partner_id: employee for partner_id, employee in staff.items() if employee}
        resources = {employee.resource_id.id: number for number, employee in employees.items()}
        calendars = defaultdict(list)
        for number, employee in employees.items():
            calendars[employee.resource_calendar_id.id].append(number)
        # sudo: that somebody is away, not why, is what colleagues plan with; nothing else is read of the time off.
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("date_from", "<", stop),
                    ("date_to", ">", start),
                    ("time_type", "=", "leave"),
                    "|",
                    ("resource_id", "in", list(resources)),
                    "&",
                    ("resource_id", "=", False),
                    ("calendar_id", "in", [False, *calendars]),
                ],
                ["date_from", "date_to", "resource_id", "calendar_id", "company_id"],
            )
        )
        for leave in leaves:
            if leave.resource_id:
                yield resources[leave.resource_id.id], Busy(leave.date_from, leave.date_to, "away")
                continue
            concerned = calendars[leave.calendar_id.id] if leave.calendar_id else list(employees)
            for number in concerned:
                if not leave.company_id or leave.company_id == employees[number].company_id:
                    yield number, Busy(leave.date_from, leave.date_to, "off")

    def _off_hours(self, staff, start, stop):
        """What lies outside the working hours of people who have some; each in his own time zone."""
        begin, end, known = utc.localize(start), utc.localize(stop), {}
        for number, employee in staff.items():
            calendar = employee.resource_calendar_id
            if not calendar or calendar.flexible_hours:
                continue
            tz = timezone(employee.tz or calendar.tz or "UTC")
            if (calendar, tz) not in known:
                hours = calendar._attendance_intervals_batch(begin.astimezone(tz), end.astimezone(tz), tz=tz)[False]
                edges = [start]
                for since, till, _record in hours:
                    edges += [moment.astimezone(utc).replace(tzinfo=None) for moment in (since, till)]
                edges.append(stop)
                known[calendar, tz] = [
                    Busy(since, till, "off")
                    for since, till in zip(edges[::2], edges[1::2], strict=True)
                    if since < till
                ]
            for busy in known[calendar, tz]:
                yield number, busy


class MeetingMeeting(models.Model):
    """What a meeting gains: while it is planned, it tells who cannot come (PT-5)."""

    _inherit = "meeting.meeting"

    people_warning = fields.Char(compute="_compute_people_warning", string="Who Cannot Come")

    @api.depends("participant_ids.partner_id", "start", "stop", "state")
    @api.depends_context("uid", "lang", "tz")
    def _compute_people_warning(self):
        People = self.env["meeting.people.time"]
        for meeting in self:
            meeting.people_warning = False
            start, stop = meeting.start, meeting.stop
            if meeting.state not in ("draft", "submitted") or not start or not stop or start >= stop:
                continue
            partners = meeting.participant_ids.partner_id._origin
            busy = People._busy(partners, start, stop, except_meeting=meeting)
            clashes = ((partner, People._clash(busy.get(partner.id, {}), start, stop)) for partner in partners)
            meeting.people_warning = sentences(
                self.env, (People._sentence(partner, clash) for partner, clash in clashes if clash)
            )
