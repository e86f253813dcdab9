"""Topics that are more confidential than their meeting, and everything that hangs on them (CF-1).

A topic without a level of its own is open to all readers of its meeting. A closed one narrows them: to the meeting's
named people, or to those admitted to it by name. Its notes, documents, resolutions and tasks follow; minutes, notices
and guests' pages are composed for each reader.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list

from .meeting_mixin_access import PrincipalSet, entitled
from .meeting_permission_table import CLOSED_TOPIC_ROLES, is_stricter


class MeetingAgendaItem(models.Model):
    _name = "meeting.agenda.item"
    _inherit = ["meeting.masked.name", "meeting.agenda.item"]

    level = fields.Selection(
        [("participants", "Participants only"), ("secret", "Secret: people admitted by name")],
        string="Confidentiality",
        index="btree_not_null",
        help="Leave it empty where everybody who reads the meeting may read this topic. A closed topic, with its "
        "notes, documents, resolutions and tasks, does not exist for anybody else.",
    )
    admitted_ids = fields.Many2many(
        "res.partner",
        "meeting_agenda_item_admitted_rel",
        "agenda_item_id",
        "partner_id",
        string="Admitted",
        help="Participants who may know of this topic, besides convener, chair, minute taker and presenter.",
    )
    reader_keys = PrincipalSet(compute="_compute_reader_keys", store=True, copy=False, groups=fields.NO_ACCESS)
    is_admitted = fields.Boolean(compute="_compute_is_admitted", search="_search_is_admitted", compute_sudo=True)

    _reader_keys_index = models.Index("USING gin (reader_keys) WHERE level IS NOT NULL")

    # -- who may read it ----------------------------------------------------------------------------------------

    @api.depends(
        "level",
        "admitted_ids",
        "presenter_id",
        "meeting_id.reader_keys",
        "meeting_id.participant_ids.user_id",
        "meeting_id.participant_ids.partner_id",
    )
    def _compute_reader_keys(self):
        """Keys of a closed topic; empty for an open one, which follows its meeting."""
        for item in self:
            if not item.level:
                item.reader_keys = []
                continue
            # sudo: the people of any meeting count, whoever triggered the recomputation
            meeting = item.sudo().meeting_id
            keys = meeting._role_keys()
            if item.level == "secret":
                keys["participant"] = set(item._admitted_lines().user_id.ids)
            admitted = set().union(*(keys.get(role, ()) for role in CLOSED_TOPIC_ROLES))
            item.reader_keys = admitted & set(meeting.reader_keys or ())

    def _admitted_lines(self):
        """:return: participants of the meeting who are admitted to this topic by name (sudo)"""
        item = self.sudo()  # sudo: as in _compute_reader_keys
        people = item.admitted_ids | item.presenter_id
        return item.meeting_id.participant_ids.filtered(lambda line: line.partner_id in people)

    @api.depends("level", "reader_keys")
    @api.depends_context("uid")
    def _compute_is_admitted(self):
        for item in self:
            item.is_admitted = item._admits(self.env.user)

    def _admits(self, user):
        """Whether this topic is open, or ``user`` is admitted to it."""
        item = self.sudo()  # sudo: the keys are closed to everybody; only the answer comes back
        return not item.level or not user._meeting_principals().isdisjoint(item.reader_keys)

    def _search_is_admitted(self, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        admitted = entitled("reader_keys", sorted(self.env.user._meeting_principals()), unless_empty="level")
        return admitted if True in value else ~admitted

    @api.depends("name")
    def _compute_display_name(self):
        """See the mixin: masked for who may not read it."""
        return super()._compute_display_name()

    def _masked_name(self):
        return self.env._("Confidential topic")

    def _effective_level(self):
        """:return: the level that governs what is said about this topic: its own, or its meeting's where that is
        stricter or the topic has none"""
        self.ensure_one()
        meeting_level = self.meeting_id.level
        return self.level if is_stricter(self.level, meeting_level) else meeting_level

    def _for_reader(self, env):
        """:return: these topics without those closed to the real user of ``env``; all of them for the system"""
        return self if env.su else self.filtered(lambda topic: topic._admits(env.user))

    def _known_to(self, partner):
        """:return: those of these topics that a person may know of who may read their meeting, account or not"""

        def known(topic):
            if not topic.level:
                return True
            # sudo: as in _compute_reader_keys
            meeting = topic.sudo().meeting_id
            if partner in (meeting.convener_id | meeting.chair_id | meeting.minute_taker_id).partner_id:
                return True
            lines = topic._admitted_lines() if topic.level == "secret" else meeting.participant_ids
            return partner in lines.partner_id

        return self.filtered(known)

    # -- constraints and CRUD -----------------------------------------------------------------------------------

    @api.constrains("admitted_ids", "level")
    def _check_admitted(self):
        for item in self.filtered(lambda item: item.level == "secret"):
            meeting = item.meeting_id
            strangers = item.admitted_ids - meeting.participant_ids.partner_id
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(people)s cannot be admitted to “%(topic)s” without taking part in the meeting. Invite them "
                        "to the meeting first.",
                        people=format_list(self.env, strangers.mapped("name")),
                        topic=item.name,
                    )
                )

    def write(self, vals):
        """Once the meeting is announced, opening a closed topic to more people is the chair's decision.

        :raises AccessError: somebody else lowers the level or admits people
        """
        for item in self:
            if not self.env.su and item.level and item.meeting_id._is_announced():
                item._refuse_opening(vals)
        before = {item: item.level for item in self if "level" in vals and item.meeting_id._is_announced()}
        res = super().write(vals)
        for item, level in before.items():
            if item.level != level:
                item._note_level(level)
        return res

    def _note_level(self, before):
        """A change of level after the notice stands in the access log, as that of a meeting does (CF-4)."""
        labels = dict(self._fields["level"]._description_selection(self.env))
        names = [labels.get(level) or self.env._("As the meeting") for level in (before, self.level)]
        self.env["meeting.access.log"]._note(self, "level", " → ".join(names))

    def _refuse_opening(self, vals):
        lowers = "level" in vals and not (vals["level"] == "secret" or vals["level"] == self.level)
        admits = "admitted_ids" in vals
        if (lowers or admits) and self.env.user != self.meeting_id.chair_id:
            raise AccessError(
                self.env._(
                    "“%(topic)s” is closed. Since the meeting is announced, who may know of it is decided by the "
                    "chair, %(chair)s.",
                    topic=self.name,
                    chair=self.meeting_id.chair_id.name,
                )
            )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _topics_for(self, partner):
        """:return: topics (sudo) that this recipient of a message or guest may know of; that he may read the meeting
        at all is for the caller to check"""
        self.ensure_one()
        # searched, not read through the meeting: what is cached there is shared with code that runs for the reader;
        # sudo: read for somebody else, whose rights are applied
        return self.env["meeting.agenda.item"].sudo().search([("meeting_id", "=", self.id)])._known_to(partner)


class MeetingActionItem(models.Model):
    _inherit = "meeting.action.item"

    @api.depends("agenda_item_id.level", "agenda_item_id.reader_keys")
    def _compute_access_keys(self):
        return super()._compute_access_keys()

    def _origin_keys(self):
        """A task of a closed topic is open to the topic's readers, besides the task's own people."""
        readers, editors = super()._origin_keys()
        topic = self.sudo().agenda_item_id  # sudo: the topic counts, whoever triggered the recomputation
        if topic.level:
            admitted = set(topic.reader_keys or ())
            return readers & admitted, editors & admitted
        return readers, editors

    def _notification_level(self):
        """A task of a closed topic is written about as its topic is."""
        topic = self.agenda_item_id
        return topic._effective_level() if topic else super()._notification_level()
