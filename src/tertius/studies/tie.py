"""Two players: what each does to the other over time, reciprocity and change points (docs/studies/tie.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.ontology import QUAD_NAMES
from tertius.studies import shifts
from tertius.studies.changes import changes, dispersion, rate_interval
from tertius.studies.record import PRESSURE, SUPPORT, Bools, Floats, Record

if TYPE_CHECKING:
    from tertius.ledger.ledger import Ledger

Tone = Literal["support", "pressure"]

TONES: dict[Tone, tuple[int, int]] = {"support": SUPPORT, "pressure": PRESSURE}
PERIOD = 28
WINDOW = 7
LEAST_DAYS = 56
LEAST_ANSWERS = 10  # acts each way, for reciprocity
RIDGE = 1.0
SHOWN = 12  # ids behind a change

VOICES_SQL = files(__package__).joinpath("voices.sql").read_text(encoding="utf-8")
FIGURES_SQL = files(__package__).joinpath("pair_figures.sql").read_text(encoding="utf-8")


class Period(msgspec.Struct, frozen=True):
    """28 days of acts of one quad class: acts a week with the 95% interval, and mean intensity (None: no acts)."""

    start: str
    source: str
    target: str
    quad: int
    acts: int
    weekly: float
    low: float
    high: float
    intensity: float | None
    intensity_error: float | None


class Change(msgspec.Struct, frozen=True):
    """A week in which a rate changed: acts a week before and after with 95% intervals, and acts of that week on."""

    date: str
    source: str
    target: str
    tone: Tone
    before: float
    before_low: float
    before_high: float
    after: float
    after_low: float
    after_high: float
    ids: tuple[str, ...]


class Reciprocity(msgspec.Struct, frozen=True):
    """Whether `by` answers `to` in kind: the rate in the week after more of it than usual, over other days.

    `p` is from all circular shifts, given the answerer's own habit. None where there is too little.
    """

    by: str
    to: str
    tone: Tone
    acts: int
    answered: int
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None


class Voices(msgspec.Struct, frozen=True):
    """How often speakers of one side report acts of a source on a target in one quad class, and with what verdict."""

    side: str
    source: str
    target: str
    quad: int
    verdict: str
    reports: int
    ids: tuple[str, ...]


class Tie(msgspec.Struct, frozen=True):
    """All of a pair that its dated acts tell, and a sentence about it."""

    sentence: str
    periods: tuple[Period, ...]
    reciprocity: tuple[Reciprocity, ...]
    changes: tuple[Change, ...]


def tie(record: Record, a: str, b: str) -> Tie:
    """The tie of two actors. Raises UsageError for unknown names, TooLittle when neither acts on the other."""
    first, second = pair_of(record, a, b)
    ways = ((first, second), (second, first))
    periods = [period for way in ways for period in _periods(record, *way)]
    reciprocity = tuple(_reciprocity(record, *way, tone) for way in ways for tone in TONES)
    found = tuple(change for way in ways for tone in TONES for change in _changes(record, *way, tone))
    return Tie(_sentence(record, first, second, reciprocity, found), tuple(periods), reciprocity, found)


def pair_of(record: Record, a: str, b: str) -> tuple[int, int]:
    """The numbers of two actors that act on one another. Raises UsageError and TooLittle."""
    first, second = record.number(a), record.number(b)
    if first == second:
        raise UsageError(f"{a} and {b} are the same actor: name two")
    if not (record.where(first, second) | record.where(second, first)).any():
        raise TooLittle(f"neither {a} nor {b} acts on the other in this record: there is no tie to show")
    return first, second


def voices(ledger: Ledger, record: Record, a: str, b: str, until: str | None = None) -> list[Voices]:
    """What A's own speakers, B's, third parties and the writers say of the two (VOICES_SQL)."""
    rows = _about(ledger, VOICES_SQL, record, a, b, until)
    return [msgspec.convert({**row, "ids": tuple(row["ids"])}, Voices) for row in rows]


def figures(ledger: Ledger, record: Record, a: str, b: str, until: str | None = None) -> list[dict[str, Any]]:
    """The figures that the articles give for the pair (FIGURES_SQL)."""
    return _about(ledger, FIGURES_SQL, record, a, b, until)


def _about(ledger: Ledger, sql: str, record: Record, a: str, b: str, until: str | None) -> list[dict[str, Any]]:
    first, second = pair_of(record, a, b)
    values = {"a": record.actors[first], "b": record.actors[second], "until": until or date.today().isoformat()}
    with ledger.connect() as connection:
        cursor = connection.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _periods(record: Record, source: int, target: int) -> Iterator[Period]:
    at = (record.day - record.first) // PERIOD
    for quad in QUAD_NAMES:
        chosen = record.where(source, target, (quad,))
        weekly = np.bincount((record.day[chosen] - record.first) // 7, minlength=-(-record.days // 7)).astype(float)
        spread = dispersion(weekly) if len(weekly) > 1 and chosen.any() else 1.0
        for period in range(-(-record.days // PERIOD)):
            yield _period(record, chosen & (at == period), (source, target, quad, period), spread)


def _period(record: Record, chosen: Bools, key: tuple[int, int, int, int], spread: float) -> Period:
    source, target, quad, period = key
    weeks = min(PERIOD, record.days - period * PERIOD) / 7
    acts, intensity = int(chosen.sum()), record.intensity[chosen]
    known = intensity[~np.isnan(intensity)]
    low, high = rate_interval(acts, weeks, spread)
    return Period(
        record.dated(period * PERIOD), record.actors[source], record.actors[target], quad, acts, acts / weeks,
        low, high,
        float(known.mean()) if len(known) else None,
        float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None,
    )  # fmt: skip


def _reciprocity(record: Record, by: int, to: int, tone: Tone) -> Reciprocity:
    """Whether `by` does to `to` what it has received."""
    y, received = (record.daily(record.where(*way, TONES[tone])) for way in ((by, to), (to, by)))
    pressed = shifts.recent(received, WINDOW)
    exposed = (pressed > np.median(pressed)).astype(np.float64)
    empty = Reciprocity(
        record.actors[by], record.actors[to], tone, int(received.sum()), int(y.sum()), None, None, None, None
    )
    if record.days < LEAST_DAYS or min(y.sum(), received.sum()) < LEAST_ANSWERS or exposed.std() == 0:
        return empty
    habit = np.log1p(np.column_stack([shifts.faded(y, 7.0), shifts.faded(y, 60.0)]))
    controls = np.column_stack([np.ones(len(y)), habit - habit.mean(axis=0)])
    prior = np.array([0.0, RIDGE, RIDGE])
    tested = shifts.shift_test(y, exposed, controls, prior)
    fit = shifts.poisson(y, np.column_stack([controls, exposed]), np.append(prior, RIDGE))
    error = float(np.sqrt(fit.covariance[-1, -1] * fit.dispersion))
    ratio, low, high = np.exp(fit.coef[-1] + error * np.array([0.0, -1.96, 1.96])).tolist()
    return msgspec.structs.replace(empty, ratio=ratio, low=low, high=high, p=tested.p)


def _changes(record: Record, source: int, target: int, tone: Tone) -> Iterator[Change]:
    """The change points of weekly counts; a last week that is not whole is left out."""
    chosen = record.where(source, target, TONES[tone])
    week = (record.day - record.first) // 7
    weekly = np.bincount(week[chosen], minlength=record.days // 7).astype(np.float64)[: record.days // 7]
    found = changes(weekly)
    spread = dispersion(weekly) if len(weekly) > 1 else 1.0
    edges = (0, *found, len(weekly))
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        earlier, later = _rate(weekly[before:at], spread), _rate(weekly[at:after], spread)
        ids = record.ids_of(chosen & (week >= at) & (week < after))[:SHOWN]
        yield Change(record.dated(7 * at), record.actors[source], record.actors[target], tone, *earlier, *later, ids)


def _rate(weekly: Floats, spread: float) -> tuple[float, float, float]:
    """Acts a week with the 95% interval."""
    total, weeks = float(weekly.sum()), len(weekly)
    low, high = rate_interval(total, weeks, spread)
    return total / weeks, low, high


def _sentence(record: Record, a: int, b: int, answered: tuple[Reciprocity, ...], found: tuple[Change, ...]) -> str:
    told = []
    for source, target in ((a, b), (b, a)):
        acts, hostile = record.where(source, target).sum(), record.where(source, target, PRESSURE).sum()
        share = f", {hostile / acts:.0%} of them pressure" if acts else ""
        told.append(f"{record.actors[source]} acts {acts} times on {record.actors[target]}{share}")
    clear = [
        f"{one.by} answers {one.to}'s {one.tone} in kind ({one.ratio:.1f} times as often)"
        for one in answered
        if one.p and one.p <= 0.05 / len(answered) and (one.ratio or 0) > 1
    ]
    told.append(" and ".join(clear) if clear else "no answering in kind is clear of chance")
    told.append(f"{len(found)} change{'' if len(found) == 1 else 's'} of pace")
    return f"In {record.days} days {'; '.join(told)}."
