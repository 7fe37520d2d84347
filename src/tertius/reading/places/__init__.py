"""Where did it happen? Place names, the places that they stand for, and the place of each event.

Three steps: toponyms.py finds the names, resolution.py chooses the place that each stands for, and `where` here tells
which of them is the place of an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.places import resolution, toponyms
from tertius.reading.places.resolution import Weights, kilometres
from tertius.reading.places.vocabulary import words
from tertius.records import Span, Where

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tertius.reading.actors import Cast
    from tertius.reading.places.toponyms import Toponym
    from tertius.world.gazetteer import Place as Candidate

__all__ = ["Place", "Weights", "find", "kilometres", "where"]

EVENT_LOCATIVES = frozenset(
    {"in", "at", "near", "outside", "around", "across", "inside", "within", "throughout", "off", "along", "over"}
)


class Place(NamedTuple):
    """A place name in the text, code points start to end, and the place that it stands for.

    `inside` says that the name is part of a longer one: 'London' in 'the London School Board'.
    """

    start: int
    end: int
    where: Where
    inside: bool = False


def find(doc: Doc, cast: Cast, weights: Weights = Weights()) -> tuple[Place, ...]:  # noqa: B008 (immutable)
    """Every place name of the article that the gazetteer knows, resolved, in order."""
    found = toponyms.find(doc, cast)
    if not found:
        return ()
    chosen = resolution.choose(doc, found, resolution.context(doc, found, cast), weights)
    return tuple(place(doc, toponym, candidate) for toponym, candidate in zip(found, chosen, strict=True))


def where(doc: Doc, places: tuple[Place, ...], trigger: tuple[int, int]) -> Where | None:
    """The place of the event with this trigger: one that its own clause names with 'in', 'at', 'near' ...

    The nearest such place wins, the more exact one where they nest ('in Kherson in Ukraine'); None if there is none.
    """
    found = doc.char_span(*trigger, alignment_mode="expand")
    if found is None or not places:
        return None
    act = found.root
    scored = [
        (rank, place.where)
        for place in places
        if act.sent.start_char <= place.start < act.sent.end_char and (rank := _rank(doc, place, act)) is not None
    ]
    return min(scored, key=lambda one: one[0])[1] if scored else None


def _rank(doc: Doc, place: Place, act: Token) -> tuple[int, int, int] | None:
    """How well a place fits an act: smaller is better; None if no preposition of place leads to it."""
    span = doc.char_span(place.start, place.end, alignment_mode="expand")
    head = span.root if span is not None else None
    while head is not None and head.dep_ in {"appos", "compound", "conj"} and head.head.i != head.i:
        head = head.head
    if head is None or head.dep_ != "pobj" or head.head.lower_ not in EVENT_LOCATIVES:
        return None
    if place.inside and head.lower_ not in words("facility"):
        return None
    governors = [head.head.head, *head.head.head.ancestors]
    if act not in governors and not (act.pos_ == "NOUN" and act.head in governors):
        return None
    steps = governors.index(act) if act in governors else 1 + governors.index(act.head)
    return (steps, int(place.where.geonames is None), abs(head.i - act.i))


def place(doc: Doc, toponym: Toponym, candidate: Candidate) -> Place:
    """What is said of a toponym once its place is chosen."""
    span = doc[toponym.first : toponym.last + 1]
    return Place(
        span.start_char,
        span.end_char,
        Where(
            name=candidate.name,
            country=candidate.country or None,
            latitude=candidate.latitude,
            longitude=candidate.longitude,
            geonames=candidate.geonames or None,
            expression=Span(start=span.start_char, end=span.end_char, text=span.text),
        ),
        toponym.inside,
    )
