"""Topics: planned with minutes and goals, discussed with notes, differing opinions and a conclusion
(AG-2, AG-3, LV-5)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .meeting_type_line import ITEM_KINDS


class MeetingAgendaItem(models.Model):
    """One topic of a meeting. Whoever may read the meeting reads it; the organisers write it.

    What is written here while the item runs is what the minutes are made of: nothing is typed twice.
    """

    _name = "meeting.agenda.item"
    _description = "Agenda Item"
    _order = "meeting_id, sequence, id"

    meeting_id = fields.Many2one("meeting.meeting", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    meeting_state = fields.Selection(related="meeting_id.state", string="Meeting Status")
    sequence = fields.Integer(default=10)
    number = fields.Integer("No.", compute="_compute_number")
    name = fields.Char("Topic", required=True, index="trigram")
    kind = fields.Selection(ITEM_KINDS, required=True, default="discussion")
    presenter_id = fields.Many2one("res.partner", string="Presenter")
    minutes = fields.Integer("Time (min)", compute="_compute_minutes", store=True, readonly=False)
    share = fields.Float("Share (%)", help="Share of the meeting's length; the minutes follow when the length changes.")
    goal = fields.Char(help="What should be the result of this topic.")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", copy=False)
    from_type = fields.Boolean(copy=False)

    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("discussing", "Being discussed"),
            ("discussed", "Discussed"),
            ("not_reached", "Not reached"),
            ("parked", "Parked"),
        ],
        required=True,
        default="planned",
        copy=False,
    )
    started_at = fields.Datetime(readonly=True, copy=False)
    minutes_used = fields.Float("Minutes Used", readonly=True, copy=False)
    notes = fields.Html("Course of Discussion", copy=False, sanitize_attributes=True)
    dissent = fields.Text("Differing Opinions", copy=False)
    conclusion = fields.Html("Agreement", copy=False, sanitize_attributes=True)

    _minutes_positive = models.Constraint("CHECK (minutes >= 0)", "A topic takes zero minutes or more.")
    _topic_length = models.Constraint(
        "CHECK (char_length(name) <= 300)",
        "The topic is longer than 300 characters. Put the rest into the goal or a document.",
    )

    @api.depends("share", "meeting_id.duration")
    def _compute_minutes(self):
        for item in self:
            if item.share:
                item.minutes = round(item.meeting_id.duration * 60 * item.share / 100)

    @api.depends("sequence", "meeting_id.agenda_item_ids.sequence")
    def _compute_number(self):
        for item in self:  # what is being typed is not on the agenda yet: it comes last
            item.number = len(item.meeting_id.agenda_item_ids) + 1 if item.meeting_id else 0
        for meeting in self.meeting_id:
            for number, item in enumerate(meeting.agenda_item_ids.sorted(lambda i: (i.sequence, i._origin.id or 0)), 1):
                item.number = number

    def write(self, vals):
        res = super().write(vals)
        if "attachment_ids" in vals:
            self._bind_documents()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._bind_documents()
        return items

    def _bind_documents(self):
        """Documents follow the rights of their topic, not the open rights of an unattached file."""
        for item in self:
            # sudo: a file uploaded by its author is tied to the topic; it becomes less readable, never more.
            loose = item.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": item.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        for item in self:
            if item.meeting_id.state in ("held", "closed") or item.notes or item.conclusion:
                raise UserError(
                    self.env._(
                        "“%s” belongs to what happened in the meeting and cannot be deleted. Mark it as not "
                        "reached instead.",
                        item.name,
                    )
                )

    # -- while the meeting runs ---------------------------------------------------------------------------------

    def action_discuss(self):
        """Turn to this topic; the one before is done (LV-2).

        :raises UserError: the meeting is not in progress
        """
        self.ensure_one()
        meeting = self.meeting_id
        if meeting.state != "in_progress":
            raise UserError(self.env._("Start the meeting first; then its topics can be opened one after the other."))
        meeting._finish_current_item()
        self.write({"state": "discussing", "started_at": fields.Datetime.now()})

    def action_not_reached(self):
        """The topic was not reached; it stays on record for the next meeting (AG-6)."""
        for item in self:
            if item.meeting_id.state not in ("in_progress", "held"):
                raise UserError(self.env._("Topics are marked as not reached during or after the meeting."))
        self.write({"state": "not_reached"})


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    agenda_item_ids = fields.One2many(
        "meeting.agenda.item", "meeting_id", compute="_compute_agenda_item_ids", store=True, readonly=False, copy=True
    )
    agenda_minutes = fields.Integer("Agenda Minutes", compute="_compute_agenda_minutes")
    agenda_overrun = fields.Integer(
        compute="_compute_agenda_minutes", help="Minutes by which the agenda is too long."
    )

    @api.depends("type_id")
    def _compute_agenda_item_ids(self):
        for meeting in self:
            if meeting.state != "draft":
                continue
            old = meeting.agenda_item_ids.filtered("from_type")
            lines = meeting.type_id._prepare_agenda_values(meeting.type_id.duration)
            meeting.agenda_item_ids = [fields.Command.delete(item.id) for item in old] + [
                fields.Command.create({**line, "from_type": True}) for line in lines
            ]

    @api.depends("agenda_item_ids.minutes", "duration")
    def _compute_agenda_minutes(self):
        for meeting in self:
            meeting.agenda_minutes = sum(meeting.agenda_item_ids.mapped("minutes"))
            meeting.agenda_overrun = max(0, meeting.agenda_minutes - round(meeting.duration * 60))

    def _finish_current_item(self):
        now = fields.Datetime.now()
        for item in self.agenda_item_ids.filtered(lambda item: item.state == "discussing"):
            used = (now - item.started_at).total_seconds() / 60 if item.started_at else 0
            item.write({"state": "discussed", "minutes_used": item.minutes_used + used, "started_at": False})

    def _after_transition(self, origin):
        """At the end the open topic is done; what nobody opened, but has notes, was discussed too (paper meetings)."""
        res = super()._after_transition(origin)
        if self.state == "held" and origin == "in_progress":
            self._finish_current_item()
            for item in self.agenda_item_ids.filtered(lambda item: item.state == "planned"):
                item.state = "discussed" if item.notes or item.conclusion else "not_reached"
        return res
