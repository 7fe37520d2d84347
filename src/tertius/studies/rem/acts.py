"""Dated acts of one actor on another, each in one of the four quad classes, from rows, columns or a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.studies.record import Record
from tertius.studies.rem.arrays import Floats, Ints
from tertius.studies.rem.events import Events, columns, day_number

COLUMNS = ("date", "source", "target", "quad")
SUPPORT, PRESSURE = "support", "pressure"
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")


@dataclass(frozen=True)
class Acts:
    """m acts in order of days. `events.kind` is support (quad 1, 2) or pressure (3, 4); `quad`: int [m], 1 to 4."""

    events: Events
    quad: Ints

    def __len__(self) -> int:
        return len(self.events)

    @property
    def pressure(self) -> Floats:
        """1 for pressure, 0 for support; [m]."""
        return (self.quad > 2).astype(np.float64)

    @property
    def dyad(self) -> Ints:
        """A number for each ordered pair; [m]."""
        return dyads(self.events.sender, self.events.receiver, len(self.events.actors))

    @property
    def pair(self) -> Ints:
        """A number for each unordered pair; [m]."""
        return pairs(self.events.sender, self.events.receiver, len(self.events.actors))


def dyads(sender: Ints, receiver: Ints, actors: int) -> Ints:
    """A number for each ordered pair."""
    return sender * actors + receiver


def pairs(sender: Ints, receiver: Ints, actors: int) -> Ints:
    """A number for each pair, whoever acts."""
    return dyads(np.minimum(sender, receiver), np.maximum(sender, receiver), actors)


def of_columns(
    date: Sequence[Any] | Ints, source: Sequence[str], target: Sequence[str], quad: Sequence[int] | Ints
) -> Acts:
    """Acts from columns: dates (or numbers of days), names, quad classes 1 to 4. Raises UsageError and TooLittle."""
    try:
        classes = np.asarray(quad, np.int64)
    except (TypeError, ValueError):
        raise UsageError("quad must hold whole numbers: 1 and 2 for cooperation, 3 and 4 for conflict") from None
    if len(classes) and not ((classes >= 1) & (classes <= 4)).all():
        raise UsageError("quad must be 1, 2 (cooperation), 3 or 4 (conflict): leave out acts without a quad class")
    days = [day_number(value) for value in date]
    tone = [(SUPPORT, PRESSURE)[int(c > 2)] for c in classes.tolist()]
    events = Events.of(days, source, target, tone)
    if events.time[0] == events.time[-1]:
        raise TooLittle("all acts are of one day: responses need acts on several days")
    apart = np.array([a != b for a, b in zip(source, target, strict=True)], bool)
    order = np.argsort(np.asarray(days), kind="stable")
    return Acts(_both_kinds(events), classes[order][apart[order]])


def _both_kinds(events: Events) -> Events:
    """The same events with both tones as kinds, even when one does not occur."""
    names = np.array(events.kinds)[events.kind]
    return Events(
        time=events.time, sender=events.sender, receiver=events.receiver, actors=events.actors,
        kind=(names == PRESSURE).astype(np.int64), kinds=(SUPPORT, PRESSURE), weight=events.weight, loops=events.loops,
    )  # fmt: skip


def of_rows(rows: Iterable[Any], until: Any = None) -> Acts:
    """Acts from rows: mappings with date, source, target, quad, or tuples in that order; none after the day `until`.

    Raises UsageError and TooLittle.
    """
    date, source, target, quad = columns(rows, COLUMNS)
    if until is not None:
        last = day_number(until)
        kept = [at for at, day in enumerate(date) if day_number(day) <= last]
        date, source, target, quad = ([column[at] for at in kept] for column in (date, source, target, quad))
    return of_columns(date, source, target, quad)


def of_record(record: Record) -> Acts:
    """The acts of the record that all studies read, in the same order, so that `record.ids` tells which is which.

    Times are proleptic ordinals of days. Raises TooLittle.
    """
    names = np.array(record.actors)
    found = of_columns(record.day, names[record.source].tolist(), names[record.target].tolist(), record.quad)
    return replace(found, events=replace(found.events, loops=record.self_acts))
