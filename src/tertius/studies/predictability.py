"""How predictable each actor is: surprise per act in bits, split into whom and how (docs/studies/predictability.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from tertius.errors import TooLittle
from tertius.studies.forecaster import Surprise, surprise
from tertius.studies.record import Bools, Floats, Ints, Record

Tier = Literal["more predictable", "in between", "less predictable", "too few acts"]

LEAST_ACTS = 50
RELIABLE = 200  # acts from which an actor has a tier: with fewer, odd and even weeks disagree too much
LEAST_WEEKS = 8
WARM_UP = 60  # days from which the forecaster learns before it is judged, or a quarter of a shorter record
DRAWS = 400
PERIOD = 28  # days of a row over time
SEED = 20


class Predictability(msgspec.Struct, frozen=True):
    """An actor's mean surprise per act in bits, with 95% week-block bootstrap intervals.

    `stationary`: bits under the actor's own constant rates; `learnt`: how much of them the recent past saves. `tier`
    is set against the median actor, only where the interval is clear of it, and from 200 acts on.
    """

    actor: str
    acts: int
    bits: float
    low: float
    high: float
    whom: float
    whom_low: float
    whom_high: float
    how: float
    how_low: float
    how_high: float
    stationary: float
    learnt: float
    tier: Tier


class SurprisingAct(msgspec.Struct, frozen=True):
    """An act, and the bits by which its target and its type surprised."""

    id: str
    date: str
    source: str
    target: str
    type: str
    bits: float
    whom: float
    how: float


class Period(msgspec.Struct, frozen=True):
    """An actor's mean surprise in 28 days; `error` is its standard error."""

    actor: str
    start: str
    acts: int
    bits: float
    whom: float
    how: float
    error: float | None


def predictability(record: Record, least: int = LEAST_ACTS) -> list[Predictability]:
    """Every actor with at least `least` acts after the warm-up, most predictable first. Raises TooLittle."""
    found, judged = _judged(record)
    week = (record.day - record.first) // 7
    rows = [
        (record.actors[at], *_intervals(found, judged & (record.source == at), week))
        for at in np.flatnonzero(np.bincount(record.source[judged], minlength=len(record.actors)) >= least).tolist()
    ]
    if not rows:
        most = int(np.bincount(record.source[judged]).max())
        raise TooLittle(f"no actor has {least} acts after the warm-up (the most is {most}): lower --least, or add acts")
    middle = float(np.median([estimate[0, 0] for _, _, estimate in rows]))
    told = [_row(actor, acts, estimate, middle) for actor, acts, estimate in rows]
    return sorted(told, key=lambda row: row.bits)


def surprising(record: Record, actor: str, most: int = 20) -> list[SurprisingAct]:
    """The acts of one actor that surprised most, after the warm-up. Raises UsageError and TooLittle."""
    source = record.number(actor)
    found, judged = _judged(record)
    own = np.flatnonzero(judged & (record.source == source))
    if not len(own):
        raise TooLittle(f"{actor} does not act on others after the first {_warm_up(record)} days: nothing to be judged")
    chosen = own[np.argsort(-found.bits[own], kind="stable")][:most]
    return [_act(record, found, at) for at in chosen.tolist()]


def over_time(record: Record, actor: str) -> list[Period]:
    """One actor's surprise in periods of 28 days. Raises UsageError and TooLittle."""
    source = record.number(actor)
    found, judged = _judged(record)
    own = judged & (record.source == source)
    period = (record.day - record.first) // PERIOD
    return [_period(record, found, own & (period == at), at) for at in np.unique(period[own]).tolist()]


def halves(record: Record, least: int = LEAST_ACTS) -> list[tuple[str, int, float, float]]:
    """Actors with their acts and mean surprise in even and in odd weeks, for split-half reliability."""
    found, judged = _judged(record)
    odd = (record.day - record.first) // 7 % 2 == 1
    rows = []
    for at, actor in enumerate(record.actors):
        own = judged & (record.source == at)
        even_half, odd_half = own & ~odd, own & odd
        if own.sum() >= least and even_half.any() and odd_half.any():
            rows.append(
                (actor, int(own.sum()), float(found.bits[even_half].mean()), float(found.bits[odd_half].mean()))
            )
    return rows


def _warm_up(record: Record) -> int:
    return min(WARM_UP, record.days // 4)


def _judged(record: Record) -> tuple[Surprise, Bools]:
    """The surprise of all acts, and which of them are judged. Raises TooLittle."""
    if record.days < 7 * LEAST_WEEKS:
        raise TooLittle(f"the record spans {record.days} days: predictability needs {7 * LEAST_WEEKS} at least")
    if len(record.actors) < 3:
        raise TooLittle("only two actors: whom one acts on is no question, so predictability needs three at least")
    if len(record.types) < 2:
        raise TooLittle(f"all acts are {record.types[0]}: how somebody acts is no question in this record")
    return surprise(record), record.day - record.first >= _warm_up(record)


def _intervals(found: Surprise, chosen: Bools, week: Ints) -> tuple[int, Floats]:
    """Acts, and bits, whom, how and stationary with their 95% intervals, [4, 3], from resampled weeks."""
    weeks, place = np.unique(week[chosen], return_inverse=True)
    series = (found.bits, found.whom, found.how, found.stationary)
    counts = np.bincount(place, minlength=len(weeks))
    sums = np.array([np.bincount(place, values[chosen], len(weeks)) for values in series])
    draws = np.random.default_rng(SEED).multinomial(len(weeks), np.full(len(weeks), 1 / len(weeks)), DRAWS)
    means = (draws @ sums.T) / np.maximum(draws @ counts, 1)[:, None]
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    return int(chosen.sum()), np.column_stack([sums.sum(axis=1) / chosen.sum(), low, high])


def _row(actor: str, acts: int, estimate: Floats, middle: float) -> Predictability:
    (bits, low, high), (whom, whom_low, whom_high), (how, how_low, how_high), (stationary, *_) = estimate.tolist()
    return Predictability(
        actor=actor, acts=acts, bits=bits, low=low, high=high, whom=whom, whom_low=whom_low, whom_high=whom_high,
        how=how, how_low=how_low, how_high=how_high, stationary=stationary, learnt=stationary - bits,
        tier=_tier(low, high, middle) if acts >= RELIABLE else "too few acts",
    )  # fmt: skip


def _tier(low: float, high: float, middle: float) -> Tier:
    return "more predictable" if high < middle else "less predictable" if low > middle else "in between"


def _act(record: Record, found: Surprise, at: int) -> SurprisingAct:
    return SurprisingAct(
        record.ids[at], record.dated(int(record.day[at]) - record.first), record.actors[record.source[at]],
        record.actors[record.target[at]], record.types[record.kind[at]], float(found.bits[at]),
        float(found.whom[at]), float(found.how[at]),
    )  # fmt: skip


def _period(record: Record, found: Surprise, chosen: Bools, at: int) -> Period:
    bits, acts = found.bits[chosen], int(chosen.sum())
    error = float(bits.std(ddof=1) / np.sqrt(acts)) if acts > 1 else None
    actor = record.actors[record.source[chosen][0]]
    return Period(
        actor, record.dated(at * PERIOD), acts, float(bits.mean()), float(found.whom[chosen].mean()),
        float(found.how[chosen].mean()), error,
    )  # fmt: skip


def tiers(rows: Sequence[Predictability]) -> str:
    """One sentence about all actors."""
    counted = Counter(row.tier for row in rows)
    middle = float(np.median([row.bits for row in rows]))
    return (
        f"{len(rows)} actors, {middle:.2f} bits per act at the median: {counted['more predictable']} are more"
        f" predictable than that, {counted['less predictable']} less, {counted['in between']} cannot be told from it,"
        f" {counted['too few acts']} have fewer than {RELIABLE} acts. Read tiers, not ranks."
    )
