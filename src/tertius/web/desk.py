"""The ledger as the pages see it: one connection for each state, made when a write has made the last one old."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.ledger import store
from tertius.ledger.ledger import Ledger

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


class View:
    """One state of the ledger, for one request: all its questions are asked of the same rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._cursor = connection.cursor()
        self.folder = folder

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """The rows of a statement over the views of the ledger and the tables of screen.sql."""
        cursor = self._cursor.execute(sql, values if isinstance(values, dict) else list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The one number that a statement gives."""
        row = self._cursor.execute(sql, list(values)).fetchone()
        return int(row[0]) if row and row[0] is not None else 0


class Desk:
    """Hands out views of a ledger. A state that nothing has been written to since is kept, and its tables with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._connection: duckdb.DuckDBPyConnection | None = None

    def view(self) -> View:
        """The ledger as it stands now. Raises LedgerError."""
        with self._lock:
            Ledger.open(self.folder)
            written = _written(self.folder)
            if self._connection is None or written != self._seen:
                self._connection, self._seen = _connected(self.folder), written
            return View(self._connection, self.folder)

    def forget(self) -> None:
        """Look anew: files of the kept state have been removed."""
        with self._lock:
            self._connection = None


def _written(folder: Path) -> tuple[int, ...]:
    """When each table was last written to: every commit adds a file to its log."""
    logs = (folder / table / "_delta_log" for table in (*store.TABLES, *store.WHOLE))
    return tuple(log.stat().st_mtime_ns if log.is_dir() else 0 for log in logs)


def _connected(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = store.connect(folder)
    connection.execute(resources.files("tertius.web").joinpath("screen.sql").read_text(encoding="utf-8"))
    return connection
