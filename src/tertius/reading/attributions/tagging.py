"""What the attribution tagger sees: features of every word, and of every word as seen from a cue.

All features are row numbers into embedding tables (0 is 'none'), built from spaCy's parse, the quotation marks and
the drafts of the rules. Training (training/attributions) and reading use the same code.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from tertius.reading.attributions import cues
from tertius.reading.attributions.drafts import Draft

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.attributions.quotes import Paragraph

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

BEFORE, AFTER = 60, 100  # the most words of the window around a cue
SENTENCES_BEFORE, SENTENCES_AFTER = 2, 3
WORD_FEATURES = ("lemma", "tag", "dep", "entity", "quote", "place", "shape", "lexicon", "role")
PAIR_FEATURES = ("distance", "sentence", "branch", "depth", "draft", "quotes", "cues", "commas")
_LEVELS = 4  # steps up the tree from the cue that are told apart
_BUCKETS = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 40, 64])


class Vocabulary(NamedTuple):
    """Row numbers of lemmas, tags, dependency labels and entity types; what is not there is 0."""

    lemmas: Mapping[str, int]
    tags: Mapping[str, int]
    deps: Mapping[str, int]
    entities: Mapping[str, int]


class Words(NamedTuple):
    """One article as arrays, one row a token: features (n, 9), spaCy's vectors (n, 96), and the shape of the parse."""

    features: Ints
    vectors: Floats
    heads: Ints
    left: Ints
    right: Ints
    deps: Ints
    depth: Ints
    sentence: Ints
    paragraph: Ints
    quote: Ints  # number of quotations begun so far
    quoted: Ints  # 1 inside a quotation
    commas: Ints  # running count
    cues: Ints  # running count of the rules' cues
    children: tuple[tuple[int, ...], ...]


def pair_sizes(vocabulary: Vocabulary) -> tuple[int, ...]:
    """How many rows each pair feature's table has."""
    labels = len(vocabulary.deps) + 1
    return (2 * (len(_BUCKETS) + 1) + 1, 14, 2 * (_LEVELS + 1) * labels + 1, 20, 5, 30, 7, 9)


def word_sizes(vocabulary: Vocabulary) -> tuple[int, ...]:
    """How many rows each word feature's table has."""
    counts = (len(vocabulary.lemmas), len(vocabulary.tags), len(vocabulary.deps), len(vocabulary.entities))
    return (*(count + 1 for count in counts), 3, 5, 5, 33, 8)


def words(doc: Doc, vocabulary: Vocabulary, paragraphs: Sequence[Paragraph], drafts: Sequence[Draft]) -> Words:
    """The arrays of an article."""
    n = len(doc)
    heads = np.fromiter((token.head.i for token in doc), np.int32, n)
    deps = np.fromiter((vocabulary.deps.get(token.dep_, 0) for token in doc), np.int32, n)
    paragraph, quote, quoted = _layout(n, paragraphs)
    starts = np.fromiter((token.is_sent_start is True or token.i == 0 for token in doc), np.int32, n)
    children: list[list[int]] = [[] for _ in range(n)]
    for i, head in enumerate(heads):
        if head != i:
            children[head].append(i)
    known_cues = np.zeros(n, np.int32)
    known_cues[[draft.cue[0] for draft in drafts if draft.cue]] = 1
    return Words(
        features=_features(doc, vocabulary, deps, paragraph, quoted, drafts),
        vectors=_vectors(doc),
        heads=heads,
        left=np.fromiter((token.left_edge.i for token in doc), np.int32, n),
        right=np.fromiter((token.right_edge.i for token in doc), np.int32, n),
        deps=deps,
        depth=_depth(heads),
        sentence=np.cumsum(starts, dtype=np.int32),
        paragraph=paragraph,
        quote=quote,
        quoted=quoted,
        commas=np.cumsum(np.fromiter((token.text in (",", ":", ";") for token in doc), np.int32, n), dtype=np.int32),
        cues=np.cumsum(known_cues, dtype=np.int32),
        children=tuple(map(tuple, children)),
    )


def _vectors(doc: Doc) -> Floats:
    vectors = np.asarray(doc.tensor, dtype=np.float32)
    return vectors if vectors.shape[0] == len(doc) else np.zeros((len(doc), 96), np.float32)


def _depth(heads: Ints) -> Ints:
    depth = np.zeros(len(heads), np.int32)
    at = heads.copy()
    for _ in range(12):
        depth += at != heads[at]
        at = heads[at]
    return depth


def _layout(n: int, paragraphs: Sequence[Paragraph]) -> tuple[Ints, Ints, Ints]:
    number, begun, inside = np.zeros(n, np.int32), np.zeros(n, np.int32), np.zeros(n, np.int32)
    for k, paragraph in enumerate(paragraphs, start=1):
        number[paragraph.start :] = k
        for start, end in paragraph.quotes:
            begun[start:] += 1
            inside[start:end] = 1
    return number, begun, inside


def _features(
    doc: Doc,
    vocabulary: Vocabulary,
    deps: Ints,
    paragraph: Ints,
    quoted: Ints,
    drafts: Sequence[Draft],
) -> Ints:
    n = len(doc)
    table = np.zeros((n, len(WORD_FEATURES)), np.int32)
    table[:, 0] = [vocabulary.lemmas.get(token.lemma_.lower(), 0) for token in doc]
    table[:, 1] = [vocabulary.tags.get(token.tag_, 0) for token in doc]
    table[:, 2] = deps
    table[:, 3] = [vocabulary.entities.get(token.ent_type_, 0) for token in doc]
    table[:, 4] = quoted + np.fromiter((token.is_quote for token in doc), np.int32, n) * (quoted > 0)
    fresh = np.diff(paragraph, prepend=0) > 0
    table[:, 5] = np.where(paragraph <= 1, 1, 2) + 2 * fresh
    table[:, 6] = [_shape(token.text) for token in doc]
    table[:, 7] = [_lexicon(cues.of(token)) for token in doc]
    for draft in drafts:
        for bit, role in ((1, draft.source), (2, draft.cue), (4, draft.content)):
            table[list(role), 8] |= bit
    return table


def _shape(text: str) -> int:
    if text.isdigit():
        return 1
    if text.isupper() and len(text) > 1:
        return 2
    return 3 if text[:1].isupper() else 4 if text.islower() else 0


def _lexicon(cue: cues.Cue | None) -> int:
    if cue is None:
        return 0
    return (
        1
        + sum(bit for bit, frame in ((1, "q"), (2, "c"), (4, "o"), (8, "x")) if frame in cue.frames)
        + (16 if cue.pos != "VERB" else 0)
    )


def window(words: Words, cue: int) -> tuple[int, int]:
    """The tokens around a cue among which its source and content are looked for."""
    near = words.sentence - words.sentence[cue]
    first = int(np.searchsorted(near, -SENTENCES_BEFORE, side="left"))
    last = int(np.searchsorted(near, SENTENCES_AFTER, side="right"))
    return max(first, cue - BEFORE), min(last, cue + AFTER + 1)


def pair(words: Words, cue: int, start: int, end: int, draft: Draft | None, labels: int) -> Ints:
    """Features (end - start, 8) of the words of a window as seen from a cue; `labels` is 1 + number of dep labels."""
    at = np.arange(start, end)
    table = np.zeros((end - start, len(PAIR_FEATURES)), np.int32)
    away = at - cue
    side = (away > 0).astype(np.int32)
    bucket = 1 + np.digitize(np.abs(away), _BUCKETS)
    table[:, 0] = np.where(away == 0, 0, bucket + side * (len(_BUCKETS) + 1)).clip(0, 2 * (len(_BUCKETS) + 1))
    sentences = (words.sentence[start:end] - words.sentence[cue]).clip(-3, 3) + 3
    table[:, 1] = sentences + 7 * (words.paragraph[start:end] == words.paragraph[cue])
    _tree(words, cue, start, end, table, labels)
    if draft is not None:
        table[:, 4] = 1
        for value, role in ((2, draft.source), (3, draft.cue), (4, draft.content)):
            table[[i - start for i in role if start <= i < end], 4] = value
    steps = (words.quote[start:end] - words.quote[cue]).clip(-2, 2) + 2
    table[:, 5] = steps + 5 * words.quoted[start:end] + 10 * words.quoted[cue]
    table[:, 6] = (words.cues[start:end] - words.cues[cue]).clip(-3, 3) + 3
    table[:, 7] = (words.commas[start:end] - words.commas[cue]).clip(-4, 4) + 4
    return table


def _tree(words: Words, cue: int, start: int, end: int, table: Ints, labels: int) -> None:
    """For each word the branch of the tree in which it hangs, seen from the cue upwards, and its depth there."""
    node, before = cue, -1
    for level in range(_LEVELS + 1):
        below = words.children[node]
        # Only the nearest child outside the window can reach into it.
        for child in below[max(bisect_left(below, start) - 1, 0) : bisect_right(below, end) + 1]:
            if child != before:
                _branch(words, cue, child, level, table[:, 2:4], (start, end), labels)
        if start <= node < end and table[node - start, 2] == 0:
            table[node - start, 3] = 15 + level
        if words.heads[node] == node:
            return
        before, node = node, int(words.heads[node])


def _branch(words: Words, cue: int, child: int, level: int, table: Ints, bounds: tuple[int, int], labels: int) -> None:
    start, end = bounds
    low, high = max(int(words.left[child]), start), min(int(words.right[child]) + 1, end)
    if low >= high:
        return
    free = table[low - start : high - start, 0] == 0
    row = 1 + words.deps[child] + labels * (2 * level + (child > cue))
    table[low - start : high - start, 0][free] = row
    deep = (words.depth[low:high] - words.depth[child]).clip(0, 3)
    table[low - start : high - start, 1][free] = 1 + deep[free] + 4 * min(level, 2)
