"""The sample ledger: articles and dispatches of our own, the examples of the documentation."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from tertius.ledger.ledger import Ledger
from tertius.records import Document

DISPATCHES = "aegean.jsonl"


def articles() -> list[tuple[str, Document]]:
    """The articles, with the names of their files."""
    folder = resources.files("tertius.web").joinpath("sample")
    listed = csv.DictReader(folder.joinpath("articles.csv").read_text(encoding="utf-8").splitlines())
    whole = [(row["file"], _document(folder.joinpath(row["file"]).read_text(encoding="utf-8"), row)) for row in listed]
    lines = folder.joinpath(DISPATCHES).read_text(encoding="utf-8").splitlines()
    return whole + [
        (f"{DISPATCHES}:{number}", Document.from_text(**json.loads(line))) for number, line in enumerate(lines, 1)
    ]


def _document(text: str, row: dict[str, str]) -> Document:
    from tertius.sources.text import headline

    return Document.from_text(text, title=headline(text), publisher=row["publisher"], published=row["published"])


def make(folder: Path, say: Callable[[str], None]) -> None:
    """Read the articles into a new ledger."""
    from tertius.reading import reader

    found = articles()
    say(f"reading {len(found)} sample articles ...")
    ledger = Ledger.create_or_open(folder)
    ledger.add([reader.read(document) for _, document in found], [name for name, _ in found])
    ledger.merge()
