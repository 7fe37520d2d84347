"""Rows by the million: relations of DuckDB into the ledger's tables, and the record that makes an import visible.

Each row of an import names its batch; the row of `imports`, written last, makes the batch visible as a whole.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tertius.ledger import store

if TYPE_CHECKING:
    import duckdb

    from tertius.ledger.ledger import Ledger

Table = Literal["coded", "reports", "failures"]
ROW_GROUP = 131_072  # rows: the unit that DuckDB reads in parallel and skips


def append(ledger: Ledger, table: Table, connection: duckdb.DuckDBPyConnection, select: str) -> str | None:
    """Append what a SELECT gives, with the columns of the table in their order, and return the new Parquet file.

    DuckDB writes the file as the rows stream by, and Delta then takes it into the table: a relation handed to
    `write_deltalake` is whole in memory first. None where there are no rows. Raises LedgerError.
    """
    file = ledger.folder / table / f"part-{uuid.uuid4()}.parquet"
    with store.refusals(ledger.folder):
        _evolve(ledger, table)
        try:
            rows = _copy(connection, select, file)
            if rows:
                _commit(ledger.folder / table, file, rows)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    if not rows:
        file.unlink(missing_ok=True)
    return str(file) if rows else None


def _copy(connection: duckdb.DuckDBPyConnection, select: str, file: Path) -> int:
    """Write the rows of a SELECT to a Parquet file and return their number. Raises OSError."""
    import duckdb

    target = str(file).replace("'", "''")
    try:
        copied = connection.execute(
            f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchone()
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
    return int(copied[0]) if copied else 0


def _commit(folder: Path, file: Path, rows: int) -> None:
    import deltalake
    from deltalake.transaction import AddAction

    table = deltalake.DeltaTable(str(folder))
    seen = file.stat()
    stats = json.dumps({"numRecords": rows})
    action = AddAction(file.name, seen.st_size, {}, int(seen.st_mtime * 1000), True, stats)
    table.create_write_transaction([action], "append", table.schema())


def _evolve(ledger: Ledger, table: Table) -> None:
    """Give a table of an earlier Tertius the columns that are new since, or make it."""
    found = store.opened(ledger.folder, table)
    known = {field.name for field in found.schema().fields} if found else set()
    if known != set(store.columns(table)):
        store.write(ledger.folder, table, [], mode="append", schema_mode="merge")


def show(ledger: Ledger, imports: Sequence[dict[str, Any]]) -> None:
    """Record imports that are complete: from here on their rows are visible. Raises LedgerError."""
    store.append(ledger.folder, {"imports": list(imports)})


def imported(ledger: Ledger) -> frozenset[tuple[str, str]]:
    """The files that are here, as (data set, hash)."""
    found = store.files(ledger.folder, "imports")
    if not found:
        return frozenset()
    import duckdb

    with duckdb.connect() as connection:
        rows = connection.execute("SELECT DISTINCT dataset, sha256 FROM read_parquet(?)", [found]).fetchall()
    return frozenset((dataset, digest) for dataset, digest in rows)


def learn_ids(ledger: Ledger, connection: duckdb.DuckDBPyConnection, dataset: str, table: str) -> None:
    """Fill a table of `connection` that has one column with the ids, without prefix, that are visible of a data set."""
    connection.execute(f"DELETE FROM {table}")
    found, imports = store.files(ledger.folder, "coded"), store.files(ledger.folder, "imports")
    if found and imports:
        connection.execute(
            f"INSERT INTO {table} SELECT DISTINCT substr(id, length($dataset) + 2) "
            "FROM read_parquet($coded, union_by_name = true) "
            "WHERE dataset = $dataset AND batch IN (SELECT batch FROM read_parquet($imports))",
            {"dataset": dataset, "coded": found, "imports": imports},
        )
