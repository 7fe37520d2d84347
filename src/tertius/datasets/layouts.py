"""Which column of a file is which: by its header, under the names of all years, or by the number of columns."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from tertius.errors import MissingColumn, SourceError
from tertius.world.tables import cells

Dataset = Literal["icews", "polecat", "gdelt", "gdelt-mentions", "phoenix", "ucdp", "acled"]
DATASETS: tuple[Dataset, ...] = ("icews", "polecat", "gdelt", "gdelt-mentions", "phoenix", "ucdp", "acled")
DELIMITERS = ("\t", ",", ";", "|")


class Layout(NamedTuple):
    """How the columns of a data set lie in one file."""

    columns: tuple[str, ...]  # all columns of the data set, as its SQL names them
    places: tuple[int | None, ...]  # where each stands in a row, from 0; None where the file lacks it
    width: int  # cells of a row
    header: bool
    delimiter: str

    @property
    def quoted(self) -> bool:
        """Whether cells may be quoted, so that a row may be several lines."""
        return self.delimiter != "\t"


def of(dataset: Dataset, first_line: str, also: Mapping[str, str] | None = None) -> Layout:
    """The layout of a file that begins with this line; `also` says how columns are called in this one.

    Raises MissingColumn for a header without a column that is needed, SourceError for another form.
    """
    delimiter = delimiter_of(first_line)
    row = cells_of(first_line, delimiter)
    columns = _columns(dataset)
    renamed = _renamed(dataset) | {ours: [theirs] for ours, theirs in (also or {}).items()}
    found = named(row, columns, renamed)
    needed = _tables()[dataset]["needs"]
    if sum(name in found for name in needed) * 2 >= len(needed) and not row[0].isdigit():
        missing = [name for name in needed if name not in found]
        if missing:
            cure = f"if it goes by another name, say so with --map '{missing[0]}=THEIR NAME'"
            raise MissingColumn(f"its header has no column '{missing[0]}', which {dataset} files have: {cure}")
        return Layout(columns, tuple(found.get(name) for name in columns), len(row), True, delimiter)
    return _headless(dataset, len(row), delimiter)


def _headless(dataset: Dataset, width: int, delimiter: str) -> Layout:
    columns = _columns(dataset)
    widths = {len(columns): (), **{int(n): names for n, names in _tables()[dataset].get("absent", {}).items()}}
    if width not in widths:
        usual = " or ".join(map(str, sorted(widths)))
        raise SourceError(
            f"its first line has {_counted(width)} and is no header that is known; {dataset} has {usual} columns: "
            f"check that the file is {dataset}, or use 'tertius import NAME --format csv --map ...'"
        )
    present = [name for name in columns if name not in widths[width]]
    places = tuple(present.index(name) if name in present else None for name in columns)
    return Layout(columns, places, width, False, delimiter)


def mapped(first_line: str, wanted: Mapping[str, str]) -> Layout:
    """The layout of any table with a header, from the user's map: our column to the name of theirs.

    Raises MissingColumn for a name that the header does not have.
    """
    delimiter = delimiter_of(first_line)
    row = cells_of(first_line, delimiter)
    places = {_bare(name): place for place, name in reversed(list(enumerate(row)))}
    for ours, theirs in wanted.items():
        if _bare(theirs) not in places:
            listed = ", ".join(row[:12]) + (", ..." if len(row) > 12 else "")
            raise MissingColumn(f"its header has no column '{theirs}' (--map {ours}={theirs}): it has {listed}")
    found = tuple(places[_bare(theirs)] for theirs in wanted.values())
    return Layout(tuple(wanted), found, len(row), True, delimiter)


def named(row: list[str], columns: tuple[str, ...], renamed: dict[str, list[str]]) -> dict[str, int]:
    """Where the columns stand in a header."""
    places = {_bare(name): place for place, name in reversed(list(enumerate(row)))}
    found: dict[str, int] = {}
    for name in columns:
        known = [places[_bare(also)] for also in (name, *renamed.get(name, ())) if _bare(also) in places]
        if known:
            found[name] = known[0]
    return found


def delimiter_of(line: str) -> str:
    """What parts the cells of a line: the most frequent of tab, comma, semicolon and bar."""
    return max(DELIMITERS, key=line.count)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line, quotes removed. Raises SourceError."""
    if delimiter == "\t":
        return [cell.strip(' "\r\n') for cell in line.split("\t")]
    try:
        return [cell.strip(' "\r\n') for cell in next(csv.reader([line], delimiter=delimiter), [""])]
    except csv.Error as error:
        raise SourceError(f"its first line cannot be read ({error}): this is no table of events") from error


def _counted(width: int) -> str:
    return "one column" if width == 1 else f"{width} columns"


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _columns(dataset: Dataset) -> tuple[str, ...]:
    return tuple(_tables()[dataset]["columns"])


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("tertius.datasets").joinpath("tables", "layouts.toml").read_text("utf-8"))


@lru_cache(maxsize=len(DATASETS))
def _renamed(dataset: Dataset) -> dict[str, list[str]]:
    from tertius.datasets.tables import rows

    return {column: cells(also) for found, column, also in rows("columns") if found == dataset}
