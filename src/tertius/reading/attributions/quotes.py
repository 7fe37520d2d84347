"""Words in quotation marks, and interview transcripts: who says them, in the sentence or in the ones before.

A quotation is speech when a cue word stands at its edge, when it goes on where attributed words left off, or when it
fills its paragraph. Marks around a few words in the middle of a sentence ('scare quotes') are nobody's speech unless a
cue governs them, which `tertius.reading.attributions.drafts` sees.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading import quotation
from tertius.reading.attributions import cues
from tertius.reading.attributions.drafts import FINITE, LONGEST, Draft, source_of, subtree, top_of, trim
from tertius.reading.quotation import Quotation

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_STOPS = frozenset((".", "?", "!", ";", "…"))
_LABEL = re.compile(r"\s*([A-Z][\w.'’-]*(?: [A-Z(][\w.'’)-]*){0,3}) ?: +(?=\S)")
_DASHES = frozenset(("-", "--", "–", "—", "―", "~"))
_SIGNATURE = 14  # the most tokens of a name and office behind a dash
_NEAR = 30  # tokens between a quotation and its cue
_SPEAKING = frozenset(("speak", "talk", "comment", "testify", "address", "interview", "write", "tweet", "blunt"))


class Paragraph(NamedTuple):
    """Token numbers of a paragraph, and the token ranges of the quotations in it (marks included)."""

    start: int
    end: int
    quotes: tuple[tuple[int, int], ...]
    opened: tuple[bool, ...]  # for each quotation: no mark closes it


def layout(doc: Doc, found: tuple[Quotation, ...]) -> list[Paragraph]:
    """The paragraphs of a document with their quotations, in token numbers."""
    starts = [token.idx for token in doc]
    result = []
    for start, end in quotation.paragraphs(doc.text):
        inside = [quote for quote in found if start <= quote.start < end]
        ranges = tuple((bisect_left(starts, quote.start), bisect_left(starts, quote.end)) for quote in inside)
        opened = tuple(not quote.closed for quote in inside)
        result.append(Paragraph(bisect_left(starts, start), bisect_left(starts, end), ranges, opened))
    return result


def find(doc: Doc, found: tuple[Quotation, ...]) -> list[Draft]:
    """Drafts from quotation marks and from transcripts, in the order of the text."""
    paragraphs = layout(doc, found)
    spoken = transcript(doc, paragraphs)
    labelled = {i for draft in spoken for i in draft.content}
    scene = _Scene(doc)
    for paragraph in paragraphs:
        if paragraph.start not in labelled and paragraph.end - 1 not in labelled:
            scene.read(paragraph)
    return sorted([*scene.drafts, *spoken], key=lambda draft: draft.content)


class _Scene:
    """Walks through the paragraphs and remembers who spoke last."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.drafts: list[Draft] = []
        self.numbers: dict[tuple[int, ...], int] = {}  # cue -> its draft
        self.flows_on = False  # the paragraph before ended inside attributed words
        self.before: Paragraph | None = None

    def read(self, paragraph: Paragraph) -> None:
        current: int | None = None  # the draft of this paragraph that a later quotation goes on with
        for number, quote in enumerate(paragraph.quotes):
            lead = (paragraph.quotes[number - 1][1] if number else paragraph.start, quote[0])
            last = number + 1 == len(paragraph.quotes)
            tail = (quote[1], paragraph.end if last else paragraph.quotes[number + 1][0])
            current = self._place(paragraph, quote, lead, tail, current)
        self.flows_on = bool(current is not None and paragraph.quotes and self._ends_with_quote(paragraph))
        self.before = paragraph

    def _place(
        self,
        paragraph: Paragraph,
        quote: tuple[int, int],
        lead: tuple[int, int],
        tail: tuple[int, int],
        current: int | None,
    ) -> int | None:
        draft = self._after(quote, tail) or self._before(quote, lead) or self._signature(quote, tail)
        if draft is not None:
            known = self.numbers.setdefault(draft.cue, len(self.drafts))
            if known < len(self.drafts):
                return self._extend(known, quote)
            self.drafts.append(draft)
            return len(self.drafts) - 1
        if current is not None and self._stands_alone(lead):
            return self._extend(current, quote)
        if self._stands_alone(lead) and self._is_sentence(quote):
            return self._unmarked(paragraph, quote, lead)
        return current

    def _extend(self, number: int, quote: tuple[int, int]) -> int:
        old = self.drafts[number]
        self.drafts[number] = old._replace(content=old.content + trim(self.doc, range(*quote)))
        return number

    def _after(self, quote: tuple[int, int], tail: tuple[int, int]) -> Draft | None:
        """'"...," she said', '"...?" asked the judge'."""
        last = self._last_word(quote)
        outside = self.doc[tail[0]].text if tail[0] < tail[1] else ""
        if last in (".", "…", ";") and outside != ",":
            return None
        if last not in (",", "?", "!", "—", "–", "-", "...") and outside not in (",", *_DASHES):
            return None
        stop = next((i for i in range(*tail) if self.doc[i].text in _STOPS), tail[1])
        for i in range(tail[0], min(stop, tail[0] + _NEAR)):
            token = self.doc[i]
            if _speaks(token):
                return self._draft(token, quote, (tail[0], stop))
        return None

    def _before(self, quote: tuple[int, int], lead: tuple[int, int]) -> Draft | None:
        """'She said: "..."', 'She said, "..."', 'adding, "..."'."""
        words = [i for i in range(*lead) if not self.doc[i].is_space]
        if not words or (self.doc[words[-1]].text not in (",", ":", "that") and not _speaks(self.doc[words[-1]])):
            return None
        colon = self.doc[words[-1]].text == ":"
        begin = next((i + 1 for i in reversed(words[:-1]) if self.doc[i].text in _STOPS), words[0])
        near = [self.doc[i] for i in range(words[-1], max(begin, quote[0] - _NEAR) - 1, -1)]
        verb = next((token for token in near if _speaks(token)), None)
        if verb is None and colon:
            named = self._name_before(words, quote)
            if named is not None:
                return named
            verb = next((token for token in near if token.pos_ == "VERB" and token.dep_ in ("ROOT", "conj")), None)
        drafted = self._draft(verb, quote, (begin, quote[0])) if verb is not None else None
        return drafted._replace(origin="lead") if drafted else None

    def _name_before(self, words: list[int], quote: tuple[int, int]) -> Draft | None:
        """'Kofi Mensah: "..."'."""
        first = len(words) - 1
        while first > 0 and self.doc[words[first - 1]].pos_ in ("PROPN", "ADP", "PUNCT") and len(words) - first < 12:
            if self.doc[words[first - 1]].text in (*_STOPS, *_DASHES, ","):
                break
            first -= 1
        name = trim(self.doc, words[first:-1])
        content = trim(self.doc, range(*quote))
        if not name or not content or self.doc[name[-1]].pos_ not in ("PROPN", "PUNCT"):
            return None
        return Draft(name, (words[-1],), content, True, "quote")

    def _signature(self, quote: tuple[int, int], tail: tuple[int, int]) -> Draft | None:
        """'"..." — Kofi Mensah, mayor of Tema'."""
        words = [i for i in range(*tail) if not self.doc[i].is_space]
        content = trim(self.doc, range(*quote))
        if not 2 <= len(words) <= _SIGNATURE or self.doc[words[0]].text not in _DASHES or not content:
            return None
        if not self.doc[words[1]].text[:1].isupper() or any(self.doc[i].tag_ in FINITE for i in words[1:]):
            return None
        return Draft(trim(self.doc, words[1:]), (words[0],), content, True, "quote")

    def _draft(self, verb: Token, quote: tuple[int, int], around: tuple[int, int]) -> Draft | None:
        source = tuple(i for i in source_of(verb) if around[0] <= i < around[1])
        source = source or self._neighbour(verb, around)
        content = trim(self.doc, range(*quote))
        if not content:
            return None
        cue = [child.i for child in verb.children if child.dep_ in ("aux", "neg", "prt") and abs(child.i - verb.i) <= 4]
        return Draft(source, tuple(sorted([verb.i, *cue])), content, bool(source), "quote")

    def _neighbour(self, verb: Token, around: tuple[int, int]) -> tuple[int, ...]:
        """The name or noun beside a cue whose subject the parser missed, the one before it first."""
        before = [i for i in range(around[0], verb.i) if self.doc[i].pos_ in ("PROPN", "PRON", "NOUN")]
        after = [i for i in range(verb.i + 1, around[1]) if self.doc[i].pos_ in ("PROPN", "PRON", "NOUN")]
        if not before and not after:
            return ()
        head = self.doc[before[-1] if before else after[0]]
        while head.dep_ in ("compound", "poss", "amod", "nmod", "nummod") and around[0] <= head.head.i < around[1]:
            head = head.head
        return trim(self.doc, (i for i in subtree(head) if around[0] <= i < around[1] and i != verb.i))

    def _unmarked(self, paragraph: Paragraph, quote: tuple[int, int], lead: tuple[int, int]) -> int | None:
        """A quotation without a cue: it goes on from the paragraph before, or belongs to whoever stood last there."""
        first = not any(not self.doc[i].is_space for i in range(*lead))
        if first and self.flows_on and self.drafts:
            return self._extend(len(self.drafts) - 1, quote)
        introduced = self._introduced(paragraph.start, lead)
        if introduced is None:
            return None
        source, cue, certain = introduced
        self.drafts.append(Draft(source, cue, trim(self.doc, range(*quote)), certain, "quote"))
        return len(self.drafts) - 1

    def _introduced(self, start: int, lead: tuple[int, int]) -> tuple[tuple[int, ...], tuple[int, ...], bool] | None:
        """Source, cue and certainty from the last sentence of the lead, or else of the paragraph before."""
        words = [i for i in range(*lead) if not self.doc[i].is_space]
        same = bool(words)
        if not words and self.before is not None:
            begin = max(self.before.start, self.before.end - LONGEST)
            words = [i for i in range(begin, self.before.end) if not self.doc[i].is_space]
        if not words:
            return None
        spoken = self._spoken_before(start, same)
        if spoken is not None:
            return spoken.source, spoken.cue, same and spoken.certain
        verb = top_of(self.doc[words[-1]])
        source = source_of(verb)
        colon = self.doc[words[-1]].text == ":"
        speaking = verb.lemma_ in _SPEAKING or colon
        return (source, (verb.i,) if speaking else (), speaking or same) if source else None

    def _spoken_before(self, start: int, same: bool) -> Draft | None:
        """The last quotation, if the paragraph before (or this one) ends with its speaker."""
        if not self.drafts or self.before is None:
            return None
        draft = self.drafts[-1]
        reaches = draft.content[-1] >= (start if same else self.before.start)
        return draft if reaches else None

    def _last_word(self, quote: tuple[int, int]) -> str:
        for i in range(quote[1] - 1, quote[0], -1):
            text: str = self.doc[i].text
            if not self.doc[i].is_space and not self.doc[i].is_quote and text not in ("''", "'"):
                return text if text[-1] not in ".,?!" else text[-1]
        return ""

    def _stands_alone(self, lead: tuple[int, int]) -> bool:
        """Not a few words inside somebody else's sentence."""
        words = [i for i in range(*lead) if not self.doc[i].is_space]
        return not words or self.doc[words[-1]].text in (".", "?", "!", ":", ",", "…", ")", "...", "—")

    def _is_sentence(self, quote: tuple[int, int]) -> bool:
        words = [i for i in range(*quote) if self.doc[i].is_alpha]
        return len(words) >= 3 and any(self.doc[i].pos_ in ("VERB", "AUX") for i in words)

    def _ends_with_quote(self, paragraph: Paragraph) -> bool:
        rest = range(paragraph.quotes[-1][1], paragraph.end)
        return all(self.doc[i].is_space or self.doc[i].is_punct for i in rest)


def _speaks(token: Token) -> bool:
    if token.pos_ not in ("VERB", "AUX"):
        return token.lower_ in ("says", "said", "adds", "added") and token.pos_ != "ADJ"
    known = cues.of(token)
    return known is not None and "q" in known.frames and token.dep_ not in ("amod", "aux", "auxpass")


def transcript(doc: Doc, paragraphs: list[Paragraph]) -> list[Draft]:
    """Paragraphs of an interview ('MENSAH: ...', 'Q: ...'): label, colon, words. Two speakers make an interview."""
    text = doc.text
    labels = [(one, match) for one in paragraphs if (match := _LABEL.match(text, doc[one.start].idx))]
    counts = Counter(match.group(1) for _, match in labels)
    capitals = {label for label in counts if label.upper() == label}
    kept = capitals if len(capitals) > 1 else {label for label in counts if counts[label] > 1}
    if len(kept) < 2:
        return []
    return [draft for paragraph, match in labels if match.group(1) in kept and (draft := _turn(doc, paragraph, match))]


def _turn(doc: Doc, paragraph: Paragraph, match: re.Match[str]) -> Draft | None:
    words = range(paragraph.start, paragraph.end)
    name = tuple(i for i in words if doc[i].idx + len(doc[i]) <= match.end(1) and not doc[i].is_space)
    colon = tuple(i for i in words if doc[i].text == ":" and match.end(1) <= doc[i].idx < match.end())
    content = tuple(i for i in words if doc[i].idx >= match.end() and not doc[i].is_space)
    return Draft(name, colon, content, True, "transcript") if name and content else None
