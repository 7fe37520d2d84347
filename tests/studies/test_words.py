from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import TooLittle, UsageError
from tertius.studies import record
from tertius.studies.words import LEAST_DEEDS, beta_prior, corpus_line, counts_of, lead_and_lag, words
from tests.studies.worlds import act, ledger_of

CODES = ("NOR", "SWE", "FIN", "DNK", "ISL", "EST")
TYPES = {"kind word": "SUPPORT", "harsh word": "ACCUSE", "kind deed": "AID", "harsh deed": "ASSAULT"}


def world(seed: int = 1, odd_one: float | None = None, deeds: int = 40) -> list[dict[str, object]]:
    """Deeds are darker than words by the same amount for all; `odd_one`: Norway's share of kind deeds to Sweden."""
    rng = np.random.default_rng(seed)
    rows = []
    for source in CODES:
        for target in CODES:
            if source == target:
                continue
            kind = rng.uniform(0.3, 0.9)
            logit = np.log(kind / (1 - kind)) - 1.5
            done = 1 / (1 + np.exp(-logit))
            if odd_one is not None and (source, target) == ("NOR", "SWE"):
                done = odd_one
            for day in range(60):
                rows.append(act(day, source, target, TYPES["kind word" if rng.random() < kind else "harsh word"]))
            for day in range(deeds):
                rows.append(act(day, source, target, TYPES["kind deed" if rng.random() < done else "harsh deed"]))
    return rows


def test_deeds_that_are_as_dark_as_everybodys_are_no_excess() -> None:
    clear = 0
    for seed in range(12):
        for row in words(record.of_rows(world(seed)), "NOR", "SWE"):
            assert row.excess_low is not None
            assert row.excess_high is not None
            clear += not row.excess_low <= 0 <= row.excess_high
            assert row.gap is not None
            assert row.gap < 0.2
    assert clear <= 3  # of 24


@pytest.mark.parametrize(("share", "word"), [(0.02, "harsher"), (0.98, "kinder")])
def test_deeds_out_of_line_are_seen(share: float, word: str) -> None:
    row, other = words(record.of_rows(world(4, odd_one=share)), "Norway", "Sweden")
    assert f"its deeds are {word}" in row.sentence
    assert row.excess is not None
    assert (row.excess < 0) == (word == "harsher")
    assert (other.source, other.target) == ("SWE", "NOR")


def test_the_gate() -> None:
    few, _ = words(record.of_rows(world(deeds=LEAST_DEEDS - 1)), "NOR", "SWE")
    assert not few.enough
    assert few.gap is None
    assert "too few to set one against the other" in few.sentence
    none, _ = words(record.of_rows(world(deeds=0)), "NOR", "SWE")
    assert (none.deeds, none.enough) == (0, False)


def test_without_a_corpus_there_is_no_line() -> None:
    two = [row for row in world() if {row["source"], row["target"]} == {"NOR", "SWE"}]
    row, _ = words(record.of_rows(two), "NOR", "SWE")
    assert row.enough
    assert row.excess is None
    assert "too few other pairs" in row.sentence


def test_meetings_are_neither_words_nor_deeds() -> None:
    made = record.of_rows([*world(), *(act(day, "NOR", "SWE", "CONSULT") for day in range(90))])
    row, _ = words(made, "NOR", "SWE")
    assert row.words == int(counts_of(record.of_rows(world())).words[0])


def test_the_line_is_recovered() -> None:
    line = corpus_line(counts_of(record.of_rows(world(7))), (0, 1))
    assert line is not None
    assert line.a == pytest.approx(-1.5, abs=0.4)
    assert line.b == pytest.approx(1.0, abs=0.35)


def test_the_prior_is_that_of_the_pairs() -> None:
    rng = np.random.default_rng(1)
    total = np.full(2000, 30.0)
    kind = rng.binomial(30, rng.beta(4, 2, 2000)).astype(float)
    assert beta_prior(kind, total) == pytest.approx((4, 2), rel=0.2)
    assert beta_prior(np.zeros(5), np.ones(5)) == (1.0, 1.0)


def test_words_that_lead_deeds() -> None:
    rng = np.random.default_rng(3)
    said = [day for day in range(300) if rng.random() < 0.12]
    rows = [act(day, "NOR", "SWE", "THREATEN") for day in said] + [
        act(day + 3, "NOR", "SWE", "ASSAULT") for day in said
    ]
    around = {p.lag: p for p in lead_and_lag(record.of_rows(rows), "NOR", "SWE")}
    assert around[3].deeds > around[3].null_high
    assert max(around.values(), key=lambda p: p.deeds).lag == 3
    with pytest.raises(TooLittle, match="lead and lag need 20"):
        lead_and_lag(record.of_rows(rows), "SWE", "NOR")


def test_the_command(tmp_path: Path) -> None:
    folder = str(ledger_of(tmp_path / "ledger", world()).folder)
    run = CliRunner().invoke
    ask = ["words", "NOR", "Sweden", "--ledger", folder]
    drawn = run(tertius, [*ask, "--format", "json", "--svg", str(tmp_path / "w.svg")], catch_exceptions=False)
    assert [row["source"] for row in json.loads(drawn.stdout)] == ["NOR", "SWE"]
    assert "NOR to SWE: deeds" in (tmp_path / "w.svg").read_text()
    assert "NOR toward SWE: words" in run(tertius, ask, catch_exceptions=False).stdout
    led = run(tertius, [*ask, "--lead", "--format", "jsonl"])
    assert led.exit_code == 0 or isinstance(led.exception, TooLittle)
    assert "FROM dyads" in run(tertius, [*ask, "--sql"]).stdout
    bare = ledger_of(tmp_path / "few", world(deeds=0))
    few = run(tertius, ["words", "NOR", "SWE", "--ledger", str(bare.folder), "--svg", str(tmp_path / "x.svg")])
    assert isinstance(few.exception, UsageError)
