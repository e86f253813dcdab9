"""The technician who operates the devices: asked for with the booking, he confirms or declines (RM-9)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_booking import MeetingBooking as Base


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    technician_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], help="Who operates, tests and repairs the devices of this room."
    )
    technician_required = fields.Boolean(
        "Operated by the Technician", help="His attendance is requested with every booking of this room."
    )


class MeetingBooking(models.Model):
    """The technician learns room and time; who meets, and why, stays with the meeting (CF-5)."""

    _inherit = "meeting.booking"

    _verbs = (*Base._verbs, "attend", "decline_attend")
    _reason_verbs = (*Base._reason_verbs, "decline_attend")
    _kept_fields = Base._kept_fields | {"technician_id", "technician_state", "technician_reason"}

    needs_technician = fields.Boolean("Technician Needed", help="Somebody operates the devices during the meeting.")
    technician_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    technician_state = fields.Selection(
        [("asked", "Asked"), ("coming", "Coming"), ("declined", "Declined")], readonly=True, copy=False
    )
    technician_reason = fields.Char("Why Declined", readonly=True, copy=False)
    can_attend = fields.Boolean(compute="_compute_can")
    can_decline_attend = fields.Boolean(compute="_compute_can")

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        if self.state == "confirmed":
            self._ask_technician()
        elif self.state in ("cancelled", "rejected", "released") and self.technician_state in ("asked", "coming"):
            self.env["meeting.notification"]._void(self, ["technician_asked"])
            if self.technician_state == "coming":
                self._tell("technician_free", self.technician_id.partner_id)
        return res

    def write(self, vals):
        before = {booking: (booking.start, booking.stop, booking.room_id) for booking in self}
        res = super().write(vals)
        if {"start", "stop", "room_id", "needs_technician"} & vals.keys():
            now = fields.Datetime.now()
            for booking in self.filtered(lambda booking: booking.state == "confirmed" and booking.start > now):
                moved = before[booking] != (booking.start, booking.stop, booking.room_id)
                if moved or "needs_technician" in vals:
                    booking._ask_technician()
        return res

    def _ask_technician(self):
        """Ask the room's technician, anew where time or room changed."""
        self.ensure_one()
        room = self.room_id
        technician = room.technician_id if self.needs_technician or room.technician_required else False
        # sudo: kept by the system; nobody writes who is asked
        self.sudo().write(
            {
                "technician_id": technician and technician.id,
                "technician_state": "asked" if technician else False,
                "technician_reason": False,
            }
        )
        ledger = self.env["meeting.notification"]
        ledger._void(self, ["technician_asked"], reason="moved")
        if technician and self.start > fields.Datetime.now():
            stamp = int(self.start.timestamp())
            ledger._queue(self, f"technician_asked:{stamp}", technician.partner_id)

    def _refusal_not_technician(self):
        if self.technician_id == self.env.user or self._is_decider():
            return None
        return AccessError(self.env._("Only the technician who was asked, or the room's manager, answers this."))

    def _refusal_attend(self):
        return self._refusal_answer("asked", "declined")

    def _refusal_decline_attend(self):
        return self._refusal_answer("asked", "coming")

    def _refusal_answer(self, *answers):
        if not self.technician_id or self.technician_state not in answers:
            return UserError(self.env._("No technician's answer is open for this booking."))
        return self._refusal_wrong_state("confirmed") or self._refusal_not_technician()

    def action_attend(self):
        """The technician comes."""
        self._demand("attend")
        # sudo: the person was checked; his answer is all that changes
        self.sudo().write({"technician_state": "coming", "technician_reason": False})

    def action_decline_attend(self, reason=None):
        """The technician cannot come; the room's managers find somebody else.

        :returns: the dialogue that asks for the reason where it is missing
        """
        self._demand("decline_attend")
        if not (reason or "").strip():
            return self.env["meeting.reason.wizard"]._open(self, "decline_attend", self.env._("Cannot Come"))
        for booking in self.sudo():  # sudo: the person was checked; his answer is all that changes
            booking.write({"technician_state": "declined", "technician_reason": reason.strip()})
            booking._tell(
                f"technician_declined:{int(booking.start.timestamp())}", booking.room_id._deciders().partner_id
            )

    def action_replace_technician(self, user):
        """The room's manager sends somebody else, who is asked in turn."""
        self.ensure_one()
        refusal = self._refusal_wrong_state("confirmed") or self._refusal_not_decider()
        if refusal:
            raise refusal
        # sudo: the person was checked; who is asked is all that changes
        self.sudo().write({"technician_id": user.id, "technician_state": "asked", "technician_reason": False})
        self._tell(f"technician_asked:{int(self.start.timestamp())}", user.partner_id)

    # -- what is said -------------------------------------------------------------------------------------------

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if step.startswith("technician_asked"):
            due = self.technician_state == "asked" and self.state == "confirmed"
            return partners & self.technician_id.partner_id if due else partners.browse()
        return partners

    def _notification_values(self, step):
        kind = step.partition(":")[0]
        room = self.room_id.name
        if kind == "technician_asked":
            title = self.env._("You are asked to operate the devices in %s", room)
            return {"subject": title, "heading": title, "button": self.env._("Answer")}
        if kind == "technician_declined":
            title = self.env._("The technician cannot come to %s", room)
            return {"subject": title, "heading": title, "reason": self.technician_reason}
        if kind == "technician_free":
            title = self.env._("You are no longer needed in %s", room)
            return {"subject": title, "heading": title}
        return super()._notification_values(step)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    needs_technician = fields.Boolean("Technician Needed", help="Asked for with the room.")
    technician_state = fields.Selection(
        selection=lambda self: self.env["meeting.booking"]._fields["technician_state"]._description_selection(self.env),
        compute="_compute_technician_state",
        string="Technician",
    )

    @api.depends("booking_ids.technician_state")
    def _compute_technician_state(self):
        for meeting in self:
            meeting.technician_state = meeting._current_booking().technician_state

    def _prepare_booking_values(self):
        return {**super()._prepare_booking_values(), "needs_technician": self.needs_technician}

    def write(self, vals):
        res = super().write(vals)
        if "needs_technician" in vals:
            for meeting in self.filtered("booking_ids"):
                meeting._current_booking().write({"needs_technician": meeting.needs_technician})
        return res


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "technician_asked": self.env._("Technician requested"),
            "technician_declined": self.env._("Technician cannot come"),
            "technician_free": self.env._("Technician not needed any more"),
        }


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [
            *super()._sections(),
            self._section(
                "operate",
                self.env._("Rooms to operate"),
                "fa-television",
                self.env["meeting.booking"],
                [
                    ("technician_id", "=", self.env.uid),
                    ("technician_state", "=", "asked"),
                    ("state", "=", "confirmed"),
                    ("stop", ">", fields.Datetime.now()),
                ],
                "start",
                lambda booking: {
                    **self._card(booking, booking.room_id.name, booking.start),
                    "place": booking.location_id.name,
                    "buttons": [
                        self._button("action_attend", self.env._("I Come"), primary=True),
                        self._button("action_decline_attend", self.env._("Cannot Come")),
                    ],
                },
            ),
        ]
