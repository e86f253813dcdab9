"""What all personal links have in common: random, kept as a hash only, with an end, revocable (PT-4)."""

import secrets
from datetime import timedelta
from hashlib import sha256

from odoo import api, fields, models

SCANNERS = timedelta(seconds=60)
"""Mail scanners open a link when the mail arrives; who opens it within this time is not taken for the recipient."""


class MeetingSecretLink(models.AbstractModel):
    """A secret that stands in one message to one person.

    The secret itself is in that message alone; here is its hash, so that whoever reads the database, or a copy of it,
    cannot make a working link. Nobody has any right on such a model: only the system's own code uses it.
    """

    _name = "meeting.secret.link"
    _description = "Personal Link"

    token_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    step = fields.Char("Made for", readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True)
    revoked = fields.Boolean(readonly=True)
    last_used_at = fields.Datetime(readonly=True)
    opened_at = fields.Datetime(readonly=True, help="First opened by what may be taken for the person himself.")

    _hash_once = models.UniqueIndex("(token_hash)")

    @api.model
    def _hash(self, token):
        return sha256(token.encode()).hexdigest()

    @api.model
    def _issue_values(self, values):
        """:return: a new secret for a link with these values; it can be had this once only"""
        token = secrets.token_urlsafe(32)
        data = self.env.cr.precommit.data
        key = f"{self._name}.issued"
        if key not in data:
            # sudo: the model is closed to everybody; the secret goes into a message to the person himself
            self.env.cr.precommit.add(self.sudo()._store_issued)
        data.setdefault(key, []).append({**values, "token_hash": self._hash(token)})
        return token

    @api.model
    def _store_issued(self):
        """One INSERT for all links made in this transaction, however many people a message goes to."""
        values = self.env.cr.precommit.data.pop(f"{self._name}.issued", [])
        # sudo: as in `_issue_values`
        self.sudo().create(self._still_wanted(values))

    @api.model
    def _still_wanted(self, values):
        """:return: those of these values whose person and document have not gone within the same transaction"""
        return values

    @api.model
    def _find(self, token):
        """:return: (the row of this link as superuser or no record, problem or ``None``), see `_problem`"""
        self._store_issued()
        # sudo: who knows the secret was given it by us
        row = self.sudo().search([("token_hash", "=", self._hash(token))])
        problem = row._problem()
        return (self.sudo().browse(), problem) if problem else (row, None)

    def _problem(self):
        """:return: why this link does not work: "unknown", "revoked", "expired", or ``None``"""
        if not self:
            return "unknown"
        if self.revoked:
            return "revoked"
        return "expired" if self.expires_at < fields.Datetime.now() else None

    def _note_opened(self):
        """The page behind the link was shown. Evidence that the message was read, unless it was too early for that."""
        now = fields.Datetime.now()
        self.last_used_at = now
        if not self.opened_at and self.create_date < now - SCANNERS:
            self.opened_at = now

    @api.autovacuum
    def _gc_old(self):
        """Links that ended half a year ago prove nothing any more."""
        if self._abstract:
            return
        limit = fields.Datetime.now() - timedelta(days=180)
        self.sudo().search([("expires_at", "<", limit)], limit=10000).unlink()  # sudo: the nightly job
