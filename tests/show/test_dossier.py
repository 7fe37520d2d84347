"""The report on a ledger: each figure leads to its acts, each act to its sentence, and hostile text stays text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tertius.cli import tertius
from tertius.errors import TooLittle, UsageError
from tertius.ledger.ledger import Ledger
from tests.ledger.reports import report
from tests.studies.worlds import ledger_of, triad

NASTY = '<script>alert("x")</script>'


def write(folder: Path, *more: str) -> tuple[Any, Path]:
    page = folder.parent / "page.html"
    return CliRunner().invoke(tertius, ["report", str(page), "--ledger", str(folder), *more]), page


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ledger_of(tmp_path_factory.mktemp("coded") / "ledger", triad(1, 2.5)).folder


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Ledger.create_or_open(tmp_path_factory.mktemp("articles") / "ledger")
    towns = ("Adre", "Tine", "Bahai", "Guereda", "Iriba", "Kariari")
    readings = [
        report(f"Sudanese gunmen shelled {town} {NASTY} in Chad.", type="ASSAULT", sources=("SDN MIL",),
               targets=("TCD CVL",), day=f"2024-0{n + 1}-0{n + 1}", published=f"2024-0{n + 1}-0{n + 2}", title=NASTY)
        for n, town in enumerate(towns)
    ]  # fmt: skip
    made.add(readings, [f"{town}.txt" for town in towns])
    made.merge()
    return made.folder


def test_every_figure_leads_to_acts_on_the_page(coded: Path) -> None:
    ran, page = write(coded, "--answers", "USA:PRK:RUS", "--until", "2023-12-31")
    assert ran.exit_code == 0, ran.output
    html = page.read_text(encoding="utf-8")
    linked, there = set(re.findall(r'href="#(act-[^"]+)"', html)), set(re.findall(r'id="(act-[^"]+)"', html))
    assert linked
    assert linked == there
    for title in (
        "What this rests on",
        "When one presses another, who steps in?",
        "How predictable is each?",
        "What comes next?",
    ):
        assert title in html
    assert "In the 7 days after" in html
    assert "coded by made-up, which gives no sentence" in html
    assert html.count("<svg") >= 6
    assert "What drives it most" in html


def test_forecasts_can_be_left_out(coded: Path) -> None:
    _, page = write(coded, "--until", "2022-02-15", "--no-forecasts")
    assert "What comes next?" not in page.read_text(encoding="utf-8")


def test_a_count_lists_as_many_acts_as_it_says(coded: Path) -> None:
    _, page = write(coded, "--until", "2022-02-15")
    html = page.read_text(encoding="utf-8")
    cells = re.findall(r"<summary>([\d,]+)</summary>(.*?)</details>", html, re.S)
    assert cells
    for count, listed in cells:
        more = re.search(r"and (\d+) more", listed)
        assert int(count.replace(",", "")) == listed.count("<a ") + (int(more[1]) if more else 0)


def test_articles_show_their_sentences_and_studies_without_enough_say_so(articles: Path) -> None:
    ran, page = write(articles)
    assert ran.exit_code == 0, ran.output
    html = page.read_text(encoding="utf-8")
    assert "Sudanese gunmen shelled Adre" in html
    assert "Not enough to tell" in html
    assert NASTY not in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--pair", "USA"], "--pair 'USA': write two actors"),
        (["--answers", "USA:PRK"], "--answers 'USA:PRK': write X:B:A"),
        (["--pair", "USA:Atlantis"], "does not act in this record"),
    ],
)
def test_what_cannot_be_asked(coded: Path, more: list[str], words: str) -> None:
    ran, _ = write(coded, *more)
    assert isinstance(ran.exception, UsageError)
    assert words in str(ran.exception)


def test_no_file_can_be_made_there_and_an_empty_ledger(coded: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(tertius, ["report", str(tmp_path), "--ledger", str(coded)])
    assert isinstance(ran.exception, UsageError)
    empty = Ledger.create_or_open(tmp_path / "ledger").folder
    ran, page = write(empty)
    assert isinstance(ran.exception, TooLittle)
    assert not page.exists()
