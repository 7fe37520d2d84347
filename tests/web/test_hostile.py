"""Article text is hostile: scripts as title, publisher, actor, speaker, place, sentence and figure stay words."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from tertius.ledger.ledger import Ledger
from tertius.records import (
    Actor,
    Attribution,
    Document,
    Figure,
    Mention,
    Participant,
    Reader,
    Reading,
    Span,
    Speaker,
    When,
    Where,
)
from tertius.web.app import create
from tests.web.conftest import BASE
from tests.web.crawl import Reader as Page
from tests.web.test_pages import SCRIPTS

FORMS = ("/read", "/sql", "/mention/")  # pages with a text area of their own
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></textarea></style><script>alert(2)</script>",
    "{{ 7*7 }}{% include 'error.html' %}",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "\u202egnp.\u2028<b>&amp;",
]


def hostile(evil: str) -> Reading:
    text = f"{evil} struck {evil} near {evil}. More of it was told on the day after that."
    span = Span.of(text, 0, len(evil))
    whole = Span.of(text, 0, text.index(". More") + 1)
    party = Participant(start=0, end=len(evil), text=evil, actor="a1", country=None, sector=None, code=None)
    speaker = Speaker(actor=None, name=evil, country=None, sector=None, anonymous=False)
    said = Attribution(id="q1", kind="direct", stance="denies", source=(span,), cue=(span,), content=(whole,),
                       speaker=speaker, speaker_certain=False)  # fmt: skip
    mention = Mention(
        id="m1", type="ASSAULT", mode=None, quad=4, intensity=-9.0, modality="actual", trigger=span, sentence=whole,
        sources=(party,), targets=(party,), reciprocal=False, attribution="q1", contexts=(), confidence=0.9,
        when=When(start="2024-03-04", end="2024-03-04", precision="day", origin="expression", expression=span),
        where=Where(name=evil, country=None, latitude=None, longitude=None, geonames=None, expression=span),
    )  # fmt: skip
    figure = Figure(id="f1", start=0, end=len(evil), text=evil, value=3.0, low=None, high=None, unit=evil, measure=evil,
                    period=None, between=("a1",), change=evil, attribution="q1")  # fmt: skip
    actor = Actor(id="a1", name=evil, kind="group", country=None, sector=None, code=None, mentions=(span,))
    document = Document.from_text(text, title=evil, url=evil, publisher=evil, published="2024-03-05")
    return Reading(document=document, reader=Reader(tertius=evil, models={"events": evil}), actors=(actor,),
                   mentions=(mention,), attributions=(said,), figures=(figure,), warnings=(evil,))  # fmt: skip


@pytest.fixture(scope="module")
def hostile_client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    ledger = Ledger.create_or_open(tmp_path_factory.mktemp("hostile") / "ledger")
    readings = [hostile(evil) for evil in EVIL]
    ledger.add(readings, EVIL)
    ledger.skipped((evil, evil) for evil in EVIL)
    ledger.merge()
    return TestClient(create(ledger.folder), base_url=BASE)


def test_hostile_words_stay_words_on_every_page(hostile_client: TestClient) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop()
        answer = hostile_client.get(address)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = Page(answer.text)
        for tag, attributes in page.tags:
            assert tag not in ("img", "b-evil", "textarea") or address.startswith(FORMS), (address, tag)
            assert tag != "script" or attributes.get("src") in SCRIPTS, (address, attributes)
            assert not any(name.startswith("on") for name in attributes), (address, attributes)
            assert not (attributes.get("href") or "/").lower().startswith("javascript"), address
        assert "49{" not in answer.text
        assert "<script" not in answer.text.replace('<script src="/assets/', "")
        for href in page.links:
            target = href.partition("#")[0]
            if target and target not in seen and len(seen) < 120:
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 40


def test_hostile_words_are_shown_as_they_are(hostile_client: TestClient) -> None:
    shown = hostile_client.get("/articles?format=json").json()["rows"]
    assert {row["title"] for row in shown} == set(EVIL)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile_client.get("/articles").text


def test_hostile_addresses_are_answered_in_plain_words(hostile_client: TestClient) -> None:
    for evil in EVIL:
        for path in ("/events", "/articles", "/", "/pair/RUS/UKR"):
            answer = hostile_client.get(
                path, params={"speaker": evil, "publisher": evil, "on": "2024-01-01", "x": evil}
            )
            assert answer.status_code == 200
            assert "<script" not in answer.text
        assert "<script" not in hostile_client.get("/event/" + evil.replace("/", "")).text
        assert "<script" not in hostile_client.get("/events", params={"since": evil}).text


def test_no_cell_of_a_csv_runs_as_a_formula(hostile_client: TestClient) -> None:
    assert not [line for line in hostile_client.get("/articles?format=csv").text.splitlines() if ",=cmd" in line]


def test_json_is_json_whatever_the_words(hostile_client: TestClient) -> None:
    answer = hostile_client.get("/events?format=json")
    assert answer.headers["content-type"] == "application/json"
    assert len(json.loads(answer.text)["rows"]) == len(EVIL)
    assert msgspec.json.decode(answer.content)["total"] == len(EVIL)


def test_where_a_ledger_lies_is_no_secret_of_the_pages(hostile_client: TestClient, tmp_path: Path) -> None:
    assert str(tmp_path.parent.parent) not in hostile_client.get("/event/none").text
