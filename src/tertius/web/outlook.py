"""Outlook: what comes next, how sure, and how good has this been? The record, the chances of a pair, what if."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tertius.errors import TertiusError, TooLittle, UsageError
from tertius.ledger import store
from tertius.ontology import TYPES
from tertius.web import ties
from tertius.web.coded import written
from tertius.web.desk import Desk, Row, View
from tertius.web.learning import Learning, Question, Told
from tertius.web.pages import Page, page, to

if TYPE_CHECKING:
    from tertius.studies.forecasts.due import Due

LINES = (0.1, 0.5)  # a chance that crosses one of these is news
STANDING, CROSSED, MISSES = 40, 8, 20
BAR = 200  # width of the bar of a chance
MOST = 400_000  # acts to learn from here; of more, on the command line

_STANDING = f"""
    FROM forecasts WHERE origin = (SELECT max(origin) FROM forecasts)
    ORDER BY chance * ln(chance / usual) + (1 - chance) * ln((1 - chance) / (1 - usual)) DESC, source, target, what,
             "within" LIMIT {STANDING}"""
_CROSSED = """
    WITH told AS (
        SELECT *, lag(chance) OVER (PARTITION BY source, target, what, "within" ORDER BY origin, issued) AS before
        FROM forecasts
        QUALIFY row_number() OVER (PARTITION BY source, target, what, "within" ORDER BY origin DESC, issued DESC) = 1)
    SELECT * FROM told, (SELECT unnest($lines) AS line)
    WHERE before IS NOT NULL AND (before < line) <> (chance < line)
    ORDER BY abs(chance - before) DESC, source, target, what, "within" LIMIT $most"""


@page
def shown(request: Request, view: View) -> Page:
    """`/outlook`: the record and what stands; with `a` and `b` the chances of that pair, with `if` a scenario."""
    query = request.query_params
    asked = {name: query.get(name, "").strip()[:200] for name in ("a", "b", "if")}
    values: dict[str, Any] = {"asked": asked, "told": None, "busy": False, "note": None, "types": TYPES, "bar": bar}
    values |= {"standing": [], "crossed": [], "record": None, "misses": [], "kept": False, "chart": None}
    if asked["a"] and asked["b"]:
        return _pair(request, view, values)
    return _record(view, values)


def _record(view: View, values: dict[str, Any]) -> Page:
    """What was forecast, and how good that has been."""
    standing = view.rows(_STANDING)
    values |= {"standing": standing, "crossed": crossed(view)}
    try:
        due = _due(view) if standing else None
    except TertiusError as error:
        values["note"], due = str(error), None
    if due:
        values |= {"record": due.sentence(), "scored": len(due.scored), "misses": due.misses()[:MISSES]}
    return Page("outlook.html", "Outlook", standing, None, values, {"record": values["record"]})


def _pair(request: Request, view: View, values: dict[str, Any]) -> Page:
    """One pair: chances beside usual rates, what drives them, and what if."""
    asked = values["asked"]
    try:
        question = _question(request, view)
        told = _asked(request, question)
    except TooLittle as error:
        values["note"] = str(error)
        return Page("outlook.html", "Outlook", (), None, values, {"note": values["note"]})
    values |= {"told": told, "busy": told is None, "a": question.a, "b": question.b}
    if told is None:
        return Page("outlook.html", "Outlook", (), None, values, {"state": "learning"})
    kept = {row["id"] for row in view.rows("SELECT id FROM forecasts")}
    from tertius.ledger.forecasts import digest

    values["kept"] = all(digest(row | {"origins": []}) in kept for row in told.forecasts)
    values["chart"] = to("/outlook.svg", a=question.a, b=question.b) if told.past else None
    values["back"] = to("/outlook", a=question.b, b=question.a)
    values["first"] = max(told.forecasts, key=_news)["sentence"]
    more = {"notes": told.notes, "changes": told.changes, "warnings": told.warnings, "supposed": asked["if"] or None}
    return Page("outlook.html", "Outlook", told.forecasts, None, values, more)


def _news(row: Row) -> tuple[float, float]:
    """What to say first: the chance that departs most from the usual rate, or else the highest."""
    p, q = row["chance"], row["usual"]
    return round(p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)), 6), p


async def keep(request: Request) -> Response:
    """POST `/outlook`: put the forecasts of a pair on the record of the ledger."""
    async with request.form(max_files=0, max_fields=5) as given:
        a, b = (str(given.get(name, "")).strip()[:80] for name in "ab")
    await run_in_threadpool(_keep, request, a, b)
    return RedirectResponse(to("/outlook", a=a, b=b), 303)


def _keep(request: Request, a: str, b: str) -> None:
    from tertius.ledger import forecasts
    from tertius.ledger.ledger import Ledger

    desk: Desk = request.app.state.desk
    view = desk.view()
    told = _asked(request, Question(view.folder, _state(view), *_resolved((a, b), ties.actors(view))))
    if told is None:
        raise UsageError("this forecast is not worked out yet: wait for its page, then put it on the record")
    forecasts.keep(Ledger.open(desk.folder), told.forecasts)


def chart(request: Request) -> Response:
    """`/outlook.svg`: a pair's chances against its usual rates, or without a pair the reliability of all forecasts."""
    from tertius.show import forecasts as drawn
    from tertius.show.charts import beneath

    desk: Desk = request.app.state.desk
    view = desk.view()
    if "a" not in request.query_params:
        shares = [drawn.Share(b.chance, b.came, b.low, b.high, b.forecasts) for b in _due(view).reliability()]
        return Response(drawn.reliability(shares), media_type="image/svg+xml")
    told = _asked(request, _question(request, view))
    if told is None:
        raise TooLittle("this forecast is not worked out yet: its page looks again by itself")
    shortest = min(row["within"] for row in told.forecasts)
    charts = [
        drawn.against_usual([_point(p) for p in (*_past(told, row), row)], row["quad"], row["what"].capitalize())
        for row in told.forecasts
        if row["within"] == shortest
    ]
    return Response(beneath(charts, "Chances against usual rates"), media_type="image/svg+xml")


def _past(told: Told, row: Row) -> list[Row]:
    return [p for p in told.past if (p["what"], p["within"]) == (row["what"], row["within"])]


def _point(row: Row) -> Any:
    from tertius.show.forecasts import Point

    return Point(row["origin"], row["chance"], row["low"], row["high"], row["usual"], row.get("came"))


def crossed(view: View) -> list[Row]:
    """The kept forecasts that crossed one of LINES since the one before, the furthest first."""
    return view.rows(_CROSSED, {"lines": list(LINES), "most": CROSSED})


def bar(row: Row) -> dict[str, float]:
    """Where the interval, the chance and the usual rate stand on a bar of BAR units."""
    return {name: round(BAR * row[name], 1) for name in ("low", "high", "chance", "usual")}


def _question(request: Request, view: View) -> Question:
    """What the address asks. Raises UsageError, and TooLittle where there is nothing or too much to learn from."""
    from tertius.studies.forecasts import scenarios

    query, known = request.query_params, ties.actors(view)
    if not known:
        raise TooLittle("the ledger has no dated acts of one country on another: read or import some first")
    acts = view.number("SELECT count(*) FROM screen_ties WHERE once")
    if acts > MOST:
        raise TooLittle(f"{acts:,} acts are too many to learn from here: use 'tertius forecast A B'")
    a, b = _resolved((query.get("a", "").strip()[:80], query.get("b", "").strip()[:80]), known)
    if a == b:
        raise UsageError(f"{a} and {b} are the same actor: name two")
    supposed = (query["if"].strip()[:200],) if query.get("if", "").strip() else ()
    scenarios.check(supposed)
    return Question(view.folder, _state(view), a, b, supposed)


def _state(view: View) -> tuple[int, ...]:
    """Tells one state of what is learnt from from another; a forecast that is kept changes nothing about it."""
    return written(view.folder, [name for name in (*store.TABLES, *store.WHOLE) if name != "forecasts"])


def _resolved(names: Sequence[str], known: Sequence[str]) -> tuple[str, str]:
    from tertius.studies.record import resolve

    first, second = (resolve(name, known) for name in names)
    return first, second


def _asked(request: Request, question: Question) -> Told | None:
    learning: Learning = request.app.state.learning
    return learning.ask(question)


def _due(view: View) -> Due:
    """The forecasts that have come due. Raises TooLittle."""
    from tertius.studies.forecasts.due import due

    # Those from some data sets alone are scored by these: 'tertius record --origin'.
    return view.kept("due", lambda: due(view.rows("FROM forecasts WHERE len(origins) = 0"), ties.of_all(view)))
