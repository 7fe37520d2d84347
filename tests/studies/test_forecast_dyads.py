from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import dyads as benchmark
from tertius.errors import TooLittle, UsageError
from tertius.studies import record
from tertius.studies.forecasts import backtest, chances, dyads, outlook, panel, scoring, training
from tertius.studies.forecasts.outlook import Forecaster
from tertius.studies.forecasts.panel import State
from tests.studies.neighbours import world
from tests.studies.worlds import act


@pytest.fixture(scope="module")
def made() -> record.Record:
    return record.of_rows(world())


@pytest.fixture(scope="module")
def learnt(made: record.Record) -> Forecaster:
    return outlook.forecaster(made, types=("ASSAULT",))


def busiest(made: record.Record) -> tuple[str, str]:
    pairs = Counter(zip(made.source[made.quad == 3].tolist(), made.target[made.quad == 3].tolist(), strict=True))
    ((a, b), _) = pairs.most_common(1)[0]
    return made.actors[a], made.actors[b]


def test_scores_by_hand() -> None:
    chance, came = np.array([0.9, 0.5, 0.1, 0.2]), np.array([True, True, False, False])
    assert scoring.brier(chance, came) == pytest.approx((0.01 + 0.25 + 0.01 + 0.04) / 4)
    assert scoring.log_loss(chance, came) == pytest.approx(-np.log([0.9, 0.5, 0.9, 0.8]).mean())
    assert scoring.average_precision(chance, came) == 1.0
    assert scoring.average_precision(np.array([0.9, 0.5, 0.4]), np.array([True, False, True])) == pytest.approx(5 / 6)
    assert scoring.average_precision(np.full(4, 0.5), came) == 0.5  # ties are no order
    assert scoring.skill(chance, np.full(4, 0.5), came) == pytest.approx(1 - scoring.log_loss(chance, came) / np.log(2))
    assert scoring.average_precision(chance, np.zeros(4, bool)) == 0.0


def test_calibration_error_sees_what_is_wrong() -> None:
    rng = np.random.default_rng(1)
    chance = rng.beta(0.5, 5, 50_000)
    came = rng.random(50_000) < chance
    assert scoring.calibration_error(chance, came) < 0.005
    assert scoring.calibration_error(np.minimum(1, chance * 1.5), came) > 0.03
    for one in scoring.reliability(chance, came):
        assert one.low <= one.came <= one.high
        assert one.low_edge <= one.chance <= one.high_edge


def test_skill_of_nothing_has_an_interval_about_zero() -> None:
    rng = np.random.default_rng(2)
    chance, pair = rng.beta(1, 5, 4000), np.repeat(np.arange(400), 10)
    came = rng.random(4000) < chance
    noisy = chances.chance_of(chances.logit(chance) + rng.normal(0, 0.02, 4000))
    low, high = scoring.skill_interval(noisy, chance, came, pair)
    assert low < 0 < high
    assert high - low < 0.01


def test_the_state_counts_by_hand() -> None:
    rows = [act(0, "NOR", "SWE", "ACCUSE"), act(3, "NOR", "SWE", "ACCUSE"), act(3, "SWE", "NOR", "AID"),
            act(9, "FIN", "SWE", "AID")]  # fmt: skip
    acts = panel.acts(record.of_rows(rows))
    state = State(acts, (3,)).until(9)
    a, b = acts.record.number("NOR"), acts.record.number("SWE")
    decay = 0.5 ** (1 / panel.HALF_LIVES[1])
    assert state.counts[1, 2, a, b] == pytest.approx(decay**9 + decay**6)
    assert state.total[2, a, b] == 2
    assert state.last[2, a, b] == 3
    assert state.windows[3] == 8  # days 0 to 2 up to 7 to 9
    assert state.hits[3][2, a, b] == 4  # those that end on days 2 to 5, with the act of day 0 or 3
    assert acts.came(2, 0, 3)[a, b]
    assert not acts.came(2, 3, 3).any()


def test_missing_weeks_are_not_peace() -> None:
    rows = world(days=200, gap=(100, 130))
    acts = panel.acts(record.of_rows(rows))
    assert int((~acts.known).sum()) == pytest.approx(30, abs=3)
    assert not acts.whole(95, 7)
    assert acts.whole(50, 7)
    before, after = State(acts, (7,)).until(99), State(acts, (7,)).until(129)
    assert np.array_equal(before.counts, after.counts)  # nothing is known, so nothing fades
    assert before.windows[7] == after.windows[7]
    assert "missing, not peaceful" in outlook.forecaster(record.of_rows(rows), within=(7,)).notes()[0]
    assert not outlook.forecaster(record.of_rows(world(days=120)), within=(7,)).notes()


def test_nothing_of_later_days_leaks_into_the_features(made: record.Record) -> None:
    day = 150
    hidden = made.day - made.first <= day
    names = ("day", "source", "target", "quad", "kind", "intensity")
    short = replace(made, **{name: getattr(made, name)[hidden] for name in names}, ids=made.ids[: int(hidden.sum())])
    found = []
    for one in (made, short):
        state = State(panel.acts(one), (7, 30)).until(day)
        source, target = state.pairs()
        found.append(chances.rows_at(state, dyads.shared(state), 3, source, target))
    assert np.array_equal(found[0].values, found[1].values)
    assert np.array_equal(found[0].hits[7], found[1].hits[7])


def test_training_looks_only_at_windows_that_are_over(made: record.Record) -> None:
    day = 180
    other = made.day - made.first > day
    changed = replace(made, quad=np.where(other, 5 - made.quad, made.quad))
    one, two = (training.train(panel.acts(each), [2], [7], day)[2, 7] for each in (made, changed))
    assert one.model is not None
    assert two.model is not None
    assert np.array_equal(one.model.linear.coefficients, two.model.linear.coefficients)
    assert one.model.booster.model_to_string() == two.model.booster.model_to_string()


def test_it_beats_the_usual_rate_where_quarrels_come_in_runs(made: record.Record) -> None:
    acts = panel.acts(record.of_rows(world(seed=5, days=420)))
    (past,) = backtest.backtest(acts, [2], [7], 300, every=7, refits=1)
    told = backtest.standing(acts, past)
    assert told.skill_low > 0.02
    assert told.skill_over_last > 0
    assert told.calibration_error < 0.05
    assert told.forecasts == len(past.came)
    assert told.origins == len(range(300, 420 - 7, 7))


def test_no_skill_is_found_where_there_is_none() -> None:
    rng = np.random.default_rng(3)
    pairs = [(a, b) for a in "ABCDEFGH" for b in "ABCDEFGH" if a != b]
    rate = rng.beta(0.5, 8, len(pairs))
    rows = [
        act(day, a, b, "ACCUSE")
        for day in range(300)
        for (a, b), p in zip(pairs, rate, strict=True)
        if rng.random() < p
    ]
    acts = panel.acts(record.of_rows(rows))
    (past,) = backtest.backtest(acts, [2], [7], 200, every=7, refits=1)
    assert -0.05 < backtest.standing(acts, past).skill_over_usual < 0.03


def test_a_forecast_stands_beside_its_usual_rate(learnt: Forecaster, made: record.Record) -> None:
    a, b = busiest(made)
    found = learnt.forecast(a, b)
    assert [(one.what, one.within) for one in found] == [
        (what, days)
        for what in ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict", "ASSAULT")
        for days in (7, 30)
    ]
    for one in found:
        assert 0 <= one.low <= one.chance <= one.high <= 1
        assert 0 < one.usual < 1
        assert one.model == outlook.MODEL
        assert re.fullmatch("[0-9a-f]{12}", one.data)
        assert f"within {one.within} days after {one.origin}" in one.sentence
    quarrel = {one.within: one for one in found if one.what == "verbal conflict"}
    assert quarrel[7].chance < quarrel[30].chance
    assert quarrel[7].method == "learnt"


def test_drivers_explain_the_whole_distance(learnt: Forecaster, made: record.Record) -> None:
    for one in learnt.forecast(*busiest(made)):
        if one.method != "learnt":
            continue
        odds = np.prod([each.odds for each in one.drivers]) * one.usual / (1 - one.usual)
        assert odds == pytest.approx(one.chance / (1 - one.chance), rel=1e-4)
        for each in one.drivers:
            assert set(each.evidence) <= set(made.ids)


def test_evidence_is_what_it_says(learnt: Forecaster, made: record.Record) -> None:
    a, b = busiest(made)
    (one,) = [one for one in learnt.forecast(a, b) if (one.what, one.within) == ("verbal conflict", 30)]
    evidence = {each.driver: each.evidence for each in one.drivers}
    at = {id_: n for n, id_ in enumerate(made.ids)}
    for id_ in evidence["own"]:
        assert (made.actors[made.source[at[id_]]], made.actors[made.target[at[id_]]]) == (a, b)
        assert made.quad[at[id_]] == 3
    for id_ in evidence["answers"]:
        assert made.actors[made.source[at[id_]]] == b
    for id_ in evidence["target"]:
        assert made.actors[made.target[at[id_]]] == b
        assert made.actors[made.source[at[id_]]] != a


def test_a_burst_raises_the_chance() -> None:
    rows = world(seed=7, days=300)
    made = record.of_rows(rows)
    a, b = busiest(made)
    burst = [act(day, a, b, "ACCUSE") for day in range(292, 300)]
    quiet = [row for row in rows if not (row["source"] == a and row["target"] == b and row["date"] >= "2022-10-14")]
    found = []
    for each in (quiet, quiet + burst):
        told = outlook.forecaster(record.of_rows(each), within=(7,)).forecast(a, b)
        (one,) = [one for one in told if one.what == "verbal conflict"]
        found.append(one)
    assert found[1].chance > 1.3 * found[0].chance
    assert found[1].last == len({row["date"] for row in burst} & {row["date"] for row in burst[-7:]})
    assert next(each for each in found[1].drivers if each.driver == "own").evidence


def test_past_forecasts_were_made_without_hindsight(learnt: Forecaster, made: record.Record) -> None:
    a, b = busiest(made)
    told = [one for one in learnt.over_time(a, b) if (one.what, one.within) == ("verbal conflict", 7)]
    assert len(told) > 5
    chosen = made.where(made.number(a), made.number(b), (3,))
    for one in told:
        day = record._day(act(0, a, b, "AID") | {"date": one.origin}).toordinal()
        assert one.came == bool(((made.day > day) & (made.day <= day + 7) & chosen).any())


def test_the_most_unusual_come_first(learnt: Forecaster) -> None:
    found = learnt.unusual(10)
    assert len(found) == 10
    far = [one.chance * np.log(one.chance / one.usual) + (1 - one.chance) * np.log((1 - one.chance) / (1 - one.usual))
           for one in found]  # fmt: skip
    assert far == sorted(far, reverse=True)


def test_alike_is_found_where_pairs_stray_from_their_forecasts() -> None:
    rng = np.random.default_rng(4)
    pairs, origins = 400, 6
    found = []
    for size in (9.0, None):
        own = rng.beta(0.3 * size, 0.7 * size, pairs) if size else np.full(pairs, 0.3)
        came = rng.random((pairs, origins)) < own[:, None]
        source = np.repeat(np.arange(pairs), origins)
        flat = np.full(pairs * origins, 0.3)
        origin = np.tile(np.arange(origins) * 7, pairs)
        found.append(training.alike(training.Held(origin, source, source, flat, flat, came.ravel()), 7))
    assert found[0] == pytest.approx(0.1, abs=0.03)
    assert found[1] < 0.03


def test_too_little_is_said() -> None:
    three = [act(day, a, b, "ACCUSE") for day in range(3) for a, b in (("NOR", "SWE"), ("SWE", "FIN"))]
    with pytest.raises(TooLittle, match="3 known days cannot say"):
        outlook.forecaster(record.of_rows(three))
    with pytest.raises(TooLittle, match="only one pair"):
        outlook.forecaster(record.of_rows([act(day, "NOR", "SWE", "ACCUSE") for day in range(100)]))
    with pytest.raises(TooLittle, match="ask for at most 30"):
        outlook.forecaster(record.of_rows(world(days=120)), within=(90,))
    with pytest.raises(UsageError, match="leave --until out"):
        outlook.forecaster(record.of_rows(world(days=120)), until="2023-05-01")
    with pytest.raises(UsageError, match="nobody does SANCTION"):
        outlook.forecaster(record.of_rows(world(days=120)), types=("SANCTION",))


def test_few_events_leave_the_usual_rate() -> None:
    rows = [act(day, a, b, "CONSULT") for day in range(0, 90, 30) for a, b in (("NOR", "SWE"), ("SWE", "FIN"))]
    rows += [act(day, "FIN", "NOR", "AID") for day in range(0, 90, 3)]
    learnt = outlook.forecaster(record.of_rows(rows))
    found = learnt.forecast("NOR", "SWE")
    assert {one.within for one in found} == {7}
    assert "120 days" in learnt.notes()[-1]
    for one in found:
        assert one.method == "usual rate"
        assert "too few" in one.note
        assert one.chance == one.usual
        assert not one.drivers
    assert {one.note for one in learnt.forecast("SWE", "NOR")} == {found[0].note} | {one.note for one in found}


def test_who_is_asked_about(learnt: Forecaster) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        learnt.forecast("Norwy", "SWE")
    with pytest.raises(UsageError, match="same actor"):
        learnt.forecast("NOR", "Norway")


def test_the_benchmark_scores_the_last_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("France", "Germany", "Japan", "China", "Brazil", "Kenya", "Police_(Norway)", "Protester_(Chad)")
    (tmp_path / "entity2id.txt").write_text("".join(f"{name}\t{at}\n" for at, name in enumerate(names)))
    (tmp_path / "relation2id.txt").write_text("Criticize_or_denounce\t0\nConsult\t1\n")
    rng = np.random.default_rng(1)
    for file, first, stop in (("train.txt", 1, 121), ("valid.txt", 121, 160)):
        acts = [
            (*rng.choice(8, 2, replace=False), rng.integers(2), day) for day in range(first, stop) for _ in range(6)
        ]
        (tmp_path / file).write_text("".join(f"{a}\t{r}\t{b}\t{day}\n" for a, b, r, day in acts))
    made, start = benchmark.record_of(tmp_path)
    assert start == 120
    assert "NOR" in made.actors
    assert "TCD" not in made.actors
    monkeypatch.setattr("sys.argv", ["dyads", str(tmp_path)])
    assert benchmark.main() == 0
    told = capsys.readouterr().out.splitlines()
    figures = json.loads(told[-1])
    assert {"verbal_conflict_7_skill", "material_conflict_30_calibration_error", "skilled", "cpu_seconds"} <= set(
        figures
    )
    weekly = next(line.split() for line in told if line.startswith("verbal conflict") and line.split()[2] == "7")
    pairs = int(weekly[3]) / (39 - 7 + 1)  # an origin for each day whose 7 days lie in valid.txt
    assert pairs == int(pairs)
    monkeypatch.setattr("sys.argv", ["dyads", str(tmp_path / "nothing")])
    assert benchmark.main() == 2


def test_a_sparse_record_is_not_taken_for_one_with_gaps() -> None:
    daily, weekly = np.arange(100), np.arange(0, 300, 7)
    assert panel.silent(daily) == panel.SILENT
    assert panel.silent(np.delete(daily, np.arange(40, 60))) == panel.SILENT
    assert panel.known_days(weekly, 300).all()  # six quiet days between weekly acts are no gap
    assert not panel.known_days(np.append(weekly, 400), 401).all()  # a hundred are
