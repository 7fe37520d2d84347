"""Words for codes: what the pages call a party, a class, a band of confidence."""

from __future__ import annotations

import re
from functools import lru_cache

from tertius.ontology import INTERNATIONAL, QUAD_NAMES, SECTORS

CODE = re.compile("[A-Z]{3}")
BANDS = {"high": "0.8 and more", "middle": "0.5 to 0.8", "low": "under 0.5"}


def label(facet: str, value: str) -> str:
    """A value of a facet as people say it."""
    if facet in ("source", "target"):
        return party(value)
    if facet == "quad":
        return QUAD_NAMES[int(value)]
    if facet == "article":
        return value.removeprefix("sha256:")[:12]
    return BANDS.get(value, value) if facet == "confidence" else value


def party(key: str) -> str:
    """'Russia' for RUS, 'rebels' for REB; other words as they are."""
    return _known().get(key, key)


def is_code(key: str | None) -> bool:
    """Whether a party is told by a code, so that it has a page of its own with another."""
    return bool(key and CODE.fullmatch(key))


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    from tertius.world import loaders

    known = {**SECTORS, **INTERNATIONAL}
    for state, _ in loaders.states():  # the first of a code is the state itself, others are parts of it
        known.setdefault(state.country or "", state.names[0])
    return known
