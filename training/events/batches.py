"""Sentences as tensors: word pieces, candidate weights and (soft) labels."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from tertius.reading.events import inputs
from tertius.reading.events.inputs import Word
from training.events import labels
from training.events.data import Event, Pair, Sentence

# train_more: its one quick pass found more events than a strict coder would; nothing: few sentences for a wide field
PART_WEIGHT = {"train_more": 0.7, "nothing": 2.0}


@dataclass
class Row:
    """Labels of the second look at one trigger. `neutral` are candidates that are neither right nor wrong."""

    word: int
    valid: float
    weight: float
    types: np.ndarray
    sources: np.ndarray | None = None  # over candidates
    targets: np.ndarray | None = None  # over candidates and, last, none
    neutral_sources: tuple[int, ...] = ()
    neutral_targets: tuple[int, ...] = ()
    modality: np.ndarray | None = None
    reciprocal: float = 0.0


@dataclass
class Example:
    """A sentence as pieces. `first` is the first piece of each word; `spans` the pieces of each candidate."""

    ids: list[int]
    pos: list[int]
    names: list[int]
    first: list[int]
    spans: list[tuple[int, int]]
    weight: float = 1.0
    triggers: dict[int, tuple[float, float]] = field(default_factory=dict)  # word -> (probability, weight)
    rows: list[Row] = field(default_factory=list)
    roles: list[int] | None = None
    kinds: np.ndarray | None = None  # types that are right for marked source and target
    sentence: Sentence | None = None
    lower: Tensor | None = None  # (pieces, width) states below the network's entry
    soft: bool = False  # labelled by a teacher, who has given its own doubtful triggers
    loudest: float = 1.0  # the chance of its likeliest trigger when last seen


class Pieces:
    """A tokenizer that keeps the model's own special pieces."""

    def __init__(self, path: str) -> None:
        self.tokenizer = Tokenizer.from_file(path)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def example(self, text: str, words: Sequence[Word], candidates: Sequence[tuple[int, int, int]]) -> Example:
        """An example without labels. Words beyond the longest input have no first piece (-1)."""
        coded = inputs.encode(self.tokenizer, text, words, candidates)
        return Example(coded.ids, coded.pos, coded.names, coded.first, coded.spans)

    def labelled(self, sentence: Sentence) -> Example:
        """An example with the gold labels of a sentence."""
        made = self.example(sentence.text, sentence.words, sentence.candidates)
        made.sentence = sentence
        made.weight = PART_WEIGHT.get(sentence.part, 1.0)
        for event in sentence.events:
            if made.first[event.trigger] < 0:
                continue
            weight = made.weight * (0.5 if event.optional else 1.0)
            made.triggers[event.trigger] = (1.0, weight)
            made.rows.append(_row(sentence, event, weight))
        return made

    def paired(self, pair: Pair, words: Sequence[Word]) -> Example:
        """An example of a sentence with source and target marked; YIELD is CONCEDE or RETREAT."""
        made = self.example(pair.text, words, [(*s, 0) for s in pair.sources + pair.targets])
        _mark(made, len(pair.sources))
        made.kinds = np.array([_is_root(t, pair.root) for t in labels.TYPES], dtype=np.float32)
        return made

    def pairs_of(self, sentence: Sentence, weight: float) -> list[Example]:
        """The events of an annotated sentence as examples with source and target marked."""
        found = []
        for event in sentence.events:
            if event.covered and event.targets:
                spans = [sentence.candidates[n] for n in event.sources + event.targets]
                made = self.example(sentence.text, sentence.words, spans)
                _mark(made, len(event.sources))
                made.kinds = np.array([event.types.get(t, 0.0) > 0 for t in labels.TYPES], dtype=np.float32)
                made.weight = weight
                found.append(made)
        return found


def _mark(example: Example, sources: int) -> None:
    example.roles = [0] * len(example.ids)
    for n, (start, end) in enumerate(example.spans):
        example.roles[start:end] = [1 if n < sources else 2] * (end - start)


def _is_root(kind: str, root: str) -> bool:
    return kind == root or (root == "YIELD" and kind in labels.YIELD)


def _row(sentence: Sentence, event: Event, weight: float) -> Row:
    types = np.array([event.types.get(t, 0.0) for t in labels.TYPES], dtype=np.float32)
    count = len(sentence.candidates)
    modality = np.array([m == event.modality for m in labels.MODALITIES], dtype=np.float32)
    sources = _spread(event.sources, count)
    targets = _spread(event.targets, count + 1, count if not event.targets else None)
    known = bool(event.sources) and event.covered
    return Row(
        event.trigger, 1.0, weight, types, sources if known else None, targets if known else None,
        _overlapping(sentence, event.sources), _overlapping(sentence, event.targets), modality, float(event.reciprocal),
    )  # fmt: skip


def _spread(members: Sequence[int], size: int, also: int | None = None) -> np.ndarray:
    spread = np.zeros(size, dtype=np.float32)
    chosen = [*members, *([] if also is None else [also])]
    for member in chosen:
        spread[member] = 1.0 / len(chosen)
    return spread


def _overlapping(sentence: Sentence, members: Sequence[int]) -> tuple[int, ...]:
    spans = sentence.candidates
    return tuple(
        n
        for n, (start, end, _) in enumerate(spans)
        if n not in members and any(start < spans[m][1] and spans[m][0] < end for m in members)
    )


@dataclass
class Batch:
    """Tensors of several examples, padded to the longest."""

    examples: list[Example]
    ids: Tensor
    mask: Tensor
    pos: Tensor
    names: Tensor
    roles: Tensor | None
    lower: Tensor | None = None


def collate(examples: list[Example]) -> Batch:
    """Pad with 0 (masked, so which piece it is does not matter)."""
    length = max(len(e.ids) for e in examples)

    def pad(rows: list[list[int]]) -> Tensor:
        return torch.tensor([row + [0] * (length - len(row)) for row in rows])

    roles = None if examples[0].roles is None else pad([e.roles or [] for e in examples])
    mask = pad([[1] * len(e.ids) for e in examples])
    kept = [e.lower for e in examples if e.lower is not None]
    return Batch(
        examples, pad([e.ids for e in examples]), mask, pad([e.pos for e in examples]),
        pad([e.names for e in examples]), roles,
        nn.utils.rnn.pad_sequence(kept, batch_first=True) if len(kept) == len(examples) else None,
    )  # fmt: skip


def shuffled(examples: list[Example], size: int, seed: int) -> Iterator[Batch]:
    """Batches of about `size` examples of like length, in random order."""
    dice = random.Random(seed)  # noqa: S311
    keyed = sorted(examples, key=lambda e: len(e.ids) + dice.random() * 8)
    groups = [keyed[n : n + size] for n in range(0, len(keyed), size)]
    dice.shuffle(groups)
    for group in groups:
        yield collate(group)


def in_order(examples: list[Example], size: int) -> Iterator[tuple[list[int], Batch]]:
    """Batches by length, with the indices of their examples."""
    order = sorted(range(len(examples)), key=lambda n: len(examples[n].ids))
    for at in range(0, len(order), size):
        chosen = order[at : at + size]
        yield chosen, collate([examples[n] for n in chosen])


def averaging(examples: Sequence[Example], length: int) -> Tensor:
    """(examples, candidates, length) weights that average each candidate's pieces."""
    most = max((len(e.spans) for e in examples), default=0)
    weights = torch.zeros(len(examples), max(1, most), length)
    for row, example in enumerate(examples):
        for n, (start, end) in enumerate(example.spans):
            if end > start:
                weights[row, n, start:end] = 1.0 / (end - start)
    return weights
