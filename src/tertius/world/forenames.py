"""Forenames and the gender of the people who usually bear them."""

from __future__ import annotations

from functools import lru_cache

from tertius.world.tables import rows


@lru_cache(maxsize=1)
def _genders() -> dict[str, str]:
    return dict(rows("forenames", ("name", "gender")))


def gender(forename: str) -> str | None:
    """'m' or 'f' for a forename that one gender bears far more often, None for others and for unknown names."""
    return _genders().get(forename)
