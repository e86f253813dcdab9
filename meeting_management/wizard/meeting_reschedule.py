from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.meeting_joined import sentences


class MeetingReschedule(models.TransientModel):
    """Moves an announced meeting; what is typed stays until the meeting accepts it (MT-5, NT-5)."""

    _name = "meeting.reschedule"
    _description = "Reschedule a Meeting"

    meeting_id = fields.Many2one("meeting.meeting", required=True, readonly=True, ondelete="cascade")
    start = fields.Datetime(compute="_compute_plan", store=True, readonly=False, precompute=True, required=True)
    duration = fields.Float(
        "Length", compute="_compute_plan", store=True, readonly=False, precompute=True, required=True
    )
    room_id = fields.Many2one("meeting.room", compute="_compute_plan", store=True, readonly=False, precompute=True)
    place = fields.Char("Other Place", compute="_compute_plan", store=True, readonly=False, precompute=True)
    video_url = fields.Char("Video Link", compute="_compute_plan", store=True, readonly=False, precompute=True)
    reason = fields.Text(required=True, help="Everyone is told.")
    short_warning = fields.Char(compute="_compute_short_warning")
    room_warning = fields.Char(compute="_compute_room_warning")

    _plan = ("start", "duration", "room_id", "place", "video_url")

    @api.depends("meeting_id")
    def _compute_plan(self):
        for wizard in self:
            # Stored values are computed as superuser: without this check any number of a meeting would tell its plan.
            wizard.sudo(False).meeting_id.check_access("read")
            wizard.update({name: wizard.meeting_id[name] for name in self._plan})

    @api.depends("meeting_id", "start", "duration")
    def _compute_short_warning(self):
        """While choosing the time: that it will be marked, and what the reason is needed for (NT-2)."""
        for wizard in self:
            meeting, start = wizard.meeting_id, wizard.start
            wizard.short_warning = False
            if meeting and meeting._would_move_short(start, meeting._stop_from(start, wizard.duration)):
                wizard.short_warning = self.env._(
                    "Short notice: people are told less than %s ahead. It is marked on the notice, with your reason.",
                    meeting._notice_lead(),
                )

    @api.depends("start", "duration", "room_id")
    def _compute_room_warning(self):
        for wizard in self:
            wizard.room_warning = False
            if wizard.room_id and wizard.start and wizard.duration > 0:
                wizard.room_warning = sentences(
                    self.env,
                    wizard.room_id._refusals(
                        wizard.start,
                        fields.Datetime.add(wizard.start, hours=wizard.duration),
                        wizard.meeting_id.headcount,
                        user=wizard.meeting_id.convener_id,
                        except_booking=wizard.meeting_id.booking_ids,
                    ),
                )

    def action_confirm(self):
        """Reschedule. Refusals keep the dialogue open with everything typed."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give a reason: the people concerned will read it."))
        values = {name: self[name].id if self._fields[name].relational else self[name] for name in self._plan}
        self.meeting_id._reschedule(values, reason)
        return {"type": "ir.actions.act_window_close"}
