"""What is known of each candidate for an answer, strictly from earlier days.

`describe` retrieves candidates by recurrence, recency, temporal rules, popularity, peers and paths, and gives each its
features. Peers of an actor are those with similar partners (cosine of decayed counts); a path leads over one or two
actors in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tertius.studies.forecasts import columns
from tertius.studies.forecasts.columns import Columns, Groups, Singles, filled, share_of
from tertius.studies.forecasts.history import MONTHS, Floats, History, Ints, Queries
from tertius.studies.forecasts.rules import Bodies, Rules

if TYPE_CHECKING:
    from scipy.sparse import csr_array

CANDIDATES = 120
# How much each kind of evidence counts in retrieval: shares of the question's total, so of equal scale.
RETRIEVAL = {
    "rules": 3.0,
    "triple": 1.0,
    "pair": 0.5,
    "popular": 0.3,
    "peers": 0.4,
    "likes": 0.3,
    "walk": 0.2,
    "third": 0.1,
}


class Sheet(NamedTuple):
    """The candidates of each question, best first by retrieval, with their features.

    Questions x candidates; `values` by features besides; `retrieval` is questions x entities.
    """

    candidates: Ints
    values: Singles
    names: tuple[str, ...]
    retrieval: Singles


def describe(history: History, rules: Rules, queries: Queries, groups: Sequence[Groups] = ()) -> Sheet:
    """The candidates of questions that are asked on `history.day`, with their features."""
    actors, row = np.unique(queries.source, return_inverse=True)
    bodies = rules.bodies(history, queries)
    evidence = _evidence(history, rules, queries, bodies, actors, row)
    retrieval = np.zeros((len(row), history.facts.entities), np.float32)
    for name, weight in RETRIEVAL.items():
        retrieval += np.float32(weight) * evidence[name]
    candidates = _best(retrieval)
    known: Columns = {name: np.take_along_axis(dense, candidates, axis=1) for name, dense in evidence.items()}
    known["retrieval"] = np.take_along_axis(retrieval, candidates, axis=1)
    known |= columns.recurrence(history, queries, candidates)
    known |= columns.habits(history, queries, candidates)
    known |= columns.ruled(history, rules, queries, bodies, candidates)
    known |= columns.popularity(history, queries, candidates)
    for number, group in enumerate(groups):
        known |= columns.shared(history, queries, candidates, group, number)
    known |= columns.sides(history, queries, candidates)
    known |= columns.places(known)
    values = np.stack([np.asarray(column, np.float32) for column in known.values()], axis=2)
    return Sheet(candidates, values, tuple(known), retrieval)


def _best(retrieval: Singles) -> Ints:
    """The candidates of each question, best first."""
    size = min(CANDIDATES, retrieval.shape[1])
    best = np.argpartition(-retrieval, size - 1, axis=1)[:, :size]
    order = np.argsort(-np.take_along_axis(retrieval, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1).astype(np.int64)


def _evidence(
    history: History, rules: Rules, queries: Queries, bodies: Bodies, actors: Ints, row: Ints
) -> dict[str, Singles]:
    """Shares of evidence for every entity as an answer: questions x entities."""
    entities = history.facts.entities
    shape = (len(row), entities)
    confidence = rules.confidence(bodies.rule)
    target = history.triple_target[bodies.triple]
    out = {"rules": share_of(filled(shape, bodies.query, target, -np.log1p(-confidence)))}
    strongest = np.zeros(shape[0] * entities, np.float32)
    np.maximum.at(strongest, bodies.query * entities + target, confidence.astype(np.float32))
    out["strongest_rule"] = strongest.reshape(shape)
    query, triple = history.same_triples(queries)
    counts = history.triples.counts[MONTHS]
    same = filled(shape, query, history.triple_target[triple], counts[triple])
    out["triple"] = share_of(same)
    owner, pair = history.pairs_of(actors)
    partners = filled((len(actors), entities), owner, history.pair_target[pair], history.pairs.counts[MONTHS, pair])
    out["pair"] = share_of(partners)[row]
    popular = history.roles.counts[MONTHS, :-1].reshape(-1, entities)[history.reverse(queries.relation)]
    out["popular"] = share_of(popular)
    return out | _neighbours(history, queries, actors, row, same)


def _neighbours(history: History, queries: Queries, actors: Ints, row: Ints, same: Floats) -> dict[str, Singles]:
    """What peers do (`peers`), who is like earlier targets (`likes`), and who is near (`walk`, `third`)."""
    from scipy.sparse import csr_array

    shape = (len(row), history.facts.entities)
    profile = _profiles(history)
    across = csr_array(profile.T)
    alike = (profile[actors] @ across).toarray()
    alike[np.arange(len(actors)), actors] = 0.0
    query, triple = history.triples_with(queries.relation)
    by_peers = alike[row[query], history.triple_source[triple]]
    weights = by_peers * np.sqrt(history.triples.counts[MONTHS, triple])
    likes = (csr_array(same) @ profile) @ across
    return {
        "peers": share_of(filled(shape, query, history.triple_target[triple], weights)),
        "likes": share_of(likes.toarray()),
        "walk": share_of(alike)[row],
        "third": share_of(np.asarray(alike @ profile))[row],
    }


def _profiles(history: History) -> csr_array:
    """Each actor's partners, by the root of decayed counts, as rows of length 1."""
    from scipy.sparse import csr_array

    weights = np.sqrt(history.pairs.counts[MONTHS, :-1])
    seen = weights > 0
    source, target, weights = history.pair_source[seen], history.pair_target[seen], weights[seen]
    length = np.sqrt(np.bincount(source, weights**2, minlength=history.facts.entities))
    size = history.facts.entities
    return csr_array((weights / length[source], (source, target)), shape=(size, size))
