"""Who acts on whom, as a small SVG: actors on a circle, one arrow for each pair and quad class.

Colours are Okabe and Ito's, which people with any colour vision can tell apart; words are dashed, deeds are solid, so
the picture also reads in print.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

COLOURS = {1: "#0072b2", 2: "#009e73", 3: "#e69f00", 4: "#d55e00"}
DASHES = {1: "6 4", 2: "", 3: "6 4", 4: ""}
MOST = 14  # actors drawn; more than these would be a hairball
WIDTH, HEIGHT, RADIUS = 760, 440, 150.0


class Edge(NamedTuple):
    """Source acts on target: how many times in one quad class, and the first row that says so."""

    source: str
    target: str
    quad: int
    times: int
    href: str
    words: str  # said when the pointer rests on the arrow


class Point(NamedTuple):
    x: float
    y: float


def who_acts_on_whom(edges: Sequence[Edge], names: dict[str, str], key: str = "g") -> tuple[Markup, int]:
    """The picture, and how many actors were left out of it.

    `names` are the labels of the actors; `key` begins the ids inside, so that a page may hold several pictures.
    """
    weight = Counter[str]()
    for edge in edges:
        weight.update({edge.source: edge.times, edge.target: edge.times})
    shown = [actor for actor, _ in weight.most_common(MOST)]
    drawn = [e for e in edges if e.source in shown and e.target in shown]
    at = _circle(_ordered(shown, drawn))
    parts = [_arrow(edge, at, drawn, key) for edge in drawn] + [
        _node(actor, names[actor], at[actor]) for actor in shown
    ]
    label = f"Who acts on whom: {len(shown)} actors, {len(drawn)} arrows"
    head = Markup('<svg class="graph" viewBox="0 0 {} {}" role="group" aria-label="{}">').format(WIDTH, HEIGHT, label)
    return head + _heads(key) + Markup("").join(parts) + Markup("</svg>"), len(weight) - len(shown)


def _ordered(actors: Sequence[str], edges: Iterable[Edge]) -> list[str]:
    """Neighbours on the circle act on each other most: a greedy chain, which keeps arrows short."""
    tie = Counter[frozenset[str]]()
    for edge in edges:
        tie[frozenset((edge.source, edge.target))] += edge.times
    left = list(actors)
    chain = left[:1]
    left = left[1:]
    while left:
        best = max(left, key=lambda actor: (tie[frozenset((chain[-1], actor))], -left.index(actor)))
        left.remove(best)
        chain.append(best)
    return chain


def _circle(actors: Sequence[str]) -> dict[str, Point]:
    step = 2 * math.pi / max(1, len(actors))
    return {
        actor: Point(
            WIDTH / 2 + 1.55 * RADIUS * math.cos(n * step - math.pi / 2),
            HEIGHT / 2 + RADIUS * math.sin(n * step - math.pi / 2),
        )
        for n, actor in enumerate(actors)
    }


def _arrow(edge: Edge, at: dict[str, Point], edges: Sequence[Edge], key: str) -> Markup:
    a, b = at[edge.source], at[edge.target]
    if edge.source == edge.target:
        return _loop(edge, a, edges)
    length = math.hypot(b.x - a.x, b.y - a.y) or 1.0
    along, across = ((b.x - a.x) / length, (b.y - a.y) / length), ((a.y - b.y) / length, (b.x - a.x) / length)
    same = [e.quad for e in edges if (e.source, e.target) == (edge.source, edge.target)]
    bow = 22 + 16 * same.index(edge.quad)
    start = Point(a.x + 12 * along[0] + 5 * across[0], a.y + 12 * along[1] + 5 * across[1])
    stop = Point(b.x - 16 * along[0] + 5 * across[0], b.y - 16 * along[1] + 5 * across[1])
    middle = Point((a.x + b.x) / 2 + 2 * bow * across[0], (a.y + b.y) / 2 + 2 * bow * across[1])
    return Markup(
        '<a href="{href}"><path d="M{x1:.1f} {y1:.1f} Q{xm:.1f} {ym:.1f} {x2:.1f} {y2:.1f}" fill="none" '
        'stroke="{colour}" stroke-width="{width:.1f}" stroke-dasharray="{dash}" marker-end="url(#{key}-head{quad})">'
        "<title>{words}</title></path></a>"
    ).format(
        href=edge.href, x1=start.x, y1=start.y, xm=middle.x, ym=middle.y, x2=stop.x, y2=stop.y,
        colour=COLOURS[edge.quad], width=1.2 + 1.2 * math.log2(1 + edge.times), dash=DASHES[edge.quad],
        key=key, quad=edge.quad, words=edge.words,
    )  # fmt: skip


def _loop(edge: Edge, point: Point, edges: Sequence[Edge]) -> Markup:
    """An actor acts on itself (police arrest protesters): a ring around it, one for each quad class."""
    rings = [e.quad for e in edges if e.source == e.target == edge.source]
    return Markup(
        '<a href="{href}"><circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="none" stroke="{colour}" '
        'stroke-width="2.4" stroke-dasharray="{dash}"><title>{words}</title></circle></a>'
    ).format(
        href=edge.href, x=point.x, y=point.y, r=12 + 4 * rings.index(edge.quad), colour=COLOURS[edge.quad],
        dash=DASHES[edge.quad], words=edge.words,
    )  # fmt: skip


def _node(actor: str, name: str, point: Point) -> Markup:
    right, below = point.x > WIDTH / 2 + 5, point.y > HEIGHT / 2
    middle = abs(point.x - WIDTH / 2) < RADIUS * 0.5
    anchor = "middle" if middle else "start" if right else "end"
    dx = 0 if middle else 14 if right else -14
    dy = (24 if below else -14) if middle else 5
    return Markup(
        '<circle cx="{x:.1f}" cy="{y:.1f}" r="8"><title>{actor}</title></circle>'
        '<text x="{tx:.1f}" y="{ty:.1f}" text-anchor="{anchor}">{name}</text>'
    ).format(x=point.x, y=point.y, actor=actor, tx=point.x + dx, ty=point.y + dy, anchor=anchor, name=name)


def _heads(key: str) -> Markup:
    heads = (
        Markup(
            '<marker id="{}-head{}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="9" markerHeight="9" '
            'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10z" fill="{}"/></marker>'
        ).format(key, quad, colour)
        for quad, colour in COLOURS.items()
    )
    return Markup("<defs>") + Markup("").join(heads) + Markup("</defs>")
