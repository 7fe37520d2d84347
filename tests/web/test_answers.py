"""Who answers whom, on a ledger where somebody does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from tertius.ledger.ledger import Ledger
from tertius.web.app import create
from tests.ledger.reports import report
from tests.web.conftest import BASE
from tests.web.crawl import Reader

TRIAD = "/answers?x=USA&b=PRK&a=Russia"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Thirty rounds: the USA accuses North Korea of something, two days later Russia helps it."""
    ledger = Ledger.create_or_open(tmp_path_factory.mktemp("answers") / "ledger")
    made = []
    usa, russia, korea = ("USA GOV",), ("RUS GOV",), ("PRK GOV",)
    for number in range(30):
        day = date(2022, 1, 3) + timedelta(days=23 * number + number % 5)
        told, after = day.isoformat(), (day + timedelta(days=2)).isoformat()
        made += [
            report(f"Washington accused Pyongyang of matter{number}.", type="ACCUSE", sources=usa, targets=korea,
                   day=told, published=told, more=f"Paper {number} has it."),
            report(f"Moscow shipped cargo{number} to Pyongyang.", type="AID", sources=russia, targets=korea,
                   day=after, published=after, more=f"Wire {number} has it."),
        ]  # fmt: skip
    ledger.add(made)
    ledger.merge()
    with TestClient(create(ledger.folder), base_url=BASE) as client:
        yield client


def test_the_answer_is_a_sentence_with_the_acts_on_both_sides(asked: TestClient) -> None:
    told = asked.get(TRIAD + "&format=json").json()
    assert told["answer"]["sentence"].startswith("In the 7 days after United States pressed North Korea")
    assert told["answer"]["responses"] == sum(row["part"] == "response" for row in told["rows"]) == 30
    page = Reader(asked.get(TRIAD).text)
    assert [figure.count for figure in page.figures] == [30, 0, 0, 0, 30, 30]  # on both sides, then what it rests on
    for figure in page.figures:
        assert asked.get(figure.href + "&format=json").json()["total"] == figure.count
    for href in page.links:
        assert asked.get(href).status_code == 200


def test_the_curve_is_a_picture_of_its_own(asked: TestClient) -> None:
    answer = asked.get(TRIAD.replace("/answers", "/answers.svg"))
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg")
    assert TRIAD.replace("/answers", "/answers.svg").replace("&", "&amp;") in asked.get(TRIAD).text


def test_all_triads_at_once_lead_to_each(asked: TestClient) -> None:
    rows = asked.get("/answers?screen=yes&format=json").json()["rows"]
    assert ("USA", "PRK", "RUS") in {(row["x"], row["b"], row["a"]) for row in rows}
    assert "/answers?x=USA&amp;b=PRK&amp;a=RUS" in asked.get("/answers?screen=yes").text


def test_too_little_is_said_plainly(client: TestClient, empty: TestClient) -> None:
    assert "Not enough data" in client.get("/answers?x=SDN&b=TCD&a=PER").text
    assert "No triad has enough data" in client.get("/answers?screen=yes").text
    assert "no dated acts" in empty.get("/answers?screen=yes").text
    assert "no dated acts" in empty.get("/answers?x=a&b=b&a=c").text


@pytest.mark.parametrize("query", ["how=hug", "window=0", "window=999", "window=x", "x=SDN&b=TCD&a=Nowhere",
                                   "x=SDN&b=SDN&a=TCD", "x=SDN&b=TCD&a=PER&rows=all"])  # fmt: skip
def test_what_cannot_be_asked_is_said(client: TestClient, query: str) -> None:
    assert client.get("/answers?" + query).status_code == 400
