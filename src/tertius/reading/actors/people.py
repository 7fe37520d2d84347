"""People by name: which words are one person's name, and which names in an article are the same person's.

Names come from the world tables, from spaCy's entities, and from titles ('Foreign Minister Jean Dupont'). A name of
several words introduces somebody; afterwards the surname, the forename or a title with the surname is enough. A title
that shows a gender ('Mrs. Clinton') decides between two bearers of a surname.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from tertius.reading.actors import nominals
from tertius.reading.actors.phrases import Referent, words
from tertius.world import entities, forenames, gazetteer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from spacy.tokens import Doc, Span, Token

    from tertius.reading.actors.phrases import NameMatch
    from tertius.world.entities import Entity

_LONGEST_NAME = 6
_LONGEST_TITLE = 4
_PLACE = frozenset(("in", "at", "near", "outside", "around", "inside", "into"))
_NO_NAMES = words("calendar")


class Title(NamedTuple):
    """A title that is no common noun."""

    sector: str | None
    gender: str | None
    role: str | None


class PersonName(NamedTuple):
    """A person's name in the text: first and last token without title, and the known bearers of this very name."""

    first: int
    last: int
    words: tuple[str, ...]
    entities: tuple[Entity, ...]
    gender: str | None
    office: str | None = None  # the title before it: 'foreign minister'


@lru_cache(maxsize=1)
def titles() -> dict[str, Title]:
    """Titles before names by their words ('Mr.', 'Sen.')."""
    content = resources.files("tertius.reading.actors").joinpath("titles.csv").read_text(encoding="utf-8")
    lines = [line.split(",") for line in content.splitlines() if line and not line.startswith("#")]
    return {word: Title(sector or None, gender or None, role or None) for word, sector, gender, role in lines[1:]}


def is_title(token: Token) -> bool:
    """Whether a capitalised word before a name is a title: 'Mr.', 'President', 'Commander'."""
    if token.text in titles():
        return True
    agent = entities.agent(token.lower_)
    return agent is not None and (agent.person or agent.plural)


def find(doc: Doc, matches: Iterable[NameMatch], nationality: set[int]) -> list[PersonName]:
    """All names of people in order. `nationality` are the tokens of countries' names and adjectives."""
    known = {match.first: match for match in matches}
    spans: list[tuple[int, int]] = []
    for first, last in sorted(_candidates(doc, known, nationality)):
        if spans and first <= spans[-1][1]:
            if last - first > spans[-1][1] - spans[-1][0]:
                spans[-1] = (first, last)
        else:
            spans.append((first, last))
    return [_person_name(doc, first, last, known) for first, last in spans]


def _candidates(doc: Doc, known: dict[int, NameMatch], nationality: set[int]) -> Iterator[tuple[int, int]]:
    taken = {t for m in known.values() if m.entities[0].kind != "person" for t in range(m.first, m.last + 1)}
    for match in known.values():
        if match.entities[0].kind == "person":
            yield _extended(doc, match, taken)
    for entity in doc.ents:
        if entity.label_ == "PERSON" and not is_place(entity):
            yield from _trimmed(doc, entity.start, entity.end - 1, taken | nationality)
    for token in doc[:-1]:
        after = doc[token.i + 1]
        if token.text[:1].isupper() and _starts_name(after, taken | nationality) and is_title(token):
            yield after.i, _name_end(doc, after.i, taken | nationality)


def is_place(entity: Span) -> bool:
    """'fighting in Goma', 'the Fassala crossing': a single word that is a place by what stands around it."""
    doc, first = entity.doc, entity.start
    if len(entity) != 1 or not first:
        return False
    before, head = doc[first - 1].lower_, doc[first].head
    if before == "the" and doc[first].dep_ == "compound":
        return head.text.islower() and entities.agent(head.lower_) is None
    return before in _PLACE and bool(gazetteer.places_named(doc[first].text))


def _extended(doc: Doc, match: NameMatch, taken: set[int]) -> tuple[int, int]:
    """'Michelle' belongs to the name before a known 'Obama'; so does 'Alexander the Great's 'II' after one."""
    first = match.first
    while (
        first > 0
        and first - 1 not in taken
        and doc[first - 1].tag_ == "NNP"
        and doc[first - 1].whitespace_ == " "
        and doc[first - 1].text[:1].isupper()
        and doc[first - 1].ent_type_ == "PERSON"
        and not is_title(doc[first - 1])
        and entities.adjective(doc[first - 1].text) is None
    ):
        first -= 1
    return first, match.last


def _trimmed(doc: Doc, first: int, last: int, taken: set[int]) -> Iterator[tuple[int, int]]:
    """A name without the titles, lower-case words and marks that spaCy includes; nothing if no name remains."""
    for i in range(first, last + 1):
        if doc[i].is_space:
            last = i - 1
            break
    while first <= last and (first in taken or is_title(doc[first]) or not doc[first].text[:1].isupper()):
        first += 1
    while last >= first and (last in taken or not doc[last].text[:1].isalpha() or doc[last].tag_ == "POS"):
        last -= 1
    if first <= last and last - first < _LONGEST_NAME and _starts_name(doc[first], taken):
        yield first, last


def _starts_name(token: Token, taken: set[int]) -> bool:
    return (
        token.tag_ in ("NNP", "NNPS", "FW", "JJ", "NN")
        and token.text[:1].isupper()
        and token.i not in taken
        and token.text not in _NO_NAMES
        and not is_title(token)
        and entities.agent(token.lower_) is None
    )


def _name_end(doc: Doc, first: int, taken: set[int]) -> int:
    last = first
    while (
        last + 1 < len(doc)
        and last - first < _LONGEST_NAME
        and doc[last].whitespace_ == " "
        and doc[last + 1].tag_ in ("NNP", "NNPS")
        and doc[last + 1].text[:1].isupper()
        and last + 1 not in taken
        and doc[last + 1].text not in _NO_NAMES
    ):
        last += 1
    return last


def _person_name(doc: Doc, first: int, last: int, known: dict[int, NameMatch]) -> PersonName:
    words = tuple(token.text for token in doc[first : last + 1] if token.text[:1].isalnum())
    exact = entities.named(doc[first : last + 1].text) or entities.named(" ".join(w for w in words if len(w) > 2))
    bearers = tuple(entity for entity in exact if entity.kind == "person")
    for i in range(first, last + 1):
        if not bearers and i in known:
            bearers = tuple(e for e in known[i].entities if e.kind == "person" and _may_be_called(e, words))
    office, _ = nominals.agent_at(doc, first - 1, max(0, first - _LONGEST_TITLE)) if first else (None, 0)
    title = office.words if office is not None and office.person and not office.plural else None
    return PersonName(first, last, words, bearers, _title_gender(doc, first), title)


def _may_be_called(entity: Entity, words: tuple[str, ...]) -> bool:
    """Whether these words can name a known person: a middle initial or name may be new, a forename may not."""
    called = {word for name in entity.names for word in name.split()}
    return len(words) == 1 or words[0] in called or words[0][0] in {word[0] for word in called if len(word) == 1}


def _title_gender(doc: Doc, first: int) -> str | None:
    for token in reversed(list(doc[max(0, first - _LONGEST_TITLE) : first])):
        title = titles().get(token.text)
        if title is None and not is_title(token):
            return None
        if title is not None and title.gender:
            return title.gender
    return None


class People:
    """The people of an article, each with the names by which it is known."""

    def __init__(self, names: list[PersonName], day: str | None, spoken_of: Collection[str] = ()) -> None:
        self._day = day
        self._spoken_of = spoken_of
        self._by_word: dict[str, list[tuple[int, Referent]]] = {}
        self._full: dict[Referent, Counter[tuple[str, ...]]] = {}
        self.of: dict[int, Referent] = {}  # first token of a name -> person
        for name in sorted(names, key=lambda n: (len(n.words) < 2, n.first)):
            self.of[name.first] = self._person(name)

    def surnamed(self, word: str) -> Referent | None:
        """Somebody whom the article has named in full with this surname."""
        return next(
            (p for _, p in self._by_word.get(word, ()) if any(len(f) > 1 and f[-1] == word for f in self._full[p])),
            None,
        )

    def _person(self, name: PersonName) -> Referent:
        person = self._introduced(name)
        if person is None:
            person = self._new(name)
        if len(name.words) > 1 or person not in self._full:
            self._full.setdefault(person, Counter())[name.words] += 1
            for word in name.words:
                self._by_word.setdefault(word, []).append((name.first, person))
        if name.gender:
            person.gender = name.gender
        return person

    def _introduced(self, name: PersonName) -> Referent | None:
        """Whom the article has named so before, or names in full later on."""
        bearers = [(at, p) for at, p in self._by_word.get(name.words[-1], ()) if self._fits(p, name)]
        if not bearers:
            return None
        known = [(at, p) for at, p in bearers if p.entity is not None and p.entity in name.entities]
        pool = known or bearers
        counts = Counter({p: sum(self._full[p].values()) for _, p in pool})
        before = [(counts[p], at, p) for at, p in pool if at <= name.first]
        if before:
            return max(before, key=lambda b: (b[0], b[1]))[2]
        return min(pool, key=lambda b: b[0])[1]

    def _fits(self, person: Referent, name: PersonName) -> bool:
        if name.gender and person.gender and name.gender != person.gender:
            return False
        if len(name.words) == 1:
            return True
        return any(_same_name(full, name.words) for full in self._full[person]) or (
            person.entity is not None and person.entity in name.entities
        )

    def _new(self, name: PersonName) -> Referent:
        bearers = name.entities or (_known_by_surname(name.words[0], self._day) if len(name.words) == 1 else ())
        entity = best_bearer(bearers, self._day) if name.entities else None
        entity = entity or self._holder(name) or best_bearer(bearers, self._day)
        gender = name.gender or forenames.gender(_forename(entity, name.words))
        shown = entity.names[0] if entity else " ".join(name.words)
        return Referent(shown, "person", None, None, gender=gender, entity=entity)

    def _holder(self, name: PersonName) -> Entity | None:
        """'President Salinas': who held this office under this surname in a country that the article names."""
        if name.office is None or len(name.words) > 1:
            return None
        surname = name.words[0].lower()
        for country in sorted(self._spoken_of):
            for holder in entities.holders(name.office, country, self._day):
                if any(known.lower().split()[-1] == surname for known in holder.names):
                    return holder
        return None


def _forename(entity: Entity | None, words: tuple[str, ...]) -> str:
    return entity.names[0].split()[0] if entity else words[0] if len(words) > 1 else ""


def _same_name(full: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """'Donald J. Trump' and 'Donald Trump'; 'Suu Kyi' and 'Aung San Suu Kyi'; not 'Bill' and 'Hillary Clinton'."""
    if full[-1] != words[-1]:
        return False
    return (
        full[0][:1] == words[0][:1]
        if len(full[0]) <= 2 or len(words[0]) <= 2
        else bool(set(full[:-1]) & set(words[:-1]))
    )


def _known_by_surname(word: str, day: str | None) -> tuple[Entity, ...]:
    """The one known person of a surname who holds a post on the day, if there is exactly one."""
    if day is None:
        return ()
    holders = [e for e in _Surnames.get().get(word, ()) if (post := entities.post_on(e, day)) and post.covers(day)]
    return tuple(holders) if len(holders) == 1 else ()


class _Surnames:
    """Known people by the last word of their name, made again when a user's table has been merged."""

    names: dict[str, tuple[Entity, ...]] | None = None
    index: ClassVar[dict[str, list[Entity]]] = {}

    @classmethod
    def get(cls) -> dict[str, list[Entity]]:
        names = entities.names()
        if cls.names is not names:
            cls.names, cls.index = names, {}
            people = {e.id: e for found in names.values() for e in found if e.kind == "person"}
            for entity in people.values():
                cls.index.setdefault(entity.names[0].split()[-1], []).append(entity)
        return cls.index


def best_bearer(bearers: tuple[Entity, ...], day: str | None) -> Entity | None:
    """Of several known people with a name the one who holds a post on the day, else the most prominent."""
    for entity in bearers:
        post = entities.post_on(entity, day)
        if day and post is not None and post.start <= day and (not post.end or day <= post.end):
            return entity
    return bearers[0] if bearers else None
