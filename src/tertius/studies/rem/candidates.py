"""Who might have acted on the target of each act: everybody, or a draw where there are too many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tertius.errors import TooLittle
from tertius.studies.rem.acts import Acts, dyads, pairs
from tertius.studies.rem.arrays import Floats, Ints, Reals, numbered
from tertius.studies.rem.events import Data
from tertius.studies.rem.formula import Formula
from tertius.studies.rem.table import tabulate

SINGLE_FROM = 2_000_000  # rows from which statistics are kept in single precision


@dataclass(frozen=True)
class Candidates:
    """Strata of candidates for the same target on the same day. `rows`: [R, p]; `sizes`: [S]; the others: [R].

    Fully enumerated, the acts on one target on one day share a stratum and `cases` counts them; sampled, each act has a
    stratum of its own (drawn candidates who were not the source of that act; McFadden 1978).
    """

    rows: Reals
    sizes: Ints
    cases: Floats
    dyad: Ints
    pair: Ints
    sampled: bool

    def clusters(self) -> tuple[Ints, int]:
        """The pairs numbered from 0, and how many there are."""
        return numbered(self.pair)


def candidates(
    acts: Acts, formula: Formula, scene: Ints, controls: int, full_up_to: int, most_rows: int, seed: int
) -> Candidates:
    """The candidates of the acts at `scene`. All actors who act at all may act on anybody."""
    events = acts.events
    sources = np.unique(events.sender)
    cells = _cells(acts, scene)
    full = len(sources) <= full_up_to and len(cells) * len(sources) <= most_rows
    time, sender, receiver, sizes, cases = (
        _enumerated(acts, scene, sources, cells) if full else _drawn(acts, scene, sources, controls, seed)
    )
    rows = tabulate(formula, Data(events), time, sender, receiver, single=len(time) > SINGLE_FROM)
    count = len(events.actors)
    return Candidates(rows, sizes, cases, dyads(sender, receiver, count), pairs(sender, receiver, count), not full)


def active(acts: Acts, formula: Formula, scene: Ints, most_rows: int, seed: int) -> Candidates:
    """For the within-dyad model: on every day with an act on a target, all sources that ever act on that target.

    Where that makes more than `most_rows` rows, whole targets are drawn until it is full. Sources that never act on a
    target would say nothing (their base rate is zero), and targets do not share base rates, so neither choice biases.
    """
    events = acts.events
    time, sender, receiver = events.time[scene], events.sender[scene], events.receiver[scene]
    cells = _cells(acts, scene)
    known = np.unique(np.column_stack([receiver, sender]), axis=0)
    days_of = np.bincount(cells[:, 1].astype(np.int64), minlength=len(events.actors))
    sources_of = np.bincount(known[:, 0], minlength=len(events.actors))
    order = np.random.default_rng(seed).permutation(np.flatnonzero((sources_of > 1) & (days_of > 1)))
    drawn = order[np.cumsum(days_of[order] * sources_of[order]) <= most_rows]
    parts = [_panel(int(target), time, sender, receiver, known, cells) for target in np.sort(drawn)]
    if not parts:
        raise TooLittle("no target has two sources on two days: the within-dyad model needs a longer record")
    when, source, target, cases, sizes = (np.concatenate(column) for column in zip(*parts, strict=True))
    rows = tabulate(formula, Data(events), when, source, target)
    count = len(events.actors)
    full = len(drawn) == len(order)
    return Candidates(rows, sizes, cases, dyads(source, target, count), pairs(source, target, count), not full)


def _panel(
    target: int, time: Floats, sender: Ints, receiver: Ints, known: Ints, cells: Floats
) -> tuple[Floats, Ints, Ints, Floats, Ints]:
    """One target: its days with acts by its sources. Time, source, target, count of each row; size of each stratum."""
    days, sources = cells[cells[:, 1] == target, 0], known[known[:, 0] == target, 1]
    own = receiver == target
    cases = np.zeros((len(days), len(sources)))
    np.add.at(cases, (np.searchsorted(days, time[own]), np.searchsorted(sources, sender[own])), 1.0)
    shape = cases.size
    return (
        np.repeat(days, len(sources)),
        np.tile(sources, len(days)),
        np.full(shape, target),
        cases.ravel(),
        np.full(len(days), len(sources)),
    )


Table = tuple[Floats, Ints, Ints, Ints, Floats]


def _cells(acts: Acts, scene: Ints) -> Floats:
    """The days and targets of the acts, without repeats; [cells, 2]."""
    return np.unique(np.column_stack([acts.events.time[scene], acts.events.receiver[scene]]), axis=0)


def _enumerated(acts: Acts, scene: Ints, sources: Ints, cells: Floats) -> Table:
    time, receiver = np.repeat(cells[:, 0], len(sources)), np.repeat(cells[:, 1].astype(np.int64), len(sources))
    sender = np.tile(sources, len(cells))
    cases = np.zeros(len(sender))
    days, day = np.unique(cells[:, 0], return_inverse=True)
    key = day * len(acts.events.actors) + cells[:, 1].astype(np.int64)
    own = np.searchsorted(days, acts.events.time[scene]) * len(acts.events.actors) + acts.events.receiver[scene]
    at = np.searchsorted(key, own) * len(sources) + np.searchsorted(sources, acts.events.sender[scene])
    np.add.at(cases, at, 1.0)
    apart = sender != receiver
    sizes = np.add.reduceat(apart.astype(np.int64), np.arange(0, len(sender), len(sources)))
    return time[apart], sender[apart], receiver[apart], sizes, cases[apart]


def _drawn(acts: Acts, scene: Ints, sources: Ints, controls: int, seed: int) -> Table:
    """Each act with `controls` other sources drawn with equal chances; a candidate drawn twice counts once."""
    events = acts.events
    draw = np.random.default_rng(seed).integers(len(sources), size=(len(scene), controls))
    sender = np.column_stack([events.sender[scene], sources[draw]])
    receiver = np.repeat(events.receiver[scene][:, None], controls + 1, axis=1)
    kept = (sender != receiver) & (sender != sender[:, :1])
    for column in range(2, controls + 1):
        kept[:, column] &= (sender[:, 1:column] != sender[:, column : column + 1]).all(axis=1)
    kept[:, 0] = True
    some = kept.sum(axis=1) > 1
    kept, sender, receiver = kept[some], sender[some], receiver[some]
    time = np.repeat(events.time[scene][some][:, None], controls + 1, axis=1)
    cases = np.zeros(kept.shape)
    cases[:, 0] = 1.0
    return time[kept], sender[kept], receiver[kept], kept.sum(axis=1).astype(np.int64), cases[kept]
