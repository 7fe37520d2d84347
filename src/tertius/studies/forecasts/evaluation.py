"""How good an order is: the rank of the right answer under the time-aware filter.

Single-step and both directions, other right answers of the same day and question left out, ties at their average rank
over all entities (Gastinger et al., ECML 2023, on what else papers do and why figures then differ).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.history import Floats, Ints


class Scores(NamedTuple):
    """Mean reciprocal rank and the shares of answers among the first 1, 3 and 10, in percent, of `queries`."""

    mrr: float
    hits1: float
    hits3: float
    hits10: float
    queries: int


def ranks(scores: NDArray[np.float32], query: Ints, target: Ints) -> Floats:
    """The rank of each answer (query, target) by scores of questions x entities, its other answers left out."""
    own = scores[query, target]
    above = np.array([(scores[q] > value).sum() for q, value in zip(query, own, strict=True)], np.float64)
    level = np.array([(scores[q] == value).sum() for q, value in zip(query, own, strict=True)], np.float64)
    for q in np.unique(query):
        mine = np.flatnonzero(query == q)
        values = own[mine]
        above[mine] -= (values[None, :] > values[:, None]).sum(axis=1)
        level[mine] -= (values[None, :] == values[:, None]).sum(axis=1)
    return 1.0 + above + np.maximum(level, 0.0) / 2.0


def summary(rank: Floats) -> Scores:
    """The figures of many ranks; zeros where there are none."""
    if not len(rank):
        return Scores(0.0, 0.0, 0.0, 0.0, 0)
    hits = [100 * float((rank <= n).mean()) for n in (1, 3, 10)]
    return Scores(100 * float((1 / rank).mean()), hits[0], hits[1], hits[2], len(rank))
