"""Maximum likelihood for relational event models: the conditional logit and its relatives.

- ordinal: each act is a choice among the candidates of its stratum (Cox's partial likelihood; Butts 2008, eq. 4).
- timed: waiting times are exponential with the sum of all rates (Butts 2008, eq. 2), piecewise between changes.
- coordination: an undirected tie needs both sides (Stadtfeld, Hollway and Block 2017).
- tied: many cases share a stratum (Breslow's and Efron's approximations): for comparison only, both are badly biased on
  daily data.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import msgspec
import numpy as np

from tertius.errors import NotIdentified, TooLittle
from tertius.studies.rem.arrays import Floats, Ints, Reals, group_sums, inverse, starts
from tertius.studies.rem.diagnose import check_information, check_variation
from tertius.studies.rem.riskset import Strata

BLOCK_ROWS = 1 << 18
MOST_STEPS = 100
TOLERANCE = 1e-10  # of the squared Newton step in the metric of the information
FLAT = 1e-7  # an effect that keeps less of its information than this has run off to infinity
NORMAL = NormalDist()

Curve = tuple[float, Floats, Floats]
Likelihood = Callable[[Floats], Curve]


class Coefficient(msgspec.Struct, frozen=True):
    """One effect: the estimate (log rate ratio for one unit of the statistic), its error and 95% interval."""

    effect: str
    estimate: float
    se: float
    low: float
    high: float
    z: float
    p: float


@dataclass(frozen=True)
class Estimate:
    """A fitted model: `coef`, `se`: [p]; `covariance`: [p, p]; `loglik` and the log-likelihood without effects."""

    names: tuple[str, ...]
    coef: Floats
    covariance: Floats
    loglik: float
    null_loglik: float
    acts: int
    steps: int

    @property
    def se(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.diag(self.covariance))

    def rows(self) -> list[Coefficient]:
        """The table of coefficients."""
        return coefficients(self.names, self.coef, self.se)


def coefficients(
    names: tuple[str, ...], coef: Floats, se: Floats, quantile: float = NORMAL.inv_cdf(0.975)
) -> list[Coefficient]:
    """Estimates with normal intervals and two-sided p-values."""
    out = []
    for name, value, error in zip(names, coef.tolist(), se.tolist(), strict=True):
        z = value / error if error > 0 else math.nan
        p = math.erfc(abs(z) / math.sqrt(2))
        out.append(Coefficient(name, value, error, value - quantile * error, value + quantile * error, z, p))
    return out


def maximise(likelihood: Likelihood, start: Floats, names: tuple[str, ...]) -> tuple[Floats, Curve, int]:
    """Newton's method with step halving. Raises NotIdentified (effects that depend on each other or run off)."""
    beta = start.copy()
    value, gradient, information = likelihood(beta)
    check_information(information, names)
    first = np.diag(information).copy()
    steps = 0
    while steps < MOST_STEPS:
        steps += 1
        move = _solve(information, gradient, names, first)
        if float(gradient @ move) < TOLERANCE:
            break
        beta, value, gradient, information = _line(likelihood, beta, value, move, names)
        _check_finite(information, first, names)
    return beta, (value, gradient, information), steps


def _line(
    likelihood: Likelihood, beta: Floats, value: float, move: Floats, names: tuple[str, ...]
) -> tuple[Floats, float, Floats, Floats]:
    length = 1.0
    while length > 1e-8:
        with np.errstate(over="ignore", invalid="ignore"):
            new, gradient, information = likelihood(beta + length * move)
        if math.isfinite(new) and new >= value - 1e-9 * abs(value):
            return beta + length * move, new, gradient, information
        length /= 2
    raise NotIdentified(f"the likelihood of {', '.join(names)} cannot be climbed: leave out or rescale effects", names)


def _solve(information: Floats, gradient: Floats, names: tuple[str, ...], first: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(information, gradient), np.float64)
    except np.linalg.LinAlgError:
        _check_finite(information, first, names)
        raise NotIdentified(f"{', '.join(names)} cannot be told apart: leave out one of them", names) from None


def _check_finite(information: Floats, first: Floats, names: tuple[str, ...]) -> None:
    lost = tuple(name for name, now, then in zip(names, np.diag(information), first, strict=True) if now < FLAT * then)
    if lost:
        raise NotIdentified(
            f"{', '.join(lost)}: the acts follow this so strictly that no finite coefficient fits (separation): "
            "leave it out, or take more acts",
            lost,
        )


def ordinal(strata: Strata) -> Estimate:
    """Conditional logit, one stratum an act."""
    check_variation(strata.rows, strata.sizes, strata.names)
    cases = strata.cases
    zero = np.zeros(len(strata.names))
    beta, (value, _, information), steps = maximise(
        lambda b: conditional_logit(strata.rows, strata.sizes, cases, b), zero, strata.names
    )
    null = -float(np.log(strata.sizes).sum())
    return Estimate(strata.names, beta, inverse(information), value, null, len(strata), steps)


def conditional_logit(rows: Reals, sizes: Ints, cases: Floats, beta: Floats) -> Curve:
    """Log-likelihood, gradient [p] and information [p, p] of acts spread over strata.

    `rows`: [R, p]; `sizes`: [S]; `cases`: [R], how often each candidate of a stratum acted. Acts of one stratum are
    independent choices among the same candidates, each a stratum of its own in effect.
    """
    value, gradient = 0.0, np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for first, last, part in blocks(sizes):
        x, size, case = rows[part], sizes[first:last], cases[part]
        eta = np.asarray(x @ beta, np.float64)
        share, total = shares(eta, size)
        acts = np.add.reduceat(case, starts(size))
        expected = share * np.repeat(acts, size)
        value += float(case @ eta - acts @ total)
        gradient += (case - expected) @ x
        mean = np.add.reduceat(x * share[:, None], starts(size), axis=0)
        information += (x * expected[:, None]).T @ x - (mean * acts[:, None]).T @ mean
    return value, gradient, information


def dyad_scores(
    rows: Reals, sizes: Ints, cases: Floats, beta: Floats, clusters: Ints, count: int
) -> tuple[Floats, Floats]:
    """Score residuals and information of a conditional logit by clusters [R]; [count, p], [count, p, p].

    A candidate counts with its departure from the mean of its stratum (Lin and Wei 1989).
    """
    scores = np.zeros((count, len(beta)))
    parts = np.zeros((count, len(beta), len(beta)))
    for first, last, part in blocks(sizes):
        x, size, case = rows[part], sizes[first:last], cases[part]
        share, _ = shares(np.asarray(x @ beta, np.float64), size)
        acts = np.add.reduceat(case, starts(size))
        mean = np.add.reduceat(x * share[:, None], starts(size), axis=0)
        apart = x - np.repeat(mean, size, axis=0)
        expected = share * np.repeat(acts, size)
        scores += group_sums((case - expected)[:, None] * apart, clusters[part], count)
        parts += products(apart, expected, clusters[part], count)
    return scores, parts


def clustered(information: Floats, scores: Floats, parts: Floats) -> Floats:
    """Covariance when only G clusters are independent: the jackknife over clusters to first order (CR3).

    Without cluster g the estimate moves by (information - parts[g])^-1 scores[g] (Bell and McCaffrey 2002), so pairs
    that carry much of the record count for what they are. `scores`: [G, p]; `parts`: [G, p, p], which add up to
    `information`.
    """
    groups = len(scores)
    if groups < 2:
        raise TooLittle("all acts are between one pair of actors: errors cannot be clustered, take more actors")
    try:
        moves = np.linalg.solve(information - parts, scores[:, :, None])[:, :, 0]
    except np.linalg.LinAlgError:
        raise NotIdentified(
            "some effect rests on the acts of a single pair: leave it out, or take more actors"
        ) from None
    return np.asarray(moves.T @ moves * ((groups - 1) / groups))


def products(rows: Floats, weight: Floats, groups: Ints, count: int) -> Floats:
    """Weighted sums of the products of all pairs of columns over groups; [count, p, p]."""
    size = rows.shape[1]
    out = np.zeros((count, size, size))
    for k in range(size):
        weighted = rows[:, k] * weight
        for other in range(k + 1):
            out[:, k, other] = out[:, other, k] = group_sums(weighted * rows[:, other], groups, count)
    return out


def shares(eta: Floats, sizes: Ints) -> tuple[Floats, Floats]:
    """Probabilities of the candidates, [rows], and the log of each stratum's sum, [strata]."""
    at = starts(sizes)
    top = np.maximum.reduceat(eta, at)
    raised = np.exp(eta - np.repeat(top, sizes))
    total = np.add.reduceat(raised, at)
    return raised / np.repeat(total, sizes), top + np.log(total)


def blocks(sizes: Ints) -> list[tuple[int, int, slice]]:
    """Strata of the given sizes in blocks of about BLOCK_ROWS rows: first and last stratum, and their rows."""
    ends = np.cumsum(sizes)
    out, first, row = [], 0, 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, row + BLOCK_ROWS, side="right")))
        out.append((first, last, slice(row, int(ends[last - 1]))))
        first, row = last, int(ends[last - 1])
    return out


def timed(strata: Strata) -> Estimate:
    """Piecewise exponential waiting times. The first effect must be the intercept."""
    names = strata.names
    at = strata.chosen[strata.chosen >= 0]
    exposure = np.repeat(strata.waited, strata.sizes)
    rate = math.log(len(at) / float(exposure.sum()))
    start = np.zeros(len(names))
    start[names.index("Intercept")] = rate
    beta, (value, _, information), steps = maximise(lambda b: exponential(strata.rows, at, exposure, b), start, names)
    null = len(at) * (rate - 1)
    return Estimate(names, beta, inverse(information), value, null, len(at), steps)


def exponential(rows: Reals, acts: Ints, exposure: Floats, beta: Floats) -> Curve:
    """Log-likelihood, gradient and information of constant rates exp(rows @ beta) over `exposure` [R]."""
    eta = rows @ beta
    expected = exposure * np.exp(eta)
    gradient = rows[acts].sum(axis=0) - expected @ rows
    return float(eta[acts].sum() - expected.sum()), gradient, (rows * expected[:, None]).T @ rows


Ties = Literal["breslow", "efron"]


def tied(rows: Floats, case: Floats, sizes: Ints, names: tuple[str, ...], ties: Ties) -> Estimate:
    """Strata with several cases each (`case`: 1 or 0, [R]) by Breslow's or Efron's approximation."""
    check_variation(rows, sizes, names)
    beta, (value, _, information), steps = maximise(
        lambda b: _tied(rows, case, sizes, b, ties), np.zeros(len(names)), names
    )
    null = _tied(rows, case, sizes, np.zeros(len(names)), ties)[0]
    return Estimate(names, beta, inverse(information), value, null, int(case.sum()), steps)


def _tied(rows: Floats, case: Floats, sizes: Ints, beta: Floats, ties: Ties) -> Curve:
    value, gradient = float(case @ (rows @ beta)), case @ rows
    information = np.zeros((len(beta), len(beta)))
    raised = np.exp(rows @ beta)
    for first, size in zip(starts(sizes).tolist(), sizes.tolist(), strict=True):
        part = slice(first, first + size)
        x, r, d = rows[part], raised[part], case[part]
        number = int(d.sum())
        for step in range(number):
            kept = r * (1 - d * (step / number if ties == "efron" else 0.0))
            total = kept.sum()
            mean = kept @ x / total
            value -= math.log(total)
            gradient = gradient - mean
            information += (x * (kept / total)[:, None]).T @ x - np.outer(mean, mean)
    return value, gradient, information
