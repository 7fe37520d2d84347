"""What a sentence is about, as a set of word stems: how two reports of one act are known by their text."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

STEM = 5  # letters; cutting words off serves retrieval as well as stemmers do (McNamee and Mayfield 2004)

_WORD = re.compile(r"[^\W\d_]{2,40}|\d{1,12}(?:[.,]\d{1,6})?")


def stems(text: str) -> frozenset[str]:
    """The words of a text cut to five letters, without function words, verbs of saying, days and names of countries."""
    found = _WORD.findall(text.casefold())
    return frozenset(word[:STEM] for word in found if word not in _passed_over())


@lru_cache(maxsize=1)
def _passed_over() -> frozenset[str]:
    listed = resources.files("tertius.ledger").joinpath("stopwords.txt").read_text(encoding="utf-8")
    return frozenset(listed.split()) | _countries()


def _countries() -> frozenset[str]:
    """Words that name countries or their capitals: candidates agree in their actors anyway."""
    from tertius.world import loaders

    names = [name for state, _ in loaders.states() for name in state.names]
    return frozenset(word for name in (*names, *loaders.adjectives()) for word in _WORD.findall(name.casefold()))
