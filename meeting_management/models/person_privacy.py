"""Who somebody is does not change behind a meeting's back: invited is a contact, and whoever has this contact's login
reads in its name (CF-1, CF-6)."""

from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_invited_somewhere(self):
        """Whether one of these contacts stands on the list of any meeting; of which, and how closed it is, is not
        told."""
        # sudo: no more than yes or no comes back
        lines = self.env["meeting.participant"].sudo()
        return bool(lines.search_count([("partner_id", "in", self.ids)], limit=1))


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """:raises UserError: an existing login would take the place of somebody who was invited to meetings"""
        if "partner_id" in vals and not self.env.su:
            partner = self.env["res.partner"].browse(vals["partner_id"])
            if self.filtered(lambda user: user.partner_id != partner) and partner._is_invited_somewhere():
                raise UserError(
                    self.env._(
                        "%s has been invited to meetings, so no existing login can become theirs. Create a login for "
                        "them, or let the convener invite the other person.",
                        partner.display_name,
                    )
                )
        return super().write(vals)


class MergePartner(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """:raises UserError: a contact with a login would take over the invitations of another one"""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # sudo: whether a contact has a login is asked, of archived ones too
        users = self.env["res.users"].sudo().with_context(active_test=False)
        owners = users.search([("partner_id", "in", partners.ids)]).partner_id
        others = partners - owners.sudo(False)
        if not self.env.su and owners and others._is_invited_somewhere():
            raise UserError(
                self.env._(
                    "One of these contacts has a login, and another has been invited to meetings: merged, the login "
                    "would read in their name. Let the convener invite the contact with the login instead."
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)
