"""Places and where they lie: cities of 500 people and more, first and second divisions, countries, regions, seas.

Source: GeoNames (geonames.org), CC-BY 4.0; Natural Earth and the CIA World Factbook (public domain); through
training/world/gazetteer.py, which also says what is derived. The table is packed into arrays and found by hashes of
normalised names, so that 270,000 places load in some milliseconds.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TABLE = Path(__file__).parent / "tables" / "gazetteer.npz"
KINDS = ("city", "admin1", "admin2", "country", "region")


class Place(NamedTuple):
    """A place: coordinates in WGS84 degrees; `country` is ISO 3166 alpha-3 or ''; `geonames` is 0 where unknown."""

    name: str
    kind: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    geonames: int


def places_named(name: str) -> tuple[Place, ...]:
    """All places that are called so, whatever the case and the diacritics, most populous first."""
    table = _table()
    wanted = key(name)
    first, last = (int(table.keys.searchsorted(_uint64(wanted), side)) for side in ("left", "right"))
    found = (table.place(int(n)) for n in table.places[first:last])
    return tuple(sorted(found, key=lambda place: -place.population))


def normal(name: str) -> str:
    """A name without case, diacritics and punctuation: 'São Paulo' and 'Sao Paulo' are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain.casefold()).split()).removeprefix("the ")


def key(name: str) -> int:
    """The 64-bit hash under which a name is filed."""
    return int.from_bytes(hashlib.blake2b(normal(name).encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _uint64(value: int) -> np.uint64:
    import numpy as np

    return np.uint64(value)


class _Table(NamedTuple):
    keys: NDArray[np.uint64]
    places: NDArray[np.uint32]
    names: bytes
    name_ends: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    countries: NDArray[np.uint16]
    admins: NDArray[np.uint16]
    positions: NDArray[np.float32]
    population: NDArray[np.uint32]
    geonames: NDArray[np.uint32]
    country_codes: list[str]
    admin_names: list[str]

    def place(self, n: int) -> Place:
        start = int(self.name_ends[n - 1]) if n else 0
        return Place(
            name=self.names[start : int(self.name_ends[n])].decode(),
            kind=KINDS[self.kinds[n]],
            country=self.country_codes[self.countries[n]],
            admin1=self.admin_names[self.admins[n]],
            latitude=round(float(self.positions[n, 0]), 5),
            longitude=round(float(self.positions[n, 1]), 5),
            population=int(self.population[n]),
            geonames=int(self.geonames[n]),
        )


class Cities(NamedTuple):
    """All populated places: positions in radians, shape (n, 2), and the country of each."""

    radians: NDArray[np.float64]
    countries: list[str]


@lru_cache(maxsize=1)
def cities() -> Cities:
    """Every populated place, for questions such as 'which is nearest?'."""
    import numpy as np

    table = _table()
    chosen = np.flatnonzero(table.kinds == KINDS.index("city"))
    countries = [table.country_codes[n] for n in table.countries[chosen]]
    return Cities(np.radians(table.positions[chosen].astype(np.float64)), countries)


@lru_cache(maxsize=1)
def _table() -> _Table:
    import numpy as np

    with np.load(TABLE, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in _Table._fields}
    arrays["names"] = arrays["names"].tobytes()
    return _Table(
        **arrays | {"country_codes": arrays["country_codes"].tolist(), "admin_names": arrays["admin_names"].tolist()}
    )
