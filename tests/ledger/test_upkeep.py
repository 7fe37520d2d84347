from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tertius.errors import LedgerError
from tertius.ledger import queries, store, upkeep
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters
from tests.ledger.reports import report
from tests.samples import TEXT, reading


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create_or_open(tmp_path / "ledger")
    made.add([reading(TEXT + " O’Neill: “Æ” 🙂 was there."), report(publisher="Paper")])
    made.merge()
    return made


def spoil(ledger: Ledger, table: str, **changes: Any) -> None:
    """Write one table's rows again with other values, as a program other than Tertius might."""
    with ledger.connect() as connection:
        replaced = ", ".join(f'{value} AS "{name}"' for name, value in changes.items())
        relation = connection.sql(f"SELECT * REPLACE ({replaced}) FROM stored_{table}")
        import deltalake

        deltalake.write_deltalake(str(ledger.folder / table), relation, mode="overwrite")


def problems(ledger: Ledger) -> list[str]:
    return [": ".join(broken) for broken in upkeep.check(ledger)]


def test_status(ledger: Ledger) -> None:
    ledger.skipped([("a.txt", "it is empty"), ("b.txt", "it is empty"), ("c.txt", "it is in German")])
    found = upkeep.status(ledger)
    assert (found.tables["documents"], found.tables["mentions"], found.tables["failures"]) == (2, 2, 3)
    assert [(row["publisher"], row["articles"]) for row in found.documents_by_publisher] == [
        ("Paper", 1),
        ("The Fjord Times", 1),
    ]
    assert [(row["reason"], row["sources"]) for row in found.failures_by_reason] == [
        ("it is empty", 2),
        ("it is in German", 1),
    ]
    assert found.merged
    ledger.add([report(more="More.")])
    assert not upkeep.status(ledger).merged


def test_status_of_an_empty_ledger(tmp_path: Path) -> None:
    found = upkeep.status(Ledger.create_or_open(tmp_path / "ledger"))
    assert (sum(found.tables.values()), found.documents_by_publisher, found.coded_by_file) == (0, [], [])


def test_a_whole_ledger(ledger: Ledger, tmp_path: Path) -> None:
    assert problems(ledger) == []
    assert problems(Ledger.create_or_open(tmp_path / "empty")) == []


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        ("documents", {"text": "text || '!'"}, "does not have this hash"),
        ("documents", {"text": "'X' || text"}, "does not stand at"),
        ("mentions", {"trigger": "{'start': 0, 'end': 3, 'text': 'bad'}"}, "'bad' does not stand at 0 to 3"),
        ("figures", {"start": "1"}, "figures"),
        ("attributions", {"id": "id || 'x'"}, "is missing"),
        ("mentions", {"id": "'same-m1'"}, "there are 2 rows with this id"),
        ("mentions", {"id": "id || '1'"}, "its mention"),
        ("events", {"mentions": "list_concat(mentions, mentions)"}, "is also in"),
    ],
)
def test_what_is_broken_is_named(ledger: Ledger, table: str, changes: dict[str, str], said: str) -> None:
    spoil(ledger, table, **changes)
    assert any(said in problem for problem in problems(ledger)), problems(ledger)


def test_a_missing_or_damaged_file_is_named(ledger: Ledger) -> None:
    (path,) = map(Path, store.files(ledger.folder, "mentions"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert len(problems(ledger)) == 1
    path.unlink()
    assert problems(ledger) == [f"mentions: {path.name}: the file is missing"]


def test_compacting_joins_files_and_keeps_everything(ledger: Ledger) -> None:
    for n in range(5):
        ledger.add([report(more=f"{n}.")])
    ledger.merge()
    before = queries.rows(ledger, "mention_rows"), queries.rows(ledger, "event_rows")
    today = ledger.rows("SELECT CAST(now() AT TIME ZONE 'UTC' AS DATE) AS day")[0]["day"].isoformat()
    done = upkeep.compact(ledger)
    assert done.after < done.before
    assert len(store.files(ledger.folder, "documents")) == 1
    assert (queries.rows(ledger, "mention_rows"), queries.rows(ledger, "event_rows")) == before
    assert ledger.merged()
    assert queries.rows(ledger, "mention_rows", Filters(as_of=today)) == before[0]
    assert store.files(ledger.folder, "documents", 1)
    assert all(Path(path).is_file() for path in store.files(ledger.folder, "documents", 1))
    assert problems(ledger) == []


def test_compacting_may_forget_history(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.add([report(more="More.")])
    ledger.merge()
    assert upkeep.compact(ledger, forget_history=True).removed >= 4
    assert len(queries.rows(ledger, "mention_rows")) == 3
    assert problems(ledger) == []
    monkeypatch.setattr(store, "_version_of_day", lambda table, day: 1)
    with pytest.raises(LedgerError, match="no longer keeps"):
        ledger.rows("FROM documents", as_of="2024-01-01")
