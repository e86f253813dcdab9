"""Settings by which a technical administrator would, in a few clicks and without code, read what he is not entitled to
(CF-6): the record rules of meetings, and fields of his own that fetch a value across a link.

Code he writes (server actions, computed fields, shell) and logins he takes over are beyond what an addon can prevent.
"""

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .mail_privacy import PREFIX

# Policy, places, and who holds which room when: for everybody to read, for administrators to arrange.
OPEN = ("meeting.type", "meeting.precedence", "meeting.room", "meeting.location", "meeting.booking")


def is_closed(model_name):
    """Whether a model of ours holds what some may read and others not."""
    return model_name.startswith(PREFIX) and not model_name.startswith(OPEN)


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._refuse_closed()
        return rules

    def write(self, vals):
        self._refuse_closed()
        res = super().write(vals)
        self._refuse_closed()
        return res

    def unlink(self):
        self._refuse_closed()
        return super().unlink()

    def _refuse_closed(self):
        """:raises UserError: somebody, not the installation itself, changes who reads meetings"""
        if self.env.su:
            return
        # sudo: only asked which model the rule is for, and whose it is
        if any(rule._keeps_secrets() for rule in self.sudo()):
            raise UserError(
                self.env._(
                    "The record rules of meetings keep confidential content from everybody who takes no part, "
                    "technical administrators included, so they cannot be changed here. To let somebody read a "
                    "meeting, add the person to it or choose another level of confidentiality."
                )
            )


    def _keeps_secrets(self):
        """Whether this rule is for a closed model, or is ours for a model of another app that tells of meetings."""
        model = self.model_id.model or ""
        known_as = self._get_external_ids()[self.id]
        ours = any(name.startswith("meeting_management.") for name in known_as) and not model.startswith(PREFIX)
        return ours or is_closed(model)


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.constrains("related", "model_id", "state")
    def _check_related_stays_outside(self):
        """A related field is read as superuser: across a link into a meeting it would show anybody's meeting."""
        for field in self.filtered(lambda field: field.state == "manual" and field.related):
            model = self.env.get(field.model)
            for name in field.related.split(".")[:-1]:
                link = model is not None and model._fields.get(name)
                model = self.env.get(link.comodel_name) if link and link.relational else None
                if model is not None and is_closed(model._name):
                    raise ValidationError(
                        self.env._(
                            "A field that fetches “%(path)s” would show the content of meetings to people who may not "
                            "read them. Add a link to the meeting instead: it opens for those who may.",
                            path=field.related,
                        )
                    )
