"""The benchmark's own rule for speakers: benchmarks/events.py."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.events import same_speaker

NAMED = {"start": 10, "end": 20, "text": "the envoy"}


@pytest.mark.parametrize(
    ("gold", "spans", "right"),
    [
        (None, [], True),
        (None, [{"start": 10, "end": 20}], False),
        (NAMED, [], False),
        (NAMED, [{"start": 15, "end": 30}], True),
        (NAMED, [{"start": 40, "end": 50}, {"start": 0, "end": 11}], True),
        (NAMED, [{"start": 20, "end": 30}], False),
    ],
)
def test_a_speaker_is_right_where_spans_overlap_or_both_are_none(
    gold: dict[str, Any] | None, spans: list[dict[str, Any]], right: bool
) -> None:
    assert same_speaker({"speaker": gold}, spans) is right
