"""Figures: their value, bounds, unit, what they measure, and what is no figure."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from tertius.reading import actors, figures, language, times
from tertius.reading.figures import numbers, units
from tertius.records import Document, Figure

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "figures.jsonl").read_text(encoding="utf-8").splitlines()
]
SHARED = Path(__file__).parents[3] / "shared" / "articles"
PUBLISHED = "2018-05-09"
NOBODY: Any = SimpleNamespace(actors=(), phrases=())


@lru_cache(maxsize=512)
def parse(text: str) -> Doc:
    return language.parse(text)


def read(text: str, cast: Any = NOBODY) -> tuple[Figure, ...]:
    doc = parse(text)
    return figures.find(doc, cast, times.find(doc, PUBLISHED))


def one(text: str) -> Figure:
    found = read(text)
    assert len(found) == 1, found
    return found[0]


# --- the set of 150 -------------------------------------------------------------------------------------------------


def right(row: dict[str, Any]) -> bool:
    found = read(row["text"])
    if row["figure"] is None:
        return not found
    over = [figure for figure in found if figure.start < row["end"] and row["start"] < figure.end]
    if len(over) != 1 or over[0].unit != row["unit"] or over[0].value != row["value"]:
        return False
    return row["value"] is not None or (over[0].low, over[0].high) == (row["low"], row["high"])


def test_the_set_is_whole() -> None:
    counted = [row for row in ROWS if row["figure"]]
    assert len(counted) == 150
    assert all(row["text"][row["start"] : row["end"]] == row["figure"] for row in counted)
    assert sum(row["held"] for row in counted) >= 50


@pytest.mark.parametrize("held", [False, True])
def test_value_unit_and_noun_of_the_set(held: bool) -> None:
    counted = [row for row in ROWS if row["figure"] and row["held"] == held]
    missed = [row["text"] for row in counted if not right(row)]
    assert len(missed) <= 0.08 * len(counted), missed


def test_what_is_no_figure() -> None:
    missed = [row["text"] for row in ROWS if not row["figure"] and not right(row)]
    assert len(missed) <= 1, missed


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,50,000", 150_000),
        ("1.000,50", 1000.5),
        ("1,000.50", 1000.5),
        ("1.234.567", 1_234_567),
        ("12,5", 12.5),
        ("3.25", 3.25),
        ("600,000", 600_000),
        ("1.2.3", None),
        ("10.10.2010", None),
        ("1,2,3", None),
    ],
)
def test_marks_in_digits(written: str, value: float | None) -> None:
    assert numbers.digits_value(written) == value


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("tens of thousands", 10_000, 99_999),
        ("hundreds", 100, 999),
        ("hundreds of millions", 1e8, 999_999_999),
        ("several hundred", 300, 999),
        ("5-7bn", 5e9, 7e9),
        ("10 to 15", 10, 15),
    ],
)
def test_numbers_that_are_intervals(written: str, low: float, high: float) -> None:
    found = next(numbers.find(f"{written} of them"))
    assert (found.low, found.high) == (low, high)


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_digits_are_read_back(value: int) -> None:
    assert numbers.digits_value(f"{value:,}") == value


@given(st.integers(min_value=1, max_value=10**9))
def test_rounding_is_at_most_half_of_the_number(value: int) -> None:
    assert 0 < numbers.rounding(value) <= value / 2


# --- bounds ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("at least", 40, None),
        ("no fewer than", 40, None),
        ("more than", 40, None),
        ("up to", None, 40),
        ("fewer than", None, 40),
        ("nearly", None, 40),
        ("about", 35, 45),
        ("exactly", None, None),
    ],
)
def test_bounds_leave_the_value(words: str, low: float | None, high: float | None) -> None:
    figure = one(f"The rebels freed {words} 40 hostages.")
    assert (figure.value, figure.low, figure.high, figure.text) == (40, low, high, "40 hostages")


def test_took_over_is_no_bound() -> None:
    assert one("Settlers took over 350 hectares of farmland.").low is None


# --- units ----------------------------------------------------------------------------------------------------------


def test_currency_words_are_decided_by_the_article() -> None:
    text = "The ministry paid 900 million pesos for the boats."
    chilean = SimpleNamespace(
        actors=(SimpleNamespace(country="CHL", mentions=(1, 2), id="a1", kind="state"),), phrases=()
    )
    assert read(text)[0].unit == "MXN"
    assert read(text, chilean)[0].unit == "CLP"
    assert one("The ministry paid 900 million Argentine pesos.").unit == "ARS"


def test_every_currency_code_is_known_once() -> None:
    codes = [currency.code for currency in units.currencies()]
    assert len(codes) == len(set(codes)) > 80
    assert all(len(code) == 3 and code.isupper() for code in codes)


def test_a_conversion_in_brackets_is_the_same_figure() -> None:
    figure = one("The base lies 100 km (60 miles) from the border.")
    assert (figure.text, figure.value, figure.unit, figure.measure) == ("100 km (60 miles)", 100, "km", "distance")


def test_pounds_of_explosives_are_a_weight() -> None:
    assert one("Police found 500 pounds of explosives.").unit == "lb"
    assert one("He was fined 500 pounds.").unit == "GBP"


# --- what is measured -----------------------------------------------------------------------------------------------


def test_casualties_say_what_happened() -> None:
    found = read("The blast killed 12 people and wounded 30, and police arrested two suspects.")
    assert [(figure.value, figure.unit, figure.measure) for figure in found] == [
        (12, "people", "killed"),
        (30, "people", "wounded"),
        (2, "suspects", "detained"),
    ]


def test_changes_hold_the_words() -> None:
    figure = one("Bilateral trade more than doubled to $48 million in the first quarter of 2018.")
    assert (figure.change, figure.measure) == ("more than doubled", "bilateral trade")
    assert figure.period is not None
    assert (figure.period.start, figure.period.end) == ("2018-01-01", "2018-03-31")
    assert one("Grain exports fell by a third to 4 million tonnes.").change == "fell by a third"
    assert one("Prices rose by 4%.").change == "rose"
    assert one("The navy lost 14 boats.").change is None


def test_from_and_to_are_two_figures() -> None:
    assert [figure.value for figure in read("The fee rose from $100 to $250.")] == [100, 250]


def test_population_of_a_place() -> None:
    assert one("Gavrelle, a port of 90,000 people, fell overnight.").measure == "population of Gavrelle"


def test_sentences_are_figures_and_other_durations_are_not() -> None:
    assert (one("A court sentenced him to 12 years in prison.").value, one("He got a 5-year sentence.").unit) == (
        12,
        "years",
    )
    assert read("The war lasted 12 years.") == ()


def test_between_whom() -> None:
    text = "Trade between France and Italy fell to $4 billion, the French minister said."
    doc = parse(text)
    cast = actors.find(doc, Document.from_text(text, published=PUBLISHED))
    figure = figures.find(doc, cast, ())[0]
    countries = {actor.country for actor in cast.actors if actor.id in figure.between}
    assert countries == {"FRA", "ITA"}


def test_one_is_counted_only_where_it_counts() -> None:
    assert read("One of the rebels is one man among many.") == ()
    assert one("At least one policeman was wounded.").value == 1


def test_the_two_sides_are_no_count_but_two_others_are() -> None:
    assert read("The two sides met.") == ()
    assert one("Two other envoys met.").unit == "envoys"


# --- properties -----------------------------------------------------------------------------------------------------

WORDS = (
    "$ 5 7bn - – million half a dozen tens of thousands hundreds and killed % 1,50,000 1.000,50 people km ( ) to "
    "between € £ 99999999999999999999 trillion trillion . , 1e9 0 ² ٣ one two years sentenced or more + No. at least"
)
PIECES = st.sampled_from(WORDS.split(" "))


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_offsets_slice_to_the_text(words: list[str]) -> None:
    text = " ".join(words)
    found = read(text)
    assert [figure.id for figure in found] == [f"f{n}" for n in range(1, len(found) + 1)]
    for figure in found:
        assert figure.text == text[figure.start : figure.end] != ""
        assert figure.low is None or figure.high is None or figure.low <= figure.high


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80))
def test_arbitrary_text(text: str) -> None:
    read(text)


def test_long_runs_of_digits_stay_fast() -> None:
    list(numbers.find("1,2.3," * 20_000))
    list(numbers.find("two hundred and " * 5_000))


# --- the touchstone -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
def test_figures_of_the_touchstone() -> None:
    text = (SHARED / "russia-north-korea.txt").read_text(encoding="utf-8")
    gold = json.loads((SHARED / "russia-north-korea.gold.json").read_text(encoding="utf-8"))["figures"]
    found = {(figure.value, figure.unit) for figure in read(text)}
    assert sum((item["value"], item["unit"]) in found for item in gold) >= 5
