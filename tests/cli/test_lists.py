from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import NoSuchRecord, NotALedger, UsageError
from tertius.ledger.ledger import Ledger
from tests.samples import TEXT, reading


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    folder = tmp_path / "ledger"
    made = Ledger.create_or_open(folder)
    made.add([reading(), reading(TEXT + " More.")])
    made.merge()
    return str(folder)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(tertius, list(arguments), catch_exceptions=False)


@pytest.mark.parametrize("command", ["events --mentions", "quotes", "figures"])
def test_every_format(ledger: str, command: str) -> None:
    def out(format: str) -> str:
        return run(*command.split(), "--ledger", ledger, "--format", format).output

    rows = json.loads(out("json"))
    assert len(rows) == 2
    assert [json.loads(line) for line in out("jsonl").splitlines()] == rows
    assert [row["id"] for row in csv.DictReader(io.StringIO(out("csv")))] == [row["id"] for row in rows]
    assert rows[0]["id"] in out("table")


def test_country_names_are_understood(ledger: str) -> None:
    for name in ("Norway", "NOR", "NOR GOV"):
        rows = json.loads(run("events", "--mentions", "--ledger", ledger, "--source", name, "--format", "json").output)
        assert len(rows) == 2
    assert json.loads(run("events", "--ledger", ledger, "--source", "France", "--format", "json").output) == []


def test_nothing_matches_is_said(ledger: str) -> None:
    result = run("events", "--ledger", ledger, "--type", "aid")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing matches" in result.stderr


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", "05.03.2024"])
def test_an_impossible_date_says_the_form(ledger: str, day: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        run("events", "--ledger", ledger, "--since", day)


def test_show(ledger: str) -> None:
    rows = json.loads(run("events", "--mentions", "--ledger", ledger, "--format", "json").output)
    shown = run("show", rows[0]["id"], "--ledger", ledger).output
    assert "NOR GOV  SANCTION (expel)  RUS GOV" in shown
    assert "Anna Lie [NOR GOV], who asserts it" in " ".join(shown.split())
    for table in ("quotes", "figures"):
        first = json.loads(run(table, "--ledger", ledger, "--format", "json").output)[0]
        assert "The Fjord Times" in run("show", first["id"], "--ledger", ledger).output


def test_errors_name_the_cure(ledger: str, tmp_path: Path) -> None:
    with pytest.raises(NoSuchRecord):
        run("show", "abc-m1", "--ledger", ledger)
    with pytest.raises(NotALedger, match="tertius read"):
        run("events", "--ledger", str(tmp_path / "nowhere"))
