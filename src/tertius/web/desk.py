"""The ledger as the pages see it: one connection for each state, made when a write has made the last one old."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tertius.ledger import store
from tertius.ledger.ledger import Ledger
from tertius.web.coded import TABLES, Coded, written

if TYPE_CHECKING:
    import duckdb
    from starlette.responses import Response

Row = dict[str, Any]
Value = TypeVar("Value")
IN_MEMORY = 2_000  # articles; what was read of so many is held in memory
KEPT = 64  # answers of one state that are remembered
PAGES, PAGE_BYTES = 200, 300_000  # pages of one state that are remembered, and how large one may be


class Kept:
    """Answers that hold for one state of the ledger."""

    def __init__(self) -> None:
        self.day = date.today()  # acts of days to come do not count yet
        self.lock = threading.RLock()
        self.values: dict[Hashable, Any] = {}
        self.lock_of_pages = threading.Lock()
        self.pages: dict[Hashable, Response] = {}


class View:
    """One state of the ledger, for one request: all its questions are asked of the same rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, kept: Kept | None = None) -> None:
        self._cursor = connection.cursor()
        self._kept = kept or Kept()
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

    def kept(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What `make` gives, worked out once for this state; one at a time, since it is what takes long."""
        values = self._kept.values
        if key not in values:
            with self._kept.lock:
                if key not in values:
                    values[key] = make()
                    for old in list(values)[:-KEPT]:
                        del values[old]
        found: Value = values[key]
        return found

    def page(self, key: Hashable, make: Callable[[], Response]) -> Response:
        """The page that `make` gives, the same as long as nothing is written; large ones are made each time."""
        pages = self._kept.pages
        found = pages.get(key) or make()
        if key not in pages and len(found.body) <= PAGE_BYTES:
            with self._kept.lock_of_pages:
                pages[key] = found
                for old in list(pages)[:-PAGES]:
                    del pages[old]
        return found


class Desk:
    """Hands out views of a ledger. A state that nothing has been written to since is kept, and its tables with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._coded = Coded(folder)
        self._kept = Kept()

    def view(self) -> View:
        """The ledger as it stands now. Raises LedgerError."""
        with self._lock:
            Ledger.open(self.folder)
            now = _written(self.folder)
            if self._connection is None or now != self._seen:
                self._connection, self._seen = self._connected(), now
                self._kept = Kept()
            if self._kept.day != date.today():
                self._kept = Kept()
            return View(self._connection, self.folder, self._kept)

    def forget(self) -> None:
        """Look anew: files of the kept state have been removed."""
        with self._lock:
            self._connection = None

    def close(self) -> None:
        """Remove what was kept on disk."""
        self._coded.close()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        coded = written(self.folder, TABLES)
        connection = store.connect(self.folder)
        self._coded.limit(connection)
        if store.count(self.folder, "documents") <= IN_MEMORY:
            _load(connection)
        connection.execute(_sql("screen.sql"))
        self._coded.add(connection, coded)
        connection.execute(_sql("acts.sql"))
        return connection


def _load(connection: duckdb.DuckDBPyConnection) -> None:
    """Take what was read into memory, and the rows that pages show, so that no page opens a file or joins for them."""
    stored = [f"stored_{table}" for table in (*store.PARTS, *store.WHOLE, "documents", "failures", "imports")]
    for view in (*stored, "event_rows", "mention_rows", "figure_rows"):
        connection.execute(f"CREATE TABLE loaded_{view} AS FROM {view}")
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS FROM loaded_{view}")


def _sql(name: str) -> str:
    return resources.files("tertius.web").joinpath(name).read_text(encoding="utf-8")


def _written(folder: Path) -> tuple[int, ...]:
    return written(folder, (*store.TABLES, *store.WHOLE))
