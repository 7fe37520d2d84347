"""The SQL box: what it answers, what it refuses, and that a page elsewhere cannot put it to work."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.ledger import sandbox
from tertius.ledger.ledger import Ledger
from tertius.web import sql
from tertius.web.app import create
from tests.ledger.test_sandbox import ENDLESS
from tests.samples import reading
from tests.web import harmless
from tests.web.conftest import BASE
from tests.web.test_hostile import EVIL


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    ledger = Ledger.create_or_open(tmp_path_factory.mktemp("sql") / "ledger")
    ledger.add([reading()])
    ledger.merge()
    with TestClient(create(ledger.folder), base_url=BASE, follow_redirects=False) as made:
        yield made


def ask(client: TestClient, statement: str, **more: str):
    return client.get("/sql", params={"q": statement, **more})


def test_the_empty_box_lists_views_and_examples(client: TestClient) -> None:
    page = client.get("/sql")
    assert page.status_code == 200
    for words in ("event_rows", "asserted_by", "correction_rows", "Who acts on whom", "60 seconds"):
        assert words in page.text
    assert "stored_" not in page.text
    assert "screen_" not in page.text


def test_an_answer_is_a_table_json_and_csv(client: TestClient) -> None:
    statement = "SELECT id, type, 'a' AS x, 'b' AS x, [1, 2] AS list FROM event_rows"
    page = ask(client, statement)
    (event,) = client.get("/events?format=json").json()["rows"]
    assert f'<a href="/event/{event["id"]}">' in page.text
    assert 'data-count="1"' in page.text
    told = ask(client, statement, format="json").json()
    assert told["rows"] == [{"id": event["id"], "type": "SANCTION", "x": "a", "x_2": "b", "list": [1, 2]}]
    assert (told["total"], told["more"], told["sql"]) == (1, False, statement)
    (row,) = csv.DictReader(io.StringIO(ask(client, statement, format="csv").text))
    assert (row["x_2"], row["list"]) == ("b", "1; 2")
    assert "No row matches" in ask(client, "SELECT id FROM events WHERE false").text


def test_ids_of_mentions_lead_to_the_mention(client: TestClient) -> None:
    page = ask(client, "SELECT id FROM mention_rows").text
    assert '<a href="/mention/' in page


@pytest.mark.parametrize("name", list(sql.EXAMPLES))
def test_the_examples_are_answered(client: TestClient, name: str) -> None:
    assert ask(client, sql.EXAMPLES[name]).status_code == 200


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELEC 1", "the views and their columns"),
        ("SELECT nothing FROM events", "nothing"),
        ("FROM stored_mentions", "no view"),
        ("FROM screen", "no view"),
        ("FROM read_csv('/etc/passwd')", "not allowed"),
        ("SELECT 1; SELECT 2", "give one"),
        ("DROP VIEW events", "only SELECT"),
        ("INSERT INTO corrections SELECT * FROM corrections", "only SELECT"),
        ("COPY events TO '/tmp/x'", "only SELECT"),
        ("ATTACH '/tmp/x'", "only SELECT"),
        ("SELECT getenv('HOME')", "not allowed"),
        ("SELECT '" + "x" * 20_001 + "'", "20,000 characters"),
    ],
)
def test_what_is_not_allowed_is_said_over_the_statement(client: TestClient, statement: str, said: str) -> None:
    page = ask(client, statement)
    assert page.status_code == 400
    assert said in page.text
    assert "textarea" in page.text
    for form in ("json", "csv"):
        told = ask(client, statement, format=form)
        assert told.status_code == 400
        assert said in told.json()["error"]
        assert told.json()["rows"] == []
    assert ask(client, "SELECT 1 AS one", format="json").json()["rows"] == [{"one": 1}]


def test_a_statement_that_takes_too_long_is_stopped_and_the_next_one_answered(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = sandbox.ask
    monkeypatch.setattr(sandbox, "ask", lambda *a, **k: asked(*a, **({"seconds": 1.0} | k)))
    page = ask(client, ENDLESS)
    assert page.status_code == 400
    assert "stopped: no answer after 1 seconds" in page.text
    monkeypatch.undo()
    assert ask(client, "SELECT 1 AS one").status_code == 200


def test_a_process_that_is_killed_is_said_and_replaced(client: TestClient) -> None:
    assert ask(client, "SELECT 1 AS one").status_code == 200
    for worker in client.app.app.state.processes._all:  # type: ignore[attr-defined]
        if worker._process:
            worker._process.kill()
            worker._process.join()
    assert ask(client, "SELECT 2 AS two", format="json").json()["rows"] == [{"two": 2}]


def test_more_rows_than_a_page_shows(client: TestClient) -> None:
    page = ask(client, "SELECT range AS n FROM range(300)").text
    assert "The first 200 are shown" in page
    assert 'data-count="300"' in page
    told = ask(client, "SELECT range AS n FROM range(20000)", format="json").json()
    assert (told["total"], told["more"]) == (10_000, True)
    assert "there are more" in ask(client, "SELECT range AS n FROM range(20000)").text


def test_when_too_many_ask_one_is_told_to_wait(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "PATIENCE", 0.2)
    asked, go = sandbox.ask, threading.Event()

    def slow(*arguments: object, **more: object) -> sandbox.Answer:
        go.wait(30)
        return asked(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "ask", slow)
    others = [threading.Thread(target=ask, args=(client, "SELECT 1")) for _ in range(sql.AT_ONCE)]
    for other in others:
        other.start()
    while client.app.app.state.processes._free.qsize():  # type: ignore[attr-defined]
        pass
    answer = ask(client, "SELECT 2")
    go.set()
    for other in others:
        other.join()
    assert answer.status_code == 503
    assert "ask again" in answer.text


@pytest.mark.parametrize(
    ("site", "asked"), [("cross-site", False), ("same-site", False), ("none", True), ("same-origin", True)]
)
def test_a_page_elsewhere_cannot_put_the_box_to_work(client: TestClient, site: str, asked: bool) -> None:
    page = client.get("/sql", params={"q": "SELECT 41 + 1 AS n"}, headers={"sec-fetch-site": site})
    assert page.status_code == 200
    assert ("42" in page.text) is asked
    assert "SELECT 41 + 1 AS n" in page.text
    assert ("press" in page.text) is not asked
    twin = client.get("/sql", params={"q": "SELECT 42 AS n", "format": "json"}, headers={"sec-fetch-site": site})
    assert bool(twin.json()["rows"]) is asked


def test_only_looking_is_possible(client: TestClient) -> None:
    headers = {"origin": BASE, "sec-fetch-site": "same-origin"}
    assert client.post("/sql", data={"q": "SELECT 1"}, headers=headers).status_code == 405


@pytest.mark.parametrize(
    "evil", [*EVIL, "\x00", "SELECT '\x00'", "--", ";", "/*", "\ud800".encode("utf-8", "replace").decode()]
)
def test_hostile_statements_stay_words(client: TestClient, evil: str) -> None:
    for statement in (evil, "SELECT '" + evil.replace("'", "''") + "' AS \"" + evil.replace('"', '""') + '"'):
        page = ask(client, statement)
        assert page.status_code in (200, 400), statement
        harmless.check(page.text)


def test_no_cell_of_an_answer_runs_as_a_formula(client: TestClient) -> None:
    assert "'=1+1" in ask(client, "SELECT '=1+1' AS x", format="csv").text


def test_a_ledger_that_is_gone_is_said(tmp_path: Path) -> None:
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    client = TestClient(create(folder), base_url=BASE)
    assert ask(client, "SELECT count(*) AS n FROM events", format="json").json()["rows"] == [{"n": 0}]
    folder.rename(tmp_path / "elsewhere")
    answer = ask(client, "SELECT 1")
    assert answer.status_code == 503
    assert "holds no ledger" in answer.text
