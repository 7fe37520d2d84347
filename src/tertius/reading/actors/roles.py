"""What people are: what the article says of them by title and apposition, and what the world tables know for its day.

A title right before the name wins over the tables; 'former' makes somebody one of the elites, unless the tables know a
post that is held on that day. A person of whom nothing is known belongs to the country that the article plays in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ontology import INTERNATIONAL
from tertius.reading.actors import nominals, people
from tertius.reading.actors.phrases import table, words
from tertius.world import entities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from tertius.reading.actors.nominals import Description, Look
    from tertius.reading.actors.people import PersonName
    from tertius.reading.actors.phrases import Referent
    from tertius.reading.actors.setting import Setting
    from tertius.world.entities import Entity, Post

_GENDER_OF = table("gender_of")
_OFFICES = words("common_offices")
_WHOLE = 3.0  # what the whole article weighs for a person: less than for 'the police'
_DEEPEST = 3  # prepositions between a name and the office that it explains
STRONG = frozenset(
    ("GOV", "LEG", "MIL", "JUD", "COP", "SPY", "PTY", "OPP", "REB", "REL")
)  # sectors that a title settles
_US_MEMBER = re.compile(r"\s?\((?:R|D|I|Rep|Dem)[.,]?\s?[-–—]\s?[A-Z][\w. ]{1,12}\)|, [RDI]-[A-Z][\w.]{1,8}")


def _office(noun: Token, look: Look) -> Token:
    """'spokesman' of 'a spokesman for the Council, Jean Dupont', where the parser explains the Council by the name."""
    holder = noun
    for _ in range(_DEEPEST):
        agent, _first = nominals.agent_at(holder.doc, holder.i, max(0, holder.i - 3))
        if agent is not None and agent.person and not agent.plural and look(holder.i) is None:
            return holder
        if holder.dep_ != "pobj" or holder.head.dep_ != "prep":
            break
        holder = holder.head.head
    return noun


class Roles:
    """Countries, sectors and roles of the people of one article."""

    def __init__(self, doc: Doc, text: str, day: str | None, look: Look) -> None:
        self.doc = doc
        self.day = day
        self.look = look
        self._text = text

    def _descriptions(self, name: PersonName) -> Iterator[tuple[Description, bool]]:
        """What stands around a name: the title before it (sure), the apposition after it, the noun it explains."""
        title = self._title(name)
        if title is not None:
            yield title, True
        head = self.doc[name.first : name.last + 1].root
        for child in head.children:
            if child.dep_ == "appos" and child.i > name.last and self.look(child.i) is None:
                yield nominals.describe(child, self.look), False
        office = _office(head.head, self.look)
        if head.dep_ == "appos" and head.head.i < name.first and (head.head.pos_ == "NOUN" or office != head.head):
            yield nominals.describe(office, self.look), False
        elif head.dep_ in ("nsubj", "nsubjpass") and head.head.lemma_ == "be":
            for child in head.head.children:
                if child.dep_ == "attr" and child.pos_ == "NOUN":
                    yield nominals.describe(child, self.look), False

    def _title(self, name: PersonName) -> Description | None:
        i = name.first - 1
        if i < 0 or self.doc[i].is_space:
            return None
        short = people.titles().get(self.doc[i].text)
        described = nominals.describe_before(self.doc, name.first, self.look)
        if described is not None:
            return described
        if short is not None and short.role:
            owners = nominals.owners_before(self.doc, max(0, i - 4), i, self.look)
            return nominals.Description(i, owners, short.sector, short.role, True, False, False, (), False)
        return None

    def learn(self, person: Referent, name: PersonName) -> None:
        """Take from the words around one mention of a person what they say."""
        if _US_MEMBER.match(self._text, self.doc[name.last].idx + len(self.doc[name.last].text)):
            person.country, person.role = "USA", person.role or "member of congress"
            if not self._is_candidate(person):
                person.sector = person.sector if person.sector in STRONG else "LEG"
        nationality = self._nationality(name)
        if nationality is not None and person.entity is None:
            person.country = person.country or nationality
        for described, close in self._descriptions(name):
            self._learn(person, described, close)

    def _nationality(self, name: PersonName) -> str | None:
        """'President Carla Ruiz of Chile', 'Paul Brandt, an American'."""
        after = self.doc[name.last + 1 : name.last + 3]
        land = self.look(after[1].i) if len(after) == 2 and after[0].lower_ == "of" else None
        if land is not None and [r.kind for r in land.referents] == ["state"]:
            return land.referents[0].country
        for child in self.doc[name.first : name.last + 1].root.children:
            reference = self.look(child.i) if child.dep_ == "appos" and child.i > name.last else None
            if reference is not None and entities.adjective(child.text) is not None:
                return reference.referents[0].country if reference.referents else None
        return None

    def _learn(self, person: Referent, described: Description, close: bool) -> None:
        if described.plural or not (described.person or described.sector):
            return
        person.nouns.add(described.noun)
        person.gender = person.gender or _GENDER_OF.get(described.noun.rpartition(" ")[2])
        if person.entity is not None and self._active_post(person.entity):
            strong = close and described.sector in STRONG
            if not strong or self._is_candidate(person):
                return
        country = next((o.country for o in described.owners if o.country), None)
        person.country = person.country or country
        person.role = person.role or described.noun
        sector = "ELI" if described.former else described.sector
        if sector in INTERNATIONAL:
            person.country, sector = person.country or sector, None
        explains = not described.person and person.entity is None  # 'head of the Council on ..., a think-tank'
        if person.sector in (None, "UNK") or (sector is not None and (person.sector == "CVL" or explains)):
            person.sector = sector

    def _is_candidate(self, person: Referent) -> bool:
        """Whether somebody stands for election on the day: news then means the candidate, not the senator."""
        post = self._active_post(person.entity) if person.entity is not None else None
        return post is not None and post.role == "candidate"

    def _active_post(self, entity: Entity) -> Post | None:
        """The post that a known person holds on the day; without a day the last one that is known."""
        post = entities.post_on(entity, self.day)
        if post is None or self.day is None or post.covers(self.day):
            return post
        return None

    def _post_titled(self, person: Referent, entity: Entity) -> Post | None:
        """The post that the article's title names, where no day tells which of a person's posts is meant."""
        return next((post for post in entity.posts if post.role == person.role), None) if self.day is None else None

    def settle(self, person: Referent, at: int, setting: Setting) -> None:
        """Fill in from the world tables what the article does not say, and the country from where it plays."""
        if person.entity is not None:
            self._settle_known(person, person.entity)
        elif person.country is None:
            person.country = self._of_paragraph(person, at, setting) or setting.country_at(
                at, sector=person.sector, whole=_WHOLE
            )
        if person.sector == "UNK":
            person.sector = None

    def _of_paragraph(self, person: Referent, at: int, setting: Setting) -> str | None:
        """'Peru protested. On Friday President Jane Doe ...': an office of the only country of the paragraph so far."""
        if person.role not in _OFFICES:
            return None
        countries = setting.between(self._text.rfind("\n", 0, at) + 1, at)
        return countries.pop() if len(countries) == 1 else None

    def _settle_known(self, person: Referent, entity: Entity) -> None:
        post = self._post_titled(person, entity) or self._active_post(entity)
        person.country = (post.country if post else entity.country) or None
        if post is not None:
            person.nouns.update((post.role, post.role.split()[-1]))
            if person.sector in (None, "UNK", "ELI", "CVL"):
                person.sector, person.role = post.sector or None, post.role
        elif person.sector is None:
            person.sector = entity.sector or None
        for held in entity.posts:
            if self.day is None or held.start <= self.day:
                person.nouns.add(f"former {held.role}" if held is not post else held.role)
