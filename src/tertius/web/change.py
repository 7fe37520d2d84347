"""Which pairs moved against their own baseline: two tests on counts, corrected for the number of pairs.

The articles that tell of a pair's acts of one tone in the last RECENT days are compared with those for the BEFORE days
before them: once by the length of the two periods (exact binomial), and once by how many articles on all pairs there
are in each (Fisher's exact). A pair moved if both say so, with the larger p: that more was read lately moves nobody,
another pair's crisis moves nobody, and neither does one article that tells of many acts. Two-sided p-values are twice
the smaller tail; false discoveries are held at RATE (Benjamini and Hochberg 1995). Coded acts are counted one by one,
and they come in bursts: their counts are divided by how much more than Poisson counts they vary (quasi-likelihood,
McCullagh and Nelder 1989). Tails of more than EXACT are those of the normal distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import erfc, exp, lgamma, log, sqrt
from typing import NamedTuple

RECENT, BEFORE = 28, 364  # days
LEAST = 4  # articles on a pair in both periods together; fewer are not tested
RATE = 0.1
EXACT = 300


class Count(NamedTuple):
    """Articles that are first to tell of acts of one tone of a source on a target: recent ones, and those before.

    `spread`: the variance over the mean of such counts, at least 1; `origin`: who counted.
    """

    source: str
    target: str
    tone: str
    recent: int
    before: int
    spread: float = 1.0
    origin: str = "tertius"

    def shrunk(self) -> tuple[int, int]:
        """The counts that say as much as these, if they did not come in bursts."""
        return round(self.recent / self.spread), round(self.before / self.spread)


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
    shrunk = [(count, *count.shrunk()) for count in counts]
    recent, before = sum(one[1] for one in shrunk), sum(one[2] for one in shrunk)
    tested = sorted(
        (_tested(count, r, b, recent, before) for count, r, b in shrunk if r + b >= LEAST), key=lambda m: (m.p, m.pair)
    )
    passing = [rank for rank, m in enumerate(tested, 1) if m.p <= RATE * rank / len(tested)]
    return tested[: max(passing, default=0)]


def _tested(count: Count, own_recent: int, own_before: int, recent: int, before: int) -> Moved:
    """The more cautious of the two tests; chance itself where they disagree on the direction."""
    own, share = own_recent + own_before, RECENT / (RECENT + BEFORE)
    by_time, by_reading = own * share, own * recent / (recent + before)
    if own > EXACT:
        rest = (recent + before - own) / max(recent + before - 1, 1)
        p_time = _normal(own_recent, by_time, by_time * (1 - share))
        p_reading = _normal(own_recent, by_reading, by_reading * before / (recent + before) * rest)
    else:
        p_time = _two_sided({k: _binomial(k, own, share) for k in range(own + 1)}, own_recent)
        possible = range(max(0, own - before), min(own, recent) + 1)
        p_reading = _two_sided({k: _hypergeometric(k, own, recent, before) for k in possible}, own_recent)
    one = Moved(count, by_time * count.spread, p_time)
    other = Moved(count, by_reading * count.spread, p_reading)
    cautious = max(one, other, key=lambda moved: moved.p)
    return cautious if one.up == other.up else cautious._replace(p=1.0)


def _normal(seen: int, mean: float, variance: float) -> float:
    """Twice the smaller tail, with the correction for continuity."""
    return min(1.0, erfc(max(0.0, abs(seen - mean) - 0.5) / sqrt(2 * variance))) if variance > 0 else 1.0


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
