from __future__ import annotations

import csv
import io
import json

import pytest

from tertius.show import tables, terminal
from tests.samples import reading


def test_mention_rows_have_the_documented_columns() -> None:
    rows = tables.mention_rows(reading())
    assert [tuple(row) for row in rows] == [tables.MENTION_COLUMNS]
    assert (rows[0]["source"], rows[0]["type"], rows[0]["target"]) == ("NOR GOV", "SANCTION", "RUS GOV")
    assert (rows[0]["speaker"], rows[0]["speaker_code"], rows[0]["place"]) == ("Anna Lie", "NOR GOV", "Oslo")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_cells_cannot_be_formulas(cell: str) -> None:
    out = io.StringIO()
    tables.write([{"a": cell, "b": -1.5}], "csv", out)
    row = next(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert row["a"] == "'" + cell.replace("\r", "\n")
    assert row["b"] == "-1.5"


def test_json_is_an_array_even_of_nothing() -> None:
    for rows in ([], [{"a": 1}], [{"a": 1}, {"a": "é"}]):
        out = io.StringIO()
        tables.write(rows, "json", out)
        assert json.loads(out.getvalue()) == rows


def test_a_csv_of_nothing_has_its_header() -> None:
    out = io.StringIO()
    tables.write([], "csv", out, tables.MENTION_COLUMNS)
    assert out.getvalue().startswith("id,date,")


def test_arrow() -> None:
    table = reading().to_arrow()
    assert table.num_rows == 1
    assert tuple(table.schema.names) == tables.MENTION_COLUMNS
    assert str(table.schema.field("date").type).lower().startswith("arro3.core.datatype<date")


def test_notebook_html_escapes() -> None:
    html = reading(title="<b>x</b>")._repr_html_()
    assert "&lt;b&gt;x" in html
    assert "<td>SANCTION</td>" in html


@pytest.mark.parametrize("width", [40, 80, 110, 200])
def test_terminal_table_holds_everything_at_any_width(width: int) -> None:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=width).print(terminal.mentions_table(reading(), width))
    shown = out.getvalue()
    for words in ("NOR GOV", "SANCTION", "RUS GOV", "2024-03-04", "Anna Lie", "m1"):
        assert words in shown
    assert max(len(line) for line in shown.splitlines()) <= width


def test_days() -> None:
    assert terminal.days("2024-03-01", "2024-03-31") == "2024-03-01 to 2024-03-31"
    assert terminal.days("2024-03-01", "2024-03-01") == "2024-03-01"
    assert terminal.days(None, "2024-03-01") == "until 2024-03-01"
    assert terminal.days(None, None) == ""
