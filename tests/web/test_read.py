"""Read: what is sent goes to another process and comes back as a reading."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.errors import NoArticle
from tertius.ledger.ledger import Ledger
from tertius.web import jobs, sample
from tertius.web.app import create
from tertius.web.jobs import Jobs, Result, Task
from tests.samples import reading
from tests.web.conftest import BASE

OURS = {"origin": BASE, "sec-fetch-site": "same-origin"}


def stub(task: Task) -> Result:
    """Stands for the reader: a text that says how it shall go."""
    words = task.data.decode()
    if words.startswith("refuse"):
        raise NoArticle("it holds no sentences: give the text of an article")
    if words.startswith("crash"):
        raise SystemExit(9)
    ledger = Ledger.open(task.folder)
    made = reading(published=task.published)
    ledger.add([made], [task.name])
    ledger.merge()
    return Result((made.document.id,), (("row 2", "it is empty"),) if words.startswith("half") else ())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = Ledger.create_or_open(tmp_path_factory.mktemp("read") / "ledger").folder
    with TestClient(create(folder, jobs=Jobs(stub)), base_url=BASE, follow_redirects=False) as made:
        yield made


def send(app: TestClient, **form: str) -> str:
    answer = app.post("/read", data=form, headers=OURS)
    assert answer.status_code == 303
    return answer.headers["location"]


def done(app: TestClient, address: str) -> dict:
    for _ in range(400):
        told = app.get(address + "?format=json").json()
        if told["state"] in ("done", "failed"):
            return told
        time.sleep(0.05)
    raise AssertionError("not read in 20 seconds")


def test_a_pasted_text_is_read_and_shown(app: TestClient) -> None:
    address = send(app, text="any words", published="2024-03-06")
    assert app.get(address).status_code in (200, 303)
    told = done(app, address)
    assert told["state"] == "done"
    after = app.get(address)
    assert after.status_code == 303
    page = app.get(after.headers["location"])
    assert "Norway expelled two Russian diplomats" in page.text
    assert "pasted text" in page.text
    assert app.get("/events?format=json").json()["total"] == 1


def test_a_file_keeps_its_name_and_no_path(app: TestClient) -> None:
    files = {"file": ("..\\..\\etc/half-news.txt", b"half of it", "text/plain")}
    answer = app.post("/read", files=files, headers=OURS)
    address = answer.headers["location"]
    told = done(app, address)
    assert told["failures"] == [["row 2", "it is empty"]]
    page = app.get(address)
    assert "half-news.txt" in page.text
    assert "etc" not in page.text
    assert "row 2: it is empty" in page.text


def test_what_is_no_article_is_said(app: TestClient) -> None:
    told = done(app, send(app, text="refuse"))
    assert told["state"] == "failed"
    assert "no sentences" in told["error"]


def test_a_reader_that_dies_is_said_and_the_next_is_read(app: TestClient) -> None:
    told = done(app, send(app, text="crash"))
    assert told["state"] == "failed"
    assert "gave up" in told["error"]
    assert done(app, send(app, text="again"))["state"] == "done"


@pytest.mark.parametrize(
    ("form", "cure"),
    [({"text": "  "}, "paste"), ({}, "paste"), ({"text": "x", "published": "2024-02-30"}, "YYYY-MM-DD")],
)
def test_what_cannot_be_read_is_not_put_in_line(app: TestClient, form: dict[str, str], cure: str) -> None:
    answer = app.post("/read", data=form, headers=OURS | ({} if form else {"content-length": "0"}))
    assert answer.status_code == 400
    assert cure in answer.text


def test_the_line_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "_do", lambda *_: None)
    line = Jobs(stub)
    task = Task(tmp_path, b"x", "x", None)
    for _ in range(jobs.WAITING):
        line.add(task)
    with pytest.raises(jobs.TooMany, match="wait"):
        line.add(task)
    line.close()


def test_the_sample_is_the_examples() -> None:
    examples = Path(__file__).parents[2] / "examples"
    texts = {path.name: path.read_text(encoding="utf-8") for path in examples.glob("*.txt")}
    dispatches = (examples / sample.DISPATCHES).read_text(encoding="utf-8").splitlines()
    texts |= {f"{sample.DISPATCHES}:{n}": json.loads(line)["text"] for n, line in enumerate(dispatches, 1)}
    assert {name: document.text for name, document in sample.articles()} == texts


def test_articles_are_really_read(tmp_path: Path) -> None:
    """The function of the process itself, in this one: the reader, not the stub."""
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    text = b"Norway expelled two Russian diplomats on Monday. The embassy said it regretted the decision."
    done_with = jobs.read_into(Task(folder, text, "note.txt", "2024-03-06"))
    assert done_with.failures == ()
    with TestClient(create(folder), base_url=BASE) as client:
        events = client.get("/events?format=json").json()["rows"]
        assert [row["source_countries"] for row in events if row["type"] == "SANCTION"] == [["NOR"]]
        assert client.get("/articles?format=json").json()["rows"][0]["where_found"] == "note.txt"
    refused = jobs.read_into(Task(folder, b"%PDF-1.4 ...", "paper.pdf", None))
    assert [where for where, _ in refused.failures] == ["paper.pdf"]


def test_the_sample_ledger_is_alive(tmp_path: Path) -> None:
    said: list[str] = []
    sample.make(tmp_path / "ledger", said.append)
    assert said == ["reading 48 sample articles ..."]
    with TestClient(create(tmp_path / "ledger"), base_url=BASE) as client:
        assert client.get("/articles?format=json").json()["total"] == 48
        assert client.get("/events?format=json").json()["total"] > 80
