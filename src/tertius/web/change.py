"""Which pairs moved against their own baseline: two tests on counts, corrected for the number of pairs.

The articles that tell of a pair's acts of one tone in the last RECENT days are compared with those for the BEFORE days
before them: once by the length of the two periods (exact binomial), and once by how many articles on all pairs there
are in each (Fisher's exact). A pair moved if both say so, with the larger p: that more was read lately moves nobody,
another pair's crisis moves nobody, and neither does one article that tells of many acts. Two-sided p-values are twice
the smaller tail; false discoveries are held at RATE (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import exp, lgamma, log
from typing import NamedTuple

RECENT, BEFORE = 28, 364  # days
LEAST = 4  # articles on a pair in both periods together; fewer are not tested
RATE = 0.1


class Count(NamedTuple):
    """Articles that are first to tell of acts of one tone of a source on a target: recent ones, and those before."""

    source: str
    target: str
    tone: str
    recent: int
    before: int


class Moved(NamedTuple):
    """A pair that moved: `expected` recent articles, by its own past and by how much was read."""

    pair: Count
    expected: float
    p: float

    @property
    def up(self) -> bool:
        return self.pair.recent > self.expected


class Periods(NamedTuple):
    """The days that are compared, all included."""

    before: date
    since: date
    until: date


def periods(until: date) -> Periods:
    """The two periods that end on a day."""
    since = until - timedelta(days=RECENT - 1)
    return Periods(since - timedelta(days=BEFORE), since, until)


def moved(counts: Sequence[Count]) -> list[Moved]:
    """Those whose change is more than chance would bring, the surest first."""
    recent, before = sum(c.recent for c in counts), sum(c.before for c in counts)
    tested = sorted(
        (_tested(c, recent, before) for c in counts if c.recent + c.before >= LEAST), key=lambda m: (m.p, m.pair)
    )
    passing = [rank for rank, m in enumerate(tested, 1) if m.p <= RATE * rank / len(tested)]
    return tested[: max(passing, default=0)]


def _tested(count: Count, recent: int, before: int) -> Moved:
    """The more cautious of the two tests; chance itself where they disagree on the direction."""
    own, share = count.recent + count.before, RECENT / (RECENT + BEFORE)
    by_time = {k: _binomial(k, own, share) for k in range(own + 1)}
    possible = range(max(0, own - before), min(own, recent) + 1)
    by_reading = {k: _hypergeometric(k, own, recent, before) for k in possible}
    one = Moved(count, own * share, _two_sided(by_time, count.recent))
    other = Moved(count, own * recent / (recent + before), _two_sided(by_reading, count.recent))
    cautious = max(one, other, key=lambda moved: moved.p)
    return cautious if one.up == other.up else cautious._replace(p=1.0)


def _two_sided(chances: dict[int, float], seen: int) -> float:
    below = sum(p for k, p in chances.items() if k <= seen)
    above = sum(p for k, p in chances.items() if k >= seen)
    return min(1.0, 2 * min(below, above))


def _binomial(k: int, own: int, share: float) -> float:
    """The chance that k of a pair's `own` articles fall into the recent period, if every day is as good."""
    return exp(_choose(own, k) + k * log(share) + (own - k) * log(1 - share))


def _hypergeometric(k: int, own: int, recent: int, before: int) -> float:
    """The chance that k of a pair's `own` articles are recent ones, if which articles are its own were chance."""
    return exp(_choose(recent, k) + _choose(before, own - k) - _choose(recent + before, own))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
