"""Acts of a pair over time, as SVG: one direction above the line, the other below, stacked by quad class.

Every bar is a link to the events that it counts. Bars are days, months or years, whichever are few enough to see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from markupsafe import Markup

from tertius.ontology import QUAD_NAMES
from tertius.show.graph import COLOURS
from tertius.web.filters import Filters
from tertius.web.names import party

MOST = 48  # bars in a row
WIDTH, HALF, TOP, LEFT = 760, 110, 18, 8
LABEL = 14  # units above the chart's lower edge


class Bin(NamedTuple):
    """A day, month or year: its first and last day and its name."""

    since: date
    until: date
    name: str


class Bar(NamedTuple):
    """Acts of one class in one direction in one bin, and the events that they are."""

    place: int
    up: bool
    quad: int
    acts: int
    href: str
    words: str


class Chart(NamedTuple):
    """The picture and the bars as rows. `cut`: earlier acts are not drawn."""

    svg: Markup
    bars: list[Bar]
    cut: bool


def both_ways(acts: Sequence[dict[str, Any]], a: str, b: str) -> Chart | None:
    """The chart of acts, sorted by day, with `source`, `day` and `quad`; None without any."""
    if not acts:
        return None
    bins, cut = _bins(acts[0]["day"], acts[-1]["day"])
    bars = list(_bars(acts, bins, a, b))
    return Chart(_drawn(bars, bins, a, b), bars, cut)


def _bins(first: date, last: date) -> tuple[list[Bin], bool]:
    """The finest bins that are at most MOST; years, and the last of them, where none are."""
    for step in (_day, _month, _year):
        if (last - first).days <= MOST * {"_day": 1, "_month": 30, "_year": 365}[step.__name__]:
            found = list(_stepped(first, last, step))
            if len(found) <= MOST:
                return found, False
    found = list(_stepped(date(max(first.year, last.year - MOST + 1), 1, 1), last, _year))
    return found, first < found[0].since


def _stepped(first: date, last: date, step: Any) -> Iterator[Bin]:
    one = step(first)
    yield one
    while one.until < last:
        one = step(one.until + timedelta(days=1))
        yield one


def _day(day: date) -> Bin:
    return Bin(day, day, day.isoformat())


def _month(day: date) -> Bin:
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Bin(first, after - timedelta(days=1), first.isoformat()[:7])


def _year(day: date) -> Bin:
    return Bin(date(day.year, 1, 1), date(day.year, 12, 31), str(day.year))


def _bars(acts: Iterable[dict[str, Any]], bins: Sequence[Bin], a: str, b: str) -> Iterator[Bar]:
    counted = Counter((_place(bins, act["day"]), act["source"] == a, act["quad"]) for act in acts)
    for (place, up, quad), count in sorted(counted.items()):
        if place < 0:
            continue
        one, (source, target) = bins[place], (a, b) if up else (b, a)
        wanted = Filters({"source": source, "target": target, "quad": str(quad)})
        href = wanted.address(since=one.since.isoformat(), until=one.until.isoformat())
        yield Bar(place, up, quad, count, href, f"{one.name}, {party(source)} → {party(target)}: {QUAD_NAMES[quad]}")


def _place(bins: Sequence[Bin], day: date) -> int:
    return next((n for n, one in enumerate(bins) if one.since <= day <= one.until), -1)


def _drawn(bars: Sequence[Bar], bins: Sequence[Bin], a: str, b: str) -> Markup:
    heights = Counter[tuple[int, bool]]()
    for bar in bars:
        heights[bar.place, bar.up] += bar.acts
    unit = HALF / max(heights.values(), default=1)
    step = (WIDTH - 2 * LEFT) / max(len(bins), 6)
    begun = Counter[tuple[int, bool]]()
    parts = []
    for bar in bars:
        parts.append(_rect(bar, begun[bar.place, bar.up] * unit, unit, step))
        begun[bar.place, bar.up] += bar.acts
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">').format(
        WIDTH, 2 * (TOP + HALF) + LABEL, f"Acts of {party(a)} on {party(b)} above the line, the other way below"
    )
    return head + Markup("").join(parts) + _axis(bins, step, a, b) + Markup("</svg>")


def _rect(bar: Bar, begun: float, unit: float, step: float) -> Markup:
    middle, height = TOP + HALF, bar.acts * unit
    y = middle - begun - height if bar.up else middle + begun
    return Markup(
        '<a href="{}"><title>{}, {}</title><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"/></a>'
    ).format(
        bar.href, bar.words, bar.acts, LEFT + bar.place * step + step * 0.1, y, step * 0.8, height, COLOURS[bar.quad]
    )


def _axis(bins: Sequence[Bin], step: float, a: str, b: str) -> Markup:
    middle, bottom = TOP + HALF, 2 * (TOP + HALF) + LABEL - 4
    line = Markup('<path class="axis" d="M{} {}H{}"/>').format(LEFT, middle, WIDTH - LEFT)
    above = Markup('<text x="{}" y="12">{} → {}</text>').format(LEFT, party(a), party(b))
    below = Markup('<text x="{}" y="{}">{} → {}</text>').format(LEFT, bottom - LABEL, party(b), party(a))
    every = max(1, -(-len(bins) // 8))
    ticks = [
        Markup('<text class="tick" x="{:.1f}" y="{}">{}</text>').format(LEFT + n * step, bottom, one.name)
        for n, one in enumerate(bins)
        if n % every == 0
    ]
    return line + above + (below if a != b else Markup("")) + Markup("").join(ticks)
