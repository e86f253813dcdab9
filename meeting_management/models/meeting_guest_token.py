"""Personal links for people without an account: random, kept as a hash only, revocable, and throttled (PT-4)."""

import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

AFTERLIFE = timedelta(days=1)
"""A link works until this long after the meeting it is for."""
READING_TIME = timedelta(days=30)
"""A link that leads to minutes works this long."""
READING_STEPS = ("publish", "publish_absent")


class MeetingGuestToken(models.Model):
    """One personal link in one message to one participant; see `meeting.secret.link`."""

    _name = "meeting.guest.token"
    _inherit = ["meeting.secret.link"]
    _description = "Personal Link of a Guest"
    _order = "id desc"

    # set null: a person who was taken off the list is told that his link is no longer valid
    participant_id = fields.Many2one("meeting.participant", readonly=True, index=True, ondelete="set null")

    @api.model
    def _issue(self, line, step):
        """:return: a new secret for a link of this participant; it can be had this once only"""
        return self._issue_values(
            {
                "participant_id": line.id,
                "step": step,
                "expires_at": self._expiry(line.sudo().meeting_id, step),  # sudo: when the meeting ends
            }
        )

    @api.model
    def _still_wanted(self, values):
        # sudo: as in `_issue_values`
        lines = self.env["meeting.participant"].sudo().browse({vals["participant_id"] for vals in values}).exists()
        return [vals for vals in values if vals["participant_id"] in lines._ids]

    @api.model
    def _expiry(self, meeting, step):
        if step.partition(":")[0] in READING_STEPS:
            return fields.Datetime.now() + READING_TIME
        return meeting.stop + AFTERLIFE

    def _problem(self):
        if self and not self.participant_id:
            return "revoked"
        problem = super()._problem()
        if problem:
            return problem
        return None if self.participant_id.meeting_id._is_announced() else "unknown"

    @api.model
    def _follow(self, meetings):
        """The meetings were moved: their links live as long as they do."""
        self._store_issued()
        for meeting in meetings:
            # sudo: the model is closed to everybody
            rows = self.sudo().search([("participant_id.meeting_id", "=", meeting.id), ("revoked", "=", False)])
            rows.filtered(lambda row: (row.step or "").partition(":")[0] not in READING_STEPS).expires_at = (
                meeting.stop + AFTERLIFE
            )

    @api.model
    def _revoke(self, lines):
        """Make every link these people have been given so far worthless, and the pages opened through them."""
        self._store_issued()
        # sudo: the model is closed to everybody; the caller has checked who may do this
        self.sudo().search([("participant_id", "in", lines.ids), ("revoked", "=", False)]).revoked = True


class MeetingGuestThrottle(models.Model):
    """How often an address has come with a wrong link or code lately. In the database: several servers agree."""

    _name = "meeting.guest.throttle"
    _description = "Failed Attempts of an Address"

    _window = timedelta(minutes=15)
    _limit = 20

    address = fields.Char(required=True, readonly=True)
    failures = fields.Integer(required=True, readonly=True)
    since = fields.Datetime(required=True, readonly=True)

    _address_once = models.UniqueIndex("(address)")

    @api.model
    def _key(self, address):
        """:return: the address, or the network of an IPv6 address, of which one subscriber has very many"""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "unknown"
        return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)

    @api.model
    def _wait(self, address, limit=None):
        """:return: seconds until this address may try again; 0: now"""
        now = fields.Datetime.now()
        # sudo: the model is closed to everybody; a number comes back
        row = self.sudo().search([("address", "=", self._key(address)), ("since", ">", now - self._window)], limit=1)
        if row.failures < (limit or self._limit):
            return 0
        return max(1, int((row.since + self._window - now).total_seconds()))

    @api.model
    def _count(self, address):
        """One more failure of this address; the count begins anew after the window."""
        now = fields.Datetime.now()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s AS t (address, failures, since) VALUES (%(key)s, 1, %(now)s)
                ON CONFLICT (address) DO UPDATE SET
                failures = CASE WHEN t.since > %(start)s THEN t.failures + 1 ELSE 1 END,
                since = CASE WHEN t.since > %(start)s THEN t.since ELSE EXCLUDED.since END""",
                table=SQL.identifier(self._table),
                key=self._key(address),
                now=now,
                start=now - self._window,
            )
        )
        self.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.now() - timedelta(days=1)
        self.sudo().search([("since", "<", limit)], limit=10000).unlink()  # sudo: the nightly job
