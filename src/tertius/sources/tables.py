"""Articles in tables: one row is one article. JSON lines, JSON arrays and CSV here, Parquet in parquet.py.

The text column is named by the user or found by its usual names; a row that cannot be read is skipped and named.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import IO, Any, NamedTuple

import msgspec

from tertius.errors import BrokenRow, EmptySource, MissingColumn, NotText, Skipped, SourceError, TooLarge
from tertius.sources import dates, limits
from tertius.sources.files import whole
from tertius.sources.text import Article, encoding_of, normalise

USUAL = {
    "text": ("text", "body", "article_text", "full_text", "fulltext", "content", "article", "maintext", "story"),
    "title": ("title", "headline"),
    "url": ("url", "link", "source_url", "article_url"),
    "publisher": ("publisher", "source", "outlet", "newspaper", "publication", "sitename", "site", "domain"),
    "published": (
        "published", "published_at", "publication_date", "publish_date", "date_publish", "pubdate", "date", "datetime",
    ),
}  # fmt: skip
_DELIMITERS = ",;\t|"
_MOST_LISTED = 20
_UNDECODED = re.compile("[\udc80-\udcff]")


class Columns(NamedTuple):
    """The names that the columns have in one table."""

    text: str
    title: str | None
    url: str | None
    publisher: str | None
    published: str | None


Found = Iterator[Article | Skipped]


def columns_of(names: Iterable[str], wanted: str | None) -> Columns:
    """Which column holds what. Raises MissingColumn, which lists the columns that there are."""
    given = list(names)
    known = {name.strip().lower(): name for name in reversed(given)}
    roles = {role: next((known[n] for n in usual if n in known), None) for role, usual in USUAL.items()}
    text = known.get(wanted.strip().lower()) if wanted else roles["text"]
    if text is None:
        listed = ", ".join(given[:_MOST_LISTED]) + (" ..." if len(given) > _MOST_LISTED else "")
        what = f"no column '{wanted}'" if wanted else "no column that is known to hold the text"
        raise MissingColumn(f"{what}; its columns are {listed or '(none)'}: name one of them with --text-column")
    return Columns(text, roles["title"], roles["url"], roles["publisher"], roles["published"])


def article_of(row: Mapping[str, Any], columns: Columns, where: str) -> Article:
    """The article in one row. Raises EmptySource, BrokenRow or TooLarge."""
    text = row.get(columns.text)
    if text is None or text == "":
        raise EmptySource(f"nothing in the column '{columns.text}'", where)
    if not isinstance(text, str):
        raise BrokenRow(f"the column '{columns.text}' holds no text but {type(text).__name__}", where)
    if len(text) > limits.TEXT_CHARACTERS:
        raise TooLarge(f"its text has more than {limits.TEXT_CHARACTERS:,} characters: split it into articles", where)
    said = {role: _words(row.get(name)) for role, name in columns._asdict().items() if name and role != "text"}
    published = dates.metadata(row.get(columns.published)) if columns.published else None
    return Article(where, normalise(text), said.get("title"), said.get("url"), said.get("publisher"), published)


def read_rows(rows: Iterable[tuple[str, Mapping[str, Any]]], columns: Columns) -> Found:
    """The articles of rows with the places where they stand."""
    for where, row in rows:
        try:
            yield article_of(row, columns, where)
        except SourceError as error:
            yield Skipped(where, error)


def read_lines(stream: IO[bytes], where: str, text_column: str | None) -> Found:
    """The articles in a file with one JSON object a line. Raises EmptySource, MissingColumn, TooLarge."""
    return _objects(_lines(stream, where), text_column)


def read_json(stream: IO[bytes], where: str, text_column: str | None) -> Found:
    """The articles in a JSON file: an array of objects, one object, or one object a line."""
    data = whole(stream, limits.JSON_BYTES)
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return read_lines(io.BytesIO(data), where, text_column)
    items = value if isinstance(value, list) else [value]
    return _objects(((f"{where}, item {n}", item) for n, item in enumerate(items, 1)), text_column)


def read_csv(stream: IO[bytes], where: str, text_column: str | None) -> Found:
    """The articles in a CSV file with a header. Raises EmptySource, NotText, MissingColumn, BrokenRow."""
    buffered = io.BufferedReader(_raw(stream), limits.CHUNK)
    text = io.TextIOWrapper(buffered, encoding_of(buffered.peek()), errors="surrogateescape", newline="")
    try:
        yield from _csv_text(text, where, text_column)
    finally:
        text.detach()
        buffered.detach()  # the stream is closed by who opened it


def _csv_text(text: io.TextIOWrapper, where: str, text_column: str | None) -> Found:
    csv.field_size_limit(limits.CELL_CHARACTERS)
    header_line = text.readline(limits.CHUNK)
    if not header_line.strip():
        raise EmptySource("it is empty: the first line must name the columns")
    delimiter = max(_DELIMITERS, key=header_line.count)
    rows = csv.reader(chain([header_line], _bounded_lines(text)), delimiter=delimiter)
    header = next(rows)
    yield from _csv_articles(rows, header, columns_of(header, text_column), where)


def _csv_articles(rows: Iterator[list[str]], header: Sequence[str], columns: Columns, where: str) -> Found:
    number = 0
    while True:
        number += 1
        place = f"{where}, row {number}"
        try:
            row = next(rows)
            if row:
                yield article_of(_csv_row(row, header), columns, place)
        except StopIteration:
            if number == 1:
                raise EmptySource("it has no rows under its header: nothing to read") from None
            return
        except SourceError as error:
            yield Skipped(place, type(error)(error.reason, place))
            if isinstance(error, TooLarge) and not error.where:
                return  # a line without end: where the next row begins cannot be known
        except csv.Error as error:
            reason = f"{error}; the rows after it were not read: is a quotation mark before it never closed?"
            yield Skipped(place, BrokenRow(reason, place))
            return


def _csv_row(row: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    if any(cell.strip() for cell in row[len(header) :]):
        raise BrokenRow(f"{len(row)} cells where the header names {len(header)}: quote cells that hold the delimiter")
    if any(map(_UNDECODED.search, row)):
        raise BrokenRow("its bytes are not in the encoding of the rows before it: save the file as UTF-8")
    return dict(zip(header, row, strict=False))


def _bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(limits.CELL_CHARACTERS):
        if len(line) >= limits.CELL_CHARACTERS and not line.endswith("\n"):
            raise TooLarge(f"a line of more than {limits.CELL_CHARACTERS:,} characters; what comes after was not read")
        yield line


def _lines(stream: IO[bytes], where: str) -> Iterator[tuple[str, Any]]:
    """Decoded lines with their places; a line that is no JSON comes as its SourceError."""
    number = 0
    while line := stream.readline(limits.LINE_BYTES + 1):
        number += 1
        place = f"{where}, line {number}"
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
            if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise NotText("it is in UTF-16: save it as UTF-8")
        if len(line) > limits.LINE_BYTES:
            yield place, TooLarge(f"a line of more than {limits.LINE_BYTES:,} bytes: split it", place)
            while line and not line.endswith(b"\n"):
                line = stream.readline(limits.LINE_BYTES)
        elif line.strip():
            yield place, _decoded(line, place)


def _decoded(line: bytes, place: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return BrokenRow(f"no JSON ({error}): mend or delete this line", place)


def _objects(values: Iterator[tuple[str, Any]], text_column: str | None) -> Found:
    """The articles of JSON values, the columns found from the first rows."""
    head: deque[tuple[str, Any]] = deque()
    names: dict[str, None] = {}
    for place, value in values:
        head.append((place, value))
        names |= dict.fromkeys(value if isinstance(value, dict) else ())
        if len(head) >= limits.HEADER_ROWS:
            break
    if not head:
        raise EmptySource("it is empty: nothing to read")
    columns = columns_of(names, text_column) if names else None
    for place, value in chain(head, values):
        yield _from_object(value, columns, place)


def _from_object(value: Any, columns: Columns | None, place: str) -> Article | Skipped:
    if isinstance(value, SourceError):
        return Skipped(place, value)
    if not isinstance(value, dict) or columns is None:
        return Skipped(place, BrokenRow("no JSON object with named columns: mend or delete it", place))
    try:
        return article_of(value, columns, place)
    except SourceError as error:
        return Skipped(place, error)


def _words(value: Any) -> str | None:
    return normalise(value).strip() or None if isinstance(value, str) else None


def _raw(stream: IO[bytes]) -> Any:
    return stream  # a BufferedReader takes any stream with readinto; typeshed asks for RawIOBase
