from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import UsageError
from tertius.studies import record
from tertius.studies.forecasts import outlook, scenarios
from tertius.studies.forecasts.outlook import Forecaster
from tests.studies.neighbours import world
from tests.studies.worlds import ledger_of


@pytest.fixture(scope="module")
def learnt() -> Forecaster:
    return outlook.forecaster(record.of_rows(world()), within=(7,))


def quarrelling(learnt: Forecaster) -> tuple[str, str]:
    made = learnt.record
    at = int(np.flatnonzero(made.quad == 3)[0])
    return made.actors[made.source[at]], made.actors[made.target[at]]


def test_supposed_quarrels_raise_the_chance_of_more(learnt: Forecaster) -> None:
    a, b = quarrelling(learnt)
    many = [f"{a} ACCUSE {b} on {learnt.record.dated(learnt.day - n)}" for n in range(4)]
    found = scenarios.scenario(learnt, many, others=2)
    (one,) = [c for c in found.changes if (c.source, c.target, c.what) == (a, b, "verbal conflict")]
    assert one.supposing > one.chance
    assert one.difference == pytest.approx(one.supposing - one.chance)
    assert one.low < one.difference < one.high
    assert one.chance == next(f.chance for f in learnt.forecast(a, b) if f.what == "verbal conflict")
    assert {(a, b), (b, a)} <= {(c.source, c.target) for c in found.changes}
    assert all("supposed" in one or "Too little is known" in one for one in found.warnings)


def test_what_happened_already_changes_nothing(learnt: Forecaster) -> None:
    made = learnt.record
    at = len(made) - 1
    a, b, kind = made.actors[made.source[at]], made.actors[made.target[at]], made.types[made.kind[at]]
    found = scenarios.scenario(learnt, [f"{a} {kind} {b} on {made.dated(int(made.day[at]) - made.first)}"], others=0)
    for one in found.changes:
        assert one.difference == 0


def test_what_the_record_has_not_seen_is_said(learnt: Forecaster) -> None:
    a, b = quarrelling(learnt)
    day = learnt.origin
    warning, *others = scenarios.scenario(learnt, [f"{a} SANCTION {b} on {day}"]).warnings
    assert "Nobody does SANCTION" in warning
    unlearnt = [own for own in learnt.learnt.values() if not own.model]
    assert len(others) == bool(unlearnt)
    assert all("Too little is known to learn what moves" in one for one in others)
    kinds = ("MOBILIZE", "SANCTION", "COERCE", "PROTEST", "ASSAULT")
    crowd = [f"{a} {kind} {b} on {learnt.record.dated(learnt.day - n)}" for kind in kinds for n in range(5)]
    assert any("reaches beyond" in one for one in scenarios.scenario(learnt, crowd).warnings)
    later = learnt.record.dated(learnt.day + 3)
    told = scenarios.scenario(learnt, [f"{a} ACCUSE {b} on {later}"])
    assert any("after the last known day" in one for one in told.warnings)
    helped = scenarios.scenario(learnt, [f"{b} AID {a} on {day}"])
    assert any("never did AID" in one for one in helped.warnings)


def test_the_most_in_a_week_by_hand(learnt: Forecaster) -> None:
    made, most = learnt.record, 0
    for a, b in {(int(a), int(b)) for a, b in zip(made.source, made.target, strict=True)}:
        days = made.day[made.where(a, b, (3,))]
        most = max([most, *(int(((days >= day) & (days < day + 7)).sum()) for day in days)])
    assert scenarios._busiest(made, 3) == most


def test_what_contradicts_itself(learnt: Forecaster) -> None:
    day = learnt.origin
    for words, cure in (
        (f"NOR ASSAULT Norway on {day}", "act on itself"),
        (f"NOR BEFRIEND SWE on {day}", "types are AGREE"),
        ("NOR ASSAULT SWE", "cannot be understood"),
        ("NOR ASSAULT SWE on Tuesday", "is not a date"),
        ("NOR ASSAULT SWE on 1999-01-01", "lies outside"),
        ("NOR ASSAULT SWE on 2024-01-01", "lies outside"),
        (f"Atlantis ASSAULT SWE on {day}", "does not act in this record"),
    ):
        with pytest.raises(UsageError, match=cure):
            scenarios.scenario(learnt, [words])
    with pytest.raises(UsageError, match="nothing is supposed"):
        scenarios.scenario(learnt, [])


def test_the_command(tmp_path: Path, learnt: Forecaster) -> None:
    folder = str(ledger_of(tmp_path / "ledger", world(days=200)).folder)
    ask = ["scenario", "--if", "Norway ASSAULT SWE on 2022-07-10", "--within", "7", "--ledger", folder]
    told = CliRunner().invoke(tertius, [*ask, "--format", "json", "--svg", str(tmp_path / "s.svg")])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert ("NOR", "SWE") in {(one["source"], one["target"]) for one in found}
    assert "difference in probability" in (tmp_path / "s.svg").read_text()
    table = CliRunner().invoke(tertius, ask)
    assert "supposing so, the chance of" in table.stdout
    with pytest.raises(UsageError, match="cannot be understood"):
        CliRunner().invoke(tertius, ["scenario", "--if", "nonsense", "--ledger", folder], catch_exceptions=False)
