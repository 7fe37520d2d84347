"""Ties that need both sides: the coordination model of Stadtfeld, Hollway and Block (2017).

Each actor i prefers partner j with probability p_ij (conditional logit over the actors present); the tie {i, j} comes
about with probability p_ij p_ji over the sum of such products for all pairs.
"""

from __future__ import annotations

import numpy as np

from tertius.studies.rem.arrays import Floats, inverse
from tertius.studies.rem.diagnose import check_variation
from tertius.studies.rem.likelihood import Curve, Estimate, maximise
from tertius.studies.rem.riskset import Strata


def coordination(strata: Strata) -> Estimate:
    """The estimate for strata of all ordered pairs (`enumerate_all`, model 'coordination'). Raises NotIdentified."""
    check_variation(strata.rows, strata.sizes, strata.names)
    count = len(strata.names)
    zero = np.zeros(count)
    beta, (value, _, information), steps = maximise(lambda b: _likelihood(strata, b), zero, strata.names)
    null = _likelihood(strata, zero)[0]
    return Estimate(strata.names, beta, inverse(information), value, null, len(strata), steps)


def _likelihood(strata: Strata, beta: Floats) -> Curve:
    """Log-likelihood, gradient and expected information."""
    value, gradient = 0.0, np.zeros(len(beta))
    information = np.zeros((len(beta), len(beta)))
    for first, size, chosen in zip(strata.starts.tolist(), strata.sizes.tolist(), strata.chosen.tolist(), strict=True):
        rows = np.asarray(strata.rows[first : first + size], np.float64)
        one, slope, info = _act(rows, beta, chosen - first)
        value, gradient, information = value + one, gradient + slope, information + info
    return value, gradient, information


def _act(rows: Floats, beta: Floats, chosen: int) -> Curve:
    """One act among n(n-1) ordered pairs, sender by sender."""
    pairs, effects = rows.shape
    n = (1 + round((1 + 4 * pairs) ** 0.5)) // 2
    table = np.zeros((n, n, effects))
    apart = ~np.eye(n, dtype=bool)
    table[apart] = rows
    utility = np.where(apart, table @ beta, -np.inf)
    preference = utility - np.logaddexp.reduce(utility, axis=1, keepdims=True)
    mean = np.einsum("ij,ijp->ip", np.exp(preference), table)
    upper = np.triu_indices(n, 1)
    both = (preference + preference.T)[upper]
    slope = (table - mean[:, None, :] + table.transpose(1, 0, 2) - mean[None, :, :])[upper]
    total = np.logaddexp.reduce(both)
    share = np.exp(both - total)
    centre = share @ slope
    i, j = (int(index[chosen]) for index in np.nonzero(apart))
    at = int(np.flatnonzero((upper[0] == min(i, j)) & (upper[1] == max(i, j)))[0])
    return float(both[at] - total), slope[at] - centre, (slope * share[:, None]).T @ slope - np.outer(centre, centre)
