from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from tertius.errors import UsageError
from tertius.ledger import sandbox, store
from tertius.ledger.ledger import Ledger
from tests.ledger.reports import report

ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create_or_open(tmp_path / "it's a ledger")
    made.add([report()])
    made.merge()
    return made


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text("a,b\n1,2\n")
    return path


def checked(sql: str) -> None:
    with duckdb.connect() as connection:
        sandbox.check(connection, sql, frozenset({"acts", "documents"}))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT type, count(*) FROM acts GROUP BY ALL",
        "FROM acts LIMIT 3;",
        "WITH a AS (SELECT * FROM acts) SELECT * FROM A JOIN documents USING (id)",
        "SELECT unnest([1, 2])",
        "SELECT * FROM range(3), (VALUES (1)) v",
        "SELECT * FROM acts WHERE id IN (SELECT id FROM documents)",
        "DESCRIBE acts",
        "SELECT ';' FROM acts -- two; statements?",
    ],
)
def test_what_may_be_asked(sql: str) -> None:
    checked(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT * FROM read_csv('{secret}')", "read_csv"),
        ("SELECT * FROM '{secret}'", "no view"),
        ("SELECT (SELECT count(*) FROM read_text('{secret}'))", "read_text"),
        ("WITH a AS (FROM glob('/*')) FROM a", "glob"),
        ("COPY (SELECT 1) TO '{secret}'", "only SELECT"),
        ("COPY acts FROM '{secret}'", "only SELECT"),
        ("EXPORT DATABASE '{secret}'", "only SELECT"),
        ("ATTACH '{secret}' AS x", "only SELECT"),
        ("INSTALL httpfs", "only SELECT"),
        ("LOAD httpfs", "only SELECT"),
        ("PRAGMA database_list", "only SELECT"),
        ("CALL pragma_version()", "only SELECT"),
        ("SET memory_limit = '99GB'", "only SELECT"),
        ("CREATE TABLE x AS SELECT 1", "only SELECT"),
        ("INSERT INTO acts VALUES (1)", "only SELECT"),
        ("DROP VIEW acts", "only SELECT"),
        ("EXPLAIN SELECT 1", "only SELECT"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("SELECT 1; DROP VIEW acts", "2 statements"),
        ("", "0 statements"),
        ("SELECT", "Parser Error"),
        ("FROM duckdb_settings()", "duckdb_settings"),
        ("FROM pragma_storage_info('acts')", "pragma_storage_info"),
        ("SELECT current_setting('allowed_paths')", "current_setting"),
        ("SELECT * FROM query('FROM read_text(''x'')')", "query"),
        ("SELECT * FROM query_table('stored_documents')", "query_table"),
        ("FROM stored_documents", "no view"),
        ("FROM information_schema.tables", "no view"),
        ("FROM main.acts", "no view"),
        ("FROM sqlite_master", "no view"),
    ],
)
def test_what_may_not_be_asked(sql: str, why: str, secret: Path) -> None:
    with pytest.raises(UsageError, match=why):
        checked(sql.format(secret=secret))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "COPY (SELECT 1) TO '{secret}.copy'",
        "COPY (SELECT 1) TO '{own}'",
        "ATTACH '{secret}.db' AS x",
        "INSTALL httpfs",
        "EXPORT DATABASE '{secret}.export'",
        "FROM glob('/*')",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{secret}']",
        "SET memory_limit = '99GB'",
        "RESET lock_configuration",
    ],
)
def test_the_second_wall_holds_where_the_first_is_not_there(ledger: Ledger, secret: Path, sql: str) -> None:
    found = store.state(ledger.folder)
    paths = [path for some in found.values() for path in some]
    with store.connected(found) as connection:
        sandbox._close(connection, paths, 200)
        assert connection.execute("SELECT count(*) FROM acts").fetchone() == (1,)
        with pytest.raises(duckdb.Error):
            connection.execute(sql.format(secret=secret, own=paths[0])).fetchall()
    assert {path.name for path in secret.parent.iterdir()} == {"secret.csv", ledger.folder.name}


def test_an_answer(ledger: Ledger) -> None:
    answer = sandbox.ask(ledger.folder, "SELECT type, start_date, [1.5] AS list, 2.5 AS x FROM events")
    assert answer == (("type", "start_date", "list", "x"), [("SANCTION", "2024-03-04", [1.5], 2.5)], False)


def test_as_of(ledger: Ledger) -> None:
    assert sandbox.ask(ledger.folder, "SELECT count(*) FROM acts", as_of="2020-01-01").rows == [(0,)]


def test_what_is_wrong_is_said_with_where_to_look(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match=r"nothing.*documentation"):
        sandbox.ask(ledger.folder, "SELECT nothing FROM acts")


def test_an_endless_statement_is_stopped(ledger: Ledger) -> None:
    before = time.monotonic()
    with pytest.raises(UsageError, match="--seconds"):
        sandbox.ask(ledger.folder, ENDLESS, seconds=2)
    assert time.monotonic() - before < 20


@pytest.mark.parametrize("sql", ["SELECT length(repeat('x', 2000000000))", "SELECT list(range) FROM range(500000000)"])
def test_a_statement_that_needs_too_much_memory_is_stopped(ledger: Ledger, sql: str) -> None:
    with pytest.raises(UsageError, match="--memory"):
        sandbox.ask(ledger.folder, sql, megabytes=100)


def test_more_rows_than_are_handed_over(ledger: Ledger) -> None:
    answer = sandbox._answer(sandbox.Statement(ledger.folder, "FROM range(10)", None, 200, 5))
    assert (len(answer.rows), answer.more) == (5, True)
