"""Is it politics? The subject of an article by its words, and the place of actors in public life.

Sport attacks and defends, celebrities accuse and reconcile, police catch thieves: their words are those of politics.
PLOVER codes none of it, so an act needs somebody in public life, and an article on another subject must be very sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tertius.records import Participant

PRIVATE = frozenset({None, "CVL", "JRN", "BUS", "CRM", "MED", "AGR", "UNK"})
USUAL = 60  # word pieces of an article that is taken to be political before it is read


class Subject(NamedTuple):
    """A linear model over the mean of an article's word vectors; under `least` its subject is not politics."""

    weights: NDArray[np.float32]
    bias: float
    usual: float
    least: float

    def is_politics(self, vectors: NDArray[np.float32]) -> bool:
        """Whether an article with these word vectors (pieces, width) is of politics. A short text gets the benefit of
        the doubt: its score is mixed with that of a usual article."""
        count = len(vectors)
        own = float(vectors.mean(0) @ self.weights) + self.bias if count else self.usual
        return (count * own + USUAL * self.usual) / (count + USUAL) >= self.least


def anybody_public(people: Iterable[Participant]) -> bool:
    """Whether any of them is in public life: a state, or a sector that is not private."""
    return any(one.sector not in PRIVATE or (one.country and not one.sector) for one in people)
