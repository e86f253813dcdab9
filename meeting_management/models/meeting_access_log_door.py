"""The door of the access log: how an event gets in, at once or after a rollback (CF-4)."""

import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OBSERVED = frozenset(("opened", "printed", "downloaded", "exported"))
"""What people do with a record. Logged of secret meetings, and of whatever is read by emergency access."""
ONCE_PER = timedelta(minutes=10)
"""Opening the same record again within this time is the same reading, and is not logged again."""
SAME_ATTEMPT = timedelta(minutes=1)
"""A client asks several times for what it is refused; within this time that is one attempt."""

COLUMNS = (
    ("date", "%s::timestamp[]"),
    ("user_ref", "%s::int[]"),
    ("partner_ref", "%s::int[]"),
    ("person", "%s::varchar[]"),
    ("event", "%s::varchar[]"),
    ("res_model", "%s::varchar[]"),
    ("res_id", "%s::int[]"),
    ("meeting_ref", "%s::int[]"),
    ("meeting_number", "%s::varchar[]"),
    ("company_ref", "%s::int[]"),
    ("address", "%s::varchar[]"),
    ("detail", "%s::varchar[]"),
)
"""The columns of a row, in order, each with how a batch of its values is handed to the database."""


class MeetingAccessLog(models.Model):
    _inherit = "meeting.access.log"

    @api.model
    def _note(self, records, event, detail=None, partner=None):
        """Log ``event`` on each of ``records``, in the name of the current user, with this transaction.

        What people do (opened, printed, downloaded, exported) is logged of what is secret only, so callers need not
        ask for the level. In a read-only transaction the INSERT makes the server repeat the request with a writable
        one: nothing secret is handed out that is not logged.

        :param records: of a model with ``meeting.access.logged``, or files attached to one
        :param str event: one of EVENTS
        :param str detail: a few words, read by auditors: nothing of what the meeting is about
        :param partner: the person, where it is a guest without an account
        """
        if event in OBSERVED:
            records = records._logged()
        if not records:
            return
        rows = self._prepare_rows(records, event, detail, partner)
        if event in OBSERVED and self.env.user._break_glass_grants():  # reading by emergency is an event of its own
            rows += self._prepare_rows(records._by_emergency(), "glass_used", None, None)
        if rows and getattr(self.env.cr, "readonly", False):
            rows = self._not_yet_logged(rows)
        self._insert(self.env.cr, rows)

    @api.model
    def _note_refused(self, records, operation):
        """Log that ``operation`` was refused on those of ``records`` that are secret.

        The refusal is about to roll this transaction back, so the rows are written after it, by a cursor of their
        own, whichever way it ends. That cursor waits for nobody: a row refers to nothing. It never breaks a request.
        """
        attempts = {
            "read": self.env._("Reading"),
            "write": self.env._("Changing"),
            "create": self.env._("Adding"),
            "unlink": self.env._("Deleting"),
        }
        rows = self._prepare_rows(records._logged(), "refused", attempts.get(operation, operation), None)
        if not rows:
            return
        cr = self.env.cr
        key = "meeting.access.log"
        waiting = cr.postrollback.data.get(key)
        if waiting is None or cr.postcommit.data.get(key) is not waiting:
            waiting = []
            registry, insert = self.env.registry, self._insert

            def flush():
                if not waiting:
                    return
                batch = list(waiting)
                waiting.clear()
                try:
                    with registry.cursor() as own:
                        insert(own, batch)
                except Exception:
                    _logger.exception("Refused attempts could not be written to the access log: %s", batch)

            for hooks in (cr.postrollback, cr.postcommit):
                hooks.data[key] = waiting
                hooks.add(flush)
        known = {row[1:] for row in waiting}
        waiting += [row for row in rows if row[1:] not in known]

    @api.model
    def _prepare_rows(self, records, event, detail, partner):
        """:return: list of tuples in the order of COLUMNS"""
        if not records:
            return []
        user = self.env.user
        # sudo: what is written are names and numbers, into a log that the user cannot read.
        person = (partner or user).sudo()
        nobody = self.env.uid == SUPERUSER_ID and not partner
        address = request.httprequest.remote_addr if request else None
        now = fields.Datetime.now()
        rows = []
        for record in records.sudo():
            meeting = record._log_meeting()
            rows.append(
                (
                    now,
                    None if partner else user.id,
                    partner.id if partner else user.sudo().partner_id.id,
                    self.env._("System") if nobody else person.name,
                    event,
                    record._name,
                    record.id,
                    meeting.id or None,
                    meeting.number or None,
                    (meeting.company_id or self.env.company).id,
                    address,
                    detail or None,
                )
            )
        return rows

    @staticmethod
    def _values_sql(rows):
        """:return: the rows as a table ``v``"""
        columns = [list(column) for column in zip(*rows, strict=True)]
        arrays = SQL(", ").join(
            SQL(array, column) for (_name, array), column in zip(COLUMNS, columns, strict=True)
        )
        names = SQL(", ").join(SQL.identifier(name) for name, _array in COLUMNS)
        return SQL("unnest(%s) AS v(%s)", arrays, names)

    @staticmethod
    def _seen_sql():
        """:return: condition that the row ``v`` was logged already, a moment ago.

        Topics and decisions are shown within their meeting and its minutes: who opened those has opened them.
        """
        return SQL(
            """v.event IN ('opened', 'refused', 'glass_used') AND EXISTS (SELECT 1 FROM meeting_access_log l
                WHERE l.event = v.event AND l.user_ref IS NOT DISTINCT FROM v.user_ref
                AND l.partner_ref IS NOT DISTINCT FROM v.partner_ref
                AND l.detail IS NOT DISTINCT FROM v.detail
                AND l.date > v.date - CASE v.event WHEN 'refused' THEN %s::interval ELSE %s::interval END
                AND ((l.res_model = v.res_model AND l.res_id = v.res_id)
                    OR (v.event <> 'refused' AND l.meeting_ref = v.meeting_ref
                        AND v.res_model IN ('meeting.agenda.item', 'meeting.resolution')
                        AND l.res_model IN ('meeting.meeting', 'meeting.minutes'))
                    OR (v.event = 'glass_used' AND l.meeting_ref = v.meeting_ref)))""",
            f"{SAME_ATTEMPT.total_seconds()} seconds",
            f"{ONCE_PER.total_seconds()} seconds",
        )

    def _not_yet_logged(self, rows):
        """:return: those of ``rows`` that the log does not have yet; asked where writing costs a second request"""
        found = self.env.execute_query(
            SQL(
                "SELECT v.event, v.res_model, v.res_id FROM %s WHERE NOT (%s)",
                self._values_sql(rows),
                self._seen_sql(),
            )
        )
        return [row for row in rows if row[4:7] in set(found)]

    @classmethod
    def _insert(cls, cr, rows):
        """One INSERT for all rows; what was logged a moment ago is left out."""
        if rows:
            names = SQL(", ").join(SQL.identifier(name) for name, _array in COLUMNS)
            query = "INSERT INTO meeting_access_log (%s) SELECT %s FROM %s WHERE NOT (%s)"
            values = SQL(", ").join(SQL.identifier("v", name) for name, _array in COLUMNS)
            cr.execute(SQL(query, names, values, cls._values_sql(rows), cls._seen_sql()))
