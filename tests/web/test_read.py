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
        if told["state"] in ("done", "failed", "stopped"):
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


def test_a_reader_that_is_stopped_is_said_and_goes_on_when_told(app: TestClient) -> None:
    address = send(app, text="crash")
    told = done(app, address)
    assert told["state"] == "stopped"
    assert "was stopped" in told["error"]
    assert "Go on" in app.get(address).text
    assert done(app, send(app, text="again"))["state"] == "done"  # the next is read meanwhile
    assert app.post(address, headers=OURS | {"content-length": "0"}).status_code == 303
    told = done(app, address)
    assert told["state"] == "failed"
    assert "gave up twice" in told["error"]
    assert app.post(address, headers=OURS | {"content-length": "0"}).headers["location"] == address


def test_a_folder_is_read_file_by_file_and_goes_on_after_a_stop(app: TestClient) -> None:
    sent = {"a.txt": b"any", "b.txt": b"refuse", "c.txt": b"crash", "d.txt": b"half of it", "e.txt": b"  "}
    files = [("folder", (f"news/{name}", data, "text/plain")) for name, data in sent.items()]
    address = app.post("/read", files=files, headers=OURS).headers["location"]
    told = done(app, address)
    assert (told["state"], told["done"], told["total_files"]) == ("stopped", 2, 4)
    page = app.get(address).text
    assert "At c.txt the process that read it was stopped" in page
    assert "2 of 4 are left" in page
    app.post(address, headers=OURS | {"content-length": "0"})
    told = done(app, address)
    assert (told["state"], told["done"]) == ("done", 4)
    assert [where for where, _ in told["failures"]] == ["b.txt", "c.txt", "row 2"]


def test_two_jobs_wait_for_one_another(app: TestClient) -> None:
    first, second = send(app, text="one"), send(app, text="two")
    assert first != second
    assert {done(app, address)["state"] for address in (second, first)} == {"done"}


def test_merging_waits_for_the_last_file(tmp_path: Path) -> None:
    tasks = [Task(tmp_path, b"x", f"{n}.txt", None) for n in range(jobs.MERGE_EVERY + 2)]
    merged = [task.name for task in jobs._merging(tasks) if task.merge]
    assert merged == [f"{jobs.MERGE_EVERY - 1}.txt", f"{jobs.MERGE_EVERY + 1}.txt"]


def test_what_was_read_is_merged_when_the_last_file_fails(tmp_path: Path) -> None:
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    text = b"Norway expelled two Russian diplomats on Monday. The embassy said it regretted the decision."
    jobs.read_into(Task(folder, text, "a.txt", "2024-03-06", merge=False))
    assert not Ledger.open(folder).merged()
    assert jobs.read_into(Task(folder, b"", "b.txt", None)) == Result((), ())
    assert Ledger.open(folder).merged()


def test_a_paste_that_is_too_large_is_said(app: TestClient) -> None:
    large = "x" * 20_000_000
    for form in ({"files": {"text": (None, large)}}, {"files": {"file": ("a.txt", large.encode())}},
                 {"content": b"text=" + b"x" * 40_000_000}):  # fmt: skip
        more = {"content-type": "application/x-www-form-urlencoded"} if "content" in form else {}
        answer = app.post("/read", headers=OURS | more, **form)
        assert answer.status_code == 400
        assert "10,000,000 bytes: split it" in answer.text
    many = [("file", (f"{n}.txt", b"x", "text/plain")) for n in range(2_001)]
    assert "2,000 files" in app.post("/read", files=many, headers=OURS).text


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
