"""The studies as small SVG charts: rows in, an SVG out that stands alone and reads on light and dark paper.

Colours are those of graph.py, by quad class; words are dashed, deeds are solid.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from tertius.show.graph import COLOURS, DASHES

WIDTH, HEIGHT = 760, 320
LEFT, RIGHT, TOP, BOTTOM = 58, 20, 44, 40
LABELS = 170  # room for names beside dots
ROW = 22
WIDE_LABELS = 240
FOREST_ROW = 26
MOST_DOTS = 60

_STYLE = Markup(
    "<style>.tertius-chart{color:#1d2733;font:13px system-ui,sans-serif}"
    "@media(prefers-color-scheme:dark){.tertius-chart{color:#e4e9ee}}"
    ".tertius-chart .paper{fill:#fff}@media(prefers-color-scheme:dark){.tertius-chart .paper{fill:#14191f}}"
    ".tertius-chart text{fill:currentColor}.tertius-chart .axis{stroke:currentColor;stroke-opacity:.35}"
    ".tertius-chart .band{fill:currentColor;fill-opacity:.14}</style>"
)


class Frame(NamedTuple):
    """A plot area: data ranges that are drawn within the margins."""

    x0: float
    x1: float
    y0: float
    y1: float
    height: float = HEIGHT
    left: float = LEFT

    def x(self, value: float) -> float:
        """The place of a value from left to right."""
        return self.left + (value - self.x0) / ((self.x1 - self.x0) or 1.0) * (WIDTH - self.left - RIGHT)

    def y(self, value: float) -> float:
        """The place of a value from top to bottom."""
        return self.height - BOTTOM - (value - self.y0) / ((self.y1 - self.y0) or 1.0) * (self.height - TOP - BOTTOM)


class Around(NamedTuple):
    """A day around a trigger: the mean and the middle 95% under shifts."""

    lag: int
    mean: float
    low: float
    high: float


class Dot(NamedTuple):
    """An estimate with its interval; `quad` gives its colour; `href` and `words` lead to what is behind it."""

    label: str
    value: float
    low: float
    high: float
    quad: int = 1
    words: str = ""


class Twice(NamedTuple):
    """An effect estimated between pairs (hollow) and, where that can be told, within them (filled); log odds."""

    label: str
    between: tuple[float, float, float]  # value, low, high
    within: tuple[float, float, float] | None
    quad: int = 1


class Predicted(NamedTuple):
    """Cases of like predicted chance: how many, predicted, and observed share."""

    cases: int
    predicted: float
    observed: float


class Line(NamedTuple):
    """A series over time: points (x, value, low, high), in the colour and dash of a quad class."""

    label: str
    quad: int
    points: Sequence[tuple[float, float, float, float]]


def peri_event(points: Sequence[Around], title: str, unit: str = "responses a day") -> str:
    """The mean response on the days around a trigger, over the grey band that shifts of the trigger give."""
    if not points:
        return empty(title)
    top = max(max(p.mean, p.high) for p in points) or 1.0
    frame = Frame(points[0].lag, points[-1].lag, 0.0, top * 1.08)
    band = [(p.lag, p.high) for p in points] + [(p.lag, p.low) for p in reversed(points)]
    parts = [
        axes_of(frame, _ticks(frame.x0, frame.x1, 7), "days from the trigger", unit),
        Markup('<path class="band" d="{}Z"/>').format(path_of(frame, band)),
        Markup('<line class="axis" stroke-dasharray="3 3" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>').format(
            frame.x(0), TOP, HEIGHT - BOTTOM
        ),
        stroke(frame, [(p.lag, p.mean) for p in points], 1, solid=True),
        *(circle(frame.x(p.lag), frame.y(p.mean), 1, f"day {p.lag:+d}: {p.mean:.3g}") for p in points),
    ]
    return svg_of(parts, title, HEIGHT)


def dots(rows: Sequence[Dot], title: str, unit: str, zero: float | None = None) -> str:
    """Estimates with their intervals, one a line; at most MOST_DOTS of them."""
    rows = rows[:MOST_DOTS]
    if not rows:
        return empty(title)
    low, high = min(r.low for r in rows), max(r.high for r in rows)
    if zero is not None:
        low, high = min(low, zero), max(high, zero)
    pad = (high - low) * 0.04 or 0.5
    height = TOP + BOTTOM + ROW * len(rows)
    frame = Frame(low - pad, high + pad, 0.0, 1.0, height, LABELS)
    parts = [axes_of(frame, _ticks(low, high), unit, "")]
    if zero is not None:
        line = Markup('<line class="axis" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>')
        parts.append(line.format(frame.x(zero), TOP, height - BOTTOM))
    parts += [_dot(frame, row, TOP + ROW * (at + 0.5)) for at, row in enumerate(rows)]
    return svg_of(parts, title, height)


def forest(rows: Sequence[Twice], title: str, unit: str, names: tuple[str, str]) -> str:
    """Two estimates for each row, one beneath the other: the first hollow, the second filled; `names` says what."""
    rows = rows[:MOST_DOTS]
    if not rows:
        return empty(title)
    ends = [end for row in rows for one in (row.between, row.within) if one for end in one[1:]]
    low, high = min(0.0, *ends), max(0.0, *ends)
    pad, height = (high - low) * 0.04 or 0.5, TOP + BOTTOM + FOREST_ROW * len(rows)
    frame = Frame(low - pad, high + pad, 0.0, 1.0, height, WIDE_LABELS)
    line = Markup('<line class="axis" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>')
    parts = [axes_of(frame, _ticks(low, high), unit, ""), line.format(frame.x(0), TOP, height - BOTTOM)]
    for at, row in enumerate(rows):
        y = TOP + FOREST_ROW * (at + 0.5)
        parts.append(_text(WIDE_LABELS - 10, y + 4, row.label, "end"))
        parts += [
            _interval(frame, one, y + shift, row.quad, name, filled=shift > 0)
            for one, shift, name in ((row.between, -5, names[0]), (row.within, 5, names[1]))
            if one
        ]
    key = Markup('<circle cx="{}" cy="32" r="3.5" fill="{}" stroke="currentColor" stroke-width="1.5"/>')
    for x, name, fill in ((WIDE_LABELS, names[0], "none"), (WIDE_LABELS + 170, names[1], "currentColor")):
        parts += [key.format(x, fill), _text(x + 9, 36, name, "start")]
    return svg_of(parts, title, height)


def reliability(points: Sequence[Predicted], title: str, what: str) -> str:
    """Observed shares over predicted chances of `what`, with the diagonal on which they should lie."""
    if not points:
        return empty(title)
    frame = Frame(0.0, max(max(p.predicted, p.observed) for p in points) * 1.05 or 1.0, 0.0, 0.0)
    frame = frame._replace(y1=frame.x1)
    diagonal = Markup('<path class="axis" stroke-dasharray="3 3" d="{}"/>').format(
        path_of(frame, [(0.0, 0.0), (frame.x1, frame.x1)])
    )
    circles = [
        circle(
            frame.x(p.predicted), frame.y(p.observed), 1,
            f"{p.cases:,} cases: predicted {p.predicted:.1%}, observed {p.observed:.1%}",
        )
        for p in points
    ]  # fmt: skip
    axes = axes_of(frame, _ticks(0.0, frame.x1), f"predicted chance of {what}", "observed share")
    return svg_of([axes, diagonal, *circles], title, HEIGHT)


def profile(points: Sequence[tuple[float, float, float]], title: str, below: str, names: tuple[str, str]) -> str:
    """Two log-likelihoods, each below its best (0), over half-lives on a log scale: (half-life, first, second)."""
    if not points:
        return empty(title)
    best = [max(point[n] for point in points) for n in (1, 2)]
    lines = [[(math.log2(point[0]), point[n] - best[n - 1]) for point in points] for n in (1, 2)]
    xs = [x for x, _ in lines[0]]
    frame = Frame(xs[0], xs[-1], min(y for line in lines for _, y in line) * 1.05 or -1.0, 0.0)
    ticks = [(x, f"{point[0]:g}") for x, point in zip(xs, points, strict=True)]
    parts = [axes_of(frame, ticks, below, " ")]
    for line, quad, name in zip(lines, (1, 2), names, strict=True):
        parts.append(stroke(frame, line, quad))
        parts += [circle(frame.x(x), frame.y(y), quad, f"{name}, {2**x:g} days: {y:.1f}") for x, y in line]
    return svg_of([*parts, _legend([(names[0], 1), (names[1], 2)])], title, HEIGHT)


def over_time(lines: Sequence[Line], ticks: Sequence[tuple[float, str]], marks: Iterable[float], title: str) -> str:
    """Rates over time with their intervals; `ticks` name places on the axis, `marks` are change points."""
    values = [point for line in lines for point in line.points]
    if not values:
        return empty(title)
    frame = Frame(min(v[0] for v in values), max(v[0] for v in values), 0.0, max(v[3] for v in values) * 1.05)
    parts = [axes_of(frame, ticks, "", "acts a week")]
    mark = Markup('<line class="axis" stroke-dasharray="2 3" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/>')
    parts += [mark.format(frame.x(at), TOP, HEIGHT - BOTTOM) for at in marks]
    area = Markup('<path d="{}Z" fill="{}" fill-opacity=".1"/>')
    for line in lines:
        band = [(p[0], p[3]) for p in line.points] + [(p[0], p[2]) for p in reversed(line.points)]
        parts.append(area.format(path_of(frame, band), COLOURS[line.quad]))
    parts += [stroke(frame, [(p[0], p[1]) for p in line.points], line.quad) for line in lines]
    return svg_of([*parts, _legend([(line.label, line.quad) for line in lines])], title, HEIGHT)


def beneath(charts: Sequence[str], title: str) -> str:
    """Charts one beneath the other, as one SVG."""
    body = Markup("").join(
        Markup('<svg x="0" y="{}" width="{}" height="{}">{}</svg>').format(at * HEIGHT, WIDTH, HEIGHT, Markup(chart))  # noqa: S704 (our own)
        for at, chart in enumerate(charts)
    )
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    return str(head.format(WIDTH, HEIGHT * len(charts), title) + body + Markup("</svg>\n"))


def svg_of(parts: Iterable[Markup], title: str, height: float) -> str:
    """A whole chart: its parts on paper, with its title."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="tertius-chart" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    ).format(WIDTH, f"{height:.0f}", title)
    paper = Markup('<rect class="paper" width="100%" height="100%"/>')
    name = Markup('<text x="{}" y="18" font-weight="600">{}</text>').format(8, title)
    return str(head + _STYLE + paper + name + Markup("").join(parts) + Markup("</svg>\n"))


def empty(title: str) -> str:
    """The chart of nothing."""
    return svg_of([Markup('<text x="8" y="60">Nothing to draw.</text>')], title, 90)


def axes_of(frame: Frame, ticks: Iterable[tuple[float, str]], below: str, beside: str) -> Markup:
    """The axes of a frame with their ticks and names; none beside where `beside` is empty."""
    base = frame.height - BOTTOM
    line = Markup('<line class="axis" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>')
    parts = [line.format(frame.left, WIDTH - RIGHT, base, base)]
    for at, label in ticks:
        parts.append(line.format(frame.x(at), frame.x(at), base, base + 4))
        parts.append(_text(frame.x(at), base + 17, label, "middle"))
    parts.append(_text((frame.left + WIDTH - RIGHT) / 2, base + 34, below, "middle"))
    if beside:
        for at, label in _ticks(frame.y0, frame.y1, 4):
            parts += [
                line.format(frame.left - 4, frame.left, frame.y(at), frame.y(at)),
                _text(frame.left - 7, frame.y(at) + 4, label, "end"),
            ]
        parts.append(_text(8, TOP - 8, beside, "start"))
    return Markup("").join(parts)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _ticks(low: float, high: float, about: int = 6) -> list[tuple[float, str]]:
    """Round numbers between two values, with their labels."""
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(power * m for m in (1, 2, 5, 10) if span / (power * m) <= about)
    start = math.ceil(low / step - 1e-9)
    stop = math.floor(high / step + 1e-9)
    return [(n * step, f"{n * step:.6g}") for n in range(start, stop + 1)]


def path_of(frame: Frame, points: Iterable[tuple[float, float]]) -> str:
    """Points as the data of a path."""
    return "M" + " L".join(f"{frame.x(x):.1f} {frame.y(y):.1f}" for x, y in points)


def stroke(frame: Frame, points: Iterable[tuple[float, float]], quad: int, solid: bool = False) -> Markup:
    """A line in the colour and dash of a quad class."""
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>').format(
        path_of(frame, points), COLOURS[quad], "" if solid else DASHES[quad]
    )


def circle(x: float, y: float, quad: int, words: str) -> Markup:
    """A point in the colour of a quad class, with words for who points at it."""
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="{}"><title>{}</title></circle>').format(
        x, y, COLOURS[quad], words
    )


def _dot(frame: Frame, row: Dot, y: float) -> Markup:
    bar = Markup('<line x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="2"/>').format(
        frame.x(row.low), frame.x(row.high), y, y, COLOURS[row.quad]
    )
    words = row.words or f"{row.label}: {row.value:.2f} [{row.low:.2f}, {row.high:.2f}]"
    name = row.label if len(row.label) <= 24 else row.label[:23] + "…"
    return bar + circle(frame.x(row.value), y, row.quad, words) + _text(LABELS - 10, y + 4, name, "end")


def _interval(frame: Frame, one: tuple[float, float, float], y: float, quad: int, name: str, *, filled: bool) -> Markup:
    value, low, high = one
    bar = Markup('<line x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="{}"/>').format(
        frame.x(low), frame.x(high), y, y, COLOURS[quad], 2.5 if filled else 1.2
    )
    dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5" class="{}" fill="{}" stroke="{}" stroke-width="1.5">').format(
        frame.x(value), y, "dot" if filled else "dot paper", COLOURS[quad] if filled else "#fff", COLOURS[quad]
    )
    return bar + dot + Markup("<title>{}: {:.2f} [{:.2f}, {:.2f}]</title></circle>").format(name, value, low, high)


def _legend(entries: Iterable[tuple[str, int]]) -> Markup:
    parts, x = [], LEFT + 40.0
    key = Markup('<line x1="{:.1f}" x2="{:.1f}" y1="32" y2="32" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>')
    for label, quad in entries:
        parts += [key.format(x, x + 24, COLOURS[quad], DASHES[quad]), _text(x + 29, 36, label, "start")]
        x += 44 + 6.6 * len(label)
    return Markup("").join(parts)
