"""The minutes of imported meetings: archived from what the file says, in the background, telling nobody (MN-8)."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..log_privacy import without_content

_logger = logging.getLogger(__name__)


class MeetingMeeting(models.Model):
    """A closed meeting that comes with notes gets its minutes by a job, because each PDF takes a while; one that was
    only held gets a draft when somebody opens its minutes.
    """

    _inherit = "meeting.meeting"

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        if any(meeting.state == "closed" and meeting._is_imported() for meeting in meetings):
            # sudo: wakes a job, nothing else.
            self.env.ref("meeting_management.cron_history_minutes").sudo()._trigger()
        return meetings

    @api.model
    def _history_without_minutes(self):
        return [
            ("state", "=", "closed"), ("scheduled_at", "=", False), ("submitted_at", "=", False),
            ("minutes_ids", "=", False), "|", ("summary", "!=", False),
            ("agenda_item_ids", "any", ["|", ("notes", "!=", False), ("conclusion", "!=", False)]),
        ]  # fmt: skip

    @api.model
    def _cron_history_minutes(self, limit=50):
        """Archive the minutes of imported meetings, oldest first; one that fails is logged and tried again next day."""
        cron = self.env["ir.cron"]
        todo = self.search(self._history_without_minutes(), order="start", limit=limit)
        cron._commit_progress(remaining=self.search_count(self._history_without_minutes()))
        done = 0
        for meeting in todo:
            if not meeting.try_lock_for_update().filtered_domain([("minutes_ids", "=", False)]):
                continue
            try:
                with self.env.cr.savepoint():
                    meeting._archive_history_minutes()
                    done += 1
            except UserError as problem:
                why = without_content(problem)
                _logger.warning("Minutes of the imported meeting %s were not made: %s", meeting.id, why)
            if not cron._commit_progress(1):
                break
        return done

    def _archive_history_minutes(self):
        """Minutes with one version, in the language of whoever imported the meeting, straight into the archive."""
        self.ensure_one()
        now = fields.Datetime.now()
        # sudo: the system archives what an administrator brought in; readers of the minutes are those of the meeting.
        keeper = self.with_user(self.create_uid).sudo()
        minutes = keeper.env["meeting.minutes"].create({**keeper._prepare_minutes_values(), "due_at": False})
        for state in ("in_review", "approved"):
            minutes._transition(state)
        minutes.write({"published_at": now, "published_by_id": self.create_uid.id, "version": 1, "archived_at": now})
        minutes._transition("published")
        minutes.env["meeting.minutes.revision"]._snapshot(minutes)
        minutes._transition("archived")
