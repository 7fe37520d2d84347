"""Who could have acted on whom: the strata of a model, one for each act, with the statistics of every candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.studies.rem.arrays import Floats, Ints, Reals, starts
from tertius.studies.rem.effects import evaluate
from tertius.studies.rem.events import Data, Events
from tertius.studies.rem.formula import Formula
from tertius.studies.rem.memory import State

Model = Literal["rem", "choice", "rate", "coordination"]
LARGEST = 1 << 31  # bytes of statistics that may be held at once


@dataclass(frozen=True)
class Strata:
    """S strata of candidates, R rows in all, p effects.

    `rows`: [R, p]; `sizes`: int [S]; `chosen`: int [S], the row of the act in the whole table, -1 where nothing
    happened before the state changed; `waited`: float [S], the time since the last change (timed models);
    `sender`, `receiver`: int [R].
    """

    names: tuple[str, ...]
    rows: Reals
    sizes: Ints
    chosen: Ints
    waited: Floats
    sender: Ints
    receiver: Ints

    @property
    def starts(self) -> Ints:
        """The first row of each stratum."""
        return starts(self.sizes)

    @property
    def cases(self) -> Floats:
        """1 for the candidates that acted, else 0; [R]."""
        out = np.zeros(len(self.rows))
        out[self.chosen[self.chosen >= 0]] = 1.0
        return out

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True)
class Moment:
    """A time at which the model is asked who acts: an act of `sender` on `receiver`, or (-1) only a change of state."""

    time: float
    seen_from: float
    waited: float
    sender: int
    receiver: int


def enumerate_all(
    formula: Formula,
    data: Data,
    model: Model,
    dependent: Events | None = None,
    *,
    first: int = 0,
    lagged: bool = False,
    until: float | None = None,
) -> Strata:
    """Full enumeration of the candidates of every act (of `dependent`, by default all acts), from number `first` on.

    `lagged` reads fading weights at the time of the act before (as remstats does). A timed model watches `until` that
    time, by default to the last act. Raises TooLittle and UsageError.
    """
    acts = data.events if dependent is None else dependent
    state = State(data, formula.specs(), formula.attributes(), formula.recency)
    tables: list[Floats] = []
    pairs: list[tuple[Ints, Ints]] = []
    chosen: list[int] = []
    waits: list[float] = []
    held = rows = 0
    for moment in _moments(formula, state, acts, first, lagged, until):
        state.advance(moment.time, moment.seen_from)
        i, j = _candidates(state, model, moment.sender)
        at = _position(i, j, model, moment)
        table = np.stack([evaluate(state, term, i, j) for term in formula.terms])
        held += table.nbytes
        if held > LARGEST:
            raise UsageError(
                "the statistics of all candidates do not fit in 2 GB: sample candidates, or take fewer acts or effects"
            )
        tables.append(table)
        pairs.append((i, j))
        chosen.append(at + rows if at >= 0 else -1)
        waits.append(moment.waited)
        rows += len(i)
    if not tables:
        raise TooLittle("no act is left to explain: the first acts only set the scene, give more of them")
    return Strata(
        names=formula.names,
        rows=np.concatenate(tables, axis=1).T,  # each effect lies together in memory: sums over strata are quick
        sizes=np.array([t.shape[1] for t in tables]),
        chosen=np.array(chosen),
        waited=np.array(waits),
        sender=np.concatenate([i for i, _ in pairs]),
        receiver=np.concatenate([j for _, j in pairs]),
    )


def _moments(
    formula: Formula, state: State, acts: Events, first: int, lagged: bool, until: float | None
) -> Iterator[Moment]:
    times = acts.time
    changes = state.changes() if formula.timed and not lagged else np.zeros(0)
    before = float(times[first - 1] if first else times[0])
    for act in range(first, len(acts)):
        time = float(times[act])
        for change in changes[(changes > before) & (changes < time)].tolist():
            yield Moment(change, change, change - before, -1, -1)
            before = change
        seen_from = float(times[act - 1]) if lagged and act else time
        yield Moment(time, seen_from, time - before, int(acts.sender[act]), int(acts.receiver[act]))
        before = time
    if until is not None and formula.timed:
        for change in [*changes[(changes > before) & (changes < until)].tolist(), until]:
            yield Moment(change, change, change - before, -1, -1)
            before = change


def _candidates(state: State, model: Model, sender: int) -> tuple[Ints, Ints]:
    actors = state.at_risk()
    if model == "rate":
        return actors, actors
    if model == "choice":
        others = actors[actors != sender]
        return np.full(len(others), sender), others
    i, j = np.repeat(actors, len(actors)), np.tile(actors, len(actors))
    apart = i != j
    return i[apart], j[apart]


def _position(i: Ints, j: Ints, model: Model, moment: Moment) -> int:
    """The candidate that acted, -1 for none. Raises UsageError (an actor who is not present)."""
    if moment.sender < 0:
        return -1
    match = i == moment.sender if model == "rate" else (i == moment.sender) & (j == moment.receiver)
    found = np.flatnonzero(match)
    if not len(found):
        raise UsageError(
            f"an act at time {moment.time:g} is by or on an actor who is not present then: correct who is present"
        )
    return int(found[0])
