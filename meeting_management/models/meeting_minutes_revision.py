"""What was published, kept as it was: one immutable row per version of the minutes, with its text and its PDF."""

import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError


class MeetingMinutesRevision(models.Model):
    """One published version (MN-5, MN-7, MN-8), written once, by publishing; whoever may read the minutes reads it."""

    _name = "meeting.minutes.revision"
    _description = "Version of Meeting Minutes"
    _order = "minutes_id, version desc"
    _rec_name = "version_name"

    minutes_id = fields.Many2one("meeting.minutes", required=True, readonly=True, ondelete="restrict", index=True)
    version = fields.Integer(required=True, readonly=True)
    version_name = fields.Char(compute="_compute_version_name")
    reason = fields.Text("Reason for the Correction", readonly=True)
    body = fields.Html("Text", compute="_compute_body", sanitize=False, help="What it says, as far as you may read it.")
    print_ids = fields.One2many("meeting.minutes.print", "revision_id", readonly=True, groups=fields.NO_ACCESS)
    published_at = fields.Datetime("Published On", required=True, readonly=True)
    published_by_id = fields.Many2one("res.users", required=True, readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)

    _version_unique = models.Constraint("UNIQUE (minutes_id, version)", "This version of the minutes exists already.")

    @api.depends("version")
    def _compute_version_name(self):
        for revision in self:
            revision.version_name = self.env._("Version %s", revision.version)

    def write(self, vals):
        raise UserError(
            self.env._(
                "A published version of minutes never changes. Press Correct on the minutes to publish a new version."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise UserError(
            self.env._(
                "A published version of minutes is kept for good. Press Correct on the minutes to publish a new "
                "version."
            )
        )

    @api.model
    def _snapshot(self, minutes):
        """Create the version of `minutes` just being published: its HTML and a PDF per language of its readers.

        Each reader gets the same content in his own language (MN-5); all are made now, because what they draw on
        (attendance, tasks) may move on later.
        :returns: the revision
        """
        minutes.ensure_one()
        languages = minutes._reader_languages()
        report = self.env["ir.actions.report"]
        html = {lang: report._meeting_html("meeting_management.report_minutes", minutes, lang) for lang in languages}
        revision = self.create(
            {
                "minutes_id": minutes.id,
                "version": minutes.version,
                "reason": minutes.correction_reason if minutes.version > 1 else False,
                "published_at": minutes.published_at,
                "published_by_id": minutes.published_by_id.id,
                "approved_by_id": minutes.approved_by_id.id,
            }
        )
        self.env["meeting.minutes.print"].create(
            [
                {
                    "revision_id": revision.id,
                    "lang": lang,
                    "html": html[lang],
                    "pdf": base64.b64encode(report._meeting_pdf(html[lang])),
                }
                for lang in languages
            ]
        )
        return revision

    # ------------------------------------------------------------------ for each reader

    @api.depends_context("uid", "lang")
    def _compute_body(self):
        for revision in self:
            hidden = revision._topics_closed_to(self.env.user)
            revision.body = Markup(revision._text(self.env.lang, hidden)) if revision.id else False

    def _print(self, lang):
        """:return: the print (sudo) in this language, or in the one it was published in"""
        # sudo: prints are closed to everybody; what comes out of them is for each reader
        prints = self.sudo().print_ids.sorted("id")
        return prints.filtered(lambda row: row.lang == lang)[:1] or prints[:1]

    def _topics(self):
        """:return: the topics (sudo) of the meeting, to find out which of them to take out for a reader"""
        meeting = self.sudo().minutes_id.meeting_id
        return self.env["meeting.agenda.item"].sudo().search([("meeting_id", "=", meeting.id)])

    def _topics_closed_to(self, user):
        return self._topics().filtered(lambda topic: not topic._admits(user))

    def _text(self, lang, hidden):
        """:return: the HTML page of this version in `lang`, without the topics `hidden` and what hangs on them"""
        self.ensure_one()
        chosen = self._print(lang)
        return chosen._without(hidden) if hidden else chosen.html

    def _pdf(self, lang, hidden, name, tz=None):
        """:return: the PDF of this version for the reader of this name, bytes: as it was stored, or drawn from the
        stored text without the topics `hidden` from him, and with his name across it where the meeting is secret (CF-3)

        The caller has checked that he may read the minutes.
        """
        self.ensure_one()
        report = self.env["ir.actions.report"]
        watermark = report._meeting_watermark(self, name, tz)
        if not watermark and not hidden:
            return base64.b64decode(self._print(lang).pdf)
        return report._meeting_pdf(self._text(lang, hidden), watermark)

    def _pdf_for_user(self, user):
        return self._pdf(user.lang, self._topics_closed_to(user), user.name, user.tz)

    def _pdf_for_guest(self, participant):
        """:return: the PDF for a participant without a login, as `_pdf`"""
        # sudo: the guest's own name and time zone
        topics, person = self._topics(), participant.sudo().partner_id
        return self._pdf(participant.env.lang, topics - topics._known_to(person), person.name, person.tz)

    def _meeting_stored_pdf(self, report_name):
        """Printing a version gives what was published; a participant who does so has read it (MN-4)."""
        self.ensure_one()
        if self.version == self.minutes_id.version:
            self.minutes_id._mark_read()
        return self._pdf_for_user(self.env.user)

    def _notification_level(self):
        return self.minutes_id._notification_level()

    def action_open_pdf(self):
        """The version's PDF, for this reader."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref("meeting_management.action_report_minutes_version").report_action(self)
