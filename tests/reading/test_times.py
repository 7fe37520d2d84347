"""Expressions of time, the date of an event among them, and datelines."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from tertius.reading import language, times

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "times.jsonl").read_text(encoding="utf-8").splitlines()
]
SHARED = Path(__file__).parents[3] / "shared" / "articles"
TUESDAY = "2024-03-05"


@lru_cache(maxsize=512)
def parse(text: str) -> Doc:
    return language.parse(text)


def days(text: str, published: str | None = TUESDAY) -> list[tuple[str, str | None, str | None]]:
    return [(text[e.start : e.end], e.first, e.last) for e in times.find(parse(text), published)]


def event(text: str, trigger: str, published: str | None = TUESDAY, doc: Doc | None = None) -> tuple[Any, ...]:
    doc = doc or parse(text)
    at = text.index(trigger)
    found = times.when(doc, times.find(doc, published), (at, at + len(trigger)), published)
    return found.start, found.end, found.origin


# --- the set of 200 -------------------------------------------------------------------------------------------------


def right(row: dict[str, Any]) -> bool:
    found = times.find(parse(row["text"]), row["published"])
    if row["expression"] is None:
        return not found
    over = [e for e in found if e.start < row["end"] and row["start"] < e.end]
    return len(over) == 1 and (over[0].first, over[0].last) == (row["first"], row["last"])


def test_the_set_is_whole() -> None:
    dated = [row for row in ROWS if row["expression"]]
    assert len(dated) == 200
    assert all(row["text"][row["start"] : row["end"]] == row["expression"] for row in dated)
    assert sum(row["held"] for row in dated) >= 66


@pytest.mark.parametrize("held", [False, True])
def test_intervals_of_the_set(held: bool) -> None:
    dated = [row for row in ROWS if row["expression"] and row["held"] == held]
    missed = [(row["text"], row["published"]) for row in dated if not right(row)]
    assert len(missed) <= 0.05 * len(dated), missed


def test_words_that_only_look_like_dates() -> None:
    traps = [row for row in ROWS if not row["expression"]]
    missed = [row["text"] for row in traps if not right(row)]
    assert len(missed) <= 1, missed


# --- single rules ---------------------------------------------------------------------------------------------------


def test_spans_hold_the_preposition() -> None:
    assert days("The envoy resigned on Monday.") == [("on Monday", "2024-03-04", "2024-03-04")]


def test_tense_decides_the_weekday() -> None:
    assert days("They met on Friday.")[0][1] == "2024-03-01"
    assert days("They will meet on Friday.")[0][1] == "2024-03-08"
    assert days("They are scheduled to meet on Friday.")[0][1] == "2024-03-08"
    assert days("They had met on Friday.")[0][1] == "2024-03-01"


def test_without_publication_date_relative_expressions_keep_their_precision() -> None:
    text = "The envoy visited Oslo last month and, on 3 May 2016, Rome."
    found = times.find(parse(text), None)
    assert [(e.first, e.precision) for e in found] == [(None, "month"), ("2016-05-03", "day")]


@pytest.mark.parametrize("published", ["", "yesterday", "2024-13-45", "20 Jan 2015"])
def test_a_broken_publication_date_counts_as_none(published: str) -> None:
    assert days("The envoy resigned on Monday.", published) == [("on Monday", None, None)]


def test_impossible_days_give_no_date() -> None:
    assert days("The court sat on 31 February 2018.") == [("on 31 February 2018", None, None)]
    assert days("It was signed on 3/4/2017.")[0][1:] == (None, None)
    assert days("It was signed on 13/4/2017.")[0][1] == "2017-04-13"


def test_people_and_verbs_are_no_months() -> None:
    assert days("Theresa May said that the army may march on.") == []
    assert days("May told lawmakers that workers would march.") == []


def test_years_in_ranges() -> None:
    assert days("The war of 2010-12 was short.")[0][1:] == ("2010-01-01", "2012-12-31")
    assert days("In the 2014/15 budget it was cut.")[0][1:] == ("2014-01-01", "2015-12-31")
    assert days("The report of 2017-10 is secret.")[0][1:] == ("2017-10-01", "2017-10-31")


def test_counts_are_no_years() -> None:
    assert days("The army sent 2000 soldiers to the border.") == []
    assert days("Resolution 1973 was adopted by the council.") in ([], [("1973", "1973-01-01", "1973-12-31")])


def test_ranges_on_both_sides_of_today() -> None:
    assert days("Clashes went on from Friday to Sunday.")[0][1:] == ("2024-03-01", "2024-03-03")
    assert days("The talks will last from Thursday to Monday.")[0][1:] == ("2024-03-07", "2024-03-11")


def test_dates_a_little_after_publication_are_of_the_same_year() -> None:
    assert days("The council met on March 7.", "2024-03-05")[0][1] == "2024-03-07"


def test_counted_from_the_date_before() -> None:
    assert days("It began on 3 May 2018; a week later it was over.")[1][1:] == ("2018-05-07", "2018-05-13")
    assert days("A week later it was over.")[0][1:] == (None, None)


# --- the date of an event -------------------------------------------------------------------------------------------


def test_the_date_of_its_own_clause() -> None:
    text = "Turkey expelled two diplomats on Monday after Greece had closed its border in 2019."
    assert event(text, "expelled") == ("2024-03-04", "2024-03-04", "expression")
    assert event(text, "closed") == ("2019-01-01", "2019-12-31", "expression")


def test_a_relative_clause_about_another_thing_does_not_count() -> None:
    text = "Later it emerged.\nNothing more.\nThe council condemned the tests, which were held last month."
    assert event(text, "condemned")[2] == "unknown"
    assert event(text, "tests") == ("2024-02-01", "2024-02-29", "expression")


def test_the_date_of_the_verb_that_it_completes() -> None:
    text = "Iran agreed on Sunday to release the crew."
    assert event(text, "release") == ("2024-03-03", "2024-03-03", "expression")


def test_the_date_of_saying_is_that_of_a_threat_but_not_of_a_deed() -> None:
    threat = "The general said on Sunday that he would destroy the bridge."
    assert event(threat, "destroy") == ("2024-03-03", "2024-03-03", "expression")
    deed = "It was quiet.\nStill.\nThe general said on Sunday that rebels had destroyed the bridge."
    assert event(deed, "destroyed")[2] == "unknown"


def test_the_object_of_an_attitude_has_its_own_time() -> None:
    text = "It was quiet.\nStill.\nThe union condemned the raid on Sunday, officials said."
    assert event(text, "condemned")[2] == "expression"


def test_publication_only_for_the_news_of_the_day() -> None:
    lead = "Serbia expels envoy\nSerbia expelled the Croatian envoy over a spying row."
    assert event(lead, "expelled") == (TUESDAY, TUESDAY, "publication")
    assert event(lead, "expelled", None) == (None, None, "unknown")
    body = "Talks\nTalks began again. They were slow.\nSerbia expelled the Croatian envoy."
    assert event(body, "expelled")[2] == "unknown"


@pytest.mark.parametrize(
    "sentence",
    [
        "Serbia had expelled the Croatian envoy.",
        "Serbia may expel the Croatian envoy, and it expelled others years ago.",
        "Serbia has long expelled Croatian envoys.",
        "Serbia would have expelled the Croatian envoy.",
    ],
)
def test_older_habitual_and_possible_events_are_not_of_the_day(sentence: str) -> None:
    assert event(sentence, "expelled")[2] != "publication"


def test_a_dateline_dates_the_report_not_the_event() -> None:
    text = "GENEVA, March 4 (Wire) - Serbia expelled the Croatian envoy."
    assert event(text, "expelled")[2] != "expression"


def test_an_unresolved_expression_is_still_the_date_of_the_event() -> None:
    assert event("The envoy resigned on Monday.", "resigned", None) == (None, None, "expression")


def test_triggers_outside_the_text_are_unknown() -> None:
    doc = parse("The envoy resigned.")
    assert times.when(doc, (), (500, 510), TUESDAY).origin == "unknown"


# --- datelines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GENEVA, March 3, 2018 (Wire) - Talks began.", date(2018, 3, 3)),
        ("Talks begin\n\nGENEVA, 3 March 2018 — Talks began.", date(2018, 3, 3)),
        ("Talks begin\nPublished: 2018-03-03\nTalks began.", date(2018, 3, 3)),
        ("Talks begin\nSaturday, March 3, 2018\nTalks began.", date(2018, 3, 3)),
        ("NEW DELHI, India, Dec. 1, 2015 - Talks began.", date(2015, 12, 1)),
        ("GENEVA, March 3 (Wire) - Talks began.", None),
        ("On 3 March 2018 the talks began.", None),
        ("The war of March 3, 2018 - a disaster - is over.", None),
        ("", None),
    ],
)
def test_dateline(text: str, expected: date | None) -> None:
    assert times.dateline(text) == expected


def test_since_a_day_still_to_come_ends_no_earlier_than_it_begins() -> None:
    [found] = times.find(language.parse("since May"), "0001-01-01")
    assert (found.first, found.last) == ("0001-05-01", "0001-05-31")


# --- properties -----------------------------------------------------------------------------------------------------

WORDS = (
    "May March 3 31 2011 2010-12 Friday last next month two weeks ago since until the end of early – - , . \n "
    "in Feb. 9/11 between and 1990s Christmas yesterday 99999999999 0 00/00/0000 31/12/9999 0001-01-01 Q4 ago"
)
PIECES = st.sampled_from(WORDS.split(" "))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from([None, TUESDAY, "0001-01-01", "9999-12-31"]))
def test_nothing_raises_and_spans_lie_in_the_text(words: list[str], published: str | None) -> None:
    text = " ".join(words)
    doc = language.parse(text)
    found = times.find(doc, published)
    for expression in found:
        assert 0 <= expression.start < expression.end <= len(text)
        assert not (expression.first and expression.last) or expression.first <= expression.last
    assert list(found) == sorted(found)
    times.when(doc, found, (0, max(len(text) // 2, 1)), published)
    times.dateline(text)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80))
def test_arbitrary_text(text: str) -> None:
    times.find(language.parse(text), TUESDAY)
    times.dateline(text)


def test_long_runs_of_time_words_stay_fast() -> None:
    text = "May March last next Friday 2011-12 the first quarter of " * 400
    doc = Doc(language.pipeline().vocab, words=text.split())
    times.find(doc, TUESDAY)


# --- the touchstone -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
def test_dates_of_the_touchstone() -> None:
    text = (SHARED / "russia-north-korea.txt").read_text(encoding="utf-8")
    gold = json.loads((SHARED / "russia-north-korea.gold.json").read_text(encoding="utf-8"))
    doc = parse(text)
    expressions = times.find(doc, gold["published"])
    dated = [event for event in gold["events"] if event["date"]]
    found = 0
    for item in dated:
        verbs = [t for t in doc if item["start"] <= t.idx < item["end"] and t.pos_ in ("VERB", "AUX")]
        spans = [times.when(doc, expressions, (t.idx, t.idx + len(t)), gold["published"]) for t in verbs]
        found += any([when.start, when.end] == item["date"] for when in spans)
    assert found >= len(dated) - 1
