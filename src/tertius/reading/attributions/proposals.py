"""What the rules find: quotations, transcripts and clauses, one draft for each cue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertius.reading.attributions import drafts, quotes
from tertius.reading.attributions.drafts import Draft

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.quotation import Quotation


_WEIGHT = {"VERB": 2, "NOUN": 2, "ADJ": 2, "AUX": 1}


def find(doc: Doc, marks: tuple[Quotation, ...]) -> list[Draft]:
    """Attributions as token numbers, nested ones included, in the order of their contents."""
    spoken = quotes.find(doc, marks)
    regions = [region for paragraph in quotes.layout(doc, marks) for region in paragraph.quotes]
    grammar = [_completed(doc, draft, regions) for draft in drafts.clauses(doc)]
    by_cue = {main_word(doc, draft): draft for draft in grammar}
    kept: list[Draft] = []
    for draft in spoken:
        clause = by_cue.pop(main_word(doc, draft), None) if draft.cue else None
        kept.append(_joined(doc, draft, clause) if clause else draft)
    return sorted([*kept, *by_cue.values()], key=lambda draft: (draft.content[0], -len(draft.content)))


def main_word(doc: Doc, draft: Draft) -> int:
    """The cue's main word, which tells cues apart whatever auxiliaries they carry."""
    return max(draft.cue, key=lambda i: (_WEIGHT.get(doc[i].pos_, 0), i), default=-1)


def _joined(doc: Doc, spoken: Draft, clause: Draft) -> Draft:
    """One cue with words in marks and words without: 'He said they had lost, "and badly"'."""
    source = spoken.source or clause.source
    before = [i for i in clause.content if spoken.cue[-1] < i < spoken.content[0]]
    if spoken.origin != "lead" or len(before) < 3:
        return spoken._replace(source=source)
    words = drafts.trim(doc, {*spoken.content, *before})
    return spoken._replace(source=source, content=words)


def _completed(doc: Doc, draft: Draft, regions: Sequence[tuple[int, int]]) -> Draft:
    """A content that ends in the middle of a quotation goes on to its closing mark, unless its cue is in there too."""
    last, cue = draft.content[-1], draft.cue[-1]
    for start, end in regions:
        if start <= last < end and not start <= cue < end:
            return draft._replace(content=drafts.trim(doc, {*draft.content, *range(last, end)}))
    return draft
