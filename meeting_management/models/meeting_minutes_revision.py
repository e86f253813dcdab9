"""What was published, kept as it was: one immutable row per version of the minutes, with its text and its PDF."""

import base64

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
    # Made by our own template out of fields that are sanitized already; sanitizing again would strip its layout.
    body = fields.Html("Text", readonly=True, sanitize=False)
    published_at = fields.Datetime("Published On", required=True, readonly=True)
    published_by_id = fields.Many2one("res.users", required=True, readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "PDF", domain=[("res_model", "=", "meeting.minutes.revision")], readonly=True
    )

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
                "body": html[languages[0]],
                "published_at": minutes.published_at,
                "published_by_id": minutes.published_by_id.id,
                "approved_by_id": minutes.approved_by_id.id,
            }
        )
        self.env["ir.attachment"].create(
            [
                {
                    "name": minutes._pdf_name(lang, languages),
                    "datas": base64.b64encode(report._meeting_pdf(html[lang])),
                    "mimetype": "application/pdf",
                    "description": lang,
                    "res_model": self._name,
                    "res_id": revision.id,
                }
                for lang in languages
            ]
        )
        return revision

    def _pdf(self, lang):
        """Return the stored PDF of this version in `lang`, or in the language it was published in, as bytes."""
        # sudo: whoever may read the version may read its PDF; the caller has checked the minutes
        attachments = self.sudo().attachment_ids.sorted("id")
        chosen = attachments.filtered(lambda a: a.description == lang)[:1] or attachments[:1]
        return chosen.raw

    def action_open_pdf(self):
        """Open the version's PDF; a participant who does so has read the minutes (MN-4)."""
        self.ensure_one()
        self.check_access("read")
        if self.version == self.minutes_id.version:
            self.minutes_id._mark_read()
        # sudo: as in _pdf; the download checks the reader again
        attachments = self.sudo().attachment_ids.sorted("id")
        chosen = attachments.filtered(lambda a: a.description == self.env.user.lang)[:1] or attachments[:1]
        return {"type": "ir.actions.act_url", "url": f"/web/content/{chosen.id}?download=true", "target": "self"}
