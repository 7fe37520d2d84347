"""On whose word does it stand? Which attributions vouch for an act or a number inside their contents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from tertius.reading.attributions import cues
from tertius.reading.attributions.drafts import FINITE
from tertius.records import Attribution

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SAYING = frozenset("cqsv")
_AUXILIARIES = frozenset(("aux", "auxpass"))
CONTESTING = frozenset(("denies", "doubts"))


def around(said: Sequence[Attribution], start: int, end: int) -> tuple[Attribution, ...]:
    """Those whose content covers the code points from `start` to `end`, outermost first."""
    covering = [
        (sum(piece.end - piece.start for piece in one.content), -number, one)
        for number, one in enumerate(said)
        if any(piece.start <= start and end <= piece.end for piece in one.content)
    ]
    return tuple(one for _, _, one in sorted(covering, key=lambda row: row[:2], reverse=True))


def innermost(said: Sequence[Attribution], start: int, end: int) -> str | None:
    """Id of the innermost attribution whose content covers the code points from `start` to `end`; None: the writer."""
    covering = around(said, start, end)
    return covering[-1].id if covering else None


def vouchers(said: Sequence[Attribution], start: int, end: int, doers: Collection[str]) -> tuple[Attribution, ...]:
    """The attributions on whose word an act stands, outermost first; none: the writer's.

    `said` are the article's claims, `doers` the ids of the actors who act. Who speaks of his own act adds no other
    word to it, unless he denies or doubts it: 'We condemn the raid', said by the one who condemns, stands on the word
    of whoever reports that."""
    return tuple(one for one in around(said, start, end) if one.speaker.actor not in doers or one.stance in CONTESTING)


def voucher(said: Sequence[Attribution], start: int, end: int, doers: Collection[str]) -> str | None:
    """Id of the innermost of the `vouchers`; None: the writer's word."""
    found = vouchers(said, start, end, doers)
    return found[-1].id if found else None


def claims(doc: Doc, said: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Those whose speaker vouches for the acts in the content: 'said that it had left', not 'discussed leaving'.

    The cue is one of saying or believing, and the content a finite clause; after cues such as 'accuse', 'admit' and
    'deny' it may have any form ('accused it of shelling'). What stands in other contents (topics, wishes, decisions)
    is nobody's claim but the writer's."""
    return tuple(one for one in cited(doc, said) if _vouches(doc, one) or _is_clause(doc, one))


def cited(doc: Doc, said: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """Those whose speaker gives the numbers in the content, whatever its form: 'put the damage at $3 million'."""
    return tuple(one for one in said if _says(doc, one))


def _says(doc: Doc, one: Attribution) -> bool:
    plain = any(piece.text == ":" or piece.text.lower().startswith("according") for piece in one.cue)
    return plain or not one.cue or any(known.frames & _SAYING for known in _known(doc, one))


def _vouches(doc: Doc, one: Attribution) -> bool:
    passive = any(word.dep_ == "auxpass" for word in _words(doc, one))  # 'is thought to have left'
    return passive or any("v" in known.frames for known in _known(doc, one))


def _known(doc: Doc, one: Attribution) -> Iterator[cues.Cue]:
    return (known for word in _words(doc, one) if (known := cues.of(word)) is not None)


def _words(doc: Doc, one: Attribution) -> Iterator[Token]:
    spans = (doc.char_span(piece.start, piece.end, alignment_mode="expand") for piece in one.cue)
    return (word for span in spans if span is not None for word in span)


def _is_clause(doc: Doc, one: Attribution) -> bool:
    spans = [doc.char_span(piece.start, piece.end, alignment_mode="expand") for piece in one.content]
    inside = {word.i for span in spans if span is not None for word in span}
    tops = [doc[i] for i in inside if doc[i].head.i not in inside or doc[i].head.i == i]
    return any(_finite(top) or (_is_report(top) and any(_finite(doc[i]) for i in inside)) for top in tops)


def _is_report(noun: Token) -> bool:
    """'rejected claims that it had left': the claims have the content."""
    known = cues.of(noun) if noun.pos_ == "NOUN" else None
    return known is not None and "c" in known.frames


def _finite(word: Token) -> bool:
    helped = any(child.dep_ in _AUXILIARIES and child.tag_ in FINITE for child in word.children)
    return helped or word.tag_ in FINITE
