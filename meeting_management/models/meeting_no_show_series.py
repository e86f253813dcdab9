"""No-shows of what recurs: counted, visible, and after several in a row a question to its convener (RM-14)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MeetingStrikeMixin(models.AbstractModel):
    """Something that books a room again and again. The owning model has ``name``, ``active`` and ``company_id``.

    It never ends by itself: whoever is responsible decides, with “End” or “Keep”.
    """

    _name = "meeting.strike.mixin"
    _description = "Repeated Use of a Room"

    strike_count = fields.Integer(
        "Unused in a Row", readonly=True, copy=False, help="How often in a row nobody came to the room."
    )
    no_show_count = fields.Integer("No-shows", compute="_compute_no_show_count")
    can_settle_strikes = fields.Boolean(compute="_compute_can_settle_strikes")

    def _compute_no_show_count(self):
        for record in self:
            record.no_show_count = self.env["meeting.booking"].search_count(record._no_show_domain())

    def _no_show_domain(self):
        """:return: domain of the bookings of this record to which nobody came"""
        raise NotImplementedError

    def _strike_users(self):
        """:return: the users who may be asked, the first with a login is"""
        raise NotImplementedError

    def _has_proposal(self):
        limit = self.company_id.meeting_no_show_limit
        return bool(self.active and limit and self.strike_count >= limit)

    @api.depends("strike_count", "active", "company_id")
    @api.depends_context("uid")
    def _compute_can_settle_strikes(self):
        for record in self:
            record.can_settle_strikes = bool(record.id) and not record._refusal_settle()

    def _refusal_settle(self):
        if not self._has_proposal():
            return UserError(self.env._("There is nothing to decide about “%s”.", self.display_name))
        if not self.has_access("write"):
            return AccessError(self.env._("Only those who run “%s” decide whether it goes on.", self.display_name))
        return None

    def _demand_settle(self):
        for record in self:
            refusal = record._refusal_settle()
            if refusal:
                raise refusal

    def action_end_series(self):
        """It makes no more bookings; drafts that nobody has worked on go, what was announced stays."""
        self._demand_settle()
        self._strike_notes().action_feedback(feedback=self.env._("Ended, as nobody used the room."))
        self.active = False

    def action_keep_series(self):
        """It goes on; the count begins anew."""
        self._demand_settle()
        self._strike_notes().action_feedback(feedback=self.env._("Kept."))
        # sudo: the count is kept by the system
        self.sudo().strike_count = 0

    def _strike_notes(self):
        return self.activity_search(["meeting_management.mail_activity_no_show"])

    def _strike(self):
        """Nobody came, once more."""
        for record in self:
            record.strike_count += 1
            if record._has_proposal() and not record._strike_notes():
                record._propose_end()

    def _propose_end(self):
        user = self._strike_users().filtered("active")[:1]
        if user:
            record = self.with_context(lang=user.lang)
            record.activity_schedule(
                "meeting_management.mail_activity_no_show",
                user_id=user.id,
                summary=record.env._("Nobody came %s times in a row: end it?", self.strike_count),
                note=record.env._("Open it and choose “End Series” or “Keep”. Until then nothing changes."),
            )

    def action_view_no_shows(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_booking_action_no_show")
        return {**action, "domain": self._no_show_domain(), "context": {}}


class MeetingSeries(models.Model):
    _name = "meeting.series"
    _inherit = ["meeting.series", "meeting.strike.mixin"]

    def _no_show_domain(self):
        """Found through the meetings that the current user may read."""
        return [("meeting_id.series_id", "=", self._origin.id), ("release_cause", "=", "no_show")]

    def _strike_users(self):
        return self.convener_id + (self.chair_id | self.minute_taker_id)


class MeetingBooking(models.Model):
    _inherit = "meeting.booking"

    series_id = fields.Many2one(
        "meeting.series", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        help="Of meetings that the whole company may know of.",
    )  # fmt: skip

    def _recurring(self):
        """:return: what begot this booking, or an empty series; as superuser"""
        # sudo: the count of no-shows follows the room, whoever may read the series
        return self.sudo().meeting_id.series_id

    def _after_transition(self, origin):
        res = super()._after_transition(origin)
        recurring = self._recurring()
        if self.release_cause == "no_show" and self.state == "released":
            recurring._strike()
        elif self.state in ("checked_in", "finished") and recurring.strike_count:
            recurring.strike_count = 0
            recurring._strike_notes().unlink()
        return res


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return [*super()._sections(), self._strike_section("meeting.series", "convener_id")]

    def _strike_section(self, model, owner):
        """What recurs and stays unused, for whoever runs it."""
        limit = self.env.company.meeting_no_show_limit
        return self._section(
            f"unused_{model.rpartition('.')[2]}",
            self.env._("Booked again and again, and not used"),
            "fa-repeat",
            self.env[model],
            [(owner, "=", self.env.uid), ("strike_count", ">=", limit or 10**6)],
            "name",
            lambda record: self._card(
                record,
                record.name,
                False,
                note=self.env._("Nobody came %s times in a row", record.strike_count),
                buttons=[
                    self._button("action_keep_series", self.env._("Keep")),
                    self._button("action_end_series", self.env._("End Series")),
                ],
            ),
        )
