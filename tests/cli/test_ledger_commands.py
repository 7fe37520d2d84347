from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import read as read_command
from tertius.cli import tertius
from tertius.errors import LedgerError, NewerLedger, NotALedger, UsageError
from tertius.ledger import store
from tertius.ledger.ledger import MARKER, Ledger
from tertius.reading import many
from tests import stub_readers
from tests.ledger.reports import report
from tests.samples import TEXT, reading


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    folder = tmp_path / "ledger"
    made = Ledger.create_or_open(folder)
    made.add([reading(), reading(TEXT + " More."), report(day="2024-05-06", publisher="Paper")])
    made.merge()
    return str(folder)


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(tertius, list(arguments), catch_exceptions=False, **options)  # type: ignore[arg-type]


def rows(*arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(*arguments, "--format", "json").stdout)
    return found


def test_events_are_merged_unless_mentions_are_asked_for(ledger: str) -> None:
    events = rows("events", "--ledger", ledger)
    assert [(e["reports"], e["independent_sources"]) for e in events] == [(2, 1), (1, 1)]
    assert len(rows("events", "--ledger", ledger, "--mentions")) == 3
    shown = run("events", "--ledger", ledger).output
    assert "2 reports; 1 independent source" in shown
    assert "asserted by Anna Lie" in shown


def test_one_a_day(ledger: str) -> None:
    found = rows("events", "--ledger", ledger, "--one-a-day", "--source", "Norway")
    assert [(row["date"], row["type"], row["acts"]) for row in found] == [
        ("2024-03-04", "SANCTION", 1),
        ("2024-05-06", "SANCTION", 1),
    ]
    assert "2024-05-06" in run("events", "--ledger", ledger, "--one-a-day").output
    with pytest.raises(UsageError, match="exclude"):
        run("events", "--ledger", ledger, "--one-a-day", "--mentions")


@pytest.mark.parametrize("command", ["events", "quotes", "figures"])
def test_as_of_a_day_before_the_ledger_nothing_was_known(ledger: str, command: str) -> None:
    assert rows(command, "--ledger", ledger, "--as-of", "2020-01-01") == []
    assert rows(command, "--ledger", ledger, "--as-of", "2099-01-01")


def test_merge_says_what_it_did(ledger: str) -> None:
    assert "3 mentions, 2 events (up to date)" in run("merge", "--ledger", ledger).stderr
    assert run("merge", "--ledger", ledger, "--anew").stderr == "3 mentions, 2 events\n"
    Ledger.open(ledger).add([report(more="Other.", day="2024-07-01")])
    assert "Not all mentions" in run("events", "--ledger", ledger, "--source", "Sweden").stderr
    assert "4 mentions, 3 events" in run("merge", "--ledger", ledger).stderr


def test_show_of_an_event_lists_its_mentions(ledger: str) -> None:
    event = rows("events", "--ledger", ledger)[0]
    shown = run("show", str(event["id"]), "--ledger", ledger).output
    for mention in rows("events", "--ledger", ledger, "--mentions")[:2]:
        assert str(mention["id"]) in shown


@pytest.fixture
def _stub_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_read", stub_readers.read)
    monkeypatch.setattr(read_command, "_reader", lambda: stub_readers.read)


@pytest.mark.usefixtures("_stub_reader")
def test_reading_into_a_ledger_merges(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ledger = str(tmp_path / "l")
    run("read", str(tmp_path / "a.txt"), "--ledger", ledger)
    assert len(rows("events", "--ledger", ledger)) == 1
    (tmp_path / "b.txt").write_text(TEXT + " More.")
    run("read", str(tmp_path / "b.txt"), "--ledger", ledger, "--no-merge")
    assert not Ledger.open(ledger).merged()
    run("read", str(tmp_path / "b.txt"), "--ledger", ledger)
    assert rows("events", "--ledger", ledger)[0]["reports"] == 2


def test_sql_in_every_format(ledger: str) -> None:
    asked = "SELECT type, count(*) AS n, min(date) AS first FROM acts GROUP BY ALL"
    found = rows("sql", asked, "--ledger", ledger)
    assert found == [{"type": "SANCTION", "n": 2, "first": "2024-03-04"}]
    table = csv.DictReader(io.StringIO(run("sql", asked, "--ledger", ledger, "--format", "csv").output))
    assert [row["n"] for row in table] == ["2"]
    assert "SANCTION" in run("sql", asked, "--ledger", ledger).output
    assert run("sql", "-", "--ledger", ledger, "--format", "jsonl", input=asked).output == json.dumps(found[0]) + "\n"


def test_sql_without_rows_says_so_and_keeps_the_header(ledger: str) -> None:
    ran = run("sql", "SELECT id, type FROM acts WHERE false", "--ledger", ledger, "--format", "csv")
    assert (ran.stdout, ran.stderr) == ("id,type\n", "No rows.\n")


def test_sql_only_reads(ledger: str) -> None:
    for statement in ("DELETE FROM documents", "SELECT * FROM read_csv('x.csv')", "SELECT 1; SELECT 2"):
        with pytest.raises(UsageError) as raised:
            run("sql", statement, "--ledger", ledger)
        assert raised.value.exit_code == 2


def test_sql_that_never_ends_is_stopped(ledger: str) -> None:
    with pytest.raises(UsageError, match="--seconds"):
        run("sql", "SELECT count(*) FROM range(10000000000) a, range(1000) b WHERE a.range % 7 = b.range", "--ledger", ledger, "--seconds", "1.5")  # fmt: skip  # noqa: E501


def test_status(ledger: str) -> None:
    Ledger.open(ledger).skipped([("a.txt", "it is empty")])
    shown = run("status", "--ledger", ledger).output
    for words in ("3 documents", "2 events", "The Fjord Times", "2024-03-06", "it is empty", "a.txt"):
        assert words in shown
    (found,) = rows("status", "--ledger", ledger)
    assert (found["documents"], found["events"], found["merged"]) == (3, 2, True)


def test_check(ledger: str) -> None:
    assert "whole" in run("check", "--ledger", ledger).stderr
    (path,) = store.files(Path(ledger), "mentions")
    Path(path).unlink()
    with pytest.raises(LedgerError, match="damaged in 1 place") as raised:
        run("check", "--ledger", ledger)
    assert raised.value.exit_code == 6
    ran = CliRunner().invoke(tertius, ["check", "--ledger", ledger])
    assert "mentions: " in ran.output
    assert "the file is missing" in ran.output


def test_compact(ledger: str) -> None:
    assert "joined" in run("compact", "--ledger", ledger).stderr
    assert len(rows("events", "--ledger", ledger)) == 2
    assert "removed" in run("compact", "--ledger", ledger, "--forget-history").stderr
    assert "whole" in run("check", "--ledger", ledger).stderr


READERS = (["merge"], ["sql", "SELECT 1"], ["status"], ["check"], ["compact"], ["events"])


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[0])
def test_what_is_no_ledger_is_said_with_a_cure(tmp_path: Path, ledger: str, command: list[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "none", tmp_path / "notes.txt"):
        with pytest.raises(NotALedger, match="name a ledger folder"):
            run(*command, "--ledger", str(place))
    (Path(ledger) / MARKER).write_text(json.dumps({"ledger": 99, "tertius": "9.9"}))
    with pytest.raises(NewerLedger, match="upgrade"):
        run(*command, "--ledger", ledger)


@pytest.mark.parametrize("command", ["merge", "compact"])
def test_no_space_left_is_said_and_nothing_is_lost(ledger: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows("events", "--ledger", ledger)
    opened = Ledger.open(ledger)
    opened.add([report(more="More.", day="2024-08-01")])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deltalake.write_deltalake", full)
    monkeypatch.setattr("deltalake.table.TableOptimizer.compact", full)
    with pytest.raises(LedgerError, match=r"No space left.*free some space"):
        run(command, "--ledger", ledger)
    monkeypatch.undo()
    assert rows("events", "--ledger", ledger) == before
    run("merge", "--ledger", ledger)
    assert len(rows("events", "--ledger", ledger)) == len(before) + 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_ledger_is_read_and_not_written(ledger: str) -> None:
    Ledger.open(ledger).add([report(more="More.")])
    folders = [Path(ledger), *(path for path in Path(ledger).rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        assert len(rows("events", "--ledger", ledger)) == 2
        with pytest.raises(LedgerError, match="make it writable"):
            run("merge", "--ledger", ledger)
    finally:
        for folder in folders:
            folder.chmod(0o700)
