"""The minutes as a document: the same content on screen, on paper and in the published version (MN-1, MN-5)."""

from odoo import api, models
from odoo.tools import format_list, is_html_empty

PRESENT = ("present", "late", "left_early", "late_left_early")


class MinutesDocument(models.AbstractModel):
    _name = "report.meeting_management.report_minutes"
    _inherit = "meeting.document"
    _description = "Minutes Document"
    _document_model = "meeting.minutes"

    @api.model
    def _document(self, minutes, tz):
        meeting = minutes.meeting_id
        people = meeting.participant_ids.sorted(lambda p: (p.role_order, p.id))
        topics = self._topics(meeting)

        def names(*states):
            return format_list(self.env, [self._person(p) for p in people if p.attendance_state in states])

        return {
            "minutes": minutes,
            "meeting": meeting,
            "company": minutes.company_id,
            "number": minutes.number,
            "when": self._when(meeting, tz),
            "where": self._where(meeting),
            "present": names(*PRESENT),
            "represented": names("represented"),
            "excused": names("excused"),
            "absent": names("absent", "not_notified", "expected"),
            "topics": [self._topic(item) for item in topics if self._is_minuted(item)],
            "not_reached": topics.filtered(
                lambda item: item.state in ("not_reached", "parked") and not self._is_minuted(item)
            ),
            "tasks": self._tasks(meeting, topics),
            "confidentiality": meeting._confidentiality_reminder(),
            "is_draft": minutes.state in ("draft", "in_review", "approved"),
            "introduction": False if is_html_empty(minutes.introduction) else minutes.introduction,
            "closing": False if is_html_empty(minutes.closing) else minutes.closing,
            "copied": format_list(self.env, minutes.department_ids.mapped("name"))
            if meeting.level in ("public", "internal")
            else "",
        }

    @api.model
    def _tasks(self, meeting, topics):
        """Return the tasks (sudo) of a meeting that hang on none of the topics closed to the reader."""
        # sudo: as in _topics
        tasks = self.env["meeting.action.item"].sudo().search([("meeting_id", "=", meeting.id)])
        return tasks.filtered(
            lambda task: task.state != "cancelled" and (not task.agenda_item_id or task.agenda_item_id in topics)
        )

    @api.model
    def _person(self, participant):
        """The name, and who came instead, or how late somebody was."""
        name = participant.partner_id.name or ""
        if participant.attendance_state == "represented" and participant.proxy_partner_id:
            return self.env._("%(person)s (by %(proxy)s)", person=name, proxy=participant.proxy_partner_id.name)
        if participant.late_minutes and participant.attendance_state in ("late", "late_left_early"):
            return self.env._("%(person)s (%(minutes)s min late)", person=name, minutes=participant.late_minutes)
        return name

    @api.model
    def _is_minuted(self, item):
        """Whether the minutes say anything about a topic: it was discussed, or something stands under it."""
        return item.state in ("discussing", "discussed") or bool(
            item.resolution_ids or item.dissent or not is_html_empty(item.notes) or not is_html_empty(item.conclusion)
        )

    @api.model
    def _topic(self, item):
        return {
            "item": item,
            "notes": False if is_html_empty(item.notes) else item.notes,
            "dissent": item.dissent,
            "conclusion": False if is_html_empty(item.conclusion) else item.conclusion,
            "resolutions": item.resolution_ids.filtered(lambda resolution: resolution.state != "superseded"),
        }


class MinutesVersionDocument(models.AbstractModel):
    """A published version: nothing is made anew, its text comes as it was kept, for this reader."""

    _name = "report.meeting_management.report_minutes_version"
    _inherit = "meeting.document"
    _description = "Version of Minutes"
    _document_model = "meeting.minutes.revision"

    @api.model
    def _document(self, revision, tz):
        return revision.with_env(self.env).body
