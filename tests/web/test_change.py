"""The test behind 'what changed', against figures worked out elsewhere."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.web import change
from tertius.web.change import Count

COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 600)), max_size=12).map(
    lambda pairs: [Count(f"A{n}", "B", "hostile", recent, before) for n, (recent, before) in enumerate(pairs)]
)


def test_chances_are_those_of_the_textbook() -> None:
    # Fisher's tea: 8 cups, 4 with milk first, 4 guessed: all right by chance once in 70.
    assert change._hypergeometric(4, 4, 4, 4) == pytest.approx(1 / 70)
    assert change._hypergeometric(3, 4, 4, 4) == pytest.approx(16 / 70)
    assert change._binomial(2, 5, 0.5) == pytest.approx(10 / 32)


def test_the_periods_meet() -> None:
    days = change.periods(date(2024, 2, 28))
    assert (days.until - days.since).days + 1 == change.RECENT
    assert (days.since - days.before).days == change.BEFORE


def test_a_surge_moves_and_the_others_stay() -> None:
    found = change.moved(
        [Count("A", "B", "hostile", 9, 2), Count("C", "D", "hostile", 1, 20), Count("E", "F", "hostile", 2, 25)]
    )
    assert [(m.pair.source, m.up) for m in found] == [("A", True)]


def test_a_silence_moves_too() -> None:
    others = [Count(f"C{n}", "D", "hostile", 8, 100) for n in range(5)]
    found = change.moved([Count("A", "B", "hostile", 0, 130), *others])
    assert [(m.pair.source, m.up) for m in found] == [("A", False)]


def test_more_reading_moves_nobody() -> None:
    assert change.moved([Count(f"A{n}", "B", "hostile", 10, 12) for n in range(6)]) == []


@given(COUNTS)
def test_never_raises_and_never_invents(counts: list[Count]) -> None:
    found = change.moved(counts)
    assert len(found) <= len(counts)
    for one in found:
        assert 0 <= one.p <= change.RATE
        assert one.pair in counts
        assert one.pair.recent != one.expected
