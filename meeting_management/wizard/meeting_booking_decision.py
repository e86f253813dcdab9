"""Before a room manager says yes to one of several: whom he rejects or displaces by it (RM-2, RM-4)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class MeetingBookingDecision(models.TransientModel):
    """Shows the request beside its rivals, each as far as the manager may know it, and asks for the reason."""

    _name = "meeting.booking.decision"
    _description = "Decide Between Requests"

    booking_id = fields.Many2one("meeting.booking", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("meeting.booking.decision.line", "decision_id", readonly=True)
    displaces = fields.Boolean(readonly=True)
    is_blocked = fields.Boolean(readonly=True)
    reason = fields.Text(help="Those who do not get the room will read it.")

    @api.model
    def _open(self, booking):
        holders, rivals = booking._holders(), booking._rivals("requested")
        firm = holders.filtered(lambda holder: not booking._outranks(holder))
        rows = [(booking, "wins"), *((holder, "stays" if holder in firm else "gives_way") for holder in holders)]
        rows += [(rival, "rejected") for rival in rivals]
        wizard = self.create(
            {
                "booking_id": booking.id,
                "displaces": bool(holders - firm),
                "is_blocked": bool(firm),
                "line_ids": [fields.Command.create(self._prepare_line(*row)) for row in rows],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who gets %s?", booking.room_id.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _prepare_line(self, booking, outcome):
        # sudo: the class of precedence is what the manager decides by; the type behind it is not told
        precedence = booking.sudo().meeting_id.type_id.precedence_id
        return {
            "name": booking._known_name(),
            "start": booking.start,
            "stop": booking.stop,
            "headcount": booking.headcount,
            "user_id": booking.user_id.id,
            "asked_at": booking.create_date,
            "precedence_id": precedence.id,
            "outcome": outcome,
        }

    def action_confirm(self):
        """Yes to the request. Refusals keep the dialogue open with everything typed."""
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("Open the request yourself and decide there."))
        self.booking_id._confirm_over(self.reason)
        return {"type": "ir.actions.act_window_close"}


class MeetingBookingDecisionLine(models.TransientModel):
    _name = "meeting.booking.decision.line"
    _description = "Request Beside Its Rivals"

    decision_id = fields.Many2one("meeting.booking.decision", required=True, ondelete="cascade")
    name = fields.Char("Use", readonly=True)
    start = fields.Datetime(readonly=True)
    stop = fields.Datetime(readonly=True)
    headcount = fields.Integer("People", readonly=True)
    user_id = fields.Many2one("res.users", "Booked by", readonly=True)
    asked_at = fields.Datetime("Asked On", readonly=True)
    precedence_id = fields.Many2one("meeting.precedence", readonly=True)
    outcome = fields.Selection(
        [
            ("wins", "Gets the room"),
            ("rejected", "Is rejected"),
            ("gives_way", "Gives way"),
            ("stays", "Cannot be moved"),
        ],
        readonly=True,
    )
