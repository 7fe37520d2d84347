"""Soft labels: what teachers say of sentences that nobody annotated, as examples to train a small network on."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tertius.reading.events.ranking import Proposal
from training.events.batches import Example, Pieces, Row
from training.events.data import Sentence

WEIGHT = 1.0  # of a sentence that a teacher labelled, beside one that a person did


def soft(pieces: Pieces, sentence: Sentence, proposals: Sequence[Proposal], weight: float = WEIGHT) -> Example:
    """An example whose labels are the teachers' probabilities."""
    made = pieces.example(sentence.text, sentence.words, sentence.candidates)
    made.sentence, made.weight, made.soft = sentence, weight, True
    for p in proposals:
        if made.first[p.word] < 0 or not len(p.source):
            continue
        made.triggers[p.word] = (p.first, weight)
        made.rows.append(
            Row(p.word, p.valid, weight, p.types, p.source, p.target, modality=p.modality, reciprocal=p.reciprocal)
        )
    return made


def sample(sentences: Sequence[Sentence], count: int, seed: int = 3) -> list[Sentence]:
    """Some of the unlabelled sentences, always the same."""
    return random.Random(seed).sample(list(sentences), min(count, len(sentences)))  # noqa: S311
