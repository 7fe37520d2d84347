"""Embeddings of actors and acts, learnt online: each day is scored before it is learnt from, in the order of time.

The score of 'A r2 whom?' and a candidate is a weighted sum of logs of evidence, with weights for each relation, plus
the product of two vectors. The question's is that of the actor times that of the relation, plus the relation's own,
plus the means over the actor's partners, over those to whom it did the same, and over what it did lately. The
candidate's is its own plus the means over its partners and over what it did lately: one step of message passing (as in
RE-GCN, Li et al., SIGIR 2021), with a copy term (CyGNet, Zhu et al., AAAI 2021). It learns by the cross-entropy of the
answers among the candidates, with Adam (Kingma and Ba, ICLR 2015), on the new day and on some of the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.studies.forecasts.columns import Singles
from tertius.studies.forecasts.features import Sheet
from tertius.studies.forecasts.history import MONTHS, Floats, History, Ints, Queries

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EVIDENCE = ("rules_sum", "triple_habit_0.8", "pair_habit_0.8", "role_of_all_50.0", "peers", "popular")
WIDTH = 64  # of an embedding
RATE, DECAY = 1e-3, 1.5  # Adam's step, and how fast unused embeddings shrink, in steps
STEPS, REMEMBERED, RECENT = 8, 60, 15.0  # steps a day, days to draw from, and their mean age
WEEKS, WEEK = 2, 1  # places in HALF_LIVES: 15 and 5 days
FAINT = 0.05  # a decayed count below this is no context
DECAYING = ("actor", "target", "did", "does", "bias", "relation_plus")


class Situation(NamedTuple):
    """A day's questions as the network reads them; the last five take weighted means over actors or relations."""

    source: Ints
    relation: Ints
    candidates: Ints
    evidence: Singles  # questions x candidates x EVIDENCE
    partners: csr_array  # questions x actors
    same: csr_array  # questions x actors
    lately: csr_array  # questions x relations
    around: csr_array  # actors x actors
    doing: csr_array  # actors x relations


def situation(history: History, queries: Queries, sheet: Sheet) -> Situation:
    """What the network reads of a day, strictly from earlier days."""
    entities, relations, asked = history.facts.entities, history.facts.relations, len(queries.source)
    pairs, triples = history.pairs.counts, history.triples.counts
    owner, pair = history.pairs_of(queries.source)
    partners = _means(owner, history.pair_target[pair], np.sqrt(pairs[WEEKS, pair]), (asked, entities))
    owner, triple = history.same_triples(queries)
    same = _means(owner, history.triple_target[triple], np.sqrt(triples[MONTHS, triple]), (asked, entities))
    owner, triple = history.triples_of(queries.source)
    lately = _means(owner, history.triple_relation[triple], triples[WEEK, triple], (asked, relations))
    around = _means(history.pair_source, history.pair_target, np.sqrt(pairs[WEEKS, :-1]), (entities, entities))
    doing = _means(history.triple_source, history.triple_relation, triples[WEEK, :-1], (entities, relations))
    places = [sheet.names.index(name) for name in EVIDENCE]
    evidence = sheet.values[:, :, places]
    evidence[:, :, 0] = -np.expm1(-evidence[:, :, 0])
    evidence = (np.log(np.maximum(evidence, 0) + 1e-3) / 3 + 1).astype(np.float32)
    return Situation(*queries, sheet.candidates, evidence, partners, same, lately, around, doing)


def _means(owner: Ints, of: Ints, weights: Floats, shape: tuple[int, int]) -> csr_array:
    """A sparse array that takes the weighted mean over what each owner has; faint weights are left out."""
    from scipy.sparse import csr_array

    kept = weights > FAINT
    owner, of, weights = owner[kept], of[kept], weights[kept]
    total = np.bincount(owner, weights, minlength=shape[0])
    return csr_array(((weights / total[owner]).astype(np.float32), (owner, of)), shape=shape)


class _Pass(NamedTuple):
    """What a forward pass leaves for the backward one: the means, both vectors, and the scores without evidence."""

    means: dict[str, Singles]
    question: Singles
    candidate: Singles
    fit: Singles


class Network:
    """The embeddings, and the days that they are learnt from."""

    def __init__(self, entities: int, relations: int) -> None:
        self._random = np.random.default_rng(1)
        shapes = {
            "actor": entities,
            "target": entities,
            "relation_plus": relations,
            "did": relations,
            "does": relations,
        }
        draw = self._random.standard_normal
        self._now: dict[str, Singles] = {
            name: (0.1 * draw((size, WIDTH))).astype(np.float32) for name, size in shapes.items()
        }
        self._now["relation_times"] = (1 + 0.1 * draw((relations, WIDTH))).astype(np.float32)
        for name in ("partners", "same", "lately", "around", "doing"):
            self._now[name] = np.full(WIDTH, 0.3, np.float32)
        self._now["bias"] = np.zeros(entities, np.float32)
        self._now["evidence"] = np.full((relations, len(EVIDENCE)), 0.5, np.float32)
        self._first = {name: np.zeros_like(value) for name, value in self._now.items()}
        self._second = {name: np.zeros_like(value) for name, value in self._now.items()}
        self._steps = 0
        self._days: list[tuple[Situation, NDArray[np.bool_]]] = []

    def extended(self, sheet: Sheet, at: Situation) -> Sheet:
        """The sheet with two more features: the log of the probability, and the fit of the embeddings alone."""
        passed = self._forward(at)
        chance = np.log(_softmax(self._scores(at, passed)) + 1e-12)
        fit = passed.fit - passed.fit.mean(axis=1, keepdims=True)
        values = np.concatenate([sheet.values, np.stack([chance, fit], axis=2)], axis=2)
        return sheet._replace(values=values, names=(*sheet.names, "network", "network_fit"))

    def learn(self, at: Situation, answers: NDArray[np.bool_]) -> None:
        """Take in a day and which candidates were answers (questions x candidates); go over some days before it."""
        self._days = [*self._days[1 - REMEMBERED :], (at, answers)]
        self._step(at, answers)
        for back in self._random.exponential(RECENT, STEPS - 1).astype(int):
            if back < len(self._days):
                self._step(*self._days[-1 - back])

    def _forward(self, at: Situation) -> _Pass:
        now = self._now
        means = {
            "partners": at.partners @ now["target"],
            "same": at.same @ now["target"],
            "lately": at.lately @ now["did"],
            "around": at.around @ now["target"],
            "doing": at.doing @ now["does"],
        }
        question = now["actor"][at.source] * now["relation_times"][at.relation] + now["relation_plus"][at.relation]
        question += sum(means[name] * now[name] for name in ("partners", "same", "lately"))
        candidate = now["target"] + means["around"] * now["around"] + means["doing"] * now["doing"]
        fit = np.take_along_axis(question @ candidate.T, at.candidates, axis=1) + now["bias"][at.candidates]
        return _Pass(means, question, candidate, fit)

    def _scores(self, at: Situation, passed: _Pass) -> Singles:
        evidence: Singles = np.einsum("qcf,qf->qc", at.evidence, self._now["evidence"][at.relation])
        return passed.fit + evidence

    def _step(self, at: Situation, answers: NDArray[np.bool_]) -> None:
        """One step against the gradient of the cross-entropy of a day's answers."""
        if not answers.any():
            return
        passed = self._forward(at)
        error = answers.sum(axis=1, keepdims=True) * _softmax(self._scores(at, passed)) - answers
        error = (error / (5 * np.sqrt(answers.sum()))).astype(np.float32)
        self._steps += 1
        for name, slope in self._slopes(at, passed, error).items():
            self._move(name, slope)

    def _slopes(self, at: Situation, passed: _Pass, error: Singles) -> dict[str, Any]:
        """The gradient of everything that is learnt, from that of the scores."""
        now, means = self._now, passed.means
        entities, relations = len(now["bias"]), len(now["evidence"])
        sparse = _scattered(at.candidates, error, entities)
        question, candidate = sparse @ passed.candidate, sparse.T @ passed.question
        by_source, by_relation = _picked(at.source, entities), _picked(at.relation, relations)
        out = {name: (question * means[name]).sum(axis=0) for name in ("partners", "same", "lately")}
        out |= {name: (candidate * means[name]).sum(axis=0) for name in ("around", "doing")}
        out["actor"] = by_source @ (question * now["relation_times"][at.relation])
        out["relation_times"] = by_relation @ (question * now["actor"][at.source])
        out["relation_plus"] = by_relation @ question
        out["target"] = candidate + at.around.T @ (candidate * now["around"])
        out["target"] += at.partners.T @ (question * now["partners"]) + at.same.T @ (question * now["same"])
        out["did"] = at.lately.T @ (question * now["lately"])
        out["does"] = at.doing.T @ (candidate * now["doing"])
        out["bias"] = np.bincount(at.candidates.ravel(), error.ravel(), minlength=entities).astype(np.float32)
        out["evidence"] = by_relation @ np.einsum("qc,qcf->qf", error, at.evidence)
        return out

    def _move(self, name: str, slope: Singles) -> None:
        """Adam, with what is not used shrinking."""
        first, second, now = self._first[name], self._second[name], self._now[name]
        first += np.float32(0.1) * (slope - first)
        second += np.float32(0.01) * (slope * slope - second)
        mean, spread = first / (1 - 0.9**self._steps), second / (1 - 0.99**self._steps)
        now -= (RATE * mean / (np.sqrt(spread) + 1e-6)).astype(np.float32)
        if name in DECAYING:
            now *= np.float32(1 - RATE * DECAY)


def _softmax(scores: Singles) -> Singles:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Singles = raised / raised.sum(axis=1, keepdims=True)
    return out


def _scattered(candidates: Ints, values: Singles, entities: int) -> csr_array:
    """Values of questions x candidates, as questions x entities."""
    from scipy.sparse import csr_array

    starts = np.arange(len(candidates) + 1) * candidates.shape[1]
    return csr_array((values.ravel(), candidates.ravel(), starts), shape=(len(candidates), entities))


def _picked(owner: Ints, size: int) -> csr_array:
    """A sparse array that adds up the rows of each owner."""
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(owner), np.float32), (owner, np.arange(len(owner)))), shape=(size, len(owner)))
