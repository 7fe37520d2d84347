"""Where the acts of two took place: the dots of the map, how exactly each is known, and what has no place."""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup

from tertius.web import acts, maps
from tertius.web.acts import Acts
from tertius.web.desk import Row, View
from tertius.web.maps import Dot, Precision
from tertius.web.names import party

MOST = 150  # places on a map


class Where(NamedTuple):
    """The map, its dots as rows, and how many acts lie somewhere and how many nowhere."""

    map: Markup | None
    dots: list[Dot]
    placed: Row
    nowhere: Row
    left_out: int  # places with fewer acts than those drawn


def where(view: View, asked: Acts, title: str) -> Where:
    """The places of some acts."""
    found = _grouped(view, asked)
    dots = [_dot(asked, row) for row in found]
    placed, nowhere = (_counted(view, Acts(asked.chosen | {"placed": name})) for name in ("yes", "no"))
    left_out = found[0]["places"] - len(found) if found else 0
    return Where(maps.drawn(dots, f"Where it took place: {title}"), dots, placed, nowhere, left_out)


def _counted(view: View, asked: Acts) -> Row:
    return {"count": acts.total(view, asked), "href": asked.address()}


def _grouped(view: View, asked: Acts) -> list[Row]:
    """The places of some acts, those with most acts first, and how many places there are in all."""
    condition, values = asked.where()
    return view.rows(
        f"""SELECT place, round(latitude, 2) AS latitude, round(longitude, 2) AS longitude, count(*) AS acts,
                   any_value(place_country) AS country, any_value(province) AS province,
                   any_value(geonames) AS geonames, any_value(origin) AS origin, count(*) OVER () AS places
            FROM screen_acts WHERE {condition} AND latitude IS NOT NULL AND longitude IS NOT NULL
            GROUP BY place, 2, 3 ORDER BY acts DESC, place, 2, 3 LIMIT {MOST}""",
        values,
    )


def _dot(asked: Acts, row: Row) -> Dot:
    name = row["place"] or "somewhere"
    at = f"{row['latitude']:.2f},{row['longitude']:.2f}"
    here = Acts(asked.chosen | {"at": at} | ({"place": row["place"]} if row["place"] else {}))
    return Dot(name, row["latitude"], row["longitude"], precision(row), row["acts"], here.address())


def precision(row: dict[str, Any]) -> Precision:
    """How exactly a place is known, from the gazetteer or from how the data set writes it."""
    name, country = row["place"] or "", row["country"] or ""
    if row["origin"] == acts.READ:
        return _of_gazetteer(name, row["geonames"])
    if not name or name in (country, party(country)):
        return "country"
    if row["origin"] == "gdelt":  # 'Oslo, Oslo, Norway', 'Oslo, Norway' (the province), 'Norway'
        return ("country", "region", "town")[min(name.count(","), 2)]
    return "region" if name == row["province"] else "town"


def _of_gazetteer(name: str, geonames: int | None) -> Precision:
    from tertius.world.gazetteer import places_named

    found = [place for place in places_named(name) if not geonames or place.geonames == geonames]
    kind = found[0].kind if found else "city"
    return "town" if kind == "city" else "country" if kind == "country" else "region"
