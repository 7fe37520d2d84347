"""Acts of every origin: events read from articles beside rows that a data set coded, which other pages count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from tertius.errors import UsageError
from tertius.web import filters
from tertius.web.desk import Row, View
from tertius.web.lists import steps
from tertius.web.pages import PAGE_ROWS, Page, slice_of, to

BETWEEN = re.compile("[A-Z]{3}-[A-Z]{3}")
READ = "tertius"  # the origin of what was read from articles
TONES = {"cooperative": (1, 2), "hostile": (3, 4)}
KINDS = {"words": (1, 3), "deeds": (2, 4)}
FIELDS = ("source", "target", "actor", "between", "quad", "tone", "kind", "type", "modality", "origin", "since",
          "until", "place", "at", "placed", "id")  # fmt: skip
_PLAIN = ("source", "target", "type", "modality", "origin", "place", "id")
_COLUMNS = '"day", origin, source, target, "type", quad, modality, place, place_country, id, file, line'
_DETAILS = 'file, line, label, "text", url, publisher, source_name, target_name'

_SENTENCES = """
    SELECT e.id, e.sentence, d.title, d.publisher FROM event_rows e JOIN screen s ON s.id = e.id
    JOIN documents d ON d.id = s.document WHERE list_contains(?, e.id)"""


class Acts(NamedTuple):
    """Which acts are wanted, by name as the address says it; `at` is 'latitude,longitude' to two digits."""

    chosen: dict[str, str]

    def address(self, path: str = "/acts", **changes: str | int | None) -> str:
        """The address of a page with these, changed: None takes one away."""
        wanted = {**self.chosen, **changes}
        return to(path, **{name: value for name, value in wanted.items() if value not in (None, "")})

    def where(self) -> tuple[str, list[Any]]:
        """The condition on screen_acts and its values. Acts of no quad class are wanted only if asked for: quad=0."""
        conditions, values = [], []
        if "quad" not in self.chosen:
            conditions.append("quad > 0")
        for name, value in self.chosen.items():
            condition, bound = _condition(name, value)
            conditions.append(condition)
            values += bound
        return " AND ".join(conditions) or "true", values


def _condition(name: str, value: str) -> tuple[str, list[Any]]:
    if name in _PLAIN:
        return f'"{name}" = ?', [value]
    if name == "actor":
        return "(source = ? OR target = ?)", [value, value]
    if name == "between":
        a, b = value.split("-")
        if a == b:
            return "source = ? AND target = ?", [a, b]
        return "source IN (?, ?) AND target IN (?, ?) AND source <> target", [a, b, a, b]  # which DuckDB looks up
    if name == "quad":
        return "quad = ?", [int(value)]
    if name in ("tone", "kind"):
        return "quad IN (?, ?)", list((TONES | KINDS)[value])
    if name in ("since", "until"):
        return f'"day" {">=" if name == "since" else "<="} CAST(? AS DATE)', [value]
    if name == "placed":
        return "latitude IS NOT NULL" if value == "yes" else "latitude IS NULL", []
    latitude, longitude = map(float, value.split(","))
    return "round(latitude, 2) = round(?, 2) AND round(longitude, 2) = round(?, 2)", [latitude, longitude]


def wanted(query: Mapping[str, str]) -> Acts:
    """The acts that an address asks for. Raises UsageError."""
    chosen = {name: query[name].strip() for name in FIELDS if query.get(name, "").strip()}
    closed = {"quad": "01234", "tone": tuple(TONES), "kind": tuple(KINDS), "placed": ("yes", "no")}
    for name, value in chosen.items():
        if len(value) > filters.LONGEST:
            raise UsageError(f"'{name}' has more than {filters.LONGEST} characters: follow a link on another page")
        if name in closed and (value not in closed[name] or (name == "quad" and len(value) > 1)):
            raise UsageError(f"'{name}' is {', '.join(closed[name])}, not {value[:40]!r}")
        if name in ("since", "until"):
            chosen[name] = filters.day(name, value)
        if name == "between" and not BETWEEN.fullmatch(value):
            raise UsageError("'between' is two codes of three letters, such as RUS-UKR")
        if name == "at":
            chosen[name] = _at(value)
    return Acts(chosen)


def _at(value: str) -> str:
    try:
        latitude, longitude = (float(part) for part in value.split(","))
    except ValueError:
        raise UsageError("'at' is a latitude and a longitude, such as 59.91,10.75") from None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise UsageError("'at' is a latitude from -90 to 90 and a longitude from -180 to 180, such as 59.91,10.75")
    return f"{latitude:.2f},{longitude:.2f}"


def acts(request: Request, view: View) -> Page:
    """`/acts`: the acts that match, newest first."""
    asked = wanted(request.query_params)
    limit, offset = slice_of(request)
    rows, count = listed(view, asked, limit, offset), total(view, asked)
    if limit == PAGE_ROWS:
        add_details(view, rows)
    values = {"wanted": asked, **steps(request, limit, offset, count)}
    return Page("acts.html", "Acts", rows, count, values, {"filters": asked.chosen})


def listed(view: View, asked: Acts, limit: int, offset: int = 0) -> list[Row]:
    """Some of the acts that match: first the day that they go back to, by which most rows need not be looked at."""
    condition, values = asked.where()
    last = view.rows(
        f'SELECT "day" FROM screen_acts WHERE {condition} ORDER BY "day" DESC NULLS LAST LIMIT 1 OFFSET ?',
        [*values, offset + limit - 1],
    )
    if last and last[0]["day"]:
        condition, values = f'{condition} AND "day" >= ?', [*values, last[0]["day"]]
    return view.rows(
        f"""SELECT {_COLUMNS} FROM screen_acts WHERE {condition}
            ORDER BY "day" DESC NULLS LAST, id, file, line, source, target LIMIT ? OFFSET ?""",
        [*values, limit, offset],
    )


def total(view: View, asked: Acts) -> int:
    """How many acts match."""
    condition, values = asked.where()
    return view.number(f"SELECT count(*) FROM screen_acts WHERE {condition}", values)


def has_coded(view: View) -> bool:
    """Whether the ledger holds event data of others."""
    return view.kept("has coded", lambda: bool(view.number("SELECT count(*) FROM coded_acts")))


def href(view: View, asked: Acts) -> str:
    """Where the acts are listed: the events with their mentions, unless some of the acts are coded ones."""
    on_events = asked.chosen.keys() <= filters.COLUMNS.keys() | {"origin"} and asked.chosen.get("origin", READ) == READ
    if on_events and not (has_coded(view) and "origin" not in asked.chosen):
        return asked.address("/events", origin=None)
    return asked.address()


def add_details(view: View, rows: list[Row]) -> None:
    """Put the words of the report, or of the data set, beside the few rows that a page shows."""
    events = {row["id"]: row for row in view.rows(
        _SENTENCES, [[r["id"] for r in rows if not r["file"]]]
    )}  # fmt: skip
    coded = _coded(view, [row for row in rows if row["file"]])
    for row in rows:
        found = coded.get((row["file"], row["line"]), {}) if row["file"] else events.get(row["id"], {})
        row["words"] = found.get("sentence") or found.get("text") or found.get("label")
        row["names"] = tuple(found.get(f"{side}_name") for side in ("source", "target"))
        row |= {name: found.get(name) for name in ("url", "publisher", "title")}


def _coded(view: View, rows: list[Row]) -> dict[tuple[str, int], Row]:
    """What only the ledger's own table holds of coded rows; file, line and day lead to them without a full scan."""
    if not rows:
        return {}
    files, lines = sorted({row["file"] for row in rows}), sorted({row["line"] for row in rows})
    days = [row["day"] for row in rows if row["day"]]
    condition, values = f"file IN ({_marks(files)}) AND line IN ({_marks(lines)})", [*files, *lines]
    if len(days) == len(rows):
        condition, values = condition + ' AND "date" BETWEEN ? AND ?', [*values, min(days), max(days)]
    found = view.rows(f"SELECT {_DETAILS} FROM coded WHERE {condition}", values)
    return {(row["file"], row["line"]): row for row in found}


def _marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))
