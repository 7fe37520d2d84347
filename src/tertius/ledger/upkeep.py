"""Looking after a ledger: what it holds, whether it is whole, and how to keep it quick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tertius.ledger import corrections, merged, store
from tertius.ledger.ledger import Ledger

if TYPE_CHECKING:
    import duckdb

HISTORY_HOURS = 24 * 7  # files that are no longer of use are kept so long for those who are reading them


class Status(NamedTuple):
    """What a ledger holds. Rows are dictionaries with the columns that their names say."""

    folder: Path
    tables: dict[str, int]
    documents_by_publisher: list[dict[str, Any]]  # publisher, first, last, articles, mentions
    coded_by_file: list[dict[str, Any]]  # dataset, file, first, last, rows, skipped, licence
    failures_by_reason: list[dict[str, Any]]  # reason, sources, example
    merged: bool
    megabytes: float
    files: int


def status(ledger: Ledger) -> Status:
    """What the ledger holds, by source and period, and what could not be read."""
    names = (
        "documents", "actors", "mentions", "attributions", "figures", "events", "corrections",
        "coded", "reports", "failures",
    )  # fmt: skip
    counts = ", ".join(f'(SELECT count(*) FROM "{name}") AS "{name}"' for name in names)
    found = [path for path in ledger.folder.rglob("*") if path.is_file()]
    return Status(
        folder=ledger.folder,
        tables=ledger.rows(f"SELECT {counts}")[0],
        documents_by_publisher=ledger.rows(store.sql("status_documents.sql")),
        coded_by_file=ledger.rows(store.sql("status_coded.sql")),
        failures_by_reason=ledger.rows(store.sql("status_failures.sql")),
        merged=merged.up_to_date(ledger.folder),
        megabytes=sum(path.stat().st_size for path in found) / 1e6,
        files=sum(path.suffix == ".parquet" for path in found),
    )


class Compacted(NamedTuple):
    """What compacting did, in numbers of Parquet files."""

    before: int
    after: int
    removed: int


def compact(ledger: Ledger, *, forget_history: bool = False) -> Compacted:
    """Join the small files of every table, and remove what a write that was cut short has left behind.

    Earlier states stay readable (`--as-of`) unless `forget_history`, which removes them; whoever is reading at that
    moment may fail. Raises LedgerError.
    """
    before = after = removed = 0
    with store.refusals(ledger.folder):
        for table in (*store.TABLES, *store.WHOLE):
            found = store.opened(ledger.folder, table)
            if found is None:
                continue
            before += len(found.file_uris())
            found.optimize.compact()
            found.create_checkpoint()
            if forget_history:
                removed += len(found.vacuum(0, dry_run=False, enforce_retention_duration=False))
            else:
                versions = [commit["version"] for commit in found.history()]
                removed += len(found.vacuum(HISTORY_HOURS, dry_run=False, full=True, keep_versions=versions))
            after += len(found.file_uris())
    return Compacted(before, after, removed)


class Broken(NamedTuple):
    """Something that is not as it was written: in which table, which row, and what is wrong."""

    table: str
    row: str
    problem: str


def check(ledger: Ledger) -> list[Broken]:
    """Everything in the ledger that is damaged: files, hashes, spans, batches, events. Empty if it is whole."""
    broken = list(_missing_files(ledger.folder))
    if broken:
        return broken
    import duckdb

    try:
        with ledger.connect() as connection:
            for question in (_hashes, _corrections, _spans, _batches, _events):
                broken += question(connection)
    except duckdb.Error as error:  # Parquet itself is damaged
        broken.append(Broken("", "", str(error).splitlines()[0]))
    return broken


def _missing_files(folder: Path) -> Iterator[Broken]:
    from deltalake.exceptions import DeltaError

    for table in (*store.TABLES, *store.WHOLE):
        try:
            paths = store.files(folder, table)
        except (DeltaError, OSError) as error:
            yield Broken(table, "", f"the log cannot be read: {str(error).splitlines()[0]}")
            continue
        for path in paths:
            if not Path(path).is_file():
                yield Broken(table, Path(path).name, "the file is missing")


def _hashes(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    cursor = connection.execute("SELECT id, text FROM stored_documents")
    while some := cursor.fetchmany(1_000):
        for id_, text in some:
            digest = hashlib.sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()
            if id_ != f"sha256:{digest}":
                yield Broken("documents", str(id_), "its text does not have this hash")


def _corrections(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    cursor = connection.execute("FROM corrections")
    names = [column[0] for column in cursor.description or ()]
    for values in cursor.fetchall():
        row = dict(zip(names, values, strict=True))
        if row["id"] != corrections.digest(row):
            yield Broken("corrections", str(row["id"]), "it does not have this hash")


def _spans(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    """Spans are code points, as SQL's substring counts them too."""
    for table, id_, words, start, end in connection.execute(store.sql("check_spans.sql")).fetchall():
        yield Broken(table, id_, f"{words!r} does not stand at {start} to {end} of its document")


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    for table, id_, problem in connection.execute(store.sql("check_batches.sql")).fetchall():
        yield Broken(table, id_, problem)


def _events(connection: duckdb.DuckDBPyConnection) -> Iterator[Broken]:
    for id_, problem in connection.execute(store.sql("check_events.sql")).fetchall():
        yield Broken("events", id_, problem)
