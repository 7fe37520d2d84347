"""Learning to rank: LightGBM over the features of retrieved candidates.

It learns only from what retrieval returns, in the order of time: the days that it is trained on lie before those on
which the number of trees is chosen, and all lie before those that are forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.errors import TooLittle
from tertius.studies.forecasts.features import Groups, Sheet, describe
from tertius.studies.forecasts.history import Facts, History, Ints, Queries, questions
from tertius.studies.forecasts.rules import Rules

if TYPE_CHECKING:
    import lightgbm

TREES, PATIENCE = 400, 30
FIRST_NEGATIVES, OTHER_NEGATIVES = 25, 15
TREE = {
    "num_leaves": 63,
    "learning_rate": 0.06,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "num_threads": 1,
    "verbosity": -1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}

CLASSIFY: dict[str, Any] = {"objective": "binary", "metric": "binary_logloss"}
ORDER: dict[str, Any] = {"objective": "lambdarank", "metric": "ndcg", "eval_at": [10]}


class Day(NamedTuple):
    """The questions of one day, their answers as (question, target), and what was known before it."""

    day: int
    queries: Queries
    query: Ints
    target: Ints
    history: History
    rules: Rules
    sheet: Sheet


def walk(facts: Facts, first: int, last: int, sharing: Sequence[Ints] = ()) -> Iterator[Day]:
    """The days from first to last that have acts, each with its candidates; earlier days are only learnt from.

    `facts` are doubled; `sharing` holds groups of actors (country, role), -1 where unknown. A day's `history` and
    `rules` move on with the next.
    """
    history, rules = History(facts), Rules(facts.relations)
    groups = [Groups(of, history) for of in sharing]
    while (day := history.next_day()) is not None and day <= last:
        history.until(day)
        queries, query, target = questions(facts, day)
        if day >= first:
            yield Day(day, queries, query, target, history, rules, describe(history, rules, queries, groups))
        rules.learn(history, queries, query, target)
        history.take_in()


class Rows(NamedTuple):
    """Rows to learn from: features, whether the candidate was an answer, how many each stands for, rows a question."""

    values: NDArray[np.float32]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]
    sizes: Ints


def rows(day: Day, random: np.random.Generator) -> Rows:
    """The candidates of a day's questions: all answers, the first others by retrieval, and some of the rest."""
    entities = day.sheet.retrieval.shape[1]
    asked = np.arange(len(day.queries.source))[:, None] * entities + day.sheet.candidates
    label = np.isin(asked, day.query * entities + day.target)
    width = label.shape[1]
    chance = min(1.0, OTHER_NEGATIVES / max(1, width - FIRST_NEGATIVES))
    sure = label | (np.arange(width) < FIRST_NEGATIVES)
    kept = (sure | (random.random(label.shape) < chance)) & label.any(axis=1, keepdims=True)
    weights = np.where(sure, 1.0, 1.0 / chance)[kept].astype(np.float32)
    sizes = kept.sum(axis=1)
    return Rows(day.sheet.values[kept], label[kept].astype(np.float32), weights, sizes[sizes > 0])


def gathered(parts: Sequence[Rows]) -> Rows:
    """Many days' rows as one."""
    values, labels, weights, sizes = zip(*parts, strict=True)
    return Rows(np.concatenate(values), np.concatenate(labels), np.concatenate(weights), np.concatenate(sizes))


@dataclass(frozen=True)
class Ranker:
    """A trained ranker: a classifier and an orderer, whose standardised scores are averaged."""

    classifier: lightgbm.Booster
    orderer: lightgbm.Booster | None
    trees: tuple[int, ...]

    def scores(self, sheet: Sheet) -> NDArray[np.float32]:
        """Scores of questions x entities: the candidates by the boosters, all others below them by retrieval."""
        shape = sheet.candidates.shape
        values = sheet.values.reshape(-1, sheet.values.shape[2])
        score = np.asarray(self.classifier.predict(values, raw_score=True, num_threads=1)).reshape(shape)
        if self.orderer is not None:
            other = np.asarray(self.orderer.predict(values, raw_score=True, num_threads=1)).reshape(shape)
            score = score + other
        out = sheet.retrieval - np.float32(1e6)
        np.put_along_axis(out, sheet.candidates, score.astype(np.float32), axis=1)
        return out

    def probabilities(self, sheet: Sheet) -> NDArray[np.float64]:
        """The classifier's probability that each candidate is among the day's answers: questions x candidates."""
        values = sheet.values.reshape(-1, sheet.values.shape[2])
        return np.asarray(self.classifier.predict(values, num_threads=1)).reshape(sheet.candidates.shape)


def train(learn: Rows, tune: Rows, *, order: bool = True, weighted: bool = False) -> Ranker:
    """Train on some days, choosing the number of trees on later ones, then on all of them with that number.

    `order` adds the orderer. `weighted`: candidates that were drawn stand for those that were not, so that the
    classifier's probabilities are unbiased; without, it attends to the hard cases. Raises TooLittle without answers.
    """
    if not learn.labels.any() or not tune.labels.any():
        raise TooLittle("too few acts recur to learn a ranking from: add more weeks to the ledger")
    if not weighted:
        learn, tune = (part._replace(weights=np.ones_like(part.weights)) for part in (learn, tune))
    purposes = [CLASSIFY, ORDER] if order else [CLASSIFY]
    trees = [_tuned(learn, tune, purpose) for purpose in purposes]
    every = _data(gathered([learn, tune]))
    boosters = [_boosted(every, purpose, count) for purpose, count in zip(purposes, trees, strict=True)]
    return Ranker(boosters[0], boosters[1] if order else None, tuple(trees))


def _data(rows: Rows) -> lightgbm.Dataset:
    import lightgbm

    return lightgbm.Dataset(rows.values, rows.labels, weight=rows.weights, group=rows.sizes)


def _tuned(learn: Rows, tune: Rows, purpose: dict[str, Any]) -> int:
    """The number of trees that is best on `tune`."""
    import lightgbm

    data, stop = _data(learn), lightgbm.early_stopping(PATIENCE, verbose=False)
    held = lightgbm.Dataset(tune.values, tune.labels, weight=tune.weights, group=tune.sizes, reference=data)
    return lightgbm.train({**TREE, **purpose}, data, TREES, valid_sets=[held], callbacks=[stop]).best_iteration


def _boosted(data: lightgbm.Dataset, purpose: dict[str, Any], trees: int) -> lightgbm.Booster:
    import lightgbm

    return lightgbm.train({**TREE, **purpose}, data, trees)
