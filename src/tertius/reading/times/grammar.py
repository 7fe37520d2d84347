"""The grammar of points in time: regular expressions over the text, each with the function that reckons its days.

Every rule names the kind of word without which it cannot match, so that most rules are never tried on most texts.
Wrappers ('since', 'the end of', 'between ... and ...') are added in `expressions`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tertius.reading.times import reckoning
from tertius.reading.times.calendar import Days
from tertius.reading.times.reckoning import Reference, table

Resolve = Callable[[re.Match[str], Reference], Days | None]


class Rule(NamedTuple):
    cue: str  # the kind of word without which the pattern cannot match
    pattern: re.Pattern[str]
    resolve: Resolve


_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|JANUARY|FEBRUARY|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_WEEKDAYS = (
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    "|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY"
    r"|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\b\.?"
)
_YEAR = r"(?:1[5-9]|20|21)\d\d"
MONTH = rf"(?P<month>{_MONTHS})"
WEEKDAY = rf"(?P<weekday>{_WEEKDAYS})"
YEAR = rf"(?P<year>{_YEAR})\b(?![-–/.,]?\d|%)"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
FROM = r"(?P<from>(?<![\d.,$€£])\d{1,2})(?:st|nd|rd|th)?"
DASH = r"\s?[-–—]\s?"
TO = rf"(?:{DASH}|/|\s(?:to|and|until|till|through)\s)"
OF_MONTH = rf"(?!\sof\s(?:the\b|{_MONTHS}))"  # 'the last week of May' is not last week
UNIT = r"(?P<unit>(?i:hour|day|night|week|fortnight|month|quarter|year|decade|century))"
UNITS = r"(?P<unit>(?i:hour|day|night|week|fortnight|month|quarter|year|decade|centurie|century))s?"
WHICH = r"(?P<which>(?i:this|last|next|past|coming))"
BESIDE = r"(?:of\s)?(?P<beside>(?i:this|last|next))\s(?i:year)"
PART_OF_DAY = r"(?:\s(?:morning|afternoon|evening|night|midnight|midday|noon))?"


def _any(words: list[str]) -> str:
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s").replace("'", "['’]") for word in sorted(words, key=len, reverse=True)
    )


def _days_rules() -> list[tuple[str, str, Resolve]]:
    words = table()
    year = rf"(?:,?\s{YEAR})?"
    return [
        ("year", r"\b(?P<year>\d{4})(?P<mark>[-/])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?=\b|T)", reckoning.iso),
        (
            "year",
            r"(?<![\d./])(?P<first>\d\d?)(?P<mark>[/.])(?P<second>\d\d?)(?P=mark)(?P<year>\d{4})(?!\d)",
            reckoning.numeric,
        ),
        (
            "month",
            rf"\b(?:{WEEKDAY},?\s(?:the\s)?)?(?:{FROM}{TO})?(?<![\d.,$€£]){DAY}\s(?:of\s)?{MONTH}(?!\w){year}",
            reckoning.written,
        ),
        (
            "month",
            rf"\b(?:{WEEKDAY},?\s)?{MONTH}\s(?:the\s)?(?:{FROM}{DASH})?{DAY}\b(?![,.]?\d|:|%){year}",
            reckoning.written,
        ),
        (
            "weekday",
            rf"\b(?:{WHICH}\s)?{WEEKDAY}(?:\s(?:of\s)?(?P<week>(?i:this|last|next))\sweek)?{PART_OF_DAY}(?!\w)",
            reckoning.weekday,
        ),
        ("deictic", rf"\b(?i:{_any([*words['deictic'], 'overnight'])})\b", reckoning.deictic),
        (
            "holiday",
            rf"\b(?:{WHICH}\s)?(?P<holiday>{_any(list(words['holidays']))})(?!\w)(?:,?\s{YEAR})?",
            reckoning.holiday,
        ),
        ("named", rf"(?<![\w/])(?:{_any(list(words['named']))})(?![\w/])", reckoning.named),
        ("eve", r"\b(?i:(?:on\s)?the\seve\sof)\s(?:the\s|an?\s)?\w+", reckoning.eve),
        ("unit", r"\b(?i:the\sday\s(?:after|before))(?=\s(?:the|an?|his|her|its|their|[A-Z]\w*)\b)", reckoning.eve),
    ]


def _longer_rules() -> list[tuple[str, str, Resolve]]:
    in_year = rf"\s(?:of\s|in\s)?(?:{YEAR}|{BESIDE}|(?:the|that)\syear)"
    ordinal = "(?P<ordinal>(?i:first|second|third|fourth|last|final|1st|2nd|3rd|4th))"
    kind = r"(?:(?P<months>two|three|four|six|nine|ten)\s)?(?P<kind>months|quarter|half)"
    span = rf"(?P<year>{_YEAR})(?P<mark>\s?[-–—/]\s?)(?P<end>\d{{4}}|\d\d)"
    fiscal = r"(?:(?i:fiscal|financial)\s(?:year\s)?)?"
    season = "(?P<season>(?i:spring|summer|autumn|fall|winter))"
    which_season = "(?P<which>(?i:this|last|next|past|coming|the))"
    return [
        ("month", rf"\b(?P<first>{_MONTHS}){TO}{MONTH},?\s(?:of\s)?{YEAR}", reckoning.months),
        ("month", rf"\b(?:{WHICH}\s)?{MONTH}(?:,?\s(?:of\s)?{YEAR}|,?\s{BESIDE})?(?!\w)", reckoning.month),
        ("part", rf"\b(?i:the\s)?{ordinal}\s{kind}{in_year}", reckoning.part_of_year),
        (
            "part",
            r"\b(?i:the\s)(?P<ordinal>(?i:first|second|third|fourth))[\s-](?P<kind>quarter)\b",
            reckoning.part_of_year,
        ),
        ("part", rf"\b(?P<kind>[QH])(?P<place>[1-4])(?:,?\s(?:of\s)?(?:{YEAR}|{BESIDE}))", reckoning.part_of_year),
        (
            "season",
            rf"\b(?:{which_season}\s)?{season}\s(?:of\s)?(?P<year>{_YEAR})(?:[-–/]\d\d(?:\d\d)?)?(?!\w)",
            reckoning.season,
        ),
        ("season", rf"\b{which_season}\s{season}(?!\w|\s(?:of\s)?\d)(?:\s{BESIDE})?", reckoning.season),
        ("year", rf"(?<![\d.,/$€£-]){fiscal}{span}(?![\w-]|[.,:]\d)", reckoning.years),
        (
            "year",
            rf"(?:(?<![\w.,/$€£¥#+:-])|(?<=\b[Mm]id-)|(?<=\b[Ll]ate-)|(?<=\b[Ee]arly-)){fiscal}{YEAR}(?!\w)",
            reckoning.year,
        ),
        ("decade", r"(?<!\w)(?P<decade>(?:1[5-9]|20)\d0|(?<=\b[Tt]he )[2-9]0)['’]?s\b", reckoning.decade),
        ("century", r"\b(?P<place>\d{1,2})(?:st|nd|rd|th)[\s-](?i:century)\b", reckoning.century),
    ]


def _counted_rules() -> list[tuple[str, str, Resolve]]:
    number = rf"(?P<number>\d{{1,3}}|(?i:{_any(list(table()['numbers']))}))"
    bound = r"(?:(?P<bound>(?i:earlier|later))\s)?(?:in\s)?"
    which = "(?P<which>(?i:last|past|previous|next|coming|following))"
    way = "(?P<way>(?i:following|previous|same|that))"
    return [
        (
            "unit",
            rf"\b{bound}(?P<which>(?i:this|last|next|past|coming|previous|current))\s{UNIT}\b{OF_MONTH}",
            reckoning.beside,
        ),
        ("unit", r"\b(?i:(?:the\s)?year(?:-|['’]s\s)end)\b", reckoning.year_end),
        ("unit", r"\b(?P<which>(?i:this|last|next|past|coming|the))\s(?i:weekend)\b", reckoning.weekend),
        ("unit", rf"(?<=\bof )(?i:the)\s{UNIT}\b", reckoning.the_unit),
        ("unit", r"\b(?P<bound>(?i:earlier|later))\sin\s(?P<which>the)\s(?P<unit>week|month|year)\b", reckoning.beside),
        ("unit", rf"\b(?:(?P<vague>(?i:a\sfew|several))|{number})\s{UNITS}\sago\b", reckoning.ago),
        ("unit", rf"\b(?i:the\s)?{which}\s(?:(?P<vague>few|several|couple\sof)|{number})\s{UNITS}\b", reckoning.past),
        (
            "unit",
            r"\b(?i:the\s)?(?P<which>(?i:recent|coming|next|past|last))\s(?P<unit>hour|day|week|month|year|decade)s\b",
            reckoning.recent,
        ),
        (
            "unit",
            rf"\b(?P<prep>(?i:in|within))\s(?i:the\snext\s)?{number}\s{UNITS}(?P<time>['’]?\stime\b)?(?!\w)",
            reckoning.ahead,
        ),
        ("unit", rf"\b{number}\s{UNITS}\s(?P<way>earlier|later)\b", reckoning.from_previous),
        ("unit", r"\b(?i:the)\s(?P<unit>day|week|month|year)\s(?P<way>before)(?=\s?[,.;])", reckoning.from_previous),
        ("unit", rf"\b(?i:the\s)?{way}\s(?P<unit>day|week|month|year)\b", reckoning.from_previous),
        ("unit", r"\b(?i:the\s)(?P<way>next)\s(?P<unit>day)\b", reckoning.from_previous),
        (
            "unit",
            rf"\b(?i:the)\s(?P<which>last|past|next|coming)\s(?P<vague>)(?P<number>){UNIT}\b{OF_MONTH}",
            reckoning.past,
        ),
        ("unresolved", rf"\b(?i:{_any(table()['unresolved']['words'])})\b", reckoning.nowhere),
    ]


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules, compiled once per process. Of matches that overlap the longest wins, then the earlier rule."""
    specs = [*_days_rules(), *_longer_rules(), *_counted_rules()]
    return tuple(Rule(cue, re.compile(pattern), resolve) for cue, pattern, resolve in specs)


def full_dates(text: str) -> list[tuple[date, int, int]]:
    """Days written out with their year: (day, end, start) for each, in order."""
    nowhere = Reference(None, lambda: None, None)
    found: list[tuple[date, int, int]] = []
    for rule in rules():
        if rule.resolve not in (reckoning.iso, reckoning.numeric, reckoning.written):
            continue
        for match in rule.pattern.finditer(text):
            days = rule.resolve(match, nowhere) if match["year"] else None
            if days and days.first and days.first == days.last:
                found.append((days.first, match.end(), match.start()))
    return sorted(found, key=lambda entry: entry[2])
