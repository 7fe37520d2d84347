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
from tertius.studies.forecasts.columns import Groups
from tertius.studies.forecasts.features import Sheet, describe
from tertius.studies.forecasts.history import Facts, Floats, History, Ints, Queries, questions
from tertius.studies.forecasts.network import Network, situation
from tertius.studies.forecasts.rules import Rules

if TYPE_CHECKING:
    import lightgbm

TREES, PATIENCE = 160, 30  # more cost much time and gain less than 0.1 MRR
FIRST_NEGATIVES, OTHER_NEGATIVES = 25, 15
TREE = {
    "num_leaves": 31,
    "learning_rate": 0.08,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.25,
    "bagging_fraction": 0.5,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "feature_pre_filter": False,
    "num_threads": 1,
    "verbosity": -1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
}

CLASSIFY: dict[str, Any] = {"objective": "binary", "metric": "binary_logloss"}
# XE-NDCG (Bruch, WWW 2021) ranks better than LambdaRank here, and better than the classifier.
ORDER: dict[str, Any] = {"objective": "rank_xendcg", "metric": "ndcg", "eval_at": [10], "path_smooth": 10}


class Day(NamedTuple):
    """The questions of one day, their answers as (question, target), and what was known before it."""

    day: int
    queries: Queries
    query: Ints
    target: Ints
    history: History
    rules: Rules
    sheet: Sheet


def walk(facts: Facts, first: int, last: int, sharing: Sequence[Ints] = (), *, warm: int = 0) -> Iterator[Day]:
    """The days from first to last that have acts, each with its candidates; earlier days are only learnt from.

    `facts` are doubled; `sharing` holds groups of actors (country, role), -1 where unknown. With `warm`, a network that
    has learnt from so many days before the first adds its scores. A day's `history` and `rules` move on with the next.
    """
    history, rules = History(facts), Rules(facts.relations)
    groups = [Groups(of, history) for of in sharing]
    network = Network(facts.entities, facts.relations) if warm else None
    while (day := history.next_day()) is not None and day <= last:
        history.until(day)
        queries, query, target = questions(facts, day)
        if day >= first - warm:
            sheet = describe(history, rules, queries, groups)
            at = situation(history, queries, sheet) if network else None
            if network and at:
                sheet = network.extended(sheet, at)
            if day >= first:
                yield Day(day, queries, query, target, history, rules, sheet)
            if network and at:
                network.learn(at, answered(sheet, query, target))
        rules.learn(history, queries, query, target)
        history.take_in()


def answered(sheet: Sheet, query: Ints, target: Ints) -> NDArray[np.bool_]:
    """Which candidates are among the answers, given as (question, target): questions x candidates."""
    entities = sheet.retrieval.shape[1]
    asked = np.arange(len(sheet.candidates))[:, None] * entities + sheet.candidates
    return np.isin(asked, query * entities + target)


class Rows(NamedTuple):
    """Rows to learn from: features, whether the candidate was an answer, how many each stands for, rows a question."""

    values: NDArray[np.float32]
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]
    sizes: Ints


def rows(day: Day, random: np.random.Generator) -> Rows:
    """The candidates of a day's questions: all answers, the first others by retrieval, and some of the rest."""
    label = answered(day.sheet, day.query, day.target)
    width = label.shape[1]
    chance = min(1.0, OTHER_NEGATIVES / max(1, width - FIRST_NEGATIVES))
    sure = label | (np.arange(width) < FIRST_NEGATIVES)
    kept = (sure | (random.random(label.shape) < chance)) & label.any(axis=1, keepdims=True)
    weights = np.where(sure, 1.0, 1.0 / chance)[kept].astype(np.float32)
    sizes = kept.sum(axis=1)
    return Rows(day.sheet.values[kept], label[kept].astype(np.float32), weights, sizes[sizes > 0])


@dataclass(frozen=True)
class Ranker:
    """A trained ranker: a classifier and an orderer, whose scores are divided by their `scales` and added."""

    classifier: lightgbm.Booster
    orderer: lightgbm.Booster | None
    trees: tuple[int, ...]
    scales: tuple[float, ...]

    def scores(self, sheet: Sheet) -> NDArray[np.float32]:
        """Scores of questions x entities: the candidates by the boosters, all others below them by retrieval."""
        values = sheet.values.reshape(-1, sheet.values.shape[2])
        score = _raw(self.classifier, values) / self.scales[0]
        if self.orderer is not None:
            score += _raw(self.orderer, values) / self.scales[1]
        out = sheet.retrieval - np.float32(1e6)
        np.put_along_axis(out, sheet.candidates, score.reshape(sheet.candidates.shape).astype(np.float32), axis=1)
        return out

    def probabilities(self, sheet: Sheet) -> NDArray[np.float64]:
        """The classifier's probability that each candidate is among the day's answers: questions x candidates."""
        values = sheet.values.reshape(-1, sheet.values.shape[2])
        return np.asarray(self.classifier.predict(values, num_threads=1)).reshape(sheet.candidates.shape)


def _raw(booster: lightgbm.Booster, values: NDArray[np.float32]) -> Floats:
    return np.asarray(booster.predict(values, raw_score=True, num_threads=1))


def train(learn: list[Rows], tune: list[Rows], *, order: bool = True, weighted: bool = False) -> Ranker:
    """Train on some days, choosing the number of trees on later ones, then on all of them with that number.

    `order` adds the orderer. `weighted`: candidates that were drawn stand for those that were not, so that the
    classifier's probabilities are unbiased; without, it attends to the hard cases. `learn` is emptied as it is taken
    in, since the rows of many days are large. Raises TooLittle without answers.
    """
    if not all(any(part.labels.any() for part in parts) for parts in (learn, tune)):
        raise TooLittle("too few acts recur to learn a ranking from: add more weeks to the ledger")
    first = sum(len(part.labels) for part in learn)
    every = _data([*learn, *tune], weighted)
    learn.clear()
    purposes = [CLASSIFY, ORDER] if order else [CLASSIFY]
    tuned = [_tuned(every, first, purpose) for purpose in purposes]
    scales = tuple(_spread(booster, tune) for booster in tuned)
    trees = tuple(booster.best_iteration for booster in tuned)
    boosters = [_boosted(every, purpose, count) for purpose, count in zip(purposes, trees, strict=True)]
    return Ranker(boosters[0], boosters[1] if order else None, trees, scales)


def _data(parts: Sequence[Rows], weighted: bool) -> lightgbm.Dataset:
    """Days' rows for LightGBM, which takes them one by one: joining them would double the memory."""
    import lightgbm

    parts = [part for part in parts if len(part.labels)]
    labels, sizes = (np.concatenate([part[place] for part in parts]) for place in (1, 3))
    weights = np.concatenate([part.weights for part in parts]) if weighted else None
    values: Any = [part.values for part in parts]
    return lightgbm.Dataset(values, labels, weight=weights, group=sizes, params=dict(TREE)).construct()


def _tuned(every: lightgbm.Dataset, first: int, purpose: dict[str, Any]) -> lightgbm.Booster:
    """Trained on the first rows, with the number of trees that is best on the others."""
    import lightgbm

    data, held = every.subset(np.arange(first).tolist()), every.subset(np.arange(first, every.num_data()).tolist())
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    return lightgbm.train({**TREE, **purpose}, data, TREES, valid_sets=[held], callbacks=[stop])


def _spread(booster: lightgbm.Booster, parts: Sequence[Rows]) -> float:
    """How widely a booster's scores of some days' rows spread: their standard deviation."""
    return float(np.std(np.concatenate([_raw(booster, part.values) for part in parts if len(part.labels)]))) or 1.0


def _boosted(every: lightgbm.Dataset, purpose: dict[str, Any], trees: int) -> lightgbm.Booster:
    import lightgbm

    return lightgbm.train({**TREE, **purpose}, every, trees)
