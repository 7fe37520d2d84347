from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import TooLittle, UsageError
from tertius.ledger.ledger import Ledger
from tertius.studies import record
from tertius.studies.changes import changes, dispersion, rate_interval
from tertius.studies.tie import figures, tie, voices
from tests.ledger.test_disputes import contradiction
from tests.studies.worlds import START, act, ledger_of


def rows(seed: int = 1, days: int = 350) -> list[dict[str, object]]:
    """Norway presses Sweden three times as often from day 175 on; Sweden answers two days later; aid is steady."""
    rng = np.random.default_rng(seed)
    pressed = rng.poisson(np.where(np.arange(days) < 175, 0.25, 0.9))
    found = []
    for day in range(days):
        kinds = ("ACCUSE", "ASSAULT")
        found += [act(day, "NOR", "SWE", kinds[n % 2]) for n in range(pressed[day])]
        if day > 1 and pressed[day - 2]:
            found.append(act(day, "SWE", "NOR", "THREATEN"))
        if day % 5 == 0:
            found.append(act(day, "SWE", "NOR", "AID"))
    return found


def test_a_change_of_pace_is_found_with_its_events() -> None:
    found = tie(record.of_rows(rows()), "Norway", "Sweden")
    (change,) = [one for one in found.changes if (one.source, one.tone) == ("NOR", "pressure")]
    assert abs(record._day(act(0, "A", "B", "AID") | {"date": change.date}) - START - timedelta(175)) <= timedelta(21)
    assert change.before_low < 7 * 0.25 < change.before_high
    assert change.after_low < 7 * 0.9 < change.after_high
    assert all(id_.startswith("NORSWE") for id_ in change.ids)
    assert not [one for one in found.changes if one.tone == "support"]


def test_answers_in_kind() -> None:
    rng = np.random.default_rng(5)
    pressed = [act(day, "NOR", "SWE", "ACCUSE") for day in range(400) if rng.random() < 0.06]
    days = [(record._day(row) - START).days for row in pressed]
    answered = [act(day + lag, "SWE", "NOR", "ACCUSE") for day in days for lag in (1, 3, 5)]
    found = tie(record.of_rows([*pressed, *answered, act(420, "NOR", "SWE", "AID")]), "NOR", "SWE")
    (sweden,) = [one for one in found.reciprocity if (one.by, one.tone) == ("SWE", "pressure")]
    assert sweden.p is not None
    assert sweden.p < 0.01
    assert sweden.low is not None
    assert sweden.low > 1.5
    assert "SWE answers NOR's pressure in kind" in found.sentence


def test_periods_count_every_act_once() -> None:
    made = record.of_rows(rows())
    found = tie(made, "NOR", "SWE")
    assert sum(one.acts for one in found.periods) == len(made)
    for one in found.periods:
        assert one.low <= one.weekly <= one.high
    aid = next(one for one in found.periods if one.quad == 2 and one.source == "SWE")
    assert aid.intensity == 10
    assert all(one.intensity is None for one in found.periods if not one.acts)


def test_no_change_where_there_is_none() -> None:
    rng = np.random.default_rng(2)
    found = [len(changes(rng.poisson(rate, 100).astype(float))) for rate in (0.2, 1.0, 5.0) for _ in range(30)]
    assert np.mean([count > 0 for count in found]) <= 0.1
    assert changes(np.zeros(50)) == ()
    assert changes(np.ones(3)) == ()


def test_planted_changes_are_found_where_they_are() -> None:
    rng = np.random.default_rng(3)
    counts = np.concatenate([rng.poisson(2, 40), rng.poisson(9, 30), rng.poisson(1, 30)]).astype(float)
    first, second = changes(counts)
    assert abs(first - 40) <= 2
    assert abs(second - 70) <= 2


def test_intervals_of_rates() -> None:
    assert rate_interval(10, 1) == pytest.approx((4.79, 18.39), abs=0.02)  # exact: 4.795 and 18.390
    assert rate_interval(0, 2)[0] == 0
    assert rate_interval(10, 1, spread=2)[0] < rate_interval(10, 1)[0]
    assert dispersion(np.full(20, 3.0)) == 1.0


def test_what_cannot_be_asked() -> None:
    made = record.of_rows([*rows(), act(3, "FIN", "DNK", "AID")])
    with pytest.raises(UsageError, match="same actor"):
        tie(made, "NOR", "Norway")
    with pytest.raises(TooLittle, match="neither FIN nor NOR"):
        tie(made, "FIN", "NOR")
    with pytest.raises(UsageError, match="did you mean"):
        tie(made, "Swedn", "NOR")
    day = tie(record.of_rows([act(3, "FIN", "DNK", "AID")]), "FIN", "DNK")
    assert "In 1 days FIN acts 1 times" in day.sentence
    assert not day.changes
    assert all(one.p is None for one in day.reciprocity)


def test_who_says_what(tmp_path: Path) -> None:
    ledger = Ledger.create_or_open(tmp_path / "ledger")
    ledger.add([contradiction().reading()])
    ledger.merge()
    made = record.of_ledger(ledger)
    found = voices(ledger, made, "Sudan", "Chad")
    assert {(one.side, one.verdict) for one in found} == {("TCD", "asserted"), ("SDN", "denied")}
    assert all(one.ids for one in found)
    assert figures(ledger, made, "Sudan", "Chad") == []


def test_the_command(tmp_path: Path) -> None:
    folder = str(ledger_of(tmp_path / "ledger", rows()).folder)
    run = CliRunner().invoke
    ask = ["tie", "Norway", "SWE", "--ledger", folder, "--format", "json"]
    changed = json.loads(run(tertius, [*ask, "--rows", "changes"], catch_exceptions=False).stdout)
    assert {row["source"] for row in changed} >= {"NOR"}
    drawn = run(tertius, [*ask, "--svg", str(tmp_path / "t.svg")], catch_exceptions=False)
    assert len(json.loads(drawn.stdout)) == 2 * 4 * 13
    svg = (tmp_path / "t.svg").read_text()
    assert "NOR on SWE" in svg
    assert "SWE on NOR" in svg
    for rows_ in ("voices", "figures"):
        assert json.loads(run(tertius, [*ask, "--rows", rows_], catch_exceptions=False).stdout) == []
        assert "FROM " in run(tertius, [*ask, "--rows", rows_, "--sql"], catch_exceptions=False).stdout
    table = run(tertius, ["tie", "NOR", "SWE", "--ledger", folder, "--rows", "reciprocity"], catch_exceptions=False)
    assert table.stdout.startswith("In 350 days")
