"""Rows with too many cells, as stray tabs leave them: two cells are joined where the other columns then look right."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from tertius.datasets.layouts import Layout
from tertius.datasets.tables import text

Shapes = tuple[tuple[int, re.Pattern[str], bool], ...]  # place, what the cell looks like, whether it must


def mend(dataset: str, cells: list[str], layout: Layout) -> list[str] | None:
    """The cells as they were meant, or None if no join makes the columns of `tables/layouts.toml` look right."""
    extra = len(cells) - layout.width
    shapes = _shapes(dataset, layout)
    if not shapes:
        return None
    best: tuple[int, list[str]] | None = None
    for place in range(layout.width - 1, -1, -1):
        joined = " ".join(filter(None, map(str.strip, cells[place : place + extra + 1])))
        mended = [*cells[:place], joined, *cells[place + extra + 1 :]]
        score = _score(mended, shapes)
        if score is not None and (best is None or score > best[0]):
            best = score, mended
    return best[1] if best else None


def _score(cells: list[str], shapes: Shapes) -> int | None:
    """How many columns look right; None if one does not that must."""
    score = 0
    for place, shape, must in shapes:
        fits = shape.fullmatch(cells[place].strip()) is not None
        if must and not fits:
            return None
        score += fits
    return score


@lru_cache(maxsize=16)
def _shapes(dataset: str, layout: Layout) -> Shapes:
    known = tomllib.loads(text("tables/layouts.toml")).get(dataset, {})
    places = dict(zip(layout.columns, layout.places, strict=True))
    return tuple(
        (place, re.compile(shape), kind == "must")
        for kind in ("must", "likely")
        for column, shape in known.get(kind, {}).items()
        if (place := places[column]) is not None
    )
