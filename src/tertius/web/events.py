"""Events: which claims match? The facets with their counts, and the events with their mentions."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from starlette.requests import Request

from tertius.errors import NoSuchRecord
from tertius.web import acts, copy, filters
from tertius.web.acts import Acts
from tertius.web.desk import Row, View
from tertius.web.filters import FACETS, Filters
from tertius.web.names import is_code
from tertius.web.pages import PAGE_ROWS, Page, address, slice_of


def events(request: Request, view: View) -> Page:
    """`/events`: those that match the filters in the address."""
    wanted = filters.filters(request.query_params)
    limit, offset = slice_of(request)
    count = filters.total(view, wanted)
    rows = filters.events(view, wanted, limit, offset)
    values: dict[str, Any] = {
        "wanted": wanted,
        "facet_names": FACETS,
        "facets": {},
        "origins": [],
        "most_values": filters.MOST_VALUES,
        "mentions": {},
        "pair": _pair(wanted),
    }
    if limit == PAGE_ROWS:
        values["facets"] = filters.facets(view, wanted)
        values["mentions"] = mentions_of(view, [row["id"] for row in rows])
        values["earlier"] = address(request, page=offset // limit) if offset else None
        values["later"] = address(request, page=offset // limit + 2) if offset + limit < count else None
        values["first"] = offset
        values["origins"] = origins(view, wanted)
    page = (PAGE_ROWS, offset) if limit == PAGE_ROWS else (limit, 0)
    values |= {"as_sql": copy.as_sql(wanted, *page), "as_python": copy.as_python(wanted, *page)}
    return Page("events.html", "Events", rows, count, values, {"filters": wanted.chosen, "sql": values["as_sql"]})


def origins(view: View, wanted: Filters) -> list[Row]:
    """Whose data there are besides: for each imported data set the rows that match, where it can be asked the same."""
    if not acts.has_coded(view) or not wanted.chosen.keys() <= set(acts.FIELDS):
        return []
    sets = view.kept("data sets", lambda: view.rows("SELECT DISTINCT origin FROM coded_acts ORDER BY 1"))
    asked = [Acts({**wanted.chosen, "origin": row["origin"]}) for row in sets]
    counts = view.kept(("origins", *sorted(wanted.chosen.items())), lambda: [acts.total(view, one) for one in asked])
    return [
        {"name": one.chosen["origin"], "count": count, "href": one.address()}
        for one, count in zip(asked, counts, strict=True)
    ]


def _pair(wanted: Filters) -> tuple[str, str] | None:
    source, target = wanted.chosen.get("source"), wanted.chosen.get("target")
    return (source, target) if source and target and is_code(source) and is_code(target) else None


def mentions_of(view: View, ids: list[str]) -> dict[str, list[Row]]:
    """The mention_rows of some events, by event, those reported first in front."""
    found: dict[str, list[Row]] = defaultdict(list)
    sql = """WITH wanted AS (
                 SELECT id, unnest(mentions) AS mention, generate_subscripts(mentions, 1) AS place
                 FROM events WHERE list_contains(?, id))
             SELECT w.id AS event, m.* FROM wanted w JOIN mention_rows m ON m.id = w.mention ORDER BY w.id, w.place"""
    for row in view.rows(sql, [ids]):
        found[row.pop("event")].append(row)
    return found


def event(request: Request, view: View) -> Page:
    """`/event/ID`: one event, who asserts and who denies it, and all its mentions."""
    wanted = request.path_params["id"]
    rows = view.rows("FROM event_rows WHERE id = ?", [wanted])
    if not rows:
        raise NoSuchRecord(f"no event {wanted[:80]!r} in this ledger: choose one under 'Events'")
    found, mentions = rows[0], mentions_of(view, [wanted])[wanted]
    reports = view.rows(
        """SELECT id, title, publisher, published FROM documents
           WHERE id IN (SELECT document FROM screen_reports WHERE id = ?) ORDER BY published, id""",
        [found["id"]],
    )
    title = " ".join(filter(None, (", ".join(found["source_words"]), found["type"], ", ".join(found["target_words"]))))
    return Page("event.html", title, mentions, None, {"event": found, "reports": reports}, {"event": found})
