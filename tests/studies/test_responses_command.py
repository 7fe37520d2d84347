"""`tertius responses`: what it says, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import NotIdentified, TooLittle, UsageError
from tertius.studies import rem
from tertius.studies.rem.sentences import sentences
from tertius.studies.rem.simulate import World, simulate
from tests.studies.worlds import START, ledger_of

NAMES = ("USA", "RUS", "CHN", "IRN", "FRA", "DEU", "JPN", "IND", "BRA", "TUR", "EGY", "KEN")
TYPES = {1: "SUPPORT", 2: "AID", 3: "ACCUSE", 4: "ASSAULT"}
ANSWERED = World(actors=12, days=160, acts_per_day=30, between=1.0, tone={"returned_pressure": 1.0})


def rows(seed: int = 0) -> list[dict[str, Any]]:
    """A record in which pressure is answered with pressure, once a day, pair and type as the studies count."""
    acts = simulate(ANSWERED, seed)
    e = acts.events
    found = {}
    for at, (day, source, target, quad) in enumerate(
        zip(e.time.tolist(), e.sender.tolist(), e.receiver.tolist(), acts.quad.tolist(), strict=True)
    ):
        when = (START + timedelta(int(day - e.time[0]))).isoformat()
        row = {
            "id": f"act{at}", "date": when, "source": NAMES[source], "target": NAMES[target], "type": TYPES[quad],
            "quad": quad, "intensity": None,
        }  # fmt: skip
        found[when, source, target, quad] = row
    return list(found.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(ledger_of(tmp_path_factory.mktemp("responses") / "ledger", rows()).folder)


def ask(folder: str, *more: str) -> Any:
    return CliRunner().invoke(tertius, ["responses", "--ledger", folder, *more])


def test_a_planted_response_is_said_in_words_and_given_as_rows(folder: str, tmp_path: Path) -> None:
    told = ask(folder, "--svg", str(tmp_path / "forest.svg"))
    assert told.exit_code == 0, told.output
    assert (
        "when the target has just pressed the source, once rather than not at all, the odds of pressure" in told.stdout
    )
    assert (tmp_path / "forest.svg").read_text().startswith("<svg")
    effects = json.loads(ask(folder, "--format", "json").stdout)
    assert len(effects) == 22
    [answered] = [e for e in effects if (e["model"], e["effect"]) == ("tone", "returned_pressure")]
    assert answered["response_low"] > 0
    assert (
        f"{2 ** answered['response']:.2f} times as high" in told.stdout
    )  # from none to one, log(1 + x) rises by log 2


def test_what_else_it_shows(folder: str, tmp_path: Path) -> None:
    groups = json.loads(ask(folder, "--rows", "fit", "--format", "json", "--svg", str(tmp_path / "fit.svg")).stdout)
    assert len(groups) == 10
    assert "observed share" in (tmp_path / "fit.svg").read_text()
    left = json.loads(ask(folder, "--rows", "left-out", "--format", "json").stdout)
    assert {"who", "within dyads"} <= {row["model"] for row in left}
    decay = ask(folder, "--rows", "decay", "--svg", str(tmp_path / "decay.svg"))
    assert "triggers that halve every" in decay.stdout
    assert "half-life in days" in (tmp_path / "decay.svg").read_text()
    assert "FROM dyads" in ask(folder, "--sql").stdout


def test_statistics_are_those_of_each_act(folder: str) -> None:
    table = list(csv.DictReader(io.StringIO(ask(folder, "--rows", "statistics", "--format", "csv").stdout)))
    assert len(table) == len(rows())
    first = min(row["date"] for row in table)
    assert {row["own_support"] for row in table if row["date"] == first} == {"0"}
    assert {"id", "quad", "enemy_of_enemy"} <= set(table[0])


def test_a_formula_of_ones_own_is_told_by_its_unit(folder: str) -> None:
    told = ask(folder, "--formula", "acts ~ recip(kind=pressure, half_life=7) + inertia(half_life=60)")
    assert "for one unit more of recip" in told.stdout


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        (["--recent", "0"], UsageError, "half_life"),
        (["--formula", "acts ~ nothing"], UsageError, "nothing"),
        (["--formula", "acts ~ inertia + tie"], NotIdentified, "inertia, tie"),
        (["--rows", "left-out", "--svg", "x.svg"], UsageError, "--svg draws no left-out"),
        (["--rows", "statistics", "--svg", "x.svg"], UsageError, "--svg draws no statistics"),
        (["--rows", "statistics", "--format", "json"], UsageError, "written as csv"),
        (["--until", "2001-01-01"], TooLittle, "no dated acts"),
        (["--warm-up", "9999"], TooLittle, "within the warm-up"),
        (["--svg", "no/such/folder/x.svg"], UsageError, "name another file"),
    ],
)
def test_what_cannot_be_asked(folder: str, more: list[str], error: type[Exception], words: str) -> None:
    failed = ask(folder, *more)
    assert isinstance(failed.exception, error)
    assert words in str(failed.exception)


def test_chance_is_counted_over_all_that_was_asked() -> None:
    found = rem.responses(simulate(ANSWERED, 1))

    def told(*p: float) -> list[str]:
        asked = [effect for effect in found.effects if effect.response is not None]
        effects = [msgspec.structs.replace(e, response_p=one) for e, one in zip(asked, p, strict=False)]
        return sentences(replace(found, effects=tuple(effects)))

    assert sum("Response:" in one for one in told(*[0.04] * 10)) == 10
    assert "No response is clear of chance in this record." in told(0.04, *[0.5] * 9)
