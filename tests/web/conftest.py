"""Small ledgers made by hand, and the app over them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tertius.ledger.ledger import Ledger
from tertius.records import Reading
from tertius.web.app import create
from tests.ledger.reports import report
from tests.samples import reading

BASE = "http://127.0.0.1"


def many() -> list[Reading]:
    """Reports over two years: a pair that turns hostile, one that stays as it is, denials, gaps in what is known."""
    made = [reading()]
    for month in range(1, 13):
        day = f"2023-{month:02}-10"
        made.append(
            report(f"Chad and Sudan spoke about the border in {month} meetings.", type="CONSULT", sources=("TCD GOV",),
                   targets=("SDN GOV",), day=day, published=day, publisher="Dispatch")
        )  # fmt: skip
        made.append(
            report(f"Peru asked Chile for {month} maps of the coast.", type="REQUEST", sources=("PER GOV",),
                   targets=("CHL GOV",), day=day, published=day, publisher="Dispatch")
        )  # fmt: skip
    for number, town in enumerate(("Adre", "Tine", "Bahai", "Goz Beida", "Farchana", "Guereda", "Iriba", "Kariari")):
        day = f"2024-02-{3 * number + 2:02}"
        made.append(
            report(f"Sudanese gunmen shelled {town} across the border in Chad.", type="ASSAULT", sources=("SDN MIL",),
                   targets=("TCD CVL",), day=day, published=day, publisher="Herald" if number % 2 else None, place=town,
                   said={3: ("SDN GOV", "denies"), 4: ("TCD GOV", "asserts")}.get(number))
        )  # fmt: skip
    made.append(report("Kenya and Uganda met for talks on fish.", type="CONSULT", sources=("KEN GOV", "UGA GOV"),
                       targets=(), reciprocal=True, confidence=0.4, modality="future"))  # fmt: skip
    made.append(report("Somebody threatened a strike at the mines.", type="THREATEN", sources=(), targets=(), day=None,
                       published=None))  # fmt: skip
    return made


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    made = Ledger.create_or_open(tmp_path_factory.mktemp("web") / "ledger")
    readings = many()
    made.add(readings, [f"file{n}.txt" for n, _ in enumerate(readings)])
    made.skipped([("broken.pdf", "a PDF: turn it into text first")])
    made.merge()
    return made


@pytest.fixture(scope="session")
def client(ledger: Ledger) -> Iterator[TestClient]:
    with TestClient(create(ledger.folder), base_url=BASE, follow_redirects=False) as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    folder = Ledger.create_or_open(tmp_path / "ledger").folder
    with TestClient(create(folder), base_url=BASE, follow_redirects=False) as made:
        yield made
