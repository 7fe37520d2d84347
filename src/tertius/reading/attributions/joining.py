"""Rules and tagger made one: each where it is good.

The tagger decides which cues count and what stands in their contents. The rules are exact about quotation marks, about
transcripts, and see what the tagger was not taught: attributions inside attributions and quotations without a cue.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertius.reading.attributions import cues, drafts
from tertius.reading.attributions.drafts import FINITE, Draft

if TYPE_CHECKING:
    from spacy.tokens import Doc

ENOUGH = 8  # tokens, marks included: shorter quotations that the tagger passes over are names and scare quotes
_REPORTING = frozenset("csvx")
_RELATIVE = frozenset(("WP", "WDT"))

Region = tuple[int, int]  # token numbers of a quotation, marks included


def combined(doc: Doc, rules: Sequence[Draft], read: Sequence[Draft], regions: Sequence[Region]) -> list[Draft]:
    """All drafts in the order of their contents."""
    turns = {i for draft in rules if draft.origin == "transcript" for i in (*draft.cue, *draft.content)}
    by_cue: dict[tuple[int, ...], list[Draft]] = defaultdict(list)
    for draft in rules:
        by_cue[draft.cue].append(draft)
    whole = [_whole(doc, draft, by_cue[draft.cue], regions) for draft in read if draft.cue[0] not in turns]
    inside = {i for draft in whole for i in draft.content}
    taken = {i for draft in whole for i in draft.cue}
    seen = inside | taken | {i for start, end in regions for i in range(start, end)}
    kept = [draft for draft in rules if _beyond(doc, draft, inside, taken) or _plain(doc, draft, seen)]
    return sorted([*whole, *kept], key=lambda draft: (draft.content[0], -len(draft.content)))


def _whole(doc: Doc, draft: Draft, rivals: Sequence[Draft], regions: Sequence[Region]) -> Draft:
    """With every quotation that it touches to both its marks, and with those further on that the rules join to it.

    `rivals` are the rules' drafts with the same cue: one of them for each block of quotation."""
    words = set(draft.content)
    if _hedges(doc, draft) and rivals:
        return draft._replace(content=rivals[0].content)
    same = next((one for one in rivals if not words.isdisjoint(one.content)), None)
    source = draft.source or (same.source if same else ())
    if same is not None and same.origin != "grammar":
        words |= {i for i in same.content if i > draft.content[-1]}
    words = words - {i for one in rivals if one is not same for i in one.content} or words
    speaking = {*draft.cue, *source}
    words = words - speaking or words
    words |= _quoted(words, speaking, regions)
    certain = same.certain if same else draft.certain
    return draft._replace(source=source, certain=certain, content=drafts.trim(doc, _stated(doc, words)))


def _hedges(doc: Doc, draft: Draft) -> bool:
    """'reportedly', 'allegedly': nobody's word, over the sentence around it."""
    known = cues.of(doc[draft.cue[0]])
    return known is not None and known.pos == "ADV"


def _quoted(words: set[int], speaking: set[int], regions: Sequence[Region]) -> set[int]:
    """The words of all quotations that some of the words stand in, unless the speaker is quoted there himself."""
    found: set[int] = set()
    for start, end in regions[max(bisect_left(regions, (min(words), 0)) - 1, 0) :]:
        if start > max(words):
            break
        if not words.isdisjoint(range(start, end)) and speaking.isdisjoint(range(start, end)):
            found |= set(range(start, end))
    return found


def _stated(doc: Doc, words: set[int]) -> set[int]:
    """'what Manila claimed was a drill': without a question word that stands alone before the cue."""
    lonely = {i for i in words if doc[i].tag_ in _RELATIVE and i + 1 not in words and i - 1 not in words}
    return words - lonely or words


def _beyond(doc: Doc, draft: Draft, inside: set[int], taken: set[int]) -> bool:
    """Whether the rules alone can see a draft."""
    if draft.origin == "transcript":
        return True
    if not draft.cue or draft.origin in ("quote", "lead"):
        return inside.isdisjoint(draft.content) and len(draft.content) >= ENOUGH
    return draft.cue[0] in inside and taken.isdisjoint(draft.cue) and _reports(doc, draft)


def _reports(doc: Doc, draft: Draft) -> bool:
    """Whether a cue can report somebody's words; 'attacked' and 'praised' inside a report are what happened."""
    known = [found for i in draft.cue if (found := cues.of(doc[i])) is not None]
    return not known or any(found.frames & _REPORTING for found in known)


def _plain(doc: Doc, draft: Draft, seen: set[int]) -> bool:
    """'Two officials said that it had sunk', 'allegedly': a cue of saying or believing, its subject, its clause."""
    known = cues.of(doc[draft.cue[-1]]) if draft.cue else None
    if known is None or not seen.isdisjoint((*draft.source, *draft.cue, *draft.content)):
        return False
    if "s" in known.frames:
        return True
    if known.pos != "VERB" or known.frames.isdisjoint("cv") or not draft.source:
        return False
    return any(doc[i].tag_ in FINITE or ("v" in known.frames and doc[i].pos_ == "VERB") for i in draft.content)
