"""What if: the same forecasts with supposed acts added, beside those without.

The supposed acts enter the record as if they had been reported; what was learnt stays. It is what usually follows such
acts, and not what they would cause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from tertius.errors import UsageError
from tertius.ontology import QUAD_NAMES, TYPES
from tertius.studies.forecasts import chances, dyads
from tertius.studies.forecasts.backtest import named
from tertius.studies.forecasts.chances import Rows
from tertius.studies.forecasts.outlook import Forecaster, percent
from tertius.studies.forecasts.panel import State
from tertius.studies.forecasts.training import Learnt
from tertius.studies.record import Bools, Ints, Record, name_of

FORM = "write --if 'RUS ASSAULT UKR on 2024-03-05'"
SPREAD = 1.645  # standard errors on either side of a 90% interval
WEEK = 7
LEAST = 0.0005  # a change of less is not told for others


class Supposed(NamedTuple):
    """An act that is supposed; `day` is the ordinal of its date."""

    source: str
    type: str
    target: str
    day: int

    def words(self) -> str:
        """As it is written after --if."""
        return f"{self.source} {self.type} {self.target} on {date.fromordinal(self.day).isoformat()}"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast with and without the supposed acts. `difference` is in probability, with a 90% interval.

    The interval holds what is uncertain in the coefficients (sandwich over pairs) and how far the learners differ.
    """

    source: str
    target: str
    what: str
    quad: int
    within: int
    origin: str
    chance: float
    supposing: float
    difference: float
    low: float
    high: float
    usual: float
    sentence: str


class Scenario(NamedTuple):
    """The acts that are supposed, what changes, and where the supposition lies outside what the record has seen."""

    supposed: list[Supposed]
    changes: list[Change]
    warnings: list[str]


def check(supposed: Sequence[str]) -> None:
    """Whether suppositions can be read at all, whatever the record. Raises UsageError."""
    for words in supposed:
        _parts(words)


def _parts(words: str) -> tuple[str, str, str, int]:
    """Source, type, target and the ordinal of the date."""
    kinds = "|".join(TYPES)
    found = re.fullmatch(rf"\s*(.+?)\s+({kinds})\s+(.+?)\s+on\s+(\S+)\s*", words, re.IGNORECASE)
    if not found:
        raise UsageError(f"{words!r} cannot be understood: {FORM}; types are {', '.join(TYPES)}")
    try:
        return found[1], found[2].upper(), found[3], date.fromisoformat(found[4]).toordinal()
    except ValueError:
        raise UsageError(f"{found[4]!r} is not a date: {FORM}") from None


def parse(words: str, record: Record, last: int, horizon: int) -> Supposed:
    """An act as --if gives it: 'A TYPE B on DATE'. `last` is the ordinal of the last known day.

    Raises UsageError for what cannot be read, an actor on itself, a date before the record or after the horizon.
    """
    first, type_, second, day = _parts(words)
    source, target = (record.actors[record.number(side)] for side in (first, second))
    if source == target:
        raise UsageError(f"{words!r} has {source} act on itself: name two actors")
    if not record.first <= day <= last + horizon:
        start, end = (date.fromordinal(d).isoformat() for d in (record.first, last + horizon))
        raise UsageError(f"{words!r} lies outside {start} to {end}: suppose a day of the record or of the forecast")
    return Supposed(source, type_, target, day)


def scenario(
    forecaster: Forecaster, supposed: Sequence[str], pairs: Sequence[tuple[str, str]] = (), others: int = 5
) -> Scenario:
    """The forecasts for the supposed pairs (both ways), other `pairs`, and the `others` that change most.

    Raises UsageError for suppositions that cannot be made.
    """
    record, last = forecaster.record, forecaster.record.first + forecaster.day
    horizon = max(h for _, h in forecaster.learnt)
    acts = [parse(words, record, last, horizon) for words in supposed]
    if not acts:
        raise UsageError(f"nothing is supposed: {FORM}")
    acts = list(dict.fromkeys(acts))
    asked = {(record.number(a), record.number(b)) for a, b in pairs}
    for act in acts:
        a, b = record.number(act.source), record.number(act.target)
        asked |= {(a, b), (b, a)}
    state = _supposing(forecaster, acts, last)
    changes = [one for own in forecaster.learnt.values() for one in _changes(forecaster, own, state, asked, others)]
    return Scenario(acts, changes, [*_warnings(record, acts, last), *_unlearnt(forecaster)])


def _unlearnt(forecaster: Forecaster) -> list[str]:
    """The kinds of acts whose usual rate stands whatever is supposed."""
    kinds = [
        f"{named(forecaster.acts, layer)} within {h} days"
        for (layer, h), own in forecaster.learnt.items()
        if not own.model
    ]
    if not kinds:
        return []
    which = "any kind of act" if len(kinds) == len(forecaster.learnt) else ", ".join(kinds)
    return [f"Too little is known to learn what moves {which}: there the supposition changes nothing."]


def _supposing(forecaster: Forecaster, acts: Sequence[Supposed], last: int) -> State:
    """The state of the last day with the supposed acts in the record; those of later days are put on the last."""
    record = forecaster.record
    # Types keep their places in what was learnt; one that nobody did before enters by its quad class alone.
    types = (*record.types, *sorted({act.type for act in acts} - set(record.types)))
    there = set(zip(*(column.tolist() for column in _keys(record)), strict=True))
    told = [
        (min(act.day, last), record.number(act.source), record.number(act.target), types.index(act.type))
        for act in acts
    ]
    new = [row for row in dict.fromkeys(told) if row not in there]
    columns = np.array(new, np.int64).reshape(-1, 4).T
    quads = np.array([TYPES[types[row[3]]].quad for row in new], np.int64)
    joined = [
        np.concatenate([old, more]) for old, more in zip((*_keys(record), record.quad), (*columns, quads), strict=True)
    ]
    order = np.argsort(joined[0], kind="stable")
    day, source, target, kind, quad = (column[order] for column in joined)
    ids = (*record.ids, *("supposed",) * len(new))
    added = replace(
        record, types=types, day=day, source=source, target=target, kind=kind, quad=quad,
        intensity=np.full(len(day), np.nan), ids=tuple(ids[at] for at in order),
    )  # fmt: skip
    supposing = replace(forecaster.acts, record=added, day=day - record.first)
    return State(supposing, forecaster.state.horizons).until(forecaster.day)


def _keys(record: Record) -> tuple[Ints, Ints, Ints, Ints]:
    return record.day, record.source, record.target, record.kind


def _changes(
    forecaster: Forecaster, own: Learnt, state: State, asked: set[tuple[int, int]], others: int
) -> list[Change]:
    """What changes in one kind of forecast: for the pairs that were asked for, then for those that change most."""
    source, target = state.pairs()
    known = set(zip(source.tolist(), target.tolist(), strict=True))
    more = np.array(sorted(asked - known), np.int64).reshape(-1, 2)
    source, target = np.concatenate([source, more[:, 0]]), np.concatenate([target, more[:, 1]])
    before = forecaster.rows(own.layer, source, target)
    after = chances.rows_at(state, dyads.shared(state), own.layer, source, target)
    plain, supposing = own.chances(before), own.chances(after)
    pairs = list(zip(source.tolist(), target.tolist(), strict=True))
    far = np.argsort(-np.abs(chances.logit(supposing) - chances.logit(plain)) * np.sqrt(plain), kind="stable")
    rest = [int(at) for at in far if pairs[at] not in asked and abs(supposing[at] - plain[at]) > LEAST][:others]
    chosen = [at for at, pair in enumerate(pairs) if pair in asked] + rest
    return [_change(forecaster, own, _one(before, at), _one(after, at)) for at in chosen]


def _one(rows: Rows, at: int) -> Rows:
    return rows.pick(np.arange(len(rows)) == at)


def _change(forecaster: Forecaster, own: Learnt, before: Rows, after: Rows) -> Change:
    plain, supposing = float(own.chances(before)[0]), float(own.chances(after)[0])
    low, high = _interval(own, before, after) if own.model else (supposing - plain, supposing - plain)
    record = forecaster.record
    told = Change(
        source=record.actors[before.source[0]], target=record.actors[before.target[0]],
        what=named(forecaster.acts, own.layer), quad=forecaster.quad(own.layer), within=own.horizon,
        origin=forecaster.origin, chance=plain, supposing=supposing, difference=supposing - plain, low=low, high=high,
        usual=float(chances.usual(before, own.horizon, own.worth)[0]), sentence="",
    )  # fmt: skip
    return msgspec.structs.replace(told, sentence=_sentence(told))


def _interval(own: Learnt, before: Rows, after: Rows) -> tuple[float, float]:
    """A 90% interval of the difference: the regression's covariance, and how far the three learners differ."""
    assert own.model is not None
    linear = own.model.linear
    step = linear.design(after.values) - linear.design(before.values)
    scores = [own.model.learners(rows, own.horizon)[:, 0] for rows in (before, after)]
    apart = float(np.var(scores[1] - scores[0], ddof=1)) / 3
    error = float(np.sqrt(max(0.0, (step @ linear.covariance @ step.T)[0, 0]) / 9 + apart))
    plain = float(own.chances(before)[0])
    middle = float(scores[1].mean())
    low, high = (float(chances.chance_of(np.array(middle + way * SPREAD * error))) - plain for way in (-1, 1))
    return low, high


def _sentence(told: Change) -> str:
    a, b = name_of(told.source), name_of(told.target)
    what = told.what if " " in told.what else f"acts of {told.what}"
    points = [f"{100 * value:+.1f}" for value in (told.difference, told.low, told.high)]
    return (
        f"{a} on {b}: supposing so, the chance of {what} within {told.within} days after {told.origin} is "
        f"{percent(told.supposing)} instead of {percent(told.chance)} ({points[0]} points, {points[1]} to {points[2]})."
    )


def _warnings(record: Record, acts: Sequence[Supposed], last: int) -> list[str]:
    """Where a supposition lies outside what the record has seen, or is not taken as it was written."""
    told = []
    for act in acts:
        if act.type not in record.types:
            told.append(f"Nobody does {act.type} in this record: it counts only as {_quad_of(act)}.")
        elif not (record.where(record.number(act.source), record.number(act.target)) & _of(record, act.type)).any():
            told.append(f"{act.source} never did {act.type} to {act.target} in this record: what follows is a guess.")
        if act.day > last:
            day = date.fromordinal(last).isoformat()
            told.append(f"'{act.words()}' lies after the last known day: it is counted as of {day}.")
    many = Counter((act.source, act.target, TYPES[act.type].quad) for act in acts)
    for (source, target, quad), count in many.items():
        most = _busiest(record, quad)
        if count > most:
            told.append(
                f"{count} acts of {source} on {target} are supposed: no pair did more than {most} of that class in "
                f"{WEEK} days, so the answer reaches beyond what was learnt."
            )
    return told


def _quad_of(act: Supposed) -> str:
    return QUAD_NAMES[TYPES[act.type].quad]


def _of(record: Record, type_: str) -> Bools:
    return np.asarray(record.kind == record.types.index(type_), np.bool_)


def _busiest(record: Record, quad: int) -> int:
    """The most acts of a quad class that any pair did within a week."""
    own = record.quad == quad
    pair = record.source[own] * len(record.actors) + record.target[own]
    order = np.lexsort((record.day[own], pair))
    pair, day = pair[order], record.day[own][order]
    # The same pair keeps its days together when each pair starts far after the one before.
    place = pair * (record.days + WEEK) + day - record.first
    return int((np.searchsorted(place, place + WEEK) - np.arange(len(place))).max(initial=0))
