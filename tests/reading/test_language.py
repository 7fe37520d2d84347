from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.reading import language


def sentences(text: str) -> list[str]:
    return [s.text.strip() for s in language.parse(text).sents if s.text.strip()]


@pytest.mark.parametrize(
    "dateline",
    [
        "LIMA, Feb 4, 2026 - ",
        "DJIBOUTI, Sept 19, 2025 (Horn Wire) - ",
        "KYIV (Agency) — ",
        "NEW YORK, March 3 -- ",
        "PARIS - ",
    ],
)
def test_a_dateline_is_no_part_of_the_sentence_behind_it(dateline: str) -> None:
    assert "Police fired tear gas." in sentences(f"Peru arrests leaders\n\n{dateline}Police fired tear gas.")


@pytest.mark.parametrize(
    "text", ["NATO-led troops left Kabul.", "EU - the bloc - agreed to act.", "UN envoy flies to Oslo."]
)
def test_ordinary_capitals_are_no_dateline(text: str) -> None:
    assert text.split()[-1] in sentences(text)[-1]
    assert len(sentences(text)) <= 2


def test_a_headline_ends_at_its_line() -> None:
    assert sentences("Peru arrests leaders\nPolice fired tear gas.")[0] == "Peru arrests leaders"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200), st.integers(20, 60))
def test_offsets_are_those_of_the_text_however_it_is_cut(text: str, part: int) -> None:
    before, language.PART = language.PART, part
    try:
        doc = language.parse(text)
    finally:
        language.PART = before
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)
