"""The usage register: who was in the room, actual times, and how it was left (RM-5 to RM-7)."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .meeting_booking_technician import MeetingBooking as Technician

FORGOTTEN = timedelta(hours=1)
"""So long after the end whoever has not checked out has left at the end."""
SETTLED = timedelta(days=7)
"""What ended before that is not charged any more: its period may be published, or it is older than this rule."""


class MeetingLeavingTemplate(models.Model):
    """What is to be done before a room is left (离场检查). Everybody reads it, room managers maintain it."""

    _name = "meeting.leaving.template"
    _description = "Leaving Checklist"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for every company.")
    line_ids = fields.One2many("meeting.leaving.template.line", "template_id", "Items", copy=True)


class MeetingLeavingTemplateLine(models.Model):
    _name = "meeting.leaving.template.line"
    _description = "Item of a Leaving Checklist"
    _order = "sequence, id"

    template_id = fields.Many2one("meeting.leaving.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Item", required=True, translate=True)


class MeetingLeavingLine(models.Model):
    """A signed item of one use of a room. Written by signing alone."""

    _name = "meeting.leaving.line"
    _inherit = ["meeting.mixin.unsigned"]
    _description = "Signed Item"
    _order = "booking_id, id"

    booking_id = fields.Many2one("meeting.booking", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="booking_id.company_id", store=True, index=True)
    name = fields.Char("Item", required=True, readonly=True)
    is_done = fields.Boolean("Done", readonly=True)


class MeetingRoom(models.Model):
    _inherit = "meeting.room"

    leaving_template_id = fields.Many2one(
        "meeting.leaving.template",
        "Leaving Checklist",
        check_company=True,
        default=lambda self: self.env.ref("meeting_management.leaving_template_room", raise_if_not_found=False),
        help="Ticked and signed by whoever used the room.",
    )


class MeetingBooking(models.Model):
    """Usage register (使用登记): a booking with its actual times and the state in which the room was left.

    Who booked checks in and out, or a room manager; a meeting's booking follows its meeting. Who signs for a meeting
    that is not public stays unnamed, as its convener does (CF-5).
    """

    _inherit = "meeting.booking"

    _verbs = (*Technician._verbs, "check_out", "sign")
    _kept_fields = Technician._kept_fields | {
        "actual_stop",
        "leaving_state",
        "leaving_missing",
        "leaving_note",
        "signed_by_id",
        "signed_at",
    }

    actual_stop = fields.Datetime("Actual Out", readonly=True, copy=False)
    use_hours = fields.Float(
        "Hours Used", compute="_compute_use_hours", store=True, precompute=True, help="Actual, otherwise booked."
    )
    leaving_state = fields.Selection(
        [("in_order", "In order"), ("incomplete", "Not in order")], "State on Leaving", readonly=True, copy=False
    )
    leaving_missing = fields.Char("Missing Items", readonly=True, copy=False)
    leaving_note = fields.Text("Remarks on Leaving", readonly=True, copy=False)
    leaving_line_ids = fields.One2many("meeting.leaving.line", "booking_id", "Leaving Checklist", readonly=True)
    signed_by_id = fields.Many2one("res.users", "Signed by", readonly=True, copy=False)
    signed_at = fields.Datetime("Signed On", readonly=True, copy=False)
    can_check_out = fields.Boolean(compute="_compute_can")
    can_sign = fields.Boolean(compute="_compute_can")

    _out_after_in = models.Constraint("CHECK (actual_stop >= actual_start)", "Nobody leaves before he came.")

    @api.depends("start", "stop", "actual_start", "actual_stop", "state")
    def _compute_use_hours(self):
        for booking in self:
            start, stop = booking.actual_start or booking.start, booking.actual_stop or booking.stop
            used = booking.state in self._holding_states and start and stop
            booking.use_hours = max((stop - start).total_seconds() / 3600, 0) if used else 0

    # -- in and out ---------------------------------------------------------------------------------------------

    def _refusal_steered(self):
        if not self.meeting_id:
            return self._refusal_not_mine()
        return UserError(self.env._("This room follows its meeting: it is taken and given back with it."))

    def _refusal_check_out(self):
        refusal = self._refusal_wrong_state("confirmed", "checked_in") or self._refusal_steered()
        if refusal or self.start <= fields.Datetime.now() or self.state == "checked_in":
            return refusal
        return UserError(self.env._("Nobody has used %s yet. Cancel the booking instead.", self.room_id.name))

    def action_check_out(self):
        """The room is left: the rest of the time is free for others, and the checklist is signed.

        :returns: the dialogue with the checklist
        """
        self._demand("check_out")
        self.ensure_one()
        now = fields.Datetime.now()
        booking = self.sudo()  # sudo: the person was checked; state and times are all that changes
        out = now if now < booking.stop + FORGOTTEN else max(booking.stop, booking.actual_start or booking.stop)
        # who came early may be gone before the start: of the time planned a minute stays, as a trace on the board
        stop = max(now, booking.start + timedelta(minutes=1))
        if stop < booking.stop:
            booking.write({"stop": stop})
        start = booking.actual_start or min(booking.start, out)
        booking._transition("finished", actual_start=start, actual_stop=out)
        return self.action_sign()

    # -- the checklist ------------------------------------------------------------------------------------------

    def _refusal_sign(self):
        refusal = self._refusal_wrong_state("finished")
        if refusal:
            return refusal
        if self.room_id._is_kept_by(self.env.user):
            return None
        if self.signed_at:
            return UserError(self.env._("The checklist is signed. The room's manager may correct it."))
        if self.meeting_id and self.meeting_id.with_user(self.env.user).has_access("write"):
            return None
        return self._refusal_not_mine()

    def action_sign(self):
        """Open the checklist of the room, to be ticked and signed."""
        self._demand("sign")
        self.ensure_one()
        wizard = self.env["meeting.leaving.wizard"].create({"booking_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leaving %s", self.room_id.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _sign_leaving(self, items, missing, note):
        """:param items: list of (text, done)"""
        self._demand("sign")
        self.ensure_one()
        tidy = all(done for _name, done in items) and not missing
        # Kept by the system itself, so that its author does not tell who met behind a closed door (CF-5).
        booking = self.with_user(SUPERUSER_ID)
        named = self.user_id or not self.meeting_id or self._refusal_not_decider() is None
        booking.write(
            {
                "leaving_line_ids": [fields.Command.clear()]
                + [fields.Command.create({"name": name, "is_done": done}) for name, done in items],
                "leaving_state": "in_order" if tidy else "incomplete",
                "leaving_missing": missing or False,
                "leaving_note": note or False,
                "signed_by_id": self.env.uid if named else False,
                "signed_at": fields.Datetime.now(),
            }
        )
        if not tidy and not self.room_id._is_kept_by(self.env.user):
            booking._tell("left_untidy", self.room_id._deciders().partner_id)

    def _notification_values(self, step):
        if step != "left_untidy":
            return super()._notification_values(step)
        title = self.env._("%s was not left in order", self.room_id.name)
        open_items = self.leaving_line_ids.filtered(lambda line: not line.is_done).mapped("name")
        missing = [self.env._("Missing: %s", self.leaving_missing)] if self.leaving_missing else []
        return {"subject": title, "heading": title, "reason": "\n".join([*open_items, *missing])}

    @api.model
    def _cron_finish(self):
        """Who checked in and forgot to check out is out an hour after the end. Where nobody has to check in, what was
        not cancelled was used; the register does not know from when to when."""
        now = fields.Datetime.now()
        over = [("stop", "<", now - FORGOTTEN), ("meeting_id", "=", False)]
        for booking in self.search([("state", "=", "checked_in"), *over]):
            booking._transition("finished", actual_stop=max(booking.stop, booking.actual_start or booking.stop))
        unchecked = [("state", "=", "confirmed"), ("release_at", "=", False), ("stop", ">", now - SETTLED)]
        for booking in self.search([*unchecked, *over]):
            booking._transition("finished")


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    leaving_state = fields.Selection(
        selection=lambda self: self.env["meeting.booking"]._fields["leaving_state"]._description_selection(self.env),
        compute="_compute_leaving",
        string="Room on Leaving",
    )
    can_sign_leaving = fields.Boolean(compute="_compute_leaving")

    @api.depends("state", "booking_ids.state", "booking_ids.signed_at", "booking_ids.leaving_state")
    @api.depends_context("uid")
    def _compute_leaving(self):
        for meeting in self:
            booking = meeting._current_booking()
            meeting.leaving_state = booking.leaving_state
            mine = booking.with_env(self.env)
            meeting.can_sign_leaving = (
                booking.state == "finished" and not booking.signed_at and not mine._refusal_sign()
            )

    def _after_transition(self, origin):
        """The register follows the meeting."""
        res = super()._after_transition(origin)
        booking = self._current_booking()
        if self.state == "in_progress" and booking.state == "confirmed":
            booking._transition("checked_in", actual_start=self.actual_start)
        elif self.state == "held" and booking.state == "finished" and self.actual_stop:
            start = min(booking.actual_start or self.actual_start or booking.start, self.actual_stop)
            # a room given back at its door was left then, however long the meeting went on without it
            out = min(booking.actual_stop or self.actual_stop, self.actual_stop)
            booking.write({"actual_start": start, "actual_stop": max(out, start)})
        return res

    def action_sign_leaving(self):
        self.ensure_one()
        return self._current_booking().with_env(self.env).action_sign()


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    @api.model
    def _step_labels(self):
        return {**super()._step_labels(), "left_untidy": self.env._("Room not left in order")}
