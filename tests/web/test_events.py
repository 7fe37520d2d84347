"""Events: places, origins, the limits of an address, and copies that give the same rows."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tertius.ledger import corrections, sandbox
from tertius.ledger.ledger import Ledger
from tertius.web import copy
from tertius.web.app import create
from tests.datasets import samples
from tests.datasets.samples import run, tabbed
from tests.web import harmless
from tests.web.conftest import BASE, many
from tests.web.crawl import Reader
from tests.web.test_hostile import EVIL, hostile
from tests.web.test_pages import rows

QUERIES = (
    "",
    "?source=SDN&target=TCD&type=ASSAULT&since=2024-02-02&until=2024-02-11",
    "?source=KEN",
    "?target=UGA&modality=future",
    "?speaker=SDN+GOV+spokesman&stance=denies",
    "?publisher=Herald&confidence=high",
    "?publisher=no+publisher+named",
    "?contested=yes",
    "?place=Tine",
    "?tone=cooperative&quad=1",
    "?corrected=no&page=1",
    "?source=NOBODY'S--",
)


def copies(page: str) -> tuple[str, str]:
    """The statement and the program on a page of events."""
    statement, program = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    return unescape(statement), unescape(program)


def program_ids(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    assert folder.name == "ledger"
    monkeypatch.chdir(folder.parent)
    found: dict[str, Any] = {}
    exec(program, found)
    return [row["id"] for row in found["rows"]]


@pytest.mark.parametrize("query", QUERIES)
def test_the_copies_give_the_rows_on_the_screen(
    client: TestClient, ledger: Ledger, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/events" + query).text
    shown = re.findall(r'<tr id="([^"]+)"', page)
    if not shown:
        assert "No event matches" in page
        assert "NOBODY" in query
        return
    statement, program = copies(page)
    answer = sandbox.ask(ledger.folder, statement)
    assert [row[answer.columns.index("id")] for row in answer.rows] == shown
    assert program_ids(program, ledger.folder, monkeypatch) == shown
    assert (
        client.get("/events" + query + ("&" if query else "?") + "format=json").json()["sql"].startswith("WITH screen")
    )


def test_the_copies_of_a_later_page_give_that_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ledger.reports import report

    ledger = Ledger.create_or_open(tmp_path / "ledger")
    months = [f"20{year}-{month:02}-03" for year in range(10, 16) for month in range(1, 13)]
    ledger.add(
        [report(f"Norway told Russia of map {day}.", more=f"{day} it was.", day=day, published=day) for day in months]
    )
    ledger.merge()
    page = TestClient(create(ledger.folder), base_url=BASE).get("/events?page=2").text
    shown = re.findall(r'<tr id="([^"]+)"', page)
    statement, program = copies(page)
    assert len(shown) == 22
    assert program_ids(program, ledger.folder, monkeypatch) == shown
    assert "Without its last line it gives all 72" in page
    whole = sandbox.ask(ledger.folder, statement.rpartition("\n")[0])
    assert len(whole.rows) == 72


def test_copies_keep_hostile_values_as_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add([hostile(evil) for evil in EVIL])
    ledger.merge()
    client = TestClient(create(ledger.folder), base_url=BASE)
    for evil in (*EVIL, 'x""" + __import__("os").getcwd() + """', "'; DROP VIEW events; --", "a?b", "\\"):
        for name in ("speaker", "publisher", "place", "source"):
            answer = client.get("/events", params={name: evil})
            assert answer.status_code == 200
            harmless.check(answer.text)
            wanted = copy.Filters({name: evil})
            shown = [row["id"] for row in client.get("/events", params={name: evil, "format": "json"}).json()["rows"]]
            assert bool(shown) is (evil in EVIL)
            answer_ids = [row["id"] for row in _dicts(sandbox.ask(ledger.folder, copy.as_sql(wanted, 50)))]
            assert answer_ids == shown
            assert program_ids(copy.as_python(wanted, 50), ledger.folder, monkeypatch) == shown


def _dicts(answer: sandbox.Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def test_places_are_a_facet(client: TestClient) -> None:
    page = client.get("/events?type=ASSAULT").text
    assert 'id="facet-place"' in page
    assert [row["place"] for row in rows(client, "/events?place=Farchana")] == ["Farchana"]


def test_a_filter_that_is_given_twice_is_refused(client: TestClient) -> None:
    answer = client.get("/events?" + "&".join(f"source=A{n}" for n in range(1_000)))
    assert answer.status_code == 400
    assert "&#39;source&#39; is there 1,000 times: each filter takes one value" in answer.text
    assert client.get("/articles?publisher=Herald&source=A&source=B").status_code == 400


def test_every_filter_at_once(client: TestClient) -> None:
    from tertius.web.filters import COLUMNS

    values = {name: "2024-02-02" if name in ("since", "until") else "1" for name in COLUMNS}
    assert client.get("/events", params=values).status_code == 200
    assert rows(client, "/events?" + "&".join(f"{name}={value}" for name, value in values.items())) == []


def test_a_long_facet_says_how_much_of_it_is_listed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tertius.web.filters.MOST_VALUES", 8)
    page = client.get("/events?page=01").text  # one that no other test has asked for: pages are remembered
    assert "The 8 most frequent" in page


def test_imported_rows_are_an_origin_with_its_count(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add(many()[:3])
    ledger.merge()
    (tmp_path / "g.tsv").write_text(tabbed([samples.gdelt(), samples.gdelt(GLOBALEVENTID=501, EventCode="040")]))
    assert run(ledger, "gdelt", tmp_path / "g.tsv").failed == []
    client = TestClient(create(ledger.folder), base_url=BASE)
    page = client.get("/events").text
    assert 'id="facet-origin"' in page
    for query in ("", "?type=CONSULT", "?source=RUS&quad=3", "?place=Nowhere"):
        for figure in Reader(client.get("/events" + query).text).figures:
            assert len(rows(client, figure.href)) == figure.count, (query, figure)
    assert "/acts?origin=gdelt" in page
    (row,) = rows(client, "/acts?type=CONSULT&origin=gdelt")
    assert (row["id"], row["origin"]) == ("gdelt:501", "gdelt")
    assert 'id="facet-origin"' not in client.get("/events?confidence=high").text


def test_an_origin_alone_is_no_facet(client: TestClient) -> None:
    assert 'id="facet-origin"' not in client.get("/events").text


def test_corrected_events_are_a_facet(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add(many())
    ledger.merge()
    client = TestClient(create(ledger.folder), base_url=BASE)
    mention = rows(client, "/events?place=Tine")[0]["id"].replace("-e", "-m")
    assert rows(client, "/events?corrected=yes") == []
    corrections.change(ledger, mention, corrections.Right(modality="negated"), by="Ada")
    ledger.merge()
    (row,) = rows(client, "/events?corrected=yes")
    assert (row["modality"], row["place"]) == ("negated", "Tine")


def test_who_asserts_and_who_denies_stand_side_by_side(tmp_path: Path) -> None:
    from tests.ledger.reports import report

    ledger = Ledger.create_or_open(tmp_path / "ledger")
    denied = report("Moscow denied the break-in at the naval yard.", said=("RUS GOV", "denies"), modality="negated")
    ledger.add([report(said=("NOR GOV", "asserts")), denied, report("Peru met Chile.", sources=("PER GOV",))])
    ledger.merge()
    client = TestClient(create(ledger.folder), base_url=BASE)
    (event,) = rows(client, "/events?contested=yes")
    page = client.get(f"/event/{event['id']}").text
    asserted, _, against = page.partition('id="denied"')
    assert "Norway expelled two Russian diplomats" in asserted.partition('id="asserted"')[2]
    assert "Moscow denied the break-in" not in asserted
    assert "Moscow denied the break-in" in against.partition("Every mention")[0]
    (other,) = rows(client, "/events?source=PER")
    assert 'id="denied"' not in client.get(f"/event/{other['id']}").text
