"""An administrator's own condition on a rule of reminding, asked of the document the duty belongs to (RE-1, CF-1).

Administrators configure everything and thereby read nothing confidential. A condition must not become a way to ask
what they may not read, by watching which messages leave, wait, or are counted. So it asks what every administrator of
the company reads anyway, and nothing else:

* of the document's own columns those that are closed to nobody, and one step further those of its type, its room and
  other things that every employee sees;
* of no document up from the level “participants only”: under such a rule nobody is reminded of it, whatever it says;
* in the companies of whoever wrote it.
"""

import ast
import logging
from collections.abc import Collection

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_list, ormcache

from .meeting_permission_table import LEVEL_ORDER

_logger = logging.getLogger(__name__)

CONFIDENTIAL = LEVEL_ORDER[LEVEL_ORDER.index("participants") :]
PLAIN = ("char", "text", "selection", "boolean", "integer", "float", "monetary", "date", "datetime")
NAMED = ("res.users", "res.partner", "res.company")
"""What a document may be asked for by name, but not beyond."""
OPEN = (
    "meeting.type",
    "meeting.room",
    "meeting.location",
    "meeting.room.feature",
    "meeting.equipment",
    "hr.department",
)
"""What every employee sees: a condition may ask for its columns."""


class MeetingReminderRule(models.Model):
    """A rule with a condition of its own reminds of a document if, and as long as, the condition holds.

    It is asked when the reminder is planned, again whenever a field it names is written on the document, every night
    for what changes elsewhere or with the date, and for the last time when the message is about to leave.
    """

    _inherit = "meeting.reminder.rule"

    own_condition = fields.Char(
        "Only If",
        help="A condition on the document: it is reminded of only if the condition holds, when the reminder is planned "
        "and when it leaves. Of documents for participants only, and of secret ones, nothing is asked: this rule "
        "leaves them alone.",
    )
    subject_model = fields.Char(compute="_compute_subject_model")

    @api.depends("kind")
    def _compute_subject_model(self):
        kinds = self.env["meeting.clock"]._all_kinds()
        for rule in self:
            rule.subject_model = kinds.get(rule.kind, {}).get("model")

    @api.depends("own_condition")
    def _compute_sentence(self):
        super()._compute_sentence()
        for rule in self.filtered(lambda rule: rule.own_condition and not rule.never):
            rule.sentence = self.env._("%s, if its own condition holds", rule.sentence)

    @api.onchange("kind")
    def _onchange_kind(self):
        """Another document has other fields."""
        if self.own_condition and self._find_condition_problem():
            self.own_condition = False

    # -- what may be asked --------------------------------------------------------------------------------------

    @api.constrains("own_condition", "kind", "type_id", "company_id")
    def _check_own_condition(self):
        for rule in self.filtered("own_condition"):
            problem = rule._find_condition_problem()
            if problem:
                raise ValidationError(problem)
            if rule.type_id.level in CONFIDENTIAL:
                raise ValidationError(
                    self.env._(
                        "Meetings of the type “%s” are confidential, and of them no condition asks anything: the rule "
                        "would remind nobody. Remove the condition, or choose another type.",
                        rule.type_id.name,
                    )
                )
            if not rule.company_id and rule._has_foreign_companies():
                raise AccessError(
                    self.env._(
                        "A rule with a condition of its own holds in companies whose meetings its author may read. You "
                        "do not work in all of them: choose one of your companies for this rule."
                    )
                )

    def _has_foreign_companies(self):
        """Whether there are companies that the user does not work in. The system itself works in all; constraints are
        checked as superuser, so it is the user who counts."""
        if self.env.uid == SUPERUSER_ID:
            return False
        # sudo: no company is shown
        others = [("id", "not in", self.env.user.company_ids.ids)]
        return bool(self.env["res.company"].sudo().search_count(others, limit=1))

    def _find_condition_problem(self):
        """:return: why this condition cannot be asked, in words, or None"""
        if self.subject_model not in self.env:
            return self.env._("Choose the duty first, then the condition.")
        domain = self._read_condition()
        if domain is None:
            return self.env._(
                "“%s” is no condition. Choose field, comparison and value with the buttons, or write a list such as "
                "[('state', '=', 'draft')], without formulas.",
                self.own_condition,
            )
        model = self.env[self.subject_model]
        for condition in domain.iter_conditions():
            problem = self._find_path_problem(model, condition.field_expr)
            if problem:
                return problem
            if condition.operator in ("any", "not any"):
                return self.env._("A condition cannot look into lists: ask one field of the document at a time.")
            try:
                # sudo: whether the words of the condition fit its field; no document is looked at
                condition.validate(model.with_user(SUPERUSER_ID))
            except (ValueError, TypeError, KeyError, OverflowError, UserError):
                return self._explain_misfit(model, condition)
        return None

    def _explain_misfit(self, model, condition):
        """:return: why this field cannot be compared so, in the reader's words (Odoo's own are for programmers)"""
        name, _dot, rest = condition.field_expr.partition(".")
        if model._fields[name].relational and rest:
            model = self.env[model._fields[name].comodel_name]
            name, _dot, rest = rest.partition(".")
        field, value = model._fields[name], condition.value
        words = {
            "field": field._description_string(self.env),
            "value": format_list(self.env, map(str, value))
            if isinstance(value, Collection) and not isinstance(value, str)
            else value,
        }
        if field.type in ("date", "datetime") and not rest and "like" not in condition.operator:
            return self.env._(
                "“%(value)s” is no date, so “%(field)s” cannot be compared with it. Write a date such as 2026-03-31, "
                "or count from today: “today +7d”.",
                **words,
            )
        return self.env._(
            "“%(field)s” cannot be compared with “%(value)s” in this way. Choose another comparison or value.", **words
        )

    def _find_path_problem(self, model, path):
        """:return: why a condition may not ask this of a document, in words, or None"""
        words = {"path": path, "document": self.env["ir.model"]._get(model._name).name}
        name, _dot, rest = path.partition(".")
        closed = model._condition_closed
        for further in (True, False):
            field = model._fields.get(name)
            if field is None:
                return self.env._(
                    "“%(document)s” has no field “%(path)s”. Choose another field in the condition.", **words
                )
            part_of_date = rest and field.type in ("date", "datetime")
            if name in closed or not self._is_open(field) or (rest and not part_of_date and not further):
                break
            if not rest or part_of_date:
                return None
            if field.comodel_name not in OPEN:
                break
            model, closed = self.env[field.comodel_name], ()
            name, _dot, rest = rest.partition(".")
        return self.env._(
            "A condition cannot ask for “%(path)s”: not every administrator may read it. Ask for a field of the "
            "document itself that everybody sees, or for one of its type, room, equipment or department.",
            **words,
        )

    @api.model
    def _is_open(self, field):
        """Whether everybody who reads a record reads this column of it."""
        if not field.store or field.groups or field.company_dependent:
            return False
        return field.type in PLAIN or (field.type in ("many2one", "many2many") and field.comodel_name in NAMED + OPEN)

    def _read_condition(self):
        """:return: the condition as a Domain, or None where it cannot be read"""
        try:
            return Domain(ast.literal_eval(self.own_condition.strip()))
        except (ValueError, SyntaxError, TypeError, AttributeError, MemoryError, RecursionError):
            return None

    # -- CRUD ---------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([self._without_empty_condition(vals) for vals in vals_list])
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        res = super().write(self._without_empty_condition(vals))
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    @api.model
    def _without_empty_condition(self, vals):
        """A condition from which every line was removed is none."""
        empty = (vals.get("own_condition") or "").strip() in ("", "[]")
        return {**vals, "own_condition": False} if empty and "own_condition" in vals else vals

    # -- asking -------------------------------------------------------------------------------------------------

    def _applies(self, clock, subject):
        return super()._applies(clock, subject) and self._own_condition_holds(subject)

    def _own_condition_holds(self, subject):
        if not self.own_condition:
            return True
        if subject._notification_level() in CONFIDENTIAL:
            return False
        domain = self._read_condition()
        # sudo: it decides about sending and shows nothing; whoever set it off, the answer is the same
        asked = subject.with_env(self.env(user=SUPERUSER_ID, su=True, context={}))
        try:
            return domain is not None and bool(asked.filtered_domain(domain))
        except (ValueError, TypeError, KeyError):
            _logger.warning("The condition of reminder rule %s cannot be asked any more", self.id, exc_info=True)
            return False

    @api.model
    @ormcache("model")
    def _asked_fields(self, model):
        """:return: names of the fields of this model that some condition asks for"""
        # sudo: names of fields in rules that every employee may read
        rules = self.sudo().search([("own_condition", "!=", False)])
        domains = [rule._read_condition() for rule in rules if rule.subject_model == model]
        conditions = (condition for domain in domains if domain is not None for condition in domain.iter_conditions())
        return frozenset(condition.field_expr.partition(".")[0] for condition in conditions)

    @api.autovacuum
    def _look_again(self):
        """What a condition asks of a room, of a type or of the date changes without the document: once a night."""
        # sudo: as above
        kinds = set(self.sudo().search([("own_condition", "!=", False)]).mapped("kind"))
        if kinds:
            self.env["meeting.clock"]._mark(Domain("kind", "in", sorted(kinds)))


class MeetingClockMixin(models.AbstractModel):
    _inherit = "meeting.clock.mixin"

    _condition_closed = frozenset()
    """Fields that a condition may not ask for although they are open to whoever reads the document."""

    def write(self, vals):
        res = super().write(vals)
        asked = self.env["meeting.reminder.rule"]._asked_fields(self._name)
        if asked & vals.keys() and not self._clock_fields & vals.keys():
            self._follow_clocks()
        return res
