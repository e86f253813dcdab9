"""Nothing is lost between two meetings: topics that were not reached, points that were parked, tasks that are open
come back on the next agenda (AG-5, AG-6, RS-10)."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, is_html_empty

from .meeting_permission_table import is_stricter

LEFT = ("not_reached", "parked")
STANDING = ("opening", "follow_up", "review", "actions", "closing")
"""Kinds of topics that come back by themselves, with the agenda of the meeting type."""
LAST = ("actions", "closing")
"""Kinds of topics with which a meeting ends: what is carried over comes before them."""
TAKING = ("draft", "submitted", "scheduled", "in_progress")


class MeetingAgendaItem(models.Model):
    _inherit = "meeting.agenda.item"

    # Closed to everybody: a topic of one meeting must not lead its readers to another meeting's.
    carried_from_id = fields.Many2one(
        "meeting.agenda.item", copy=False, index="btree_not_null", ondelete="set null", groups=fields.NO_ACCESS
    )
    carried_to_ids = fields.One2many("meeting.agenda.item", "carried_from_id", groups=fields.NO_ACCESS)
    left_at = fields.Datetime(
        "Left On", readonly=True, copy=False, help="The meeting that did not get to this topic, or put it off."
    )
    is_let_go = fields.Boolean("No Longer Needed", copy=False)

    def action_let_go(self):
        """This topic need not come back; it stays on the record of its own meeting. For those who run that one."""
        self.is_let_go = True

    def _prepare_carried(self, meeting, sequence):
        """:return: values of this topic in `meeting`; it stays as closed as it was (CF-1)"""
        self.ensure_one()
        people = meeting.participant_ids.partner_id
        level = self.level or ("participants" if is_stricter(self.meeting_id.level, meeting.level) else False)
        return {
            "meeting_id": meeting.id,
            "sequence": sequence,
            "name": self.name,
            "kind": self.kind,
            "presenter_id": self.presenter_id.id if self.presenter_id in people else False,
            "minutes": self.minutes,
            "goal": self.goal,
            "level": level,
            "admitted_ids": [Command.set((self.admitted_ids & people).ids)],
            "left_at": self.meeting_id.start,
        }

    def _copy_documents(self, item):
        """The documents of this topic, for its successor; those of closed ones stay where they are (CF-3)."""
        if self.level or self.meeting_id.level not in ("public", "internal"):
            return
        files = self.attachment_ids._filtered_access("read")
        item.attachment_ids = files.copy({"res_model": item._name, "res_id": item.id})

    # -- tasks of earlier meetings under the topic that follows them up -----------------------------------------

    def action_discuss(self):
        """Turning to the follow-up of resolutions, the minute taker finds the open tasks listed (AG-5)."""
        res = super().action_discuss()
        if self.kind == "follow_up" and is_html_empty(self.notes):
            tasks = self.meeting_id._tasks_to_recall()
            if tasks:
                self.notes = self._task_table(tasks)
        return res

    def _task_table(self, tasks):
        states = dict(tasks._fields["state"]._description_selection(self.env))
        heads = (self.env._("Task"), self.env._("Owner"), self.env._("Due By"), self.env._("Status"))
        rows = [
            (
                task.name,
                task.owner_id.name or "",
                format_date(self.env, task.deadline) if task.deadline else "",
                self.env._("%(state)s, %(progress)s%%", state=states[task.state], progress=task.progress),
            )
            for task in tasks
        ]

        def line(tag, cells):
            return Markup("<tr>%s</tr>") % Markup("").join(Markup(f"<{tag}>%s</{tag}>") % cell for cell in cells)

        body = Markup("").join(line("td", row) for row in rows)
        return Markup('<table class="table table-sm table-bordered"><tbody>%s%s</tbody></table>') % (
            line("th", heads),
            body,
        )


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    left_topic_ids = fields.Many2many(
        "meeting.agenda.item", string="Left by Earlier Meetings", compute="_compute_left_topic_ids"
    )
    can_carry_over = fields.Boolean(compute="_compute_left_topic_ids")
    can_park = fields.Boolean(compute="_compute_can")

    @api.depends("series_id", "start", "state", "follows_id", "agenda_item_ids.name")
    @api.depends_context("uid")
    def _compute_left_topic_ids(self):
        """AG-6: what earlier meetings did not reach or put off, and what nobody has carried over or let go since."""
        for meeting in self:
            before = meeting._before() if meeting.state in TAKING else meeting.browse()
            meeting.left_topic_ids = before._left_topics(meeting.agenda_item_ids.mapped("name"))
            meeting.can_carry_over = bool(meeting.id and meeting._topics_to_carry()) and meeting._is_organiser()

    def _topics_to_carry(self):
        return self.left_topic_ids.filtered(lambda topic: self._continues(topic.meeting_id))

    def _left_topics(self, present=()):
        """
        :param present: names of topics that stand on the next agenda anyhow
        :return: topics of these meetings that wait to be carried over, as far as the current user may read them
        """
        topics = self.env["meeting.agenda.item"]
        if not self:
            return topics
        found = topics.search(
            [("meeting_id", "in", self.ids), ("state", "in", LEFT), ("is_let_go", "=", False)],
            order="meeting_id, sequence, id",
        )
        # sudo: where it went counts wherever that is; only whether it is still left comes back
        gone = found.sudo().filtered("carried_to_ids").ids
        return found.filtered(
            lambda topic: topic.id not in gone
            and (topic.state == "parked" or topic.kind not in STANDING)
            and not (topic.from_type and topic.name in present)
        )

    # -- carry over ---------------------------------------------------------------------------------------------

    def _refusal_carry_over(self):
        wrong = self._refusal_wrong_state(*TAKING) or self._refusal_not_organiser()
        if wrong:
            return wrong
        if not self._topics_to_carry():
            return UserError(self.env._("Earlier meetings left no topic that is not on an agenda again."))
        return None

    def action_carry_over(self):
        """Put the topics that earlier meetings left on this agenda, before the closing ones (AG-6)."""
        self.ensure_one()
        self._demand("carry_over")
        self._take_over_topics(self._topics_to_carry())

    def _take_over_topics(self, topics):
        """
        :param topics: read with the rights under which they are carried over
        :return: their successors on this agenda
        """
        last = self.agenda_item_ids.filtered(lambda item: item.kind in LAST).mapped("sequence")
        others = self.agenda_item_ids.filtered(lambda item: item.kind not in LAST).mapped("sequence")
        sequence = min(last) - 1 if last else max(others, default=0) + 1
        created = topics.browse()
        for topic in topics:
            item = topics.create(topic._prepare_carried(self, sequence))
            # sudo: the way back is closed to everybody
            item.sudo().carried_from_id = topic.id
            topic._copy_documents(item)
            created |= item
        return created

    def _after_transition(self, origin):
        """At the close, what was left moves into the next draft by itself, if nobody new learns of it there."""
        res = super()._after_transition(origin)
        if self.state == "held" and origin == "in_progress":
            following = self._next("draft", "submitted", "scheduled")
            if following.state == "draft" and following._takes_in(self):
                # sudo: whoever closes a meeting hands its open topics on, into a draft that its readers alone read
                topics = self.sudo()._left_topics(following.agenda_item_ids.mapped("name"))
                following._take_over_topics(topics.filtered(lambda topic: not topic.level))
        return res

    # -- while it runs ------------------------------------------------------------------------------------------

    def _tasks_to_recall(self):
        """:return: the open tasks of earlier meetings that may be read out here: no topic of theirs is closed, and
        everybody who reads this meeting could read that one"""
        known = {before for before in self._before() if self._takes_in(before)}
        return self.open_task_ids.filtered(
            lambda task: task.meeting_id in known and not task.agenda_item_id.level
        )

    def _refusal_park(self):
        return self._refusal_wrong_state("in_progress") or self._refusal_not_organiser()

    def action_park(self):
        """A point beside the topic: written down for the next meeting, and back to the agenda (AG-6)."""
        self.ensure_one()
        self._demand("park")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Park a Point"),
            "res_model": "meeting.agenda.item",
            "view_mode": "form",
            "views": [(self.env.ref("meeting_management.meeting_agenda_item_view_form_park").id, "form")],
            "target": "new",
            "context": {
                "default_meeting_id": self.id,
                "default_state": "parked",
                "default_minutes": 0,
                "default_sequence": max(self.agenda_item_ids.mapped("sequence"), default=0) + 1,
            },
        }
