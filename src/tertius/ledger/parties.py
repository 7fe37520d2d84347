"""Who is meant by what somebody writes into a correction: a participant, an actor of the article, a code or a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tertius.errors import UsageError
from tertius.ontology import INTERNATIONAL, SECTORS
from tertius.records import actor_code

Row = dict[str, Any]

MOST = 20  # parties on one side
LONGEST = 200  # code points of a name
_CODES = re.compile(r"([A-Z]{3})(?: ([A-Z]{3}))?")
_SECTORS = frozenset(SECTORS) | {"NGO"}  # as in the tables of the world


def meant(words: Sequence[str], read: Row, actors: Sequence[Row], day: str | None) -> list[Row]:
    """The participants that these names and codes stand for, each once.

    `read` is the mention as it was read and `actors` those of its article: what is named there keeps its span. `day`
    tells which post a person held. Raises UsageError.
    """
    given = list(dict.fromkeys(filter(None, (" ".join(plain(one).split()) for one in words))))
    if len(given) > MOST:
        raise UsageError(f"{len(given)} actors on one side: name at most {MOST}")
    return [_meant(one, read, actors, day) for one in given]


def plain(words: str) -> str:
    """Words without control characters and halves of characters, which no table and no page could show."""
    text = words.encode("utf-8", "replace").decode().replace("\r\n", "\n")
    return "".join(c for c in text if c.isprintable() or c in "\n\t").strip()


def _meant(words: str, read: Row, actors: Sequence[Row], day: str | None) -> Row:
    if len(words) > LONGEST:
        raise UsageError(f"the name {words[:40]!r}... has more than {LONGEST} characters: write a code or a short name")
    for participant in (*(read["sources"] or ()), *(read["targets"] or ())):
        if _same(words, participant["code"], participant["text"]):
            return dict(participant)
    for actor in actors:
        if _same(words, actor["code"], actor["name"]):
            first: Row = (actor["mentions"] or [{"start": None, "end": None, "text": actor["name"]}])[0]
            return first | {"actor": actor["id"], **{key: actor[key] for key in ("country", "sector", "code")}}
    country, sector = _code(words) or _known(words, day)
    code = actor_code(country, sector)
    return {
        "start": None,
        "end": None,
        "text": words,
        "actor": None,
        "country": country,
        "sector": sector,
        "code": code,
    }


def _same(words: str, code: str | None, name: str | None) -> bool:
    return words.casefold() in {one.casefold() for one in (code, name) if one}


def _code(words: str) -> tuple[str | None, str | None] | None:
    """Country and sector of 'RUS', 'REB' or 'rus gov'; None if it is no code. Raises UsageError for a wrong one."""
    found = _CODES.fullmatch(words.upper())
    if not found:
        return None
    first, second = found.groups()
    if second is None and first in SECTORS and first not in countries():
        return None, first
    if first in countries() and (second is None or second in _SECTORS):
        return first, second
    if words == words.upper() and not _known(words, None)[0]:
        cure = "write a code such as 'RUS', 'RUS GOV' or 'REB' (documentation: Codebook), or the name in full"
        raise UsageError(f"{words!r} is no code of an actor: {cure}")
    return None


def _known(words: str, day: str | None) -> tuple[str | None, str | None]:
    """Country and sector of somebody that the tables of the world know."""
    from tertius.world import entities

    for entity in entities.named(words):
        post = entities.post_on(entity, day) if entity.kind == "person" else None
        return (post.country if post else entity.country) or None, (post.sector if post else entity.sector) or None
    return None, None


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """All codes that stand for a country or an international body."""
    from tertius.world import loaders

    return frozenset({state.country for state, _ in loaders.states()} | set(INTERNATIONAL))
