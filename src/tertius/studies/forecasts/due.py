"""The record of forecasts: what was issued and has come due, scored against what happened.

A forecast is due when the record reaches past the last day that it speaks of, and no day between is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
import numpy as np

from tertius.ontology import QUAD_NAMES
from tertius.studies.forecasts import panel, scoring
from tertius.studies.forecasts.scoring import Bin
from tertius.studies.record import Bools, Floats, Record

MISS = 2.0  # a forecast that gave what happened half the chance of a coin (log score over 2 bits) has missed
QUADS = {name: quad for quad, name in QUAD_NAMES.items()}


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast that has come due. `surprise` is its log score in bits: 0 is perfect, 1 that of a coin.

    `evidence` are ids of the acts that came.
    """

    id: str
    issued: str
    source: str
    target: str
    what: str
    quad: int
    within: int
    origin: str
    until: str
    chance: float
    usual: float
    base_rate: float
    came: bool
    surprise: float
    model: str
    data: str
    evidence: list[str]


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How good the due forecasts of one kind were; `what` and `within` are null for all together.

    `log_score` is the mean log-loss in nats, `skill` the share by which it is below that of the climatology beside
    each, `expected` the sum of the chances, to be read beside `came`.
    """

    what: str | None
    within: int | None
    forecasts: int
    came: int
    expected: float
    brier: float
    brier_of_usual: float
    log_score: float
    log_score_of_usual: float
    skill: float


class Due(NamedTuple):
    """What became of the forecasts: those scored, how many are not due yet, and how many fell into missing days."""

    scored: list[Scored]
    pending: int
    next_due: str | None
    missing: int

    def scores(self) -> list[Score]:
        """All together, then by what was forecast and within how many days."""
        kinds = sorted({(one.what, one.within) for one in self.scored})
        by_kind = [_score([s for s in self.scored if (s.what, s.within) == kind], *kind) for kind in kinds]
        return [_score(self.scored, None, None), *by_kind] if self.scored else []

    def reliability(self) -> list[Bin]:
        """The due forecasts by chance, and how often they came true."""
        return scoring.reliability(*_columns(self.scored)) if self.scored else []

    def misses(self) -> list[Scored]:
        """Those that gave little chance to what happened, the worst first."""
        return sorted((s for s in self.scored if s.surprise > MISS), key=lambda s: (-s.surprise, s.id))

    def sentence(self) -> str:
        """What can be quoted."""
        waiting = f"{self.pending} not due yet" + (f" (the next on {self.next_due})" if self.next_due else "")
        lost = f", {self.missing} over missing days, which cannot be scored" if self.missing else ""
        if not self.scored:
            return f"No forecast has come due: {waiting}{lost}."
        every = self.scores()[0]
        return (
            f"{every.forecasts} forecasts have come due: {every.expected:.1f} were expected to come true, {every.came} "
            f"did. Brier score {every.brier:.3f} (usual rates: {every.brier_of_usual:.3f}), log score "
            f"{every.log_score:.3f}, skill against the usual rates {every.skill:+.0%}; {waiting}{lost}."
        )


def due(forecasts: Iterable[Mapping[str, Any]], record: Record) -> Due:
    """Score kept forecasts (rows of the ledger's `forecasts`) by a record of the same acts."""
    known = panel.known_days(record.day - record.first, record.days)
    scored, waiting, missing = [], [], 0
    for row in forecasts:
        start, end = (_ordinal(row[name]) - record.first for name in ("origin", "until"))
        if end >= record.days:
            waiting.append(str(row["until"]))
        elif start < -1 or not known[start + 1 : end + 1].all():
            missing += 1
        else:
            scored.append(_scored(row, record))
    return Due(scored, len(waiting), min(waiting, default=None), missing)


def _scored(row: Mapping[str, Any], record: Record) -> Scored:
    chosen = (
        (record.day > _ordinal(row["origin"])) & (record.day <= _ordinal(row["until"])) & _kind(row["what"], record)
    )
    for side, column in (("source", record.source), ("target", record.target)):
        at = record.actors.index(row[side]) if row[side] in record.actors else -1
        chosen &= column == at
    came = bool(chosen.any())
    loss = scoring.log_losses(np.array([row["chance"]]), np.array([came]))[0]
    names = ("id", "source", "target", "what", "quad", "within", "chance", "usual", "base_rate", "model", "data")
    return Scored(
        **{name: row[name] for name in names}, issued=str(row["issued"]), origin=str(row["origin"]),
        until=str(row["until"]), came=came, surprise=float(loss / np.log(2)), evidence=list(record.ids_of(chosen)),
    )  # fmt: skip


def _kind(what: str, record: Record) -> Bools:
    """Which acts are of a quad class or type."""
    if what in QUADS:
        return np.asarray(record.quad == QUADS[what], np.bool_)
    return np.asarray(record.kind == (record.types.index(what) if what in record.types else -1), np.bool_)


def _ordinal(day: date | str) -> int:
    return (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()


def _columns(scored: list[Scored]) -> tuple[Floats, Bools]:
    return np.array([s.chance for s in scored], np.float64), np.array([s.came for s in scored], np.bool_)


def _score(scored: list[Scored], what: str | None, within: int | None) -> Score:
    chance, came = _columns(scored)
    usual = np.array([s.usual for s in scored], np.float64)
    return Score(
        what=what, within=within, forecasts=len(scored), came=int(came.sum()), expected=float(chance.sum()),
        brier=scoring.brier(chance, came), brier_of_usual=scoring.brier(usual, came),
        log_score=scoring.log_loss(chance, came), log_score_of_usual=scoring.log_loss(usual, came),
        skill=scoring.skill(chance, usual, came),
    )  # fmt: skip
