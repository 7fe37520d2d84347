"""The country that an article is about, and at each place of it: what 'the police' or 'officials' are of.

Every state, adjective and known person counts for a country; the headline, the first lines and what stands near the
place count more. A dateline ('CAIRO (Reuters) -') counts once, and is no actor.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from tertius.ontology import INTERNATIONAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*((?:[A-Z][A-Z.'’-]+[ ,/]{0,2}){1,5}(?:[A-Z][a-z]+[.,]? ?){0,3}(?:\d{1,2},? ?)?(?:\d{4},? ?)?"
    r"(?:\([^)\n]{2,30}\) ?)?(?:--|[-–—:]))[ \t]"
)
_LEAD = 400  # code points of the beginning, where articles say what they are about
_NEAR = 30  # pieces of evidence on each side that can count as near
WHOLE = 6.0  # what the whole article weighs against what stands near
_SECTOR = 3.0  # and the same sector
_REACH = 250.0  # code points over which nearness fades


class Evidence(NamedTuple):
    """A mention of a country, at a code point of the text, with its weight."""

    at: int
    country: str
    weight: float
    sector: str = ""


def datelines(text: str) -> list[tuple[int, int]]:
    """Start and end of each dateline at the head of a paragraph."""
    return [match.span(1) for match in _DATELINE.finditer(text)]


class Setting:
    """Where an article plays."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        self._evidence = sorted(e for e in evidence if e.country not in INTERNATIONAL)
        self._offsets = [e.at for e in self._evidence]
        self._total: dict[str, float] = defaultdict(float)
        self._by_sector: dict[str, dict[str, float]] = {}
        for e in self._evidence:
            self._total[e.country] += e.weight * (2 if e.at < _LEAD else 1)
            if e.sector and e.sector not in ("GOV", "UNK"):
                self._by_sector.setdefault(e.sector, defaultdict(float))[e.country] += e.weight

    @property
    def main(self) -> str | None:
        """The country that the article speaks of most."""
        return max(self._total, key=lambda c: self._total[c], default=None)

    def country_at(
        self, offset: int, without: Collection[str] = (), sector: str | None = None, whole: float = WHOLE
    ) -> str | None:
        """The country that something without a country of its own most likely belongs to, at this place of the text.

        Countries whose people of the same `sector` the article names are more likely: 'senators' beside 'Congress'.
        """
        score = self.scores(offset, sector, whole)
        return max((c for c in score if c not in without), key=lambda c: score[c], default=None)

    def likeliest(self, countries: Iterable[str], offset: int = 0) -> str | None:
        """Which of these countries the article speaks of most at this place, None if of none of them."""
        score = self.scores(offset)
        return max((c for c in countries if c in score), key=lambda c: score[c], default=None)

    def between(self, start: int, end: int) -> set[str]:
        """The countries that a stretch of the text speaks of."""
        first, last = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
        return {e.country for e in self._evidence[first:last]}

    def scores(self, offset: int, sector: str | None = None, weight: float = WHOLE) -> dict[str, float]:
        """How much each country is spoken of in the whole article (6 in all) and near a place of it."""
        whole = sum(self._total.values())
        score = {c: weight * n / whole for c, n in self._total.items()}
        if sector and sector in self._by_sector:
            same = self._by_sector[sector]
            for c, n in same.items():
                score[c] += _SECTOR * n / sum(same.values())
        middle = bisect_right(self._offsets, offset)
        for e in self._evidence[max(0, middle - _NEAR) : middle + _NEAR]:
            after = 0.3 if e.at > offset else 1.0
            score[e.country] += after * e.weight * exp(-abs(offset - e.at) / _REACH)
        return score
