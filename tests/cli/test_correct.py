from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import NoSuchRecord, UsageError
from tertius.ledger import queries
from tertius.ledger.ledger import Ledger
from tests.samples import reading


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create_or_open(tmp_path / "ledger")
    made.add([reading()])
    made.merge()
    return made


@pytest.fixture
def mention(ledger: Ledger) -> str:
    return str(queries.rows(ledger, "mention_rows")[0]["id"])


def run(ledger: Ledger, *arguments: str) -> Result:
    return CliRunner().invoke(tertius, [*arguments, "--ledger", str(ledger.folder)], catch_exceptions=False)


def event(ledger: Ledger, *more: str) -> dict[str, Any]:
    (row,) = json.loads(run(ledger, "events", "--format", "json", *more).output)
    return dict(row)


def test_a_mention_is_corrected_and_the_events_follow(ledger: Ledger, mention: str) -> None:
    given = ("--type", "coerce", "--target", "RUS MIL", "--target", "The Orcas", "--by", "Ada", "--note", "why")
    done = run(ledger, "correct", mention, *given)
    assert done.exit_code == 0
    assert "corrected: type COERCE; targets RUS MIL, The Orcas" in done.stderr
    for more in ((), ("--mentions",)):
        found = event(ledger, *more)
        assert (found["type"], found["target"], found["corrected"]) == ("COERCE", ["RUS MIL", "The Orcas"], True)
    assert "(corrected)" in " ".join(run(ledger, "events").output.split())
    assert "corrected type COERCE, not SANCTION (expel)" in " ".join(run(ledger, "show", mention).output.split())
    assert ledger.merged()
    run(ledger, "correct", mention, "--no-target", "--mode", "", "--by", "Ada")
    assert (event(ledger)["type"], event(ledger)["target"]) == ("COERCE", [])
    assert "is no event" in run(ledger, "correct", mention, "--not-an-event", "--by", "Ada").stderr
    assert json.loads(run(ledger, "events", "--format", "json").output) == []
    assert "as it was read" in run(ledger, "correct", mention, "--withdraw", "--by", "Ada").stderr
    assert (event(ledger)["type"], event(ledger)["corrected"]) == ("SANCTION", False)


def test_what_was_said_is_listed(ledger: Ledger, mention: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    empty = run(ledger, "corrections")
    assert "Nothing was corrected" in empty.stderr
    assert run(ledger, "corrections", "--format", "csv").output.startswith("mention,verdict,holds,by,at")
    run(ledger, "correct", mention, "--type", "ACCUSE", "--source", "UNO", "--by", "Ada", "--note", "=1+1")
    run(ledger, "correct", mention, "--not-an-event", "--by", "Ben")
    last, first = json.loads(run(ledger, "corrections", "--format", "json").output)
    assert (last["by"], last["verdict"], last["holds"], last["after"]) == ("Ben", "no event", True, first["id"])
    assert (first["said_type"], first["type"], first["sources"]) == ("SANCTION", "ACCUSE", ["UNO"])
    assert [json.loads(line)["by"] for line in run(ledger, "corrections", "--format", "jsonl").output.splitlines()] == [
        "Ben", "Ada",
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run(ledger, "corrections", "--format", "csv").output)))
    assert [row["note"] for row in rows] == ["", "'=1+1"]
    table = " ".join(run(ledger, "corrections").output.split())
    assert "type ACCUSE, not SANCTION" in table
    assert "no longer" in table


def test_who_corrects_is_the_user_of_the_machine(ledger: Ledger, mention: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    run(ledger, "correct", mention, "--not-an-event")
    assert json.loads(run(ledger, "corrections", "--format", "json").output)[0]["by"] == "grace"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "say what is right"),
        (("--type", "AID", "--withdraw"), "say what is right"),
        (("--not-an-event", "--withdraw"), "say what is right"),
        (("--target", "RUS", "--no-target"), "exclude each other"),
        (("--type", "AID", "--mode", "nice"), "leave it empty"),
        (("--withdraw",), "no correction to withdraw"),
        (("--type", "SANCTION"), "just how it was read"),
        (("--not-an-event", "--by", " "), "say who corrects"),
    ],
)
def test_bad_input_changes_nothing(ledger: Ledger, mention: str, given: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(ledger, "correct", mention, *given)
    assert json.loads(run(ledger, "corrections", "--format", "json").output) == []


def test_an_unknown_mention_is_said_with_its_cure(ledger: Ledger) -> None:
    with pytest.raises(NoSuchRecord, match="tertius events --mentions"):
        run(ledger, "correct", "ffffffffffff-m1", "--not-an-event")
    assert run(ledger, "correct", "ffffffffffff-m1", "--type", "NICE").exit_code == 2
