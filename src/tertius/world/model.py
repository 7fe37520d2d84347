"""The records of the world room: what is known about somebody, and what a common noun stands for."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["state", "office", "person", "organisation", "group"]


class Post(msgspec.Struct, frozen=True, gc=False):
    """An office that a person held: 'president', for a country and sector, from a day until a day ('' is open)."""

    role: str
    country: str
    sector: str
    start: str
    end: str

    def covers(self, day: str) -> bool:
        """Whether the office was held on this ISO day; both ends are included."""
        return self.start <= day and (not self.end or day <= self.end)


class Entity(msgspec.Struct, frozen=True, gc=False):
    """Somebody that the world tables know.

    `country` is ISO 3166 alpha-3 or a code of `tertius.ontology.INTERNATIONAL`, `sector` is PLOVER's (or NGO, for a
    national rights or relief group); '' where there is none. `names` are all surface forms, the first one the name to
    show. A person's country and sector on a given day come from `posts`; `country` and `sector` of a person are what
    holds when no post covers the day.
    """

    id: str
    kind: Kind
    country: str
    sector: str
    names: tuple[str, ...]
    posts: tuple[Post, ...] = ()


class Agent(msgspec.Struct, frozen=True, gc=False):
    """A common noun for people who act: 'lawmakers' LEG, 'troops' MIL, 'foreign minister' GOV.

    `words` is the noun as the table has it (the singular where there is one), `plural` tells how it was asked for.
    """

    words: str
    sector: str
    plural: bool
    person: bool  # one person ('minister'), not a body ('ministry') or a crowd
