"""What is remembered, and the statistics that are read from it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.errors import UsageError
from tertius.studies.rem.effects import EFFECTS
from tertius.studies.rem.events import Attribute, Data, Events, Network
from tertius.studies.rem.formula import parse
from tertius.studies.rem.memory import Memory, Spec, State
from tertius.studies.rem.table import tabulate, write

ACTS = Data(Events.of([1, 2, 3, 3], ["a", "b", "a", "c"], ["b", "c", "b", "b"], ["x", "x", "y", "x"]))


def value(formula: str, time: float, pair: str, data: Data = ACTS, **options: object) -> float:
    names = data.events.actors
    i, j = (np.array([names.index(name)]) for name in pair)
    return float(tabulate(parse(f"acts ~ {formula}", **options), data, np.array([time]), i, j)[0, 0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("formula", "time", "pair", "expected"),
    [
        ("inertia", 1, "ab", 0),  # nothing of the same instant
        ("inertia", 3, "ab", 1),
        ("inertia", 4, "ab", 2),
        ("inertia(weighted=FALSE)", 4, "ab", 1),
        ("inertia(kind=x)", 4, "ab", 1),
        ("inertia(window=2)", 4, "ab", 1),
        ("inertia(half_life=1)", 5, "ab", 2**-4 + 2**-2),
        ("inertia(half_life=1, transform=log1p)", 5, "ab", np.log(1 + 2**-4 + 2**-2)),
        ("recip", 4, "bc", 1),
        ("indegreeReceiver", 4, "cb", 3),
        ("indegreeSender", 4, "bc", 3),
        ("outdegreeReceiver", 4, "bc", 1),
        ("outdegreeSender", 4, "ab", 2),
        ("indeg(weighted=FALSE)", 4, "cb", 2),
        ("indegreeReceiver(others=TRUE)", 4, "cb", 2),
        ("outdegreeSender(others=TRUE)", 4, "cb", 0),
        ("otp", 4, "ac", 1),  # a -> b twice, b -> c once
        ("trans", 4, "ac", 1),
        ("itp", 4, "ca", 1),
        ("osp", 4, "ac", 1),  # both act on b: min(2, 1)
        ("triangle", 4, "ac", 2),
        ("triangle(kind=y, second_kind=x)", 4, "ac", 1),
        ("PSABBA", 2, "ba", 1),
        ("PSABBA", 4, "ba", 0),
        ("NODSnd", 4, "ab", 0.5),
        ("NIDRec", 1, "ab", 1 / 3),
        ("RSndSnd", 4, "ab", 1),
        ("RRecSnd", 4, "bc", 1),  # c acted on b last
        ("RRecSnd", 4, "ba", 0.5),
    ],
)
def test_statistics_by_hand(formula: str, time: float, pair: str, expected: float) -> None:
    assert value(formula, time, pair) == pytest.approx(expected)


def test_attributes_and_other_networks() -> None:
    n = 3
    friends = Network(np.zeros((n, n)), np.array([2.0]), np.array([0]), np.array([2]), np.array([5.0]), replace=True)
    wealth = Attribute(np.array([1.0, np.nan, 4.0]), np.array([2.0, 3.0]), np.array([0, 2]), np.array([2.0, np.nan]))
    data = Data(ACTS.events, {"friends": friends}, {"wealth": wealth})
    assert value("tie(friends)", 2, "ac", data) == 0
    assert value("tie(friends)", 2.5, "ac", data) == 5
    assert value("diff(actors$wealth)", 1, "ac", data) == 3
    assert value("alter(wealth)", 1, "ab", data) == 2.5  # unknown: the mean of the others
    assert value("ego(wealth)", 2.5, "ab", data) == 2
    assert value("alter(wealth)", 4, "ac", data) == 2.25  # becomes unknown: the mean of the others then
    assert value("same(wealth)", 1, "ac", data) == 0
    assert value("inertia(ignore_repetitions=friends)", 4, "ab", data) == 2
    assert value("indeg(ignore_repetitions=TRUE)", 4, "ab", data) == 0
    with pytest.raises(UsageError, match="no network 'enemies': known are friends"):
        value("tie(enemies)", 1, "ab", data)
    with pytest.raises(UsageError, match="no attribute 'age': known are wealth"):
        value("same(age)", 1, "ab", data)
    with pytest.raises(UsageError, match="no acts of kind 'z'"):
        value("inertia(kind=z)", 1, "ab", data)
    with pytest.raises(UsageError, match="only acts that add up can fade"):
        Memory(friends, Spec("friends", half_life=1.0))


@pytest.mark.parametrize("time", [0.0, -3.0, float("inf"), float("nan")])
def test_half_lives_and_windows_must_be_positive(time: float) -> None:
    with pytest.raises(UsageError, match="half_life"):
        Spec(half_life=time)
    with pytest.raises(UsageError, match="window"):
        Spec(window=time)
    with pytest.raises(UsageError, match="not both"):
        Spec(half_life=1.0, window=1.0)


sequences = st.lists(
    st.tuples(st.integers(0, 4000), st.integers(0, 4), st.integers(0, 4)).filter(lambda act: act[1] != act[2]),
    min_size=1,
    max_size=40,
)


@settings(deadline=None, max_examples=40)
@given(sequences, st.sampled_from([1.0, 7.0, 60.0]), st.integers(1, 4100))
def test_fading_equals_the_sum_over_all_acts(acts: list[tuple[int, int, int]], half_life: float, now: int) -> None:
    """Also where many half-lives pass between acts, so that weights are rebased."""
    names = [str(n) for n in range(5)]
    data = Data(
        Events.of([t for t, _, _ in acts], [str(i) for _, i, _ in acts], [str(j) for _, _, j in acts], actors=names)
    )
    expected = np.zeros((5, 5))
    for t, i, j in acts:
        expected[i, j] += 2.0 ** (-(now - t) / half_life) if t < now else 0.0
    state = State(data, [spec := Spec(half_life=half_life)], [])
    for stop in sorted({t for t, _, _ in acts if t < now} | {now}):
        state.advance(stop)
    memory = state.memories[spec]
    assert memory.raw * memory.factor == pytest.approx(expected, abs=1e-12)
    assert memory.out * memory.factor == pytest.approx(expected.sum(axis=1), abs=1e-12)
    assert memory.into * memory.factor == pytest.approx(expected.sum(axis=0), abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(sequences)
def test_triangles_equal_their_definition(acts: list[tuple[int, int, int]]) -> None:
    names = [str(n) for n in range(5)]
    data = Data(
        Events.of([t for t, _, _ in acts], [str(i) for _, i, _ in acts], [str(j) for _, _, j in acts], actors=names)
    )
    ties = np.zeros((5, 5))
    for _, i, j in acts:
        ties[i, j] += 1
    i, j = (index.ravel() for index in np.indices((5, 5)))
    table = tabulate(parse("acts ~ otp + itp + osp + isp + triangle"), data, np.full(25, 9999.0), i, j)
    both = ties + ties.T
    pairs = ((ties, ties.T), (ties.T, ties), (ties, ties), (ties.T, ties.T), (both, both))
    for column, (first, second) in enumerate(pairs):
        expected = [sum(min(first[a, k], second[b, k]) for k in range(5)) for a, b in zip(i, j, strict=True)]
        assert table[:, column].tolist() == expected


def test_every_effect_can_be_worked_out_in_a_table() -> None:
    wealth = Attribute(np.arange(3.0))
    data = Data(ACTS.events, {}, {"wealth": wealth})
    for name in EFFECTS:
        if name != "1":
            needs = "(wealth)" if name in ("same", "diff", "sim", "ego", "alter") else ""
            table = tabulate(parse(f"acts ~ {name}{needs}"), data, np.array([4.0]), np.array([0]), np.array([1]))
            assert np.isfinite(table).all(), name


def test_statistics_are_written_as_a_table() -> None:
    file = io.StringIO()
    at = np.array([3.0, 4.0]), np.array([0, 0]), np.array([1, 1])
    write(file, parse("acts ~ inertia + recip"), ACTS, *at, {"observed": [1, 0]})
    assert file.getvalue() == "time,source,target,observed,inertia,recip\n3.0,a,b,1,1,0\n4.0,a,b,0,2,0\n"
    with pytest.raises(UsageError, match="as many of each"):
        tabulate(parse("acts ~ inertia"), ACTS, at[0], at[1], at[2][:1])
