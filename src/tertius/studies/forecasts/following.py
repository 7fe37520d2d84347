"""Whom an actor acts on next: the ranker on a ledger's record, with its reasons in words.

The chance is conditional: if the actor does this to anybody on the day after the record, how probable is this target?
Beside it stands the base rate, the target's share of the days on which the actor did it so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import msgspec
import numpy as np

from tertius.errors import TooLittle, UsageError
from tertius.studies.forecasts.features import Sheet, describe
from tertius.studies.forecasts.history import MONTHS, Facts, Floats, History, Ints, Queries
from tertius.studies.forecasts.ranker import Day, Ranker, rows, train, walk
from tertius.studies.forecasts.rules import AGES, Rules
from tertius.studies.record import Record, name_of

REMEMBERED = 730  # days of the record that are looked back on
LEARN, TUNE = 120, 45  # at most so many days with acts to learn on, and to choose the number of trees on
FEWEST_DAYS = 30
WEEKS = 10
TELLING, TRIED, FRESH = 0.02, 20, 30  # a rule less sure, tried less often or from further back (days) is no reason
AGE_WORDS = ("the day before", *(f"{low + 1} to {high} days before" for low, high in pairwise(AGES)))


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """A probable next target of an act. `chance` and `base_rate` are probabilities given that the act is done at all.

    `evidence` are the ids of the latest acts of this type on the target, newest first.
    """

    type: str
    rank: int
    target: str
    name: str
    chance: float
    base_rate: float
    reasons: str
    evidence: list[str]


@dataclass(frozen=True)
class Forecaster:
    """A ranker trained on a record, and what is known on the day after its last."""

    record: Record
    facts: Facts
    ranker: Ranker
    history: History
    rules: Rules

    @property
    def day(self) -> str:
        """The day that is forecast (ISO date)."""
        return date.fromordinal(self.history.day).isoformat()

    def silence(self) -> int:
        """How many of the last ten weeks hold no act of anybody: they are missing, not peaceful."""
        return WEEKS - _weeks(self.history.day, self.facts.day)

    def targets(self, actor: str, types: Sequence[str], limit: int = 10) -> list[Next]:
        """The most probable targets of an actor's acts of some types, best first. Raises UsageError."""
        source = self.record.number(actor)
        unknown = [name for name in types if name not in self.record.types]
        if unknown:
            known = ", ".join(self.record.types)
            raise UsageError(f"nobody does {', '.join(unknown)} in this record: choose among {known}")
        relation = np.array([self.record.types.index(name) for name in types], np.int64)
        queries = Queries(np.full(len(types), source, np.int64), relation)
        sheet = describe(self.history, self.rules, queries)
        return [row for at in range(len(types)) for row in self._ranked(queries, sheet, at, limit)]

    def _ranked(self, queries: Queries, sheet: Sheet, at: int, limit: int) -> list[Next]:
        source, relation = int(queries.source[at]), int(queries.relation[at])
        scores, chances = self.ranker.scores(sheet)[at], self.ranker.probabilities(sheet)[at]
        chance = dict(zip(sheet.candidates[at].tolist(), chances.tolist(), strict=True))
        best = [int(o) for o in np.argsort(-scores, kind="stable") if o != source and int(o) in chance][:limit]
        out = []
        for rank, target in enumerate(best, 1):
            actor = self.record.actors[target]
            out.append(
                Next(
                    type=self.record.types[relation], rank=rank, target=actor, name=name_of(actor),
                    chance=chance[target], base_rate=self._base_rate(source, relation, target),
                    reasons="; ".join(self._reasons(source, relation, target)),
                    evidence=self._evidence(source, relation, target),
                )
            )  # fmt: skip
        return out

    def _acts(self, source: int, target: int, relation: int | None) -> Ints:
        """Which rows of the record are acts of one on another; newest last."""
        chosen = self.record.where(source, target)
        if relation is not None:
            chosen &= self.record.kind == relation
        return np.flatnonzero(chosen)

    def _base_rate(self, source: int, relation: int, target: int) -> float:
        done = (self.record.source == source) & (self.record.kind == relation)
        days = len(np.unique(self.record.day[done]))
        on_target = len(np.unique(self.record.day[done & (self.record.target == target)]))
        return (on_target / days) if days else 0.0

    def _evidence(self, source: int, relation: int, target: int) -> list[str]:
        return [self.record.ids[at] for at in self._acts(source, target, relation)[::-1][:3]]

    def _reasons(self, source: int, relation: int, target: int) -> list[str]:
        found = [
            self._habit(source, relation, target),
            self._rule(source, relation, target),
            self._others(source, relation, target),
        ]
        return [reason for reason in found if reason] or ["like those that it acts on"]

    def _habit(self, source: int, relation: int, target: int) -> str | None:
        """How often and how lately the same, or else any act was done to the target."""
        for kind, words in ((relation, f"did {self.record.types[relation]}"), (None, "acted otherwise")):
            days = self.record.day[self._acts(source, target, kind)]
            if len(days):
                ago = self.history.day - int(days[-1])
                weeks = _weeks(self.history.day, days)
                return f"{words} in {weeks} of the last {WEEKS} weeks, last {_days(ago)} ago"
        return None

    def _rule(self, source: int, relation: int, target: int) -> str | None:
        """The surest rule that leads from an earlier act of another type, or of the other side, to this one."""
        queries = Queries(np.array([source]), np.array([relation]))
        bodies = self.rules.bodies(self.history, queries)
        body = self.history.triple_relation[bodies.triple]
        kept = (self.history.triple_target[bodies.triple] == target) & (body != relation)
        kept &= self.history.day - self.history.triples.last[bodies.triple] <= FRESH
        kept &= self.rules.trials[bodies.rule] >= TRIED
        if not kept.any():
            return None
        sure = self.rules.confidence(bodies.rule[kept])
        best = int(np.argmax(sure))
        if sure[best] < TELLING:
            return None
        kinds, half = self.record.types, len(self.record.types)
        before = int(body[kept][best])
        age = AGE_WORDS[int(np.unravel_index(bodies.rule[kept][best], self.rules.shape)[2])]
        ago = _days(self.history.day - int(self.history.triples.last[bodies.triple[kept][best]]))
        did, answer = kinds[before % half], kinds[relation]
        happened, those = (
            (f"it did {did} to A", f"that did {did} to them")
            if before >= half
            else (f"A did {did}", f"to whom they did {did}")
        )
        return f"{happened} {ago} ago: those who do {answer} do it to {100 * sure[best]:.0f}% of those {those} {age}"

    def _others(self, source: int, relation: int, target: int) -> str | None:
        """Who else did it to the target lately."""
        _, triple = self.history.triples_with(np.array([relation]))
        kept = (self.history.triple_target[triple] == target) & (self.history.triple_source[triple] != source)
        counts: Floats = self.history.triples.counts[MONTHS, triple[kept]]
        order = np.argsort(-counts, kind="stable")[:2]
        names = [name_of(self.record.actors[at]) for at in self.history.triple_source[triple[kept]][order]]
        return f"{' and '.join(names)} did it too" if names else None


def _weeks(today: int, days: Ints) -> int:
    """How many of the last ten weeks before a day hold one of `days`."""
    back = (today - 1 - days) // 7
    return len(np.unique(back[(back >= 0) & (back < WEEKS)]))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def facts_of(record: Record) -> Facts:
    """A record's acts of its last two years as arrays; relations are its types."""
    kept = record.day > record.day[-1] - REMEMBERED
    columns = (record.source[kept], record.kind[kept], record.target[kept], record.day[kept])
    return Facts(*columns, entities=len(record.actors), relations=len(record.types))


def forecaster(record: Record) -> Forecaster:
    """Train on a record, in the order of time. Raises TooLittle."""
    facts = facts_of(record)
    days = np.unique(facts.day)
    if len(days) < FEWEST_DAYS:
        raise TooLittle(f"only {len(days)} days with acts: a ranking is learnt from at least {FEWEST_DAYS}")
    tune = min(TUNE, len(days) // 4)
    learn = min(LEARN, len(days) // 2)
    random = np.random.default_rng(1)
    first, parts, last = int(days[-tune - learn]), [], None
    for last in walk(facts.both(), first, int(days[-1])):
        parts.append(rows(last, random))
    assert isinstance(last, Day)
    last.history.until(int(days[-1]) + 1)
    ranker = train(parts[:-tune], parts[-tune:], order=False, weighted=True)
    return Forecaster(record, facts, ranker, last.history, last.rules)
