"""What faults tell people: who repairs, who booked, who reported (RM-10)."""

from odoo import api, models
from odoo.tools import format_list


def _part(step):
    kind, _sep, detail = step.partition("@")[0].partition(":")
    return kind, int(detail) if detail.isdigit() else 0


class MeetingFault(models.Model):
    _inherit = "meeting.fault"

    def _notification_facts(self):
        facts = [
            *super()._notification_facts(),
            (self.env._("Device"), self.equipment_id.name),
            (self.env._("What is wrong"), self.name),
            (self.env._("Reported by"), self.user_id.name),
        ]
        return [(label, text) for label, text in facts if text]

    def _notification_still_due(self, step, partners):
        return partners if step != "fault_new" or self.state == "reported" else partners.browse()

    def _notification_values(self, step):
        title = self.display_name
        if step == "fault_new":
            badge = (self.env._("Fault"), "danger")
            return {"subject": self.env._("Fault: %s", title), "heading": title, "badge": badge}
        if self.state == "repaired":
            badge = (self.env._("Repaired"), "success")
            subject = self.env._("Repaired: %s", title)
        else:
            badge = (self.env._("Cancelled"), "info")
            subject = self.env._("Report cancelled: %s", title)
        return {"subject": subject, "heading": title, "badge": badge, "reason": self.solution or self.reason}


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    def _fault_of(self, step):
        return self.env["meeting.fault"].browse(_part(step)[1]).exists()

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if _part(step)[0] in ("faulty", "mended"):
            return partners if self._fault_news(step) else partners.browse()
        return partners

    def _fault_news(self, step):
        """Whether a warning, or its end, still concerns this booking."""
        kind, _number = _part(step)
        failing = bool(self._failing_devices())
        here = self._fault_of(step).room_id == self.room_id and self.state in ("requested", "confirmed")
        return here and failing == (kind == "faulty")

    def _fault_values(self, step):
        """What a warning says; of the booking it tells time and room only."""
        fault = self._fault_of(step)
        room = self.room_id.name
        if _part(step)[0] == "mended":
            title = self.env._("%(device)s works again in %(room)s", device=fault.equipment_id.name, room=room)
            return {"subject": title, "heading": title, "badge": (self.env._("Repaired"), "success")}
        title = self.env._("%(device)s is faulty in %(room)s", device=fault.equipment_id.name, room=room)
        names = self._names_instead()
        return {
            "subject": title,
            "heading": title,
            "badge": (self.env._("Fault"), "warning"),
            "neutral": self.env._("A device does not work in the room of a confidential meeting."),
            "reason": fault.name,
            "rooms": format_list(self.env, names) if names else False,
            "button": self.env._("Choose another room"),
        }

    def _notification_values(self, step):
        if _part(step)[0] in ("faulty", "mended"):
            return self._fault_values(step)
        return super()._notification_values(step)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _notification_still_due(self, step, partners):
        partners = super()._notification_still_due(step, partners)
        if _part(step)[0] in ("faulty", "mended"):
            booking = self._notice_booking()
            return partners if booking and booking._fault_news(step) else partners.browse()
        return partners

    def _notice_values_faulty(self, detail):
        return {**self._notice_booking()._fault_values(f"faulty:{detail}"), "author": self.company_id.partner_id}

    def _notice_values_mended(self, detail):
        return {**self._notice_booking()._fault_values(f"mended:{detail}"), "author": self.company_id.partner_id}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {
            **super()._step_labels(),
            "fault_new": self.env._("Fault reported"),
            "fault_done": self.env._("Fault settled"),
            "faulty": self.env._("Warning: device faulty"),
            "mended": self.env._("Device works again"),
        }


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        """Faults that wait for me to repair them."""
        return [
            *super()._sections(),
            self._section(
                "faults",
                self.env._("To repair"),
                "fa-wrench",
                self.env["meeting.fault"],
                [("state", "in", ("reported", "in_repair")), ("technician_id", "=", self.env.uid)],
                "create_date",
                lambda fault: {
                    **self._card(fault, fault.display_name, fault.create_date),
                    "place": fault.room_id.name,
                    "buttons": [self._button("action_repair", self.env._("Repaired"), primary=True)],
                },
            ),
        ]
