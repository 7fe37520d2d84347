"""Every expression of time in an article, with its first and last day.

Points come from the grammar in `grammar`; here they are told from names and verbs ('May', 'March') and from counts
('2000 soldiers'), joined to ranges ('from Monday to Wednesday') and wrapped ('since', 'until', 'the end of').
Only the neighbourhood of words of time is searched, which keeps the search far cheaper than the parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.times import calendar, grammar, reckoning, tense
from tertius.reading.times.calendar import Days, Part, Side
from tertius.reading.times.grammar import Rule
from tertius.reading.times.reckoning import Reference
from tertius.records import Precision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MARGIN = 40  # code points on each side of a word of time in which its expression lies
MEMORY = 600  # how far back 'the following day' may look for the date that it counts from


class TimeExpression(NamedTuple):
    """Words of time at `start` to `end` (code points); first and last day (ISO, both included), None where unknown."""

    start: int
    end: int
    first: str | None
    last: str | None
    precision: Precision


class _Point(NamedTuple):
    """A match of one rule, before and after it is resolved and wrapped."""

    start: int
    end: int
    rule: Rule
    match: re.Match[str]
    days: Days
    relative: bool


_WORD = re.compile(r"\w+")
_PART_LEFT = re.compile(r"\b(?i:(early|mid|middle|late))(?:[- ](?:(?i:in|on|of)\s)?(?:the\s)?)$")
_EDGE_LEFT = re.compile(
    r"\b(?i:(?:the\s)?(?:very\s)?(end|close|beginning|start|middle|first\sdays|last\sdays)\sof)\s(?:the\s)?$"
)
_PORTION_LEFT = re.compile(
    r"\b(?i:(?:the\s)?(first|second|third|fourth|last|final)\s(week|half)\s(?:of|in))\s(?:the\s)?$"
)
_WEEK_LEFT = re.compile(r"\b(?i:the\sweek\s(?:of|beginning|starting)(?:\son)?)\s$")
_BOUND_LEFT = re.compile(r"\b(?i:(later|earlier))\s(?:(?i:on|in)\s)?$")
_PREPOSITION_LEFT = re.compile(
    r"\b(?i:(since|until|till|by|before|prior\sto|from|between|in|on|at|during|over|throughout|for|within|through))\s(?:the\s)?$"
)
_JOIN = re.compile(r"(?:\s?[-–—]\s?|\s(to|and|until|till|through)\s)(?:the\s)?$")
_PARTS: dict[str, Part] = {
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "late",
    "close": "late",
    "last": "late",
}


def find(doc: Doc, published: str | None) -> tuple[TimeExpression, ...]:
    """All expressions of time in order. Relative ones keep None for days when `published` (ISO) is not known."""
    return _Finder(doc, iso_date(published)).expressions()


def iso_date(published: str | None) -> date | None:
    """The day of an ISO date or time, None for anything else."""
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _cues() -> dict[str, set[str]]:
    """Which kinds of word a lower-case word may stand for."""
    table = reckoning.table()
    cues: dict[str, set[str]] = {}
    kinds: dict[str, list[str]] = {
        "month": [*reckoning.MONTHS, *(month[:3] for month in reckoning.MONTHS), "sept"],
        "weekday": [*reckoning.WEEKDAYS, "tues", "thurs", "fri", "wed"],
        "unit": [
            f"{unit}{end}" for unit in (*calendar.UNIT_DAYS, *calendar.UNIT_MONTHS, "weekend") for end in ("", "s")
        ],
        "part": ["quarter", "half", "months"],
        "season": list(calendar.SEASON_STARTS),
        "century": ["century"],
        "eve": ["eve"],
        "deictic": [max(words.split(), key=len).lower() for words in (*table["deictic"], "overnight")],
        "holiday": [max(re.findall(r"\w+", words), key=len).lower() for words in table["holidays"]],
        "unresolved": [max(words.split(), key=len) for words in table["unresolved"]["words"]],
    }
    for kind, words in kinds.items():
        for word in words:
            cues.setdefault(word, set()).add(kind)
    return cues


def _kinds(word: str) -> set[str] | frozenset[str]:
    """The kinds of word of time that `word` may be; mostly none."""
    if word[-1].isdigit():
        if len(word) == 4 and word[0] in "12":
            return {"year", "decade"}
        return {"named"} if word == "11" else {"part"} if len(word) == 2 and word[0] in "QH" else frozenset()
    if word[0].isdigit():
        return {"decade"} if word[-1] == "s" else {"century"}
    return _cues().get(word.lower(), frozenset())


def _windows(text: str) -> Iterator[tuple[int, int, set[str]]]:
    """Stretches around words of time, merged where they touch, with the kinds of word that they hold."""
    low = high = 0
    held: set[str] = set()
    for word in _WORD.finditer(text):
        kinds = _kinds(word[0])
        if not kinds:
            continue
        if word.start() - MARGIN > high and held:
            yield low, high, held
            held = set()
        if not held:
            low = max(word.start() - MARGIN, high)
        high = _cut(text, word.end() + MARGIN)
        held |= kinds
    if held:
        yield low, high, held


def _cut(text: str, end: int) -> int:
    """`end`, moved to the end of the word that it falls into."""
    while end < len(text) and text[end].isalnum():
        end += 1
    return min(end, len(text))


def _matches(text: str) -> list[tuple[Rule, re.Match[str]]]:
    """The longest matches of the grammar that do not overlap, in order."""
    kept: list[tuple[Rule, re.Match[str]]] = []
    for low, high, kinds in _windows(text):
        tried = [rule for rule in grammar.rules() if rule.cue in kinds]
        found = [(rule, match) for rule in tried for match in rule.pattern.finditer(text, low, high)]
        taken = bytearray(high - low)
        for rule, match in sorted(found, key=lambda pair: pair[1].start() - pair[1].end()):
            start, end = match.start() - low, match.end() - low
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append((rule, match))
    return sorted(kept, key=lambda pair: pair[1].start())


class _Finder:
    """Resolves the matches of one article, in order, since some count from the one before."""

    def __init__(self, doc: Doc, published: date | None) -> None:
        self.doc = doc
        self.text = doc.text
        self.published = published
        self.token_starts: list[int] = []
        self.previous: _Point | None = None

    def expressions(self) -> tuple[TimeExpression, ...]:
        points = [point for rule, match in _matches(self.text) if (point := self._point(rule, match))]
        found: list[TimeExpression] = []
        at = 0
        while at < len(points):
            joined = self._joined(points[at], points[at + 1]) if at + 1 < len(points) else None
            at += 2 if joined else 1
            found.append(self._expression(joined or points[at - 1]))
        return tuple(found)

    # --- points ------------------------------------------------------------------------------------------------------

    def token_at(self, offset: int) -> Token:
        """The token that holds a code point."""
        if not self.token_starts:
            self.token_starts = [token.idx for token in self.doc]
        return self.doc[max(bisect_right(self.token_starts, offset) - 1, 0)]

    def _point(self, rule: Rule, match: re.Match[str]) -> _Point | None:
        if not self._is_time(rule, match):
            return None
        point = self._resolved(rule, match, self.published)
        if point and point.days.first:
            self.previous = point
        return self._in_part(point) if point else None

    def _resolved(self, rule: Rule, match: re.Match[str], base: date | None, side: Side | None = None) -> _Point | None:
        """The days of a match, counted from `base`; `side` overrides what the verb says."""
        near = self.previous and match.start() - self.previous.end < MEMORY
        previous = self.previous.days if near and self.previous else None
        reference = Reference(base, lambda: side or self._side(match), previous)
        days = rule.resolve(match, reference)
        if days is None:
            return None
        if reference.relative and not base:
            days = Days(None, None, days.precision)
        return _Point(match.start(), match.end(), rule, match, days, reference.relative)

    def _side(self, match: re.Match[str]) -> Side | None:
        token = self.token_at(match.start())
        while token.head.i != token.i and match.start() <= token.head.idx < match.end():
            token = token.head
        return tense.promised_side(token) or tense.side_of(token)

    # --- what only looks like a time ---------------------------------------------------------------------------------

    def _is_time(self, rule: Rule, match: re.Match[str]) -> bool:
        found = match.groupdict()
        if rule.resolve is reckoning.month and not (found["year"] or found["beside"] or found["which"]):
            return self._is_month(match)
        if rule.resolve is reckoning.weekday:
            return self._is_weekday(match)
        if rule.resolve is reckoning.year:
            return self._is_year(match)
        return True

    def _word_before(self, offset: int) -> str:
        words = self.text[max(offset - 20, 0) : offset].split()
        return words[-1].lower() if words else ""

    def _is_month(self, match: re.Match[str]) -> bool:
        token, before = self.token_at(match.start()), self._word_before(match.start())
        if match[0] in ("May", "March", "Mar", "Jan", "Jun", "Dec"):
            named = token.ent_type_ == "PERSON" or token.pos_ in ("VERB", "AUX")
            return before in reckoning.table()["leads"]["months"] and not (
                named and before in ("by", "of", "from", "this")
            )
        return token.ent_type_ != "PERSON" or before in reckoning.table()["leads"]["months"]

    def _is_weekday(self, match: re.Match[str]) -> bool:
        name = match["weekday"].lower()
        return self._word_before(match.start()) not in reckoning.table()["leads"]["weekday_names"] and (
            len(name) > 5 or name[:3] in ("tue", "thu", "wed")
        )

    def _is_year(self, match: re.Match[str]) -> bool:
        """A bare number of four digits is a year unless it counts the noun behind it: '2000 soldiers'."""
        token = self.token_at(match.end() - 1)
        follower = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else token
        before = self._word_before(match.start())
        if follower.tag_ not in ("NNS", "NNPS") or before in ("the", "in", "of", "since"):
            round_count = follower.tag_ == "NNS" and before == "in" and int(match["year"]) % 100 == 0
            return not round_count and before not in (
                "no.",
                "number",
                "resolution",
                "flight",
                "about",
                "some",
                "nearly",
            )
        counted = token.dep_ == "nummod" and token.ent_type_ != "DATE"
        return not counted and int(match["year"]) % 50 != 0

    # --- wrappers ----------------------------------------------------------------------------------------------------

    def _left(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """A match of `pattern` that ends at `start`."""
        return pattern.search(self.text, max(start - MARGIN, 0), start)

    def _in_part(self, point: _Point) -> _Point | None:
        """With 'early', 'mid', 'late', 'the end of' before it; 'the year' counts only behind one of them."""
        edge, part = self._left(_EDGE_LEFT, point.start), self._left(_PART_LEFT, point.start)
        if point.rule.resolve is reckoning.the_unit and not edge:
            return None
        if edge:
            place = _PARTS.get(edge[1].lower().split()[0], "early")
            return point._replace(start=edge.start(), days=calendar.edge_of(point.days, place))
        if part:
            place = _PARTS.get(part[1].lower(), "early")
            return point._replace(start=part.start(), days=calendar.third_of(point.days, place))
        portion = self._left(_PORTION_LEFT, point.start) if point.days.precision == "month" else None
        if portion:
            ordinal, unit = portion[1].lower(), portion[2].lower()
            return point._replace(start=portion.start(), days=calendar.portion_of(point.days, ordinal, unit))
        week = self._left(_WEEK_LEFT, point.start) if point.days.precision == "day" else None
        if week and point.days.first:
            return point._replace(start=week.start(), days=calendar.week_of(point.days.first))
        bound = self._left(_BOUND_LEFT, point.start)
        return self._bounded(point, bound) if bound else point

    def _bounded(self, point: _Point, bound: re.Match[str]) -> _Point:
        """'earlier in 2018' ends with the day of publication, if that falls within; 'later on Tuesday' is Tuesday."""
        days, today = point.days, self.published
        if today and days.first and days.last and days.first < today < days.last:
            earlier = bound[1].lower() == "earlier"
            days = Days(days.first, today, "range") if earlier else Days(today, days.last, "range")
        return point._replace(start=bound.start(), days=days)

    def _joined(self, first: _Point, second: _Point) -> _Point | None:
        """'from Monday to Wednesday', 'between April 29 and May 2', '28 February - 3 March 2020' as one range."""
        between = self.text[first.end : second.start]
        join = _JOIN.fullmatch(between) if len(between) < 12 else None
        lead = self._word_before(first.start)
        if not join or (join[1] == "and" and lead != "between") or (join[1] in ("to", "until") and lead != "from"):
            return None
        first, second = self._aligned(first, second)
        start, end = first.days.first, second.days.last
        if start and end and start > end:
            return None
        return second._replace(start=first.start, days=Days(start, end, "range"))

    def _aligned(self, first: _Point, second: _Point) -> tuple[_Point, _Point]:
        """Both ends of a range on the same side: the end that says less is counted from the other."""
        if first.relative and second.days.last and (not second.relative or self._side(second.match) != "future"):
            first = self._counted(first, second.days.last, "past")
        elif second.relative and first.days.first:
            second = self._counted(second, first.days.first, "future")
        return first, second

    def _counted(self, point: _Point, base: date, side: Side) -> _Point:
        if point.rule.cue not in ("month", "weekday"):
            return point
        again = self._resolved(point.rule, point.match, base, side)
        wrapped = self._in_part(again) if again else None
        return wrapped or point

    def _expression(self, point: _Point) -> TimeExpression:
        days, start = point.days, point.start
        preposition = self._left(_PREPOSITION_LEFT, start)
        if preposition:
            start = preposition.start()
            days = self._opened(days, preposition[1].lower())
        first, last = days.first, days.last
        return TimeExpression(
            start, point.end, first.isoformat() if first else None, last.isoformat() if last else None, days.precision
        )

    def _opened(self, days: Days, preposition: str) -> Days:
        """'since' runs to the day of publication, 'until' and 'by' from an unknown day, 'before' to the day before."""
        if days.first is None and days.last is None:
            return days
        if preposition == "since":
            if self.published and days.first and self.published < days.first:
                return days  # a plan, or an article older than it says: no range can end before it begins
            return Days(days.first, self.published, "range")
        if preposition in ("until", "till", "by"):
            return Days(None, days.last, "range")
        if preposition in ("before", "prior to"):
            return Days(None, calendar.plus(days.first, -1) if days.first else None, "range")
        return days
