"""Factuality: whether a reader should take it that an act happened, and on whose word. Sentences of our own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.reading import actors, attributions, factuality, language
from tertius.records import Document, Modality


def verdict(text: str, trigger: str, modality: Modality) -> tuple[str, str]:
    """The verdict on an act of that modality, and the name of whoever gives it."""
    doc = language.parse(text)
    cast = actors.find(doc, Document.from_text(text, published="2024-05-01"))
    said = attributions.find(doc, cast)
    start = text.index(trigger)
    at = (start, start + len(trigger))
    vouchers = attributions.vouchers(attributions.claims(doc, said), *at, ())
    found = factuality.of(doc, at, modality, vouchers)
    speaker = next((one.speaker.name or "somebody" for one in said if one.id == found.by), "the writer")
    return found.verdict, speaker


@pytest.mark.parametrize(
    ("text", "trigger", "modality", "expected", "speaker"),
    [
        # The writer's own word.
        ("Norway expelled two Russian diplomats.", "expelled", "actual", "asserted", "the writer"),
        ("Norway will expel two Russian diplomats.", "expel", "future", "expected", "the writer"),
        ("Norway could expel two Russian diplomats.", "expel", "hypothetical", "possible", "the writer"),
        ("Norway did not expel the diplomats.", "expel", "negated", "denied", "the writer"),
        # Somebody's word, with the cue's force.
        ("Chad said that Sudan had bombed the town.", "bombed", "actual", "asserted", "Chad"),
        ("Chad claimed that Sudan had bombed the town.", "bombed", "actual", "alleged", "Chad"),
        ("Chad accused Sudan of shelling the town.", "shelling", "actual", "asserted", "Chad"),
        ("India admitted killing three Pakistani soldiers.", "killing", "actual", "asserted", "India"),
        ("Israel reportedly bombed a Syrian airport.", "bombed", "actual", "alleged", "somebody"),
        ("Officials believe that Iran attacked the convoy.", "attacked", "actual", "believed", "Officials"),
        ("Officials hope that Iran will free the crew.", "free", "future", "possible", "Officials"),
        ("Iran is thought to have attacked the Saudi tanker.", "attacked", "actual", "believed", "somebody"),
        ("The paper has learned that Iran attacked the convoy.", "attacked", "actual", "asserted", "The paper"),
        ("Chad said that Sudan would bomb the town.", "bomb", "future", "expected", "Chad"),
        ("Chad said that Sudan had not bombed the town.", "bombed", "negated", "denied", "Chad"),
        # Doubt and denial. The denial is not counted twice, the negation in the denied clause is.
        ("Moscow denied that it had sent troops to Chad.", "sent", "negated", "denied", "Russia"),
        ("Moscow denied that it had not sent troops to Chad.", "sent", "negated", "asserted", "Russia"),
        ("Moscow denied sending troops to Chad.", "sending", "negated", "denied", "Russia"),
        ("Moscow denied that it would send troops to Chad.", "send", "negated", "denied", "Russia"),
        ("Analysts doubt that Sudan bombed the town.", "bombed", "actual", "doubted", "Analysts"),
        ("Japan does not believe that Iran attacked the ship.", "attacked", "actual", "doubted", "Japan"),
        ("Moscow rejected claims that it had sent troops to Chad.", "sent", "negated", "denied", "Russia"),
        # Chains: the innermost speaker gives the verdict, and a denied report is a denied act.
        (
            "Kyiv said that Moscow had denied that its forces attacked Kharkiv.",
            "attacked",
            "negated",
            "denied",
            "Russia",
        ),
        (
            "Minister Anna Lie rejected claims by Chad that Norway had attacked it.",
            "attacked",
            "negated",
            "denied",
            "Anna Lie",
        ),
        ("Moscow denied that Kyiv had said that Russia attacked the port.", "attacked", "actual", "possible", "Russia"),
        (
            "Reuters quoted officials as saying that Chad had attacked Sudan.",
            "attacked",
            "actual",
            "asserted",
            "officials",
        ),
    ],
)
def test_verdict(text: str, trigger: str, modality: Modality, expected: str, speaker: str) -> None:
    assert verdict(text, trigger, modality) == (expected, speaker)


@pytest.mark.parametrize("modality", ["actual", "negated"])
def test_a_denied_act_is_denied_whether_its_modality_says_so_or_not(modality: Modality) -> None:
    assert verdict("Moscow denied that it had sent troops to Chad.", "sent", modality) == ("denied", "Russia")
    assert verdict("Analysts doubt that Sudan bombed the town.", "bombed", modality) == ("doubted", "Analysts")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_anything_has_a_verdict(text: str, start: int, end: int) -> None:
    doc = language.parse(text)
    assert factuality.of(doc, (start, end), "negated", ()).verdict == "denied"
