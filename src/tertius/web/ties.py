"""The records that the studies want, fetched for the pair or triad that is asked for instead of as a whole.

The same acts count as in studies/record.sql (screen_ties of acts.sql): between states, actual, up to today, and the
same type once a day. Acts of others are told as those of OTHERS, since only how many there were each day is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tertius.errors import TooLittle
from tertius.web.desk import Row, View

if TYPE_CHECKING:
    from tertius.studies.record import Record

OTHERS = "others"
MOST = 1_500_000  # acts that are held at once, one a day and type

_OWN = """
    SELECT min(id) AS id, "day", source, target, "type", min(quad) AS quad, avg(intensity) AS intensity
    FROM screen_ties
    WHERE source IN ({actors}) AND target IN ({actors}) AND "day" <= $until
      AND (CAST($origin AS VARCHAR) IS NULL OR origin = $origin)
    GROUP BY "day", source, target, "type" ORDER BY "day", source, target, "type" """
_AROUND = """
    SELECT "day", quad, count(*) AS times, source = $a AS of_a, target = $b AS on_b, target = $x AS on_x
    FROM screen_ties
    WHERE once AND (source = $a OR target = $b OR target = $x) AND "day" <= $until
      AND NOT (source IN ($a, $b, $x) AND target IN ($a, $b, $x))
    GROUP BY ALL ORDER BY ALL"""
_ENDS = """
    SELECT min("day") AS first, max("day") AS last FROM screen_ties
    WHERE "day" <= ? AND (? IS NULL OR origin = ?)"""


def actors(view: View) -> tuple[str, ...]:
    """Everybody who acts on somebody in the record of the studies."""

    def ask() -> tuple[str, ...]:
        rows = view.rows("SELECT source AS a FROM screen_ties UNION SELECT target FROM screen_ties ORDER BY 1")
        return tuple(row["a"] for row in rows)

    return view.kept("actors", ask)


def of_pair(view: View, a: str, b: str, origin: str | None = None) -> Record:
    """All acts of two on one another, over the days of the whole record. Raises TooLittle."""
    return _record(view, (a, b), [], origin)


def of_triad(view: View, x: str, b: str, a: str) -> Record:
    """All acts of three on one another, with ids, and how many more there were on and by each. Raises TooLittle."""
    rows = view.rows(_AROUND, {"a": a, "b": b, "x": x, "until": date.today()})
    around = [
        {"day": row["day"], "quad": row["quad"], "times": row["times"], "source": a if row["of_a"] else OTHERS,
         "target": b if row["on_b"] else x if row["on_x"] else OTHERS}
        for row in rows
    ]  # fmt: skip
    return _record(view, (x, b, a), around, None)


def of_all(view: View) -> Record:
    """The record of the whole ledger. Raises TooLittle where there is none or it is too large to hold."""
    from tertius.studies import record

    if view.number("SELECT count(*) FROM screen_ties WHERE once") > MOST:
        raise TooLittle("this ledger is too large to ask of all triads here: use 'tertius answers', or ask one triad")
    rows = view.rows(
        """SELECT min(id) AS id, "day" AS "date", source, target, "type", min(quad) AS quad, avg(intensity) AS intensity
           FROM screen_ties GROUP BY 2, 3, 4, 5 ORDER BY 2, 3, 4, 5"""
    )
    return record.of_rows(rows)


def _record(view: View, chosen: Sequence[str], around: Sequence[Row], origin: str | None) -> Record:
    """Own acts one by one, those of others repeated as often as they are counted, in order of days.

    There may be millions, of a few actors: numbers are as small as they can be.
    """
    import numpy as np

    from tertius.studies.record import Record

    until = date.today()
    ends = view.kept(("ends", origin), lambda: view.rows(_ENDS, [until, origin, origin])[0])
    if ends["first"] is None:
        raise TooLittle("the ledger has no dated acts of one country on another: read or import some first")
    names = (*sorted(set(chosen)), OTHERS)
    own = view.rows(_own(names), {f"a{n}": name for n, name in enumerate(names)} | {"until": until, "origin": origin})
    edges = [{"day": day, "source": OTHERS, "target": OTHERS, "quad": 1} for day in (ends["first"], ends["last"])]
    rows: list[Row] = sorted([*own, *around, *edges], key=lambda row: row["day"])
    times = [row.get("times", 1) for row in rows]
    types = tuple(sorted({row["type"] for row in own} | {"OTHER"}))
    place, kind = ({name: at for at, name in enumerate(of)} for of in (names, types))

    def column(values: list[Any], as_: Any) -> Any:
        return np.repeat(np.array(values, as_), times)

    return Record(
        actors=names,
        types=types,
        day=column([row["day"].toordinal() for row in rows], np.int32),
        source=column([place[row["source"]] for row in rows], np.int8),
        target=column([place[row["target"]] for row in rows], np.int8),
        quad=column([row["quad"] for row in rows], np.int8),
        kind=column([kind[row.get("type", "OTHER")] for row in rows], np.int16),
        intensity=column([_number(row.get("intensity")) for row in rows], np.float64),
        ids=tuple(column([row.get("id", "") for row in rows], object).tolist()),
    )


def _own(names: Sequence[str]) -> str:
    return _OWN.format(actors=", ".join(f"$a{n}" for n in range(len(names))))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
