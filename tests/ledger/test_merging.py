from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import merging as benchmark
from tertius.ledger import merging
from tertius.ledger.merging import Place, Told
from tertius.ledger.words import stems
from tertius.ontology import TYPES

DAY = date(2024, 3, 4).toordinal()
ONE = Told(
    id="a",
    type="SANCTION",
    mode="expel",
    state="actual",
    sources=frozenset({("NOR", "GOV")}),
    targets=frozenset({("RUS", "GOV")}),
    reciprocal=False,
    dated="day",
    first=DAY,
    last=DAY,
    place=None,
    words=stems("Norway expelled two Russian diplomats after a break-in at a naval yard"),
)
OTHER_WORDS = stems("The consul photographed a radar station and must leave")


def together(one: Told, other: Told) -> bool:
    return len(merging.merge([one, replace(other, id="b")])) == 1


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"sources": frozenset({("SWE", "GOV")})}, False),
        ({"sources": frozenset({("NOR", None)})}, True),
        ({"sources": frozenset({("NOR", "MIL")})}, True),
        ({"sources": frozenset({("NOR", "REB")})}, False),
        ({"sources": frozenset({("RUS", "GOV")}), "targets": frozenset({("NOR", "GOV")})}, False),
        ({"targets": frozenset()}, True),
        ({"type": "COERCE", "mode": "deport"}, True),
        ({"type": "AID", "mode": None}, False),
        ({"state": "future"}, False),
        ({"first": DAY + 1, "last": DAY + 1}, True),
        ({"first": DAY + 2, "last": DAY + 2}, False),
        ({"dated": "publication", "first": DAY - 1, "last": DAY + 2}, True),
        ({"dated": "publication", "first": DAY + 1, "last": DAY + 4}, False),
        ({"dated": "range", "first": DAY - 6, "last": DAY}, True),
        ({"dated": "range", "first": DAY - 300, "last": DAY}, False),
        ({"dated": "unknown", "first": 0, "last": 0}, False),
        ({"words": OTHER_WORDS}, True),
        ({"words": OTHER_WORDS, "first": DAY + 1, "last": DAY + 1}, False),
    ],
)
def test_what_is_the_same_act(change: dict[str, object], same: bool) -> None:
    assert together(ONE, replace(ONE, **change)) is same  # type: ignore[arg-type]


def test_places_far_apart_are_two_acts_unless_the_words_are_the_same() -> None:
    oslo, bergen = Place("Oslo", "NOR", 59.9, 10.7), Place("Bergen", "NOR", 60.4, 5.3)
    near = Place("Bygdøy", "NOR", 59.9, 10.68)
    told_otherwise = replace(ONE, words=OTHER_WORDS)
    assert not together(replace(ONE, place=oslo), replace(told_otherwise, place=bergen))
    assert together(replace(ONE, place=oslo), replace(told_otherwise, place=near))
    assert together(replace(ONE, place=oslo), replace(told_otherwise, place=Place("Norway")))
    assert together(replace(ONE, place=oslo), replace(ONE, place=bergen))


def test_who_is_named_first_does_not_matter_where_actors_act_on_one_another() -> None:
    kenya, uganda = ("KEN", "GOV"), ("UGA", "GOV")
    talks = replace(ONE, type="CONSULT", mode=None, sources=frozenset({kenya}), targets=frozenset({uganda}))
    assert together(talks, replace(talks, sources=talks.targets, targets=talks.sources))
    assert together(talks, replace(talks, sources=frozenset({kenya, uganda}), targets=frozenset(), reciprocal=True))
    assert not together(talks, replace(talks, targets=frozenset({("RWA", "GOV")})))


def test_rebels_and_government_of_one_country_are_two_actors() -> None:
    attack = replace(
        ONE, type="ASSAULT", mode=None, sources=frozenset({("COL", "REB")}), targets=frozenset({("COL", "MIL")})
    )
    assert not together(attack, replace(attack, sources=attack.targets, targets=attack.sources))


def test_groups_without_a_common_word_stay_apart_where_two_mentions_would_not() -> None:
    water = [replace(ONE, id=f"w{n}", mode=None, words=stems(f"water dam river Chenab {'x' * n}")) for n in range(1, 4)]
    shrine = [
        replace(ONE, id=f"s{n}", mode=None, words=stems(f"pilgrims shrine arrest visas {'y' * n}")) for n in range(1, 4)
    ]
    assert together(water[0], shrine[0])
    assert merging.merge([*water, *shrine]) == [("s1", "s2", "s3"), ("w1", "w2", "w3")]


def test_one_act_a_day_for_a_month_is_no_chain() -> None:
    daily = [replace(ONE, id=f"{n:02}", first=DAY + n, last=DAY + n) for n in range(30)]
    groups = merging.merge(daily)
    assert all(len(group) <= 2 for group in groups)


def test_neighbours_are_types_and_go_both_ways() -> None:
    for name in TYPES:
        for other in merging.neighbours(name):
            assert other in TYPES
            assert other != name
            assert name in merging.neighbours(other)


parties = st.frozensets(
    st.tuples(st.sampled_from(["NOR", "RUS", "COL", None]), st.sampled_from(["GOV", "REB", None])), max_size=2
)


@st.composite
def mentions(draw: st.DrawFn) -> list[Told]:
    some = []
    for number in range(draw(st.integers(0, 8))):
        dated = draw(st.sampled_from(["day", "range", "publication", "unknown"]))
        first = 0 if dated == "unknown" else DAY + draw(st.integers(0, 4))
        some.append(
            Told(
                id=f"m{number}",
                type=draw(st.sampled_from(["SANCTION", "COERCE", "CONSULT", "AID"])),
                mode=None,
                state="actual",
                sources=draw(parties),
                targets=draw(parties),
                reciprocal=draw(st.booleans()),
                dated=dated,  # type: ignore[arg-type]
                first=first,
                last=first + (draw(st.integers(1, 40)) if dated == "range" else 0),
                place=None,
                words=draw(st.frozensets(st.sampled_from(["water", "grain", "visa"]))),
            )
        )
    return some


@given(mentions(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_every_mention_is_in_one_act_whatever_the_order(some: list[Told], random: object) -> None:
    groups = merging.merge(some)
    assert sorted(id_ for group in groups for id_ in group) == sorted(m.id for m in some)
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merging.merge(shuffled) == groups


@given(mentions())
@settings(max_examples=100, deadline=None)
def test_looking_along_actors_and_days_misses_no_pair(some: list[Told]) -> None:
    found = {(a.id, b.id) for a, b in merging.candidates(some)}
    for n, one in enumerate(some):
        for other in some[n + 1 :]:
            if merging.scored_pair(one, other) is not None:
                assert (one.id, other.id) in found


def test_the_set_written_before_the_rule() -> None:
    reports = [json.loads(line) for line in benchmark.DATA.read_text(encoding="utf-8").splitlines()]
    assert len({report["act"] for report in reports}) == 60
    assert len(reports) >= 200
    for part in ("open", "kept aside"):
        scores, _ = benchmark.figures([report for report in reports if report["part"] == part])
        assert scores["f1"] >= 85


def test_pairwise_figures() -> None:
    assert benchmark.pairwise("aabb", [1, 1, 2, 2]) == {"precision": 100, "recall": 100, "f1": 100}
    assert benchmark.pairwise("aabb", [1, 1, 1, 1])["recall"] == 100
    assert benchmark.pairwise("aabb", [1, 1, 1, 1])["precision"] == 33.3
    assert benchmark.pairwise("aabb", [1, 2, 3, 4])["f1"] == 0
