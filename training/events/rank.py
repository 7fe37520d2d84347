"""Train the joint ranking (tertius.reading.events.ranking) on sentences that the network never saw."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from tertius.reading.events import ranking as event_ranking
from tertius.reading.events.ranking import FEATURES, Proposal, Ranked, Ranking
from training.events import judge
from training.events.data import Sentence
from training.events.judge import Decision


def actorhood(sentences: Sequence[Sentence], least: int = 4) -> dict[str, float]:
    """Log-odds that a candidate with this head lemma (or of this kind of name or word) acts or is acted upon."""
    seen: Counter[str] = Counter()
    acts: Counter[str] = Counter()
    for s in sentences:
        if not s.events:
            continue
        used = {n for e in s.events for n in e.sources + e.targets}
        for n, (_, _, head) in enumerate(s.candidates):
            word = s.words[head]
            for key in (word.lemma.lower(), f"<{word.name or word.pos}>"):
                seen[key] += 1
                acts[key] += n in used
    return {
        key: round(math.log((acts[key] + 0.5) / (count - acts[key] + 1.5)), 3)
        for key, count in sorted(seen.items())
        if count >= least
    }


def outcome(sentence: Sentence, row: Ranked) -> float | None:
    """1 if the scorer (level spans) takes the row, 0 if not, nothing if it is a row that it overlooks."""
    mention = judge.mention(sentence, judge.decided(row))
    matches = judge.scorer().matches
    hits = [gold for gold in sentence.gold if matches(gold, mention, "spans")]
    if any(not gold.get("optional") for gold in hits):
        return 1.0
    return None if hits else 0.0


def fit(
    sentences: Sequence[Sentence],
    proposals: Sequence[Sequence[Proposal]],
    known: dict[str, float],
    strength: float = 0.03,
) -> Ranking:
    """A ranking whose accept threshold gives the best F1 (level spans) on the same sentences, cross-fitted."""
    halves = [_half(s.article) for s in sentences]
    decided: list[list[Decision]] = [[] for _ in sentences]
    for half in (0, 1):
        others = [n for n, h in enumerate(halves) if h != half]
        ranking = _fitted([(sentences[n], proposals[n]) for n in others], known, strength)
        for n in set(range(len(halves))) - set(others):
            decided[n] = decisions(sentences[n], proposals[n], ranking)
    accept, _ = judge.best_threshold(sentences, decided)
    final = _fitted(list(zip(sentences, proposals, strict=True)), known, strength)
    return Ranking(final.mean, final.scale, final.weights, final.bias, accept, known)


def _half(article: str) -> int:
    return sum(map(ord, article)) % 2


def _fitted(pairs: Sequence[tuple[Sentence, Sequence[Proposal]]], known: dict[str, float], strength: float) -> Ranking:
    features, right, weights = [], [], []
    for sentence, proposals in pairs:
        for proposal in proposals:
            if not len(proposal.source):
                continue
            for n, row in enumerate(event_ranking.rows(sentence, proposal, proposals, known)):
                result = outcome(sentence, row)
                if result is not None:
                    features.append(row.features)
                    right.append(result)
                    weights.append(1.0 if n == 0 else 0.5)
    x = np.array(features)
    mean, scale = x.mean(0), np.maximum(x.std(0), 0.01)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((x - mean) / scale, right, sample_weight=weights)
    assert x.shape[1] == len(FEATURES)
    return Ranking(
        [round(float(v), 5) for v in mean], [round(float(v), 5) for v in scale],
        [round(float(v), 5) for v in model.coef_[0]], round(float(model.intercept_[0]), 5), 0.5, known,
    )  # fmt: skip


def decisions(sentence: Sentence, proposals: Sequence[Proposal], ranking: Ranking) -> list[Decision]:
    """What a ranking makes of the proposals of a sentence."""
    return [judge.decided(row) for row in event_ranking.read(sentence, proposals, ranking)]
