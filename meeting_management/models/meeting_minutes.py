"""The minutes of a meeting: drafted, reviewed, approved, published, corrected, archived.

Built when the meeting is held. What was said, where people differed and what was agreed stays under each agenda item
(`meeting.agenda.item`), written while the meeting runs; this document adds the frame around it and its way to readers.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..said import moment_said

STATES = [
    ("draft", "Draft"),
    ("in_review", "In Review"),
    ("approved", "Approved"),
    ("published", "Published"),
    ("archived", "Archived"),
]
# In these states nobody changes what the minutes say: reviewed text must be the published text.
FROZEN_STATES = ("approved", "published", "archived")


class MeetingMinutes(models.Model):
    """Minutes of one meeting (MN-1 to MN-5, MN-7 to MN-9).

    The minute taker, the chair and the meeting's organisers write; the chair or the reviewer named by the meeting type
    approves; before the first publication only these people read, afterwards everybody who may read the meeting.
    """

    _name = "meeting.minutes"
    _description = "Meeting Minutes"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "meeting.state.mixin",
        "meeting.access.mixin",
        "meeting.notification.subject",
    ]
    _order = "meeting_start desc, id desc"
    _mail_post_access = "read"  # a reader may comment without being able to write

    _transitions = {
        "draft": ("in_review",),
        "in_review": ("approved", "draft"),
        "approved": ("published", "draft"),
        "published": ("archived", "draft"),
        "archived": (),
    }
    # Written by the verbs only: a client that could write them would forge an approval or a deadline.
    _facts = frozenset(
        (
            "meeting_id",
            "number",
            "version",
            "review_round",
            "due_at",
            "submitted_at",
            "approved_at",
            "approved_by_id",
            "publish_due_at",
            "published_at",
            "published_by_id",
            "archived_at",
            "review_remarks",
            "correction_reason",
        )
    )
    _body_fields = frozenset(("introduction", "closing", "urgency", "execution_deadline", "department_ids"))

    name = fields.Char("Subject", related="meeting_id.name", store=True)
    number = fields.Char(readonly=True, copy=False, index=True)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    meeting_id = fields.Many2one("meeting.meeting", required=True, readonly=True, ondelete="restrict", index=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)
    meeting_start = fields.Datetime(related="meeting_id.start", store=True, string="Meeting Date")
    type_id = fields.Many2one(related="meeting_id.type_id", store=True, string="Meeting Type")
    chair_id = fields.Many2one(related="meeting_id.chair_id", store=True, string="Chair")
    minute_taker_id = fields.Many2one(
        related="meeting_id.minute_taker_id", store=True, string="Minute Taker", index=True
    )
    reviewer_id = fields.Many2one(
        "res.users",
        compute="_compute_reviewer_id",
        store=True,
        help="Approves the draft or sends it back. Named by the meeting type; otherwise the chair.",
    )

    introduction = fields.Html(help="How the meeting was opened: purpose, agenda, reminders.")
    agenda_item_ids = fields.One2many(
        related="meeting_id.agenda_item_ids", readonly=False, related_sudo=False, string="Topics"
    )
    closing = fields.Html("Closing Summary")
    urgency = fields.Selection(
        [("normal", "Normal"), ("urgent", "Urgent")], default="normal", required=True, tracking=True
    )
    execution_deadline = fields.Date(help="The date by which what was decided is to be carried out.", tracking=True)
    department_ids = fields.Many2many(
        "hr.department",
        string="Copied To",
        compute="_compute_department_ids",
        store=True,
        readonly=False,
        help="Departments that receive the minutes although they were not at the meeting.",
    )

    due_at = fields.Datetime("Draft Due", readonly=True, copy=False, index=True)
    submitted_at = fields.Datetime("Submitted On", readonly=True, copy=False)
    review_round = fields.Integer(readonly=True, copy=False)
    review_remarks = fields.Text("Reviewer's Remarks", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    publish_due_at = fields.Datetime("Publication Due", readonly=True, copy=False)
    published_at = fields.Datetime("Published On", readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    archived_at = fields.Datetime("Archived On", readonly=True, copy=False)
    version = fields.Integer(
        readonly=True, copy=False, help="Number of the latest published version; 0 before the first."
    )
    correction_reason = fields.Text("Reason for the Correction", readonly=True, copy=False)
    revision_ids = fields.One2many("meeting.minutes.revision", "minutes_id", "Versions", readonly=True)
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue", search="_search_is_overdue")

    resolution_ids = fields.One2many(
        related="meeting_id.resolution_ids", readonly=False, related_sudo=False, string="Resolutions"
    )
    action_item_ids = fields.One2many(
        related="meeting_id.action_item_ids", readonly=False, related_sudo=False, string="Tasks"
    )
    participant_ids = fields.One2many(related="meeting_id.participant_ids", related_sudo=False, string="Readers")
    document = fields.Html(
        "Printed Minutes",
        compute="_compute_document",
        sanitize=False,
        help="The minutes as they are printed: the valid version, or your draft.",
    )
    hint = fields.Char(compute="_compute_hint", help="What the user has to know before he goes on.")
    unread_count = fields.Integer("Not Read Yet", compute="_compute_reading")
    has_read = fields.Boolean("I Have Read It", compute="_compute_reading")

    _meeting_unique = models.Constraint("UNIQUE (meeting_id)", "This meeting has minutes already: open those instead.")

    @api.depends("meeting_id.chair_id", "meeting_id.minutes_reviewer", "meeting_id.minutes_reviewer_id")
    def _compute_reviewer_id(self):
        for minutes in self:
            meeting = minutes.meeting_id
            named = meeting.minutes_reviewer == "user" and meeting.minutes_reviewer_id
            minutes.reviewer_id = named or meeting.chair_id

    @api.depends("meeting_id")
    def _compute_department_ids(self):
        for minutes in self:
            minutes.department_ids = minutes.meeting_id.department_ids

    @api.depends("state", "due_at", "publish_due_at")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for minutes in self:
            due = {"draft": minutes.due_at, "approved": minutes.publish_due_at}.get(minutes.state)
            minutes.is_overdue = bool(due and due < now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        return (Domain("state", "=", "draft") & Domain("due_at", "<", now)) | (
            Domain("state", "=", "approved") & Domain("publish_due_at", "<", now)
        )

    @api.depends("state", "due_at", "publish_due_at", "version")
    @api.depends_context("uid", "lang", "tz")
    def _compute_hint(self):
        for minutes in self:
            minutes.hint = False
            if minutes.is_overdue:
                limit = minutes.due_at if minutes.state == "draft" else minutes.publish_due_at
                due = moment_said(self.env, limit)
                minutes.hint = (
                    self.env._("This draft is overdue: it was due %s.", due)
                    if minutes.state == "draft"
                    else self.env._("Publication is overdue: these minutes were to be published by %s.", due)
                )
            elif minutes.version and minutes.state not in ("published", "archived"):
                minutes.hint = self.env._(
                    "A correction is being prepared. Version %s stays valid until the next one is published.",
                    minutes.version,
                )

    @api.depends("state", "version", "introduction", "closing")
    @api.depends_context("uid", "lang", "tz")
    def _compute_document(self):
        for minutes in self:
            valid = minutes.revision_ids.filtered(lambda revision, m=minutes: revision.version == m.version)
            if valid and not minutes._is_drafted_by_user():
                minutes.document = valid.body
            elif minutes._origin:
                minutes.document = self.env["ir.actions.report"]._meeting_html(
                    "meeting_management.report_minutes", minutes._origin
                )
            else:
                minutes.document = False

    def _is_drafted_by_user(self):
        """Whether the user works on text that is not published yet; everybody else sees the valid version."""
        return self.state in ("draft", "in_review", "approved") and (
            self.is_editable or self.env.user == self.reviewer_id
        )

    @api.depends("version", "meeting_id.participant_ids.minutes_read_version")
    @api.depends_context("uid")
    def _compute_reading(self):
        for minutes in self:
            # sudo: counts only, for somebody who may read these minutes; a reviewer from outside sees no names by it
            participants = minutes.sudo().meeting_id.participant_ids
            read = participants.filtered(lambda p, m=minutes: m.version and p.minutes_read_version >= m.version)
            minutes.unread_count = len(participants - read) if minutes.version else 0
            minutes.has_read = self.env.user.partner_id in read.partner_id

    @api.depends(
        "version",
        "reviewer_id",
        "chair_id",
        "minute_taker_id",
        "department_ids",
        "meeting_id.level",
        "meeting_id.reader_keys",
        "meeting_id.editor_keys",
    )
    def _compute_access_keys(self):
        for minutes in self:
            meeting = minutes.meeting_id
            editors = set(meeting.editor_keys or ()) | set((minutes.chair_id | minutes.minute_taker_id).ids)
            readers = editors | set(minutes.reviewer_id.ids)
            if minutes.version:
                readers |= set(meeting.reader_keys or ())
                if meeting.level == "internal":
                    readers |= {-department for department in minutes.department_ids.ids}
            minutes.editor_keys = sorted(editors)
            minutes.reader_keys = sorted(readers)

    @api.depends("name")
    def _compute_display_name(self):
        """See the mixin: masked for who may not read it."""
        return super()._compute_display_name()

    def _masked_name(self):
        return self.env._("Confidential minutes")

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            meeting = self.env["meeting.meeting"].browse(vals.get("meeting_id"))
            if not vals.get("number"):
                vals["number"] = self.env["ir.sequence"]._meeting_next("meeting.minutes", meeting.company_id)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse what only a verb may write, and any change of text once the reviewer has approved it (MN-8)."""
        if not self.env.su and self._facts & vals.keys():
            raise AccessError(
                self.env._(
                    "Deadlines, approvals and versions of minutes are recorded by the system. Use the buttons of "
                    "the form."
                )
            )
        if self._body_fields & vals.keys():
            self._refuse_frozen()
        return super().write(vals)

    def _refuse_frozen(self):
        """:raises UserError: when one of these minutes is approved, published or archived; says how to change it."""
        for minutes in self.filtered(lambda m: m.state in FROZEN_STATES):
            way_out = {
                "approved": self.env._("Let the reviewer send them back first."),
                "published": self.env._("Press Correct and give a reason: the correction becomes a new version."),
                "archived": self.env._("Archived minutes stay as they are."),
            }[minutes.state]
            raise UserError(
                self.env._(
                    "The minutes of “%(name)s” are approved, so their text cannot change. %(way_out)s",
                    name=minutes.name,
                    way_out=way_out,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for minutes in self:
            if minutes.state != "draft" or minutes.version:
                raise UserError(
                    self.env._(
                        "The minutes of “%(name)s” are part of the record and cannot be deleted. Archive them instead.",
                        name=minutes.name,
                    )
                )
