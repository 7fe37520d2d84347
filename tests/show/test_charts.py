from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tertius.show.charts import Around, Dot, Line, beneath, dots, over_time, peri_event

NASTY = '<script>alert("x")</script> & "quotes"'


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.tag.endswith("text")]


def test_the_days_around_a_trigger() -> None:
    points = [Around(lag, 0.1 * abs(lag), 0.1, 0.4) for lag in range(-7, 8)]
    svg = peri_event(points, NASTY)
    assert "<script>" not in svg
    assert NASTY in texts(svg)
    assert svg.count("<circle") == 15
    assert "prefers-color-scheme: dark" in svg or "prefers-color-scheme:dark" in svg


def test_dots_have_their_names_and_intervals() -> None:
    svg = dots([Dot("PRK", 5.2, 4.9, 5.4, 2), Dot(NASTY, 8.9, 8.8, 9.0, 4)], "Surprise", "bits")
    assert "PRK" in texts(svg)
    assert "<script>" not in svg
    assert "#009e73" in svg
    assert "PRK: 5.20 [4.90, 5.40]" in svg


def test_lines_over_time_in_the_colours_of_quad_classes() -> None:
    lines = [Line("words", 1, [(0, 1, 0.5, 2), (1, 2, 1, 3)]), Line("deeds", 4, [(0, 0, 0, 1), (1, 1, 0, 2)])]
    one = over_time(lines, [(0, "January")], [0.5], "A on B")
    assert {"January", "words", "deeds"} <= set(texts(one))
    two = beneath([one, one], "both")
    assert ET.fromstring(two).get("viewBox") == "0 0 760 640"


@pytest.mark.parametrize("svg", [peri_event([], "t"), dots([], "t", "u"), over_time([], [], [], "t")])
def test_nothing_to_draw(svg: str) -> None:
    assert "Nothing to draw." in texts(svg)


def test_values_that_are_all_the_same() -> None:
    ET.fromstring(dots([Dot("a", 1, 1, 1)], "t", "u"))
    ET.fromstring(peri_event([Around(0, 0, 0, 0)], "t"))
    ET.fromstring(over_time([Line("l", 1, [(3, 0, 0, 0)])], [], [], "t"))
