"""Statistics for chosen pairs at chosen times, as one table: for sampled candidates, for export, for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import IO

import numpy as np

from tertius.errors import UsageError
from tertius.studies.rem.arrays import Floats, Ints, Reals
from tertius.studies.rem.effects import evaluate
from tertius.studies.rem.events import Data
from tertius.studies.rem.formula import Formula
from tertius.studies.rem.memory import State


def tabulate(
    formula: Formula, data: Data, time: Floats, sender: Ints, receiver: Ints, *, single: bool = False
) -> Reals:
    """The statistics of the pairs `sender[r]` -> `receiver[r]` just before `time[r]`; [rows, effects].

    `time` in any order. `single` keeps single precision, half the memory. Raises UsageError.
    """
    if not len(time) == len(sender) == len(receiver):
        raise UsageError(
            f"{len(time)} times, {len(sender)} senders and {len(receiver)} receivers: give as many of each"
        )
    order = np.argsort(time, kind="stable")
    out = np.zeros((len(formula.terms), len(time)), np.float32 if single else np.float64)
    state = State(data, formula.specs(), formula.attributes(), formula.recency)
    for rows in instants(time[order]):
        at = order[rows]
        state.advance(float(time[at[0]]))
        for number, term in enumerate(formula.terms):
            out[number, at] = evaluate(state, term, sender[at], receiver[at])
    return out.T


def instants(time: Floats) -> Iterator[slice]:
    """The runs of equal times in an ordered array."""
    cuts = np.flatnonzero(np.diff(time)) + 1
    edges = [0, *cuts.tolist(), len(time)]
    return (slice(first, last) for first, last in pairwise(edges) if last > first)


def write(
    file: IO[str],
    formula: Formula,
    data: Data,
    time: Floats,
    sender: Ints,
    receiver: Ints,
    extra: dict[str, Sequence[object]] | None = None,
) -> None:
    """Writes the statistics as CSV: time, source, target, the `extra` columns, then one column an effect."""
    values = tabulate(formula, data, time, sender, receiver)
    actors = data.events.actors
    more = extra or {}
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["time", "source", "target", *more, *formula.names])
    for row in range(len(time)):
        known = [time[row], actors[sender[row]], actors[receiver[row]], *(column[row] for column in more.values())]
        out.writerow([*known, *(f"{value:.10g}" for value in values[row].tolist())])
