"""What is owed around rooms: a thing that was lent comes back, devices are inspected (RM-9, RM-11, AG-7)."""

from odoo import api, models


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _kinds(self):
        return super()._kinds() | {
            "loan": {
                "model": "meeting.loan",
                "label": self.env._("Thing to be brought back"),
                "due": self.env._("the thing is due back"),
                "start": self.env._("the thing was lent"),
                "before": "loan_due",
                "after": "loan_over",
                "others": "loan_late",
                "typed": False,
            },
            "inspection": {
                "model": "meeting.inspection.round",
                "label": self.env._("Devices to be inspected"),
                "due": self.env._("the inspection is due"),
                "start": self.env._("the inspection was assigned"),
                "before": "round_due",
                "after": "limit_over",
                "escalates": True,
                "typed": False,
            },
        }


class MeetingLoan(models.Model):
    """The borrower owes it, with or without an account; whoever looks after the room hears of it when it is late."""

    _name = "meeting.loan"
    _inherit = ["meeting.loan", "meeting.clock.mixin"]

    _clock_fields = frozenset(("state", "lent_at", "due", "partner_id", "equipment_id"))
    _condition_closed = frozenset(("partner_id", "purpose", "note"))

    def _clocks(self, time):
        if self.state != "lent":
            return []
        return [{"kind": "loan", "user": self._clock_users()[:1], "started": self.lent_at, "due": self.due}]

    def _clock_users(self):
        return self.partner_id.user_ids.filtered(lambda user: user.active and not user.share)

    def _clock_debtors(self, clock):
        return self.partner_id

    def _clock_people(self, clock, role):
        return self.room_id._deciders().partner_id if role == "keepers" else super()._clock_people(clock, role)


class MeetingInspectionRound(models.Model):
    """The inspector owes it, and has superiors; a test before a meeting is given up with its booking."""

    _name = "meeting.inspection.round"
    _inherit = ["meeting.inspection.round", "meeting.clock.mixin"]

    _clock_fields = frozenset(("state", "due", "user_id"))

    def _clocks(self, time):
        if self.state != "open":
            return []
        started = min(self.create_date, self.due)
        return [{"kind": "inspection", "user": self.user_id, "started": started, "due": self.due}]

    def _clock_users(self):
        return self.user_id

    def _clock_people(self, clock, role):
        if role == "keepers":
            deciders = self.line_ids.room_id._deciders_by_room().values()
            return self.env["res.users"].union(*deciders).partner_id
        return super()._clock_people(clock, role)
