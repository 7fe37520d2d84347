"""Phrases of a sentence that may stand for an actor: what the event model chooses its sources and targets from.

One candidate for each head word: noun chunks and names, pronouns, possessives, and adjectives of nationality inside a
longer phrase ('Russian' in 'Russian support'). Nouns that the chunker lost are offered alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

NO_ACTORS = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
LONGEST = 8  # words: a longer chunk is cut to its name, or to its head and what stands left of it
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})


class Candidate(NamedTuple):
    """A phrase: code points `start` to `end` of the article, and the index of its head token in the Doc."""

    start: int
    end: int
    head: int


def of_sentence(sentence: Span, chunks: Sequence[Span] | None = None) -> list[Candidate]:
    """The candidates of a parsed sentence, in the order of their starts; no two have the same head.

    `chunks`: the noun chunks of the whole article in their order, where there are many sentences to read (spaCy goes
    through all of them for each sentence)."""
    spans: dict[int, tuple[int, int]] = {}
    for chunk in sentence.noun_chunks if chunks is None else _inside(sentence, chunks):
        _offer(spans, sentence, chunk.root, chunk.start, chunk.end)
    for name in sentence.ents:
        if name.label_ not in NO_ACTORS:
            _offer(spans, sentence, name.root, name.start, name.end)
    for token in sentence:
        if token.i not in spans and _stands_alone(token, spans):
            _offer(spans, sentence, token, *_phrase(token, sentence))
    return sorted(_candidate(sentence, head, span) for head, span in spans.items())


def _inside(sentence: Span, chunks: Sequence[Span]) -> Sequence[Span]:
    first = bisect_left(chunks, sentence.start, key=lambda chunk: chunk.start)
    return chunks[first : bisect_left(chunks, sentence.end, key=lambda chunk: chunk.start)]


def _offer(spans: dict[int, tuple[int, int]], sentence: Span, head: Token, first: int, last: int) -> None:
    first, last = max(first, sentence.start), min(last, sentence.end)
    if last - first > LONGEST:
        first, last = max(first, head.i - 3), min(last, head.i + 1)
    spans.setdefault(head.i, (first, last))


def _stands_alone(token: Token, spans: dict[int, tuple[int, int]]) -> bool:
    if token.pos_ == "PRON" or token.lower_ in RELATIVES:
        return True
    if token.dep_ == "poss" and token.pos_ in {"NOUN", "PROPN"}:
        return True
    if token.pos_ in {"ADJ", "PROPN"} and token.text[:1].isupper() and token.dep_ in {"amod", "compound", "nmod"}:
        return token.ent_type_ in {"", "NORP", "GPE", "ORG", "LOC"}
    covered = any(first <= token.i < last for first, last in spans.values())
    return not covered and token.pos_ in {"NOUN", "PROPN"} and token.ent_type_ not in NO_ACTORS


def _phrase(token: Token, sentence: Span) -> tuple[int, int]:
    if token.dep_ != "poss" or token.pos_ == "PRON":
        return token.i, token.i + 1
    left = max(token.left_edge.i, token.i - LONGEST, sentence.start)
    return left, token.i + 1


def _candidate(sentence: Span, head: int, span: tuple[int, int]) -> Candidate:
    doc = sentence.doc
    first, last = span
    end = doc[last - 1]
    return Candidate(doc[first].idx, end.idx + len(end), head)


def best_overlap(candidates: Sequence[Candidate], start: int, end: int) -> tuple[int | None, float]:
    """Index of the candidate that overlaps code points `start` to `end` best, and by how much (0 to 1, Jaccard)."""
    best, most = None, 0.0
    for index, candidate in enumerate(candidates):
        common = min(candidate.end, end) - max(candidate.start, start)
        share = common / (max(candidate.end, end) - min(candidate.start, start))
        if common > 0 and share > most:
            best, most = index, share
    return best, most
