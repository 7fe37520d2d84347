"""Today: what changed, and do I believe it? Pairs that moved, new actors, forecasts, what it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request

from tertius.web import acts, change, filters, outlook
from tertius.web.acts import Acts
from tertius.web.desk import Row, View
from tertius.web.filters import Filters
from tertius.web.names import is_code, party
from tertius.web.pages import Page, to

NEWEST = 8
BUSIEST = 10
MOVED = 12
ACTORS = 12
FAILURES = 5

_COUNTS = """
    SELECT s.source, s.target, e.tone, count(DISTINCT e.document) FILTER (e."day" >= $since) AS recent,
           count(DISTINCT e.document) FILTER (e."day" < $since) AS before
    FROM screen_sides s JOIN screen e ON e.id = s.id
    WHERE e.modality = 'actual' AND e."day" BETWEEN $before AND $until
      AND s.source IS NOT NULL AND s.target IS NOT NULL
    GROUP BY ALL"""
# Windows of 28 days, the newest of number 0; `spread` is the variance of the 13 before over their mean.
_CODED_COUNTS = """
    WITH windows AS (
        SELECT source, target, CASE WHEN quad IN (1, 2) THEN 'cooperative' ELSE 'hostile' END AS tone,
               date_diff('day', "day", CAST($until AS DATE)) // 28 AS number, count(*) AS acts
        FROM coded_acts
        WHERE origin = $origin AND modality = 'actual' AND quad > 0 AND "day" BETWEEN $before AND $until
          AND source IS NOT NULL AND target IS NOT NULL
        GROUP BY ALL),
    counts AS (
        SELECT source, target, tone,
               CAST(coalesce(sum(acts) FILTER (number = 0), 0) AS BIGINT) AS recent,
               CAST(coalesce(sum(acts) FILTER (number > 0), 0) AS BIGINT) AS before,
               coalesce(sum(acts * acts) FILTER (number > 0), 0) AS squares
        FROM windows GROUP BY ALL)
    SELECT source, target, tone, recent, before, $origin AS origin,
           CASE WHEN before = 0 THEN 1.0
                ELSE greatest(1.0, (squares - before * before / 13.0) / 12.0 / (before / 13.0)) END AS spread
    FROM counts"""
_FIRST_SEEN = """
    SELECT actor, min("day") AS first, CAST(sum(acts) AS BIGINT) AS acts
    FROM (SELECT source AS actor, "day", count(*) AS acts FROM screen_acts
          WHERE quad > 0 AND "day" IS NOT NULL GROUP BY ALL
          UNION ALL
          SELECT target, "day", count(*) FROM screen_acts
          WHERE quad > 0 AND "day" IS NOT NULL AND source IS DISTINCT FROM target GROUP BY ALL)
    WHERE actor IS NOT NULL AND "day" <= $until
    GROUP BY actor HAVING min("day") >= $since
    ORDER BY acts DESC, actor LIMIT $most"""


def today(request: Request, view: View) -> Page:
    """`/`: as of the last day of publication in the ledger, or of `on`."""
    asked = request.query_params.get("on")
    on = date.fromisoformat(filters.day("on", asked)) if asked else None
    values: dict[str, Any] = view.kept(("today", on), lambda: _shown(view, on))
    coverage = {c["name"]: c["count"] for c in values["coverage"]}
    told = {name: values[name] for name in ("moved", "new", "crossed", "busiest", "on")} | {"coverage": coverage}
    return Page("today.html", "Today", values["newest"], None, values, told)


def _shown(view: View, asked: date | None) -> dict[str, Any]:
    """What is worked out once for a state of the ledger."""
    read, coded = _last_day(view), _last_coded(view)
    on = asked or max(filter(None, (read, *coded.values())), default=None)
    last = asked or read
    found = _moved(view, last) if last else []
    for origin, day in coded.items():
        found += _moved_coded(view, origin, asked or day)
    days = [asked] if asked else [read, *coded.values()]
    compared = any(_has_past(view, day) for day in days if day)
    by_then = {"until": asked.isoformat()} if asked else {}
    newest = filters.events(view, Filters(by_then), NEWEST, order="first_report")
    latest = acts.listed(view, Acts(by_then), NEWEST) if coded and not newest else []
    acts.add_details(view, latest)
    return {
        "coverage": _coverage(view, coded),
        "failures": view.rows(f"SELECT where_found, reason FROM failures ORDER BY added DESC, id LIMIT {FAILURES}"),
        "moved": sorted(found, key=lambda row: row["p"])[:MOVED],
        "on": on,
        "compared": compared,
        "new": _new(view, on) if on and compared else [],
        "crossed": outlook.crossed(view),
        "newest": newest,
        "latest": latest,
        "busiest": _busiest(view),
        "recent_days": change.RECENT,
        "before_days": change.BEFORE,
    }


def _last_day(view: View) -> date | None:
    day: date | None = view.rows("SELECT max(published) AS day FROM documents")[0]["day"]
    return day


def _last_coded(view: View) -> dict[str, date]:
    """The last day of each data set that was imported; days to come are mistakes."""
    rows = view.rows(
        'SELECT origin, max("day") FILTER ("day" <= current_date) AS day FROM coded_acts GROUP BY 1 ORDER BY 1'
    )
    return {row["origin"]: row["day"] for row in rows if row["day"]}


def _coverage(view: View, coded: dict[str, date]) -> list[Row]:
    """What the ledger holds, each count with the page that lists just that."""
    asked = {
        "articles": ("SELECT count(*) FROM documents", "/articles"),
        "publishers": ("SELECT count(DISTINCT publisher) FROM documents", "/publishers"),
        "events": ("SELECT count(*) FROM screen", "/events"),
        "denied or doubted": ("SELECT count(*) FROM screen WHERE contested = 'yes'", "/events?contested=yes"),
        "disputes": ("SELECT count(*) FROM screen_disputes", "/disputes"),
        "could not be read": ("SELECT count(*) FROM failures", "/failures"),
    }
    found = [{"name": name, "count": view.number(sql), "href": href} for name, (sql, href) in asked.items()]
    for origin in coded:
        for name, wanted in ((f"coded by {origin}", {}), (f"{origin}, of no class", {"quad": "0"})):
            one = Acts({"origin": origin} | wanted)
            count = acts.total(view, one)
            found += [{"name": name, "count": count, "href": one.address()}] if count or not wanted else []
    return found


def _has_past(view: View, on: date) -> bool:
    """Whether anything happened in the period that the last days are compared with."""
    days = change.periods(on)
    sql = 'SELECT count(*) FROM (SELECT 1 FROM screen_acts WHERE "day" >= ? AND "day" < ? LIMIT 1)'
    return bool(view.number(sql, [days.before, days.since]))


def _moved(view: View, on: date) -> list[Row]:
    """The pairs of which other than the usual number of articles told."""
    days = change.periods(on)
    found = change.moved([change.Count(**row) for row in view.rows(_COUNTS, _bound(days))])
    return [_reason(view, one, days) for one in found[:MOVED]]


def _moved_coded(view: View, origin: str, on: date) -> list[Row]:
    """The pairs of which a data set coded other than the usual number of acts."""
    days = change.periods(on)
    values = {"before": days.before, "until": days.until, "origin": origin}
    rows = view.rows(_CODED_COUNTS, values)
    found = change.moved([change.Count(**row | {"spread": float(row["spread"])}) for row in rows])
    return [_coded_reason(view, one, days) for one in found[:MOVED]]


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
    return _told(one, days) | {
        "href": wanted.address("/articles"),
        "acts": filters.total(view, wanted),
        "acts_href": wanted.address(),
        "before_href": earlier.address("/articles"),
        "quoted": quoted[0] if quoted else None,
        "line": None,
    }


def _coded_reason(view: View, one: change.Moved, days: change.Periods) -> Row:
    """The same of coded acts, which the data set's own rows stand for."""
    count = one.pair
    own = {"source": count.source, "target": count.target, "tone": count.tone, "modality": "actual"}
    wanted = Acts(own | {"origin": count.origin, "since": days.since.isoformat(), "until": days.until.isoformat()})
    earlier = Acts(wanted.chosen | {"since": days.before.isoformat(), "until": _eve(days).isoformat()})
    shown = acts.listed(view, wanted if count.recent else earlier, 1)
    acts.add_details(view, shown)
    return _told(one, days) | {
        "href": wanted.address(),
        "before_href": earlier.address(),
        "quoted": None,
        "line": shown[0] if shown else None,
    }


def _told(one: change.Moved, days: change.Periods) -> Row:
    count = one.pair
    codes = is_code(count.source) and is_code(count.target)
    return count._asdict() | {
        "up": one.up,
        "expected": round(one.expected, 1),
        "p": round(one.p, 4),
        "who": f"{party(count.source)} → {party(count.target)}",
        "until": days.until.isoformat(),
        "pair_href": to("/pair", count.source, count.target)
        if codes
        else to("/acts", source=count.source, target=count.target),
    }


def _eve(days: change.Periods) -> date:
    return date.fromordinal(days.since.toordinal() - 1)


def _new(view: View, on: date) -> list[Row]:
    """Who acts, or is acted on, for the first time in the last days."""
    days = change.periods(on)
    values = {"since": days.since, "until": days.until, "most": ACTORS}
    return [
        row | {"href": Acts({"actor": row["actor"], "until": days.until.isoformat()}).address()}
        for row in view.rows(_FIRST_SEEN, values)
    ]


def _busiest(view: View) -> list[Row]:
    """The pairs that act on one another most, each count with its acts."""
    rows = view.rows(
        f"""SELECT source, target, count(*) AS events FROM screen_acts
            WHERE quad > 0 AND source IS NOT NULL AND target IS NOT NULL AND source <> target
            GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {BUSIEST}"""
    )
    return [{**row, "href": acts.href(view, Acts({"source": row["source"], "target": row["target"]}))} for row in rows]
