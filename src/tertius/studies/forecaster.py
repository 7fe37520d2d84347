"""One pooled forecaster of the next act of every actor: on whom, and of what type (docs/studies/predictability.md).

Prequential (Dawid 1984): every day is forecast from the days before, then learnt from. A mixture of simple forecasts,
whose weights all actors share, so that a figure tells of the actor and not of how well it alone could be fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tertius.errors import UsageError
from tertius.studies.record import Floats, Ints, Record

TARGET_HALF_LIVES = (3.0, 10.0, 30.0, 90.0, np.inf)
RECIPROCITY_HALF_LIFE = 10.0
POPULARITY_HALF_LIFE = 30.0
TYPE_HALF_LIVES = (30.0, np.inf)
STATIONARY_PRIOR = 10.0  # acts of the pooled record that an actor's own stationary rates start from
MOST_ACTORS = 2000


@dataclass(frozen=True)
class Surprise:
    """Bits for each act of a record [m]: whom, how, and the same for the actor's own stationary rates."""

    whom: Floats
    how: Floats
    stationary_whom: Floats
    stationary_how: Floats

    @property
    def bits(self) -> Floats:
        """Whom and how together; [m]."""
        return self.whom + self.how

    @property
    def stationary(self) -> Floats:
        """The same for the actor's own stationary rates; [m]."""
        return self.stationary_whom + self.stationary_how


class Memory:
    """Counts that fade with a half-life, kept as they stand at the beginning of a day."""

    def __init__(self, shape: tuple[int, ...], half_life: float) -> None:
        self.counts: Floats = np.zeros(shape)
        self._kept = 0.5 ** (1.0 / half_life)

    def fade(self, days: int) -> None:
        """Let days pass."""
        if self._kept < 1.0:
            self.counts *= self._kept**days

    def add(self, at: tuple[Ints, ...]) -> None:
        """Add one at each place."""
        np.add.at(self.counts, at, 1.0)


class Mixture:
    """Weights of k forecasts, learnt online: each by how much of every past act it accounted for (incremental EM)."""

    def __init__(self, size: int) -> None:
        self._credit = np.ones(size)

    def forecast(self, chances: Floats) -> Floats:
        """The mixed chance of what happened [n], of the chances by each forecast [n, k]; learns from them."""
        weighted = chances * (self._credit / self._credit.sum())
        mixed = weighted.sum(axis=1)
        self._credit = self._credit + (weighted / mixed[:, None]).sum(axis=0)
        return np.asarray(mixed, np.float64)


class Whom:
    """Forecasts of the target: own targets at five half-lives, who acted on the actor, who is acted on, anybody."""

    def __init__(self, actors: int) -> None:
        self._others = actors - 1
        self._own = [Memory((actors, actors), half_life) for half_life in TARGET_HALF_LIVES]
        self._returned = Memory((actors, actors), RECIPROCITY_HALF_LIFE)
        self._popular = Memory((actors,), POPULARITY_HALF_LIFE)
        self._mixture = Mixture(len(TARGET_HALF_LIVES) + 3)

    def chances(self, source: Ints, target: Ints) -> tuple[Floats, Floats]:
        """The chance of each target [n], and the same by the actor's own stationary rates."""
        popular = self._popularity(source, target)
        columns = [_share(memory.counts, source, target, popular) for memory in self._own]
        columns.append(_share(self._returned.counts, source, target, popular))
        uniform = np.full(len(source), 1.0 / self._others)
        mixed = self._mixture.forecast(np.column_stack([*columns, popular, uniform]))
        return mixed, _stationary(self._own[-1].counts, source, target, popular)

    def _popularity(self, source: Ints, target: Ints) -> Floats:
        """The share of a target among the acts on all others than the actor itself, each counted once more."""
        counts = self._popular.counts + 1.0
        return np.asarray(counts[target] / (counts.sum() - counts[source]), np.float64)

    def fade(self, days: int) -> None:
        """Let days pass."""
        for memory in (*self._own, self._returned, self._popular):
            memory.fade(days)

    def learn(self, source: Ints, target: Ints) -> None:
        """Add a day's acts."""
        for memory in self._own:
            memory.add((source, target))
        self._returned.add((target, source))
        self._popular.add((target,))


class How:
    """Forecasts of the type: of the pair, of the actor, of what the target does to the actor, of all, any type."""

    def __init__(self, actors: int, types: int) -> None:
        self._types = types
        self._pair = [Memory((actors, actors, types), half_life) for half_life in TYPE_HALF_LIVES]
        self._own = [Memory((actors, types), half_life) for half_life in TYPE_HALF_LIVES]
        self._pooled = Memory((types,), POPULARITY_HALF_LIFE)
        self._mixture = Mixture(3 + 2 * len(TYPE_HALF_LIVES))

    def chances(self, source: Ints, target: Ints, kind: Ints) -> tuple[Floats, Floats]:
        """The chance of each type [n] given the target, and the same by the actor's own stationary rates."""
        counts = self._pooled.counts + 1.0
        pooled = counts[kind] / counts.sum()
        rows = [memory.counts[source, target] for memory in self._pair]
        rows += [memory.counts[source] for memory in self._own]
        rows.append(self._pair[0].counts[target, source])
        columns = [_share_of_row(row, kind, pooled) for row in rows]
        uniform = np.full(len(source), 1.0 / self._types)
        mixed = self._mixture.forecast(np.column_stack([*columns, pooled, uniform]))
        return mixed, _stationary(self._own[-1].counts, source, kind, pooled)

    def fade(self, days: int) -> None:
        """Let days pass."""
        for memory in (*self._pair, *self._own, self._pooled):
            memory.fade(days)

    def learn(self, source: Ints, target: Ints, kind: Ints) -> None:
        """Add a day's acts."""
        for memory in self._pair:
            memory.add((source, target, kind))
        for memory in self._own:
            memory.add((source, kind))
        self._pooled.add((kind,))


def _share(counts: Floats, source: Ints, target: Ints, fallback: Floats) -> Floats:
    return _share_of_row(counts[source], target, fallback)


def _share_of_row(rows: Floats, at: Ints, fallback: Floats) -> Floats:
    """The share of one place in each row, with one act's worth of the fallback."""
    return np.asarray((rows[np.arange(len(at)), at] + fallback) / (rows.sum(axis=1) + 1.0), np.float64)


def _stationary(counts: Floats, source: Ints, at: Ints, pooled: Floats) -> Floats:
    rows = counts[source]
    own = rows[np.arange(len(at)), at] + STATIONARY_PRIOR * pooled
    return np.asarray(own / (rows.sum(axis=1) + STATIONARY_PRIOR), np.float64)


def surprise(record: Record) -> Surprise:
    """The bits of every act, forecast from the days strictly before it. Raises UsageError."""
    actors = len(record.actors)
    if actors > MOST_ACTORS:
        raise UsageError(f"{actors} actors are more than {MOST_ACTORS}: fold them to countries, or use --origin")
    whom, how = Whom(actors), How(actors, len(record.types))
    bits: Floats = np.zeros((4, len(record)))
    starts = np.flatnonzero(np.diff(record.day, prepend=record.day[0] - 1))
    before = record.first
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(record)], strict=True):
        acts = slice(start, stop)
        source, target, kind = record.source[acts], record.target[acts], record.kind[acts]
        passed, before = int(record.day[start]) - before, int(record.day[start])
        whom.fade(passed)
        how.fade(passed)
        bits[[0, 2], acts] = whom.chances(source, target)
        bits[[1, 3], acts] = how.chances(source, target, kind)
        whom.learn(source, target)
        how.learn(source, target, kind)
    bits = -np.log2(bits)
    return Surprise(bits[0], bits[1], bits[2], bits[3])
