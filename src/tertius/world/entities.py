"""Countries, institutions, organisations, armed groups, parties and people, and how they are named.

Every question is answered from tables that are loaded once, lazily. Dates are ISO strings ('1999-08-09').
A user's own table (tertius.world.user) is merged over them with `merge`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from tertius.world import loaders
from tertius.world.model import Agent, Entity, Kind, Post

__all__ = [
    "Agent",
    "Entity",
    "Kind",
    "Post",
    "adjective",
    "agent",
    "capital",
    "entity",
    "holders",
    "merge",
    "named",
    "names",
    "neighbours",
    "ordinary",
    "post_on",
    "shipped",
]

_OFFICES = frozenset(["GOV", "MIL", "COP", "LEG", "JUD", "SPY", "PTY", "OPP", "IGO"])
_SAME_OFFICE = (
    ("prime minister", "premier", "chancellor", "taoiseach", "acting prime minister", "interim prime minister"),
    ("president", "acting president", "interim president"),
    ("foreign minister", "secretary of state", "foreign secretary", "external affairs minister"),
    ("defence minister", "secretary of defense", "defence secretary", "defense minister", "defense secretary"),
    ("interior minister", "home secretary", "home minister", "minister of the interior"),
    ("finance minister", "treasury secretary", "secretary of the treasury", "chancellor of the exchequer"),
    ("king", "queen", "monarch", "sultan", "emir"),
    ("spokesperson", "spokesman", "spokeswoman"),
)
_ACRONYM = re.compile(r"[A-Z]{2,5}")
_RANK = re.compile(
    r"(?:(?:acting|assistant|chief|current|deputy|high-ranking|incoming|interim|junior|leading|new|outgoing|prominent|senior"
    r"|then|top|veteran|vice) )+"
)
_FORMER = re.compile(r"(?:former |ex-|one-?time |ousted |deposed |late |then-)+")


def named(words: str) -> tuple[Entity, ...]:
    """The entities with exactly this name (letter case counts; a leading 'the' does not), most prominent first."""
    return names().get(words) or names().get(_bare(words), ())


@lru_cache(maxsize=1)
def names() -> dict[str, tuple[Entity, ...]]:
    """All names that `named` answers to, for a phrase matcher: name -> entities, most prominent first.

    Names stand without a leading 'the', but titles keep theirs ('The Times'); acronyms stand with and without points,
    apostrophes straight and curly, accents, hyphens and brackets written and left out. Treat it as read-only.
    Prominence: the user's own table, then country names, organisations, groups, institutions, regions, capitals and
    people; within a table, the order of its rows.
    """
    found: dict[str, tuple[Entity, ...]] = {}
    for known, forms in _ranked():
        alone = (known,)
        for form in forms:
            for variant in _variants(form):
                others = found.setdefault(variant, alone)
                if others is not alone and not any(known is other for other in others):
                    found[variant] = others + alone
    return found


def entity(id: str) -> Entity:
    """The entity with this id; KeyError if there is none."""
    return _own.get(id) or _shipped()[id]


def shipped(id: str) -> Entity | None:
    """The entity that our tables have under this id, whatever the user's own table says; None if there is none."""
    return _shipped().get(id)


def adjective(word: str) -> str | None:
    """The country or bloc of an adjective or demonym: 'Russian' or 'Russians' -> 'RUS', 'European' -> 'EUR'."""
    return _adjectives().get(word)


def agent(words: str) -> Agent | None:
    """The agent that a common noun (one or more words, lower case, singular or plural) stands for.

    Modifiers of rank do not matter ('deputy foreign minister'); who has left an office is ELI ('former minister').
    """
    known = _agents().get(words)
    if known is not None:
        return known
    former = _FORMER.match(words)
    if former is not None:
        known = _ranked_agent(words[former.end() :])
        return msgspec.structs.replace(known, sector="ELI") if known and known.sector in _OFFICES else known
    return _ranked_agent(words)


def holders(role: str, country: str, day: str | None) -> tuple[Entity, ...]:
    """Who held an office of a country on a day: holders('president', 'USA', '2017-10-10'); without a day, who ever did.

    Where nobody held it under this name, its other names are tried: 'foreign minister' finds a secretary of state.
    """
    role = role.lower()
    for name in (role, *_other_names(role)):
        posts = _by_office().get((name, country), ())
        held = dict.fromkeys(known for known, post in posts if day is None or post.covers(day))
        if held:
            return tuple(held)
    return ()


def post_on(person: Entity, day: str | None) -> Post | None:
    """The post that a person holds on a day (the last one held before it if none is held; None if no post is known).

    Of several posts on the same day, government comes before party and parliament, then the later one. Without a day it
    is the last post that is known.
    """
    begun = [post for post in person.posts if day is None or post.start <= day]
    held = [post for post in begun if not post.end] if day is None else [post for post in begun if post.covers(day)]
    if held:
        return max(held, key=lambda post: (post.sector == "GOV", post.start))
    return max(begun, key=lambda post: (post.end, post.start), default=None)


def neighbours(country: str) -> tuple[str, ...]:
    """Countries that share a land border."""
    return _borders().get(country, ())


def capital(words: str) -> str | None:
    """The country whose capital, present or former, has this name: a place where it does not stand for a government."""
    return _capitals().get(_bare(words))


def ordinary(words: str) -> bool:
    """Whether a name of the tables is also an ordinary word, a forename or a surname ('Shell', 'Jordan', 'Grab').

    Such a name is still in `names`; whoever matches it needs a reason beyond the capital letter.
    """
    return _bare(words) in _ordinary()


def merge(own: Sequence[Entity]) -> None:
    """Put these entities over the tables: theirs are the first answers, and they replace those with the same id.

    `merge(())` takes them away again.
    """
    global _own
    _own = {known.id: known for known in own}
    for cached in (names, _by_office):
        cached.cache_clear()


_own: dict[str, Entity] = {}


@lru_cache(maxsize=1)
def _states() -> tuple[tuple[Entity, tuple[str, ...]], ...]:
    return tuple(loaders.states())


@lru_cache(maxsize=1)
def _bodies() -> tuple[Entity, ...]:
    return (
        *loaders.bodies("organisations", "organisation"),
        *loaders.bodies("groups", "group"),
        *loaders.bodies("institutions", "organisation"),
        *loaders.bodies("regions", "state"),
    )


@lru_cache(maxsize=1)
def _people() -> tuple[Entity, ...]:
    return tuple(loaders.people())


_agents = lru_cache(maxsize=1)(loaders.agents)
_adjectives = lru_cache(maxsize=1)(loaders.adjectives)
_borders = lru_cache(maxsize=1)(loaders.borders)
_ordinary = lru_cache(maxsize=1)(loaders.ordinary)


def _other_names(role: str) -> Iterator[str]:
    for office in _SAME_OFFICE:
        if role in office:
            yield from (name for name in office if name != role)


def _ranked_agent(words: str) -> Agent | None:
    rank = _RANK.match(words)
    return _agents().get(words) or (_agents().get(words[rank.end() :]) if rank else None)


def _ranked() -> Iterator[tuple[Entity, Sequence[str]]]:
    for known in _own.values():
        yield known, known.names
    for state, capitals in _states():
        if state.id not in _own:
            yield state, [name for name in state.names if name not in capitals]
    for known in _bodies():
        if known.id not in _own:
            yield known, known.names
    for state, capitals in _states():
        if state.id not in _own:
            yield state, capitals
    for known in _people():
        if known.id not in _own:
            yield known, known.names


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Entity]:
    return {known.id: known for known in (*(state for state, _ in _states()), *_bodies(), *_people())}


@lru_cache(maxsize=1)
def _by_office() -> dict[tuple[str, str], list[tuple[Entity, Post]]]:
    offices: dict[tuple[str, str], list[tuple[Entity, Post]]] = defaultdict(list)
    for known in {**_shipped(), **_own}.values():
        for post in known.posts:
            offices[post.role.lower(), post.country].append((known, post))
    return offices


@lru_cache(maxsize=1)
def _capitals() -> dict[str, str]:
    return {name: state.country for state, capitals in reversed(_states()) for name in capitals}


def _bare(words: str) -> str:
    return words[4:] if words[:4] in ("the ", "The ", "THE ") else words


def _variants(form: str) -> list[str]:
    form = form.removeprefix("the ")
    forms = [form]
    if not form.isascii():
        forms.append(_plain(form))
    if "(" in form:
        forms += [written.replace("(", "").replace(")", "") for written in forms]
    if "-" in form:
        forms += [written.replace("-", " ") for written in forms]
    if "'" in form or "’" in form:
        forms += [written.replace("'", "’") for written in forms] + [written.replace("’", "'") for written in forms]
    if _ACRONYM.fullmatch(form):
        forms.append("".join(f"{letter}." for letter in form))
    return forms


def _plain(form: str) -> str:
    """The name without its accents: 'Pena Nieto'."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", form) if not unicodedata.combining(letter))
