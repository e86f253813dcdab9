"""A booking seen from the door: who uses the room, and what he may do with it there and then (RM-5, RM-14)."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..said import time_said

LONGEST_EXTENSION = 120


class MeetingBooking(models.Model):
    """Who extends a use or ends it early: whoever booked, the room's managers, and the organisers of the meeting it is
    for. Who checks in: they, and the participants. At the door an employee may have no login; he is known as himself.
    """

    _inherit = "meeting.booking"

    door_employee_id = fields.Many2one(
        "hr.employee",
        "Booked at the Door by",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="An employee without a login, who booked with badge or PIN at the door.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_door_employee(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_door_employee([vals])
        return super().write(vals)

    def _refuse_door_employee(self, vals_list):
        if not self.env.su and any(vals.get("door_employee_id") for vals in vals_list):
            raise AccessError(
                self.env._("Who booked at the door is known by badge or PIN there, and entered by nobody.")
            )

    def _booker(self):
        return super()._booker() if self.user_id or not self.door_employee_id else self.door_employee_id

    def _door_arrive(self):
        """The room is in use from now on; the person was checked."""
        self.with_user(SUPERUSER_ID)._check_in()

    # -- whose room it is ---------------------------------------------------------------------------------------

    def _door_checkable(self):
        """Whether somebody may still check in: the booker once, the people of a meeting one after the other."""
        return self.state == "confirmed" or (self.state == "checked_in" and bool(self._bare_meeting_id()))

    def _door_people(self):
        """The employees for whom the room is booked, as superuser: among them a PIN alone is enough."""
        booking = self.sudo()  # sudo: their PINs are compared, they are not named
        meeting = booking.meeting_id
        lines = meeting.participant_ids
        users = booking.user_id | meeting.convener_id | meeting.chair_id | meeting.minute_taker_id | lines.user_id
        return booking.door_employee_id | lines.employee_id | users.employee_ids

    def _door_meeting(self):
        """The meeting of this booking, if the current user may read it."""
        return self.env["meeting.meeting"].search([("id", "=", self._bare_meeting_id())])

    def _refusal_not_host(self):
        if not self._refusal_not_mine() or self._door_meeting().is_editable:
            return None
        return AccessError(self._door_for_others())

    def _refusal_not_coming(self):
        if not self._refusal_not_host() or self._door_meeting().my_participant_id:
            return None
        return AccessError(self._door_for_others())

    def _demand_door(self, verb, employee):
        """The predicate of the verb, asked for the person at the door; one without a login is known by the booking, and
        by the list of participants where it is about checking in.

        :raises UserError: why not
        """
        if employee.user_id:
            refusal = self.with_user(employee.user_id)._refusal(verb)
        elif employee in (self._door_people() if verb == "arrive" else self.door_employee_id):
            refusal = self._refusal(f"{verb}_when")
        else:
            refusal = AccessError(self._door_for_others())
        if refusal:
            raise refusal

    def _door_for_others(self):
        return self.env._("%s is booked for others. Ask whoever booked it, or the room's manager.", self.room_id.name)

    # -- check in -----------------------------------------------------------------------------------------------

    def _refusal_arrive_when(self):
        states = ("confirmed", "checked_in") if self._bare_meeting_id() else ("confirmed",)
        refusal = self._refusal_wrong_state(*states)
        opens = self._check_in_opens()
        if refusal or opens <= fields.Datetime.now() < self.stop:
            return refusal
        return UserError(
            self.env._(
                "You can check in to %(room)s from %(start)s to %(stop)s.",
                room=self.room_id.name,
                start=time_said(self.env, opens, self.location_id.tz),
                stop=time_said(self.env, self.stop, self.location_id.tz),
            )
        )

    def _refusal_arrive(self):
        return self._refusal_not_coming() or self._refusal_arrive_when()

    def _door_sign_in(self, employee):
        """Whoever comes to a meeting and may sign in himself is signed in with the same badge (AT-1).

        :return: whether he was signed in
        """
        if not employee.user_id:
            return False
        meeting = self.with_user(employee.user_id)._door_meeting()
        if not meeting or meeting._refusal("sign_in"):
            return False
        meeting.action_sign_in()
        return True

    # -- extend, end --------------------------------------------------------------------------------------------

    def _refusal_extend_when(self):
        refusal = self._refusal_wrong_state("confirmed", "checked_in")
        if refusal or self.start <= fields.Datetime.now() < self.stop:
            return refusal
        return UserError(self.env._("This is possible while the room is in use."))

    def _refusal_end_early_when(self):
        return self._refusal_extend_when()

    def _refusal_extend(self):
        return self._refusal_not_host() or self._refusal_extend_when()

    def _refusal_end_early(self):
        return self._refusal_not_host() or self._refusal_end_early_when()

    def action_extend(self, minutes):
        """Stay longer, where nobody else has the room (RM-5). A meeting in it lasts as long.

        :raises ValidationError: the room cannot be had so long, with every cause
        """
        self._demand("extend")
        self._extend(minutes, self.env.user)

    def action_end_early(self):
        """Leave before the time: the rest is free for others (RM-6). A meeting is ended by its own people."""
        self._demand("end_early")
        self._end_early(self.env.user)

    def _extend(self, minutes, who):
        """:param who: the person, as ``res.users`` or as the ``hr.employee`` known at the door"""
        self.ensure_one()
        if not isinstance(minutes, int) or not 0 < minutes <= LONGEST_EXTENSION:
            raise UserError(self.env._("Choose how much longer you need the room."))
        # Kept by the system, as the booking of a meeting does not tell who edits it (CF-5).
        booking = self.with_user(SUPERUSER_ID)
        booking.room_id._lock_for_booking()
        stop = booking.stop + timedelta(minutes=minutes)
        booking._demand_available({"start": booking.stop, "stop": stop})
        booking.write({"stop": stop})
        booking.flush_recordset()
        self.invalidate_recordset()
        booking._door_extended(who)

    def _end_early(self, who):
        """
        :param who: as in `_extend`
        :return: whether the meeting was ended with it
        """
        self.ensure_one()
        booking, now = self.with_user(SUPERUSER_ID), fields.Datetime.now().replace(microsecond=0)
        booking._transition("finished", actual_stop=max(now, booking.actual_start or now))
        booking.write({"stop": max(now, booking.start + timedelta(seconds=1))})
        self.invalidate_recordset()
        return booking._door_left(who)

    def _door_extended(self, who):
        """Hook: the room is held for longer. The chapter of the meeting moves its end along."""

    def _door_left(self, who):
        """Hook: the room was given back early.

        :return: whether this person has ended the meeting with it
        """
        return False


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    def _departments_of(self, user):
        if user._name != "hr.employee":
            return super()._departments_of(user)
        # sudo: as for a user, reads only which departments the person belongs to
        path = user.sudo().department_id.parent_path or ""
        return frozenset(int(number) for number in path.split("/") if number)

    # -- faults (RM-10) -----------------------------------------------------------------------------------------

    def _door_faults(self):
        """``[{key, label}]``: what can be reported with a tap."""
        # sudo: what stands in a room everybody in it sees
        devices = [{"key": f"device {device.id}", "label": device.name} for device in self.sudo().equipment_ids]
        return [
            *devices,
            {"key": "light", "label": self.env._("Light or air conditioning")},
            {"key": "clean", "label": self.env._("Not clean")},
            {"key": "other", "label": self.env._("Something else")},
        ]

    def _door_report_fault(self, key, label):
        """Report what :meth:`_door_faults` offered; what is reported and not repaired yet is reported once.

        Nobody says who he is for that: the report is the panel's.
        """
        faults = self.env["meeting.fault"].with_user(SUPERUSER_ID)
        values = {
            "room_id": self.id,
            "equipment_id": int(key.partition(" ")[2]) if key.startswith("device ") else False,
            "name": self.env._("Reported at the door: %s", label),
        }
        known = [(name, "=", value) for name, value in values.items()]
        if not faults.search_count([*known, ("state", "in", ("reported", "in_repair"))], limit=1):
            faults.create(values)
