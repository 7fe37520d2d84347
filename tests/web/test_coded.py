"""The screens over event data that others coded: alone, and beside what was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.ledger.ledger import Ledger
from tertius.studies import answers as study
from tertius.studies import record, tie
from tertius.web import places, ties
from tertius.web.app import create
from tertius.web.coded import Coded
from tertius.web.desk import Desk
from tests.datasets import samples
from tests.datasets.samples import columns, run, tabbed
from tests.samples import reading
from tests.web.conftest import BASE
from tests.web.test_pages import crawl, rows

LAST = date(2018, 12, 31)


def coded_rows() -> list[list[str]]:
    """A year in which Norway talks to Russia each week, Russia begins to threaten it in November, and Chad turns up."""
    made = []

    def add(day: date, number: int, **cells: object) -> None:
        made.append(samples.icews(Event_ID=10_000 + len(made), Event_Date=day.isoformat(), Story_ID=number, **cells))

    back = {"Source_Name": "Russia", "Source_Country": "Russian Federation", "Target_Name": "Norway",
            "Target_Country": "Norway"}  # fmt: skip
    for week in range(52):
        day = date(2018, 1, 2) + timedelta(days=7 * week)
        add(day, week, City="Oslo" if week % 4 == 3 else "Bergen", Latitude=60.39 if week % 2 else "NA",
            Longitude=5.32 if week % 2 else "NA")  # fmt: skip
        for more in range(5 if week >= 47 else 0):
            add(day + timedelta(days=more), 100 + more, Event_Text="Threaten", CAMEO_Code="130", **back)
        add(day + timedelta(days=1), 200, Source_Name="Sweden", Source_Country="Sweden", Event_Text="Provide aid",
            CAMEO_Code="070")  # fmt: skip
    add(LAST, 300, Source_Name="Chad", Source_Country="Chad")
    add(LAST, 301, Event_Text="Make statement", CAMEO_Code="010")
    return made


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("coded")
    ledger = Ledger.create_or_open(folder / "ledger")
    path = folder / "events.tab"
    path.write_text(tabbed(coded_rows(), columns("icews")), encoding="utf-8")
    assert not run(ledger, "icews", path).failed
    return ledger


@pytest.fixture(scope="module")
def client(coded: Ledger) -> Iterator[TestClient]:
    with TestClient(create(coded.folder), base_url=BASE) as made:
        yield made


def test_every_figure_counts_the_coded_rows_that_it_links_to(client: TestClient) -> None:
    found = {figure for page in crawl(client).values() for figure in page.figures}
    assert {"/acts", "/events", "/failures"} <= {figure.href.partition("?")[0] for figure in found}
    assert len(found) > 60
    for figure in found:
        assert len(rows(client, figure.href.partition("#")[0])) == figure.count, figure


def test_today_tells_what_changed_who_is_new_and_what_it_rests_on(client: TestClient) -> None:
    told = client.get("/?format=json").json()
    assert told["on"] == LAST.isoformat()
    assert ("RUS", "NOR", "hostile", True) in {(m["source"], m["target"], m["tone"], m["up"]) for m in told["moved"]}
    assert [one["actor"] for one in told["new"]] == ["TCD"]
    assert told["coverage"]["coded by icews"] == len(coded_rows()) - 1
    assert told["coverage"]["icews, of no class"] == 1
    page = client.get("/").text
    assert "Nothing has been read yet" not in page
    assert "events.tab, line" in page


def test_the_pair_shows_changes_with_their_acts_and_places(client: TestClient) -> None:
    told = client.get("/pair/NOR/RUS?format=json").json()
    (change,) = [one for one in told["changes"] if one["source"] == "RUS"]
    assert change["up"]
    assert "2018-11-20" <= change["date"] <= "2018-12-04"
    assert all(row["file"] == "events.tab" for row in change["shown"])
    assert len(change["shown"]) == 3
    page = client.get("/pair/NOR/RUS").text
    assert f'id="change-{change["number"]}"' in page
    assert f'href="#change-{change["number"]}"' in page
    assert {"Bergen", "Oslo"} <= {dot["name"] for dot in told["places"]}
    assert 'class="map"' in page
    assert "with a place on the map" in page


def test_the_network_is_told_to_scripts_and_without_them(client: TestClient) -> None:
    told = client.get("/answers?actor=Norway&format=json").json()
    assert told["actor"] == "NOR"
    assert {node["id"] for node in told["nodes"]} == {"NOR", "RUS"}
    assert ("RUS", "NOR", 25, 25) in {(r["source"], r["target"], r["acts"], r["hostile"]) for r in told["rows"]}
    page = client.get("/answers?actor=Norway").text
    assert 'class="graph"' in page
    assert client.get("/answers?actor=NOR&least=20&tone=hostile&format=json").json()["total"] == 1
    assert client.get("/answers?actor=NOR&since=2019-01-01").text.count("matches") == 1
    assert client.get("/answers?actor=Atlantis").status_code == 400
    assert client.get("/answers?actor=NOR&least=none").status_code == 400


@pytest.mark.parametrize("query", ["quad=9", "quad=12", "tone=grim", "between=RUS", "at=north", "at=91,0",
                                   "since=never", "placed=perhaps", "place=" + "x" * 300])  # fmt: skip
def test_acts_that_cannot_be_asked_for_are_said(client: TestClient, query: str) -> None:
    assert client.get("/acts?" + query).status_code == 400


def test_both_origins_are_counted_and_told_apart(coded: Ledger, tmp_path: Path) -> None:
    both = Ledger.create_or_open(tmp_path / "ledger")
    path = tmp_path / "events.tab"
    path.write_text(tabbed(coded_rows(), columns("icews")), encoding="utf-8")
    run(both, "icews", path)
    both.add([reading()])
    both.merge()
    client = TestClient(create(both.folder), base_url=BASE)
    every = rows(client, "/acts?between=NOR-RUS")
    assert {row["origin"] for row in every} == {"tertius", "icews"}
    (read,) = rows(client, "/pair/NOR/RUS?origin=tertius")
    assert client.get("/events?source=NOR&target=RUS&format=json").json()["total"] == 1
    assert f'/event/{read["id"]}"' in client.get("/acts?between=NOR-RUS&origin=tertius").text
    assert "coded by icews" in client.get("/pair/NOR/RUS").text
    assert client.get("/pair/NOR/RUS?origin=gdelt").status_code == 400


def test_a_large_ledger_gives_the_same_from_its_scratch_file(coded: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["/", "/acts?between=NOR-RUS", "/pair/NOR/RUS", "/answers?actor=NOR", "/answers?x=RUS&b=NOR&a=SWE"]
    small = TestClient(create(coded.folder), base_url=BASE)
    told = [small.get(path, params={"format": "json"} if "?" not in path else None).text for path in paths]
    monkeypatch.setattr("tertius.web.coded.SMALL", -1)
    with TestClient(create(coded.folder), base_url=BASE) as large:
        assert [large.get(p, params={"format": "json"} if "?" not in p else None).text for p in paths] == told


def test_the_scratch_file_is_made_anew_after_an_import_alone(
    coded: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertius.web.coded.SMALL", -1)
    made: list[Path] = []
    make = Coded._file
    monkeypatch.setattr(Coded, "_file", lambda self: made.append(make(self)) or made[-1])
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    desk = Desk(ledger.folder)
    assert desk.view().number("SELECT count(*) FROM screen_acts") == 0
    ledger.add([reading()])
    ledger.merge()
    assert desk.view().number("SELECT count(*) FROM screen_acts") == 1
    assert len(made) == 1
    path = tmp_path / "events.tab"
    path.write_text(tabbed(coded_rows(), columns("icews")), encoding="utf-8")
    run(ledger, "icews", path)
    assert desk.view().number("SELECT count(*) FROM screen_acts") == len(coded_rows()) + 1
    assert len(made) == 2
    desk.close()
    assert not made[-1].exists()


def test_the_studies_see_the_record_that_the_commands_see(coded: Ledger) -> None:
    whole, view = record.of_ledger(coded), Desk(coded.folder).view()
    assert tie.tie(ties.of_pair(view, "NOR", "RUS"), "NOR", "RUS") == tie.tie(whole, "NOR", "RUS")
    for triad in (("RUS", "NOR", "SWE"), ("NOR", "RUS", "SWE"), ("SWE", "RUS", "NOR")):
        for how in ("support", "confront"):
            asked = study.answers(whole, *triad, how=how)
            assert study.answers(ties.of_triad(view, *triad), *triad, how=how) == asked
    assert len(ties.of_all(view)) == len(whole)


@pytest.mark.parametrize(
    ("cells", "precision"),
    [
        ({"place": "Oslo, Oslo, Norway", "origin": "gdelt"}, "town"),
        ({"place": "Oslo, Norway", "origin": "gdelt"}, "region"),
        ({"place": "Norway", "origin": "gdelt"}, "country"),
        ({"place": "Bergen", "province": "Vestland", "origin": "icews"}, "town"),
        ({"place": "Vestland", "province": "Vestland", "origin": "icews"}, "region"),
        ({"place": "Norway", "origin": "icews"}, "country"),
        ({"place": None, "origin": "acled"}, "country"),
        ({"place": "Oslo", "geonames": 3143244, "origin": "tertius"}, "town"),
        ({"place": "Norway", "geonames": None, "origin": "tertius"}, "country"),
        ({"place": "Donbas", "geonames": None, "origin": "tertius"}, "region"),
    ],
)
def test_how_exactly_a_place_is_known(cells: dict, precision: str) -> None:
    assert places.precision({"country": "NOR", "province": None, "geonames": None} | cells) == precision
