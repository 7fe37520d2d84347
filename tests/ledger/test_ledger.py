from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from tertius.errors import LedgerError, NewerLedger, NoSuchRecord, NotALedger
from tertius.ledger import queries, store
from tertius.ledger.ledger import MARKER, Ledger
from tertius.ledger.queries import Filters
from tertius.records import Reading
from tests.samples import TEXT, reading


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create_or_open(tmp_path / "ledger")


def ids(ledger: Ledger, filters: Filters) -> list[str]:
    return [row["id"] for row in queries.rows(ledger, "mention_rows", filters)]


def counts(ledger: Ledger) -> dict[str, int]:
    tables = (*store.PARTS, "documents")
    one_moment = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in tables)
    return ledger.rows(f"SELECT {one_moment}")[0]


def test_a_reading_comes_back_as_it_was_written(ledger: Ledger) -> None:
    one = reading()
    assert ledger.add([one], ["articles/one.txt"]) == 1
    assert counts(ledger) == {"actors": 3, "mentions": 1, "attributions": 1, "figures": 1, "documents": 1}
    document = ledger.rows("SELECT * FROM documents")[0]
    assert (document["text"], document["where_found"]) == (TEXT, "articles/one.txt")
    mention = ledger.rows("SELECT * FROM mentions")[0]
    for side in ("sources", "targets"):
        for party in mention[side]:
            assert TEXT[party["start"] : party["end"]] == party["text"]
    assert mention["where"]["geonames"] == 3143244
    assert mention["when"]["from"] == "expression"


def test_the_same_article_twice_changes_nothing(ledger: Ledger) -> None:
    assert ledger.add([reading(), reading()]) == 1
    before = counts(ledger)
    assert ledger.add([reading()]) == 0
    assert counts(ledger) == before
    assert ledger.has(reading().document.id)


def test_an_empty_ledger_answers_every_view(ledger: Ledger) -> None:
    for view in ("event_rows", "mention_rows", "quote_rows", "figure_rows", "one_a_day"):
        assert queries.rows(ledger, view) == []
    assert ledger.known_ids() == frozenset()


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), True),
        (Filters(source="NOR"), True),
        (Filters(source="nor gov"), True),
        (Filters(source="norway"), True),
        (Filters(source="RUS"), False),
        (Filters(target="RUS GOV"), True),
        (Filters(types=("SANCTION", "AID")), True),
        (Filters(types=("AID",)), False),
        (Filters(modality="negated"), False),
        (Filters(speaker="Lie"), True),
        (Filters(speaker="NOR"), True),
        (Filters(speaker="100%"), False),
        (Filters(since="2024-03-04", until="2024-03-04"), True),
        (Filters(since="2024-03-05"), False),
        (Filters(until="2024-03-03"), False),
        (Filters(limit=0), False),
        (Filters(source="'; DROP TABLE documents; --"), False),
    ],
)
def test_filters(ledger: Ledger, filters: Filters, found: bool) -> None:
    ledger.add([reading()])
    assert bool(ids(ledger, filters)) is found


def test_rows_name_the_speaker_and_the_countries(ledger: Ledger) -> None:
    ledger.add([reading()])
    event = queries.rows(ledger, "mention_rows")[0]
    assert (event["speaker"], event["source_countries"], event["target"]) == ("Anna Lie", ["NOR"], ["RUS GOV"])
    assert queries.rows(ledger, "figure_rows")[0]["countries"] == ["NOR", "RUS"]
    assert queries.rows(ledger, "quote_rows")[0]["content"] == "“We had to,”"


def test_evidence(ledger: Ledger) -> None:
    ledger.add([reading()])
    event = queries.rows(ledger, "mention_rows")[0]["id"]
    found = queries.evidence(ledger, event)
    assert found.record["trigger"]["text"] == "expelled"
    assert found.attribution is not None
    assert found.attribution["speaker"]["name"] == "Anna Lie"
    for bad in ("", "m1", event + "9", "nonsense", "'; DROP--m1"):
        with pytest.raises(NoSuchRecord, match="tertius events"):
            queries.evidence(ledger, bad)


def test_a_batch_that_was_cut_short_shows_nothing_and_can_be_written_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "TABLES", store.TABLES[:3])  # dies before `documents`
    ledger.add([reading()])
    monkeypatch.undo()
    assert counts(ledger) == {"actors": 0, "mentions": 0, "attributions": 0, "figures": 0, "documents": 0}
    assert ledger.add([reading()]) == 1
    assert counts(ledger)["mentions"] == 1


def test_two_writers_of_the_same_article_count_it_once(ledger: Ledger) -> None:
    rows = [store.rows_of([reading()], batch, "2024-03-06T00:00:00", {}) for batch in ("b1", "b2")]
    for some in rows:
        store.append(ledger.folder, some)
    assert counts(ledger) == {"actors": 3, "mentions": 1, "attributions": 1, "figures": 1, "documents": 1}


def test_failures_are_kept_once(ledger: Ledger) -> None:
    ledger.skipped([("a.txt", "it is empty"), ("b.txt", "it is empty")])
    ledger.skipped([("a.txt", "it is empty")])
    ledger.skipped([])
    assert [row["where_found"] for row in ledger.rows("SELECT * FROM failures ORDER BY ALL")].count("a.txt") == 1


def test_a_folder_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(NotALedger, match="something else"):
        Ledger.create_or_open(tmp_path)
    with pytest.raises(NotALedger, match="holds no ledger"):
        Ledger.open(tmp_path)
    with pytest.raises(NotALedger, match="is not a folder"):
        Ledger.open(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_newer_or_damaged_marker(ledger: Ledger) -> None:
    marker = ledger.folder / MARKER
    marker.write_text(json.dumps({"ledger": 99, "tertius": "9.0"}))
    with pytest.raises(NewerLedger, match=r"9\.0.*upgrade"):
        Ledger.open(ledger.folder)
    marker.write_text("{")
    with pytest.raises(NotALedger, match="restore"):
        Ledger.open(ledger.folder)


def test_a_full_disk_is_said_and_nothing_is_lost(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.add([reading()])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deltalake.write_deltalake", full)
    with pytest.raises(LedgerError, match="free some space"):
        ledger.add([reading(TEXT + " More.")])
    monkeypatch.undo()
    assert counts(ledger)["documents"] == 1
    assert ledger.add([reading(TEXT + " More.")]) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger.create_or_open(tmp_path / "ledger")


def _write(folder: Path, numbers: range) -> None:
    ledger = Ledger.open(folder)
    for number in numbers:
        ledger.add([_numbered(number)])


def _numbered(number: int) -> Reading:
    return reading(f"{TEXT} Number {number}.")


def test_readers_read_while_two_writers_write(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(ledger.folder, range(n, n + 8))) for n in (0, 5)]
    for writer in writers:
        writer.start()
    seen = 0
    while any(writer.is_alive() for writer in writers):
        now = counts(ledger)
        assert now["documents"] >= seen
        assert now["mentions"] == now["documents"]
        seen = now["documents"]
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert counts(ledger)["documents"] == 13


def test_a_ledger_may_be_moved(ledger: Ledger, tmp_path: Path) -> None:
    ledger.add([reading()])
    moved = tmp_path / "it's moved"
    shutil.move(ledger.folder, moved)
    assert len(ids(Ledger.open(moved), Filters())) == 1


def test_a_ledger_that_may_not_be_written_is_said_before_anything_is_read(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.add([reading()])
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for work in (
        lambda: Ledger.create_or_open(ledger.folder),
        lambda: ledger.merge(),
        lambda: ledger.add([reading(TEXT + "!")]),
    ):
        with pytest.raises(LedgerError, match=r"read-only.*make it writable"):
            work()
    assert len(ids(Ledger.open(ledger.folder), Filters())) == 1
