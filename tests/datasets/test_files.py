from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.datasets import files, limits
from tertius.errors import NotText, SourceError, TooLarge


@given(st.binary(max_size=300))
def test_any_bytes_become_lines_of_text_or_an_error_of_ours(raw: bytes) -> None:
    try:
        text = b"".join(files.blocks(io.BytesIO(raw)))
    except NotText:
        return
    text.decode("utf-8")
    assert text == b"" or text.endswith(b"\n")
    assert not {0, 1, 0x1F, ord("\r")} & set(text)
    assert text.count(b"\n") in (raw.count(b"\n"), raw.count(b"\n") + 1)


@given(st.lists(st.text(alphabet='ab,;"\n\té–', max_size=20), min_size=1, max_size=30), st.integers(1, 40))
def test_blocks_and_pieces_lose_nothing(lines: list[str], size: int) -> None:
    import tempfile

    raw = "\n".join(lines).encode()
    whole = raw if raw.endswith(b"\n") or not raw else raw + b"\n"
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(limits, "BLOCK_BYTES", 40 + size)
        patch.setattr(limits, "PIECE_BYTES", 60)
        found = list(files.pieces(files.blocks(io.BytesIO(raw)), Path(folder), "x"))
        assert b"".join(piece.path.read_bytes() for piece in found) == whole
        first = 1
        for piece in found:
            assert (piece.first, piece.lines) == (first, piece.path.read_bytes().count(b"\n"))
            first += piece.lines


@given(st.lists(st.lists(st.text(alphabet='ab,"\n é', max_size=8), min_size=2, max_size=4), max_size=12))
def test_quoted_tables_come_out_as_they_were_meant(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    found = b"".join(files.parted([text.getvalue().encode()] if rows else [], ",")).decode().split("\n")[:-1]
    assert [line.split(files.PARTED)[1:] for line in found] == [[c.replace("\n", " ") for c in row] for row in rows]
    begun = 1
    for line, row in zip(found, rows, strict=True):
        assert int(line.split(files.PARTED)[0]) == begun
        begun += 1 + sum(cell.count("\n") for cell in row)


@given(st.binary(max_size=200))
def test_any_bytes_as_a_quoted_table(raw: bytes) -> None:
    with suppress(SourceError):
        rows = b"".join(files.parted(files.blocks(io.BytesIO(raw)), ",")).decode("utf-8").split("\n")[:-1]
        assert all(row.split(files.PARTED)[0].isdigit() for row in rows)


def test_a_line_without_end() -> None:
    endless = io.BytesIO(b"x" * (3 * limits.BLOCK_BYTES))
    with pytest.raises(TooLarge, match="no table of events"):
        list(files.blocks(endless))
