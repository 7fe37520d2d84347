"""What is known of a pair before a forecast: its own record, the answers, both sides' activity, third parties.

Each feature belongs to a driver, the heading under which its contribution is told in words. Everything is taken from a
State, hence from the origin's day and earlier.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.panel import HALF_LIVES, NEVER, Matrices, State
from tertius.studies.record import Ints

Values = NDArray[np.float32]

DRIVERS = {
    "own": "what {a} did to {b} lately",
    "others": "what else passes from {a} to {b}: words, deeds, help",
    "answers": "what {b} did to {a}",
    "source": "how active {a} is towards everybody",
    "target": "what everybody does to {b}",
    "third": "third parties: whom friends and opponents of the two press and help",
    "usual": "the pair's usual rate and its long record",
    "season": "the time of the week and year, and how much is going on anywhere",
}
WEEK, MONTH = 1, 2  # places in HALF_LIVES
AGE_LIMIT = 400.0
SEASONS_FROM = 730  # days of record before the time of the year can be learnt


class Column(NamedTuple):
    """A feature: its name, the driver that it counts under, its value for every pair."""

    name: str
    driver: str
    value: Values


class Sheet(NamedTuple):
    """The features of some pairs; `values` is pairs x columns, `drivers` the driver of each column."""

    names: tuple[str, ...]
    drivers: tuple[str, ...]
    values: Values


Shared = list[tuple[str, str, Matrices]]  # what all layers have in common on one day: name, driver, actors x actors


def shared(state: State) -> Shared:
    """The features that do not depend on what is forecast."""
    counts = state.counts
    columns: Shared = []
    for quad in range(4):
        for half_life in (WEEK, MONTH, 3):
            own = np.log1p(counts[half_life, quad])
            columns.append((f"own {quad + 1} {HALF_LIVES[half_life]:.0f}", "others", own))
            if half_life != 3:
                columns.append((f"answers {quad + 1} {HALF_LIVES[half_life]:.0f}", "answers", own.T))
    age = _ages(state, state.last[:4].max(axis=0))
    columns += [("own age", "others", age), ("answers age", "answers", age.T)]
    support = _saturated(counts[3, :2].sum(axis=0))
    pressure = _saturated(counts[WEEK, 2:4].sum(axis=0))
    standing = _saturated(counts[3, 2:4].sum(axis=0))
    columns += [
        ("source's friends press target", "third", support @ pressure),
        ("target presses source's friends", "third", support @ pressure.T),
        ("source presses target's friends", "third", pressure @ support.T),
        ("source's opponents press target", "third", standing @ pressure),
        ("target is helped by source's opponents", "third", standing @ support),
        ("common friends", "third", support @ support.T),
        ("common opponents", "third", standing @ standing.T),
    ]
    return columns


def features(state: State, common: Shared, layer: int, source: Ints, target: Ints) -> Sheet:
    """The features of some pairs for one layer."""
    columns = [Column(name, driver, matrix[source, target]) for name, driver, matrix in common]
    columns += _of_layer(state, layer, source, target)
    columns += _of_types(state, source, target)
    columns += _of_actors(state, layer, source, target)
    columns += _season(state, layer, len(source))
    names, drivers, values = zip(*columns, strict=True)
    return Sheet(names, drivers, np.stack(values, axis=1).astype(np.float32))


def _of_layer(state: State, layer: int, source: Ints, target: Ints) -> list[Column]:
    columns = []
    for at, half_life in enumerate(HALF_LIVES):
        forth = np.log1p(state.counts[at, layer, source, target])
        back = np.log1p(state.counts[at, layer, target, source])
        columns += [
            Column(f"same {half_life:.0f}", "own", forth),
            Column(f"same back {half_life:.0f}", "answers", back),
        ]
    last = state.last[layer]
    columns += [
        Column("same age", "own", _ages(state, last[source, target])),
        Column("same back age", "answers", _ages(state, last[target, source])),
        Column("same rate", "usual", state.total[layer, source, target] / max(1, state.elapsed)),
        Column("any rate", "usual", state.total[:4, source, target].sum(axis=0) / max(1, state.elapsed)),
    ]
    return columns


def _of_types(state: State, source: Ints, target: Ints) -> list[Column]:
    """What passes between the two, act by act: demands tell other things than threats."""
    columns = []
    for layer, name in enumerate(state.acts.layers[4:], 4):
        columns += [
            Column(f"{name} {HALF_LIVES[WEEK]:.0f}", "others", np.log1p(state.counts[WEEK, layer, source, target])),
            Column(f"{name} {HALF_LIVES[3]:.0f}", "others", np.log1p(state.counts[3, layer, source, target])),
            Column(f"{name} back", "answers", np.log1p(state.counts[3, layer, target, source])),
        ]
    return columns


def _of_actors(state: State, layer: int, source: Ints, target: Ints) -> list[Column]:
    columns = []
    for half_life in (WEEK, 3):
        out = state.counts[half_life, layer].sum(axis=1)
        into = state.counts[half_life, layer].sum(axis=0)
        every = state.counts[half_life, :4].sum(axis=0)
        days = f"{HALF_LIVES[half_life]:.0f}"
        own = state.counts[half_life, layer, source, target]
        columns += [
            Column(f"source does {days}", "source", np.log1p(out[source] - own)),
            Column(f"source is done to {days}", "source", np.log1p(into[source])),
            Column(f"source acts {days}", "source", np.log1p(every.sum(axis=1)[source])),
            Column(f"target is done to {days}", "target", np.log1p(into[target] - own)),
            Column(f"target does {days}", "target", np.log1p(out[target])),
            Column(f"target is acted on {days}", "target", np.log1p(every.sum(axis=0)[target])),
        ]
    long = state.counts[3, layer]
    expected = long.sum(axis=1)[source] * long.sum(axis=0)[target] / max(1.0, float(long.sum()))
    return [*columns, Column("expected of both", "source", np.log1p(expected))]


def _season(state: State, layer: int, pairs: int) -> list[Column]:
    date = state.acts.record.first + state.day  # ordinal; its remainder by 7 is the day of the week
    world = [float(state.counts[at, layer].sum()) / HALF_LIVES[at] for at in (WEEK, 3)]
    told = [("weekday", date % 7), ("world's pace", math.log((world[0] + 0.1) / (world[1] + 0.1)))]
    if state.elapsed >= SEASONS_FROM:
        angle = 2 * math.pi * date / 365.25
        told += [("season, sine", math.sin(angle)), ("season, cosine", math.cos(angle))]
    else:
        told += [("season, sine", 0.0), ("season, cosine", 0.0)]
    return [Column(name, "season", np.full(pairs, value, np.float32)) for name, value in told]


def _ages(state: State, last: NDArray[np.int_]) -> Values:
    """Days since the last act, as logarithms; those of long ago and of never are alike."""
    age = np.where(last > NEVER, state.day - last, AGE_LIMIT)
    return np.log1p(np.minimum(age, AGE_LIMIT)).astype(np.float32)


def _saturated(counts: Matrices) -> Matrices:
    """Counts between 0 and 1, so that one busy pair does not drown all triangles."""
    return (counts / (counts + 1.0)).astype(np.float32)
