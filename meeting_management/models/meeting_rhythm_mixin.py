"""A rhythm entered as people say it, shown as a sentence with its next dates (MT-1)."""

import pytz
from babel.dates import format_skeleton
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list, get_lang
from odoo.tools.misc import babel_locale_parse

from .meeting_rhythm import MONTHS, WORKDAY, Rhythm
from .meeting_rhythm_words import EXAMPLES, NotUnderstood, parse

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RHYTHM_FIELDS = (
    "unit", "interval", *WEEKDAYS, "workdays_only", "month_by", "day", "position", "weekday", "before_day",
    "period_month", "year_month", "start_time",
)  # fmt: skip
"""Everything ``words`` can say."""


class MeetingRhythmMixin(models.AbstractModel):
    """The fields of a rhythm. The owning model has ``name`` and ``company_id``."""

    _name = "meeting.rhythm.mixin"
    _description = "Rhythm"

    words = fields.Char(
        "In Words", help="Type the rhythm as you would say it, in English or Chinese; the fields follow."
    )
    words_problem = fields.Char(compute="_compute_words_problem")
    unit = fields.Selection(
        [
            ("day", "day(s)"),
            ("week", "week(s)"),
            ("month", "month(s)"),
            ("quarter", "quarter(s)"),
            ("half_year", "half-year(s)"),
            ("year", "year(s)"),
            ("announced", "date announced"),
        ],
        required=True,
        default="week",
    )
    interval = fields.Integer("Every", default=1)
    mon = fields.Boolean("Mon", default=True)
    tue = fields.Boolean("Tue")
    wed = fields.Boolean("Wed")
    thu = fields.Boolean("Thu")
    fri = fields.Boolean("Fri")
    sat = fields.Boolean("Sat")
    sun = fields.Boolean("Sun")
    workdays_only = fields.Boolean("Working Days Only")
    month_by = fields.Selection(
        [("weekday", "on the"), ("date", "on day")], string="Day of the Month", required=True, default="weekday"
    )
    day = fields.Integer("Day", default=1, help="31 stands for the last day of shorter months.")
    position = fields.Selection(
        [("1", "first"), ("2", "second"), ("3", "third"), ("4", "fourth"), ("-1", "last")], required=True, default="1"
    )
    weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
            (str(WORKDAY), "working day"),
        ],
        required=True,
        default="0",
    )
    before_day = fields.Integer("Before Day", help="Only days before this one count. 0: all.")
    period_month = fields.Integer("Month", default=1, help="Which month of the quarter or half-year.")
    year_month = fields.Selection(
        [
            ("1", "January"), ("2", "February"), ("3", "March"), ("4", "April"), ("5", "May"), ("6", "June"),
            ("7", "July"), ("8", "August"), ("9", "September"), ("10", "October"), ("11", "November"),
            ("12", "December"),
        ],
        string="Month of the Year",
        required=True,
        default="1",
    )  # fmt: skip
    start_time = fields.Float("Time", default=9.0)
    tz = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["tz"]._description_selection(self.env),
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or self.env.company.partner_id.tz or "UTC",
    )
    holiday_rule = fields.Selection(
        [("move", "Move to the next working day"), ("skip", "Leave out"), ("keep", "Meet all the same")],
        string="On a Holiday",
        required=True,
        default="move",
        help="What happens on a public holiday, and, where a day of the month is given, on any day off.",
    )
    start_date = fields.Date("From", required=True, default=fields.Date.context_today)
    end_type = fields.Selection(
        [("open", "Without end"), ("until", "Until"), ("count", "Number of meetings")],
        string="Ends",
        required=True,
        default="open",
    )
    end_date = fields.Date("Last Day")
    count = fields.Integer("Number of Meetings", default=10)

    sentence = fields.Char("Rhythm", compute="_compute_sentence")
    preview = fields.Text("Next Dates", compute="_compute_preview")

    _time_of_day = models.Constraint(
        "CHECK (start_time >= 0 AND start_time < 24)", "The time of day lies between 0:00 and 23:59."
    )
    _rhythm_numbers = models.Constraint(
        'CHECK ("interval" BETWEEN 1 AND 99 AND "day" BETWEEN 1 AND 31 AND period_month >= 1 AND "count" >= 0)',
        "“Every” takes a number from 1 to 99, the day of the month one from 1 to 31; counts are not negative.",
    )

    # -- in words -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_rhythm(vals, {}) for vals in vals_list])

    def write(self, vals):
        """Words fill the fields; a field that is changed by itself drops the words."""
        return super().write(self._complete_rhythm(vals, {"words": False}))

    def _complete_rhythm(self, vals, unsaid):
        """``vals`` with what its words say; a field that is given by itself comes before the words."""
        if vals.get("words"):
            return {**(self._parse_words(vals["words"]) or {}), **vals}
        if not vals.keys().isdisjoint(RHYTHM_FIELDS):
            vals = {**unsaid, **vals}
        if not unsaid and not vals.keys().isdisjoint(WEEKDAYS):
            vals = {**dict.fromkeys(WEEKDAYS, False), **vals}
        return vals

    @api.onchange("words")
    def _onchange_words(self):
        """What was there before stays where the words say nothing sensible."""
        self.update(self._parse_words(self.words) or {})

    @api.model
    def _parse_words(self, words):
        try:
            return parse(words) if (words or "").strip() else None
        except NotUnderstood:
            return None

    @api.depends("words")
    @api.depends_context("lang")
    def _compute_words_problem(self):
        for series in self:
            series.words_problem = False
            if (series.words or "").strip():
                try:
                    parse(series.words)
                except NotUnderstood as problem:
                    series.words_problem = series._explain_words(str(problem))

    def _explain_words(self, rest):
        examples = format_list(self.env, [f"“{example}”" for example in EXAMPLES], style="or")
        if rest:
            return self.env._(
                "“%(rest)s” was not understood. Try for example %(examples)s, or use the fields below.",
                rest=rest,
                examples=examples,
            )
        return self.env._("This names no complete rhythm. Try for example %s, or use the fields below.", examples)

    @api.onchange(*RHYTHM_FIELDS)
    def _onchange_rhythm(self):
        """Words that no longer say what the fields say go away; words not understood stay to be corrected."""
        said = self._parse_words(self.words)
        if said and any(self[name] != value for name, value in said.items()):
            self.words = False

    # -- the rhythm as a sentence -------------------------------------------------------------------------------

    def _rhythm(self):
        return Rhythm(
            unit=self.unit,
            interval=max(self.interval, 1),
            weekdays=tuple(index for index, day in enumerate(WEEKDAYS) if self[day]),
            workdays_only=self.workdays_only,
            month_by=self.month_by,
            day=min(max(self.day, 1), 31),
            position=int(self.position),
            weekday=int(self.weekday),
            before_day=self.before_day if self.position == "-1" else 0,
            period_month=int(self.year_month) if self.unit == "year" else max(self.period_month, 1),
        )

    @api.depends(*RHYTHM_FIELDS)
    @api.depends_context("lang")
    def _compute_sentence(self):
        for series in self:
            hours, minutes = divmod(round(series.start_time * 60), 60)
            series.sentence = series._sentence(f"{hours:02}:{minutes:02}") if series.unit else False

    def _sentence(self, time):
        n = self.interval
        if self.unit == "announced":
            return self.env._("On dates that are announced")
        if self.unit == "day":
            if self.workdays_only:
                return self.env._("Every working day at %s", time)
            if n == 1:
                return self.env._("Every day at %s", time)
            return self.env._("Every %(n)s days at %(time)s", n=n, time=time)
        if self.unit == "week":
            chosen = [self._label("weekday", str(i)) for i, day in enumerate(WEEKDAYS) if self[day]]
            days = format_list(self.env, chosen)
            if n == 1:
                return self.env._("Every %(days)s at %(time)s", days=days, time=time)
            return self.env._("Every %(n)s weeks on %(days)s at %(time)s", n=n, days=days, time=time)
        return self.env._(
            "On %(which)s %(period)s at %(time)s", which=self._which_day(), period=self._which_period(), time=time
        )

    def _which_day(self):
        if self.month_by == "date":
            return self.env._("the last day") if self.day == 31 else self.env._("day %s", self.day)
        names = {"position": self._label("position"), "weekday": self._label("weekday")}
        if self.position == "-1" and self.before_day:
            return self.env._("the %(position)s %(weekday)s before day %(day)s", day=self.before_day, **names)
        return self.env._("the %(position)s %(weekday)s", **names)

    def _which_period(self):
        n, month = self.interval, self.period_month
        if self.unit == "month":
            return self.env._("of each month") if n == 1 else self.env._("of every %s months", n)
        if self.unit == "year":
            name = self._label("year_month")
            if n == 1:
                return self.env._("of %s of each year", name)
            return self.env._("of %(month)s of every %(n)s years", month=name, n=n)
        if self.unit == "quarter":
            if n == 1:
                return self.env._("of month %s of each quarter", month)
            return self.env._("of month %(month)s of every %(n)s quarters", month=month, n=n)
        if n == 1:
            return self.env._("of month %s of each half-year", month)
        return self.env._("of month %(month)s of every %(n)s half-years", month=month, n=n)

    def _label(self, name, value=None):
        return dict(self._fields[name]._description_selection(self.env)).get(value or self[name], "")

    @api.depends(*RHYTHM_FIELDS, "tz", "holiday_rule", "start_date", "end_type", "end_date", "count", "company_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        """The next five dates, in the time of the series and the language of the reader."""
        for series in self:
            series.preview = "\n".join(
                series._date_text(occurrence.start)
                + (self.env._(" (moved because of a holiday)") if occurrence.start != occurrence.at else "")
                for occurrence in series._next_occurrences(5)
            )

    def _date_text(self, moment):
        """Weekday, date and time in the order of the reader's language."""
        local = pytz.utc.localize(moment).astimezone(pytz.timezone(self.tz or "UTC"))
        locale = babel_locale_parse(get_lang(self.env).code)
        return f"{format_skeleton('yMMMEd', local, locale=locale)} {local:%H:%M}"

    # -- constraints --------------------------------------------------------------------------------------------

    @api.constrains("words")
    def _check_words(self):
        for series in self:
            if series.words_problem:
                raise ValidationError(series.words_problem)

    @api.constrains(*RHYTHM_FIELDS, "end_type", "end_date", "count", "start_date")
    def _check_rhythm(self):
        for series in self:
            if series.unit == "week" and not any(series[day] for day in WEEKDAYS):
                raise ValidationError(self.env._("“%s” meets on no weekday. Choose at least one.", series.name))
            if series.before_day and not 8 <= series.before_day <= 31:
                raise ValidationError(
                    self.env._(
                        "“Before day %s” leaves less than a week of the month. Name a day from 8 to 31, or none.",
                        series.before_day,
                    )
                )
            if series.unit in ("quarter", "half_year") and series.period_month > MONTHS[series.unit]:
                raise ValidationError(
                    self.env._(
                        "There is no month %(month)s in a period of %(length)s months. Correct the month.",
                        month=series.period_month,
                        length=MONTHS[series.unit],
                    )
                )
            if series.end_type == "until" and (not series.end_date or series.end_date < series.start_date):
                raise ValidationError(
                    self.env._("Name the last day of “%s”; it cannot lie before the first.", series.name)
                )
            if series.end_type == "count" and series.count < 1:
                raise ValidationError(self.env._("A series has at least one meeting. Correct the number of meetings."))
