"""The kinds of message the ledger knows, and which of them nobody can put off (NT-1, NT-5, AP-1, CF-2)."""

from odoo import api, fields, models
from odoo.fields import Domain

AT_ONCE = frozenset(
    (
        "notice",
        "change",
        "cancel",
        "removed",
        "link",
        "approval",
        "approval_waiting",
        "sign",
        "unsigned",
        "glass_asked",
        "glass_granted",
        "glass_open",
        "room_request",
        "room_unused",
        "room_released",
        "room_displaced",
        "room_hold_over",
        "blocked",
        "task_withdrawn",
        "task_cancelled",
    )
)
"""Kinds that policy makes a duty: each leaves by itself, whatever a person prefers. A company may add to them."""
ESCALATION = "escalat"
"""So begin the kinds by which an omission reaches a superior; they are a duty as well."""
VESSELS = ("summary", "follow_up")
"""Summaries themselves: they carry others and are never carried."""
TO_GROUPS = ("notice", "change", "cancel", "remind", "publish", "task_overdue", "task_accepted")
"""Kinds that concern a group as a whole. All others are between the system and one person and are never said to one."""


def kind_of(step):
    """:return: the kind of a step: ``remind`` of ``remind:60@202603020100``"""
    return (step or "").partition("@")[0].partition(":")[0]


class MeetingMessageKind(models.Model):
    """消息种类. One per kind of step, so that settings can name them; kept by the program, read by every employee."""

    _name = "meeting.message.kind"
    _description = "Kind of Message"
    _rec_name = "code"
    _order = "code"

    code = fields.Char(required=True, readonly=True)
    is_duty = fields.Boolean(
        "Always at Once",
        compute="_compute_is_duty",
        search="_search_is_duty",
        help="Policy makes this message a duty: nobody can put it off to a summary.",
    )

    _code_once = models.Constraint("UNIQUE(code)", "This kind of message exists already.")

    @api.depends("code")
    def _compute_is_duty(self):
        for kind in self:
            kind.is_duty = self._is_duty(kind.code)

    def _search_is_duty(self, operator, value):
        if operator != "in":
            return NotImplemented
        duty = Domain("code", "in", AT_ONCE) | Domain("code", "=like", f"{ESCALATION}%")
        return Domain.OR([duty if wanted else ~duty for wanted in value])

    @api.model
    def _is_duty(self, kind):
        return kind in AT_ONCE or kind in VESSELS or kind.startswith(ESCALATION)

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self.env["meeting.notification"]._step_labels()
        for kind in self:
            kind.display_name = labels.get(kind.code, kind.code)

    @api.model
    def _search_display_name(self, operator, value):
        """By the name in the reader's language: it stands in no column."""
        labels = self.env["meeting.notification"]._step_labels()
        if operator not in ("ilike", "=", "in"):
            return NotImplemented
        wanted = [str(text).lower() for text in (value if operator == "in" else [value])]
        matches = (lambda label, text: text in label) if operator == "ilike" else (lambda label, text: text == label)
        codes = [code for code, label in labels.items() if any(matches(label.lower(), text) for text in wanted)]
        return Domain("code", "in", codes)

    @api.model
    def _sync(self):
        """Add the kinds that chapters have brought since; called when the addon is installed or updated."""
        known = set(self.search([]).mapped("code"))
        labels = self.env["meeting.notification"]._step_labels()
        self.create([{"code": code} for code in labels if code not in known and code not in VESSELS])


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {"remind": self.env._("Reminder before the meeting")}


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_at_once_kind_ids = fields.Many2many(
        "meeting.message.kind",
        "meeting_company_at_once_kind_rel",
        "company_id",
        "kind_id",
        "More Messages That Leave at Once",
        domain=[("is_duty", "=", False)],
        help="Besides those that policy makes a duty (notice, change, cancellation, approval request, agreement, "
        "escalation), which never wait for anybody's morning summary.",
    )

    def _meeting_leaves_at_once(self, kind):
        """Whether a message of this kind may not wait for a summary in this company."""
        self.ensure_one()
        return self.env["meeting.message.kind"]._is_duty(kind) or kind in self.meeting_at_once_kind_ids.mapped("code")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_at_once_kind_ids = fields.Many2many(related="company_id.meeting_at_once_kind_ids", readonly=False)
