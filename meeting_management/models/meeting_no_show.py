"""What an unused room means for its meeting, which goes on, and for its convener, who is warned and told (RM-14)."""

from datetime import timedelta

from odoo import api, fields, models

from ..said import time_said


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _uses_room(self):
        """The people of the meeting use its room; who they are stays with the meeting (CF-5)."""
        # sudo: whether the current user is on the list, and nothing else
        meeting = self.meeting_id.sudo()
        user = self.env.user
        people = meeting.participant_ids.partner_id | (meeting.convener_id | meeting.chair_id).partner_id
        return user.partner_id in people or super()._uses_room()

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state == "released" and self.release_cause == "no_show":
            # sudo: whoever takes the unused room next need not be able to read the meeting that left it
            self.sudo()._after_no_show()
        return res

    def _after_no_show(self):
        """People and time of the meeting stay as they are; its place is open again."""
        if self.meeting_id.state in ("scheduled", "in_progress") and self.meeting_id.room_id == self.room_id:
            self.meeting_id._write_plan({"room_id": False})
        self._tell("room_released", self._booker().partner_id)

    # -- warned before, told after ------------------------------------------------------------------------------

    def _after_release_set(self):
        """One warning, shortly before the release; it moves with the booking and goes when somebody comes.

        No clock and no rule: nobody owes his coming. The job is about to take the room, and its notice of that is set
        beside the release itself, on room and company.
        """
        super()._after_release_set()
        ledger = self.env["meeting.notification"]
        waiting = self.filtered("release_at")
        ledger._void(self.filtered(lambda booking: booking.room_id.release_minutes) - waiting, ["room_unused"])
        rows = []
        for booking in waiting:
            minutes = booking.company_id.meeting_release_warn_minutes
            partner = booking._booker().partner_id
            if booking._lapse_cause() != "no_show" or not minutes or not partner:
                continue
            due = max(booking.release_at - timedelta(minutes=minutes), booking.start)
            rows.append((booking, booking._warning_step(), partner.id, due))
        ledger._void(waiting, ["room_unused"], reason="moved")
        ledger._queue_rows(rows, revive=True)

    def _warning_step(self):
        return f"room_unused:{self.release_at:%Y%m%d%H%M}"

    def _notification_still_due(self, step, partners):
        if step.startswith("room_unused"):
            current = self.state == "confirmed" and self.release_at and step == self._warning_step()
            return partners if current else partners.browse()
        return super()._notification_still_due(step, partners)

    def _notification_url(self, step):
        if step.partition(":")[0] in ("room_unused", "room_released") and self.meeting_id:
            return self.meeting_id._notification_url(step)
        return super()._notification_url(step)

    def _notification_values(self, step):
        kind = step.partition(":")[0]
        if kind not in ("room_unused", "room_released"):
            return super()._notification_values(step)
        room = self.room_id.name
        if kind == "room_unused":
            title = self.env._("Nobody is in %s yet", room)
            return {
                "subject": title,
                "heading": title,
                "badge": (self.env._("Check in"), "warning"),
                "button": self.env._("I am here"),
                "until": time_said(self.env, self.release_at),
            }
        title = self.env._("%s was given back", room)
        return {
            "subject": title,
            "heading": title,
            "badge": (self.env._("No-show"), "danger"),
            "has_meeting": bool(self.meeting_id),
        }


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    can_check_in_room = fields.Boolean(compute="_compute_can_check_in_room")
    room_released = fields.Char(compute="_compute_room_released")

    @api.depends("booking_ids.state", "state")
    @api.depends_context("uid")
    def _compute_can_check_in_room(self):
        for meeting in self:
            booking = meeting._current_booking().with_env(self.env)
            meeting.can_check_in_room = (
                meeting.state == "scheduled" and bool(booking) and not booking._refusal("check_in")
            )

    @api.depends("booking_ids.state", "room_id", "state")
    @api.depends_context("lang")
    def _compute_room_released(self):
        """The sentence that stands on the meeting while it has lost its room and found no other."""
        for meeting in self:
            lost = meeting.booking_ids.filtered("release_cause").sorted("id")[-1:]
            meeting.room_released = (
                meeting._room_released_sentence(lost)
                if lost and not meeting.room_id and meeting.state in ("scheduled", "in_progress")
                else False
            )

    def _room_released_sentence(self, booking):
        return self.env._(
            "Nobody checked in to %s in time, so the room was given back. The meeting goes on without it: find another "
            "room or name another place with “Reschedule”.",
            booking.room_id.name,
        )

    def action_check_in_room(self):
        """I am here: the meeting keeps its room."""
        self.ensure_one()
        self.check_access("read")
        self._current_booking().with_env(self.env).action_check_in()

    def _after_transition(self, origin):
        """Whoever opens the meeting uses the room."""
        res = super()._after_transition(origin)
        if self.state == "in_progress":
            self._enter_room()
        return res

    def _enter_room(self):
        booking = self._current_booking()
        if booking.state == "confirmed":
            booking._check_in(self.actual_start)

    # -- counted (RM-14), and within the level (CF-5) -----------------------------------------------------------

    _schedule_fields = ("name", "user_id", "headcount", "series_id")

    def _prepare_booking_values(self):
        return {
            **super()._prepare_booking_values(),
            "series_id": self.series_id.id if self.level == "public" else False,
        }


class MeetingAttendance(models.Model):
    _inherit = "meeting.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        """The first to sign in keeps the room."""
        rows = super().create(vals_list)
        now = fields.Datetime.now()
        # sudo: whoever signs in changes the room's state and nothing else
        for meeting in rows.sudo().meeting_id:
            booking = meeting._current_booking()
            opens = meeting.start - timedelta(minutes=meeting.sign_in_minutes)
            if booking and meeting.state in ("scheduled", "in_progress") and opens <= now < booking.stop:
                meeting._enter_room()
        return rows


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [self._check_in_section(), *super()._sections()]

    def _check_in_section(self):
        """Rooms that I am to use now and that nobody has checked in to."""
        now = fields.Datetime.now()
        mine = self.env["meeting.meeting"].search(
            [
                ("state", "=", "scheduled"),
                ("stop", ">", now),
                ("start", "<", fields.Datetime.add(now, hours=1)),
                ("room_id", "!=", False),
                "|",
                ("participant_ids.user_id", "=", self.env.uid),
                ("convener_id", "=", self.env.uid),
            ]
        )
        names = {meeting.id: meeting.name for meeting in mine}
        section = self._section(
            "check_in",
            self.env._("Check in, or the room goes to others"),
            "fa-map-marker",
            self.env["meeting.booking"],
            [
                ("state", "=", "confirmed"),
                ("release_at", "!=", False),
                ("stop", ">", now),
                ("start", "<", fields.Datetime.add(now, hours=1)),
                "|",
                ("meeting_id", "in", mine.ids),
                "&",
                ("meeting_id", "=", False),
                ("user_id", "=", self.env.uid),
            ],
            "start",
            lambda booking: self._card(
                booking,
                names.get(booking._bare_meeting_id()) or booking.name,
                booking.start,
                place=f"{booking.location_id.name} · {booking.room_id.name}",
                note=self.env._(
                    "Free for others from %s",
                    time_said(self.env, booking.release_at),
                ),
                late=booking.start < now,
                buttons=[self._button("action_check_in", self.env._("I am here"), primary=True)]
                if booking.can_check_in
                else [],
            ),
        )
        section["cards"] = [card for card in section["cards"] if card["buttons"]]
        return {**section, "count": len(section["cards"])}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "room_unused": self.env._("Room not used yet"),
            "room_released": self.env._("Unused room given back"),
        }
