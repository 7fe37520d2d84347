"""On whose word: the speaker of a draft as a resolved actor, or the words that the article has for somebody unnamed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from tertius.reading.attributions.drafts import runs, trim
from tertius.records import Participant, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from tertius.reading.actors import Cast

_LEFT = frozenset(("det", "compound", "amod", "poss", "nummod", "quantmod", "nmod", "advmod", "case"))
_DEFINITE = frozenset(("the", "this", "that", "his", "her", "their", "its", "our", "my"))
_MALE = frozenset(("he", "him", "his", "himself"))
_FEMALE = frozenset(("she", "her", "hers", "herself"))
_FIRST_PERSON = frozenset(("i", "we", "us", "me", "my", "our"))
LONGEST_NAME = 80  # code points; of a longer description only the noun with what stands before it is kept
NOBODY = Speaker(actor=None, name=None, country=None, sector=None, anonymous=True)


class Heard(NamedTuple):
    """A speaker, and whether a reader could tell that it is he."""

    speaker: Speaker
    certain: bool


@lru_cache(maxsize=1)
def faceless() -> frozenset[str]:
    """Common nouns, singular, for people whom news quotes without a name."""
    with resources.files(__package__).joinpath("faceless.csv").open(encoding="utf-8") as file:
        return frozenset(row["word"] for row in csv.DictReader(file))


def resolve(doc: Doc, cast: Cast, source: Sequence[int]) -> Heard:
    """Who the source words stand for. No source at all is nobody in particular: anonymous."""
    if not source:
        return Heard(NOBODY, True)
    head = head_of(doc, source)
    start, end = _phrase(doc, head, source)
    found = cast.participants(start, end)
    words = found[0].text
    if head.pos_ == "PRON" and head.lower_ not in ("one", "others", "everyone", "nobody", "many", "some", "few"):
        return _pronoun(cast, found, words)
    if unnamed(head):
        return Heard(_unnamed(doc, head, found, source), True)
    return Heard(_named(cast, found, words), True)


def first_person(doc: Doc, source: Sequence[int]) -> bool:
    """Whether the source is 'I' or 'we': the speaker of the words around it."""
    return len(source) == 1 and doc[source[0]].lower_ in _FIRST_PERSON


def head_of(doc: Doc, words: Sequence[int]) -> Token:
    """The highest word of a phrase; for 'the mayor, Hana Suleiman' the name, which says more."""
    inside = set(words)
    tops = [doc[i] for i in words if doc[i].head.i not in inside or doc[i].head.i == i]
    head = next((top for top in tops if top.pos_ in ("PROPN", "NOUN", "PRON")), tops[0] if tops else doc[words[0]])
    if head.pos_ == "NOUN":
        name = next((c for c in head.children if c.dep_ == "appos" and c.pos_ == "PROPN" and c.i in inside), None)
        return name or head
    return head


def unnamed(head: Token) -> bool:
    """'officials', 'a senior diplomat', 'two people close to the talks'; not 'the minister' and not 'the officials'."""
    if head.pos_ not in ("NOUN", "PRON", "ADJ", "DET") or head.lemma_.lower() not in faceless():
        return head.lower_ in ("some", "many", "others", "few")
    return not any(child.dep_ in ("det", "poss") and child.lower_ in _DEFINITE for child in head.children)


def _phrase(doc: Doc, head: Token, source: Sequence[int]) -> tuple[int, int]:
    inside = set(source)
    first = head.i
    for child in head.children:
        if child.i < head.i and child.dep_ in _LEFT and child.left_edge.i in inside:
            first = min(first, child.left_edge.i)
    return doc[first].idx, head.idx + len(head)


def _pronoun(cast: Cast, found: Sequence[Participant], words: str) -> Heard:
    known = [one for one in found if one.actor is not None]
    if not known:
        return Heard(Speaker(actor=None, name=words, country=None, sector=None, anonymous=False), False)
    return Heard(_named(cast, known, words), True)


def _unnamed(doc: Doc, head: Token, found: Sequence[Participant], source: Sequence[int]) -> Speaker:
    country, sector = _common(found)
    aside = {word.i for child in head.children if child.dep_ == "relcl" for word in child.subtree}
    start, end = next(runs(doc, trim(doc, (i for i in source if i not in aside))), _phrase(doc, head, source))
    if end - start > LONGEST_NAME:
        start, end = _phrase(doc, head, source)
    span = doc.char_span(start, end)
    words = span.text if span is not None else head.text
    return Speaker(actor=None, name=words, country=country, sector=sector, anonymous=True)


def _named(cast: Cast, found: Sequence[Participant], words: str) -> Speaker:
    ids = {one.actor for one in found}
    country, sector = _common(found)
    if len(ids) == 1 and None not in ids:
        actor = next((one for one in cast.actors if one.id in ids), None)
        if actor is not None:
            return Speaker(
                actor=actor.id,
                name=actor.name,
                country=country or actor.country,
                sector=sector or actor.sector,
                anonymous=False,
            )
    return Speaker(actor=None, name=words, country=country, sector=sector, anonymous=False)


def _common(found: Sequence[Participant]) -> tuple[str | None, str | None]:
    countries = {one.country for one in found}
    sectors = {one.sector for one in found}
    return (countries.pop() if len(countries) == 1 else None), (sectors.pop() if len(sectors) == 1 else None)


def may_be(doc: Doc, cast: Cast, source: Sequence[int], speaker: Speaker) -> bool:
    """Whether 'he' or 'she' may stand for a speaker: a person whom no pronoun has shown to be of the other sex."""
    pronoun = doc[source[0]].lower_
    if pronoun not in ("he", "she"):
        return True
    actor = next((one for one in cast.actors if one.id == speaker.actor), None)
    if actor is None or actor.kind != "person":
        return False
    other = _FEMALE if pronoun == "he" else _MALE
    return not any(mention.text.lower() in other for mention in actor.mentions)
