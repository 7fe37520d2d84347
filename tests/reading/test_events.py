"""Acts as the article's cast and the event model give them together; modes, contexts, and the benchmark's scoring."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.ontology import CONTEXTS, TYPES
from tertius.reading import actors, events, language
from tertius.reading.events import modes
from tertius.records import Document


def read(text: str) -> tuple[events.Act, ...]:
    doc = language.parse(text)
    return events.find(doc, actors.find(doc, Document.from_text(text)))


def words(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_an_act_has_its_type_trigger_source_and_target() -> None:
    text = "Poland accused Belarus of sending migrants across the border."
    act = max(read(text), key=lambda act: act.confidence)
    assert (act.type, act.mode, act.modality) == ("ACCUSE", "allege", "actual")
    assert text[slice(*act.trigger)] == "accused"
    assert (words(text, act.sources), words(text, act.targets)) == (["Poland"], ["Belarus"])


def test_those_who_meet_stand_on_both_sides() -> None:
    text = "The presidents of Kenya and Uganda met in Entebbe on Friday."
    [act] = read(text)
    assert act.type == "CONSULT"
    assert act.sources
    assert act.targets


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("The United States will impose sanctions on Iran next month.", "future"),
        ("Turkey did not attack the Syrian army.", "negated"),
        ("Turkey attacked the Syrian army.", "actual"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    assert [act.modality for act in read(text)] == [modality]


def test_an_article_reads_the_same_whatever_stands_after_it() -> None:
    text = "Rebels attacked an army base near Mopti, killing nine soldiers.\n\n"
    alone = read(text)
    together = read(text + "France condemned the attack. Mali thanked France for its help.")
    assert together[: len(alone)] == alone


def test_a_list_a_table_and_capitals_are_read() -> None:
    for text in ("RUSSIA BOMBS UKRAINE", "a | b\n1 | 2\n", "• Mali\n• Niger\n• Chad\n", "Ã¢â‚¬â„¢", "\U0001f600" * 30):
        assert isinstance(read(text), tuple)


@pytest.mark.parametrize(
    ("text", "trigger", "kind", "mode"),
    [
        ("The army launched an air strike on the town.", "strike", "ASSAULT", "aerial"),
        ("A drone hit the depot of the militia.", "hit", "ASSAULT", None),
        ("Gunmen shot two officers.", "shot", "ASSAULT", "firearms"),
        ("Police fired tear gas at the miners.", "fired", "ASSAULT", "crowd-control"),
        ("The ministry expelled four diplomats.", "expelled", "SANCTION", "expel"),
        ("Police arrested the editor.", "arrested", "COERCE", "arrest"),
        ("The town was put under a curfew.", "put", "COERCE", "curfew"),
        ("He called on the general to release the prisoners.", "called", "REQUEST", "yield"),
        ("She asked for a meeting with the premier.", "asked", "REQUEST", "meet"),
        ("Workers walked out over pay.", "walked", "PROTEST", "strike"),
        ("The navy tested a missile.", "tested", "MOBILIZE", "weapons"),
        ("The minister praised the nurses.", "praised", "SUPPORT", None),
    ],
)
def test_modes(text: str, trigger: str, kind: str, mode: str | None) -> None:
    start = text.index(trigger)
    assert modes.mode(language.parse(text), kind, (start, start + len(trigger))) == mode


def test_every_mode_listed_is_plovers() -> None:
    for kind, rows in modes.table().items():
        assert {row.name for row in rows} <= set(TYPES[kind].modes)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("France attacked Syria.\n“”’ \u2014\U0001f600\x00é,;"), max_size=120))
def test_no_text_breaks_it_and_offsets_are_of_the_text(text: str) -> None:
    for act in read(text):
        for start, end in (act.trigger, *act.sources, *act.targets):
            assert 0 <= start < end <= len(text)


def test_a_sentence_of_two_thousand_words_is_read() -> None:
    text = "France, " + "and then and after that " * 400 + "attacked Syria " + "in the morning of the day " * 60 + "."
    assert isinstance(read(text), tuple)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("The nuclear talks resumed.", "cbrn"),
        ("Voters go to the polls; the election is in May.", "election"),
        ("Refugees crossed the river.", "asylum"),
        ("The tariffs hurt trade.", "economic"),
        ("Hackers broke into the ministry.", "cyber"),
        ("The ambassador was summoned to the foreign ministry.", "diplomatic"),
    ],
)
def test_contexts_of_a_paragraph(text: str, context: str) -> None:
    assert context in events.contexts(text)


def test_contexts_are_plovers_and_in_its_order() -> None:
    found = events.contexts("The army guards the refugees near the oil pipeline; the court hears the bribery trial.")
    assert list(found) == [context for context in CONTEXTS if context in found]
    assert events.contexts("They ate lunch.") == ()


SCORER = Path(__file__).resolve().parents[3] / "shared" / "scripts" / "score_events.py"


@pytest.mark.skipif(not SCORER.is_file(), reason="needs ../shared/scripts/score_events.py")
def test_the_benchmark_scores_as_the_shared_scorer_does() -> None:
    from benchmarks import events as benchmark

    spec = spec_from_file_location("shared_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    shared = module_from_spec(spec)
    spec.loader.exec_module(shared)
    gold, predictions = _example()
    ours = benchmark.score(gold, predictions)
    theirs = shared.score(gold, predictions)
    for level in benchmark.LEVELS:
        assert benchmark.rates(ours[level]) == pytest.approx(theirs[level])
    assert ours["modality"]["right"] / ours["modality"].total() == pytest.approx(theirs["modality"]["accuracy"])


def _example() -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    def mention(kind: str, source: str, target: str, at: int, **more: Any) -> dict[str, Any]:
        return {
            "type": kind, "modality": "actual", "trigger": [at, at + 3], **more,
            "sources": [{"start": at, "end": at + 2, "code": source}],
            "targets": [{"start": at + 5, "end": at + 7, "code": target}] if target else [],
        }  # fmt: skip

    events_of = [
        mention("ACCUSE", "FRA GOV", "SYR GOV", 0),
        mention("CONSULT", "KEN GOV", "UGA GOV", 20, reciprocal=True),
        mention("AID", "DEU GOV", "POL GOV", 40, optional=True),
        mention("THREATEN", "IRN GOV", "", 60, alternative="ACCUSE", modality="future"),
    ]
    predicted = [
        mention("ACCUSE", "FRA", "SYR", 0),
        mention("CONSULT", "UGA", "KEN", 20),
        mention("AID", "DEU", "POL", 40),
        mention("ACCUSE", "IRN", "", 60),
        mention("REJECT", "IRN", "FRA", 80),
    ]
    predicted = [{**row, "speaker": []} for row in predicted]
    return [{"id": "a", "sentences": [{"start": 0, "end": 99, "events": events_of}]}], {"a": predicted}
