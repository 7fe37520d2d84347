"""Days of publication: as the user gives them, as metadata writes them, and from the dateline of an agency report.

What could mean two days (03/04/2024) or lacks a year counts as unknown: a wrong day would move every 'last month'.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from tertius.errors import UsageError

EARLIEST, LATEST = 1700, 2200
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_ISO_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?$")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|" + "|".join(_MONTHS) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WRITTEN = (
    re.compile(rf"\b{_MONTH}\s{{1,3}}{_DAY}\b(?:,?\s{{1,3}}{_YEAR}\b)?", re.I),
    re.compile(rf"\b{_DAY}\s{{1,3}}{_MONTH}(?:,?\s{{1,3}}{_YEAR}\b)?", re.I),
)
# 'KYIV, Ukraine, March 3 (Agency) -': capitals, at most a country, the day, an agency in brackets, a dash
_DATELINE = re.compile(r"\s{0,5}(?P<place>[^\W\d_]{2}[^\n()]{0,60}?),\s{1,2}(?P<day>[^\n()]{4,30}?)(?P<end>\(|\s[-–—])")
_URL_YEAR = re.compile(r"/(\d{4})/(?:\d{1,2}|[a-z]{3})/", re.I)
_HEAD = 1_000  # characters in which a dateline is looked for
_LINES = 4


def given(text: str) -> str:
    """The ISO date that the user gave. Raises UsageError, which says the form."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.A):
            raise ValueError(text)
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"'{text}' is not a day: write it as YYYY-MM-DD, for instance 2024-03-05") from error


def metadata(value: object) -> str | None:
    """ISO date of what a page or a table says about publication; None for what is no single day."""
    if isinstance(value, date):  # a datetime is one too
        return _day(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    text = value.strip()[:64]
    for pattern in (_ISO, _ISO_SLASHED, _COMPACT):
        if match := pattern.match(text):
            return _day(*map(int, match.groups()))
    return _mail_date(text) or _written(text, None)


def dateline(text: str, year: int | None = None) -> str | None:
    """ISO date of a dateline at the head of an article; without a year in it `year` is taken, else it is unknown."""
    for line in text[:_HEAD].split("\n")[:_LINES]:
        match = _DATELINE.match(line)
        if match and match["place"].split(",")[0].isupper():
            return _written(match["day"], year)
    return None


def year_of(url: str | None) -> int | None:
    """The year in an address such as /2024/03/05/title; None if there is none."""
    match = _URL_YEAR.search(url or "")
    year = int(match[1]) if match else None
    return year if year and EARLIEST <= year <= LATEST else None


def _written(text: str, year: int | None) -> str | None:
    for pattern in _WRITTEN:
        if match := pattern.search(text):
            stated = int(match["year"]) if match["year"] else year
            month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"].lower()[:3]))
            return _day(stated, month, int(match["day"])) if stated else None
    return None


def _mail_date(text: str) -> str | None:
    """'Tue, 05 Mar 2024 10:00:00 GMT', as feeds and servers write it."""
    if not text[:3].isalpha():
        return None
    try:
        found: datetime = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _day(found.year, found.month, found.day)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None
