"""Tables of no known data set: exports of Tertius itself, and any CSV with the user's map of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, get_args

from tertius.datasets import layouts
from tertius.datasets.layouts import Layout
from tertius.datasets.statements import literal, name
from tertius.errors import MissingColumn, UsageError
from tertius.ledger import store
from tertius.world.codes import Scheme

EVIDENCE = ("batch", "dataset", "file", "line")
COUNTRIES = ("source_country", "target_country", "place_country")
SCHEMES = ("name", *get_args(Scheme))
_GOOD = {
    "DATE": "day({})",
    "INTEGER": "whole({})",
    "BIGINT": "TRY_CAST({} AS BIGINT)",
    "DOUBLE": "number({})",
    "BOOLEAN": "TRY_CAST({} AS BOOLEAN)",
    "VARCHAR[]": "string_split({}, '; ')",
}
# Spreadsheets would run cells that begin so as formulas: the export put an apostrophe before them.
_UNGUARDED = "CASE WHEN regexp_matches({0}, '^''[=+@\\t\\r-]') THEN substr({0}, 2) ELSE nullif({0}, '') END"


def layout(first_line: str) -> Layout:
    """The layout of an export of Tertius. Raises MissingColumn if it is none."""
    delimiter = layouts.delimiter_of(first_line)
    row = layouts.cells_of(first_line, delimiter)
    columns = tuple(_columns())
    for needed in ("id", "date", "source_country", "target_country", "type"):
        if needed not in row:
            cure = "this is no table that 'tertius export --format csv' wrote"
            raise MissingColumn(f"its header has no column '{needed}': {cure}")
    places = tuple(row.index(column) if column in row else None for column in columns)
    return Layout(tuple(map(_cell, columns)), places, len(row), True, delimiter)


def told() -> str:
    """The SQL for an export of Tertius: every column as it stands, with the evidence that it names."""
    parts = {}
    for column, kind in _columns().items():
        cell = _UNGUARDED.format(f"g.{name(_cell(column))}")
        parts[column] = _GOOD.get(kind, "{}").format(cell)
    parts |= {"whole_id": parts.pop("id"), "date_given": f"g.{name(_cell('date'))}"}
    parts |= {column: f"coalesce({parts[column]}, g.{column})" for column in ("file", "line")}
    listed = ", ".join(f"{value} AS {name(column)}" for column, value in parts.items())
    return f"SELECT g.batch, g.digest, g.width, {listed} FROM given g"


def _cell(column: str) -> str:
    """How a cell is named that holds one of our columns, beside the evidence of its own row."""
    return f"told {column}"


def mapped(columns: Mapping[str, str], schemes: Mapping[str, str], fixed: Mapping[str, str]) -> str:
    """The SQL for any table: `columns` as the user maps them, `fixed` the same in all rows. Raises UsageError."""
    check(columns, schemes, fixed)
    cells = {column: f"said(g.{name(column)})" for column in columns}
    cells |= {column: literal(value) for column, value in fixed.items()}
    parts = {column: _part(column, cell, schemes.get(column, "name")) for column, cell in cells.items()}
    told = {column: part.value for column, part in parts.items()}
    if "cameo" in told:
        told = {"type": 'e."type"', "mode": "e.mode", "contexts": "e.contexts"} | told
    told["date_given"] = f"g.{name('date')}" if "date" in columns else "''"
    told["doubts"] = f"concat_ws('; ', {', '.join([part.doubt for part in parts.values() if part.doubt] or ['NULL'])})"
    listed = ", ".join(f"{value} AS {name(column)}" for column, value in told.items())
    joins = " ".join(part.joins for part in parts.values())
    return f"SELECT g.batch, g.file, g.line, g.digest, g.width, {listed} FROM given g {joins}"


class _Part(NamedTuple):
    """One of our columns: its SQL, the tables that it needs, and what it says of a cell that is not understood."""

    value: str
    joins: str = ""
    doubt: str = ""


def _part(column: str, cell: str, scheme: str) -> _Part:
    """What a column makes of a cell; countries go by the table of a scheme, types and codes by theirs."""
    k, b = f"k_{column}", f"b_{column}"
    if column in COUNTRIES:
        key = f"lower({cell})" if scheme == "name" else f"upper({cell})"
        joins = (
            f"LEFT JOIN countries_{scheme} {k} ON {k}.given = {key} LEFT JOIN bodies {b} ON {b}.given = lower({cell})"
        )
        known = f"coalesce({k}.given, {b}.given)"
        return _Part(f"coalesce({k}.country, {b}.country)", joins, f"unknown('{column}', {cell}, {known})")
    if column in ("source_sector", "target_sector"):
        joins = f"LEFT JOIN sectors_plover {k} ON {k}.given = upper({cell})"
        return _Part(f"{k}.given", joins, f"unknown('{column}', {cell}, {k}.given)")
    if column == "type":
        joins = f"LEFT JOIN plover {k} ON {k}.\"type\" = upper({cell}) AND {k}.mode = ''"
        return _Part(f'{k}."type"', joins, f"unknown('event type', {cell}, {k}.\"type\")")
    if column == "cameo":
        joins = f"LEFT JOIN cameo_written {k} ON {k}.given = {cell} LEFT JOIN cameo e ON e.code = {k}.code"
        return _Part(f"coalesce(e.code, {cell})", joins, f"unknown('event code', {cell}, e.code)")
    return _Part(_GOOD.get(_columns()[column], "{}").format(cell))


def check(columns: Mapping[str, str], schemes: Mapping[str, str], fixed: Mapping[str, str]) -> None:
    """Raises UsageError where a map names a column or a scheme that does not exist."""
    kinds = _columns()
    for column in (*columns, *fixed):
        if column not in kinds or column in EVIDENCE:
            known = ", ".join(kind for kind in kinds if kind not in EVIDENCE)
            raise UsageError(f"--map {column}=...: there is no such column; there are {known}")
    for column, scheme in schemes.items():
        if scheme not in SCHEMES or column not in COUNTRIES:
            raise UsageError(
                f"--map {column}=...:{scheme}: a scheme belongs to {', '.join(COUNTRIES)} and is one of "
                + ", ".join(SCHEMES)
            )
    if "date" not in columns and "date" not in fixed:
        raise UsageError("--map date=THEIR NAME is missing: every event needs a date")


@lru_cache(maxsize=1)
def _columns() -> dict[str, str]:
    return {column: kind for column, kind in store.columns("coded").items() if column != "batch"}
