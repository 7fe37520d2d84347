"""Who says it? Every stretch of an article that stands on somebody else's word, with speaker, cue and stance."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertius.reading import quotation
from tertius.reading.attributions import cues, drafts, joining, proposals, quotes, speakers, tagger
from tertius.reading.attributions.drafts import Draft
from tertius.reading.attributions.vouching import around, cited, claims, innermost, voucher, vouchers
from tertius.reading.quotation import Quotation
from tertius.records import Attribution, Force, QuoteKind, Span, Stance

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.actors import Cast
    from tertius.reading.attributions.tagger import Tagger

LEVELS = 50  # how many attributions back the words around another one begin
FAR = 150  # words over which 'he' may still be the last who spoke

MODEL = "attributions polnear-2"

__all__ = ["MODEL", "around", "cited", "claims", "find", "innermost", "propose", "voucher", "vouchers"]


def find(doc: Doc, cast: Cast) -> tuple[Attribution, ...]:
    """All attributions of an article in the order of their contents; nested ones stand inside the outer content."""
    text = doc.text
    marks = quotation.find(text)
    found = propose(doc)
    voices = [
        (draft, voice) for draft, voice in zip(found, _hear(doc, cast, found), strict=True) if _real(doc, draft, voice)
    ]
    outer = _within([draft for draft, _ in voices])
    return tuple(
        _record(doc, text, f"q{n}", draft, voice, marks, f"q{around}" if around else None)
        for n, ((draft, voice), around) in enumerate(zip(voices, outer, strict=True), start=1)
    )


def _within(found: Sequence[Draft]) -> list[int]:
    """For each draft the number of the innermost one whose content holds its cue: counted from 1, and 0 for none."""
    contents = [set(draft.content) for draft in found]
    result: list[int] = []
    for number, draft in enumerate(found):
        key = (draft.cue or draft.content)[0]
        first = max(0, number - LEVELS)
        holding = [n for n in range(first, number) if key in contents[n] and contents[number].isdisjoint(found[n].cue)]
        result.append(1 + min(holding, key=lambda n: (len(contents[n]), -n), default=-1))
    return result


def _real(doc: Doc, draft: Draft, voice: speakers.Heard) -> bool:
    """A colon gives the word to somebody known ('MENSAH: ...'), not to a label ('UPDATE: ...') or a credit."""
    if draft.origin == "transcript" or not draft.cue or doc[draft.cue[0]].text != ":":
        return True
    spoken = doc[draft.content[0]].is_quote or any(doc[i].tag_ in drafts.FINITE for i in draft.content)
    return spoken and voice.speaker.actor is not None


def propose(doc: Doc, trained: Tagger | None = None) -> list[Draft]:
    """Attributions as token numbers, nested ones included, in the order of their contents."""
    marks = quotation.find(doc.text)
    found = proposals.find(doc, marks)
    paragraphs = quotes.layout(doc, marks)
    regions = [region for paragraph in paragraphs for region in paragraph.quotes]
    read = (trained or tagger.load()).read(doc, paragraphs, found)
    return joining.combined(doc, found, read, regions)


def _hear(doc: Doc, cast: Cast, found: Sequence[Draft]) -> list[speakers.Heard]:
    heard: list[speakers.Heard] = []
    inside = {i for draft in found for i in draft.content}
    spoke: int | None = None  # the last one with a speaker of the article's own, not of quoted words
    for number, draft in enumerate(found):
        voice = _same_voice(doc, cast, found[: number + 1], heard, spoke)
        heard.append(voice or speakers.resolve(doc, cast, draft.source))
        if draft.source and draft.source[0] not in inside:
            later = spoke is None or draft.source[0] > found[spoke].source[0]
            spoke = number if later else spoke
    return heard


def _same_voice(
    doc: Doc, cast: Cast, found: Sequence[Draft], heard: Sequence[speakers.Heard], spoke: int | None
) -> speakers.Heard | None:
    """The speaker of the words around ('I', 'we'), or of the words just before ('he added')."""
    draft = found[-1]
    if speakers.first_person(doc, draft.source):
        outer = _around(found[-1 - LEVELS : -1], draft)
        return heard[len(heard) - len(found[-1 - LEVELS : -1]) + outer] if outer is not None else None
    if spoke is None or not _goes_on(doc, found[spoke], draft):
        return None
    return heard[spoke] if speakers.may_be(doc, cast, draft.source, heard[spoke].speaker) else None


def _goes_on(doc: Doc, last: Draft, draft: Draft) -> bool:
    """'The envoy said ... He added ...': in the same sentence or the next."""
    if len(draft.source) != 1 or doc[draft.source[0]].lower_ not in ("he", "she"):
        return False
    first, here = last.source[0], draft.source[0]
    return first < here < first + FAR and sum(token.is_sent_start is True for token in doc[first + 1 : here + 1]) <= 1


def _around(outer: Sequence[Draft], draft: Draft) -> int | None:
    covering = [(len(one.content), n) for n, one in enumerate(outer) if set(draft.source) <= set(one.content)]
    return min(covering)[1] if covering else None


def _record(
    doc: Doc,
    text: str,
    id: str,
    draft: Draft,
    voice: speakers.Heard,
    marks: Sequence[Quotation],
    within: str | None,
) -> Attribution:
    source, cue, content = (
        tuple(Span.of(text, *run) for run in drafts.runs(doc, words))
        for words in (draft.source, draft.cue, draft.content)
    )
    return Attribution(
        id=id,
        kind=_kind(doc, draft, marks),
        stance=_stance(doc, draft),
        force=_force(doc, draft),
        source=source,
        cue=cue,
        content=content,
        speaker=voice.speaker,
        speaker_certain=draft.certain and voice.certain,
        within=within,
    )


def _kind(doc: Doc, draft: Draft, marks: Sequence[Quotation]) -> QuoteKind:
    if draft.origin == "transcript":
        return "direct"
    around = _mark_at(marks, doc[draft.cue[0]].idx) if draft.cue else None
    words = [doc[i].idx for i in draft.content if not doc[i].is_punct and not doc[i].is_quote]
    inside = sum(_mark_at(marks, at) not in (None, around) for at in words)
    if not inside:
        return "indirect"
    return "direct" if inside == len(words) else "mixed"


def _mark_at(marks: Sequence[Quotation], at: int) -> Quotation | None:
    """The quotation in which a code point stands."""
    number = bisect_right(marks, at, key=lambda mark: mark.start) - 1
    return marks[number] if number >= 0 and at < marks[number].end else None


def _stance(doc: Doc, draft: Draft) -> Stance:
    main = proposals.main_word(doc, draft)
    return cues.stance(doc[main]) if main >= 0 else "asserts"


def _force(doc: Doc, draft: Draft) -> Force:
    main = proposals.main_word(doc, draft)
    return cues.force(doc[main]) if main >= 0 else "neutral"
