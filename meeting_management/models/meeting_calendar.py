"""The meeting's side of the calendar shadow: which entries there should be, kept in place (ARCHITECTURE: decision 4,
CF-1).

A public meeting has one shared entry with all participants. Any other has one private, neutrally named entry per
participant with an account, without place or people: the calendar lets others search by these even where it hides
them.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command

OPEN_STATES = ("scheduled", "in_progress")
SHOWN_STATES = ("scheduled", "in_progress", "held", "closed")
STATES = {"accepted": "accepted", "declined": "declined", "tentative": "tentative", "pending": "needsAction"}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state in ("scheduled", "cancelled"):
            self._sync_calendar()
        return res

    def _after_reschedule(self, moved, reason):
        res = super()._after_reschedule(moved, reason)
        self._sync_calendar()
        return res

    def write(self, vals):
        res = super().write(vals)
        if {"name", "level", "convener_id"} & vals.keys():
            self.filtered(lambda meeting: meeting.state in SHOWN_STATES)._sync_calendar()
        return res

    @api.model
    def _calendar(self):
        """Calendar entries as the system: it keeps them, and the calendar tells nobody by mail."""
        return (
            self.env["calendar.event"]
            .with_user(SUPERUSER_ID)
            .with_context(
                active_test=False,
                dont_notify=True,
                no_mail_to_attendees=True,
                skip_attendee_notification=True,
                skip_contact_description=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                tracking_disable=True,
            )
        )

    def _sync_calendar(self):
        """Bring the entries in line with the meetings as they are now: create, change in place, archive, delete."""
        calendar = self._calendar()
        existing = {}
        surplus = calendar.browse()
        for event in calendar.search([("formal_meeting_id", "in", self.ids)]):
            key = (event.formal_meeting_id.id, 0 if event.privacy == "public" else event.user_id.id)
            surplus |= existing.pop(key, calendar)
            existing[key] = event
        new = []
        for (
            meeting
        ) in self.sudo():  # sudo: the system compares; the entries themselves show no more than the level allows
            for key, values in meeting._calendar_values().items():
                event = existing.pop((meeting.id, key), None)
                if event is None and meeting.state in OPEN_STATES:  # history is kept, and imported, without entries
                    new.append({**values, "formal_meeting_id": meeting.id})
                elif event is not None:
                    event._formal_update({**values, "active": meeting.state in SHOWN_STATES})
        (surplus | calendar.union(*existing.values()))._formal_unlink()
        if new:
            calendar._formal_create(new)
        self.participant_ids._mirror_answers()

    def _calendar_values(self):
        """:return: dict key → values of the entries this meeting should have; the key is 0 for the shared one, else
        the user's id."""
        self.ensure_one()
        when = {"start": self.start, "stop": self.stop, "allday": False}
        if self.level == "public":
            return {
                0: {
                    **when,
                    "name": self.name,
                    "privacy": "public",
                    "show_as": "busy",
                    "user_id": self.convener_id.id,
                    "location": self.location_text,
                    "videocall_location": self.video_url or False,
                    "partner_ids": self.participant_ids.partner_id.ids,
                }
            }
        return {
            line.user_id.id: {
                **when,
                "name": self.with_context(lang=line.partner_id.lang).env._("Meeting"),
                "privacy": "private",
                "user_id": line.user_id.id,
                "show_as": "free" if line.response == "declined" else "busy",
                "location": False,
                "videocall_location": False,
                "partner_ids": line.partner_id.ids,
            }
            for line in self.participant_ids
            if line.user_id
        }


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _formal_update(self, values):
        """Write what differs, in one go, so that an entry that is right is left untouched."""
        self.ensure_one()
        changed = {}
        for name, value in values.items():
            current = self[name]
            if isinstance(current, models.BaseModel):
                current = current.ids if self._fields[name].type == "many2many" else current.id
            if name == "partner_ids":
                if set(current) != set(value):
                    changed[name] = [Command.set(value)]
            elif (current or False) != (value or False):
                changed[name] = value
        if changed:
            self._formal_write(changed)


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.meeting_id.filtered(lambda meeting: meeting.state in SHOWN_STATES)._sync_calendar()
        return lines

    def unlink(self):
        meetings = self.meeting_id
        res = super().unlink()
        meetings.exists().filtered(lambda meeting: meeting.state in SHOWN_STATES)._sync_calendar()
        return res

    def write(self, vals):
        res = super().write(vals)
        if "response" in vals:
            self._mirror_answers()
        return res

    def _mirror_answers(self):
        """Show each person's answer on his calendar entry; where it stands there already (he gave it there) nothing
        happens."""
        # sudo: the system mirrors an answer that was accepted already
        attendees = (
            self.env["calendar.attendee"]
            .sudo()
            .search(
                [
                    ("event_id.formal_meeting_id", "in", self.meeting_id.ids),
                    ("partner_id", "in", self.partner_id.ids),
                    ("event_id.active", "in", [True, False]),
                ]
            )
        )
        # sudo: as above
        lines = {(line.meeting_id.id, line.partner_id.id): line for line in self.sudo()}
        for attendee in attendees:
            line = lines.get((attendee.event_id.formal_meeting_id.id, attendee.partner_id.id))
            if not line:
                continue
            if attendee.state != STATES[line.response]:
                attendee._formal_set_state(STATES[line.response])
            event = attendee.event_id
            show_as = "free" if line.response == "declined" else "busy"
            if event.privacy == "private" and event.show_as != show_as:
                self.meeting_id._calendar().browse(event.id)._formal_write({"show_as": show_as})
