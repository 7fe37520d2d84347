"""Corrections: what people say of mentions goes before what was read, everywhere, and nothing that was read is lost."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tertius.datasets import exporting
from tertius.errors import CorrectedMeanwhile, LedgerError, NoSuchRecord, UsageError
from tertius.ledger import corrections, queries, sandbox, store, upkeep
from tertius.ledger.corrections import Right
from tertius.ledger.ledger import Ledger
from tertius.ledger.queries import Filters
from tertius.records import Reading
from tests.ledger.reports import report
from tests.ledger.test_upkeep import spoil
from tests.samples import reading, span


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.create_or_open(tmp_path / "ledger")
    made.add([reading(), report("Chad asked Sudan for grain in May.", type="REQUEST", sources=("TCD GOV",),
                                targets=("SDN GOV",), day="2023-05-01")])  # fmt: skip
    made.merge()
    return made


@pytest.fixture
def mention(ledger: Ledger) -> str:
    return str(queries.rows(ledger, "mention_rows", Filters(source="NOR"))[0]["id"])


def events(ledger: Ledger) -> list[dict[str, Any]]:
    ledger.merge()
    return queries.rows(ledger, "event_rows", Filters(since="2024-01-01"))


def test_what_is_right_goes_before_what_was_read(ledger: Ledger, mention: str) -> None:
    right = Right(
        type="coerce", mode="deport", modality="future", sources=["Anna Lie"], targets=["rus mil", "The Orcas"]
    )
    row = corrections.change(ledger, mention, right, by="Ada", note="they were deported")
    assert (row["type"], row["quad"], row["intensity"], row["said"]["type"]) == ("COERCE", 4, -7.0, "SANCTION")
    (found,) = queries.rows(ledger, "mention_rows", Filters(types=("COERCE",)))
    assert (found["id"], found["mode"], found["modality"], found["corrected"]) == (mention, "deport", "future", True)
    assert (found["source_words"], found["target"]) == (["Anna Lie"], ["RUS MIL", "The Orcas"])
    assert found["confidence"] == 1.0
    assert queries.rows(ledger, "mention_rows", Filters(types=("SANCTION",))) == []
    assert [m["corrected"] for m in queries.rows(ledger, "mention_rows")] == [False, True]


def test_events_are_made_anew_and_say_so(ledger: Ledger, mention: str) -> None:
    assert ledger.merged()
    corrections.change(ledger, mention, Right(type="COERCE"), by="Ada")
    assert not ledger.merged()
    (event,) = events(ledger)
    assert ledger.merged()
    assert (event["type"], event["mode"], event["quad"], event["corrected"]) == ("COERCE", None, 4, True)
    assert [act["corrected"] for act in ledger.rows("FROM acts ORDER BY date")] == [False, True]


def test_a_mention_that_is_no_event_counts_nowhere(ledger: Ledger, mention: str) -> None:
    corrections.reject(ledger, mention, by="Ada")
    assert events(ledger) == []
    assert [m["id"] for m in queries.rows(ledger, "mention_rows")] != [mention]
    assert ledger.rows("SELECT count(*) AS n FROM dyads WHERE source_country = 'NOR'") == [{"n": 0}]
    assert ledger.rows("SELECT id FROM mentions_as_read WHERE id = ?", [mention]) == [{"id": mention}]
    assert upkeep.check(ledger) == []


def test_a_corrected_mention_joins_the_event_that_it_tells_of(ledger: Ledger, mention: str) -> None:
    ledger.add([report("Norway expelled two Russian diplomats on Monday in Oslo, a paper wrote.", type="AID",
                       publisher="Courier")])  # fmt: skip
    assert len(events(ledger)) == 2
    (wrong,) = queries.rows(ledger, "mention_rows", Filters(types=("AID",)))
    corrections.change(ledger, wrong["id"], Right(type="SANCTION", mode="expel"), by="Ada")
    (event,) = events(ledger)
    assert (event["mentions"], event["reports"], event["independent_sources"]) == (2, 2, 2)


def test_the_last_correction_holds_and_all_stay(ledger: Ledger, mention: str) -> None:
    first = corrections.change(ledger, mention, Right(type="COERCE"), by="Ada")
    second = corrections.change(ledger, mention, Right(modality="negated"), by="Ben")
    (found,) = queries.rows(ledger, "mention_rows", Filters(modality="negated"))
    assert (found["type"], second["type"], second["after"]) == ("COERCE", "COERCE", first["id"])
    corrections.withdraw(ledger, mention, by="Cyd", note="it was right")
    (found,) = queries.rows(ledger, "mention_rows", Filters(source="NOR"))
    assert (found["type"], found["mode"], found["corrected"]) == ("SANCTION", "expel", False)
    told = corrections.listed(ledger)
    assert [(row["by"], row["verdict"], row["holds"]) for row in told] == [
        ("Cyd", "withdrawn", True), ("Ben", "changed", False), ("Ada", "changed", False),
    ]  # fmt: skip
    assert {row["said_type"] for row in told} == {"SANCTION"}
    assert not events(ledger)[0]["corrected"]


def test_a_clock_that_goes_back_changes_nothing(ledger: Ledger, mention: str, monkeypatch: pytest.MonkeyPatch) -> None:
    corrections.change(ledger, mention, Right(type="AID"), by="Ada")
    from datetime import datetime

    class Early(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(1999, 1, 1, tzinfo=tz)

    monkeypatch.setattr(corrections, "datetime", Early)
    corrections.reject(ledger, mention, by="Ben")
    assert [row["by"] for row in corrections.listed(ledger) if row["holds"]] == ["Ben"]


def test_who_saw_an_earlier_state_is_asked_again(ledger: Ledger, mention: str) -> None:
    first = corrections.change(ledger, mention, Right(type="AID"), by="Ada", after=corrections.FIRST)
    with pytest.raises(CorrectedMeanwhile, match="by Ada"):
        corrections.reject(ledger, mention, by="Ben", after=corrections.FIRST)
    with pytest.raises(CorrectedMeanwhile):
        corrections.reject(ledger, mention, by="Ben", after="f" * 64)
    assert len(corrections.listed(ledger)) == 1
    corrections.reject(ledger, mention, by="Ben", after=first["id"])
    with pytest.raises(CorrectedMeanwhile, match="look at"):
        corrections.reject(ledger, "".join(m["id"] for m in queries.rows(ledger, "mention_rows")), by="B", after="x")


def test_the_same_correction_sent_twice_is_one(ledger: Ledger, mention: str) -> None:
    for _ in range(2):
        corrections.change(ledger, mention, Right(type="AID"), by="Ada", after=corrections.FIRST)
    assert len(corrections.listed(ledger)) == 1
    for _ in range(2):
        corrections.withdraw(ledger, mention, by="Ada", after=corrections.listed(ledger)[-1]["id"])
    assert len(corrections.listed(ledger)) == 2


def test_of_several_who_correct_at_once_one_is_first(ledger: Ledger, mention: str) -> None:
    outcomes: list[str] = []

    def correct(name: str) -> None:
        try:
            corrections.reject(ledger, mention, by=name, after=corrections.FIRST)
            outcomes.append("done")
        except CorrectedMeanwhile:
            outcomes.append("late")

    threads = [threading.Thread(target=correct, args=(name,)) for name in "ABCD"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "late", "late", "late"]
    assert len(corrections.listed(ledger)) == 1


def reread(ledger: Ledger, one: Reading) -> None:
    """Put another reading of the same articles in the place of theirs, as a later version of Tertius might."""
    batch = ledger.rows("SELECT batch FROM documents WHERE id = ?", [one.document.id])[0]["batch"]
    rows = store.rows_of([one], batch, "2024-03-06T00:00:00", {})["mentions"]
    store.write(ledger.folder, "mentions", rows, mode="overwrite")


def numbered(number: int, **fields: Any) -> Any:
    return msgspec.structs.replace(reading().mentions[0], id=f"m{number}", **fields)


def test_a_later_reading_keeps_the_correction_though_the_mention_has_another_number(
    ledger: Ledger, mention: str
) -> None:
    corrections.change(ledger, mention, Right(type="COERCE"), by="Ada")
    one = reading()
    other = numbered(1, trigger=span("said"), type="CONSULT", mode=None)
    for trigger, found in ((span("expelled"), True), (span("Norway expelled"), True), (span("Monday"), False)):
        again = numbered(7, type="REJECT", mode=None, trigger=trigger, confidence=0.6)
        reread(ledger, msgspec.structs.replace(one, mentions=(other, again)))
        rows = {row["id"][-2:]: row for row in queries.rows(ledger, "mention_rows")}
        assert (rows["m1"]["type"], rows["m1"]["corrected"]) == ("CONSULT", False)
        assert rows["m7"]["type"] == ("COERCE" if found else "REJECT")
        assert [row["holds"] for row in corrections.listed(ledger)] == [found]
        state = corrections.state(ledger.rows, mention.replace("m1", "m7"))
        assert len(state.history) == found
    reread(ledger, msgspec.structs.replace(one, mentions=(other, numbered(7))))
    corrections.withdraw(ledger, mention.replace("m1", "m7"), by="Ben")
    assert not any(row["corrected"] for row in queries.rows(ledger, "mention_rows"))


def test_two_mentions_of_one_trigger_are_told_apart(ledger: Ledger, mention: str) -> None:
    one = reading()
    twin = numbered(2, type="ACCUSE", mode=None)
    reread(ledger, msgspec.structs.replace(one, mentions=(*one.mentions, twin)))
    corrections.reject(ledger, mention.replace("m1", "m2"), by="Ada")
    assert [row["id"][-2:] for row in queries.rows(ledger, "mention_rows")] == ["m1"]


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (Right(), "just how it was read"),
        (Right(type="sanction"), "just how it was read"),
        (Right(type="NICE"), "choose one of AGREE"),
        (Right(mode="firearms"), "SANCTION has no mode 'firearms': choose one of convict"),
        (Right(type="AID", mode="firearms"), "leave it empty"),
        (Right(modality="maybe"), "choose one of actual"),
        (Right(sources=["RSU GOV"]), "no code of an actor: write a code"),
        (Right(sources=["RUS GUV"]), "no code of an actor"),
        (Right(targets=["x" * 201]), "more than 200 characters"),
        (Right(targets=[str(n) for n in range(21)]), "at most 20"),
    ],
)
def test_what_cannot_be_right_is_said_with_its_cure(ledger: Ledger, mention: str, right: Right, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        corrections.change(ledger, mention, right, by="Ada")
    assert corrections.listed(ledger) == []
    assert ledger.merged()


def test_other_bad_input(ledger: Ledger, mention: str) -> None:
    for work in (corrections.reject, corrections.withdraw):
        with pytest.raises(NoSuchRecord, match="tertius events --mentions"):
            work(ledger, "ffffffffffff-m1", by="Ada")
        with pytest.raises(UsageError):
            work(ledger, mention, by="  \x00 ".strip())
        with pytest.raises(UsageError, match="2,000"):
            work(ledger, mention, by="Ada", note="x" * 2001)
    with pytest.raises(UsageError, match="no correction to withdraw"):
        corrections.withdraw(ledger, mention, by="Ada")
    store.append(ledger.folder, {"coded": [{"id": "icews:1", "batch": "b", "dataset": "icews"}],
                                 "imports": [{"batch": "b", "dataset": "icews"}]})  # fmt: skip
    with pytest.raises(NoSuchRecord, match="data set that they come from"):
        corrections.reject(ledger, "icews:1", by="Ada")


def test_hostile_words_are_kept_as_words(ledger: Ledger, mention: str) -> None:
    evil = "'); DROP TABLE corrections; --\ud800\x00<script>"
    corrections.change(ledger, mention, Right(sources=[evil]), by=evil[:40], note=evil)
    (row,) = corrections.listed(ledger)
    assert row["note"] == "'); DROP TABLE corrections; --?<script>"
    assert row["sources"][0].startswith("'); DROP TABLE")
    assert upkeep.check(ledger) == []


def test_whom_names_and_codes_stand_for(ledger: Ledger, mention: str) -> None:
    given = ["NOR GOV", "Anna Lie", "reb", "UNO", "Ukraine", "Hamas", "A plain name", "NOR GOV"]
    row = corrections.change(ledger, mention, Right(sources=given), by="Ada")
    assert [one["code"] for one in row["sources"]] == ["NOR GOV", "NOR GOV", "REB", "UNO", "UKR GOV", "PSE REB", None]
    assert row["sources"][0]["text"] == "Norway"  # who took part keeps the span
    assert (row["sources"][0]["start"], row["sources"][2]["start"]) == (reading().mentions[0].sources[0].start, None)
    nobody = corrections.change(ledger, mention, Right(sources=[]), by="Ada")
    assert nobody["sources"] == []
    assert queries.rows(ledger, "mention_rows", Filters(source="NOR")) == []


def test_exports_and_statements_follow(ledger: Ledger, mention: str, tmp_path: Path) -> None:
    corrections.change(ledger, mention, Right(type="COERCE"), by="Ada")
    ledger.merge()
    for mentions in (False, True):
        exporting.export(ledger, tmp_path / "x.jsonl", "jsonl", exporting.Wanted(mentions=mentions, source="NOR"))
        (row,) = map(json.loads, (tmp_path / "x.jsonl").read_text().splitlines())
        assert (row["type"], row["corrected"]) == ("COERCE", True)
    assert "corrected" in (tmp_path / "x.jsonl.codebook.md").read_text()
    answer = sandbox.ask(
        ledger.folder, "SELECT m.type, c.said_type FROM mention_rows m JOIN correction_rows c ON m.id = c.id_now"
    )
    assert answer.rows == [("COERCE", "SANCTION")]


def test_what_was_known_on_a_day(ledger: Ledger, mention: str) -> None:
    today = ledger.rows("SELECT CAST(now() AT TIME ZONE 'UTC' AS DATE) AS day")[0]["day"]
    corrections.reject(ledger, mention, by="Ada")
    assert len(ledger.rows("FROM mention_rows", as_of=today.isoformat())) == 1
    assert store.state(ledger.folder, "1999-01-01")["corrections"] == []


def test_a_ledger_of_an_earlier_tertius_takes_corrections(ledger: Ledger, mention: str) -> None:
    import deltalake

    assert not (ledger.folder / "corrections").exists()
    with ledger.connect() as connection:
        relation = connection.sql("SELECT * EXCLUDE (corrected) FROM stored_events")
        deltalake.write_deltalake(
            str(ledger.folder / "events"), relation, mode="overwrite", schema_mode="overwrite",
            commit_properties=deltalake.CommitProperties(
                custom_metadata={"tertius.documents": "2", "tertius.rule": "1"}
            ),
        )  # fmt: skip
    assert ledger.merged()
    assert [row["corrected"] for row in queries.rows(ledger, "event_rows")] == [False, False]
    assert corrections.listed(ledger) == []
    corrections.reject(ledger, mention, by="Ada")
    assert events(ledger) == []


def test_what_was_tampered_with_is_found(ledger: Ledger, mention: str) -> None:
    corrections.change(ledger, mention, Right(type="COERCE"), by="Ada")
    assert upkeep.check(ledger) == []
    spoil(ledger, "corrections", note="'another note'")
    assert [(one.table, one.problem) for one in upkeep.check(ledger)] == [("corrections", "it does not have this hash")]


def test_a_full_disk_is_said_and_nothing_is_lost(ledger: Ledger, mention: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deltalake.write_deltalake", full)
    with pytest.raises(LedgerError, match="free some space"):
        corrections.reject(ledger, mention, by="Ada")
    monkeypatch.undo()
    assert corrections.listed(ledger) == []
    assert len(events(ledger)) == 1
