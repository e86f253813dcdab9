"""A room with a failed essential device: later bookings that need it are warned and offered another room (RM-10)."""

from odoo import api, fields, models
from odoo.tools import format_list

from .meeting_booking_trouble import COMING


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

    def _features_needed(self):
        """Features that the room must offer; a meeting's are known to the meeting alone (CF-5)."""
        # sudo: compared with what the room offers; the booking itself does not tell them where the meeting is closed
        meeting = self.meeting_id.sudo()
        return meeting.feature_ids if meeting else self.feature_ids

    def _failing_devices(self):
        """Devices this booking needs and that do not work, as long as that matters."""
        if not self._is_coming():
            return self.env["meeting.equipment"]
        return self.room_id._failing(self._features_needed())

    @api.depends("room_id.equipment_ids.working_quantity", "feature_ids")
    def _compute_room_trouble(self):
        super()._compute_room_trouble()

    def _troubles(self, needs=False):
        said = super()._troubles(needs)
        failing = (needs or not self.meeting_id) and self._failing_devices()
        if failing:
            cause = self.room_id._sentence_faulty(failing)
            said.append(self.env._("%(room)s: %(cause)s.", room=self.room_id.name, cause=cause))
        return said

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


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    feature_ids = fields.Many2many(
        "meeting.room.feature",
        string="Equipment Needed",
        help="The room must offer it; the convener is warned when it fails before the meeting.",
    )

    @api.depends("room_id.equipment_ids.working_quantity", "feature_ids")
    def _compute_room_trouble(self):
        super()._compute_room_trouble()

    def _request_room(self):
        super()._request_room()
        if self.feature_ids and self.room_id:
            self._current_booking()._demand_equipped()

    def _rebook(self):
        before = self._current_booking().room_id
        super()._rebook()
        if self.room_id and self.room_id != before and self.feature_ids:
            self._current_booking()._demand_equipped()
