"""Days, weeks, months and longer stretches of the calendar, and how far they lie from a day of reference.

Weeks run from Monday to Sunday; seasons are the meteorological ones of the northern hemisphere (summer: June to
August). Thirds are what 'early', 'mid' and 'late' mean: ten days of a month, four months of a year. No words are read
here.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal, NamedTuple

from tertius.records import Precision

Side = Literal["past", "future"]
Part = Literal["early", "mid", "late"]

GRACE = 3  # days

SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
UNIT_DAYS = {"hour": 0, "day": 1, "night": 1, "week": 7, "fortnight": 14}
UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}


class Days(NamedTuple):
    """First and last day, both included; either may be open or unknown."""

    first: date | None
    last: date | None
    precision: Precision


UNKNOWN = Days(None, None, "unknown")


def day_of(year: int, month: int, number: int) -> date | None:
    """The date, or None when the calendar has no such day (31 February)."""
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


def plus(day: date, days: int) -> date:
    """`day` moved by `days`, held within the years that Python's calendar knows."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def plus_months(day: date, months: int) -> date:
    """`day` moved by `months`; the 31st becomes the last day of a shorter month."""
    at = day.year * 12 + day.month - 1 + months
    year = min(max(at // 12, MINYEAR), MAXYEAR)
    number = min(day.day, month_of(year, at % 12 + 1).last.day)  # type: ignore[union-attr]
    return date(year, at % 12 + 1, number)


def shifted(day: date, count: int, unit: str) -> date:
    """`day` moved by `count` units: day, week, month, quarter, year, decade, century."""
    count = max(min(count, 100_000), -100_000)
    if unit in UNIT_DAYS:
        return plus(day, count * UNIT_DAYS[unit])
    return plus_months(day, count * UNIT_MONTHS[unit])


def one_day(day: date | None) -> Days:
    return Days(day, day, "day")


def week_of(day: date) -> Days:
    monday = plus(day, -day.weekday())
    return Days(monday, plus(monday, 6), "week")


def weekend_of(day: date) -> Days:
    """Saturday and Sunday of the week that holds `day`."""
    monday = plus(day, -day.weekday())
    return Days(plus(monday, 5), plus(monday, 6), "range")


def months_from(year: int, month: int, count: int, precision: Precision) -> Days:
    """`count` whole months from the first of `month`."""
    year = min(max(year, MINYEAR), MAXYEAR - 1)
    end = year * 12 + month - 1 + count
    after = date(min(end // 12, MAXYEAR), end % 12 + 1, 1)
    return Days(date(year, month, 1), plus(after, -1), precision)


def month_of(year: int, month: int) -> Days:
    return months_from(year, month, 1, "month")


def quarter_of(year: int, quarter: int) -> Days:
    return months_from(year, quarter * 3 - 2, 3, "quarter")


def year_of(year: int) -> Days:
    return months_from(year, 1, 12, "year")


def years_from(year: int, count: int) -> Days:
    return Days(year_of(year).first, year_of(year + count - 1).last, "range")


def season_of(name: str, year: int) -> Days:
    """The season that begins in `year`: winter 2013 ends in February 2014."""
    return months_from(year, SEASON_STARTS[name], 3, "range")


def unit_of(day: date, unit: str) -> Days:
    """The calendar unit that holds `day`."""
    if unit in ("week", "fortnight"):
        return week_of(day)
    if unit == "weekend":
        return weekend_of(day)
    if unit == "month":
        return month_of(day.year, day.month)
    if unit == "quarter":
        return quarter_of(day.year, (day.month + 2) // 3)
    if unit == "year":
        return year_of(day.year)
    if unit == "decade":
        return years_from(day.year // 10 * 10, 10)
    if unit == "century":
        return years_from((day.year - 1) // 100 * 100 + 1, 100)
    return one_day(day)


def unit_beside(day: date, unit: str, step: int) -> Days:
    """The calendar unit `step` units after (or, below zero, before) the one that holds `day`."""
    if unit == "weekend":
        return weekend_of(plus(day, 7 * step))
    return unit_of(shifted(day, step, unit), unit)


def weekday_near(day: date, weekday: int, side: Side, *, strictly: bool = False) -> date:
    """The last (first) such weekday on or before (after) `day`; Monday is 0. `strictly` leaves out `day` itself."""
    if side == "past":
        return plus(day, -((day.weekday() - weekday) % 7 or (7 if strictly else 0)))
    return plus(day, (weekday - day.weekday()) % 7 or (7 if strictly else 0))


def month_near(day: date, month: int, side: Side, *, strictly: bool = False) -> Days:
    """The last (first) such month that has begun (not ended) on `day`; `strictly` leaves out the month of `day`."""
    year = day.year
    if side == "past" and (month > day.month or (strictly and month == day.month)):
        year -= 1
    if side == "future" and (month < day.month or (strictly and month == day.month)):
        year += 1
    return month_of(year, month)


def season_near(day: date, name: str, side: Side) -> Days:
    """The last season of that name which had begun, or the first that had not ended, on `day`."""
    seasons = [season_of(name, day.year + step) for step in (-2, -1, 0, 1)]
    if side == "past":
        return [season for season in seasons if season.first and season.first <= day][-1]
    return next(season for season in seasons if season.last and season.last >= day)


def day_near(day: date, month: int, number: int, side: Side | None) -> date | None:
    """The last (first) such day on or before (after) `day`; without a side the nearest. None if there is no such day.

    A day that is GRACE days on the other side still counts: publication dates are often off by time zones and reprints.
    """
    years = range(max(day.year - 8, MINYEAR), min(day.year + 9, MAXYEAR))  # 8: the longest wait for a 29 February
    days = [found for year in years if (found := day_of(year, month, number))]
    if side == "past":
        days = [found for found in days if (found - day).days <= GRACE]
    elif side == "future":
        days = [found for found in days if (day - found).days <= GRACE]
    return min(days, key=lambda found: abs((found - day).days), default=None)


def third_of(days: Days, part: Part) -> Days:
    """The early, middle or late third of a period; a day stays a day."""
    first, last = days.first, days.last
    if not first or not last or days.precision == "day":
        return days
    place = ("early", "mid", "late").index(part)
    length = (last - first).days + 1
    if length <= 31:
        cuts = (0, 2, 4, 7) if length <= 7 else (0, 10, 20, length)
        return Days(plus(first, cuts[place]), plus(first, cuts[place + 1] - 1), "range")
    if length <= 366:
        months = 4 if length > 184 else 2 if length > 92 else 1
        return months_from(first.year, first.month, months, "range")._replace(
            first=plus_months(first, months * place), last=plus(plus_months(first, months * (place + 1)), -1)
        )
    years = round(length / 365.25)
    cut = (0, 4, 7, 10) if years == 10 else (0, years // 3, 2 * years // 3, years)
    return years_from(first.year + cut[place], cut[place + 1] - cut[place])


def portion_of(month: Days, ordinal: str, unit: str) -> Days:
    """'the first week of May' (1 to 7), 'the last week of May' (its last seven days), 'the second half of May'."""
    if not month.first or not month.last:
        return month
    last = ordinal in ("last", "final")
    place = ("first", "second", "third", "fourth").index(ordinal) if not last else 0
    if unit == "half":
        middle = plus(month.first, 14)
        return Days(plus(middle, 1), month.last, "range") if last or place else Days(month.first, middle, "range")
    first = plus(month.last, -6) if last else plus(month.first, 7 * place)
    return Days(first, plus(first, 6), "week")


def edge_of(days: Days, part: Part) -> Days:
    """What 'the beginning of' (early) and 'the end of' (late) mean: one month of a year, else a third."""
    if days.precision != "year" or not days.first or part == "mid":
        return third_of(days, part)
    return month_of(days.first.year, 1 if part == "early" else 12)._replace(precision="range")
