"""What the demo company owes: time limits that move with the meetings, and one duty that went to superiors."""

from odoo import models
from odoo.fields import Command
from odoo.tools import SQL


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _move_limits(self, meeting, shift):
        """The limits of a meeting that was moved to its place in the past, and of its minutes and tasks, go along."""
        clocks = self.env["meeting.clock"]
        self.env.flush_all()
        for documents in (meeting.sudo(), meeting.sudo().minutes_ids, meeting.sudo().action_item_ids):
            columns = ("started", "due", "base_due", "soon_at", "stopped_at")
            moves = (SQL("%s = %s - %s", SQL.identifier(name), SQL.identifier(name), shift) for name in columns)
            clocks.flush_model()
            self.env.cr.execute(
                SQL(
                    "UPDATE meeting_clock SET %s WHERE res_model = %s AND res_id = ANY(%s)",
                    SQL(", ").join(moves),
                    documents._name,
                    documents.ids,
                )
            )
            clocks.invalidate_model()
            documents._follow_clocks()
            self.env.flush_all()

    def _limits(self):
        """The task that is overdue was reported to its supervisor; a review stands still for a while; a big room is
        worth a word to the convener three days ahead."""
        clocks = self.env["meeting.clock"].sudo()
        late = clocks.search([("kind", "=", "task_due"), ("state", "=", "running"), ("due", "<", "now")])
        late._escalate()
        waiting = clocks.search([("kind", "=", "minutes_review"), ("state", "=", "running")], limit=1)
        if waiting:
            waiting.with_user(waiting._subject().chair_id).sudo(False).action_pause()
        self.env["meeting.reminder.rule"].create(
            {
                "kind": "meeting",
                "timing": "before",
                "number": 3,
                "working": True,
                "role_ids": [Command.link(self.env.ref("meeting_management.reminder_role_convener").id)],
                "own_condition": "[('room_id.capacity', '>=', 30)]",
            }
        )
