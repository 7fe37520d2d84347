"""Pair: what A and B do to one another over time, who claims what, and the figures that lie between them."""

from __future__ import annotations

from starlette.requests import Request

from tertius.errors import NoSuchRecord
from tertius.ontology import QUAD_NAMES
from tertius.web import charts, filters
from tertius.web.desk import Row, View
from tertius.web.filters import Filters
from tertius.web.names import is_code, party
from tertius.web.pages import Page, slice_of, to

FIGURES = 100
SPEAKERS = 20


def pair(request: Request, view: View) -> Page:
    """`/pair/A/B`: countries or organisations by their three-letter codes."""
    a, b = request.path_params["a"].upper(), request.path_params["b"].upper()
    if not (is_code(a) and is_code(b)):
        raise NoSuchRecord("a pair is told by two codes of three letters, such as /pair/RUS/UKR: choose one on 'Today'")
    limit, _ = slice_of(request)
    ways = [(a, b)] if a == b else [(a, b), (b, a)]
    found = {way: filters.events(view, _way(*way), limit) for way in ways}
    ways_told = [_direction(view, *way, found[way]) for way in ways]
    newest = {way["newest"]["id"]: way for way in reversed(ways_told) if way["newest"]}
    values = {
        "latest": list(reversed(newest.values())),
        "a": a,
        "b": b,
        "ways": ways_told,
        "chart": charts.both_ways(_dated(view, a, b), a, b),
        "speakers": _speakers(view, ways),
        "figures": _figures(view, a, b) if a != b else [],
    }
    title = f"{party(a)} and {party(b)}" if a != b else f"Within {party(a)}"
    rows = [row for way in ways for row in found[way]]
    return Page("pair.html", title, rows, None, values, {"figures": values["figures"]})


def _way(source: str, target: str) -> Filters:
    return Filters({"source": source, "target": target})


def _direction(view: View, source: str, target: str, newest: list[Row]) -> Row:
    """Who acts on whom, how often in each quad class, and the newest of it."""
    counts = view.rows(
        """SELECT quad, count(*) AS count FROM screen
           WHERE id IN (SELECT id FROM screen_sides WHERE source = ? AND target = ?) GROUP BY 1 ORDER BY 1""",
        [source, target],
    )
    by_quad = {row["quad"]: row["count"] for row in counts}
    cells = [
        {"quad": quad, "count": by_quad.get(quad, 0), "href": _way(source, target).address(quad=quad)}
        for quad in QUAD_NAMES
    ]
    total = {"count": sum(by_quad.values()), "href": _way(source, target).address()}
    return {"source": source, "target": target, "cells": cells, "total": total, "newest": newest[0] if newest else None}


def _dated(view: View, a: str, b: str) -> list[Row]:
    """The events that have a day, in both directions: source, day and quad class."""
    return view.rows(
        """SELECT s.source, e."day", e.quad FROM screen_sides s JOIN screen e ON e.id = s.id
           WHERE e."day" IS NOT NULL AND (s.source = $a AND s.target = $b OR s.source = $b AND s.target = $a)
           ORDER BY e."day" """,
        {"a": a, "b": b},
    )


def _speakers(view: View, ways: list[tuple[str, str]]) -> list[Row]:
    """Who asserts, doubts or denies what the two do, each count with its events."""
    found = []
    for source, target in ways:
        rows = view.rows(
            f"""SELECT speaker, stance, count(DISTINCT id) AS count FROM screen_speakers
                WHERE id IN (SELECT id FROM screen_sides WHERE source = ? AND target = ?)
                GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {SPEAKERS}""",
            [source, target],
        )
        way = {"source": source, "target": target}
        found += [
            row | way | {"href": to("/events", **way, speaker=row["speaker"], stance=row["stance"])} for row in rows
        ]
    return found


def _figures(view: View, a: str, b: str) -> list[Row]:
    """The figures that lie between the two."""
    return view.rows(
        f"""SELECT id, "text", "value", unit, measure, change, start_date, end_date, speaker, stance,
                   publisher, published, title
            FROM figure_rows WHERE list_contains(countries, ?) AND list_contains(countries, ?)
            ORDER BY published DESC NULLS LAST, id LIMIT {FIGURES}""",
        [a, b],
    )
