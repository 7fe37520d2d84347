"""Which words of an article are names of places?

Names that spaCy takes for places, names behind 'in' and 'near', datelines, names with their state beside them, places
within longer names ('the Laurel County Sheriff's Office'); and then the same names again wherever they stand. What
names a person, or is a known organisation as a whole, is no place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.places.vocabulary import abbreviations, candidates, is_alias, larger, words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from tertius.reading.actors import Cast
    from tertius.world.gazetteer import Place as Candidate

TOPONYM_LABELS = {"GPE", "LOC", "FAC"}
NEVER_LABELS = {"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY", "NORP", "LANGUAGE", "LAW"}
NAMING_LABELS = {"ORG", "FAC", "GPE", "LOC", "EVENT", "PRODUCT", "WORK_OF_ART"}  # may hold the name of a place
PLACE_ONLY = frozenset({"in", "at", "near", "outside", "around", "inside", "to"})  # what no man stands after, as a rule
LOCATIVES = PLACE_ONLY | {"from", "across", "within", "toward", "towards", "throughout", "via", "of", "for"}
DIRECTIONS = frozenset(
    {"northern", "southern", "eastern", "western", "central", "downtown", "greater"}
    | {"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest"}
)
LONGEST = 4  # words of a name that spaCy has not found as one
LONGEST_WITHIN = 6  # the same, within another name
ACRONYM = 5  # letters; a word of capitals no longer than that is hardly a town
LARGE = 100_000  # people of a city that is meant without further reason
SMALLEST = 1_000  # people of a place for which a name is read longer than spaCy reads it
# 'ROSWELL - ', 'HURRICANE, W.Va. (AP) -- ' at the start of a line or behind the headline
DATELINE = re.compile(
    r"(?:^|[.?!] ?|\n)([A-Z][A-Z.'’]{2,20}(?: [A-Z][A-Z.'’]{1,20}){0,2})"  # town
    r"(?=(?:, ?[A-Z][\w. ]{1,20})?(?: ?\([^)\n]{2,30}\))? ?(?:--|[-–—]) )"  # state, agency, dash
)


class Toponym(NamedTuple):
    """A name that may be a place: tokens first to last (included), and all places of that name.

    `inside` says that it is part of a longer name, which is no place: 'London' in 'the London School Board'.
    """

    first: int
    last: int
    name: str
    candidates: tuple[Candidate, ...]
    inside: bool = False


def find(doc: Doc, cast: Cast) -> list[Toponym]:
    """Every name of the article that may be a place, in order, none overlapping another."""
    return _Finder(doc, cast).found()


class _Finder:
    def __init__(self, doc: Doc, cast: Cast) -> None:
        self.doc = doc
        self.firm, self.soft = _people(doc, cast)
        self.known = _known_as_a_whole(doc, cast)
        self.covered: set[int] = set()
        self.toponyms: list[Toponym] = []

    def found(self) -> list[Toponym]:
        taken = self.firm | self.soft
        for first, end in self._datelines():
            self._add(_fitting(self.doc, first, end, dateline=True), self.firm)
        for first, end in self._named_places():
            self._add(self._longest(first, end), taken)
        never = taken | {t.i for t in self.doc if t.ent_type_ in NEVER_LABELS}
        for first, end in self._after_locatives(never | self.covered):
            self._add(self._longest(first, end), never)
        for first, end in self._states_beside():
            self._add(_fitting(self.doc, first, end), self.firm)
        names = {toponym.name.casefold() for toponym in self.toponyms}
        for toponym in self._within(names):
            self._add(toponym, self.firm)
        for first, end in self._named_again(names):
            self._add(self._longest(first, end), self.firm)
        return sorted(self.toponyms)

    def _add(self, toponym: Toponym | None, taken: set[int]) -> None:
        if toponym is None:
            return
        tokens = set(range(toponym.first, toponym.last + 1))
        known = tokens <= self.known and not any(place.kind == "country" for place in toponym.candidates)
        if tokens.isdisjoint(self.covered) and tokens.isdisjoint(taken) and not known:
            self.toponyms.append(toponym)
            self.covered |= tokens

    def _datelines(self) -> Iterator[tuple[int, int]]:
        for found in DATELINE.finditer(self.doc.text):
            span = self.doc.char_span(*found.span(1), alignment_mode="contract")
            if span is not None:
                yield span.start, span.end

    def _named_places(self) -> Iterator[tuple[int, int]]:
        for ent in self.doc.ents:
            if ent.label_ in TOPONYM_LABELS:
                yield from _parts(ent)

    def _after_locatives(self, covered: set[int]) -> Iterator[tuple[int, int]]:
        """Capitalised words after 'in', 'near' ... that spaCy took for something else, or for nothing."""
        doc, i = self.doc, 0
        while i < len(doc) - 1:
            end = i + 1
            if doc[i].lower_ in LOCATIVES and not doc[i].ent_type_:
                while end < len(doc) and end - i <= LONGEST and end not in covered and _proper(doc[end]):
                    end += 1
                person = end > i + 1 and doc[i + 1].ent_type_ == "PERSON" and doc[i].lower_ not in PLACE_ONLY
                if end > i + 1 and not person:
                    yield i + 1, end
            i = end

    def _states_beside(self) -> Iterator[tuple[int, int]]:
        """'Salem, Ore.': the town and the state, whatever spaCy takes them for."""
        for token in self.doc[1:-1]:
            state = self.doc[token.i + 1]
            if state.text in abbreviations() and token.text in {",", "-"}:
                yield state.i, state.i + 1
            if token.text != "," or not larger(state.text):
                continue
            first = token.i
            while first and token.i - first < LONGEST and _proper(self.doc[first - 1], 1):
                first -= 1
            for start in range(first, token.i):
                if candidates(self.doc[start : token.i].text):
                    yield start, token.i
                    break

    def _within(self, names: set[str]) -> Iterator[Toponym]:
        """Places that are part of a longer name: 'Butler County' in 'the Butler County Sheriff's Office'."""
        for ent in self.doc.ents:
            if ent.label_ not in NAMING_LABELS:
                continue
            i = ent.start
            while i < ent.end:
                part = self._prominent(i, ent, names)
                if part is not None:
                    yield part
                i = part.last + 1 if part else i + 1

    def _prominent(self, first: int, ent: Span, names: set[str]) -> Toponym | None:
        for end in range(min(ent.end, first + LONGEST_WITHIN), first, -1):
            toponym = _fitting(self.doc, first, end)
            if toponym is None or toponym.first != first:
                continue
            named = toponym.name.casefold() in names
            man = not self.soft.isdisjoint(range(first, toponym.last + 1))
            if named or self._is_prominent(toponym, man or ent.label_ in TOPONYM_LABELS):
                return toponym._replace(inside=toponym.last + 1 < ent.end or first > ent.start)
        return None

    def _is_prominent(self, toponym: Toponym, doubtful: bool) -> bool:
        """Whether a name in a longer one is a place; in doubt ('Paris Hilton') an institution must follow."""
        after = self.doc[toponym.last + 1].lower_ if toponym.last + 1 < len(self.doc) else ""
        institution = after in words("institution")
        division = toponym.name.split()[-1].lower() in words("division")
        if doubtful and not (institution or division):
            return False
        return any(
            place.kind in {"country", "admin1"}
            or (place.kind == "admin2" and division)
            or place.population >= LARGE
            or (institution and place.kind in {"city", "admin2"})
            for place in toponym.candidates[:3]
            if not is_alias(toponym.name, place)
        )

    def _named_again(self, names: set[str]) -> Iterator[tuple[int, int]]:
        """The same name wherever else it stands; 'the Gainesville mayor', 'the town of Garissa'; what joins a place."""
        for token in self.doc:
            if token.i in self.covered or not token.text[:1].isupper() or token.pos_ not in {"PROPN", "ADJ", "NOUN"}:
                continue
            if token.text.casefold() in names or self._said_to_be_a_place(token) or self._is_a_country(token):
                yield token.i, token.i + 1
            elif token.dep_ == "conj" and token.head.i in self.covered and token.pos_ == "PROPN":
                ents = [e for e in self.doc[token.i : token.i + 1].ents if e.label_ in {"PERSON", "ORG", "NORP"}]
                yield (ents[0].start, ents[0].end) if ents else (token.i, token.i + 1)

    def _said_to_be_a_place(self, token: Token) -> bool:
        doc, i = self.doc, token.i
        after = doc[i + 1].lower_ if i + 1 < len(doc) else ""
        kind = doc[i - 2].lower_ if i > 1 and doc[i - 1].lower_ == "of" else ""
        if after in words("division") or kind in words("division") | words("settlement"):
            return True
        return i in self.soft and after in words("institution")

    def _is_a_country(self, token: Token) -> bool:
        """A country's name that spaCy overlooked, unless somebody in the article is called so ('Jordan')."""
        known = candidates(token.text) if token.i not in self.soft and token.pos_ == "PROPN" else ()
        return bool(known) and known[0].kind == "country" and (len(token) >= ACRONYM or token.text.isupper())

    def _longest(self, first: int, end: int) -> Toponym | None:
        """The name as spaCy has it, or longer where the gazetteer knows the longer one: 'Rock Hill' for 'Rock'."""
        doc = self.doc
        for start in (first - 1, first):
            for stop in (end + 2, end + 1, end):
                if (start, stop) == (first, end) or start < 0 or stop > len(doc):
                    continue
                if not self._extends(start, first) or not self._extends(end, stop):
                    continue
                longer = _fitting(doc, start, stop)
                if longer and (longer.first, longer.last + 1) == (start, stop) and _big(longer):
                    return longer
        return _fitting(doc, first, end)

    def _extends(self, start: int, stop: int) -> bool:
        tokens = self.doc[start:stop]
        return all(
            (t.text[:1].isupper() and t.pos_ == "PROPN" and t.i not in self.firm and t.i not in self.covered)
            or t.text == "-"
            for t in tokens
        )


def _big(toponym: Toponym) -> bool:
    place = toponym.candidates[0]
    return place.population >= SMALLEST and not is_alias(toponym.name, place)


def _parts(ent: Span) -> Iterator[tuple[int, int]]:
    """A name in the parts that commas make of it."""
    start = ent.start
    for token in ent:
        if token.text == ",":
            if token.i > start:
                yield start, token.i
            start = token.i + 1
    if start < ent.end:
        yield start, ent.end


def _proper(token: Token, longer_than: int = 2) -> bool:
    return token.pos_ == "PROPN" and token.text[:1].isupper() and len(token) > longer_than


def _people(doc: Doc, cast: Cast) -> tuple[set[int], set[int]]:
    """Tokens that name people, firmly or not: 'Jordan' the man is no country. A bare name after 'in' is no man."""
    people = {a.id: a for a in cast.actors if a.kind == "person"}
    phrases = [p for p in cast.phrases if p.kind == "name" and p.actors and p.actors[0] in people]
    spans = [(p, doc.char_span(p.start, p.end, alignment_mode="contract")) for p in phrases]
    surnames = {span[-1].text for _, span in spans if span is not None and len(span) > 1}
    firm: set[int] = set()
    soft: set[int] = set()
    for phrase, span in spans:
        if span is None:
            continue
        person = people[phrase.actors[0]]
        introduced = bool(person.role) or person.known_as == "world"
        if introduced or not (span.start and doc[span.start - 1].lower_ in PLACE_ONLY):
            sure = introduced or len(span) > 1 or span.text in surnames
            (firm if sure else soft).update(range(span.start, span.end))
    return firm, soft


def _known_as_a_whole(doc: Doc, cast: Cast) -> set[int]:
    """Tokens of names of organisations and offices that the world tables know: 'Hamas', 'the White House'."""
    known = {a.id for a in cast.actors if a.known_as == "world" and a.kind in {"organisation", "group", "office"}}
    tokens: set[int] = set()
    for phrase in cast.phrases:
        if phrase.kind == "name" and phrase.actors and phrase.actors[0] in known:
            span = doc.char_span(phrase.start, phrase.end, alignment_mode="contract")
            metonym = span is None or (len(span) == 1 and span[0].ent_type_ in {"GPE", "LOC"} and _metonym(span.text))
            if span is not None and not metonym:
                tokens |= set(range(span.start, span.end))
    return tokens


def _metonym(name: str) -> bool:
    """A place that stands for who sits there."""
    return any(not is_alias(name, place) and place.population >= LARGE for place in candidates(name)[:1])


def _fitting(doc: Doc, start: int, end: int, dateline: bool = False) -> Toponym | None:
    """A name that the gazetteer knows: without 'the', a possessive, a direction before it."""
    while start < end and doc[start].lower_ in {"the", "'s", "’s"}:
        start += 1
    while start < end and (doc[end - 1].lower_ in {"'s", "’s"} or doc[end - 1].is_punct):
        end -= 1
    for first in (start, start + 1) if start < end and doc[start].lower_ in DIRECTIONS else (start,):
        name = doc[first:end].text if first < end else ""
        known = candidates(name) if name[:1].isupper() else ()
        known = known if dateline else _credible(name, known)
        if known and name.lower() not in DIRECTIONS:
            return Toponym(first, end - 1, name, known)
    return None


def _credible(name: str, known: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Without the towns for a word of a few capitals ('HIV', 'SEC') and for an ordinary word ('Church')."""
    if name.lower() in words("ordinary") or (name.isupper() and len(name) <= ACRONYM and name.isalpha()):
        return tuple(place for place in known if place.kind in {"country", "region"} or _initials(name, place))
    return known


def _initials(name: str, place: Candidate) -> bool:
    """'NSW' for New South Wales."""
    return place.kind == "admin1" and name.isupper() and name.lower() not in words("ordinary")
