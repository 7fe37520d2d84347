"""How good probabilities were: Brier score, log-loss, precision and recall, calibration, skill over others."""

from __future__ import annotations

import msgspec
import numpy as np

from tertius.studies.record import Bools, Floats, Ints

BINS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
LEAST = 1e-6  # no chance is told as nearer to 0 or 1, so that one miss is not infinitely bad
DRAWS = 400


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Forecasts of about the same chance: `chance` their mean, `came` the share that came true, with a 90% interval."""

    low_edge: float
    high_edge: float
    forecasts: int
    chance: float
    came: float
    low: float
    high: float


def brier(chance: Floats, came: Bools) -> float:
    """The mean squared error (Brier 1950); 0 is perfect."""
    return float(np.mean((chance - came) ** 2))


def log_losses(chance: Floats, came: Bools) -> Floats:
    """Minus the natural logarithm of the chance that was given to what happened, of each forecast."""
    p = np.clip(chance, LEAST, 1 - LEAST)
    return np.where(came, -np.log(p), -np.log1p(-p))


def log_loss(chance: Floats, came: Bools) -> float:
    """The mean of `log_losses`."""
    return float(log_losses(chance, came).mean())


def average_precision(chance: Floats, came: Bools) -> float:
    """The area under precision over recall, in steps; equal chances are taken together. 0 where nothing came."""
    if not came.any():
        return 0.0
    order = np.argsort(-chance, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(chance[order]) != 0, True))
    hits = np.cumsum(came[order])[ends]
    gained = np.diff(hits, prepend=0)
    return float((gained * hits / (ends + 1)).sum() / came.sum())


def calibration_error(chance: Floats, came: Bools) -> float:
    """The mean distance between chance and share that came true over ten bins of equal numbers of forecasts and BINS.

    Of the two ways of binning the one that is worse: equal numbers tell little where almost all chances are tiny.
    """
    order = np.argsort(chance, kind="stable")
    equal = np.zeros(len(chance), np.int64)
    equal[order] = np.arange(len(chance)) * 10 // max(1, len(chance))
    return max(_error(chance, came, bins) for bins in (equal, _places(chance)))


def _places(chance: Floats) -> Ints:
    return np.clip(np.searchsorted(BINS, chance, side="right") - 1, 0, len(BINS) - 2)


def _error(chance: Floats, came: Bools, bins: Ints) -> float:
    away = np.bincount(bins, chance - came)
    return float(np.abs(away).sum() / max(1, len(chance)))


def reliability(chance: Floats, came: Bools) -> list[Bin]:
    """Forecasts by chance, and how often they came true, with Jeffreys' interval as if they were independent."""
    from scipy.stats import beta

    places, out = _places(chance), []
    for at in np.unique(places):
        own = places == at
        n, k = int(own.sum()), int(came[own].sum())
        low, high = beta.ppf([0.05, 0.95], k + 0.5, n - k + 0.5)
        out.append(
            Bin(
                low_edge=BINS[at], high_edge=BINS[at + 1], forecasts=n, chance=float(chance[own].mean()), came=k / n,
                low=float(low), high=float(high),
            )
        )  # fmt: skip
    return out


def skill(chance: Floats, other: Floats, came: Bools) -> float:
    """By which share the log-loss is lower than that of another forecast; 0 is no better, 1 is perfect."""
    theirs = log_loss(other, came)
    return 1.0 - log_loss(chance, came) / theirs if theirs > 0 else 0.0


def skill_interval(chance: Floats, other: Floats, came: Bools, cluster: Ints, seed: int = 1) -> tuple[float, float]:
    """A 90% interval of `skill`, drawing whole clusters (pairs) with replacement: their windows overlap."""
    _, place = np.unique(cluster, return_inverse=True)
    ours, theirs = (np.bincount(place, log_losses(p, came)) for p in (chance, other))
    random = np.random.default_rng(seed)
    drawn = random.multinomial(len(ours), np.full(len(ours), 1 / len(ours)), DRAWS)
    found = 1.0 - (drawn @ ours) / np.maximum(drawn @ theirs, LEAST)
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)
