"""How the ledger's rows reach the disk and come back: Delta tables written from DuckDB relations, no pyarrow.

Rows are written as JSON lines to a temporary file that DuckDB reads with the column types of schema.sql: one definition
of each table, and nested columns without a data frame library in between.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import msgspec

from tertius.errors import LedgerError

if TYPE_CHECKING:
    import deltalake
    import duckdb

    from tertius.records import Reading

Rows = dict[str, list[dict[str, Any]]]

# The order of writing: `documents` and `imports` last, since they make the rest visible.
TABLES = (
    "actors", "mentions", "attributions", "figures", "failures", "documents",
    "corrections", "forecasts", "reports", "coded", "imports",
)  # fmt: skip
PARTS = ("actors", "mentions", "attributions", "figures")
WHOLE = ("events",)  # written as a whole in one commit, from the others
LATER = ("corrections", "forecasts")  # made when the first row comes, so that ledgers without any need not look


def create_tables(folder: Path) -> None:
    """Make the empty tables; those that another process has just made are left alone."""
    import deltalake

    with _schema() as connection:
        for table in (t for t in (*TABLES, *WHOLE) if t not in LATER):
            deltalake.write_deltalake(str(folder / table), connection.sql(f'SELECT * FROM "{table}"'), mode="ignore")


def append(folder: Path, rows: Rows) -> None:
    """Append rows to their tables, in the order of TABLES. Raises LedgerError if the disk refuses."""
    with refusals(folder):
        for table in TABLES:
            if rows.get(table):
                write(folder, table, rows[table], mode="append", schema_mode="merge")


def write(folder: Path, table: str, rows: list[dict[str, Any]], at: int | None = None, **how: Any) -> None:
    """Write rows to one table in one commit; `how` goes to deltalake. Raises OSError or DeltaError.

    `at`: the version that the rows were made from; CommitFailedError if another process has written since.
    """
    import deltalake

    before = opened(folder, table, at) if at is not None and at >= 0 else None
    with tempfile.TemporaryDirectory() as scratch, _schema() as connection:
        relation = _relation(connection, table, rows, Path(scratch))
        deltalake.write_deltalake(before or str(folder / table), relation, **how)


@contextmanager
def refusals(folder: Path) -> Iterator[None]:
    """What the disk refuses, as a LedgerError with its cure; a folder that is read-only before anything is tried."""
    from deltalake.exceptions import DeltaError

    try:
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only")
        yield
    except (OSError, DeltaError) as error:
        cure = "free some space or make it writable, then run the same command again: what is there already stays"
        raise LedgerError(f"{folder} could not be written ({error}): {cure}") from error


def rows_of(readings: Iterable[Reading], batch: str, added: str, places: Mapping[str, str | None]) -> Rows:
    """The rows of all tables for some readings. Ids of mentions, attributions become unique in the whole ledger."""
    rows: Rows = defaultdict(list)
    for reading in readings:
        document = reading.document
        where = places.get(document.id)
        stamp = {"batch": batch, "added": added, "where_found": where, "warnings": reading.warnings}
        rows["documents"].append(msgspec.to_builtins(document) | msgspec.to_builtins(reading.reader) | stamp)
        for table in PARTS:
            for record in getattr(reading, table):
                rows[table].append(_part(msgspec.to_builtins(record), table, document.id, batch))
    return rows


def _part(row: dict[str, Any], table: str, document: str, batch: str) -> dict[str, Any]:
    if table != "actors":
        row["id"] = ledger_id(document, row["id"])
    for place, key in ((row, "attribution"), (row, "within"), (row.get("factuality") or {}, "by")):
        if place.get(key):
            place[key] = ledger_id(document, place[key])
    return row | {"document": document, "batch": batch}


def ledger_id(document: str, local: str) -> str:
    """The id of a record in the whole ledger: '3f2a9c1b04d2-m1' from its document's hash and its id there."""
    return f"{document.removeprefix('sha256:')[:12]}-{local}"


def columns(table: str) -> dict[str, str]:
    """The columns of a table and their DuckDB types, in the order of schema.sql."""
    with _schema() as connection:
        return _columns(connection, table)


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(connection.execute(f'SELECT column_name, column_type FROM (DESCRIBE "{table}")').fetchall())


def version(folder: Path, table: str) -> int:
    """The newest version of a table; -1 where a ledger of an earlier Tertius has no such table."""
    found = opened(folder, table)
    return -1 if found is None else int(found.version())


def count(folder: Path, table: str) -> int:
    """The number of rows that a table's log counts: it grows with every write and stays when files are joined."""
    found = opened(folder, table)
    return 0 if found is None else int(found.count())


def files(folder: Path, table: str, at: int | None = None) -> list[str]:
    """The Parquet files of a table, at its newest version or an earlier one."""
    found = opened(folder, table, at)
    return [] if found is None else [unquote(uri) for uri in found.file_uris()]


def opened(folder: Path, table: str, at: int | None = None) -> deltalake.DeltaTable | None:
    """A table at its newest version or an earlier one; None where a ledger of an earlier Tertius has no such table."""
    if not (folder / table / "_delta_log").is_dir():
        return None
    import deltalake
    from deltalake.exceptions import TableNotFoundError

    try:
        return deltalake.DeltaTable(str(folder / table), version=at)
    except TableNotFoundError:
        return None


def connect(folder: Path, as_of: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection in memory with `stored_*` views over the files of this moment and the views of views.sql.

    `as_of`: as everything stood at the end of that day (ISO, UTC). Raises LedgerError if that history was removed.
    """
    return connected(state(folder, as_of))


def state(folder: Path, as_of: str | None = None) -> dict[str, list[str]]:
    """The Parquet files of all tables at this moment, or at the end of a day."""
    # Against the order of writing: whatever `documents` shows now, the other tables already hold.
    return {
        table: _files_of_day(folder, table, as_of) if as_of else files(folder, table)
        for table in (*WHOLE, *reversed(TABLES))
    }


def connected(found: Mapping[str, list[str]]) -> duckdb.DuckDBPyConnection:
    """A connection in memory over the files of `state`."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"CREATE SCHEMA empty; USE empty; {sql('schema.sql')}; USE main")
    for table, paths in found.items():
        connection.execute(f'CREATE VIEW "stored_{table}" AS {_stored(table, paths)}')
    connection.execute(sql("views.sql"))
    if found.get("corrections"):
        connection.execute(sql("corrected.sql"))
    return connection


def _files_of_day(folder: Path, table: str, day: str) -> list[str]:
    """The files of a table at the end of a day."""
    newest = opened(folder, table)
    then = None if newest is None else _version_of_day(newest, day)
    found = [] if then is None else files(folder, table, then)
    if not all(Path(name).is_file() for name in found):
        raise LedgerError(f"{folder} no longer keeps how it stood on {day}: ask for a later day, or without --as-of")
    return found


def _version_of_day(table: deltalake.DeltaTable, day: str) -> int | None:
    """The last version of a day, by the times in its log, which survive copying; None before the first."""
    end = (datetime.fromisoformat(day) + timedelta(days=1)).replace(tzinfo=UTC).timestamp() * 1000
    return max((commit["version"] for commit in table.history() if commit["timestamp"] < end), default=None)


def _stored(table: str, found: list[str]) -> str:
    """What a table is read from. DuckDB takes no parameters in a view; the paths come from the ledger's own log."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in found)
    if not listed:
        return f"SELECT * FROM empty.{table}"
    # The empty table gives the columns that files of an earlier Tertius lack.
    return f"SELECT * FROM empty.{table} UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name = true)"


@lru_cache(maxsize=4)
def sql(name: str) -> str:
    """The text of one of this room's .sql files."""
    return resources.files("tertius.ledger").joinpath(name).read_text(encoding="utf-8")


def _schema() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect()
    connection.execute(sql("schema.sql"))
    return connection


def _relation(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]], scratch: Path
) -> duckdb.DuckDBPyRelation:
    path = scratch / "rows.jsonl"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    types = _columns(connection, table)
    return connection.read_json(str(path), columns=types, format="newline_delimited", maximum_object_size=1 << 28)


def over(readings: Iterable[Reading]) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the views of views.sql over some readings, as a ledger that held them would have."""
    rows = rows_of(readings, "", datetime.now(UTC).replace(tzinfo=None).isoformat(), {})
    connection = _schema()
    with tempfile.TemporaryDirectory() as scratch:
        for table in (*WHOLE, *TABLES):
            if rows.get(table):
                relation = _relation(connection, table, rows[table], Path(scratch))
                relation.create(f"stored_{table}")
                connection.execute(f'DROP TABLE "{table}"')
            else:
                connection.execute(f'ALTER TABLE "{table}" RENAME TO "stored_{table}"')
    connection.execute(sql("views.sql"))
    return connection
