"""A room with a failed essential device: later bookings that need it are warned and offered another room (RM-10)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

COMING = ("requested", "confirmed")


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def _failing(self, features):
        """Essential devices without which the room lacks one of ``features`` now, as none that provides it works."""
        self.ensure_one()
        nothing = self.env["meeting.equipment"].sudo()  # sudo: see `_failing_by_room`
        return self._failing_by_room(features).get(self._origin.id, nothing) if features else nothing

    def _failing_by_room(self, features=None):
        """``{room id: devices}``, see :meth:`_failing`; without ``features``, of whichever feature."""
        # sudo: equipment is public; in notices and for bookings it is read for people of any rights
        Equipment = self.env["meeting.equipment"].sudo()
        domain = [("room_id", "in", self.ids), ("is_essential", "=", True)]
        domain.append(("feature_id", "!=", False) if features is None else ("feature_id", "in", features.ids))
        result = dict.fromkeys(self.ids, Equipment)
        devices = Equipment.search_fetch(domain, ["room_id", "feature_id", "working_quantity"])
        for (room, _feature), same in devices.grouped(lambda device: (device.room_id, device.feature_id)).items():
            if not sum(same.mapped("working_quantity")):
                result[room.id] |= same
        return result

    def _refusal_faulty(self, demand):
        """RM-10: the room has the device, but it does not work. Read for all rooms when a device is first asked for."""
        if not demand.features:
            return None
        if "failing" not in demand.facts:
            demand.facts["failing"] = self.browse(self._prefetch_ids)._failing_by_room()
        failing = demand.facts["failing"].get(self.id)
        return failing and failing.filtered(lambda device: device.feature_id in demand.features)

    def _sentence_faulty(self, devices):
        # sudo: devices are public within the company; their names alone come back
        names = format_list(self.env, [device.with_env(self.env).sudo().name for device in devices])
        return self.env._("%s out of order", names)

    def _free_instead_of(self, booking, limit=3, asked=False):
        """Up to ``limit`` other rooms of the company that could be had for this booking, the nearest first: at once, or
        those whose manager has to be ``asked``."""
        self.ensure_one()
        features, people = booking._features_needed(), booking._people_expected()
        rooms = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("capacity", ">=", people),
                ("needs_approval", "=", asked),
            ]
        )
        free = rooms._free(booking.start, booking.stop, people, features, booking._booker(), booking)
        return free.sorted(lambda room: (room.location_id != self.location_id, room.capacity, room.id))[:limit]


class MeetingFault(models.Model):
    _inherit = "meeting.fault"

    def _warn_bookings(self):
        """Whoever has booked the room for what does not work now is told, once per fault and booking."""
        self.ensure_one()
        feature = self.equipment_id.feature_id
        if not self.room_id._failing(feature):
            return
        # sudo: finds whom to warn; each is told about his own booking alone, through the ledger
        bookings = (
            self.env["meeting.booking"]
            .sudo()
            .search(
                [
                    ("room_id", "=", self.room_id.id),
                    ("state", "in", COMING),
                    ("start", ">", fields.Datetime.now()),
                    "|",
                    ("feature_ids", "in", feature.ids),
                    ("meeting_id.feature_ids", "in", feature.ids),
                ]
            )
        )
        rows = [
            (booking.meeting_id or booking, f"faulty:{self.id}", booking._booker().partner_id.id)
            for booking in bookings
        ]
        now = fields.Datetime.now()
        self.env["meeting.notification"]._queue_rows([(*row, now) for row in rows])

    def _tell_mended(self):
        """Those who were warned hear that it works again; a warning that has not left stays away."""
        self.ensure_one()
        feature = self.equipment_id.feature_id
        if not feature or self.room_id._failing(feature):
            return
        steps = [f"faulty:{fault.id}" for fault in self.equipment_id.fault_ids]
        # sudo: the ledger of the warnings that this very chapter owed
        ledger = self.env["meeting.notification"].sudo()
        warned = ledger.search([("step", "in", steps), ("res_model", "in", ("meeting.booking", "meeting.meeting"))])
        now = fields.Datetime.now()
        news = []
        for row in warned:
            record = self.env[row.res_model].sudo().browse(row.res_id).exists()
            if row.state == "sent":
                if record:
                    news.append((record, row.step.replace("faulty", "mended"), row.partner_id.id, now))
            elif row.state != "void":
                ledger._void(record, [row.step], row.partner_id)
        ledger._queue_rows(news)


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    feature_ids = fields.Many2many(
        "meeting.room.feature",
        string="Equipment Needed",
        help="The room must offer it; you are warned when it fails before you come.",
    )
    fault_warning = fields.Char(compute="_compute_fault_warning")

    def _features_needed(self):
        """Features that the room must offer; a meeting's are known to the meeting alone (CF-5)."""
        # sudo: compared with what the room offers; the booking itself does not tell them where the meeting is closed
        meeting = self.meeting_id.sudo()
        return meeting.feature_ids if meeting else self.feature_ids

    def _failing_devices(self):
        """Devices this booking needs and that do not work, as long as that matters."""
        if self.state not in COMING or not self.stop or self.stop <= fields.Datetime.now():
            return self.env["meeting.equipment"]
        return self.room_id._failing(self._features_needed())

    @api.depends("room_id.equipment_ids.working_quantity", "start", "stop", "state", "feature_ids")
    @api.depends_context("lang", "uid")
    def _compute_fault_warning(self):
        for booking in self:
            failing = not booking.meeting_id and booking._failing_devices()
            booking.fault_warning = bool(failing) and booking._fault_sentence(failing)

    def _fault_sentence(self, failing):
        room = self.room_id
        said = self.env._("%(room)s: %(cause)s.", room=room.name, cause=room._sentence_faulty(failing))
        names = self._names_instead()
        if names:
            free = self.env._("Free at that time: %s.", format_list(self.env, names))
        else:
            free = self.env._("No other room is free at that time.")
        return f"{said} {free}"

    def _names_instead(self):
        """Other rooms to name: where none is had at once, those whose manager has to be asked."""
        rooms = self.room_id._free_instead_of(self)
        if rooms:
            return rooms.mapped("name")
        asked = self.room_id._free_instead_of(self, asked=True)
        return [f"{room.name} ({self.env._('needs approval')})" for room in asked]

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raises ValidationError: the room lacks what is needed, or it does not work
        """
        bookings = super().create(vals_list)
        for booking in bookings.filtered(lambda booking: booking.feature_ids and not booking.meeting_id):
            booking._demand_equipped()
        return bookings

    def write(self, vals):
        res = super().write(vals)
        if {"room_id", "feature_ids"} & vals.keys():
            for booking in self.filtered(lambda booking: booking.state in COMING and not booking.meeting_id):
                booking._demand_equipped()
        return res

    def _demand_equipped(self):
        """Asked when a room is chosen, not of what is booked already: a device that fails later is no reason to lose a
        room, but one to be warned."""
        self.ensure_one()
        self.room_id._demand_bookable(
            self.start,
            self.stop,
            headcount=self._people_expected(),
            features=self._features_needed(),
            user=self._booker(),
            except_booking=self,
        )

    def action_take_other_room(self):
        """Move to the nearest room that is free and has what is needed.

        :raises UserError: there is none
        """
        self.ensure_one()
        if self.meeting_id:
            return self.meeting_id.action_take_other_room()
        rooms = self.room_id._free_instead_of(self, limit=1)
        if not rooms:
            names = self._names_instead()
            if names:
                free = format_list(self.env, names)
                raise UserError(self.env._("Somebody has to be asked for the rooms that are free: %s.", free))
            raise UserError(
                self.env._("No other room with this equipment is free at that time. Choose another time, or wait.")
            )
        self.write({"room_id": rooms.id})
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    feature_ids = fields.Many2many(
        "meeting.room.feature",
        string="Equipment Needed",
        help="The room must offer it; the convener is warned when it fails before the meeting.",
    )
    fault_warning = fields.Char(compute="_compute_fault_warning")

    @api.depends("room_id.equipment_ids.working_quantity", "booking_ids.state", "feature_ids", "start", "stop")
    @api.depends_context("lang", "uid")
    def _compute_fault_warning(self):
        for meeting in self:
            booking = meeting._current_booking()
            failing = booking and booking._failing_devices()
            # sudo: a sentence of public facts about the room
            meeting.fault_warning = bool(failing) and booking.with_env(self.env).sudo()._fault_sentence(failing)

    def _request_room(self):
        super()._request_room()
        if self.feature_ids and self.room_id:
            self._current_booking()._demand_equipped()

    def _rebook(self):
        before = self._current_booking().room_id
        super()._rebook()
        if self.room_id and self.room_id != before and self.feature_ids:
            self._current_booking()._demand_equipped()

    def action_take_other_room(self):
        """The dialogue that moves the meeting, with the nearest free room that has what it needs."""
        action = self.action_reschedule()
        rooms = self.room_id._free_instead_of(self._current_booking(), limit=1)
        return {**action, "context": {**action["context"], "default_room_id": rooms.id}} if rooms else action
