from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import NotALedger, UsageError
from tertius.ledger.ledger import Ledger
from tests.datasets import samples
from tests.datasets.samples import run, tabbed


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(tertius, ["export", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "g.tsv").write_text(tabbed([samples.gdelt(), samples.gdelt(GLOBALEVENTID=501, SQLDATE=20190301)]))
    run(Ledger.create_or_open(folder / "ledger"), "gdelt", folder / "g.tsv")
    return folder / "ledger"


def test_the_form_goes_by_the_ending(folder: Path, tmp_path: Path) -> None:
    result = invoke(tmp_path / "acts.csv", "--ledger", folder, "--source", "Russia", "--until", "2018-12-31")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("1 rows in ")
    assert "acts.csv.codebook.md, acts.csv.actors.csv, acts.csv.bib" in result.stderr
    with (tmp_path / "acts.csv").open() as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["gdelt:500"]


def test_the_form_by_name(folder: Path, tmp_path: Path) -> None:
    result = invoke(tmp_path / "acts.txt", "--ledger", folder, "--format", "gdelt")
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "acts.txt").read_text().splitlines()) == 2


def test_requests_that_are_wrong(folder: Path, tmp_path: Path) -> None:
    result = invoke(tmp_path / "acts.txt", "--ledger", folder)
    assert isinstance(result.exception, UsageError)
    assert "add --format parquet|csv" in str(result.exception)
    assert isinstance(invoke(tmp_path / "x.csv", "--ledger", tmp_path / "none").exception, NotALedger)
    assert isinstance(invoke(tmp_path / "no" / "x.csv", "--ledger", folder).exception, UsageError)
