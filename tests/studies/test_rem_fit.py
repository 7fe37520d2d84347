"""The likelihoods against their definitions, written out, and what is said when there is no estimate."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from tertius.errors import NotIdentified, StudyError, TooLittle, UsageError
from tertius.studies.rem import logit, twoway
from tertius.studies.rem.arrays import Floats
from tertius.studies.rem.diagnose import collinear
from tertius.studies.rem.events import Attribute, Data, Events
from tertius.studies.rem.formula import parse
from tertius.studies.rem.likelihood import clustered, conditional_logit, dyad_scores, maximise, ordinal, tied
from tertius.studies.rem.model import fit
from tertius.studies.rem.riskset import enumerate_all

NAMES = ("one", "two")


def random_acts(count: int = 120, actors: int = 6, seed: int = 0) -> Data:
    rng = np.random.default_rng(seed)
    sender = rng.integers(actors, size=count)
    receiver = (sender + rng.integers(1, actors, size=count)) % actors
    time = np.cumsum(rng.exponential(size=count))
    return Data(Events.of(time, [f"a{i}" for i in sender], [f"a{j}" for j in receiver]))


def numeric(function: object, beta: Floats, step: float = 1e-5) -> Floats:
    moves = np.eye(len(beta)) * step
    return np.array([(function(beta + m) - function(beta - m)) / (2 * step) for m in moves])  # type: ignore[operator]


def test_conditional_logit_equals_its_definition() -> None:
    rng = np.random.default_rng(1)
    sizes, beta = np.array([3, 2, 4]), np.array([0.4, -0.7])
    rows, cases = rng.normal(size=(9, 2)), np.array([1, 0, 0, 0, 1, 0, 2, 1, 0], float)
    value, gradient, information = conditional_logit(rows, sizes, cases, beta)
    eta, expected, at = rows @ beta, 0.0, 0
    for size in sizes:
        part = slice(at, at + size)
        expected += float(cases[part] @ (eta[part] - math.log(np.exp(eta[part]).sum())))
        at += size
    assert value == pytest.approx(expected)
    assert gradient == pytest.approx(numeric(lambda b: conditional_logit(rows, sizes, cases, b)[0], beta), abs=1e-6)
    slope = numeric(lambda b: conditional_logit(rows, sizes, cases, b)[1], beta)
    assert information == pytest.approx(-slope, abs=1e-6)
    scores, parts = dyad_scores(rows, sizes, cases, beta, np.arange(9) % 4, 4)
    assert scores.sum(axis=0) == pytest.approx(gradient)
    assert parts.sum(axis=0) == pytest.approx(information)


def test_ties_by_breslow_and_efron_equal_the_exact_choice_for_single_cases() -> None:
    strata = enumerate_all(parse("acts ~ inertia + recip"), random_acts(), "rem", first=5)
    exact = ordinal(strata)
    for ties in ("breslow", "efron"):
        estimate = tied(strata.rows, strata.cases, strata.sizes, strata.names, ties)  # type: ignore[arg-type]
        assert estimate.coef == pytest.approx(exact.coef)
        assert estimate.loglik == pytest.approx(exact.loglik)


def test_intercept_alone_is_the_rate() -> None:
    data = random_acts()
    estimate = fit("acts ~ 1", data, first=1)
    time, pairs = data.events.time, 30
    assert estimate.coef[0] == pytest.approx(math.log(119 / (pairs * (time[-1] - time[0]))))
    assert estimate.se[0] == pytest.approx(1 / math.sqrt(119))
    assert estimate.loglik == pytest.approx(estimate.null_loglik)


def test_errors_are_those_of_leaving_out_one_cluster_at_a_time() -> None:
    """For a mean the jackknife is exact: information n, scores x - mean."""
    values, groups = np.array([1.0, 2.0, 4.0, 7.0, 9.0]), np.array([0, 0, 1, 2, 2])
    mean = values.mean()
    scores = np.bincount(groups, weights=values - mean)[:, None]
    sizes = np.bincount(groups).astype(float)
    left_out = np.array([values[groups != g].mean() for g in range(3)])
    expected = 2 / 3 * ((left_out - mean) ** 2).sum()
    assert clustered(np.array([[5.0]]), scores, sizes[:, None, None])[0, 0] == pytest.approx(expected)
    with pytest.raises(TooLittle, match="one pair"):
        clustered(np.array([[5.0]]), scores[:1], sizes[:1, None, None])


def test_pooled_logit_equals_the_table_odds() -> None:
    outcome = np.repeat([1.0, 0.0, 1.0, 0.0], [30, 10, 15, 25])
    rows = np.repeat([1.0, 0.0], 40)[:, None]
    estimate = logit.pooled(rows, outcome, np.arange(80), ("x",))
    assert estimate.names == ("x", "Intercept")
    assert estimate.coef == pytest.approx([math.log(3) - math.log(15 / 25), math.log(15 / 25)])
    with pytest.raises(TooLittle, match="same tone"):
        logit.pooled(rows, np.ones(80), np.arange(80), ("x",))


def exact_within(rows: Floats, outcome: Floats, dyads: Floats, beta: Floats) -> float:
    """The conditional likelihood by enumeration of all ways to place each dyad's tones."""
    total = 0.0
    for dyad in np.unique(dyads):
        eta, y = rows[dyads == dyad] @ beta, outcome[dyads == dyad]
        ways = [eta[list(way)].sum() for way in combinations(range(len(y)), int(y.sum()))]
        total += float(y @ eta) - float(np.logaddexp.reduce(ways))
    return total


def test_logit_within_dyads_is_close_to_the_exact_conditional_likelihood() -> None:
    rng = np.random.default_rng(2)
    dyads = np.repeat(np.arange(40), 8)
    rows = rng.normal(size=(320, 2))
    base = rng.normal(0, 1.5, 40)[dyads]
    outcome = (rng.random(320) < 1 / (1 + np.exp(-(base + rows @ [0.8, -0.5])))).astype(float)
    estimate = logit.within(rows, outcome, dyads, dyads, NAMES)
    exact = maximise(lambda b: numeric_curve(rows, outcome, dyads, b), np.zeros(2), NAMES)[0]
    assert estimate.coef == pytest.approx(exact, abs=0.02)
    model = logit.Within(rows, outcome, dyads, NAMES)
    beta = np.array([0.3, 0.2])
    assert model.curve(beta)[1] == pytest.approx(numeric(lambda b: model.curve(b)[0], beta), abs=1e-4)


def numeric_curve(rows: Floats, outcome: Floats, dyads: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    def value(b: Floats) -> float:
        return exact_within(rows, outcome, dyads, b)

    slope = numeric(value, beta, 1e-4)
    return value(beta), slope, -numeric(lambda b: numeric(value, b, 1e-4), beta, 1e-4)


def test_within_dyads_a_statistic_that_only_tells_dyads_apart_is_named() -> None:
    dyads = np.repeat(np.arange(20), 10)
    outcome = np.tile([1.0, 0.0], 100)
    rows = np.column_stack([np.random.default_rng(0).normal(size=200), dyads.astype(float)])
    with pytest.raises(NotIdentified, match="two") as caught:
        logit.within(rows, outcome, dyads, dyads, NAMES)
    assert caught.value.effects == ("two",)
    with pytest.raises(TooLittle, match="dyads show both tones"):
        logit.within(rows, np.ones(200), dyads, dyads, NAMES)


def test_two_way_model_equals_one_with_a_dummy_for_every_dyad() -> None:
    rng = np.random.default_rng(3)
    targets, days, sources = 3, 30, 4
    sizes = np.full(targets * days, sources)
    dyads = np.concatenate([np.tile(np.arange(sources) + sources * t, days) for t in range(targets)])
    rows = rng.normal(size=(len(dyads), 1))
    eta = rows[:, 0] * 0.7 + rng.normal(0, 1, targets * sources)[dyads]
    share = np.exp(eta).reshape(-1, sources)
    choice = [rng.choice(sources, p=row / row.sum()) for row in share]
    cases = np.zeros(len(dyads))
    cases[np.arange(len(sizes)) * sources + choice] = 1
    ours = twoway.within(twoway.panel(rows, sizes, cases, dyads, dyads), ("x",))
    dummies = np.eye(targets * sources)[dyads][:, [c for c in range(12) if c % sources]]
    design = np.column_stack([rows, dummies])
    names = ("x", *(f"d{n}" for n in range(dummies.shape[1])))
    theirs = maximise(lambda b: conditional_logit(design, sizes, cases, b), np.zeros(len(names)), names)[0]
    assert ours.coef[0] == pytest.approx(theirs[0], abs=1e-5)


@pytest.mark.parametrize(
    ("formula", "error", "words"),
    [
        ("acts ~ inertia + tie", NotIdentified, "inertia, tie cannot be told apart"),
        ("acts ~ indegreeReceiver + NIDRec + ego(wealth) + alter(flat)", NotIdentified, "flat.* is the same|is zero"),
        ("acts ~ inertia(window=0.000001)", NotIdentified, "is zero throughout"),
    ],
)
def test_models_that_cannot_be_identified_are_named(formula: str, error: type[StudyError], words: str) -> None:
    data = random_acts()
    data = Data(data.events, {}, {"wealth": Attribute(np.arange(6.0)), "flat": Attribute(np.ones(6))})
    with pytest.raises(error, match=words):
        fit(formula, data)


def test_separation_is_named() -> None:
    events = Events.of(np.arange(40.0), ["a", "b"] * 20, ["b", "c"] * 20, actors=["a", "b", "c", "d"])
    rich = Attribute(np.array([1.0, 1.0, 0.0, 0.0]))
    with pytest.raises(NotIdentified, match=r"ego\(rich\).*separation"):
        fit("acts ~ ego(rich)", Data(events, {}, {"rich": rich}))


def test_bad_requests_of_a_model() -> None:
    data = random_acts(20)
    with pytest.raises(UsageError, match="no model 'ergm'"):
        fit("acts ~ inertia", data, "ergm")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no waiting times"):
        fit("acts ~ 1 + inertia", data, "choice")
    with pytest.raises(TooLittle, match="no act is left"):
        fit("acts ~ inertia", data, first=20)
    absent = Data(data.events, {}, {}, Attribute(np.array([0.0, 1, 1, 1, 1, 1])))
    with pytest.raises(UsageError, match="not present"):
        fit("acts ~ inertia", absent)


def test_two_actors_leave_no_choice_of_a_receiver() -> None:
    events = Events.of(np.arange(10.0), ["a", "b"] * 5, ["b", "a"] * 5)
    with pytest.raises(TooLittle, match="no act had an alternative"):
        fit("acts ~ inertia", Data(events), "choice")


def test_effects_that_run_together_are_told_in_words() -> None:
    pairs = collinear(np.array([[1.0, -0.97], [-0.97, 1.0]]), NAMES)
    assert len(pairs) == 1
    assert "one and two rise and fall together" in pairs[0].words
    assert collinear(np.eye(2), NAMES) == []


def test_the_table_of_coefficients() -> None:
    row = fit("acts ~ inertia", random_acts(), first=10).rows()[0]
    assert row.effect == "inertia"
    assert row.low < row.estimate < row.high
    assert row.z == pytest.approx(row.estimate / row.se)
    assert 0 <= row.p <= 1
