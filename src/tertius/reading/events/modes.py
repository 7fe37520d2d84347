"""How was it done? PLOVER's mode of an act, by its trigger and the words that depend on it (modes.csv).

Rows are tried in their order: the trigger is one of the row's words, or one of the words near it is. A row with neither
holds for whatever is left of its type. Modes: the PLOVER codebook (Open Event Data Alliance, 2022).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

ACTORS = frozenset({"nsubj", "nsubjpass", "agent", "poss"})  # the actors of an act say nothing of its manner
OTHERS = frozenset({"conj", "advcl", "relcl", "parataxis"})  # clauses that tell of something else
DEPTH = 3


class Mode(NamedTuple):
    """One row: a mode and the lemmas that show it, of the trigger or near it."""

    name: str
    trigger: frozenset[str]
    near: frozenset[str]


def mode(doc: Doc, kind: str, trigger: tuple[int, int]) -> str | None:
    """The mode of an act of type `kind` whose trigger covers code points `trigger`; None if nothing shows one."""
    rows = table().get(kind, ())
    span = doc.char_span(*trigger, alignment_mode="expand")
    if not rows or span is None or not len(span):
        return None
    own, near = _own(span.root), set(_near(span.root))
    for row in rows:
        if row.trigger & own or row.near & near or not (row.trigger or row.near):
            return row.name
    return None


def _own(word: Token) -> set[str]:
    lemma = word.lemma_.lower()
    particles = (child.lower_ for child in word.children if child.dep_ == "prt")
    objects = (child.lemma_.lower() for child in word.children if child.dep_ == "dobj")
    return {lemma, word.lower_, *(f"{lemma}+{other}" for other in (*particles, *objects))}


def _near(word: Token) -> Iterator[str]:
    if word.pos_ == "NOUN" and word.head.pos_ in {"VERB", "NOUN"}:  # 'launched a missile attack', 'air strikes'
        yield word.head.lemma_.lower()
    yield from _below(word, DEPTH)


def _below(word: Token, depth: int) -> Iterator[str]:
    for child in word.children:
        if child.dep_ in OTHERS or (child.dep_ in ACTORS and depth == DEPTH):
            continue
        yield child.lemma_.lower()
        if depth > 1:
            yield from _below(child, depth - 1)


@lru_cache(maxsize=1)
def table() -> dict[str, tuple[Mode, ...]]:
    """The rows of modes.csv for each type, in their order."""
    text = files("tertius.reading.events").joinpath("modes.csv").read_text(encoding="utf-8")
    table: dict[str, tuple[Mode, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        entry = Mode(row["mode"], _words(row["trigger"]), _words(row["near"]))
        table[row["type"]] = (*table.get(row["type"], ()), entry)
    return table


def _words(cell: str) -> frozenset[str]:
    return frozenset(filter(None, cell.split("|")))
