"""Does the verb that governs a word look back or ahead? Read from the parse; it decides which Friday 'on Friday' is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.reading.times.calendar import Side
from tertius.reading.times.clauses import words

if TYPE_CHECKING:
    from spacy.tokens import Token


def side_of(token: Token) -> Side | None:
    """'past' or 'future' as the nearest governing verb or preposition says, None where nothing tells."""
    here = token
    while here.head.i != here.i:
        found = _hint(here)
        if found:
            return found
        here = here.head
        if here.pos_ in ("VERB", "AUX"):
            break
    return _hint(here) or verb_side(here)


def _hint(token: Token) -> Side | None:
    """What prepositions and adjectives on the way to the verb say: 'ahead of Sunday', 'Friday's planned vote'."""
    word = token.lower_
    if token.dep_ in ("prep", "advmod", "mark", "pcomp") and word in ("ahead", "until", "till"):
        return "future" if word == "ahead" else None
    if token.dep_ in ("prep", "mark") and word in ("after", "following", "since"):
        return "past"
    if token.pos_ == "NOUN" and any(child.lower_ in words("upcoming") for child in token.lefts):
        return "future"
    return None


def verb_side(verb: Token) -> Side | None:
    """The side of a verb form together with its auxiliaries."""
    helpers = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    forms = {child.lower_ for child in helpers}
    if forms & words("future"):
        return "future"
    if forms & words("modals"):
        return "past" if forms & {"have", "'ve", "’ve"} else "future"
    if _is_infinitive(verb):
        return "past" if "have" in forms else _infinitive_side(verb)
    if (
        verb.lemma_.lower() in words("scheduled")
        and verb.tag_ in ("VBN", "JJ", "VBD", "IN")
        and _is_passive(verb, forms)
    ):
        return "future"
    if verb.tag_ == "VBD" or any(child.tag_ == "VBD" for child in helpers):
        return _after_be(verb) or "past"
    if forms & {"has", "have", "'ve", "’ve", "had", "having"}:
        return "past"
    return _bare_side(verb, alone=not forms)


def _is_passive(verb: Token, forms: set[str]) -> bool:
    copula = verb.head.lemma_ == "be" and verb.dep_ in ("acomp", "attr")
    return copula or bool(forms & {"is", "are", "was", "were", "been", "be"}) or (not forms and verb.dep_ != "ROOT")


def _after_be(verb: Token) -> Side | None:
    """'was due to arrive', 'is to address': be with something still to come."""
    if verb.lemma_ != "be":
        return None
    ahead = any(child.lemma_.lower() in words("scheduled") or _is_infinitive(child) for child in verb.rights)
    return "future" if ahead else None


def _is_infinitive(verb: Token) -> bool:
    return any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.lefts)


def _bare_side(verb: Token, *, alone: bool) -> Side | None:
    if verb.tag_ == "VB":
        return "future"
    if verb.tag_ == "VBN":
        return "past"
    if verb.tag_ == "VBG" and alone:
        return side_of(verb) if verb.head.i != verb.i else None
    if verb.tag_ in ("VBP", "VBZ", "VBG"):
        return "past" if verb.lemma_.lower() in words("reporting") else "future"
    return None


def _infinitive_side(verb: Token) -> Side | None:
    """'to meet on Friday' looks ahead, but not after 'failed' and not as the purpose of something done."""
    matrix = verb.head
    passive = any(child.dep_ == "auxpass" for child in verb.lefts)
    if (verb.dep_ == "advcl" and not passive) or matrix.lemma_.lower() in words("implicative"):
        return verb_side(matrix) if matrix.i != verb.i and matrix.pos_ in ("VERB", "AUX") else "future"
    return "future"


def promised_side(token: Token) -> Side | None:
    """'promised elections in October': a month beside the object of a promise lies ahead."""
    preposition = token.head if token.head.dep_ == "prep" else token
    before = token.doc[max(preposition.i - 1, 0)]
    holder = before.head
    if before.dep_ in ("dobj", "pobj") and holder.dep_ == "prep":
        holder = holder.head
    promised = before.pos_ == "NOUN" and before.dep_ in ("dobj", "pobj") and holder.lemma_.lower() in words("promising")
    return "future" if promised and preposition.lower_ in ("in", "for") else None
