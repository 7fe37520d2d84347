"""Change points in a series of counts: PELT with a Poisson cost (docs/studies/tie.md)."""

from __future__ import annotations

import math

import numpy as np

from tertius.studies.record import Floats

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
    best = [-penalty] + [math.inf] * size
    previous = [0] * (size + 1)
    candidates = [0]
    for stop in range(SHORTEST, size + 1):
        costs = [(best[start] + _cost(sums, start, stop), start) for start in candidates if stop - start >= SHORTEST]
        least, previous[stop] = min(costs)
        best[stop] = least + penalty
        young = [start for start in candidates if stop - start < SHORTEST]
        candidates = [start for cost, start in costs if cost <= best[stop]] + young + [stop - SHORTEST + 1]
    return _traced(previous, size)


def dispersion(counts: Floats) -> float:
    """The variance of neighbouring points over their mean, at least 1: half the mean squared difference."""
    return max(1.0, float((np.diff(counts) ** 2).mean() / 2 / max(counts.mean(), 1e-9)))


def _cost(sums: Floats, start: int, stop: int) -> float:
    """Twice the negative log-likelihood of one rate, without terms that do not depend on it."""
    total = float(sums[stop] - sums[start])
    return -2 * total * (math.log(total / (stop - start)) - 1) if total else 0.0


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
