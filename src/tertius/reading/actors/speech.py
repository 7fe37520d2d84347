"""Who speaks: the speaker of each quotation, for 'I' and 'we', and the author of a text that says 'we' itself.

The speaker is the subject of the nearest verb of speech outside the quotation marks, in the sentences that they touch;
a quotation without one goes on from the one before. In statements ('Minister X said:' at the end of a paragraph) what
follows is X's. Otherwise 'we' is the author's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.reading import quotation
from tertius.reading.actors import coreference
from tertius.reading.actors.phrases import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Span, Token

    from tertius.reading.actors.casting import Names
    from tertius.reading.actors.phrases import Reference, Referent

_SPEECH = words("speech")
_ENGLISH = frozenset(("USA", "GBR", "CAN", "AUS", "NZL", "IRL", "ZAF", "IND"))
_NEAR = 60  # tokens outside a quotation in which its verb of speech stands
_GAP = 250  # code points between two quotations of one speaker
_BACK = 4  # quotations without a speaker of their own that can go on from an earlier one


class Speech:
    """The quotations of an article and their speakers."""

    def __init__(self, names: Names, look: Callable[[int], Reference | None], text: str) -> None:
        self.names = names
        self.look = look
        self.doc = names.doc
        self._quotations = [(q.start, q.end) for q in quotation.find(text)]
        self._in_quotation = self._quoted_tokens()
        self._announcements = [t.i for t in self.doc[:-1] if t.text == ":" and "\n" in self.doc[t.i + 1].text]
        self._verbs: dict[int, list[Token]] = {}

    def _quoted_tokens(self) -> list[int]:
        """For each token the number of its quotation, -1 outside."""
        inside = [-1] * len(self.doc)
        for n, (start, end) in enumerate(self._quotations):
            for token in self.doc.char_span(start, end, alignment_mode="contract") or ():
                inside[token.i] = n
        return inside

    def speaker(self, token: Token) -> tuple[Referent, ...]:
        """Who says 'I' or 'we'; for 'you' somebody else who was spoken of."""
        number = self._in_quotation[token.i]
        speaker = self._speaker_in(number) if number >= 0 else ()
        if token.lower_ in coreference.YOU:
            return ()
        if speaker:
            return speaker
        return self._announced(token) or self._author()

    def _announced(self, token: Token) -> tuple[Referent, ...]:
        """Who speaks without quotation marks: the subject of the last 'Minister X said:' that ends a paragraph."""
        colons = [i for i in self._announcements if i < token.i]
        for verb in reversed(list(self.doc[max(0, colons[-1] - _NEAR) : colons[-1]])) if colons else ():
            if verb.lemma_ in _SPEECH:
                return self._subject(verb)
        return ()

    def _author(self) -> tuple[Referent, ...]:
        """Who writes 'we': a statement in English comes from an English-speaking country, if it names one."""
        setting = self.names.setting
        known = setting.scores(0)
        country = max((c for c in known if c in _ENGLISH), key=lambda c: known[c], default=setting.main)
        return (self.names.state(country),) if country else ()

    def _subject(self, verb: Token) -> tuple[Referent, ...]:
        for child in verb.children:
            reference = self.look(child.i) if child.dep_ in ("nsubj", "nsubjpass") else None
            if reference is not None and reference.referents:
                return reference.referents
        return ()

    def named_speaker(self, token: Token) -> tuple[Referent, ...]:
        """The speaker of the quotation around a token if a name stands for him: no 'he' in it is himself."""
        number = self._in_quotation[token.i]
        for verb in self._verbs_around(number) if number >= 0 else ():
            for child in verb.children:
                reference = self.names.look(child.i) if child.dep_ == "nsubj" else None
                if reference is not None:
                    return reference.referents
        return ()

    def _speaker_in(self, number: int) -> tuple[Referent, ...]:
        for back in range(_BACK):
            if number < back or (back and self._gap_before(number - back + 1) > _GAP):
                break
            for verb in self._verbs_around(number - back):
                subject = self._subject(verb)
                if subject:
                    return subject
        return ()

    def _gap_before(self, number: int) -> int:
        return self._quotations[number][0] - self._quotations[number - 1][1]

    def _verbs_around(self, number: int) -> list[Token]:
        """The verbs of speech outside quotation marks in the sentences of a quotation, the nearest first."""
        if number not in self._verbs:
            inside = self.doc.char_span(*self._quotations[number], alignment_mode="contract")
            if inside is None or not len(inside):
                return []
            first, last = inside.start, inside.end
            self._verbs[number] = sorted(
                self._speech_verbs(inside), key=lambda v: min(abs(v.i - first), abs(v.i - last))
            )
        return self._verbs[number]

    def _sentence_start(self, i: int) -> int:
        first = i
        while first > max(0, i - _NEAR) and not self.doc[first].is_sent_start:
            first -= 1
        return first

    def _sentence_end(self, i: int) -> int:
        last = i
        while last < min(len(self.doc), i + _NEAR) and not self.doc[last].is_sent_start:
            last += 1
        return last

    def _speech_verbs(self, inside: Span) -> Iterator[Token]:
        for token in self.doc[self._sentence_start(inside.start) : self._sentence_end(inside.end)]:
            if token.lemma_ in _SPEECH and self._in_quotation[token.i] < 0:
                yield token
