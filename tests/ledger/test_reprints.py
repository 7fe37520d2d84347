from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.ledger.reprints import same_story, stories
from tests.ledger.reports import MORE, SENTENCE

STORY = f"{SENTENCE} {MORE} Analysts in Oslo expect Moscow to send home as many Norwegians before the month is out."
OTHER = (
    "Oslo on Monday ordered two members of the embassy out of the country. They are suspected of a burglary at the "
    "yard in Horten, where frigates are built, and of having paid a night watchman for the plan of its fences."
)


def reprint(number: int) -> str:
    """The story with another byline and one word changed, as papers print it."""
    words = STORY.split()
    words[random.Random(number).randrange(len(words))] = f"edited{number}"
    return f"By Writer {number}, Town {number}. " + " ".join(words)


def test_fifty_reprints_are_one_story() -> None:
    texts = {f"d{number:02}": reprint(number) for number in range(50)} | {"other": OTHER}
    found = stories(texts)
    assert {found[id_] for id_ in texts if id_ != "other"} == {"d00"}
    assert found["other"] == "other"


def test_a_shortened_print_is_the_same_story() -> None:
    assert same_story(STORY, f"{SENTENCE} {MORE}")
    assert stories({"long": STORY + " " + OTHER, "short": STORY}) == {"long": "long", "short": "long"}


def test_two_writers_are_two_stories() -> None:
    assert not same_story(STORY, OTHER)
    assert stories({"a": STORY, "b": OTHER}) == {"a": "a", "b": "b"}


def test_empty_texts_are_prints_of_nothing_else() -> None:
    assert stories({}) == {}
    assert stories({"a": "", "b": STORY})["b"] == "b"


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=200), max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_text_has_a_story_that_is_its_own(texts: dict[str, str]) -> None:
    found = stories(texts)
    assert found.keys() == texts.keys()
    assert all(found[story] == story for story in found.values())
