"""Why did it happen? PLOVER's contexts of a paragraph, by key words (contexts.csv)."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from tertius.ontology import CONTEXTS

WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


def contexts(paragraph: str) -> tuple[str, ...]:
    """The contexts that the words of a paragraph speak of, in PLOVER's order; none is a good answer."""
    words = [word.lower() for word in WORD.findall(paragraph)]
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    table = _table()
    found = {context for word in (*words, *pairs) for context in table.get(word, ())}
    return tuple(context for context in CONTEXTS if context in found)


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    text = files("tertius.reading.events").joinpath("contexts.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for word in row["words"].split("|"):
            table.setdefault(word, []).append(row["context"])
    return {word: tuple(found) for word, found in table.items()}
