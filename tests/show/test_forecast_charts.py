from __future__ import annotations

from xml.etree import ElementTree

from tertius.show.forecasts import Point, Share, against_usual, drivers, reliability


def test_chances_over_time() -> None:
    points = [Point(f"2024-03-{day:02d}", 0.1 * day, 0.05 * day, 0.12 * day, 0.2, day == 2) for day in (1, 2, 3)]
    chart = against_usual(points, 4, "A on B")
    ElementTree.fromstring(chart)
    assert chart == against_usual(points, 4, "A on B")
    assert "2024-03-02: it came" in chart
    assert "2024-03-03: it came" not in chart
    assert "2024-03-01: 0.100 [0.050, 0.120], usual 0.200" in chart
    assert "Nothing to draw" in against_usual([], 4, "A on B")


def test_reliability_shows_each_share() -> None:
    chart = reliability([Share(0.01, 0.02, 0.0, 0.05, 300), Share(0.5, 0.4, 0.3, 0.5, 20)])
    ElementTree.fromstring(chart)
    assert "300 forecasts of 0.010: 0.020 [0.000, 0.050] came true" in chart
    assert "Nothing to draw" in reliability([])


def test_drivers_point_up_or_down() -> None:
    chart = drivers([("what A did <lately>", 2.0), ("the season", 0.5)], "Drivers")
    ElementTree.fromstring(chart)
    assert "odds times 2.00" in chart
    assert "&lt;lately&gt;" in chart
