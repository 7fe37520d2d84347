from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tertius.cli import tertius
from tertius.errors import NotALedger, TooLittle, UsageError
from tertius.ledger import forecasts, store, upkeep
from tertius.ledger.ledger import Ledger
from tests.studies.neighbours import world
from tests.studies.worlds import START, act, ledger_of

DAYS = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of(tmp_path_factory.mktemp("kept") / "ledger", world(days=DAYS)).folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(tertius, [*words, "--ledger", str(folder)], catch_exceptions=False)


def day(number: int) -> str:
    return (START + timedelta(number)).isoformat()


def test_issued_kept_and_scored(tmp_path: Path) -> None:
    rows = world(seed=3, days=DAYS)
    folder = ledger_of(tmp_path / "ledger", rows).folder
    past = day(DAYS - 40)
    ask = ["forecast", "NOR", "SWE", "--until", past, "--format", "json"]
    first = run(folder, *ask)
    told = json.loads(first.stdout)
    assert {(one["what"], one["within"]) for one in told} == {
        (what, days)
        for what in ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
        for days in (7, 30)
    }
    assert "8 forecasts kept" in first.stderr
    assert f"Forecast from {told[0]['origin']}" in first.stderr
    kept = forecasts.kept(Ledger.open(folder))
    assert [(row["what"], row["within"], row["chance"]) for row in kept] == sorted(
        ((one["what"], one["within"], one["chance"]) for one in told), key=lambda one: (one[1], one[0])
    )
    run(folder, *ask)  # the same again changes nothing
    assert forecasts.kept(Ledger.open(folder)) == kept
    run(folder, "forecast", "SWE", "NOR", "--until", past, "--no-record")
    assert forecasts.kept(Ledger.open(folder)) == kept
    assert not upkeep.check(Ledger.open(folder))

    assert "8 forecasts made in hindsight are left out" in run(folder, "record").stdout
    scored = json.loads(run(folder, "record", "--hindsight", "--rows", "all", "--format", "json").stdout)
    assert len(scored) == 8
    came = {(one["what"], one["within"]): one for one in scored}
    aid = came["material cooperation", 7]
    expected = [row["id"] for row in rows if row["type"] == "AID" and aid["origin"] < row["date"] <= aid["until"]]
    assert aid["came"]
    assert aid["evidence"] == expected
    whole = json.loads(run(folder, "record", "--hindsight", "--format", "json").stdout)[0]
    assert whole["forecasts"] == 8
    assert whole["came"] == sum(one["came"] for one in scored)
    assert whole["brier"] == pytest.approx(sum((one["chance"] - one["came"]) ** 2 for one in scored) / 8)
    words = run(folder, "record", "--hindsight").stdout
    assert words.startswith("8 forecasts have come due")
    assert "0 not due yet" in words


def test_what_is_not_due_is_counted(tmp_path: Path) -> None:
    folder = ledger_of(tmp_path / "ledger", world(seed=3, days=120)).folder
    assert "No forecast is kept" in run(folder, "record").stdout
    run(folder, "forecast", "NOR", "SWE", "--within", "7")
    told = run(folder, "record").stdout
    assert "No forecast has come due: 4 not due yet (the next on " in told
    assert json.loads(run(folder, "record", "--format", "json").stdout) == []


def test_a_ledger_of_before_has_no_such_table(tmp_path: Path) -> None:
    folder = ledger_of(tmp_path / "ledger", world(days=30)).folder
    assert not (folder / "forecasts").exists()
    assert Ledger.open(folder).rows("SELECT count(*) AS n FROM forecasts") == [{"n": 0}]
    assert store.version(folder, "forecasts") == -1


def test_what_was_issued_before_the_days_came_is_no_hindsight(tmp_path: Path) -> None:
    rows = world(seed=3, days=150)
    early = [row for row in rows if str(row["date"]) <= day(110)]
    folder = ledger_of(tmp_path / "ledger", early).folder
    run(folder, "forecast", "NOR", "SWE", "--within", "7")
    later = [
        {"dataset": "later", "batch": "c", "id": row["id"], "date": row["date"], "source_country": row["source"],
         "target_country": row["target"], "type": row["type"], "quad": row["quad"], "intensity": row["intensity"]}
        for row in rows if str(row["date"]) > day(110)
    ]  # fmt: skip
    store.append(folder, {"coded": later, "imports": [{"batch": "c", "dataset": "later", "sha256": "y"}]})
    told = run(folder, "record").stdout
    assert told.startswith("4 forecasts have come due")
    assert "hindsight" not in told


def test_missing_days_cannot_be_scored(tmp_path: Path) -> None:
    rows = world(seed=3, days=150)
    quiet = [row for row in rows if not day(110) < str(row["date"]) < day(130)]
    ledger = ledger_of(tmp_path / "ledger", quiet)
    row = {
        "source": "NOR", "target": "SWE", "what": "AID", "within": 7, "origin": day(108), "until": day(115), "quad": 2,
        "chance": 0.5, "low": 0.1, "high": 0.9, "usual": 0.4, "base_rate": 0.1, "last": 1, "method": "learnt",
        "model": "m", "data": "d",
    }  # fmt: skip
    assert forecasts.keep(ledger, [row, row]) == 1
    assert forecasts.keep(ledger, [row]) == 0
    assert forecasts.keep(ledger, [row | {"data": "other"}, row | {"chance": 0.6}]) == 1
    assert "2 over missing days, which cannot be scored" in run(ledger.folder, "record").stdout


def test_misses_are_listed(tmp_path: Path) -> None:
    rows = world(seed=3, days=150)
    ledger = ledger_of(tmp_path / "ledger", [row for row in rows if row["type"] != "ASSAULT"])
    common = {
        "source": "NOR", "target": "SWE", "within": 7, "origin": day(100), "until": day(107), "low": 0.0, "high": 1.0,
        "usual": 0.5, "base_rate": 0.1, "last": 1, "method": "learnt", "model": "m", "data": "d",
    }  # fmt: skip
    sure = common | {"what": "material cooperation", "quad": 2, "chance": 0.02}
    right = common | {"what": "material cooperation", "quad": 2, "chance": 0.97, "data": "e"}
    wrong = common | {"what": "ASSAULT", "quad": 4, "chance": 0.9}
    forecasts.keep(ledger, [sure, right, wrong])
    found = json.loads(run(ledger.folder, "record", "--rows", "misses", "--format", "json").stdout)
    assert [(one["what"], one["chance"]) for one in found] == [("material cooperation", 0.02), ("ASSAULT", 0.9)]
    assert found[0]["surprise"] > found[1]["surprise"] > 2


def test_the_terminal_and_the_chart(folder: Path, tmp_path: Path) -> None:
    table = run(folder, "forecast", "NOR", "SWE", "--within", "7", "--svg", str(tmp_path / "f.svg"), "--no-record")
    assert "Norway on Sweden: the chance of verbal conflict within 7 days" in table.stdout
    chart = (tmp_path / "f.svg").read_text()
    assert chart.count("the usual rate") == 4
    run(folder, "forecast", "NOR", "SWE", "--within", "7", "--svg", str(tmp_path / "g.svg"), "--no-record")
    assert (tmp_path / "g.svg").read_text() == chart
    rows = run(folder, "forecast", "NOR", "SWE", "--within", "7", "--rows", "drivers", "--format", "jsonl").stdout
    drivers = [json.loads(line) for line in rows.splitlines()]
    assert {"own", "third", "season"} <= {one["driver"] for one in drivers}
    assert all(one["odds"] > 0 for one in drivers)


def test_all_pairs(tmp_path: Path) -> None:
    folder = ledger_of(tmp_path / "ledger", world(days=DAYS)).folder
    found = json.loads(run(folder, "forecast", "--all", "--limit", "7", "--format", "json").stdout)
    assert len(found) == 7
    assert len(forecasts.kept(Ledger.open(folder))) == 7
    assert "FROM " in run(folder, "forecast", "--all", "--sql").stdout


def test_a_backtest(folder: Path, tmp_path: Path) -> None:
    told = run(folder, "record", "--backtest", "--every", "10", "--format", "json", "--svg", str(tmp_path / "r.svg"))
    found = json.loads(told.stdout)
    assert {one["within"] for one in found} == {7, 30}
    assert all(one["first"] >= day(int(DAYS * 0.7)) for one in found)
    assert "share that came true" in (tmp_path / "r.svg").read_text()


def test_what_cannot_be_asked(folder: Path, tmp_path: Path) -> None:
    for words, cure in (
        (("forecast",), "tertius forecast A B"),
        (("forecast", "NOR"), "tertius forecast A B"),
        (("forecast", "NOR", "SWE", "--all"), "tertius forecast A B"),
        (("forecast", "--all", "--rows", "drivers"), "are for one pair"),
        (("forecast", "Norwy", "SWE"), "did you mean"),
        (("forecast", "NOR", "SWE", "--until", "2024-01-01"), "leave --until out"),
        (("record", "--every", "7"), "goes with --backtest"),
        (("record", "--backtest", "--rows", "misses"), "choose --rows"),
    ):
        with pytest.raises(UsageError, match=cure):
            run(folder, *words)
    with pytest.raises(TooLittle, match="ask for at most"):
        run(folder, "forecast", "NOR", "SWE", "--within", "120")
    short = ledger_of(tmp_path / "short", [act(0, "NOR", "SWE", "AID"), act(2, "SWE", "FIN", "AID")]).folder
    with pytest.raises(TooLittle, match="known days cannot say"):
        run(short, "forecast", "NOR", "SWE")
    with pytest.raises(NotALedger):
        run(tmp_path / "nothing", "forecast", "NOR", "SWE")


def test_days_to_come_are_left_out(tmp_path: Path) -> None:
    later = (date.today() + timedelta(30)).isoformat()
    rows = [*world(days=120), act(0, "NOR", "SWE", "ASSAULT") | {"date": later, "id": "later"}]
    folder = ledger_of(tmp_path / "ledger", rows).folder
    told = run(folder, "forecast", "NOR", "SWE", "--within", "7", "--no-record", "--format", "json")
    assert "1 acts later than today are left out" in told.stderr
    assert json.loads(told.stdout)[0]["origin"] < later
