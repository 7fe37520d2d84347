"""The pipeline: one article in, one Reading out. A pure function: no network, no clock, no database.

Each question has its own file and is asked once, in this order: who is mentioned, when, how much, who says it, who
does what to whom. The answers are joined here: an event or a figure stands on the word of the innermost speaker who
vouches for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ontology import intensity, quad
from tertius.reading import actors, attributions, events, factuality, figures, language, places, times
from tertius.records import Attribution, Document, Figure, Mention, Participant, Reader, Reading, Span
from tertius.version import VERSION

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tertius.reading.actors import Cast
    from tertius.reading.events import Act
    from tertius.reading.places import Place
    from tertius.reading.times import TimeExpression

VERBAL = (1, 3)  # quad classes of acts that are done with words
NO_DATE = "no publication date: dates such as 'last month' are unresolved; give one with --published"


def read(document: Document) -> Reading:
    """Read one article. The same document always gives the same reading."""
    doc = language.parse(document.text)
    cast = actors.find(doc, document)
    expressions = times.find(doc, document.published)
    said = attributions.find(doc, cast)
    context = _Context(doc, document, cast, expressions, places.find(doc, cast), said)
    return Reading(
        document=document,
        reader=Reader(tertius=VERSION, models={"events": events.version(), "attributions": attributions.MODEL}),
        actors=cast.actors,
        mentions=tuple(context.mention(n, act) for n, act in enumerate(events.find(doc, cast), 1)),
        attributions=said,
        figures=tuple(context.figure(f) for f in figures.find(doc, cast, expressions)),
        warnings=() if document.published else (NO_DATE,),
    )


class _Context:
    """What the questions before have answered, for the records that join them."""

    def __init__(
        self,
        doc: Doc,
        document: Document,
        cast: Cast,
        expressions: tuple[TimeExpression, ...],
        known_places: tuple[Place, ...],
        said: tuple[Attribution, ...],
    ) -> None:
        self.doc = doc
        self.document = document
        self.cast = cast
        self.expressions = expressions
        self.places = known_places
        self.claims = attributions.claims(doc, said)
        self.cited = attributions.cited(doc, said)

    def mention(self, number: int, act: Act) -> Mention:
        text, (start, end) = self.document.text, act.trigger
        sentence = self._sentence(start, end)
        sources = self._participants(act.sources)
        vouchers = self._vouchers(act, sources)
        return Mention(
            id=f"m{number}",
            type=act.type,
            mode=act.mode,
            quad=quad(act.type),
            intensity=intensity(act.type, act.mode),
            modality=act.modality,
            trigger=Span.of(text, start, end),
            sentence=sentence,
            sources=sources,
            targets=self._participants(act.targets),
            reciprocal=act.reciprocal,
            when=times.when(self.doc, self.expressions, act.trigger, self.document.published),
            where=places.where(self.doc, self.places, act.trigger),
            attribution=vouchers[-1].id if vouchers else None,
            contexts=events.contexts(_paragraph(text, start)),
            confidence=act.confidence,
            factuality=factuality.of(self.doc, act.trigger, act.modality, vouchers),
        )

    def _vouchers(self, act: Act, sources: tuple[Participant, ...]) -> tuple[Attribution, ...]:
        # Who says 'we condemn it' does it by saying so; who says 'we shelled it' claims a deed.
        spoken = quad(act.type) in VERBAL
        doers = {one.actor for one in sources if spoken and one.actor}
        return attributions.vouchers(self.claims, *act.trigger, doers)

    def _sentence(self, start: int, end: int) -> Span:
        found = self.doc.char_span(start, end, alignment_mode="expand")
        if found is None:
            return Span.of(self.document.text, start, end)
        return Span.of(self.document.text, found.sent.start_char, found.sent.end_char)

    def _participants(self, spans: tuple[tuple[int, int], ...]) -> tuple[Participant, ...]:
        return tuple(p for span in spans for p in self.cast.participants(*span))

    def figure(self, figure: Figure) -> Figure:
        import msgspec

        by = attributions.innermost(self.cited, figure.start, figure.end)
        return msgspec.structs.replace(figure, attribution=by)


def _paragraph(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)]
