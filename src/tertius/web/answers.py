"""Answers: when X presses B, does A step in? One triad with its curve and the acts behind it, or all triads at once.

Below it, whoever was asked about or anybody else with those who act on it: the network.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tertius.errors import TooLittle, UsageError
from tertius.show import charts
from tertius.web import network, ties
from tertius.web.acts import Acts
from tertius.web.acts import total as acts_total
from tertius.web.desk import Row, View
from tertius.web.lists import steps
from tertius.web.pages import Page, address, looked, slice_of

if TYPE_CHECKING:
    from tertius.studies.answers import How, Study

HOWS = {"support": "A supports B", "confront": "A presses X"}
PARTS = {"pressure": "acts of pressure", "response": "responses"}
MOST_TRIADS = 2_000  # asked at once

_PARTS = """
    WITH own AS (
        SELECT min(id) AS id, "day", source, target, "type", min(quad) AS quad FROM screen_ties
        WHERE (source = $x AND target = $b OR source = $a AND target = $answered) AND "day" <= $until
        GROUP BY "day", source, target, "type")
    SELECT CASE WHEN source = $x THEN 'pressure' ELSE 'response' END AS part, "day" AS "date", source, target,
           "type", quad, id
    FROM own
    WHERE (source = $x AND quad IN (3, 4)) OR (source = $a AND quad IN ($kind, $harsh))"""
_ASKABLE = """
    WITH acts AS (
        SELECT source, target, CASE WHEN quad <= 2 THEN 'support' ELSE 'press' END AS tone, count(*) AS acts
        FROM screen_ties WHERE once GROUP BY ALL)
    SELECT count(*) FROM acts p JOIN acts r ON r.target = {answered} AND r.source NOT IN (p.source, p.target)
    WHERE p.tone = 'press' AND p.acts >= ? AND r.tone = ? AND r.acts >= ?"""


def answers(request: Request, view: View) -> Page:
    """`/answers`: `x`, `b` and `a` ask of one triad, `screen=yes` of all with enough data, `actor` of one's network."""
    query = request.query_params
    values: dict[str, Any] = {"asked": {name: query.get(name, "") for name in "xba"}, "how": _how(request)}
    values |= {"hows": HOWS, "window": _window(request), "study": None, "summary": None, "note": None, "net": None}
    values |= {"earlier": None, "later": None}
    try:
        if query.get("screen"):
            return _screened(request, view, values)
        if all(values["asked"].values()):
            return _asked(request, view, values)
    except TooLittle as error:
        values["note"] = str(error)
        return Page("answers.html", "Who answers whom", values=values)
    found = network.network(view, query)
    values |= {"net": found, "choices": network.choices(view), "classes": network.classes()}
    told = {"nodes": found.nodes(), "actor": found.actor} if found else {}
    return Page("answers.html", "Who answers whom", found.edges if found else [], None, values, told)


def chart(request: Request) -> Response:
    """`/answers.svg`: the days around a trigger."""
    found = looked(request, lambda view: _study(request, view))
    points = [charts.Around(p.lag, p.responses, p.null_low, p.null_high) for p in found.curve]
    return Response(charts.peri_event(points, "Responses around days of pressure"), media_type="image/svg+xml")


def _asked(request: Request, view: View, values: dict[str, Any]) -> Page:
    found = _study(request, view)
    part = request.query_params.get("rows")
    if part and part not in PARTS:
        raise UsageError(f"'rows' is {' or '.join(PARTS)}")
    bound = _bound(found)
    counted = view.rows(f"SELECT part, count(*) AS acts FROM ({_PARTS}) GROUP BY 1", bound)
    counts = {row["part"]: row["acts"] for row in counted}
    counted = [
        {"part": name, "words": words, "count": counts.get(name, 0), "href": _rows(request, name)}
        for name, words in PARTS.items()
    ]
    limit, offset = slice_of(request)
    chosen = "WHERE $part IS NULL OR part = $part"
    rows = view.rows(
        f"""SELECT * FROM ({_PARTS}) {chosen} ORDER BY part, "date", source, target, "type"
            LIMIT {limit} OFFSET {offset}""",
        bound | {"part": part or None},
    )
    total = counts.get(part, 0) if part else sum(counts.values())
    values |= {"study": found, "counted": counted, "part": part, **steps(request, limit, offset, total)}
    values |= {"sides": _sides(view, found), "of_row": _of_row}
    values["chart"] = address(request, rows=None, page=None, format=None).replace("/answers", "/answers.svg", 1)
    told = {"answer": msgspec.to_builtins(found.answer), "curve": msgspec.to_builtins(found.curve)}
    return Page("answers.html", "Who answers whom", rows, total, values, told)


def _screened(request: Request, view: View, values: dict[str, Any]) -> Page:
    from tertius.studies import answers as study

    how, window = _how(request), _window(request)
    answered = "p.target" if how == "support" else "p.source"
    tone = "support" if how == "support" else "press"
    triads = view.number(_ASKABLE.format(answered=answered), [study.LEAST_TRIGGERS, tone, study.LEAST_RESPONSES])
    if triads > MOST_TRIADS:
        raise TooLittle(
            f"{triads:,} triads may have enough data, more than the {MOST_TRIADS:,} that are asked here at once:"
            " ask one above, or all of them with 'tertius answers --screen'"
        )
    found = view.kept(("screen", how, window), lambda: study.screen(ties.of_all(view), how=how, window=window))
    rows: list[Row] = msgspec.to_builtins(found)
    values["summary"] = study.summary(found)
    return Page("answers.html", "Who answers whom", rows, None, values, {"summary": values["summary"]})


def _study(request: Request, view: View) -> Study:
    """The study of the triad in the address; its evidence is listed by _PARTS instead."""
    from tertius.studies import answers as study
    from tertius.studies.record import resolve

    known, how, window = ties.actors(view), _how(request), _window(request)
    if not known:
        raise TooLittle("the ledger has no dated acts of one country on another: read or import some first")
    x, b, a = (resolve(request.query_params.get(name, "").strip()[:80], known) for name in "xba")

    def ask() -> Study:
        found = study.answers(ties.of_triad(view, x, b, a), x, b, a, how=how, window=window)
        return msgspec.structs.replace(found, evidence=())

    return view.kept(("triad", x, b, a, how, window), ask)


def _bound(found: Study) -> dict[str, Any]:
    one = found.answer
    kind, harsh = (1, 2) if one.how == "support" else (3, 4)
    answered = one.b if one.how == "support" else one.x
    return {"x": one.x, "b": one.b, "a": one.a, "answered": answered, "kind": kind, "harsh": harsh,
            "until": date.today()}  # fmt: skip


def _sides(view: View, found: Study) -> list[Row]:
    """Whose side the third is on anyway: its acts on both, cooperative and hostile."""
    one, told = found.answer, []
    for target in (one.b, one.x):
        row: Row = {"source": one.a, "target": target}
        for tone in ("cooperative", "hostile"):
            wanted = Acts({"source": one.a, "target": target, "tone": tone, "modality": "actual"})
            row[tone] = {"count": acts_total(view, wanted), "href": wanted.address()}
        told.append(row)
    return told


def _of_row(row: Row) -> str:
    """Where an act is listed, with the others of its pair, type and day."""
    told = {"source": row["source"], "target": row["target"], "modality": "actual"}
    more = {} if row["type"] == "OTHER" else {"type": row["type"]}
    return Acts(told | more | {"since": str(row["date"]), "until": str(row["date"])}).address()


def _rows(request: Request, part: str) -> str:
    return address(request, rows=part, page=None, format=None)


def _how(request: Request) -> How:
    how = request.query_params.get("how") or "support"
    if how not in HOWS:
        raise UsageError(f"'how' is {' or '.join(HOWS)}")
    return "support" if how == "support" else "confront"


def _window(request: Request) -> int:
    window = request.query_params.get("window") or "7"
    if not window.isdecimal() or not 1 <= int(window[:4]) <= 60:
        raise UsageError("'window' is a number of days from 1 to 60")
    return int(window)
