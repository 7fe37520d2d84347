"""Every page answers, its twins hold the same rows, and every figure on it counts just the rows that it links to."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.web.crawl import Figure, Reader, kind

PAGES = (
    "/",
    "/events",
    "/articles",
    "/publishers",
    "/failures",
    "/disputes",
    "/pair/SDN/TCD",
    "/pair/KEN/UGA",
    "/acts",
    "/corrections",
    "/sql",
    "/sql?q=SELECT+id+FROM+events",
    "/answers",
    "/answers?screen=yes",
    "/answers?x=SDN&b=TCD&a=PER",
)
SCRIPTS = ("/assets/cytoscape.min.js", "/assets/network.js")
PER_KIND = 15  # addresses of one kind that the crawler opens


def rows(client: TestClient, href: str) -> list[dict]:
    address, _, _ = href.partition("#")
    answer = client.get(address + ("&" if "?" in address else "?") + "format=json")
    assert answer.status_code == 200, href
    body = answer.json()
    assert body["total"] == len(body["rows"]), href
    return body["rows"]


def crawl(client: TestClient) -> dict[str, Reader]:
    """Pages reachable from the first, at most PER_KIND of each kind."""
    found: dict[str, Reader] = {}
    seen, opened = {"/"}, Counter[str]()
    waiting = deque(["/"])
    while waiting:
        address = waiting.popleft()
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        found[address] = Reader(answer.text)
        for href in found[address].links:
            target = urljoin(address, href).partition("#")[0]
            if target not in seen and opened[kind(target)] < PER_KIND:
                seen.add(target)
                opened[kind(target)] += 1
                waiting.append(target)
    return found


@pytest.fixture(scope="module")
def site(client: TestClient) -> dict[str, Reader]:
    return crawl(client)


def test_the_crawler_reaches_every_kind_of_page(site: dict[str, Reader]) -> None:
    kinds = {kind(address) for address in site}
    assert kinds >= {
        "/",
        "/events",
        "/event",
        "/article",
        "/articles",
        "/publishers",
        "/failures",
        "/disputes",
        "/pair",
        "/read",
    }


def test_every_figure_counts_the_rows_that_it_links_to(client: TestClient, site: dict[str, Reader]) -> None:
    figures: dict[Figure, str] = {figure: address for address, page in site.items() for figure in page.figures}
    assert len(figures) > 100
    counted: dict[str, int] = {}
    for figure, address in figures.items():
        href = figure.href.partition("#")[0]
        if href not in counted:
            counted[href] = len(rows(client, href))
        assert counted[href] == figure.count, (address, figure)
        assert figure.words.replace(",", "").split()[0] == str(figure.count)


def test_every_link_into_a_page_finds_its_place(site: dict[str, Reader]) -> None:
    for address, page in site.items():
        for href in page.links:
            target, _, place = urljoin(address, href).partition("#")
            if place and target in site:
                assert place in site[target].ids, (address, href)


def test_no_page_has_scripts_of_its_own_styles_or_remote_addresses(site: dict[str, Reader]) -> None:
    for page in site.values():
        assert not [words for tag, words in page.texts if tag == "script"]
        for tag, attributes in page.tags:
            assert tag not in ("style", "iframe", "object")
            assert tag != "script" or attributes["src"] in SCRIPTS
            assert not any(name.startswith("on") or name == "style" for name in attributes)
            for name in ("href", "src", "action"):
                assert not urlsplit(attributes.get(name) or "").netloc


def test_pages_have_landmarks_headings_and_labels(site: dict[str, Reader]) -> None:
    for address, page in site.items():
        tags = Counter(tag for tag, _ in page.tags)
        assert tags["main"] == tags["h1"] == tags["footer"] == 1, address
        assert ("html", {"lang": "en"}) in page.tags
        assert all("scope" in attributes for tag, attributes in page.tags if tag == "th"), address
        named = {attributes["aria-labelledby"] for _, attributes in page.tags if attributes.get("aria-labelledby")}
        assert named <= page.ids, address


@pytest.mark.parametrize("path", PAGES)
def test_twins_hold_the_rows_of_the_page(client: TestClient, path: str) -> None:
    told = rows(client, path)
    answer = client.get(path + ("&" if "?" in path else "?") + "format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == len(told)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_quick(client: TestClient, path: str) -> None:
    client.get(path)
    spent = []
    for _ in range(5):
        begun = time.process_time()  # of ours: others may be at work here
        client.get(path)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.15


@pytest.mark.parametrize(
    ("path", "status", "cure"),
    [
        ("/nothing", 404, "Today"),
        ("/event/ffffffffffff-e1", 404, "Events"),
        ("/article/ffffffffffff", 404, "Articles"),
        ("/article/%00%27", 404, "Articles"),
        ("/pair/RUS/whoever", 404, "Today"),
        ("/read/unknown", 404, "Articles"),
        ("/events?since=2024-13-01", 400, "YYYY-MM-DD"),
        ("/?on=yesterday", 400, "YYYY-MM-DD"),
        ("/events?quad=12", 400, "choose"),
        ("/events?page=0", 400, "from 1 on"),
        ("/events?page=99999999999999999999999", 400, "from 1 on"),
        ("/events?format=exe", 400, "html, json, csv"),
        ("/events?speaker=" + "x" * 300, 400, "choose"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_cure(client: TestClient, path: str, status: int, cure: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert cure in answer.text
    if "format" not in path:
        twin = client.get(path + ("&" if "?" in path else "?") + "format=json")
        assert twin.status_code == status
        assert twin.json()["error"]


@pytest.mark.parametrize("value", ["' OR 1=1 --", "\x00", "%", "Ω" * 100, "null"])
def test_filters_are_values_never_sql(client: TestClient, value: str) -> None:
    for name in ("source", "target", "type", "speaker", "publisher", "article", "confidence", "modality"):
        answer = client.get("/events", params={name: value, "format": "json"})
        assert answer.status_code == 200
        assert answer.json()["rows"] == []


def test_an_address_with_a_thousand_unknown_parameters_is_answered(client: TestClient) -> None:
    assert client.get("/events?" + "&".join(f"x{n}=1" for n in range(1_000))).status_code == 200


def test_filters_meet(client: TestClient) -> None:
    found = rows(client, "/events?source=SDN&target=TCD&type=ASSAULT&since=2024-02-02&until=2024-02-11")
    assert [str(row["start_date"]) for row in found] == ["2024-02-11", "2024-02-08", "2024-02-05", "2024-02-02"]
    assert len(rows(client, "/events?contested=yes")) == 1
    assert rows(client, "/events?source=SDN&target=PER") == []


def test_a_reciprocal_act_goes_both_ways(client: TestClient) -> None:
    there, back = rows(client, "/events?source=KEN&target=UGA"), rows(client, "/events?source=UGA&target=KEN")
    assert [row["id"] for row in there] == [row["id"] for row in back] != []
    assert rows(client, "/events?source=KEN&target=KEN") == []


def test_today_says_who_moved_and_why(client: TestClient) -> None:
    moved = client.get("/?format=json").json()["moved"]
    assert [(m["source"], m["target"], m["tone"], m["up"]) for m in moved] == [("SDN", "TCD", "hostile", True)]
    assert "gunmen shelled" in moved[0]["quoted"]["sentence"]
    assert "Sudan → Chad" in client.get("/").text


def test_today_of_an_earlier_day_is_asked_in_the_address(client: TestClient) -> None:
    assert client.get("/?on=2023-06-30&format=json").json()["moved"] == []
    assert "No pair moved beyond chance" in client.get("/?on=2023-06-30").text
    assert "Not enough days" in client.get("/?on=2022-06-30").text


def test_today_of_an_earlier_day_shows_what_was_new_then(client: TestClient) -> None:
    told = client.get("/?on=2023-06-30&format=json").json()["rows"]
    assert told
    assert max(row["start_date"] for row in told) <= "2023-06-30"


def test_an_empty_ledger_leads_to_the_first_reading(empty: TestClient) -> None:
    page = empty.get("/")
    assert "Nothing has been read yet" in page.text
    assert 'href="/read"' in page.text
    for path in PAGES:
        assert empty.get(path).status_code == 200, path


def test_pages_of_rows_meet_without_gap(client: TestClient) -> None:
    everything = [row["id"] for row in rows(client, "/events")]
    shown: list[str] = []
    for number in (1, 2):
        shown += re.findall(r'<tr id="([^"]+)"', client.get(f"/events?page={number}").text)
    assert shown == everything[:100]


def test_the_article_is_as_it_was_read(client: TestClient) -> None:
    from tests.samples import reading

    made = reading()
    told = client.get(f"/article/{made.document.id[7:19]}?format=json").json()["reading"]
    assert told == json.loads(made.to_json())
    assert client.get(f"/article/{made.document.id}").status_code == 200
