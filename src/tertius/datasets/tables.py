"""The tables beside the code, in tables/: CSV in UTF-8, comment lines first, multi-valued cells joined by '|'."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources


def rows(table: str) -> Iterator[list[str]]:
    """The rows of a table that ships, without its header."""
    reader = csv.reader(line for line in text(f"tables/{table}.csv").splitlines() if not line.startswith("#"))
    next(reader)
    yield from reader


def text(path: str) -> str:
    """A file of this package."""
    return resources.files("tertius.datasets").joinpath(path).read_text(encoding="utf-8")
