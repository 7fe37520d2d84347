"""What is known of each candidate for an answer, strictly from earlier days.

`describe` retrieves candidates by recurrence, recency, temporal rules, popularity, peers and paths, and gives each its
features. Peers of an actor are those with similar partners (cosine of decayed counts); a path leads over one or two
actors in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.history import HALF_LIVES, MONTHS, Floats, History, Ints, Queries
from tertius.studies.forecasts.rules import Bodies, Rules

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Singles = NDArray[np.float32]
Columns = dict[str, NDArray[Any]]  # features by name: questions x candidates

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
HIDDEN = 400.0  # days; an act that never was is as old as this


class Sheet(NamedTuple):
    """The candidates of each question, best first by retrieval, with their features.

    Questions x candidates; `values` by features besides; `retrieval` is questions x entities.
    """

    candidates: Ints
    values: Singles
    names: tuple[str, ...]
    retrieval: Singles


class Groups:
    """Actors by something that they share (a country, a role): `of` gives each actor's group, -1 where unknown."""

    def __init__(self, of: Ints, history: History) -> None:
        self.size = int(of.max(initial=-1)) + 2
        self.of = np.where(of < 0, self.size - 1, of)
        code = self.code(history.triple_source, history.triple_relation, history.triple_target, history)
        self._codes, self._code_of = np.unique(code, return_inverse=True)

    def code(self, source: Ints, relation: Ints, target: Ints, history: History) -> Ints:
        """A number for the groups of both ends and the relation."""
        ends = self.of[source] * history.facts.relations + relation
        return ends * self.size + self.of[target]

    def counts(self, history: History, code: Ints) -> Floats:
        """Acts between the groups of each code, decayed over months."""
        totals = np.bincount(self._code_of, history.triples.counts[MONTHS, :-1], minlength=len(self._codes))
        place = np.minimum(np.searchsorted(self._codes, code), len(self._codes) - 1)
        return np.where(self._codes[place] == code, totals[place], 0.0)


def describe(history: History, rules: Rules, queries: Queries, groups: Sequence[Groups] = ()) -> Sheet:
    """The candidates of questions that are asked on `history.day`, with their features."""
    actors, row = np.unique(queries.source, return_inverse=True)
    bodies = rules.bodies(history, queries)
    evidence = _evidence(history, rules, queries, bodies, actors, row)
    retrieval = np.zeros((len(row), history.facts.entities), np.float32)
    for name, weight in RETRIEVAL.items():
        retrieval += np.float32(weight) * evidence[name]
    size = min(CANDIDATES, history.facts.entities)
    best = np.argpartition(-retrieval, size - 1, axis=1)[:, :size]
    order = np.argsort(-np.take_along_axis(retrieval, best, axis=1), axis=1, kind="stable")
    candidates = np.take_along_axis(best, order, axis=1).astype(np.int64)
    columns: Columns = {name: np.take_along_axis(dense, candidates, axis=1) for name, dense in evidence.items()}
    columns["retrieval"] = np.take_along_axis(retrieval, candidates, axis=1)
    columns |= _recurrence(history, queries, candidates)
    columns |= _popularity(history, queries, candidates)
    for number, group in enumerate(groups):
        columns |= _shared(history, queries, candidates, group, number)
    columns |= _places(columns)
    values = np.stack([np.asarray(column, np.float32) for column in columns.values()], axis=2)
    return Sheet(candidates, values, tuple(columns), retrieval)


def _share(dense: Floats) -> Singles:
    """Each row divided by its sum."""
    total = dense.sum(axis=1, keepdims=True)
    return np.divide(dense, total, out=np.zeros_like(dense), where=total > 0).astype(np.float32)  # type: ignore[no-any-return]


def _filled(shape: tuple[int, int], row: Ints, column: Ints, weights: Floats) -> Floats:
    """A dense array from places and weights, added up where places repeat."""
    # Without any row, bincount gives whole numbers.
    return (
        np.bincount(row * shape[1] + column, weights, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)
    )


def _evidence(
    history: History, rules: Rules, queries: Queries, bodies: Bodies, actors: Ints, row: Ints
) -> dict[str, Singles]:
    """Shares of evidence for every entity as an answer: questions x entities."""
    entities = history.facts.entities
    shape = (len(row), entities)
    confidence = rules.confidence(bodies.rule)
    target = history.triple_target[bodies.triple]
    out = {"rules": _share(_filled(shape, bodies.query, target, -np.log1p(-confidence)))}
    strongest = np.zeros(shape[0] * entities, np.float32)
    np.maximum.at(strongest, bodies.query * entities + target, confidence.astype(np.float32))
    out["strongest_rule"] = strongest.reshape(shape)
    query, triple = history.same_triples(queries)
    counts = history.triples.counts[MONTHS]
    same = _filled(shape, query, history.triple_target[triple], counts[triple])
    out["triple"] = _share(same)
    owner, pair = history.pairs_of(actors)
    partners = _filled((len(actors), entities), owner, history.pair_target[pair], history.pairs.counts[MONTHS, pair])
    out["pair"] = _share(partners)[row]
    popular = history.roles.counts[MONTHS, :-1].reshape(-1, entities)[history.reverse(queries.relation)]
    out["popular"] = _share(popular)
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
        "peers": _share(_filled(shape, query, history.triple_target[triple], weights)),
        "likes": _share(likes.toarray()),
        "walk": _share(alike)[row],
        "third": _share(np.asarray(alike @ profile))[row],
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


def _recurrence(history: History, queries: Queries, candidates: Ints) -> dict[str, Floats]:
    """Counts and ages of the same act, its reverse, and any act between the two."""
    source, relation = queries.source[:, None], queries.relation[:, None]
    entities, relations = history.facts.entities, history.facts.relations
    triple = _find(history.triple_codes, (source * relations + relation) * entities + candidates)
    back = _find(history.triple_codes, (candidates * relations + relation) * entities + source)
    pair = _find(history.pair_codes, source * entities + candidates)
    columns: dict[str, Floats] = {}
    for name, tally, at in (
        ("triple", history.triples, triple),
        ("back", history.triples, back),
        ("pair", history.pairs, pair),
    ):
        kept = range(len(HALF_LIVES)) if name != "back" else (1, MONTHS, 4)
        columns |= {f"{name}_{HALF_LIVES[n]}": tally.counts[n][at] for n in kept}
        columns[f"{name}_age"] = np.minimum(history.day - tally.last[at], HIDDEN)
        columns[f"{name}_span"] = np.minimum(np.maximum(history.day - tally.first[at], 0), HIDDEN)
    columns["triple_gap"] = columns["triple_span"] / np.maximum(columns["triple_inf"], 1.0)
    columns["pair_gap"] = columns["pair_span"] / np.maximum(columns["pair_inf"], 1.0)
    own = history.roles.counts[:, relation * entities + source]
    all_acts = history.actors.counts[:, source]
    columns |= {f"triple_share_{h}": columns[f"triple_{h}"] / (own[n] + 0.1) for n, h in enumerate(HALF_LIVES)}
    columns |= {f"pair_share_{h}": columns[f"pair_{h}"] / (all_acts[n] + 0.1) for n, h in enumerate(HALF_LIVES)}
    return columns


def _find(codes: Ints, wanted: Ints) -> Ints:
    """The place of each wanted code among sorted codes; -1 where it is not there."""
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[place] == wanted, place, -1)


def _popularity(history: History, queries: Queries, candidates: Ints) -> dict[str, Floats]:
    """How often the candidate, the source and the relation occur at all."""
    source, relation = queries.source[:, None], queries.relation[:, None]
    entities = history.facts.entities
    role = history.reverse(relation) * entities + candidates
    columns = {f"role_{h}": history.roles.counts[n, role] for n, h in enumerate(HALF_LIVES)}
    columns |= {f"target_{h}": history.actors.counts[n, candidates] for n, h in enumerate(HALF_LIVES)}
    columns["role_age"] = np.minimum(history.day - history.roles.last[role], HIDDEN)
    columns["target_age"] = np.minimum(history.day - history.actors.last[candidates], HIDDEN)
    columns["role_share"] = columns["role_50.0"] / (columns["target_50.0"] + 0.1)
    own = relation * entities + source
    wide = np.ones_like(candidates, dtype=np.float64)
    for n in (1, MONTHS, 4):
        columns[f"own_{HALF_LIVES[n]}"] = wide * history.roles.counts[n, own]
        columns[f"source_{HALF_LIVES[n]}"] = wide * history.actors.counts[n, source]
    columns["own_age"] = wide * np.minimum(history.day - history.roles.last[own], HIDDEN)
    columns["frequency"] = wide * history.frequency[relation]
    columns["reversed"] = wide * (relation >= history.facts.relations // 2)
    columns["itself"] = (candidates == source).astype(np.float64)
    return columns


def _shared(
    history: History, queries: Queries, candidates: Ints, group: Groups, number: int
) -> dict[str, NDArray[np.float64]]:
    """Acts of the source, and of its group, on the candidate's group."""
    source, relation = queries.source, queries.relation
    wanted = group.code(source[:, None], relation[:, None], candidates, history)
    between = group.counts(history, wanted)
    total = np.maximum(between.max(axis=1, keepdims=True), 0.1)
    columns = {f"group{number}_acts": between, f"group{number}_share": between / total}
    same = (group.of[source][:, None] == group.of[candidates]) & (group.of[candidates] < group.size - 1)
    columns[f"group{number}_same"] = same.astype(np.float64)
    for name, (owner, target, weights) in {
        "pairs": _partners(history, queries),
        "same": _same_targets(history, queries),
    }.items():
        mass = _filled((len(source), group.size), owner, group.of[target], weights)
        columns[f"group{number}_{name}"] = np.take_along_axis(_share(mass), group.of[candidates], axis=1)
    popular = history.roles.counts[MONTHS, :-1].reshape(-1, history.facts.entities)[history.reverse(relation)]
    owner, target = np.nonzero(popular)
    mass = _filled((len(source), group.size), owner, group.of[target], popular[owner, target])
    columns[f"group{number}_popular"] = np.take_along_axis(_share(mass), group.of[candidates], axis=1)
    return columns


def _partners(history: History, queries: Queries) -> tuple[Ints, Ints, Floats]:
    owner, pair = history.pairs_of(queries.source)
    return owner, history.pair_target[pair], history.pairs.counts[MONTHS, pair]


def _same_targets(history: History, queries: Queries) -> tuple[Ints, Ints, Floats]:
    owner, triple = history.same_triples(queries)
    return owner, history.triple_target[triple], history.triples.counts[MONTHS, triple]


def _places(columns: Columns) -> Columns:
    """Where the candidate stands among the candidates of its question, by the telling features."""
    out = {}
    for name in ("rules", "triple_15.0", "pair_15.0", "triple_inf", "role_15.0", "peers", "likes"):
        order = np.argsort(-columns[name], axis=1, kind="stable")
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
        out[f"{name}_place"] = np.where(columns[name] > 0, places, order.shape[1]).astype(np.float64)
    return out
