"""Forecasts as small SVG charts: a probability against its usual rate over time, reliability, what drives it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from tertius.show.charts import BOTTOM, HEIGHT, TOP, Dot, Frame, axes_of, circle, dots, empty, path_of, stroke, svg_of
from tertius.show.graph import COLOURS

TICKS = 6


class Point(NamedTuple):
    """A forecast of a day (ISO date): the chance with its interval, the usual rate, and whether it came, if known."""

    day: str
    chance: float
    low: float
    high: float
    usual: float
    came: bool | None = None


class Share(NamedTuple):
    """Forecasts of about one chance: their mean, the share that came true with its interval, and how many they are."""

    chance: float
    came: float
    low: float
    high: float
    forecasts: int


def against_usual(points: Sequence[Point], quad: int, title: str) -> str:
    """The chance over time with its interval, its usual rate dotted; dots on the axis where it came true."""
    if not points:
        return empty(title)
    at = [float(date.fromisoformat(point.day).toordinal()) for point in points]
    top = min(1.0, max(max(point.high, point.usual) for point in points) * 1.08) or 1.0
    frame = Frame(min(at), max(at), 0.0, top)
    band = [(x, p.high) for x, p in zip(at, points, strict=True)]
    band += [(x, p.low) for x, p in reversed(list(zip(at, points, strict=True)))]
    area = Markup('<path d="{}Z" fill="{}" fill-opacity=".14"/>').format(path_of(frame, band), COLOURS[quad])
    usual = Markup('<path class="axis" d="{}" fill="none" stroke-width="2" stroke-dasharray="2 3"/>')
    step = max(1, -(-len(points) // TICKS))
    ticks = [(x, p.day) for x, p in zip(at, points, strict=True)][::step]
    parts = [
        axes_of(frame, ticks, "dotted: the usual rate; a dot at the foot: it came true", "probability"),
        area,
        usual.format(path_of(frame, [(x, p.usual) for x, p in zip(at, points, strict=True)])),
        stroke(frame, [(x, p.chance) for x, p in zip(at, points, strict=True)], quad, solid=True),
        *(_told(frame, x, p, quad) for x, p in zip(at, points, strict=True)),
    ]
    return svg_of(parts, title, HEIGHT)


def _told(frame: Frame, x: float, point: Point, quad: int) -> Markup:
    words = f"{point.day}: {point.chance:.3f} [{point.low:.3f}, {point.high:.3f}], usual {point.usual:.3f}"
    mark = circle(frame.x(x), frame.y(point.chance), quad, words)
    return mark + circle(frame.x(x), HEIGHT - BOTTOM, quad, f"{point.day}: it came") if point.came else mark


def reliability(shares: Sequence[Share], title: str = "Reliability") -> str:
    """Chances against how often they came true, on axes that give room to small ones; the diagonal is right."""
    if not shares:
        return empty(title)
    frame = Frame(0.0, 1.0, 0.0, 1.0)
    at = [0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0]
    line = Markup('<path class="axis" d="{}" fill="none" stroke-dasharray="3 3"/>')
    parts = [axes_of(frame, [(_room(v), f"{v:g}") for v in at], "chance that was given", "")]
    parts += [
        Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="end">{:g}</text>').format(50, frame.y(_room(v)) + 4, v)
        for v in at
    ]
    parts.append(Markup('<text x="8" y="{}">share that came true</text>').format(TOP - 8))
    parts.append(line.format(path_of(frame, [(0.0, 0.0), (1.0, 1.0)])))
    bar = Markup('<line x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}" stroke="{3}" stroke-width="2"/>')
    for one in shares:
        x = frame.x(_room(one.chance))
        words = (
            f"{one.forecasts} forecasts of {one.chance:.3f}: {one.came:.3f} [{one.low:.3f}, {one.high:.3f}] came true"
        )
        parts.append(bar.format(x, frame.y(_room(one.low)), frame.y(_room(one.high)), COLOURS[1]))
        parts.append(circle(x, frame.y(_room(one.came)), 1, words))
    return svg_of(parts, title, HEIGHT)


def _room(chance: float) -> float:
    """The square root: most chances are small."""
    return math.sqrt(chance)


def drivers(rows: Sequence[tuple[str, float]], title: str) -> str:
    """What drives a forecast: factors on the odds, on a logarithmic axis; right of zero they raise the chance."""
    told = []
    for label, odds in rows:
        log = math.log2(odds)
        low, high = min(0.0, log), max(0.0, log)
        told.append(Dot(label, log, low, high, 4 if log > 0 else 2, f"{label}: odds times {odds:.2f}"))
    return dots(told, title, "doublings of the odds", zero=0.0)
