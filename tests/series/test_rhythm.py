"""A rhythm entered as people say it gives the right dates."""

from datetime import date, datetime, timedelta
from itertools import islice

from freezegun import freeze_time
from odoo.addons.meeting_management.models.meeting_rhythm_words import NotUnderstood, parse
from odoo.exceptions import ValidationError
from odoo.tests import Form

from tests.common import MeetingCommon


class TestRhythm(MeetingCommon):
    """Dates are compared with the calendar of 2026: 1 January is a Thursday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"

    def series(self, **vals):
        values = {
            "name": "Regular", "type_id": self.weekly.id, "tz": "Asia/Shanghai", "start_date": "2026-01-01", **vals,
        }  # fmt: skip
        return self.env["meeting.series"].with_user(self.convener).create(values)

    def dates(self, number=3, **vals):
        series = self.env["meeting.series"].new(
            {
                "name": "Regular",
                "type_id": self.weekly.id,
                "tz": "Asia/Shanghai",
                "start_date": date(2026, 1, 1),
                **vals,
            }
        )
        return [str(occurrence.date) for occurrence in islice(series._occurrences(), number)]

    def said(self, words, number=3, **vals):
        return self.dates(number, **parse(words), **vals)

    def holiday(self, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": False,
                "resource_id": False,
                "date_from": datetime.fromisoformat(first) - timedelta(hours=8),
                "date_to": datetime.fromisoformat(last) + timedelta(hours=15, minutes=59, seconds=59),
            }  # fmt: skip
        )

    def test_the_policies_own_words(self):
        """MT-1: the rhythms quoted in the policies, in English and Chinese, mean the same dates."""
        for english, chinese, expected in [
            ("every Tuesday 14:00", "每周二下午2点", ["2026-01-06", "2026-01-13", "2026-01-20"]),
            ("every Friday", "每星期五", ["2026-01-02", "2026-01-09", "2026-01-16"]),
            (
                "last Friday before the 25th of each month",
                "每月25日前最后一个星期五",
                ["2026-01-23", "2026-02-20", "2026-03-20"],
            ),
            ("first working day of each month", "每月第一个工作日", ["2026-01-01", "2026-02-02", "2026-03-02"]),
            ("every working day at 8:45", "每个工作日上午8:45", ["2026-01-01", "2026-01-02", "2026-01-05"]),
            ("every day at 8:45", "每天上午8:45", ["2026-01-01", "2026-01-02", "2026-01-03"]),
            ("first Monday of each quarter", "每季度第一个星期一", ["2026-01-05", "2026-04-06", "2026-07-06"]),
            ("half-yearly on the last Friday", "每半年最后一个星期五", ["2026-01-30", "2026-07-31", "2027-01-29"]),
            ("yearly on the first Monday of March", "每年3月第一个星期一", ["2026-03-02", "2027-03-01", "2028-03-06"]),
            ("the last day of each month", "每月月底", ["2026-01-31", "2026-02-28", "2026-03-31"]),
            ("every other week on Monday", "隔周周一", ["2026-01-12", "2026-01-26", "2026-02-09"]),
        ]:
            with self.subTest(english):
                self.assertEqual(self.said(english, holiday_rule="keep"), expected)
                self.assertEqual(parse(chinese), parse(english))
                self.assertEqual(self.said(chinese, holiday_rule="keep"), expected)

    def test_time_of_day(self):
        """MT-1: clock times and parts of the day, 12 and 24 hours."""
        for words, hours in [
            ("every Tuesday at 2 pm", 14),
            ("every Tuesday afternoon", 14),
            ("every Tuesday 14.30", 14.5),
            ("Tuesdays at 9", 9),
            ("every Tuesday 12:15 am", 0.25),
            ("每周二下午两点半", 14.5),
            ("每周二上午十点一刻", 10.25),
            ("每周二晚上7点30分", 19.5),
            ("每周二14：00", 14),
            ("每周二中午12点", 12),
        ]:
            with self.subTest(words):
                self.assertEqual(parse(words).get("start_time"), hours)

    def test_words_that_mean_nothing_are_told_kindly(self):
        """MT-1: never a guess; what was not understood is named."""
        for words, rest in [
            ("every blue moon", "blue moon"),
            ("每周八", "八"),
            ("every Tuesday before lunch", "before lunch"),
            ("Tuesday 25:00", "25:00"),
            ("weekly", ""),
            ("every month on Friday", ""),
            ("1st and 3rd Monday of each month", "1st"),
            ("14:00", ""),
        ]:
            with self.subTest(words), self.assertRaises(NotUnderstood) as caught:
                parse(words)
            self.assertEqual(str(caught.exception), rest)

    def test_the_form_follows_the_words_and_keeps_what_was_typed(self):
        """MT-1: words fill the fields; unknown words stay in their place with examples; a changed field drops them."""
        form = Form(self.env["meeting.series"].with_user(self.convener))
        form.type_id = self.weekly
        form.words = "每月25日前最后一个星期五 下午3点"
        self.assertEqual(
            (form.unit, form.position, form.weekday, form.before_day, form.start_time), ("month", "-1", "4", 25, 15.0)
        )
        self.assertIn("Friday", form.sentence)
        self.assertEqual(len(form.preview.splitlines()), 5)
        form.words = "every blue moon"
        self.assertEqual(form.words, "every blue moon")
        self.assertEqual(form.unit, "month", "what was there before stays")
        self.assertIn("blue moon", form.words_problem)
        self.assertIn("every Tuesday 14:00", form.words_problem)
        with self.assertRaisesRegex(ValidationError, "blue moon"):
            form.save()
        form.words = "every Tuesday 14:00"
        self.assertFalse(form.words_problem)
        form.start_time = 15.0
        self.assertFalse(form.words, "the words no longer say what the fields say")
        self.assertEqual(form.save().sentence, "Every Tuesday at 15:00")

    def test_words_alone_are_enough(self):
        """MT-1: over RPC and import, too."""
        series = self.series(words="last working day of each quarter at 16:00")
        self.assertEqual(
            (series.unit, series.position, series.weekday, series.start_time), ("quarter", "-1", "7", 16.0)
        )
        series.words = "every Monday 9:00"
        self.assertEqual((series.unit, series.mon, series.position), ("week", True, "1"))
        series.tue = True
        self.assertFalse(series.words)

    def test_sentences(self):
        """MT-1: the rhythm reads as a sentence."""
        series = self.series(unit="announced")
        for words in ["every Tuesday at 14:00", "every working day at 08:45", "every 2 weeks on Monday at 10:00"]:
            series.words = words
            self.assertEqual(series.sentence.lower(), words.lower())
        series.words = "last Friday before the 25th of each month, 15:00"
        self.assertEqual(series.sentence, "On the last Friday before day 25 of each month at 15:00")

    def test_a_holiday_moves_leaves_out_or_keeps(self):
        """MT-1: the option of the series decides what a public holiday does; working days never fall on one."""
        self.holiday("2026-10-01", "2026-10-07")
        weekly = {**parse("every Thursday 14:00"), "start_date": date(2026, 9, 24)}
        self.assertEqual(self.dates(3, holiday_rule="keep", **weekly), ["2026-09-24", "2026-10-01", "2026-10-08"])
        self.assertEqual(self.dates(3, holiday_rule="skip", **weekly), ["2026-09-24", "2026-10-08", "2026-10-15"])
        self.assertEqual(
            self.dates(3, holiday_rule="move", **weekly),
            ["2026-09-24", "2026-10-08", "2026-10-15"],
            "moved, it would fall on the next one",
        )
        monthly = {**parse("first Thursday of each month 14:00"), "start_date": date(2026, 10, 1)}
        moved = self.env["meeting.series"].new({"name": "M", "tz": "Asia/Shanghai", "holiday_rule": "move", **monthly})
        self.assertEqual(
            next(moved._occurrences()), (date(2026, 10, 1), datetime(2026, 10, 1, 6), datetime(2026, 10, 8, 6))
        )
        october = {"holiday_rule": "keep", "start_date": date(2026, 10, 1)}
        self.assertEqual(self.dates(1, **parse("first working day of each month"), **october), ["2026-10-08"])
        self.assertEqual(self.dates(3, **parse("every working day"), start_date=date(2026, 9, 29)),
                         ["2026-09-29", "2026-09-30", "2026-10-08"])  # fmt: skip

    def test_a_day_of_the_month_off_work_moves_a_chosen_weekday_does_not(self):
        """MT-1: the 15th moves from a Sunday; who says Sunday means Sunday."""
        series = self.env["meeting.series"].new(
            {"name": "M", "tz": "Asia/Shanghai", "start_date": date(2026, 2, 1), **parse("monthly on day 15 at 9:00")}
        )
        self.assertEqual(next(series._occurrences()).start, datetime(2026, 2, 16, 1))
        self.assertEqual(self.said("every Sunday", 1), ["2026-01-04"])

    def test_the_clock_change_keeps_local_time(self):
        """MT-1: 10:00 stays 10:00 on the wall, in winter and summer; a skipped hour comes an hour later."""
        for tz, before, after in [
            ("Europe/Berlin", datetime(2026, 3, 23, 9), datetime(2026, 3, 30, 8)),
            ("America/New_York", datetime(2026, 3, 2, 15), datetime(2026, 3, 9, 14)),
        ]:
            series = self.env["meeting.series"].new(
                {
                    "name": "M",
                    "tz": tz,
                    "start_date": before.date(),
                    "holiday_rule": "keep",
                    **parse("every Monday 10:00"),
                }
            )
            self.assertEqual([occurrence.at for occurrence in islice(series._occurrences(), 2)], [before, after])
        night = self.env["meeting.series"].new(
            {
                "name": "N",
                "tz": "Europe/Berlin",
                "start_date": date(2026, 3, 29),
                "holiday_rule": "keep",
                **parse("every Sunday 2:30"),
            }
        )
        self.assertEqual(next(night._occurrences()).at, datetime(2026, 3, 29, 1, 30))

    def test_ends(self):
        """MT-1: until a day, or after a number of meetings."""
        friday = parse("every Friday")
        self.assertEqual(len(self.dates(99, **friday, end_type="until", end_date=date(2026, 1, 31))), 5)
        self.assertEqual(len(self.dates(99, **friday, end_type="count", count=4)), 4)
        self.assertEqual(self.dates(9, unit="announced"), [])

    @freeze_time("2026-01-01 00:00:00")
    def test_what_makes_no_sense_is_refused(self):
        """MT-1: with the way out."""
        for vals, sentence in [
            ({"unit": "week", "mon": False}, "no weekday"),
            ({"words": "last Friday before the 5th of each month"}, "less than a week"),
            ({"unit": "quarter", "period_month": 4}, "no month 4"),
            ({"end_type": "until", "end_date": "2025-12-31"}, "last day"),
            ({"end_type": "count", "count": 0}, "at least one"),
        ]:
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, sentence):
                self.series(**vals)
        self.assertTrue(self.series().mon, "nothing said: every Monday")
        series = self.series(words="every Monday")
        with self.assertRaisesRegex(ValidationError, "no weekday"):
            series.mon = False
