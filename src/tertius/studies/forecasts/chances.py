"""The probability that a source does something to a target within some days: learnt from the past of all pairs.

Three learners are averaged: a logistic regression with a ridge and LightGBM (Ke et al., NeurIPS 2017), which start from
the logit of the pair's climatology, and LightGBM afresh. They see only what was known on the day of each past forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tertius.studies.forecasts import dyads
from tertius.studies.forecasts.dyads import Values
from tertius.studies.forecasts.panel import Acts, State, climatology
from tertius.studies.record import Bools, Floats, Ints

if TYPE_CHECKING:
    import lightgbm

RIDGE = 50.0
TREES, PATIENCE, FEWEST_TREES = 400, 40, 5
TREE: dict[str, Any] = {
    "objective": "binary", "metric": "binary_logloss", "learning_rate": 0.05, "num_leaves": 15,
    "min_data_in_leaf": 100, "min_sum_hessian_in_leaf": 1.0, "feature_fraction": 0.3, "bagging_fraction": 0.7,
    "bagging_freq": 1, "lambda_l2": 10.0, "max_bin": 63, "num_threads": 1, "verbosity": -1, "seed": 1,
    "deterministic": True, "force_row_wise": True,
}  # fmt: skip
QUIET = 0.3  # of pairs that are quieter than most and on whom nothing came, this share is learnt from, weighted up


@dataclass(frozen=True)
class Rows:
    """Past forecasts of one layer: one row for each origin (day) and pair. `hits`, `whole` and `came` are by horizon.

    `hits` are the past windows with an act, of `windows`; `rate` is the share over all pairs; `since` the days since
    the last such act; `whole` says that the time after the origin is known, `came` what came; `weight` how many rows
    it stands for.
    """

    values: Values
    drivers: tuple[str, ...]
    source: Ints
    target: Ints
    origin: Ints
    since: Ints
    weight: Floats
    hits: dict[int, Floats]
    windows: dict[int, Floats]
    rate: dict[int, Floats]
    whole: dict[int, Bools]
    came: dict[int, Bools]

    def __len__(self) -> int:
        return len(self.origin)

    def pick(self, chosen: Bools) -> Rows:
        """The chosen rows."""
        columns: dict[str, Any] = {name: getattr(self, name)[chosen] for name in ONE}
        columns |= {name: {h: part[chosen] for h, part in getattr(self, name).items()} for name in BY_HORIZON}
        return Rows(drivers=self.drivers, **columns)


ONE = ("values", "source", "target", "origin", "since", "weight")
BY_HORIZON = ("hits", "windows", "rate", "whole", "came")


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows of several origins as one."""
    columns: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in ONE}
    columns |= {
        name: {h: np.concatenate([getattr(part, name)[h] for part in parts]) for h in getattr(parts[0], name)}
        for name in BY_HORIZON
    }
    return Rows(drivers=parts[0].drivers, **columns)


def rows_at(state: State, common: dyads.Shared, layer: int, source: Ints, target: Ints) -> Rows:
    """What is known of some pairs at a state's day, and what came afterwards where that is known."""
    acts, n = state.acts, len(source)
    sheet = dyads.features(state, common, layer, source, target)
    hits = {h: state.hits[h][layer] for h in state.horizons}
    met = state.pairs()
    whole = {h: acts.whole(state.day, h) for h in state.horizons}
    return Rows(
        values=sheet.values, drivers=sheet.drivers, source=source, target=target, origin=np.full(n, state.day),
        since=state.day - state.last[layer, source, target].astype(np.int64), weight=np.ones(n),
        hits={h: found[source, target].astype(np.float64) for h, found in hits.items()},
        windows={h: np.full(n, float(state.windows[h])) for h in state.horizons},
        rate={h: np.full(n, _rate(found[met], state.windows[h])) for h, found in hits.items()},
        whole={h: np.full(n, known) for h, known in whole.items()},
        came={h: acts.came(layer, state.day, h)[source, target] & known for h, known in whole.items()},
    )  # fmt: skip


def _rate(hits: Values, windows: int) -> float:
    """The share of windows with an act over all pairs, kept off zero by one half of an event."""
    return float((hits.sum() + 0.5) / (max(1, hits.size) * max(1, windows) + 1.0))


def collect(
    acts: Acts, horizons: Sequence[int], layers: Sequence[int], origins: Sequence[int], whole_from: int
) -> dict[int, Rows]:
    """The rows of some layers at some origins; before the day `whole_from`, quiet pairs are thinned out."""
    state, random = State(acts, tuple(horizons)), np.random.default_rng(1)
    parts: dict[int, list[Rows]] = {layer: [] for layer in layers}
    for origin in sorted(origins):
        state.until(origin)
        common, (source, target) = dyads.shared(state), state.pairs()
        for layer in layers:
            found = rows_at(state, common, layer, source, target)
            parts[layer].append(found if origin >= whole_from else _thinned(found, random))
    return {layer: joined(found) for layer, found in parts.items()}


def _thinned(rows: Rows, random: np.random.Generator) -> Rows:
    longest = max(rows.hits)
    sure = rows.hits[longest] > 0
    for came in rows.came.values():
        sure = sure | came
    kept = sure | (random.random(len(rows)) < QUIET)
    rows.weight[~sure] = 1 / QUIET
    return rows.pick(kept)


def strength(hits: Floats, windows: float, rate: float, horizon: int) -> float:
    """How many windows the pooled rate is worth: the likeliest under a beta-binomial of windows that do not overlap."""
    from scipy.optimize import minimize_scalar
    from scipy.special import betaln

    n, k = windows / horizon, hits / horizon

    def cost(log: float) -> float:
        a, b = np.exp(log) * rate, np.exp(log) * (1 - rate)
        return float(-(betaln(a + k, b + n - k) - betaln(a, b)).sum())

    found = minimize_scalar(cost, bounds=(np.log(0.5), np.log(500.0)), method="bounded")
    return float(np.exp(found.x) * horizon)


def usual(rows: Rows, horizon: int, worth: float) -> Floats:
    """The climatology of each row."""
    return climatology(rows.hits[horizon], rows.windows[horizon], rows.rate[horizon], worth)


def logit(chance: Floats) -> Floats:
    """Log odds."""
    return np.asarray(np.log(chance) - np.log1p(-chance), np.float64)


def chance_of(score: Floats) -> Floats:
    """The probability of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(score, -30, 30))), np.float64)


@dataclass(frozen=True)
class Linear:
    """A logistic regression on standardised features, as a change of log odds; the first coefficient is the constant.

    `covariance` is the sandwich over pairs: their windows overlap, and one pair's weeks are alike.
    """

    centre: Floats
    scale: Floats
    coefficients: Floats
    covariance: Floats

    def design(self, values: Values) -> Floats:
        """Standardised features with a one in front."""
        z = np.clip((values - self.centre) / self.scale, -10, 10)
        return np.concatenate([np.ones((len(values), 1)), z], axis=1)

    def score(self, values: Values) -> Floats:
        """The change of log odds."""
        return np.asarray(self.design(values) @ self.coefficients, np.float64)


def regression(values: Values, came: Bools, start: Floats, weight: Floats, cluster: Ints) -> Linear:
    """Fit the logistic regression from starting log odds, by L-BFGS, with a ridge on all but the constant."""
    from scipy.optimize import minimize

    centre, scale = values.mean(axis=0, dtype=np.float64), values.std(axis=0, dtype=np.float64)
    scale = np.where(scale > 1e-6, scale, 1e6)  # a constant column says nothing
    unfitted = Linear(centre, scale, np.zeros(values.shape[1] + 1), np.zeros((0, 0)))
    z, ridge = unfitted.design(values).astype(np.float32), np.append(0.0, np.full(values.shape[1], RIDGE))

    def cost(b: Floats) -> tuple[float, Floats]:
        score = start + z @ b.astype(np.float32)
        away = weight * (chance_of(score) - came)
        loss = (weight * (np.logaddexp(0, score) - came * score)).sum() + 0.5 * (ridge * b * b).sum()
        return float(loss), z.T @ away.astype(np.float32) + ridge * b

    b = minimize(cost, unfitted.coefficients, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    p = chance_of(start + z @ b)
    bread = np.linalg.inv((z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(ridge + 1e-9))
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    scores = np.add.reduceat(z[order] * (weight * (came - p))[order, None], starts, axis=0)
    return Linear(centre, scale, b, bread @ (scores.T @ scores) @ bread)


def boosted(learn: Part, held: Part | int) -> tuple[lightgbm.Booster, int]:
    """LightGBM and its number of trees, which `held` rows choose or which is given."""
    import lightgbm

    data = lightgbm.Dataset(learn.values, learn.came, weight=learn.weight, init_score=learn.start)
    if isinstance(held, int):
        return lightgbm.train(TREE, data, held), held
    other = lightgbm.Dataset(held.values, held.came, init_score=held.start, reference=data)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    booster = lightgbm.train(TREE, data, TREES, valid_sets=[other], callbacks=[stop])
    return booster, max(FEWEST_TREES, booster.best_iteration)


class Part(NamedTuple):
    """What a booster learns from: features, what came, weights, and the log odds that it starts from, if any."""

    values: Values
    came: Values
    weight: Floats
    start: Floats | None

    def afresh(self) -> Part:
        """The same without a start."""
        return self._replace(start=None)


@dataclass(frozen=True)
class Model:
    """Three learners for one layer and horizon, whose log odds are averaged; `worth` is the climatology's strength.

    A regression and a booster that start from the climatology, and a booster that starts afresh. `trees` are the two
    boosters' numbers of trees.
    """

    linear: Linear
    booster: lightgbm.Booster
    fresh: lightgbm.Booster
    trees: tuple[int, int]
    worth: float

    def learners(self, rows: Rows, horizon: int) -> Floats:
        """The log odds of each learner; learners x rows."""
        start = logit(usual(rows, horizon, self.worth))
        grown = [
            np.asarray(booster.predict(rows.values, raw_score=True, num_iteration=trees, num_threads=1))
            for booster, trees in zip((self.booster, self.fresh), self.trees, strict=True)
        ]
        return np.stack([start + self.linear.score(rows.values), start + grown[0], grown[1]])

    def chances(self, rows: Rows, horizon: int) -> Floats:
        """The probability of each row."""
        return chance_of(self.learners(rows, horizon).mean(axis=0))

    def contributions(self, rows: Rows, horizon: int) -> Floats:
        """What each feature adds to the log odds of the climatology; rows x (features + constant).

        For trees SHAP values (Lundberg et al., Nature Machine Intelligence 2020). The booster that starts afresh does
        without the climatology: what it takes away of it goes to the constant.
        """
        linear = self.linear.design(rows.values) * self.linear.coefficients
        told = np.concatenate([linear[:, 1:], linear[:, :1]], axis=1)
        for booster, trees in zip((self.booster, self.fresh), self.trees, strict=True):
            given = booster.predict(rows.values, pred_contrib=True, num_iteration=trees, num_threads=1)
            told = told + np.asarray(given, np.float64)
        told[:, -1] -= logit(usual(rows, horizon, self.worth))
        return told / 3


def fit(rows: Rows, horizon: int, worth: float, held: Rows | tuple[int, int]) -> Model:
    """Learn from rows whose time after the origin is known; `held`: later rows, or the boosters' numbers of trees."""
    rows = rows.pick(rows.whole[horizon])
    learn = _part(rows, horizon, worth)
    cluster = rows.source * (int(rows.target.max()) + 1) + rows.target
    start = logit(usual(rows, horizon, worth))
    linear = regression(rows.values, rows.came[horizon], start, rows.weight, cluster)
    if isinstance(held, tuple):
        grown = boosted(learn, held[0]), boosted(learn.afresh(), held[1])
    else:
        aside = _part(held, horizon, worth)
        grown = boosted(learn, aside), boosted(learn.afresh(), aside.afresh())
    (booster, first), (fresh, second) = grown
    return Model(linear, booster, fresh, (first, second), worth)


def _part(rows: Rows, horizon: int, worth: float) -> Part:
    came = rows.came[horizon].astype(np.float32)
    return Part(rows.values, came, rows.weight, logit(usual(rows, horizon, worth)))
