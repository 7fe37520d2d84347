"""What a figure measures and how it changed, read from the clause around it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tertius.reading.figures import numbers
from tertius.reading.figures.numbers import one_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_AWAY = re.compile(r"\s(?i:away|from|off|north|south|east|west|inside|short\sof|beyond)\b")
_TOLL = re.compile(r"\b(?i:death\stoll)\b[^.;\n]{0,60}$")
LONGEST_MEASURE = 6  # words
_DISTANCES = frozenset(["km", "mi", "m"])


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in numbers.table()["measures"].items()}


def _measure_words(name: str) -> frozenset[str]:
    return _lists()[name]


# --- what happened to people ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _fates() -> dict[str, str]:
    return {lemma: fate for fate, lemmas in numbers.table()["fates"].items() for lemma in lemmas}


@lru_cache(maxsize=1)
def fate_words() -> frozenset[str]:
    """Forms of the verbs of harm, detention and release."""
    lemmas = _fates()
    forms = {lemma.rstrip("e") + end for lemma in lemmas for end in ("ed", "ing", "es")}
    return frozenset(
        forms | set(lemmas) | {"slain", "slew", "hanged", "kidnapped", "expelled", "held", "freed", "dead", "died"}
    )


def fate(token: Token) -> str | None:
    """'killed', 'wounded', 'detained' ... where the governing verb or a word beside says so."""
    for child in token.rights:
        if child.dep_ in ("acl", "amod") and child.lemma_.lower() in _fates():
            return _fates()[child.lemma_.lower()]
    here = token
    for _ in range(4):
        verb = here.head
        if verb.i == here.i:
            return None
        if verb.pos_ in ("VERB", "ADJ") or verb.tag_ in ("VBN", "VBD"):
            return _fate_of(here, verb)
        if here.dep_ not in ("conj", "nummod", "pobj", "prep", "appos", "compound"):
            return None
        here = verb
    return None


def _fate_of(argument: Token, verb: Token) -> str | None:
    """Objects and passive subjects suffer the verb; subjects only of 'die' and the like."""
    found = _fates().get(verb.lemma_.lower())
    passive = any(child.dep_ == "auxpass" for child in verb.lefts)
    if argument.dep_ == "nsubj" and not passive and verb.tag_ != "VBN":
        return found if found in ("died", "missing", "displaced") else None
    if argument.dep_ in ("dobj", "nsubjpass", "nsubj", "oprd", "ccomp", "conj", "nummod", "npadvmod"):
        return found
    return None


# --- measure -------------------------------------------------------------------------------------------------------


def measure(text: str, head: Token, end: int, kind: str, unit: str) -> str | None:
    """In a few words what is measured: 'bilateral trade', 'killed', 'population of the port', 'loan'."""
    if kind == "sentence":
        return "sentence"
    if kind == "people" and _TOLL.search(text, max(head.idx - 60, 0), head.idx):
        return "died"
    if kind in ("count", "people"):
        return (
            _beside_fate(head, end) or fate(head) or _population(head) or (_phrase(head) if kind == "count" else None)
        )
    if unit in _DISTANCES and _AWAY.match(text, end):
        return "distance"
    found = _of_what(head, end) or _modified(head, end) or _governor(head)
    return None if found in _measure_words("empty") else found


def _beside_fate(head: Token, end: int) -> str | None:
    """'five dead', 'two were arrested'."""
    words = [token.lemma_.lower() for token in head.doc[head.i : head.i + 4] if token.idx < end + 1]
    return next((_fates()[word] for word in words if word in _fates()), None)


def _phrase(noun: Token, start: int = 0) -> str | None:
    """A noun with its modifiers from `start` on, without articles, numbers and words of bounds."""
    words = [
        token for token in noun.lefts if token.dep_ in ("amod", "compound", "nmod", "poss") and token.pos_ != "NUM"
    ]
    spans = [piece for token in words for piece in token.subtree] + [noun]
    kept = [token for token in sorted(spans, key=lambda token: token.i) if not _is_number(token)]
    kept = [
        token
        for token in kept
        if token.lower_ not in _measure_words("determiners") and token.pos_ not in ("PUNCT", "PART")
    ]
    phrase = " ".join(_lowered(token) for token in kept[-LONGEST_MEASURE:] if token.idx >= start)
    return phrase if len(phrase) > 2 else None


def _is_number(token: Token) -> bool:
    words = numbers.table()
    counting = token.lower_ in words["scales"] or token.lower_ in words["vague"]
    return (
        token.like_num
        or counting
        or token.lower_ in _measure_words("bounds")
        or token.pos_ in ("NUM", "SYM")
        or token.text in "$€£¥-–"
    )


def _lowered(token: Token) -> str:
    """Names keep their capital; the first word of a sentence loses it."""
    return token.text if token.pos_ == "PROPN" or token.ent_type_ or not token.is_title else token.lower_


def _population(noun: Token) -> str | None:
    """'a port of 600,000 people': the people are the population of the place."""
    if noun.lower_ not in _measure_words("inhabitants") or noun.dep_ != "pobj" or noun.head.lower_ != "of":
        return None
    place = noun.head.head
    if place.lemma_.lower() == "population":
        return "population"
    if place.lemma_.lower() not in _measure_words("places"):
        return None
    named = place.head if place.dep_ in ("appos", "attr") else place
    subject = (
        next((child for child in named.children if child.dep_ == "nsubj"), named)
        if named.pos_ in ("AUX", "VERB")
        else named
    )
    return f"population of {_phrase(subject)}"


def _of_what(head: Token, end: int) -> str | None:
    """'$3 billion in aid', '43% of the vote'."""
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "in", "for") and child.idx >= end - 1:
            thing = next((token for token in child.rights if token.dep_ == "pobj"), None)
            if thing is not None and thing.pos_ in ("NOUN",) and not thing.ent_type_:
                return _phrase(thing)
    return None


def _modified(head: Token, end: int) -> str | None:
    """'the $2 billion loan'."""
    noun = head.head
    if noun.lower_ == "worth":
        return _of_what(noun, end)
    modifies = head.dep_ in ("compound", "nmod", "nummod", "amod", "quantmod") and noun.idx >= end
    return _phrase(noun, end) if modifies and noun.pos_ in ("NOUN", "PROPN") else None


def _governor(head: Token) -> str | None:
    """'trade of $5bn' (the noun), 'exports fell to' (the subject), 'pledged £20m' (the verb)."""
    here = head.head
    while (
        here.dep_ in ("prep", "pcomp", "quantmod", "conj")
        and here.head.i != here.i
        and here.pos_ not in ("VERB", "NOUN")
    ):
        here = here.head
    if here.pos_ == "NOUN" and here.i != head.i and head.dep_ != "conj":
        return _phrase(here)
    if here.pos_ not in ("VERB", "AUX"):
        return None
    reaches = here.lower_ in _change_words() or here.lemma_.lower() in _measure_words("reaching")
    if head.dep_ == "dobj" and not reaches:
        return here.lower_
    subject = next((child for child in here.children if child.dep_ in ("nsubj", "nsubjpass")), None)
    return _phrase(subject) if subject is not None and subject.pos_ == "NOUN" else None


# --- change ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _change_words() -> frozenset[str]:
    return frozenset(numbers.table()["changes"]["verbs"])


@lru_cache(maxsize=1)
def _change_left() -> re.Pattern[str]:
    return re.compile(
        rf"((?:(?i:more\sthan|nearly|almost|roughly|about|sharply|over)\s)?\b(?i:{one_of(_change_words())})\b"
        r"(?:\s(?:(?i:by|more\sthan|nearly|almost|about|around|some|roughly|over|at\sleast)\s)*"
        r"(?:(?i:a\s(?:third|quarter|half|fifth|tenth)|half|two[\s-]thirds|sharply|slightly|steadily|fivefold|tenfold|further|back)"
        r"|[\w.,]{1,9}(?:%|\s(?i:per\s?cent|percentage\spoints))))?)"
        r"((?:\s(?i:to|by|from|at|around|about|of|some|nearly|almost|roughly|more\sthan|less\sthan|just|over|under|only|an?|as\smuch\sas|up\sto|at\sleast|between|staggering|record))*)\s$"
    )


def change(text: str, sentence: int, start: int, unit: str) -> str | None:
    """The words before a figure that say how it came about: 'more than doubled' before 'to $31 million'.

    Without 'to' or 'by' between them ('lost 40 tanks') only shares of a whole are changes ('rose 5%').
    """
    match = _change_left().search(text, max(start - 90, sentence), start)
    if not match:
        return None
    links = set(match[2].lower().split())
    adverb = match[1].lower() in ("up", "down")
    linked = bool(links & {"to", "by", "from"}) and not (
        adverb and not links & {"by", "from"} and match[1].lower() == "up"
    )
    return match[1] if linked or unit in ("%", "percentage points", "basis points") else None
