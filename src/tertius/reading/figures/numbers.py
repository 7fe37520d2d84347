"""Numbers as news writes them: '1,50,000', '1.000,50', 'two hundred and six', '$5-7bn', 'tens of thousands'.

`find` gives every number of a text with the bounds that the number itself implies; what is counted is not looked at.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

LONGEST = 40  # digits and marks of one number; what is longer is no number of the news


class Number(NamedTuple):
    """A number or a range. `value` is what is stated (the lower end of 'hundreds of'), None for a range."""

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    spelled: bool = False  # written as a word
    letter: bool = False  # scaled by a single letter: '20m' may also be metres
    mantissa: float | None = None  # before its scale, for ranges such as '5-7bn'


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The word lists of quantities.toml."""
    return tomllib.loads(Path(__file__).with_name("quantities.toml").read_text(encoding="utf-8"))


def one_of(words: Any) -> str:
    """An alternation of literal words, longest first; a blank stands for any white space."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def digits_value(written: str) -> float | None:
    """The value of digits with points and commas, by where the marks stand; None for versions, lists and the like."""
    marks = [character for character in written if character in ".,"]
    decimal = marks[-1] if len(set(marks)) == 2 else None
    if decimal and marks.count(decimal) > 1:
        return None
    if not decimal and len(marks) == 1:
        after = len(written) - written.index(marks[0]) - 1
        decimal = "." if marks[0] == "." else None if after == 3 else ","
    whole, _, fraction = written.partition(decimal) if decimal else (written, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (len(groups[-1]) == 3 and all(2 <= len(group) <= 3 for group in groups[1:])):
        return None
    try:
        return float("".join(groups) + ("." + fraction if fraction else ""))
    except ValueError:
        return None


def words_value(words: list[str]) -> tuple[float, int] | None:
    """The value of number words and how many it takes: ['two', 'hundred', 'and', 'six', 'and'] gives (206, 4)."""
    small, scales = table()["numbers"], table()["scales"]
    total, group, used, last = 0.0, 0.0, 0, 0.0
    for at, word in enumerate(words):
        if word in small:
            if last and not (last >= 100 or (20 <= last <= 90 and small[word] < 10)):
                break
            group, last = group + small[word], small[word]
        elif word in scales and (group or total):
            last = scales[word]
            if last == 100 or last == 12:
                group *= last
            else:
                total, group = total + (group or 1) * last, 0.0
        elif word == "and" and last >= 100:
            continue
        else:
            break
        used = at + 1
    return (total + group, used) if used else None


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = table()
    small, scale = one_of(words["numbers"]), one_of(words["scales"])
    vague = one_of(words["vague"])
    return re.compile(
        rf"(?<![\w.,])(?:"
        rf"(?P<vague>(?i:(?:many\s|several\s|a\sfew\s)?(?:{vague})(?:\sof\s(?:{vague}))*))\b"
        rf"|(?P<several>(?i:several|a\sfew|a\scouple(?:\sof)?))[\s-](?P<several_scale>(?i:{scale}))\b"
        rf"|(?P<part>(?i:half[\s-]an?|a\shalf|an?\squarter(?:[\s-]of[\s-]an?)|three[\s-]quarters[\s-]of[\s-]an?))[\s-](?P<part_scale>(?i:{scale}))\b"
        rf"|(?P<article>(?i:an?))[\s-](?P<article_words>(?i:{scale})(?:[\s-](?i:{scale}))?)\b"
        rf"|(?P<words>(?i:{small})(?:[\s-](?:and\s)?(?i:{small}|{scale}))*)(?P<half>\sand\sa\shalf(?=\s))?(?:[\s-](?P<half_scale>(?i:{scale})))?\b"
        rf"|(?P<digits>\d[\d.,]{{0,{LONGEST}}}(?<=\d)|\d)(?:(?P<letter>[kKmMbB])(?!\w)|[\s-]?(?P<scales>(?i:{scale})(?:[\s-](?i:{scale}))?)(?![^\W_]))?"
        rf")"
    )


_JOIN = re.compile(r"\s?[-–—]\s?(?:[$€£¥₽₹]\s?)?|\s(?i:to|or|and)\s(?:(?:US)?[$€£¥₽₹]\s?)?")
_BETWEEN = re.compile(r"\b(?i:between)\s(?:(?:US)?[$€£¥₽₹]\s?)?$")
_FROM = re.compile(
    r"\b(?i:rose|fell|rise|fall|up|down|grew|increased|decreased|dropped|raised|cut|reduced|went|jumped|climbed)\s(?i:from)\s[$€£¥₽₹]?$"
)


def find(text: str) -> Iterator[Number]:
    """The numbers of a text in order; two that make a range come as one."""
    held: Number | None = None
    at = 0
    while match := _pattern().search(text, at):
        number = _number(match)
        at = number.end if number else match.end()
        if number is None:
            continue
        joined = _range(text, held, number) if held else None
        if held and not joined:
            yield held
        held = joined or number
    if held:
        yield held


def _number(match: re.Match[str]) -> Number | None:
    start, end = match.span()
    if match["vague"]:
        low, high = _vague_bounds(match["vague"].lower())
        return Number(start, end, low, low, high, spelled=True)
    if match["several"]:
        return _several(match)
    if match["part"]:
        part = (
            0.75 if match["part"].lower().startswith("three") else 0.25 if "quarter" in match["part"].lower() else 0.5
        )
        value = part * table()["scales"][match["part_scale"].lower()]
        return Number(start, end, value, None, None, spelled=True)
    if match["article"]:
        counted = words_value(["one", *re.split(r"[\s-]", match["article_words"].lower())])
        return Number(start, end, counted[0], None, None, spelled=True) if counted else None
    return _digits(match) if match["digits"] else _words(match)


def _vague_bounds(words: str) -> tuple[float, float]:
    """'tens of thousands': 10,000 to 99,999. The first word says how many of the last."""
    found = [table()["vague"][word] for word in re.findall(r"\w+", words) if word in table()["vague"]]
    low, high = found[0]
    for scale, _ in found[1:]:
        low, high = low * scale, (high + 1) * scale - 1
    return float(low), float(high)


def _several(match: re.Match[str]) -> Number:
    """'several hundred' (three to nine of them), 'a couple of hundred' (two)."""
    scale = table()["scales"][match["several_scale"].lower()]
    if "couple" in match["several"].lower():
        return Number(*match.span(), 2 * scale, None, None, spelled=True)
    return Number(*match.span(), 3 * scale, 3 * scale, 10 * scale - 1, spelled=True)


def _words(match: re.Match[str]) -> Number | None:
    pieces = list(re.finditer(r"[^\W\d_]+", match["words"]))
    counted = words_value([piece[0].lower() for piece in pieces])
    if not counted:
        return None
    value, used = counted
    end = match.start() + pieces[used - 1].end()
    if used == len(pieces) and (match["half"] or match["half_scale"]):
        scale = table()["scales"].get((match["half_scale"] or "").lower(), 1)
        value, end = (value + (0.5 if match["half"] else 0)) * scale, match.end()
    return Number(match.start(), end, value, None, None, spelled=True, mantissa=_mantissa(value, pieces[:used]))


def _mantissa(value: float, pieces: list[re.Match[str]]) -> float | None:
    scale = table()["scales"].get(pieces[-1][0].lower())
    return value / scale if scale else None


def _digits(match: re.Match[str]) -> Number | None:
    value = digits_value(match["digits"])
    if value is None:
        return None
    scale = 1.0
    for word in re.findall(r"\w+", (match["scales"] or match["letter"] or "").lower()):
        scale *= table()["scales"].get(word) or table()["letters"].get(word, 1)
    try:
        scaled = float(Decimal(str(value)) * Decimal(scale))
    except (InvalidOperation, OverflowError):
        return None
    return Number(
        *match.span(), scaled, None, None, letter=bool(match["letter"]), mantissa=value if scale > 1 else None
    )


def _range(text: str, first: Number, second: Number) -> Number | None:
    """'5-7bn', '10 to 15', 'between 80 and 100': the scale of the second serves both where the first has none."""
    between = text[first.end : second.start]
    join = _JOIN.fullmatch(between) if len(between) < 10 else None
    if not join or first.value is None or second.value is None or first.low is not None or second.low is not None:
        return None
    word = between.strip().lower()
    if word.startswith("and") and not _BETWEEN.search(text, max(first.start - 14, 0), first.start):
        return None
    if word.startswith("to") and _FROM.search(text, max(first.start - 30, 0), first.start):
        return None
    low, high = first.value, second.value
    if first.mantissa is None and second.mantissa is not None and low <= second.mantissa:
        low *= high / second.mantissa
    if low >= high:
        return None
    return Number(first.start, second.end, None, low, high, spelled=first.spelled, letter=second.letter)


def rounding(value: float) -> float:
    """Half of the last place that is not zero: 50 for 600, 0.05 for 2.1. 'About' is read as rounded to that place."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0
