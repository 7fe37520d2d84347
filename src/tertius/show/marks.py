"""Marked text: spans that may overlap, cut into segments that do not, for the terminal and the HTML report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

Role = Literal["source", "target", "trigger", "speaker", "cue", "content", "figure", "when", "where", "sentence"]

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Mark(NamedTuple):
    """A span of the text (code points) and the part that it plays in a record."""

    start: int
    end: int
    role: Role
    record: str  # 'm1', 'q2', 'f3'


class Segment(NamedTuple):
    """A stretch of text and all marks that cover it."""

    start: int
    text: str
    marks: tuple[Mark, ...]


def segments(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> Iterator[Segment]:
    """Cut text[start:end] at every edge of a mark; the segments joined give that text again."""
    stop = len(text) if end is None else end
    inside = sorted(m for m in marks if m.start < stop and m.end > start and m.start < m.end)
    edges = sorted({start, stop} | {min(max(edge, start), stop) for m in inside for edge in (m.start, m.end)})
    begun = 0
    open_marks: list[Mark] = []
    for left, right in pairwise(edges):
        while begun < len(inside) and inside[begun].start <= left:
            open_marks.append(inside[begun])
            begun += 1
        open_marks = [m for m in open_marks if m.end > left]
        yield Segment(left, text[left:right], tuple(open_marks))


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the paragraph, or paragraphs, that a span lies in."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return first, len(text) if last < 0 else last


def printable(words: str) -> str:
    """Words of others as one line that only prints: no escape codes for the terminal, no reversed order."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", words)
