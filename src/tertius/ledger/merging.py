"""Which mentions tell of the same act: the rule of docs/merging.md, a pure function of the mentions.

Every pair of mentions that could be one act gets a score for time, type, mode, actors, place and text; pairs that
cannot be one act are barred. Mentions are then joined, best pair first, while the score between the two groups stays
over the threshold and no pair across them is barred. The outcome does not depend on the order of the input.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import combinations, product
from typing import Literal, NamedTuple

RULE = 1  # raise it with every change that can change what is merged

Party = tuple[str | None, str | None]  # country, sector
Dated = Literal["day", "range", "publication", "unknown"]

MUTUAL = frozenset({"CONSULT", "COOPERATE", "AGREE"})  # who is named first is the writer's choice
STATE = frozenset({"GOV", "MIL", "COP", "SPY", "LEG", "JUD", "PRM", "PRE"})
ARMED = frozenset({"REB", "UAF", "PRM", "CRM"})
CIVIL = frozenset({"CVL", "BUS", "AGR", "EDU", "LAB", "MED", "JRN", "REL", "SOC", "REF", "ELI", "NGO"})
POLITICAL = frozenset({"PTY", "OPP", "LEG"})


class Weights(NamedTuple):
    """What each agreement is worth. The unit is arbitrary; `threshold` is in it too."""

    threshold: float = 2.0
    same_day: float = 3.0
    next_day: float = 0.5  # time zones, and "overnight"
    by_publication: float = 2.25  # a day that is known from the day of publication only
    in_range: float = 1.5
    same_type: float = 1.0
    same_mode: float = 0.5
    other_mode: float = -1.0
    same_code: float = 0.25  # for each side whose country and sector are the same
    same_place: float = 1.0
    other_place: float = -4.0
    text: float = 5.0  # times the share of common words
    no_common_word: float = -1.0
    text_grows: float = 3.0  # groups of many mentions without a common word are told apart more surely than pairs


class Limits(NamedTuple):
    """Days and distances."""

    lag: int = 3  # an act without a date of its own took place up to so many days before publication
    longest: int = 31  # mentions of longer periods are merged only where the periods are the same
    near: float = 10.0  # kilometres between places that are still one place
    far: float = 25.0  # kilometres from which on they are not


WEIGHTS = Weights()
LIMITS = Limits()


class Place(NamedTuple):
    """Where a mention puts the act. Degrees WGS84."""

    name: str
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One mention, as far as merging looks at it. Days are proleptic ordinals, both ends included."""

    id: str
    type: str
    mode: str | None
    state: str  # 'actual', 'future', 'hypothetical' or 'negated'; what is denied counts as told of as actual
    sources: frozenset[Party]
    targets: frozenset[Party]
    reciprocal: bool
    dated: Dated
    first: int
    last: int
    place: Place | None
    words: frozenset[str]  # tertius.ledger.words.stems of its sentence

    @property
    def mutual(self) -> bool:
        """Whether its actors act on one another."""
        return self.reciprocal or self.type in MUTUAL


def merge(mentions: Iterable[Told]) -> list[tuple[str, ...]]:
    """The ids of the mentions of each act; acts in the order of their first ids, ids sorted within each."""
    told = {mention.id: mention for mention in sorted(mentions, key=lambda m: m.id)}
    groups = {id_: [id_] for id_ in told}
    for one, other in _best_first(told):
        left, right = groups[one], groups[other]
        if left is not right and _joined([told[i] for i in left], [told[i] for i in right]) >= WEIGHTS.threshold:
            left.extend(right)
            groups.update(dict.fromkeys(right, left))
    unique = {id(group): tuple(sorted(group)) for group in groups.values()}
    return sorted(unique.values())


def _best_first(told: dict[str, Told]) -> list[tuple[str, str]]:
    scored = set()
    for one, other in candidates(told.values()):
        score = scored_pair(one, other)
        if score is not None and score.total >= WEIGHTS.threshold:
            scored.add((-score.total, one.id, other.id))
    return [(one, other) for _, one, other in sorted(scored)]


def _joined(left: Sequence[Told], right: Sequence[Told]) -> float:
    """The score between two groups: means over all pairs, text weighing more the more pairs there are."""
    pairs = [scored_pair(one, other) for one, other in product(left, right)]
    scores = [score for score in pairs if score is not None]
    if len(scores) < len(pairs):
        return -math.inf
    count = len(scores)
    text = sum(score.text for score in scores) / count
    return sum(score.facts for score in scores) / count + text * min(math.sqrt(count), WEIGHTS.text_grows)


class Score(NamedTuple):
    """How well two mentions agree: in time, type, actors and place, and in their words."""

    facts: float
    text: float

    @property
    def total(self) -> float:
        return self.facts + self.text


def scored_pair(one: Told, other: Told) -> Score | None:
    """The score of two mentions; None where they cannot be one act."""
    if one.state != other.state or not (one.type == other.type or other.type in neighbours(one.type)):
        return None
    time = _time(one, other)
    actors = _actors(one, other)
    if time is None or actors is None:
        return None
    facts = time + actors + _what(one, other) + _where(one.place, other.place)
    return Score(facts, _text(one.words, other.words))


def _what(one: Told, other: Told) -> float:
    if one.type != other.type:
        return 0.0
    if one.mode is None or other.mode is None:
        return WEIGHTS.same_type
    return WEIGHTS.same_type + (WEIGHTS.same_mode if one.mode == other.mode else WEIGHTS.other_mode)


def _time(one: Told, other: Told) -> float | None:
    """What the agreement of two times is worth; None if they exclude each other."""
    kinds = {one.dated, other.dated}
    if "unknown" in kinds:
        return 0.0 if kinds == {"unknown"} else None
    if kinds == {"day"}:
        apart = abs(one.first - other.first)
        return {0: WEIGHTS.same_day, 1: WEIGHTS.next_day}.get(apart)
    if one.first > other.last or other.first > one.last:
        return None
    if max(_length(one), _length(other)) > LIMITS.longest:
        return WEIGHTS.in_range if (one.first, one.last) == (other.first, other.last) else None
    return WEIGHTS.in_range if "range" in kinds else WEIGHTS.by_publication


def _length(told: Told) -> int:
    return told.last - told.first + 1


def _actors(one: Told, other: Told) -> float | None:
    if one.mutual or other.mutual:  # the other writer may tell it as the deed of one side
        return _parties(one.sources | one.targets, other.sources | other.targets)
    sides = (_side(one.sources, other.sources), _side(one.targets, other.targets))
    in_common = (one.sources and other.sources) or (one.targets and other.targets)
    if None in sides or not in_common:
        return None
    return sum(side for side in sides if side is not None)


def _side(one: frozenset[Party], other: frozenset[Party]) -> float | None:
    """What the agreement of two sources, or two targets, is worth; None if they are different actors."""
    if not one or not other:
        return 0.0
    if one & other:
        return WEIGHTS.same_code
    return 0.0 if any(same_party(a, b) for a, b in product(one, other)) else None


def _parties(one: frozenset[Party], other: frozenset[Party]) -> float | None:
    """The same where the actors act on one another: two of them must be the same, or all where only one is known."""
    matched = min(_known_among(one, other), _known_among(other, one))
    if matched < max(1, min(2, len(one), len(other))):
        return None
    return 2 * WEIGHTS.same_code if one == other else 0.0


def _known_among(some: frozenset[Party], others: frozenset[Party]) -> int:
    return sum(any(same_party(a, b) for b in others) for a in some)


def same_party(one: Party, other: Party) -> bool:
    """Whether two actors may be the same: the same country, and sectors of one kind; what is unknown fits all."""
    if one[0] != other[0]:
        return False
    sectors = {one[1], other[1]}
    if None in sectors or len(sectors) == 1 or "UNK" in sectors:
        return True
    return any(sectors <= kind for kind in (STATE, ARMED, CIVIL, POLITICAL))


def _where(one: Place | None, other: Place | None) -> float:
    if one is None or other is None:
        return 0.0
    if one.name.casefold() == other.name.casefold():
        return WEIGHTS.same_place
    distance = _kilometres(one, other)
    if distance is None:
        return 0.0
    if LIMITS.near < distance < LIMITS.far:
        return 0.0
    return WEIGHTS.same_place if distance <= LIMITS.near else WEIGHTS.other_place


def _kilometres(one: Place, other: Place) -> float | None:
    """Distance on a sphere (haversine); None without coordinates."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    a, b = (math.radians(p.latitude or 0.0) for p in (one, other))
    turn = math.radians((one.longitude or 0.0) - (other.longitude or 0.0))
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def _text(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    common = len(one & other)
    return WEIGHTS.text * common / min(len(one), len(other)) if common else WEIGHTS.no_common_word


@lru_cache(maxsize=32)
def neighbours(event_type: str) -> frozenset[str]:
    """The types that a careful coder may give to an act of this type (neighbours.csv)."""
    lines = resources.files("tertius.ledger").joinpath("neighbours.csv").read_text(encoding="utf-8").splitlines()
    pairs = [(row["one"], row["other"]) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]
    return frozenset({b for a, b in pairs if a == event_type} | {a for a, b in pairs if b == event_type})


Key = tuple[object, ...]


def candidates(mentions: Iterable[Told]) -> Iterator[tuple[Told, Told]]:
    """The pairs whose actors and times may agree, some more than once: found by actors, then along time.

    Not all pairs are looked at, so that the work grows with the mentions of a dyad and not with those of the ledger.
    """
    between: dict[Key, list[Told]] = defaultdict(list)
    beside: dict[Key, list[Told]] = defaultdict(list)
    alone: dict[Key, list[Told]] = defaultdict(list)
    for mention in mentions:
        for key in _pairs_of(mention):
            between[key].append(mention)
        for key in _sides_of(mention):
            (alone if _is_alone(mention) else beside)[key].append(mention)
    for bucket in (*between.values(), *alone.values()):
        yield from _near(bucket, bucket)
    for key, bucket in alone.items():
        yield from _near(bucket, beside.get(key, []))


def _pairs_of(mention: Told) -> set[Key]:
    """Keys for the countries between which a mention places its act, in either direction."""
    parties = sorted((country or "", sector or "") for country, sector in mention.sources | mention.targets)
    pairs = {(one[0], other[0]) for one, other in combinations(parties, 2)}  # who acts on whom may be told otherwise
    if not mention.mutual:
        pairs |= set(product(_countries(mention.sources), _countries(mention.targets)))
    return {(*_apart(mention), *sorted(pair)) for pair in pairs}


def _is_alone(mention: Told) -> bool:
    """Whether only one party is known, or one side: then it may be any act of that party, or of that side."""
    one_sided = not mention.mutual and not (mention.sources and mention.targets)
    return one_sided or len(mention.sources | mention.targets) < 2


def _sides_of(mention: Told) -> set[Key]:
    """Keys for each actor by itself, under which mentions that name one side only are found."""
    sides = {(side, c) for side in ("source", "target") for c in _countries(getattr(mention, f"{side}s"))}
    if mention.mutual:
        sides |= {(side, country) for side in ("source", "target") for _, country in sides}
    return {(*_apart(mention), *side) for side in sides}


def _countries(parties: Iterable[Party]) -> list[str]:
    return sorted({country or "" for country, _ in parties})


def _apart(mention: Told) -> Key:
    """What keeps mentions apart from the start, so that long periods are not compared with every day in them."""
    long = (mention.first, mention.last) if _length(mention) > LIMITS.longest else None
    return (mention.state, mention.dated == "unknown", long)


def _near(some: Sequence[Told], others: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """Pairs, smaller id first, whose days lie close enough to look at; `some` may be `others`."""
    ordered = sorted(others, key=lambda m: m.first)
    days = [m.first for m in ordered]
    for one in some:
        start = bisect_left(days, one.first - LIMITS.longest - 1)
        for other in ordered[start : bisect_right(days, one.last + 1)]:
            if other.last + 1 < one.first or (some is others and one.id >= other.id):
                continue
            yield (one, other) if one.id < other.id else (other, one)
