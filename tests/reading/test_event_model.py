"""The trained reader of events: what it reads, that it reads the same everywhere, and that nothing breaks it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertius.errors import UsageError
from tertius.ontology import TYPES
from tertius.reading import language
from tertius.reading.events import candidates, inputs
from tertius.reading.events.model import EventModel, EventProposal

PLAIN = (
    ("Poland accused Belarus of sending migrants across the border.", "ACCUSE", "Poland", "Belarus"),
    ("Police in Lagos arrested eleven opposition activists on Tuesday.", "COERCE", "Police", "activists"),
    (
        "Rebels attacked an army base near Mopti, killing nine soldiers.",
        "ASSAULT",
        "Rebels",
        "soldiers|base",
    ),
    ("The United States imposed sanctions on Iran.", "SANCTION", "United States", "Iran"),
    ("Chancellor Anna Weber met President Luis Ortega in Vienna.", "CONSULT", "Weber", "Ortega"),
    ("Norway urged Sudan to release the detained journalists.", "REQUEST", "Norway", "Sudan"),
    ("Thousands of teachers protested against the government in Quito.", "PROTEST", "teachers|Thousands", "government"),
    ("The opposition rejected the president's offer of talks.", "REJECT", "opposition", "president"),
)


@pytest.fixture(scope="module")
def model() -> EventModel:
    return EventModel.load()


def best(model: EventModel, text: str) -> EventProposal:
    return max(model.read(language.parse(text)), key=lambda p: p.probability)


@pytest.mark.parametrize(("text", "kind", "source", "target"), PLAIN)
def test_plain_sentences(model: EventModel, text: str, kind: str, source: str, target: str) -> None:
    found = best(model, text)
    assert found.type == kind
    assert any(name in text[found.sources[0].start : found.sources[0].end] for name in source.split("|"))
    assert any(name in text[found.targets[0].start : found.targets[0].end] for name in target.split("|"))
    assert found.probability >= model.accept


@pytest.mark.parametrize(
    "text",
    [
        "The museum opens at nine and tickets cost ten euros.",
        "Rain is expected over the northern hills tomorrow.",
        "The striker scored twice in the second half.",
        "Boil the potatoes for twenty minutes and add salt.",
    ],
)
def test_nothing_political_is_no_event(model: EventModel, text: str) -> None:
    assert not [p for p in model.read(language.parse(text)) if p.probability >= model.accept]


def test_a_sentence_reads_the_same_whatever_stands_around_it(model: EventModel) -> None:
    one = "Poland accused Belarus of sending migrants across the border.\n"
    alone = model.read(language.parse(one))
    after = "Rebels attacked an army base.\n"
    doc = language.parse(one + after)
    together = [p for p in model.read(doc) if p.trigger[0] < len(one)]
    assert together == alone


def test_scores_are_probabilities(model: EventModel) -> None:
    for p in model.read(language.parse(" ".join(text for text, *_ in PLAIN))):
        assert 0 <= p.probability <= 1
        assert sum(p.modalities.values()) == pytest.approx(1, abs=1e-4)
        assert list(p.types.values()) == sorted(p.types.values(), reverse=True)
        assert set(p.types) <= set(TYPES)


def test_given_candidates_are_the_only_ones(model: EventModel) -> None:
    text = "Poland accused Belarus of sending migrants across the border."
    found = model.read(language.parse(text), candidates=[(0, 6), (15, 22)])
    spans = {(q.start, q.end) for p in found for q in (*p.sources, *p.targets, *p.other_sources, *p.other_targets)}
    assert spans <= {(0, 6), (15, 22)}
    assert spans


def test_no_candidates_no_proposals(model: EventModel) -> None:
    assert model.read(language.parse("Poland accused Belarus."), candidates=[]) == []


def test_classify_names_the_type_between_two_actors(model: EventModel) -> None:
    text = "France condemned Lebanon over the arrests while Qatar sent its army food."
    chances = model.classify(text, "France", "Lebanon")
    assert next(iter(chances)) == "ACCUSE"
    assert sum(chances.values()) == pytest.approx(1, abs=1e-4)
    assert model.classify(text, (0, 6), (17, 24)) == chances


def test_classify_refuses_areas_outside_the_sentence(model: EventModel) -> None:
    with pytest.raises(UsageError, match="outside the sentence"):
        model.classify("France left.", (0, 60), (0, 6))


def test_classify_takes_actors_that_are_not_in_the_sentence(model: EventModel) -> None:
    assert set(model.classify("Two newspapers were closed.", "", "Two newspapers")) == set(TYPES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        "PUTIN SLAMS WEST, VOWS REVENGE",
        "“He said that",
        "😀 Poland 😀 accused 😀 Belarus 😀",
        "PolandÃ¢â‚¬â„¢s minister accused Belarus",
        "a | b | c\n1 | 2 | 3\n",
        "Poland accused Belarus and " * 600,
        "x" * 5000,
    ],
)
def test_bad_input_is_read(model: EventModel, text: str) -> None:
    for p in model.read(language.parse(text)):
        assert 0 <= p.trigger[0] < p.trigger[1] <= len(text)
        assert all(0 <= q.start < q.end <= len(text) for q in (*p.sources, *p.targets))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["Poland", "accused", "the", "army", "he", "\n", "“", "—", "of", "killing", "123"]), max_size=30
    )
)
def test_offsets_lie_in_the_text(model: EventModel, words: list[str]) -> None:
    text = " ".join(words)
    for p in model.read(language.parse(text)):
        for start, end in (p.trigger, *((q.start, q.end) for q in (*p.sources, *p.targets))):
            assert text[start:end].strip()


def test_candidates_have_one_head_each() -> None:
    doc = language.parse("Russian support for President Bashar Assad's army angered the United States and its allies.")
    found = candidates.of_sentence(next(iter(doc.sents)))
    words = [doc.text[c.start : c.end] for c in found]
    assert "Russian" in words
    assert any(w.endswith("Assad") for w in words)
    assert "its" in words
    assert len({c.head for c in found}) == len(found)


def test_long_sentences_are_read_in_windows_that_keep_their_offsets() -> None:
    doc = language.parse("Poland, " * 200 + "accused Belarus.")
    sentence = inputs.of_sentence(doc[:])
    parts = list(inputs.windows(sentence))
    assert len(parts) > 1
    for part, first in parts:
        assert doc.text[part.start : part.start + len(part.text)] == part.text
        word = part.words[0]
        assert (
            part.text[word.start : word.end] == sentence.text[sentence.words[first].start : sentence.words[first].end]
        )
        assert all(part.text[a:b].strip() for a, b, _ in part.candidates)
