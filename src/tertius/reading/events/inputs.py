"""A sentence as the event model takes it: its words, the phrases that may stand for actors, and its word pieces.

Offsets are code points of the sentence, so that a sentence is read the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.events import candidates

if TYPE_CHECKING:
    from spacy.tokens import Span
    from tokenizers import Tokenizer

POS = ("", "NOUN", "PROPN", "PRON", "VERB", "AUX", "ADJ", "ADV", "ADP", "DET", "NUM", "PUNCT", "PART", "CCONJ", "SCONJ")
NAMES = ("", "PERSON", "NORP", "ORG", "GPE", "LOC", "DATE", "other")
LONGEST = 160  # pieces that are read at once; a longer sentence is read in windows
WINDOW = 90  # words of a window


class Word(NamedTuple):
    """A token: offsets in the sentence, and what spaCy says of it. `head` is an index among the sentence's words, the
    word's own where its head is none of them; `name` is the label of the name that it belongs to, or ''."""

    start: int
    end: int
    pos: str
    dep: str
    head: int
    lemma: str
    name: str


class SentenceInput(NamedTuple):
    """`start` is the sentence's first code point in the article; candidates are (start, end, head word)."""

    start: int
    text: str
    words: tuple[Word, ...]
    candidates: tuple[tuple[int, int, int], ...]


class Encoded(NamedTuple):
    """Pieces with their features; `first` is the first piece of each word, `spans` the pieces of each candidate."""

    ids: list[int]
    pos: list[int]
    names: list[int]
    first: list[int]
    spans: list[tuple[int, int]]


def of_sentence(
    sentence: Span, spans: Sequence[tuple[int, int]] | None = None, chunks: Sequence[Span] | None = None
) -> SentenceInput:
    """The input of a parsed sentence. `spans`: code points of the article that may stand for actors (those outside the
    sentence are passed over); by default what `candidates` finds, with the article's noun `chunks` if given."""
    start = sentence.start_char
    tokens = [t for t in sentence if not t.is_space]
    place = {t.i: n for n, t in enumerate(tokens)}
    words = tuple(
        Word(t.idx - start, t.idx - start + len(t), t.pos_, t.dep_, place.get(t.head.i, n), t.lemma_, t.ent_type_)
        for n, t in enumerate(tokens)
    )
    if spans is None:
        found = [(c.start - start, c.end - start, place[c.head]) for c in candidates.of_sentence(sentence, chunks)
                 if c.head in place]  # fmt: skip
    else:
        found = [c for a, b in spans if (c := _candidate(words, a - start, b - start)) is not None]
    return SentenceInput(start, sentence.text, words, tuple(sorted(set(found))))


def _candidate(words: Sequence[Word], start: int, end: int) -> tuple[int, int, int] | None:
    inside = [n for n, word in enumerate(words) if word.start < end and word.end > start]
    if not inside or start < 0 or end > words[-1].end:
        return None
    outside = [n for n in inside if words[n].head not in inside or words[n].head == n]
    return start, end, (outside or inside)[-1]


def windows(sentence: SentenceInput) -> Iterator[tuple[SentenceInput, int]]:
    """A sentence of very many words in parts, each with the index of its first word."""
    for at in range(0, len(sentence.words), WINDOW):
        words = sentence.words[at : at + WINDOW]
        start, end = words[0].start, words[-1].end
        moved = tuple(
            word._replace(start=word.start - start, end=word.end - start, head=_moved(word.head, at, n, len(words)))
            for n, word in enumerate(words)
        )
        inside = tuple(
            (a - start, b - start, head - at)
            for a, b, head in sentence.candidates
            if a >= start and b <= end and at <= head < at + len(words)
        )
        yield SentenceInput(sentence.start + start, sentence.text[start:end], moved, inside), at


def _moved(head: int, at: int, own: int, count: int) -> int:
    return head - at if at <= head < at + count else own


def encode(
    tokenizer: Tokenizer, text: str, words: Sequence[Word], candidates: Sequence[tuple[int, int, int]]
) -> Encoded:
    """Word pieces of a sentence, LONGEST at most; words beyond have no first piece (-1), candidates beyond (0, 0)."""
    coded = tokenizer.encode(text)
    ids, offsets = coded.ids[:LONGEST], coded.offsets[:LONGEST]
    if len(coded.ids) > LONGEST:
        ids[-1], offsets[-1] = coded.ids[-1], (0, 0)
    made = Encoded(ids, [0] * len(ids), [0] * len(ids), [-1] * len(words), [])
    at = 0
    for piece, (start, end) in enumerate(offsets):
        if end <= start or not words:
            continue
        while at < len(words) - 1 and words[at].end <= start:
            at += 1
        if words[at].start < end:
            made.pos[piece], made.names[piece] = pos_index(words[at].pos), name_index(words[at].name)
            if made.first[at] < 0:
                made.first[at] = piece
    made.spans.extend(_pieces(offsets, start, end) for start, end, _ in candidates)
    return made


def _pieces(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    inside = [n for n, (a, b) in enumerate(offsets) if a < end and b > start and b > a]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def pos_index(pos: str) -> int:
    """Row of the part-of-speech embedding; 0 for what is rare."""
    return POS.index(pos) if pos in POS else 0


def name_index(label: str) -> int:
    """Row of the name-type embedding; 0 outside names."""
    return NAMES.index(label) if label in NAMES else len(NAMES) - 1
