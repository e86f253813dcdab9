"""From one meeting to the next: what came before it, which of its tasks are still open, and when people meet again
(AG-5, RS-10, MT-6)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .meeting_action_item import OPEN_STATES
from .meeting_permission_table import is_stricter

LOOK_BACK = 30
"""So many earlier meetings are looked through, the latest first."""
CURRENT = ("draft", "submitted", "scheduled", "in_progress", "held")
"""While a meeting is in one of these states, what earlier ones left open is shown with it."""


class MeetingMeeting(models.Model):
    """A meeting of a series continues the series; any other one continues the meeting it names.

    What it shows of those before it is asked with the reader's own rights, and nothing of it is stored: who may not
    read an earlier meeting learns nothing by reading a later one (CF-1).
    """

    _inherit = "meeting.meeting"

    # No tracking: the chatter would keep the name for readers who may not know it.
    follows_id = fields.Many2one(
        "meeting.meeting",
        "Follows Up On",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('state', 'in', ('held', 'closed')), ('company_id', '=', company_id), ('id', '!=', id)]",
        help="The meeting that this one continues. Its open tasks are shown here, and its topics that were not reached "
        "can be carried over. Meetings of a series continue the series by themselves.",
    )
    open_task_ids = fields.Many2many(
        "meeting.action.item", string="Open Tasks of Earlier Meetings", compute="_compute_open_task_ids"
    )
    can_plan_next = fields.Boolean(compute="_compute_can")

    @api.constrains("follows_id")
    def _check_follows(self):
        """Who names a meeting may read it: otherwise the names of all meetings could be tried out one by one."""
        for meeting in self:
            before = meeting.sudo(False).follows_id
            if before and not (before._filtered_access("read") and before.start < meeting.start):
                raise ValidationError(
                    self.env._("Under “Follows Up On”, choose an earlier meeting that you may read, or leave it empty.")
                )

    def _before(self):
        """:return: the meetings that this one continues, as far as the current user may read them, latest first"""
        self.ensure_one()
        found = self.browse()
        if self.series_id and self.start:
            found = self.search(
                [
                    ("series_id", "=", self.series_id.id),
                    ("start", "<", self.start),
                    ("state", "in", ("held", "closed")),
                ],
                order="start desc, id desc",
                limit=LOOK_BACK,
            )
        link = self.follows_id._filtered_access("read")
        while link and link not in found and len(found) < LOOK_BACK:
            found |= link
            link = link.follows_id._filtered_access("read")
        return found

    @api.depends("series_id", "start", "state", "follows_id")
    @api.depends_context("uid")
    def _compute_open_task_ids(self):
        """RS-10: handed out in an earlier meeting, and neither accepted nor cancelled since."""
        tasks = self.env["meeting.action.item"]
        for meeting in self:
            before = meeting._before() if meeting.state in CURRENT else meeting.browse()
            handed_out = [("state", "in", OPEN_STATES), ("assign_round", ">", 0)]
            meeting.open_task_ids = tasks.search([("meeting_id", "in", before.ids), *handed_out]) if before else tasks

    def _takes_in(self, before):
        """Whether everybody who learns what is in this meeting knew of `before` as well: only then something goes from
        that one into this one without somebody deciding it (CF-1)."""
        # sudo: both lists of people count; only the answer comes back
        here, there = self.sudo(), before.sudo()
        new = here._all_people() - there._all_people()
        if is_stricter(there.level, here.level):
            return False
        if there.level == "public":
            return all(person.user_ids.filtered(lambda user: not user.share) for person in new)
        if new or here.level != "internal":
            return not new
        departments = there.department_ids
        return here.department_ids <= departments.search([("id", "child_of", departments.ids)])

    def _all_people(self):
        """:return: contacts of all who take part in this meeting or run it"""
        return self.participant_ids.partner_id | (self.convener_id | self.chair_id | self.minute_taker_id).partner_id

    # -- the next one -------------------------------------------------------------------------------------------

    def _next(self, *states):
        """:return: the next meeting (sudo) after this one that is in one of these states, or none

        Any reader may plan a meeting that follows this one; the next one is what its own organisers plan.
        """
        self.ensure_one()
        # sudo: whether there is one; the caller shows it to its readers only
        meetings = self.sudo()
        ahead = [("start", ">", self.start), ("state", "in", states)]
        if self.series_id:
            found = meetings.search([("series_id", "=", self.series_id.id), *ahead], order="start, id", limit=1)
            if found:
                return found
        followers = meetings.search([("follows_id", "=", self.id), *ahead], order="start, id")
        return followers.filtered(lambda meeting: self.with_user(meeting.convener_id)._is_organiser())[:1]

    def _continues(self, before):
        """Whether the current user may take over here what `before` left, so that it is settled there: this is the next
        meeting of the series, or he runs both."""
        return (self.series_id and self.series_id == before.series_id) or before._is_organiser()

    def _refusal_plan_next(self):
        return self._refusal_wrong_state("in_progress", "held", "closed") or self._refusal_not_organiser()

    def action_plan_next(self):
        """Open the next meeting (MT-6). There is none yet: a draft is made, with the same people, the agenda of the
        meeting type, and the topics this one left.

        :raises UserError: it exists, and the user may not read it
        """
        self.ensure_one()
        self._demand("plan_next")
        following = self._next("draft", "submitted", "scheduled", "in_progress").sudo(False)._filtered_access("read")
        if not following:
            if self._next("draft", "submitted", "scheduled", "in_progress"):
                raise UserError(
                    self.env._("The next meeting is planned already, by somebody else and not for you to read.")
                )
            following = self.copy(self._prepare_next_values())
            if following.can_carry_over:
                following.action_carry_over()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _prepare_next_values(self):
        """A week later at the same time, unless the chair has announced another."""
        start = self.next_start or self.start + timedelta(weeks=1)
        if start <= fields.Datetime.now():
            start = self._default_start()
        agenda = self.type_id._prepare_agenda_values(self.duration)
        return {
            "name": self.name,
            "start": start,
            "follows_id": self.id,
            "agenda_item_ids": [fields.Command.create({**line, "from_type": True}) for line in agenda],
        }

    def _after_transition(self, origin):
        """At the close the date of the next meeting is known where a series has one; the minutes name it (MT-6)."""
        res = super()._after_transition(origin)
        if self.state == "held" and origin == "in_progress" and not self.next_start:
            self.next_start = self._next("draft", "submitted", "scheduled").start
        return res
