from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tertius.show.marks import Mark, paragraph, segments


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=8))
def test_segments_give_the_text_again_and_each_mark_exactly_its_characters(
    text: str, spans: list[tuple[int, int]]
) -> None:
    marks = [Mark(a, b, "source", f"m{n}") for n, (a, b) in enumerate(spans)]
    found = list(segments(text, marks))
    assert "".join(s.text for s in found) == text
    for mark in marks:
        covered = {i for s in found if mark in s.marks for i in range(s.start, s.start + len(s.text))}
        assert covered == set(range(max(0, mark.start), min(len(text), mark.end)))


def test_paragraph() -> None:
    text = "One.\nTwo and three.\nFour."
    assert text[slice(*paragraph(text, 9, 12))] == "Two and three."
    assert text[slice(*paragraph(text, 21, 22))] == "Four."
