from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.reading import quotation

MARKS = "\"'“”‘’«»„`"


def quoted(text: str) -> list[str]:
    return [text[one.start : one.end] for one in quotation.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" and "no".', ['"yes"', '"no"']),
        ("“Go,” she said. “Now.”", ["“Go,”", "“Now.”"]),
        ("''They came,'' he said. ''We ran.''", ["''They came,''", "''We ran.''"]),
        ("``Old style'' marks", ["``Old style''"]),
        ("« La ligne », dit-il, «et non»", ["« La ligne »", "«et non»"]),
        ("»Deutsch« so", ["»Deutsch«"]),
        ('Mixed “curly" and "straight” marks', ['“curly"', '"straight”']),
        ("'We must go,' he said of the workers' union.", ["'We must go,'"]),
        ("the workers' union of the '90s said so", []),
        ("It's the ministers' own fault, isn't it?", []),
        ('A 6\'2" guard said "stop".', ['"stop"']),
        ('"Never closed, he said.\nNext paragraph.', ['"Never closed, he said.']),
        ('"First never closed. "Second is."', ['"First never closed. ', '"Second is."']),
        ("No marks at all", []),
        ("", []),
    ],
)
def test_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_an_open_quotation_says_so() -> None:
    first, second = quotation.find('"Open to the end\n"Closed."')
    assert not first.closed
    assert second.closed


def test_an_inner_single_mark_stays_inside() -> None:
    assert quoted("“He called it ‘a farce’ twice,” she said.") == ["“He called it ‘a farce’ twice,”"]


@given(st.text(alphabet=st.sampled_from(list(MARKS + " ab.,\n-3")), max_size=80))
def test_quotations_are_ordered_and_inside_the_text(text: str) -> None:
    end = 0
    for one in quotation.find(text):
        assert end <= one.start <= one.inner[0] <= one.inner[1] <= one.end <= len(text)
        assert "\n" not in text[one.start : one.end]
        end = one.end
