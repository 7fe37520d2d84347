"""What is known before a day: decayed counts of triples, pairs and actors, over arrays of acts.

Acts are doubled: `A r B` also stands as `B r+R A`, so that 'whom does A act on' and 'who acts on B' are one question.
A `History` only moves forward; at day d it holds the acts of days before d and of no other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HALF_LIVES = (1.5, 5.0, 15.0, 50.0, np.inf)  # days
MONTHS = 3  # the place of the half-life of 50 days in HALF_LIVES
NEVER = -100_000  # a day long before any
KEPT = (0.5, 0.8, 0.95)  # how much of a habit is left after each occasion on which it was not followed


class Facts(NamedTuple):
    """Acts as arrays of equal length, in the order of their days; ids run from 0."""

    source: Ints
    relation: Ints
    target: Ints
    day: Ints
    entities: int
    relations: int

    def both(self) -> Facts:
        """Every act, and its reverse with the relation r + R; each once a day, in the order of days."""
        source = np.concatenate([self.source, self.target])
        target = np.concatenate([self.target, self.source])
        relation = np.concatenate([self.relation, self.relation + self.relations])
        day = np.concatenate([self.day, self.day])
        rows = np.unique(np.column_stack([day, source, relation, target]).astype(np.int64), axis=0)
        return Facts(rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 0], self.entities, 2 * self.relations)

    def on(self, first: int, last: int) -> Facts:
        """The acts from one day to another, both included."""
        kept = (self.day >= first) & (self.day <= last)
        return self._replace(
            source=self.source[kept], relation=self.relation[kept], target=self.target[kept], day=self.day[kept]
        )


class Queries(NamedTuple):
    """Who (source) does what (relation): the questions of one day, without their answers."""

    source: Ints
    relation: Ints


def spread(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The numbers of many ranges, one after the other, and the range that each belongs to."""
    sizes = ends - starts
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes - starts, sizes)


class Tally:
    """Counts of `size` things, decayed by each half-life, with their first and last day.

    The last place of each array stands for a thing that has never been seen: index -1 gives zeros.
    """

    def __init__(self, size: int) -> None:
        self.counts: Floats = np.zeros((len(HALF_LIVES), size + 1))
        self.last: Ints = np.full(size + 1, NEVER, dtype=np.int64)
        self.first: Ints = np.full(size + 1, -NEVER, dtype=np.int64)

    def fade(self, days: int) -> None:
        """Let time pass."""
        self.counts *= _fading(days)[:, None]

    def add(self, at: Ints, day: int) -> None:
        """Count what was seen on a day; `at` may repeat."""
        self.counts += np.bincount(at, minlength=self.counts.shape[1])
        self.last[at] = day
        self.first[at] = np.minimum(self.first[at], day)


class Habit:
    """On how many of its owner's latest occasions did a thing come?

    An owner (a source with a relation, or a source) has an occasion on each day on which it acts; things (triples,
    pairs) are numbered, and `owner` says whose each is. Index -1 stands for a thing that never came.
    """

    def __init__(self, owner: Ints, owners: int) -> None:
        self._owner = owner
        self._shares: Floats = np.zeros((len(KEPT), len(owner) + 1))
        self._at: Floats = np.zeros(len(owner) + 1)
        self._times: Floats = np.zeros(len(owner) + 1)
        self._occasions: Floats = np.zeros(owners)

    def add(self, things: Ints) -> None:
        """Take in what came on a day, each thing once."""
        owner = self._owner[things]
        self._occasions[np.unique(owner)] += 1
        kept = np.array(KEPT)[:, None]
        missed = self._occasions[owner] - self._at[things]
        self._shares[:, things] = self._shares[:, things] * kept**missed + 1 - kept
        self._at[things] = self._occasions[owner]
        self._times[things] += 1

    def shares(self, things: Ints, owner: Ints) -> Floats:
        """The share of the owner's occasions on which each thing came, fading with each by KEPT: KEPT x things."""
        kept = np.array(KEPT).reshape(-1, *([1] * things.ndim))
        out: Floats = self._shares[:, things] * kept ** (self._occasions[owner] - self._at[things])
        return out

    def missed(self, things: Ints, owner: Ints) -> Floats:
        """How many occasions ago it last came, from 0; infinite for what never came."""
        return np.where(self._times[things] > 0, self._occasions[owner] - self._at[things], np.inf)

    def rate(self, things: Ints, owner: Ints) -> Floats:
        """The share of all occasions so far on which it came."""
        out: Floats = self._times[things] / (self._occasions[owner] + 0.5)
        return out


def _fading(days: int) -> Floats:
    return np.exp2(-days / np.array(HALF_LIVES))


class History:
    """What went before `day`. Move it on with `History.until`.

    `facts` are doubled acts. Triples are sorted by source, relation, target and pairs by source, target; both stand
    there from the start, but those without an act before `day` count nothing and are passed over by `seen`.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        entities, relations = facts.entities, facts.relations
        codes, self._triple_of = np.unique(
            (facts.source * relations + facts.relation) * entities + facts.target, return_inverse=True
        )
        self.triple_codes = codes
        self.triple_source = codes // (relations * entities)
        self.triple_relation = codes // entities % relations
        self.triple_target = codes % entities
        self.pair_codes, self.pair_of_triple = np.unique(
            self.triple_source * entities + self.triple_target, return_inverse=True
        )
        self.pair_source, self.pair_target = np.divmod(self.pair_codes, entities)
        self.by_relation = np.argsort(self.triple_relation, kind="stable")
        self.relation_starts = np.searchsorted(self.triple_relation[self.by_relation], np.arange(relations + 1))
        self.triples, self.pairs, self.actors = Tally(len(codes)), Tally(len(self.pair_codes)), Tally(entities)
        # Acts of each source by relation, decayed over months; a target's are those of its reversed relation.
        self.roles = Tally(relations * entities)
        self.frequency: Floats = np.zeros(relations)
        self.triple_habit = Habit(codes // entities, entities * relations)
        self.pair_habit = Habit(self.pair_source, entities)
        self.day, self._next = int(facts.day[0]) if len(facts.day) else 0, 0

    def until(self, day: int) -> None:
        """Take in the acts of the days before `day`, one day at a time."""
        while self._next < len(self.facts.day) and self.facts.day[self._next] < day:
            self.take_in()
        self._pass_to(day)

    def take_in(self) -> None:
        """Take in the next day that has acts."""
        day = int(self.facts.day[self._next])
        end = int(np.searchsorted(self.facts.day, day, side="right"))
        self._pass_to(day)
        at = self._triple_of[self._next : end]
        source, relation = self.triple_source[at], self.triple_relation[at]
        self.triples.add(at, day)
        self.pairs.add(self.pair_of_triple[at], day)
        self.actors.add(source, day)
        self.roles.add(relation * self.facts.entities + source, day)
        self.frequency += np.bincount(relation, minlength=self.facts.relations)
        self.triple_habit.add(np.unique(at))
        self.pair_habit.add(np.unique(self.pair_of_triple[at]))
        self._next = end

    def _pass_to(self, day: int) -> None:
        if day > self.day:
            for tally in (self.triples, self.pairs, self.actors, self.roles):
                tally.fade(day - self.day)
            self.day = day

    def next_day(self) -> int | None:
        """The next day that has acts, none of which is known yet."""
        return int(self.facts.day[self._next]) if self._next < len(self.facts.day) else None

    def triples_of(self, source: Ints) -> tuple[Ints, Ints]:
        """The triples seen of each source, as (place in `source`, triple)."""
        unit = self.facts.relations * self.facts.entities
        owner, at = spread(
            np.searchsorted(self.triple_codes, source * unit), np.searchsorted(self.triple_codes, (source + 1) * unit)
        )
        seen = self.triples.last[at] > NEVER
        return owner[seen], at[seen]

    def pairs_of(self, source: Ints) -> tuple[Ints, Ints]:
        """The pairs seen of each source, as (place in `source`, pair)."""
        owner, at = spread(
            np.searchsorted(self.pair_codes, source * self.facts.entities),
            np.searchsorted(self.pair_codes, (source + 1) * self.facts.entities),
        )
        seen = self.pairs.last[at] > NEVER
        return owner[seen], at[seen]

    def same_triples(self, queries: Queries) -> tuple[Ints, Ints]:
        """The triples seen of each query's source and relation, as (query, triple)."""
        code = (queries.source * self.facts.relations + queries.relation) * self.facts.entities
        owner, at = spread(
            np.searchsorted(self.triple_codes, code), np.searchsorted(self.triple_codes, code + self.facts.entities)
        )
        seen = self.triples.last[at] > NEVER
        return owner[seen], at[seen]

    def triples_with(self, relation: Ints) -> tuple[Ints, Ints]:
        """The triples seen with each relation, as (place in `relation`, triple)."""
        owner, place = spread(self.relation_starts[relation], self.relation_starts[relation + 1])
        at = self.by_relation[place]
        seen = self.triples.last[at] > NEVER
        return owner[seen], at[seen]

    def reverse(self, relation: Ints) -> Ints:
        """The relation seen from the other side."""
        half = self.facts.relations // 2
        return np.where(relation < half, relation + half, relation - half)


def questions(facts: Facts, day: int) -> tuple[Queries, Ints, Ints]:
    """The distinct questions of a day among doubled acts, and its answers as (question, target)."""
    first, last = np.searchsorted(facts.day, [day, day + 1])
    code = facts.source[first:last] * facts.relations + facts.relation[first:last]
    distinct, which = np.unique(code, return_inverse=True)
    return Queries(distinct // facts.relations, distinct % facts.relations), which, facts.target[first:last]
