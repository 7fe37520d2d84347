"""Readings of one sentence each, for tests of what becomes of several reports of one act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tertius.records import (
    Actor,
    Attribution,
    Document,
    Mention,
    Participant,
    Reader,
    Reading,
    Span,
    Speaker,
    When,
    Where,
    actor_code,
)

SENTENCE = "Norway expelled two Russian diplomats on Monday after a break-in at a naval yard."
MORE = "Both were told to leave within a week. The ambassador spoke of a gross mistake, and promised an answer in kind."


def report(
    sentence: str = SENTENCE,
    *,
    more: str = MORE,
    type: str = "SANCTION",
    mode: str | None = None,
    sources: Sequence[str] = ("NOR GOV",),
    targets: Sequence[str] = ("RUS GOV",),
    day: str | None = "2024-03-04",
    published: str | None = "2024-03-05",
    publisher: str | None = None,
    place: str | None = None,
    said: tuple[str, str] | None = None,
    modality: str = "actual",
    confidence: float = 0.8,
    **fields: Any,
) -> Reading:
    """A reading with one mention. `day`: None dates it by publication. `said`: the speaker's code and stance."""
    text = f"{sentence} {more}".strip()
    first = Span.of(text, 0, len(sentence.split()[0]))
    when = When(start=day or published, end=day or published, precision="day", origin=_origin(day, published))
    mention = Mention(
        id="m1", type=type, mode=mode, quad=4, intensity=-5.0, modality=modality,  # type: ignore[arg-type]
        trigger=first, sentence=Span.of(text, 0, len(sentence)), sources=_parties(sources, first),
        targets=_parties(targets, first), reciprocal=fields.pop("reciprocal", False), when=when,
        where=_where(place, first), attribution="q1" if said else None, contexts=(), confidence=confidence,
    )  # fmt: skip
    return Reading(
        document=Document.from_text(text, publisher=publisher, published=published),
        reader=Reader(tertius="0.1.0", models={}),
        actors=_actors((*sources, *targets)),
        mentions=(mention,),
        attributions=_said(said, first) if said else (),
        figures=(),
    )


def _origin(day: str | None, published: str | None) -> Any:
    return "expression" if day else "publication" if published else "unknown"


def _split(code: str) -> tuple[str | None, str | None]:
    country, _, sector = code.partition(" ")
    return country or None, sector or None


def _parties(codes: Sequence[str], span: Span) -> tuple[Participant, ...]:
    return tuple(
        Participant(
            start=span.start, end=span.end, text=span.text,
            actor=code, country=_split(code)[0], sector=_split(code)[1], code=actor_code(*_split(code)),
        )
        for code in codes
    )  # fmt: skip


def _actors(codes: Sequence[str]) -> tuple[Actor, ...]:
    return tuple(
        Actor(id=code, name=f"the {code}", kind="state", country=_split(code)[0], sector=_split(code)[1], code=code)
        for code in dict.fromkeys(codes)
    )


def _where(place: str | None, span: Span) -> Where | None:
    if place is None:
        return None
    return Where(name=place, country=None, latitude=None, longitude=None, geonames=None, expression=span)


def _said(said: tuple[str, str], span: Span) -> tuple[Attribution, ...]:
    country, sector = _split(said[0])
    speaker = Speaker(actor=None, name=f"{said[0]} spokesman", country=country, sector=sector, anonymous=False)
    return (
        Attribution(
            id="q1", kind="indirect", stance=said[1],  # type: ignore[arg-type]
            source=(span,), cue=(span,), content=(span,), speaker=speaker, speaker_certain=True,
        ),
    )  # fmt: skip
