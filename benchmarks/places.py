"""Place names and coordinates in news: python -m benchmarks.places FILE.xml ... [--held]

FILE is in the XML form of LGL and TR-News (toponym elements with a gaztag) or of GeoVirus (location elements). A gold
toponym counts as found where a predicted one overlaps it. Of those found: the share within 161 km (100 miles, the
field's usual bound) and the share in the right country. Where the gold names no country (GeoVirus), it is that of the
nearest populated place of the gazetteer. With --held only those reports count that training/world/tune_places.py has
not learned from. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tertius.reading import actors, language, places
from tertius.records import Document
from tertius.world import gazetteer

Positions = NDArray[np.float64]
BAND = np.radians(5)  # only places within so much latitude can be the nearest one


class Gold(NamedTuple):
    start: int
    end: int
    position: tuple[float, float] | None  # WGS84 degrees
    country: str | None  # as the file names it


class Article(NamedTuple):
    text: str
    gold: list[Gold]
    source: str  # the report that it is a part of, '' where the file does not say


def articles(path: str) -> Iterator[Article]:
    """Text and gold toponyms of each article."""
    for article in ET.parse(path).getroot().iter("article"):
        text = article.findtext("text") or ""
        found = [*article.iter("toponym"), *article.iter("location")]
        yield Article(text, [_gold(toponym) for toponym in found], article.findtext("source") or "")


def halves(found: list[Article]) -> tuple[list[Article], list[Article]]:
    """Every second report, and the others; the parts of one report stay together."""
    order = {source: n for n, source in enumerate(dict.fromkeys(a.source or str(i) for i, a in enumerate(found)))}
    even = [order[a.source or str(i)] % 2 == 0 for i, a in enumerate(found)]
    return [a for a, first in zip(found, even, strict=True) if first], [
        a for a, first in zip(found, even, strict=True) if not first
    ]


def _gold(toponym: ET.Element) -> Gold:
    def number(name: str) -> float | None:
        words = toponym.findtext(f".//{name}")
        return float(words) if words else None

    start, end = int(toponym.findtext("start") or 0), int(toponym.findtext("end") or 0)
    latitude, longitude = number("lat"), number("lon")
    position = (latitude, longitude) if latitude is not None and longitude is not None else None
    return Gold(start, end, position, toponym.findtext(".//country"))


class Tally(NamedTuple):
    gold: int
    predicted: int
    right: int  # predicted toponyms that overlap a gold one
    found: int
    placed: int  # found, and the gold has coordinates
    near: int
    country: int

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


def score(text: str, gold: list[Gold], weights: places.Weights | None = None) -> Tally:
    """Read one article and compare."""
    document = Document.from_text(text)
    doc = language.parse(text)
    cast = actors.find(doc, document)
    predicted = places.find(doc, cast, weights or places.Weights())
    return compare(gold, predicted)


def compare(gold: list[Gold], predicted: tuple[places.Place, ...]) -> Tally:
    """Count what was found, and how near it lies."""
    pairs = [(g, _overlapping(g, predicted)) for g in gold]
    found = [(g, p) for g, p in pairs if p is not None]
    placed = [(g, p) for g, p in found if g.position is not None]
    right = {id(p) for p in predicted for g in gold if p.start < g.end and g.start < p.end}
    return Tally(
        gold=len(gold),
        predicted=len(predicted),
        right=len(right),
        found=len(found),
        placed=len(placed),
        near=sum(_distance(g, p) <= 161 for g, p in placed),
        country=sum(_same_country(g, p) for g, p in placed),
    )


def _overlapping(gold: Gold, predicted: tuple[places.Place, ...]) -> places.Place | None:
    return next((p for p in predicted if p.start < gold.end and gold.start < p.end), None)


def _distance(gold: Gold, place: places.Place) -> float:
    there = np.array([[place.where.latitude, place.where.longitude]], float)
    return float(places.kilometres(_radians(gold), np.radians(there))[0, 0])


def _same_country(gold: Gold, place: places.Place) -> bool:
    if gold.country:
        named = {p.country for p in gazetteer.places_named(gold.country) if p.kind == "country"}
        return place.where.country in named if named else place.where.country is None
    return place.where.country is None or place.where.country == nearest_country(gold)


def _radians(gold: Gold) -> Positions:
    here: Positions = np.radians(np.array([gold.position], float))
    return here


def nearest_country(gold: Gold) -> str:
    """The country of the populated place nearest to the gold coordinates."""
    table = gazetteer.cities()
    here = _radians(gold)
    band = np.flatnonzero(np.abs(table.radians[:, 0] - here[0, 0]) < BAND)
    nearest = int(places.kilometres(here, table.radians[band])[0].argmin())
    return table.countries[int(band[nearest])]


def main() -> None:
    """Score all files together."""
    parser = argparse.ArgumentParser(description="score place names and their coordinates")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--held", action="store_true", help="only the half that the weights were not learned from")
    arguments = parser.parse_args()
    total = Tally(*(0,) * len(Tally._fields))
    for path in arguments.files:
        found = list(articles(path))
        for article in halves(found)[1] if arguments.held else found:
            total = total + score(article.text, article.gold)
    recall, precision = total.found / max(1, total.gold), total.right / max(1, total.predicted)
    figures = {
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "accuracy_161km": total.near / max(1, total.placed),
        "country_accuracy": total.country / max(1, total.placed),
        "recall": recall,
        "precision": precision,
    }
    print(total)
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
