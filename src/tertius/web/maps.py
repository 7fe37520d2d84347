"""Where acts took place, as an SVG map: a dot for each place, drawn by how exactly the place is known.

Equirectangular, over faint land that is drawn from the gazetteer's own towns (GeoNames): no outline of countries is
claimed, and none is needed to find one's way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from markupsafe import Markup

Precision = Literal["town", "region", "country"]

WIDTH = 760
LEAST_SPAN = 16.0  # degrees that a map shows at least
GRAIN = 4  # units of a square of land
LABELS = 12
WORDS: dict[Precision, str] = {
    "town": "a town or spot",
    "region": "a region: the dot is its middle",
    "country": "only the country: the dot is its middle",
}


class Dot(NamedTuple):
    """Acts at one place, and where they are listed."""

    name: str
    latitude: float
    longitude: float
    precision: Precision
    acts: int
    href: str


class Window(NamedTuple):
    """The part of the world that a map shows, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def unit(self) -> float:
        """Units of the drawing in a degree."""
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.unit

    def x(self, longitude: float) -> float:
        return (longitude - self.west) * self.unit

    def y(self, latitude: float) -> float:
        return (self.north - latitude) * self.unit


def drawn(dots: Sequence[Dot], title: str) -> Markup | None:
    """The map; None without any place."""
    if not dots:
        return None
    window = around(dots)
    most = max(dot.acts for dot in dots)
    parts = [_land(window), _graticule(window)]
    by_size = sorted(dots, key=lambda dot: -dot.acts)
    parts += [_mark(dot, window, most) for dot in by_size]  # small ones above large ones
    parts += _labels(by_size, window)
    head = Markup('<svg class="map" viewBox="0 0 {} {:.0f}" role="group" aria-label="{}">')
    return head.format(WIDTH, window.height, title) + Markup("").join(parts) + Markup("</svg>")


def around(dots: Sequence[Dot]) -> Window:
    """A window of two to one with all dots in it and room beside them, within the world."""
    west, east = min(d.longitude for d in dots), max(d.longitude for d in dots)
    south, north = min(d.latitude for d in dots), max(d.latitude for d in dots)
    width = min(360.0, max(LEAST_SPAN, (east - west) * 1.3, (north - south) * 1.3 * 2))
    height = min(180.0, width / 2)
    left = min(max((west + east - width) / 2, -180.0), 180.0 - width)
    below = min(max((south + north - height) / 2, -90.0), 90.0 - height)
    grid = 1.0  # whole degrees, so that land drawn once serves other maps
    left, below = math.floor(left / grid) * grid, math.floor(below / grid) * grid
    return Window(left, below, left + math.ceil(width), below + math.ceil(width) / 2)


@lru_cache(maxsize=32)
def _land(window: Window) -> Markup:
    """Squares in which there is a town."""
    import numpy as np

    from tertius.world.gazetteer import cities

    latitude, longitude = np.degrees(cities().radians).T
    inside = (longitude >= window.west) & (longitude < window.east)
    inside &= (latitude > window.south) & (latitude <= window.north)
    columns = ((longitude[inside] - window.west) * window.unit // GRAIN).astype(int)
    lines = ((window.north - latitude[inside]) * window.unit // GRAIN).astype(int)
    squares = np.unique(lines * 1_000 + columns)
    path = "".join(f"M{at % 1_000 * GRAIN} {at // 1_000 * GRAIN}h{GRAIN}v{GRAIN}h-{GRAIN}z" for at in squares.tolist())
    return Markup('<path class="land" d="{}"/>').format(path)


def _graticule(window: Window) -> Markup:
    span = window.east - window.west
    step = next(s for s in (2, 5, 10, 15, 30, 60) if span / s <= 8 or s == 60)
    parts = []
    for degree in range(math.ceil(window.west / step) * step, math.floor(window.east) + 1, step):
        x, words = window.x(degree), f"{abs(degree)}°{'E' if degree > 0 else 'W' if degree < 0 else ''}"
        parts.append(Markup('<path class="grid" d="M{0:.1f} 0V{1:.0f}"/>').format(x, window.height))
        parts.append(
            Markup('<text class="tick" x="{:.1f}" y="{:.0f}">{}</text>').format(x + 3, window.height - 4, words)
        )
    for degree in range(math.ceil(window.south / step) * step, math.floor(window.north) + 1, step):
        y, words = window.y(degree), f"{abs(degree)}°{'N' if degree > 0 else 'S' if degree < 0 else ''}"
        parts.append(Markup('<path class="grid" d="M0 {0:.1f}H{1}"/>').format(y, WIDTH))
        parts.append(Markup('<text class="tick" x="3" y="{:.1f}">{}</text>').format(y - 3, words))
    return Markup("").join(parts)


def _mark(dot: Dot, window: Window, most: int) -> Markup:
    x, y, size = window.x(dot.longitude), window.y(dot.latitude), 4 + 10 * math.sqrt(dot.acts / most)
    words = f"{dot.name} ({WORDS[dot.precision]}): {dot.acts}"
    return Markup('<a href="{}"><title>{}</title>{}</a>').format(dot.href, words, symbol(dot.precision, x, y, size))


def symbol(precision: Precision, x: float, y: float, size: float) -> Markup:
    """A disc for a town, a ring for a region, a dashed square for a country."""
    if precision == "country":
        return Markup('<rect class="country" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            x - size, y - size, 2 * size, 2 * size
        )
    return Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>').format(precision, x, y, size)


def _labels(dots: Sequence[Dot], window: Window) -> list[Markup]:
    """The names of the places with most acts, where no other name stands."""
    placed: list[tuple[float, float, float]] = []
    parts = []
    for dot in dots:
        name = dot.name if len(dot.name) <= 22 else dot.name[:21] + "…"
        x, y, width = window.x(dot.longitude) + 12, window.y(dot.latitude) + 4, 7.5 * len(name)
        if x + width > WIDTH:
            x -= width + 24
        if len(placed) < LABELS and not any(abs(y - v) < 16 and x < u + w and u < x + width for u, v, w in placed):
            placed.append((x, y, width))
            parts.append(Markup('<text class="name" x="{:.1f}" y="{:.1f}">{}</text>').format(x, y, name))
    return parts
