"""The trained tagger of attributions: which words are cues, and what source and content each cue has.

A small convolutional network over spaCy's word vectors, the parse and the rules' drafts, in two steps. Step one marks
the main word of each cue. Step two looks at the words around one cue and labels them source, content or neither, the
best sequence by Viterbi. Several such networks, trained from different beginnings, are averaged: they err in different
places. Weights and how they were made: models/attributions.npz and its card beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tertius.reading.attributions import drafts as drafting
from tertius.reading.attributions import proposals, tagging
from tertius.reading.attributions.drafts import Draft
from tertius.reading.attributions.tagging import Floats, Ints, Vocabulary, Words
from tertius.reading.models import runtime

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.attributions.quotes import Paragraph

SOURCE, CONTENT = 1, 2
Weights = Mapping[str, Floats]


class Network(NamedTuple):
    """The weights of one network, by name."""

    weights: Weights

    def hidden(self, words: Words) -> Floats:
        """One vector of 128 for each word, from the word and its neighbours."""
        weights = self.weights
        lemma = weights["lemma"][words.features[:, 0]]
        x = np.concatenate([lemma, words.vectors], axis=1) @ weights["word.weight"].T + weights["word.bias"]
        for column in range(1, words.features.shape[1]):
            x += weights[f"word.{column}"][words.features[:, column]]
        return _blocks(weights, "base", np.maximum(_normal(weights, "base.norm", x), 0))

    def cues(self, hidden: Floats) -> Floats:
        """Probability of each word to be the main word of a cue."""
        weights = self.weights
        inner = np.maximum(hidden @ weights["cue.0.weight"].T + weights["cue.0.bias"], 0)
        logits = (inner @ weights["cue.1.weight"].T + weights["cue.1.bias"])[:, 0]
        odds: Floats = 1 / (1 + np.exp(-logits))
        return odds

    def scores(self, hidden: Floats, cue: int, start: int, features: Ints) -> Floats:
        """Scores (window, 3) of neither, source and content for the words of a window."""
        weights = self.weights
        end = start + len(features)
        x = hidden[start:end] @ weights["near.weight"].T + weights["near.bias"] + weights["cue.look"] @ hidden[cue]
        for column in range(features.shape[1]):
            x += weights[f"pair.{column}"][features[:, column]]
        x = _blocks(weights, "pair", np.maximum(_normal(weights, "pair.norm", x), 0))
        out: Floats = x @ weights["out.weight"].T + weights["out.bias"]
        return out


class Tagger(NamedTuple):
    """Networks that are averaged, the vocabulary, and the probability from which a word counts as a cue."""

    networks: tuple[Network, ...]
    vocabulary: Vocabulary
    threshold: float
    version: str

    def read(self, doc: Doc, paragraphs: Sequence[Paragraph], found: Sequence[Draft]) -> list[Draft]:
        """The attributions of an article, outermost ones only; `found` are the drafts of the rules."""
        if not len(doc):
            return []
        words = tagging.words(doc, self.vocabulary, paragraphs, found)
        hidden = [network.hidden(words) for network in self.networks]
        by_cue = {proposals.main_word(doc, draft): draft for draft in found if draft.cue}
        odds = _mean([network.cues(seen) for network, seen in zip(self.networks, hidden, strict=True)])
        free = [int(cue) for cue in np.flatnonzero(odds > self.threshold) if not _compound(doc, int(cue))]
        moves = self._transitions()
        read = (self._attribution(doc, words, hidden, cue, by_cue.get(cue), moves) for cue in free)
        return [draft for draft in read if draft is not None]

    def _attribution(
        self, doc: Doc, words: Words, hidden: Sequence[Floats], cue: int, draft: Draft | None, moves: Weights
    ) -> Draft | None:
        start, end = tagging.window(words, cue)
        features = tagging.pair(words, cue, start, end, draft, len(self.vocabulary.deps) + 1)
        pairs = zip(self.networks, hidden, strict=True)
        scores = _mean([network.scores(seen, cue, start, features) for network, seen in pairs])
        tags = _viterbi(moves, scores)
        source = tuple(int(i) + start for i in np.flatnonzero(tags == SOURCE))
        content = drafting.trim(doc, (int(i) + start for i in np.flatnonzero(tags == CONTENT) if i + start != cue))
        if not content:
            return None
        shown = draft.cue if draft else drafting.cue_words(doc[cue])
        return Draft(drafting.trim(doc, source), shown, content, draft.certain if draft else True, "tagger")

    def _transitions(self) -> Weights:
        return {name: _mean([one.weights[name] for one in self.networks]) for name in ("moves", "first", "last")}


def _mean(arrays: Sequence[Floats]) -> Floats:
    mean: Floats = sum(arrays[1:], arrays[0]) / np.float32(len(arrays))
    return mean


def _compound(doc: Doc, cue: int) -> bool:
    """The last part of 'so-called' or 'self-described'."""
    return cue > 0 and doc[cue - 1].text == "-" and not doc[cue - 1].whitespace_


def _normal(weights: Weights, name: str, x: Floats) -> Floats:
    centred: Floats = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", centred, centred) / x.shape[1] + 1e-5)
    centred *= (1 / spread)[:, None]
    centred *= weights[f"{name}.weight"]
    centred += weights[f"{name}.bias"]
    return centred


def _blocks(weights: Weights, name: str, x: Floats) -> Floats:
    """Residual convolutions of width 3 whose reach doubles from one to the next."""
    number, (n, width) = 0, x.shape
    while f"{name}.{number}.weight" in weights:
        reach = 2 ** (number % 3)
        y = np.zeros((n, 3, width), np.float32)  # each word's neighbours and itself
        y[:, 1] = _normal(weights, f"{name}.{number}.norm", x)
        y[reach:, 0] = y[: n - reach, 1] if reach < n else 0
        y[: n - reach, 2] = y[reach:, 1] if reach < n else 0
        z = y.reshape(n, 3 * width) @ weights[f"{name}.{number}.weight"] + weights[f"{name}.{number}.bias"]
        x = x + np.maximum(z, 0)
        number += 1
    return x


def _kernel(array: Floats) -> Floats:
    """A kernel of torch, (out, in, 3), as the matrix (3 * in, out) that _blocks multiplies with."""
    out, _, _ = array.shape
    return np.ascontiguousarray(array.transpose(2, 1, 0)).reshape(-1, out)


def _viterbi(weights: Weights, scores: Floats) -> Ints:
    """The best sequence of labels under the learned transitions."""
    moves, n = weights["moves"], len(scores)
    best = weights["first"] + scores[0]
    back = np.zeros((n, scores.shape[1]), np.int32)
    for i in range(1, n):
        paths = best[:, None] + moves
        back[i] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[i]
    tags = np.zeros(n, np.int32)
    tags[-1] = int((best + weights["last"]).argmax())
    for i in range(n - 1, 0, -1):
        tags[i - 1] = back[i, tags[i]]
    return tags


@lru_cache(maxsize=1)
def load() -> Tagger:
    """The tagger that is shipped. Raises ModelError if its weights are missing, damaged or of another version."""
    model = runtime.load("attributions")
    with np.load(model.folder / "attributions.npz", allow_pickle=False) as arrays:
        networks = unpacked({name: np.asarray(arrays[name], np.float32) for name in arrays.files})
    return Tagger(networks, vocabulary_of(model.manifest), float(model.manifest["threshold"]), model.version)


def unpacked(arrays: Weights) -> tuple[Network, ...]:
    """The networks of a weight file, whose arrays are named '0/lemma', '0/out.bias', '1/lemma' ..."""
    numbers = sorted({name.partition("/")[0] for name in arrays})
    return tuple(
        Network(
            {
                name.partition("/")[2]: _kernel(array) if array.ndim == 3 else array
                for name, array in arrays.items()
                if name.startswith(f"{number}/")
            }
        )
        for number in numbers
    )


def vocabulary_of(manifest: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary as a manifest lists it; rows count from 1."""
    return Vocabulary(*({value: n for n, value in enumerate(manifest[name], start=1)} for name in Vocabulary._fields))
