"""The days that a match of the grammar stands for: one function for each kind of expression of `grammar`.

Each takes the match and a `Reference`, and gives the days, or None when the words are no time after all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tertius.reading.times import calendar
from tertius.reading.times.calendar import Days, Side

MONTHS = [
    *["january", "february", "march", "april", "may", "june"],
    *["july", "august", "september", "october", "november", "december"],
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
HOURS_OF_DAY = 24
LAST = 99
ORDINALS = dict(zip(["first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th"], [1, 2, 3, 4] * 2, strict=True))
ORDINALS |= {"last": LAST, "final": LAST}


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The word lists of grammar.toml."""
    return tomllib.loads(Path(__file__).with_name("grammar.toml").read_text(encoding="utf-8"))


class Reference:
    """What a relative expression counts from: the publication day, the tense of its verb, the date named before it."""

    UNKNOWN_DAY = date(2000, 6, 15)  # stands in for an unknown publication day: precision is the same for any day

    def __init__(self, published: date | None, side: Callable[[], Side | None], previous: Days | None) -> None:
        self.published = published
        self.side = side
        self.previous = previous
        self.relative = False

    def today(self) -> date:
        """The publication day; asking for it marks the expression as relative."""
        self.relative = True
        return self.published or self.UNKNOWN_DAY

    def side_or(self, default: Side) -> Side:
        return self.side() or default


def month_number(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name.lower().rstrip(".")[:3]))


def weekday_number(name: str) -> int:
    return next(n for n, weekday in enumerate(WEEKDAYS) if weekday.startswith(name.lower()[:3]))


def _count(words: str, unit: str) -> tuple[int, str] | None:
    """How many of which unit: half a century is fifty years, half a year six months."""
    words = " ".join(words.lower().split())
    if words == "half a":
        return {"century": (50, "year"), "decade": (5, "year"), "year": (6, "month")}.get(unit, (0, unit))
    count = int(words) if words.isascii() and words.isdigit() else table()["numbers"].get(words)
    return None if count is None else (count, unit)


def _unit(match: re.Match[str]) -> str:
    unit = match["unit"].lower()
    return {"centurie": "century", "night": "day"}.get(unit, unit)


def _step(word: str | None) -> int:
    word = (word or "this").lower()
    return -1 if word in ("last", "previous", "past") else 1 if word in ("next", "coming", "following") else 0


# --- days ---------------------------------------------------------------------------------------------------------


def iso(match: re.Match[str], _: Reference) -> Days | None:
    return calendar.one_day(calendar.day_of(int(match["year"]), int(match["month"]), int(match["day"])))


def numeric(match: re.Match[str], _: Reference) -> Days | None:
    """Day and month in either order where only one is possible; 3/4/2017 is left unresolved, 3.4.2017 is 3 April."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] == "." or first > 12 or first == second:
        return calendar.one_day(calendar.day_of(year, second, first))
    return calendar.one_day(calendar.day_of(year, first, second) if second > 12 else None)


def written(match: re.Match[str], reference: Reference) -> Days | None:
    """'3 May', 'May 3, 2018', 'Monday, March 4', '3-7 May'."""
    month, found = month_number(match["month"]), match.groupdict()
    numbers = [int(found[key]) for key in ("from", "day") if found.get(key)]
    if not 1 <= min(numbers) <= max(numbers) <= 31:
        return None
    if found["year"]:
        days = [calendar.day_of(int(found["year"]), month, number) for number in numbers]
    elif found["weekday"]:
        days = [_on_weekday(reference.today(), month, numbers[0], weekday_number(found["weekday"]))]
    else:
        days = [calendar.day_near(reference.today(), month, number, reference.side()) for number in numbers]
    if None in days:
        return calendar.one_day(None)
    return Days(days[0], days[-1], "day" if len(days) == 1 else "range")


def _on_weekday(today: date, month: int, number: int, weekday: int) -> date | None:
    days = [calendar.day_of(year, month, number) for year in (today.year - 1, today.year, today.year + 1)]
    known = [day for day in days if day]
    fitting = [day for day in known if day.weekday() == weekday] or known
    return min(fitting, key=lambda day: abs((day - today).days), default=None)


def weekday(match: re.Match[str], reference: Reference) -> Days | None:
    """'Friday', 'last Friday', 'Tuesday of last week'. 'last' and 'next' never mean the publication day itself."""
    weekday, today = weekday_number(match["weekday"]), reference.today()
    word = (match["which"] or "").lower()
    if match["week"] or word == "this":
        monday = calendar.unit_beside(today, "week", _step(match["week"])).first or today
        return calendar.one_day(calendar.plus(monday, weekday))
    if word:
        side: Side = "past" if _step(word) < 0 else "future"
        return calendar.one_day(calendar.weekday_near(today, weekday, side, strictly=True))
    return calendar.one_day(calendar.weekday_near(today, weekday, reference.side_or("past")))


def deictic(match: re.Match[str], reference: Reference) -> Days | None:
    words = " ".join(match[0].lower().split())
    if words == "overnight":
        return Days(calendar.plus(reference.today(), -1), reference.today(), "range")
    return calendar.one_day(calendar.plus(reference.today(), table()["deictic"][words]))


def holiday(match: re.Match[str], reference: Reference) -> Days | None:
    month, number = table()["holidays"][match["holiday"].replace("’", "'")]
    if match["year"]:
        return calendar.one_day(calendar.day_of(int(match["year"]), month, number))
    side: Side | None = {-1: "past", 1: "future"}.get(_step(match["which"])) if match["which"] else reference.side()  # type: ignore[assignment]
    return calendar.one_day(calendar.day_near(reference.today(), month, number, side))


def named(match: re.Match[str], _: Reference) -> Days | None:
    return calendar.one_day(date.fromisoformat(table()["named"][match[0]]))


# --- months, quarters, seasons -----------------------------------------------------------------------------------


def month(match: re.Match[str], reference: Reference) -> Days | None:
    """'May 2016', 'November last year', 'last March', and the bare month, which the tense decides."""
    month = month_number(match["month"])
    if match["year"]:
        return calendar.month_of(int(match["year"]), month)
    if match["beside"]:
        return calendar.month_of(reference.today().year + _step(match["beside"]), month)
    word = (match["which"] or "").lower()
    if word == "this":
        return calendar.month_of(reference.today().year, month)
    side: Side = ("past" if _step(word) < 0 else "future") if word else reference.side_or("past")
    return calendar.month_near(reference.today(), month, side, strictly=bool(word))


def months(match: re.Match[str], _: Reference) -> Days | None:
    """'March to June 2018': both months are of the year at the end, or of the one before (November to March)."""
    first, last, year = month_number(match["first"]), month_number(match["month"]), int(match["year"])
    start = calendar.month_of(year - (first > last), first)
    return Days(start.first, calendar.month_of(year, last).last, "range")


def part_of_year(match: re.Match[str], reference: Reference) -> Days | None:
    """'the first quarter of 2017', 'Q2 2016', 'the second half of last year', 'the first six months of the year'."""
    found = match.groupdict()
    place = int(found["place"]) if found.get("place") else ORDINALS[found["ordinal"].lower()]
    months = {"h": 6, "half": 6, "months": table()["numbers"].get(found.get("months"), 1)}.get(found["kind"].lower(), 3)
    last = 12 if place == LAST else min(place * months, 12)
    year = _year_named(found, reference, last)
    return calendar.months_from(year, max(last - months, 0) + 1, months, "quarter" if months == 3 else "range")


def _year_named(found: dict[str, str | None], reference: Reference, last_month: int) -> int:
    if found.get("year"):
        return int(found["year"] or 0)
    today = reference.today()
    if found.get("beside"):
        return today.year + _step(found["beside"])
    ended = today.month > last_month - 3 or reference.side() != "past"
    return today.year if ended else today.year - 1


def season(match: re.Match[str], reference: Reference) -> Days | None:
    found = match.groupdict()
    name, word = match["season"].lower(), (match["which"] or "").lower()
    if found.get("year"):
        return calendar.season_of(name, int(found["year"]))
    if found.get("beside"):
        return calendar.season_of(name, reference.today().year + _step(found["beside"]))
    if name == "fall" and word == "the":
        return None
    if word in ("this", "current"):
        return calendar.season_of(name, reference.today().year)
    side: Side = ("past" if _step(word) < 0 else "future") if word and word != "the" else reference.side_or("past")
    return calendar.season_near(reference.today(), name, side)


# --- years and longer ----------------------------------------------------------------------------------------------


def years(match: re.Match[str], _: Reference) -> Days | None:
    """'2010-12', '2014/15', '1998–2000'. '2017-10' can only be October 2017."""
    first, end = int(match["year"]), match["end"]
    last = int(end) if len(end) == 4 else first // 100 * 100 + int(end)
    if last <= first:
        month = len(end) == 2 and match["mark"] == "-" and 1 <= int(end) <= 12
        return calendar.month_of(first, int(end)) if month else None
    return calendar.years_from(first, last - first + 1)


def year(match: re.Match[str], _: Reference) -> Days | None:
    return calendar.year_of(int(match["year"]))


def decade(match: re.Match[str], _: Reference) -> Days | None:
    digits = match["decade"]
    return calendar.years_from(int(digits) if len(digits) == 4 else 1900 + int(digits), 10)


def century(match: re.Match[str], _: Reference) -> Days | None:
    place = int(match["place"])
    return calendar.years_from(place * 100 - 99, 100) if 1 <= place <= 21 else None


# --- counted from the day of publication ---------------------------------------------------------------------------


def beside(match: re.Match[str], reference: Reference) -> Days | None:
    """'last month', 'this week', 'earlier this year', 'late last year'."""
    unit, step, today = _unit(match), _step(match["which"]), reference.today()
    if unit in ("day", "hour", "night"):
        return None
    if match["which"].lower() in ("past", "coming"):
        return _stretch(today, 1, unit, step)
    days = calendar.unit_beside(today, unit, step)
    bound = (match["bound"] or "").lower()
    if bound == "earlier" and step == 0:
        return Days(days.first, today, "range")
    return Days(today, days.last, "range") if bound == "later" and step == 0 else days


def weekend(match: re.Match[str], reference: Reference) -> Days | None:
    """'over the weekend', 'last weekend', 'next weekend' (that of next week)."""
    today, word = reference.today(), (match["which"] or "the").lower()
    if word != "the":
        return calendar.unit_beside(today, "weekend", _step(word))
    days = calendar.weekend_of(today)
    begun = days.first is not None and days.first <= today
    return calendar.unit_beside(today, "weekend", -1) if reference.side_or("past") == "past" and not begun else days


def year_end(_: re.Match[str], reference: Reference) -> Days | None:
    return calendar.edge_of(calendar.year_of(reference.today().year), "late")


def the_unit(match: re.Match[str], reference: Reference) -> Days | None:
    return calendar.unit_of(reference.today(), _unit(match))


def ago(match: re.Match[str], reference: Reference) -> Days | None:
    """'two years ago' (that year), 'ten days ago' (that day); 'a few days ago' is the stretch up to publication."""
    if match["vague"]:
        return _vague_stretch(reference.today(), _unit(match), -1)
    counted = _count(match["number"], _unit(match))
    if counted is None:
        return None
    count, unit = counted
    day = calendar.shifted(reference.today(), -count, unit)
    return calendar.unit_of(day, "year" if unit in ("decade", "century") else unit)


def past(match: re.Match[str], reference: Reference) -> Days | None:
    """'the past three months', 'the next two days': from (to) the day of publication."""
    counted, step = _count(match["number"] or "one", _unit(match)), _step(match["which"])
    if step > 0 and reference.side() == "past":  # 'she called him over the next six months': counted from another day
        return Days(None, None, "range")
    if match["vague"]:
        return _vague_stretch(reference.today(), _unit(match), step)
    return _stretch(reference.today(), *counted, step) if counted else None


def recent(match: re.Match[str], reference: Reference) -> Days | None:
    """'recent weeks', 'the coming days': as long as grammar.toml says."""
    step = -1 if match["which"].lower() in ("recent", "past", "last", "previous") else 1
    return _vague_stretch(reference.today(), _unit(match), step)


def _stretch(today: date, count: int, unit: str, step: int) -> Days:
    if unit == "hour":
        unit, count = "day", -(-count // HOURS_OF_DAY)
    other = calendar.shifted(today, count * step, unit)
    return Days(min(today, other), max(today, other), "range")


def _vague_stretch(today: date, unit: str, step: int) -> Days:
    count, unit = table()["vague"].get(unit, (1, unit))
    return _stretch(today, count, unit, step)


_RECORD = re.compile(r"\b(?:first|only|time|times|best|worst|\w+est)\s(?:\w+\s){0,2}$")  # 'the lowest in 33 years'


def ahead(match: re.Match[str], reference: Reference) -> Days | None:
    """'in two weeks', 'within 48 hours': a date only where the verb looks ahead, else a length of time."""
    before = match.string[max(match.start() - 25, 0) : match.start()]
    if not match["time"] and (_RECORD.search(before) or reference.side() != "future"):
        return None
    counted = _count(match["number"], _unit(match))
    if counted is None:
        return None
    (count, unit), today = counted, reference.today()
    if match["prep"].lower() == "within" or unit == "hour":
        return _stretch(today, count, unit, 1)
    return calendar.unit_of(calendar.shifted(today, count, unit), unit)


# --- counted from the date named before ----------------------------------------------------------------------------


def from_previous(match: re.Match[str], reference: Reference) -> Days | None:
    """'a day earlier', 'two days later', 'the following year', 'that week', counted from the last date named."""
    found = match.groupdict()
    counted, way = _count(found.get("number") or "one", _unit(match)), found["way"].lower()
    if counted is None:
        return None
    count, unit = counted
    step = count * {"earlier": -1, "before": -1, "previous": -1, "same": 0, "that": 0}.get(way, 1)
    precision = calendar.unit_of(Reference.UNKNOWN_DAY, unit).precision
    base = reference.previous.first if reference.previous else None
    return calendar.unit_beside(base, unit, step) if base else Days(None, None, precision)


def nowhere(_: re.Match[str], __: Reference) -> Days | None:
    return calendar.UNKNOWN


def eve(_: re.Match[str], __: Reference) -> Days | None:
    return calendar.one_day(None)
