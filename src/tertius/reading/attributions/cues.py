"""Cue words: which words lay something in somebody's mouth, with what stance and force (cues.csv).

Frames say what a cue's content looks like: `c` a clause, `x` an infinitive, `g` a gerund, `o` its object, `q` a
quotation, `s` the sentence around it, and a preposition's own letters ('of', 'about', 'for') a phrase with it; `v` says
that the speaker vouches for what happens in the content whatever its form ('accused it of shelling').
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple, cast

from tertius.records import Force, Stance

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEGATIONS = frozenset(("not", "n't", "never", "no", "neither", "nor", "hardly", "scarcely", "none"))
LIGHT_VERBS = frozenset(("make", "express", "voice", "have", "issue", "give", "repeat", "share", "cast", "raise"))
COPULAS = frozenset(("be", "remain", "feel", "seem", "become"))
_REFUSALS = frozenset(("refuse", "decline", "fail", "stop", "avoid"))
_NEGATED: dict[Stance, Stance] = {"asserts": "doubts", "believes": "doubts", "denies": "asserts", "doubts": "believes"}


class Cue(NamedTuple):
    """What the table says of one cue word; `force` is weak, neutral or strong."""

    lemma: str
    pos: str
    stance: Stance
    force: Force
    frames: frozenset[str]


@lru_cache(maxsize=1)
def table() -> dict[tuple[str, str], Cue]:
    """All cues by lemma and coarse part of speech."""
    with resources.files(__package__).joinpath("cues.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {(row["lemma"], row["pos"]): _cue(row) for row in rows}


def _cue(row: dict[str, str]) -> Cue:
    stance = cast(Stance, row["stance"])
    return Cue(row["lemma"], row["pos"], stance, cast(Force, row["force"]), frozenset(row["frames"].split()))


def of(token: Token) -> Cue | None:
    """The table's entry for a word as it is used here, or None."""
    # At the top of a sentence 'suspects' is a verb that the tagger took for a plural.
    mistaken = token.tag_ == "NNS" and token.dep_ == "ROOT"
    pos = "VERB" if mistaken or token.pos_ == "AUX" else token.pos_
    lemma = token.lemma_.lower()
    # The lemmatizer makes 'hop' of 'hopes'.
    return table().get((lemma, pos)) or table().get((lemma + "e", pos))


def negated(token: Token) -> bool:
    """Whether the word is denied: 'did not say', 'no claim that', 'refused to confirm'."""
    if any(child.dep_ == "neg" or child.lower_ in _NEGATIONS for child in token.children):
        return True
    if token.dep_ == "xcomp" and token.head.lemma_ in _REFUSALS:
        return True
    copula = token.head
    return token.dep_ in ("acomp", "attr", "dobj") and any(child.dep_ == "neg" for child in copula.children)


def stance(token: Token) -> Stance:
    """The stance that a cue word gives its content, its negation counted; a word that is not in the table asserts."""
    known = of(_said_with(token)) or of(token)
    plain: Stance = known.stance if known else "asserts"
    return _NEGATED[plain] if negated(token) else plain


def force(token: Token) -> Force:
    """How firmly a cue word commits its speaker, or how far the writer keeps from it (weak: 'claimed', 'allegedly')."""
    known = of(_said_with(token)) or of(token)
    return known.force if known else "neutral"


def _said_with(token: Token) -> Token:
    """'expressed doubt', 'is sceptical': the word that tells the stance."""
    if token.lemma_ in LIGHT_VERBS | COPULAS:
        for child in token.children:
            if child.dep_ in ("dobj", "acomp", "attr") and of(child):
                return child
    return token
