"""Who may read and who may edit: one definition, searched and checked by the same set of keys (CF-1).

A stored ``int[]`` of principals per record, compared with the principals of the user, lets PostgreSQL answer "what may
I see" from one index. Departments are expanded on the user's side, so that a reorganisation rewrites no meeting.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists

EVERYONE = 0
"""Key of every internal user."""
SECRETARIAT = 2**31 - 1
"""Key of the group Secretary (and so of Administrator)."""


class PrincipalSet(fields.Json):
    """Set of principals in an ``int[]`` column: 0 everyone, +user, -department, SECRETARIAT."""

    _column_type = ("_int4", "int4[]")  # as the catalogue names it: the column is not converted at every update
    prefetch = "access"  # asked of every row of every list: alone, not with all the other fields of the document

    def convert_to_column(self, value, record, values=None, validate=True):
        return sorted(set(value or ()))

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        return self.convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return tuple(sorted(set(value or ())))

    def convert_to_record(self, value, record):
        return list(value or ())


def entitled(keys, mine, unless_empty=None, open_too=False):
    """:return: Domain of the records whose set of principals in the field ``keys`` meets ``mine``

    :param keys: name of a PrincipalSet, closed to everybody as a field: only the comparison comes back
    :param mine: sorted list of the user's principals
    :param open_too: ``mine`` has EVERYONE and ``keys`` are a document's readers: the database knows the open ones
    :param unless_empty: name of a field; where it is empty the record is open to all of its parent's readers
    """

    def to_sql(model, alias, query):
        # sudo: the column is closed to everybody as a field; only the comparison with one's own keys comes back.
        matches = SQL("%s && %s::int4[]", model.sudo()._field_to_sql(alias, keys, query), mine)
        if open_too:
            matches = SQL("(%s OR %s)", SQL.identifier(alias, "everyone_reads"), matches)
        if not unless_empty:
            return matches
        return SQL("(%s IS NULL OR %s)", model.sudo()._field_to_sql(alias, unless_empty, query), matches)

    def predicate(record):
        record = record.sudo()  # sudo: as above
        return bool(unless_empty and not record[unless_empty]) or not set(mine).isdisjoint(record[keys])

    return Domain.custom(to_sql=to_sql, predicate=predicate)


class MeetingMaskedName(models.AbstractModel):
    """Shows a neutral word in place of the name to whoever may not read the record.

    Many2one names and error messages are read as superuser by the framework, hence the check as the real user.
    """

    _name = "meeting.masked.name"
    _description = "Masked Name"

    @api.depends_context("uid")
    def _compute_display_name(self):
        super()._compute_display_name()
        self._mask_display_name()

    def _mask_display_name(self):
        saved = self.filtered("id")
        for record in saved - saved.sudo(False)._filtered_access("read"):
            record.display_name = self._masked_name()

    def _masked_name(self):
        return self.env._("Confidential")


class MeetingAccessMixin(models.AbstractModel):
    """Gives a model ``is_readable`` and ``is_editable``, which record rules and views use.

    The owning model implements ``_compute_access_keys``, filling ``reader_keys`` and ``editor_keys``.
    """

    _name = "meeting.access.mixin"
    _description = "Readers and editors"
    _inherit = ["meeting.masked.name"]

    reader_keys = PrincipalSet(compute="_compute_access_keys", store=True, copy=False, groups=fields.NO_ACCESS)
    editor_keys = PrincipalSet(compute="_compute_access_keys", store=True, copy=False, groups=fields.NO_ACCESS)
    is_readable = fields.Boolean(compute="_compute_is_readable", search="_search_is_readable", compute_sudo=True)
    is_editable = fields.Boolean(compute="_compute_is_editable", search="_search_is_editable", compute_sudo=True)

    # fastupdate off: these are read at every look and written seldom; a list of pending entries would be read each time
    _reader_keys_index = models.Index("USING gin (reader_keys) WITH (fastupdate = off)")
    _editor_keys_index = models.Index("USING gin (editor_keys) WITH (fastupdate = off)")

    def init(self):
        """Whether everybody is among the readers, kept by the database itself: told by a look at the row, where most
        documents are open, which is faster than to compare sets."""
        super().init()
        if self._abstract or column_exists(self.env.cr, self._table, "everyone_reads"):
            return
        table = SQL.identifier(self._table)
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN everyone_reads boolean GENERATED ALWAYS AS (%s = ANY(reader_keys)) STORED",
                table,
                EVERYONE,
            )
        )
        index = SQL.identifier(f"{self._table}_everyone_reads_idx")
        self.env.cr.execute(SQL("CREATE INDEX %s ON %s (id) WHERE everyone_reads", index, table))

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """With a list comes what the rules ask of its rows, so that they need not read them again."""
        if field_names is not None and not self.env.su:
            field_names = [*field_names, "company_id"]
        return super().search_fetch(domain, field_names, offset=offset, limit=limit, order=order)

    def _compute_access_keys(self):
        """Fill both sets. Implemented by each model; here nobody is let in."""
        for record in self:
            record.reader_keys = record.editor_keys = []

    @api.depends("reader_keys")
    @api.depends_context("uid")
    def _compute_is_readable(self):
        self._compute_entitled("is_readable", "reader_keys")

    @api.depends("editor_keys")
    @api.depends_context("uid")
    def _compute_is_editable(self):
        self._compute_entitled("is_editable", "editor_keys")

    def _compute_entitled(self, flag, keys):
        mine = self.env.user._meeting_principals()
        for record in self:
            record[flag] = not mine.isdisjoint(record[keys])

    def _search_is_readable(self, operator, value):
        return self._search_entitled("reader_keys", operator, value)

    def _search_is_editable(self, operator, value):
        return self._search_entitled("editor_keys", operator, value)

    def _search_entitled(self, keys, operator, value):
        if operator != "in":
            return NotImplemented
        if len(set(value)) == 2:
            return Domain.TRUE
        mine = self.env.user._meeting_principals()
        matching = entitled(keys, sorted(mine), open_too=keys == "reader_keys" and EVERYONE in mine)
        return matching if True in value else ~matching

    def _readers_by_keys(self, users):
        """:return: those of ``users`` who may read this record by its rules, without a query per user."""
        self.ensure_one()
        # sudo: the column is closed to everybody as a field; only users the caller named come back.
        keys = self.sudo().reader_keys
        company = self.sudo().company_id
        return users.filtered(
            lambda user: (
                not user._meeting_principals().isdisjoint(keys) and (not company or company in user.company_ids)
            )
        )

    def _masked_name(self):
        return self.env._("Confidential meeting")
