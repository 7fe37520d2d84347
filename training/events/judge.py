"""Score decisions with ../shared/scripts/score_events.py, and find a threshold on sentences held out of training."""

from __future__ import annotations

import importlib.util
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tertius.reading.events import ranking
from tertius.reading.events.ranking import Proposal, Ranked
from training.events import labels
from training.events.data import SHARED, Sentence


@dataclass
class Decision:
    """One reading of a proposal: candidate indices (none: empty), a type, a modality, and its score."""

    word: int
    type: str
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    modality: str
    score: float
    reciprocal: bool = False


@lru_cache(maxsize=1)
def scorer() -> Any:
    """The shared scorer, as a module."""
    spec = importlib.util.spec_from_file_location("score_events", SHARED / "scripts/score_events.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def documents(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    """Gold documents in the form of data/events, of these sentences only."""
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for s in sentences:
        grouped[s.article].append({"start": s.start, "end": s.start + len(s.text), "events": s.gold})
    return [{"id": name, "sentences": members} for name, members in grouped.items()]


def mentions(sentences: Sequence[Sentence], decisions: Sequence[Sequence[Decision]], at: float) -> dict[str, list[Any]]:
    """Predictions in the scorer's form: decisions with a score of at least `at`."""
    found: dict[str, list[Any]] = defaultdict(list)
    for sentence, chosen in zip(sentences, decisions, strict=True):
        for d in sorted(chosen, key=lambda d: -d.score):
            if d.score >= at:
                found[sentence.article].append(mention(sentence, d))
    return found


def mention(s: Sentence, d: Decision) -> dict[str, Any]:
    """A decision in the scorer's form, with gold codes where a gold actor overlaps."""
    word = s.words[d.word]

    def actors(members: tuple[int, ...]) -> list[dict[str, Any]]:
        spans = [(s.start + s.candidates[m][0], s.start + s.candidates[m][1]) for m in members]
        return [{"start": a, "end": b, "code": _code(s, a, b)} for a, b in spans]

    return {
        "type": d.type, "modality": d.modality, "trigger": [s.start + word.start, s.start + word.end],
        "sources": actors(d.sources), "targets": actors(d.targets),
    }  # fmt: skip


def _code(s: Sentence, start: int, end: int) -> str:
    """Gold code of the best overlapping gold actor of the sentence: an upper bound for the resolver."""
    best, most = "?", 0.0
    for event in s.gold:
        for actor in event["sources"] + event["targets"]:
            common = min(end, actor["end"]) - max(start, actor["start"])
            share = common / (max(end, actor["end"]) - min(start, actor["start"]))
            if share > most:
                best, most = actor["code"] or "", share
    return best


def table(sentences: Sequence[Sentence], decisions: Sequence[Sequence[Decision]], at: float) -> dict[str, Any]:
    """The scorer's table at a threshold."""
    result: dict[str, Any] = scorer().score(documents(sentences), mentions(sentences, decisions, at))
    return result


def best_threshold(
    sentences: Sequence[Sentence], decisions: Sequence[Sequence[Decision]], level: str = "spans"
) -> tuple[float, float]:
    """Threshold with the best F1 on these sentences, and that F1."""
    scores = sorted({round(d.score, 4) for ds in decisions for d in ds})
    tries = scores[:: max(1, len(scores) // 60)]
    return max(((table(sentences, decisions, t)[level]["f1"], t) for t in tries), default=(0.0, 0.5))[::-1]


def decided(row: Ranked) -> Decision:
    """A ranked proposal as a decision."""
    p = row.proposal
    return Decision(
        p.word, labels.TYPES[row.type], row.sources, row.targets, labels.MODALITIES[int(p.modality.argmax())],
        row.probability, p.reciprocal > 0.5,
    )  # fmt: skip


def plainly(sentence: Sentence, proposals: Sequence[Proposal]) -> list[Decision]:
    """The likeliest of everything, scored by the two looks alone (before a ranking exists)."""
    ranked = []
    for proposal in proposals:
        if len(proposal.source):
            row = ranking.rows(sentence, proposal, proposals, {})[0]
            row.probability = float(np.sqrt(proposal.first * proposal.valid))
            ranked.append(row)
    return [decided(row) for row in ranking.merged(sentence, ranked)]


def report(sentences: Sequence[Sentence], decisions: Sequence[Sequence[Decision]], at: float) -> str:
    """Levels and modality in one line."""
    t = table(sentences, decisions, at)
    rows = [
        f"{k} {100 * t[k]['f1']:.1f} (p {100 * t[k]['precision']:.0f} r {100 * t[k]['recall']:.0f})"
        for k in ("spans", "coded", "dyad")
    ]
    return " ".join(rows) + f" modality {100 * t['modality']['accuracy']:.1f}"
