from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import duckdb
import pytest

from tertius.errors import BrokenRow, EmptySource, MissingColumn, NotText, Skipped, SourceError, TooLarge
from tertius.sources import limits
from tertius.sources.files import unpacked
from tertius.sources.parquet import read_parquet
from tertius.sources.tables import Found, read_csv, read_json, read_lines
from tertius.sources.text import Article

TEXT = "Norway expelled two Russian diplomats on Monday: number {}."


def texts(found: Found) -> list[str]:
    return [item.text for item in found if isinstance(item, Article)]


def failures(found: Found) -> list[Skipped]:
    return [item for item in found if isinstance(item, Skipped)]


def lines(*rows: object) -> io.BytesIO:
    return io.BytesIO(b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows))


def test_one_broken_line_in_a_thousand() -> None:
    rows: list[object] = [{"id": n, "text": TEXT.format(n)} for n in range(1000)]
    rows[499] = b'{"id": 499, "text": "Norway'
    found = list(read_lines(lines(*rows), "a.jsonl", None))
    assert texts(iter(found)) == [TEXT.format(n) for n in range(1000) if n != 499]
    (broken,) = failures(iter(found))
    assert broken.where == "a.jsonl, line 500"
    assert isinstance(broken.reason, BrokenRow)


@pytest.mark.parametrize(
    "line",
    [
        b"[1, 2]",
        b'"words"',
        b"\xff\xfe{",
        b'{"text": "\xff"}',
        b'{"text": 7}',
        b'{"text": null}',
        b"{" * 5000,
        b"nul\0",
    ],
)
def test_lines_that_are_no_articles_are_named(line: bytes) -> None:
    good = {"text": TEXT}
    found = list(read_lines(lines(good, line, good), "a.jsonl", None))
    assert len(texts(iter(found))) == 2
    assert [s.where for s in failures(iter(found))] == ["a.jsonl, line 2"]


def test_metadata_columns_by_their_usual_names() -> None:
    row = {
        "Headline": "Norway expels two",
        "BODY": TEXT,
        "Date": "2024-03-05",
        "link": "https://x.example/a",
        "Source": "Fjord",
    }
    (article,) = read_lines(lines(row), "a.jsonl", None)
    assert article == Article(
        "a.jsonl, line 1", TEXT, "Norway expels two", "https://x.example/a", "Fjord", "2024-03-05"
    )


def test_a_named_text_column_wins() -> None:
    row = {"text": "a summary", "body": TEXT}
    assert texts(read_lines(lines(row), "a.jsonl", "Body")) == [TEXT]


@pytest.mark.parametrize("kind", ["lines", "csv", "parquet"])
def test_a_missing_text_column_lists_the_columns(kind: str, tmp_path: Path) -> None:
    found = {
        "lines": read_lines(lines({"id": 1, "words": TEXT}), "a.jsonl", "body") if kind == "lines" else None,
        "csv": read_csv(io.BytesIO(b"id,words\n1,x\n"), "a.csv", "body"),
        "parquet": read_parquet(parquet(tmp_path, "SELECT 1 AS id, 'x' AS words"), "body"),
    }
    with pytest.raises(MissingColumn, match=r"'body'.*id, words.*--text-column"):
        list(found[kind])


def test_an_endless_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINE_BYTES", 1000)
    found = list(read_lines(lines({"text": TEXT}, {"text": "x" * 5000}, {"text": TEXT}), "a.jsonl", None))
    assert len(texts(iter(found))) == 2
    assert isinstance(failures(iter(found))[0].reason, TooLarge)


def test_json_arrays_objects_and_lines() -> None:
    rows = [{"text": TEXT.format(n)} for n in range(3)]
    expected = [row["text"] for row in rows]
    assert texts(read_json(io.BytesIO(json.dumps(rows).encode()), "a.json", None)) == expected
    assert texts(read_json(io.BytesIO(json.dumps(rows[0], indent=1).encode()), "a.json", None)) == expected[:1]
    assert texts(read_json(lines(*rows), "a.json", None)) == expected


def csv_file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_make(delimiter: str, encoding: str) -> None:
    rows = [
        ["id", "title", "text"],
        ["1", "Café closed", '"The café in Zürich, naïvely,\r\nstayed shut," he said.'],
        [],
        ["2", "", TEXT],
    ]
    quoted = "\r\n".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    found = list(read_csv(csv_file(quoted, encoding), "a.csv", None))
    assert texts(iter(found)) == ['"The café in Zürich, naïvely,\nstayed shut," he said.', TEXT]


def test_ten_megabytes_in_one_cell() -> None:
    big = "word " * 2_000_000
    found = list(read_csv(csv_file(f"id,text\n1,{big}\n2,{TEXT}\n"), "a.csv", None))
    assert texts(iter(found)) == [TEXT]
    (skipped,) = failures(iter(found))
    assert skipped.where == "a.csv, row 1"
    assert isinstance(skipped.reason, TooLarge)


def test_a_quotation_mark_that_never_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELL_CHARACTERS", 5000)
    found = list(read_csv(csv_file(f'id,text\n1,{TEXT}\n2,"never closed\n' + "3,more\n" * 2000), "a.csv", None))
    assert texts(iter(found)) == [TEXT]
    assert "never closed" in failures(iter(found))[0].reason.reason


def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELL_CHARACTERS", 5000)
    found = list(read_csv(csv_file(f"id,text\n1,{TEXT}\n2,{'x' * 50_000}"), "a.csv", None))
    assert len(texts(iter(found))) == 1
    assert isinstance(failures(iter(found))[0].reason, TooLarge)


def test_a_row_with_too_many_cells_or_bytes_of_another_encoding() -> None:
    data = (
        f"id,text\n1,Oslo, Norway\n2,{TEXT}\n".encode() + b"x" * 100_000 + b",caf\xe9 " + b"\n" + f"4,{TEXT}\n".encode()
    )
    found = list(read_csv(io.BytesIO(data), "a.csv", None))
    assert len(texts(iter(found))) == 2
    assert [s.where for s in failures(iter(found))] == ["a.csv, row 1", "a.csv, row 3"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"id,text\n"])
def test_an_empty_csv(data: bytes) -> None:
    with pytest.raises(EmptySource):
        list(read_csv(io.BytesIO(data), "a.csv", None))


def parquet(folder: Path, select: str) -> Path:
    file = folder / "a'b [1]*.parquet"
    odd = str(file).replace("'", "''")
    duckdb.execute(f"COPY ({select}) TO '{odd}' (FORMAT parquet)")
    return file


def test_parquet(tmp_path: Path) -> None:
    file = parquet(
        tmp_path,
        "SELECT i AS id, CASE WHEN i = 70 THEN NULL ELSE 'Norway expelled diplomat ' || i || '.' END AS text,"
        " DATE '2024-03-05' AS published, 'Fjord' AS \"Pub\"\"lisher\" FROM range(200) t(i)",
    )
    found = list(read_parquet(file, None))
    assert len(texts(iter(found))) == 199
    assert [s.where for s in failures(iter(found))] == [f"{file}, row 71"]
    assert isinstance(found[0], Article)
    assert found[0].published == "2024-03-05"


@pytest.mark.parametrize(
    "data", [b"no parquet at all", b"PAR1" + b"\0" * 100 + b"PAR1", b"PAR1" + b"\xff" * 64 + b"\x20\0\0\0PAR1"]
)
def test_a_parquet_file_that_is_none(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(data)
    with pytest.raises((NotText, SourceError), match="write it anew"):
        list(read_parquet(file, None))


def test_gzip_inside_its_limits() -> None:
    packed = io.BytesIO(gzip.compress(lines(*({"text": TEXT.format(n)} for n in range(500))).getvalue()))
    assert len(texts(read_lines(unpacked(packed), "a.jsonl.gz", None))) == 500


def test_a_gzip_bomb() -> None:
    bomb = io.BytesIO(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(TooLarge, match="200 times"):
        list(read_lines(unpacked(bomb), "a.jsonl.gz", None))


@pytest.mark.parametrize("data", [gzip.compress(b"x" * 1000)[:-9], b"\x1f\x8b\x08\0garbage....", b"plain"])
def test_a_damaged_gzip(data: bytes) -> None:
    with pytest.raises(SourceError, match="damaged"):
        unpacked(io.BytesIO(data)).read()
