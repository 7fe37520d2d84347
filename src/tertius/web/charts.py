"""Acts of a pair over time, as SVG: one direction above the line, the other below, stacked by quad class.

Every bar is a link to the acts that it counts. Bars are days, months, quarters or years, as few as can be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from markupsafe import Markup

from tertius.ontology import QUAD_NAMES
from tertius.show.graph import COLOURS
from tertius.web import acts
from tertius.web.acts import Acts
from tertius.web.desk import View
from tertius.web.names import party

MOST = 48  # bars in a row
WIDTH, HALF, TOP, LEFT = 760, 110, 18, 8
LABEL = 14  # units above the chart's lower edge


class Bin(NamedTuple):
    """A day, month, quarter or year: its first and last day and its name."""

    since: date
    until: date
    name: str
    step: str


class Bar(NamedTuple):
    """Acts of one class in one direction in one bin, and the events that they are."""

    place: int
    up: bool
    quad: int
    acts: int
    href: str
    words: str


class Mark(NamedTuple):
    """A day from which on a pace is another; `up`: of acts above the line."""

    day: date
    up: bool
    words: str


class Chart(NamedTuple):
    """The picture and the bars as rows. `cut`: earlier acts are not drawn."""

    svg: Markup
    bars: list[Bar]
    cut: bool


def both_ways(view: View, asked: Acts, a: str, b: str, marks: Sequence[Mark] = ()) -> Chart | None:
    """The chart of the acts of two on one another, with a mark for each change of pace; None without any dated act."""
    condition, values = asked.where()
    where = f'FROM screen_acts WHERE {condition} AND "day" IS NOT NULL'
    ends = view.rows(f'SELECT min("day") AS first, max("day") AS last {where}', values)[0]
    if ends["first"] is None:
        return None
    bins, cut = _bins(ends["first"], ends["last"])
    counts = view.rows(
        f"""SELECT CAST(date_trunc('{bins[0].step}', "day") AS DATE) AS since, source, quad, count(*) AS acts
            {where} GROUP BY ALL ORDER BY ALL""",
        values,
    )
    bars = list(_bars(view, counts, bins, asked, a, b))
    return Chart(_drawn(bars, bins, a, b, marks), bars, cut)


def _bins(first: date, last: date) -> tuple[list[Bin], bool]:
    """The finest bins that are at most MOST; years, and the last of them, where none are."""
    for step, days in ((_day, 1), (_month, 30), (_quarter, 91), (_year, 365)):
        if (last - first).days <= MOST * days:
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
    return Bin(day, day, day.isoformat(), "day")


def _month(day: date) -> Bin:
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Bin(first, after - timedelta(days=1), first.isoformat()[:7], "month")


def _quarter(day: date) -> Bin:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    after = (first + timedelta(days=95)).replace(day=1)
    return Bin(first, after - timedelta(days=1), f"{day.year} Q{(day.month + 2) // 3}", "quarter")


def _year(day: date) -> Bin:
    return Bin(date(day.year, 1, 1), date(day.year, 12, 31), str(day.year), "year")


def _bars(
    view: View, counts: Iterable[dict[str, Any]], bins: Sequence[Bin], asked: Acts, a: str, b: str
) -> Iterator[Bar]:
    place = {one.since: n for n, one in enumerate(bins)}
    told = {name: value for name, value in asked.chosen.items() if name != "between"}
    for row in counts:
        if row["since"] not in place:
            continue
        one, up = bins[place[row["since"]]], row["source"] == a
        source, target = (a, b) if up else (b, a)
        days = {"since": one.since.isoformat(), "until": one.until.isoformat()}
        wanted = Acts({"source": source, "target": target, "quad": str(row["quad"])} | told | days)
        words = f"{one.name}, {party(source)} → {party(target)}: {QUAD_NAMES[row['quad']]}"
        yield Bar(place[row["since"]], up, row["quad"], row["acts"], acts.href(view, wanted), words)


def _drawn(bars: Sequence[Bar], bins: Sequence[Bin], a: str, b: str, marks: Sequence[Mark]) -> Markup:
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
    changes = [_change(mark, bins, step, number) for number, mark in enumerate(marks, 1)]
    return head + Markup("").join(parts) + _axis(bins, step, a, b) + Markup("").join(changes) + Markup("</svg>")


def _change(mark: Mark, bins: Sequence[Bin], step: float, number: int) -> Markup:
    """A dashed line where a pace changes, on the side of the one who changes, with its number in the list below."""
    at = next((n for n, one in enumerate(bins) if one.since <= mark.day <= one.until), None)
    if at is None:
        return Markup("")
    one = bins[at]
    x = LEFT + step * (at + (mark.day - one.since).days / ((one.until - one.since).days + 1))
    y0, y1 = (TOP, TOP + HALF) if mark.up else (TOP + HALF, TOP + 2 * HALF)
    place = 9 + 20 * (number % 3)  # so that numbers of one month lie beside one another
    return Markup(
        '<a href="#change-{n}"><title>{words}</title><path class="change" d="M{x:.1f} {y0}V{y1}"/>'
        '<circle class="change" cx="{x:.1f}" cy="{c}" r="9"/><text class="mark" x="{x:.1f}" y="{t}">{n}</text></a>'
    ).format(n=number, words=mark.words, x=x, y0=y0, y1=y1, c=y0 + place if mark.up else y1 - place,
             t=(y0 + place if mark.up else y1 - place) + 4)  # fmt: skip


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
        if n % every == 0 and LEFT + n * step < WIDTH - LABEL * 4
    ]
    return line + above + (below if a != b else Markup("")) + Markup("").join(ticks)
