"""Settings by which a technical administrator would, in a few clicks and without code, read what he is not entitled to
(CF-6): the record rules and access rights of meetings, and fields of his own that fetch a value across a link or lie on
our tables.

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


# Besides the models that follow the privacy mixin: whatever a document of ours may have left something in.
CARRIERS = (
    *("ir.attachment", "mail.link.preview", "mail.push"),
    *("mail.scheduled.message", "mail.compose.message", "bus.bus"),
)


def carries_secrets(model):
    """Whether rows of a model are about documents of ours, or may be."""
    return is_closed(model._name) or hasattr(model, "_through_message") or model._name in CARRIERS


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


class ResGroups(models.Model):
    """The link between a group and a rule can be changed from this side as well."""

    _inherit = "res.groups"

    def write(self, vals):
        if "rule_groups" not in vals or self.env.su:
            return super().write(vals)
        before = {group: group.rule_groups for group in self}
        res = super().write(vals)
        for group, rules in before.items():
            ((rules - group.rule_groups) | (group.rule_groups - rules))._refuse_closed()
        return res


class IrModelAccess(models.Model):
    """Some of our models have no rules because nobody has any right on them: personal links, texts as published. For
    others the rights say what is evidence and written by nobody."""

    _inherit = "ir.model.access"

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        rights._refuse_closed()
        return rights

    def write(self, vals):
        self._refuse_closed()
        res = super().write(vals)
        self._refuse_closed()
        return res

    def unlink(self):
        self._refuse_closed()
        return super().unlink()

    def _refuse_closed(self):
        """:raises UserError: somebody, not the installation itself, changes who has access to what is closed"""
        if self.env.su:
            return
        # sudo: only asked which model the right is for
        if any(is_closed(right.sudo().model_id.model or "") for right in self):
            raise UserError(
                self.env._(
                    "Access rights to meetings and what is under them come with the groups as they are, so that nobody "
                    "reads confidential content by a setting. Give the person one of the groups for meetings, or add "
                    "the person to the meeting."
                )
            )


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
                if model is not None and carries_secrets(model):
                    raise ValidationError(
                        self.env._(
                            "A field that fetches “%(path)s” would show the content of meetings to people who may not "
                            "read them. Add a link to the meeting instead: it opens for those who may.",
                            path=field.related,
                        )
                    )

    @api.constrains("relation_table", "state")
    def _check_relation_table_is_its_own(self):
        """A list of links may name any table: laid over the one of our participants it would list them all."""
        own = self.filtered(lambda field: field.state == "manual" and field.relation_table)
        if not own:
            return
        taken = {model._table for model in self.env.registry.values() if not model._abstract}
        for model in self.env.registry.values():
            if carries_secrets(model):
                taken |= {
                    field.relation
                    for field in model._fields.values()
                    if field.type == "many2many" and field.store and not field.manual
                }
        for field in own:
            if field.relation_table in taken:
                raise ValidationError(
                    self.env._(
                        "The table “%s” belongs to other data, which this field would show past all rights. Leave the "
                        "name of the table empty: the field gets one of its own.",
                        field.relation_table,
                    )
                )
