from __future__ import annotations

import gzip
import io
import json
import os
import sys
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import (
    EmptySource,
    FetchRefused,
    NoArticle,
    NotText,
    Skipped,
    SourceError,
    UsageError,
    WrongLanguage,
)
from tertius.records import Document
from tertius.sources import articles, web
from tertius.sources.web import Fetched
from tests.sources.pages import METADATA, PARAGRAPHS, page
from tests.sources.test_language import GERMAN

TEXT = "Norway expelled two Russian diplomats on Monday. Moscow promised an answer in kind."


def found(*sources: str | Path, **options: object) -> list[Document | Skipped]:
    return list(articles.articles(sources, **options))  # type: ignore[arg-type]


def one(*sources: str | Path, **options: object) -> Document:
    (item,) = found(*sources, **options)
    assert isinstance(item, Document), item
    return item


def failure(*sources: str | Path, **options: object) -> Skipped:
    (item,) = found(*sources, **options)
    assert isinstance(item, Skipped), item
    return item


def written(path: Path, content: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_text_file(tmp_path: Path) -> None:
    document = one(written(tmp_path / "a.txt", "Talks  begin\r\n\r\n" + TEXT))
    assert document.text == "Talks  begin\n\n" + TEXT
    assert (document.published, document.published_from, document.language) == (None, "unknown", "en")


def test_a_source_may_be_a_single_path(tmp_path: Path) -> None:
    assert len(list(articles.articles(str(written(tmp_path / "a.txt"))))) == 1


def test_a_page_with_metadata(tmp_path: Path) -> None:
    for name in ("a.html", "b.txt", "c", "d.html.gz"):
        data = page(head=METADATA).encode()
        document = one(written(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data))
        assert PARAGRAPHS[0] in document.text
        assert (document.published, document.published_from) == ("2024-03-05", "metadata")
        assert document.url == "https://fjord.example/2024/03/05/norway-expels-two"


def test_where_the_date_comes_from(tmp_path: Path) -> None:
    dated = f"OSLO, March 3, 2024 (Agency) - {TEXT}"
    stamped = written(tmp_path / "a.txt", dated)
    assert (one(stamped).published, one(stamped).published_from) == ("2024-03-03", "dateline")
    given_day = one(stamped, published="2023-01-02")
    assert (given_day.published, given_day.published_from) == ("2023-01-02", "given")
    row = {"text": f"OSLO, March 3 (Agency) - {TEXT}", "url": "https://fjord.example/2022/03/04/talks"}
    assert one(written(tmp_path / "a.jsonl", json.dumps(row))).published == "2022-03-03"
    row |= {"date": "2022-03-04"}
    document = one(written(tmp_path / "b.jsonl", json.dumps(row)))
    assert (document.published, document.published_from) == ("2022-03-04", "metadata")


def test_an_impossible_date_is_said_before_anything_is_read() -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        articles.articles(["x"], published="2024-02-30")


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv", "jsonl.gz", "csv.gz", "parquet"])
def test_tables(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    rows = [f"{TEXT} Number {n}." for n in range(3)]
    if ending == "parquet":
        duckdb.execute(f"COPY (SELECT '{TEXT} Number ' || i || '.' AS text FROM range(3) t(i)) TO '{path}'")
    else:
        lines = ["text", *rows] if "sv" in ending else [json.dumps({"text": row}) for row in rows]
        data = "\n".join(lines).encode()
        written(path, gzip.compress(data) if ending.endswith("gz") else data)
    assert [d.text for d in found(path) if isinstance(d, Document)] == rows


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, TEXT.encode())
    assert one("-").text == TEXT
    stdin(monkeypatch, page().encode())
    assert PARAGRAPHS[1] in one("-").text
    stdin(monkeypatch, (json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": TEXT + " More."})).encode())
    assert len(found("-")) == 2
    assert not sys.stdin.closed
    stdin(monkeypatch, b"")
    assert isinstance(failure("-").reason, EmptySource)


def test_a_folder_in_order_with_what_was_passed_over(tmp_path: Path) -> None:
    for n, name in enumerate(["b.txt", "a.txt", "z/y.txt", "c/d.md"]):
        written(tmp_path / name, f"{TEXT} Number {n}.")
    for name in ("x.pdf", "y.pdf", "z.jpg", ".hidden.txt", ".git/a.txt"):
        written(tmp_path / name)
    *documents, passed = articles.located([tmp_path])
    assert [d[0] for d in documents if not isinstance(d, Skipped)] == [
        str(tmp_path / name) for name in ("a.txt", "b.txt", "c/d.md", "z/y.txt")
    ]
    assert isinstance(passed, Skipped)
    assert passed.harmless
    assert "files of other kinds passed over: 2 .pdf, 1 .jpg" in passed.reason.reason


def test_a_ledger_in_a_folder_is_not_read(tmp_path: Path) -> None:
    written(tmp_path / "a.txt")
    written(tmp_path / "ledger" / "ledger.json", "{}")
    written(tmp_path / "ledger" / "documents" / "part.parquet", "x")
    assert len(found(tmp_path)) == 1


@pytest.mark.parametrize("names", [[], ["x.pdf", "y.bin"]])
def test_a_folder_without_readable_files(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        written(tmp_path / name)
    skipped = failure(tmp_path)
    assert isinstance(skipped.reason, EmptySource)
    assert ".jsonl" in skipped.reason.reason


def test_links_in_a_folder(tmp_path: Path) -> None:
    written(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "round.txt").symlink_to(tmp_path / "round.txt")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere.txt")
    documents = [item for item in found(tmp_path) if isinstance(item, Document)]
    skipped = [item.where for item in found(tmp_path) if isinstance(item, Skipped)]
    assert len(documents) == 1
    assert skipped == [str(tmp_path / "lost.txt"), str(tmp_path / "round.txt")]


def test_pipes_in_a_folder_are_not_opened(tmp_path: Path) -> None:
    written(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    assert len(found(tmp_path)) == 1


def test_ten_thousand_files_start_at_once(tmp_path: Path) -> None:
    written(tmp_path / "0.txt")
    for n in range(1, 10_000):
        (tmp_path / f"{n}.txt").touch()
    begun = time.process_time()
    stream = articles.articles([tmp_path])
    assert isinstance(next(stream), Document)
    assert time.process_time() - begun < 5
    assert articles.count([tmp_path]) == 10_000


def test_counting_beforehand(tmp_path: Path) -> None:
    text = written(tmp_path / "a.txt")
    assert articles.count([text, "https://x.example/"]) == 2
    assert articles.count([text, "-"]) is None
    written(tmp_path / "b.jsonl")
    assert articles.count([tmp_path]) is None


@pytest.mark.parametrize(
    ("content", "kind", "cure"),
    [
        (b"", EmptySource, "empty"),
        (b" \n ", EmptySource, "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 99, NotText, "give a text"),
        (b"%PDF-1.7", NotText, "pdftotext"),
        (b"12 34 56", NoArticle, "no sentences"),
        (GERMAN.encode(), WrongLanguage, "--any-language"),
        (b"<html><body><nav><a href=/>Home</a></nav></body></html>", NoArticle, "no article"),
    ],
)
def test_bad_files_say_the_cure_and_the_next_is_read(tmp_path: Path, content: bytes, kind: type, cure: str) -> None:
    bad, good = written(tmp_path / "a.txt", content), written(tmp_path / "b.txt")
    skipped, document = found(bad, good)
    assert isinstance(skipped, Skipped)
    assert type(skipped.reason) is kind
    assert cure in skipped.reason.reason
    assert str(skipped.reason).startswith(f"{bad}: ")
    assert isinstance(document, Document)


def test_any_language(tmp_path: Path) -> None:
    assert one(written(tmp_path / "a.txt", GERMAN), any_language=True).language == "de"


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    written(tmp_path / "article.txt")
    assert f"did you mean {tmp_path / 'article.txt'}?" in failure(tmp_path / "artcle.txt").reason.reason
    assert "check the path" in failure(tmp_path / "qqqqqq").reason.reason
    assert "no folder" in failure(tmp_path / "no" / "a.txt").reason.reason
    assert failure("a\0b").reason.reason


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, other = written(tmp_path / "a.txt"), written(tmp_path / "b.txt", TEXT + " More.")
    opened = Path.open

    def refuse(self: Path, *arguments: object, **options: object) -> object:
        if self == locked:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    for sources in ([locked, other], [tmp_path]):
        skipped, document = found(*sources)
        assert isinstance(skipped, Skipped)
        assert "Permission denied" in skipped.reason.reason
        assert skipped.where == str(locked)
        assert isinstance(document, Document)


def test_the_same_article_twice_counts_once(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.txt"), written(tmp_path / "b.txt")
    document, skipped = found(first, second)
    assert isinstance(document, Document)
    assert isinstance(skipped, Skipped)
    assert skipped.harmless


def test_addresses_need_to_be_asked_for() -> None:
    skipped = failure("https://news.example/a")
    assert isinstance(skipped.reason, FetchRefused)
    assert "--fetch" in skipped.reason.reason


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> dict[str, Fetched]:
    pages: dict[str, Fetched] = {}
    monkeypatch.setattr(web, "fetch", pages.__getitem__)
    return pages


def test_fetched_pages(fetched: dict[str, Fetched]) -> None:
    url = "https://news.example/a"
    fetched[url] = Fetched(page().encode(), "https://news.example/b", "text/html", "utf-8")
    assert one(url, fetch=True).url == "https://news.example/b"
    fetched[url] = Fetched(TEXT.encode(), url, "text/plain", None)
    assert one(url, fetch=True).text == TEXT
    fetched[url] = Fetched(b"GIF89a", url, "image/gif", None)
    assert "image/gif" in failure(url, fetch=True).reason.reason


def test_one_document(tmp_path: Path) -> None:
    document = articles.document(TEXT.replace(" ", "\r\n", 1), published="2024-03-05")
    assert (document.text[:8], document.published_from) == ("Norway\ne", "given")
    assert articles.document(document) is document
    assert articles.document(document, published="2020-01-01").published == "2020-01-01"
    assert articles.document(written(tmp_path / "a.html", page())).title == "Norway expels two"
    with pytest.raises(EmptySource):
        articles.document("")
    with pytest.raises(SourceError, match="no such file"):
        articles.document(tmp_path / "none.txt")
    with pytest.raises(UsageError, match="several"):
        articles.document(written(tmp_path / "a.csv", f"text\n{TEXT}\n{TEXT} More.\n"))
    with pytest.raises(UsageError, match="YYYY"):
        articles.document(TEXT, published="yesterday")


@given(st.text())
def test_any_text_becomes_a_document_or_a_source_error(text: str) -> None:
    try:
        document = articles.document(text)
    except SourceError:
        return
    document.text.encode("utf-8")
    assert document.id == Document.from_text(document.text).id
