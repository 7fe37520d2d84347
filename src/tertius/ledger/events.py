"""Events from mentions: what merging.py puts together becomes one row of the table `events` (docs/merging.md).

Nothing here looks at the clock or at what was merged before: the same ledger always gives the same events.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tertius import ontology
from tertius.ledger import merging, reprints
from tertius.ledger.merging import Place, Told
from tertius.ledger.words import stems

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

MENTIONS = """
SELECT m.id, m.document, m."type", m.mode, m.modality, m.sources, m.targets, m.reciprocal, m."when" AS "when",
       m."where" AS "where", m.contexts, m.confidence, m.corrected, m.sentence."text" AS sentence, m.attribution,
       q.stance, q.speaker, d.published, d.publisher
FROM mentions m JOIN documents d ON d.id = m.document LEFT JOIN attributions q ON q.id = m.attribution
ORDER BY d.published NULLS LAST, m.document, length(m.id), m.id
"""
MOST_KEPT = 200_000  # articles whose stories are kept in memory for the next merge
_KEPT: dict[frozenset[str], dict[str, str]] = {}
STANCES = {"asserts": "asserted_by", "believes": "asserted_by", "doubts": "doubted_by", "denies": "denied_by"}


def events(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """The rows of `events` for all mentions of a ledger, in the order of their first reports."""
    mentions = _fetched(connection, MENTIONS)
    names = {(row["document"], row["id"]): row["name"] for row in _fetched(connection, "FROM actors")}
    story = _stories(connection)
    return [Act(group, story, names).row() for group in grouped(mentions)]


def _stories(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """reprints.stories of the articles with mentions. The last ones are kept, since ids are hashes of texts."""
    told_of = "id IN (SELECT document FROM mentions)"
    ids = frozenset(row[0] for row in connection.execute(f"SELECT id FROM documents WHERE {told_of}").fetchall())
    if ids not in _KEPT:
        story = reprints.stories(dict(connection.execute(f"SELECT id, text FROM documents WHERE {told_of}").fetchall()))
        _KEPT.clear()
        if len(ids) > MOST_KEPT:
            return story
        _KEPT[ids] = story
    return _KEPT[ids]


def grouped(mentions: Sequence[Row]) -> list[list[Row]]:
    """Mentions (rows in the order of MENTIONS) by the act that they tell of; acts and mentions keep that order."""
    act = {id_: number for number, ids in enumerate(merging.merge(map(told, mentions))) for id_ in ids}
    groups: dict[int, list[Row]] = defaultdict(list)
    for mention in mentions:
        groups[act[mention["id"]]].append(mention)
    return list(groups.values())


def told(row: Row) -> Told:
    """A row of MENTIONS as merging looks at it."""
    dated, first, last = _days(row)
    return Told(
        id=row["id"],
        type=row["type"],
        mode=row["mode"],
        state="actual" if row["stance"] == "denies" else row["modality"],
        sources=_parties(row["sources"]),
        targets=_parties(row["targets"]),
        reciprocal=bool(row["reciprocal"]),
        dated=dated,
        first=first,
        last=last,
        place=_place(row["where"]),
        words=stems(row["sentence"] or ""),
    )


def _days(row: Row) -> tuple[merging.Dated, int, int]:
    when = row["when"] or {}
    known: list[date] = sorted(day for day in (when.get("start"), when.get("end")) if day)
    if when.get("from") == "expression" and known:
        first, last = known[0].toordinal(), known[-1].toordinal()
        return "day" if first == last else "range", first, last
    published: date | None = known[0] if known else row["published"]
    if published is None:
        return "unknown", 0, 0
    return "publication", published.toordinal() - merging.LIMITS.lag, published.toordinal()


def _parties(participants: Iterable[Row] | None) -> frozenset[merging.Party]:
    """Who takes part. Somebody of whom neither country nor sector is known could be anybody, and is left out."""
    return frozenset((p["country"], p["sector"]) for p in participants or () if p["country"] or p["sector"])


def _place(where: Row | None) -> Place | None:
    return Place(where["name"], where["country"], where["latitude"], where["longitude"]) if where else None


@dataclass(frozen=True)
class Act:
    """The mentions of one act, those reported first in front, with what is known of their documents."""

    mentions: list[Row]
    story: Mapping[str, str]
    names: Mapping[tuple[str, str], str]

    def row(self) -> Row:
        """The row of `events`."""
        kind = _heaviest((m["type"], m["confidence"]) for m in self.mentions)
        of_kind = [m for m in self.mentions if m["type"] == kind]
        mode = _heaviest((m["mode"], m["confidence"]) for m in of_kind if m["mode"]) or None
        best = min(of_kind, key=lambda m: (-_named(m), -m["confidence"]))
        document, _, number = self.mentions[0]["id"].rpartition("-m")
        return {
            "id": f"{document}-e{number}",
            "rule": merging.RULE,
            "type": kind,
            "mode": mode,
            "quad": ontology.quad(kind),
            "intensity": ontology.intensity(kind, mode),
            "modality": self.modality(),
            "sources": self.actors(best, "sources"),
            "targets": self.actors(best, "targets"),
            "reciprocal": bool(best["reciprocal"]),
            "contexts": sorted({context for m in self.mentions for context in m["contexts"] or ()}),
            "confidence": self.confidence(),
            "corrected": any(m["corrected"] for m in self.mentions),
            "place": self.place(),
            **self.when(),
            **self.reports(),
            **self.speakers(),
        }

    def modality(self) -> str:
        """Actual if any mention has it so, otherwise what most of them have."""
        told = [m["modality"] for m in self.mentions]
        return "actual" if "actual" in told else _heaviest((modality, 1.0) for modality in told)

    def actors(self, mention: Row, side: str) -> list[Row]:
        """Sources or targets, each once, by the name that their article has for them."""
        found = {}
        for p in mention[side] or ():
            name = self.names.get((mention["document"], p["actor"])) or p["text"]
            found[p["code"] or name] = {"name": name} | {key: p[key] for key in ("country", "sector", "code")}
        return list(found.values())

    def when(self) -> Row:
        """The day that most mentions give; without any, the shortest period; without any, the first publication."""
        days, periods = [], []
        for dated, first, last in map(_days, self.mentions):
            if dated == "day":
                days.append(first)
            elif dated == "range":
                periods.append((last - first, first, last))
        if days:
            day = min(Counter(days).items(), key=lambda item: (-item[1], item[0]))[0]
            return _dates(day, day, "expression")
        if periods:
            _, first, last = min(periods)
            return _dates(first, last, "expression")
        published = [last for dated, _, last in map(_days, self.mentions) if dated == "publication"]
        return _dates(min(published), min(published), "publication") if published else _dates(None, None, "unknown")

    def place(self) -> Row | None:
        """The place that most mentions give, one with coordinates if there is one."""
        found = [m["where"] for m in self.mentions if m["where"]]
        if not found:
            return None
        count = Counter(where["name"] for where in found)
        best = min(found, key=lambda w: (w["latitude"] is None, -count[w["name"]], w["name"]))
        return {key: best[key] for key in ("name", "country", "latitude", "longitude", "geonames")}

    def reports(self) -> Row:
        """The documents that tell of the act, when, and how many of them are independent."""
        documents = list(dict.fromkeys(m["document"] for m in self.mentions))
        published = [m["published"].isoformat() for m in self.mentions if m["published"]]
        return {
            "mentions": [m["id"] for m in self.mentions],
            "documents": documents,
            "reports": len(documents),
            "independent_sources": len(set(self.origins().values())),
            "first_report": min(published, default=None),
            "last_report": max(published, default=None),
        }

    def origins(self) -> dict[str, str]:
        """For each document one that stands for it: prints of one story, and articles of one publisher, share it."""
        origin: dict[str, str] = {}
        first_of: dict[tuple[str, str], str] = {}
        for m in self.mentions:
            document = m["document"]
            origin.setdefault(document, document)
            shared = [("story", self.story[document]), ("publisher", (m["publisher"] or "").casefold())]
            for key in shared:
                if key[1]:
                    other, mine = origin[first_of.setdefault(key, document)], origin[document]
                    if other != mine:
                        origin = {d: other if o == mine else o for d, o in origin.items()}
        return origin

    def speakers(self) -> Row:
        """Who asserts, doubts and denies the act, each once; the writers themselves are not among them."""
        found: dict[str, dict[Hashable, Row]] = {name: {} for name in STANCES.values()}
        for m in self.mentions:
            if m["stance"] in STANCES and m["speaker"]:
                speaker = {key: m["speaker"][key] for key in ("name", "country", "sector")}
                found[STANCES[m["stance"]]].setdefault(tuple(speaker.values()), speaker)
        return {name: list(speakers.values()) for name, speakers in found.items()}

    def confidence(self) -> float:
        """The chance that at least one independent source was read rightly: each counts with its surest mention."""
        origin = self.origins()
        surest: dict[str, float] = defaultdict(float)
        for m in self.mentions:
            key = origin[m["document"]]
            surest[key] = max(surest[key], m["confidence"] or 0.0)
        wrong = 1.0
        for _, chance in sorted(surest.items()):
            wrong *= 1.0 - chance
        return round(1.0 - wrong, 6)


def _named(mention: Row) -> int:
    """How much a mention knows of its actors: countries and sectors of both sides."""
    sides = [mention["sources"] or [], mention["targets"] or []]
    return sum(any(p[key] for p in side) for side in sides for key in ("country", "sector"))


def _heaviest(items: Iterable[tuple[str, float | None]]) -> str:
    """The word with the largest sum of weights, the first in the alphabet of two that are equal; '' for none."""
    sums: dict[str, float] = defaultdict(float)
    for item, weight in items:
        sums[item] += weight or 0.0
    return min(sums, key=lambda item: (-round(sums[item], 9), item), default="")


def _dates(first: int | None, last: int | None, origin: str) -> Row:
    days = [date.fromordinal(day).isoformat() if day else None for day in (first, last)]
    return {"start_date": days[0], "end_date": days[1], "date_from": origin}


def _fetched(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
