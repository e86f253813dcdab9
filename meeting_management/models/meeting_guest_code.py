"""A forwarded link to a secret meeting is worth nothing: a code in the guest's own mailbox opens it (PT-4, CF-2)."""

import hmac
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

VALID = timedelta(minutes=10)
TRIES = 5
PER_HOUR = 5


class MeetingGuestCode(models.Model):
    """A six-digit code on its way to a guest. Kept as a hash that needs the asking browser's own secret, so that it
    can neither be read here nor be guessed from here, nor be used in another browser. Nobody has any right on it."""

    _name = "meeting.guest.code"
    _description = "Code Sent to a Guest"
    _order = "id desc"

    participant_id = fields.Many2one("meeting.participant", required=True, index=True, ondelete="cascade")
    code_hash = fields.Char(required=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(required=True)
    tries = fields.Integer()
    spent = fields.Boolean()

    @api.model
    def _hash(self, line, nonce, code):
        return hmac.new(nonce.encode(), f"{line.id}:{code}".encode(), "sha256").hexdigest()

    @api.model
    def _send(self, line, nonce):
        """Mail a new code to the guest's own address; an earlier one stops working.

        :param str nonce: secret of the browser that asks
        :return: problem: "too_many", "no_email", "failed", or ``None``
        """
        address = line._guest_address()
        if not address:
            return "no_email"
        now = fields.Datetime.now()
        # sudo: the model is closed to everybody; the caller came through the guest's own link
        rows = self.sudo()
        self.env.cr.execute(SQL("SELECT 1 FROM meeting_participant WHERE id = %s FOR UPDATE", line.id))  # one at a time
        sent = rows.search([("participant_id", "=", line.id), ("create_date", ">", now - timedelta(hours=1))])
        if len(sent) >= PER_HOUR:
            return "too_many"
        sent.spent = True
        code = f"{secrets.randbelow(10**6):06d}"
        rows.create(
            {
                "participant_id": line.id,
                "code_hash": self._hash(line, nonce, code),
                "expires_at": now + VALID,
            }
        )
        return None if self._mail(line, address, code) else "failed"

    @api.model
    def _mail(self, line, address, code):
        """Send at once, past the ledger, which keeps what it sends: the guest waits, and nobody else may read it.

        :return: whether the mail server took it
        """
        meeting = line.meeting_id
        company = meeting.company_id
        qweb = line.env["ir.qweb"]
        content = qweb._render("meeting_management.notice_guest_code", {"code": code})
        html = qweb._render(
            "meeting_management.notice_layout",
            {
                "company": company,
                "lang": line.env.lang,
                "heading": line.env._("Your code"),
                "content": content,
                "badge": False,
                "badge_style": "",
                "accent": company.email_secondary_color or "#714B67",
                "accent_text": company.email_primary_color or "#FFFFFF",
                "company_logo": company.uses_default_logo is False
                and f"{line.get_base_url()}/logo.png?company={company.id}",
                "buttons": [],
                "guest": True,
            },
        )
        mail = (
            # sudo: a guest may not write mails; this one has one recipient, himself
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": line.env._("Your code for the meeting page"),
                    "body_html": html,
                    "email_to": address,
                    "email_from": company.email_formatted or line.env.ref("base.partner_root").email_formatted,
                    "auto_delete": True,
                    "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}),
                }
            )
        )
        mail.send()
        return not mail.exists() or mail.state == "sent"

    @api.model
    def _check(self, line, nonce, typed):
        """Whether this is the code that was sent to this person for this browser. A right one works once.

        :return: "right", "wrong" or "over": expired, used, or tried too often
        """
        # sudo: as in `_send`
        row = self.sudo().search([("participant_id", "=", line.id)], limit=1)
        if not row or row.spent or row.expires_at < fields.Datetime.now():
            return "over"
        self.flush_model()
        # counted before it is compared, and by the database: many guesses at once are so many tries
        counted = self.env.execute_query(
            SQL(
                """UPDATE meeting_guest_code SET tries = COALESCE(tries, 0) + 1
                    WHERE id = %s AND COALESCE(tries, 0) < %s AND NOT COALESCE(spent, false) RETURNING code_hash""",
                row.id,
                TRIES,
            )
        )
        row.invalidate_recordset(flush=False)
        if not counted:
            return "over"
        digits = "".join(char for char in typed or "" if char.isdecimal() and char.isascii())
        if not hmac.compare_digest(counted[0][0], self._hash(line, nonce, digits)):
            return "wrong" if row.tries < TRIES else "over"
        row.spent = True
        return "right"

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        self.sudo().search([("expires_at", "<", limit)], limit=10000).unlink()  # sudo: the nightly job
