"""What the finders of places know of words: words.csv, the states' abbreviations, and names in the gazetteer."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources

from tertius.world import gazetteer, tables
from tertius.world.gazetteer import Place as Candidate

MOST = 40  # candidates looked at for one name
INITIALS = frozenset({"US", "UK", "EU"})  # names of two letters
SHORTEST = 3


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {row["kind"]: frozenset(row["words"].split("|")) for row in csv.DictReader(lines)}


def words(kind: str) -> frozenset[str]:
    """Words of a kind (see words.csv), in lower case."""
    return _words()[kind]


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """'Pa.' -> 'Pennsylvania', for the states of the USA."""
    return dict(tables.rows("states_of_the_usa", ("abbreviation", "name")))


@lru_cache(maxsize=8192)
def candidates(name: str) -> tuple[Candidate, ...]:
    """All places of that name, most populous first; for 'Pa.', those that are called Pennsylvania."""
    if len(name) < SHORTEST and name not in INITIALS:
        return ()
    state = abbreviations().get(name) or abbreviations().get(name.replace(". ", "."))
    if state:
        return tuple(place for place in gazetteer.places_named(state) if place.kind == "admin1")
    return gazetteer.places_named(name)[:MOST]


@lru_cache(maxsize=8192)
def larger(name: str) -> frozenset[str]:
    """Countries (codes) and states (names) that are called so: what may stand beside a town's name."""
    found = candidates(name) if name[:1].isupper() else ()
    return frozenset(p.country if p.kind == "country" else p.name for p in found if p.kind in {"country", "admin1"})


def is_alias(name: str, place: Candidate) -> bool:
    """Whether a place has this name only beside its main one; countries are at home in all their names."""
    return place.kind != "country" and gazetteer.normal(name) != gazetteer.normal(place.name)
