"""World tables as they lie in world/tables/: CSV in UTF-8, comment lines first, multi-valued cells joined by '|'."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from importlib import resources

from tertius.errors import WorldError

Row = dict[str, str]


def text(table: str) -> str:
    """The text of a table that ships with Tertius, '' if this version has no such table."""
    path = resources.files("tertius.world").joinpath("tables", f"{table}.csv")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def rows(table: str, columns: Sequence[str]) -> Iterator[list[str]]:
    """The rows of a table that ships, each as its cells in the order of `columns`.

    Raises WorldError if the table lacks a column or a row has another number of cells than the header.
    """
    content = text(table)
    if not content:
        return
    reader = csv.reader(io.StringIO(_without_comments(content)))
    header = next(reader)
    missing = [column for column in columns if column not in header]
    if missing:
        raise WorldError(f"world table {table}.csv has no column '{missing[0]}': reinstall Tertius")
    places = [header.index(column) for column in columns]
    width = len(header)
    for row in reader:
        if len(row) != width:
            raise WorldError(f"world table {table}.csv, row starting '{row[0] if row else ''}': wrong number of cells")
        yield [row[place] for place in places]


def cells(value: str) -> list[str]:
    """The parts of a multi-valued cell, empty ones left out."""
    return [part for part in value.split("|") if part]


def _without_comments(content: str) -> str:
    position = 0
    while content.startswith("#", position):
        end = content.find("\n", position)
        if end < 0:
            return ""
        position = end + 1
    return content[position:]
