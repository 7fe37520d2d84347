"""From what the network says of each doubtful trigger to events: the joint ranking of trigger, type, source, target.

The network scores each part alone; a logistic regression weighs them together, with what is known of the phrases and
of the other proposals of the sentence. Its weights are trained on articles that the network never saw
(training/events/rank.py), so its probability is that of a careful coder taking the whole row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tertius.ontology import TYPES, quad
from tertius.reading.events.inputs import Word

NAMES = tuple(TYPES)
QUADS = tuple(quad(name) for name in NAMES)
MODALITIES = ("actual", "future", "hypothetical", "negated")
NEAR = 3  # words between two triggers that may be of one event
SAME_SHARE = 0.35  # a further source or target is taken from this share of the best one's probability on
LEAST_SHARE = 0.1
JOINING = frozenset({"CCONJ", "PUNCT", "DET"})
PERSONAL = frozenset({"he", "she", "they", "it", "we", "i", "you", "him", "her", "them", "us", "me"})

Floats = NDArray[np.float32]


class SentenceLike(Protocol):
    """What the ranking needs of a sentence."""

    @property
    def words(self) -> Sequence[Word]: ...

    @property
    def candidates(self) -> Sequence[tuple[int, int, int]]: ...


@dataclass
class Proposal:
    """A doubtful trigger as the network sees it: probabilities. `target` has one place more than the candidates: none
    stated. `first` and `first_types` come from the first look, the rest from the second."""

    word: int
    first: float
    first_types: Floats
    valid: float
    types: Floats
    modality: Floats
    reciprocal: float
    source: Floats
    target: Floats


@dataclass
class Ranked:
    """A reading of a proposal: indices of candidates (no targets: none stated) and the probability that it is right."""

    proposal: Proposal
    type: int
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    features: list[float] = field(default_factory=list)
    probability: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """Weights of the logistic regression over `features`, after standardising; `accept` is the least probability of
    an event that is reported; `actorhood` the log-odds that a phrase with this head word is an actor at all."""

    mean: Sequence[float]
    scale: Sequence[float]
    weights: Sequence[float]
    bias: float
    accept: float
    actorhood: dict[str, float]

    def probability(self, features: Sequence[float]) -> float:
        """Probability of a row with these features."""
        terms = zip(features, self.mean, self.scale, self.weights, strict=True)
        return 1.0 / (1.0 + math.exp(-self.bias - sum(w * (x - m) / s for x, m, s, w in terms)))


def read(sentence: SentenceLike, proposals: Sequence[Proposal], ranking: Ranking) -> list[Ranked]:
    """The events of a sentence, likeliest first, each trigger once, duplicates merged; all of them, also those below
    `ranking.accept`."""
    found = []
    for proposal in proposals:
        if not len(proposal.source):
            continue
        versions = rows(sentence, proposal, proposals, ranking.actorhood)
        for row in versions:
            row.probability = ranking.probability(row.features)
        found.append(max(versions, key=lambda row: row.probability))
    return merged(sentence, found)


def rows(
    sentence: SentenceLike, proposal: Proposal, others: Sequence[Proposal], actorhood: dict[str, float]
) -> list[Ranked]:
    """The readings of a proposal that are worth weighing: the likeliest type, two sources, two targets or none."""
    made = []
    kind = int(proposal.types.argmax())
    for source in _best(proposal.source, 2):
        target_chances = proposal.target.copy()
        target_chances[source] = 0.0
        for target in _best(target_chances, 2):
            sources = _with_others(sentence, proposal.source, source)
            targets = () if target == len(proposal.source) else _with_others(sentence, proposal.target[:-1], target)
            targets = tuple(t for t in targets if t not in sources)
            row = Ranked(proposal, kind, sources, targets)
            row.features = features(sentence, row, source, target, others, actorhood)
            made.append(row)
    return made


def _best(chances: Floats, count: int) -> list[int]:
    order = np.argsort(-chances, kind="stable")[:count]
    return [int(n) for n in order if n == order[0] or chances[n] > 0.05]


def _with_others(sentence: SentenceLike, chances: Floats, best: int) -> tuple[int, ...]:
    """The phrase and those coordinated with it ('France and Germany') that the network finds about as likely."""
    chosen = [best]
    if best >= len(chances):
        return (best,)
    likely = [n for n, c in enumerate(chances) if n != best and c > SAME_SHARE * chances[best] and c > LEAST_SHARE]
    for n in sorted(likely, key=lambda n: abs(n - best)):
        if any(_coordinated(sentence, n, m) for m in chosen):
            chosen.append(n)
    return tuple(chosen)


def _coordinated(sentence: SentenceLike, a: int, b: int) -> bool:
    """Whether nothing but commas, conjunctions and determiners stands between two phrases."""
    left, right = sorted((sentence.candidates[a][:2], sentence.candidates[b][:2]))
    between = [word.pos for word in sentence.words if word.start >= left[1] and word.end <= right[0]]
    return left[1] <= right[0] and 0 < len(between) <= 3 and set(between) <= JOINING and between != ["DET"]


def features(
    sentence: SentenceLike,
    row: Ranked,
    source: int,
    target: int,
    others: Sequence[Proposal],
    actorhood: dict[str, float],
) -> list[float]:
    """What the logistic regression weighs; the order is that of FEATURES."""
    p = row.proposal
    none = target == len(p.source)
    stronger = [o for o in others if o is not p and o.first * o.valid > p.first * p.valid]
    near = max((o.valid for o in stronger if _linked(sentence, o.word, p.word)), default=0.0)
    source_word = sentence.words[sentence.candidates[source][2]]
    return [
        _logit(p.first),
        _logit(p.valid),
        _log(p.types[row.type]),
        _log(p.first_types[row.type]),
        _log(p.source[source]),
        _log(p.target[target]),
        float(none),
        _actorhood(sentence, source, actorhood),
        0.0 if none else _actorhood(sentence, target, actorhood),
        float(p.modality[0]),
        float(sentence.words[p.word].pos == "NOUN"),
        float(source_word.lemma.lower() in PERSONAL),
        math.log1p(abs(p.word - sentence.candidates[source][2])),
        0.0 if none else math.log1p(abs(p.word - sentence.candidates[target][2])),
        float(sentence.candidates[source][2] > p.word),
        p.reciprocal,
        float(p.target[-1]),
        float(not none and _same_name(sentence, source, target)),
        *(float(QUADS[row.type] == q) for q in (2, 3, 4)),
        near,
        float(len(stronger)),
    ]


def _same_name(sentence: SentenceLike, a: int, b: int) -> bool:
    (a_start, a_end, a_head), (b_start, b_end, b_head) = sentence.candidates[a], sentence.candidates[b]
    same = sentence.words[a_head].lemma.lower() == sentence.words[b_head].lemma.lower()
    return same or (a_start < b_end and b_start < a_end)


FEATURES = (
    "first look", "second look", "type", "type at first look", "source", "target", "no target", "source's actorhood",
    "target's actorhood", "actual", "noun", "pronoun as source", "distance of source", "distance of target",
    "source after trigger", "reciprocal", "chance of no target", "source and target alike", "material cooperation",
    "verbal conflict", "material conflict", "stronger neighbour", "stronger proposals",
)  # fmt: skip


def _actorhood(sentence: SentenceLike, candidate: int, known: dict[str, float]) -> float:
    word = sentence.words[sentence.candidates[candidate][2]]
    if word.lemma.lower() in known:
        return known[word.lemma.lower()]
    return known.get(f"<{word.name or word.pos}>", 0.0)


def _linked(sentence: SentenceLike, a: int, b: int) -> bool:
    return abs(a - b) <= NEAR or sentence.words[a].head == b or sentence.words[b].head == a


def merged(sentence: SentenceLike, found: Sequence[Ranked]) -> list[Ranked]:
    """Likeliest first, without those that say what a likelier one on a neighbouring word says (verb and noun)."""
    kept: list[Ranked] = []
    for row in sorted(found, key=lambda row: -row.probability):
        if not any(_repeats(sentence, row, k) for k in kept):
            kept.append(row)
    return kept


def _repeats(sentence: SentenceLike, a: Ranked, b: Ranked) -> bool:
    if not set(a.sources) & set(b.sources) or not _linked(sentence, a.proposal.word, b.proposal.word):
        return False
    alike = not a.targets or not b.targets or bool(set(a.targets) & set(b.targets))
    return alike and (QUADS[a.type] == QUADS[b.type] or abs(a.proposal.word - b.proposal.word) <= NEAR)


def _log(chance: float) -> float:
    return math.log(max(float(chance), 1e-4))


def _logit(chance: float) -> float:
    chance = min(max(float(chance), 1e-4), 1 - 1e-4)
    return math.log(chance / (1 - chance))
