"""Reads a rhythm as people say it, in English and Chinese (MT-1): ``parse("每周二下午2点")``. No database here."""

import re
import unicodedata

from .meeting_rhythm import WORKDAY

EXAMPLES = (
    "every Tuesday 14:00",
    "every working day at 8:45",
    "last Friday before the 25th of each month",
    "first working day of each month",
    "每周二下午2点",
    "每月25日前最后一个星期五",
)
"""Shown where somebody's words were not understood."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_WORKDAY = r"(?:working\s*days?|work\s*days?|business\s*days?|weekdays?)"
_POSITIONS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
    "第一": 1, "第1": 1, "首": 1, "第二": 2, "第2": 2, "第三": 3, "第3": 3, "第四": 4, "第4": 4,
    "最后一": -1, "最后": -1,
}  # fmt: skip
_EN_POSITION = r"(first|1st|second|2nd|third|3rd|fourth|4th|last)"
_ZH_POSITION = r"(第[一二三四1-4]|首|最后一?)个?"
_ZH_NUMBERS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2, "双": 2}
_ZH_NUMBER = r"(\d{1,2}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两双三四五六七八九])"
_ZH_WEEK = r"(?:周|星期|礼拜)"
_ZH_DAY = r"[一二三四五六日天]"
_ZH_HALF = r"(凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚)"
_UNITS = {
    "day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter",
    "季": "quarter", "半年": "half_year", "年": "year",
}  # fmt: skip
_EN_UNITS = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "half-yearly": "half_year",
    "half yearly": "half_year", "semi-annually": "half_year", "yearly": "year", "annually": "year", "annual": "year",
}  # fmt: skip
_EN_HALVES = {"morning": 9.0, "noon": 12.0, "afternoon": 14.0, "evening": 19.0}
_ZH_HALVES = {"上午": 9.0, "中午": 12.0, "下午": 14.0, "晚上": 19.0, "早上": 9.0}


class NotUnderstood(ValueError):
    """Carries the words that made no sense, or nothing where no rhythm is in them at all."""


def parse(words):
    """The field values of ``meeting.rhythm.mixin`` that ``words`` stand for.

    :raises NotUnderstood: with what was not understood; never a guess
    """
    return _Reader(words).read()


class _Reader:
    """Takes what it knows out of the text, piece by piece; what is left over in the end was not understood."""

    def __init__(self, words):
        self.text = " " + re.sub(r"\s+", " ", unicodedata.normalize("NFKC", words or "").lower()) + " "
        self.values = {}

    def read(self):
        if self._take(
            r"date (?:to be )?announced|when announced|as announced|no fixed date"
            r"|(?:日期|时间)?(?:另行通知|另定|待定)|不定期"
        ):
            self.values["unit"] = "announced"
        self._read_time()
        self._read_in_month()
        self._read_weekdays()
        self._read_unit()
        rest = self._rest()
        if rest:
            raise NotUnderstood(rest)
        return self._complete()

    def _take(self, pattern):
        """Cut the first match out of the text and return it."""
        match = re.search(pattern, self.text)
        if match:
            self.text = self.text[: match.start()] + " " + self.text[match.end() :]
        return match

    def _rest(self):
        rest = re.sub(r"\b(?:on|at|in|of|the|each|every|and|a|meeting|o'?clock|per)\b", " ", self.text)
        rest = re.sub(r"一次|定期|召开|举行|开会|例会|会议|开|在|于|的|那天|每", " ", rest)
        return re.sub(r"[\s,.;、，。]+", " ", rest).strip()

    # -- time of day --------------------------------------------------------------------------------------------

    def _read_time(self):
        match = self._take(r"\b(?:at )?(\d{1,2})(?:[:.](\d{2}))? ?(a\.?m\.?|p\.?m\.?)(?![a-z])")
        if match:
            half = match[3][0]
            return self._set_time(int(match[1]) % 12 + (12 if half == "p" else 0), match[2])
        self.text = re.sub(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.])", r"\1:\2", self.text)
        match = self._take(
            rf"{_ZH_HALF}? ?{_ZH_NUMBER} ?[点时時:] ?(?:(半)|([一三])刻|(\d{{2}}|{_ZH_NUMBER}) ?分?)?(?:钟|整)?"
        )
        if match and ("点" in match[0] or "时" in match[0] or "時" in match[0] or ":" in match[0]):
            hour = self._number(match[2])
            if match[1] in ("下午", "傍晚", "晚上", "晚") and hour < 12 or match[1] == "中午" and hour < 3:
                hour += 12
            minute = (
                30 if match[3] else {"一": 15, "三": 45}[match[4]] if match[4] else match[5] and self._number(match[5])
            )
            return self._set_time(hour, minute)
        match = self._take(r"\bat (\d{1,2})(?: o'?clock)?\b(?!st|nd|rd|th)")
        if match:
            return self._set_time(int(match[1]), 0)
        match = self._take(r"\b(?:in the )?(morning|noon|afternoon|evening)s?\b") or self._take(
            r"(上午|中午|下午|晚上|早上)"
        )
        if match:
            self.values["start_time"] = (_EN_HALVES | _ZH_HALVES)[match[1]]
        return None

    def _set_time(self, hour, minute):
        hours = hour + int(minute or 0) / 60
        if hour > 23 or int(minute or 0) > 59:
            raise NotUnderstood(f"{hour}:{int(minute or 0):02}")
        self.values["start_time"] = hours

    def _number(self, text):
        if text.isdigit():
            return int(text)
        tens, found, ones = text.partition("十")
        if not found:
            return _ZH_NUMBERS[text]
        return (_ZH_NUMBERS[tens] if tens else 1) * 10 + (_ZH_NUMBERS[ones] if ones else 0)

    # -- days within a month ------------------------------------------------------------------------------------

    def _read_in_month(self):
        match = self._take(r"\bbefore (?:the )?(?:day )?(\d{1,2})(?:st|nd|rd|th)?\b") or self._take(
            r"(\d{1,2}) ?[日号] ?(?:以|之)?前"
        )
        if match:
            self.values["before_day"] = int(match[1])
        self._read_period_month()
        if self._take(r"\b(?:on )?(?:the )?last day\b(?! before)|月底|月末|最后一[天日]"):
            self.values.update(month_by="date", day=31)
            return
        match = self._take(rf"\b{_EN_POSITION} ({_DAY}|{_WORKDAY})\b")
        if match:
            return self._set_position(match[1], WORKDAY if re.match(_WORKDAY, match[2]) else self._day(match[2]))
        match = self._take(rf"{_ZH_POSITION}(?:{_ZH_WEEK}({_ZH_DAY})|(工作日))")
        if match:
            return self._set_position(match[1], WORKDAY if match[3] else self._day(match[2]))
        match = (
            self._take(r"\b(?:on )?(?:the )?(?:day )(\d{1,2})\b")
            or self._take(r"\b(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\b")
            or self._take(r"(\d{1,2}) ?[日号]")
            or self._take(r"\b(?:on )?(?:the )?(first) day\b")
        )
        if match:
            self.values.update(month_by="date", day=1 if match[1] == "first" else int(match[1]))
        return None

    def _read_period_month(self):
        match = self._take(rf"\b{_EN_POSITION} month(?! of each month)\b(?= of)") or self._take(
            rf"(?<=[季年度]){_ZH_POSITION}月"
        )
        if match:
            position = _POSITIONS[match[1]]
            self.values["period_month"] = position if position > 0 else "last"
            return
        match = self._take(rf"\b(?:in |of )?{_MONTH}\b")
        if match:
            self.values["year_month"] = str(_MONTH_NAMES.index(match[1][:3]) + 1)
            self.values.setdefault("unit", "year")
            return
        match = self._take(rf"(?<=年) ?{_ZH_NUMBER}月份?")
        if match:
            self.values["year_month"] = str(self._number(match[1]))

    def _set_position(self, position, weekday):
        self.values.update(month_by="weekday", position=str(_POSITIONS[position]), weekday=str(weekday))

    def _day(self, word):
        if word in "一二三四五六日天":
            return min("一二三四五六日天".index(word), 6)
        return _DAYS.index(word[:3])

    # -- weekdays -----------------------------------------------------------------------------------------------

    def _read_weekdays(self):
        days = set()
        match = self._take(rf"\b({_DAY}) ?(?:-|to|through|until) ?({_DAY})\b") or self._take(
            rf"{_ZH_WEEK}({_ZH_DAY}) ?(?:至|到|-|~) ?{_ZH_WEEK}?({_ZH_DAY})"
        )
        if match:
            days.update(range(self._day(match[1]), self._day(match[2]) + 1))
        while match := self._take(rf"\b({_DAY})\b"):
            days.add(self._day(match[1]))
        while match := self._take(rf"(每?){_ZH_WEEK}({_ZH_DAY}(?:[、,和及 ]*{_ZH_DAY})*)"):
            days.update(self._day(word) for word in re.findall(_ZH_DAY, match[2]))
            if match[1]:
                self.values.setdefault("unit", "week")
        if days:
            self.values.update({name: index in days for index, name in enumerate(_DAYS)})
            self.values.setdefault("unit", "week")

    # -- unit ---------------------------------------------------------------------------------------------------

    def _read_unit(self):
        found = self._read_unit_word()
        if found:
            unit, interval = found
            if self.values.get("unit") == "week" and unit != "week":
                # "Every month on Friday" leaves open which Friday.
                raise NotUnderstood("")
            self.values.setdefault("unit", unit)
            self.values["interval"] = interval

    def _read_unit_word(self):
        if self._take(rf"\b(?:every |each )?{_WORKDAY}\b|每个?工作日|工作日"):
            self.values["workdays_only"] = True
            self._take(r"\b(?:daily|every day)\b")
            return "day", 1
        if self._take(r"\b(?:biweekly|fortnightly|every (?:other|second) week)\b|隔周|每隔一周|每双周"):
            return "week", 2
        if self._take(r"\b(?:(?:every|each|per) )?(?:half[- ]year|six months)s?\b|每?半年"):
            return "half_year", 1
        match = self._take(r"\b(daily|weekly|monthly|quarterly|half[- ]yearly|semi-annually|yearly|annually|annual)\b")
        if match:
            return _EN_UNITS[match[1]], 1
        match = self._take(r"\b(?:every|each|per|a) (other |\d{1,2} )?(day|week|month|quarter|year)s?\b")
        if match:
            return _UNITS[match[2]], 2 if match[1] == "other " else int(match[1] or 1)
        match = self._take(rf"每{_ZH_NUMBER}?个?(星期|礼拜|季度|季|天|日|周|月|年)")
        if match:
            return _UNITS[match[2]], self._number(match[1]) if match[1] else 1
        match = self._take(r"\b(day|week|month|quarter|year)s?\b")
        return (_UNITS[match[1]], 1) if match else None

    def _complete(self):
        """Neutral values for what was not said, so that nothing of an earlier rhythm stays behind."""
        said = self.values
        if "unit" not in said:
            if not {"position", "day"} & said.keys():
                raise NotUnderstood("")
            said["unit"] = "month"
        months = said["unit"] in ("month", "quarter", "half_year", "year")
        if (
            months
            and not {"position", "day"} & said.keys()
            or not months
            and {"position", "day", "before_day"} & said.keys()
        ):
            raise NotUnderstood("")
        if said["unit"] == "week" and not any(said.get(day) for day in _DAYS):
            raise NotUnderstood("")
        if said.get("period_month") == "last":
            said["period_month"] = {"quarter": 3, "half_year": 6}.get(said["unit"], 1)
        neutral = {name: False for name in _DAYS} | {
            "interval": 1, "workdays_only": False, "month_by": "weekday", "day": 1, "position": "1", "weekday": "0",
            "before_day": 0, "period_month": 1, "year_month": "1",
        }  # fmt: skip
        return {**neutral, **said}
