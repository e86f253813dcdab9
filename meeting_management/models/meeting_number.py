"""Running numbers of minutes, resolutions and tasks: one sequence per company and year (MN-8, RS-1)."""

from odoo import api, models

SEQUENCES = {
    "meeting.minutes": ("Meeting Minutes", "MIN/%(range_year)s/"),
    "meeting.resolution": ("Meeting Resolutions", "RES/%(range_year)s/"),
    "meeting.action.item": ("Meeting Tasks", "TASK/%(range_year)s/"),
}


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _meeting_next(self, code, company):
        """Return the next number of `code` in `company`; the year is that of today."""
        # sudo: whoever may write the document may draw its number; sequences themselves are closed to users
        return self.sudo().with_company(company).next_by_code(code)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_meeting_sequences()
        return companies

    def _create_meeting_sequences(self):
        """Give each company its own sequences, once; also called when the addon is installed or updated."""
        Sequence = self.env["ir.sequence"].sudo()  # sudo: a company's creator need not manage sequences
        for company in self or self.sudo().search([]):
            present = Sequence.search([("company_id", "=", company.id), ("code", "in", list(SEQUENCES))]).mapped("code")
            Sequence.create(
                [
                    {
                        "name": f"{name} ({company.name})",
                        "code": code,
                        "prefix": prefix,
                        "padding": 4,
                        "use_date_range": True,
                        "implementation": "no_gap",
                        "company_id": company.id,
                    }
                    for code, (name, prefix) in SEQUENCES.items()
                    if code not in present
                ]
            )
