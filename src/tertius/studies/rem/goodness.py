"""How well the models fit: how high the actual source ranks, how well the tones are told apart and foretold."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from tertius.studies.rem.arrays import Floats, Ints, starts
from tertius.studies.rem.likelihood import shares
from tertius.studies.rem.logit import chances

BINS = 10


class WhoFit(msgspec.Struct, frozen=True):
    """Where the actual sources stand among the candidates, and what that is worth.

    `first`, `first_five`: share of acts whose source is the likeliest, among the five likeliest; `chance_first`: the
    same by chance; `bits`: information per act over even chances.
    """

    acts: int
    first: float
    first_five: float
    chance_first: float
    bits: float


class Calibration(msgspec.Struct, frozen=True):
    """Acts of like predicted chance of pressure: how many, predicted, and observed share."""

    acts: int
    predicted: float
    observed: float


class ToneFit(msgspec.Struct, frozen=True):
    """How well pressure is told from support: area under the ROC curve, bits an act over the base rate, calibration."""

    acts: int
    pressure: float
    area: float
    bits: float
    calibration: tuple[Calibration, ...]


def who_fit(eta: Floats, sizes: Ints, cases: Floats) -> WhoFit:
    """From the linear predictor of the candidates; ties share their ranks. `eta`, `cases`: [R]; `sizes`: [S]."""
    share, _ = shares(eta, sizes)
    at = np.flatnonzero(cases > 0)
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((-eta, stratum))
    rank = np.empty(len(eta))
    rank[order] = np.arange(len(eta)) - np.repeat(starts(sizes), sizes) + 1
    weight = cases[at]
    acts = float(weight.sum())
    bits = float(weight @ (np.log2(share[at]) + np.log2(sizes[stratum[at]]))) / acts
    chance = float(weight @ (1 / sizes[stratum[at]])) / acts
    return WhoFit(
        acts=int(acts),
        first=float(weight @ (rank[at] <= 1)) / acts,
        first_five=float(weight @ (rank[at] <= 5)) / acts,
        chance_first=chance,
        bits=bits,
    )


def tone_fit(eta: Floats, outcome: Floats) -> ToneFit:
    """From the log odds and the tones (1 for pressure); [N] each."""
    base = float(outcome.mean())
    loss = float(np.logaddexp(0, eta).mean() - (outcome * eta).mean()) / math.log(2)
    chance = -(base * math.log2(base) + (1 - base) * math.log2(1 - base)) if 0 < base < 1 else 0.0
    return ToneFit(len(outcome), base, area(eta, outcome), chance - loss, _calibration(chances(eta), outcome))


def area(score: Floats, outcome: Floats) -> float:
    """The chance that a case scores above a non-case, ties counting half (Mann and Whitney 1947)."""
    values, number, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[number] if len(values) else score
    cases = outcome > 0
    n, m = int(cases.sum()), int((~cases).sum())
    return float((ranks[cases].sum() - n * (n + 1) / 2) / (n * m)) if n and m else math.nan


def _calibration(predicted: Floats, outcome: Floats) -> tuple[Calibration, ...]:
    groups = np.array_split(np.argsort(predicted, kind="stable"), BINS)
    return tuple(Calibration(len(g), float(predicted[g].mean()), float(outcome[g].mean())) for g in groups if len(g))
