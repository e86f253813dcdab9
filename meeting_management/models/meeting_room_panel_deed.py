"""What people do at the door: book, check in, extend, end, report a fault; each once, however often it is sent."""

import re
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2.errors import CheckViolation, ExclusionViolation

from .meeting_room_panel_screen import EXTENSIONS, LENGTHS

DEEDS = ("book", "check_in", "extend", "end", "fault")
NONCE = re.compile(r"[\w-]{8,64}")
FAULT_LIMIT = 10


class MeetingRoomPanelDeed(models.Model):
    """One tap on a panel and what it was answered: the same tap sent twice is answered twice and done once.

    It names nobody, so that it does not tell who came to a meeting behind a closed door (CF-5). Closed to everybody.
    """

    _name = "meeting.room.panel.deed"
    _description = "Deed at a Door Panel"
    _order = "id desc"

    panel_id = fields.Many2one("meeting.room.panel", required=True, index=True, ondelete="cascade")
    nonce = fields.Char(required=True)
    outcome = fields.Selection(
        [("done", "Done"), ("refused", "Access Denied"), ("unknown", "Person not recognised")], readonly=True
    )
    answer = fields.Char(readonly=True)

    _once = models.UniqueIndex("(panel_id, nonce)")

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=2)
        self.sudo().search([("create_date", "<", limit)], limit=10000).unlink()  # sudo: the nightly job


class MeetingRoomPanel(models.Model):
    _inherit = "meeting.room.panel"

    def _act(self, nonce, deed, values):
        """Do what was tapped, in the name of whoever shows badge or PIN, with the rules that hold for him anywhere.

        :param str nonce: the tap's own; sent again it gets the first answer
        :param dict values: texts that the screen sent
        :return: ("done", "refused" or "unknown", the sentence for the screen); unknown is the person
        :raises ValueError: no screen of ours sends this
        """
        self.ensure_one()
        if deed not in DEEDS or not NONCE.fullmatch(nonce):
            raise ValueError("unknown deed")
        row, is_first = self._claim(nonce)
        if is_first:
            outcome, answer = self._try(deed, values)
            row.write({"outcome": outcome, "answer": answer})
        return row.outcome, row.answer

    def _claim(self, nonce):
        """:return: (the row of this tap, whether it is the first time). A rival with the same tap waits here; the
        server then begins anew and finds the first one's answer."""
        Deed = self.env["meeting.room.panel.deed"]
        fresh = self.env.execute_query(
            SQL(
                """INSERT INTO meeting_room_panel_deed (panel_id, nonce, create_uid, create_date, write_uid, write_date)
                VALUES (%(panel)s, %(nonce)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (panel_id, nonce) DO NOTHING RETURNING id""",
                panel=self.id,
                nonce=nonce,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        # sudo: the ledger is closed to everybody; this panel's own tap
        return Deed.sudo().search([("panel_id", "=", self.id), ("nonce", "=", nonce)]), bool(fresh)

    def _try(self, deed, values):
        """:return: as :meth:`_act`; a refusal leaves nothing behind but the count of wrong attempts"""
        room = self.room_id
        if not room.active:
            return "refused", self.env._("This room is no longer in use.")
        room._lock_for_booking()
        booking = self._booking_of(values)
        if deed in ("check_in", "extend", "end") and not booking:
            return "refused", self.env._("This booking is over or was changed. The screen shows how things stand.")
        employee = self.env["hr.employee"].sudo()  # sudo: nobody yet
        if deed != "fault" and not (deed == "check_in" and room.tap_check_in):
            employee, refusal = self._identify(
                badge=values.get("badge", ""),
                who=values.get("who", ""),
                pin=values.get("pin", ""),
                candidates=booking._door_people(),
            )
            if refusal:
                return "unknown", refusal
        try:
            with self.env.cr.savepoint():
                return "done", getattr(self, f"_deed_{deed}")(booking, employee, values)
        except UserError as refusal:
            return "refused", str(refusal)
        except CheckViolation:  # the longest meeting there is
            return "refused", self.env._("%s cannot be had any longer.", room.name)
        except ExclusionViolation:
            return "refused", self.env._("Somebody else has just taken the room. The screen shows how things stand.")

    def _booking_of(self, values):
        """The booking that was on the screen, if it is this room's and still under way, as superuser."""
        number = values.get("booking", "")
        found = self.env["meeting.booking"].browse(int(number) if number.isdecimal() and len(number) < 10 else 0)
        found = found.sudo().exists()  # sudo: public facts; the person's rights are asked by the verb
        if found.room_id != self.room_id or found.state not in ("confirmed", "checked_in"):
            return found.browse()
        return found if found.stop > fields.Datetime.now() else found.browse()

    def _in_the_name_of(self, records, employee):
        """These records with the person's own rights; the panel acts for employees without a login."""
        return records.with_user(employee.user_id or SUPERUSER_ID)

    # -- the deeds, each with the sentence it is answered -------------------------------------------------------

    def _deed_book(self, _nothing, employee, values):
        """:raises UserError: the room cannot be had so long, with every cause"""
        room, now = self.room_id, fields.Datetime.now().replace(microsecond=0)
        if not self.allows_booking or room.needs_approval:
            raise UserError(self.env._("%s cannot be booked at the door. Please book it in the system.", room.name))
        minutes = values.get("minutes", "")
        stop = self._until_next(now)
        if minutes != "next":
            stop = now + timedelta(minutes=int(minutes)) if minutes in map(str, LENGTHS) else None
        purpose = {row["key"]: row["label"] for row in self._purposes()}.get(values.get("purpose"))
        if not stop or not purpose:
            raise UserError(self.env._("Choose how long you need the room, and what for."))
        owner = {} if employee.user_id else {"user_id": False, "door_employee_id": employee.id}
        booking = self._in_the_name_of(self.env["meeting.booking"], employee).create(
            {"name": purpose, "room_id": room.id, "start": now, "stop": stop, **owner}
        )
        booking.sudo()._door_arrive()  # sudo: who has just booked stands before the door
        return self.env._("%(room)s is yours until %(time)s.", room=room.name, time=self._clock(stop))

    def _deed_check_in(self, booking, employee, _values):
        if not employee:
            if refusal := booking._refusal("arrive_when"):
                raise refusal
            if booking.state == "confirmed":
                booking._door_arrive()
            return self.env._("Checked in. %s is yours.", self.room_id.name)
        booking._demand_door("arrive", employee)
        if booking.state == "confirmed":
            booking._door_arrive()
        if booking._door_sign_in(employee):
            return self.env._("Welcome, %s. You are signed in.", employee.name)
        return self.env._("Welcome, %s. You are checked in.", employee.name)

    def _deed_extend(self, booking, employee, values):
        minutes = values.get("minutes", "")
        if minutes not in map(str, EXTENSIONS):
            raise UserError(self.env._("Choose how much longer you need the room."))
        booking._demand_door("extend", employee)
        booking._extend(int(minutes), employee)
        return self.env._("%(room)s is yours until %(time)s.", room=self.room_id.name, time=self._clock(booking.stop))

    def _deed_end(self, booking, employee, _values):
        booking._demand_door("end_early", employee)
        if booking._end_early(employee):
            return self.env._("Thank you. The meeting is ended, and %s is free for others now.", self.room_id.name)
        return self.env._("Thank you. %s is free for others now.", self.room_id.name)

    def _deed_fault(self, _booking, _nobody, values):
        """:raises UserError: somebody plays with the button"""
        throttle = self.env["meeting.room.panel.throttle"]
        if throttle._wait(f"fault:{self.id}", FAULT_LIMIT):
            raise UserError(self.env._("Many faults were reported here just now. Please tell the room's manager."))
        label = {row["key"]: row["label"] for row in self.room_id._door_faults()}.get(values.get("fault"))
        if not label:
            raise UserError(self.env._("Choose what does not work."))
        throttle._count(f"fault:{self.id}")
        self.room_id._door_report_fault(values["fault"], label)
        return self.env._("Thank you. It is reported: %s.", label)
