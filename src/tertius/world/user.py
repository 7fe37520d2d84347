"""A user's own table of actors, merged over ours: `--actors FILE.csv`.

Columns id, name, kind, country, sector, aliases (joined by '|'), and, for people, role, start, end. An id that our
tables have changes what they say; a row with a role is an office, so a person may have several rows. What cannot be
used is reported with its line and column, and the rest is used.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

from tertius import ontology
from tertius.errors import WorldError
from tertius.world import codes, entities
from tertius.world.model import Entity, Kind, Post
from tertius.world.tables import cells

REQUIRED = ("id", "name")
COLUMNS = (*REQUIRED, "kind", "country", "sector", "aliases", "role", "start", "end")
LARGEST = 64 * 1024 * 1024  # bytes; a table is held in memory
LONGEST_CELL = 100_000  # characters


class Line(NamedTuple):
    """One row of the table: the number of its line in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


class Unusable(WorldError):
    """A cell that cannot be used. The message starts with its line and column."""

    def __init__(self, line: Line, column: str, problem: str) -> None:
        super().__init__(f"line {line.number}, column '{column}': {problem}")


def use(path: str | Path) -> tuple[str, ...]:
    """Read the table and merge it over ours for this process; gives the warnings. Raises WorldError as `read` does."""
    own, warnings = read(path)
    entities.merge(own)
    return warnings


def read(path: str | Path) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
    """The entities of a user's table, as they stand after merging with ours, and warnings about what was left out.

    Raises WorldError if the file cannot be read as a table at all.
    """
    warnings: list[str] = []
    found: dict[str, Entity] = {}
    first_line: dict[str, int] = {}
    for line in _lines(Path(path), warnings):
        try:
            known = _entity(line)
        except WorldError as problem:
            warnings.append(f"{problem}; the row is left out")
            continue
        post = _post(line, known, warnings)
        earlier = found.get(known.id)
        if earlier is None:
            first_line[known.id] = line.number
            found[known.id] = _with_post(known, post)
        elif post is not None and earlier.names[0] == known.names[0]:
            found[known.id] = _with_post(earlier, post)
        else:
            before = first_line[known.id]
            warnings.append(
                str(Unusable(line, "id", f"'{known.id}' stands on line {before} already; the row is left out"))
            )
    return tuple(_over_ours(known) for known in found.values()), tuple(warnings)


def _lines(path: Path, warnings: list[str]) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    header: list[str] = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row) or row[0].startswith("#"):
                continue
            if not header:
                header = _header(path, row)
            elif len(row) != len(header):
                count = f"{len(row)} cells, where the header has {len(header)}"
                warnings.append(f"line {reader.line_num}: {count}; the row is left out")
            elif max(map(len, row)) > LONGEST_CELL:
                warnings.append(f"line {reader.line_num}: a cell without end (is a quotation mark open?); left out")
            else:
                yield Line(reader.line_num, {column: cell.strip() for column, cell in zip(header, row, strict=True)})
    except csv.Error as problem:
        warnings.append(f"line {reader.line_num}: {problem}; what follows is left out")
    if not header:
        raise WorldError(f"{path}: no header row; the first row must name the columns {', '.join(COLUMNS)}")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise WorldError(f"{path}: over {LARGEST // 1024**2} MB; split the table")
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise WorldError(f"{path}: cannot be read ({problem.strerror}); give the path of a CSV file") from problem
    except UnicodeDecodeError as problem:
        raise WorldError(f"{path}: not UTF-8 (byte {problem.start}); save the table as UTF-8") from problem


def _header(path: Path, row: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in row]
    for column in REQUIRED:
        if column not in header:
            raise WorldError(f"{path}: no column '{column}'; the columns are {', '.join(COLUMNS)}")
    for column in header:
        if header.count(column) > 1:
            raise WorldError(f"{path}: column '{column}' stands twice in the header; name each column once")
    return header


def _entity(line: Line) -> Entity:
    values = line.cells
    for column in REQUIRED:
        if not values[column]:
            raise Unusable(line, column, "empty; every actor needs an id and a name")
    ours = entities.shipped(values["id"])
    kind = _kind(line, ours)
    country, sector = values.get("country", "").upper(), values.get("sector", "").upper()
    if country and country not in codes.countries() and country not in ontology.INTERNATIONAL:
        raise Unusable(line, "country", f"unknown code '{country}'; use ISO 3166 alpha-3 or UNO, EUR, NAT, IGO ...")
    if sector and sector not in ontology.SECTORS and sector not in ontology.INTERNATIONAL:
        raise Unusable(line, "sector", f"unknown code '{sector}'; use one of {', '.join(ontology.SECTORS)}")
    names = (values["name"], *(name.strip() for name in cells(values.get("aliases", ""))))
    return Entity(values["id"], kind, country, sector, tuple(dict.fromkeys(name for name in names if name)))


def _kind(line: Line, ours: Entity | None) -> Kind:
    value = line.cells.get("kind", "").lower() or (ours.kind if ours else "")
    for kind in get_args(Kind):
        if value == kind:
            return kind  # type: ignore[no-any-return]
    problem = f"unknown kind '{value}'" if value else "empty"
    raise Unusable(line, "kind", f"{problem}; use one of {', '.join(get_args(Kind))}")


def _post(line: Line, known: Entity, warnings: list[str]) -> Post | None:
    role = line.cells.get("role", "")
    if not role:
        return None
    try:
        start, end = _day(line, "start"), _day(line, "end")
        if end and end < start:
            raise Unusable(line, "end", f"the office ends ({end}) before it begins ({start})")
    except WorldError as problem:
        warnings.append(f"{problem}; the office is left out")
        return None
    return Post(role, known.country, known.sector, start, end)


def _day(line: Line, column: str) -> str:
    value = line.cells.get(column, "")
    if not value:
        return ""
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError as problem:
        raise Unusable(line, column, f"'{value}' is not a date; write YYYY-MM-DD") from problem


def _with_post(known: Entity, post: Post | None) -> Entity:
    if post is None:
        return known
    posts = sorted((*known.posts, post), key=lambda held: held.start)
    return Entity(known.id, known.kind, known.country, known.sector, known.names, tuple(posts))


def _over_ours(known: Entity) -> Entity:
    ours = entities.shipped(known.id)
    if ours is None:
        return known
    country, sector = known.country or ours.country, known.sector or ours.sector
    posts = tuple(
        Post(post.role, post.country or country, post.sector or sector, post.start, post.end) for post in known.posts
    )
    names = tuple(dict.fromkeys((*known.names, *ours.names)))
    return Entity(known.id, known.kind, country, sector, names, posts or ours.posts)
