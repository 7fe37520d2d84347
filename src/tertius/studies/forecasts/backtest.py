"""Rolling origins: what would have been forecast on past days from what was known then, beside simpler forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from tertius.errors import TooLittle
from tertius.ontology import QUAD_NAMES
from tertius.studies.forecasts import chances, scoring, training
from tertius.studies.forecasts.chances import Rows
from tertius.studies.forecasts.panel import Acts
from tertius.studies.forecasts.training import Learnt
from tertius.studies.record import Bools, Floats, Ints

REFITS = 3


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How good forecasts of one kind were. Skill is the share by which log-loss is lower than that of another forecast.

    `usual` is the pair's climatology, `last` the last value (whether such an act came in the last days), calibrated,
    `base` the share of all pairs. `skill_low` and `skill_high` are a 90% interval of `skill_over_usual`, by pairs.
    """

    what: str
    within: int
    forecasts: int
    came: int
    brier: float
    log_loss: float
    average_precision: float
    calibration_error: float
    skill_over_usual: float
    skill_low: float
    skill_high: float
    skill_over_last: float
    skill_over_base: float
    brier_of_usual: float
    log_loss_of_usual: float
    average_precision_of_usual: float
    first: str
    last: str
    origins: int


@dataclass(frozen=True)
class Past:
    """Forecasts of past origins, one row for each origin and pair, with what came."""

    layer: int
    horizon: int
    origin: Ints
    pair: Ints
    chance: Floats
    usual: Floats
    last: Floats
    base: Floats
    came: Bools
    alike: float


def named(acts: Acts, layer: int) -> str:
    """A layer in words: the name of the quad class, or the type."""
    name = acts.layers[layer]
    return QUAD_NAMES[name] if isinstance(name, int) else name


def backtest(
    acts: Acts, layers: Sequence[int], horizons: Sequence[int], first: int, every: int = 7, refits: int = REFITS
) -> list[Past]:
    """Forecast from every `every`-th day from `first` on, learning anew `refits` times, always from the past alone.

    Raises TooLittle where no window after `first` is known.
    """
    stop = acts.days - min(horizons)
    origins = [day for day in range(first, stop, every) if acts.whole(day, min(horizons))]
    if not origins:
        raise TooLittle(f"no known window of {min(horizons)} days to score: add days to the ledger")
    parts: dict[tuple[int, int], list[Past]] = {(layer, h): [] for layer in layers for h in horizons}
    for block in np.array_split(np.array(origins), min(refits, len(origins))):
        learnt = training.train(acts, layers, horizons, int(block[0]))
        found = chances.collect(acts, horizons, layers, block.tolist(), whole_from=0)
        for (layer, h), own in learnt.items():
            rows = found[layer].pick(found[layer].whole[h])
            if len(rows):
                parts[layer, h].append(_past(own, rows))
    return [_joined(past) for past in parts.values() if past]


def _past(learnt: Learnt, rows: Rows) -> Past:
    h, chance = learnt.horizon, learnt.chances(rows)
    usual, fresh = chances.usual(rows, h, learnt.worth), rows.since < h
    pair = rows.source * (int(rows.target.max()) + 1_000_003) + rows.target
    last = np.where(fresh, learnt.after_act, learnt.after_none)
    return Past(learnt.layer, h, rows.origin, pair, chance, usual, last, rows.rate[h], rows.came[h], learnt.alike)


def _joined(parts: list[Past]) -> Past:
    names = ("origin", "pair", "chance", "usual", "last", "base", "came")
    columns: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Past(parts[0].layer, parts[0].horizon, alike=parts[-1].alike, **columns)


def standing(acts: Acts, past: Past) -> Standing:
    """The figures of past forecasts."""
    low, high = scoring.skill_interval(past.chance, past.usual, past.came, past.pair)
    return Standing(
        what=named(acts, past.layer), within=past.horizon, forecasts=len(past.came), came=int(past.came.sum()),
        brier=scoring.brier(past.chance, past.came), log_loss=scoring.log_loss(past.chance, past.came),
        average_precision=scoring.average_precision(past.chance, past.came),
        calibration_error=scoring.calibration_error(past.chance, past.came),
        skill_over_usual=scoring.skill(past.chance, past.usual, past.came), skill_low=low, skill_high=high,
        skill_over_last=scoring.skill(past.chance, past.last, past.came),
        skill_over_base=scoring.skill(past.chance, past.base, past.came),
        brier_of_usual=scoring.brier(past.usual, past.came), log_loss_of_usual=scoring.log_loss(past.usual, past.came),
        average_precision_of_usual=scoring.average_precision(past.usual, past.came),
        first=acts.record.dated(int(past.origin.min())), last=acts.record.dated(int(past.origin.max())),
        origins=len(np.unique(past.origin)),
    )  # fmt: skip
