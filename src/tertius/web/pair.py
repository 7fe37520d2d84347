"""Pair: what A and B do to one another over time, when that changed, where, who claims what, and the figures."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from tertius.errors import NoSuchRecord, UsageError
from tertius.ontology import QUAD_NAMES
from tertius.web import acts, charts, paces, places
from tertius.web.acts import Acts
from tertius.web.desk import Row, View
from tertius.web.names import is_code, party
from tertius.web.pages import Page, slice_of, to

FIGURES = 100
SPEAKERS = 20


def pair(request: Request, view: View) -> Page:
    """`/pair/A/B`: countries or organisations by their three-letter codes; `origin` takes acts of one origin alone."""
    a, b = request.path_params["a"].upper(), request.path_params["b"].upper()
    if not (is_code(a) and is_code(b)):
        raise NoSuchRecord("a pair is told by two codes of three letters, such as /pair/RUS/UKR: choose one on 'Today'")
    limit, _ = slice_of(request)
    origins = _origins(view, a, b)
    asked = Acts({"between": f"{a}-{b}"} | _origin(request, origins))
    ways = [(a, b)] if a == b else [(a, b), (b, a)]
    title = f"{party(a)} and {party(b)}" if a != b else f"Within {party(a)}"
    rows = acts.listed(view, asked, limit)
    values: dict[str, Any] = {"a": a, "b": b, "origins": origins, "origin": asked.chosen.get("origin")}
    values |= {"count": {"count": acts.total(view, asked), "href": asked.address()}}
    values |= view.kept(("pair", a, b, asked.chosen.get("origin")), lambda: _shown(view, asked, ways, title))
    told = {
        "figures": values["figures"],
        "changes": values["changes"],
        "places": [d._asdict() for d in values["where"].dots],
    }
    return Page("pair.html", title, rows, values["count"]["count"], values, told)


def _shown(view: View, asked: Acts, ways: list[tuple[str, str]], title: str) -> dict[str, Any]:
    """What is worked out once for a state of the ledger."""
    a, b = ways[0]
    read = asked.chosen.get("origin", acts.READ) == acts.READ
    study = paces.study(view, a, b, asked.chosen.get("origin")) if a != b else None
    changes = paces.listed(view, study, asked) if study else []
    counts = _counts(view, asked)
    return {
        "ways": [_direction(view, *way, asked, counts) for way in ways],
        "latest": _latest(view, ways, asked),
        "chart": charts.both_ways(view, asked, a, b, [paces.mark(change, a) for change in changes]),
        "changes": changes,
        "study": study,
        "where": places.where(view, asked, title),
        "speakers": _speakers(view, ways) if read else [],
        "figures": _figures(view, a, b) if a != b and read else [],
    }


def _origins(view: View, a: str, b: str) -> list[Row]:
    """The origins of the acts of the two, each with its acts."""
    condition, values = Acts({"between": f"{a}-{b}"}).where()
    return view.rows(
        f"SELECT origin, count(*) AS count FROM screen_acts WHERE {condition} GROUP BY 1 ORDER BY 1", values
    )


def _origin(request: Request, origins: list[Row]) -> dict[str, str]:
    wanted = request.query_params.get("origin", "")
    if wanted and origins and wanted not in {row["origin"] for row in origins}:
        raise UsageError(f"'origin' is {' or '.join(row['origin'] for row in origins)}, not {wanted[:40]!r}")
    return {"origin": wanted} if wanted else {}


def _counts(view: View, asked: Acts) -> dict[tuple[str, int], int]:
    condition, values = asked.where()
    rows = view.rows(f"SELECT source, quad, count(*) AS acts FROM screen_acts WHERE {condition} GROUP BY 1, 2", values)
    return {(row["source"], row["quad"]): row["acts"] for row in rows}


def _way(source: str, target: str, asked: Acts, **more: str) -> Acts:
    origin = {name: value for name, value in asked.chosen.items() if name == "origin"}
    return Acts({"source": source, "target": target} | origin | more)


def _direction(view: View, source: str, target: str, asked: Acts, counts: dict[tuple[str, int], int]) -> Row:
    """Who acts on whom, how often in each quad class, in words and in deeds."""

    def cell(quads: tuple[int, ...], **more: str) -> Row:
        count = sum(counts.get((source, quad), 0) for quad in quads)
        return {"count": count, "href": acts.href(view, _way(source, target, asked, **more))}

    cells = [{"quad": quad} | cell((quad,), quad=str(quad)) for quad in QUAD_NAMES]
    kinds = []
    for kind, (kind_quad, harsh_quad) in acts.KINDS.items():
        one = cell((kind_quad, harsh_quad), kind=kind) | {"kind": kind, "harsh": cells[harsh_quad - 1]}
        one["share"] = one["harsh"]["count"] / one["count"] if one["count"] else None
        kinds.append(one)
    return {"source": source, "target": target, "cells": cells, "total": cell(tuple(QUAD_NAMES)), "kinds": kinds}


def _latest(view: View, ways: list[tuple[str, str]], asked: Acts) -> list[Row]:
    """The newest act of each way, with its words."""
    found = [row for way in ways for row in acts.listed(view, _way(*way, asked), 1)]
    acts.add_details(view, found)
    return list({(row["id"], row["file"], row["line"]): row for row in reversed(found)}.values())[::-1]


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
