"""Training in the order of time: learn on early days, choose and check on later ones, then learn from all of them.

The later ones, forecast by what the earlier ones taught, also tell how far a pair's own rate strays from its forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tertius.errors import TooLittle
from tertius.studies.forecasts import chances
from tertius.studies.forecasts.chances import Model, Rows
from tertius.studies.forecasts.panel import Acts
from tertius.studies.record import Bools, Floats, Ints

MOST_ROWS = 150_000  # learnt from, for one layer; thinned rows are about 45% of pairs x origins
KEPT_SHARE = 0.45
FEWEST_ORIGINS, MOST_ORIGINS = 20, 80
REMEMBERED = 1095  # days that origins go back
WARM = 45  # days before the first origin
HELD = 5  # the last fifth of the time is held aside to choose and check on
FEWEST_CAME, FEWEST_HELD = 30, 5  # separate windows with an act that are learnt from, and held aside
FEWEST_PAIRS = 5  # that such windows come from
WINDOWS = 4  # a climatology needs as much time as so many windows
ALIKE, LEAST_ALIKE, MOST_ALIKE = 0.05, 0.01, 0.4
ENOUGH = 3.0  # expected squares below which how alike a pair's windows are cannot be seen


@dataclass(frozen=True)
class Held:
    """Forecasts of days held aside, by a model that had not seen them: for every origin and pair that was forecast."""

    origin: Ints
    source: Ints
    target: Ints
    chance: Floats
    usual: Floats
    came: Bools


@dataclass(frozen=True)
class Learnt:
    """What was learnt for a layer and horizon; `model` is None where only the climatology holds, and `reason` says why.

    `alike` is the correlation of two windows of one pair about its forecasts: how far its own rate strays from them.
    `after_act` and `after_none` are the shares of windows with an act after windows with and without one.
    """

    layer: int
    horizon: int
    worth: float
    model: Model | None
    reason: str
    held: Held | None
    alike: float
    after_act: float
    after_none: float

    def chances(self, rows: Rows) -> Floats:
        """The probability of each row."""
        if self.model is None:
            return chances.usual(rows, self.horizon, self.worth)
        return self.model.chances(rows, self.horizon)

    def interval(self, chance: Floats) -> tuple[Floats, Floats]:
        """Within which a pair's own rate lies, in 90% of pairs with such a forecast: a Beta about the chance."""
        return spread(chance, np.full(len(chance), 1 / self.alike - 1))


def spread(chance: Floats, size: Floats) -> tuple[Floats, Floats]:
    """The middle 90% of a Beta with this mean and size (as of so many windows), widened to hold the mean."""
    from scipy.stats import beta

    low, high = (beta.ppf(share, size * chance, size * (1 - chance)) for share in (0.05, 0.95))
    return np.minimum(low, chance), np.maximum(high, chance)


def possible(days: int, horizon: int) -> bool:
    """Whether so many known days can say anything about a horizon."""
    return days >= WINDOWS * horizon


def train(acts: Acts, layers: Sequence[int], horizons: Sequence[int], last: int) -> dict[tuple[int, int], Learnt]:
    """Learn from what is known at the end of the day `last`. Raises TooLittle where the record is too short."""
    known = int(acts.known[: last + 1].sum())
    short = [h for h in horizons if not possible(known, h)]
    if short:
        raise TooLittle(
            f"{known} known days cannot say what comes within {short[0]}: read or import at least {WINDOWS * short[0]} "
            f"days, or ask for at most {known // WINDOWS}"
        )
    first = max(min(WARM, last // 4), last - REMEMBERED)
    aside = last - (last - first) // HELD
    origins = _origins(acts, first, last - min(horizons))
    if aside not in origins:
        origins.append(aside)
    found = chances.collect(acts, horizons, layers, [*origins, last], whole_from=aside)
    return {
        (layer, h): _learnt(found[layer].pick(found[layer].origin <= last), layer, h, aside, last)
        for layer in layers
        for h in horizons
    }


def _origins(acts: Acts, first: int, stop: int) -> list[int]:
    """Days from which past forecasts are made: as many as the number of pairs allows, evenly spaced."""
    pairs = len(np.unique(acts.record.source * acts.actors + acts.record.target)) * 1.3
    many = int(np.clip(MOST_ROWS / (KEPT_SHARE * max(1.0, pairs)), FEWEST_ORIGINS, MOST_ORIGINS))
    step = max(1, -(-(stop - first) // many))
    return [day for day in range(stop, first - 1, -step) if acts.known[day]]


def _learnt(rows: Rows, layer: int, horizon: int, aside: int, last: int) -> Learnt:
    worth = [_worth(rows, horizon, day) for day in (aside, last)]
    done = rows.whole[horizon] & (rows.origin + horizon <= last)
    early, late = done & (rows.origin + horizon <= aside), done & (rows.origin >= aside)
    came = rows.came[horizon]
    many, checked = (_apart(rows.pick(part & came), horizon) for part in (early, late))
    pairs = _pairs(rows.pick(early & came))
    if many < FEWEST_CAME or checked < FEWEST_HELD or pairs < FEWEST_PAIRS:
        reason = f"only {many} separate past windows of {pairs} pairs hold such acts: too few to learn from"
        return Learnt(layer, horizon, worth[1], None, reason, None, ALIKE, *_after(rows.pick(done), horizon))
    first = chances.fit(rows.pick(early), horizon, worth[0], rows.pick(late))
    later = rows.pick(late)
    chance = first.chances(later, horizon)
    held = Held(
        later.origin, later.source, later.target, chance, chances.usual(later, horizon, worth[0]), later.came[horizon]
    )
    model = chances.fit(rows.pick(done), horizon, worth[1], first.trees)
    after = _after(rows.pick(done), horizon)
    return Learnt(layer, horizon, worth[1], model, "", held, alike(held, horizon), *after)


def _apart(rows: Rows, horizon: int) -> int:
    """How many windows of one pair or another there are, those that overlap counted once."""
    return len(np.unique(np.stack([rows.source, rows.target, rows.origin // horizon]), axis=1).T)


def _pairs(rows: Rows) -> int:
    return len(set(zip(rows.source.tolist(), rows.target.tolist(), strict=True)))


def _after(rows: Rows, horizon: int) -> tuple[float, float]:
    """The share of windows with an act after windows with one and after others, kept off 0 and 1."""
    fresh, weight = rows.since < horizon, rows.weight
    shares = [
        (float(weight[own & rows.came[horizon]].sum()) + 0.5) / (float(weight[own].sum()) + 1.0)
        for own in (fresh, ~fresh)
    ]
    return shares[0], shares[1]


def _worth(rows: Rows, horizon: int, day: int) -> float:
    """The strength of the climatology as it stood on a day."""
    own = rows.origin == day
    hits, windows = rows.hits[horizon][own], rows.windows[horizon][own]
    if not len(hits) or windows[0] < 1:
        return float(WINDOWS * horizon)
    return chances.strength(hits, float(windows[0]), float(rows.rate[horizon][own][0]), horizon)


def alike(held: Held, horizon: int) -> float:
    """The correlation of what comes of one pair's forecasts in windows that do not overlap, beyond the forecasts.

    By moments: products of two residuals of one pair over the products of their standard deviations. Few such
    windows draw it towards ALIKE.
    """
    origins, day = np.unique(held.origin, return_inverse=True)
    _, pair = np.unique(held.source * (int(held.target.max()) + 1) + held.target, return_inverse=True)
    away, spread = (np.zeros((int(pair.max()) + 1, len(origins))) for _ in range(2))
    away[pair, day] = held.came - held.chance
    spread[pair, day] = np.sqrt(held.chance * (1 - held.chance))
    above = below = 0.0
    for at in range(len(origins)):
        apart = origins >= origins[at] + horizon
        above += float((away[:, [at]] * away[:, apart]).sum())
        below += float((spread[:, [at]] * spread[:, apart]).sum())
    found = (above + ENOUGH * ALIKE) / (below + ENOUGH)
    return float(np.clip(found, LEAST_ALIKE, MOST_ALIKE))
