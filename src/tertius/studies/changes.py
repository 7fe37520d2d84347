"""Change points in a series of counts: PELT with a Poisson cost (docs/studies/tie.md)."""

from __future__ import annotations

import math

import numpy as np

from tertius.studies.record import Floats, Ints

SHORTEST = 4  # points of a segment
PENALTY = 2.0  # times log n, for each change: its place and its rate


def changes(counts: Floats) -> tuple[int, ...]:
    """The points at which the rate of a Poisson series [n] changes, as places of the first point of a new rate.

    Minimises cost + penalty × changes exactly, pruning what cannot win (Killick, Fearnhead and Eckley 2012, PELT).
    News is overdispersed: the cost is divided by the variance over the mean of neighbouring points.
    """
    size = len(counts)
    if size < 2 * SHORTEST or not counts.any():
        return ()
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    penalty = 2 * PENALTY * math.log(size) * dispersion(counts)
    best = np.array([-penalty] + [math.inf] * size)
    previous = [0] * (size + 1)
    candidates = np.array([0])
    for stop in range(SHORTEST, size + 1):
        old = candidates[stop - candidates >= SHORTEST]
        costs = best[old] + _costs(sums, old, stop)
        previous[stop] = int(old[np.argmin(costs)])
        best[stop] = costs.min() + penalty
        young = candidates[stop - candidates < SHORTEST]
        candidates = np.concatenate([old[costs <= best[stop]], young, [stop - SHORTEST + 1]])
    return _traced(previous, size)


def dispersion(counts: Floats) -> float:
    """The variance of neighbouring points over their mean, at least 1: half the mean squared difference."""
    return max(1.0, float((np.diff(counts) ** 2).mean() / 2 / max(counts.mean(), 1e-9)))


def _costs(sums: Floats, starts: Ints, stop: int) -> Floats:
    """Twice the negative log-likelihood of one rate from each start on, without terms that do not depend on it."""
    totals = sums[stop] - sums[starts]
    rates = np.where(totals > 0, totals / (stop - starts), 1.0)
    return np.asarray(-2 * totals * (np.log(rates) - 1), np.float64)


def _traced(previous: list[int], stop: int) -> tuple[int, ...]:
    found = []
    while stop := previous[stop]:
        found.append(stop)
    return tuple(reversed(found))


def rate_interval(count: float, time: float, spread: float = 1.0) -> tuple[float, float]:
    """The 95% interval of a Poisson rate, `count` acts in `time` (Byar; Breslow and Day 1987).

    `spread` is the dispersion: the interval is that of count / spread acts.
    """
    n = count / spread
    low = n * (1 - 1 / (9 * n) - 1.96 / (3 * math.sqrt(n))) ** 3 if n > 0 else 0.0
    high = (n + 1) * (1 - 1 / (9 * (n + 1)) + 1.96 / (3 * math.sqrt(n + 1))) ** 3
    return max(low, 0.0) * spread / time, high * spread / time
