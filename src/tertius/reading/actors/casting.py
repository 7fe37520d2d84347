"""The names of an article become referents: countries, organisations and people with their country, sector and role.

What the article says about a person (title, apposition) is read with nominals.py; the world tables give the rest at the
publication date. A title in the article wins over the tables; 'former' makes somebody one of the elites, unless the
tables know a post that is held on that day. A person of whom nothing is known belongs to where the article plays.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tertius.ontology import INTERNATIONAL
from tertius.reading.actors import nominals, people, phrases
from tertius.reading.actors.phrases import Reference, Referent
from tertius.reading.actors.roles import STRONG, Roles
from tertius.reading.actors.setting import Evidence, Setting, datelines
from tertius.world import entities, gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

    from tertius.reading.actors.phrases import NameMatch, PhraseKind
    from tertius.records import Document
    from tertius.world.entities import Entity

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\b(?:19[5-9]|20[0-4])\d\b")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,2}[A-Z]{1,5}")
_SHORT = re.compile(r"[A-Z]{2,4}")
_SMALLEST = 15_000  # people in a place that is taken for the place that news means
_WEIGHTS = {"state": 1.0, "person": 0.7, "place": 1.0, "adjective": 0.8, "subject": 0.3}  # as evidence of the setting
_NOWHERE = phrases.words("nowhere")
_PARTISAN = phrases.table("partisan")
_PEOPLES = phrases.table("peoples")
_PLACE = frozenset(("in", "at", "near", "from", "across", "into"))


def day_of(document: Document) -> str | None:
    """The day on which roles are asked for: that of publication, else mid-year of the year that the text names most."""
    match = _DAY.match(document.published or "")
    if match:
        return match.group()
    years = Counter(_YEAR.findall(document.text))
    return f"{years.most_common(1)[0][0]}-06-30" if years else None


def _is_acronym_of(acronym: str, words: str) -> bool:
    initials = "".join(word[0] for word in re.findall(r"\w+", words))
    return acronym[0] in initials and sum(c in initials for c in acronym) >= len(acronym) - 1


class Names:
    """The names of one article: references by token, people, and the setting."""

    def __init__(self, doc: Doc, document: Document) -> None:
        self.doc = doc
        self._text = document.text
        self.day = day_of(document)
        self.by_token: dict[int, Reference] = {}
        self.states: dict[str, Referent] = {}
        self._by_entity: dict[str, Referent] = {}
        self._unknown: dict[str, Referent] = {}
        self._blocked = self._dateline_tokens(document.text)
        matches = [m for m in phrases.world_names(doc, document.text) if m.first not in self._blocked]
        self.people = self._read_people(matches)
        short = [
            m
            for m in matches
            if _SHORT.fullmatch(self._words(m)) and m.entities[0].kind in ("organisation", "group", "office")
        ]
        self._read_names([m for m in matches if m not in short and not self._is_ambiguous(m)])
        self._read_nationalities()
        self.setting = Setting([*self._evidence(), *self._dateline_evidence(document)])
        found = set(self._by_entity)
        self._read_names([m for m in matches if m in short and not self._is_chance(m, found)])
        self._read_names([m for m in matches if m not in short and self._is_ambiguous(m)])
        self._read_surnames()
        self._read_unknown()
        self._read_acronyms()
        self._headline_evidence = list(self._dateline_evidence(document))
        self.setting = Setting([*self._evidence(), *self._headline_evidence])
        self._settle_peoples()
        self._describe_people()

    def look(self, i: int) -> Reference | None:
        """The reference whose phrase covers a token."""
        return self.by_token.get(i)

    def state(self, country: str) -> Referent:
        """The referent of a country or bloc by its code."""
        if country not in self.states:
            try:
                known: Entity | None = entities.entity(country)
            except KeyError:
                known = None
            name = known.names[0] if known else country
            kind = known.kind if known else "organisation" if country in INTERNATIONAL else "state"
            sector = (known.sector or None) if known else None if country in INTERNATIONAL else "GOV"
            self.states[country] = Referent(name, kind, country, sector, entity=known)
            self._by_entity.setdefault(country, self.states[country])
        return self.states[country]

    @property
    def countries(self) -> set[str]:
        """The countries and blocs of the bodies and states that are named."""
        return {referent.country for referent in self._by_entity.values() if referent.country}

    def _dateline_tokens(self, text: str) -> set[int]:
        return {t.i for span in datelines(text) for t in self._tokens(*span)}

    def _tokens(self, start: int, end: int) -> Span | tuple[()]:
        return self.doc.char_span(start, end, alignment_mode="expand") or ()

    def _dateline_evidence(self, document: Document) -> Iterator[Evidence]:
        for start, end in datelines(document.text)[:3]:
            for part in document.text[start:end].replace("(", ",").split(","):
                words = part.strip(" /.-–—")
                for known in entities.named(words) or entities.named(words.title()):
                    if known.kind == "state" and known.country:
                        yield Evidence(start, known.country, 1.5)
                    break
        if not any(r.country for reference in self.by_token.values() for r in reference.referents):
            yield from self._places_evidence()
        for match in phrases.names_in(document.title or ""):
            if match.country and match.kind in ("state", "person"):
                yield Evidence(0, match.country, 1.0)

    def _places_evidence(self) -> Iterator[Evidence]:
        """Where an article names no country at all, the places that it names."""
        for ent in self.doc.ents:
            places = gazetteer.places_named(ent.text)[:1] if ent[0].text[:1].isupper() else ()
            for place in places:
                if place.country and place.kind != "country":
                    yield Evidence(ent.start_char, place.country, 0.5)

    def _add(self, first: int, last: int, kind: PhraseKind, referents: tuple[Referent, ...]) -> None:
        doc = self.doc
        head = doc[first : last + 1].root.i
        end = doc[last].idx + len(doc[last].text)
        reference = Reference(doc[first].idx, end, first, head, kind, referents)
        for i in range(first, last + 1):
            self.by_token[i] = reference

    def _read_people(self, matches: list[NameMatch]) -> people.People:
        taken = {t for m in matches if m.entities[0].kind != "person" for t in range(m.first, m.last + 1)}
        taken |= self._blocked
        nationalities = list(phrases.nationalities(self.doc, taken))
        nationality = {t for n in nationalities for t in range(n.first, n.last + 1)}
        spoken_of = {n.country for n in nationalities} | {m.entities[0].country for m in matches}
        self._names = people.find(self.doc, matches, nationality | self._blocked)
        found = people.People(self._names, self.day, spoken_of - {""})
        for name in self._names:
            self._add(name.first, name.last, "name", (found.of[name.first],))
        return found

    def _is_chance(self, match: NameMatch, found: set[str]) -> bool:
        """An acronym that is somebody's in a country of which the article does not speak: rather something else's."""
        entity = match.entities[0]
        if entity.kind in ("state", "person") or not entity.country or not _SHORT.fullmatch(self._words(match)):
            return False
        foreign = entity.country not in INTERNATIONAL and entity.country != "USA"
        scores = self.setting.scores(match.start)
        return foreign and bool(scores) and entity.country not in scores and entity.id not in found

    def _read_names(self, matches: list[NameMatch]) -> None:
        for match in matches:
            if not any(i in self.by_token for i in range(match.first, match.last + 1)):
                self._add(match.first, match.last, "name", (self._namesake(match) or self._referent(match),))

    def _namesake(self, match: NameMatch) -> Referent | None:
        """'Santiago' where the article has named a Flavio Santiago and the word does not say where something is."""
        name = self._words(match)
        known = match.entities[0]
        place = known.kind == "state" and (known.id != known.country or entities.capital(name) is not None)
        before = self.doc[max(0, match.first - 1)].lower_
        return self.people.surnamed(name) if place and before not in _PLACE else None

    def _is_ambiguous(self, match: NameMatch) -> bool:
        bodies = [e for e in match.entities if e.kind != "person"]
        return len({e.country for e in bodies}) > 1 or self._is_common(match)

    def _is_common(self, match: NameMatch) -> bool:
        """'Congress', 'National Assembly': a name that is a common noun, which many countries have."""
        entity = match.entities[0]
        if entity.kind not in ("office", "organisation") or entity.sector not in STRONG or self._words(match).isupper():
            return False
        if not entity.country or entity.country in INTERNATIONAL:
            return False
        nationality = any(
            entities.adjective(t.text) or entities.named(t.text) for t in self.doc[match.first : match.last]
        )
        return not nationality and nominals.agent_at(self.doc, match.last, match.first)[0] is not None

    def _words(self, match: NameMatch) -> str:
        return self.doc[match.first : match.last + 1].text

    def _referent(self, match: NameMatch) -> Referent:
        if not self._is_ambiguous(match):
            return self._known(match.entities)
        scores = self.setting.scores(match.start)
        owner = next(
            (o.country for o in nominals.owners_before(self.doc, max(0, match.first - 2), match.first, self.look)), None
        )
        if owner is not None:
            scores = {owner: 100.0}
        bodies = [e for e in match.entities if e.kind != "person"]
        best = max(bodies, key=lambda e: scores.get(e.country, 0.0) + (1.0 if e is bodies[0] else 0.0))
        country = max(scores, key=lambda c: scores[c], default=best.country)
        if (
            self._is_common(match)
            and country is not None
            and country != best.country
            and scores[country] > 2.5 * scores.get(best.country, 0.0)
        ):
            return self._unknown.setdefault(
                f"{country} {self._words(match)}",
                Referent(
                    self._words(match), "office", country, best.sector or None, nouns={self._words(match).lower()}
                ),
            )
        return self._known((best,))

    def _known(self, known: tuple[Entity, ...]) -> Referent:
        """The referent of an entity of the world tables that is no person."""
        entity = next((e for e in known if e.kind != "person"), known[0])
        if entity.kind == "state" and entity.id == entity.country:
            return self.state(entity.country)
        if entity.id not in self._by_entity:
            self._by_entity[entity.id] = Referent(
                entity.names[0], entity.kind, entity.country or None, entity.sector or None, entity=entity
            )
            self._by_entity[entity.id].plural = entity.kind == "group" and entity.sector in ("PTY", "OPP")
        return self._by_entity[entity.id]

    def _read_nationalities(self) -> None:
        taken = self.by_token.keys() | self._blocked
        for found in list(phrases.nationalities(self.doc, set(taken))):
            if self._read_surname(found):
                continue
            other = phrases.other_name(self.doc, found.last)
            if other is None:
                head = self.doc[found.last]
                kind: PhraseKind = "name" if head.tag_ in ("NNPS", "NNS") else "adjective"
                people = Referent(head.text, "group", found.country, "CVL", plural=True) if _are_counted(head) else None
                self._add(found.first, found.last, kind, (people or self.state(found.country),))
            else:
                self._read_other(found.first, other[1], other[0], found.country)

    def _read_surname(self, found: phrases.Nationality) -> bool:
        """'English said' after 'Peter English' is no word of nationality."""
        token = self.doc[found.first]
        person = self.people.surnamed(token.text)
        if person is None or token.tag_ != "NNP" or token.dep_ in ("amod", "compound", "nmod"):
            return False
        self._add(found.first, found.first, "name", (person,))
        return True

    def _read_surnames(self) -> None:
        """Surnames of people who were named in full, where spaCy took them for something else."""
        for token in self.doc:
            if token.tag_ in ("NNP", "NNPS", "NN", "NNS") and token.text[:1].isupper() and token.i not in self.by_token:
                person = self._bearer(token) if token.i not in self._blocked else None
                after = self.doc[token.i + 1] if token.i + 1 < len(self.doc) else token
                if person is not None and (after.tag_ != "NNP" or not token.whitespace_):
                    self._add(token.i, token.i, "name", (person,))

    def _bearer(self, token: Token) -> Referent | None:
        """Who has this word for a surname; 'the Khans' are counted as the one who was named."""
        family = token.text[:-1] if token.tag_ in ("NNPS", "NNS") and token.text.endswith("s") else ""
        return self.people.surnamed(token.text) or (self.people.surnamed(family) if family else None)

    def _read_other(self, first: int, last: int, kind: str, country: str) -> None:
        """A company or medium with a country's adjective in its name; clubs, streets and products are nobody."""
        sectors = {"company": "BUS", "media": "JRN"}
        if any(i in self.by_token for i in range(first, last + 1)):
            return
        referents: tuple[Referent, ...] = ()
        if kind in sectors:
            words = self.doc[first : last + 1].text
            referents = (self._unknown.setdefault(words, Referent(words, "organisation", country, sectors[kind])),)
        self._add(first, last, "name", referents)

    def _read_unknown(self) -> None:
        """Organisations and places that only spaCy takes for names; what their words say is read later."""
        for ent in self.doc.ents:
            label = "GPE" if ent.label_ in ("PERSON", "LOC", "FAC") and people.is_place(ent) else ent.label_
            if label not in ("ORG", "GPE", "NORP"):
                continue
            first, last = ent.start, ent.end - 1
            while first < last and (self.doc[first].pos_ == "DET" or self.doc[first].is_space):
                first += 1
            while last > first and (self.doc[last].tag_ == "POS" or self.doc[last].is_space):
                last -= 1
            tokens = range(first, last + 1)
            if not self.doc[first].text[:1].isupper() or any(i in self.by_token or i in self._blocked for i in tokens):
                continue
            if nominals.agent_at(self.doc, ent.root.i, first)[0] is None and not self._in_title(first, last):
                words = self.doc[first : last + 1].text
                self._add(first, last, "name", (self._organisation(words, label, first, last),))

    def _in_title(self, first: int, last: int) -> bool:
        """'Defence' of 'Polish Defence Minister', whatever spaCy takes it for."""
        head = self.doc[last].head
        return first == last < head.i < first + 4 and nominals.agent_at(self.doc, head.i, first)[1] == first

    def _organisation(self, words: str, label: str, first: int, last: int) -> Referent:
        known = self._unknown.get(words)
        shouted = entities.named(words.upper()) if first == last and label != "GPE" else ()
        if shouted and shouted[0].kind in ("organisation", "group"):  # 'Isis', 'Nato' in British papers
            return self._known(shouted)
        if known is None:
            sector = "GOV" if label == "GPE" else nominals.sector_of_words(self.doc, first, last)
            country = self._country_of_place(words) if label == "GPE" else None
            if sector in INTERNATIONAL:
                country, sector = sector, None
            elif sector == "MIL" and "coalition" in words.lower():
                country = "WST"
            known = self._partisan(words) or Referent(words, "organisation", country, sector, plural=label == "NORP")
            self._unknown[words] = known
        return known

    def _partisan(self, words: str) -> Referent | None:
        """'Democratic': of a party of this name, in a country that the article speaks of."""
        country = self.setting.likeliest(_PARTISAN.get(words, ()))
        return Referent(words, "organisation", country, "PTY", plural=True) if country else None

    def _country_of_place(self, words: str) -> str | None:
        """The country of a city or province: one that the article speaks of anyway, else that of the largest place."""
        scores = self.setting.scores(0)
        places = gazetteer.places_named(words)
        spoken_of = [p for p in places if p.country in scores and (p.population >= 1000 or p.kind == "admin1")]
        if spoken_of:
            return max(spoken_of, key=lambda p: (scores[p.country] > 1.0, p.population)).country
        return next(
            (p.country for p in places if p.country and (p.population >= _SMALLEST or p.kind == "admin1")), None
        )

    def _read_acronyms(self) -> None:
        """'the National Police (PNC)': an acronym in brackets stands for the name before it, everywhere."""
        everywhere: dict[str, list[int]] = defaultdict(list)
        for token in self.doc:
            if _ACRONYM.fullmatch(token.text):
                everywhere[token.text].append(token.i)
        for at in everywhere.values():
            explained = next((full for i in at if (full := self._explained(i)) is not None), None)
            if explained is not None:
                for i in at:
                    self._add(i, i, "name", explained.referents)

    def _explained(self, i: int) -> Reference | None:
        """The name that the acronym at a token explains, if it stands in brackets after one."""
        if not 1 < i < len(self.doc) - 1 or self.doc[i - 1].text != "(" or self.doc[i + 1].text != ")":
            return None
        full = self.look(i - 2)
        if (
            full is None
            or not full.referents
            or not _is_acronym_of(self.doc[i].text, self.doc[full.first : i - 1].text)
        ):
            return None
        return full

    def _evidence(self) -> Iterator[Evidence]:
        seen: set[int] = set()
        for reference in self.by_token.values():
            if id(reference) in seen:
                continue
            seen.add(id(reference))
            for referent in reference.referents:
                country = referent.country or self._country_of_entity(referent)
                if country:
                    weight = self._weight(reference, referent)
                    yield Evidence(reference.start, country, weight, referent.sector or "")

    def _weight(self, reference: Reference, referent: Referent) -> float:
        head = self.doc[reference.head]
        if head.dep_ == "pobj" and head.head.lower_ in _PLACE:
            return _WEIGHTS["place"]
        if reference.kind == "adjective":
            return _WEIGHTS["adjective"]
        return _WEIGHTS.get(referent.kind, 0.7) + (_WEIGHTS["subject"] if head.dep_ in ("nsubj", "poss") else 0.0)

    def _country_of_entity(self, referent: Referent) -> str | None:
        if referent.entity is None or referent.kind != "person":
            return None
        post = entities.post_on(referent.entity, self.day)
        return (post.country if post else referent.entity.country) or None

    def _settle_peoples(self) -> None:
        """'The Kurds' are Syria's in an article about Syria."""
        for id_ in _PEOPLES.keys() & self._by_entity.keys():
            people = self._by_entity[id_]
            first = min((r.start for r in self.by_token.values() if people in r.referents), default=0)
            people.country = self.setting.likeliest(_PEOPLES[id_], first) or people.country

    def _describe_people(self) -> None:
        roles = Roles(self.doc, self._text, self.day, self.look)
        for name in self._names:
            person = self.people.of[name.first]
            roles.learn(person, name)
        self.setting = Setting([*self._evidence(), *self._headline_evidence])
        for name in self._names:
            roles.settle(self.people.of[name.first], self.doc[name.first].idx, self.setting)
        unknown = {r for r in self._unknown.values() if r.country is None and not r.plural and r.name not in _NOWHERE}
        for reference in self.by_token.values():
            for referent in unknown.intersection(reference.referents):
                referent.country = self._country_of_organisation(reference, referent)
                unknown.discard(referent)

    def _country_of_organisation(self, reference: Reference, referent: Referent) -> str | None:
        described = nominals.describe(self.doc[reference.head], self.look)
        owner = next((o.country for o in described.owners if o.country and o.referent is not referent), None)
        return owner or self.setting.country_at(reference.start)


def _are_counted(people: Token) -> bool:
    """'Thousands of Georgians', 'many Russians', 'twelve Turks': people, and not their government."""
    if people.tag_ not in ("NNPS", "NNS"):
        return False
    counted = people.head.head if people.dep_ == "pobj" and people.head.lower_ == "of" else None
    by_noun = counted is not None and counted.lemma_.lower() in phrases.words("crowds")
    return by_noun or any(c.dep_ == "nummod" or c.lower_ in phrases.words("many") for c in people.children)
