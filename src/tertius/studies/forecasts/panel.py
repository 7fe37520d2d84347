"""Every pair of actors over time: what is known on a day from that day and earlier alone, and what came afterwards.

A layer is what can be forecast: the four quad classes, then each type. Long runs of days without any act of anybody
are missing: on them nothing decays, and a window that touches one is neither peace nor event.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tertius.studies.record import Bools, Floats, Ints, Record

Matrices = NDArray[np.float32]  # ... x actors x actors: source, target

SILENT = 7  # at least so many days without an act of anybody are missing, not peaceful
BY_CHANCE = 0.001
HALF_LIVES = (2.0, 7.0, 21.0, 75.0)  # days
NEVER = -100_000  # the day of the last act of those who never acted


@dataclass(frozen=True)
class Acts:
    """A record's acts with days counted from its first.

    `layers` are the quad classes 1 to 4 and then the record's types. `known[day]` is False on missing days.
    """

    record: Record
    layers: tuple[int | str, ...]
    days: int
    day: Ints
    known: Bools

    @property
    def actors(self) -> int:
        """How many actors there are."""
        return len(self.record.actors)

    def of(self, layer: int) -> Bools:
        """Which acts belong to a layer."""
        name = self.layers[layer]
        column = self.record.quad if isinstance(name, int) else self.record.kind
        chosen: Bools = column == (name if isinstance(name, int) else self.record.types.index(name))
        return chosen

    def whole(self, day: int, horizon: int) -> bool:
        """Whether the `horizon` days after `day` all lie in the record and are known."""
        return day + horizon < self.days and bool(self.known[day + 1 : day + 1 + horizon].all())

    def came(self, layer: int, day: int, horizon: int) -> Bools:
        """Whether each source did it to each target within the days after `day`; actors x actors."""
        out = np.zeros((self.actors, self.actors), np.bool_)
        first, stop = np.searchsorted(self.day, [day + 1, day + 1 + horizon])
        kept = first + np.flatnonzero(self.of(layer)[first:stop])
        out[self.record.source[kept], self.record.target[kept]] = True
        return out


def acts(record: Record, until: int | None = None) -> Acts:
    """A record as the panel reads it; `until`: the last day (ordinal) that is looked at, if later than the last act."""
    day = record.day - record.first
    days = max(record.days, (until or 0) - record.first + 1)
    return Acts(record, (1, 2, 3, 4, *record.types), days, day, known_days(day, days))


def silent(day: Ints) -> int:
    """How many days without an act of anybody are missing and not peaceful: a week, or in a record with few days of
    acts as many as would come by chance, on days that are independent, with a probability under BY_CHANCE.
    """
    busy = len(np.unique(day)) / (int(day.max()) + 1)
    return SILENT if busy >= 1 else max(SILENT, math.ceil(math.log(BY_CHANCE) / math.log(1 - busy)))


def known_days(day: Ints, days: int) -> Bools:
    """Which of the first `days` days are known: those that are not within a run of `silent` days or more; [days]."""
    known = np.zeros(days, np.bool_)
    longest = silent(day)
    known[day[day < days]] = True
    filled = np.flatnonzero(known)
    edges = np.concatenate([[-1], filled, [days]])
    for before, after in pairwise(edges.tolist()):
        if after - before - 1 < longest:
            known[before + 1 : after] = True
    return known


@dataclass
class State:
    """What is known at the end of `day`: decayed counts, last days and past windows of every pair.

    `counts` is half-lives x layers x actors x actors; `total` the same without decay; `last` the day of the last act;
    `hits[h]` the past windows of h days with an act, of `windows[h]`.
    """

    acts: Acts
    horizons: tuple[int, ...]
    day: int = -1
    elapsed: int = 0
    counts: Matrices = field(init=False)
    total: Matrices = field(init=False)
    last: Ints = field(init=False)
    hits: dict[int, Matrices] = field(init=False)
    windows: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing has happened yet."""
        shape = (len(self.acts.layers), self.acts.actors, self.acts.actors)
        self.counts = np.zeros((len(HALF_LIVES), *shape), np.float32)
        self.total = np.zeros(shape, np.float32)
        self.last = np.full(shape, NEVER, np.int32)
        self.hits = {h: np.zeros(shape, np.float32) for h in self.horizons}
        self.windows = dict.fromkeys(self.horizons, 0)
        self._fades = (0.5 ** (1 / np.array(HALF_LIVES, np.float32)))[:, None, None, None]
        self._members = [self.acts.of(layer) for layer in range(len(self.acts.layers))]

    def until(self, day: int) -> State:
        """Move on to the end of a day."""
        while self.day < day:
            self.day += 1
            if self.acts.known[self.day]:
                self._live()
        return self

    def _live(self) -> None:
        self.elapsed += 1
        self.counts *= self._fades
        first, stop = np.searchsorted(self.acts.day, [self.day, self.day + 1])
        for layer, member in enumerate(self._members):
            rows = first + np.flatnonzero(member[first:stop])
            source, target = self.acts.record.source[rows], self.acts.record.target[rows]
            np.add.at(self.total[layer], (source, target), 1.0)
            for counts in self.counts[:, layer]:
                np.add.at(counts, (source, target), 1.0)
            self.last[layer, source, target] = self.day
        for h in self.horizons:
            if self.day - h + 1 >= 0 and self.acts.known[self.day - h + 1 : self.day + 1].all():
                self.windows[h] += 1
                self.hits[h] += self.last > self.day - h

    def pairs(self) -> tuple[Ints, Ints]:
        """Sources and targets of the pairs that have acted so far, either on the other: those that are forecast."""
        met = self.total[:4].sum(axis=0) > 0
        source, target = np.nonzero(met | met.T)
        return source.astype(np.int64), target.astype(np.int64)


def climatology(hits: Floats, windows: Floats, rate: Floats, strength: float) -> Floats:
    """The share of past windows with an act, drawn towards the rate of all pairs as by `strength` windows more."""
    return (hits + strength * rate) / (windows + strength)
