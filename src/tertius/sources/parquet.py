"""Articles in a Parquet file, read by DuckDB in a process of its own: a hostile file takes down nothing but that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import EmptySource, NotText, Skipped, SourceError, TooLarge
from tertius.processes import Worker, WorkerDied, WorkerFailed, WorkerLate
from tertius.sources import limits
from tertius.sources.tables import Columns, columns_of, read_rows
from tertius.sources.text import Article

if TYPE_CHECKING:
    import duckdb

    # what to do ('names' or 'rows'), the file, the columns
    Task = tuple[str, str, tuple[str, ...]]


def read_parquet(path: Path, text_column: str | None) -> Iterator[Article | Skipped]:
    """The articles in a Parquet file. Raises NotText, MissingColumn, TooLarge."""
    worker: Worker[Task, list[Any]] = Worker(_answer, megabytes=limits.PARQUET_MEGABYTES)
    file = str(path.resolve())
    with closing(worker):
        columns = columns_of(_ask(worker, ("names", file, ())), text_column)
        yield from read_rows(_rows(worker, file, columns, str(path)), columns)


def _rows(
    worker: Worker[Task, list[Any]], file: str, columns: Columns, where: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    names = tuple(dict.fromkeys(name for name in columns if name))
    number = 0
    while rows := _ask(worker, ("rows", file, names)):
        for row in rows:
            number += 1
            yield f"{where}, row {number}", dict(zip(names, row, strict=True))
    if not number:
        raise EmptySource("it has no rows: nothing to read")


def _ask(worker: Worker[Task, list[Any]], task: Task) -> list[Any]:
    try:
        return worker.call(task, limits.PARQUET_SECONDS)
    except WorkerLate as error:
        raise TooLarge(f"DuckDB took more than {limits.PARQUET_SECONDS:g} seconds on it: split it") from error
    except WorkerDied as error:
        raise TooLarge("DuckDB broke down on it: write it anew, or turn it into CSV or JSON lines") from error
    except WorkerFailed as error:
        raise SourceError(
            f"it cannot be read ({_first_line(error)}): write it anew, or use CSV or JSON lines"
        ) from error


def _answer(task: Task) -> list[Any]:
    """In the worker: the names of the columns, or the next rows (none at the end)."""
    import duckdb

    what, file, columns = task
    try:
        if what == "names":
            description = _connection(file).execute("DESCRIBE SELECT * FROM read_parquet(?)", [file])
            return [row[0] for row in description.fetchall()]
        return _cursor(file, columns).fetchmany(limits.PARQUET_ROWS)
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise NotText(f"it is not a Parquet file that DuckDB can read ({_first_line(error)}): write it anew") from error


@lru_cache(maxsize=1)
def _cursor(file: str, columns: Sequence[str]) -> duckdb.DuckDBPyConnection:
    listed = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    return _connection(file).execute(f"SELECT {listed} FROM read_parquet(?)", [file])  # noqa: S608 - names are quoted


@lru_cache(maxsize=1)
def _connection(file: str) -> duckdb.DuckDBPyConnection:
    """A connection that can open this one file and nothing else."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET memory_limit='{limits.PARQUET_DUCKDB_MEGABYTES}MB'")
    connection.execute("SET threads=1")
    connection.execute("SET allowed_paths=[" + "'" + file.replace("'", "''") + "']")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")
    return connection


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:200]
