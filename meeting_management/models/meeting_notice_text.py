"""What a meeting says in its notices: the values for the views in `data/notification_templates_meeting.xml`.

Everything here runs as superuser in the recipient's language and time zone, and is read by every recipient of the step.
"""

from babel.dates import get_timezone_name
from odoo import fields, models
from odoo.tools import format_date, format_list
from odoo.tools.misc import babel_locale_parse

from ..once import once
from ..said import time_said

try:
    import vobject
except ImportError:  # Odoo's own calendar does without it as well; then no file goes with the notice
    vobject = None


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_values(self, step):
        kind = step.partition("@")[0].partition(":")[0]
        values = getattr(self, f"_notice_values_{kind}")(step.partition(":")[2].partition("@")[0])
        values.setdefault("author", self.convener_id.partner_id)
        return values

    # Facts

    def _notice_when(self, start=None, stop=None):
        """:return: day, time and time zone in the reader's language: "Tuesday, 24 November 2026, 09:00 – 10:30 (China
        Standard Time)"."""
        start, stop = start or self.start, stop or self.stop
        tz = self.env.context.get("tz") or "UTC"
        return once(self.env, "when", (self.env.lang, tz, start, stop), lambda: self._when_text(start, stop, tz))

    def _when_text(self, start, stop, tz):
        here = fields.Datetime.context_timestamp(self.with_context(tz=tz), start)
        there = fields.Datetime.context_timestamp(self.with_context(tz=tz), stop)
        locale = babel_locale_parse(self.env.lang or "en_US")
        zone = get_timezone_name(here, "long", locale=locale)
        first, last = (format_date(self.env, day.date(), date_format="full") for day in (here, there))
        begin, end = (time_said(self.env, moment, tz) for moment in (start, stop))
        if first == last:
            return self.env._("%(day)s, %(start)s – %(stop)s (%(zone)s)", day=first, start=begin, stop=end, zone=zone)
        return self.env._(
            "%(first)s, %(start)s – %(last)s, %(stop)s (%(zone)s)",
            first=first,
            start=begin,
            last=last,
            stop=end,
            zone=zone,
        )

    def _notification_default_tz(self):
        """Who has no time zone of his own reads the time of the place where it happens."""
        # sudo: the time zone of a place, which every employee may read
        return self.room_id.sudo().location_id.tz or super()._notification_default_tz()

    def _notice_facts(self, admitted=False):
        """Time and place for everybody; link, chair and number where the level allows it (CF-1).

        :param bool admitted: the reader is one person who has met the conditions of the meeting's level
        """
        facts = [(self.env._("When"), self._notice_when()), (self.env._("Where"), self.location_text)]
        if admitted or self.level != "secret":
            facts += [
                (self.env._("Online"), self.video_url),
                (self.env._("Chair"), self.chair_id.name),
                (self.env._("Number"), self.number),
            ]
        return [(label, text) for label, text in facts if text]

    def _notice_agenda(self, topics=None):
        """:return: what the notice says of each of these topics; of the open ones by default"""
        if topics is None:
            topics = self.agenda_item_ids.filtered(lambda topic: not topic.level)
        return [
            {
                "name": item.name,
                "presenter": item.presenter_id.name,
                "late": item.late_reason,
                "minutes": item.minutes,
                "documents": format_list(self.env, item.attachment_ids.mapped("name")),
            }
            for item in topics.sorted("sequence")
        ]

    def _notification_audience(self, partner):
        """Who is admitted to the same closed topics reads the same letter."""
        closed = self.agenda_item_ids.filtered("level")
        return tuple(closed._known_to(partner).ids)

    def _notification_values_for(self, values, audience):
        if audience and "agenda" in values:
            closed = self.env["meeting.agenda.item"].browse(audience)
            values["agenda"] = self._notice_agenda(self.agenda_item_ids.filtered(lambda t: not t.level) | closed)
        return values

    def _notice_lead(self):
        """:return: how long ahead this kind of meeting is announced, in words"""
        return self.env["meeting.notification"]._format_minutes(self.notice_lead_hours * 60)

    def _notice_answer_by(self):
        if not self.answer_deadline or self.answer_deadline <= fields.Datetime.now():
            return False
        return self._notice_moment(self.answer_deadline)

    def _notice_moment(self, moment):
        """:return: day and time in the reader's language and time zone, to the minute."""
        tz = self.env.context.get("tz") or "UTC"
        here = fields.Datetime.context_timestamp(self.with_context(tz=tz), moment)
        return self.env._(
            "%(day)s, %(time)s",
            day=format_date(self.env, here.date(), date_format="full"),
            time=time_said(self.env, moment, tz),
        )

    # One method per step

    def _notice_values_approval(self, detail):
        approval = self.approval_ids.filtered(lambda row: row.id == int(detail))
        return {
            "subject": self.env._("Please approve: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Approval requested"), "info"),
            "neutral": self.env._("A confidential meeting waits for your approval."),
            "button": self.env._("Decide"),
            "applicant": self.convener_id.name,
            "step_name": approval.name,
            "purpose": self.purpose,
            "person_hours": self._notice_number(self.person_hours),
            "headcount": len(self.participant_ids),
        }

    def _notice_number(self, value):
        return f"{value:.1f}".removesuffix(".0") if value else ""

    def _notice_values_approval_waiting(self, detail):
        return {
            "subject": self.env._("Still waiting for your approval: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Approval waiting"), "warning"),
            "neutral": self.env._("A confidential meeting still waits for your approval."),
            "button": self.env._("Decide"),
        }

    def _notice_values_refused(self, detail):
        approval = self._refused_approval()
        return {
            "subject": self.env._("Application returned: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Returned for correction"), "danger"),
            "neutral": self.env._("Your application for a confidential meeting was returned for correction."),
            "button": self.env._("Correct and submit again"),
            "author": approval.approver_id.partner_id or self.company_id.partner_id,
            "decided_by": approval.approver_id.name or self.company_id.name,
            "reason": self.refusal_reason,
        }

    def _notice_values_scheduled(self, detail):
        return {
            "subject": self.env._("Approved: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Approved and scheduled"), "success"),
            "neutral": self.env._(
                "Your application for a confidential meeting was approved. The meeting is scheduled."
            ),
            "author": self.company_id.partner_id,
            "headcount": len(self.participant_ids),
        }

    def _notice_values_notice(self, detail):
        return {
            "subject": self.env._("Meeting notice: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Urgent meeting"), "danger")
            if self.is_urgent
            else (self.env._("Meeting notice"), "info"),
            "neutral": self.env._("You are invited to a confidential meeting."),
            "button": self.env._("Open and answer"),
            "is_short": self.is_short_notice,
            "lead": self._notice_lead(),
            "purpose": self.purpose,
            "agenda": self._notice_agenda(),
            "preparation": self.preparation,
            "confidentiality": self._confidentiality_reminder(),
            "answer_by": self._notice_answer_by(),
        }

    def _notice_values_change(self, detail):
        return {
            "subject": self.env._("Changed: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Changed"), "warning"),
            "neutral": self.env._("Time or place of a confidential meeting has changed."),
            "changes": self._notice_changed(self.notice_changes[detail]["fields"]),
            "reason": self.notice_changes[detail]["reason"],
            "answer_again": self._asks_anew(self.notice_changes[detail]["fields"]),
            "answer_by": self._notice_answer_by(),
            "button": self.env._("Open and answer"),
        }

    def _notice_changed(self, changes):
        """:return: list of dict(label, old, new) as people say it: one line for the time and one for the place, however
        many of their fields moved."""
        changes = dict(changes)
        lines = []
        if {"start", "stop"} & changes.keys():
            (start, new_start), (stop, new_stop) = (
                [fields.Datetime.to_datetime(value) or self[name] for value in changes.pop(name, (False, False))]
                for name in ("start", "stop")
            )
            old, new = self._notice_when(start, stop), self._notice_when(new_start, new_stop)
            lines.append({"label": self.env._("When"), "old": old, "new": new})
        if {"room_id", "place"} & changes.keys():
            now = [self.room_id and ["meeting.room", self.room_id.id], self.place]
            rooms = changes.pop("room_id", (now[0], now[0]))
            places = changes.pop("place", (now[1], now[1]))
            old, new = (self._notice_where(room, place) for room, place in zip(rooms, places, strict=True))
            if old != new:
                lines.append({"label": self.env._("Where"), "old": old, "new": new})
        for name, pair in changes.items():
            label = self._fields[name]._description_string(self.env)
            old, new = (value or self.env._("(none)") for value in pair)
            lines.append({"label": label, "old": old, "new": new})
        return lines

    def _notice_where(self, room, place):
        """:return: the place as it was or is; `room` as `_plain` keeps it"""
        if room:
            room = self.env["meeting.room"].browse(room[1]).exists()
            return f"{room.location_id.name} · {room.name}" if room else self.env._("(deleted)")
        return place or self.env._("(none)")

    def _notice_values_cancel(self, detail):
        return {
            "subject": self.env._("Cancelled: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Cancelled"), "danger"),
            "neutral": self.env._("A confidential meeting does not take place."),
            "reason": self.cancel_reason,
        }

    def _notice_values_removed(self, detail):
        return {
            "subject": self.env._("No longer a participant: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("No longer a participant"), "warning"),
            "neutral": self.env._(
                "You are no longer on the list of participants of a confidential meeting. You need not attend."
            ),
        }

    def _notice_values_answer(self, detail):
        return {
            "subject": self.env._("Will you attend? %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Answer missing"), "warning"),
            "neutral": self.env._("You have not answered yet whether you will attend a confidential meeting."),
            "button": self.env._("Open and answer"),
            "answer_by": self._notice_answer_by(),
        }

    def _notice_values_unanswered(self, detail):
        missing = self.participant_ids.filtered(lambda line: line.response == "pending")
        return {
            "subject": self.env._("No answer from %(count)s: %(meeting)s", count=len(missing), meeting=self.name),
            "heading": self.name,
            "badge": (self.env._("Answers missing"), "warning"),
            "neutral": self.env._("Not all participants of a confidential meeting have answered."),
            "author": self.company_id.partner_id,
            "names": missing.partner_id.mapped("name"),
        }

    def _notice_values_remind(self, detail):
        ahead = self._notice_ahead(detail)
        return {
            "subject": self.env._("In %(time)s: %(meeting)s", time=ahead, meeting=self.name),
            "heading": self.name,
            "badge": (self.env._("Begins in %s", ahead), "info"),
            "neutral": self.env._("A confidential meeting begins in %s.", ahead),
            "preparation": self.preparation,
        }

    def _notice_ahead(self, detail):
        """:return: how long before the start a reminder is owed, in words"""
        row_number = int(detail.rpartition(".")[2])
        _clock, rule = self._notification_clock(f"remind:{detail}")
        minutes = {"minutes": 1, "hours": 60, "days": 1440}[rule.unit] * (rule.number - row_number * rule.every)
        return self.env["meeting.notification"]._format_minutes(minutes)

    def _notice_values_link(self, detail):
        return {
            "subject": self.env._("Your new link: %s", self.name),
            "heading": self.name,
            "neutral": self.env._("This is your new personal link. Earlier links no longer work."),
        }

    # Calendar file

    def _notification_attachments(self, step):
        """The notice brings the appointment along; a change or cancellation brings its update (same UID, higher
        sequence)."""
        if step.partition("@")[0].partition(":")[0] not in ("notice", "change", "cancel") or not vobject:
            return []
        return [(self._notice_ics_name(), self._notice_ics())]

    def _notice_ics_name(self):
        return "meeting.ics"

    def _notice_ics(self):
        """:return: the appointment as iCalendar, bytes. Of a secret meeting it tells time and place only (CF-1).

        METHOD is PUBLISH: answers go through our own buttons, not by mail to the organiser, where nobody would count
        them.
        """
        calendar = vobject.iCalendar()
        calendar.add("method").value = "PUBLISH"
        event = calendar.add("vevent")
        secret = self.level == "secret"
        # sudo: the database's own name and how often the meeting changed make the appointment the same one each time
        event.add(
            "uid"
        ).value = f"meeting-{self.id}@{self.env['ir.config_parameter'].sudo().get_param('database.uuid')}"
        event.add("sequence").value = str(len(self.sudo().notice_changes or {}) + (self.state == "cancelled"))
        event.add("dtstamp").value = fields.Datetime.now().replace(tzinfo=vobject.icalendar.utc)
        event.add("dtstart").value = self.start.replace(tzinfo=vobject.icalendar.utc)
        event.add("dtend").value = self.stop.replace(tzinfo=vobject.icalendar.utc)
        event.add("summary").value = self.env._("Confidential meeting") if secret else self.name
        event.add("status").value = "CANCELLED" if self.state == "cancelled" else "CONFIRMED"
        event.add("class").value = "PUBLIC" if self.level == "public" else "CONFIDENTIAL"
        if place := self.location_text:
            event.add("location").value = place
        if not secret:
            lines = [
                self.purpose,
                *(f"{number}. {item['name']}" for number, item in enumerate(self._notice_agenda(), 1)),
                self.video_url,
            ]
            if text := "\n".join(line for line in lines if line):
                event.add("description").value = text
        return calendar.serialize().encode()
