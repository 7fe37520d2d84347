"""The study: planted responses are found, camps without responses show none within dyads, bad records are refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.responses import TRIANGLES
from tertius.errors import NotIdentified, StudyError, TooLittle, UsageError
from tertius.studies.rem.acts import Acts, of_columns
from tertius.studies.rem.candidates import active, candidates
from tertius.studies.rem.formula import parse
from tertius.studies.rem.simulate import World, simulate
from tertius.studies.rem.study import Responses, Settings, decay_profile, default_formula, responses

RUNS = 8
CAMPS = World(actors=12, days=150, acts_per_day=25)
PLANTED = World(
    actors=12, days=200, acts_per_day=30, between=1.0, tone={"returned_pressure": 1.0}, rate={"returned_support": 0.4}
)


@cache
def studies(kind: str) -> list[Responses]:
    world = {"camps": CAMPS, "planted": PLANTED}[kind]
    return [responses(simulate(world, seed)) for seed in range(RUNS)]


def test_two_camps_without_response_look_like_one_only_when_pooled() -> None:
    pooled, within = [], []
    for study in studies("camps"):
        for effect in study.effects:
            if effect.model == "tone" and effect.effect in TRIANGLES:
                pooled += [effect.alignment_p < 0.05] if effect.effect == "enemy_of_enemy" else []
                within.append((effect.response_p or 0.0) < 0.05)
    assert np.mean(pooled) > 0.7  # over 0.9 in the longer records of the benchmark
    assert np.mean(within) <= 0.15  # 32 tests: 0.05 expected, with room for chance


@pytest.mark.parametrize(
    ("model", "name", "truth"), [("tone", "returned_pressure", 1.0), ("who", "returned_support", 0.4)]
)
def test_planted_responses_are_found(model: str, name: str, truth: float) -> None:
    rows = [e for study in studies("planted") for e in study.effects if (e.model, e.effect) == (model, name)]
    found = [row.response or 0.0 for row in rows]
    assert len(rows) == RUNS
    assert np.mean(found) == pytest.approx(truth, rel=0.2)
    covered = [(row.response_low or 0.0) <= truth <= (row.response_high or 0.0) for row in rows]
    assert np.mean(covered) >= 0.75
    assert np.mean([(row.response_p or 1.0) < 0.05 for row in rows]) >= 0.9


def test_a_dyads_own_past_is_never_called_a_response() -> None:
    study = studies("camps")[0]
    own = [effect for effect in study.effects if effect.effect.startswith("own_")]
    assert own
    assert all(effect.response is None for effect in own)
    assert any(left.effect == "own_pressure" and "Nickell" in left.why for left in study.left_out)


def test_what_is_the_same_for_all_sources_is_left_out_by_name() -> None:
    left = {(left.model, left.effect): left.why for left in studies("camps")[0].left_out}
    assert "all who might act on a target" in left["who", "target_receives_support"]


def test_the_study_is_complete() -> None:
    study = studies("planted")[0]
    rows = study.rows()
    assert {row["model"] for row in rows} == {"who", "tone"}
    assert len(rows) == 10 + 12
    assert [part.model for part in study.parts] == ["who", "tone"]
    assert study.who is not None
    assert study.who.first > study.who.chance_first
    assert study.who.bits > 0
    assert 0.5 < study.tone.area < 1
    assert sum(group.acts for group in study.tone.calibration) == study.tone.acts
    for group in study.tone.calibration:
        assert group.observed == pytest.approx(group.predicted, abs=0.1)


def test_four_tones_give_three_contrasts() -> None:
    study = responses(simulate(PLANTED, 1), Settings(tones=4))
    assert [part.model for part in study.parts][1:] == [
        "material cooperation rather than verbal cooperation",
        "verbal conflict rather than verbal cooperation",
        "material conflict rather than verbal cooperation",
    ]


def test_the_same_record_gives_the_same_study_sampled_or_not() -> None:
    acts = simulate(PLANTED, 2)
    full = responses(acts)
    drawn = responses(acts, Settings(full_up_to=3, controls=5))
    again = responses(acts, Settings(full_up_to=3, controls=5))
    assert drawn.effects == again.effects
    assert [part.sampled for part in drawn.parts] == [True, False]
    for one, other in zip(full.effects, drawn.effects, strict=True):
        if one.model == "who":
            assert other.alignment == pytest.approx(one.alignment, abs=4 * other.alignment_se)


def test_candidates_are_those_of_the_day_and_target() -> None:
    acts = of_columns([1, 2, 2, 2, 3], ["a", "b", "b", "c", "a"], ["b", "c", "c", "a", "b"], [1, 1, 1, 4, 1])
    formula, scene = parse("acts ~ inertia"), np.arange(5)
    table = candidates(acts, formula, scene, 3, 500, 1000, 1)
    assert table.sizes.tolist() == [2, 2, 2, 2]  # (1, b), (2, a), (2, c), (3, b): everybody but the target
    assert sorted(table.cases.tolist()) == [0, 0, 0, 0, 1, 1, 1, 2]
    assert not table.sampled
    with pytest.raises(TooLittle, match="two sources on two days"):
        active(acts, formula, scene, 1000, 1)


def test_the_decay_profile_has_a_row_for_each_half_life_and_effect() -> None:
    rows = decay_profile(simulate(PLANTED, 3), half_lives=(3.0, 30.0))
    assert len(rows) == 2 * 10
    assert {row.half_life for row in rows} == {3.0, 30.0}
    assert len({row.response_loglik for row in rows}) == 2
    assert all(row.response_se > 0 for row in rows)
    with pytest.raises(UsageError, match="own statistics"):
        decay_profile(simulate(PLANTED, 3), Settings(formula="acts ~ inertia"))


def tiny(count: int = 60, actors: int = 4, quad: int | None = None, days: int = 30) -> Acts:
    rng = np.random.default_rng(0)
    source = rng.integers(actors, size=count)
    target = (source + rng.integers(1, actors, size=count)) % actors
    classes = rng.integers(1, 5, size=count) if quad is None else np.full(count, quad)
    day = np.sort(rng.integers(days, size=count)).tolist()
    return of_columns(day, [f"s{i}" for i in source], [f"s{j}" for j in target], classes.tolist())


@pytest.mark.parametrize(
    ("acts", "settings", "error", "words"),
    [
        (tiny(quad=1), Settings(), TooLittle, "same tone"),
        (tiny(), Settings(recent=0.0), UsageError, "half_life"),
        (tiny(), Settings(standing=-1.0), UsageError, "half_life|is no option"),
        (tiny(), Settings(warm_up=-1.0), UsageError, "warm_up"),
        (tiny(), Settings(warm_up=99.0), TooLittle, "within the warm-up"),
        (tiny(), Settings(tones=3), UsageError, "tones=3"),
        (tiny(), Settings(formula="acts ~ 1 + inertia"), UsageError, "waiting times"),
        (tiny(), Settings(formula="acts ~ inertia + tie"), NotIdentified, "inertia, tie"),
        (tiny(), Settings(formula="acts ~ inertia(kind=war)"), UsageError, "no acts of kind 'war'"),
    ],
)
def test_bad_records_and_settings(acts: Acts, settings: Settings, error: type[StudyError], words: str) -> None:
    with pytest.raises(error, match=words):
        responses(acts, settings)


def test_a_short_record_gives_alignment_and_says_why_there_is_no_response() -> None:
    study = responses(tiny(50), Settings(formula="acts ~ inertia(label=own) + recip(label=returned)", warm_up=15))
    tone = [effect for effect in study.effects if effect.model == "tone"]
    assert tone
    assert all(effect.response is None for effect in tone)
    assert any("dyads show both tones" in left.why for left in study.left_out)


def test_two_actors_cannot_be_told_apart_by_others_or_clustered() -> None:
    with pytest.raises(TooLittle, match="one pair"):
        responses(tiny(200, actors=2), Settings(formula="acts ~ recip"))
    with pytest.raises(NotIdentified, match="every effect is the same for all who might act"):
        responses(tiny(), Settings(formula="acts ~ indegreeReceiver"))


def test_the_default_formula_can_be_read_and_given_back() -> None:
    text = default_formula(7, 60)
    assert len(parse(text).terms) == 12
    acts = simulate(CAMPS, 0)
    assert responses(acts, Settings(formula=text)).effects == responses(acts).effects
