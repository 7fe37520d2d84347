from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import TertiusError, TooLittle, UsageError
from tertius.studies import record, shifts
from tertius.studies.answers import answers, screen, summary
from tests.studies.worlds import act, ledger_of, triad


def ask(rows: list[dict[str, object]]) -> object:
    return answers(record.of_rows(rows), "USA", "PRK", "RUS").answer


def test_a_planted_response_is_recovered() -> None:
    found = [answers(record.of_rows(triad(seed, 2.5)), "USA", "PRK", "RUS").answer for seed in range(20)]
    assert np.mean([one.p is not None and one.p < 0.05 for one in found]) > 0.8
    covered = [one.low < 2.5 < one.high for one in found if one.low and one.high]
    assert np.mean(covered) >= 0.75
    assert 2.0 < np.mean([one.ratio for one in found if one.ratio]) < 3.0
    assert "steps in, or both follow the same news" in found[0].sentence


def test_shifted_p_values_are_uniform_without_a_response() -> None:
    p = np.array([answers(record.of_rows(triad(seed, 1.0)), "USA", "PRK", "RUS").answer.p for seed in range(80)])
    at = np.arange(1, 81) / 80
    assert np.abs(np.sort(p) - at).max() < 0.18  # Kolmogorov's 1% limit for 80 draws
    assert (p <= 0.05).mean() <= 0.125


def test_the_false_discovery_rate_is_held() -> None:
    helpers = ["RUS", "CHN", "IRN", "CUB", "SYR", "VNM", "LAO", "MNG"]
    wrong = 0
    for seed in range(10):
        found = screen(record.of_rows(triad(seed, 1.0, helpers=helpers)))
        assert len(found) == 8
        wrong += any(one.q is not None and one.q <= 0.05 for one in found)
    assert wrong <= 2


def test_a_screen_finds_the_one_that_answers() -> None:
    rows = triad(3, 1.0, helpers=["CHN", "IRN", "CUB"]) + triad(3, 3.0)
    found = screen(record.of_rows({row["id"] + str(at): row for at, row in enumerate(rows)}.values()))
    assert (found[0].a, found[0].b) == ("RUS", "PRK")
    assert found[0].q is not None
    assert found[0].q <= 0.05
    assert "triads asked" in summary(found)
    assert summary([]).startswith("No triad")


def test_the_gate_says_what_could_have_been_seen() -> None:
    study = answers(record.of_rows(triad(1, days=120)), "USA", "PRK", "RUS")
    assert not study.answer.enough
    assert study.answer.p is None
    assert study.answer.smallest is not None
    assert study.answer.smallest > 1.2
    assert study.answer.sentence.startswith("Not enough data")
    never = answers(record.of_rows(triad(1)), "USA", "PRK", "CHN").answer
    assert never.responses == 0
    assert "no effect of any size" in never.sentence


def test_the_events_behind_a_response_and_the_days_around_it() -> None:
    study = answers(record.of_rows(triad(2, 3.0)), "USA", "PRK", "RUS")
    assert study.evidence
    for one in study.evidence:
        assert all(id_.startswith("RUSPRK") for id_ in one.responses)
        assert all(id_.startswith("USAPRK") for id_ in one.triggers)
    assert [p.lag for p in study.curve] == list(range(-14, 15))
    assert any(p.responses > p.null_high for p in study.curve if 1 <= p.lag <= 7)


def test_same_day_acts_are_no_response() -> None:
    rows = [act(day, *who) for day in range(0, 400, 9) for who in (("USA", "PRK", "ACCUSE"), ("RUS", "PRK", "AID"))]
    rows += [act(day, "CHN", "JPN", "CONSULT") for day in range(400)]
    study = answers(record.of_rows(rows), "USA", "PRK", "RUS")
    assert study.answer.raw_ratio == 0.0 or (study.answer.ratio or 0) < 1
    assert not study.evidence


def test_confronting_is_another_way_to_step_in() -> None:
    rows = [*triad(1), *(act(day, "CHN", "USA", "THREATEN") for day in range(0, 400, 5))]
    found = answers(record.of_rows(rows), "United States", "North Korea", "China", how="confront").answer
    assert (found.x, found.b, found.a, found.how) == ("USA", "PRK", "CHN", "confront")
    assert "pressed United States" in found.sentence


@pytest.mark.parametrize(
    ("rows", "error", "words"),
    [
        ([], TooLittle, "no dated acts"),
        ([act(1, "USA", "USA", "ACCUSE")], TooLittle, "1 of an actor on itself"),
        ([act(99999, "USA", "PRK", "ACCUSE")], TooLittle, "later than today"),
        ([{**act(1, "USA", "PRK", "ACCUSE"), "date": "Tuesday"}], UsageError, "not a date"),
        ([{**act(1, "USA", "PRK", "ACCUSE"), "quad": 7}], UsageError, "quad 7"),
        ([{"date": "2024-01-01"}], UsageError, "without source"),
        ([act(1, "USA", "PRK", "ACCUSE")], UsageError, "'RUS' does not act"),
    ],
)
def test_what_cannot_be_asked(rows: list[dict[str, object]], error: type[TertiusError], words: str) -> None:
    with pytest.raises(error, match=words):
        ask(rows)


def test_names_that_do_not_resolve_or_are_the_same() -> None:
    found = record.of_rows(triad(1))
    with pytest.raises(UsageError, match=r"did you mean .*Russia \(RUS\)"):
        answers(found, "USA", "PRK", "Rusia")
    with pytest.raises(UsageError, match="three actors"):
        answers(found, "USA", "PRK", "North Korea")
    with pytest.raises(UsageError, match="window of 0"):
        answers(found, "USA", "PRK", "RUS", window=0)


def test_one_day_and_one_type() -> None:
    day = [act(1, *who) for who in (("USA", "PRK", "ACCUSE"), ("RUS", "PRK", "SUPPORT"), ("CHN", "USA", "ACCUSE"))]
    assert not answers(record.of_rows(day), "USA", "PRK", "RUS").answer.enough
    same = [act(day, source, "PRK", "ACCUSE") for day in range(200) for source in ("USA", "RUS")]
    assert "no effect of any size" in answers(record.of_rows(same), "USA", "PRK", "RUS").answer.sentence


def test_benjamini_and_hochberg() -> None:
    adjusted = shifts.benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5]))
    assert adjusted == pytest.approx([0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])
    assert len(shifts.benjamini_hochberg(np.array([]))) == 0


def test_shifts_by_transform_are_shifts() -> None:
    rng = np.random.default_rng(1)
    trigger, values = rng.poisson(0.4, 30).astype(float), rng.normal(size=30)
    plain = [float(np.roll(trigger, shift) @ values) for shift in range(30)]
    assert shifts.correlate(trigger, values) == pytest.approx(plain)


def test_the_poisson_fit_without_prior_equals_the_means() -> None:
    y, x = np.array([1.0, 3, 2, 8, 10, 6]), np.array([0.0, 0, 0, 1, 1, 1])
    fit = shifts.poisson(y, np.column_stack([np.ones(6), x]), np.zeros(2))
    assert np.exp(fit.coef) == pytest.approx([2.0, 4.0])
    assert fit.covariance[1, 1] == pytest.approx(1 / 6 + 1 / 24)


def test_the_command(tmp_path: Path) -> None:
    folder = str(ledger_of(tmp_path / "ledger", triad(1, 2.5)).folder)
    run = CliRunner().invoke
    ask = ["answers", "--to", "USA:PRK", "--by", "Russia", "--ledger", folder]
    told = run(tertius, [*ask, "--format", "json", "--svg", str(tmp_path / "a.svg")], catch_exceptions=False)
    (row,) = json.loads(told.stdout)
    assert row["sentence"].startswith("In the 7 days after United States pressed North Korea")
    assert (tmp_path / "a.svg").read_text().startswith("<svg")
    assert "In the 7 days" in run(tertius, ask, catch_exceptions=False).stdout
    assert len(run(tertius, [*ask, "--rows", "curve", "--format", "jsonl"]).stdout.splitlines()) == 29
    behind = run(tertius, [*ask, "--rows", "events"], catch_exceptions=False)
    assert "made-up" not in behind.stdout
    assert "(" not in behind.stdout.split("\n", 2)[2]
    assert behind.stderr == ""
    screened = run(tertius, ["answers", "--screen", "--ledger", folder, "--svg", str(tmp_path / "s.svg")])
    assert "triads asked" in screened.stdout
    assert "FROM dyads" in run(tertius, ["answers", "--sql"]).stdout
    for wrong in (["answers"], ["answers", "--to", "USA", "--by", "RUS"], ["answers", "--screen", "--by", "RUS"]):
        assert isinstance(run(tertius, [*wrong, "--ledger", folder]).exception, UsageError)
    none = run(tertius, [*ask, "--origin", "icews"])
    assert isinstance(none.exception, TooLittle)
