"""Sequences of acts: what is accepted, what is refused and how."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tertius.errors import TooLittle, UsageError
from tertius.studies.record import of_rows as records_of_rows
from tertius.studies.rem.acts import PRESSURE, SUPPORT, of_columns, of_record, of_rows
from tertius.studies.rem.events import Events, day_number

ROWS = [
    ("2024-03-02", "RUS", "UKR", 4),
    ("2024-03-01", "USA", "UKR", 2),
    ("2024-03-02", "UKR", "UKR", 1),
    (date(2024, 3, 5), "USA", "RUS", 3),
]


def test_events_come_in_order_of_time_and_without_self_acts() -> None:
    events = Events.of([3, 1, 2], ["b", "a", "a"], ["a", "b", "a"])
    assert events.time.tolist() == [1, 3]
    assert [events.actors[i] for i in events.sender] == ["a", "b"]
    assert events.loops == 1
    assert len(events) == 2


def test_kinds_can_be_chosen() -> None:
    events = Events.of([1, 2, 3], ["a", "b", "a"], ["b", "a", "b"], ["x", "y", "x"])
    assert events.only("x").time.tolist() == [1, 3]
    with pytest.raises(UsageError, match="kinds are x, y"):
        events.only("z")


@pytest.mark.parametrize(
    ("time", "sender", "receiver", "error", "words"),
    [
        ([], [], [], TooLittle, "no acts"),
        ([1.0], ["a"], ["a"], TooLittle, "one actor only"),
        ([1.0, 2.0], ["a", "b"], ["a", "b"], TooLittle, "an actor on itself"),
        ([1.0, float("nan")], ["a", "b"], ["b", "a"], UsageError, "no date"),
        ([1.0], ["a", "b"], ["b"], UsageError, "equal length"),
    ],
)
def test_bad_events(
    time: list[float], sender: list[str], receiver: list[str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        Events.of(time, sender, receiver)


def test_unknown_actors_and_weights_are_refused() -> None:
    with pytest.raises(UsageError, match="'c' is not among the 2 actors"):
        Events.of([1.0], ["a"], ["c"], actors=["a", "b"])
    with pytest.raises(UsageError, match="weights must be numbers"):
        Events.of([1.0], ["a"], ["b"], weight=[float("inf")])


def test_rows_become_acts() -> None:
    acts = of_rows(ROWS)
    assert acts.quad.tolist() == [2, 4, 3]
    assert acts.pressure.tolist() == [0, 1, 1]
    assert acts.events.kinds == (SUPPORT, PRESSURE)
    assert acts.events.loops == 1
    assert np.diff(acts.events.time).tolist() == [1, 3]
    assert len(set(acts.pair.tolist())) == 3


def test_rows_may_be_mappings_and_one_tone_keeps_both_kinds() -> None:
    names = ("date", "source", "target", "quad")
    acts = of_rows([dict(zip(names, row, strict=True)) for row in ROWS[:2]])
    assert len(acts) == 2
    only = of_columns([1, 2], ["a", "b"], ["b", "a"], [1, 1])
    assert only.events.kinds == (SUPPORT, PRESSURE)
    with pytest.raises(UsageError, match="has no 'quad'"):
        of_rows([{"date": "2024-01-01", "source": "a", "target": "b"}])
    with pytest.raises(UsageError, match="3 values"):
        of_rows([("2024-01-01", "a", "b")])


def test_one_day_and_wrong_classes_are_refused() -> None:
    with pytest.raises(TooLittle, match="one day"):
        of_columns([5, 5], ["a", "b"], ["b", "a"], [1, 4])
    with pytest.raises(UsageError, match="quad must be 1, 2"):
        of_columns([5, 6], ["a", "b"], ["b", "a"], [0, 4])
    with pytest.raises(UsageError, match="whole numbers"):
        of_columns([5, 6], ["a", "b"], ["b", "a"], ["x", "y"])  # type: ignore[list-item]


@pytest.mark.parametrize("value", ["soon", None, True, float("nan"), "2024-13-01"])
def test_what_is_no_date(value: object) -> None:
    with pytest.raises(UsageError, match="is not a date"):
        day_number(value)


def test_acts_of_the_future_can_be_left_out() -> None:
    assert of_rows(ROWS, until="2024-03-02").quad.tolist() == [2, 4]
    with pytest.raises(TooLittle, match="no acts"):
        of_rows(ROWS, until="2023-01-01")


def test_the_record_of_the_studies_gives_the_same_acts_in_the_same_order() -> None:
    types = {1: "SUPPORT", 2: "AID", 3: "ACCUSE", 4: "ASSAULT"}
    rows = [
        {"id": str(n), "date": str(day), "source": source, "target": target, "type": types[quad], "quad": quad}
        for n, (day, source, target, quad) in enumerate(ROWS)
    ]
    record = records_of_rows(rows)
    acts = of_record(record)
    assert record.ids == ("1", "0", "3")
    assert acts.quad.tolist() == [2, 4, 3]
    assert acts.events.actors == ("RUS", "UKR", "USA")
    assert acts.events.loops == 1
