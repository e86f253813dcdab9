"""The agenda after the notice: what is added, renamed or taken off then has a reason, and shows it (AG-4)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class MeetingAgendaItem(models.Model):
    """People have prepared for the agenda they were sent. Whoever changes it says why, under the topic itself; notice,
    reminders and guests' pages from then on show the reason beside it."""

    _inherit = "meeting.agenda.item"

    _reason_verbs = ("take_off",)
    _announced_fields = frozenset(("name", "kind", "presenter_id"))

    late_reason = fields.Char(
        "Reason After the Notice",
        copy=False,
        help="Why this topic was added or changed when the agenda had been sent already. Whoever reads the agenda "
        "reads it.",
    )
    can_take_off = fields.Boolean(compute="_compute_can_take_off")

    @api.model_create_multi
    def create(self, vals_list):
        """
        :raises UserError: a topic is added to an agenda that was sent, without a reason
        """
        items = super().create(vals_list)
        if not self.env.su:
            for item in items.filtered(lambda item: item.meeting_id.state == "scheduled"):
                item._demand_reason(item.late_reason)
        return items

    def write(self, vals):
        """
        :raises UserError: the agenda was sent, and what it says of a topic changes without a reason
        """
        if not self.env.su and self._announced_fields & vals.keys():
            self.check_access("write")  # the refusal below names the topic
            for item in self.filtered(lambda item: item.meeting_id.state == "scheduled"):
                item._demand_reason(vals.get("late_reason"))
        return super().write(vals)

    def _demand_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "The agenda was sent with the notice, and people prepare for it. Write under “Reason After the "
                    "Notice” why “%s” comes or changes now: they will read it.",
                    self.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_announced(self):
        if self.env.su:
            return
        for item in self.filtered(lambda item: item.meeting_id.state == "scheduled"):
            raise UserError(
                self.env._(
                    "“%s” stands on the agenda that was sent. Open the topic and press “Take Off the Agenda”, which "
                    "asks for the reason.",
                    item.name,
                )
            )

    @api.depends("meeting_id.state", "state")
    @api.depends_context("uid")
    def _compute_can_take_off(self):
        for item in self:
            item.can_take_off = bool(item.id) and not item._refusal_take_off()

    def _refusal_take_off(self):
        return self.meeting_id._refusal_wrong_state("scheduled") or self.meeting_id._refusal_not_organiser()

    def action_take_off(self, reason=None):
        """Take the topic off an agenda that was sent. The chatter keeps the reason; for a closed topic the access log.

        :param str reason: why
        :returns: the dialogue that asks for it where it is missing
        """
        self.ensure_one()
        self.check_access("unlink")
        refusal = self._refusal_take_off()
        if refusal:
            raise refusal
        reason = (reason or "").strip()
        if not reason:
            return self.env["meeting.reason.wizard"]._open(self, "take_off", self.env._("Take Off the Agenda"))
        if self.level:  # the chatter would tell who is not admitted that there was such a topic
            self.env["meeting.access.log"]._note(self, "level", self.env._("Taken off the agenda: %s", reason))
        else:
            title = self.env._("“%s” was taken off the agenda.", self.name)
            self.env["meeting.reason.wizard"]._log(self.meeting_id, title, reason)
        # sudo: who may delete it was asked above; the way without a reason is closed to everybody else
        self.sudo().unlink()
        return None

    def _prepare_carried(self, meeting, sequence):
        values = super()._prepare_carried(meeting, sequence)
        if meeting.state == "scheduled":
            here = fields.Datetime.context_timestamp(self.meeting_id, self.meeting_id.start)
            day = format_date(self.env, here.date())
            values["late_reason"] = (
                self.env._("Put off on %s", day) if self.state == "parked" else self.env._("Not reached on %s", day)
            )
        return values
