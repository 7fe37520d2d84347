"""Temporal rules, learnt as time goes by: after 'A r1 B', how probable is B as the answer to 'A r2 whom?'

A rule is a pair of relations and the age of the last act of the first: it is tried whenever a question of a day has a
pair with such an act behind it, and holds when the pair's other end is among the day's answers. Reversed
relations are relations too, so 'B acted on A' is among the bodies. This is TLogic's rule of length 1 (Liu et al., AAAI
2022) with the confidence conditional on the question being asked, in bins of age.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tertius.studies.forecasts.history import Floats, History, Ints, Queries

AGES = np.array([1, 3, 7, 15, 30, 90])  # days; the last bin is open
PRIOR_TRIALS = 10.0
SURE = 0.95  # no rule counts for more


class Bodies(NamedTuple):
    """The acts behind each question: the question, the triple, and the place of the rule in `Rules`' arrays."""

    query: Ints
    triple: Ints
    rule: Ints


class Rules:
    """Trials and hits of every rule, over relations x relations x ages."""

    def __init__(self, relations: int) -> None:
        self.shape = (relations, relations, len(AGES) + 1)
        self.trials: Floats = np.zeros(int(np.prod(self.shape)))
        self.hits: Floats = np.zeros(int(np.prod(self.shape)))

    def bodies(self, history: History, queries: Queries) -> Bodies:
        """What went before each question."""
        query, triple = history.triples_of(queries.source)
        age = np.searchsorted(AGES, history.day - history.triples.last[triple])
        rule = np.ravel_multi_index((history.triple_relation[triple], queries.relation[query], age), self.shape)
        return Bodies(query, triple, rule.astype(np.int64))

    def confidence(self, rule: Ints) -> Floats:
        """The share of trials that held, drawn towards that of the body's relation and age with any head."""
        trials, hits = self.trials.reshape(self.shape), self.hits.reshape(self.shape)
        prior = (hits.sum(axis=1) + 0.01) / (trials.sum(axis=1) + 1.0)
        relation, _, age = np.unravel_index(rule, self.shape)
        share: Floats = (self.hits[rule] + PRIOR_TRIALS * prior[relation, age]) / (self.trials[rule] + PRIOR_TRIALS)
        return np.minimum(share, SURE)

    def base(self, relation: Ints) -> Floats:
        """The share of trials that held of all rules that end in each relation."""
        trials, hits = self.trials.reshape(self.shape).sum(axis=(0, 2)), self.hits.reshape(self.shape).sum(axis=(0, 2))
        out: Floats = ((hits + 0.1) / (trials + PRIOR_TRIALS))[relation]
        return out

    def learn(self, history: History, queries: Queries, query: Ints, target: Ints) -> None:
        """Take in the answers of a day, as (question, target), whose history does not yet hold them."""
        bodies = self.bodies(history, queries)
        entities = history.facts.entities
        asked = bodies.query * entities + history.triple_target[bodies.triple]
        held = np.isin(asked, query * entities + target)
        self.trials += np.bincount(bodies.rule, minlength=len(self.trials))
        self.hits += np.bincount(bodies.rule[held], minlength=len(self.hits))
