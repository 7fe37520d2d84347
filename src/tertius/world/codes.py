"""Country codes of other data sets: ISO 3166, Correlates of War, Gleditsch-Ward, FIPS 10-4 and CAMEO, to and from ours.

Ours is ISO 3166 alpha-3, with KOS for Kosovo and the former codes SUN, YUG, DDR, CSK, YMD and (not ISO) RVN.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, get_args

from tertius.world.tables import cells, rows

Scheme = Literal["iso2", "numeric", "cow", "gw", "fips", "cameo"]


def country_of(code: str, scheme: Scheme) -> str | None:
    """The country of a code of another scheme: country_of('365', 'cow') is 'RUS'. None if the scheme has no such code.

    A code that went from one state to its successor is the living state's (365 Russia, 260 Germany).
    """
    return _countries(scheme).get(code.strip().upper().lstrip("0") if scheme in ("cow", "gw") else code.strip().upper())


def code_of(country: str, scheme: Scheme) -> str | None:
    """The code of a country in another scheme, the one in use today where it had several. None if it has none."""
    known = _codes().get(country)
    listed = known[get_args(Scheme).index(scheme)] if known else ()
    return listed[0] if listed else None


def of_scheme(scheme: Scheme) -> dict[str, str]:
    """All codes of a scheme and their countries."""
    return dict(_countries(scheme))


def countries() -> frozenset[str]:
    """All country codes that Tertius uses, without those of `tertius.ontology.INTERNATIONAL`."""
    return frozenset(_codes())


@lru_cache(maxsize=1)
def _codes() -> dict[str, list[list[str]]]:
    listed = rows("countries", ("id", "country", *get_args(Scheme)))
    return {id_: [cells(code) for code in codes] for id_, country, *codes in listed if id_ == country}


@lru_cache(maxsize=len(get_args(Scheme)))
def _countries(scheme: Scheme) -> dict[str, str]:
    found: dict[str, str] = {}
    place = get_args(Scheme).index(scheme)
    for country, codes in _codes().items():
        for code in codes[place]:
            found.setdefault(code, country)
    return found
