from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import UsageError
from tertius.ledger.ledger import Ledger
from tests.datasets import samples
from tests.datasets.samples import columns, tabbed


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(tertius, ["import", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def test_what_is_said(folder: Path, tmp_path: Path) -> None:
    rows = (
        [samples.gdelt(GLOBALEVENTID=n) for n in range(20)]
        + [samples.gdelt()[:50]] * 7
        + [samples.gdelt(EventCode="---")]
    )
    (tmp_path / "g.tsv").write_text(tabbed(rows))
    first = invoke("gdelt", tmp_path / "g.tsv", "--ledger", folder)
    assert first.exit_code == 0, first.output
    lines = first.stderr.splitlines()
    assert lines[0].startswith("GDELT events (open, with attribution): ")
    assert lines[2:4] == [f"skipped: g.tsv, line {n}: 50 cells instead of 61" for n in (21, 22)]
    assert "... and 2 more: all are in the ledger's table 'failures'" in lines
    assert "kept without it: unknown event code --- (1 rows, first g.tsv, line 28)" in lines
    assert lines[-1] == "1 of 1 files imported: 21 rows, 7 skipped"
    assert Ledger.open(folder).rows("SELECT count(*) AS n FROM failures") == [{"n": 7}]
    second = invoke("gdelt", tmp_path / "g.tsv", "--ledger", folder)
    assert "GDELT events" not in second.stderr  # terms once
    assert second.stderr.splitlines()[-1] == "0 of 1 files imported, 1 here before: 0 rows, 0 skipped"


def test_a_file_that_cannot_be_read_is_told_and_kept(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "g.tsv").write_text(tabbed([samples.gdelt()]))
    (tmp_path / "x.tsv").write_text("no table\n")
    result = invoke("gdelt", tmp_path, "--ledger", folder, "--quiet")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert "x.tsv" in result.stderr
    found = Ledger.open(folder)
    assert found.rows("SELECT count(*) AS n FROM coded") == [{"n": 1}]
    assert "x.tsv" in found.rows("SELECT where_found FROM failures")[0]["where_found"]


def test_a_renamed_column(folder: Path, tmp_path: Path) -> None:
    header = ["Who was it" if name == "Source Country" else name for name in columns("icews")]
    (tmp_path / "e.tab").write_text(tabbed([samples.icews()], header))
    assert invoke("icews", tmp_path / "e.tab", "--ledger", folder).exit_code == 3
    result = invoke("icews", tmp_path / "e.tab", "--ledger", folder, "--map", "Source Country=Who was it")
    assert result.exit_code == 0
    assert Ledger.open(folder).rows("SELECT source_country FROM coded") == [{"source_country": "NOR"}]


def test_a_table_of_ones_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Day,A,B\n03/05/2018,365,385\n")
    options = ["--format", "csv", "--map", "date=Day", "--map", "source_country=A:cow", "--map", "target_country=B:cow"]
    result = invoke(
        "clashes", tmp_path / "c.csv", "--ledger", folder, *options, "--set", "type=ASSAULT", "--dates", "DMY"
    )
    assert result.exit_code == 0, result.output
    assert "name its licence with --licence" in result.stderr
    found = Ledger.open(folder).rows("SELECT dataset, date, source_code, target_code, type FROM coded")[0]
    assert [str(value) for value in found.values()] == ["clashes", "2018-05-03", "RUS", "NOR", "ASSAULT"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch", "x.csv"], "no data set that is known"),
        (["icews", "x.csv", "--format", "csv", "--map", "date=d"], "choose another name"),
        (["own", "x.csv", "--format", "csv"], "every event needs a date"),
        (["own", "x.csv", "--format", "csv", "--map", "date"], "write it as COLUMN="),
        (
            ["own", "x.csv", "--format", "csv", "--map", "date=d", "--map", "colour=c"],
            "no such column; there are id, date",
        ),
        (["own", "x.csv", "--format", "csv", "--map", "date=d", "--map", "line=c"], "no such column"),
        (
            ["own", "x.csv", "--format", "csv", "--map", "date=d", "--map", "source_country=c:nato"],
            "is one of name, iso2",
        ),
        (["gdelt", "x.csv", "--set", "type=AID"], "--set goes with --format csv"),
    ],
)
def test_requests_that_are_wrong(folder: Path, arguments: list[str], words: str) -> None:
    result = invoke(*arguments, "--ledger", folder)
    assert isinstance(result.exception, UsageError)
    assert words in str(result.exception)
    assert not folder.exists()


def test_a_folder_that_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "g.tsv").write_text(tabbed([samples.gdelt()]))
    result = invoke("gdelt", tmp_path / "g.tsv", "--ledger", tmp_path)
    assert "choose a new or empty folder" in str(result.exception)


def test_hostile_words_do_not_command_the_terminal(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "g.tsv").write_text(tabbed([samples.gdelt(), samples.gdelt(SQLDATE="\x1b[2J")]))
    result = invoke("gdelt", tmp_path / "g.tsv", "--ledger", folder)
    assert "no date that can be read" in result.stderr
    assert "\x1b" not in result.stderr
