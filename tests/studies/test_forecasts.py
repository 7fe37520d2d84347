"""Forecasts of the next target: what is known before a day, rules, ranks, and that nothing leaks from the day."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.forecast import by_rules
from tertius.cli import tertius
from tertius.errors import TooLittle, UsageError
from tertius.studies.forecasts import baselines, following
from tertius.studies.forecasts import network as network_module
from tertius.studies.forecasts import ranker as ranker_module
from tertius.studies.forecasts.columns import Groups
from tertius.studies.forecasts.evaluation import ranks, summary
from tertius.studies.forecasts.features import describe
from tertius.studies.forecasts.history import Facts, Habit, History, Queries, questions
from tertius.studies.forecasts.network import Network, situation
from tertius.studies.forecasts.ranker import rows, train, walk
from tertius.studies.forecasts.rules import Rules
from tertius.studies.record import of_rows
from tests.studies.worlds import START, act, ledger_of

ENTITIES, RELATIONS, DAYS = 30, 4, 60
SHARING = [np.arange(ENTITIES) % 5 - 1]


def facts(seed: int = 0, per_day: int = 25) -> Facts:
    """Acts with habits: each source has three favourite targets; relation 1 answers relation 0 the day after."""
    random = np.random.default_rng(seed)
    table = []
    for day in range(DAYS):
        answered = [(t, 1, s, day) for s, r, t, d in table if d == day - 1 and r == 0]
        source = random.integers(0, ENTITIES, per_day)
        target = (source + 1 + random.integers(0, 3, per_day)) % ENTITIES
        relation = random.choice([0, 2, 3], per_day)
        table += answered + list(zip(source.tolist(), relation.tolist(), target.tolist(), [day] * per_day, strict=True))
    return Facts(*np.array(table, np.int64).T, entities=ENTITIES, relations=RELATIONS)


def sheet_on(doubled: Facts, day: int, queries: Queries, warm: int = 15):  # type: ignore[no-untyped-def]
    """The sheet of questions of a day with every feature, groups and network among them, and the baseline's scores."""
    history, rules = History(doubled), Rules(doubled.relations)
    groups, network = [Groups(of, history) for of in SHARING], Network(doubled.entities, doubled.relations)
    while (following := history.next_day()) is not None and following < day:
        history.until(following)
        asked, query, target = questions(doubled, following)
        if following >= day - warm:
            sheet = describe(history, rules, asked, groups)
            network.learn(situation(history, asked, sheet), ranker_module.answered(sheet, query, target))
        rules.learn(history, asked, query, target)
        history.take_in()
    history.until(day)
    sheet = describe(history, rules, queries, groups)
    whole = network.extended(sheet, situation(history, queries, sheet))
    return whole, baselines.recurrency(history, queries)


def test_counts_fade_by_their_half_life() -> None:
    given = Facts(*(np.array(c) for c in ([0, 0], [0, 0], [1, 1], [0, 5])), entities=2, relations=1)
    history = History(given.both())
    history.until(10)
    _, triple = history.same_triples(Queries(np.array([0]), np.array([0])))
    assert history.triples.counts[:, triple[0]] == pytest.approx(
        [2 ** (-10 / h) + 2 ** (-5 / h) if h < 1e9 else 2 for h in (1.5, 5, 15, 50, 1e10)]
    )
    assert history.triples.last[triple[0]] == 5
    assert history.triples.first[triple[0]] == 0


def test_a_habit_counts_its_owners_occasions_and_not_days() -> None:
    habit = Habit(np.array([0, 0, 1]), owners=2)  # things 0 and 1 of one owner, thing 2 of another
    for things in ([0], [0, 1], [1, 2], [1]):
        habit.add(np.array(things))
    things, owner = np.array([0, 1, 2, -1]), np.array([0, 0, 1, 0])
    assert habit.shares(things, owner)[0] == pytest.approx([0.25 * 0.75, 0.875, 0.5, 0.0])
    assert habit.missed(things, owner).tolist() == [2, 0, 0, np.inf]
    assert habit.rate(things, owner) == pytest.approx([2 / 4.5, 3 / 4.5, 1 / 1.5, 0.0])


def test_a_history_holds_only_earlier_days() -> None:
    doubled = facts().both()
    history = History(doubled)
    history.until(20)
    assert history.triples.counts[-1].sum() == (doubled.day < 20).sum()
    assert history.next_day() == 20


def test_both_directions_ask_one_question() -> None:
    doubled = Facts(*(np.array([c]) for c in (3, 1, 4, 0)), entities=5, relations=2).both()
    assert sorted(zip(doubled.source, doubled.relation, doubled.target, strict=True)) == [(3, 1, 4), (4, 3, 3)]
    assert History(doubled).reverse(np.array([1, 3])).tolist() == [3, 1]


@pytest.mark.parametrize("change", ["hidden", "shuffled", "other"])
def test_nothing_of_the_day_or_later_changes_a_score(change: str) -> None:
    whole, day = facts(), 40
    past, rest = whole.on(0, day - 1), whole.on(day, DAYS)
    queries, *_ = questions(whole.both(), day)
    random = np.random.default_rng(5)
    if change == "hidden":
        changed = past
    else:
        targets = random.permutation(rest.target) if change == "shuffled" else np.full(len(rest.target), 7)
        days = random.permutation(rest.day)
        order = np.argsort(days, kind="stable")
        pieces = zip(past[:4], (rest.source[order], rest.relation[order], targets[order], days[order]), strict=True)
        changed = Facts(*(np.concatenate(piece) for piece in pieces), entities=ENTITIES, relations=RELATIONS)
    before, recurring = sheet_on(whole.both(), day, queries)
    after, recurring_after = sheet_on(changed.both(), day, queries)
    assert np.array_equal(before.candidates, after.candidates)
    assert np.array_equal(before.values, after.values)
    assert np.array_equal(before.retrieval, after.retrieval)
    assert np.array_equal(recurring, recurring_after)


def test_a_score_does_not_hang_on_the_other_questions_of_the_day() -> None:
    doubled, day = facts().both(), 40
    queries, *_ = questions(doubled, day)
    together, _ = sheet_on(doubled, day, queries)
    alone, _ = sheet_on(doubled, day, Queries(queries.source[3:4], queries.relation[3:4]))
    assert np.array_equal(together.candidates[3], alone.candidates[0])
    assert np.allclose(together.values[3], alone.values[0], rtol=1e-5, atol=1e-6)


def test_a_rule_that_always_holds_is_learnt() -> None:
    doubled = facts().both()
    *_, last = walk(doubled, DAYS - 1, DAYS)
    yesterday = doubled.on(DAYS - 2, DAYS - 2)
    asked = yesterday.relation == 0  # 0 from A to B; 1 from B to A follows a day later
    queries = Queries(yesterday.target[asked], np.ones(int(asked.sum()), np.int64))
    last.history.until(DAYS - 1)
    scores = by_rules(last.history, last.rules, queries)
    followed = scores[np.arange(int(asked.sum())), yesterday.source[asked]]
    assert (followed > 0.5).all()
    assert np.median(followed) > 5 * np.median(scores[scores > 0])


def test_the_columns_of_rules_agree_with_the_rules() -> None:
    last = next(walk(facts().both(), DAYS - 1, DAYS))
    history, rules, sheet = last.history, last.rules, last.sheet
    columns = {name: sheet.values[:, :, at] for at, name in enumerate(sheet.names)}
    bodies = rules.bodies(history, last.queries)
    question = int(np.argmax(np.bincount(bodies.query)))
    triple, sure = bodies.triple[bodies.query == question], rules.confidence(bodies.rule[bodies.query == question])
    for cell, candidate in enumerate(sheet.candidates[question]):
        mine = history.triple_target[triple] == candidate
        age, confidence = DAYS - 1 - history.triples.last[triple[mine]], sure[mine]
        assert columns["rules_count"][question, cell] == mine.sum()
        assert columns["rules_sum"][question, cell] == pytest.approx(-np.log1p(-confidence).sum(), rel=1e-4)
        assert columns["rules_3"][question, cell] == pytest.approx(-np.log1p(-confidence[age <= 3]).sum(), rel=1e-4)
        second = np.sort(confidence)[-2] if mine.sum() > 1 else 0.0
        assert columns["rule_2"][question, cell] == pytest.approx(second, rel=1e-4)
        latest = confidence[age == age.min()].max() if mine.any() else 0.0
        assert columns["rule_latest"][question, cell] == pytest.approx(latest, rel=1e-4)


def test_the_networks_slopes_are_those_of_its_loss() -> None:
    last = next(walk(facts().both(), DAYS - 1, DAYS))
    at = situation(last.history, last.queries, last.sheet)
    answers = ranker_module.answered(last.sheet, last.query, last.target)
    network = Network(ENTITIES, 2 * RELATIONS)
    network._now = {name: value.astype(np.float64) for name, value in network._now.items()}  # type: ignore[misc]

    def loss() -> float:
        scores = network._scores(at, network._forward(at))
        chance = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return float(-np.log(chance[answers]).sum() / (5 * np.sqrt(answers.sum())))

    passed = network._forward(at)
    error = answers.sum(axis=1, keepdims=True) * network_module._softmax(network._scores(at, passed)) - answers
    slopes = network._slopes(at, passed, error / (5 * np.sqrt(answers.sum())))
    assert set(slopes) == set(network._now)
    for name, slope in slopes.items():
        place = np.unravel_index(np.argmax(np.abs(slope)), slope.shape)
        before, step = network._now[name][place], 1e-4
        network._now[name][place] = before + step
        above = loss()
        network._now[name][place] = before - step
        measured = (above - loss()) / (2 * step)
        network._now[name][place] = before
        assert slope[place] == pytest.approx(measured, rel=1e-3), name


def test_the_network_learns() -> None:
    doubled, ours, before = facts(per_day=40).both(), [], []
    for day in walk(doubled, 40, DAYS, warm=30):
        answers = ranker_module.answered(day.sheet, day.query, day.target)
        ours.append(day.sheet.values[:, :, day.sheet.names.index("network")][answers])
        at = situation(day.history, day.queries, day.sheet)
        fresh = Network(ENTITIES, 2 * RELATIONS).extended(day.sheet, at)
        before.append(fresh.values[:, :, -2][answers])
    assert np.concatenate(ours).mean() > np.concatenate(before).mean() + 0.1


def test_ranks_take_ties_at_their_average_and_leave_other_answers_out() -> None:
    scores = np.array([[3.0, 2.0, 2.0, 0.0, 0.0, 0.0]], np.float32)
    zero = np.zeros(1, np.int64)
    assert ranks(scores, zero, np.array([0])).tolist() == [1.0]
    assert ranks(scores, zero, np.array([1])).tolist() == [2.5]
    assert ranks(scores, zero, np.array([4])).tolist() == [5.0]
    both = np.zeros(2, np.int64)
    assert ranks(scores, both, np.array([0, 1])).tolist() == [1.0, 1.5]
    assert ranks(scores, both, np.array([1, 2])).tolist() == [2.0, 2.0]
    assert summary(np.array([1.0, 4.0])).mrr == pytest.approx(62.5)
    assert summary(np.array([])).queries == 0


def test_the_ranker_learns_what_the_acts_hold() -> None:
    pytest.importorskip("lightgbm", reason="ranking needs lightgbm")
    doubled, random = facts(per_day=40).both(), np.random.default_rng(0)
    parts, ours, baseline = {"learn": [], "tune": []}, [], []  # type: ignore[var-annotated]
    ranker = None
    for day in walk(doubled, 15, DAYS, SHARING):
        if day.day < 50:
            parts["learn" if day.day < 42 else "tune"].append(rows(day, random))
            continue
        ranker = ranker or train(parts["learn"], parts["tune"])
        ours.append(ranks(ranker.scores(day.sheet), day.query, day.target))
        baseline.append(ranks(baselines.recurrency(day.history, day.queries), day.query, day.target))
        chance = ranker.probabilities(day.sheet)
        assert ((chance > 0) & (chance < 1)).all()
    assert summary(np.concatenate(ours)).mrr > summary(np.concatenate(baseline)).mrr + 3


def test_too_little_to_learn_from() -> None:
    lone = Facts(*(np.array(c) for c in ([0, 1], [0, 0], [1, 2], [0, 1])), entities=4, relations=1)
    days = [rows(day, np.random.default_rng(0)) for day in walk(lone.both(), 0, 0)]
    with pytest.raises(TooLittle, match="too few"):
        train([part._replace(labels=np.zeros_like(part.labels)) for part in days], days)


def test_days_are_walked_in_order() -> None:
    walked = [day.day for day in walk(facts().both(), 10, 20)]
    assert walked == list(range(10, 21))
    assert all(b > a for a, b in pairwise(walked))


def made_up(days: int = 120) -> list[dict[str, object]]:
    """CHN accuses JPN two days a week; the day after, JPN rejects CHN; USA and RUS act on others at random."""
    random = np.random.default_rng(3)
    out = []
    for day in range(days):
        if day % 7 in (1, 4):
            out.append(act(day, "CHN", "JPN", "ACCUSE"))
        if day % 7 in (2, 5):
            out.append(act(day, "JPN", "CHN", "REJECT"))
        for source in ("USA", "RUS", "CHN", "IND", "FRA"):
            targets = [code for code in ("GBR", "DEU", "BRA", "JPN", "EGY") if random.random() < 0.3]
            out += [act(day, source, code, str(random.choice(["CONSULT", "ACCUSE"]))) for code in targets]
    return out


def test_the_next_target_on_a_ledger_has_a_base_rate_and_reasons(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm", reason="ranking needs lightgbm")
    ledger_of(tmp_path / "ledger", made_up())
    asked = ["next", "Japan", "--type", "reject", "--ledger", str(tmp_path / "ledger"), "--format", "json"]
    answered = CliRunner().invoke(tertius, asked, catch_exceptions=False)
    first = json.loads(answered.stdout)[0]
    assert (first["target"], first["name"], first["rank"], first["base_rate"]) == ("CHN", "China", 1, 1.0)
    assert 0.5 < first["chance"] <= 1
    assert "did REJECT in 10 of the last 10 weeks" in first["reasons"]
    rule = r"it did \w+ to A \d+ days? ago: those who do REJECT do it to [1-9]\d% of those that did \w+ to them"
    assert re.search(rule, first["reasons"])
    assert first["evidence"][0].startswith("JPNCHN")


def test_missing_weeks_are_said_and_not_taken_for_peace() -> None:
    pytest.importorskip("lightgbm", reason="ranking needs lightgbm")
    missing = {(START + timedelta(day)).isoformat() for day in range(80, 101)}
    kept = [row for row in made_up() if row["date"] not in missing]
    trained = following.forecaster(of_rows(kept))
    assert trained.day == (START + timedelta(120)).isoformat()
    assert trained.silence() in (2, 3)


def test_what_cannot_be_forecast_is_said() -> None:
    with pytest.raises(TooLittle, match="only 3 days"):
        following.forecaster(of_rows(made_up(3)))
    pytest.importorskip("lightgbm", reason="ranking needs lightgbm")
    trained = following.forecaster(of_rows(made_up()))
    with pytest.raises(UsageError, match="nobody does ASSAULT"):
        trained.targets("CHN", ["ASSAULT"])
    with pytest.raises(UsageError, match="does not act"):
        trained.targets("Atlantis", ["ACCUSE"])
    assert {row.target for row in trained.targets("IND", ["REJECT"], 3)}, "an act that it never did has targets too"


def test_candidates_that_were_drawn_stand_for_those_that_were_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranker_module, "FIRST_NEGATIVES", 5)
    monkeypatch.setattr(ranker_module, "OTHER_NEGATIVES", 5)
    *_, last = walk(facts().both(), DAYS - 1, DAYS)
    drawn = [rows(last, np.random.default_rng(seed)) for seed in range(40)]
    whole = len(drawn[0].sizes) * last.sheet.candidates.shape[1]
    assert all(part.sizes.sum() == len(part.labels) < whole for part in drawn)
    assert np.mean([part.weights.sum() for part in drawn]) == pytest.approx(whole, rel=0.02)
