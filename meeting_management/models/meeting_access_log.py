"""查阅记录: who opened, printed, downloaded or exported what is secret, and who was refused it (CF-4).

Evidence, so it only grows. Nobody creates, changes or deletes a row through the ORM; the database itself refuses to
change one, and to delete one before the company's retention period has passed, to superuser code as well.
What is logged by itself stands in `meeting_access_logged.py`; every other chapter uses the door, :meth:`_note`.
"""

import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

EVENTS = [
    ("opened", "Opened"),
    ("printed", "Printed"),
    ("downloaded", "Downloaded"),
    ("exported", "Exported"),
    ("refused", "Refused"),
    ("glass_asked", "Emergency access asked for"),
    ("glass_granted", "Emergency access granted"),
    ("glass_refused", "Emergency access refused"),
    ("glass_used", "Emergency access used"),
    ("glass_ended", "Emergency access ended"),
    ("glass_expired", "Emergency access expired"),
    ("level", "Level changed"),
    ("locked", "Locked from inside"),
    ("unlocked", "Unlocked"),
    ("retention", "Retention changed"),
    ("purged", "Old entries removed"),
]
OBSERVED = frozenset(("opened", "printed", "downloaded", "exported"))
"""What people do with a record. Logged of secret meetings, and of whatever is read by emergency access."""
ONCE_PER = timedelta(minutes=10)
"""Opening the same record again within this time is the same reading, and is not logged again."""
SAME_ATTEMPT = timedelta(minutes=1)
"""A client asks several times for what it is refused; within this time that is one attempt."""
DEFAULT_YEARS = 3

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
    """One row per event. References are plain numbers, so that no deletion elsewhere can block or remove a row.

    Read by the group Auditor, of their own companies, and by the chair of the meeting, who answers for its secrets.
    Its other organisers do not: whom the log watches should not be able to look up what it has seen. Reading the log
    opens no meeting: names of documents show by the reader's own rights.
    """

    _name = "meeting.access.log"
    _description = "Access Log"
    _order = "date desc, id desc"
    _rec_name = "event"
    _log_access = False

    date = fields.Datetime("When", required=True, readonly=True)
    user_ref = fields.Integer("User ID", readonly=True, aggregator=None)
    partner_ref = fields.Integer("Contact ID", readonly=True, aggregator=None)
    person = fields.Char("Who", readonly=True, help="The name at that time.")
    event = fields.Selection(EVENTS, required=True, readonly=True)
    res_model = fields.Selection("_selection_res_model", "Kind of Document", readonly=True)
    res_id = fields.Integer("Document ID", readonly=True, aggregator=None)
    document = fields.Char(compute="_compute_document", help="Shown to whoever may read the document itself.")
    meeting_ref = fields.Integer("Meeting ID", readonly=True, aggregator=None)
    meeting_number = fields.Char("Meeting No.", readonly=True)
    company_ref = fields.Integer("Company ID", readonly=True, aggregator=None)
    address = fields.Char("Address", readonly=True, help="The network address the request came from.")
    detail = fields.Char(readonly=True)
    is_chaired = fields.Boolean(compute="_compute_is_chaired", search="_search_is_chaired")

    _meeting_idx = models.Index("(meeting_ref, date)")
    _company_idx = models.Index("(company_ref, date)")
    _record_idx = models.Index("(res_model, res_id, event, date)")

    def init(self):
        """The database keeps the rows (created here, dropped by the addon's uninstall hook)."""
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION meeting_access_log_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
                BEGIN
                    IF TG_OP = 'DELETE' AND OLD.date < (now() AT TIME ZONE 'UTC') - make_interval(years => GREATEST(1,
                        COALESCE((SELECT meeting_log_years FROM res_company WHERE id = OLD.company_ref), 3)))
                    THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'The access log is evidence: its entries cannot be changed, nor removed before their time.';
                END $guard$;
                DROP TRIGGER IF EXISTS meeting_access_log_keep_rows ON meeting_access_log;
                CREATE TRIGGER meeting_access_log_keep_rows BEFORE UPDATE OR DELETE ON meeting_access_log
                    FOR EACH ROW EXECUTE FUNCTION meeting_access_log_guard();
                DROP TRIGGER IF EXISTS meeting_access_log_keep_table ON meeting_access_log;
                CREATE TRIGGER meeting_access_log_keep_table BEFORE TRUNCATE ON meeting_access_log
                    FOR EACH STATEMENT EXECUTE FUNCTION meeting_access_log_guard();
                """
            )
        )

    @api.model
    def _drop_guard(self):
        """At uninstall the table goes, and its guard with it."""
        self.env.cr.execute(SQL("DROP FUNCTION IF EXISTS meeting_access_log_guard() CASCADE"))

    # -- what a reader sees -------------------------------------------------------------------------------------

    @api.model
    def _selection_res_model(self):
        # sudo: what our kinds of documents are called is no secret.
        kinds = self.env["ir.model"].sudo().search([("model", "=like", "meeting.%"), ("transient", "=", False)])
        return [(kind.model, kind.name) for kind in kinds] + [("ir.attachment", self.env._("File"))]

    @api.depends("event", "person", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{labels.get(entry.event, '')} · {entry.person or ''}"

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_document(self):
        self.document = False
        for name, entries in self.grouped("res_model").items():
            if not name or name not in self.env:
                continue
            # sudo(False): by the rights of the reader, even where the log is computed as superuser.
            records = self.env[name].sudo(False).browse(set(entries.mapped("res_id")) - {0}).exists()
            readable = records._filtered_access("read")
            for entry in entries:
                if entry.res_id in readable._ids:
                    entry.document = readable.browse(entry.res_id).display_name
                elif entry.res_id in records._ids:
                    entry.document = self.env._("Confidential")

    def _compute_is_chaired(self):
        # sudo: only whether the user chairs the meeting comes back.
        meetings = self.env["meeting.meeting"].sudo().search(self._chaired_domain(self.mapped("meeting_ref")))
        for entry in self:
            entry.is_chaired = entry.meeting_ref in meetings._ids

    def _search_is_chaired(self, operator, value):
        if operator != "in" or True not in value or len(set(value)) == 2:
            return NotImplemented
        # sudo: as above
        return [("meeting_ref", "in", self.env["meeting.meeting"].sudo()._search(self._chaired_domain()))]

    def _chaired_domain(self, ids=None):
        return [("chair_id", "=", self.env.uid)] + ([("id", "in", ids)] if ids is not None else [])

    def action_open_document(self):
        """Open what was touched; the reader's own rights decide, and opening it is logged like any other reading."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # -- closed to everybody ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raises AccessError: always; rows are written by :meth:`_note` alone"""
        raise AccessError(self.env._("The access log is written by the system alone."))

    def write(self, vals):
        """:raises AccessError: always"""
        raise AccessError(self.env._("The access log is evidence: nobody changes its entries."))

    def unlink(self):
        """:raises AccessError: always; the daily job removes what is older than the retention period"""
        raise AccessError(
            self.env._(
                "The access log is evidence: nobody deletes its entries. They go by themselves when the retention "
                "period of the company has passed."
            )
        )

    # -- the door -----------------------------------------------------------------------------------------------

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
        rows = self._prepare_rows(records, event, detail, partner)
        if rows and getattr(self.env.cr, "readonly", False):
            rows = self._not_yet_logged(rows)
        self._insert(self.env.cr, rows)
        if event in OBSERVED and not partner:
            self._note_emergency(records)

    @api.model
    def _note_emergency(self, records):
        """That somebody reads with an emergency access is an event of its own."""
        glass = records._by_emergency() if self.env.user._break_glass_grants() else None
        if glass:
            self._insert(self.env.cr, self._prepare_rows(glass, "glass_used", None, None))

    @api.model
    def _note_refused(self, records, operation):
        """Log that ``operation`` was refused on those of ``records`` that are secret.

        The refusal is about to roll this transaction back, so the rows are written after it, by a cursor of their
        own, whichever way it ends. That cursor waits for nobody: a row refers to nothing. It never breaks a request.
        """
        rows = self._prepare_rows(records._logged(), "refused", operation, None)
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
        waiting += rows

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
                "SELECT v.res_model, v.res_id FROM %s WHERE NOT (%s)",
                self._values_sql(rows),
                self._seen_sql(),
            )
        )
        return [row for row in rows if (row[5], row[6]) in set(found)]

    @classmethod
    def _insert(cls, cr, rows):
        """One INSERT for all rows; what was logged a moment ago is left out."""
        if rows:
            names = SQL(", ").join(SQL.identifier(name) for name, _array in COLUMNS)
            query = "INSERT INTO meeting_access_log (%s) SELECT %s FROM %s WHERE NOT (%s)"
            values = SQL(", ").join(SQL.identifier("v", name) for name, _array in COLUMNS)
            cr.execute(SQL(query, names, values, cls._values_sql(rows), cls._seen_sql()))

    # -- the end of an entry ------------------------------------------------------------------------------------

    @api.model
    def _cron_purge(self, limit=10000):
        """Remove, daily, what is older than the company's retention period; what went is logged."""
        removed, rest = self._purge(limit)
        self.env["ir.cron"]._commit_progress(removed, remaining=rest)

    @api.model
    def _purge(self, limit=10000):
        """:return: (number of entries removed, number of entries that are due as well)"""
        due = SQL(
            """FROM meeting_access_log l LEFT JOIN res_company c ON c.id = l.company_ref WHERE l.date
                < (now() AT TIME ZONE 'UTC') - make_interval(years => GREATEST(1, COALESCE(c.meeting_log_years, %s)))""",
            DEFAULT_YEARS,
        )
        removed = self.env.execute_query(
            SQL(
                "DELETE FROM meeting_access_log WHERE id IN (SELECT l.id %s LIMIT %s) RETURNING company_ref", due, limit
            )
        )
        self.invalidate_model(flush=False)
        companies = [row[0] for row in removed]
        for company in self.env["res.company"].browse(set(companies)).exists():
            count = companies.count(company.id)
            self._note_company(company, "purged", self.env._("%s entries", count))
        [[rest]] = self.env.execute_query(SQL("SELECT count(*) %s", due)) if len(removed) == limit else [[0]]
        return len(removed), rest

    @api.model
    def _note_company(self, company, event, detail):
        """Log what concerns the log of a company itself."""
        nobody = self.env.uid == SUPERUSER_ID
        user = self.env.user.sudo()  # sudo: the actor's own name
        person = self.env._("System") if nobody else user.name
        address = request.httprequest.remote_addr if request else None
        row = (fields.Datetime.now(), user.id, user.partner_id.id, person, event, None, None, None, None)
        self._insert(self.env.cr, [(*row, company.id, address, detail)])


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_log_years = fields.Integer(
        "Access Log Kept for",
        default=DEFAULT_YEARS,
        help="Years after which entries of the access log are removed; one at least.",
    )

    _meeting_log_years_positive = models.Constraint(
        "CHECK (meeting_log_years >= 1)", "The access log is kept for one year at least."
    )

    def write(self, vals):
        """Who shortens the memory of the log is remembered by it."""
        before = {company: company.meeting_log_years for company in self} if "meeting_log_years" in vals else {}
        res = super().write(vals)
        for company, years in before.items():
            if years != company.meeting_log_years:
                detail = self.env._("%(old)s → %(new)s years", old=years, new=company.meeting_log_years)
                self.env["meeting.access.log"]._note_company(company, "retention", detail)
        return res


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_log_years = fields.Integer(related="company_id.meeting_log_years", readonly=False)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    access_log_count = fields.Integer("Access Log Entries", compute="_compute_access_log_count")

    @api.depends_context("uid")
    def _compute_access_log_count(self):
        """By the reader's own rights: who may not read the log sees none."""
        counts = dict(
            self.env["meeting.access.log"]._read_group(
                [("meeting_ref", "in", self.ids)], ["meeting_ref"], ["__count"]
            )
        )
        for meeting in self:
            meeting.access_log_count = counts.get(meeting._origin.id, 0)

    def action_open_access_log(self):
        """Who opened this meeting and what is under it; for its chair and for auditors."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_access_log_action")
        return {**action, "domain": [("meeting_ref", "=", self.id)], "context": {}}
