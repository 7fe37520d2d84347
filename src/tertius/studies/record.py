"""The record that the studies of pairs and triads read: dated acts between countries, one a day, pair and type."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tertius.errors import TooLittle, UsageError
from tertius.ontology import INTERNATIONAL
from tertius.world import entities

if TYPE_CHECKING:
    from tertius.ledger.ledger import Ledger

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SQL = files(__package__).joinpath("record.sql").read_text(encoding="utf-8")
SUPPORT, PRESSURE = (1, 2), (3, 4)  # quad classes


@dataclass(frozen=True)
class Record:
    """m acts in order of days. `day` is the proleptic ordinal of the date; `source` and `target` point into `actors`.

    `kind` points into `types`; `intensity` is NaN where unknown. Acts of an actor on itself and acts later than the
    day that the record was asked for are left out and counted.
    """

    actors: tuple[str, ...]
    types: tuple[str, ...]
    day: Ints
    source: Ints
    target: Ints
    quad: Ints
    kind: Ints
    intensity: Floats
    ids: tuple[str, ...]
    self_acts: int = 0
    future: int = 0

    def __len__(self) -> int:
        return len(self.day)

    @property
    def first(self) -> int:
        """The first day."""
        return int(self.day[0])

    @property
    def days(self) -> int:
        """How many days the record spans, those without acts included."""
        return int(self.day[-1]) - self.first + 1

    def number(self, actor: str) -> int:
        """Where an actor stands in `actors`. Raises UsageError, with suggestions, if it does not act here."""
        return self.actors.index(resolve(actor, self.actors))

    def where(self, source: int | None, target: int | None, quads: Sequence[int] = (1, 2, 3, 4)) -> Bools:
        """Which acts are of these actors (None: anybody) and quad classes; [m]."""
        wanted = np.zeros(5, np.bool_)
        wanted[list(quads)] = True
        chosen: Bools = wanted[self.quad]
        if source is not None:
            chosen &= self.source == source
        if target is not None:
            chosen &= self.target == target
        return chosen

    def daily(self, chosen: Bools) -> Floats:
        """The number of chosen acts on each day of the record; [days]."""
        return np.bincount(self.day[chosen] - self.first, minlength=self.days).astype(np.float64)

    def ids_of(self, chosen: Bools) -> tuple[str, ...]:
        """The ids of the chosen acts."""
        return tuple(self.ids[at] for at in np.flatnonzero(chosen))

    def dated(self, day: int) -> str:
        """The ISO date of the day with this number, counted from the record's first."""
        return date.fromordinal(self.first + day).isoformat()


def of_ledger(ledger: Ledger, until: str | None = None, origins: Sequence[str] = ()) -> Record:
    """The record of a ledger, by one query (SQL), up to `until` (default: today). Raises TooLittle and UsageError."""
    with ledger.connect() as connection:
        cursor = connection.execute(SQL, {"origins": list(origins) or None})
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return of_rows(rows, until)


def of_rows(rows: Iterable[Mapping[str, Any]], until: str | None = None) -> Record:
    """A record of rows with date, source, target, type, quad and, if known, id and intensity.

    Dates are ISO strings or dates. Raises UsageError for rows that cannot be used, TooLittle when no act is left.
    """
    last = date.fromisoformat(until) if until else date.today()
    kept, self_acts, future = [], 0, 0
    for row in rows:
        day = _day(row)
        if row["source"] == row["target"]:
            self_acts += 1
        elif day > last:
            future += 1
        else:
            kept.append((day.toordinal(), row))
    if not kept:
        raise TooLittle(_nothing(self_acts, future))
    kept.sort(key=lambda pair: pair[0])
    return _columns([day for day, _ in kept], [row for _, row in kept], self_acts, future)


def _day(row: Mapping[str, Any]) -> date:
    missing = [name for name in ("date", "source", "target", "type", "quad") if row.get(name) is None]
    if missing:
        raise UsageError(f"a row without {', '.join(missing)}: a study needs date, source, target, type and quad")
    if row["quad"] not in (1, 2, 3, 4):
        raise UsageError(f"quad {row['quad']!r}: it must be 1, 2 (cooperation), 3 or 4 (conflict)")
    if isinstance(row["date"], date):
        return row["date"]
    try:
        return date.fromisoformat(str(row["date"]))
    except ValueError:
        raise UsageError(f"{row['date']!r} is not a date: write it as YYYY-MM-DD, such as 2024-03-05") from None


def _nothing(self_acts: int, future: int) -> str:
    left_out = [
        f"{count} {what}"
        for count, what in ((self_acts, "of an actor on itself"), (future, "later than today or --until"))
        if count
    ]
    besides = f" (left out: {', '.join(left_out)})" if left_out else ""
    return f"no dated acts of one country on another{besides}: read or import some, or run 'tertius merge'"


def _columns(days: list[int], rows: list[Mapping[str, Any]], self_acts: int, future: int) -> Record:
    actors = sorted({row["source"] for row in rows} | {row["target"] for row in rows})
    types = sorted({row["type"] for row in rows})
    place = {name: at for at, name in enumerate(actors)}
    kind = {name: at for at, name in enumerate(types)}
    return Record(
        actors=tuple(actors),
        types=tuple(types),
        day=np.array(days, np.int64),
        source=np.array([place[row["source"]] for row in rows], np.int64),
        target=np.array([place[row["target"]] for row in rows], np.int64),
        quad=np.array([row["quad"] for row in rows], np.int64),
        kind=np.array([kind[row["type"]] for row in rows], np.int64),
        intensity=np.array([np.nan if row.get("intensity") is None else row["intensity"] for row in rows], np.float64),
        ids=tuple(str(row.get("id", at)) for at, row in enumerate(rows)),
        self_acts=self_acts,
        future=future,
    )


def resolve(words: str, actors: Sequence[str]) -> str:
    """The actor that is meant by a code or a country's name. Raises UsageError with the nearest names if none is."""
    for candidate in (words, words.upper()):
        if candidate in actors:
            return candidate
    for known in entities.named(words):
        bloc = known.kind == "organisation" and known.country in INTERNATIONAL
        if known.country in actors and (known.kind == "state" or bloc):
            return known.country
    raise UsageError(f"{words!r} does not act in this record: {_suggestions(words, actors)}")


def _suggestions(words: str, actors: Sequence[str]) -> str:
    called = {actor.casefold(): actor for actor in actors}
    called |= {name_of(actor).casefold(): f"{name_of(actor)} ({actor})" for actor in actors}
    near = difflib.get_close_matches(words.casefold(), called, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(dict.fromkeys(called[name] for name in near))}?"
    return "name a country or its code, as 'tertius predictability' lists them"


def name_of(actor: str) -> str:
    """The name of the country or organisation with this code; other words as they are."""
    try:
        return entities.entity(actor).names[0]
    except KeyError:
        return INTERNATIONAL.get(actor, actor)
