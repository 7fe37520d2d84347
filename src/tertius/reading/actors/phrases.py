"""Which phrases may stand for an actor: names that the world tables know, and words of nationality.

Names are matched by their characters, longest first, so they do not depend on how the parser cut the words. A country's
name that is only part of another name is no country: sports clubs, streets and products are passed over, a company
('British Airways') is a business of that country, and 'Michael Jordan' is a person.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from tertius.world import entities, forenames, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from tertius.world.entities import Entity, Kind

PhraseKind = Literal["name", "nominal", "pronoun", "adjective"]

_FIRST_WORD = re.compile(r"\w+")
_LONGEST = 8  # words of a capitalised name that are looked at on each side
_PLACE_BEFORE = frozenset(
    (
        "Central",
        "Latin",
        "South",
        "North",
        "New",
        "Little",
        "Lake",
        "Mount",
        "Fort",
        "Port",
        "Gulf",
        "Cape",
        "Saint",
        "San",
    )
)


@dataclass(eq=False, slots=True)
class Referent:
    """Somebody whom the article mentions, while it is being read: what is known grows from mention to mention."""

    name: str
    kind: Kind
    country: str | None
    sector: str | None
    role: str | None = None
    gender: str | None = None
    plural: bool = False
    entity: Entity | None = None
    nouns: set[str] = field(default_factory=set)  # what it is called: 'minister', 'group'


@dataclass(eq=False, slots=True)
class Reference:
    """A phrase and whom it stands for. `start`, `end` are code points; `first` to `head` are token indices."""

    start: int
    end: int
    first: int
    head: int
    kind: PhraseKind
    referents: tuple[Referent, ...]


class NameMatch(NamedTuple):
    """A name of the world tables in the text: code points, first and last token, bearers (most prominent first)."""

    start: int
    end: int
    first: int
    last: int
    entities: tuple[Entity, ...]


class Nationality(NamedTuple):
    """A word of nationality: first and last token and its country."""

    first: int
    last: int
    country: str


@lru_cache(maxsize=1)
def _other_names() -> dict[str, str]:
    """Last words of names that are no states, with what they are: company, club, street, product."""
    content = resources.files("tertius.reading.actors").joinpath("not_states.csv").read_text(encoding="utf-8")
    lines = (line for line in content.splitlines() if line and not line.startswith("#"))
    next(lines)
    return dict(line.split(",") for line in lines)


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, Any]:
    return tomllib.loads(resources.files("tertius.reading.actors").joinpath("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """A list of words.toml."""
    return frozenset(" ".join(word.split()) for word in _word_lists()[name].split(";"))


def table(name: str) -> dict[str, Any]:
    """A table of words.toml."""
    found: dict[str, Any] = _word_lists()[name]
    return found


def name_index(names: dict[str, tuple[Entity, ...]]) -> dict[str, list[str]]:
    """Names by their first word, longest first."""
    index: dict[str, list[str]] = defaultdict(list)
    for name in names:
        match = _FIRST_WORD.search(name)
        if match and match.start() == 0:
            index[match.group()].append(name)
    for found in index.values():
        found.sort(key=len, reverse=True)
    return dict(index)


class _WorldIndex:
    """The index of the world's names, made again when a user's table has been merged into them."""

    names: dict[str, tuple[Entity, ...]] | None = None
    index: ClassVar[dict[str, list[str]]] = {}

    @classmethod
    def get(cls) -> tuple[dict[str, list[str]], dict[str, tuple[Entity, ...]]]:
        names = entities.names()
        if cls.names is not names:
            cls.names, cls.index = names, name_index(names)
        return cls.index, names


def world_names(doc: Doc, text: str) -> list[NameMatch]:
    """The names of the world tables in the text, in order, none overlapping, without those that are part of others."""
    plain = text.replace("’", "'").replace("\n", " ").replace("\u00a0", " ")
    index, known = _WorldIndex.get()
    found: list[NameMatch] = []
    free = 0
    for token in doc:
        if token.idx < free or token.is_space:
            continue
        name = _longest_at(plain, token.idx, index)
        if name is None:
            continue
        end = token.idx + len(name)
        last = _token_at(doc, token.i, end)
        match = NameMatch(token.idx, end, token.i, last, known[name])
        free = end
        if not _part_of_other_name(doc, match):
            found.append(match)
    return found


def names_in(text: str) -> list[Entity]:
    """The most prominent bearers of the names in a line without a parse, a headline."""
    index, known = _WorldIndex.get()
    plain = text.replace("’", "'")
    found: list[Entity] = []
    free = 0
    for word in _FIRST_WORD.finditer(plain):
        name = _longest_at(plain, word.start(), index) if word.start() >= free else None
        if name is not None:
            free = word.start() + len(name)
            found.append(known[name][0])
    return found


def _longest_at(plain: str, start: int, index: dict[str, list[str]]) -> str | None:
    word = _FIRST_WORD.match(plain, start)
    for name in index.get(word.group(), ()) if word else ():
        end = start + len(name)
        if plain.startswith(name, start) and not plain[end : end + 1].isalnum():
            return name
    return None


def _token_at(doc: Doc, first: int, end: int) -> int:
    last = first
    while last + 1 < len(doc) and doc[last + 1].idx < end:
        last += 1
    return last


def _part_of_other_name(doc: Doc, match: NameMatch) -> bool:
    if match.entities[0].sector == "JRN" and _goes_on(doc, match.last):
        return True
    before = doc[match.first - 1] if match.first else None
    if match.first == match.last and doc[match.first].text == "West" and not _is_the_west(doc, match.first):
        return True
    if match.entities[0].kind != "state":
        return False
    if before is not None and before.whitespace_ and (before.text in _PLACE_BEFORE or before.text in words("clubs")):
        return True
    if _is_american_town(doc, match.last):
        return True
    if match.first == match.last and (_is_forename(doc, match.first) or _ends_name(doc, match.first)):
        return True
    return _is_surname(before) or other_name(doc, match.last) is not None


def _is_the_west(doc: Doc, i: int) -> bool:
    """'The West', and not 'West Kordofan' or 'the West African bloc'."""
    after = doc[i + 1] if i + 1 < len(doc) else None
    return bool(i) and doc[i - 1].lower_ == "the" and not (after is not None and after.text[:1].isupper())


def _is_american_town(doc: Doc, last: int) -> bool:
    """'Lebanon, Pa.', 'Moscow, Idaho': a name before a comma and a state of the USA."""
    after = doc[last + 1 : last + 4]
    if len(after) < 2 or after[0].text != "," or doc[last].whitespace_:
        return False
    return any(after[1:n].text in _american_states() for n in (2, 3))


@lru_cache(maxsize=1)
def _american_states() -> frozenset[str]:
    states = tables.rows("states_of_the_usa", ("abbreviation", "name"))
    return frozenset(form for state in states for form in state) - {"Georgia", "Washington"}


def _goes_on(doc: Doc, last: int) -> bool:
    """'The Times' of 'The Times of India'."""
    after = doc[last + 1 : last + 3]
    return len(after) == 2 and after[0].lower_ == "of" and after[1].text[:1].isupper()


def _is_surname(before: Token | None) -> bool:
    """'Michael' before 'Jordan': a forename that the tagger takes for a name as well."""
    return (
        before is not None
        and before.whitespace_ == " "
        and before.tag_ == "NNP"
        and forenames.gender(before.text) is not None
        and entities.agent(before.text.lower()) is None
    )


def _is_forename(doc: Doc, i: int) -> bool:
    """'Karen' of 'Karen Whitfield', 'Chad' of 'Chad Moore': a forename that is also a nation's name."""
    after = doc[i + 1] if i + 1 < len(doc) else None
    return (
        after is not None
        and doc[i].ent_type_ == after.ent_type_ == "PERSON"
        and after.ent_iob_ == "I"
        and after.tag_ == "NNP"
        and forenames.gender(doc[i].text) is not None
        and entities.agent(after.lower_) is None
    )


def _ends_name(doc: Doc, i: int) -> bool:
    """'Santiago' of 'Flavio Mendez Santiago': the last word of a name of three that begins with a forename."""
    name = doc[max(0, i - 2) : i + 1]
    return (
        len(name) == 3
        and all(token.tag_ == "NNP" and token.ent_type_ for token in name)
        and name[1].ent_iob_ == name[2].ent_iob_ == "I"
        and forenames.gender(name[0].text) is not None
        and not any(entities.agent(token.lower_) for token in name)
    )


def other_name(doc: Doc, last: int) -> tuple[str, int] | None:
    """What a capitalised name is whose part ends with token `last` ('company', 'club' ...), and its last token."""
    end = last
    for token in doc[last + 1 : last + _LONGEST]:
        if not token.text[:1].isupper() or not doc[token.i - 1].whitespace_:
            break
        end = token.i
        kind = _other_names().get(token.text)
        if kind is not None:
            return kind, end
    return None


def nationalities(doc: Doc, taken: set[int]) -> Iterator[Nationality]:
    """Adjectives and demonyms of countries ('Russian', 'South Koreans') at tokens that no longer name has taken."""
    skip = -1
    for token in doc:
        if token.i <= skip or token.i in taken or not token.text[:1].isupper():
            continue
        if token.i and token.tag_ == "NNP" and _is_surname(doc[token.i - 1]):  # 'Peter English'
            continue
        if _is_forename(doc, token.i):
            continue
        if (
            token.i
            and doc[token.i - 1].text in _PLACE_BEFORE
            and entities.adjective(doc[token.i - 1 : token.i + 1].text) is None
        ):
            continue
        if (
            token.i > 1 and doc[token.i - 1].text == "-" and doc[token.i - 2].lower_ in ("al", "el", "pan")
        ):  # 'Hassan al-Iraqi'
            continue
        for length in (2, 1):
            last = token.i + length - 1
            if last >= len(doc) or last in taken:
                continue
            country = entities.adjective(doc[token.i : last + 1].text)
            if country is not None:
                yield Nationality(token.i, last, country)
                skip = last
                break
