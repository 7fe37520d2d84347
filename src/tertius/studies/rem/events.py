"""The sequence of acts, and what else is known of the actors: networks and attributes that change over time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.studies.rem.arrays import Floats, Ints


@dataclass(frozen=True)
class Events:
    """m acts in order of time: who acted on whom, when, how and with what weight.

    `time`, `weight`: float [m]; `sender`, `receiver`: int [m], positions in `actors`; `kind`: int [m], positions in
    `kinds`. `loops` counts the acts of an actor on itself, which were left out.
    """

    time: Floats
    sender: Ints
    receiver: Ints
    actors: tuple[str, ...]
    kind: Ints
    kinds: tuple[str, ...] = ("act",)
    weight: Floats = field(default_factory=lambda: np.zeros(0))
    loops: int = 0

    @classmethod
    def of(
        cls,
        time: Sequence[float] | Floats,
        sender: Sequence[str],
        receiver: Sequence[str],
        kind: Sequence[str] | None = None,
        weight: Sequence[float] | Floats | None = None,
        *,
        actors: Sequence[str] | None = None,
    ) -> Events:
        """Events from columns of equal length, in any order; `actors` fixes the order and may add some who never act.

        Raises UsageError (lengths, times, weights, unknown names) and TooLittle (no acts, one actor).
        """
        columns = {"sender": sender, "receiver": receiver, "kind": kind, "weight": weight}
        for name, column in columns.items():
            if column is not None and len(column) != len(time):
                raise UsageError(f"{len(time)} times but {len(column)} values of {name}: give columns of equal length")
        names = tuple(actors) if actors is not None else tuple(sorted({*sender, *receiver}))
        kinds = tuple(sorted(set(kind))) if kind is not None else ("act",)
        when = np.asarray(time, np.float64)
        weights = np.ones(len(when)) if weight is None else np.asarray(weight, np.float64)
        kept = _checked(when, weights, _positions(sender, names), _positions(receiver, names), names)
        types = np.zeros(len(when), np.int64) if kind is None else _positions(kind, kinds)
        return cls(
            time=when[kept],
            sender=_positions(sender, names)[kept],
            receiver=_positions(receiver, names)[kept],
            actors=names,
            kind=types[kept],
            kinds=kinds,
            weight=weights[kept],
            loops=len(when) - len(kept),
        )

    def __len__(self) -> int:
        return len(self.time)

    def only(self, *kinds: str) -> Events:
        """The acts of some kinds, with the same actors. Raises UsageError (unknown kind) and TooLittle (none left)."""
        wanted = [self.kinds.index(k) for k in kinds if k in self.kinds]
        if len(wanted) < len(kinds):
            raise UsageError(
                f"no acts of kind {', '.join(set(kinds) - set(self.kinds))}: kinds are {', '.join(self.kinds)}"
            )
        return self.at(np.flatnonzero(np.isin(self.kind, wanted)))

    def at(self, rows: Ints) -> Events:
        """The acts at the given positions. Raises TooLittle when there are none."""
        if not len(rows):
            raise TooLittle("no acts are left after the selection: widen it")
        return Events(
            time=self.time[rows],
            sender=self.sender[rows],
            receiver=self.receiver[rows],
            actors=self.actors,
            kind=self.kind[rows],
            kinds=self.kinds,
            weight=self.weight[rows],
            loops=self.loops,
        )


def _positions(names: Sequence[str], known: Sequence[str]) -> Ints:
    table = {name: at for at, name in enumerate(known)}
    try:
        return np.fromiter((table[name] for name in names), np.int64, len(names))
    except KeyError as error:
        raise UsageError(
            f"{error.args[0]!r} is not among the {len(known)} actors given: add it or leave its acts out"
        ) from None


def _checked(time: Floats, weight: Floats, sender: Ints, receiver: Ints, actors: Sequence[str]) -> Ints:
    """Positions of the acts to keep, in order of time."""
    if not len(time):
        raise TooLittle("there are no acts: a relational event model needs a sequence of them")
    if not np.isfinite(time).all():
        raise UsageError(f"{int((~np.isfinite(time)).sum())} acts have no date: leave them out, or say when they were")
    if not np.isfinite(weight).all():
        raise UsageError("weights must be numbers: leave out the acts whose weight is unknown, or give them 1")
    if len(actors) < 2:
        raise TooLittle(f"there is one actor only ({', '.join(actors)}): somebody must act on somebody else")
    order = np.argsort(time, kind="stable")
    kept: Ints = order[sender[order] != receiver[order]]
    if not len(kept):
        raise TooLittle("every act is of an actor on itself: somebody must act on somebody else")
    return kept


@dataclass(frozen=True)
class Network:
    """A weighted network of n actors that changes: `initial` [n, n], then updates in order of time.

    Update u sets (`replace`) or raises the tie `sender[u]` -> `receiver[u]` by `value[u]` at `time[u]`; both ways
    in an undirected network. A change counts for whatever happens strictly later.
    """

    initial: Floats
    time: Floats
    sender: Ints
    receiver: Ints
    value: Floats
    replace: bool = False
    directed: bool = True

    @classmethod
    def of_events(cls, events: Events, kind: int | None = None) -> Network:
        """The network that the acts themselves make, each adding its weight to its tie."""
        of = slice(None) if kind is None else events.kind == kind
        count = len(events.actors)
        return cls(np.zeros((count, count)), events.time[of], events.sender[of], events.receiver[of], events.weight[of])


@dataclass(frozen=True)
class Attribute:
    """A number for each of n actors that changes: `initial` [n], then `actor[u]` takes `value[u]` at `time[u]`."""

    initial: Floats
    time: Floats = field(default_factory=lambda: np.zeros(0))
    actor: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    value: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Data:
    """Everything that a formula may name: the acts, further networks, attributes, and who is present when."""

    events: Events
    networks: Mapping[str, Network] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    present: Attribute | None = None


def day_number(value: object) -> float:
    """A date, a timestamp or ISO text as a count of days; a number stays itself. Raises UsageError."""
    if isinstance(value, bool) or value is None:
        raise UsageError(f"{value!r} is not a date: give a date, 'YYYY-MM-DD' or a number of days")
    if isinstance(value, date):
        return float(value.toordinal())
    try:
        number = float(date.fromisoformat(value[:10]).toordinal()) if isinstance(value, str) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise UsageError(f"{value!r} is not a date: give a date, 'YYYY-MM-DD' or a number of days") from None
    if not math.isfinite(number):
        raise UsageError(f"{value!r} is not a date: give a date, 'YYYY-MM-DD' or a number of days")
    return number


def columns(rows: Iterable[Any], names: Sequence[str]) -> list[list[Any]]:
    """Columns of rows that are mappings or sequences in the order of `names`. Raises UsageError (a missing column)."""
    out: list[list[Any]] = [[] for _ in names]
    for row in rows:
        try:
            values = [row[name] for name in names] if isinstance(row, Mapping) else list(row)[: len(names)]
        except KeyError as error:
            raise UsageError(f"a row has no {error.args[0]!r}: rows need {', '.join(names)}") from None
        if len(values) < len(names):
            raise UsageError(f"a row has {len(values)} values: rows need {', '.join(names)}")
        for column, value in zip(out, values, strict=True):
            column.append(value)
    return out
