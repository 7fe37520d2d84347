"""Answers: when X presses B, does A step in? One triad with its curve and the acts behind it, or all triads at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tertius.errors import TooLittle, UsageError
from tertius.show import charts
from tertius.web.desk import Desk, Row, View
from tertius.web.lists import steps
from tertius.web.pages import Page, address, slice_of

if TYPE_CHECKING:
    from tertius.studies.answers import Study
    from tertius.studies.record import Record

HOWS = {"support": "A supports B", "confront": "A presses X"}
PARTS = {"pressure": "acts of pressure", "response": "responses"}


def answers(request: Request, view: View) -> Page:
    """`/answers`: `x`, `b` and `a` ask of one triad, `screen=yes` of all with enough data."""
    query = request.query_params
    values: dict[str, Any] = {"asked": {name: query.get(name, "") for name in "xba"}, "how": _how(request)}
    values |= {"hows": HOWS, "window": _window(request), "study": None, "summary": None, "note": None}
    values |= {"earlier": None, "later": None}
    try:
        if query.get("screen"):
            return _screened(request, view, values)
        if all(values["asked"].values()):
            return _asked(request, view, values)
    except TooLittle as error:
        values["note"] = str(error)
    return Page("answers.html", "Who answers whom", values=values)


def chart(request: Request) -> Response:
    """`/answers.svg`: the days around a trigger."""
    desk: Desk = request.app.state.desk
    found = _study(request, _record(desk.view()))
    points = [charts.Around(p.lag, p.responses, p.null_low, p.null_high) for p in found.curve]
    return Response(charts.peri_event(points, "Responses around days of pressure"), media_type="image/svg+xml")


def _asked(request: Request, view: View, values: dict[str, Any]) -> Page:
    record = _record(view)
    found = _study(request, record)
    part = request.query_params.get("rows")
    if part and part not in PARTS:
        raise UsageError(f"'rows' is {' or '.join(PARTS)}")
    acts = list(_acts(record, found))
    kept = [act for act in acts if part in (None, "", act["part"])]
    counted = [
        {"words": words, "count": sum(act["part"] == name for act in acts), "href": _rows(request, name)}
        for name, words in PARTS.items()
    ]
    limit, offset = slice_of(request)
    values |= {"study": found, "counted": counted, "part": part, **steps(request, limit, offset, len(kept))}
    values["chart"] = address(request, rows=None, page=None, format=None).replace("/answers", "/answers.svg", 1)
    told = {"answer": msgspec.to_builtins(found.answer), "curve": msgspec.to_builtins(found.curve)}
    return Page("answers.html", "Who answers whom", kept[offset : offset + limit], len(kept), values, told)


def _screened(request: Request, view: View, values: dict[str, Any]) -> Page:
    from tertius.studies import answers as study

    found = study.screen(_record(view), how=_how(request), window=_window(request))
    rows: list[Row] = msgspec.to_builtins(found)
    values["summary"] = study.summary(found)
    return Page("answers.html", "Who answers whom", rows, None, values, {"summary": values["summary"]})


def _record(view: View) -> Record:
    from tertius.studies import record

    return record.of_rows(view.rows(record.SQL, {"origins": None}))


def _study(request: Request, record: Record) -> Study:
    from tertius.studies import answers as study

    x, b, a = (request.query_params.get(name, "").strip()[:80] for name in "xba")
    return study.answers(record, x, b, a, how=_how(request), window=_window(request))


def _acts(record: Record, found: Study) -> Iterator[Row]:
    """The acts on both sides, as the study counts them."""
    import numpy as np

    from tertius.studies.record import PRESSURE, SUPPORT

    one = found.answer
    response = (one.a, one.b, SUPPORT) if one.how == "support" else (one.a, one.x, PRESSURE)
    for part, (source, target, quads) in (("pressure", (one.x, one.b, PRESSURE)), ("response", response)):
        chosen = record.where(record.number(source), record.number(target), quads)
        for at in np.flatnonzero(chosen).tolist():
            day = record.dated(int(record.day[at]) - record.first)
            told = {"part": part, "date": day, "source": source, "target": target}
            yield told | {"type": record.types[record.kind[at]], "quad": int(record.quad[at]), "id": record.ids[at]}


def _rows(request: Request, part: str) -> str:
    return address(request, rows=part, page=None, format=None)


def _how(request: Request) -> Any:
    how = request.query_params.get("how") or "support"
    if how not in HOWS:
        raise UsageError(f"'how' is {' or '.join(HOWS)}")
    return how


def _window(request: Request) -> int:
    window = request.query_params.get("window") or "7"
    if not window.isdecimal() or not 1 <= int(window[:4]) <= 60:
        raise UsageError("'window' is a number of days from 1 to 60")
    return int(window)
