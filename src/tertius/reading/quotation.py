"""Quotation marks: which stretches of a text stand inside them.

News text mixes curly and straight marks, ''doubled single'' ones, guillemets and single marks, and forgets to close
them. A quotation left open ends with its paragraph: news style opens it again at the head of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Role = Literal["open", "close", "either"]

_PARAGRAPH = re.compile(r"[^\n]+")
_DOUBLE = re.compile("[“”„‟«»\"＂]|``|''|‘‘|’’")
_SINGLE = re.compile("['‘’](?!['‘’])")
_OPENERS = frozenset(("“", "„", "‟", "``", "‘‘"))
_CLOSERS = frozenset(("”", "’’"))
_ELISION = re.compile(r"\d\ds?\b|(?:em|til|tis|twas|cause|n)\b", re.IGNORECASE)


class Quotation(NamedTuple):
    """One quotation: `start` to `end` with its marks, code points of the text; `closed` tells if a mark ends it."""

    start: int
    end: int
    inner: tuple[int, int]
    closed: bool
    single: bool = False


class _Mark(NamedTuple):
    start: int
    end: int
    role: Role


def find(text: str) -> tuple[Quotation, ...]:
    """All quotations of a text, in order, none inside another."""
    found: list[Quotation] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        doubles = list(_double(text, start, end))
        found += doubles or _single(text, start, end)
    return tuple(found)


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each line that holds anything: the paragraphs of an article."""
    return tuple(match.span() for match in _PARAGRAPH.finditer(text) if match.group().strip())


def _double(text: str, start: int, end: int) -> Iterator[Quotation]:
    opened: _Mark | None = None
    for mark in _marks(text, start, end):
        if opened is None:
            opened = mark if mark.role != "close" else None
        elif mark.role != "open":
            yield _quotation(opened, mark.start, mark.end, True)
            opened = None
        elif text[opened.start : opened.end] == text[mark.start : mark.end] and text[mark.start] in "\"'":
            yield _quotation(opened, mark.start, mark.start, False)
            opened = mark
    if opened is not None and opened.end < end:
        yield _quotation(opened, end, end, False)


def _quotation(opened: _Mark, inner_end: int, end: int, closed: bool) -> Quotation:
    return Quotation(opened.start, end, (opened.end, inner_end), closed)


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    for match in _DOUBLE.finditer(text, start, end):
        yield _Mark(match.start(), match.end(), _role(text, match, start, end))


def _role(text: str, match: re.Match[str], start: int, end: int) -> Role:
    mark = match.group()
    if mark in _OPENERS:
        return "open"
    if mark in _CLOSERS:
        return "close"
    before = text[match.start() - 1] if match.start() > start else " "
    after = text[match.end()] if match.end() < end else " "
    if mark in "«»":
        return _guillemet(mark, before, after)
    if (before.isspace() or before in "([—–-") and not after.isspace():
        return "open"
    if before in ",.!?" and not after.isalnum():
        return "close"
    # A measure in inches or seconds ('5\' 10"') opens nothing.
    return "close" if before.isdigit() and not after.isalnum() else "either"


def _guillemet(mark: str, before: str, after: str) -> Role:
    """French «so», with or without spaces inside, or German »so«: the side that touches a word decides."""
    touches_right = after.isalnum() and not before.isalnum()
    touches_left = not before.isspace() and not after.isalnum()
    if touches_right != touches_left:
        return "open" if touches_right else "close"
    return "open" if mark == "«" else "close"


def _single(text: str, start: int, end: int) -> Iterator[Quotation]:
    """Single marks count only where no double ones are, and only as a pair that no apostrophe can be."""
    opened: re.Match[str] | None = None
    for match in _SINGLE.finditer(text, start, end):
        before = text[match.start() - 1] if match.start() > start else " "
        after = text[match.end()] if match.end() < end else " "
        if opened is None:
            if before in " \t([—–" and after.isalnum() and match.group() != "’":
                opened = None if _ELISION.match(text, match.end(), end) else match
        elif not before.isspace() and not after.isalnum() and match.group() != "‘":
            yield Quotation(opened.start(), match.end(), (opened.end(), match.start()), True, True)
            opened = None
