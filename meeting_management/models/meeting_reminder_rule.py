"""The rules of reminding: when, before or after which limit, who is told, how often, and when his superiors are."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_list

from .meeting_joined import clauses, sentences

UNITS = [("minutes", "minutes"), ("hours", "hours"), ("days", "days")]
MOST_REPEATS = 30


class MeetingReminderRole(models.Model):
    """Who can be reminded, as seen from a duty. The module's own list: everybody reads it, nobody changes it."""

    _name = "meeting.reminder.role"
    _description = "Recipient of Reminders"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10, readonly=True)

    _code_once = models.Constraint("UNIQUE(code)", "This recipient is on the list already.")


class MeetingReminderRule(models.Model):
    """提醒规则. One line: one reminder about one kind of duty (RE-1, RE-2, NT-2, NT-3, MN-2 to MN-4, RS-2 to RS-4).

    Everybody reads the rules, administrators maintain them. A rule without a meeting type holds for every type. A type
    that has lines of its own for a duty is reminded by these alone; between the two, lines of the company replace
    those of every company. Changing a rule plans what is still open anew; what has left is never sent again.

    **When**, exactly. Let A be the clock's limit (*before*, *after the limit*) or its beginning (*after the
    beginning*), W the working time of whoever alone owes it, or of the company. The first message is due at

        ``WorkingTime.shift(W, A, number, unit, working, -1 for before, +1 for after)``

    and the n-th repetition (n = 1 … repeat times) at the same with ``number`` replaced by ``number + n × every`` for
    *after*, and ``number - n × every`` for *before*, as long as that is not negative. A moment that has passed when it
    is planned is not owed. A message before a limit that has passed when it would leave is not sent; one after it is
    sent late rather than never, as long as the duty is open. A message owed to a person for another moment than the
    one it was sent for (the limit moved) is owed anew, under its own key.
    """

    _name = "meeting.reminder.rule"
    _description = "Reminder Rule"
    _order = "kind, type_id, company_id, sequence, id"
    _rec_name = "sentence"

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        selection=lambda self: self.env["meeting.clock"]._selection_kind(), string="Duty", required=True, index=True
    )
    type_id = fields.Many2one(
        "meeting.type",
        "Meeting Type",
        ondelete="cascade",
        index="btree_not_null",
        help="Empty: for every type. A type with lines of its own for a duty is reminded by these alone.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Empty: in every company. Lines of a company replace, for their duty, those of every company.",
    )
    never = fields.Boolean(
        "No Reminder", help="For this type or company nobody is reminded of this duty, whatever holds elsewhere."
    )
    timing = fields.Selection(
        [
            ("before", "Before the limit"),
            ("after", "After the limit"),
            ("start", "After the beginning"),
        ],
        "When",
        required=True,
        default="before",
    )
    number = fields.Integer("How Long", default=1, help="0: at the limit itself, in working time at the next hour.")
    unit = fields.Selection(UNITS, required=True, default="days")
    working = fields.Boolean(
        "Working Time",
        help="Counted in the working time of whoever owes it, without holidays and time off; of the company where "
        "several owe it. Whole days lead to the start of work.",
    )
    condition = fields.Selection(
        [
            ("always", "Always"),
            ("urgent", "If it is urgent"),
            ("calm", "Unless it is urgent"),
            ("open", "Unless it is confidential"),
        ],
        required=True,
        default="always",
    )
    role_ids = fields.Many2many("meeting.reminder.role", string="Recipients")
    channel = fields.Selection(
        [
            ("preference", "As the person prefers"),
            ("sms", "Also by text message"),
            ("robot", "Also in the group chat"),
        ],
        required=True,
        default="preference",
    )
    every = fields.Integer("Repeat Every", default=1)
    repeat = fields.Integer("Times Repeated", help="0: once only.")
    escalate = fields.Boolean(
        "Go to Superiors",
        help="Once the limit has passed by this long, the supervisor is told, then the head of the department, then "
        "the superiors above, one after the other, as long as the duty is open. Who is away is passed over, and who "
        "may not read the document hears nothing: then its convener is told.",
    )
    escalate_number = fields.Integer("Each After", default=1)
    escalate_unit = fields.Selection(UNITS, default="days", required=True)
    escalate_levels = fields.Integer("Levels", default=3)
    sentence = fields.Char("Rule", compute="_compute_sentence")
    step = fields.Char("Message", compute="_compute_step")

    _numbers = models.Constraint(
        f"""CHECK (number >= 0 AND every >= 1 AND repeat BETWEEN 0 AND {MOST_REPEATS}
            AND escalate_number >= 1 AND escalate_levels BETWEEN 1 AND 9)""",
        "Times of a reminder cannot be negative, and what is repeated has an interval: correct the numbers of the "
        "rule.",
    )
    _by_kind_idx = models.Index("(kind) WHERE active")

    # -- computes -----------------------------------------------------------------------------------------------

    @api.depends("type_id")
    def _compute_company_id(self):
        for rule in self:
            rule.company_id = rule.type_id.company_id or (rule.company_id if not rule.type_id else False)

    @api.depends("kind", "timing")
    def _compute_step(self):
        kinds = self.env["meeting.clock"]._all_kinds()
        for rule in self:
            facts = kinds.get(rule.kind, {})
            rule.step = facts.get("before" if rule.timing == "before" else "after") or False

    @api.depends("kind", "timing", "number", "unit", "working", "role_ids", "never", "repeat", "every", "condition")
    @api.depends("escalate", "escalate_number", "escalate_unit")
    @api.depends_context("lang")
    def _compute_sentence(self):
        """The rule as people say it: “1 day before the task is due, to its owner, in working time”."""
        kinds = self.env["meeting.clock"]._all_kinds()
        for rule in self:
            facts = kinds.get(rule.kind)
            if not facts:
                rule.sentence = rule.kind or self.env._("New rule")
                continue
            if rule.never:
                rule.sentence = self.env._("%s: nobody is reminded", facts["label"])
                continue
            parts = [
                rule._when_in_words(facts),
                rule.role_ids and self.env._("to %s", format_list(self.env, rule.role_ids.mapped("name"))),
                rule.condition != "always"
                and dict(self._fields["condition"]._description_selection(self.env))[rule.condition],
                rule.working and self.env._("in working time"),
                rule.repeat and rule._repeats_in_words(),
                rule.escalate
                and self.env._(
                    "to the superiors after every %s more", rule._length(rule.escalate_number, rule.escalate_unit)
                ),
            ]
            rule.sentence = clauses(self.env, filter(None, parts))

    def _repeats_in_words(self):
        every = self._length(self.every, self.unit)
        if self.repeat == 1:
            return self.env._("once more after %s", every)
        return self.env._("then every %(time)s, %(count)s times", time=every, count=self.repeat)

    def _when_in_words(self, facts):
        event = facts["start"] if self.timing == "start" else facts["due"]
        if not self.number:
            return self.env._("When %s", event)
        words = {"time": self._length(self.number, self.unit), "event": event}
        if self.timing == "before":
            return self.env._("%(time)s before %(event)s", **words)
        return self.env._("%(time)s after %(event)s", **words)

    @api.model
    def _length(self, number, unit):
        minutes = {"minutes": 1, "hours": 60, "days": 1440}[unit] * number
        return self.env["meeting.notification"]._format_minutes(minutes)

    # -- constraints and CRUD -----------------------------------------------------------------------------------

    @api.constrains("kind", "type_id", "timing", "role_ids", "never", "escalate")
    def _check_rule(self):
        kinds = self.env["meeting.clock"]._all_kinds()
        for rule in self.filtered(lambda rule: not rule.never):
            facts = kinds[rule.kind]
            if rule.type_id and not facts.get("typed", True):
                raise ValidationError(
                    self.env._("“%s” belongs to no meeting type: leave the type of the rule empty.", facts["label"])
                )
            if not rule.step:
                raise ValidationError(
                    self.env._("“%s” is reminded of before its limit only. Choose “Before the limit”.", facts["label"])
                    if facts.get("before")
                    else self.env._("“%s” is reminded of after its limit only.", facts["label"])
                )
            if not rule.role_ids:
                raise ValidationError(
                    self.env._(
                        "The reminder “%s” reaches nobody. Choose its recipients, or tick “No Reminder”.",
                        rule.sentence,
                    )
                )
            if rule.escalate and not (facts.get("escalates") and rule.timing == "after"):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot go to superiors: that is for duties of one person whose limit has passed. "
                        "Choose “After the limit”, or untick “Go to Superiors”.",
                        rule.sentence,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._plan_anew()
        return rules

    def write(self, vals):
        self._plan_anew()
        res = super().write(vals)
        self._plan_anew()
        return res

    def unlink(self):
        self._plan_anew()
        return super().unlink()

    def _plan_anew(self):
        """What is open under these rules is planned anew by the job, in batches."""
        kinds = set(self.mapped("kind")) - {False}
        if not kinds:
            return
        self.env["meeting.clock"]._mark(Domain("kind", "in", sorted(kinds)))

    # -- which rules hold ---------------------------------------------------------------------------------------

    @api.model
    def _book(self):
        """:return: function clock → the rules that hold for it; the rules are read once"""
        # sudo: rules are read by every employee; whoever causes a message need not be one
        rules = self.sudo().search([])
        book = {}
        for rule in rules:
            place = (rule.kind, "type", rule.type_id.id) if rule.type_id else (rule.kind, "company", rule.company_id.id)
            book.setdefault(place, []).append(rule)

        def holding(clock):
            for place in (
                (clock.kind, "type", clock.type_id.id),
                (clock.kind, "company", clock.company_id.id),
                (clock.kind, "company", False),
            ):
                if place in book:
                    return [rule for rule in book[place] if not rule.never]
            return []

        return holding

    def _applies(self, clock, subject):
        """Whether the condition of this rule is met."""
        if self.condition == "always":
            return True
        meeting = subject._notification_meeting()
        if self.condition == "open":
            return subject._notification_level() not in ("participants", "secret")
        urgent = subject.urgency == "urgent" if "urgency" in subject._fields else meeting.is_urgent
        return bool(urgent) == (self.condition == "urgent")

    def _moments(self, clock, time):
        """:return: list of moments, the first and its repetitions; see the class for the formula"""
        anchor = clock.started if self.timing == "start" else clock.due
        sign = -1 if self.timing == "before" else 1
        worker = time.worker(clock.user_id, clock.company_id)
        numbers = [self.number + sign * count * self.every for count in range(self.repeat + 1)]
        return [time.shift(worker, anchor, number, self.unit, self.working, sign) for number in numbers if number >= 0]


class MeetingType(models.Model):
    _inherit = "meeting.type"

    reminder_rule_ids = fields.One2many(
        "meeting.reminder.rule", "type_id", "Reminder Rules", copy=True, context={"active_test": False}
    )
    common_rule_text = fields.Text("Otherwise in Force", compute="_compute_common_rule_text")

    @api.depends("reminder_rule_ids.kind", "company_id")
    @api.depends_context("lang", "company")
    def _compute_common_rule_text(self):
        """The rules that hold for this type because it says nothing of its own."""
        for kind in self:
            company = kind.company_id or self.env.company
            book = self.env["meeting.reminder.rule"]._book()
            own = set(kind.reminder_rule_ids.filtered("active").mapped("kind"))
            lines = []
            for duty, facts in self.env["meeting.clock"]._all_kinds().items():
                if duty in own or not facts.get("typed", True):
                    continue
                clock = self.env["meeting.clock"].new({"kind": duty, "company_id": company.id})
                said = [rule.with_env(self.env).sentence for rule in book(clock)]
                if said:
                    lines.append(
                        self.env._("%(duty)s: %(rules)s", duty=facts["label"], rules=sentences(self.env, said))
                    )
            kind.common_rule_text = "\n".join(lines)


class MeetingClock(models.Model):
    _inherit = "meeting.clock"

    @api.model
    def _mark(self, domain):
        """Have the job plan these running clocks anew."""
        # sudo: marking shows nothing and decides nothing
        self = self.sudo()
        self.flush_model()  # or a mark that has not been written yet would be forgotten below
        query = self._search(Domain("state", "=", "running") & Domain("needs_plan", "=", False) & Domain(domain))
        self.env.execute_query(
            SQL("UPDATE meeting_clock SET needs_plan = true WHERE id IN %s RETURNING id", query.subselect())
        )
        self.invalidate_model(["needs_plan"], flush=False)
        self._wake_watch([fields.Datetime.now()])
