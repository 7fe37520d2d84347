"""Who acts on whom, within dyads: a conditional logit whose candidates have a base rate of their own.

A conditional logit is a Poisson regression with an effect for each stratum; adding one for each dyad keeps only how a
dyad departs from its own average, compared with the other candidates of the moment. Both kinds of effects are swept out
of the weighted least-squares steps (Correia, Guimaraes and Zylkin 2020). A dyad that never acted says nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tertius.errors import NotIdentified, TooLittle
from tertius.studies.rem.arrays import Floats, Ints, Reals, group_sums, numbered
from tertius.studies.rem.diagnose import check_information
from tertius.studies.rem.likelihood import Estimate, clustered, products

MOST_STEPS = 60
MOST_SWEEPS = 200
SWEPT = 1e-7  # of the standard deviation of a column
SETTLED = 1e-8  # relative change of the deviance
LEAST_SPREAD = 1e-6  # of a statistic's variance that must be left within dyads and strata


@dataclass(frozen=True)
class Panel:
    """Rows with a count, in strata and dyads that all have at least one act and two rows; everything [R] or [R, p]."""

    rows: Floats
    cases: Floats
    stratum: Ints
    dyad: Ints
    pair: Ints
    kept: Ints


def panel(rows: Reals, sizes: Ints, cases: Floats, dyads: Ints, pairs: Ints) -> Panel:
    """The rows that can tell something: dyads that act at least once, strata in which they have an alternative."""
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    kept = np.arange(len(cases))
    while True:
        s, strata = numbered(stratum[kept]) if len(kept) else (kept, 0)
        d, count = numbered(dyads[kept]) if len(kept) else (kept, 0)
        fine = (group_sums(cases[kept], s, strata) > 0) & (np.bincount(s, minlength=strata) > 1)
        active = (group_sums(cases[kept], d, count) > 0) & (np.bincount(d, minlength=count) > 1)
        good = fine[s] & active[d]
        if good.all():
            break
        kept = kept[good]
    if not len(kept):
        raise TooLittle("no dyad acts more than once beside others: the within-dyad model needs a longer record")
    return Panel(np.asarray(rows[kept], np.float64), cases[kept], s, d, numbered(pairs[kept])[0], kept)


def sweep(columns: Floats, weight: Floats, stratum: Ints, dyad: Ints) -> Floats:
    """`columns` [R, c] without their weighted means by stratum and by dyad (alternating projections)."""
    dyads = int(dyad.max()) + 1
    at = np.flatnonzero(np.diff(stratum, prepend=-1))  # strata lie together
    per_stratum, per_dyad = np.add.reduceat(weight, at), group_sums(weight, dyad, dyads)
    out = np.empty_like(columns)
    for number, column in enumerate(columns.T):
        scale = SWEPT * max(float(column.std()), 1e-12)
        swept = column
        for _ in range(MOST_SWEEPS):
            swept = swept - (np.add.reduceat(weight * swept, at) / per_stratum)[stratum]
            mean = group_sums(weight * swept, dyad, dyads) / per_dyad
            swept = swept - mean[dyad]
            if np.abs(mean).max() < scale:
                break
        out[:, number] = swept
    return out


def within(data: Panel, names: tuple[str, ...]) -> Estimate:
    """The estimate with errors clustered by pair. Raises NotIdentified and TooLittle."""
    share = group_sums(data.cases, data.stratum, int(data.stratum.max()) + 1) / np.bincount(data.stratum)
    mean = (data.cases + share[data.stratum]) / 2
    eta, deviance, null = np.log(mean), np.inf, np.nan
    x, effects = data.rows, np.zeros(len(mean))
    _check(data, share[data.stratum], names)
    steps, settled = 0, False
    while not settled and steps < MOST_STEPS:
        steps += 1
        working = eta + (data.cases - mean) / mean
        # What was swept out before lies in the span of the effects: starting from there changes nothing but the time.
        swept = sweep(np.column_stack([x, working - effects]), mean, data.stratum, data.dyad)
        x, z = swept[:, :-1], swept[:, -1]
        effects = working - z
        information = (x * mean[:, None]).T @ x
        check_information(information, names)
        beta: Floats = np.asarray(np.linalg.solve(information, (x * mean[:, None]).T @ z))
        eta = np.clip(working - (z - x @ beta), -50, 50)
        mean = np.exp(eta)
        before, deviance = deviance, _deviance(data.cases, mean, eta)
        settled = abs(before - deviance) < SETTLED * (abs(deviance) + 1)
    if not settled:
        raise NotIdentified(f"the within-dyad model of {', '.join(names)} does not settle: leave out effects", names)
    pairs = int(data.pair.max()) + 1
    scores = group_sums(x * (data.cases - mean)[:, None], data.pair, pairs)
    covariance = clustered(information, scores, products(x, mean, data.pair, pairs))
    return Estimate(names, beta, covariance, -deviance / 2, null, int(data.cases.sum()), steps)


def _check(data: Panel, weight: Floats, names: tuple[str, ...]) -> None:
    swept = sweep(data.rows, np.maximum(weight, 1e-12), data.stratum, data.dyad)
    left = swept.var(axis=0) / np.maximum(data.rows.var(axis=0), 1e-300)
    for name, spread in zip(names, left.tolist(), strict=True):
        if spread < LEAST_SPREAD:
            raise NotIdentified(f"{name} hardly varies within dyads, so no response can be seen: leave it out", (name,))


def _deviance(cases: Floats, mean: Floats, eta: Floats) -> float:
    acted = cases > 0
    return 2 * float((cases[acted] * (np.log(cases[acted]) - eta[acted])).sum() - (cases - mean).sum())
