"""What a meeting, its agenda, its participants and its type gain from the minutes."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty, plaintext2html


class MeetingType(models.Model):
    _inherit = "meeting.type"

    unread_hours = fields.Integer(
        "Read Within",
        default=72,
        help="Hours after publication within which participants read the minutes. 0: no limit.",
    )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    minutes_ids = fields.One2many("meeting.minutes", "meeting_id", readonly=True)
    minutes_state = fields.Selection(related="minutes_ids.state", related_sudo=False, string="State of the Minutes")
    can_draft_minutes = fields.Boolean(compute="_compute_can_draft_minutes")

    @api.depends("state", "minutes_ids")
    @api.depends_context("uid")
    def _compute_can_draft_minutes(self):
        for meeting in self:
            meeting.can_draft_minutes = meeting._refusal_draft_minutes() is None

    def _refusal_draft_minutes(self):
        # sudo: whether minutes exist, not what they say
        if self.sudo().minutes_ids:
            return UserError(self.env._("“%s” has minutes already. Open them with the Minutes button.", self.name))
        if self.state not in ("held", "closed"):
            return UserError(
                self.env._("The minutes of “%s” can be drafted once the meeting has been held.", self.name)
            )
        if not self.is_editable:
            return AccessError(self.env._("Only those who run the meeting draft its minutes. Ask the minute taker."))
        return None

    def _after_transition(self, origin):
        """A meeting that is held has a draft of its minutes in the same moment (MN-1, MN-2)."""
        result = super()._after_transition(origin)
        self.filtered(lambda meeting: meeting.state == "held")._draft_minutes()
        return result

    def _draft_minutes(self):
        """Create the draft and tell the minute taker by when it is due.

        :returns: the minutes
        """
        # sudo: minutes are born by the meeting's end, whoever ended it; nobody can create them otherwise
        Minutes = self.env["meeting.minutes"].sudo()
        drafts = Minutes.create(
            [meeting._prepare_minutes_values() for meeting in self if not meeting.sudo().minutes_ids]
        )
        for minutes in drafts:
            taker = minutes.minute_taker_id.partner_id
            minutes._notify("minutes_due", taker)
        return drafts

    def _prepare_minutes_values(self):
        ended = self.actual_stop or self.stop or fields.Datetime.now()
        return {
            "meeting_id": self.id,
            "introduction": plaintext2html(self.purpose) if self.purpose else False,
            "closing": plaintext2html(self.summary) if self.summary else False,
            "urgency": "urgent" if self.is_urgent else "normal",
            "due_at": self._count_hours(self.minute_taker_id, ended, self.minutes_due_hours),
        }

    def action_open_minutes(self):
        """Open the meeting's minutes; draft them first where they are missing (imported history)."""
        self.ensure_one()
        self.check_access("read")
        if not self.sudo().minutes_ids:  # sudo: only whether there are any
            refusal = self._refusal_draft_minutes()
            if refusal:
                raise refusal
            self._draft_minutes()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Minutes"),
            "res_model": "meeting.minutes",
            "res_id": self.sudo().minutes_ids.id,  # sudo: an id; opening the form checks the reader
            "view_mode": "form",
        }

    def _refusal_close(self):
        """A file is complete when its minutes are published; closed before, the meeting would stay without record."""
        refusal = super()._refusal_close()
        # sudo: only in which state the minutes are
        if refusal or self.sudo().minutes_ids.filtered(lambda minutes: minutes.state in ("published", "archived")):
            return refusal
        return UserError(
            self.env._(
                "“%s” cannot be closed before its minutes are published. Open the minutes and bring them to "
                "their readers first.",
                self.name,
            )
        )

    def _refuse_frozen_minutes(self):
        """:raises UserError: when minutes of these meetings are approved or published; says how to correct them.

        :raises AccessError: for a meeting that the user may not read, whose name and minutes that would tell of
        """
        self.check_access("read")
        # sudo: an organiser may change agenda notes only while minutes he perhaps cannot read are still open
        self.sudo().minutes_ids._refuse_frozen()


class MeetingAgendaItem(models.Model):
    _inherit = "meeting.agenda.item"

    # What the minutes say about an item. Its order, time and documents are no part of the text that was approved.
    _minuted_fields = frozenset(("name", "notes", "dissent", "conclusion"))

    has_notes = fields.Boolean("Discussion Noted", compute="_compute_has_notes")
    has_dissent = fields.Boolean("Differing Opinions Noted", compute="_compute_has_notes")
    has_conclusion = fields.Boolean("Agreement Noted", compute="_compute_has_notes")

    @api.depends("notes", "dissent", "conclusion")
    def _compute_has_notes(self):
        for item in self:
            item.has_notes = not is_html_empty(item.notes)
            item.has_dissent = bool(item.dissent)
            item.has_conclusion = not is_html_empty(item.conclusion)

    @api.model_create_multi
    def create(self, vals_list):
        meetings = self.env["meeting.meeting"].browse(
            {vals["meeting_id"] for vals in vals_list if vals.get("meeting_id")}
        )
        meetings._refuse_frozen_minutes()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what approved minutes say (MN-8); the message names the way out."""
        if self._minuted_fields & vals.keys():
            self.meeting_id._refuse_frozen_minutes()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_minuted(self):
        self.meeting_id._refuse_frozen_minutes()


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    minutes_read_version = fields.Integer("Version Read", readonly=True, copy=False)
    minutes_unread = fields.Boolean(
        readonly=True, copy=False, help="The latest version waits to be read by this person."
    )

    _minutes_unread_idx = models.Index("(user_id) WHERE minutes_unread")

    def write(self, vals):
        """Who has read the minutes is evidence: nobody enters it for somebody else."""
        if not self.env.su and {"minutes_read_at", "minutes_read_version", "minutes_unread"} & vals.keys():
            raise AccessError(
                self.env._(
                    "Each participant confirms the reading of the minutes himself, with the button on the minutes."
                )
            )
        return super().write(vals)
