from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import TooLittle, UsageError
from tertius.studies import record
from tertius.studies.forecaster import surprise
from tertius.studies.predictability import halves, over_time, predictability, surprising, tiers
from tests.studies.worlds import act, ledger_of

ACTORS = ("NOR", "SWE", "FIN", "DNK", "ISL", "EST")
TYPES = ("CONSULT", "ACCUSE", "AID", "ASSAULT")


def world(seed: int = 1, days: int = 300) -> list[dict[str, object]]:
    """Norway does the same every day, Sweden anything to anybody, Finland changes its only partner half way."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        rows.append(act(day, "NOR", "SWE", "CONSULT"))
        others = [actor for actor in ACTORS if actor != "SWE"]
        rows.append(act(day, "SWE", str(rng.choice(others)), str(rng.choice(TYPES))))
        rows.append(act(day, "FIN", "DNK" if day < days // 2 else "EST", "AID"))
    rows.append(act(days - 10, "NOR", "ISL", "ASSAULT"))
    return rows


def test_who_is_predictable_and_who_is_not() -> None:
    found = {row.actor: row for row in predictability(record.of_rows(world()))}
    assert found["NOR"].bits < 0.5
    assert found["SWE"].whom == pytest.approx(np.log2(5), abs=0.25)
    assert found["SWE"].how == pytest.approx(2.0, abs=0.25)
    assert found["SWE"].tier == "less predictable"
    assert found["FIN"].learnt > 0.2  # the recent past tells more than constant rates
    for row in found.values():
        assert row.low <= row.bits <= row.high
        assert row.bits == pytest.approx(row.whom + row.how)
    assert "Read tiers, not ranks" in tiers(list(found.values()))


def test_the_most_surprising_act_has_its_id() -> None:
    first, *_ = surprising(record.of_rows(world()), "Norway")
    assert (first.id, first.target, first.type) == ("NORISL290ASSAULT", "ISL", "ASSAULT")
    assert first.bits > 5


def test_an_act_is_forecast_from_the_days_before_alone() -> None:
    rows = world(days=100)
    short = record.of_rows([row for row in rows if row["date"] <= "2022-03-01"] + [act(99, "ISL", "EST", "ASSAULT")])
    whole = record.of_rows(rows)
    early = int((whole.day <= short.day[-2]).sum())
    assert surprise(whole).bits[:early] == pytest.approx(surprise(short).bits[:early])


def test_the_chances_of_all_that_may_happen_sum_to_one() -> None:
    rows = world(days=90)
    totals = np.zeros(1)
    others = [actor for actor in ACTORS if actor != "SWE"]
    for target in others:
        for kind in TYPES:
            found = record.of_rows([*rows, act(90, "SWE", target, kind)])
            totals += 2.0 ** -surprise(found).bits[-1]
    assert totals[0] == pytest.approx(1.0, abs=0.05)


def test_over_time_and_halves() -> None:
    found = record.of_rows(world())
    periods = over_time(found, "FIN")
    assert len(periods) == 9
    assert max(p.bits for p in periods) > 3 * min(p.bits for p in periods)
    assert {row[0] for row in halves(found)} == {"NOR", "SWE", "FIN"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "no dated acts"),
        ([act(1, "NOR", "SWE", "ACCUSE"), act(1, "SWE", "FIN", "AID")], "spans 1 days"),
        ([act(day, "NOR", "SWE", "ACCUSE") for day in range(90)], "only two actors"),
        ([act(day, "NOR", ACTORS[1 + day % 4], "ACCUSE") for day in range(90)], "all acts are ACCUSE"),
        ([act(3 * day, "NOR", ACTORS[1 + day % 4], TYPES[day % 3]) for day in range(30)], "no actor has 50 acts"),
    ],
)
def test_what_is_too_little(rows: list[dict[str, object]], words: str) -> None:
    with pytest.raises(TooLittle, match=words):
        predictability(record.of_rows(rows))


def test_the_command(tmp_path: Path) -> None:
    folder = str(ledger_of(tmp_path / "ledger", world()).folder)
    run = CliRunner().invoke
    ask = ["predictability", "--ledger", folder]
    rows = json.loads(run(tertius, [*ask, "--format", "json"], catch_exceptions=False).stdout)
    assert rows[0]["actor"] == "NOR"
    told = run(tertius, [*ask, "--svg", str(tmp_path / "p.svg")], catch_exceptions=False)
    assert "bits per act at the median" in told.stdout
    assert "less predictable" not in (tmp_path / "p.svg").read_text()
    one = run(tertius, [*ask, "Norway", "--limit", "1", "--format", "jsonl"], catch_exceptions=False)
    assert json.loads(one.stdout)["id"] == "NORISL290ASSAULT"
    assert len(run(tertius, [*ask, "FIN", "--over-time", "--format", "jsonl"]).stdout.splitlines()) == 9
    assert "FROM dyads" in run(tertius, ["predictability", "--sql"]).stdout
    for wrong in (["--over-time"], ["NOR", "--svg", "x"], ["Norwai"]):
        assert isinstance(run(tertius, [*ask, *wrong]).exception, UsageError)
    unwritable = run(tertius, [*ask, "--svg", str(tmp_path / "none" / "p.svg")])
    assert isinstance(unwritable.exception, UsageError)
