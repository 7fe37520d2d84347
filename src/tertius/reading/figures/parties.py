"""Between whom is a figure? The actors in its noun phrase and around its verb; few rather than wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tertius.reading.actors import Cast, Phrase

_MUTUAL = frozenset(["bilateral", "mutual", "two-way", "cross-border"])
_PARTNERS = frozenset(["with", "to", "from", "against", "between", "by", "for"])


def between(cast: Cast, text: str, head: Token, start: int, measured: str | None) -> tuple[str, ...]:
    """Ids of the actors that the figure is about: those in its noun phrase, and the subject and objects of its verb.

    One actor for each country, the first named. 'Bilateral' figures that name fewer than two take the countries that
    the paragraph speaks of most.
    """
    actors = {actor.id: actor for actor in cast.actors}
    found: dict[str, str] = {}
    for phrase in _phrases_about(cast, head, start):
        for name in phrase.actors:
            if name in actors:
                found.setdefault(actors[name].country or name, name)
    if measured and measured.split()[0].lower() in _MUTUAL and len(found) < 2:
        return _most_spoken_of(cast, text, start)
    return tuple(found.values())


def _phrases_about(cast: Cast, head: Token, start: int) -> list[Phrase]:
    low, high = min(start, head.left_edge.idx), _noun_phrase_end(head)
    arguments = {token.i for token in _arguments(head)}
    arguments |= {part.i for token in _arguments(head) if token.pos_ == "NOUN" for part in _parts(token)}
    return [
        phrase
        for phrase in cast.phrases
        if phrase.kind != "pronoun" and ((low <= phrase.start and phrase.end <= high) or phrase.head in arguments)
    ]


def _parts(noun: Token) -> list[Token]:
    """The names within a noun phrase: 'trade between France and Italy', 'Russian exports to China'."""
    found = [child for child in noun.children if child.dep_ in ("poss", "amod", "compound", "nmod")]
    for preposition in noun.rights:
        if preposition.dep_ == "prep" and preposition.lower_ in _PARTNERS:
            partners = [token for token in preposition.rights if token.dep_ == "pobj"]
            found += partners + [token for partner in partners for token in partner.conjuncts]
    return found


def _noun_phrase_end(head: Token) -> int:
    """Where the noun phrase ends, without what is joined to it by 'and'."""
    joined = [child.left_edge.idx for child in head.rights if child.dep_ in ("conj", "cc")]
    last = head.right_edge
    return min([last.idx + len(last.text), *joined])


def _arguments(head: Token) -> list[Token]:
    """Subject, objects and partners of the verb that a figure hangs on."""
    verb = head
    while verb.head.i != verb.i and verb.pos_ not in ("VERB", "AUX"):
        if verb.dep_ in ("relcl", "acl", "conj", "appos"):
            return []
        verb = verb.head
    found = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "dobj", "dative")]
    partners = [child for child in verb.rights if child.dep_ in ("prep", "agent") and child.lower_ in _PARTNERS]
    return found + [token for partner in partners for token in partner.rights if token.dep_ == "pobj"]


def _most_spoken_of(cast: Cast, text: str, start: int) -> tuple[str, ...]:
    """The two countries named most in the paragraph up to the figure; in the whole article where that is even."""
    paragraph = text.rfind("\n", 0, start) + 1
    counts: dict[str, tuple[int, int]] = {}
    names: dict[str, str] = {}
    for actor in cast.actors:
        if not actor.country:
            continue
        near = sum(paragraph <= mention.start < start for mention in actor.mentions)
        here, everywhere = counts.get(actor.country, (0, 0))
        counts[actor.country] = (here + near, everywhere + len(actor.mentions))
        if actor.kind == "state" or actor.country not in names:
            names[actor.country] = actor.id
    spoken = sorted(
        (country for country in counts if counts[country][0]), key=lambda country: counts[country], reverse=True
    )
    return tuple(names[country] for country in spoken[:2]) if len(spoken) > 1 else ()
