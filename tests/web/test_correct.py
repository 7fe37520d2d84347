"""'wrong?': the form that corrects, who may send it, and what every page makes of it."""

from __future__ import annotations

import csv
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from tertius.errors import LedgerError
from tertius.ledger import corrections
from tertius.ledger.ledger import Ledger
from tertius.web.app import create
from tertius.web.guard import Rules
from tests.ledger.reports import report
from tests.samples import reading
from tests.web import harmless
from tests.web.conftest import BASE
from tests.web.crawl import Figure, Reader
from tests.web.test_guard import OURS, TOKEN
from tests.web.test_hostile import EVIL
from tests.web.test_pages import crawl, rows

FORM = {
    "verdict": "changed", "what": "SANCTION/expel", "modality": "actual", "sources": "NOR GOV", "targets": "RUS GOV",
    "note": "", "by": "Ada", "after": "",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create_or_open(tmp_path / "ledger")
    made.add([reading(), report("Chad asked Sudan for grain in May.", type="REQUEST", sources=("TCD GOV",),
                                targets=("SDN GOV",), day="2023-05-01")])  # fmt: skip
    made.merge()
    return made


@pytest.fixture
def client(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(create(ledger.folder), base_url=BASE, follow_redirects=False) as made:
        yield made


@pytest.fixture
def mention(ledger: Ledger) -> str:
    return str(ledger.rows("SELECT id FROM mention_rows WHERE type = 'SANCTION'")[0]["id"])


def send(client: TestClient, mention: str, **changes: str):
    return client.post(f"/mention/{mention}", data=FORM | changes, headers=OURS)


def hidden(client: TestClient, mention: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    page = Reader(client.get(f"/mention/{mention}").text)
    named = {a["name"]: a.get("value") or "" for tag, a in page.tags if tag == "input" and a.get("type") != "radio"}
    return {str(name): str(value) for name, value in named.items()}


def test_every_mention_leads_to_its_form(client: TestClient, mention: str) -> None:
    event = rows(client, "/events?type=SANCTION")[0]["id"]
    for path in (f"/event/{event}", f"/article/{mention.partition('-')[0]}"):
        assert f'href="/mention/{mention}">wrong?</a>' in client.get(path).text
    page = client.get(f"/mention/{mention}").text
    assert "Norway expelled two Russian diplomats on Monday in Oslo." in page
    assert '<option value="SANCTION/expel" selected>' in page
    assert 'value="NOR GOV"' in page
    assert "0 corrections" in page


def test_a_correction_is_kept_and_everything_follows(client: TestClient, ledger: Ledger, mention: str) -> None:
    answer = send(client, mention, what="COERCE/deport", targets="RUS MIL; The Orcas", note="they were deported")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/mention/{mention}"
    (event,) = rows(client, "/events?type=COERCE")
    assert (event["mode"], event["target"], event["corrected"]) == ("deport", ["RUS MIL", "The Orcas"], True)
    assert rows(client, "/events?type=SANCTION") == []
    (told,) = rows(client, f"/mention/{mention}")
    assert (told["by"], told["said_type"], told["type"], told["sources"]) == ("Ada", "SANCTION", "COERCE", None)
    assert "corrected" in client.get("/events?type=COERCE").text
    article = client.get(f"/article/{mention.partition('-')[0]}").text
    assert "corrected: type COERCE (deport), not SANCTION (expel)" in article
    assert "confirmed by who corrected it" in client.get(f"/event/{event['id']}").text
    assert ledger.merged()


def test_no_event_and_withdrawal(client: TestClient, mention: str) -> None:
    send(client, mention, verdict="no event", note="a headline")
    assert rows(client, "/events?source=NOR") == []
    page = client.get(f"/mention/{mention}").text
    assert "<b>no event</b>" in page
    assert "withdraw the correction" in page
    assert send(client, mention, verdict="withdrawn", after=hidden(client, mention)["after"]).status_code == 303
    assert len(rows(client, "/events?source=NOR")) == 1
    assert [row["verdict"] for row in rows(client, f"/mention/{mention}")] == ["withdrawn", "no event"]
    assert "withdraw the correction" not in client.get(f"/mention/{mention}").text


def test_the_second_of_two_tabs_is_asked_again_and_loses_nothing(client: TestClient, mention: str) -> None:
    first, second = hidden(client, mention), hidden(client, mention)
    assert first["after"] == second["after"] == ""
    assert send(client, mention, what="AID", by="Ada", note="the first").status_code == 303
    answer = send(client, mention, what="THREATEN/expel", by="Ben", note="the second", sources="The Orcas")
    assert answer.status_code == 409
    for words in ("was corrected meanwhile by Ada", "the first", "the second", "The Orcas", "AID"):
        assert words in answer.text
    assert '<option value="THREATEN/expel" selected>' in answer.text
    assert [row["by"] for row in rows(client, f"/mention/{mention}")] == ["Ada"]
    again = next(a["value"] for tag, a in Reader(answer.text).tags if a.get("name") == "after")
    assert send(client, mention, what="THREATEN/expel", by="Ben", after=str(again)).status_code == 303
    assert [row["by"] for row in rows(client, f"/mention/{mention}")] == ["Ben", "Ada"]
    assert len(rows(client, "/events?type=THREATEN")) == 1


def test_the_same_form_sent_twice_is_one_correction(client: TestClient, mention: str) -> None:
    for _ in range(2):
        assert send(client, mention, what="AID").status_code == 303
    assert len(rows(client, "/corrections")) == 1


def test_a_code_that_stands_for_several_is_no_change(ledger: Ledger, client: TestClient) -> None:
    ledger.add([report("The armies of Norway and Norway met.", sources=("NOR GOV", "NOR GOV"), type="CONSULT")])
    ledger.merge()
    two = ledger.rows("SELECT id FROM mention_rows WHERE len(source) = 2")[0]["id"]
    assert "just how it was read" in send(client, two, what="CONSULT", sources="NOR GOV; NOR GOV").text
    assert send(client, two, what="AGREE", sources="NOR GOV; NOR GOV").status_code == 303
    assert rows(client, "/corrections")[0]["sources"] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "just how it was read: change what is wrong"),
        ({"by": "  "}, "say who corrects"),
        ({"what": "NICE"}, "is no event type"),
        ({"what": "AID/firearms"}, "has no mode"),
        ({"modality": "maybe"}, "is no modality"),
        ({"sources": "RSU GOV"}, "is no code of an actor"),
        ({"verdict": "perhaps"}, "choose one of the three"),
        ({"verdict": "withdrawn"}, "no correction to withdraw"),
        ({"verdict": "no event", "note": "x" * 2001}, "2,000"),
    ],
)
def test_what_cannot_be_kept_is_said_over_the_form_as_it_was_filled_in(
    client: TestClient, mention: str, changes: dict[str, str], said: str
) -> None:
    answer = send(client, mention, **({"note": "my reasons"} | changes))
    assert answer.status_code == 400
    assert said in answer.text
    assert changes.get("note", "my reasons") in answer.text
    assert rows(client, "/corrections") == []


def test_bad_requests(client: TestClient, mention: str) -> None:
    assert send(client, "ffffffffffff-m1", what="AID").status_code == 404
    assert send(client, "icews:1", verdict="no event").status_code == 404
    assert client.post(f"/mention/{mention}", data={"verdict": "no event"}, headers=OURS).status_code == 400
    assert send(client, mention, note="x" * 200_000).status_code == 400
    assert send(client, mention, verdict="no event", after="f" * 64).status_code == 409
    files = {name: (None, value) for name, value in FORM.items()} | {"note": ("note.txt", b"a file")}
    assert client.post(f"/mention/{mention}", files=files, headers=OURS).status_code == 400
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.request(method, f"/mention/{mention}", headers=OURS | {"content-length": "0"}).status_code == 405
    for path in ("/mention/ffffffffffff-m1", "/mention/x'--", "/mention/%00"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "tertius events --mentions" in answer.text
    assert client.get("/corrections?page=0").status_code == 400
    assert rows(client, "/corrections") == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": BASE, "sec-fetch-site": "same-origin", "host": "evil.example"},
    ],
)
def test_pages_of_others_may_not_correct(client: TestClient, mention: str, headers: dict[str, str]) -> None:
    answer = client.post(f"/mention/{mention}", data=FORM | {"verdict": "no event"}, headers=headers)
    assert answer.status_code in (403, 421)
    assert rows(client, "/corrections") == []


def test_without_the_token_nothing_is_corrected(ledger: Ledger, mention: str) -> None:
    client = TestClient(create(ledger.folder, Rules("127.0.0.1", TOKEN)), base_url=BASE, follow_redirects=False)
    data = FORM | {"verdict": "no event"}
    assert client.post(f"/mention/{mention}", data=data, headers=OURS).status_code == 401
    assert corrections.listed(ledger) == []
    bearer = OURS | {"authorization": f"Bearer {TOKEN}"}
    assert client.post(f"/mention/{mention}", data=data, headers=bearer).status_code == 303
    assert len(corrections.listed(ledger)) == 1


def test_looking_never_writes(ledger: Ledger, client: TestClient, mention: str) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in ledger.folder.rglob("*")}

    before = state()
    for path in (f"/mention/{mention}", "/corrections", f"/mention/{mention}?verdict=no+event&by=me"):
        assert client.get(path).status_code == 200
    assert state() == before


def test_a_full_disk_loses_nothing_that_was_typed(
    client: TestClient, mention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deltalake.write_deltalake", full)
    answer = send(client, mention, what="AID", note="my reasons")
    assert answer.status_code == 503
    assert "free some space" in answer.text
    assert "my reasons" in answer.text


def test_hostile_words_stay_words(ledger: Ledger, client: TestClient, mention: str) -> None:
    for evil in EVIL:
        after = hidden(client, mention)["after"]
        targets = evil.replace(";", ",")
        assert send(client, mention, targets=targets, note=evil, by=evil, after=after).status_code == 303
    assert len(rows(client, "/corrections")) == len(EVIL)
    event = rows(client, "/events?source=NOR")[0]["id"]
    article = mention.partition("-")[0]
    for path in ("/corrections", f"/mention/{mention}", f"/article/{article}", "/events", f"/event/{event}", "/"):
        harmless.check(client.get(path).text)
    again = send(client, mention, targets="x", note=EVIL[3], by=EVIL[0])
    assert again.status_code == 409
    harmless.check(again.text)
    assert "</textarea></style>" not in again.text
    cells = list(csv.DictReader(io.StringIO(client.get("/corrections?format=csv").text)))
    assert [row["note"] for row in cells if "cmd|" in row["note"]] == ["'=cmd|' /C calc'!A0"]


def test_every_figure_counts_its_rows_with_corrections_too(client: TestClient, mention: str) -> None:
    send(client, mention, what="AID", by="Ada")
    site = crawl(client) | {path: Reader(client.get(path).text) for path in ("/corrections", f"/mention/{mention}")}
    figures: dict[Figure, str] = {figure: path for path, page in site.items() for figure in page.figures}
    for figure, path in figures.items():
        assert len(rows(client, urljoin(path, figure.href))) == figure.count, (path, figure)
    assert any("/mention/" in path for path in site)
    for path, page in site.items():
        for _, attributes in page.tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes), path
        fields = [a for tag, a in page.tags if tag in ("input", "select", "textarea") and a.get("type") != "hidden"]
        labelled = {a.get("for") for tag, a in page.tags if tag == "label"}
        if "/mention/" in path:
            assert all(a.get("id") in labelled or a.get("type") == "radio" for a in fields), path


def test_corrections_of_the_command_line_are_shown(ledger: Ledger, client: TestClient, mention: str) -> None:
    assert len(rows(client, "/events?source=NOR")) == 1
    corrections.reject(ledger, mention, by="Ada")
    assert client.get(f"/mention/{mention}?format=json").json()["rows"][0]["by"] == "Ada"
    ledger.merge()
    assert rows(client, "/events?source=NOR") == []


def test_who_corrects_does_not_wait_for_a_long_merge(
    client: TestClient, mention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    merge = Ledger.merge

    def slow(self: Ledger, **how: bool) -> bool:
        go.wait(20)
        return merge(self, **how)

    monkeypatch.setattr("tertius.web.correct.PATIENCE", 0.2)
    monkeypatch.setattr(Ledger, "merge", slow)
    assert send(client, mention, what="AID").status_code == 303
    assert "are being merged anew" in client.get(f"/mention/{mention}").text
    go.set()
    for _ in range(100):
        if "are being merged anew" not in client.get(f"/mention/{mention}").text:
            break
        time.sleep(0.1)
    assert len(rows(client, "/events?type=AID")) == 1


def test_a_merge_that_fails_is_said_and_the_correction_stays(
    client: TestClient, mention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Ledger) -> bool:
        raise LedgerError("no room to merge: free some space")

    monkeypatch.setattr(Ledger, "merge", broken)
    answer = send(client, mention, what="AID")
    assert answer.status_code == 503
    assert "no room to merge" in answer.text
    assert len(rows(client, "/corrections")) == 1
