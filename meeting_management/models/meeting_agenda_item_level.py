"""Topics that are more confidential than their meeting, and everything that hangs on them (CF-1).

A topic without a level of its own is open to all readers of its meeting. A closed one narrows them: to the meeting's
named people, or to those admitted to it by name. Its notes, documents, resolutions and tasks follow; minutes, notices
and guests' pages are composed for each reader.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
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

    can_change_level = fields.Boolean(compute="_compute_can_change_level")

    _reader_keys_index = models.Index("USING gin (reader_keys) WITH (fastupdate = off) WHERE level IS NOT NULL")

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
        """Once the meeting is announced, who may know of a topic changes by the verb, with a reason.

        :raises UserError: it is written directly
        """
        if not self.env.su and {"level", "admitted_ids"} & vals.keys():
            self.check_access("write")  # the refusal below names the topic
            for item in self.filtered(lambda item: item.meeting_id._is_announced()):
                raise UserError(
                    self.env._(
                        "The meeting is announced, so who may know of “%s” changes with the button “Change "
                        "Confidentiality”, which asks for the reason.",
                        item.name,
                    )
                )
        return super().write(vals)

    # -- closing and opening it after the notice ----------------------------------------------------------------

    @api.depends("meeting_id.state", "level")
    @api.depends_context("uid")
    def _compute_can_change_level(self):
        for item in self:
            item.can_change_level = bool(item.id) and not item._refusal_change_level()

    def _refusal_change_level(self):
        meeting = self.meeting_id
        if not meeting._is_announced():
            return UserError(self.env._("Before the notice, who may know of a topic is set in its form."))
        return meeting._refusal_not_organiser()

    def _refusal_level(self, level, admitted):
        """Why the user may not close the topic to these people, or ``None``: whoever lets more people in is the chair,
        who answers for the meeting's secrets."""
        order = (False, "participants", "secret")
        opens = order.index(level) < order.index(self.level) or (
            level == self.level == "secret" and admitted - self.admitted_ids
        )
        if opens and self.env.user != self.meeting_id.chair_id:
            return AccessError(
                self.env._(
                    "“%(topic)s” is closed. Since the meeting is announced, who may know of it is decided by the "
                    "chair, %(chair)s.",
                    topic=self.name,
                    chair=self.meeting_id.chair_id.name,
                )
            )
        return None

    def action_change_level(self, level=None, admitted=None, reason=None):
        """Close a topic of an announced meeting, or open it; notices that left are not called back.

        :param level: ``"participants"``, ``"secret"``, or ``False`` for the meeting's own
        :param admitted: res.partner, the people admitted by name
        :param str reason: why, for the access log; nothing of what the topic is about
        :returns: the dialogue that asks for them where the reason is missing
        """
        self.ensure_one()
        self.check_access("write")
        refusal = self._refusal_change_level()
        if refusal:
            raise refusal
        reason = (reason or "").strip()
        if not reason:
            return self.env["meeting.topic.level.wizard"]._open(self)
        admitted = admitted or self.env["res.partner"]
        refusal = self._refusal_level(level, admitted)
        if refusal:
            raise refusal
        labels = dict(self._fields["level"]._description_selection(self.env))
        change = " → ".join(labels.get(one) or self.env._("As the meeting") for one in (self.level, level))
        # sudo: the fields are closed to direct writes; person and moment were asked above
        self.sudo().write({"level": level, "admitted_ids": [Command.set(admitted.ids)]})
        self.env["meeting.access.log"]._note(self, "level", f"{change}: {reason}")
        return None


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
