"""Outlook: a pair's chances, what if, the record; while something is learnt the page waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tertius.errors import TooLittle
from tertius.ledger import forecasts
from tertius.ledger.ledger import Ledger
from tertius.web.app import create
from tertius.web.learning import Learning, Question, Told, answer
from tests.studies.worlds import ledger_of, triad
from tests.web.conftest import BASE

NASTY = "<script>alert(1)</script>"
SAME_SITE = {"origin": BASE, "sec-fetch-site": "same-origin"}


def forecast(what: str = "verbal conflict", **changes: Any) -> dict[str, Any]:
    row = {
        "source": "USA", "target": "PRK", "what": what, "quad": 3, "within": 7, "origin": "2023-02-06",
        "until": "2023-02-13",
        "chance": 0.4, "low": 0.3, "high": 0.5, "usual": 0.2, "base_rate": 0.1, "last": 1, "method": "learnt",
        "note": "",
        "drivers": [{"driver": "own", "words": NASTY, "odds": 1.5, "evidence": ["3f2a9c1b04d2-e1", "a:1"]}],
        "sentence": f"The chance of {what} is 40%.", "model": "pairs-1", "data": "0" * 12,
    }  # fmt: skip
    return row | changes


def told(question: Question) -> Told:
    """Stands for what is learnt."""
    if question.b == "CHN":
        raise TooLittle("nothing is known of the two")
    change = {
        "source": "USA", "target": "PRK", "what": "verbal conflict", "quad": 3, "within": 7, "chance": 0.4,
        "supposing": 0.5, "difference": 0.1, "low": 0.02, "high": 0.2,
    }  # fmt: skip
    past = forecast(origin="2023-01-30", came=True)
    changes, warnings = ([change], [f"never {NASTY}"]) if question.supposed else ([], [])
    rows = [forecast(usual=0.4, sentence="Nothing new."), forecast("material conflict", quad=4)]
    return Told("2023-02-06", ["3 days are missing."], rows, [past], changes, warnings)


def learning(function: Any = told) -> Learning:
    """A line that answers in this process."""
    made = Learning(function)
    made._worker.call = lambda question, _: function(question)  # type: ignore[method-assign]
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of(tmp_path_factory.mktemp("outlook") / "ledger", triad(1, 2.5)).folder


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create(folder, learning=learning()), base_url=BASE, follow_redirects=False) as made:
        yield made


def test_a_pair_shows_chances_beside_usual_rates_and_says_the_news_first(client: TestClient) -> None:
    page = client.get("/outlook?a=United States&b=PRK").text
    assert '<p class="finding">The chance of material conflict is 40%.</p>' in page
    assert "30% to 50%" in page
    assert "3 days are missing." in page
    assert NASTY not in page
    assert 'href="/event/3f2a9c1b04d2-e1"' in page
    rows = client.get("/outlook?a=USA&b=PRK&format=json").json()
    assert rows["total"] == 2
    assert client.get("/outlook?a=USA&b=PRK&format=csv").text.startswith("source,target,what")


def test_a_scenario_shows_the_difference_and_its_warnings(client: TestClient) -> None:
    page = client.get("/outlook", params={"a": "USA", "b": "PRK", "if": "USA ASSAULT PRK on 2023-02-06"}).text
    assert "+10.0" in page
    assert "+2.0 to +20.0" in page
    assert 'class="warning">never &lt;script&gt;' in page


def test_the_chart_is_drawn(client: TestClient) -> None:
    drawn = client.get("/outlook.svg?a=USA&b=PRK")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Verbal conflict" in drawn.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("a=USA&b=USA", 400, "same actor"),
        ("a=Atlantis&b=USA", 400, "does not act in this record"),
        ("a=USA&b=PRK&if=nonsense", 400, "cannot be understood"),
        ("a=USA&b=CHN", 200, "nothing is known of the two"),
        ("", 200, "No forecast has been made on this ledger"),
    ],
)
def test_what_cannot_be_told(client: TestClient, query: str, status: int, words: str) -> None:
    answered = client.get(f"/outlook?{query}")
    assert answered.status_code == status
    assert words in answered.text


def test_an_empty_ledger_says_what_to_do(tmp_path: Path) -> None:
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    with TestClient(create(folder, learning=learning()), base_url=BASE) as client:
        assert "read or import some first" in client.get("/outlook?a=USA&b=PRK").text
        assert client.get("/outlook").status_code == 200


def test_while_it_is_learnt_the_page_looks_again_by_itself(folder: Path) -> None:
    def slow(question: Question) -> Told:
        time.sleep(1.0)
        return told(question)

    with TestClient(create(folder, learning=learning(slow)), base_url=BASE) as client:
        waiting = client.get("/outlook?a=USA&b=PRK").text
        assert 'http-equiv="refresh"' in waiting
        assert "Learning from all pairs" in waiting
        time.sleep(1.0)
        assert "The chance of material conflict" in client.get("/outlook?a=USA&b=PRK").text


def test_what_is_put_on_the_record_is_kept_once_and_scored(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "ledger", triad(1, 2.5))
    with TestClient(create(ledger.folder, learning=learning()), base_url=BASE, follow_redirects=False) as client:
        assert "Not on the record yet" in client.get("/outlook?a=USA&b=PRK").text
        pair = {"a": "USA", "b": "PRK"}
        assert client.post("/outlook", data=pair, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        for _ in range(2):
            assert client.post("/outlook", data=pair, headers=SAME_SITE).status_code == 303
        assert len(forecasts.kept(ledger)) == 2
        page = client.get("/outlook?a=USA&b=PRK").text
        assert "on the record: they will be scored" in page
        every = client.get("/outlook").text
        assert "Standing forecasts" in every
        assert "2 not due yet" in every or "2 forecasts have come due" in every


def test_a_chance_that_crossed_a_line_is_news(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path / "ledger", triad(1, 2.5))
    forecasts.keep(ledger, [forecast(chance=0.4, origin="2023-01-30", data="a" * 12)])
    forecasts.keep(ledger, [forecast(chance=0.7, origin="2023-02-06", data="b" * 12), forecast("material conflict")])
    with TestClient(create(ledger.folder, learning=learning()), base_url=BASE) as client:
        page = client.get("/outlook").text
        assert "is now above 50%" in page
        assert page.count("is now") == 1
        assert "is now above 50%" in client.get("/").text


def test_the_process_really_learns(folder: Path) -> None:
    """The function of the process itself, in this one."""
    found = answer(Question(folder, (0,), "USA", "PRK", ("RUS SUPPORT PRK on 2023-02-06",)))
    assert {row["quad"] for row in found.forecasts} == {1, 2, 3, 4}
    assert all(0 < row["chance"] < 1 for row in found.forecasts)
    assert date.fromisoformat(found.origin)
    assert found.changes
