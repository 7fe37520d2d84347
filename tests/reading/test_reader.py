from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tertius
from tertius.ontology import TYPES
from tertius.reading import reader
from tertius.records import Document, Reading

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.txt"))
WORDS = st.sampled_from(
    ["Russia", "Ukraine", "the minister", "he", "they", "said", "accused", "of", "attacking", "on Monday", "in Kyiv",
     "“", "”", '"', "$5 million", "troops", "will", "not", "if", "sanctions", "against", ".", ",", "\n\n", "'s", "🙂"]
)  # fmt: skip


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def example(request: pytest.FixtureRequest) -> Reading:
    return tertius.read(request.param, published="2025-06-30")


def spans(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in a reading's dictionary that has the form of a span."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for part in value.values():
            yield from spans(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from spans(part)


def check(reading: Reading) -> None:
    """What holds for every reading: spans quote the text, references resolve, ids are unique."""
    text = reading.document.text
    for span in spans(reading.to_dict()):
        assert text[span["start"] : span["end"]] == span["text"]
    actors = {a.id for a in reading.actors}
    attributions = {a.id for a in reading.attributions}
    assert len(actors) == len(reading.actors)
    for mention in reading.mentions:
        assert mention.type in TYPES
        assert mention.mode is None or mention.mode in TYPES[mention.type].modes
        assert mention.sources
        assert {p.actor for p in (*mention.sources, *mention.targets)} <= actors | {None}
        assert mention.attribution is None or mention.attribution in attributions
        assert {mention.factuality.by, *(one.id for one in reading.chain(mention.attribution))} <= attributions | {None}
        assert mention.sentence.start <= mention.trigger.start < mention.trigger.end <= mention.sentence.end
        assert 0 <= mention.confidence <= 1
    for one in reading.attributions:
        assert one.within is None or int(one.within[1:]) < int(one.id[1:]), "who reports comes first: no circles"
    for figure in reading.figures:
        assert figure.attribution is None or figure.attribution in attributions
        assert set(figure.between) <= actors


def test_examples_read_whole(example: Reading) -> None:
    check(example)
    assert len(example.mentions) >= 5
    assert len(example.attributions) >= 5
    assert len(example.figures) >= 3
    assert {m.modality for m in example.mentions} <= {"actual", "future", "hypothetical", "negated"}


def test_json_has_the_documented_form(example: Reading) -> None:
    read = json.loads(example.to_json())
    assert list(read) == ["document", "reader", "actors", "mentions", "attributions", "figures", "warnings"]
    mention = read["mentions"][0]
    assert {"id", "type", "mode", "quad", "intensity", "modality", "trigger", "sentence", "sources", "targets",
            "reciprocal", "when", "where", "attribution", "contexts", "confidence"} <= mention.keys()  # fmt: skip
    assert {"start", "end", "text", "actor", "country", "sector", "code"} <= mention["sources"][0].keys()
    assert {"start", "end", "precision", "from", "expression"} <= mention["when"].keys()
    assert {"id", "kind", "stance", "source", "cue", "content", "speaker", "speaker_certain"} <= read["attributions"][
        0
    ].keys()
    assert {"actor", "name", "country", "sector", "anonymous"} <= read["attributions"][0]["speaker"].keys()
    assert {"value", "low", "high", "unit", "measure", "period", "between", "change"} <= read["figures"][0].keys()
    assert '""' not in json.dumps([read["actors"], read["mentions"], read["figures"]]), "absent values are null"


def test_the_same_article_gives_the_same_reading() -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8")
    first = tertius.read(text, published="2025-06-30")
    tertius.read("Something else. Chad accused Sudan of arming rebels.", published="2024-01-01")
    assert tertius.read(text, published="2025-06-30") == first


def test_without_a_publication_date_relative_dates_stay_open_and_it_is_said() -> None:
    reading = tertius.read("Norway expelled two Russian diplomats last month.")
    assert reading.warnings
    assert reading.document.published is None
    assert all(m.when.start is None for m in reading.mentions)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_words_can_be_read(text: str) -> None:
    check(reader.read(Document.from_text(text, published="2024-03-06")))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    check(reader.read(Document.from_text(text)))
