"""The features of candidates, strictly from earlier days: recurrence, habits, rules, popularity, groups, places.

Each function gives columns by name, each of questions x candidates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.history import HALF_LIVES, KEPT, MONTHS, Floats, History, Ints, Queries
from tertius.studies.forecasts.rules import Bodies, Rules

Singles = NDArray[np.float32]
Columns = dict[str, NDArray[Any]]

HIDDEN = 400.0  # days; an act that never was is as old as this
FRESH = (1, 3, 7, 30)  # days: rules whose first act is no older
SUREST = 3  # how many of the surest rules have columns of their own, after the first


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


def share_of(dense: Floats) -> Singles:
    """Each row divided by its sum."""
    total = dense.sum(axis=1, keepdims=True)
    return np.divide(dense, total, out=np.zeros_like(dense), where=total > 0).astype(np.float32)  # type: ignore[no-any-return]


def filled(shape: tuple[int, int], row: Ints, column: Ints, weights: Floats) -> Floats:
    """A dense array from places and weights, added up where places repeat."""
    # Without any row, bincount gives whole numbers.
    return (
        np.bincount(row * shape[1] + column, weights, minlength=shape[0] * shape[1]).astype(np.float64).reshape(shape)
    )


def recurrence(history: History, queries: Queries, candidates: Ints) -> dict[str, Floats]:
    """Counts and ages of the same act, its reverse, and any act between the two."""
    source, relation = queries.source[:, None], queries.relation[:, None]
    entities, relations = history.facts.entities, history.facts.relations
    triple = find(history.triple_codes, (source * relations + relation) * entities + candidates)
    back = find(history.triple_codes, (candidates * relations + relation) * entities + source)
    pair = find(history.pair_codes, source * entities + candidates)
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


def find(codes: Ints, wanted: Ints) -> Ints:
    """The place of each wanted code among sorted codes; -1 where it is not there."""
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[place] == wanted, place, -1)


def habits(history: History, queries: Queries, candidates: Ints) -> Columns:
    """On how many of the latest occasions the same act, or any act, was done to the candidate."""
    source, relation = queries.source[:, None], queries.relation[:, None]
    entities, relations = history.facts.entities, history.facts.relations
    asked = np.broadcast_to(source * relations + relation, candidates.shape)
    columns: Columns = {}
    for name, habit, things, owner in (
        ("triple", history.triple_habit, find(history.triple_codes, asked * entities + candidates), asked),
        ("pair", history.pair_habit, find(history.pair_codes, source * entities + candidates), asked // relations),
    ):
        shares = habit.shares(things, owner)
        columns |= {f"{name}_habit_{kept}": shares[n] for n, kept in enumerate(KEPT)}
        columns[f"{name}_missed"] = np.minimum(habit.missed(things, owner), HIDDEN)
        columns[f"{name}_rate"] = habit.rate(things, owner)
    return columns


def ruled(history: History, rules: Rules, queries: Queries, bodies: Bodies, candidates: Ints) -> Columns:
    """The rules that lead to each candidate, by the age of their first act; the latest, the surest, and how many."""
    size = candidates.size
    cell = _cells(history, bodies, candidates)
    kept = cell >= 0
    cell, rule = cell[kept], bodies.rule[kept]
    age = history.day - history.triples.last[bodies.triple[kept]]
    sure = rules.confidence(rule)
    columns: Columns = {"rules_sum": np.bincount(cell, -np.log1p(-sure), minlength=size)}
    columns["rules_count"] = np.bincount(cell, minlength=size)
    for days in FRESH:
        fresh = age <= days
        columns[f"rules_{days}"] = np.bincount(cell[fresh], -np.log1p(-sure[fresh]), minlength=size)
    columns["rules_count_3"] = np.bincount(cell[age <= FRESH[1]], minlength=size)
    lift = np.log(sure + 1e-5) - np.log(rules.base(queries.relation[cell // candidates.shape[1]]) + 1e-5)
    columns["rules_lift"] = np.bincount(cell, lift, minlength=size)
    columns |= _surest(cell, sure, age, size)
    return {name: column.reshape(candidates.shape) for name, column in columns.items()}


def _surest(cell: Ints, sure: Floats, age: Ints, size: int) -> Columns:
    """The confidence of the surest rules of each cell after the first, and of the surest whose first act is latest."""
    place, latest = _within(cell, -sure), _within(cell, age - sure) == 0
    columns: Columns = {}
    for n in range(1, SUREST + 1):
        columns[f"rule_{n + 1}"] = np.bincount(cell[place == n], sure[place == n], minlength=size)
    columns["rule_latest"] = np.bincount(cell[latest], sure[latest], minlength=size)
    return columns


def _cells(history: History, bodies: Bodies, candidates: Ints) -> Ints:
    """Where each body's target is among the candidates of its question, as a flat place; -1 where it is not."""
    cells = np.full((len(candidates), history.facts.entities), -1, np.int64)
    np.put_along_axis(cells, candidates, np.arange(candidates.size).reshape(candidates.shape), axis=1)
    out: Ints = cells[bodies.query, history.triple_target[bodies.triple]]
    return out


def _within(cell: Ints, key: Floats) -> Ints:
    """The place of each row among those of its cell, in the order of a key, from 0."""
    order = np.lexsort((key, cell))
    first = np.searchsorted(cell[order], cell[order])
    places = np.empty_like(order)
    places[order] = np.arange(len(order)) - first
    return places


def popularity(history: History, queries: Queries, candidates: Ints) -> dict[str, Floats]:
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


def sides(history: History, queries: Queries, candidates: Ints) -> Columns:
    """The candidate's share of all such acts, the source's share of those on it, and how much it is in the news."""
    source, relation = queries.source[:, None], queries.relation[:, None]
    entities, relations = history.facts.entities, history.facts.relations
    triple = find(history.triple_codes, (source * relations + relation) * entities + candidates)
    pair = find(history.pair_codes, source * entities + candidates)
    reverse = history.reverse(relation)
    role, fresh = reverse * entities + candidates, HALF_LIVES[0]
    columns: Columns = {}
    for n in (1, MONTHS, len(HALF_LIVES) - 1):
        days, roles, all_acts = HALF_LIVES[n], history.roles.counts[n], history.actors.counts[n]
        columns[f"triple_of_role_{days}"] = history.triples.counts[n][triple] / (roles[role] + 0.1)
        columns[f"pair_of_target_{days}"] = history.pairs.counts[n][pair] / (all_acts[candidates] + 0.1)
        total = roles[:-1].reshape(relations, entities).sum(axis=1)
        columns[f"role_of_all_{days}"] = roles[role] / (total[reverse] + 0.1)
    lately, usually = history.actors.counts[0], history.actors.counts[MONTHS]
    columns[f"burst_{fresh}"] = lately[candidates] / (usually[candidates] + 0.5)
    columns[f"target_of_all_{fresh}"] = lately[candidates] / (lately.sum() + 1.0)
    return columns


def shared(
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
        mass = filled((len(source), group.size), owner, group.of[target], weights)
        columns[f"group{number}_{name}"] = np.take_along_axis(share_of(mass), group.of[candidates], axis=1)
    popular = history.roles.counts[MONTHS, :-1].reshape(-1, history.facts.entities)[history.reverse(relation)]
    owner, target = np.nonzero(popular)
    mass = filled((len(source), group.size), owner, group.of[target], popular[owner, target])
    columns[f"group{number}_popular"] = np.take_along_axis(share_of(mass), group.of[candidates], axis=1)
    return columns


def _partners(history: History, queries: Queries) -> tuple[Ints, Ints, Floats]:
    owner, pair = history.pairs_of(queries.source)
    return owner, history.pair_target[pair], history.pairs.counts[MONTHS, pair]


def _same_targets(history: History, queries: Queries) -> tuple[Ints, Ints, Floats]:
    owner, triple = history.same_triples(queries)
    return owner, history.triple_target[triple], history.triples.counts[MONTHS, triple]


def places(columns: Columns) -> Columns:
    """Where the candidate stands among the candidates of its question, by the telling features."""
    out = {}
    for name in ("rules", "triple_15.0", "pair_15.0", "triple_inf", "role_15.0", "peers", "likes"):
        order = np.argsort(-columns[name], axis=1, kind="stable")
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
        out[f"{name}_place"] = np.where(columns[name] > 0, places, order.shape[1]).astype(np.float64)
    return out
