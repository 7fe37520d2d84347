"""The point that stands for a country.

GeoNames and the CIA World Factbook each publish one (centres.csv). They differ by more than 40 km for 16 countries, and
neither is always in the middle: GeoNames has Japan's in Tokyo, the Factbook Somalia's in the Gulf of Aden. Taken is the
one that lies nearer the centroid of the country's largest piece of land, GeoNames' where there is no shape.

The shapes are those of the package countryinfo 1.0.1 (MIT): GeoJSON, one country a file of its data folder.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tertius.reading.places import kilometres
from training.world.shapes import Centre, centroids, own_table

Point = tuple[float, float]


def centres(outlines: Path) -> dict[str, Point]:
    """Latitude and longitude of each country, by ISO 3166 alpha-3."""
    land = _land(outlines)
    chosen: dict[str, Point] = {}
    for row in own_table("centres.csv"):
        points = [
            (float(row[f"{source}_latitude"]), float(row[f"{source}_longitude"])) for source in ("geonames", "factbook")
        ]
        middle = land.get(row["code"])
        chosen[row["code"]] = min(points, key=lambda point: _apart(point, middle)) if middle else points[0]
    return chosen


def _land(outlines: Path) -> dict[str, Centre]:
    """The centroid of the largest polygon of each country."""
    found: dict[str, Centre] = {}
    for path in sorted(outlines.glob("*.json")):
        country = json.loads(path.read_text(encoding="utf-8"))
        for feature in country.get("geoJSON", {}).get("features", [])[:1]:
            parts = centroids(feature["geometry"])
            found[country["ISO"]["alpha3"].upper()] = max(parts, key=lambda part: part.area)
    return found


def _apart(point: Point, centre: Centre) -> float:
    return float(kilometres(np.radians([point]), np.radians([centre[:2]]))[0, 0])
