"""Participants confirm that they have read the materials; the organisers see who has not (NT-4)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class MeetingParticipant(models.Model):
    """Each confirms for himself, on the meeting, by link from the mail or on his guest page; nobody does it for him.

    Materials are the documents of the topics that are known to the person. One that comes later is unread again.
    """

    _inherit = "meeting.participant"

    materials_read_at = fields.Datetime("Documents Read on", readonly=True, copy=False)
    materials_state = fields.Selection(
        [("none", "No documents"), ("unread", "Not confirmed"), ("read", "Read")],
        "Documents",
        compute="_compute_materials_state",
    )

    @api.depends(
        "materials_read_at",
        "meeting_id.agenda_item_ids.attachment_ids",
        "meeting_id.agenda_item_ids.level",
        "meeting_id.agenda_item_ids.admitted_ids",
    )
    def _compute_materials_state(self):
        # searched, not read through the meeting: what is cached there is shared with code that runs for the reader
        # sudo: whether there are documents and since when; whoever reads the line learns no more than that
        topics = self.env["meeting.agenda.item"].sudo().search([("meeting_id", "in", self.meeting_id.ids)])
        for line in self:
            own = topics.filtered(lambda topic, meeting=line.meeting_id: topic.meeting_id.id == meeting.id)
            materials = line._materials(own)
            line.materials_state = "none" if not materials else "unread" if line._materials_unread(own) else "read"

    def _materials(self, topics=None):
        """:return: the documents that this person is to read, as superuser

        :param topics: the topics of his meeting, as superuser, where the caller has them"""
        # sudo: as in `_compute_materials_state`
        line = self.sudo()
        if topics is None:
            return line.meeting_id._topics_for(line.partner_id).attachment_ids
        return topics._known_to(line.partner_id).attachment_ids if topics.attachment_ids else topics.attachment_ids

    def _materials_unread(self, topics=None):
        """Whether a document waits for this person's confirmation."""
        newest = max(self._materials(topics).mapped("create_date"), default=False)
        return bool(newest) and not (self.materials_read_at and self.materials_read_at >= newest)

    def write(self, vals):
        res = super().write(vals)
        if "materials_read_at" in vals:
            self.meeting_id._follow_materials()
        return res

    def _confirm_materials(self):
        """Note it. The caller has established that the person himself says so."""
        # sudo: closed to direct writes; his own row
        self.sudo().materials_read_at = fields.Datetime.now()


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    materials_unread_count = fields.Integer("Documents Not Read", compute="_compute_materials_unread")
    materials_unread_names = fields.Char("Who Has Not Read Them", compute="_compute_materials_unread")
    has_materials = fields.Boolean(compute="_compute_materials_unread")
    can_confirm_materials = fields.Boolean(compute="_compute_can_confirm_materials")

    @api.depends("participant_ids.materials_state")
    def _compute_materials_unread(self):
        for meeting in self:
            lines = meeting.participant_ids
            unread = meeting._waiting_to_read()
            meeting.has_materials = any(line.materials_state != "none" for line in lines)
            meeting.materials_unread_count = len(unread)
            meeting.materials_unread_names = format_list(self.env, unread.partner_id.mapped("name"))

    @api.depends("state", "participant_ids.materials_state")
    @api.depends_context("uid")
    def _compute_can_confirm_materials(self):
        for meeting in self:
            meeting.can_confirm_materials = bool(meeting.id) and not meeting._refusal_confirm_materials()

    def _refusal_confirm_materials(self):
        if not self.my_participant_id:
            return AccessError(
                self.env._("Only participants of the meeting confirm that they have read its documents.")
            )
        if not self._is_announced() or self.state == "cancelled":
            return UserError(self.env._("There is nothing to confirm: this meeting is not on."))
        if not self.my_participant_id._materials():
            return UserError(self.env._("This meeting has no documents for you to read."))
        if not self.my_participant_id._materials_unread():
            return UserError(self.env._("You have already confirmed that you read the documents."))
        return None

    def _waiting_to_read(self):
        return self.participant_ids.filtered(lambda line: line.materials_state == "unread")

    def _follow_materials(self):
        """Documents came or went, or somebody confirmed: the clock runs as long as one confirmation is missing."""
        # sudo: whether one is missing, whoever changed that
        for meeting in self.sudo().filtered(lambda meeting: meeting.state == "scheduled"):
            if meeting._running("materials") != bool(meeting._waiting_to_read()):
                meeting._follow_clocks()

    def action_confirm_materials(self):
        """I have read the documents of this meeting (NT-4)."""
        for meeting in self:
            refusal = meeting._refusal_confirm_materials()
            if refusal:
                raise refusal
            meeting.my_participant_id._confirm_materials()

    def action_open_materials_unread(self):
        """Who has not confirmed yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "meeting_management.meeting_participant_action_of_meeting"
        )
        action |= {"domain": [("id", "in", self._waiting_to_read().ids)], "context": {"default_meeting_id": self.id}}
        return {**action, "name": self.env._("Documents Not Read")}


class MeetingAgendaItem(models.Model):
    _inherit = "meeting.agenda.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.filtered("attachment_ids").meeting_id._follow_materials()
        return items

    def write(self, vals):
        res = super().write(vals)
        if {"attachment_ids", "level", "admitted_ids"} & vals.keys():
            self.meeting_id._follow_materials()
        return res

    def unlink(self):
        meetings = self.filtered("attachment_ids").meeting_id
        res = super().unlink()
        meetings._follow_materials()
        return res


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        return super()._sections() + [self._materials_section()]

    def _materials_section(self):
        """Meetings to come whose documents I have not confirmed."""
        coming = self.env["meeting.meeting"].search(
            [
                ("state", "=", "scheduled"),
                ("stop", ">", fields.Datetime.now()),
                ("participant_ids.user_id", "=", self.env.uid),
                ("agenda_item_ids.attachment_ids", "!=", False),
            ]
        )
        mine = coming.filtered("can_confirm_materials")
        return self._section(
            "materials",
            self.env._("Documents to read"),
            "fa-files-o",
            coming,
            [("id", "in", mine.ids)],
            "start",
            lambda meeting: self._meeting_card(
                meeting,
                buttons=[self._button("action_confirm_materials", self.env._("I have read them"), primary=True)],
            ),
        )
