"""A ledger in the forms that others read: Parquet, CSV, JSON lines, ICEWS- and GDELT-like tables, GeoJSON and graphs.

Beside each export lie its codebook, its actors and BibTeX entries (companions.py). Files appear whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from tertius.datasets import codes, companions, graphs
from tertius.datasets.statements import literal, name
from tertius.datasets.tables import text
from tertius.errors import TertiusError, UsageError
from tertius.ledger import store
from tertius.ledger.ledger import Ledger

if TYPE_CHECKING:
    import duckdb

Format = Literal["parquet", "csv", "jsonl", "icews", "gdelt", "gdelt-mentions", "geojson", "gexf", "graphml"]
FORMATS: tuple[Format, ...] = get_args(Format)
PAIRS = ("icews", "gdelt", "gexf", "graphml")  # one row for each pair of actors
EXTRA = (
    "independent_sources", "confidence", "asserted_by", "denied_by", "document", "all_sources", "all_targets",
    "corrected",
)  # fmt: skip
FEATURES = 10_000  # rows that are fetched at a time


class Wanted(NamedTuple):
    """Which acts are exported; None or empty wants all. Dates are ISO and both included.

    `source`, `target`: a country or actor code ('RUS', 'RUS GOV') or words of the name. `datasets`: 'tertius' for what
    was read from articles. `mentions`: every mention of an article rather than merged events.
    """

    source: str | None = None
    target: str | None = None
    types: tuple[str, ...] = ()
    modality: str | None = None
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    datasets: tuple[str, ...] = ()
    mentions: bool = False
    limit: int | None = None


class Exported(NamedTuple):
    """What was written: the number of rows, and the files, the export itself first."""

    rows: int
    files: tuple[Path, ...]


def columns() -> list[str]:
    """The columns of a Parquet, CSV or JSON lines export, in order."""
    return [column for column in store.columns("coded") if column != "batch"] + list(EXTRA)


def export(ledger: Ledger, file: Path, format: Format, wanted: Wanted = Wanted()) -> Exported:  # noqa: B008 (immutable)
    """Write the acts of a ledger that are wanted to `file`, and its companions beside it.

    Raises UsageError where no file can be made there, TertiusError when the disk refuses, LedgerError.
    """
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"{file}: no file can be made there: name a file in a folder that exists")
    with ledger.connect(wanted.as_of) as connection, _writing(file) as unfinished:
        _prepare(connection, wanted, pairs=format in PAIRS)
        rows = _write(connection, unfinished, format)
        beside = companions.write(connection, file, format, _columns_of(connection, format))
    return Exported(rows, (file, *beside))


@contextmanager
def _writing(file: Path) -> Iterator[Path]:
    """A file to write to that takes its place when it is whole."""
    import duckdb

    unfinished = file.with_name(file.name + ".part")
    try:
        yield unfinished
        unfinished.replace(file)
    except (OSError, duckdb.IOException) as error:
        cure = "free some space or choose another folder, and run the same command again"
        raise TertiusError(f"{file} could not be written ({str(error).splitlines()[0]}): {cure}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _prepare(connection: duckdb.DuckDBPyConnection, wanted: Wanted, *, pairs: bool) -> None:
    """Make `chosen`, the rows that are wanted, and the tables of codes to write them with."""
    connection.execute("SET memory_limit = '1GB'")
    connection.execute(
        "CREATE TEMP MACRO code(party) AS nullif(concat_ws(' ', party.country, party.sector), '');"
        "CREATE TEMP MACRO plain(x) AS CASE WHEN x = trunc(x) THEN CAST(CAST(x AS BIGINT) AS VARCHAR) "
        "ELSE CAST(x AS VARCHAR) END"
    )
    told = "told_mentions" if wanted.mentions else "told_events"
    connection.execute(text("sql/export.sql").replace("{told}", told).replace("{{", "{").replace("}}", "}"))
    conditions, values = _where(wanted)
    source = "export_pairs" if pairs else "export_acts"
    order = 'ORDER BY "date" NULLS LAST, dataset, length(id), id, file, line'
    limit = f"LIMIT {int(wanted.limit)}" if wanted.limit is not None else ""
    known = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {source})").fetchall())
    listed = ", ".join(name(column) if column in known else f"NULL AS {name(column)}" for column in columns())
    select = f"SELECT {listed} FROM {source} {conditions} {order} {limit}"
    for number, value in enumerate(values, 1):
        connection.execute(f"SET VARIABLE wanted_{number} = {literal(value)}")
    connection.execute(f"CREATE TEMP VIEW chosen AS {select}")
    codes.load_names(connection)


def _where(wanted: Wanted) -> tuple[str, list[str]]:
    """The condition of the rows that are wanted, and its values, which it reads from variables."""
    conditions: list[str] = []
    values: list[str] = []

    def value(given: str) -> str:
        values.append(given)
        return f"getvariable('wanted_{len(values)}')"

    for side, party in (("source", wanted.source), ("target", wanted.target)):
        if party:
            code, words = value(party.upper()), value(party.lower())
            conditions.append(f"({code} IN ({side}_country, {side}_code) OR contains(lower({side}_name), {words}))")
    if wanted.types:
        conditions.append(f'"type" IN ({", ".join(map(value, wanted.types))})')
    if wanted.datasets:
        conditions.append(f"dataset IN ({', '.join(map(value, wanted.datasets))})")
    if wanted.modality:
        conditions.append(f"modality = {value(wanted.modality)}")
    if wanted.since:
        conditions.append(f'coalesce("end", "date", published) >= CAST({value(wanted.since)} AS DATE)')
    if wanted.until:
        conditions.append(f'coalesce("date", published) <= CAST({value(wanted.until)} AS DATE)')
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), values


def _write(connection: duckdb.DuckDBPyConnection, file: Path, format: Format) -> int:
    if format == "parquet":
        return _copy(connection, "SELECT * FROM chosen", file, "FORMAT parquet, COMPRESSION zstd")
    if format == "jsonl":
        return _copy(connection, "SELECT * FROM chosen", file, "FORMAT json")
    if format == "csv":
        return _copy(connection, _guarded(connection, "SELECT * FROM chosen"), file, "FORMAT csv, HEADER")
    if format in ("icews", "gdelt", "gdelt-mentions"):
        header = "true" if format == "icews" else "false"
        told = _guarded(connection, text(f"sql/as-{format}.sql"), tabs=True)
        return _copy(connection, told, file, f"FORMAT csv, DELIMITER '\\t', QUOTE '', ESCAPE '', HEADER {header}")
    if format == "geojson":
        return _geojson(connection, file)
    edges = connection.execute(text("sql/edges.sql"))
    return graphs.write(file, format, [column[0] for column in edges.description or ()], edges.fetchall())


def _columns_of(connection: duckdb.DuckDBPyConnection, format: Format) -> list[str]:
    """The columns of an export, none for a graph."""
    if format in ("gexf", "graphml"):
        return []
    if format not in ("icews", "gdelt", "gdelt-mentions"):
        return columns()
    ask = f"SELECT column_name FROM (DESCRIBE {text(f'sql/as-{format}.sql')})"
    return [row[0] for row in connection.execute(ask).fetchall()]


def _copy(connection: duckdb.DuckDBPyConnection, select: str, file: Path, how: str) -> int:
    copied = connection.execute(f"COPY ({select}) TO {literal(str(file))} ({how})").fetchone()
    return int(copied[0]) if copied else 0


def _guarded(connection: duckdb.DuckDBPyConnection, select: str, *, tabs: bool = False) -> str:
    """A SELECT whose text cannot be run as a formula by a spreadsheet; lists joined by '; '.

    With `tabs`, for tables without quotes, tabs and line breaks in cells become spaces.
    """
    parts = []
    for column, kind in connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {select})").fetchall():
        cell = name(column)
        if kind == "VARCHAR[]":
            cell = f"array_to_string({cell}, '; ')"
        if kind in ("VARCHAR", "VARCHAR[]"):
            broken = (
                f"translate({cell}, E'\\t\\n\\r', '   ')"
                if tabs
                else f"replace(replace({cell}, E'\\r\\n', E'\\n'), E'\\r', E'\\n')"
            )
            number = f"TRY_CAST({cell} AS DOUBLE) IS NOT NULL" if tabs else "false"
            risky = f"regexp_matches({cell}, '^[=+@\\t\\r-]') AND NOT {number}"
            cell = f"CASE WHEN {risky} THEN '''' ELSE '' END || {broken}"
        parts.append(f"{cell} AS {name(column)}")
    return f"SELECT {', '.join(parts)} FROM ({select})"


def _geojson(connection: duckdb.DuckDBPyConnection, file: Path) -> int:
    """A FeatureCollection of the acts whose place is known (RFC 7946), one feature a line."""
    shape = "json_object('type', 'Point', 'coordinates', [longitude, latitude])"
    rest = "to_json(c) -> '$'"
    found = connection.execute(
        f"SELECT json_object('type', 'Feature', 'id', id, 'geometry', {shape}, 'properties', {rest}) "
        "FROM (SELECT * FROM chosen WHERE latitude IS NOT NULL AND longitude IS NOT NULL) c"
    )
    rows = 0
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        while some := found.fetchmany(FEATURES):
            for (feature,) in some:
                stream.write((",\n" if rows else "\n") + str(feature))
                rows += 1
        stream.write("\n]}\n")
    return rows
