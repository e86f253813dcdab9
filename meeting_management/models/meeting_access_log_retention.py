"""How long the access log is kept: a period per company, which the database knows as well (CF-4)."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.http import request
from odoo.tools import SQL

DEFAULT_YEARS = 3


class MeetingAccessLog(models.Model):
    _inherit = "meeting.access.log"

    @api.model
    def _cron_purge(self, limit=10000):
        """Remove, daily, what is older than the company's retention period; what went is logged."""
        removed, rest = self._purge(limit)
        self.env["ir.cron"]._commit_progress(removed, remaining=rest)

    @api.model
    def _purge(self, limit=10000):
        """:return: (number of entries removed, number of entries that are due as well)"""
        due = SQL(
            """FROM meeting_access_log l LEFT JOIN res_company c ON c.id = l.company_ref
                WHERE l.date < (now() AT TIME ZONE 'UTC')
                    - make_interval(years => GREATEST(1, COALESCE(c.meeting_log_years, %s)))""",
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
