"""The app over a ledger that others write to, compact and take away while it serves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.ledger import upkeep
from tertius.ledger.ledger import Ledger
from tertius.web.app import create
from tertius.web.desk import KEPT, Desk
from tests.ledger.reports import report
from tests.samples import reading
from tests.web.conftest import BASE


def counts(client: TestClient) -> dict[str, int]:
    return client.get("/?format=json").json()["coverage"]


def test_what_is_written_meanwhile_is_shown(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    client = TestClient(create(ledger.folder), base_url=BASE)
    assert counts(client)["articles"] == 0
    ledger.add([reading()])
    assert counts(client)["articles"] == 1
    ledger.merge()
    assert counts(client)["events"] == 1
    ledger.add([report("Peru asked Chile for maps of the coast.", sources=("PER GOV",), targets=("CHL GOV",))])
    ledger.merge()
    assert counts(client)["events"] == 2


def test_files_that_are_removed_meanwhile_are_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertius.web.desk.IN_MEMORY", -1)  # as if it were too large for that
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    for number in range(4):
        ledger.add([report(f"Peru asked Chile for map {number} of the coast.", more=f"{number} papers have it.")])
    ledger.merge()
    client = TestClient(create(ledger.folder), base_url=BASE)
    assert counts(client)["articles"] == 4
    upkeep.compact(ledger, forget_history=True)
    assert client.get("/articles?format=json").json()["total"] == 4

    monkeypatch.setattr("tertius.web.desk._written", lambda folder: (0,))  # as if the removal came within a request
    assert client.get("/articles?format=json&page=1").json()["total"] == 4
    ledger.add([reading()])
    upkeep.compact(ledger, forget_history=True)
    assert client.get("/articles?format=json&page=2").json()["total"] == 5  # another page: the last one is remembered


def test_a_state_is_kept_until_it_is_old(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    desk = Desk(ledger.folder)
    desk.view()
    kept = desk._connection
    desk.view()
    assert desk._connection is kept
    ledger.add([reading()])
    desk.view()
    assert desk._connection is not kept


def test_files_that_stay_away_are_said_and_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertius.web.desk.IN_MEMORY", -1)
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add([reading()])
    ledger.merge()
    client = TestClient(create(ledger.folder), base_url=BASE)
    assert client.get("/articles?format=json").json()["total"] == 1
    (ledger.folder / "documents").rename(tmp_path / "moved")
    (ledger.folder / "documents").mkdir()
    shutil.copytree(tmp_path / "moved" / "_delta_log", ledger.folder / "documents" / "_delta_log")
    for path in ("/articles", "/", "/events", "/answers?x=NOR&b=RUS&a=SWE"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "moving or compacting it" in answer.text
        assert "Traceback" not in answer.text
    shutil.rmtree(ledger.folder / "documents")
    (tmp_path / "moved").rename(ledger.folder / "documents")
    assert client.get("/articles?format=json").json()["total"] == 1


def test_what_takes_long_is_worked_out_once_for_a_state(tmp_path: Path) -> None:
    desk, made = Desk(Ledger.create_or_open(tmp_path / "ledger").folder), []
    for _ in range(2):
        assert desk.view().kept("key", lambda: made.append(1) or len(made)) == 1
    for number in range(KEPT):
        desk.view().kept(number, lambda: 0)
    assert desk.view().kept("key", lambda: "again") == "again"
