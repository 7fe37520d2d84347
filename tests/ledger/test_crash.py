"""The short form of benchmarks/crash.py, which kills at more moments and lets more processes work for longer."""

from __future__ import annotations

from pathlib import Path

from benchmarks import crash
from tertius.ledger.ledger import MARKER, UNFINISHED, Ledger


def test_a_killed_run_that_is_run_again_gives_the_same_tables() -> None:
    found = crash.killed(2, seed=4, count=60)
    assert found["equal"] == found["points"] == 2


def test_two_writers_and_three_readers() -> None:
    found = crash.hammered(6)
    assert (found["errors"], found["lost"]) == ([], 0)
    assert found["articles"] > 0
    assert found["reads"] > 0


def test_a_ledger_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED).write_text("{")
    Ledger.create_or_open(tmp_path).add([crash.article(0, 1)])
    assert (tmp_path / MARKER).is_file()
    for table in ("mentions", "events"):
        for file in sorted((tmp_path / table).rglob("*"), reverse=True):
            file.unlink() if file.is_file() else file.rmdir()
        (tmp_path / table).rmdir()
    ledger = Ledger.create_or_open(tmp_path)
    assert ledger.merge()
    assert ledger.rows("SELECT count(*) AS n FROM documents") == [{"n": 1}]
