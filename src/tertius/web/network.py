"""Who acts on whom around one actor: its strongest neighbours, and the strongest ties among them. Never a hairball."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from tertius.errors import UsageError
from tertius.ontology import QUAD_NAMES
from tertius.show.graph import Edge, who_acts_on_whom
from tertius.web import acts, ties
from tertius.web.acts import Acts
from tertius.web.desk import Row, View
from tertius.web.names import party

NEIGHBOURS = 25
AMONG = 25  # arrows among the neighbours
DRAWN = 12  # neighbours in the picture without a script
FIELDS = ("quad", "tone", "since", "until", "least")


class Network(NamedTuple):
    """An actor, its arrows as rows, and the picture."""

    actor: str
    wanted: Acts
    least: int
    edges: list[Row]  # source, target, acts, hostile (of them), href, own (of the actor itself)
    left_out: int  # neighbours that are not shown
    svg: Markup

    def nodes(self) -> list[Row]:
        """Everybody in the picture, with a name and how many acts link them to the actor."""
        weight = Counter[str]()
        for edge in self.edges:
            if edge["own"]:
                weight.update({edge["source"]: edge["acts"], edge["target"]: edge["acts"]})
        return [
            {"id": key, "name": party(key), "acts": count, "chosen": key == self.actor} for key, count in weight.items()
        ]


def network(view: View, query: Mapping[str, str]) -> Network | None:
    """The network of `actor`, or of whoever acts most; None in a ledger without acts. Raises UsageError."""
    least = query.get("least", "").strip() or "1"
    if not least.isdecimal() or not 1 <= int(least[:9]) <= 1_000_000:
        raise UsageError("'least' is a number of acts from 1 on")
    wanted = acts.wanted({name: query.get(name, "") for name in FIELDS if name != "least"})
    actor = _actor(view, query.get("actor", ""))
    if actor is None:
        return None
    key = ("network", actor, int(least), *sorted(wanted.chosen.items()))
    return view.kept(key, lambda: _made(view, actor, wanted, int(least)))


def _actor(view: View, words: str) -> str | None:
    """The key of an actor from its name or code."""
    from tertius.studies.record import resolve

    words = words.strip()[:80]
    known = view.kept("parties", lambda: [row["actor"] for row in view.rows(_PARTIES)])
    if not words:
        return known[0] if known else None
    if words in known or not ties.actors(view):
        return words
    return next((key for key in known if party(key).casefold() == words.casefold()), None) or resolve(words, known)


_PARTIES = """
    WITH pairs AS (SELECT source, target, count(*) AS acts FROM screen_acts WHERE quad > 0 GROUP BY 1, 2)
    SELECT actor
    FROM (SELECT source AS actor, target AS other, acts FROM pairs UNION ALL SELECT target, source, acts FROM pairs)
    WHERE actor IS NOT NULL AND other IS NOT NULL AND actor <> other GROUP BY actor ORDER BY sum(acts) DESC, actor"""


def _made(view: View, actor: str, wanted: Acts, least: int) -> Network:
    own = _edges(view, wanted, "(source = ? OR target = ?)", [actor, actor], least, own=True)
    weight = Counter[str]()
    for edge in own:
        weight[edge["target"] if edge["source"] == actor else edge["source"]] += edge["acts"]
    near = [other for other, _ in weight.most_common(NEIGHBOURS)]
    kept = [edge for edge in own if {edge["source"], edge["target"]} <= {actor, *near}]
    marks = ", ".join("?" * len(near))
    inside = f"source IN ({marks}) AND target IN ({marks})"
    among = _edges(view, wanted, inside, [*near, *near], least, own=False)[:AMONG] if near else []
    left_out = len(weight) - len(near)
    return Network(actor, wanted, least, kept + among, left_out, _picture(actor, near[:DRAWN], kept))


def _edges(view: View, wanted: Acts, who: str, bound: list[Any], least: int, *, own: bool) -> list[Row]:
    """The arrows between some actors, strongest first."""
    condition, values = wanted.where()
    rows = view.rows(
        f"""SELECT source, target, count(*) AS acts, count(*) FILTER (quad > 2) AS hostile FROM screen_acts
            WHERE {condition} AND {who} AND source <> target
            GROUP BY 1, 2 HAVING count(*) >= ? ORDER BY 3 DESC, 1, 2""",
        [*values, *bound, least],
    )
    return [_told(view, wanted, row) | {"own": own} for row in rows]


def _told(view: View, wanted: Acts, row: Row) -> Row:
    way = Acts({"source": row["source"], "target": row["target"]} | wanted.chosen)
    return row | {"href": acts.href(view, way)}


def _picture(actor: str, near: list[str], edges: list[Row]) -> Markup:
    """The picture for those without a script: arrows in the colour of what most of the acts are."""
    shown = [edge for edge in edges if {edge["source"], edge["target"]} <= {actor, *near}]
    arrows = [
        Edge(edge["source"], edge["target"], quad, edge["acts"], edge["href"],
             f"{party(edge['source'])} → {party(edge['target'])}: {edge['acts']}, {edge['hostile']} of them hostile")
        for edge in shown for quad in (4 if 2 * edge["hostile"] > edge["acts"] else 2,)
    ]  # fmt: skip
    return who_acts_on_whom(arrows, {key: party(key) for key in (actor, *near)}, "net")[0]


def choices(view: View) -> list[Row]:
    """Names for the list from which an actor may be chosen."""
    return [{"key": key, "name": party(key)} for key in ties.actors(view)]


def classes() -> dict[str, str]:
    """The quad classes as the form names them."""
    return {"": "all acts", **{str(quad): name for quad, name in QUAD_NAMES.items()}}
