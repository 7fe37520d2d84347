"""What a ranking has to beat: recurrence alone.

`recurrency` orders targets by how lately and how often the same act was seen (the relaxed recurrency baseline of
Gastinger et al., IJCAI 2024: history of the triple plus a share of the target's popularity in the relation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.history import History, Queries

FADING = 0.1  # how fast a triple's last day loses weight, as a power of its age
STRICT = 0.9999  # the weight of recurrence against popularity


def recurrency(history: History, queries: Queries) -> NDArray[np.float32]:
    """Scores of questions x entities: 2^(-FADING x age) of the same act, and the target's share of such acts."""
    entities = history.facts.entities
    popular = history.roles.counts[-1, :-1].reshape(-1, entities)[history.reverse(queries.relation)]
    total = np.maximum(popular.sum(axis=1, keepdims=True), 1.0)
    scores = (1 - STRICT) * popular / total
    query, triple = history.same_triples(queries)
    age = history.day - history.triples.last[triple]
    scores[query, history.triple_target[triple]] += STRICT * np.exp2(-FADING * age)
    out: NDArray[np.float32] = scores.astype(np.float32)
    return out
