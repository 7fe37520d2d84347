"""Which events are wanted, as the address says it, and how many there are of each kind beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from tertius.errors import UsageError
from tertius.web.desk import Row, View

LONGEST = 200  # code points of one value in an address
MOST_VALUES = 200  # of one facet that are listed

# Each filter and the table and column of screen.sql that it asks. Filters on one table must hold of one row of it.
COLUMNS = {
    "source": ("screen_sides", "source"),
    "target": ("screen_sides", "target"),
    "type": ("screen", "type"),
    "quad": ("screen", "quad"),
    "tone": ("screen", "tone"),
    "modality": ("screen", "modality"),
    "speaker": ("screen_speakers", "speaker"),
    "stance": ("screen_speakers", "stance"),
    "publisher": ("screen_reports", "publisher"),
    "article": ("screen_reports", "document"),
    "confidence": ("screen", "confidence"),
    "contested": ("screen", "contested"),
    "corrected": ("screen", "corrected"),
    "place": ("screen", "place"),
    "since": ("screen", "day"),
    "until": ("screen", "day"),
}
FACETS = {
    "source": "Source",
    "target": "Target",
    "type": "Type",
    "quad": "Class",
    "modality": "Did it happen?",
    "speaker": "On whose word",
    "place": "Place",
    "publisher": "Publisher",
    "contested": "Denied or doubted?",
    "confidence": "Confidence",
    "corrected": "Corrected?",
}


class Filters(NamedTuple):
    """The filters that are set, by name; values are text, and dates ISO days."""

    chosen: dict[str, str]

    def address(self, path: str = "/events", **changes: str | int | None) -> str:
        """The address of a page with these filters, changed: None takes one away."""
        wanted = {**self.chosen, **changes}
        told = {name: value for name, value in wanted.items() if value not in (None, "")}
        return path + ("?" + urlencode(told) if told else "")

    def where(self, without: str | None = None) -> tuple[str, list[Any]]:
        """The condition on `screen`, without the filters on one table, and its values."""
        conditions, values = ["true"], []
        for table in dict.fromkeys(table for table, _ in COLUMNS.values()):
            condition, bound = self._on(table)
            if condition and table != without:
                inner = f"SELECT id FROM {table} WHERE {condition}"
                conditions.append(condition if table == "screen" else f"id IN ({inner})")
                values += bound
        return " AND ".join(conditions), values

    def _on(self, table: str, but: str = "") -> tuple[str, list[Any]]:
        """The condition on one table, without the filter named `but`."""
        conditions, values = [], []
        for name, value in self.chosen.items():
            place, column = COLUMNS[name]
            if place == table and name != but:
                compared = {"since": ">= CAST(? AS DATE)", "until": "<= CAST(? AS DATE)"}.get(name, "= ?")
                conditions.append(f'"{column}" {compared}')
                values.append(value)
        return " AND ".join(conditions), values


class Choice(NamedTuple):
    """One value of a facet: how many events have it, all other filters as they are, and where they are listed."""

    value: str
    number: int
    href: str
    chosen: bool


def filters(query: Mapping[str, str]) -> Filters:
    """The filters in an address. Raises UsageError."""
    if isinstance(query, QueryParams):
        once(query)
    chosen = {name: query[name].strip() for name in COLUMNS if query.get(name, "").strip()}
    for name, value in chosen.items():
        if len(value) > LONGEST:
            raise UsageError(f"'{name}' has more than {LONGEST} characters: choose it from the list on the left")
        if name in ("since", "until"):
            chosen[name] = day(name, value)
    if "quad" in chosen and chosen["quad"] not in tuple("1234"):
        raise UsageError("'quad' is 1, 2, 3 or 4: choose it from the list on the left")
    return Filters(chosen)


def once(query: QueryParams) -> None:
    """Whether each filter is there once. Raises UsageError."""
    for name in COLUMNS:
        times = len(query.getlist(name))
        if times > 1:
            raise UsageError(f"'{name}' is there {times:,} times: each filter takes one value")


def day(name: str, value: str) -> str:
    """A day as ISO text. Raises UsageError."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise UsageError(f"'{name}' {value!r} is not a date: write it as YYYY-MM-DD, such as 2024-03-05") from None


def facets(view: View, wanted: Filters) -> dict[str, list[Choice]]:
    """For each facet its values and their counts."""
    return {name: _choices(view, wanted, name) for name in FACETS}


def _choices(view: View, wanted: Filters, name: str) -> list[Choice]:
    table, column = COLUMNS[name]
    same, bound = wanted._on(table, but=name)
    others, more = wanted.where(without=table)
    found = view.rows(
        f"""SELECT CAST("{column}" AS VARCHAR) AS value, count(DISTINCT id) AS count FROM {table}
            WHERE "{column}" IS NOT NULL AND {same or "true"} AND id IN (SELECT id FROM screen WHERE {others})
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}""",
        [*bound, *more],
    )
    chosen = wanted.chosen.get(name)
    return [Choice(r["value"], r["count"], wanted.address(**{name: r["value"]}), r["value"] == chosen) for r in found]


def total(view: View, wanted: Filters) -> int:
    """How many events match."""
    condition, values = wanted.where()
    return view.number(f"SELECT count(*) FROM screen WHERE {condition}", values)


def events(view: View, wanted: Filters, limit: int, offset: int = 0, order: str = "day") -> list[Row]:
    """The rows of event_rows that match, newest first by `order`: 'day' of the event, or 'first_report'."""
    condition, values = wanted.where()
    column = {"day": "day", "first_report": "first_report"}[order]
    return view.rows(
        f"""WITH chosen AS (
                SELECT id, "{column}" AS newest FROM screen WHERE {condition}
                ORDER BY newest DESC NULLS LAST, id LIMIT ? OFFSET ?)
            SELECT e.* FROM event_rows e JOIN chosen c ON c.id = e.id ORDER BY c.newest DESC NULLS LAST, e.id""",
        [*values, limit, offset],
    )
