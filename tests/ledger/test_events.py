from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tertius.errors import NoSuchRecord
from tertius.ledger import merged, merging, queries, store
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters
from tests.ledger.reports import MORE, SENTENCE, report
from tests.ledger.test_reprints import reprint

OTHER_WORDS = "Oslo ordered two embassy workers suspected of burglary to leave the country."


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.create_or_open(tmp_path / "ledger")


def merge(ledger: Ledger, *readings: Any) -> list[dict[str, Any]]:
    ledger.add(readings)
    ledger.merge()
    return ledger.rows("FROM events ORDER BY first_report NULLS LAST, id")


def test_fifty_reprints_are_one_event_with_one_source(ledger: Ledger) -> None:
    prints = [
        report(reprint(n), more="", publisher=f"Paper {n}", published=f"2024-03-{5 + n % 3:02}") for n in range(50)
    ]
    (event,) = merge(ledger, *prints)
    assert (event["reports"], event["independent_sources"], len(event["mentions"])) == (50, 1, 50)
    assert [str(event[name]) for name in ("first_report", "last_report")] == ["2024-03-05", "2024-03-07"]
    assert event["confidence"] == pytest.approx(0.8)


def test_two_writers_are_two_sources_and_surer_than_one(ledger: Ledger) -> None:
    (event,) = merge(ledger, report(), report(OTHER_WORDS, more="", publisher="Baltic Courier"))
    assert (event["reports"], event["independent_sources"]) == (2, 2)
    assert event["confidence"] == pytest.approx(1 - 0.2 * 0.2)


def test_one_paper_is_one_source_however_often_it_writes(ledger: Ledger) -> None:
    one, two = report(publisher="The Fjord Times"), report(OTHER_WORDS, more="", publisher="the fjord times")
    (event,) = merge(ledger, one, two)
    assert (event["reports"], event["independent_sources"]) == (2, 1)


def test_who_asserts_and_who_denies(ledger: Ledger) -> None:
    denied = report("Moscow denied the break-in at the naval yard.", said=("RUS GOV", "denies"), modality="negated")
    (event,) = merge(ledger, report(said=("NOR GOV", "asserts")), denied)
    assert [s["country"] for s in event["asserted_by"]] == ["NOR"]
    assert [s["country"] for s in event["denied_by"]] == ["RUS"]
    assert event["doubted_by"] == []
    assert event["modality"] == "actual"
    (row,) = queries.rows(ledger, "event_rows", Filters(speaker="RUS"))
    assert row["denied_by"] == ["RUS GOV spokesman"]


def test_what_is_only_planned_is_another_event_than_what_happened(ledger: Ledger) -> None:
    events = merge(ledger, report(), report("Norway will expel two Russian diplomats.", modality="future"))
    assert sorted(event["modality"] for event in events) == ["actual", "future"]


def test_the_day_that_most_give_and_a_day_in_words_before_a_day_of_publication(ledger: Ledger) -> None:
    (event,) = merge(
        ledger,
        report(more="One.", day="2024-03-05"),
        report(more="Two."),
        report(more="Three.", published="2024-03-06"),
        report(more="Four.", day=None),
    )
    assert (str(event["start_date"]), str(event["end_date"])) == ("2024-03-04", "2024-03-04")
    assert event["date_from"] == "expression"


def test_reports_without_any_day_are_merged_by_their_words(ledger: Ledger) -> None:
    undated: dict[str, Any] = {"day": None, "published": None}
    events = merge(ledger, report(**undated), report(more="No more.", **undated), report(OTHER_WORDS, **undated))
    assert [event["reports"] for event in events] == [2, 1] or [event["reports"] for event in events] == [1, 2]
    assert {event["date_from"] for event in events} == {"unknown"}
    assert all(event["start_date"] is None for event in events)


def test_the_place_and_the_actors_that_are_known_best(ledger: Ledger) -> None:
    (event,) = merge(
        ledger,
        report(more="One.", sources=["NOR"], place="Oslo", confidence=0.9),
        report(more="Two.", place="Oslo"),
        report(more="Three.", targets=["RUS"]),
    )
    assert event["place"]["name"] == "Oslo"
    assert event["sources"] == [{"name": "the NOR GOV", "country": "NOR", "sector": "GOV", "code": "NOR GOV"}]
    assert event["targets"][0]["code"] == "RUS GOV"


def test_somebody_unknown_is_no_reason_to_merge(ledger: Ledger) -> None:
    nobody = [report(more=f"{n}.", sources=[], targets=[]) for n in range(2)]
    assert len(merge(ledger, *nobody)) == 2


def test_merging_in_steps_gives_what_merging_at_once_gives(ledger: Ledger, tmp_path: Path) -> None:
    readings = [report(reprint(n), more="", publisher=f"P{n}") for n in range(6)]
    readings += [report(OTHER_WORDS, more=f"{n}.", day=f"2024-03-{4 + n:02}") for n in range(6)]
    at_once = merge(Ledger.create_or_open(tmp_path / "other"), *readings)
    random.Random(1).shuffle(readings)
    for reading in readings:
        in_steps = merge(ledger, reading)
    assert in_steps == at_once


def test_merging_again_changes_nothing_and_loses_nothing(ledger: Ledger) -> None:
    first = merge(ledger, report(), report(OTHER_WORDS))
    version = store.version(ledger.folder, "events")
    assert ledger.merge() is False
    assert store.version(ledger.folder, "events") == version
    assert ledger.merge(anew=True) is True
    assert ledger.rows("FROM events ORDER BY first_report, id") == first
    assert ledger.rows("SELECT count(*) AS n FROM mentions") == [{"n": 2}]


def test_a_new_rule_is_applied(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    merge(ledger, report())
    monkeypatch.setattr(merging, "RULE", 99)
    assert not ledger.merged()
    assert [event["rule"] for event in merge(ledger)] == [99]
    assert ledger.merged()


def test_a_merge_never_overwrites_a_later_one(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt is overtaken by another process; the second one sees what that has read."""
    ledger.add([report()])
    real = merged._written
    overtaken: list[int] = []

    def late(folder: Path) -> bool:
        if not overtaken:
            overtaken.append(store.version(folder, "events"))
            before = overtaken[0]
            ledger.add([report(OTHER_WORDS, day="2024-05-01")])
            assert real(folder)
            monkeypatch.setattr(store, "version", lambda *_: before)
            lost = real(folder)
            monkeypatch.undo()
            return lost
        return real(folder)

    monkeypatch.setattr(merged, "_written", late)
    ledger.merge()
    assert overtaken
    assert len(ledger.rows("FROM events")) == 2


def test_acts_have_a_target_also_where_actors_act_on_one_another(ledger: Ledger) -> None:
    talks = report(type="CONSULT", sources=["KEN GOV", "UGA GOV"], targets=[], reciprocal=True)
    merge(ledger, talks)
    (act,) = ledger.rows("FROM acts")
    assert (act["origin"], act["source_country"], act["target_country"]) == ("tertius", "KEN", "UGA")
    dyads = ledger.rows("FROM dyads ORDER BY source_country")
    assert [(d["source_country"], d["target_country"]) for d in dyads] == [("KEN", "UGA"), ("UGA", "KEN")]


def test_the_columns_of_acts(ledger: Ledger) -> None:
    merge(ledger, report())
    assert list(ledger.rows("FROM acts")[0]) == [
        "id", "origin", "date", "end", "source_name", "source_country", "source_sector", "target_name",
        "target_country", "target_sector", "type", "mode", "quad", "intensity", "modality", "mentions",
        "independent_sources", "confidence", "place", "place_country", "latitude", "longitude", "first_report",
        "last_report", "corrected",
    ]  # fmt: skip


def test_imported_rows_are_acts_too_and_one_a_day_counts_them_once(ledger: Ledger) -> None:
    merge(ledger, report())
    row = {"dataset": "icews", "batch": "b", "date": "2018-01-02", "source_country": "RUS", "target_country": "NOR"}
    coded = [row | {"id": f"icews:{n}", "type": "ACCUSE", "quad": 3, "intensity": -3.0} for n in range(3)]
    store.append(ledger.folder, {"coded": coded, "imports": [{"batch": "b", "dataset": "icews", "sha256": "x"}]})
    origins = ledger.rows("SELECT origin, count(*) AS n FROM acts GROUP BY ALL ORDER BY ALL")
    assert origins == [{"origin": "icews", "n": 3}, {"origin": "tertius", "n": 1}]
    (day,) = queries.rows(ledger, "one_a_day", Filters(source="RUS"))
    assert (day["acts"], day["origin"]) == (3, "icews")
    assert queries.rows(ledger, "one_a_day", Filters(source="NOR GOV", since="2024-03-04", until="2024-03-04"))


def test_filters_of_merged_events(ledger: Ledger) -> None:
    merge(ledger, report(said=("NOR GOV", "asserts")))
    for wanted in (
        Filters(source="NOR"),
        Filters(target="RUS GOV"),
        Filters(types=("SANCTION",)),
        Filters(source="the nor"),
    ):
        assert len(queries.rows(ledger, "event_rows", wanted)) == 1
    for unwanted in (
        Filters(source="SWE"),
        Filters(since="2024-03-05"),
        Filters(modality="future"),
        Filters(speaker="USA"),
    ):
        assert queries.rows(ledger, "event_rows", unwanted) == []


def test_an_event_and_its_mentions(ledger: Ledger) -> None:
    (event,) = merge(ledger, report(), report(more="No more.", published="2024-03-09"))
    row, mentions = queries.event(ledger, event["id"])
    assert (row["reports"], row["sentence"]) == (2, SENTENCE)
    assert [m["id"] for m in mentions] == event["mentions"]
    assert event["id"].replace("-e", "-m") == event["mentions"][0]
    with pytest.raises(NoSuchRecord):
        queries.event(ledger, "nonsense-e1")


def test_as_of(ledger: Ledger) -> None:
    merge(ledger, report())
    today = ledger.rows("SELECT CAST(now() AT TIME ZONE 'UTC' AS DATE) AS day")[0]["day"].isoformat()
    assert len(queries.rows(ledger, "event_rows", Filters(as_of=today))) == 1
    assert queries.rows(ledger, "event_rows", Filters(as_of="2020-01-01")) == []
    assert ledger.rows("FROM documents", as_of="2020-01-01") == []


def test_a_ledger_without_the_newer_tables_still_opens(ledger: Ledger) -> None:
    """As an earlier Tertius wrote it."""
    import shutil

    ledger.add([report()])
    for table in ("events", "coded", "reports", "imports"):
        shutil.rmtree(ledger.folder / table)
    assert ledger.rows("FROM events") == []
    assert not ledger.merged()
    assert len(merge(ledger, report(more=MORE + " More."))) == 1
