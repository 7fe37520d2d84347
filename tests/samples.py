"""Readings made by hand, for tests of what comes after reading."""

from __future__ import annotations

from tertius.records import (
    Actor,
    Attribution,
    Document,
    Figure,
    Mention,
    Participant,
    Period,
    Reader,
    Reading,
    Span,
    Speaker,
    When,
    Where,
)

TEXT = (
    "Norway expels two Russian diplomats\n\n"
    "Norway expelled two Russian diplomats on Monday in Oslo. “We had to,” said Anna Lie, the foreign minister."
)


def span(words: str, text: str = TEXT, nth: int = 1) -> Span:
    """The nth place of some words in a text."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return Span.of(text, start, start + len(words))


def participant(words: str, country: str, sector: str, actor: str, text: str = TEXT, nth: int = 1) -> Participant:
    found = span(words, text, nth)
    return Participant(
        start=found.start, end=found.end, text=found.text,
        actor=actor, country=country, sector=sector, code=f"{country} {sector}",
    )  # fmt: skip


def reading(
    text: str = TEXT, *, title: str | None = "Norway expels two", published: str | None = "2024-03-06"
) -> Reading:
    """A reading with one event, one quotation, one figure and two actors; `text` must begin with TEXT."""
    assert text.startswith(TEXT)
    norway = participant("Norway", "NOR", "GOV", "a1", nth=2)
    russia = participant("two Russian diplomats", "RUS", "GOV", "a2", nth=2)
    quote = Attribution(
        id="q1", kind="direct", stance="asserts", source=(span("Anna Lie"),), cue=(span("said"),),
        content=(span("“We had to,”"),),
        speaker=Speaker(actor="a3", name="Anna Lie", country="NOR", sector="GOV", anonymous=False),
        speaker_certain=True,
    )  # fmt: skip
    return Reading(
        document=Document.from_text(text, title=title, publisher="The Fjord Times", published=published),
        reader=Reader(tertius="0.1.0", models={"events": "by hand"}),
        actors=(
            Actor(
                id="a1", name="Norway", kind="state", country="NOR", sector="GOV", code="NOR GOV",
                mentions=(span("Norway"), span("Norway", nth=2)),
            ),
            Actor(id="a2", name="Russian diplomats", kind="group", country="RUS", sector="GOV", code="RUS GOV"),
            Actor(id="a3", name="Anna Lie", kind="person", country="NOR", sector="GOV", code="NOR GOV"),
        ),
        mentions=(_expulsion(norway, russia),),
        attributions=(quote,),
        figures=(
            Figure(
                id="f1", start=russia.start, end=russia.end, text=russia.text, value=2.0, low=None, high=None,
                unit="diplomats", measure="expelled", period=Period(start="2024-03-04", end="2024-03-04"),
                between=("a1", "a2"), change=None, attribution=None,
            ),
        ),
    )  # fmt: skip


def _expulsion(source: Participant, target: Participant) -> Mention:
    return Mention(
        id="m1", type="SANCTION", mode="expel", quad=4, intensity=-5.5, modality="actual", trigger=span("expelled"),
        sentence=span("Norway expelled two Russian diplomats on Monday in Oslo."), sources=(source,),
        targets=(target,), reciprocal=False,
        when=When(
            start="2024-03-04", end="2024-03-04", precision="day", origin="expression", expression=span("on Monday")
        ),
        where=Where(
            name="Oslo", country="NOR", latitude=59.9, longitude=10.7, geonames=3143244, expression=span("Oslo")
        ),
        attribution="q1", contexts=("diplomatic",), confidence=0.9,
    )  # fmt: skip
