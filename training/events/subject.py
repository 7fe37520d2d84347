"""Train the model of subjects (tertius.reading.events.politics): articles of politics against data/nothing.txt.

The least score of politics is the one that 1% of the political articles fall short of, each scored by a model that has
not seen it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.events.data import HERE, SHARED

Vectors = Callable[[str], NDArray[np.float32]]
PIECE = 350  # code points of an article that are taken as one example, about as many as an article of nothing.txt has
PIECES = 3
PARTS = 5
STRENGTH = 0.01
SHORT_OF = 1  # per cent of political articles that may fall under `least`


def political() -> list[str]:
    """The texts of the annotated articles."""
    files = (SHARED / f"data/events/{part}.jsonl" for part in ("train", "train_more"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def other() -> list[str]:
    """Articles of our own on other subjects, one a line."""
    return [line for line in (HERE / "nothing.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def fit(vectors: Vectors) -> dict[str, Any]:
    """The `subject` of the manifest. `vectors`: the word vectors (pieces, width) of a text."""
    texts = political()
    means = [np.array([vectors(piece).mean(0) for piece in _pieces(text)]) for text in texts]
    others = np.array([vectors(text).mean(0) for text in other()])
    whole = np.array([vectors(text).mean(0) for text in texts])
    parts = np.arange(len(texts)) % PARTS
    scores = np.zeros(len(texts))
    for part in range(PARTS):
        weights, bias = _fitted(np.concatenate([m for m, p in zip(means, parts, strict=True) if p != part]), others)
        scores[parts == part] = whole[parts == part] @ weights + bias
    weights, bias = _fitted(np.concatenate(means), others)
    return {
        "weights": [round(float(w), 3) for w in weights],
        "bias": round(bias, 3),
        "usual": round(float(np.median(scores)), 3),
        "least": round(float(np.percentile(scores, SHORT_OF)), 3),
    }


def _pieces(text: str) -> list[str]:
    pieces, at = [], ""
    for sentence in re.split(r"(?<=[.!?]) +|\n+", text):
        at += " " + sentence
        if len(at) > PIECE:
            pieces.append(at)
            at = ""
    found = pieces or [text]
    return random.Random(len(text)).sample(found, min(PIECES, len(found)))  # noqa: S311


def _fitted(yes: NDArray[np.float32], no: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    x = np.concatenate([yes, no])
    mean, scale = x.mean(0), x.std(0)
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit((x - mean) / scale, [1] * len(yes) + [0] * len(no))
    weights = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - mean @ weights)
