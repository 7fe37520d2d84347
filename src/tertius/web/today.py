"""Today: what changed, and do I believe it? Coverage, pairs that moved, the newest events."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request

from tertius.web import change, filters
from tertius.web.desk import Row, View
from tertius.web.filters import Filters
from tertius.web.names import party
from tertius.web.pages import Page, to

NEWEST = 8
BUSIEST = 10
MOVED = 12

_COUNTS = """
    SELECT s.source, s.target, e.tone, count(DISTINCT e.document) FILTER (e."day" >= $since) AS recent,
           count(DISTINCT e.document) FILTER (e."day" < $since) AS before
    FROM screen_sides s JOIN screen e ON e.id = s.id
    WHERE e.modality = 'actual' AND e."day" BETWEEN $before AND $until
      AND s.source IS NOT NULL AND s.target IS NOT NULL
    GROUP BY ALL"""


def today(request: Request, view: View) -> Page:
    """`/`: as of the last day of publication in the ledger, or of `on`."""
    asked = request.query_params.get("on")
    on = date.fromisoformat(filters.day("on", asked)) if asked else _last_day(view)
    newest = filters.events(view, Filters({}), NEWEST, order="first_report")
    coverage = _coverage(view)
    moved = _moved(view, on) if on else []
    compared = on is not None and _has_past(view, on)
    values: dict[str, Any] = {"coverage": coverage, "moved": moved, "on": on, "compared": compared, "newest": newest}
    values["imported"] = [row["dataset"] for row in view.rows("SELECT DISTINCT dataset FROM imports ORDER BY 1")]
    values |= {"busiest": _busiest(view), "recent_days": change.RECENT, "before_days": change.BEFORE}
    told = {"coverage": {c["name"]: c["count"] for c in coverage}, "moved": moved, "on": on}
    return Page("today.html", "Today", newest, None, values, told)


def _last_day(view: View) -> date | None:
    found = view.rows("SELECT max(published) AS day FROM documents")
    day: date | None = found[0]["day"]
    return day


def _coverage(view: View) -> list[Row]:
    """What the ledger holds, each count with the page that lists just that."""
    asked = {
        "articles": ("SELECT count(*) FROM documents", "/articles"),
        "publishers": ("SELECT count(DISTINCT publisher) FROM documents", "/publishers"),
        "events": ("SELECT count(*) FROM screen", "/events"),
        "denied or doubted": ("SELECT count(*) FROM screen WHERE contested = 'yes'", "/events?contested=yes"),
        "disputes": ("SELECT count(*) FROM screen_disputes", "/disputes"),
        "could not be read": ("SELECT count(*) FROM failures", "/failures"),
    }
    return [{"name": name, "count": view.number(sql), "href": href} for name, (sql, href) in asked.items()]


def _has_past(view: View, on: date) -> bool:
    """Whether anything happened in the period that the last days are compared with."""
    days = change.periods(on)
    return bool(view.number('SELECT count(*) FROM screen WHERE "day" >= ? AND "day" < ?', [days.before, days.since]))


def _moved(view: View, on: date) -> list[Row]:
    days = change.periods(on)
    found = change.moved([change.Count(**row) for row in view.rows(_COUNTS, _bound(days))])
    return [_reason(view, one, days) for one in found[:MOVED]]


def _bound(days: change.Periods) -> dict[str, Any]:
    return {name: day.isoformat() for name, day in days._asdict().items()}


def _reason(view: View, one: change.Moved, days: change.Periods) -> Row:
    """A pair that moved, in one sentence, with its newest quotation and the rows that are counted."""
    count = one.pair
    wanted = Filters(
        {"source": count.source, "target": count.target, "tone": count.tone, "modality": "actual"}
        | {"since": days.since.isoformat(), "until": days.until.isoformat()}
    )
    earlier = Filters(wanted.chosen | {"since": days.before.isoformat(), "until": _eve(days).isoformat()})
    quoted = filters.events(view, wanted if count.recent else earlier, 1)
    return count._asdict() | {
        "up": one.up,
        "expected": round(one.expected, 1),
        "p": round(one.p, 4),
        "who": f"{party(count.source)} → {party(count.target)}",
        "href": wanted.address("/articles"),
        "acts": filters.total(view, wanted),
        "acts_href": wanted.address(),
        "before_href": earlier.address("/articles"),
        "pair_href": to("/pair", count.source, count.target),
        "quoted": quoted[0] if quoted else None,
    }


def _eve(days: change.Periods) -> date:
    return date.fromordinal(days.since.toordinal() - 1)


def _busiest(view: View) -> list[Row]:
    """The pairs that act on one another most, each count with its events."""
    rows = view.rows(
        f"""SELECT source, target, count(DISTINCT id) AS events FROM screen_sides
            WHERE source IS NOT NULL AND target IS NOT NULL AND source <> target
            GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {BUSIEST}"""
    )
    return [{**row, "href": to("/events", source=row["source"], target=row["target"])} for row in rows]
