"""World tables turned into entities, one function a table. Order is prominence: the first row of a shared name wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tertius.world.model import Agent, Entity, Kind, Post
from tertius.world.tables import cells, rows


def states() -> Iterator[tuple[Entity, tuple[str, ...]]]:
    """Countries and country-level entities, each with the names of its capitals, which are also among its names."""
    columns = ("id", "country", "sector", "name", "names", "capitals", "seats")
    for id_, country, sector, name, names, capitals, seats in rows("countries", columns):
        surface = (name, *cells(names), *cells(seats), *cells(capitals))
        yield Entity(id_, "state", country, sector, _unique(surface)), tuple(cells(capitals))


def bodies(table: str, kind: Kind) -> Iterator[Entity]:
    """Entities of a table with columns id, name, country, sector, aliases (organisations, institutions, groups ...)."""
    for id_, name, country, sector, aliases in rows(table, ("id", "name", "country", "sector", "aliases")):
        yield Entity(id_, kind, country, sector, _unique((name, *cells(aliases))))


def people() -> Iterator[Entity]:
    """The people of people.csv with their posts of posts.csv, oldest post first."""
    posts: dict[str, list[Post]] = defaultdict(list)
    for person, *post in rows("posts", ("person", "role", "country", "sector", "start", "end")):
        posts[person].append(Post(*post))
    for id_, name, country, sector, aliases in rows("people", ("id", "name", "country", "sector", "aliases")):
        held = tuple(sorted(posts.get(id_, ()), key=lambda post: post.start))
        yield Entity(id_, "person", country, sector, _unique((name, *cells(aliases))), held)


def agents() -> dict[str, Agent]:
    """Common nouns, singular and plural, lower case, as `agent` answers them."""
    found: dict[str, Agent] = {}
    for singular, plural, sector, person in rows("agents", ("singular", "plural", "sector", "person")):
        words = singular or plural
        if plural:
            found.setdefault(plural, Agent(words, sector, True, False))
        if singular:
            found[singular] = Agent(words, sector, False, person == "yes")
    return found


def adjectives() -> dict[str, str]:
    """Adjectives and demonyms of countries, blocs and regions, with the code of what they stand for."""
    found: dict[str, str] = {}
    for country, adjective, demonym in rows("countries", ("country", "adjectives", "demonyms")):
        for word in (*cells(adjective), *cells(demonym)):
            found.setdefault(word, country)
    for table in ("organisations", "regions"):
        for country, words in rows(table, ("country", "adjectives")):
            for word in cells(words):
                found.setdefault(word, country)
    return found


def borders() -> dict[str, tuple[str, ...]]:
    """Land neighbours by country code."""
    return {id_: tuple(cells(near)) for id_, near in rows("countries", ("id", "neighbours"))}


def ordinary() -> frozenset[str]:
    """Names of the tables that are ordinary words or first names as well (ordinary.csv)."""
    return frozenset(name for (name,) in rows("ordinary", ("name",)))


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
