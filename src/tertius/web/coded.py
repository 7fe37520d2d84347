"""Event data of others, laid out for the pages: a table sorted by pair, in a scratch file where it is large.

A ledger of ten million coded rows does not fit into the memory of an app that is open all day; the scratch file is
compressed, DuckDB reads of it what a page asks for, and it is made anew only when event data were imported.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.ledger import store

if TYPE_CHECKING:
    import duckdb

SMALL = 200_000  # rows; so many are kept in memory
MEMORY = "400MB"  # what DuckDB may use; more than that goes to the scratch folder
TABLES = ("coded", "imports")


class Coded:
    """Gives connections the table `coded_acts`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scratch = Path(tempfile.mkdtemp(prefix="tertius-screens-"))
        self.close = weakref.finalize(self, shutil.rmtree, self._scratch, True)  # at the latest when the app ends
        self._numbers = itertools.count()
        self._made: tuple[tuple[int, ...], Path] | None = None

    def limit(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bound what a connection takes of the machine."""
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{_quoted(self._scratch)}'")

    def add(self, connection: duckdb.DuckDBPyConnection, state: tuple[int, ...]) -> None:
        """Put the table into a connection of `store.connect`. `state`: when TABLES were written, before it was made."""
        if store.count(self.folder, "coded") <= SMALL:
            connection.execute(_statement("main"))
            return
        if self._made is None or self._made[0] != state:
            self._made = state, self._file()
        connection.execute(f"ATTACH '{_quoted(self._made[1])}' AS scratch (READ_ONLY)")
        connection.execute("CREATE VIEW coded_acts AS FROM scratch.coded_acts")

    def _file(self) -> Path:
        """The table in a new file; the last one is left to those who still read it."""
        if self._made is not None:
            self._made[1].unlink(missing_ok=True)  # open files stay until they are closed
        path = self._scratch / f"coded{next(self._numbers)}.duckdb"
        with store.connect(self.folder) as connection:
            self.limit(connection)
            connection.execute(f"ATTACH '{_quoted(path)}' AS scratch")
            connection.execute(_statement("scratch"))
            connection.execute("DETACH scratch")
        return path


def written(folder: Path, tables: Sequence[str]) -> tuple[int, ...]:
    """When each table was last written to: every commit adds a file to its log."""
    logs = (folder / table / "_delta_log" for table in tables)
    return tuple(log.stat().st_mtime_ns if log.is_dir() else 0 for log in logs)


def _statement(place: str) -> str:
    return resources.files("tertius.web").joinpath("coded.sql").read_text(encoding="utf-8").format(place=place)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
