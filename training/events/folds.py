"""Which sentences a network must not see: whole articles, by a hash of their names."""

from __future__ import annotations

import hashlib

from training.events.data import STRICT, Sentence

FOLDS = 4


def fold(sentence: Sentence) -> int:
    """The fold of a strictly annotated sentence, 0 to FOLDS - 1; -1 for the rest, which is in no held-out set."""
    if sentence.part not in STRICT:
        return -1
    return int(hashlib.sha256(sentence.article.encode()).hexdigest(), 16) % FOLDS
