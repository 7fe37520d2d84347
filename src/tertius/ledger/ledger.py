"""The ledger: a folder with one Delta table for each noun, written in batches and read by any number of processes.

A batch touches several tables, and Delta commits one table at a time; so every row names its batch, `documents` is
written last, and the views (views.sql) show only rows whose document stands there with the same batch. A batch that
was cut short (Ctrl-C, full disk, kill -9) is therefore invisible, and writing it again changes nothing else.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import LedgerError, NewerLedger, NotALedger
from tertius.ledger import store
from tertius.version import VERSION

if TYPE_CHECKING:
    import duckdb

    from tertius.records import Reading

FORMAT = 1
MARKER = "ledger.json"
UNFINISHED = MARKER + ".part"


class Ledger:
    """One ledger folder. Make one with `Ledger.open` or `Ledger.create_or_open`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, folder: str | Path) -> Ledger:
        """Open a ledger that exists. Raises NotALedger or NewerLedger."""
        path = Path(folder)
        marker = path / MARKER
        if not marker.is_file():
            what = "is not a folder" if path.exists() and not path.is_dir() else "holds no ledger"
            raise NotALedger(
                f"{path} {what}: name a ledger folder, or make one with 'tertius read ... --ledger {path}'"
            )
        _check_version(marker)
        return cls(path)

    @classmethod
    def create_or_open(cls, folder: str | Path) -> Ledger:
        """Open a ledger to write to, making it first where the folder is new or empty.

        Raises NotALedger, NewerLedger or LedgerError.
        """
        path = Path(folder)
        if (path / MARKER).is_file():
            with store.refusals(path):
                return cls.open(path)
        if path.exists() and (not path.is_dir() or any(file.name != UNFINISHED for file in path.iterdir())):
            raise NotALedger(f"{path} is something else (no {MARKER} in it): choose a new or empty folder")
        try:
            path.mkdir(parents=True, exist_ok=True)
            _mark(path)
        except OSError as error:
            raise LedgerError(f"{path} cannot be written ({error.strerror}): choose another folder") from error
        with store.refusals(path):
            store.create_tables(path)
        return cls(path)

    def add(self, readings: Sequence[Reading], where_found: Sequence[str | None] = ()) -> int:
        """Write readings as one batch and return how many were new; documents already here are left as they are.

        `where_found` names, for each reading, the file, line or address that it came from.
        Raises LedgerError when the disk is full or the folder cannot be written; nothing of the batch shows then.
        """
        known = self.known_ids()
        places = dict(zip((r.document.id for r in readings), where_found, strict=False))
        new = {r.document.id: r for r in readings if r.document.id not in known}
        if new:
            batch, added = uuid.uuid4().hex, _now()
            rows = store.rows_of(new.values(), batch, added, places)
            store.append(self.folder, rows)
        return len(new)

    def has(self, document_id: str) -> bool:
        """Whether a document with this id has been read into the ledger."""
        return document_id in self.known_ids()

    def known_ids(self) -> frozenset[str]:
        """The ids of all documents here."""
        return _known_ids(self.folder, store.version(self.folder, "documents"))

    def skipped(self, failures: Iterable[tuple[str, str]]) -> None:
        """Record sources that could not be read, as (where, reason)."""
        added = _now()
        rows = [
            {
                "id": hashlib.sha256(f"{where}\0{reason}".encode("utf-8", "replace")).hexdigest(),
                "added": added,
                "where_found": where,
                "reason": reason,
            }
            for where, reason in failures
        ]
        if rows:
            store.append(self.folder, {"failures": rows})

    def merge(self, *, anew: bool = False) -> bool:
        """Merge the mentions into events (docs/merging.md) and write `events` as a whole; False if it is up to date.

        `anew` merges also where nothing has changed. Raises LedgerError.
        """
        from tertius.ledger import merged

        return merged.write(self.folder, anew=anew)

    def merged(self) -> bool:
        """Whether the events are made of all mentions that are here, by the present rule."""
        from tertius.ledger import merged

        return merged.up_to_date(self.folder)

    def connect(self, as_of: str | None = None) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in memory with the ledger's views, as the tables stand at this moment.

        `as_of`: as they stood at the end of that day (ISO date, UTC).
        """
        return store.connect(self.folder, as_of)

    def rows(self, sql: str, parameters: Sequence[Any] = (), as_of: str | None = None) -> list[dict[str, Any]]:
        """The rows of one statement over the views of views.sql."""
        with self.connect(as_of) as connection:
            cursor = connection.execute(sql, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@lru_cache(maxsize=4)
def _known_ids(folder: Path, version: int) -> frozenset[str]:
    """Ids of the documents at one version of the table; the version is in the arguments for the cache's sake."""
    files = store.files(folder, "documents", version) if version >= 0 else []
    if not files:
        return frozenset()
    import duckdb

    with duckdb.connect() as connection:
        return frozenset(row[0] for row in connection.execute("SELECT id FROM read_parquet(?)", [files]).fetchall())


def _mark(path: Path) -> None:
    """Make the folder a ledger, before its tables: one that was cut short after this lacks tables, and may."""
    unfinished = path / UNFINISHED
    unfinished.write_text(json.dumps({"ledger": FORMAT, "tertius": VERSION}) + "\n")
    with suppress(FileNotFoundError):  # another process has just done the same
        unfinished.replace(path / MARKER)


def _check_version(marker: Path) -> None:
    try:
        found = json.loads(marker.read_text())
        number, by = int(found["ledger"]), str(found.get("tertius", "?"))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise NotALedger(f"{marker} cannot be understood: restore it from a copy, or choose another folder") from error
    if number > FORMAT:
        raise NewerLedger(f"{marker.parent} was written by Tertius {by}: upgrade with 'pip install --upgrade tertius'")


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat()
