"""What tone an act takes: logistic regression, pooled over all pairs and within pairs.

Within pairs each dyad has its own base rate. It is not estimated but conditioned away: the log-likelihood is the
saddlepoint approximation of the conditional likelihood given each dyad's count (Levin 1990; equal to the modified
profile likelihood of Cox and Reid 1987 here), log L_profile + 1/2 sum over dyads of log sum p(1 - p). It takes away
the bias of fixed-effects logit in small dyads at the cost of one pass over the rows.
"""

from __future__ import annotations

import numpy as np

from tertius.errors import TooLittle
from tertius.studies.rem.arrays import Bools, Floats, Ints, Reals, group_sums, numbered
from tertius.studies.rem.diagnose import check_variation
from tertius.studies.rem.likelihood import Curve, Estimate, clustered, maximise, products

INNER_STEPS = 50
INNER_TOLERANCE = 1e-9  # of the log odds of a dyad
DIFFERENCE = 1e-5  # step of the numerical second derivative, in standard deviations of the statistic
FEWEST_DYADS = 10


def chances(eta: Floats) -> Floats:
    """Probabilities of log odds."""
    return np.asarray(0.5 * (1 + np.tanh(eta / 2)))


def pooled(rows: Reals, outcome: Floats, pairs: Ints, names: tuple[str, ...]) -> Estimate:
    """Logit with one intercept for all; errors clustered by `pairs` [N]. The intercept comes last in the estimate.

    Raises TooLittle (one tone only) and NotIdentified.
    """
    if not 0 < outcome.mean() < 1:
        raise TooLittle(
            "all acts have the same tone: there is nothing to explain, take a longer record or other classes"
        )
    check_variation(rows, np.array([len(rows)]), names)
    design = np.column_stack([rows, np.ones(len(rows))])
    base = float(np.log(outcome.mean() / (1 - outcome.mean())))
    start = np.append(np.zeros(len(names)), base)
    labels = (*names, "Intercept")
    beta, (value, _, information), steps = maximise(lambda b: _logistic(design, outcome, b), start, labels)
    number, count = numbered(pairs)
    p = chances(design @ beta)
    scores = group_sums((outcome - p)[:, None] * design, number, count)
    null = _logistic(design[:, -1:], outcome, start[-1:])[0]
    covariance = clustered(information, scores, products(design, p * (1 - p), number, count))
    return Estimate(labels, beta, covariance, value, null, len(rows), steps)


def _logistic(design: Floats, outcome: Floats, beta: Floats) -> Curve:
    eta = design @ beta
    p = chances(eta)
    value = float(outcome @ eta - np.logaddexp(0, eta).sum())
    return value, (outcome - p) @ design, (design * (p * (1 - p))[:, None]).T @ design


def varied(outcome: Floats, dyads: Ints) -> Bools:
    """The rows of dyads that show both tones; [N]."""
    number, count = numbered(dyads)
    share = group_sums(outcome, number, count) / np.bincount(number, minlength=count)
    return np.asarray(((share > 0) & (share < 1))[number])


class Within:
    """The conditional likelihood given each dyad's count of the tone. Rows of dyads with one tone only are not used."""

    def __init__(self, rows: Reals, outcome: Floats, dyads: Ints, names: tuple[str, ...]) -> None:
        kept = varied(outcome, dyads)
        self.used = kept
        self.number, self.dyads = numbered(dyads[kept]) if kept.any() else (np.zeros(0, np.int64), 0)
        if self.dyads < FEWEST_DYADS:
            raise TooLittle(
                f"{self.dyads} dyads show both tones, {FEWEST_DYADS} are needed: take a longer record or more actors"
            )
        self.names, self.y = names, outcome[kept]
        self.x = np.asarray(rows[kept], np.float64)
        self.x = self.x - (group_sums(self.x, self.number, self.dyads) / self._sizes()[:, None])[self.number]
        order = np.argsort(self.number, kind="stable")
        check_variation(np.round(rows[kept][order], 12), self._sizes().astype(np.int64), names)
        share = group_sums(self.y, self.number, self.dyads) / self._sizes()
        self.base = np.log(share / (1 - share))

    def _sizes(self) -> Floats:
        return np.bincount(self.number, minlength=self.dyads).astype(np.float64)

    def _levels(self, beta: Floats) -> tuple[Floats, Floats]:
        """The dyads' log odds at which their counts are as expected, and the log odds of each act."""
        slope, count = self.x @ beta, group_sums(self.y, self.number, self.dyads)
        level = self.base
        for _ in range(INNER_STEPS):
            p = chances(slope + level[self.number])
            spread = group_sums(p * (1 - p), self.number, self.dyads)
            step = np.clip((count - group_sums(p, self.number, self.dyads)) / np.maximum(spread, 1e-12), -2, 2)
            level = level + step
            if np.abs(step).max() < INNER_TOLERANCE:
                break
        self.base = level
        return level, slope + level[self.number]

    def curve(self, beta: Floats) -> Curve:
        """Log-likelihood, gradient and the information of the profile likelihood."""
        _, eta = self._levels(beta)
        p = chances(eta)
        weight = p * (1 - p)
        spread = group_sums(weight, self.number, self.dyads)
        value = float(self.y @ eta - np.logaddexp(0, eta).sum() + 0.5 * np.log(spread).sum())
        apart = self._apart(weight, spread)
        return value, self.scores(beta, p).sum(axis=0), (apart * weight[:, None]).T @ apart

    def _apart(self, weight: Floats, spread: Floats) -> Floats:
        mean = group_sums(self.x * weight[:, None], self.number, self.dyads) / spread[:, None]
        return self.x - mean[self.number]

    def scores(self, beta: Floats, p: Floats | None = None) -> Floats:
        """The gradient of each dyad; [dyads, p]."""
        p = chances(self._levels(beta)[1]) if p is None else p
        weight = p * (1 - p)
        spread = group_sums(weight, self.number, self.dyads)
        apart = self._apart(weight, spread)
        skew = group_sums(apart * (weight * (1 - 2 * p))[:, None], self.number, self.dyads)
        return group_sums(apart * (self.y - p)[:, None], self.number, self.dyads) + 0.5 * skew / spread[:, None]

    def parts(self, beta: Floats, cluster: Ints, count: int) -> Floats:
        """The information of the profile likelihood by clusters of rows; [count, p, p]."""
        p = chances(self._levels(beta)[1])
        weight = p * (1 - p)
        apart = self._apart(weight, group_sums(weight, self.number, self.dyads))
        return products(apart, weight, cluster, count)

    def information(self, beta: Floats) -> Floats:
        """Minus the second derivative of the log-likelihood, by central differences of the gradient; [p, p]."""
        size = len(beta)
        out = np.zeros((size, size))
        for k, scale in enumerate(np.maximum(self.x.std(axis=0), 1e-12)):
            step = np.zeros(size)
            step[k] = DIFFERENCE / scale
            out[k] = (self.scores(beta - step).sum(axis=0) - self.scores(beta + step).sum(axis=0)) / (2 * step[k])
        return (out + out.T) / 2


def within(rows: Reals, outcome: Floats, dyads: Ints, pairs: Ints, names: tuple[str, ...]) -> Estimate:
    """Logit within `dyads` [N], errors clustered by `pairs` [N]. Raises TooLittle and NotIdentified."""
    model = Within(rows, outcome, dyads, names)
    zero = np.zeros(len(names))
    null = model.curve(zero)[0]
    beta, (value, _, _), steps = maximise(model.curve, zero, names)
    cluster, count = numbered(pairs[model.used])
    of_dyad = np.zeros(model.dyads, np.int64)
    of_dyad[model.number] = cluster
    scores = group_sums(model.scores(beta), of_dyad, count)
    covariance = clustered(model.information(beta), scores, model.parts(beta, cluster, count))
    return Estimate(names, beta, covariance, value, null, int(model.used.sum()), steps)
