"""Daily Poisson regression with a ridge prior, and nulls by circular shifts of the trigger.

Days with much news come in runs, so that ordinary p-values call far too much significant. A circular shift of the
trigger keeps its runs and breaks its link with the response (Politis and Romano 1994 for the circular idea; used for
point processes by Harrison and Geman 2009). All shifts are tried, with the fast Fourier transform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tertius.studies.record import Floats

STEPS, TOLERANCE = 50, 1e-9
LARGEST_LOG_RATE = 30.0


@dataclass(frozen=True)
class Fit:
    """A Poisson fit: coefficients [p], expected counts [n], covariance [p, p], Pearson dispersion (at least 1)."""

    coef: Floats
    mean: Floats
    covariance: Floats
    dispersion: float


@dataclass(frozen=True)
class Tested:
    """The trigger's efficient score against those of all circular shifts, and its information.

    `information`: of the trigger's coefficient given the controls, divided by the dispersion.
    """

    score: float
    p: float
    ordinary_p: float
    information: float


def poisson(y: Floats, x: Floats, prior: Floats) -> Fit:
    """Poisson regression of counts y [n] on x [n, p] with precision `prior` [p] on each coefficient (0: none).

    Newton's method, halved where it would overshoot. The first column should be ones.
    """
    coef = np.zeros(x.shape[1])
    coef[0] = np.log(max(y.mean(), 1e-6))
    value = _objective(y, x, prior, coef)
    for _ in range(STEPS):
        mean = np.exp(np.clip(x @ coef, None, LARGEST_LOG_RATE))
        hessian = (x * mean[:, None]).T @ x + np.diag(prior)
        step = np.linalg.solve(hessian + 1e-10 * np.eye(len(coef)), x.T @ (y - mean) - prior * coef)
        size = 1.0
        while (new := _objective(y, x, prior, coef + size * step)) < value - TOLERANCE and size > 1e-6:
            size /= 2
        coef, gained, value = coef + size * step, new - value, new
        if gained < TOLERANCE:
            break
    mean = np.exp(np.clip(x @ coef, None, LARGEST_LOG_RATE))
    hessian = (x * mean[:, None]).T @ x + np.diag(prior) + 1e-10 * np.eye(len(coef))
    covariance = np.asarray(np.linalg.inv(hessian), np.float64)
    pearson = float(((y - mean) ** 2 / np.maximum(mean, 1e-9)).sum()) / max(len(y) - len(coef), 1)
    return Fit(coef, mean, covariance, max(1.0, pearson))


def _objective(y: Floats, x: Floats, prior: Floats, coef: Floats) -> float:
    rate = np.clip(x @ coef, None, LARGEST_LOG_RATE)
    return float((y * rate - np.exp(rate)).sum() - 0.5 * (prior * coef**2).sum())


def correlate(trigger: Floats, values: Floats) -> Floats:
    """For each circular shift s of `trigger` [n], the sum of shifted trigger times `values` [n] or [n, p]; [n, ...]."""
    spectrum = np.conj(np.fft.rfft(trigger))
    if values.ndim == 2:
        spectrum = spectrum[:, None]
    product = np.fft.irfft(spectrum * np.fft.rfft(values, axis=0), n=len(trigger), axis=0)
    return np.asarray(product, np.float64)


def shift_test(y: Floats, trigger: Floats, controls: Floats, prior: Floats) -> Tested:
    """Whether y [n] follows the trigger [n] given controls [n, p]: Rao's efficient score, judged by all shifts.

    The controls are fitted once; they do not contain the trigger, so that every shift meets the same null model.
    """
    null = poisson(y, controls, prior)
    scores, information = _scores(y, trigger, controls, null)
    above = np.abs(scores[1:]) >= abs(scores[0]) - 1e-9
    ordinary = abs(scores[0]) / np.sqrt(null.dispersion)
    return Tested(
        score=float(scores[0]),
        p=float((1 + above.sum()) / len(scores)),
        ordinary_p=two_sided(float(ordinary)),
        information=float(information[0]) / null.dispersion,
    )


def _scores(y: Floats, trigger: Floats, controls: Floats, null: Fit) -> tuple[Floats, Floats]:
    """The standardised score and its information for every shift, the first of which is none."""
    weighted = controls * null.mean[:, None]
    against = correlate(trigger, weighted)
    information = correlate(trigger**2, null.mean) - np.einsum("sp,pq,sq->s", against, null.covariance, against)
    information = np.maximum(information, 1e-9)
    residual = correlate(trigger, y - null.mean)
    return residual / np.sqrt(information), information


def two_sided(z: float) -> float:
    """The two-sided p-value of a standard normal deviate."""
    from math import erfc, sqrt

    return erfc(abs(z) / sqrt(2))


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values [n] that hold the false discovery rate (Benjamini and Hochberg 1995)."""
    if len(p) == 0:
        return p
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(p[order] * len(p) / ranks))
    return adjusted


def faded(counts: Floats, half_life: float) -> Floats:
    """For each day the sum of counts [n] of the days strictly before, halved with every half-life (in days)."""
    kept = 0.5 ** (1.0 / half_life)
    out = np.empty(len(counts))
    total = 0.0
    for day, count in enumerate(counts.tolist()):
        out[day] = total
        total = (total + count) * kept
    return out


def recent(counts: Floats, days: int) -> Floats:
    """For each day the sum of counts [n] over the `days` days strictly before it."""
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    at = np.arange(len(counts))
    return np.asarray(sums[at] - sums[np.maximum(at - days, 0)], np.float64)


@dataclass(frozen=True)
class Curve:
    """Mean response on the days around a trigger, and the middle 95% of the same under all shifts; each [lags]."""

    lag: tuple[int, ...]
    mean: Floats
    low: Floats
    high: Floats


def curve(y: Floats, trigger: Floats, reach: int) -> Curve:
    """The response y [n] from `reach` days before to after the trigger days (trigger > 0), with a pointwise band."""
    days = len(y)
    lags = tuple(range(-reach, reach + 1))
    at = np.arange(days)[:, None] + np.array(lags)
    inside = (at >= 0) & (at < days)
    values = np.where(inside, y[np.clip(at, 0, days - 1)], 0.0)
    on = (trigger > 0).astype(np.float64)
    means = correlate(on, values) / np.maximum(correlate(on, inside.astype(np.float64)), 1.0)
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    return Curve(lags, means[0], np.maximum(low, 0.0), np.maximum(high, 0.0))
