"""Who signed which words, when and from where: evidence that nobody writes but the act of signing itself (CF-2)."""

import base64
import binascii
from io import BytesIO

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from PIL import Image

DRAWN_PREFIX = "data:image/png;base64,"
DRAWN_BYTES = 200_000
DRAWN_PIXELS = 2000


class MeetingAgreementSignature(models.Model):
    """One signature of one person under one version of the agreement, for one meeting.

    Read by the signer and by the meeting's organisers. Created by :meth:`MeetingParticipant._sign` alone; nobody
    creates, changes or deletes it over RPC, an administrator neither.
    """

    _name = "meeting.agreement.signature"
    _description = "Signed Confidentiality Agreement"
    _order = "signed_at desc, id desc"
    _rec_name = "partner_id"

    meeting_id = fields.Many2one("meeting.meeting", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    participant_id = fields.Many2one("meeting.participant", readonly=True, index=True, ondelete="set null")
    partner_id = fields.Many2one("res.partner", "Person", required=True, readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Login", readonly=True, ondelete="restrict")
    agreement_id = fields.Many2one(
        "meeting.agreement", "Confidentiality Agreement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    title = fields.Char(required=True, readonly=True)
    # A copy of a text that was sanitized when it was written; the signature is under these very words.
    body = fields.Html("Text Signed", required=True, readonly=True, sanitize=False)
    lang = fields.Char("Language", required=True, readonly=True)
    text_hash = fields.Char("Check Sum of the Text", required=True, readonly=True, help="SHA-256 of title and text.")
    name = fields.Char("Signed as", required=True, readonly=True)
    drawn = fields.Binary("Drawn Signature", readonly=True, attachment=False)
    signed_at = fields.Datetime("Signed On", required=True, readonly=True)
    signed_through = fields.Selection(
        [("login", "Login"), ("link", "Personal link")], "Signed Through", required=True, readonly=True
    )
    ip_address = fields.Char("IP Address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)

    _once = models.Constraint(
        "UNIQUE (meeting_id, partner_id, agreement_id)", "This person has signed the agreement of this meeting already."
    )

    def write(self, vals):
        raise UserError(self.env._("A signature never changes. If the agreement is to change, publish a new version."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise UserError(self.env._("A signature is kept for good: it proves what somebody undertook, and when."))

    # -- the signed document ------------------------------------------------------------------------------------

    def _document(self):
        """:return: the PDF drawn when it was signed"""
        # sudo: whoever may read the signature may read its PDF; the caller has checked that
        files = self.env["ir.attachment"].sudo()
        return files.search([("res_model", "=", self._name), ("res_id", "=", self.id)], order="id", limit=1)

    def _meeting_stored_pdf(self, report_name):
        """Printing a signature gives the document of then."""
        return self._document().raw or None

    def _draw_document(self):
        """Keep the signed agreement as a PDF in the language it was signed in."""
        self.ensure_one()
        report = self.env["ir.actions.report"]
        html = report._meeting_html("meeting_management.report_agreement", self, self.lang)
        return self.env["ir.attachment"].create(
            {
                "name": f"{self.title} - {self.partner_id.name}.pdf".replace("/", "-"),
                "raw": report._meeting_pdf(html),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def action_open_document(self):
        """Download the signed agreement; Odoo checks the reader once more."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._document().id}?download=true",
            "target": "self",
        }


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    def _refusal_sign(self):
        """:return: why this person cannot sign now, or ``None``"""
        self.ensure_one()
        meeting = self.meeting_id
        if not meeting._is_announced() or meeting.state == "cancelled":
            return UserError(self.env._("This meeting takes no signatures: it is not announced, or it was cancelled."))
        if not meeting._agreement_required():
            return UserError(
                self.env._("This meeting asks for no confidentiality agreement, so there is none to sign.")
            )
        return None

    def _sign(self, shown, name, drawn=None, through="login", ip_address=None, user_agent=None):
        """Put this person's name under the agreement that his meeting requires.

        The caller has established that it is this person who signs. Signing again changes nothing.

        :param str shown: check sum of the text that stood on his screen
        :param str name: his name as he typed it
        :param str drawn: picture of his signature as a data URL of a PNG, or empty
        :param str through: ``login`` or ``link``
        :returns: the signature
        :raises UserError: the moment is wrong, or the text on the screen is not the one in force
        :raises ValidationError: no name, or a picture that is none
        """
        refusal = self._refusal_sign()
        if refusal:
            raise refusal
        meeting = self.meeting_id
        # sudo: signatures are closed to everybody; who signs was established by the caller
        signatures = self.env["meeting.agreement.signature"].sudo()
        present = meeting.sudo().agreement_signature_ids.filtered(
            lambda row: row.partner_id == self.partner_id and row.agreement_id == meeting.sudo().agreement_id
        )
        if present:
            return present
        text = meeting.sudo().agreement_id._shown(self.env.lang)
        if text["hash"] != shown:
            raise UserError(
                self.env._("The text on your screen is not the one in force any more. Please read it again, then sign.")
            )
        name = " ".join((name or "").split())
        if not 1 < len(name) <= 100:
            raise ValidationError(self.env._("Please type your full name: it stands under the agreement."))
        signature = signatures.create(
            {
                "meeting_id": meeting.id,
                "participant_id": self.id,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid if through == "login" else False,
                # sudo: the signer may not read the meeting yet; which text he signs is shown to him
                "agreement_id": meeting.sudo().agreement_id.id,
                "title": text["title"],
                "body": text["body"],
                "lang": text["lang"],
                "text_hash": text["hash"],
                "name": name,
                "drawn": self._drawn_picture(drawn),
                "signed_at": fields.Datetime.now(),
                "signed_through": through,
                "ip_address": ip_address,
                "user_agent": (user_agent or "")[:200],
            }
        )
        signature._draw_document()
        return signature

    @api.model
    def _drawn_picture(self, drawn):
        """:return: the picture, drawn anew so that nothing hides in the file, as base64; ``False`` without one"""
        if not drawn:
            return False
        try:
            content = base64.b64decode(drawn.removeprefix(DRAWN_PREFIX), validate=True)
            with Image.open(BytesIO(content), formats=["PNG"]) as picture:
                if len(content) > DRAWN_BYTES or max(picture.size) > DRAWN_PIXELS:
                    raise ValueError("too large")
                clean = BytesIO()
                picture.convert("RGBA").save(clean, "PNG")
        except (ValueError, OSError, binascii.Error, SyntaxError, Image.DecompressionBombError) as error:
            raise ValidationError(
                self.env._(
                    "The drawn signature could not be read. Draw it again, or leave it out: your name is enough."
                )
            ) from error
        return base64.b64encode(clean.getvalue())
