"""The article word by word: every noun and pronoun that may stand for an actor, resolved from what stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ontology import INTERNATIONAL
from tertius.reading.actors import coreference, nominals
from tertius.reading.actors.casting import Names
from tertius.reading.actors.coreference import Memory
from tertius.reading.actors.homes import Homes
from tertius.reading.actors.nominals import Description, Owner
from tertius.reading.actors.phrases import Reference, Referent, table, words
from tertius.reading.actors.speech import Speech
from tertius.world import entities

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from tertius.reading.actors.phrases import PhraseKind
    from tertius.records import Document
    from tertius.world.entities import Kind

_DEFINITE = frozenset(("the", "this", "that", "these", "those", "both"))
_STATES = words("states")
_PERSONS = words("persons")
_OTHER = frozenset(("neighbour", "neighbor", "ally", "rival", "foe", "enemy", "adversary", "counterpart", "patron"))
_LONGEST_LIST = 8  # actors joined by 'and' that 'they' takes up
_GENDER_OF = table("gender_of")
_MEETING = words("meeting")
_LANDS = words("lands")
_ATTACKS = words("attacks")
_LAUNCHING = words("launching")
_FAR = 1500  # tokens back to where an article says who attacked
_COMMON_OFFICES = words("common_offices")
_VAGUE = 2.5
_NAMED = {"name": 2.0, "nominal": 0.0, "pronoun": 1.0, "adjective": 0.0}  # 'the group' is rather one with a name


def _known_by_name(reference: Reference) -> float:
    """How much more likely 'the group' is one with a name; less so if nothing tells that the name is of a group."""
    referent = reference.referents[0]
    vague = referent.kind == "organisation" and referent.entity is None and referent.sector is None
    return _NAMED[reference.kind] - (_VAGUE if vague else 0.0)


def _met_by(token: Token) -> list[Token]:
    """Who meets or talks with the one at a token."""
    verb = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "with" else token.head
    if token.dep_ not in ("dobj", "pobj") or verb.lemma_ not in _MEETING:
        return []
    return [child for child in verb.children if child.dep_ == "nsubj" and child.i < token.i]


class Scene:
    """Everybody in an article, by token."""

    def __init__(self, doc: Doc, document: Document) -> None:
        self.doc = doc
        self.names = Names(doc, document)
        self.day = self.names.day
        self.memory = Memory(doc)
        self._length = len(document.text)
        self._homes = Homes(self.names, self.memory, self.look)
        self._speech = Speech(self.names, self.look, document.text)
        self._nominals: dict[tuple[str | None, str | None, str], Referent] = {}
        self._by_token = dict(self.names.by_token)
        self._read()

    def references(self) -> list[Reference]:
        """Every phrase that may stand for an actor."""
        return list({id(r): r for r in self._by_token.values()}.values())

    def look(self, i: int) -> Reference | None:
        """The reference at a token, if one has been read."""
        return self._by_token.get(i)

    def at(self, start: int, end: int) -> tuple[Referent, ...]:
        """Whom a span of code points stands for."""
        start = max(0, start)
        span = self.doc.char_span(start, min(end, self._length), alignment_mode="expand") if start < end else None
        if span is None or not len(span):
            return ()
        named = self._name_at_end(span)
        if named:
            return named
        heads = [span.root, *(t for t in span.root.conjuncts if span.start <= t.i < span.end and t.i > span.root.i)]
        found = [r for head in heads for r in self._at_head(head, span.start, span.end)]
        if not found:
            inside = [r for t in span if (r := self.look(t.i)) is not None and r.referents]
            found = list(inside[-1].referents) if inside else []
        if not found:
            found = list(self._nominal(span.root, True).referents)
        return tuple(dict.fromkeys(found))

    def _name_at_end(self, span: Span) -> tuple[Referent, ...]:
        """Whom a span means that is a title and a name, whatever the parser takes for its head."""
        last = self.names.look(span.end - 1)
        if last is None or last.kind != "name" or not last.referents or last.referents[0].kind != "person":
            return ()
        before = self.doc[max(0, last.first - 1)]
        title = span.start < last.first and before.pos_ in ("NOUN", "PROPN") and span.root.i < last.first
        return last.referents if title and span.root.pos_ != "VERB" else ()

    def _at_head(self, head: Token, start: int, end: int) -> tuple[Referent, ...]:
        reference = self.look(head.i)
        several = reference is not None and reference.kind == "nominal" and len(reference.referents) > 1
        if several and any(not start <= t.i < end for t in head.subtree):
            return self._nominal(head, True, (start, end)).referents
        if reference is None and head.pos_ in ("NOUN", "PROPN", "ADJ", "NUM"):
            reference = self._nominal(head, True)
        return reference.referents if reference is not None else ()

    def _read(self) -> None:
        first_person: list[Token] = []
        for token in self.doc:
            reference = self.names.by_token.get(token.i)
            if reference is not None:
                self._read_name(token, reference)
            elif coreference.is_first_or_second(token):
                first_person.append(token)
            else:
                self._read_word(token)
        self._read_first_person(first_person)
        self._read_owned_later()

    def _read_name(self, token: Token, reference: Reference) -> None:
        if reference.head == token.i:
            self.memory.add(reference)
            self._remember_pair(token)

    def _read_word(self, token: Token) -> None:
        if token.lower_ in coreference.PRONOUNS and token.pos_ in ("PRON", "DET", "PROPN", "NOUN"):
            self._read_pronoun(token)
        elif token.lower_ in coreference.RELATIVE and token.tag_ in ("WP", "WDT", "WP$"):
            self._read_relative(token)
        elif token.pos_ in ("NOUN", "PROPN", "ADJ") and token.dep_ != "compound":
            self._read_noun(token)

    def _read_first_person(self, first_person: list[Token]) -> None:
        """'I' and 'we', when all speakers are known, and then 'our forces'."""
        for token in first_person:
            self._put(token.i, token.i, "pronoun", self._speech.speaker(token))
        for token in first_person:
            owned = self.look(token.head.i) if token.dep_ == "poss" else None
            if owned is not None and owned.kind == "nominal":
                owned.referents = self._nominal(token.head, False).referents

    def _read_owned_later(self) -> None:
        """'The leader of that country', 'officials from both countries': whose they are is said after them."""
        for reference in [r for r in self.references() if r.kind == "nominal"]:
            head = self.doc[reference.head]
            owners = (noun for prep in head.rights if prep.lower_ in ("of", "from") for noun in prep.children)
            if any(noun.lower_ in _LANDS and self.look(noun.i) is not None for noun in owners):
                reference.referents = self._nominal(head, False).referents or reference.referents

    def _put(self, first: int, head: int, kind: PhraseKind, referents: tuple[Referent, ...]) -> Reference:
        token = self.doc[head]
        reference = Reference(self.doc[first].idx, token.idx + len(token.text), first, head, kind, referents)
        self._by_token[head] = reference
        self.memory.add(reference)
        return reference

    def _remember_pair(self, token: Token) -> None:
        """'Kenya and Tanzania', 'Kenya met with Tanzania': what 'they' and 'both countries' take up."""
        parts = [token]
        while parts[0].dep_ == "conj" and len(parts) < _LONGEST_LIST:
            parts.insert(0, parts[0].head)
        if len(parts) == 1:
            parts = [*_met_by(token), token]
        if len(parts) == 1:
            return
        joined = [r for t in parts if (ref := self.look(t.i)) is not None for r in ref.referents]
        referents = tuple(dict.fromkeys(joined))
        if len(referents) > 1:
            first = min(t.i for t in parts)
            start, end = self.doc[first].idx, token.idx + len(token.text)
            self.memory.add(Reference(start, end, first, parts[0].i, "name", referents))

    def _read_pronoun(self, token: Token) -> None:
        word = token.lower_
        referents: tuple[Referent, ...] = ()
        if not coreference.is_pleonastic(token):
            speaker = self._speech.named_speaker(token)
            best = self.memory.best(token, lambda r: coreference.agrees(word, r) if r.referents != speaker else None)
            referents = best.referents if best is not None else ()
        self._put(token.i, token.i, "pronoun", referents)
        if len(referents) == 1 and referents[0].kind == "person" and referents[0].gender is None:
            referents[0].gender = "m" if word in coreference.HE else "f" if word in coreference.SHE else None

    def _read_relative(self, token: Token) -> None:
        verb = token
        while verb.dep_ != "relcl" and verb.head != verb:
            verb = verb.head
        reference = self.look(verb.head.i) if verb.dep_ == "relcl" else None
        if token.tag_ == "WP" and reference is not None:
            reference = self._person_for(token, reference)
        if reference is not None and reference.referents:
            self._put(token.i, token.i, "pronoun", reference.referents)

    def _person_for(self, token: Token, reference: Reference) -> Reference:
        """Whom 'who' takes up: people; 'Jane Doe, a member of the committee, who ...' is no committee."""
        if any(r.kind in ("person", "group") or r.plural for r in reference.referents):
            return reference
        nearest = (r for r in self.memory.before(token.i, 0) if [x.kind for x in r.referents] == ["person"])
        return next(nearest, reference)

    def _read_noun(self, token: Token) -> None:
        agent, _ = nominals.agent_at(self.doc, token.i, max(0, token.i - 3))
        if agent is None and token.lower_ not in _STATES and token.lower_ not in _OTHER:
            return
        if (token.pos_ == "ADJ" and token.dep_ == "amod") or nominals.is_no_actor(token):
            return
        reference = self._nominal(token, False)
        self._put(reference.first, token.i, "nominal", reference.referents)
        self._remember_pair(token)

    def _nominal(self, token: Token, guess: bool, within: tuple[int, int] | None = None) -> Reference:
        """The reference of a noun phrase, by the tokens `within`; with `guess` also of nouns that name no actor."""
        start, end = within or (0, len(self.doc))
        described = nominals.describe(token, lambda i: self.look(i) if start <= i < end else None)
        referents = (
            self._pair(token, described)
            or self._named_beside(token)
            or self._other(token, described)
            or self._attackers(token, described)
            or self._taken_up(token, described)
            or self._composed(token, described, guess)
        )
        start, end = self.doc[described.first].idx, token.idx + len(token.text)
        return Reference(start, end, described.first, token.i, "nominal", referents)

    def _named_beside(self, token: Token) -> tuple[Referent, ...]:
        """'the French president, Jean Dupont', 'our ally Norway'."""
        after = self.names.look(token.i + 1) if token.lower_ in _OTHER else None
        if after is not None and after.kind == "name" and after.first == token.i + 1:
            return after.referents
        for child in token.children:
            if (
                child.dep_ == "appos"
                and (reference := self.names.look(child.i)) is not None
                and reference.kind == "name"
                and self._may_be(token, reference)
            ):
                return reference.referents
        beside = self.names.look(token.head.i) if token.dep_ == "appos" else None
        return beside.referents if beside is not None and [r.kind for r in beside.referents] == ["person"] else ()

    def _may_be(self, token: Token, reference: Reference) -> bool:
        """Whether a noun can be explained by a name: no university by the economist who works there."""
        agent, _ = nominals.agent_at(self.doc, token.i, max(0, token.i - 3))
        return agent is None or agent.person or [r.kind for r in reference.referents] != ["person"]

    def _pair(self, token: Token, described: Description) -> tuple[Referent, ...]:
        before = {t.lower_ for t in self.doc[described.first : token.i]}
        if not before & {"two", "2", "both", "neither", "either"}:
            return ()
        if described.owners:
            return self._with_owner(token, described.owners[0]) if before & {"our", "their", "its"} else ()
        if before & {"two", "2"} and not before & {"the", "these", "those", "both"}:
            return ()
        noun = token.lower_ if token.lower_.endswith(("s", "men")) else token.lower_ + "s"
        for wanted in (["person"] if noun in _PERSONS else []) + (["state"] if noun in _STATES | _PERSONS else []):
            found = self._last_two(token, wanted)
            if found:
                return found
        return ()

    def _with_owner(self, token: Token, owner: Owner) -> tuple[Referent, ...]:
        """'our two countries': the speaker's, and the other state that was named last."""
        if owner.country is None or owner.country in INTERNATIONAL:
            return ()
        other = coreference.neighbour_of(None, self.memory, token.i, owner.country)
        return (self.names.state(owner.country), other) if other is not None else ()

    def _last_two(self, token: Token, kind: str) -> tuple[Referent, ...]:
        found: list[Referent] = []
        for reference in self.memory.before(token.i, 4):
            fitting = [r for r in reference.referents if kind == "state" or r.kind == kind]
            if len(fitting) == 2:
                return self._as_states(fitting) if kind == "state" else tuple(fitting)
            found += [r for r in fitting if r not in found]
        if kind == "state":
            return self._as_states(found)
        abroad = [r for r in found if r.country != found[0].country]
        return (abroad[0], found[0]) if abroad else tuple(found[1::-1]) if len(found) >= 2 else ()

    def _as_states(self, found: list[Referent]) -> tuple[Referent, ...]:
        countries = list(dict.fromkeys(r.country for r in found if r.country and r.country not in INTERNATIONAL))
        return tuple(self.names.state(c) for c in countries[1::-1]) if len(countries) >= 2 else ()

    def _other(self, token: Token, described: Description) -> tuple[Referent, ...]:
        """'its neighbour', 'his Iranian counterpart', 'its ally'."""
        if token.lower_ not in _OTHER or not described.owners:
            return ()
        owner = described.owners[0]
        possessor = next((self.look(c.i) for c in token.children if c.dep_ == "poss"), None)
        holder = possessor.referents[0] if possessor is not None and possessor.referents else None
        if holder is not None and owner.referent is not None and owner.country != holder.country:
            if token.lower_ == "counterpart":
                return (self._keyed(owner.country, holder.sector, holder.role or token.lower_, True, False),)
            return ()
        found = coreference.neighbour_of(owner.country, self.memory, token.i)
        if found is None:
            return ()
        if token.lower_ == "counterpart":
            return (self._keyed(found.country, owner.sector, token.lower_, True, False),)
        return (found,)

    def _attackers(self, token: Token, described: Description) -> tuple[Referent, ...]:
        """'One strike destroyed a tank': those of whom the article said that they 'conducted 26 strikes'."""
        if token.lemma_ not in _ATTACKS or described.owners:
            return ()
        for noun in reversed(list(self.doc[max(0, token.i - _FAR) : token.i])):
            if noun.lemma_ == token.lemma_ and noun.dep_ == "dobj" and noun.head.lemma_ in _LAUNCHING:
                subjects = (self.look(child.i) for child in noun.head.children if child.dep_ == "nsubj")
                return next((reference.referents for reference in subjects if reference is not None), ())
        return ()

    def _taken_up(self, token: Token, described: Description) -> tuple[Referent, ...]:
        if described.owners or described.aligned:
            return ()
        definite = any(t.lower_ in _DEFINITE for t in self.doc[described.first : token.i])
        if not definite:
            return ()
        noun = " ".join(self.doc[described.first + 1 : token.i + 1].text.lower().split())
        best = self.memory.best(
            token, lambda r: _known_by_name(r) if self._called(described.noun, noun, described.plural, r) else None, 40
        )
        if best is not None:
            return best.referents
        return self._holder(token, described)

    def _called(self, noun: str, words: str, plural: bool, reference: Reference) -> bool:
        if (
            plural
            and reference.kind != "pronoun"
            and any(r.kind == "person" and not r.plural for r in reference.referents)
        ):
            return False
        return coreference.takes_up(noun, reference) or (noun != words and coreference.takes_up(words, reference))

    def _holder(self, token: Token, described: Description) -> tuple[Referent, ...]:
        """'the president' who is not named: whoever holds the office in the country that the article plays in."""
        if not described.person or described.plural or self.day is None:
            return ()
        scores = self.names.setting.scores(token.idx)
        countries = sorted(scores, key=lambda c: -scores[c])
        likely = countries[:1] if described.noun in _COMMON_OFFICES else countries[:5]
        held = [known for c in likely for known in entities.holders(described.noun, c, self.day)[:1]]
        exact = [known for known in held if any(post.role == described.noun for post in known.posts)]
        return (self._of_entity((exact or held)[0]),) if held else ()

    def _of_entity(self, entity: entities.Entity) -> Referent:
        for reference in self.memory.references:
            if reference.referents and reference.referents[0].entity is entity:
                return reference.referents[0]
        post = entities.post_on(entity, self.day)
        country, sector = (post.country, post.sector) if post else (entity.country, entity.sector)
        key = (entity.id, None, "")
        if key not in self._nominals:
            role = post.role if post else None
            self._nominals[key] = Referent(
                entity.names[0], "person", country or None, sector or None, role, entity=entity
            )
        return self._nominals[key]

    def _composed(self, token: Token, described: Description, guess: bool) -> tuple[Referent, ...]:
        sector = described.sector
        members = any(o.sector for o in described.owners)  # 'a coalition of civil rights groups'
        if token.lower_ == "coalition" and sector == "MIL" and not members and not self._owned_before(token, described):
            return (self._keyed(nominals.coalition_country(described), sector, described.noun, False, False, token),)
        if not described.owners and self._says_coalition(token, described):
            if sector in ("MIL", "UNK", None):
                return (self._keyed("WST", "MIL", described.noun, False, described.plural, token),)
            if "WST" in self.names.countries:
                return (self._keyed("WST", sector, described.noun, described.person, described.plural, token),)
        owners = self._homes.owners(token, described)
        if sector in INTERNATIONAL:
            owners = tuple(Owner(o.country or sector, None, None) for o in described.owners) or (
                Owner(sector, None, None),
            )
            sector = None
        if described.former and described.person:
            sector = "ELI"
        found = []
        for owner in dict.fromkeys(owners):
            own = sector or owner.sector
            if not guess and owner.country is None and own is None:
                continue
            of = owner.referent.name if owner.referent is not None and owner.country is None else ""
            noun = f"{of} {described.noun}".strip()
            found.append(self._keyed(owner.country, own, noun, described.person, described.plural, token))
        return tuple(found)

    def _owned_before(self, token: Token, described: Description) -> bool:
        return bool(nominals.owners_before(self.doc, described.first, token.i, self.look))

    def _says_coalition(self, token: Token, described: Description) -> bool:
        """'coalition forces', 'Coalition partners'."""
        return any(t.lower_ == "coalition" for t in self.doc[described.first : token.i])

    def _keyed(
        self, country: str | None, sector: str | None, noun: str, person: bool, plural: bool, token: Token | None = None
    ) -> Referent:
        """The referent of this country, sector and noun: made when first mentioned."""
        indefinite = token is not None and nominals.is_new(token)
        key = (country, sector, f"{noun} {token.i}" if indefinite and token is not None else noun)
        if key not in self._nominals:
            kind: Kind = "person" if person and not plural else "group" if plural else "office"
            name = noun if token is None else self.doc[nominals.name_start(token) : token.i + 1].text
            gender = None if plural else _GENDER_OF.get(noun.rpartition(" ")[2])
            self._nominals[key] = Referent(name, kind, country, sector, noun, gender, plural, nouns={noun})
            if indefinite:
                self._nominals[(country, sector, noun)] = self._nominals[key]
        return self._nominals[key]
