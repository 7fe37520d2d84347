"""One read-only statement of a stranger over the ledger's views, in a process of its own that may be killed.

Four walls, each of which would do: the statement is parsed and must be one SELECT over the documented views; DuckDB's
file system and network are closed except for the ledger's own files, and its settings locked; the process has a limit
on its memory; and it is killed when its time is up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tertius.errors import UsageError
from tertius.processes import Worker, WorkerDied, WorkerFailed, WorkerLate

if TYPE_CHECKING:
    import duckdb

SECONDS = 60.0
MEGABYTES = 1024
ROWS = 1_000_000  # more are not handed over
OVERHEAD = 1024  # megabytes of addresses that the process needs besides what the statement may use
CURE = "the views and their columns are listed in the documentation, under 'The ledger'"

TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
BARRED_FUNCTIONS = frozenset({"current_setting", "getenv", "getvariable", "query", "query_table", "setseed"})


class Statement(NamedTuple):
    """What the process is told to do."""

    folder: Path
    sql: str
    as_of: str | None
    megabytes: int
    rows: int = ROWS


class Answer(NamedTuple):
    """The rows of a statement. `more`: there were more than were asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    more: bool


def ask(
    folder: Path,
    sql: str,
    *,
    as_of: str | None = None,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    rows: int = ROWS,
    worker: Worker[Statement, Answer] | None = None,
) -> Answer:
    """The answer to one SELECT over the views of views.sql: at most so many rows.

    `worker`: a process of `process` that is kept for the next statement; otherwise one is begun and ended.
    Raises UsageError if it is anything else, wrong, takes too long or too much memory.
    """
    if worker is None:
        with closing(process(megabytes)) as own:
            return ask(folder, sql, as_of=as_of, seconds=seconds, megabytes=megabytes, rows=rows, worker=own)
    try:
        return worker.call(Statement(folder, sql, as_of, megabytes, rows), seconds)
    except WorkerLate:
        raise UsageError(
            f"stopped: no answer after {seconds:g} seconds: ask for less, or allow more with 'tertius sql --seconds'"
        ) from None
    except (WorkerDied, WorkerFailed) as error:
        if isinstance(error, WorkerFailed) and "memory" not in str(error).lower():
            raise
        worker.close()
        died = "its process was killed, as happens when " if isinstance(error, WorkerDied) else ""
        raise UsageError(
            f"stopped: {died}it needs more than {megabytes} megabytes of memory: ask for less, "
            "or allow more with 'tertius sql --memory'"
        ) from None


def process(megabytes: int = MEGABYTES) -> Worker[Statement, Answer]:
    """A process that answers statements, begun with the first of them; whoever has it closes it."""
    return Worker(_answer, megabytes=megabytes + OVERHEAD)


def _answer(statement: Statement) -> Answer:
    """What the process does."""
    import duckdb

    from tertius.ledger import store

    found = store.state(statement.folder, statement.as_of)
    with store.connected(found) as connection:
        check(connection, statement.sql, documented(connection))
        _close(connection, [path for paths in found.values() for path in paths], statement.megabytes)
        try:
            cursor = connection.execute(statement.sql)
            columns = tuple(column[0] for column in cursor.description or ())
            rows = [tuple(map(_plain, row)) for row in islice(_fetched(cursor), statement.rows + 1)]
        except duckdb.OutOfMemoryException as error:
            raise MemoryError from error
        except duckdb.PermissionException:
            raise UsageError(f"files and addresses are closed to statements: {CURE}") from None
        except duckdb.Error as error:
            raise UsageError(f"{_first_line(error)}: {CURE}") from None
    return Answer(columns, rows[: statement.rows], len(rows) > statement.rows)


def _fetched(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while some := cursor.fetchmany(10_000):
        yield from some


def _plain(value: Any) -> Any:
    """A value as JSON knows it: dates as ISO text, maps with text for keys."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return msgspec.to_builtins(value, enc_hook=str)


def documented(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The views that may be asked: those of views.sql, not what they are made of."""
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    return frozenset(name for (name,) in views if not name.startswith("stored_"))


def _close(connection: duckdb.DuckDBPyConnection, paths: list[str], megabytes: int) -> None:
    """Leave the ledger's own Parquet files readable and nothing else, and lock the settings."""
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    for setting in (
        "SET temp_directory = ''",
        f"SET allowed_paths = [{listed}]",
        "SET enable_external_access = false",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET python_enable_replacements = false",
        f"SET memory_limit = '{megabytes}MB'",
        "SET threads = 2",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)


def check(connection: duckdb.DuckDBPyConnection, sql: str, views: frozenset[str]) -> None:
    """Whether a text is one SELECT over these views. Raises UsageError."""
    import duckdb

    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(f"{_first_line(error)}: {CURE}") from None
    if len(statements) != 1:
        raise UsageError(f"{len(statements)} statements: give one")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("only SELECT is allowed: the ledger is changed with the other commands")
    row = connection.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [sql]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error"):
        raise UsageError(
            f"this form of statement cannot be checked ({tree.get('error_message')}): write a plain SELECT"
        )
    _check_tree(tree, views)


def _check_tree(tree: dict[str, Any], views: frozenset[str]) -> None:
    nodes = list(_nodes(tree))
    own = {entry["key"].lower() for node in nodes for entry in (node.get("cte_map") or {}).get("map") or ()}
    for node in nodes:
        name = str(node.get("table_name") or "").lower()
        if node.get("type") == "BASE_TABLE" and (node.get("schema_name") or name not in views | own):
            raise UsageError(f"no view {node.get('table_name')!r}: there are {', '.join(sorted(views))}")
        function = str((node.get("function") or {}).get("function_name") or "").lower()
        if node.get("type") == "TABLE_FUNCTION" and function not in TABLE_FUNCTIONS:
            raise UsageError(f"{function}() is not allowed: {CURE}")
        called = str(node.get("function_name") or "").lower()
        if called in BARRED_FUNCTIONS or called.startswith(("pragma_", "duckdb_")):
            raise UsageError(f"{called}() is not allowed: {CURE}")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip("!. ")
