"""Materials are collected after the meeting: from a date on only its organisers open them (CF-3).

Materials are the files attached to a meeting and to its topics. Minutes and their PDFs are not, nor are pictures
inside the text of a topic, of which minutes are made. The date is compared when a file is asked for, so no job has to
run; it is asked for in three places, which every route passes: the check of a record's rights, the search, and the
stream that leaves the server (links with a token, too).
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.ir_attachment import condition_values
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

SECRET_DAYS = 14
"""Days for which participants keep the materials of a secret meeting, unless the type says otherwise."""
DOCUMENTS = ("meeting.meeting", "meeting.agenda.item")


class MeetingPolicyMixin(models.AbstractModel):
    _inherit = "meeting.policy.mixin"

    materials_days = fields.Integer(
        "Materials Open for",
        compute="_compute_materials_days",
        store=True,
        readonly=False,
        help="Days after the end for which participants may open the materials; afterwards only the organisers do. "
        "0: no limit.",
    )

    _materials_days_positive = models.Constraint(
        "CHECK (materials_days >= 0)", "Materials are open for zero days (no limit) or more."
    )

    @api.depends("level")
    def _compute_materials_days(self):
        for policy in self:
            policy.materials_days = SECRET_DAYS if policy.level == "secret" else 0


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    materials_until = fields.Datetime(
        "Materials Open until",
        compute="_compute_materials_until",
        store=True,
        readonly=False,
        copy=False,
        help="Afterwards the files of the meeting and its topics are open to its organisers only. Empty: no limit.",
    )

    _materials_until_idx = models.Index("(materials_until) WHERE materials_until IS NOT NULL")

    @api.depends("type_id", "level")
    def _compute_materials_days(self):
        """The type's days at the type's level; a meeting made secret by itself gets the usual limit."""
        for meeting in self:
            kind = meeting.type_id
            if kind.level == meeting.level:
                meeting.materials_days = kind.materials_days
            else:
                meeting.materials_days = (kind.materials_days or SECRET_DAYS) if meeting.level == "secret" else 0

    @api.depends("materials_days", "stop")
    def _compute_materials_until(self):
        for meeting in self:
            days = meeting.materials_days
            meeting.materials_until = meeting.stop + timedelta(days=days) if days and meeting.stop else False

    @api.model
    def _collected_domain(self):
        """:return: the meetings whose materials the current user may not open any more"""
        return Domain("materials_until", "<=", fields.Datetime.now()) & Domain("is_editable", "=", False)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _collected(self):
        """:return: those of these files that are materials collected from the current user"""
        # sudo: where a file belongs and until when it is open; only files the caller named come back.
        files = self.sudo().filtered(lambda file: file.res_model in DOCUMENTS and file.res_id)
        if not files:
            return self.browse()
        found = files.browse()
        collected = self.env["meeting.meeting"].sudo()._collected_domain()
        for name, group in files.grouped("res_model").items():
            records = self.env[name].sudo().browse(group.mapped("res_id")).exists()
            if name == "meeting.meeting":
                shut = records.filtered_domain(collected)
                found |= group.filtered(lambda file, ids=shut._ids: file.res_id in ids)
                continue
            shut = records.filtered(lambda item, d=collected: item.meeting_id.filtered_domain(d))
            listed = self._listed_documents(group)
            found |= group.filtered(
                lambda file, ids=shut._ids, listed=listed: (
                    file.res_id in ids and (file.id in listed or not (file.mimetype or "").startswith("image/"))
                )
            )
        return self.browse(found.ids)

    @api.model
    def _listed_documents(self, files=None):
        """Which of ``files`` stand in the list of documents of a topic. Asked past the field: what superuser code reads
        of that list would stay in the cache, and be shown to the user as it is.

        :return: set of ids; without ``files`` a query for all of them"""
        field = self.env["meeting.agenda.item"]._fields["attachment_ids"]
        column = SQL.identifier(field.column2)
        listed = SQL("SELECT %s FROM %s", column, SQL.identifier(field.relation))
        if files is None:
            return listed
        self.env["meeting.agenda.item"].flush_model(["attachment_ids"])
        return {row[0] for row in self.env.execute_query(SQL("%s WHERE %s IN %s", listed, column, files._ids))}

    def _collected_error(self):
        # sudo: the person refused is logged, nothing is shown.
        self.env["meeting.access.log"]._note_refused(self, "read")
        return AccessError(
            self.env._(
                "The materials of this meeting have been collected: the time for opening them is over. If you still "
                "need one, ask the convener or the minute taker."
            )
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        forbidden, error = result or (self.browse(), None)
        collected = (self - forbidden)._collected() if self else self
        if not collected:
            return result
        return forbidden | collected, error or collected._collected_error

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False):
        """Searches that name our documents are answered by one query and do not pass `_check_access`."""
        if not (self.env.su or bypass_access):
            named = set(condition_values(self, "res_model", Domain(domain)) or ()) & set(DOCUMENTS)
            if named:
                domain = Domain(domain) & self._open_materials_domain()
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    @api.model
    def _open_materials_domain(self):
        # sudo: subqueries that take away, by the user's own keys; they add nothing.
        meetings = self.env["meeting.meeting"].sudo()._search(self.env["meeting.meeting"]._collected_domain())
        items = self.env["meeting.agenda.item"].sudo()._search([("meeting_id", "in", meetings)])
        return (Domain("res_model", "!=", "meeting.meeting") | Domain("res_id", "not in", meetings)) & (
            Domain("res_model", "!=", "meeting.agenda.item")
            | Domain("res_id", "not in", items)
            | (Domain("mimetype", "=like", "image/%") & Domain("id", "not in", self._listed_documents()))
        )

    def _to_http_stream(self):
        """Links with a token skip the rights of the record; collected is collected."""
        collected = self._collected()
        if collected:
            raise collected._collected_error()
        return super()._to_http_stream()
