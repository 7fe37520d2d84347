"""Which words of a sentence belong to the clause of an event: the parse, read upwards from the event.

`ladder` gives the words whose dates are also the event's own: its verb, the verb that it is the object of, the verb
that it completes ('agreed on Monday to meet'). It stops where another clause with a time of its own begins.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_OCCASIONS = frozenset(["in", "during", "at"])  # 'In a visit on 1 May Macron criticised': one occasion, one date
HIGHEST = 6  # steps upwards; no sentence of news needs more


class Rung(NamedTuple):
    """A word whose dates the event shares, and how far it is from the event."""

    token: Token
    steps: int


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads(Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def words(name: str) -> frozenset[str]:
    """A list of clauses.toml."""
    return _words()[name]


def root_of(doc: Doc, start: int, end: int) -> Token | None:
    """The token between two code points that the others there hang on; the widest one if they hang apart."""
    span = doc.char_span(start, end, alignment_mode="expand")
    return span.root if span is not None and len(span) else None


def words_between(doc: Doc, start: int, end: int) -> str:
    """The text from `start` to `end`, which lie on words; spaCy builds the text of a whole Doc anew at each call."""
    span = doc.char_span(start, end, alignment_mode="expand")
    return span.text[start - span.start_char : end - span.start_char] if span is not None else ""


def ladder(root: Token) -> list[Rung]:
    """The event's own word and those above it in the same clause."""
    rungs = [Rung(root, 0)]
    here, steps = root, 0
    for _ in range(HIGHEST):
        if here.head.i == here.i:
            break
        cost = _step_up(here, root)
        if cost is None:
            break
        here, steps = here.head, steps + cost
        rungs.append(Rung(here, steps))
    return rungs


def reaches_main_clause(root: Token) -> bool:
    """Does the event stand in the main clause of its sentence?"""
    top = ladder(root)[-1].token
    return top.head.i == top.i


def _step_up(token: Token, root: Token) -> int | None:
    """What it costs to share the dates of the word above, None where they are not shared."""
    dep, head = token.dep_, token.head
    if dep in ("xcomp", "dobj", "nsubj", "nsubjpass", "attr", "oprd", "dative", "acomp", "ROOT"):
        return _beside_verb(token, head)
    if dep in ("pobj", "agent"):
        return None if head.lower_ in words("apart") else 0
    if dep == "prep":
        return None if token.lower_ in words("apart") or head.pos_ not in ("VERB", "AUX") else 1
    if dep == "conj":
        return 1
    if dep in ("advcl", "pcomp"):
        return _adverbial(token)
    if dep == "ccomp":
        spoken = head.lemma_.lower() in words("speech") and _predicates(root)
        return 2 if spoken and _is_now(token, root) else None
    return None


def _beside_verb(token: Token, head: Token) -> int | None:
    """The object of an attitude ('condemned the attack') has a time of its own."""
    if token.dep_ == "xcomp":
        return 1
    if token.pos_ in ("NOUN", "PROPN") and head.lemma_.lower() in words("attitudes"):
        return None
    return 1


def _adverbial(token: Token) -> int | None:
    """Participles and 'as' clauses go with their verb; 'after', 'because' and 'if' clauses do not."""
    marks = [
        child.lower_
        for child in token.lefts
        if child.dep_ in ("mark", "advmod", "prep") and child.lower_ in words("apart")
    ]
    if marks or (token.dep_ == "pcomp" and token.head.lower_ not in ("by", "in", "with")):
        return None
    if token.dep_ == "pcomp":
        return 0
    subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in token.lefts)
    simultaneous = any(child.lower_ in ("as", "while", "when") for child in token.lefts)
    return 2 if simultaneous else None if subject else 1


def _predicates(root: Token) -> bool:
    """Is the event told by a verb or by what is said of a subject? Things only named within a quotation are older."""
    return root.pos_ in ("VERB", "AUX", "ADJ") or root.dep_ in ("attr", "acomp", "oprd")


def _is_now(token: Token, root: Token) -> bool:
    """Is what was said true at the moment of saying it? Then the date of saying is its date: threats, stances."""
    auxiliaries = {child.lower_ for child in token.lefts if child.dep_ in ("aux", "auxpass")}
    if auxiliaries & {"have", "had", "has", "'ve", "’ve"}:
        return False
    if auxiliaries & words("modals") or token.tag_ in ("VBZ", "VBP"):
        return True
    return token.lemma_.lower() in words("states") and token.i <= root.i


# --- from the side of the expression --------------------------------------------------------------------------------


def cost_between(expression: Token, rung: Rung, *, own: bool) -> int | None:
    """How far a date with the root `expression` is from a rung; None if it dates something else."""
    if rung.token.dep_ in ("relcl", "acl") and expression.i in (rung.token.head.i, rung.token.head.head.i):
        return 0  # 'in December, when he resigned'
    here, cost = expression, 0
    for _ in range(HIGHEST):
        head = here.head
        if head.i == here.i:
            return None
        cost += _down_cost(here, expression, rung, own=own) if head.i == rung.token.i else 1
        if head.i == rung.token.i:
            return cost if cost < 50 else None
        if not _passes(here, head, expression, rung, own=own):
            return None
        here = head
    return None


def _down_cost(here: Token, expression: Token, rung: Rung, *, own: bool) -> int:
    """The last link to the rung: dates inside a subject or another clause are not the rung's."""
    if here.i == expression.i:
        adjectival = here.dep_ in ("poss", "compound", "amod", "nmod", "nummod")
        return 99 if adjectival and not own else 0
    if here.dep_ in ("relcl", "acl"):
        return 1 if own and rung.token.pos_ in ("NOUN", "PROPN") else 99
    if here.dep_ in ("nsubj", "nsubjpass") and _lends_date(here) and expression.head.i == here.i:
        return 1 if expression.dep_ in ("prep", "npadvmod", "nmod", "appos") else 99
    if here.dep_ in ("nsubj", "nsubjpass", "ccomp", "advcl", "conj", "parataxis", "poss", "appos"):
        return 99
    return 0


def _lends_date(subject: Token) -> bool:
    """A name has no date: in 'Macron on Monday said' the verb has it, as in 'Talks on Monday failed'."""
    return subject.text[:1].isupper() or any(child.lower_ == "on" for child in subject.rights)


def _passes(here: Token, head: Token, expression: Token, rung: Rung, *, own: bool) -> bool:
    """May the way from the date to the rung lead through `head`? Through objects, not through clauses."""
    if here.dep_ in ("poss", "compound", "amod", "nmod", "nummod", "relcl", "acl", "appos", "ccomp", "advcl", "conj"):
        return False
    if head.dep_ in ("relcl", "acl"):
        return own
    if head.dep_ in ("xcomp", "prep", "pobj", "dobj", "attr", "agent", "npadvmod", "advmod", "dative", "oprd", "pcomp"):
        top = head.head if head.dep_ == "pobj" else head
        return (expression.i > rung.token.i or top.lower_ in _OCCASIONS) and top.lower_ not in words("apart")
    if head.dep_ in ("nsubj", "nsubjpass"):
        return _lends_date(head)
    return False
