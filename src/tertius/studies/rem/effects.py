"""The statistics of relational event models, each a function of what is remembered at a moment.

Names are those of goldfish (inertia, recip, trans, indeg ...), remstats (reciprocity, otp, indegreeReceiver ...),
relevent (NODSnd, RRecSnd ...) and eventnet (triangles over sums of minima); sources: Butts 2008 (relevent's), Brandes,
Lerner and Snijders 2009 and Lerner and Lomi 2020 (eventnet's), Stadtfeld and Block 2017 (goldfish's).
Every effect takes the positions of senders and receivers, int [rows], and gives float [rows].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tertius.errors import UsageError
from tertius.studies.rem.arrays import Floats, Ints, Reals
from tertius.studies.rem.memory import Spec, State

BLOCK = 1 << 17  # cells gathered at once for triangles: they stay in the processor's cache
Way = Literal["out", "in", "sym"]


OWN = Spec()  # all that is remembered of the acts themselves


@dataclass(frozen=True)
class Term:
    """One effect of a model with its options, as a formula gives it."""

    effect: str
    label: str
    spec: Spec = OWN
    second: Spec | None = None
    attribute: str | None = None
    ego: bool = False
    weighted: bool = True
    transform: str | None = None
    others: bool = False  # degrees without what passed between the two themselves
    repeats: Spec | None = None  # zero for pairs that are tied in this network already (goldfish's ignore_repetitions)


Effect = Callable[[State, Term, Ints, Ints], Floats]
TRANSFORMS: dict[str, Callable[[Floats], Floats]] = {"log1p": np.log1p, "sqrt": np.sqrt}


def evaluate(state: State, term: Term, senders: Ints, receivers: Ints) -> Floats:
    """The statistic of `term` for each pair; float [rows]."""
    values = EFFECTS[term.effect](state, term, senders, receivers)
    if term.repeats:
        values = np.where(state.memories[term.repeats].raw[senders, receivers] > 0, 0.0, values)
    # Degrees less a part of them may fall short of zero by rounding.
    return TRANSFORMS[term.transform](np.maximum(values, 0.0)) if term.transform else values


def _cells(state: State, spec: Spec, weighted: bool, i: Ints, j: Ints) -> Floats:
    memory = state.memories[spec]
    cells: Floats = memory.raw[i, j]
    return np.asarray(cells * memory.factor if weighted else cells > 0, np.float64)


def inertia(state: State, term: Term, i: Ints, j: Ints) -> Floats:
    """What the sender did to the receiver before."""
    return _cells(state, term.spec, term.weighted, i, j)


def reciprocity(state: State, term: Term, i: Ints, j: Ints) -> Floats:
    """What the receiver did to the sender before."""
    return _cells(state, term.spec, term.weighted, j, i)


def _degree(state: State, term: Term, outgoing: bool) -> Floats:
    memory = state.memories[term.spec]
    if term.weighted:
        return np.asarray((memory.out if outgoing else memory.into) * memory.factor, np.float64)
    return np.asarray((memory.raw > 0).sum(axis=1 if outgoing else 0), np.float64)


def outdegree(state: State, term: Term, i: Ints, j: Ints) -> Floats:
    """What the receiver (with `ego` the sender) did to anybody; with `others` not to the other of the pair."""
    degree = _degree(state, term, outgoing=True)[i if term.ego else j]
    own = (i, j) if term.ego else (j, i)
    return degree - _cells(state, term.spec, term.weighted, *own) if term.others else degree


def indegree(state: State, term: Term, i: Ints, j: Ints) -> Floats:
    """What was done to the receiver (with `ego` the sender) by anybody; with `others` not by the other of the pair."""
    degree = _degree(state, term, outgoing=False)[i if term.ego else j]
    own = (j, i) if term.ego else (i, j)
    return degree - _cells(state, term.spec, term.weighted, *own) if term.others else degree


def paths(first: Reals, second: Reals, i: Ints, j: Ints) -> Floats:
    """Sums over third parties k of min(first[i, k], second[j, k]); float [rows]."""
    thirds = np.flatnonzero(first.any(axis=0) & second.any(axis=0))
    if len(thirds) < first.shape[1]:
        first, second = first[:, thirds], second[:, thirds]
    if len(i) * 2 > len(first) * len(second):
        return np.stack([np.minimum(row, second).sum(axis=1) for row in first])[i, j].astype(np.float64)
    out = np.zeros(len(i))
    step = max(1, BLOCK // max(1, len(thirds)))
    for at in range(0, len(i), step):
        part = slice(at, at + step)
        out[part] = np.minimum(first[i[part]], second[j[part]]).sum(axis=1)
    return out


def _turned(state: State, spec: Spec, weighted: bool, way: Way) -> Reals:
    """The matrix of a memory as it is, the other way round or both ways added; kept until the state moves on."""
    key = (spec, weighted, way)
    if key not in state.kept:
        memory = state.memories[spec]
        matrix = memory.raw * memory.factor if weighted else (memory.raw > 0).astype(np.float64)
        state.kept[key] = np.ascontiguousarray(
            matrix + matrix.T if way == "sym" else matrix.T if way == "in" else matrix
        )
    return state.kept[key]


def _triangle(first: Way, second: Way) -> Effect:
    """Third parties tied to the sender in the way `first` and to the receiver in the way `second`."""

    def statistic(state: State, term: Term, i: Ints, j: Ints) -> Floats:
        a = _turned(state, term.spec, term.weighted, first)
        return paths(a, _turned(state, term.second or term.spec, term.weighted, second), i, j)

    return statistic


def _normalised(outgoing: bool) -> Effect:
    """Share of all acts so far; before the first act every actor has the same share."""

    def statistic(state: State, term: Term, i: Ints, j: Ints) -> Floats:
        degree = _degree(state, term, outgoing)
        total = degree.sum()
        share = degree / total if total else np.full(state.actors, 1 / state.actors)
        return share[i if outgoing else j]

    return statistic


def _recency_rank(received: bool) -> Effect:
    """One over the rank of j among those who acted on i (or on whom i acted) most lately; 0 for none."""

    def statistic(state: State, term: Term, i: Ints, j: Ints) -> Floats:
        if state.recency is None:
            raise UsageError(f"{term.effect} needs the order of the acts")
        last = state.recency.last.T if received else state.recency.last
        ranks = np.argsort(np.argsort(-last, axis=1, kind="stable"), axis=1, kind="stable") + 1
        return np.where(last > 0, 1 / ranks, 0.0)[i, j]

    return statistic


def turn(state: State, _: Term, i: Ints, j: Ints) -> Floats:
    """1 where the pair is the last act answered: b acts on a just after a acted on b (participation shift AB-BA)."""
    latest = state.recency.latest() if state.recency else None
    return np.zeros(len(i)) if latest is None else ((i == latest[1]) & (j == latest[0])).astype(np.float64)


def _attribute(function: Callable[[Floats, Ints, Ints], Floats]) -> Effect:
    def statistic(state: State, term: Term, i: Ints, j: Ints) -> Floats:
        return function(state.attributes[term.attribute or ""].now, i, j)

    return statistic


def one(_: State, _term: Term, i: Ints, _j: Ints) -> Floats:
    """The intercept."""
    return np.ones(len(i))


EFFECTS: dict[str, Effect] = {
    "1": one,
    "inertia": inertia,
    "tie": inertia,
    "recip": reciprocity,
    "reciprocity": reciprocity,
    "indeg": indegree,
    "outdeg": outdegree,
    "indegreeSender": indegree,
    "indegreeReceiver": indegree,
    "outdegreeSender": outdegree,
    "outdegreeReceiver": outdegree,
    "trans": _triangle("out", "in"),
    "cycle": _triangle("in", "out"),
    "commonSender": _triangle("in", "in"),
    "commonReceiver": _triangle("out", "out"),
    "otp": _triangle("out", "in"),
    "itp": _triangle("in", "out"),
    "osp": _triangle("out", "out"),
    "isp": _triangle("in", "in"),
    "triangle": _triangle("sym", "sym"),
    "NODSnd": _normalised(outgoing=True),
    "NIDRec": _normalised(outgoing=False),
    "RRecSnd": _recency_rank(received=True),
    "RSndSnd": _recency_rank(received=False),
    "PSABBA": turn,
    "same": _attribute(lambda x, i, j: (x[i] == x[j]).astype(np.float64)),
    "diff": _attribute(lambda x, i, j: np.abs(x[i] - x[j])),
    "sim": _attribute(lambda x, i, j: -np.abs(x[i] - x[j])),
    "ego": _attribute(lambda x, i, _: x[i]),
    "alter": _attribute(lambda x, _, j: x[j]),
}
OF_ATTRIBUTES = frozenset({"same", "diff", "sim", "ego", "alter"})
OF_SENDERS = frozenset({"indegreeSender", "outdegreeSender"})
OF_TARGETS = frozenset({"indeg", "outdeg", "indegreeReceiver", "outdegreeReceiver", "alter", "NIDRec"})
OF_RECENCY = frozenset({"RRecSnd", "RSndSnd", "PSABBA"})
