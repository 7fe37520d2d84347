from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.ledger.ledger import Ledger
from tertius.records import Speaker
from tests.ledger.test_disputes import contradiction
from tests.samples import reading, span


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    folder = tmp_path / "ledger"
    Ledger.create_or_open(folder).add([contradiction().reading()])
    return str(folder)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(tertius, list(arguments), catch_exceptions=False)


def test_every_format(ledger: str) -> None:
    def out(format: str, *more: str) -> str:
        return run("disputes", "--ledger", ledger, "--format", format, *more).output

    (row,) = json.loads(out("json"))
    assert (row["speaker"], row["other_speaker"]) == ("Chad", "Sudan")
    assert [json.loads(line) for line in out("jsonl").splitlines()] == [row]
    assert [line["id"] for line in csv.DictReader(io.StringIO(out("csv")))] == [row["id"]]
    table = " ".join(out("table").split())
    for words in ("SDN GOV ASSAULT TCD GOV", "Chad: asserted", "Sudan: denied"):
        assert words in table
    assert json.loads(out("json", "--source", "Sudan", "--type", "assault", "--speaker", "Chad")) == [row]
    assert json.loads(out("json", "--target", "France")) == []


def test_nothing_disputed_is_said(ledger: str) -> None:
    result = run("disputes", "--ledger", ledger, "--type", "aid")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing is disputed" in result.stderr


@pytest.fixture
def nested(tmp_path: Path) -> str:
    """A ledger in which Reuters reports what Anna Lie said."""
    one = reading()
    (inner,) = one.attributions
    agency = Speaker(actor=None, name="Reuters", country=None, sector=None, anonymous=False)
    outer = msgspec.structs.replace(
        inner, id="q2", speaker=agency, content=(span("“We had to,” said Anna Lie"),), source=(), kind="indirect"
    )
    said = (msgspec.structs.replace(inner, within="q2"), outer)
    folder = tmp_path / "nested"
    Ledger.create_or_open(folder).add([msgspec.structs.replace(one, attributions=said)])
    return str(folder)


def test_the_chain_of_speakers_is_shown(nested: str) -> None:
    quotes = json.loads(run("quotes", "--ledger", nested, "--format", "json").output)
    assert {row["speaker"]: row["chain"] for row in quotes} == {
        "Anna Lie": ["Reuters", "Anna Lie"],
        "Reuters": ["Reuters"],
    }
    event = json.loads(run("events", "--mentions", "--ledger", nested, "--format", "json").output)[0]["id"]
    shown = " ".join(run("show", event, "--ledger", nested).output.split())
    assert "Anna Lie [NOR GOV], who asserts it" in shown
    assert "reported by Reuters" in shown
    assert "taken as asserted" in shown
