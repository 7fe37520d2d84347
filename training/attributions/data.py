"""PolNeAR articles as arrays for the tagger: features of words, cues with their windows, and the gold labels."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tertius.reading import quotation
from tertius.reading.attributions import proposals, quotes, tagging
from tertius.reading.attributions.drafts import Draft
from tertius.reading.attributions.tagging import Ints, Vocabulary, Words

if TYPE_CHECKING:
    from spacy.tokens import Doc

SOURCE, CONTENT = 1, 2


@dataclass
class Article:
    """One article, ready for training: `gold` maps a cue's main word to the tokens of its source and its content."""

    id: str
    words: Words
    drafts: dict[int, Draft]
    gold: dict[int, tuple[list[int], list[int]]]
    seen: dict[int, Ints] = field(default_factory=dict)  # pair features of a cue's window, made once


def read(path: Path) -> list[dict[str, Any]]:
    """The articles of a PolNeAR file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def vocabulary(docs: Iterable[Doc], at_least: int) -> Vocabulary:
    """Lemmas seen at least so often, and every tag, label and entity type."""
    lemmas: Counter[str] = Counter()
    seen: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for doc in docs:
        for token in doc:
            lemmas[token.lemma_.lower()] += 1
            for kind, value in zip(seen, (token.tag_, token.dep_, token.ent_type_), strict=True):
                kind.add(value)
    kept = sorted(lemma for lemma, count in lemmas.items() if count >= at_least and not lemma.isspace())
    numbered = [{value: n for n, value in enumerate(sorted(v - {""}), start=1)} for v in seen]
    return Vocabulary({lemma: n for n, lemma in enumerate(kept, start=1)}, *numbered)


def article(row: dict[str, Any], doc: Doc, vocabulary: Vocabulary) -> Article:
    """Features and gold labels of one article."""
    marks = quotation.find(doc.text)
    found = proposals.find(doc, marks)
    words = tagging.words(doc, vocabulary, quotes.layout(doc, marks), found)
    by_cue = {proposals.main_word(doc, draft): draft for draft in found if draft.cue}
    return Article(row["id"], words, by_cue, gold(row, doc))


def gold(row: dict[str, Any], doc: Doc) -> dict[int, tuple[list[int], list[int]]]:
    """Main word of each gold cue -> tokens of source and content. Attributions without a cue are left out."""
    starts = [token.idx for token in doc]
    result: dict[int, tuple[list[int], list[int]]] = {}
    for relation in row["attributions"]:
        cue = tokens(doc, starts, relation["cue"])
        content = tokens(doc, starts, relation["content"])
        if cue and content:
            main = main_of(doc, cue)
            old = result.get(main, ([], []))
            result[main] = (old[0] or tokens(doc, starts, relation["source"]), sorted({*old[1], *content}))
    return result


def tokens(doc: Doc, starts: Sequence[int], spans: Sequence[Sequence[int]]) -> list[int]:
    """Tokens that begin inside the spans."""
    found: set[int] = set()
    for start, end in spans:
        first = bisect_right(starts, start) - 1
        for i in range(max(first, 0), len(doc)):
            if starts[i] >= end:
                break
            if starts[i] + len(doc[i]) > start and not doc[i].is_space:
                found.add(i)
    return sorted(found)


def main_of(doc: Doc, cue: Sequence[int]) -> int:
    """The word of a cue under which the others hang, verbs first: the one that the tagger marks."""
    inside = set(cue)
    rank = {"VERB": 0, "NOUN": 1, "ADJ": 1, "AUX": 2}
    top = [i for i in cue if doc[i].head.i not in inside or doc[i].head.i == i]
    return min(top or cue, key=lambda i: (rank.get(doc[i].pos_, 3), i))


def labels(one: Article, cue: int, start: int, end: int) -> np.ndarray:
    """0, source or content for each word of a window; all 0 for a word that is no cue."""
    row = np.zeros(end - start, np.int64)
    source, content = one.gold.get(cue, ([], []))
    for label, words in ((CONTENT, content), (SOURCE, source)):
        row[[i - start for i in words if start <= i < end]] = label
    return row
